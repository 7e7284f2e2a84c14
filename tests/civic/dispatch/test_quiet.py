from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.civic.dispatch.quiet import Quiet, quiet_until

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
times = st.times().map(lambda one: one.replace(second=0, microsecond=0))


@pytest.mark.parametrize(
    ("at", "until"),
    [("24 21:29", None), ("24 21:30", "25 06:00"), ("25 00:00", "25 06:00"), ("25 05:59", "25 06:00"), ("25 06:00", None)],
)
def test_the_night_by_the_communes_clock(at: str, until: str | None) -> None:
    moment = datetime.strptime(f"2026-11-{at}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)
    found = quiet_until(moment.astimezone(UTC), Quiet(), ZONE)
    assert (f"{found:%d %H:%M}" if found else None) == until


@given(times, times, st.integers(0, 600_000))
def test_waiting_ends_outside_within_a_day(start: time, end: time, minute: int) -> None:
    quiet, moment = Quiet(start, end), datetime(2026, 1, 1, tzinfo=ZONE) + timedelta(minutes=minute)
    until = quiet_until(moment, quiet, ZONE)
    if until is not None:
        assert moment < until <= moment + timedelta(days=1)
        assert until.time() == end
    assert start != end or until is None
