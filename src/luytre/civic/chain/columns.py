"""Which columns of a model are hashed, and how a value becomes one of the text. The same for SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any

from django.db import models

from luytre.civic.chain.text import Value, microseconds

OUTSIDE = frozenset({"previous", "digest"})
"""Columns that are not among a row's own: the link and the seal."""


class Kind(Enum):
    INTEGER = "integer"
    TRUTH = "truth"
    TEXT = "text"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Column:
    """One hashed column: its name in the database and in the text."""

    name: str
    attribute: str
    kind: Kind


@cache
def columns_of(model: type[models.Model]) -> tuple[Column, ...]:
    """The hashed columns: all but `OUTSIDE`. Errors: TypeError for a field that has no one way of being written."""
    return tuple(
        Column(str(field.column), field.attname, _kind(field))
        for field in model._meta.concrete_fields
        if field.name not in OUTSIDE
    )


def _kind(field: models.Field[Any, Any]) -> Kind:
    if isinstance(field, models.ForeignKey):
        return _kind(field.target_field)
    kinds: tuple[tuple[type[models.Field[Any, Any]], Kind], ...] = (
        (models.BooleanField, Kind.TRUTH),
        (models.IntegerField, Kind.INTEGER),
        (models.DateTimeField, Kind.MOMENT),
        (models.CharField, Kind.TEXT),
        (models.TextField, Kind.TEXT),
    )
    for known, kind in kinds:
        if isinstance(field, known):
            return kind
    raise TypeError(f"{field} cannot be a column of a chained table: integers, texts, moments and yes/no only")


def text_value(value: Any, kind: Kind) -> Value:
    """A value as the text has it. Errors: TypeError or ValueError for what the column cannot hold."""
    if value is None:
        return None
    if kind is Kind.MOMENT:
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise TypeError(f"a moment with its zone is needed: {value!r}")
        return microseconds(value)
    if kind is Kind.TEXT:
        return str(value)
    return bool(value) if kind is Kind.TRUTH else int(value)


def own_columns(row: models.Model) -> dict[str, Value]:
    """The columns of a row that are not empty."""
    pairs = ((column, text_value(getattr(row, column.attribute), column.kind)) for column in columns_of(type(row)))
    return without_empty(pairs)


def without_empty(pairs: Iterable[tuple[Column, Value]]) -> dict[str, Value]:
    return {column.name: value for column, value in pairs if value != ("" if column.kind is Kind.TEXT else None)}
