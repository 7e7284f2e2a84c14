"""One fragment: `prft` (§8.16.5) + `moof` (§8.8) + `mdat` of ISO/IEC 14496-12, joined once from the samples' own buffers."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Sequence

from luytre.media.fragment.init import AUDIO_TRACK, VIDEO_TRACK
from luytre.media.unit import Buffer, Fragment, Sample

SYNC_FLAGS = 0x02000000
"""sample_depends_on = 2: depends on no other."""
DELTA_FLAGS = 0x01010000
"""sample_depends_on = 1, sample_is_non_sync_sample."""
PRFT_BYTES = 32
NTP_EPOCH_S = 2_208_988_800

_PRFT = struct.Struct(">I4sIIQQ")
_HEAD = struct.Struct(">I4sI4sIII4sI4sIII4sIQI4sIIi")
_AUDIO_TRAF = struct.Struct(">I4sI4sIII4sIQI4sIIi")
_PLAIN = 0x000701
_REORDERED = 0x01000F01
_HEAD_BYTES = _HEAD.size
_TFHD_BASE_IS_MOOF = 0x020000


def ntp_of_utc_90k(utc_90k: int) -> int:
    """64-bit NTP timestamp (RFC 5905 §6) of UTC ticks, rounded to the nearest 2^-32 s."""
    seconds, ticks = divmod(utc_90k, 90_000)
    return ((seconds + NTP_EPOCH_S) & 0xFFFFFFFF) << 32 | min(((ticks << 32) + 45_000) // 90_000, 0xFFFFFFFF)


def utc_90k_of_ntp(ntp: int) -> int:
    """UTC ticks of an NTP timestamp between 1968 and 2104: its seconds begin anew in 2036 (RFC 4330 §3)."""
    seconds = ntp >> 32
    if seconds < 0x80000000:
        seconds += 1 << 32
    return (seconds - NTP_EPOCH_S) * 90_000 + (((ntp & 0xFFFFFFFF) * 90_000 + (1 << 31)) >> 32)


def durations(samples: Sequence[Sample], last: int) -> list[int]:
    """Each sample's distance to the next one's decode time; `last` for the last."""
    times = [sample.dts_90k for sample in samples]
    steps = [after - before for before, after in itertools.pairwise(times)]
    steps.append(last)
    return steps


def _table(samples: Sequence[Sample], steps: Sequence[int], reordered: bool) -> bytes:
    if not reordered:
        fields: list[int] = []
        for sample, step in zip(samples, steps, strict=True):
            fields += (step, sample.size_bytes, SYNC_FLAGS if sample.is_key else DELTA_FLAGS)
        return struct.pack(f">{len(fields)}I", *fields)
    return b"".join(
        struct.pack(">IIIi", step, s.size_bytes, SYNC_FLAGS if s.is_key else DELTA_FLAGS, s.pts_90k - s.dts_90k)
        for s, step in zip(samples, steps, strict=True)
    )


def build_fragment(
    video: Sequence[Sample],
    *,
    sequence: int,
    dts_base_90k: int,
    last_duration_90k: int,
    start_utc_90k: int,
    audio: Sequence[Sample] = (),
    audio_dts_base: int = 0,
    audio_duration: int = 1024,
) -> Fragment:
    """Boxes for at least one picture sample (decode order) and the sound between them.

    `dts_base_90k`/`audio_dts_base` are the session times at which the run's line is zero. `last_duration_90k` is the
    last picture's.
    """
    steps = durations(video, last_duration_90k)
    reordered = any(sample.pts_90k != sample.dts_90k for sample in video)
    table = _table(video, steps, reordered)
    dts = video[0].dts_90k - dts_base_90k
    video_bytes = sum(sample.size_bytes for sample in video)
    sound_table = _table(audio, [audio_duration] * len(audio), False) if audio else b""
    sound_traf_bytes = _AUDIO_TRAF.size + len(sound_table) if audio else 0
    traf_bytes = _HEAD_BYTES - 24 + len(table)
    moof_bytes = _HEAD_BYTES + len(table) + sound_traf_bytes
    head = _HEAD.pack(
        moof_bytes, b"moof", 16, b"mfhd", 0, sequence & 0xFFFFFFFF,
        traf_bytes, b"traf", 16, b"tfhd", _TFHD_BASE_IS_MOOF, VIDEO_TRACK, 20, b"tfdt", 0x01000000, dts,
        20 + len(table), b"trun", _REORDERED if reordered else _PLAIN, len(video), moof_bytes + 8,
    )  # fmt: skip
    prft = _PRFT.pack(PRFT_BYTES, b"prft", 0x01000000, VIDEO_TRACK, ntp_of_utc_90k(start_utc_90k), dts)
    parts: list[Buffer] = [prft, head, table]
    if audio:
        parts.append(
            _AUDIO_TRAF.pack(
                sound_traf_bytes, b"traf", 16, b"tfhd", _TFHD_BASE_IS_MOOF, AUDIO_TRACK, 20, b"tfdt", 0x01000000,
                audio[0].dts_90k - audio_dts_base, 20 + len(sound_table), b"trun", _PLAIN, len(audio),
                moof_bytes + 8 + video_bytes,
            )
        )  # fmt: skip
        parts.append(sound_table)
    mdat_bytes = 8 + video_bytes + sum(sample.size_bytes for sample in audio)
    parts.append(struct.pack(">I4s", mdat_bytes, b"mdat"))
    for sample in video:
        parts += sample.chunks
    for sample in audio:
        parts += sample.chunks
    duration = video[-1].dts_90k - video[0].dts_90k + last_duration_90k
    return Fragment(b"".join(parts), dts, duration, len(video), video[0].is_key, start_utc_90k)
