"""What an owner's terms allow is what recorder, scope and days kept enforce; nothing is widened without a signature."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as some

from luytre.base.polygons import write_polygons
from luytre.civic.access.looks import Span
from luytre.civic.access.models import LookKind, RightsCut, Role, User
from luytre.civic.registry import lending as room
from luytre.civic.registry.config import recorder_config
from luytre.civic.registry.eyes import draft_of, save_eye
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.holds import WantedHold, set_hold
from luytre.civic.registry.lending import allowed, close_for, is_wider, open_for, openings, put_terms, within_terms
from luytre.civic.registry.masks import AreaPromised, save_masks
from luytre.civic.registry.models import Camera, Eye, LendingVersion
from luytre.civic.registry.register import OwnerKind, Tier
from luytre.civic.registry.scope import cameras_of, devices_of
from luytre.civic.registry.terms import Terms, minutes_of
from luytre.civic.regulations.rules import Hours
from luytre.civic.upkeep.outages import cameras_kept
from tests.web.cast import camera, person

AT = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
"""14:05 on the commune's clocks."""
LIVE = Terms(Tier.LIVE)
HOME = ((1000, 1000), (5000, 1000), (5000, 5000), (1000, 5000))
INNER = ((2000, 2000), (4000, 2000), (4000, 4000), (2000, 4000))
hours = some.none() | some.tuples(some.integers(0, 1439), some.integers(0, 1439)).filter(lambda it: it[0] != it[1]).map(
    lambda it: Hours(*it)
)
all_terms = some.builds(
    Terms, some.sampled_from(Tier.values), hours, some.integers(0, 40),
    some.sampled_from(["[]", write_polygons([HOME]), write_polygons([INNER])]), some.booleans(),
    last_day=some.none() | some.dates(date(2026, 11, 20), date(2026, 11, 30)),
)  # fmt: skip


@pytest.fixture
def head(db: None) -> User:
    return person(Role.HEAD)


def lent(name: str = "Cổng nhà", **changes: object) -> tuple[Eye, Camera]:
    one = camera(name, **changes)
    Eye.objects.filter(camera=one).update(owner_kind=OwnerKind.HOUSEHOLD)
    return Eye.objects.get(camera=one), one


def enabled(at: datetime = AT) -> dict[str, bool]:
    return {one["key"]: one["enabled"] for one in recorder_config(at)["cameras"]}


def seen(user: User, kind: str = LookKind.LIVE, at: datetime = AT) -> set[str]:
    return set(cameras_of(user, kind, at).values_list("key", flat=True))


@settings(max_examples=60)
@given(all_terms, all_terms, some.integers(0, 1439), some.booleans(), some.dates(date(2026, 11, 18), date(2026, 12, 2)))
def test_what_is_no_wider_never_allows_what_was_not_allowed(new: Terms, old: Terms, minute: int, opened: bool, day: date) -> None:
    before, after = (allowed(one, opened=opened, day=day, minute=minute) for one in (old, new))
    if not is_wider(new, old):
        assert after.recorded <= before.recorded
        assert after.live <= before.live
        assert after.back <= before.back
    assert not is_wider(old, old)
    assert not is_wider(room.withdrawn(new), old)
    assert is_wider(new, None) is not new.withdrawn


@settings(max_examples=60)
@given(hours, some.integers(0, 1439))
def test_hours_are_the_minutes_they_cover(one: Hours | None, minute: int) -> None:
    found = allowed(Terms(Tier.LIVE, one), opened=False, day=AT.date(), minute=minute)
    assert found.live is found.recorded is (minute in minutes_of(one))


def test_of_an_owner_who_agreed_to_nothing_yet_all_is_as_before(head: User) -> None:
    eye, one = lent()
    common = camera("Của xã")
    assert enabled() == {one.key: True, common.key: True}
    assert seen(head) == {one.key, common.key}
    assert room.without_terms([one, common]) == {one.key}
    with pytest.raises(ValidationError, match="commune's own"):
        put_terms(head, Eye.objects.get(camera=common), LIVE, 0, AT, signed=True)
    put_terms(head, eye, LIVE, 0, AT, signed=True)
    assert room.without_terms([one, common]) == set()


def test_the_hours_that_were_agreed_are_enforced_in_the_recorder_and_for_who_watches(head: User) -> None:
    eye, one = lent()
    one.sound = True
    one.save()
    put_terms(head, eye, Terms(Tier.LIVE, Hours(18 * 60, 6 * 60), days=7), 0, AT, signed=True)
    assert enabled() == {one.key: False}
    assert seen(head) == set()
    assert seen(head, LookKind.HISTORY) == {one.key}
    assert one in devices_of(head, AT)
    evening = AT + timedelta(hours=5)
    assert enabled(evening) == {one.key: True}
    assert seen(head, at=evening) == {one.key}
    [listed] = recorder_config(evening)["cameras"]
    assert (listed["retention_days"], listed["sound"]) == (7, False)
    later = AT + timedelta(days=1)
    assert [kept.on for kept in cameras_kept(later)] == [False], "what is not lent now is not down"


