"""What is hashed. Pure functions, the standard library alone: anybody can write them again from these lines.

The text of a row is JSON (RFC 8259, UTF-8, no spaces, names in the order of their code points):

    ["<digest of the row before>","<table>",{"<column>":<value>, …}]

`seq` is one of the columns. A moment is an integer: microseconds since 1970-01-01T00:00:00Z. A column that is empty ("" for
text, null for everything else) is left out, so that a column that is added later changes no digest of the rows before it.
The digest is SHA-256 of the text, 64 hex digits. The first row follows `FIRST`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TypeAlias

Value: TypeAlias = int | str | None
"""What a column of a chained table can hold; True and False are integers' kin and stay themselves in JSON."""

FIRST = "0" * 64
"""Stands where the first row has the digest of the row before."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode
"""The one way to write JSON that is hashed or signed."""


def row_text(previous: str, table: str, columns: Mapping[str, Value]) -> str:
    """The text of a row whose empty columns were left out already (`seq` among the columns)."""
    return encode([previous, table, columns])


def digest_of(text: str) -> str:
    """SHA-256 in 64 hex digits. A lone surrogate, which no database keeps, raises UnicodeEncodeError."""
    return sha256(text.encode()).hexdigest()


def microseconds(moment: datetime) -> int:
    """Microseconds since the epoch of an aware moment."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(microseconds_utc: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds_utc)
