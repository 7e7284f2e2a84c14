"""Spans typed in two boxes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.when_span import read_span

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 24, 14, 5, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("start", "end", "begins", "ends"),
    [
        ("24/11/2026 08:00:05", "24/11/2026 08:10:00", "24 08:00:05", "24 08:10:00"),
        ("21h30 tối qua", "22h15", "23 21:30:00", "23 22:15:00"),
        ("21h30 tối qua", "22:15", "23 21:30:00", "23 22:15:00"),
        ("23h tối qua", "1h", "23 23:00:00", "24 01:00:00"),
        ("23h30 20/11", "0h15", "20 23:30:00", "21 00:15:00"),
        ("20/11 21:30", "21/11 2:00", "20 21:30:00", "21 02:00:00"),
        ("9 giờ", "9 rưỡi", "24 09:00:00", "24 09:30:00"),
        ("9:30 pm yesterday", "10:15 pm yesterday", "23 21:30:00", "23 22:15:00"),
    ],
)
def test_spans_as_people_type_them(start: str, end: str, begins: str, ends: str) -> None:
    found = read_span(start, end, NOW, ZONE)
    assert [f"{moment.astimezone(ZONE):%d %H:%M:%S}" for moment in (found.start, found.end) if moment] == [begins, ends]


@pytest.mark.parametrize("text", ["", "chợ", "chợ 21h30", "25:00", "30/02/2026 10:00", "24/11/2027 10:00", "\0", "²²:30"])
def test_what_is_no_moment_is_none(text: str) -> None:
    assert read_span(text, "22:00", NOW, ZONE).start is None
    assert read_span("20/11/2026 10:00", text, NOW, ZONE).end is None


PIECES = st.sampled_from(
    ["21", "9", ":", "h", "30", " ", "rưỡi", "tối", "qua", "24/11/2026", "kém", "10", "phút", "giờ", "Chợ", "pm", "-"]
)
TEXT = st.text(max_size=20) | st.lists(PIECES, max_size=6).map("".join)


@given(TEXT, TEXT, st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 hypothesis adds the zone
def test_any_two_texts_are_read_or_not_and_never_lie_ahead(start: str, end: str, now: datetime) -> None:
    found = read_span(start, end, now, ZONE)
    assert all(moment <= now and moment.tzinfo is not None for moment in (found.start, found.end) if moment is not None)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2026, 11, 24), timezones=st.just(ZONE)), st.integers(0, 86_399))  # noqa: DTZ001
def test_what_a_page_wrote_is_read_back(start: datetime, length_s: int) -> None:
    start = start.replace(microsecond=0)
    end = start + timedelta(seconds=length_s)
    found = read_span(f"{start:%d/%m/%Y %H:%M:%S}", f"{end:%d/%m/%Y %H:%M:%S}", NOW + timedelta(days=2), ZONE)
    assert (found.start, found.end) == (start, end)
