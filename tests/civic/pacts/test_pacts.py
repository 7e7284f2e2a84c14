"""Weights add up, what cannot be measured is spread, equals share a rank, a closed quarter is frozen in versions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.ids import new_id
from luytre.civic.access import units
from luytre.civic.access.assignments import Wanted, assign
from luytre.civic.access.models import Role, Unit, UnitKind, User
from luytre.civic.chain.proof import prove
from luytre.civic.committee import tasks
from luytre.civic.committee.tasks import TaskDraft
from luytre.civic.pacts import criteria, figures, quarters, signing
from luytre.civic.pacts.commending import CommendationDraft, commend
from luytre.civic.pacts.criteria import PROPOSAL, LineDraft, SetDraft
from luytre.civic.pacts.figures import Line, UnitFigures, line_of, ranked, total_of
from luytre.civic.pacts.measuring import Counted, Span, measure
from luytre.civic.pacts.models import CriteriaSet, Measure, Pact, Quarter
from luytre.civic.pacts.paper import commendations_of, pact_of, result_of
from luytre.civic.pacts.quarters import Points
from luytre.civic.pacts.signing import PactDraft
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.places import hamlet_unit
from luytre.civic.registry.refusals import said
from luytre.civic.registry.sites import hamlet_named
from luytre.civic.rights import breaches as rights
from luytre.civic.rights.models import Breach
from luytre.civic.signals.models import Called, Sounding
from luytre.civic.upkeep.models import Outage, Ticket, TicketStep, Watching
from tests.web.cast import EARLY, camera, person

NOW = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
AFTER = datetime(2027, 1, 4, 2, 0, tzinfo=UTC)
BEGIN = datetime(2026, 10, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def lines(*weights: int | None, measure: str = Measure.BOARD) -> list[LineDraft]:
    return [LineDraft(f"Tiêu chí {number}", weight, measure) for number, weight in enumerate(weights)]


def a_set(by: User, audience: str = "hamlet", of: list[LineDraft] | None = None) -> CriteriaSet:
    proposed = [LineDraft(*line) for line in PROPOSAL[audience]]
    return criteria.make(by, SetDraft(new_id(), audience, "Bộ tiêu chí", of or proposed), NOW)


def hamlet(name: str) -> Hamlet:
    found = hamlet_named(name)
    assert found is not None
    return found


def pact(by: User, unit: Unit, of: CriteriaSet, *, signed: bool = True) -> Pact:
    draft = PactDraft(
        new_id(), of, unit, 2026, 3, 4, "Giữ sạch đường", date(2026, 11, 20), "Ông Ba", "Trưởng thôn", "Bà Tư", "Trưởng ban"
    )
    made = signing.draw_up(by, draft, NOW)
    if signed:
        for part in ("unit", "board"):
            signing.sign(by, made, part, NOW, on_paper=True)
    return made


def refused(error: pytest.ExceptionInfo[ValidationError]) -> dict[str, str]:
    return said(error.value, "vi")


# --- pure -------------------------------------------------------------------------------------------------------------
def line(weight: int, measure: str = Measure.BOARD, board: int | None = None) -> Line:
    return Line(weight, 1, "", weight, measure, None, None, None, None, "", board, "", None, False)


COUNTED = st.none() | st.tuples(st.integers(0, 10**7), st.integers(1, 10**7)).map(lambda two: Counted(min(two), max(two)))


@given(st.lists(st.tuples(st.integers(1, 100), COUNTED), min_size=1, max_size=12))
def test_a_total_lies_between_0_and_100_and_what_cannot_be_measured_is_spread(found: list[tuple[int, Counted | None]]) -> None:
    made = [line_of(line(weight, Measure.UPTIME), counted) for weight, counted in found]
    total = total_of(made)
    there = [(weight, counted) for weight, counted in found if counted is not None]
    assert (total is None) == (not there)
    if total is not None:
        exact = 1000 * sum(weight * counted.count / counted.whole for weight, counted in there) / sum(w for w, _c in there)
        assert 0 <= total <= 1000
        assert abs(total - exact) <= 50 * len(there) / sum(w for w, _c in there) + 1
        assert total == total_of([one for one in made if one.final is not None])


@given(st.lists(st.none() | st.integers(0, 1000), max_size=8))
def test_equals_share_a_rank_and_nobody_is_left_out(totals: list[int | None]) -> None:
    units_of = [UnitFigures(number, "", f"Thôn {number}", "hamlet", "", (), total) for number, total in enumerate(totals)]
    made = ranked(units_of)
    assert sorted(one.unit for one in made) == list(range(len(totals)))
    for one in made:
        assert one.rank == (None if one.total is None else 1 + sum(t is not None and t > one.total for t in totals))
    assert [one.total for one in made] == sorted(totals, key=lambda t: -1 if t is None else t, reverse=True)


def test_a_board_that_has_not_scored_is_waited_for_and_halves_go_up() -> None:
    assert line_of(line(10), None).waits
    assert line_of(line(10, board=0), None).final == 0
    assert line_of(line(1, Measure.TASKS), Counted(1, 4)).proposed == 3
    assert line_of(line(20, Measure.TASKS, board=50), Counted(1, 2)).final == 50


# --- criteria and signatures ------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_weights_that_do_not_add_up_are_told_with_their_sum() -> None:
    by = person(Role.COMMITTEE)
    for weights, words in (((60, 35), "là 95, phải bằng 100: còn thiếu 5"), ((60, 45), "là 105, phải bằng 100: thừa 5"),
                           ((100, None), "Tiêu chí 2: trọng số từ 1 đến 100"), ((), "Từ một đến")):  # fmt: skip
        with pytest.raises(ValidationError) as error:
            criteria.make(by, SetDraft(new_id(), "hamlet", "Bộ", lines(*weights)), NOW)
        assert words in refused(error)["weights"]
    with pytest.raises(ValidationError) as error:
        criteria.make(by, SetDraft(new_id(), "union", "Bộ", lines(100, measure=Measure.UPTIME)), NOW)
    assert "không dùng được" in refused(error)["weights"]
    assert [one.number for one in (a_set(by), a_set(by), a_set(by, "union"))] == [1, 2, 1]


@pytest.mark.django_db
def test_two_sign_at_once_and_the_criteria_freeze() -> None:
    by, one = person(Role.COMMITTEE), hamlet("Thôn Đông")
    head_of = User.objects.create_user("dong")
    assign(None, head_of, Wanted(Role.HAMLET_HEAD, place_key(one), first_day=EARLY), NOW)
    of = a_set(by)
    made = pact(by, hamlet_unit(one), of, signed=False)
    with pytest.raises(ValidationError, match="a pact for a quarter"):
        pact(by, hamlet_unit(one), of)
    with pytest.raises(ValidationError) as error:
        pact(by, hamlet_unit(hamlet("Thôn Đoài")), a_set(by, "union"))
    assert list(refused(error)) == ["criteria"]
    with pytest.raises(ValidationError, match="do not sign this part"):
        signing.sign(by, made, "unit", NOW)
    assert (signing.sign(head_of, made, "unit", NOW), signing.signed_places(2026)) == (False, frozenset())
    with pytest.raises(ValidationError, match="has signed already"):
        signing.sign(by, made, "unit", NOW, on_paper=True)
    assert (signing.sign(by, made, "board", NOW), signing.signed_places(2026)) == (True, {place_key(one)})
    with pytest.raises(ValidationError, match="stay as they are"):
        criteria.change(by, of, SetDraft(new_id(), "hamlet", "Khác", lines(100)), NOW)
    assert pact_of(Pact.objects.get(pk=made.pk), "Thôn Đông", NOW)[:5] == b"%PDF-"
    signing.withdraw(by, made, "ký nhầm", NOW)
    assert signing.signed_places(2026) == frozenset()


# --- measuring --------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_what_is_measured_is_counted_from_the_rows() -> None:
    by, one = person(Role.HEAD), camera(hamlet="Thôn Đông")
    here = hamlet("Thôn Đông")
    unit, span = hamlet_unit(here), Span(2026, 4, AFTER)
    team = User.objects.create_user("team")
    assign(None, team, Wanted(Role.SECURITY_TEAM, place_key(here), first_day=EARLY), NOW)
    hows = (Measure.UPTIME, Measure.TOLD, Measure.REPAIRED, Measure.ALARMS, Measure.TASKS)
    assert [measure(unit, how, span) for how in hows] == [None] * 5
    type(one).objects.filter(pk=one.pk).update(created=BEGIN - DAY)
    Watching.objects.create(begun=BEGIN, looked=BEGIN + 100 * HOUR)
    Outage.objects.create(camera=one.key, fault="down", start=BEGIN + 10 * HOUR, end=BEGIN + 35 * HOUR, how="back")
    told, late, short, other = (
        Ticket.objects.create(fault="down", camera=one.key, opened=NOW - 20 * DAY, closed=NOW - 20 * DAY + length, state="closed")
        for length in (6 * DAY, 8 * DAY, HOUR, DAY)
    )
    for ticket, who, after in ((told, team, 23 * HOUR), (late, team, 25 * HOUR), (other, by, HOUR), (short, team, HOUR)):
        TicketStep.objects.create(at=ticket.opened + after, by=who, ticket=ticket.key, code="noted", words="đã xem")
    sounded = Sounding.objects.create(
        once="s1", sign="Kẻng", meaning="Cháy", means="gong", drill=True, hamlet=here, hamlet_name="Thôn Đông", sounded=NOW,
        written=NOW, by=by, year=2026, number=1,
    )  # fmt: skip
    for rank, state in enumerate(("coming", "waiting", "cannot")):
        answered = NOW if state != "waiting" else None
        Called.objects.create(sounding=sounded, rank=rank, name=state, hamlet=here, state=state, answered=answered)
    for title, due, report in (("a", 2, 1), ("b", 2, 3), ("c", 2, None)):
        task = tasks.give(by, TaskDraft(title, title, "", None, unit, (NOW + due * DAY).date()), NOW)
        if report:
            tasks.report(by, task, "xong", NOW + report * DAY)
    assert [measure(unit, how, span) for how in hows] == [
        Counted(75 * 3600, 100 * 3600), Counted(1, 3), Counted(3, 4), Counted(2, 3), Counted(1, 3),
    ]  # fmt: skip
    assert measure(hamlet_unit(hamlet("Thôn Đoài")), Measure.UPTIME, span) is None
    assert measure(unit, Measure.TASKS, Span(2026, 3, AFTER)) is None
    assert (span.first_day, span.last_day) == (date(2026, 10, 1), date(2026, 12, 31))


# --- quarters ---------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_quarter_is_scored_closed_opened_again_and_closed_anew() -> None:
    head, by = person(Role.HEAD), person(Role.COMMITTEE)
    one, two = hamlet_unit(hamlet("Thôn Đông")), units.found(UnitKind.UNIT, "Đoàn Thanh niên")
    head_of = User.objects.create_user("dong")
    assign(None, head_of, Wanted(Role.HAMLET_HEAD, one.place or "", first_day=EARLY), NOW)
    of = a_set(by, of=[LineDraft("Vận động", 60, Measure.BOARD), LineDraft("Không lộ", 40, Measure.BREACHES)])
    first, second = pact(by, one, of), pact(by, two, a_set(by, "union", lines(100)))
    quarter = quarters.open_quarter(by, 2026, 4, NOW)
    assert quarters.open_quarter(by, 2026, 4, NOW) == quarter
    for year, number, words in ((2027, 1, "not begun"), (2024, 4, "last year")):
        with pytest.raises(ValidationError, match=words):
            quarters.open_quarter(by, year, number, NOW)
    move, leak = of.lines.all()
    assert quarters.missing(quarter) == [second, first] or quarters.missing(quarter) == [first, second]
    with pytest.raises(ValidationError, match="scores the own hamlet"):
        quarters.score_self(by, quarter, first, {}, 1, NOW)
    with pytest.raises(ValidationError) as error:
        quarters.score_self(head_of, quarter, first, {move.pk: Points(601)}, 1, NOW)
    assert list(refused(error)) == [f"own-{move.pk}"]
    quarters.score_self(head_of, quarter, first, {move.pk: Points(600, "đủ"), leak.pk: Points(None)}, 1, NOW)
    with pytest.raises(ValidationError, match="Somebody else wrote scores"):
        quarters.score_board(by, quarter, first, {}, 1, NOW)
    with pytest.raises(ValidationError) as error:
        quarters.score_board(by, quarter, first, {move.pk: Points(500), leak.pk: Points(300)}, 2, NOW)
    assert set(refused(error)) == {f"board-{move.pk}", f"board-{leak.pk}"}
    quarters.score_board(by, quarter, first, {move.pk: Points(500, "còn hộ chưa rõ"), leak.pk: Points(400)}, 2, NOW)
    with pytest.raises(ValidationError, match="not over"):
        quarters.close(by, quarter, NOW)
    with pytest.raises(ValidationError, match="has not scored all"):
        quarters.close(by, quarter, AFTER)
    (only,) = second.criteria.lines.all()
    quarters.score_board(by, quarter, second, {only.pk: Points(805)}, 1, NOW)
    closed = quarters.close(by, quarter, AFTER)
    assert {one.name: (one.total, one.rank) for one in closed.units} == {"Thôn Đông": (900, 1), "Đoàn Thanh niên": (805, 1)}
    with pytest.raises(ValidationError, match="closed already"):
        quarters.close(by, quarter, AFTER)
    with pytest.raises(ValidationError, match="is closed"):
        quarters.score_board(by, quarter, first, {}, 3, AFTER)
    with pytest.raises(ValidationError, match="Only the head"):
        quarters.reopen(by, quarter, "sai", AFTER)
    quarters.reopen(head, quarter, "có vụ lộ hình", AFTER)
    for _press in range(2):
        quarters.write_breach(head, one, date(2026, 12, 1), "ảnh camera lên mạng", AFTER)
    again = quarters.close(by, Quarter.objects.get(), AFTER + DAY)
    versions = figures.closings(Quarter.objects.get())
    assert [next(u.total for u in each.units if u.unit == one.pk) for each in versions] == [900, 500]
    assert (versions[0].units, versions[1].units) == (closed.units, again.units)
    confirmed_file(head, hamlet("Thôn Đông"), "confirmed", datetime(2026, 12, 2, tzinfo=UTC))
    assert figures.of(2026, 4, AFTER) == versions[1]  # a closed quarter stays
    assert figures.of(2026, 1, AFTER) is None
    assert prove().whole
    assert result_of(versions[1], AFTER)[:5] == b"%PDF-"


def confirmed_file(head: User, of: Hamlet, verdict: str, at: datetime) -> Breach:
    """A breach file of a hamlet, noticed and closed at `at`."""
    one = rights.open_file(head, rights.Account(at, "Mất máy.", "Hình.", None, "", of), f"{of.pk} {verdict}", at)
    rights.notify(head, one, at, "Công văn 12", at)
    rights.decide_telling(head, one, "told", "Gọi điện.", at)
    rights.close(head, one, verdict, "Khóa tủ.", at)
    return one


@pytest.mark.django_db
def test_a_breach_that_was_taken_back_counts_no_more_and_commendations_name_one() -> None:
    head, one = person(Role.HEAD), hamlet_unit(hamlet("Thôn Đông"))
    span = Span(2026, 4, NOW)
    quarters.write_breach(head, one, date(2026, 11, 1), "ảnh lên mạng", NOW)
    assert measure(one, Measure.BREACHES, span) == Counted(0, 1)
    (breach,) = quarters.PactStep.objects.filter(code="breach")
    with pytest.raises(ValidationError, match="Only the head"):
        quarters.take_breach_back(person(Role.COMMITTEE), breach, "nhầm", NOW)
    for _press in range(2):
        quarters.take_breach_back(head, breach, "nhầm camera", NOW)
    assert measure(one, Measure.BREACHES, span) == Counted(1, 1)
    confirmed_file(head, hamlet("Thôn Đông"), "none", NOW)
    confirmed_file(head, hamlet("Thôn Đoài"), "confirmed", NOW)
    assert measure(one, Measure.BREACHES, span) == Counted(1, 1)
    confirmed_file(head, hamlet("Thôn Đông"), "confirmed", NOW)
    assert measure(one, Measure.BREACHES, span) == Counted(0, 1)
    assert measure(one, Measure.BREACHES, Span(2026, 3, NOW)) == Counted(1, 1)
    union = units.found(UnitKind.UNIT, "Đoàn Thanh niên")
    assert measure(union, Measure.BREACHES, span) == Counted(1, 1)
    quarter = quarters.open_quarter(head, 2026, 4, NOW)
    draft = CommendationDraft("c1", quarter, one, "", "Dẫn đầu", "12/QĐ-UBND", date(2026, 11, 20))
    made = commend(head, draft, NOW)
    assert commend(head, draft, NOW) == made
    for wrong in (replace(draft, unit=None), replace(draft, office="Trưởng thôn")):
        with pytest.raises(ValidationError) as error:
            commend(head, wrong, NOW)
        assert list(refused(error)) == ["office"]
    assert commendations_of([(made, "Thôn Đông")], "Quý 4", NOW)[:5] == b"%PDF-"
