"""Annex B byte streams (ITU-T H.264 and H.265, Annex B): what FFmpeg's decoders take and its encoders give."""

from __future__ import annotations

START_CODE = b"\x00\x00\x00\x01"


def split_byte_stream(data: bytes) -> list[bytes]:
    """NAL units of a byte stream, without start codes and trailing zeros (H.264 §B.1)."""
    parts = data.split(START_CODE[1:])[1:]
    return [nal for nal in (part.rstrip(b"\x00") for part in parts) if nal]


def byte_stream_of(samples: bytes) -> bytes:
    """Samples (NAL units behind 4-byte lengths, ISO/IEC 14496-15 §5.3) as a byte stream. A unit that is cut off ends early."""
    parts: list[bytes] = []
    at = 0
    while at + 4 <= len(samples):
        size = int.from_bytes(samples[at : at + 4], "big")
        parts += (START_CODE, samples[at + 4 : at + 4 + size])
        at += 4 + size
    return b"".join(parts)
