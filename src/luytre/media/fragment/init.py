"""The init segment: `ftyp` + `moov` with `mvex` (ISO/IEC 14496-12 §8), from a stream's format and back."""

from __future__ import annotations

import struct

from luytre.media.fragment.boxes import Box, BoxError, box, find, full_box, iter_boxes
from luytre.media.unit import AudioFormat, InitSegment, StreamFormat, VideoFormat
from luytre.media.unit.parameter_sets import h264_sps, h265_sps, nal_type, video_format

VIDEO_TRACK, AUDIO_TRACK = 1, 2
VIDEO_TIMESCALE = 90_000
_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def mime_type(fmt: StreamFormat) -> str:
    codecs = fmt.video.rfc6381 + (f",{fmt.audio.rfc6381}" if fmt.audio else "")
    return f'video/mp4; codecs="{codecs}"'


def avc_config(parameter_sets: tuple[bytes, ...]) -> bytes:
    """`avcC` (ISO/IEC 14496-15 §5.3.3.1), NAL lengths of 4 bytes.

    What a broken set has out of range loses its upper bits: that is for the decoder to refuse.
    """
    sps = [nal for nal in parameter_sets if nal_type("h264", nal) == 7]
    pps = [nal for nal in parameter_sets if nal_type("h264", nal) == 8]
    sps, pps = sps[:31], pps[:255]  # no more fit their counts
    head = bytes((1, sps[0][1], sps[0][2], sps[0][3], 0xFF, 0xE0 | len(sps)))
    body = b"".join(struct.pack(">H", len(nal)) + nal for nal in sps)
    body += bytes((len(pps),)) + b"".join(struct.pack(">H", len(nal)) + nal for nal in pps)
    if sps[0][1] in (100, 110, 122, 144):
        facts = h264_sps(sps[0])
        body += bytes(
            (0xFC | facts.chroma_format & 3, 0xF8 | facts.bit_depth_luma - 8 & 7, 0xF8 | facts.bit_depth_chroma - 8 & 7, 0)
        )
    return box(b"avcC", head, body)


def hevc_config(parameter_sets: tuple[bytes, ...]) -> bytes:
    """`hvcC` (ISO/IEC 14496-15 §8.3.3.1), NAL lengths of 4 bytes, arrays complete (`hvc1`)."""
    groups = [(kind, [nal for nal in parameter_sets if nal_type("h265", nal) == kind]) for kind in (32, 33, 34)]
    sps = groups[1][1][0]
    facts, clean = h265_sps(sps), sps.replace(b"\x00\x00\x03", b"\x00\x00")
    head = (
        bytes((1,))
        + clean[3:15]
        + struct.pack(
            ">HBBBBHB",
            0xF000,
            0xFC,
            0xFC | facts.chroma_format & 3,
            0xF8 | facts.bit_depth_luma - 8 & 7,
            0xF8 | facts.bit_depth_chroma - 8 & 7,
            0,
            facts.temporal_layers << 3 | facts.temporal_nested << 2 | 3,
        )
    )
    arrays = b"".join(
        struct.pack(">BH", 0x80 | kind, len(nals)) + b"".join(struct.pack(">H", len(nal)) + nal for nal in nals)
        for kind, nals in groups
    )
    return box(b"hvcC", head, bytes((3,)), arrays)


def video_entry(video: VideoFormat) -> bytes:
    """`avc1`/`hvc1` sample entry with its configuration."""
    config = avc_config(video.parameter_sets) if video.codec == "h264" else hevc_config(video.parameter_sets)
    head = struct.pack(">6xH16xHHIIIH32sHh", 1, video.width_px, video.height_px, 0x480000, 0x480000, 0, 1, b"", 24, -1)
    return box(b"avc1" if video.codec == "h264" else b"hvc1", head, config)


def audio_entry(audio: AudioFormat) -> bytes:
    """`mp4a` with `esds` (ISO/IEC 14496-14 §5.6)."""
    specific = bytes((5, len(audio.config))) + audio.config
    decoder = bytes((4, 13 + len(specific), 0x40, 0x15)) + bytes(11) + specific
    es = bytes((3, 3 + len(decoder) + 3)) + struct.pack(">HB", AUDIO_TRACK, 0) + decoder + bytes((6, 1, 2))
    head = struct.pack(">6xH8xHHIHH", 1, audio.channels, 16, 0, audio.sample_rate_hz & 0xFFFF, 0)
    return box(b"mp4a", head, full_box(b"esds", 0, 0, es))


def _track(track_id: int, timescale: int, handler: bytes, size: tuple[int, int], entry: bytes) -> bytes:
    video = handler == b"vide"
    tkhd = full_box(
        b"tkhd", 0, 3, struct.pack(">IIIII8xhhHH", 0, 0, track_id, 0, 0, 0, 0, 0 if video else 0x100, 0), _MATRIX,
        struct.pack(">II", size[0] << 16, size[1] << 16),
    )  # fmt: skip
    mdhd = full_box(b"mdhd", 0, 0, struct.pack(">IIIIHH", 0, 0, timescale, 0, 0x55C4, 0))
    hdlr = full_box(b"hdlr", 0, 0, struct.pack(">I4s12x", 0, handler), b"luytre\x00")
    media_head = full_box(b"vmhd", 0, 1, bytes(8)) if video else full_box(b"smhd", 0, 0, bytes(4))
    dinf = box(b"dinf", full_box(b"dref", 0, 0, struct.pack(">I", 1), full_box(b"url ", 0, 1)))
    tables = b"".join(full_box(kind, 0, 0, bytes(4)) for kind in (b"stts", b"stsc", b"stco"))
    stbl = box(b"stbl", full_box(b"stsd", 0, 0, struct.pack(">I", 1), entry), tables, full_box(b"stsz", 0, 0, bytes(8)))
    return box(b"trak", tkhd, box(b"mdia", mdhd, hdlr, box(b"minf", media_head, dinf, stbl)))


