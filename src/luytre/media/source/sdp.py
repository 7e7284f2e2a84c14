"""SDP as cameras write it (RFC 8866): tracks, their payload types, formats and control addresses."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, replace

from luytre.media.source.text import number


@dataclass(frozen=True, slots=True)
class Track:
    """One `m=` section. `encoding` is upper case (`H264`, `H265`, `MPEG4-GENERIC`, `JPEG`, …); `clock_hz` of its RTP times."""

    media: str
    payload_type: int
    encoding: str = ""
    clock_hz: int = 90_000
    channels: int = 1
    control: str = ""
    fmtp: tuple[tuple[str, str], ...] = ()
    framerate: float = 0.0

    def parameter(self, name: str) -> str:
        return next((value for key, value in self.fmtp if key == name), "")


@dataclass(frozen=True, slots=True)
class SessionDescription:
    control: str
    tracks: tuple[Track, ...]


_STATIC = {0: ("PCMU", 8000), 8: ("PCMA", 8000), 26: ("JPEG", 90_000), 32: ("MPV", 90_000), 33: ("MP2T", 90_000)}


def parse_fmtp(text: str) -> tuple[tuple[str, str], ...]:
    """`96 a=1; b=2` to pairs, keys in lower case; values keep their own `=` (base64)."""
    _, _, rest = text.strip().partition(" ")
    pairs = (part.strip().partition("=") for part in rest.split(";"))
    return tuple((key.strip().lower(), value.strip()) for key, _, value in pairs if key.strip())


def _rtpmap(track: Track, text: str) -> Track:
    payload_type, _, rest = text.strip().partition(" ")
    if number(payload_type, -1) != track.payload_type:
        return track
    parts = [part.strip() for part in rest.split("/")]
    clock = number(parts[1], 90_000) if len(parts) > 1 else 90_000
    channels = number(parts[2], 1) if len(parts) > 2 else 1
    return replace(track, encoding=parts[0].upper(), clock_hz=clock or 90_000, channels=channels or 1)


def _attribute(track: Track, name: str, value: str) -> Track:
    if name == "rtpmap":
        return _rtpmap(track, value)
    if name == "fmtp" and number(value.strip().split(" ")[0], -1) == track.payload_type:
        return replace(track, fmtp=parse_fmtp(value))
    if name == "control":
        return replace(track, control=value.strip())
    if name in ("framerate", "x-framerate"):
        try:
            rate = float(value)
        except ValueError:
            return track
        return replace(track, framerate=rate if 0.01 < rate < 1000 else 0.0)
    return track


def _media(value: str) -> Track:
    words = value.split()
    payload_type = number(words[3], -1) if len(words) > 3 else -1
    encoding, clock = _STATIC.get(payload_type, ("", 90_000))
    return Track(words[0].lower() if words else "", payload_type, encoding, clock)


def parse_sdp(text: str) -> SessionDescription:
    """Never raises: lines that are not understood are passed over."""
    control, tracks = "", list[Track]()
    for line in text.replace("\r", "\n").split("\n"):
        kind, equals, value = line.strip().partition("=")
        if not equals:
            continue
        if kind == "m":
            tracks.append(_media(value))
        elif kind == "a":
            name, _, rest = value.partition(":")
            if tracks:
                tracks[-1] = _attribute(tracks[-1], name.strip().lower(), rest)
            elif name.strip().lower() == "control":
                control = rest.strip()
    return SessionDescription(control, tuple(tracks))


def _decode(text: str) -> bytes:
    text = text.strip().strip('"')
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""


def parameter_sets(track: Track) -> tuple[bytes, ...]:
    """Parameter sets in the SDP (RFC 6184 §8.1 sprop-parameter-sets; RFC 7798 §7.1 sprop-vps/sps/pps); broken ones left out."""
    names = ("sprop-parameter-sets",) if track.encoding == "H264" else ("sprop-vps", "sprop-sps", "sprop-pps")
    decoded = (_decode(part) for name in names for part in track.parameter(name).split(",") if part)
    return tuple(nal[4:] if nal.startswith(b"\x00\x00\x00\x01") else nal for nal in decoded if nal)


def audio_config(track: Track) -> bytes:
    """The AudioSpecificConfig of an `MPEG4-GENERIC` track (RFC 3640 §4.1), or nothing."""
    try:
        return bytes.fromhex(track.parameter("config"))
    except ValueError:
        return b""
