"""The child: reads key frames from stdin, answers what they tell on stdout, ends when stdin does."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from typing import BinaryIO

import av
import av.logging

from luytre.base.verdicts import Light
from luytre.media.look.decode import decode, look_at, luma_of
from luytre.media.look.eye import Eye, When
from luytre.media.look.glance import glance_of
from luytre.media.look.judge import LEAST_BLOCKS
from luytre.media.look.light import is_black, light_of
from luytre.media.look.memory import history_of, memory_of
from luytre.media.look.messages import HEAD, Keep, Kind, Look, Seen, unpack_head, unpack_look
from luytre.media.look.reading import Reading
from luytre.media.look.signature import Signature
from luytre.media.look.structure import STRUCTURED, edges_of, strength
from luytre.media.look.views import unpack_views
from luytre.media.source.picture import encode_jpeg

NICE = 10
ACCEPTED_WIDTH_PX, LEARNT_WIDTH_PX = 1280, 640


class Child:
    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._eyes: dict[str, Eye] = {}

    def take(self, kind: Kind, payload: bytes) -> None:
        """One order. Raises ValueError for one that is not understood: parent and child are not of one mind then."""
        if kind is Kind.VIEWS:
            camera, references, memory = unpack_views(payload)
            if camera not in self._eyes:
                self._eyes[camera] = Eye(history=history_of(memory))
            self._eyes[camera].references = references
        elif kind is Kind.LOOK:
            began_s = time.process_time()
            seen = self._seen(unpack_look(payload))
            self._out.write(replace(seen, cost_s=round(time.process_time() - began_s, 5)).pack())
            self._out.flush()

    def _seen(self, look: Look) -> Seen:
        try:
            frame = decode(look.video, look.samples)
            signature = look_at(frame)
        except ValueError as error:
            return Seen(look.camera, Reading(None, Light.DAY), fault=str(error)[:200])
        if look.to_accept:
            return _to_accept(look.camera, frame, signature)
        eye = self._eyes.setdefault(look.camera, Eye())
        glance = glance_of(luma_of(frame), signature.grey)
        reading = eye.see(signature, glance, When(look.at_s, look.half_hour, look.day))
        place = eye.worth_keeping(signature, reading, look.at_s)
        keep = Keep(*place, signature.pack(), encode_jpeg(frame, width_px=LEARNT_WIDTH_PX)) if place is not None else None
        return Seen(look.camera, reading, keep, memory=memory_of(eye.history))


def _to_accept(camera: str, frame: av.VideoFrame, signature: Signature) -> Seen:
    """What is black or plain is no view: nothing could be compared with it."""
    reading = Reading(None, light_of(signature))
    blocks = int((strength(edges_of(signature.grey)) >= STRUCTURED).sum())
    if is_black(signature) or blocks < LEAST_BLOCKS:
        return Seen(camera, reading, fault="dark" if is_black(signature) else "plain")
    return Seen(camera, reading, Keep(0, 0, signature.pack(), encode_jpeg(frame, width_px=ACCEPTED_WIDTH_PX)))


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
