"""What single pictures tell: faults are found, and what is none is not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from luytre.base.verdicts import Light, Verdict
from luytre.media.look.eye import Eye, When
from luytre.media.look.glance import glance_of
from luytre.media.look.reference import Reference
from luytre.media.look.signature import signature_of, unpack
from luytre.media.look.sizes import COLUMNS, LARGE_HEIGHT_PX, LARGE_WIDTH_PX, PACKED_BYTES, ROWS
from tests.media.look.pictures import AT_S, Days, Picture, behind_lorry, day, defocused, levels, reference, shot, street

SHAPE = (LARGE_HEIGHT_PX, LARGE_WIDTH_PX)


def verdicts(days: Days, picture: Picture, looks: int = 3, colour: float = 10.0) -> list[Verdict | None]:
    return [days.see(picture, colour, after_s=15).verdict for _ in range(looks)]


@pytest.mark.parametrize(("part", "dx"), [(0.05, -8), (0.08, -13), (0.15, -24), (0.4, -64)])
def test_a_view_that_has_turned_is_found_and_by_how_much(part: float, dx: int) -> None:
    reading = day().see(shot(160 + round(part * LARGE_WIDTH_PX), seed=7))
    assert reading.verdict is Verdict.TURNED
    assert abs(reading.dx - dx) <= 1
    assert reading.dy == 0


def test_a_view_that_has_sunk_is_found() -> None:
    reading = day().see(shot(160, 20, seed=7))
    assert (reading.verdict, reading.dy) == (Verdict.TURNED, 10)


def test_another_view_altogether_is_told_when_the_next_picture_shows_it_too() -> None:
    elsewhere = levels(street(5)[30 : 30 + LARGE_HEIGHT_PX, :LARGE_WIDTH_PX])
    assert verdicts(day(), elsewhere) == [None, Verdict.TURNED, Verdict.TURNED]


@pytest.mark.parametrize(("hour", "gain"), [(8.0, 0.4), (6.0, 1.0), (18.0, 1.0)], ids=["fog", "dawn", "dusk"])
def test_what_is_left_in_thick_fog_or_seen_in_twilight_is_no_other_view(hour: float, gain: float) -> None:
    days = Days(reference(shot(seed=99)), hour=hour).well()
    elsewhere = levels(street(5)[30 : 30 + LARGE_HEIGHT_PX, :LARGE_WIDTH_PX] * gain + 150 * (1 - gain))
    assert verdicts(days, elsewhere) == [None] * 3


def test_what_is_another_picture_each_time_is_no_other_view() -> None:
    days = day()
    crowds = [levels(street(seed)[30 : 30 + LARGE_HEIGHT_PX, :LARGE_WIDTH_PX]) for seed in (5, 6, 7)]
    assert [days.see(crowd).verdict for crowd in crowds] == [None, None, None]


@pytest.mark.parametrize("left", [159, 161, 163])
def test_a_pole_that_sways_has_not_turned(left: int) -> None:
    assert day().see(shot(left, seed=7)).verdict is Verdict.WELL


@pytest.mark.parametrize("level", [5, 17])
def test_a_camera_that_goes_black_by_day_is_dark(level: int) -> None:
    assert verdicts(day(), np.full(SHAPE, level, np.uint8), 2) == [Verdict.DARK] * 2


@pytest.mark.parametrize("picture", [np.full(SHAPE, 110, np.uint8), np.full(SHAPE, 250, np.uint8), defocused(shot(), 40)])
def test_what_lies_on_the_lens_covers_it(picture: Picture) -> None:
    assert set(verdicts(day(), picture)) <= {Verdict.COVERED, Verdict.BLURRED}


def test_what_covers_the_view_slowly_may_be_fog_and_is_told_when_it_stays_for_hours() -> None:
    days = day()
    for clear in np.linspace(1, 0.02, 30):
        assert days.see(shot(gain=float(clear), lift=200 * (1 - float(clear)))).verdict in (Verdict.WELL, None)
    fog = shot(gain=0.02, lift=196)
    assert set(verdicts(days, fog)) == {None}
    assert [days.see(fog, after_s=1800.0).verdict for _ in range(9)] == [None] * 7 + [Verdict.COVERED] * 2


@pytest.mark.parametrize("radius", [1, 2, 4, 8])
def test_a_lens_out_of_focus_is_blurred(radius: int) -> None:
    assert day().see(defocused(shot(seed=7), radius)).verdict is Verdict.BLURRED


@pytest.mark.parametrize("radius", [6, 10, 14])
def test_a_lens_far_out_of_focus_is_told_though_nobody_saw_it_go(radius: int) -> None:
    days = Days(reference(shot(seed=99)))
    assert set(verdicts(days, defocused(shot(seed=7), radius))) == {Verdict.BLURRED}


@pytest.mark.parametrize(("gain", "lift"), [(0.6, 0), (0.7, 70), (1.3, 0), (0.35, 100)])
def test_exposure_and_haze_are_no_fault(gain: float, lift: float) -> None:
    assert day().see(shot(gain=gain, lift=lift, noise=3, seed=7)).verdict is Verdict.WELL


@pytest.mark.parametrize("part", [0.3, 0.5, 0.7, 0.8])
def test_a_lorry_in_front_is_no_fault(part: float) -> None:
    days = day()
    assert set(verdicts(days, behind_lorry(shot(seed=7), part), 6)) <= {Verdict.WELL, None}
    assert days.see(shot(seed=8)).verdict is Verdict.WELL


def test_without_a_reference_nothing_is_told_but_what_is_black_all_of_a_sudden() -> None:
    days = Days()
    assert days.see(shot()).verdict is Verdict.NO_REFERENCE
    assert days.see(defocused(shot(), 6)).verdict is Verdict.NO_REFERENCE
    assert days.see(np.zeros(SHAPE, np.uint8)).verdict is Verdict.DARK


def test_a_night_that_is_always_black_is_no_fault_and_one_that_never_was_is() -> None:
    def night(days: Days, nights: int, gain: float) -> list[Verdict | None]:
        said = []
        for _ in range(nights):
            days.at_s += 86_400 - days.at_s % 86_400 + 17 * 3600
            for clear in np.linspace(1, gain, 20):
                said.append(days.see(shot(gain=float(clear)), after_s=300).verdict)
            days.at_s += 12 * 3600
            days.see(shot())
        return said

    assert Verdict.DARK not in night(day(), 4, 0.01)
    lit = day()
    assert Verdict.DARK not in night(lit, 2, 0.3)
    assert Verdict.DARK in night(lit, 1, 0.01)


def test_an_infrared_night_is_learnt_and_then_judged() -> None:
    by_day = reference(shot(seed=1))
    days = Days(by_day)
    night = levels(255 - shot(seed=2).astype(np.float32) * 0.6)  # much is turned round by infrared
    assert days.see(night, 0.2).light is Light.NIGHT_IR
    days.eye.references = (by_day, reference(night, 0.2, "b", accepted=False))
    assert days.see(night, 0.2).verdict is Verdict.WELL
    turned = [days.see(np.roll(night, shift, axis=1), 0.2).verdict for shift in (40, 40, -60, 80)]
    assert turned == [None, Verdict.TURNED, None, None]  # in the dark it must go the same way twice


def test_two_pictures_that_are_the_same_to_the_pixel_are_frozen_and_noise_is_not() -> None:
    def see(eye: Eye, index: int, seed: int, after_s: float) -> Verdict | None:
        luma = shot(seed=seed)
        signature = signature_of(luma, 10.0, 640)
        return eye.see(signature, glance_of(luma, signature.grey), When(AT_S + index * after_s, 20, 1)).verdict

    eye = Eye((reference(shot(seed=1)),))
    assert [see(eye, index, 3, 50.0) for index in range(4)] == [Verdict.WELL, *[Verdict.FROZEN] * 3]
    assert see(eye, 4, 4, 50.0) is Verdict.WELL
    assert [see(Eye(eye.references), index, index, 50.0) for index in range(3)] == [Verdict.WELL] * 3
    quick = Eye(eye.references)
    assert [see(quick, index, 3, 15.0) for index in range(5)] == [Verdict.WELL, None, None, Verdict.FROZEN, Verdict.FROZEN]


def test_a_clock_in_the_corner_does_not_hide_that_the_picture_stands_still() -> None:
    first, second = shot(), shot()
    second[4:14, 10:120] = 255 - second[4:14, 10:120]
    grey = signature_of(first).grey
    assert glance_of(second, signature_of(second).grey).is_same(glance_of(first, grey))
    moved = first.copy()
    moved[90:100, 37:43] = 255 - moved[90:100, 37:43]
    assert not glance_of(moved, signature_of(moved).grey).is_same(glance_of(first, grey))


pictures = st.one_of(
    st.integers(0, 255).map(lambda level: np.full(SHAPE, level, np.uint8)),
    arrays(np.uint8, (9, 16)).map(lambda cells: np.kron(cells, np.ones((20, 20), np.uint8))),
    st.integers(0, 2**32 - 1).map(lambda seed: np.random.default_rng(seed).integers(0, 256, SHAPE, dtype=np.uint8)),
)


@settings(max_examples=40, deadline=None)
@given(
    seen=st.lists(st.tuples(pictures, st.floats(0, 180), st.floats(0, 1e5)), min_size=1, max_size=4),
    known=st.lists(pictures, max_size=2),
)
def test_no_picture_makes_it_fail_and_every_signature_comes_back_whole(
    seen: list[tuple[Picture, float, float]], known: list[Picture]
) -> None:
    days = Days(*(reference(picture, name=str(index)) for index, picture in enumerate(known)))
    for picture, colour, after_s in seen:
        reading = days.see(picture, colour, after_s=after_s)
        assert 0 <= reading.score <= 1
        if not known:
            assert reading.verdict in (Verdict.NO_REFERENCE, Verdict.DARK, None)
        signature = signature_of(picture, colour, 704)
        back = unpack(signature.pack())
        assert (back.grey == signature.grey).all()
        assert (back.fine == signature.fine).all()
        assert (back.coarse == signature.coarse).all()
        assert back.source_width_px == 704


@settings(max_examples=25, deadline=None)
@given(gain=st.floats(0.0, 0.4), less=st.floats(0.0, 1.0))
def test_what_is_dark_stays_dark_when_it_is_darker(gain: float, less: float) -> None:
    def is_dark(gain: float) -> bool:
        return day().see(shot(gain=gain, noise=0, seed=3)).verdict is Verdict.DARK

    if is_dark(gain):
        assert is_dark(gain * less)


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=64) | st.integers(0, 2**32 - 1).map(lambda seed: np.random.default_rng(seed).bytes(PACKED_BYTES)))
def test_what_is_no_signature_is_refused_or_has_numbers_that_can_be(data: bytes) -> None:
    try:
        signature = unpack(data)
    except ValueError:
        return
    assert signature.fine.shape == (ROWS, COLUMNS)
    assert np.isfinite(signature.coarse).all()
    Reference("a", signature, Light.DAY, True, 0.0)


@pytest.mark.parametrize("shape", [(180, 319), (90, 160), (0, 0)])
def test_a_picture_of_another_size_is_refused(shape: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="picture"):
        signature_of(np.zeros(shape, np.uint8))
