"""A camera's day: the same from one seed, bright by day, without colour by infrared, elsewhere when it turns."""

from __future__ import annotations

import numpy as np
import pytest

from luytre.simulate.day import HEIGHT_PX, WIDTH_PX, DayCamera, Habits

VIEW = np.random.default_rng(1).integers(20, 236, (11, 22)).repeat(20, 0).repeat(20, 1).astype(np.float32)
CALM = Habits(traffic=0, fog=0, rain=0, sway_px=0)


@pytest.mark.parametrize("hour", [5.6, 12, 22])
def test_a_day_can_be_had_again(hour: float) -> None:
    first, again, other = (DayCamera(VIEW, Habits(), seed).see(hour * 3600) for seed in (3, 3, 4))
    assert first.grey.shape == (HEIGHT_PX, WIDTH_PX)
    assert (first.grey == again.grey).all()
    assert (first.grey != other.grey).mean() > 0.5


def test_night_is_dark_without_lamps_and_without_colour_by_infrared() -> None:
    dark = DayCamera(VIEW, Habits(has_infrared=False, lamps=0, traffic=0, fog=0, rain=0), 1)
    infrared = DayCamera(VIEW, CALM, 1)
    noon, night = dark.see(12 * 3600), dark.see(22 * 3600)
    assert noon.grey.mean() > night.grey.mean() + 30
    assert noon.colour > 5
    assert infrared.see(22 * 3600).colour < 1 < night.colour


def test_a_camera_that_turns_sees_what_lies_beside() -> None:
    seen = DayCamera(VIEW, CALM, 1).see(12 * 3600, 20, 10).grey.astype(int)
    turned = DayCamera(VIEW, CALM, 1).see(12 * 3600, 40, 10).grey.astype(int)
    assert np.abs(turned[:, :-20] - seen[:, 20:]).mean() < np.abs(turned - seen).mean() / 3
