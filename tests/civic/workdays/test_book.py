"""The book of days: what was written holds over the proposal, and nothing of it is changed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from luytre.civic.access.models import Role, User
from luytre.civic.chain.proof import prove
from luytre.civic.workdays.book import check_year, holidays, holidays_at, say, year_of
from luytre.civic.workdays.days import after, built_in, is_working
from luytre.civic.workdays.models import DayStep, Said
from tests.web.cast import person

AT = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
WHY = "Thông báo 15/TB"
SAYINGS = (Said.OFF, Said.WORKED, Said.USUAL)


@pytest.fixture
def head(db: None) -> User:
    return person(Role.HEAD)


def test_without_a_line_the_proposal_holds(head: User) -> None:
    assert holidays([2026, 2027]) == built_in([2026, 2027])
    assert holidays_at(AT).years == {2026, 2027, 2028}
    assert all(one.step is None and one.words for one in year_of(2027).days)


def test_the_newest_line_of_a_day_holds_and_a_clock_runs_by_it(head: User) -> None:
    monday = date(2027, 2, 15)
    before = after(date(2027, 2, 12), 1, holidays([2027]))
    say(head, monday, Said.OFF, WHY, AT)
    assert before == monday
    assert after(date(2027, 2, 12), 1, holidays([2027])) == date(2027, 2, 16)
    say(head, date(2027, 2, 13), Said.WORKED, WHY, AT)  # the Saturday before, in exchange
    assert after(date(2027, 2, 12), 1, holidays([2027])) == date(2027, 2, 13)
    say(head, monday, Said.USUAL, "", AT)
    assert is_working(monday, holidays([2027]))
    shown = {one.day: (one.is_off, one.words) for one in year_of(2027).days}
    assert shown[date(2027, 2, 13)] == (False, WHY)
    assert monday not in shown
    assert prove().whole


def test_a_day_of_the_proposal_can_be_taken_out_and_stays_readable(head: User) -> None:
    independence = date(2027, 9, 1)
    say(head, independence, Said.WORKED, WHY, AT)
    assert is_working(independence, holidays([2027]))
    found = next(one for one in year_of(2027).days if one.day == independence)
    assert (found.is_off, found.step is not None and found.step.said) == (False, Said.USUAL)
    say(head, independence, Said.OFF, WHY, AT)
    assert not is_working(independence, holidays([2027]))


@pytest.mark.parametrize(
    ("day", "said", "words", "field"),
    [
        (date(2027, 1, 1), Said.OFF, WHY, "day"), (date(2027, 3, 6), Said.OFF, WHY, "day"),
        (date(2027, 3, 5), Said.WORKED, WHY, "day"), (date(2027, 3, 5), Said.USUAL, "", "day"),
        (date(2024, 12, 31), Said.OFF, WHY, "day"), (date(2030, 1, 2), Said.OFF, WHY, "day"),
        (date(2027, 3, 5), Said.OFF, " ", "words"), (date(2027, 3, 5), Said.OFF, "x" * 121, "words"),
    ],
)  # fmt: skip
def test_what_is_no_news_or_cannot_be_is_refused_at_its_field(head: User, day: date, said: Said, words: str, field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        say(head, day, said, words, AT)
    assert list(caught.value.message_dict) == [field]
    assert not DayStep.objects.exists()


def test_a_year_is_held_against_the_announcement(head: User) -> None:
    assert year_of(2027).checked is None
    check_year(head, 2027, AT)
    checked = year_of(2027).checked
    assert checked is not None
    assert (checked.by, checked.at) == (head, AT)
    assert year_of(2026).checked is None
    assert holidays([2027]) == built_in([2027])
    with pytest.raises(ValidationError):
        check_year(head, 2031, AT)


class AnyLines(TestCase):  # type: ignore[misc]
    @settings(max_examples=30)
    @given(
        st.lists(st.tuples(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.sampled_from([Said.OFF, Said.WORKED, Said.USUAL])))
    )
    def test_a_day_is_what_its_last_taken_line_said(self, lines: list[tuple[date, Said]]) -> None:
        by, last = person(Role.HEAD), {}
        for day, said in lines:
            try:
                say(by, day, said, WHY, AT)
            except ValidationError:
                continue
            last[day] = said
        found = holidays([2026, 2027])
        for day, said in last.items():
            usual = day.weekday() < 5
            assert is_working(day, found) == {Said.OFF: False, Said.WORKED: True, Said.USUAL: usual}[said], day
