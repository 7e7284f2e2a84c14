"""What outlives a child, and what may be told of a loss that nobody saw come."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luytre.base.verdicts import Light, Verdict
from luytre.media.look.eye import Eye
from luytre.media.look.history import AWAY_S, History, Past
from luytre.media.look.memory import history_of, memory_of
from tests.media.look.pictures import Days, Picture, levels, reference, shot

BLACK = np.zeros((180, 320), np.uint8)
BAG = np.full((180, 320), 120, np.uint8)
times = st.none() | st.floats(0, 4e9)
days = st.binary(min_size=48, max_size=48).map(
    lambda bits: tuple(frozenset(739_000 + day for day in range(8) if each >> day & 1) for each in bits)
)


@settings(max_examples=60, deadline=None)
@given(
    last=st.builds(Past, st.floats(0, 4e9), st.booleans(), st.tuples(st.integers(-72, 72), st.integers(-37, 37))),
    light=st.none() | st.sampled_from(Light), lit=times, lost=times, suddenly=st.tuples(st.booleans(), st.booleans()),
    shown=st.integers(0, 1000), black=days, lit_days=days,
)  # fmt: skip
def test_all_but_the_pictures_comes_back(
    last: Past, light: Light | None, lit: float | None, lost: float | None, suddenly: tuple[bool, bool], shown: int,
    black: tuple[frozenset[int], ...], lit_days: tuple[frozenset[int], ...],
) -> None:  # fmt: skip
    history = History(
        last, light, lit, shown, lost, suddenly[0], suddenly[1], day=739_007, black_days=black, lit_days=lit_days
    )  # fmt: skip
    memory = memory_of(history)
    back = history_of(memory)
    assert len(memory) < 700
    assert (back.light, back.shown, back.lit_at_s, back.lost_at_s) == (light, shown, lit, lost)
    assert (back.lost_suddenly, back.went_black_suddenly) == suddenly
    assert (back.black_days, back.lit_days) == (black, lit_days)
    assert back.last is not None
    assert (back.last.is_black, back.last.moved) == (last.is_black, last.moved)
    assert abs(back.last.at_s - last.at_s) <= 0.1
    assert memory_of(back) == memory


GOOD = json.loads(memory_of(History(Past(5.0, False), Light.DAY, day=3)))
numbers = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.lists(st.integers(), max_size=7)


KNOWN, SEEN = reference(shot(seed=1)), shot(seed=2)


@settings(max_examples=100, deadline=None)
@given(what=st.sampled_from(sorted(GOOD)), value=numbers)
def test_a_memory_that_is_changed_makes_no_look_fail(what: str, value: object) -> None:
    try:
        memory = json.dumps(GOOD | {what: value})
    except ValueError:
        return
    days = Days(KNOWN)
    days.eye.history = history_of(memory)
    assert memory_of(history_of(memory_of(days.eye.history))) == memory_of(days.eye.history)
    assert days.see(SEEN).verdict is Verdict.WELL
    assert days.see(BLACK).verdict in (Verdict.DARK, Verdict.NO_REFERENCE, None)
    assert history_of(memory_of(days.eye.history)).last is not None


@pytest.mark.parametrize("memory", ["", "{", "[]", "null", '{"format":2}', '{"format":1}', "\x00"])
def test_what_is_no_memory_is_as_if_there_were_none(memory: str) -> None:
    assert history_of(memory) == History()
    assert memory_of(History()) == ""


def restarted(days: Days) -> Days:
    """Another child, with what the one before remembered."""
    days.eye = Eye(days.eye.references, history_of(memory_of(days.eye.history)))
    return days


def said(days: Days, picture: Picture, after_s: float, colour: float = 10.0) -> list[Verdict | None]:
    return [days.see(picture, colour, after_s=wait_s).verdict for wait_s in (after_s, 15.0)]


def day(hour: float = 9.0) -> Days:
    return Days(reference(shot(seed=99)), hour=hour).well()


@pytest.mark.parametrize(("picture", "verdict"), [(BAG, Verdict.COVERED), (BLACK, Verdict.DARK)])
def test_a_lens_that_was_covered_before_a_restart_is_covered_after_it(picture: Picture, verdict: Verdict) -> None:
    days = day(7.0)  # early: an hour at which a loss that nobody saw is not told
    assert said(days, picture, 50.0) == [verdict] * 2
    assert said(restarted(days), picture, 1200.0) == [verdict] * 2
    assert restarted(days).see(shot(seed=5)).verdict is Verdict.WELL


@pytest.mark.parametrize(("picture", "verdict"), [(BAG, Verdict.COVERED), (BLACK, Verdict.DARK)])
@pytest.mark.parametrize("away_s", [300.0, AWAY_S - 300])
def test_a_lens_that_was_covered_while_nobody_looked_is_told_by_day(picture: Picture, verdict: Verdict, away_s: float) -> None:
    assert said(restarted(day(11.0)), picture, away_s) == [verdict] * 2


@pytest.mark.parametrize("hour", [7.0, 16.3, 17.2])
@pytest.mark.parametrize(
    "picture",
    [BAG, BLACK, shot(gain=0.02, lift=196), levels(shot(gain=0.12).astype(np.float32))],
    ids=["bag", "black", "fog", "dusk"],
)
def test_fog_and_dusk_that_come_while_nobody_looks_are_no_fault(picture: Picture, hour: float) -> None:
    assert not set(said(restarted(day(hour)), picture, AWAY_S - 300)) & {Verdict.COVERED, Verdict.DARK, Verdict.TURNED}


def test_of_a_loss_before_a_long_time_without_looks_nothing_is_known() -> None:
    days = day(15.0)
    assert said(days, BAG, 50.0) == [Verdict.COVERED] * 2
    assert said(restarted(days), BAG, 16 * 3600.0) == [None] * 2


def test_how_dark_the_hours_usually_are_is_known_after_a_restart() -> None:
    days = day(22.0)
    for _ in range(3):
        restarted(days).see(BLACK, after_s=7200.0)
        days.see(shot(), after_s=22 * 3600.0)
    assert {days.see(BLACK, after_s=wait_s).verdict for wait_s in (7200.0, 15.0)} == {None}
    lit = day(22.0)
    restarted(lit).see(shot(), after_s=86_400.0)
    assert said(restarted(lit), BLACK, 86_400.0) == [Verdict.DARK] * 2
