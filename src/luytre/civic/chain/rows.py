"""Rows as the database keeps them, to the byte: what the program would read in two ways alike is told apart here.

One statement reads a table, which is one moment of it on SQLite and PostgreSQL alike: nobody who writes is kept waiting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from luytre.civic.chain.columns import Column, Kind, columns_of
from luytre.civic.chain.models import ChainedModel
from luytre.civic.chain.text import Value, microseconds
from luytre.civic.chain.verify import Row

_AT_ONCE = 2000
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 as SQLite keeps moments: UTC, and no word of it
_MICROSECOND = timedelta(microseconds=1)


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
    kept: dict[Kind, tuple[type, Callable[[Any], Value] | None]] = {
        Kind.INTEGER: (int, None),
        Kind.TEXT: (str, None),
        Kind.MOMENT: (str, _sqlite_moment) if sqlite else (datetime, microseconds),
        Kind.TRUTH: (int, _sqlite_truth) if sqlite else (bool, None),
    }
    plan = [(at, one.name, *kept[one.kind], one.kind is Kind.TEXT) for at, one in enumerate(columns, start=3)]

    def read(raw: Sequence[Any]) -> Row:
        seq = raw[0] if isinstance(raw[0], int) else 0
        found: dict[str, Value] = {}
        for at, name, expected, convert, is_text in plan:
            value = raw[at]
            if value is None:
                if is_text:
                    found[name] = None
                continue
            try:
                if type(value) is not expected:
                    raise TypeError(value)
                if convert is not None:
                    value = convert(value)
            except (ValueError, TypeError, OverflowError):
                return Row(seq, str(raw[1]), str(raw[2]), None)
            if value != "":
                found[name] = value
        return Row(seq, str(raw[1]), str(raw[2]), found)

    return read


def _sqlite_truth(value: int) -> Value:
    if value in (0, 1):
        return bool(value)
    raise ValueError(value)


def _sqlite_moment(value: str) -> Value:
    """`2026-11-24 07:05:00.123456`, UTC, and written in no other way."""
    found = datetime.fromisoformat(value)
    if found.isoformat(" ") != value or found.tzinfo is not None:
        raise ValueError(value)
    return (found - _EPOCH) // _MICROSECOND
