"""Judges of recorded files that share no code with the recorder: FFmpeg's demuxer (through PyAV) and its command line."""

from __future__ import annotations

import hashlib
import json
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av


@dataclass(frozen=True, slots=True)
class RecordedUnit:
    """One access unit as a file holds it, in decoding order. Times in 90 kHz from the file's own line, edit lists ignored."""

    vcl_sha256: str
    pts_90k: int
    dts_90k: int
    is_key: bool


def recorded_units(path: Path | str, *, strip_zeros: bool = False) -> list[RecordedUnit]:
    """What a file (`avc1`/`hvc1` in MP4, 4-byte NAL lengths) holds, as digests of its VCL NAL units.

    `strip_zeros` for files written by ffmpeg from H.265 over RTP: its parser leaves the first zero of each start code
    at the end of the NAL unit before. Nothing that the product writes may need it.
    """
    units = []
    with av.open(str(path), options={"ignore_editlist": "1"}) as container:
        stream = container.streams.video[0]
        is_h264 = stream.codec_context.name == "h264"
        for packet in container.demux(stream):
            if packet.size == 0 or packet.pts is None or packet.dts is None:
                continue
            scale = packet.time_base * 90_000
            digest = _vcl_digest(bytes(packet), is_h264, strip_zeros)
            units.append(RecordedUnit(digest, round(packet.pts * scale), round(packet.dts * scale), packet.is_keyframe))
    return units


def _vcl_digest(data: bytes, is_h264: bool, strip_zeros: bool) -> str:
    digest = hashlib.sha256()
    at = 0
    while at < len(data):
        end = at + 4 + int.from_bytes(data[at : at + 4], "big")
        nal = data[at + 4 : end].rstrip(b"\x00") if strip_zeros else data[at + 4 : end]
        kind = nal[0] & 0x1F if is_h264 else nal[0] >> 1 & 0x3F
        if 1 <= kind <= 5 if is_h264 else kind < 32:
            digest.update(len(nal).to_bytes(4, "big") + nal)
        at = end
    return digest.hexdigest()


def complaints(path: Path | str) -> str:
    """What ffmpeg has to say when it decodes every picture of a file; empty when nothing."""
    command = ["ffmpeg", "-nostdin", "-v", "warning", "-i", str(path), "-map", "0:v", "-f", "null", "-"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    return done.stderr if done.returncode == 0 else f"exit {done.returncode}: {done.stderr}"


def probe(path: Path | str) -> dict[str, Any]:
    """`ffprobe` of a file or of a camera's URL: format and streams."""
    command = ["ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_streams"]
    command += ["-rtsp_transport", "tcp"] if str(path).startswith("rtsp:") else ["-count_packets"]
    done = subprocess.run([*command, str(path)], capture_output=True, text=True, timeout=60, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def duration_s(path: Path | str) -> float:
    return float(probe(path)["format"]["duration"])


def contains_run(whole: list[str], part: list[str]) -> bool:
    """True when `part` stands in `whole` without a hole."""
    if not part:
        return True
    return any(whole[start : start + len(part)] == part for start in (i for i, item in enumerate(whole) if item == part[0]))


def wait_for(condition: Callable[[], object], seconds: float = 20.0, what: str = "") -> None:
    """Asks again and again until the condition holds; AssertionError at the deadline. For real processes and threads only."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"did not come true within {seconds:g} s: {what or condition}")
        time.sleep(0.02)
