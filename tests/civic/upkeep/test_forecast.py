"""For how many days the disk keeps footage. Pure: against a simulation day by day."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from luytre.civic.upkeep.forecast import Kind, Load, forecast, kept_days, proposals

GB = 10**9


def test_a_disk_that_fills_before_its_days_are_full() -> None:
    loads = [Load("a", 40 * GB, 30, 10), Load("b", 40 * GB, 30, 10)]
    found = forecast(loads, 800 * GB, 800 * GB)
    assert (found.space_bytes, found.needed_bytes) == (1600 * GB, 2400 * GB)
    assert (found.kept_days, found.short_in_days) == (20, 10)
    by_kind = {(one.kind, one.amount): one for one in proposals(loads, found)}
    assert by_kind[Kind.DISK, 2 * 10**12].enough
    assert (Kind.DISK, 4 * 10**12) not in by_kind
    limited = by_kind[Kind.BITRATE, 2_000_000]
    assert (limited.cameras, limited.enough, round(limited.saved_bytes / GB)) == (2, True, 1104)
    assert by_kind[Kind.GOP, 0].gained_days == pytest.approx(20 / 0.83 - 20)
    assert (Kind.BITRATE, 4_000_000) not in by_kind  # none sends more than that


def test_a_disk_that_will_do_and_one_that_is_full_already() -> None:
    loads = [Load("a", 40 * GB, 30, 30)]
    fine = forecast(loads, 1200 * GB, 100 * GB)
    assert (fine.kept_days, fine.short_in_days, proposals(loads, fine)) == (30, None, [])
    full = forecast([Load("a", 40 * GB, 30, 12)], 480 * GB, 0)
    assert (full.kept_days, full.short_in_days) == (12, 0)
    assert forecast([], 0, 10).is_kept


def test_what_is_held_or_of_cameras_that_are_gone_is_no_room() -> None:
    found = forecast([Load("a", 40 * GB, 30, 10)], 900 * GB, 400 * GB)
    assert (found.space_bytes, found.kept_days, found.short_in_days) == (800 * GB, 20, 10)


def test_days_with_holes_are_fewer_than_they_look() -> None:
    found = forecast([Load("a", 40 * GB, 30, 20)], 400 * GB, 400 * GB)
    assert (found.space_bytes, found.kept_days, found.short_in_days) == (800 * GB, 20, 10)


LOADS = st.lists(
    st.builds(Load, st.sampled_from("abc"), st.floats(0.1, 100), st.integers(1, 60), st.floats(0, 60)), min_size=1, max_size=6
)


@given(LOADS, st.floats(0, 5000))
@example([Load("a", 1.0, 1, 0.0), Load("a", 31.09665202274966, 18, 18.0)], 1.0)
def test_the_days_kept_are_what_fits_and_the_promise_breaks_when_it_no_longer_does(loads: list[Load], room: float) -> None:
    loads = [Load(one.camera, one.bytes_a_day, one.promised_days, min(one.depth_days, one.promised_days)) for one in loads]
    used = sum(one.bytes_after(0) for one in loads)
    found = forecast(loads, used, room)
    days = kept_days(loads, found.space_bytes)
    assert sum(one.bytes_a_day * min(days, one.promised_days) for one in loads) <= found.space_bytes * (1 + 1e-8) + 1e-6
    if found.short_in_days is None:
        assert found.needed_bytes <= found.space_bytes
        assert days == max(one.promised_days for one in loads)
    else:
        then = sum(one.bytes_after(found.short_in_days) for one in loads)
        assert then == pytest.approx(found.space_bytes, rel=1e-6, abs=1e-3) or found.short_in_days == 0
        assert sum(one.bytes_after(found.short_in_days + 1e-3) for one in loads) >= found.space_bytes - 1e-3
        for one in proposals(loads, found):
            assert one.gained_days >= -1e-9
