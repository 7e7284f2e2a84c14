"""Pictures to judge: a street drawn by numbers, what happens to a camera that looks at it, and vtest.avi where it is there."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from luytre.base.verdicts import Light
from luytre.media.look.eye import Eye, When
from luytre.media.look.light import light_of
from luytre.media.look.reading import Reading
from luytre.media.look.reference import Reference
from luytre.media.look.signature import Plane, box, signature_of
from luytre.media.look.sizes import LARGE_HEIGHT_PX, LARGE_WIDTH_PX

AT_S = 1_700_000_000.0
COLOUR = 10.0
Picture = NDArray[np.uint8]


@lru_cache(maxsize=4)
def street(seed: int = 1) -> Plane:
    """640x260 levels: houses, windows, poles, signs and a road with marks; wider than a picture, so that cameras can turn."""
    dice = np.random.default_rng(seed)
    out = np.full((260, 640), 190, np.float32)
    out[150:] = 105
    for left in range(0, 640, 46):
        top, right = int(dice.integers(40, 95)), left + int(dice.integers(34, 50))
        out[top:160, left:right] = dice.integers(70, 215)
        for y in range(top + 8, 140, int(dice.integers(16, 26))):
            for x in range(left + 5, right - 8, int(dice.integers(11, 18))):
                out[y : y + 8, x : x + 6] = dice.integers(20, 240)
    for left in dice.integers(0, 630, 14):
        out[60:190, left : left + 3] = 40
    for left in range(0, 640, 50):
        out[200:204, left : left + 26] = 225
    return out + dice.normal(0, 4, out.shape).astype(np.float32)


def shot(left: int = 160, top: int = 40, *, gain: float = 1.0, lift: float = 0.0, noise: float = 1.0, seed: int = 0) -> Picture:
    """What a camera sees of the street that looks at (left, top)."""
    view = street()[top : top + LARGE_HEIGHT_PX, left : left + LARGE_WIDTH_PX] * gain + lift
    return levels(view + np.random.default_rng(seed).normal(0, noise, view.shape))


def levels(view: NDArray[np.floating]) -> Picture:
    return np.clip(np.rint(view), 0, 255).astype(np.uint8)


def defocused(picture: Picture, radius: int) -> Picture:
    plane = picture.astype(np.float32)
    for _ in range(3):
        plane = box(plane, radius)
    return levels(plane)


def behind_lorry(picture: Picture, part: float, level: int = 200) -> Picture:
    out = picture.copy()
    out[:, : int(out.shape[1] * part)] = level
    return out


def reference(
    picture: Picture, colour: float = COLOUR, name: str = "a", *, accepted: bool = True, at_s: float = AT_S
) -> Reference:
    signature = signature_of(picture, colour, 640)
    return Reference(name, signature, light_of(signature), accepted, at_s)


class Days:
    """An eye that is shown pictures, fifty seconds apart, from eight in the morning on."""

    def __init__(self, *references: Reference, hour: float = 8.0) -> None:
        self.eye = Eye(references)
        self.at_s = hour * 3600

    def see(self, picture: Picture, colour: float = COLOUR, *, after_s: float = 50.0) -> Reading:
        self.at_s += after_s
        when = When(AT_S + self.at_s, int(self.at_s % 86_400 // 1800), int(self.at_s // 86_400))
        return self.eye.see(signature_of(picture, colour, 640), None, when)

    def well(self, looks: int = 4) -> Days:
        """So many pictures of the street as it is."""
        for seed in range(looks):
            assert (reading := self.see(shot(seed=seed))).verdict == "well", reading
        return self


def day() -> Days:
    made = Days(reference(shot(seed=99)))
    assert made.eye.references[0].light is Light.DAY
    return made.well()
