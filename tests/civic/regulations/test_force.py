"""Drafts, approval, and which version is in force when."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luytre.base.errors import UsageError
from luytre.civic.access.models import User
from luytre.civic.regulations import force
from luytre.civic.regulations.approval import (
    DraftChanged,
    NotApproved,
    approve,
    begin_draft,
    discard_draft,
    draft,
    write_draft,
)
from luytre.civic.regulations.builtin import BUILT_IN
from luytre.civic.regulations.force import RegulationDamaged, clock_is_behind, in_force, in_force_now, review_days_left
from luytre.civic.regulations.models import Draft, Regulation, Version
from luytre.civic.regulations.proposal import PROPOSAL
from luytre.civic.regulations.rules import Rules
from luytre.civic.regulations.text import digest, write
from tests.support.chains import unguarded

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def head() -> User:
    return User.objects.create_user("truong", "four-words-not-together")


def put_in_force(head: User, rules: Rules, now: datetime, begins: datetime | None = None) -> Version:
    begin_draft(head, now, from_proposal=True)
    write_draft(head, rules, 1, now)
    return approve(head, 2, begins, now)


def other(days: int) -> Rules:
    return replace(PROPOSAL, kept=tuple(replace(kept, days=days) for kept in PROPOSAL.kept))


def test_before_the_first_approval_the_built_in_rules_hold(head: User) -> None:
    assert in_force(NOON) == force.InForce(BUILT_IN)
    assert in_force(NOON).is_built_in
    begin_draft(head, NOON, from_proposal=True)
    assert in_force(NOON).rules == BUILT_IN
    put_in_force_later = approve(head, 1, NOON + DAY, NOON)
    found = in_force(NOON)
    assert (found.rules, found.until) == (BUILT_IN, NOON + DAY)
    assert put_in_force_later.number == 1


def test_which_version_is_in_force_is_a_matter_of_the_moment(head: User) -> None:
    put_in_force(head, other(30), NOON)
    put_in_force(head, other(20), NOON + HOUR, NOON + 3 * HOUR)
    put_in_force(head, other(10), NOON + 2 * HOUR, NOON + 2.5 * HOUR)  # two on one day: each until the next begins
    moments = [NOON - HOUR, NOON, NOON + 2 * HOUR, NOON + 2.5 * HOUR, NOON + 3 * HOUR, NOON + 300 * DAY]
    assert [in_force(at).number for at in moments] == [0, 1, 1, 3, 2, 2]
    assert [in_force(at).rules.kept[0].days for at in moments] == [30, 30, 30, 10, 20, 20]
    assert in_force(NOON).until == NOON + 2.5 * HOUR


def test_a_clock_that_goes_back_brings_no_old_rules_back(head: User) -> None:
    put_in_force(head, other(30), NOON)
    put_in_force(head, other(20), NOON + DAY)
    assert in_force_now(NOON + HOUR).number == 2
    assert in_force_now(NOON - 300 * DAY).number == 2
    assert clock_is_behind(NOON + HOUR) == NOON + DAY
    assert clock_is_behind(NOON + DAY) is None
    begin_draft(head, NOON, from_proposal=False)
    with pytest.raises(NotApproved, match="2026-11-25T05:00Z"):
        approve(head, 1, None, NOON + HOUR)
    assert draft() is not None


@pytest.mark.parametrize(
    ("begins", "field"),
    [(NOON - timedelta(seconds=1), "begins"), (NOON + 400 * DAY, "begins"), (NOON + 2 * HOUR, "begins")],
)
def test_a_moment_that_cannot_be_is_refused_at_its_field(head: User, begins: datetime, field: str) -> None:
    put_in_force(head, PROPOSAL, NOON - HOUR, NOON + 2 * HOUR)
    begin_draft(head, NOON, from_proposal=True)
    with pytest.raises(NotApproved) as caught:
        approve(head, 1, begins, NOON)
    assert caught.value.field == field
    assert Version.objects.count() == 1
    assert draft() is not None


def test_a_regulation_that_must_be_looked_at_before_it_begins_is_refused(head: User) -> None:
    begin_draft(head, NOON, from_proposal=True)
    write_draft(head, replace(PROPOSAL, review=date(2026, 11, 24)), 1, NOON)
    with pytest.raises(NotApproved):
        approve(head, 2, None, NOON)


def test_when_its_review_is_over_it_stays_in_force_and_says_so(head: User) -> None:
    put_in_force(head, replace(PROPOSAL, review=date(2026, 11, 30)), NOON)
    found = in_force_now(NOON + 7 * DAY)
    assert (found.number, found.review_is_over(date(2026, 12, 1)), review_days_left(found, NOON + 7 * DAY)) == (1, True, -1)
    assert not found.review_is_over(date(2026, 11, 30))


def test_what_lies_beyond_the_bounds_is_not_approved(head: User) -> None:
    begin_draft(head, NOON, from_proposal=False)  # of the built-in rules: no notice, nobody to complain to
    with pytest.raises(NotApproved):
        approve(head, 1, None, NOON)
    assert in_force(NOON).is_built_in


def test_nobody_overwrites_anothers_draft(head: User) -> None:
    begin_draft(head, NOON, from_proposal=True)
    begin_draft(head, NOON, from_proposal=False)
    found = draft()
    assert found is not None
    assert (found.rules, found.stamp, found.proposal) == (PROPOSAL, 1, True)
    write_draft(head, other(20), 1, NOON)
    with pytest.raises(DraftChanged):
        write_draft(head, other(10), 1, NOON)
    with pytest.raises(DraftChanged):
        approve(head, 1, None, NOON)
    with pytest.raises(UsageError):
        write_draft(head, replace(PROPOSAL, notice="\x00"), 2, NOON)
    discard_draft()
    with pytest.raises(DraftChanged):
        write_draft(head, other(10), 2, NOON)
    assert draft() is None


def test_a_version_is_never_changed(head: User) -> None:
    version = put_in_force(head, PROPOSAL, NOON)
    with pytest.raises(TypeError):
        version.save()
    with pytest.raises(TypeError):
        version.delete()
    for statement in ("UPDATE regulations_version SET text = ''", "DELETE FROM regulations_version"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert not Draft.objects.exists()


def test_a_text_that_somebody_changed_behind_our_back_is_not_enforced(head: User) -> None:
    put_in_force(head, PROPOSAL, NOON)
    force._rules.cache_clear()
    with unguarded(connection):
        Version.objects.update(text=write(other(1)))
    with pytest.raises(RegulationDamaged):
        in_force(NOON)


def test_what_another_process_approved_is_seen_at_the_next_question(head: User) -> None:
    """No cache stands between: a row that came without this process knowing counts at once."""
    assert in_force(NOON).is_built_in
    for number, rules in ((1, other(3)), (2, PROPOSAL)):
        begins = NOON + (number - 1) * HOUR
        Version(
            kind="usage", number=number, text=write(rules), text_digest=digest(write(rules)), written_by=head,
            approved_by=head, approved=NOON, in_force_from=begins,
        ).save()  # fmt: skip
        assert in_force(begins).rules == rules


def test_a_question_is_one_query(head: User, django_assert_num_queries: Any) -> None:
    put_in_force(head, PROPOSAL, NOON)
    in_force(NOON)
    with django_assert_num_queries(1):
        in_force(NOON)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 100), unique=True, max_size=6), st.integers(-5, 105))
def test_exactly_one_is_in_force_at_any_moment(hours: list[int], asked: int) -> None:
    """The one that began last, in whichever order they were approved."""
    rows = sorted(
        (force._Row(number, digest(write(PROPOSAL)), NOON + hour * HOUR, NOON) for number, hour in enumerate(hours, start=1)),
        key=lambda row: row.begins,
    )
    begun = [hour for hour in hours if hour <= asked]
    expected = hours.index(max(begun)) + 1 if begun else 0
    with mock.patch.object(force, "_rules", return_value=PROPOSAL):
        found = force._choose(rows, NOON + asked * HOUR, Regulation.USAGE)
    assert found.number == expected
    later = [hour for hour in hours if hour > asked]
    assert found.until == (NOON + min(later) * HOUR if later else None)


def test_one_request_asks_once_and_sees_what_it_approves_itself(
    head: User, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    put_in_force(head, other(30), NOON)
    in_force(NOON)  # its text is read once a process
    with force.read_once():
        with django_assert_num_queries(1):
            assert [in_force(NOON).number, in_force_now(NOON).number, in_force(NOON - DAY).number] == [1, 1, 0]
        put_in_force(head, other(20), NOON + HOUR)
        assert in_force(NOON + HOUR).number == 2
    with django_assert_num_queries(2):
        assert [in_force(NOON + HOUR).number, in_force(NOON).number] == [2, 1]
