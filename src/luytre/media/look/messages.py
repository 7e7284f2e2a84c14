"""What parent and child say over the child's stdin and stdout: a kind, a length, a line of JSON with its length, bytes.

To the child: LOOK (a key frame), VIEWS (a camera's references, in place of those it had; none: they are forgotten; and for a
camera that it does not know, what is remembered of it). From the child: SEEN, the answer to each LOOK. No numpy here: what the
child alone unpacks is in `views`.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from luytre.base.verdicts import Light, Verdict
from luytre.media.look.reading import Reading
from luytre.media.look.sizes import PACKED_BYTES
from luytre.media.unit import VideoFormat

HEAD = struct.Struct(">BI")
_TOLD = struct.Struct(">I")
MAX_BYTES = 32 << 20
"""No message is longer: one that says so is no message of ours."""


class Kind(IntEnum):
    LOOK = 1
    VIEWS = 2
    SEEN = 3


def pack(kind: Kind, payload: bytes) -> bytes:
    return HEAD.pack(kind, len(payload)) + payload


def unpack_head(head: bytes) -> tuple[Kind, int]:
    """Kind and length of what follows. Raises ValueError for what is no head."""
    if len(head) != HEAD.size:
        raise ValueError("a head is cut off")
    kind, size = HEAD.unpack(head)
    if size > MAX_BYTES:
        raise ValueError("a message is too long")
    return Kind(kind), size


def _join(told: dict[str, Any], data: bytes) -> bytes:
    text = json.dumps(told).encode()
    return _TOLD.pack(len(text)) + text + data


def split(payload: bytes) -> tuple[dict[str, Any], bytes]:
    """Raises ValueError."""
    if len(payload) < _TOLD.size:
        raise ValueError("a message is cut off")
    end = _TOLD.size + _TOLD.unpack_from(payload)[0]
    told = json.loads(payload[_TOLD.size : end])
    if not isinstance(told, dict):
        raise ValueError("no message of ours")
    return told, payload[end:]


@dataclass(frozen=True, slots=True)
class Look:
    """A key frame to look at. `at_s` UTC seconds; half-hour and day of the commune's clock."""

    camera: str
    at_s: float
    half_hour: int
    day: int
    video: VideoFormat
    samples: bytes
    """NAL units behind 4-byte lengths, from a key frame on."""
    to_accept: bool = False
    """Asked for to be kept: it is not judged, and not remembered."""

    def pack(self) -> bytes:
        sets = [len(each) for each in self.video.parameter_sets]
        told = {
            "camera": self.camera, "at": self.at_s, "half_hour": self.half_hour, "day": self.day, "accept": self.to_accept,
            "codec": self.video.codec, "width": self.video.width_px, "height": self.video.height_px, "sets": sets,
        }  # fmt: skip
        return pack(Kind.LOOK, _join(told, b"".join(self.video.parameter_sets) + self.samples))


def unpack_look(payload: bytes) -> Look:
    """Raises ValueError."""
    try:
        told, data = split(payload)
        sets, at = [], 0
        for size in told["sets"]:
            sets.append(data[at : at + size])
            at += size
        video = VideoFormat("h265" if told["codec"] == "h265" else "h264", told["width"], told["height"], tuple(sets), "")
        return Look(
            told["camera"], float(told["at"]), int(told["half_hour"]), int(told["day"]), video, data[at:], told["accept"] is True
        )
    except (KeyError, TypeError) as error:
        raise ValueError("no look of ours") from error


@dataclass(frozen=True, slots=True)
class ViewHead:
    """What is known of a kept view besides its pictures. `dx`, `dy` as in `Reference`."""

    id: str
    light: Light
    is_accepted: bool
    at_s: float
    dx: int = 0
    dy: int = 0


def pack_views(camera: str, views: list[tuple[ViewHead, bytes]], memory: str = "") -> bytes:
    """The camera's references: heads and packed signatures; and what was last remembered of it (`Seen.memory`)."""
    heads = [[one.id, one.light.value, one.is_accepted, one.at_s, one.dx, one.dy] for one, _ in views]
    return pack(Kind.VIEWS, _join({"camera": camera, "views": heads, "memory": memory}, b"".join(data for _, data in views)))


@dataclass(frozen=True, slots=True)
class Keep:
    """A picture that may become a reference: its place against the accepted view, its packed signature, its JPEG."""

    dx: int
    dy: int
    signature: bytes
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of a look. `fault`: the picture could not be decoded, or cannot be kept; words for the log."""

    camera: str
    reading: Reading
    keep: Keep | None = None
    fault: str = ""
    memory: str = ""
    """Of the camera's last pictures, for a child that comes after this one (`look.memory`)."""
    cost_s: float = 0.0
    """Of the processor."""

    def pack(self) -> bytes:
        said = self.reading
        told: dict[str, Any] = {
            "camera": self.camera, "verdict": said.verdict.value if said.verdict else None, "light": said.light.value,
            "score": said.score, "dx": said.dx, "dy": said.dy, "doubt": said.in_doubt, "fault": self.fault,
            "memory": self.memory, "cost": self.cost_s,
        }  # fmt: skip
        if self.keep is None:
            return pack(Kind.SEEN, _join(told, b""))
        told["keep"] = [self.keep.dx, self.keep.dy]
        return pack(Kind.SEEN, _join(told, self.keep.signature + self.keep.jpeg))


def unpack_seen(payload: bytes) -> Seen:
    """Raises ValueError."""
    try:
        told, data = split(payload)
        verdict = Verdict(told["verdict"]) if told["verdict"] is not None else None
        reading = Reading(
            verdict, Light(told["light"]), float(told["score"]), int(told["dx"]), int(told["dy"]), in_doubt=told["doubt"] is True
        )
        place = told.get("keep")
        keep = Keep(int(place[0]), int(place[1]), data[:PACKED_BYTES], data[PACKED_BYTES:]) if place else None
        return Seen(str(told["camera"]), reading, keep, str(told["fault"]), str(told["memory"]), float(told["cost"]))
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError("nothing that was seen") from error
