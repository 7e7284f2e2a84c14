"""The public page: rebuilt from an export of the logs it is the one that is shown; it names nobody; it is kept a while."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from luytre.base.errors import UsageError
from luytre.civic.access.looks import Reason
from luytre.civic.access.models import Look, LookKind, User
from luytre.civic.chain.export import verify_export
from luytre.civic.chain.proof import exported
from luytre.civic.ledger import desk as ledger
from luytre.civic.ledger.models import Posting
from luytre.civic.openness import page
from luytre.civic.openness.few import Told
from luytre.civic.openness.figures import public_figures
from luytre.civic.openness.log import from_export, from_tables
from luytre.civic.openness.models import PublicPage
from luytre.civic.periods import Period, Sort, parse
from luytre.civic.registry.models import Camera
from luytre.civic.rights import breaches
from luytre.civic.rights import desk as rights
from luytre.civic.rights.kinds import Decision as Answer
from luytre.civic.rights.kinds import Right, Subject
from luytre.civic.rights.taking import ClaimDraft
from luytre.civic.rights.taking import take as take_claim
from luytre.civic.workdays.days import built_in
from tests.civic.ledger.cast import money
from tests.civic.reports.quarter import AUGUST, KEY, NOW, QUARTER, busy_quarter, closed, incident, look

pytestmark = pytest.mark.django_db
PERIODS = ("2026-07", "2026-08", "2026-Q2", "2026-Q3")


@pytest.fixture
def head(tmp_path: Path, request: pytest.FixtureRequest) -> User:
    request.getfixturevalue("settings").LUYTRE_SECRETS_DIR = tmp_path / "secrets"
    return busy_quarter(tmp_path)


def told(period: Period = QUARTER) -> dict[tuple[str, str], Told]:
    return {(one.group, one.key): one.told for one in page.compute(period).lines}


def test_rebuilt_from_an_exported_log_it_is_the_one_that_is_shown(head: User) -> None:
    for day in range(6):
        money(head, 100_000, at=NOW, day=(AUGUST + timedelta(days=day)).date())
    claims(head)
    ledger.reverse(head, Posting.objects.filter(kind="money").last(), "nhầm", NOW)  # type: ignore[arg-type]
    lines = list(exported())
    rows, faults = verify_export(lines, None)
    assert (rows > 20, faults) == (True, [])
    for key in PERIODS:
        period = parse(key)
        span = period.span(page.zone())
        assert from_export(lines, span) == from_tables(span)
        rebuilt = public_figures(period, from_export(lines, span), page.beside_of(period), page.zone())
        assert rebuilt == page.figures_of(period) == page.figures_of(period)


def claims(head: User) -> None:
    """Six answered in time, five not within their term (one decided late, four never), one withdrawn, all of August; a breach."""
    draft = ClaimDraft(Right.DELETE, Subject.OTHER, "Xin xóa.", name="Nguyễn Thị Mận", phone="0912 345 678")
    one, *rest = (take_claim(draft, f"{n:032x}", KEY, built_in([2026]), AUGUST).claim for n in range(12))
    rights.withdraw(one, AUGUST + timedelta(hours=1))
    for number, each in enumerate(rest[:7]):
        days = 40 if number == 6 else 0
        rights.decide(head, each, rights.Deciding(Answer.GRANTED, "Được."), AUGUST + timedelta(days=days, hours=2))
    file = breaches.open_file(head, breaches.Account(AUGUST, "Mất máy.", "Hình.", None, ""), "a", AUGUST)
    breaches.notify(head, file, AUGUST, "Công văn 12", AUGUST)
    breaches.decide_telling(head, file, "told", "Gọi điện.", AUGUST)
    breaches.close(head, file, "confirmed", "Khóa tủ.", AUGUST)


def test_each_claim_is_told_once_by_its_first_answer_or_the_end_of_its_term(head: User) -> None:
    before = page.figures_of(QUARTER)
    claims(head)
    found = told()
    assert page.figures_of(QUARTER) != before
    assert found["claims", "in_time"] == Told(6, exact=True)
    assert found["claims", "late"] == Told(5, exact=True)  # the one that was decided late is late alone
    assert found["claims", "withdrawn"] == found["breaches", ""] == Told(0, exact=False)
    assert told(parse("2026-Q2"))["claims", "late"] == told(parse("2026-Q4"))["claims", "in_time"] == Told(0, exact=True)
    assert told(parse("2026-09"))["claims", "late"] == Told(5, exact=True)


def test_counts_are_those_of_the_log_and_small_ones_are_not_told(head: User) -> None:
    found = told()
    assert found["history", "incident"] == Told(6, exact=True)
    assert found["export", ""] == Told(0, exact=False)
    assert found["live", ""] == Told(0, exact=True)
    assert found["incidents", "solved_footage"] == Told(0, exact=False)
    assert found["incidents", "nothing"] == Told(0, exact=True)
    assert found["complaints", ""] == Told(0, exact=False)
    [history] = page.compute(QUARTER).of("history")
    assert [(one.hamlets, one.value) for one in history.hamlets] == [(("Thôn Đông",), 6)]
    assert page.compute(parse("2026-08")).of("history")[0].hamlets == ()


def test_solved_with_footage_is_what_a_look_named(head: User) -> None:
    """Its number, however it was written; and an incident that was opened again in that month has not ended."""
    camera = Camera.objects.order_by("key")[0]
    for number in range(5):
        one = incident(head, AUGUST + timedelta(days=8))
        look(head, camera, LookKind.HISTORY, AUGUST + timedelta(days=8), Reason("incident", f" 0{one.number} / 2026"))
        closed(head, one, AUGUST + timedelta(days=9, minutes=number))
    assert told()["incidents", "solved_footage"] == Told(6, exact=True)


def test_nobody_and_no_camera_is_named(head: User) -> None:
    said = str(asdict(page.compute(QUARTER)))
    names = ("Năm", "Mận", "0912", *Camera.objects.values_list("key", flat=True), *Camera.objects.values_list("code", flat=True))
    assert not [name for name in names if name in said]


def test_gifts_of_a_quarter_that_are_few_are_left_out_and_the_year_says_at_least(head: User) -> None:
    assert page.compute(QUARTER).money.came_vnd == 0
    assert not page.compute(QUARTER).money.exact
    for _number in range(5):
        money(head, 100_000, at=AUGUST, day=AUGUST.date())
    found = page.compute(QUARTER).money
    assert (found.came_vnd, found.spent_vnd, found.exact) == (2_500_000, 500_000, True)
    assert page.compute(parse("2026-08")).money.came_vnd is None
    by_hamlet = page.gifts_by_hamlet(QUARTER, page.compute(QUARTER))
    assert sum(one.value for one in by_hamlet) == 2_500_000
    assert page.gifts_by_hamlet(parse("2026-Q2"), page.compute(parse("2026-Q2"))) == ()


def test_it_is_kept_until_a_log_has_another_row_of_the_period(head: User) -> None:
    page.figures_of(QUARTER)
    PublicPage.objects.update(content=PublicPage.objects.get().content.replace('"value": 6', '"value": 66'))
    assert page.figures_of(QUARTER).of("history")[0].told.value == 66
    camera = Camera.objects.order_by("key")[0]
    look(head, camera, LookKind.LIVE, NOW)  # of another period
    assert page.figures_of(QUARTER).of("history")[0].told.value == 66
    look(head, camera, LookKind.LIVE, AUGUST)
    assert page.figures_of(QUARTER).of("history")[0].told.value == 6
    assert PublicPage.objects.count() == 1


def test_only_what_is_over_and_was_there_is_published(head: User) -> None:
    for key in ("2026-11", "2026-Q4", "2026", "2026-W40", "2026-H1", "2025", "x"):
        with pytest.raises(UsageError):
            page.published(key, NOW)
    assert page.published("2026-Q3", NOW) == QUARTER == page.newest(NOW)
    offered = page.offered(NOW)
    assert [one.key for one in offered[Sort.QUARTER]] == ["2026-Q3", "2026-Q2", "2026-Q1"]
    assert (len(offered[Sort.MONTH]), offered[Sort.YEAR]) == (10, [])
    User.objects.update(created=datetime(2026, 11, 20, tzinfo=UTC))
    assert page.newest(NOW) is None
    assert Look.objects.exists()
