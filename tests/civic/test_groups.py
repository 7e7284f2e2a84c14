"""Groups of cameras as a place: what they give by every way of looking, and that what they take ends at once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from luytre.civic.access.assignments import Wanted, assign, end
from luytre.civic.access.endings import endings
from luytre.civic.access.models import Change, ChangeCode, Role, User
from luytre.civic.registry.cameras import archive_camera
from luytre.civic.registry.config import recorder_config
from luytre.civic.registry.groups import GroupDraft, group_at, group_place, groups_in_order, remove_group, save_group
from luytre.civic.registry.models import Camera, CameraGroup
from luytre.civic.registry.scope import cameras_of, devices_of, has_way
from tests.web.cast import EARLY, camera, chief

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
WAYS = ("live", "history", "export", "ptz", "unmasked")


def group_of(*cameras: Camera, name: str = "Trường học", by: User | None = None, group: CameraGroup | None = None) -> CameraGroup:
    somebody = by or User.objects.filter(username="administrator").first() or chief()
    return save_group(somebody, GroupDraft(name, {one.key for one in cameras}), NOW, group)


def given(group: CameraGroup, role: str, ways: frozenset[str] = frozenset()) -> User:
    user = User.objects.create_user(f"{role}-{group.key}")
    assign(None, user, Wanted(role, group_place(group), ways, first_day=EARLY), NOW)
    return user


def seen(user: User) -> dict[str, set[str]]:
    return {way: set(cameras_of(user, way, NOW).values_list("name", flat=True)) for way in WAYS}


@pytest.mark.parametrize(
    ("role", "ways"),
    [
        (Role.HEAD, set(WAYS)), (Role.DUTY, set(WAYS)), (Role.HAMLET_HEAD, {"live", "history"}),
        (Role.SECURITY_TEAM, {"live", "history"}), (Role.OWNER, set()), (Role.COMMITTEE, set()), (Role.AUDITOR, set()),
        (Role.RESIDENT, set()), (Role.ADMINISTRATOR, set()),
    ],
)  # fmt: skip
def test_a_group_gives_its_cameras_in_the_ways_of_the_role(role: str, ways: set[str]) -> None:
    one, two = camera("Một"), camera("Hai", hamlet="Thôn Đoài")
    camera("Ba")
    user = given(group_of(one, two), role)
    assert seen(user) == {way: {"Một", "Hai"} if way in ways else set() for way in WAYS}
    assert {way for way in WAYS if has_way(user, way, NOW)} == ways
    devices = set(devices_of(user, NOW).values_list("name", flat=True))
    assert devices == ({"Một", "Hai", "Ba"} if role == Role.ADMINISTRATOR else {"Một", "Hai"} if "live" in ways else set())


def test_it_is_narrowed_joined_and_follows_what_is_in_use() -> None:
    one, two, three = camera("Một"), camera("Hai"), camera("Ba")
    group, other = group_of(one, two), group_of(three, name="Chợ")
    user = given(group, Role.SECURITY_TEAM, frozenset({"live"}))
    assign(None, user, Wanted(Role.SECURITY_TEAM, group_place(other), frozenset({"history"}), first_day=EARLY), NOW)
    assert (seen(user)["live"], seen(user)["history"]) == ({"Một", "Hai"}, {"Ba"})
    archive_camera(one)
    assert seen(user)["live"] == {"Hai"}


def test_a_camera_that_leaves_a_group_is_lost_at_once_and_one_that_comes_costs_nobody_a_picture() -> None:
    one, two = camera("Một"), camera("Hai")
    group = group_of(one)
    user, stranger = given(group, Role.DUTY), given(group_of(two, name="Khác"), Role.DUTY)
    group_of(one, two, group=group)
    assert (seen(user)["live"], endings(NOW)) == ({"Một", "Hai"}, {})
    group_of(two, group=group)
    assert seen(user)["live"] == {"Hai"}
    assert endings(NOW) == {str(user.pk): NOW}
    assert set(recorder_config(NOW)["not_before"]) == {str(user.pk)}
    told = list(Change.objects.filter(code=ChangeCode.CAMERAS).order_by("seq").values_list("subject", "before", "after"))
    place = group_place(group)
    assert told == [(user.pk, f"{place} 1", f"{place} 2"), (user.pk, f"{place} 2", f"{place} 1")]
    assert stranger.pk not in {subject for subject, *_rest in told}


def test_the_same_group_again_or_another_name_is_no_change_of_rights() -> None:
    one = camera()
    group = group_of(one)
    user = given(group, Role.DUTY)
    group_of(one, name="Tên khác", group=group)
    assert (group_at(group_place(group)), seen(user)["live"]) == (group, {"Cổng chợ"})
    assert not Change.objects.filter(code=ChangeCode.CAMERAS).exists()
    assert endings(NOW) == {}


def test_a_group_that_somebody_has_stays_and_one_that_was_removed_gives_nothing() -> None:
    admin = chief()
    group = group_of(camera(), by=admin)
    user = given(group, Role.DUTY)
    assert [one.user for one in remove_group(group, NOW)] == [user]
    assert seen(user)["live"]
    end(admin, user.assignments.get(), NOW)
    assert remove_group(group, NOW) == []
    assign(None, user, Wanted(Role.DUTY, group_place(group), first_day=EARLY), NOW)  # by somebody whose page was open
    assert not seen(user)["live"]
    assert groups_in_order() == []
    found = group_at(group_place(group))
    assert found is not None  # its name is still read in old rows
    assert found.name == "Trường học"
    group_of(Camera.objects.get(), by=admin)  # and its name is free


@pytest.mark.parametrize("place", ["group:", "group:nothing", "group", "group:%", "groups:x", "hamlet:group:x"])
def test_a_place_that_is_no_group_gives_nothing(place: str) -> None:
    group_of(camera())
    user = User.objects.create_user("odd")
    assign(None, user, Wanted(Role.DUTY, place, first_day=EARLY), NOW)
    assert not any(seen(user).values())


@pytest.mark.parametrize(
    ("name", "cameras", "field"),
    [("", True, "name"), ("x" * 81, True, "name"), ("TRƯỜNG  học", True, "name"), ("Mới", False, "cameras")],
)
def test_what_is_no_group_is_refused_at_its_field(name: str, cameras: bool, field: str) -> None:
    one = camera()
    group_of(one)
    with pytest.raises(ValidationError) as error:
        group_of(*([one] if cameras else []), name=name)
    assert set(error.value.message_dict) == {field}
    assert CameraGroup.objects.count() == 1
