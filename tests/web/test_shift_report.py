"""The report of a shift: what stands in it and what never does, over a shift and over a day, on the screen and on paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from luytre.civic.access.models import Role, User
from luytre.civic.bulletins import desk as bulletins
from luytre.civic.incidents import desk, shifts
from luytre.civic.incidents.clocks import escalate
from luytre.civic.incidents.desk import Ending
from luytre.civic.incidents.models import ShiftStep
from luytre.civic.registry.models import Hamlet
from luytre.civic.tips.models import Tip
from luytre.civic.upkeep.faults import Fault
from luytre.civic.upkeep.models import Ticket
from luytre.web import shift_report
from luytre.web.shift_report import Span, report_of, span_of_day, span_of_shift
from tests.civic.bulletins.cast import issued
from tests.civic.incidents.test_incidents import opened
from tests.web.cast import camera, person

LogIn = Callable[[User], Client]
EVENING = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
"""18:00 in the commune."""
HOUR = timedelta(hours=1)


def rows(span: Span, title: str) -> list[tuple[str, ...]]:
    with translation.override("vi"):
        [found] = [one for one in report_of(span, span.end).tables if one.title == title]
    return list(found.rows)


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(-100, 100))
def test_a_day_is_whole_or_as_far_as_it_has_gone(day: date, hours: int) -> None:
    noon = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)  # 12:00 in the commune
    now = noon + hours * HOUR
    span = span_of_day(day, now)
    assert span.start == noon - 12 * HOUR
    assert span.end == max(span.start, min(now, noon + 12 * HOUR))


@pytest.mark.django_db
def test_a_shift_goes_on_until_somebody_else_takes_over() -> None:
    day, night = person(Role.DUTY, "day"), person(Role.DUTY, "night")
    assert span_of_shift(None, EVENING) is None
    shifts.take_over(day, "", EVENING - 8 * HOUR)
    shifts.note(day, "Yên", EVENING - HOUR)
    shifts.take_over(night, "", EVENING)
    first, note, second = ShiftStep.objects.values_list("seq", flat=True)
    now = EVENING + 2 * HOUR
    assert span_of_shift(None, now) == span_of_shift(second, now) == Span(EVENING, now)
    assert span_of_shift(first, now) == Span(EVENING - 8 * HOUR, EVENING)
    assert span_of_shift(note, now) is None
    both = Span(EVENING - HOUR, now)
    assert rows(both, "Người trực") == [
        ("day", "24/11/2026 17:00", "24/11/2026 18:00"), ("night", "24/11/2026 18:00", "24/11/2026 20:00"),
    ]  # fmt: skip
    assert [row[3] for row in rows(both, "Giao nhận ca và ghi chép trong sổ")] == ["Yên", ""]


@pytest.mark.django_db
def test_numbers_kinds_and_places_and_nobody_s_words() -> None:
    duty, east = person(Role.DUTY), Hamlet.objects.create(name="Thôn Đông")
    shifts.take_over(duty, "", EVENING)
    at = EVENING + HOUR
    early = opened(duty, at=EVENING - HOUR, title="Bà Mận kêu cứu")
    one = opened(duty, at=at, hamlet=east, title="Bà Mận kêu cứu", words="0912 345 678", place="nhà bà Mận")
    desk.close(duty, early, Ending("settled", "bà Mận đồng ý"), at)
    assert one.due is not None
    escalate(one.due)
    for number, kind in enumerate(("fire", "theft", "theft")):
        Tip.objects.create(code_digest=str(number), received=at, kind=kind, words="bà Mận")
    Tip.objects.create(code_digest="x", received=EVENING - HOUR, kind="theft", state="closed", closed=at, end="done")
    gate = camera("Cổng chợ")
    Ticket.objects.create(fault=Fault.DOWN, camera=gate.key, opened=at)
    sought, over = issued(duty, at=at, days=3), issued(duty, at=at - HOUR, days=3)
    bulletins.tell_seen(duty, sought, bulletins.Seen(at, place="chợ"), at)
    bulletins.close(duty, over, "found", "ở bãi xe", at)
    span = Span(EVENING, EVENING + 3 * HOUR)
    assert [row[:3] for row in rows(span, "Vụ việc đã mở")] == [(one.sign, "đánh nhau, gây rối", "Thôn Đông")]
    assert [row[0] for row in rows(span, "Vụ việc đã đóng")] == [early.sign]
    assert rows(span, "Tin báo theo loại") == [("trộm cắp, cướp giật", "2", "1"), ("cháy, nổ", "1", "0")]
    assert [what.partition(":")[0] for _at, what in rows(span, "Báo động")] == ["dân báo", f"vụ việc {one.sign}"]
    assert [row[0] for row in rows(span, "Sự cố phát sinh và đã xong")] == ["Cổng chợ"]
    [[sign, _kind, plate, until, seen]] = rows(span, "Thông báo truy tìm còn hiệu lực")
    assert (sign, plate, until, seen) == (sought.sign, "15B1-234.56, đỏ, Honda", "27/11/2026", "1")
    said = repr(report_of(span, span.end))
    for never in ("Mận", "0912", "kêu cứu"):
        assert never not in said
    assert rows(Span(EVENING + 5 * HOUR, EVENING + 6 * HOUR), "Vụ việc đã mở") == []


@pytest.mark.django_db
def test_a_long_table_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shift_report, "MOST_ROWS", 2)
    duty = person(Role.DUTY)
    for _number in range(3):
        opened(duty, at=EVENING)
    [table] = [one for one in report_of(Span(EVENING, EVENING + HOUR), EVENING).tables if len(one.rows) == 2]
    assert table.left_out == 1


@pytest.mark.django_db
def test_on_the_screen_and_on_paper(log_in: LogIn) -> None:
    duty = person(Role.DUTY)
    client = log_in(duty)
    assert "Sổ không có ca trực này" in text(client.get("/shifts/report"))
    assert client.get("/shifts/paper").headers["Location"] == "/shifts/report"
    client.post("/shifts/take", {"take_note": "Canh <b>chợ</b> #1 $x \\"})
    seq = ShiftStep.objects.get().seq
    assert f"/shifts/report?shift={seq}" in text(client.get("/shifts"))
    page = text(client.get(f"/shifts/report?shift={seq}"))
    assert "Canh &lt;b&gt;chợ" in page
    assert f"/shifts/paper?shift={seq}" in page
    for query in ("", f"?shift={seq}", "?day=24/11/2025"):
        paper = client.get(f"/shifts/paper{query}")
        assert (paper.headers["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-"), query
    for query in ("?day=31/02/2026", "?day=x", "?day=1/1/2999"):
        wrong = client.get(f"/shifts/report{query}")
        assert (wrong.status_code, "Ghi ngày như" in text(wrong)) == (422, True), query
    for query in ("?shift=x", "?shift=99999", f"?shift={'9' * 40}"):
        assert "Sổ không có ca trực này" in text(client.get(f"/shifts/report{query}")), query
        assert client.get(f"/shifts/paper{query}").status_code == 302


def text(answer: Any) -> str:
    return str(answer.content.decode())