def test_withdrawing_closes_at_once_and_only_what_a_hold_keeps_may_be_looked_at(head: User) -> None:
    eye, one = lent()
    put_terms(head, eye, LIVE, 0, AT, signed=True)
    cut = RightsCut.objects.get(user=None).at
    wanted = WantedHold((one.key,), AT - timedelta(hours=2), AT - timedelta(hours=1), "12/2026", "mất xe", AT.date())
    set_hold(head, wanted, AT)
    later = AT + timedelta(minutes=1)
    put_terms(None, eye, room.withdrawn(LIVE), 1, later, signed=False)
    assert enabled(later) == {one.key: False}
    assert RightsCut.objects.get(user=None).at == later > cut
    assert seen(head, at=later) == set()
    assert seen(head, LookKind.EXPORT, later) == {one.key}
    day = Span(AT - timedelta(days=1), AT + timedelta(days=1))
    assert within_terms([one.key], day, later) == Span(wanted.start, wanted.end)
    assert within_terms([one.key], Span(AT, AT + timedelta(minutes=1)), later) is None
    after = AT + timedelta(days=2)  # the hold is over
    assert seen(head, LookKind.EXPORT, after) == set()
    assert Eye.objects.get(pk=eye.pk).tier == Tier.LISTED
    with pytest.raises(ValidationError, match="signs it"):
        put_terms(head, eye, LIVE, 2, after, signed=False)


def test_on_alarm_it_is_open_while_a_matter_of_its_place_is_and_no_longer(head: User) -> None:
    eye, one = lent()
    put_terms(head, eye, Terms(Tier.ON_ALARM), 0, AT, signed=True)
    assert enabled() == {one.key: False}
    until = AT + timedelta(hours=24)
    hamlet = one.site.hamlet
    assert hamlet is not None
    open_for(None, "i:elsewhere", "hamlet:999", "1/2026", until, AT)
    assert enabled() == {one.key: False}
    for place in (place_key(hamlet), "", room.eye_place(eye.key)):
        open_for(None, "i:one", place, "2/2026", until, AT)
        assert enabled() == {one.key: True}
        assert seen(head) == {one.key}
        close_for(None, "i:one", AT)
        assert enabled() == {one.key: False}
        assert seen(head) == set()
        assert seen(head, LookKind.HISTORY) == {one.key}
    open_for(None, "i:one", "", "2/2026", until, AT)
    assert enabled(until) == {one.key: False}, "a matter that nobody closes is over by itself"
    close_for(None, "i:never", AT)
    assert [one.matter for one in openings(AT)] == ["i:elsewhere", "i:one"]


def test_two_who_agree_at_once_the_second_is_told_and_wrong_terms_are_refused(head: User) -> None:
    eye, _camera = lent()
    put_terms(head, eye, Terms(Tier.LIVE, Hours(0, 60)), 0, AT, signed=True)
    with pytest.raises(ValidationError, match="since the page was opened"):
        put_terms(head, eye, LIVE, 0, AT, signed=True)
    with pytest.raises(ValidationError) as wrong:
        put_terms(head, eye, Terms("all", Hours(60, 60), days=31), 1, AT, signed=True)
    assert set(wrong.value.message_dict) == {"tier", "hours", "days"}
    assert LendingVersion.objects.count() == 1
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE registry_lendingversion SET tier = 'live'")


def test_no_other_form_changes_what_was_agreed_and_what_was_promised_stays_hidden(head: User) -> None:
    eye, one = lent()
    put_terms(head, eye, replace(LIVE, areas=write_polygons([INNER])), 0, AT, signed=True)
    eye.refresh_from_db()
    for change in ({"tier": Tier.ON_ALARM}, {"owner_kind": OwnerKind.COMMUNE}):
        with pytest.raises(ValidationError) as wrong:
            save_eye(head, replace(draft_of(eye), **change), AT, eye)
        assert set(wrong.value.message_dict) == set(change)
    save_eye(head, replace(draft_of(eye), sees="cổng"), AT, eye)
    with pytest.raises(AreaPromised):
        save_masks(head, one, [], 0, AT)
    assert save_masks(head, one, [HOME], 0, AT) is not None


def test_after_its_last_day_nothing_is_lent_and_going_on_wants_a_signature(head: User) -> None:
    eye, one = lent()
    with pytest.raises(ValidationError) as wrong:
        put_terms(head, eye, replace(LIVE, last_day=AT.date() - timedelta(days=1)), 0, AT, signed=True)
    assert set(wrong.value.message_dict) == {"last_day"}
    put_terms(head, eye, replace(LIVE, last_day=AT.date()), 0, AT, signed=True)
    last = datetime(2026, 11, 24, 16, 59, tzinfo=UTC)  # 23:59 on the commune's clocks
    assert enabled(last) == {one.key: True}
    over = last + timedelta(minutes=1)
    assert enabled(over) == {one.key: False}
    assert seen(head, LookKind.HISTORY, over) == set()
    for again in (LIVE, replace(LIVE, last_day=over.date() + timedelta(days=9)), Terms(Tier.LISTED)):
        with pytest.raises(ValidationError, match="signs it"):
            put_terms(head, eye, again, 1, over, signed=False)
