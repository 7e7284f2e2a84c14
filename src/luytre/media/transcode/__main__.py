"""The child: reads orders from stdin, answers on stdout, ends when stdin does."""

from __future__ import annotations

import os
import sys
from typing import BinaryIO

import av.logging

from luytre.media.fragment import BoxError, parse_init
from luytre.media.transcode.messages import END, HEAD, UNKNOWN_END, Kind, pack, unpack_head, unpack_order
from luytre.media.transcode.recode import Recoder
from luytre.media.unit import Fragment

NICE = 10


class Child:
    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._recoder: Recoder | None = None

    def take(self, kind: Kind, payload: bytes) -> None:
        """One order. What is wrong with a run ends the run, not the child."""
        try:
            self._do(kind, payload)
        except (ValueError, BoxError) as error:
            self._recoder = None
            self._say(Kind.FAULT, str(error).encode())
        if kind is Kind.FINISH:
            self._say(Kind.FINISH)

    def _do(self, kind: Kind, payload: bytes) -> None:
        if kind is Kind.BEGIN:
            self._recoder = None  # what comes after an order that is not understood is made into nothing
            order, init = unpack_order(payload)
            self._recoder = Recoder(parse_init(init), order)
            self._say(Kind.BEGIN, self._recoder.init.data)
        elif kind is Kind.FRAGMENTS and self._recoder is not None:
            self._give(self._recoder.feed(payload))
        elif kind is Kind.FINISH and self._recoder is not None:
            (end,) = END.unpack_from(payload)
            data, recoder = payload[END.size :], self._recoder
            self._recoder = None
            self._give(recoder.whole(data, None if end == UNKNOWN_END else end))

    def _give(self, fragment: Fragment | None) -> None:
        if fragment is not None:
            self._say(Kind.FRAGMENTS, fragment.data)

    def _say(self, kind: Kind, payload: bytes = b"") -> None:
        self._out.write(pack(kind, payload))
        self._out.flush()


def main() -> int:
    os.nice(NICE)  # recording goes first
    av.logging.set_level(None)
    child, orders = Child(sys.stdout.buffer), sys.stdin.buffer
    try:
        while head := orders.read(HEAD.size):
            kind, size = unpack_head(head)
            child.take(kind, orders.read(size))
    except BrokenPipeError:
        return 0  # nobody listens any longer
    return 0


if __name__ == "__main__":
    sys.exit(main())
