"""Parameter sets: what x264 and x265 wrote is read as FFmpeg reads it; broken ones raise one error and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.media.unit.parameter_sets import ParameterSetError, h264_sps, h265_sps, video_format
from tests.media.encode import encode

SIZES = [(320, 240), (640, 360), (1920, 1080), (706, 574)]


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_sizes_with_cropping(codec: str, width: int, height: int) -> None:
    units = encode(codec, frames=2, width=width, height=height)
    found = video_format(codec, units[0].nals)
    assert (found.width_px, found.height_px) == (width, height)
    assert found.rfc6381.startswith({"h264": "avc1.", "h265": "hvc1."}[codec])


@pytest.mark.parametrize("codec", ["h264", "h265"])
def test_reorder_depth_is_told_where_there_are_b_frames(codec: str) -> None:
    assert video_format(codec, encode(codec)[0].nals).reorder_depth == 0
    assert video_format(codec, encode(codec, bframes=2)[0].nals).reorder_depth >= 1


def test_frame_rate_of_h264() -> None:
    assert video_format("h264", encode("h264")[0].nals).fps_nominal == 25.0


HIKVISION_SPS = bytes.fromhex("674d001f9a6602802dff350101014000000fa000013880 01".replace(" ", ""))


def test_a_real_cameras_set() -> None:
    facts = h264_sps(HIKVISION_SPS)
    assert (facts.width_px, facts.height_px, facts.rfc6381) == (1280, 720, "avc1.4d001f")


@given(st.binary(max_size=80))
def test_no_bytes_raise_anything_else(noise: bytes) -> None:
    for read, head in ((h264_sps, b"\x67"), (h265_sps, b"\x42\x01")):
        for data in (noise, head + noise):
            try:
                read(data)
            except ParameterSetError:
                continue


@given(st.integers(0, 60), st.integers(0, 255))
def test_a_changed_byte_is_a_size_or_an_error(at: int, value: int) -> None:
    for codec in ("h264", "h265"):
        sets = [nal for nal in encode(codec)[0].nals[:4] if len(nal) < 200]
        for index, nal in enumerate(sets):
            changed = bytearray(nal)
            changed[at % len(changed)] = value
            try:
                found = video_format(codec, [*sets[:index], bytes(changed), *sets[index + 1 :]])
            except ParameterSetError:
                continue
            assert 0 < found.width_px <= 16_384


def test_a_missing_set_is_told() -> None:
    with pytest.raises(ParameterSetError):
        video_format("h264", [])
