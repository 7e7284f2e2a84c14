"""A light that comes all at once, as infrared does: what proves its first pictures, and what does not."""

from __future__ import annotations

import numpy as np
import pytest

from luytre.base.verdicts import Light, Verdict
from luytre.media.look.renew import FARTHEST_PX
from luytre.media.look.signature import box, signature_of
from luytre.media.look.structure import compare, edges_of
from tests.media.look.pictures import AT_S, Days, Picture, levels, reference, shot

LEAVES = box(np.random.default_rng(9).normal(0, 210, (180, 320)).astype(np.float32), 4)


def infrared(left: int = 160, seed: int = 3, *, much: float = 1.0) -> Picture:
    """Leaves shine that nobody saw by day, and what was light is dark: half of the structure is other structure."""
    return levels(215 - shot(left, seed=seed).astype(np.float32) * 0.6 + LEAVES * much)


def evening() -> Days:
    days = Days(reference(shot(seed=99)), hour=17.5)
    return days.well()


def after_two(days: Days, first: Picture, second: Picture, *, after_s: float = 50.0) -> tuple[int, int] | None:
    """What the second picture of a new light would be kept as."""
    reading = days.see(first, 0.2, after_s=after_s)
    assert days.eye.worth_keeping(signature_of(first, 0.2, 640), reading, AT_S + days.at_s) is None
    reading = days.see(second, 0.2, after_s=15.0)
    return days.eye.worth_keeping(signature_of(second, 0.2, 640), reading, AT_S + days.at_s)


def test_no_reference_of_day_proves_these_pictures() -> None:
    alike = compare(edges_of(signature_of(infrared()).grey), edges_of(signature_of(shot(seed=99)).grey)).kept
    assert 0.25 <= alike < 0.5
    reading = evening().see(infrared(), 0.2)
    assert (reading.light, reading.score < 0.6) == (Light.NIGHT_IR, True)


def test_two_pictures_of_infrared_are_proven_by_the_last_one_before() -> None:
    days = evening()
    assert after_two(days, infrared(seed=4), infrared(seed=5)) == (0, 0)
    learnt = reference(infrared(seed=5), 0.2, "night", accepted=False, at_s=AT_S + days.at_s)
    days.eye.references += (learnt,)
    assert days.see(infrared(seed=6), 0.2).verdict is Verdict.WELL
    assert days.see(infrared(seed=7), 0.2, after_s=3600).verdict is Verdict.WELL


@pytest.mark.parametrize("left", [160 + 4 * FARTHEST_PX, 240, 60])
def test_a_camera_that_turned_as_the_light_changed_is_not_learnt(left: int) -> None:
    assert after_two(evening(), infrared(left, 4), infrared(left, 5)) is None


def test_one_that_turned_between_the_two_is_not_learnt() -> None:
    assert after_two(evening(), infrared(160, 4), infrared(200, 5)) is None


def test_nothing_is_learnt_where_nobody_saw_the_light_change() -> None:
    assert after_two(evening(), infrared(seed=4), infrared(seed=5), after_s=400.0) is None


def test_nothing_is_learnt_of_a_night_that_shares_too_little() -> None:
    assert after_two(evening(), infrared(seed=4, much=6.0), infrared(seed=5, much=6.0)) is None


def test_a_fault_between_breaks_the_proof() -> None:
    days = evening()
    days.see(infrared(seed=4), 0.2)
    for _ in range(2):
        days.see(np.zeros((180, 320), np.uint8), 0.2, after_s=15)
    reading = days.see(infrared(seed=5), 0.2, after_s=150.0)
    assert days.eye.worth_keeping(signature_of(infrared(seed=5), 0.2, 640), reading, AT_S + days.at_s) is None


def test_how_far_the_references_already_lie_from_the_accepted_view_is_carried_along() -> None:
    days = Days(reference(shot(seed=99), accepted=False), hour=17.5).well()
    by = days.eye.references[0]
    object.__setattr__(by, "dx", FARTHEST_PX)
    assert after_two(days, infrared(162, 4), infrared(162, 5)) == (FARTHEST_PX - 1, 0)
    days = Days(by, hour=17.5).well()
    assert after_two(days, infrared(158, 4), infrared(158, 5)) is None
