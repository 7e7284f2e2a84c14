"""Masks: versions that nobody changes afterwards, what the recorder is told, and who is shown a camera without them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from luytre.base.polygons import Polygon, PolygonError
from luytre.civic.access.assignments import Hours, Wanted, assign
from luytre.civic.access.models import LookKind, Role, User
from luytre.civic.chain.proof import prove
from luytre.civic.chain.verify import FaultKind
from luytre.civic.registry import scope
from luytre.civic.registry.config import recorder_config
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.masks import MasksMeanwhile, drawn_of, masks_of, save_masks, versions_of
from luytre.civic.registry.models import Camera, Hamlet, MaskVersion
from luytre.civic.registry.scope import cameras_of, unmasked_of
from luytre.civic.regulations.builtin import BUILT_IN
from luytre.civic.regulations.force import InForce
from luytre.civic.regulations.rules import Actor, Right, Way
from luytre.civic.regulations.rules import Hours as RuleHours
from tests.support.chains import unguarded
from tests.web.cast import EARLY, PASSWORD, camera, person, viewer_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
HOME: Polygon = ((1000, 2000), (4000, 2000), (4000, 6000))
OTHER: Polygon = ((6000, 2000), (9000, 2000), (9000, 6000))


def told(one: Camera) -> Any:
    return next(item["masks"] for item in recorder_config(NOW)["cameras"] if item["key"] == one.key)


def test_each_version_is_kept_with_who_and_when_and_the_recorder_gets_the_newest() -> None:
    one, two, head = camera("Một"), camera("Hai"), person(Role.HEAD)
    assert told(one) is None
    first = save_masks(head, one, [HOME], 0, NOW)
    assert first is not None
    save_masks(head, two, [OTHER], 0, NOW)
    save_masks(head, one, [HOME, OTHER], 1, NOW)
    assert told(one) == {"version": 2, "polygons": [[[0.1, 0.2], [0.4, 0.2], [0.4, 0.6]], [[0.6, 0.2], [0.9, 0.2], [0.9, 0.6]]]}
    assert told(two)["version"] == 1
    assert [(version.number, version.by, version.at, len(drawn_of(version))) for version in versions_of(one)] == [
        (2, head, NOW, 2),
        (1, head, NOW, 1),
    ]
    save_masks(head, one, [], 2, NOW)
    assert told(one) == {"version": 3, "polygons": []}


def test_the_same_again_is_no_version_and_what_another_drew_is_not_overwritten() -> None:
    one, head = camera(), person(Role.HEAD)
    assert save_masks(head, one, [], 0, NOW) is None
    save_masks(head, one, [HOME], 0, NOW)
    assert save_masks(head, one, [HOME], 1, NOW) is None
    with pytest.raises(MasksMeanwhile):
        save_masks(head, one, [OTHER], 0, NOW)
    with pytest.raises(PolygonError):
        save_masks(head, one, [HOME[:2]], 1, NOW)
    newest = masks_of(one)
    assert newest is not None
    assert (newest.number, drawn_of(newest)) == (1, (HOME,))


def test_a_version_is_never_changed_and_who_does_it_all_the_same_is_found() -> None:
    one = camera()
    save_masks(person(Role.HEAD), one, [HOME], 0, NOW)
    for statement in ("UPDATE registry_maskversion SET polygons = '[]'", "DELETE FROM registry_maskversion"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with unguarded(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE registry_maskversion SET polygons = '[]'")
    assert ("registry_maskversion", FaultKind.CHANGED) in {(fault.table, fault.kind) for fault in prove().faults}


def rule(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    monkeypatch.setattr(scope, "in_force_now", lambda at: InForce(replace(BUILT_IN, **changes)))


def keys(user: User, kind: str = LookKind.LIVE, at: datetime = NOW) -> set[str]:
    found = set(unmasked_of(user, kind, at).values_list("name", flat=True))
    assert found <= set(cameras_of(user, kind, at).values_list("name", flat=True)), "nobody sees more without masks"
    return found


@pytest.mark.parametrize(("role", "sees"), [(role, role in (Role.HEAD, Role.DUTY)) for role in Role])
def test_before_there_is_a_regulation_the_police_see_without_masks_and_nobody_else(role: str, sees: bool) -> None:
    one = camera("Một")
    user = viewer_of(one, role=role) if role in (Role.HAMLET_HEAD, Role.SECURITY_TEAM, Role.OWNER) else person(role)
    for kind in (LookKind.LIVE, LookKind.HISTORY, LookKind.EXPORT):
        assert keys(user, kind) == ({"Một"} if sees else set())


def test_the_rules_take_it_away_by_role_and_by_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    camera("Một")
    head, duty = person(Role.HEAD), person(Role.DUTY)
    rule(monkeypatch, masked_for=(*BUILT_IN.masked_for, Actor.DUTY))
    assert (keys(head), keys(duty)) == ({"Một"}, set())
    rights = tuple(right for right in BUILT_IN.rights if right.way is not Way.UNMASKED)
    rule(monkeypatch, rights=rights)
    assert (keys(head), keys(duty)) == (set(), set())
    hours = RuleHours(8 * 60, 14 * 60)  # NOW is 14:05 here
    rule(monkeypatch, rights=(*rights, Right(Actor.HEAD, Way.UNMASKED, (hours,))))
    assert keys(head) == set()
    assert keys(head, at=datetime(2026, 11, 24, 6, 59, tzinfo=UTC)) == {"Một"}


def test_an_assignment_gives_it_only_where_and_when_and_for_what_it_gives_the_look() -> None:
    camera("Đông", hamlet="Thôn Đông"), camera("Tây", hamlet="Thôn Tây")
    user = User.objects.create_user("hai-vai", PASSWORD)
    east, west = (place_key(Hamlet.objects.get(name=name)) for name in ("Thôn Đông", "Thôn Tây"))
    assign(None, user, Wanted(Role.DUTY, east, frozenset({"live", "unmasked"}), first_day=EARLY), NOW)
    assign(None, user, Wanted(Role.SECURITY_TEAM, west, frozenset({"live"}), first_day=EARLY), NOW)
    assign(None, user, Wanted(Role.DUTY, east, frozenset({"history"}), first_day=EARLY), NOW)
    assert keys(user) == {"Đông"}
    assert keys(user, LookKind.HISTORY) == set(), "the assignment that looks back does not see without masks"
    night = User.objects.create_user("ca-dem", PASSWORD)
    wanted = Wanted(Role.DUTY, hours=Hours(time(18), time(6)), first_day=EARLY)
    assign(None, night, wanted, NOW)
    assert (keys(night), keys(night, at=datetime(2026, 11, 24, 12, tzinfo=UTC))) == (set(), {"Đông", "Tây"})


def test_what_is_kept_and_not_understood_is_told_as_it_is() -> None:
    one = camera()
    MaskVersion(at=NOW, by=person(Role.HEAD), camera=one.key, number=1, polygons="[[[0.1,0.1]]]").save()
    assert told(one) == {"version": 1, "polygons": [[[0.1, 0.1]]]}, "so that the recorder shows nothing"
