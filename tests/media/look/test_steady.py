"""From single pictures to what is told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from luytre.base.verdicts import FAULTS, Verdict
from luytre.media.look.steady import PICTURES_FOR_A_FAULT, Steady

said = st.sampled_from([None, *Verdict])
W, D, T, N = Verdict.WELL, Verdict.DARK, Verdict.TURNED, Verdict.NO_REFERENCE


def after(*pictures: Verdict | None) -> Steady:
    steady = Steady()
    for index, verdict in enumerate(pictures):
        steady = steady.hear(verdict, float(index))
    return steady


def test_one_picture_tells_nothing_and_asks_for_another() -> None:
    one = after(W, D)
    assert (one.verdict, one.wants_another) == (W, True)
    two = one.hear(D, 2.0)
    assert (two.verdict, two.since_s, two.wants_another) == (D, 1.0, False)


def test_what_is_not_sure_breaks_a_row_and_ends_nothing() -> None:
    assert after(W, D, None, D).verdict is W
    assert after(W, D, D, None, None).verdict is D
    assert after(W, D, D, W, None, W).verdict is D


def test_a_fault_is_over_when_two_pictures_say_well_and_not_because_nothing_can_be_compared() -> None:
    assert after(W, D, D, W, W).verdict is W
    assert after(W, D, D, N, N, N).verdict is D


def test_one_story_keeps_its_beginning_when_it_changes_its_name() -> None:
    steady = after(W, D, T, T, D)
    assert (steady.verdict, steady.since_s) == (D, 1.0)


def test_dusk_comes_and_goes_at_once() -> None:
    assert [after(W, N).verdict, after(W, N, W).verdict] == [N, W]


@given(st.lists(said, max_size=30))
def test_no_fault_is_told_without_so_many_in_a_row_and_none_ends_without(pictures: list[Verdict | None]) -> None:
    steady = Steady()
    for index, verdict in enumerate(pictures):
        before, steady = steady, steady.hear(verdict, float(index))
        last = pictures[max(0, index + 1 - PICTURES_FOR_A_FAULT) : index + 1]
        if steady.is_fault and not before.is_fault:
            assert len(last) == PICTURES_FOR_A_FAULT
            assert set(last) <= FAULTS
        if before.is_fault and not steady.is_fault:
            assert last == [Verdict.WELL] * PICTURES_FOR_A_FAULT
        assert steady.since_s <= index
