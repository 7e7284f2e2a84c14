"""Holds: set, renewed, lifted, run out; what the recorder is told; whose they are; that nobody changes them afterwards."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils.timezone import localdate
from hypothesis import given
from hypothesis import strategies as st

from luytre.civic.access.models import Role, User
from luytre.civic.chain.proof import prove
from luytre.civic.chain.verify import FaultKind
from luytre.civic.registry.cameras import archive_camera
from luytre.civic.registry.config import recorder_config
from luytre.civic.registry.holds import (
    TOLD_DAYS,
    Hold,
    HoldState,
    WantedHold,
    all_holds,
    ending_soon,
    held_of_camera,
    hold_of,
    lift_hold,
    may_change,
    renew_hold,
    seen_by,
    set_hold,
)
from luytre.civic.registry.models import HeldSpan, HoldStep, StepCode
from luytre.civic.regulations.articles import articles
from luytre.civic.regulations.bounds import LONGEST_HOLD_DAYS
from luytre.civic.regulations.proposal import PROPOSAL
from tests.support.chains import unguarded
from tests.web.cast import camera, hold, person, viewer_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
"""14:05 in the commune."""
DAY = timedelta(days=1)


def told(at: datetime) -> set[str]:
    """The cameras with a span in the recorder's list."""
    return {item["camera"] for item in recorder_config(at)["holds"]}


def again(one: Hold) -> Hold:
    found = hold_of(one.key)
    assert found is not None
    return found


def wrong(error: pytest.ExceptionInfo[ValidationError]) -> set[str]:
    return set(error.value.message_dict)


def test_a_hold_keeps_its_cameras_until_its_last_day_is_over() -> None:
    one, two, other = camera("Chợ"), camera("Cổng"), camera("Đình")
    made = hold([one, two], NOW, days=10)
    assert (made.last_day, made.until) == (date(2026, 12, 4), datetime(2026, 12, 4, 17, 0, tzinfo=UTC))
    assert (made.first.reference, made.cameras) == ("12/VV", (one.key, two.key))
    for at, state in (
        (NOW, HoldState.IN_FORCE),
        (NOW + 3 * DAY, HoldState.IN_FORCE),
        (NOW + 4 * DAY, HoldState.ENDING),
        (made.until - timedelta(seconds=1), HoldState.ENDING),
        (made.until, HoldState.LAPSED),
    ):
        assert made.state(at) is state
        assert told(at) == ({one.key, two.key} if made.holds(at) else set())
    assert made.days_left(NOW + 10 * DAY) == 0
    assert [one.key for one in ending_soon(NOW + 4 * DAY)] == [made.key]
    assert ending_soon(NOW) == []
    assert held_of_camera(other.key, NOW) == []
    assert [why for _span, why in held_of_camera(one.key, NOW)] == ["12/VV: mất xe máy"]


def test_a_clock_that_was_set_back_ends_no_hold() -> None:
    one = camera()
    hold([one], NOW)
    assert told(NOW - 400 * DAY) == {one.key}


def test_renewed_it_holds_longer_and_lifted_no_more() -> None:
    one = camera()
    made, head = hold([one], NOW, days=10), User.objects.get(username="holder")
    renew_hold(head, made, date(2027, 1, 5), "viện kiểm sát yêu cầu", NOW + 5 * DAY)
    assert again(made).last_day == date(2027, 1, 5)
    assert told(NOW + 20 * DAY) == {one.key}
    lift_hold(head, again(made), "vụ việc đã xong", NOW + 20 * DAY)
    found = again(made)
    assert (found.state(NOW + 20 * DAY), told(NOW + 20 * DAY)) == (HoldState.LIFTED, set())
    assert [(step.code, step.reason, step.by) for step in found.steps] == [
        ("set", "mất xe máy", head), ("renewed", "viện kiểm sát yêu cầu", head), ("lifted", "vụ việc đã xong", head),
    ]  # fmt: skip
    for step in (lambda: lift_hold(head, found, "lần nữa", NOW), lambda: renew_hold(head, made, date(2027, 2, 1), "x", NOW)):
        with pytest.raises(ValidationError, match="lifted already"):
            step()
    assert HoldStep.objects.count() == 3


def test_one_that_ran_out_may_be_renewed() -> None:
    one = camera()
    made = hold([one], NOW, days=2)
    late = NOW + 5 * DAY
    assert told(late) == set()
    renew_hold(User.objects.get(username="holder"), made, localdate(late), "còn cần", late)
    assert told(late) == {one.key}


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"cameras": ()}, {"cameras"}),
        ({"cameras": ("no-such",)}, {"cameras"}),
        ({"cameras": tuple(f"c{number}" for number in range(41))}, {"cameras"}),
        ({"end": NOW - timedelta(hours=3)}, {"end"}),
        ({"end": NOW + timedelta(minutes=6)}, {"end"}),
        ({"start": NOW - 32 * DAY}, {"end"}),
        ({"reference": " \n"}, {"reference"}),
        ({"reason": "  "}, {"reason"}),
        ({"last_day": date(2026, 11, 23)}, {"last_day"}),
        ({"last_day": date(2026, 11, 24) + timedelta(days=LONGEST_HOLD_DAYS + 1)}, {"last_day"}),
        ({"last_day": date.max, "reason": "", "reference": ""}, {"last_day", "reason", "reference"}),
    ],
    ids=lambda one: " ".join(sorted(one)) if isinstance(one, set) else "",
)
def test_what_cannot_be_held_is_told_at_its_field_and_nothing_is_written(changes: dict[str, Any], fields: set[str]) -> None:
    with pytest.raises(ValidationError) as error:
        hold([camera()], NOW, **changes)
    assert wrong(error) == fields
    assert not HeldSpan.objects.exists()
    assert not HoldStep.objects.exists()


