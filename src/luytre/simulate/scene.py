"""What a simulated camera looks at: a street of the commune that differs by camera, with a clock and a frame number in it.

Drawn once with Pillow into planes of I420; each picture is a copy of the still part with the moving parts laid on it, so
that a picture costs about a millisecond and the encoders find nothing to do where nothing moves.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta, timezone
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from luytre.base.clock import to_datetime
from luytre.simulate.encode import Picture

VIETNAM = timezone(timedelta(hours=7))
GLYPHS = "0123456789/:.# "
TEXT_PX = 30
Colour = tuple[int, int, int]
_Plane = NDArray[np.uint8]
_Mask = NDArray[np.bool_]

WALLS: tuple[Colour, ...] = ((222, 196, 148), (196, 214, 201), (214, 170, 150), (180, 196, 220), (232, 224, 200))
ROOFS: tuple[Colour, ...] = ((150, 66, 50), (110, 60, 52), (84, 90, 104), (128, 84, 48))
SHIRTS: tuple[Colour, ...] = ((196, 60, 52), (48, 92, 168), (60, 132, 84), (228, 196, 92), (120, 84, 144))


@dataclass(frozen=True, slots=True)
class View:
    """One camera's place. `lanes` are heights of traffic as parts of the picture's height."""

    is_night: bool
    houses: int
    trees: int
    motorbikes: int
    people: int
    lanes: tuple[float, ...]
    has_field: bool = False


VIEWS: tuple[View, ...] = (
    View(False, 5, 2, 3, 2, (0.72, 0.84)),
    View(True, 4, 1, 2, 1, (0.70, 0.82)),
    View(False, 2, 6, 1, 2, (0.78,), has_field=True),
    View(False, 6, 0, 4, 4, (0.68, 0.78, 0.88)),
    View(True, 6, 0, 1, 3, (0.76,)),
    View(False, 1, 8, 2, 1, (0.66,), has_field=True),
    View(False, 4, 3, 2, 5, (0.74, 0.86)),
    View(True, 3, 4, 3, 0, (0.72, 0.84)),
)


@dataclass(frozen=True, slots=True)
class Planes:
    """A piece of picture in I420 with even sides; the masks say which of its pixels count."""

    y: _Plane
    u: _Plane
    v: _Plane
    mask: _Mask
    mask_uv: _Mask


@dataclass(frozen=True, slots=True)
class Mover:
    """Something that crosses the picture again and again. `lap_s` from one crossing's start to the next."""

    planes: tuple[Planes, Planes]
    """Looking right, looking left."""
    top_px: int
    px_per_s: float
    offset_px: float

    def place(self, seconds: float, width_px: int) -> tuple[int, Planes]:
        """Its left edge (even, may be outside) and what it looks like."""
        own = self.planes[0].y.shape[1]
        lap = width_px * 1.6 + own
        along = (self.offset_px + abs(self.px_per_s) * seconds) % lap
        left = along - own if self.px_per_s > 0 else width_px - along
        return int(left) // 2 * 2, self.planes[0 if self.px_per_s > 0 else 1]


class Scene:
    """One camera's street. `picture` is called from one thread at a time."""

    def __init__(self, index: int, width_px: int = 1280, height_px: int = 720) -> None:
        self.width_px, self.height_px = width_px, height_px
        view, dice = VIEWS[index % len(VIEWS)], random.Random(index)
        self._still = _still(view, dice, width_px, height_px)
        self._movers = _movers(view, dice, width_px, height_px)

    def picture(self, number: int, seconds: float, utc_90k: int) -> Picture:
        """Frame `number`, `seconds` after the scene began, with this wall clock burned in (Vietnamese time)."""
        canvas = self._still.copy()
        for mover in self._movers:
            left, planes = mover.place(seconds, self.width_px)
            blit(canvas, planes, left, mover.top_px)
        local = to_datetime(utc_90k).astimezone(VIETNAM)
        text = local.strftime("%d/%m/%Y %H:%M:%S.") + f"{local.microsecond // 1000:03d} #{number:07d}"
        burn(canvas, text, 16, 16)
        return canvas


