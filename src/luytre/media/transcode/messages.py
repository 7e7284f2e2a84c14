"""What parent and child say over the child's stdin and stdout: a kind, a length, the bytes.

To the child: BEGIN (an order and an init segment: a new run), FRAGMENTS (whole ones, one behind the other), FINISH (where the
span ends on the run's line, or -1 where it is not known, and its last fragments: all comes out as one). From the child: BEGIN
(the new init segment), FRAGMENTS (one), FINISH (the answer to each FINISH), FAULT (words for the log: this run cannot be coded
again).
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from enum import IntEnum

from luytre.base.polygons import Polygon, polygons_of, write_polygons

HEAD = struct.Struct(">BI")
END = struct.Struct(">q")
UNKNOWN_END = -1
MAX_BYTES = 64 << 20
"""No message is longer: one that says so is no message of ours."""


_ORDER_HEAD = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be made of a run. `polygons` are burned into every picture."""

    polygons: tuple[Polygon, ...] = ()
    whole_size: bool = False
    """As large as it was, for a clip; else no larger than browsers need."""
    from_90k: int | None = None
    """On the run's line: pictures before it are left out, and the line of what is made begins here."""
    to_90k: int | None = None
    """Pictures from here on are left out."""

    def pack(self) -> bytes:
        """With its length before it."""
        drawn = json.loads(write_polygons(self.polygons))
        text = json.dumps([drawn, self.whole_size, self.from_90k, self.to_90k]).encode()
        return _ORDER_HEAD.pack(len(text)) + text


PLAIN = Order()


def unpack_order(payload: bytes) -> tuple[Order, bytes]:
    """The order at the beginning of a BEGIN, and what follows. Raises ValueError: what is not understood is not shown."""
    if len(payload) < _ORDER_HEAD.size:
        raise ValueError("an order is cut off")
    end = _ORDER_HEAD.size + _ORDER_HEAD.unpack_from(payload)[0]
    try:
        drawn, whole_size, from_90k, to_90k = json.loads(payload[_ORDER_HEAD.size : end])
    except (TypeError, RecursionError) as error:
        raise ValueError("no order") from error
    for edge in (from_90k, to_90k):
        if edge is not None and not isinstance(edge, int):
            raise ValueError("no order")
    return Order(polygons_of(drawn), whole_size is True, from_90k, to_90k), payload[end:]


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
