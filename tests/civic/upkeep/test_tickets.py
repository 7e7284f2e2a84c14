"""Tickets in the database: a power cut, people who act, a day later, repairs with their cost; and that nobody rewrites it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils.timezone import localdate

from luytre.civic.access.assignments import Wanted
from luytre.civic.access.models import Role, Unit, User
from luytre.civic.access.units import Decree
from luytre.civic.chain.proof import prove
from luytre.civic.ports import Status, StreamState
from luytre.civic.registry.grants import assign_place, place_key
from luytre.civic.registry.models import Camera, Hamlet
from luytre.civic.registry.places import hamlet_unit, merge_hamlets
from luytre.civic.registry.wiring import FeedDraft, FirmDraft, save_feed, save_firm
from luytre.civic.upkeep.faults import Fault
from luytre.civic.upkeep.minute import minute
from luytre.civic.upkeep.models import StepCode, Ticket, TicketState
from luytre.civic.upkeep.repairs import RepairDraft, between, cost_vnd, in_force, record_repair, repairs_of, years_of
from luytre.civic.upkeep.scope import mine, tickets_of
from luytre.civic.upkeep.tickets import Whom, assign, close, note, put_off, reopen, steps_of, take
from tests.web.cast import FakeRecorder, camera, person

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def go(cameras: list[Camera], down: list[Camera], first: int, last: int, step: int = 1) -> None:
    """Minutes of a commune: these are down, the others record."""
    for number in range(first, last + 1, step):
        at = NOON + number * MINUTE
        streams = (StreamState(one.key, "main", "failed" if one in down else "recording", since=at) for one in cameras)
        minute(FakeRecorder(now=Status(at, tuple(streams))), at)


def codes(ticket: Ticket) -> list[str]:
    return [step.code for step in steps_of(ticket)]


def test_a_power_cut_of_eight_is_one_ticket_of_the_firm_closed_with_its_hours() -> None:
    cameras = [camera(f"Cột {number}") for number in range(9)]
    firm = save_firm(None, FirmDraft("Điện lực", "0912 345 678"), NOON)
    eight = cameras[:8]
    save_feed(None, FeedDraft("power", "Trạm 2", "", firm=firm.key, cameras=frozenset(one.key for one in eight)), NOON)
    go(cameras, [], 0, 0)
    go(cameras, eight, 1, 11)
    (ticket,) = Ticket.objects.all()
    assert (ticket.feed and ticket.feed.name, ticket.firm, ticket.outages.count()) == ("Trạm 2", firm, 8)
    go(cameras, eight[:1], 12, 23)
    assert [(one.camera, one.state) for one in Ticket.objects.order_by("pk")] == [("", "closed"), (eight[0].key, "open")]
    ticket.refresh_from_db()
    assert codes(ticket) == [StepCode.OPENED, StepCode.LEFT, StepCode.CLOSED]
    assert steps_of(ticket)[-1].lasted_s == 11 * 60
    alone = Ticket.objects.get(camera=eight[0].key)
    assert alone.unit == hamlet_unit(Hamlet.objects.get())
    go(cameras, [], 24, 27)
    alone.refresh_from_db()
    assert_row_is_what_its_steps_tell()
    assert (alone.state, alone.by_hand, steps_of(alone)[-1].lasted_s) == (TicketState.CLOSED, False, 23 * 60)


def by_steps(ticket: Ticket) -> tuple[str, str, bool, bool]:
    """State, assignee, whether somebody closed it, and whether somebody opened it again, as its steps alone tell."""
    state, whom, by_hand, stays = "", "", False, False
    for step in steps_of(ticket):
        if step.code in (StepCode.OPENED, StepCode.ASSIGNED):
            whom = step.whom
        if step.code in (StepCode.OPENED, StepCode.REOPENED) or (step.code == StepCode.ASSIGNED and state == TicketState.TAKEN):
            state, by_hand = TicketState.OPEN, False
        elif step.code in (StepCode.TAKEN, StepCode.WAITING, StepCode.CLOSED):
            state, by_hand = str(step.code), step.code == StepCode.CLOSED and step.by is not None
        if step.code in (StepCode.CLOSED, StepCode.REOPENED):
            stays = step.code == StepCode.REOPENED and step.by is not None
    return state, whom, by_hand, stays


def assert_row_is_what_its_steps_tell() -> None:
    for ticket in Ticket.objects.select_related("unit", "firm"):
        assert (ticket.state, Whom(ticket.unit, ticket.firm).key, ticket.by_hand, ticket.stays) == by_steps(ticket)


@pytest.fixture
def opened() -> tuple[Camera, Ticket, User]:
    one = camera()
    go([one], [], 0, 0)
    go([one], [one], 1, 11)
    return one, Ticket.objects.get(), person(Role.HEAD)


def test_people_take_it_give_it_put_it_off_and_close_it_and_it_comes_back_after_a_day(
    opened: tuple[Camera, Ticket, User],
) -> None:
    one, ticket, head = opened
    firm = save_firm(head, FirmDraft("VNPT"), NOON)
    assert take(head, ticket, NOON).taken_by == head
    assert_row_is_what_its_steps_tell()
    given = assign(head, ticket, Whom(firm=firm), NOON)
    assert (given.unit, given.firm, given.taken_by, given.state) == (None, firm, None, TicketState.OPEN)
    now = datetime.now(UTC)
    assert tickets_of(head, now).filter(mine(head, now)).exists()  # somebody must telephone
    office = Unit.objects.create(kind="unit")
    assert assign(head, ticket, Whom(unit=office), NOON).unit == office
    assert tickets_of(head, now).filter(mine(head, now)).exists()
    assert put_off(head, ticket, "parts", " chờ\nnguồn 12V ", NOON).waits == "parts"
    note(head, ticket, "đã gọi", NOON)
    assert_row_is_what_its_steps_tell()
    for wrong, field in (
        (lambda: assign(head, ticket, Whom(unit=office), NOON), "whom"),
        (lambda: put_off(head, ticket, "rain", "", NOON), "waits"),
        (lambda: close(head, ticket, "  ", NOON), "why"),
        (lambda: note(head, ticket, "x" * 401, NOON), "note"),
    ):
        with pytest.raises(ValidationError) as error:
            wrong()
        assert set(error.value.message_dict) == {field}
    closed = close(head, ticket, "tháo về xưởng", NOON + 11 * MINUTE)
    assert_row_is_what_its_steps_tell()
    assert (closed.state, closed.by_hand, closed.waits) == (TicketState.CLOSED, True, "")
    with pytest.raises(ValidationError, match="done already"):
        take(head, ticket, NOON)
    go([one], [one], 12, 24 * 60 + 12, step=600)
    assert Ticket.objects.get().state == TicketState.CLOSED
    go([one], [one], 24 * 60 + 20, 24 * 60 + 20)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.closed, codes(ticket)[-1]) == (TicketState.OPEN, None, StepCode.REOPENED)
    assert [step.words for step in steps_of(ticket) if step.words] == ["chờ nguồn 12V", "đã gọi", "tháo về xưởng"]
    assert Ticket.objects.count() == 1
    assert_row_is_what_its_steps_tell()
    assert prove().whole
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE upkeep_ticketstep SET words = 'x'")


def test_what_a_person_opened_again_stays_until_a_person_closes_it(opened: tuple[Camera, Ticket, User]) -> None:
    one, ticket, head = opened
    with pytest.raises(ValidationError, match="open already"):
        reopen(head, ticket, "x", NOON)
    go([one], [], 12, 16)
    assert Ticket.objects.get().state == TicketState.CLOSED
    with pytest.raises(ValidationError) as error:
        reopen(head, ticket, " ", NOON + 16 * MINUTE)
    assert set(error.value.message_dict) == {"again"}
    again = reopen(head, ticket, "dây còn lỏng", NOON + 17 * MINUTE)
    assert (again.state, again.closed, again.unit) == (TicketState.OPEN, None, ticket.unit)
    go([one], [], 18, 24)
    go([one], [one], 25, 36)
    go([one], [], 37, 42)
    (kept,) = Ticket.objects.all()  # the fault that came back joined it
    assert (kept.state, kept.outages.count(), codes(kept)[-2:]) == (TicketState.OPEN, 2, [StepCode.REOPENED, StepCode.JOINED])
    assert_row_is_what_its_steps_tell()
    close(head, kept, "đã siết lại", NOON + 43 * MINUTE)
    assert_row_is_what_its_steps_tell()
    go([one], [one], 44, 55)
    assert Ticket.objects.count() == 2
    with pytest.raises(ValidationError, match="another ticket"):
        reopen(head, kept, "lại hỏng", NOON + 56 * MINUTE)


def test_repairs_between_two_days_of_a_persons_area(opened: tuple[Camera, Ticket, User]) -> None:
    one, ticket, head = opened
    draft = RepairDraft(date(2026, 11, 1), "Cửa hàng Hải", "thay nguồn", 350_000, "nguồn 12V", one.key, date(2027, 11, 24))
    first = record_repair(head, ticket, draft, NOON)
    last = record_repair(head, ticket, replace(draft, day=date(2026, 11, 24), cost_vnd=530_000, corrects=first.seq), NOON)
    november = date(2026, 11, 1), date(2026, 11, 30)
    told = [(line.number, line.cost_vnd, line.replaced_by, line.fault) for line in between(*november, Ticket.objects.all())]
    assert told == [(first.seq, 350_000, last.seq, Fault.DOWN), (last.seq, 530_000, None, Fault.DOWN)]
    (only,) = between(date(2026, 10, 1), date(2026, 11, 1), Ticket.objects.all())
    assert (only.number, only.replaced_by, only.warranty_until) == (first.seq, last.seq, date(2027, 11, 24))
    assert between(*november, Ticket.objects.none()) == between(date(2026, 11, 25), date(2026, 12, 1), Ticket.objects.all()) == ()
    assert years_of(date(2028, 1, 1)) == [2028, 2027, 2026]


def test_a_repair_has_its_cost_and_is_corrected_by_another_row(opened: tuple[Camera, Ticket, User]) -> None:
    one, ticket, head = opened
    draft = RepairDraft(date(2026, 11, 24), "Cửa hàng Hải", "thay nguồn", 350_000, "nguồn 12V", one.key, date(2027, 11, 24))
    first = record_repair(head, ticket, draft, NOON)
    second = record_repair(head, ticket, replace(draft, cost_vnd=530_000, corrects=first.seq), NOON)
    record_repair(head, ticket, RepairDraft(date(2026, 11, 23), "Tổ bảo vệ", "nắn lại dây", 0), NOON)
    rows = repairs_of(ticket)
    assert ([row.seq for row in in_force(rows)], cost_vnd(rows)) == ([second.seq, second.seq + 1], 530_000)
    with pytest.raises(ValidationError) as error:
        record_repair(head, ticket, RepairDraft(date(2026, 11, 25), "", "", -1, "", "x", date(2026, 1, 1), first.seq), NOON)
    assert set(error.value.message_dict) == {"day", "who", "what", "cost", "warranty_until", "camera", "corrects"}
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM upkeep_repair")


def test_a_recorder_that_does_not_answer_is_a_ticket_of_the_machine() -> None:
    silent = FakeRecorder(now=None)
    for number in range(12):
        minute(silent, NOON + number * MINUTE)
    (ticket,) = Ticket.objects.all()
    assert (ticket.fault, ticket.camera, ticket.unit, ticket.firm) == (Fault.UNKNOWN, "", None, None)


def test_what_a_hamlets_team_has_to_see_to_goes_with_the_hamlet(opened: tuple[Camera, Ticket, User]) -> None:
    _one, ticket, head = opened
    east, west = Hamlet.objects.get(), Hamlet.objects.create(name="Thôn Đoài")
    team = User.objects.create_user("to")
    assign_place(None, team, Wanted(Role.SECURITY_TEAM, place_key(east)), set(), datetime.now(UTC))
    now = datetime.now(UTC)
    assert list(tickets_of(team, now).filter(mine(team, now))) == [ticket]
    merge_hamlets(head, east, west, Decree(head, localdate()), now)
    ticket.refresh_from_db()
    again, now = User.objects.get(pk=team.pk), datetime.now(UTC)
    assert (ticket.unit, codes(ticket)[-1]) == (hamlet_unit(west), StepCode.ASSIGNED)
    assert list(tickets_of(again, now).filter(mine(again, now))) == [ticket]
    take(head, ticket, now)
    assert_row_is_what_its_steps_tell()
    assert not tickets_of(again, now).filter(mine(again, now)).exists()
    assert tickets_of(again, now).get() == ticket
