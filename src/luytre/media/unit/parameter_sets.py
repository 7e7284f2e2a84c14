"""What H.264 and H.265 parameter sets say: picture size, profile string, reorder depth, nominal frame rate.

Pure functions over one NAL unit without start code. Sources: ITU-T H.264 §7.3.2.1.1 and Annex E, H.265 §7.3.2.2 and
§7.3.3, RFC 6381 §3.3, ISO/IEC 14496-15 Annex E. Malformed input raises `ParameterSetError`, nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from luytre.media.unit import VideoFormat

MAX_SIDE_PX = 16_384
_HIGH_PROFILES = {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135}


class ParameterSetError(ValueError):
    """The bytes are not a parameter set that a picture can be made of."""


class Bits:
    """Reads bits of an RBSP: emulation prevention bytes (00 00 03) are taken out first."""

    def __init__(self, nal: bytes) -> None:
        rbsp = nal.replace(b"\x00\x00\x03", b"\x00\x00")
        self._value, self._left = int.from_bytes(rbsp, "big"), len(rbsp) * 8

    def u(self, count: int) -> int:
        if count > self._left:
            raise ParameterSetError("parameter set ends early")
        self._left -= count
        return (self._value >> self._left) & ((1 << count) - 1)

    def ue(self) -> int:
        zeros = 0
        while not self.u(1):
            zeros += 1
            if zeros > 32:
                raise ParameterSetError("no exp-Golomb code where one must be")
        return (1 << zeros) - 1 + self.u(zeros)

    def se(self) -> int:
        code = self.ue()
        return (code + 1) // 2 if code & 1 else -(code // 2)


@dataclass(frozen=True, slots=True)
class SpsFacts:
    width_px: int
    height_px: int
    rfc6381: str
    reorder_depth: int
    fps_nominal: float
    chroma_format: int = 1
    bit_depth_luma: int = 8
    bit_depth_chroma: int = 8
    temporal_layers: int = 1
    temporal_nested: bool = False


def _skip_scaling_lists(bits: Bits, chroma_format: int) -> None:
    for index in range(8 if chroma_format != 3 else 12):
        if not bits.u(1):
            continue
        last = following = 8
        for _ in range(16 if index < 6 else 64):
            if following:
                following = (last + bits.se()) % 256
            last = following or last


def _skip_hrd(bits: Bits) -> None:
    count = bits.ue() + 1
    if count > 32:
        raise ParameterSetError("more coding buffers than the standard allows")
    bits.u(8)
    for _ in range(count):
        bits.ue()
        bits.ue()
        bits.u(1)
    bits.u(20)


def _h264_vui(bits: Bits, reorder_default: int) -> tuple[int, float]:
    """(reorder depth, nominal frames a second) of vui_parameters(), H.264 §E.1.1."""
    if bits.u(1) and bits.u(8) == 255:
        bits.u(32)
    if bits.u(1):
        bits.u(1)
    if bits.u(1):
        bits.u(4)
        if bits.u(1):
            bits.u(24)
    if bits.u(1):
        bits.ue()
        bits.ue()
    fps = 0.0
    if bits.u(1):
        tick, scale = bits.u(32), bits.u(32)
        bits.u(1)
        fps = scale / (2 * tick) if tick and scale else 0.0
    nal_hrd = bits.u(1)
    if nal_hrd:
        _skip_hrd(bits)
    vcl_hrd = bits.u(1)
    if vcl_hrd:
        _skip_hrd(bits)
    if nal_hrd or vcl_hrd:
        bits.u(1)
    bits.u(1)
    if not bits.u(1):
        return reorder_default, fps
    bits.u(1)
    for _ in range(4):
        bits.ue()
    return min(bits.ue(), 16), fps


def _h264_chroma(bits: Bits, profile: int) -> tuple[int, int, int, int]:
    """(chroma_format_idc, luma bits, chroma bits, separate planes)."""
    if profile not in _HIGH_PROFILES:
        return 1, 8, 8, 0
    chroma = bits.ue()
    separate = bits.u(1) if chroma == 3 else 0
    luma, chroma_bits = bits.ue() + 8, bits.ue() + 8
    bits.u(1)
    if bits.u(1):
        _skip_scaling_lists(bits, chroma)
    return chroma, luma, chroma_bits, separate


def _h264_order(bits: Bits) -> int:
    """Skips to max_num_ref_frames; returns pic_order_cnt_type (2: frames are shown as they are decoded)."""
    bits.ue()
    order_type = bits.ue()
    if order_type == 0:
        bits.ue()
    elif order_type == 1:
        bits.u(1)
        bits.se()
        bits.se()
        cycle = bits.ue()
        if cycle > 255:
            raise ParameterSetError("picture order cycle out of range")
        for _ in range(cycle):
            bits.se()
    return order_type


def h264_sps(nal: bytes) -> SpsFacts:
    """Reads a sequence parameter set (nal_unit_type 7). Raises ParameterSetError."""
    if len(nal) < 4 or nal[0] & 31 != 7:
        raise ParameterSetError("not an H.264 sequence parameter set")
    rfc6381 = f"avc1.{nal[1]:02x}{nal[2]:02x}{nal[3]:02x}"
    bits = Bits(nal[4:])
    bits.ue()
    chroma, luma_bits, chroma_bits, separate = _h264_chroma(bits, nal[1])
    _h264_order(bits)
    bits.ue()
    bits.u(1)
    width_mbs, height_units = bits.ue() + 1, bits.ue() + 1
    frame_only = bits.u(1)
    if not frame_only:
        bits.u(1)
    bits.u(1)
    crop = [bits.ue() for _ in range(4)] if bits.u(1) else [0, 0, 0, 0]
    sub_x, sub_y = (1, 1) if separate or chroma in (0, 3) else (2, 2 if chroma == 1 else 1)
    width = width_mbs * 16 - sub_x * (crop[0] + crop[1])
    height = (2 - frame_only) * (height_units * 16 - sub_y * (crop[2] + crop[3]))
    _check_size(width, height)
    reorder, fps = 0, 0.0
    if bits.u(1):
        reorder, fps = _lenient_vui(bits)
    return SpsFacts(width, height, rfc6381, reorder, fps, chroma, luma_bits, chroma_bits)


def _lenient_vui(bits: Bits) -> tuple[int, float]:
    try:
        return _h264_vui(bits, 0)
    except ParameterSetError:
        return 0, 0.0  # cheap cameras cut the VUI short; the picture size before it is what matters


def _check_size(width: int, height: int) -> None:
    if not (0 < width <= MAX_SIDE_PX and 0 < height <= MAX_SIDE_PX):
        raise ParameterSetError(f"picture of {width} × {height}")


def _h265_profile_string(nal: bytes) -> str:
    """`hvc1.1.6.L93.B0` (ISO/IEC 14496-15 Annex E.3) from general_profile_tier_level, bytes 3..14 of the clean SPS."""
    space, tier, idc = nal[3] >> 6, (nal[3] >> 5) & 1, nal[3] & 31
    compatibility = int(f"{int.from_bytes(nal[4:8], 'big'):032b}"[::-1], 2)
    constraints = nal[8:14].rstrip(b"\x00")
    parts = [f"{'ABC'[space - 1] if space else ''}{idc}", f"{compatibility:x}", f"{'H' if tier else 'L'}{nal[14]}"]
    return ".".join(["hvc1", *parts, *(f"{byte:X}" for byte in constraints)])


def _h265_sub_layers(bits: Bits, sub_layers: int) -> None:
    present = [(bits.u(1), bits.u(1)) for _ in range(sub_layers)]
    if sub_layers:
        bits.u(2 * (8 - sub_layers))
    for profile, level in present:
        bits.u((88 if profile else 0) + (8 if level else 0))


def h265_sps(nal: bytes) -> SpsFacts:
    """Reads a sequence parameter set (nal_unit_type 33). Raises ParameterSetError."""
    if len(nal) < 16 or (nal[0] >> 1) & 63 != 33:
        raise ParameterSetError("not an H.265 sequence parameter set")
    clean = nal.replace(b"\x00\x00\x03", b"\x00\x00")
    if len(clean) < 15:
        raise ParameterSetError("parameter set ends early")
    bits = Bits(nal[2:])
    bits.u(4)
    sub_layers = bits.u(3)
    nested = bool(bits.u(1))
    bits.u(96)
    _h265_sub_layers(bits, sub_layers)
    bits.ue()
    chroma = bits.ue()
    separate = bits.u(1) if chroma == 3 else 0
    width, height = bits.ue(), bits.ue()
    if bits.u(1):
        sub_x, sub_y = (1, 1) if separate or chroma in (0, 3) else (2, 2 if chroma == 1 else 1)
        crop = [bits.ue() for _ in range(4)]
        width, height = width - sub_x * (crop[0] + crop[1]), height - sub_y * (crop[2] + crop[3])
    _check_size(width, height)
    luma, chroma_bits = bits.ue() + 8, bits.ue() + 8
    bits.ue()
    reorder = 0
    all_layers = bits.u(1)
    for _ in range(sub_layers + 1 if all_layers else 1):
        bits.ue()
        reorder = bits.ue()
        bits.ue()
    return SpsFacts(
        width,
        height,
        _h265_profile_string(clean),
        min(reorder, 16),
        0.0,
        chroma,
        luma,
        chroma_bits,
        sub_layers + 1,
        nested,
    )


def nal_type(codec: str, nal: bytes) -> int:
    return nal[0] & 31 if codec == "h264" else (nal[0] >> 1) & 63


def video_format(codec: str, parameter_sets: Sequence[bytes]) -> VideoFormat:
    """The format that these parameter sets (any order, doubles allowed) describe. Raises ParameterSetError."""
    wanted = (7, 8) if codec == "h264" else (32, 33, 34)
    kept: dict[int, list[bytes]] = {kind: [] for kind in wanted}
    for nal in parameter_sets:
        kind = nal_type(codec, nal) if nal else -1
        if kind in kept and bytes(nal) not in kept[kind]:
            kept[kind].append(bytes(nal))
    missing = [kind for kind in wanted if not kept[kind]]
    if missing:
        raise ParameterSetError(f"no parameter set of type {missing}")
    facts = h264_sps(kept[7][0]) if codec == "h264" else h265_sps(kept[33][0])
    ordered = tuple(nal for kind in wanted for nal in kept[kind])
    return VideoFormat(
        "h264" if codec == "h264" else "h265",
        facts.width_px,
        facts.height_px,
        ordered,
        facts.rfc6381,
        facts.reorder_depth,
        facts.fps_nominal,
    )
