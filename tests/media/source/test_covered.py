"""What lies under a mask has no part in what becomes of the picture."""

from __future__ import annotations

import av
import numpy as np
import pytest

from luytre.base.polygons import polygons_of
from luytre.media.source.covered import cover
from luytre.media.source.picture import encode_jpeg

HOMES = polygons_of([[[0.2, 0.2], [0.7, 0.3], [0.4, 0.8]], [[0.9, 0], [1, 0], [1, 0.2], [0.9, 0.2]]])


def noise(seed: int, size: tuple[int, int]) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.random.default_rng(seed).integers(0, 255, (size[1] * 3 // 2, size[0]), np.uint8)


@pytest.mark.parametrize("kind", ["yuv420p", "yuvj420p"])
def test_two_pictures_that_differ_under_masks_alone_become_the_same(kind: str) -> None:
    size = (320, 180)
    ground, homes = noise(1, size), noise(2, size)
    first = av.VideoFrame.from_ndarray(ground, format=kind)
    cover(first, HOMES)
    hidden = first.to_ndarray() != ground
    other = np.where(hidden, homes, ground)
    second = av.VideoFrame.from_ndarray(other, format=kind)
    assert (second.to_ndarray() != ground).sum() > 0.9 * hidden.sum() > 1000
    cover(second, HOMES)
    assert (second.to_ndarray() == first.to_ndarray()).all()
    assert (first.to_ndarray()[~hidden] == ground[~hidden]).all()


def test_a_picture_that_somebody_else_holds_is_left_as_it_is() -> None:
    frame = av.VideoFrame.from_ndarray(noise(1, (64, 36)), format="yuv420p")
    same = frame.reformat(format="yuv420p")
    before = frame.to_ndarray()
    copy = av.VideoFrame.from_ndarray(before, format="yuv420p")
    cover(copy, HOMES)
    assert (copy.to_ndarray() != before).any()
    assert (same.to_ndarray() == before).all()


def test_another_layout_of_colours_is_refused() -> None:
    with pytest.raises(ValueError, match="rgb24"):
        cover(av.VideoFrame(64, 36, "rgb24"), HOMES)


@pytest.mark.parametrize("size", [(641, 361), (640, 360), (33, 17)])
def test_a_jpeg_is_grey_where_a_home_was_whatever_its_size(size: tuple[int, int]) -> None:
    frame = av.VideoFrame(*size, "yuv444p")
    for plane in frame.planes:
        plane.update(bytes([200]) * plane.buffer_size)
    for width in (0, 320):
        made = encode_jpeg(frame, width_px=width, hidden=HOMES)
        decoder = av.CodecContext.create("mjpeg", "r")
        assert isinstance(decoder, av.VideoCodecContext)
        luma = decoder.decode(av.Packet(made))[0].to_ndarray(format="gray")
        height, across = luma.shape
        assert abs(int(luma[int(height * 0.4), int(across * 0.4)]) - 40) < 12
        assert luma[int(height * 0.95), int(across * 0.05)] > 150