def plane_views(canvas: Picture) -> tuple[_Plane, _Plane, _Plane]:
    """Y, U and V of an I420 array, as views."""
    height = canvas.shape[0] * 2 // 3
    width = canvas.shape[1]
    quarter = height // 4
    u = canvas[height : height + quarter].reshape(height // 2, width // 2)
    v = canvas[height + quarter :].reshape(height // 2, width // 2)
    return canvas[:height], u, v


def halve(canvas: Picture) -> Picture:
    """Every second pixel of every second row: the sub-stream's picture."""
    y, u, v = plane_views(canvas)
    height, width = y.shape[0] // 2, y.shape[1] // 2
    small = np.empty((height * 3 // 2, width), dtype=np.uint8)
    small_y, small_u, small_v = plane_views(small)
    small_y[:], small_u[:], small_v[:] = y[::2, ::2], u[::2, ::2], v[::2, ::2]
    return small


def blit(canvas: Picture, planes: Planes, left_px: int, top_px: int) -> None:
    """Lays a piece on the picture; what is outside is cut off. Even coordinates."""
    y, u, v = plane_views(canvas)
    width = planes.y.shape[1]
    from_x, to_x = max(-left_px, 0), min(width, y.shape[1] - left_px)
    if from_x >= to_x:
        return
    _lay(y, planes.y, planes.mask, left_px, top_px, from_x, to_x)
    for target, piece in ((u, planes.u), (v, planes.v)):
        _lay(target, piece, planes.mask_uv, left_px // 2, top_px // 2, from_x // 2, to_x // 2)


def _lay(target: _Plane, piece: _Plane, mask: _Mask, left: int, top: int, from_x: int, to_x: int) -> None:
    rows = slice(top, top + piece.shape[0])
    spot = target[rows, left + from_x : left + to_x]
    shown = slice(0, spot.shape[0])
    np.copyto(spot, piece[shown, from_x:to_x], where=mask[shown, from_x:to_x])


def burn(canvas: Picture, text: str, left_px: int, top_px: int) -> None:
    """White text on black, readable in the sub-stream too."""
    y, u, v = plane_views(canvas)
    strip = np.concatenate([_glyphs()[letter] for letter in text], axis=1)
    height, width = strip.shape
    y[top_px : top_px + height, left_px : left_px + width] = strip
    for plane in (u, v):
        plane[top_px // 2 : (top_px + height) // 2, left_px // 2 : (left_px + width) // 2] = 128


@lru_cache(maxsize=1)
def _glyphs() -> dict[str, _Plane]:
    font = ImageFont.load_default(TEXT_PX)
    width = int(max(font.getlength(letter) for letter in GLYPHS)) // 2 * 2 + 2
    drawn = {}
    for letter in GLYPHS:
        image = Image.new("L", (width, TEXT_PX + 10), 16)
        ImageDraw.Draw(image).text((width / 2, 3), letter, fill=235, font=font, anchor="ma")
        drawn[letter] = np.asarray(image, dtype=np.uint8)
    return drawn


def to_i420(image: Image.Image) -> Picture:
    """An RGB image (even width, height a multiple of 4) as I420 (BT.601, the range that cameras use)."""
    y, cb, cr = (np.asarray(plane, dtype=np.float32) for plane in image.convert("YCbCr").split())
    height, width = y.shape
    canvas = np.empty((height * 3 // 2, width), dtype=np.uint8)
    y_view, u_view, v_view = plane_views(canvas)
    y_view[:] = 16 + y * (219 / 255)
    u_view[:] = 128 + (cb[::2, ::2] - 128) * (224 / 255)
    v_view[:] = 128 + (cr[::2, ::2] - 128) * (224 / 255)
    return canvas


def _shade(colour: Colour, view: View) -> Colour:
    if not view.is_night:
        return colour
    return (colour[0] * 30 // 100, colour[1] * 32 // 100, colour[2] * 42 // 100)


def _still(view: View, dice: random.Random, width: int, height: int) -> Picture:
    image = Image.new("RGB", (width, height), _shade((176, 206, 232), view))
    draw = ImageDraw.Draw(image)
    horizon, road_top, road_bottom = int(height * 0.45), int(height * 0.62), int(height * 0.96)
    ground = (126, 158, 84) if view.has_field else (168, 160, 146)
    draw.rectangle((0, horizon, width, height), fill=_shade(ground, view))
    if view.has_field:
        for row in range(horizon, road_top, 10):
            draw.line((0, row, width, row), fill=_shade((104, 140, 70), view), width=3)
    for place in range(view.houses):
        _draw_house(draw, view, dice, place * width // max(view.houses, 1), width // (view.houses + 1), height)
    for _ in range(view.trees):
        _draw_tree(draw, view, dice.randrange(width), road_top, dice.randrange(height // 6, height // 4))
    draw.rectangle((0, road_top, width, road_bottom), fill=_shade((96, 96, 100), view))
    for left in range(0, width, 120):
        middle = (road_top + road_bottom) // 2
        draw.rectangle((left, middle - 3, left + 60, middle + 3), fill=_shade((220, 220, 210), view))
    if view.is_night:
        _draw_lamps(image, width, height)
    return to_i420(image)


def _draw_house(draw: ImageDraw.ImageDraw, view: View, dice: random.Random, left: int, width: int, height: int) -> None:
    top, bottom = int(height * dice.uniform(0.22, 0.36)), int(height * 0.62)
    right = left + width
    draw.rectangle((left, top, right, bottom), fill=_shade(dice.choice(WALLS), view))
    roof = ((left - 12, top), (right + 12, top), ((left + right) // 2, top - height // 10))
    draw.polygon(roof, fill=_shade(dice.choice(ROOFS), view))
    glass = (250, 220, 130) if view.is_night else (92, 116, 140)
    for window_left in range(left + 24, right - 50, 90):
        draw.rectangle((window_left, top + 30, window_left + 40, top + 76), fill=glass)
    door = left + width // 2
    draw.rectangle((door - 26, bottom - 96, door + 26, bottom), fill=_shade((104, 72, 48), view))


def _draw_tree(draw: ImageDraw.ImageDraw, view: View, middle: int, foot: int, size: int) -> None:
    draw.rectangle((middle - 6, foot - size, middle + 6, foot), fill=_shade((92, 68, 44), view))
    draw.ellipse((middle - size // 2, foot - 2 * size, middle + size // 2, foot - size // 2), fill=_shade((64, 118, 60), view))


def _draw_lamps(image: Image.Image, width: int, height: int) -> None:
    """Street lamps with a cone of light each."""
    light = Image.new("L", image.size, 0)
    draw = ImageDraw.Draw(light)
    for left in range(width // 6, width, width // 3):
        top, foot = int(height * 0.3), int(height * 0.92)
        draw.polygon(((left, top), (left - width // 8, foot), (left + width // 8, foot)), fill=70)
        draw.ellipse((left - 10, top - 10, left + 10, top + 10), fill=255)
    image.paste((255, 226, 160), (0, 0), light)


def _movers(view: View, dice: random.Random, width: int, height: int) -> list[Mover]:
    movers = []
    for number in range(view.motorbikes + view.people):
        is_bike = number < view.motorbikes
        size = height // 7 if is_bike else height // 8
        piece = (_motorbike if is_bike else _person)(view, dice, size // 4 * 4)
        lane = dice.choice(view.lanes) if is_bike else dice.choice((0.64, 0.95))
        top = (int(height * lane) - size) // 2 * 2
        speed = width / dice.uniform(4, 8) if is_bike else width / dice.uniform(20, 40)
        both = (piece, _mirrored(piece))
        movers.append(Mover(both, top, speed * dice.choice((-1, 1)), dice.uniform(0, width * 1.5)))
    return sorted(movers, key=lambda mover: mover.top_px + mover.planes[0].y.shape[0])


def _mirrored(piece: Planes) -> Planes:
    y, u, v = (np.ascontiguousarray(each[:, ::-1]) for each in (piece.y, piece.u, piece.v))
    return Planes(y, u, v, piece.mask[:, ::-1], piece.mask_uv[:, ::-1])


def _to_planes(image: Image.Image) -> Planes:
    """An RGBA image; what is half transparent or more is left out."""
    canvas = to_i420(image.convert("RGB"))
    mask = np.asarray(image.getchannel("A")) > 127
    y, u, v = plane_views(canvas)
    return Planes(y, u, v, mask, mask[::2, ::2])


def _motorbike(view: View, dice: random.Random, size: int) -> Planes:
    width = size * 3 // 2 // 2 * 2
    image = Image.new("RGBA", (width, size), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    wheel = size // 3
    body, shirt, helmet = (*_shade(dice.choice(SHIRTS), view), 255), _shade(dice.choice(SHIRTS), view), (210, 210, 214)
    for left in (2, width - wheel - 2):
        draw.ellipse((left, size - wheel, left + wheel, size - 1), fill=(30, 30, 32, 255))
    draw.rectangle((wheel // 2, size - wheel, width - wheel // 2, size - wheel // 2), fill=body)
    draw.rectangle((width // 3, size // 3, width // 2, size - wheel), fill=(*shirt, 255))
    draw.ellipse((width // 3, 2, width // 3 + size // 4, 2 + size // 4), fill=(*_shade(helmet, view), 255))
    if view.is_night:
        draw.ellipse((width - wheel // 2 - 4, size // 2, width - 2, size // 2 + wheel // 2), fill=(255, 250, 210, 255))
    return _to_planes(image)


def _person(view: View, dice: random.Random, size: int) -> Planes:
    width = size // 3 // 2 * 2
    image = Image.new("RGBA", (width, size), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    head = size // 5
    draw.ellipse(((width - head) // 2, 0, (width + head) // 2, head), fill=(*_shade((206, 160, 124), view), 255))
    draw.rectangle((width // 6, head, width * 5 // 6, size * 3 // 5), fill=(*_shade(dice.choice(SHIRTS), view), 255))
    draw.rectangle((width // 4, size * 3 // 5, width * 3 // 4, size - 1), fill=(*_shade((52, 54, 66), view), 255))
    return _to_planes(image)