def test_the_longest_term_is_the_one_on_paper() -> None:
    hold([camera()], NOW, days=LONGEST_HOLD_DAYS)
    kept = next(article for article in articles(PROPOSAL) if article.title == "Thời hạn lưu")
    assert any(f"không quá {LONGEST_HOLD_DAYS} ngày" in clause for clause in kept.clauses)


def test_a_term_only_ever_grows() -> None:
    made, head = hold([camera()], NOW, days=10), User.objects.get(username="holder")
    for last_day, reason in ((made.last_day, "x"), (date(2026, 11, 30), "x"), (date(2027, 6, 1), "x"), (date(2027, 1, 1), "")):
        with pytest.raises(ValidationError) as error:
            renew_hold(head, made, last_day, reason, NOW)
        assert wrong(error) == ({"last_day"} if reason else {"reason"})
    assert again(made).last_day == made.last_day


def test_only_police_hold_and_only_within_their_cameras() -> None:
    mine, other = camera("Chợ"), camera("Cổng")
    duty = viewer_of(mine, history=True, role=Role.DUTY)
    for user, cameras in (
        (duty, [mine, other]),
        (viewer_of(mine, history=True), [mine]),
        (person(Role.AUDITOR), [mine]),
        (person(Role.ADMINISTRATOR), [mine]),
    ):
        with pytest.raises(ValidationError) as error:
            hold(cameras, NOW, by=user)
        assert wrong(error) == {"cameras"}
    own, both, foreign = hold([mine], NOW, by=duty), hold([mine, other], NOW), hold([other], NOW)
    auditor = User.objects.get(username="auditor")
    assert [one.key for one in seen_by(duty, all_holds(), NOW)] == [both.key, own.key]
    assert [one.key for one in seen_by(auditor, all_holds(), NOW)] == [foreign.key, both.key, own.key]
    assert seen_by(User.objects.get(username="administrator"), all_holds(), NOW) == []
    assert [may_change(duty, one, NOW) for one in (own, both, foreign)] == [True, False, False]
    assert not may_change(auditor, own, NOW)
    with pytest.raises(ValidationError, match="head of the commune police"):
        lift_hold(duty, both, "x", NOW)


def test_footage_of_a_camera_out_of_use_is_held_on() -> None:
    one = camera()
    made, head = hold([one], NOW, days=10), User.objects.get(username="holder")
    archive_camera(one)
    assert told(NOW) == {one.key}
    renew_hold(head, made, date(2027, 1, 5), "còn cần", NOW)
    assert [found.key for found in seen_by(head, all_holds(), NOW)] == [made.key]


@given(st.integers(0, LONGEST_HOLD_DAYS), st.timedeltas(timedelta(-400), timedelta(400)))
def test_at_every_moment_a_hold_is_in_one_state_and_the_days_agree(days: int, passed: timedelta) -> None:
    until = datetime.combine(localdate(NOW) + timedelta(days=days + 1), datetime.min.time(), UTC) - timedelta(hours=7)
    at = NOW + passed
    one = Hold("k", (HoldStep(seq=1, at=NOW, code=StepCode.SET, until=until),), ())
    state, left = one.state(at), one.days_left(at)
    assert one.last_day == localdate(NOW) + timedelta(days=days)
    assert (state is HoldState.LAPSED) == (left < 0) == (at >= until)
    assert (state is HoldState.ENDING) == (0 <= left < TOLD_DAYS)


def test_the_database_refuses_to_change_a_hold_and_who_goes_round_it_is_found() -> None:
    made = hold([camera()], NOW)
    for statement in (
        "UPDATE registry_holdstep SET reason = 'khác'", "DELETE FROM registry_holdstep",
        "UPDATE registry_heldspan SET camera = 'khac'", "DELETE FROM registry_heldspan",
    ):  # fmt: skip
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert prove().whole
    with unguarded(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE registry_holdstep SET reason = 'khác'")
        cursor.execute("DELETE FROM registry_heldspan")
    faults = {(fault.table, fault.kind) for fault in prove().faults}
    assert ("registry_holdstep", FaultKind.CHANGED) in faults
    assert any(table == "registry_heldspan" for table, _kind in faults)
    assert again(made).spans == ()


def test_the_same_hold_twice_is_two_holds() -> None:
    one = camera()
    head = person(Role.HEAD)
    wanted = WantedHold((one.key, one.key), NOW - DAY, NOW, "7/YC", "xin trích hình", localdate(NOW))
    first, second = set_hold(head, wanted, NOW), set_hold(head, wanted, NOW)
    assert first.key != second.key
    assert len(first.spans) == len(second.spans) == 1
    lift_hold(head, first, "nhầm", NOW)
    assert told(NOW) == {one.key}
