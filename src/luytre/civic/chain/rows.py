"""Rows as the database keeps them, to the byte: what the program would read in two ways alike is told apart here.

One statement reads a table, which is one moment of it on SQLite and PostgreSQL alike: nobody who writes is kept waiting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from luytre.civic.chain.columns import Column, Kind, columns_of
from luytre.civic.chain.models import ChainedModel
from luytre.civic.chain.text import Value, microseconds
from luytre.civic.chain.verify import Row

_AT_ONCE = 2000


def stored_rows(model: type[ChainedModel], up_to: int | None = None) -> Iterator[Row]:
    """Every row in the order of its number, at most `up_to`. Errors: django.db.Error."""
    columns = columns_of(model)
    quote, sqlite = connection.ops.quote_name, connection.vendor == "sqlite"
    # The + takes the column's type away, so that SQLite gives what it keeps and Django converts nothing.
    names = [("+" if sqlite else "") + quote(name) for name in ("seq", "previous", "digest", *(one.name for one in columns))]
    where = "" if up_to is None else f" WHERE seq <= {int(up_to)}"
    read = _reader(columns, sqlite)
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(names)} FROM {quote(model._meta.db_table)}{where} ORDER BY seq")
        while chunk := cursor.fetchmany(_AT_ONCE):
            yield from map(read, chunk)


def _reader(columns: Sequence[Column], sqlite: bool) -> Callable[[Sequence[Any]], Row]:
    """How a raw row becomes one to be proved; one whose values are not of their kind has no columns."""
    moments = _sqlite_moment if sqlite else _moment
    convert = {Kind.INTEGER: _integer, Kind.TEXT: _text, Kind.MOMENT: moments, Kind.TRUTH: _sqlite_truth if sqlite else _truth}
    plan = [(at, one.name, convert[one.kind], "" if one.kind is Kind.TEXT else None) for at, one in enumerate(columns, start=3)]

    def read(raw: Sequence[Any]) -> Row:
        seq = raw[0] if isinstance(raw[0], int) else 0
        found: dict[str, Value] = {}
        try:
            for at, name, kind, empty in plan:
                if (value := raw[at]) != empty:
                    found[name] = kind(value) if value is not None else None
        except (ValueError, TypeError, OverflowError):
            return Row(seq, str(raw[1]), str(raw[2]), None)
        return Row(seq, str(raw[1]), str(raw[2]), found)

    return read


def _integer(value: object) -> Value:
    if type(value) is int:
        return value
    raise TypeError(value)


def _text(value: object) -> Value:
    if type(value) is str:
        return value
    raise TypeError(value)


def _truth(value: object) -> Value:
    if type(value) is bool:
        return value
    raise TypeError(value)


def _sqlite_truth(value: object) -> Value:
    if value in (0, 1) and type(value) is int:
        return bool(value)
    raise TypeError(value)


def _moment(value: object) -> Value:
    if isinstance(value, datetime):
        return microseconds(value)
    raise TypeError(value)


def _sqlite_moment(value: object) -> Value:
    """`2026-11-24 07:05:00.123456`, UTC, and written in no other way."""
    if type(value) is not str:
        raise TypeError(value)
    found = datetime.fromisoformat(value)
    if found.isoformat(" ") != value or found.tzinfo is not None:
        raise ValueError(value)
    return microseconds(found.replace(tzinfo=UTC))
