"""What parent and child say over the child's stdin and stdout: a kind, a length, the bytes.

To the child: BEGIN (an init segment: a new run), FRAGMENTS (whole ones, one behind the other), FINISH (where the span ends on
the run's line, or -1 where it is not known, and its last fragments: all comes out as one). From the child: BEGIN (the new
init segment), FRAGMENTS (one), FINISH (the answer to each FINISH), FAULT (words for the log: this run cannot be coded again).
"""

from __future__ import annotations

import struct
from enum import IntEnum

HEAD = struct.Struct(">BI")
END = struct.Struct(">q")
UNKNOWN_END = -1
MAX_BYTES = 64 << 20
"""No message is longer: one that says so is no message of ours."""


class Kind(IntEnum):
    BEGIN = 1
    FRAGMENTS = 2
    FINISH = 3
    FAULT = 4


def pack(kind: Kind, payload: bytes = b"") -> bytes:
    return HEAD.pack(kind, len(payload)) + payload


def unpack_head(head: bytes) -> tuple[Kind, int]:
    """Kind and length of what follows. Raises ValueError for what is no head."""
    if len(head) != HEAD.size:
        raise ValueError("a head is cut off")
    kind, size = HEAD.unpack(head)
    if size > MAX_BYTES:
        raise ValueError("a message is too long")
    return Kind(kind), size