def build_init(fmt: StreamFormat) -> InitSegment:
    """`ftyp`+`moov` for a run of this format: track 1 the picture (90 kHz), track 2 the sound (its sample rate) if any."""
    video, audio = fmt.video, fmt.audio
    brand = b"avc1" if video.codec == "h264" else b"hvc1"
    ftyp = box(b"ftyp", b"iso6", struct.pack(">I", 1), b"iso6", b"mp41", brand)
    mvhd = full_box(
        b"mvhd", 0, 0, struct.pack(">IIIIIHH8x", 0, 0, VIDEO_TIMESCALE, 0, 0x10000, 0x100, 0), _MATRIX, bytes(24),
        struct.pack(">I", AUDIO_TRACK + 1),
    )  # fmt: skip
    tracks = _track(VIDEO_TRACK, VIDEO_TIMESCALE, b"vide", (video.width_px, video.height_px), video_entry(video))
    trex = full_box(b"trex", 0, 0, struct.pack(">IIIII", VIDEO_TRACK, 1, 0, 0, 0))
    if audio is not None:
        tracks += _track(AUDIO_TRACK, audio.sample_rate_hz, b"soun", (0, 0), audio_entry(audio))
        trex += full_box(b"trex", 0, 0, struct.pack(">IIIII", AUDIO_TRACK, 1, 0, 0, 0))
    return InitSegment(ftyp + box(b"moov", mvhd, tracks, box(b"mvex", trex)), fmt, mime_type(fmt))


def _nals_of_avcc(payload: bytes) -> list[bytes]:
    nals, at = [], 6
    for mask in (31, 255):  # the count of SPS shares its byte with reserved bits, that of PPS does not
        for _ in range(payload[at - 1] & mask):
            size = int.from_bytes(payload[at : at + 2], "big")
            nals.append(payload[at + 2 : at + 2 + size])
            at += 2 + size
        at += 1
    return nals


def _nals_of_hvcc(payload: bytes) -> list[bytes]:
    nals, at = [], 23
    for _ in range(payload[22]):
        count = int.from_bytes(payload[at + 1 : at + 3], "big")
        at += 3
        for _ in range(count):
            size = int.from_bytes(payload[at : at + 2], "big")
            nals.append(payload[at + 2 : at + 2 + size])
            at += 2 + size
    return nals


def _parse_audio(data: bytes, entry: Box) -> AudioFormat:
    channels, _, _, rate_hz, _ = struct.unpack_from(">HHIHH", data, entry.payload_offset_bytes + 16)
    esds = find(data, (b"esds",), entry.payload_offset_bytes + 28, entry.end_bytes)
    payload = data[esds.payload_offset_bytes : esds.end_bytes]
    at = payload.find(b"\x05", 4 + 5 + 15)
    if at < 0:
        raise BoxError("sound without its configuration")
    return AudioFormat(rate_hz, channels, payload[at + 2 : at + 2 + payload[at + 1]])


def _parse_entry(data: bytes, entry: Box) -> VideoFormat | AudioFormat:
    if entry.kind == b"mp4a":
        return _parse_audio(data, entry)
    if entry.kind not in (b"avc1", b"hvc1"):
        raise BoxError(f"sample entry {entry.kind!r}")
    codec, kind = ("h264", b"avcC") if entry.kind == b"avc1" else ("h265", b"hvcC")
    config = find(data, (kind,), entry.payload_offset_bytes + 78, entry.end_bytes)
    payload = data[config.payload_offset_bytes : config.end_bytes]
    return video_format(codec, _nals_of_avcc(payload) if codec == "h264" else _nals_of_hvcc(payload))


def parse_init(data: bytes) -> InitSegment:
    """Reads what `build_init` wrote (trailing bytes are ignored). Raises BoxError on anything else."""
    video: VideoFormat | None = None
    audio: AudioFormat | None = None
    try:
        moov = find(data, (b"moov",))
        for trak in iter_boxes(data, moov.payload_offset_bytes, moov.end_bytes):
            if trak.kind != b"trak":
                continue
            stsd = find(data, (b"mdia", b"minf", b"stbl", b"stsd"), trak.payload_offset_bytes, trak.end_bytes)
            entry = _parse_entry(data, next(iter_boxes(data, stsd.payload_offset_bytes + 8, stsd.end_bytes)))
            if isinstance(entry, VideoFormat):
                video = entry
            else:
                audio = entry
    except (IndexError, struct.error, ValueError, StopIteration) as error:
        raise error if isinstance(error, BoxError) else BoxError(f"not an init segment: {error}") from error
    if video is None:
        raise BoxError("an init segment without a picture track")
    fmt = StreamFormat(video, audio)
    return InitSegment(data[: moov.end_bytes], fmt, mime_type(fmt))
