"""Burning masks into a decoded picture: what lies under them is overwritten before anything is made of the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luytre.base.polygons import Polygon
from luytre.media.unit.masks import bands_of

if TYPE_CHECKING:
    import av

LUMA, CHROMA = 40, 128
"""A dark grey, in limited range as in full."""


def cover(frame: av.VideoFrame, polygons: tuple[Polygon, ...]) -> None:
    """Fills the polygons of a planar 4:2:0 picture. Raises ValueError for any other: nothing may pass uncovered.

    The picture must not be shared with a decoder: what it refers to later would be changed too (`make_writable` sees to it).
    """
    if frame.format.name not in ("yuv420p", "yuvj420p"):
        raise ValueError(f"masks cannot be burned into {frame.format.name}")
    frame.make_writable()
    width, height = frame.width, frame.height
    bands = bands_of(polygons, width, height)
    grey, plain = bytes([LUMA]) * width, bytes([CHROMA]) * (-(-width // 2))
    luma, *colours = frame.planes
    rows = memoryview(luma).cast("B")
    for band, stripes in enumerate(bands):
        for start, end in stripes:
            for row in range(2 * band, min(2 * band + 2, height)):
                at = row * luma.line_size
                rows[at + start : at + end] = grey[: end - start]
    for plane in colours:
        view = memoryview(plane).cast("B")
        for band, stripes in enumerate(bands):
            at = band * plane.line_size
            for start, end in stripes:
                half = -(-end // 2)
                view[at + start // 2 : at + half] = plain[: half - start // 2]
