"""The page of the organisation: renaming from a day on, merging with what it changes told before, units that are no places."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from luytre.civic.access.models import Role, Unit, UnitKind, UnitStep, User
from luytre.civic.access.units import Decree
from luytre.civic.registry.commune import set_commune
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.models import Commune, Hamlet
from luytre.civic.registry.places import end_hamlet, hamlet_unit, merge_hamlets, rename_hamlet
from luytre.civic.registry.sites import hamlet_named
from tests.web.cast import FakeRecorder, camera, chief

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


@pytest.fixture
def admin(log_in: LogIn, recorder: FakeRecorder) -> Client:
    set_commune(name="Xã An Bình")
    return log_in(chief())


def unit(kind: str, name: str) -> int:
    return UnitStep.objects.filter(unit__kind=kind, name=name).values_list("unit", flat=True)[0]


def test_the_tree_has_every_place_with_its_depth(admin: Client) -> None:
    camera(hamlet="Thôn Đông"), camera("Hai", hamlet="Thôn Đoài")
    nodes = [(node.name, node.depth) for node in admin.get("/settings/units").context["nodes"]]
    assert nodes == [("Xã An Bình", 0), ("Thôn Đoài", 1), ("Thôn Đông", 1)]
    admin.post("/settings/units/add", {"kind": "province", "name": "Tỉnh Bắc Ninh"})
    east = unit(UnitKind.HAMLET, "Thôn Đông")
    admin.post("/settings/units/add", {"kind": "unit", "name": "Tổ bảo vệ", "above": east, "day": "2025-07-01"})
    nodes = [(node.name, node.depth) for node in admin.get("/settings/units").context["nodes"]]
    assert nodes == [("Tỉnh Bắc Ninh", 0), ("Xã An Bình", 1), ("Thôn Đoài", 2), ("Thôn Đông", 2), ("Tổ bảo vệ", 3)]
    team = unit(UnitKind.UNIT, "Tổ bảo vệ")
    admin.post(
        f"/settings/units/{team}",
        {"name": "Tổ bảo vệ", "above": hamlet_unit(Hamlet.objects.get(name="Thôn Đoài")).pk, "day": "2025-08-01"},
    )
    page = admin.get("/settings/units")
    assert [node.name for node in page.context["nodes"]][-3:] == ["Thôn Đoài", "Tổ bảo vệ", "Thôn Đông"]
    assert "01/08/2025: trực thuộc Thôn Đoài" in page.content.decode()
    admin.post(f"/settings/units/{team}/end")
    assert "Đã sáp nhập hoặc kết thúc" in admin.get("/settings/units").content.decode()
    assert admin.get(f"/settings/units/{team}").status_code == 404


def test_a_hamlet_and_the_commune_get_another_name_from_a_day_on(admin: Client) -> None:
    camera()
    admin.get("/settings/units")
    east = unit(UnitKind.HAMLET, "Thôn Đông")
    admin.post(f"/settings/units/{east}", {"name": "Thôn 1", "day": "2025-07-01", "reference": "Nghị quyết 12"})
    assert Hamlet.objects.get().name == "Thôn 1"
    assert "01/07/2025: mang tên “Thôn 1” (Nghị quyết 12)" in admin.get("/settings/units").content.decode()
    admin.post(f"/settings/units/{unit(UnitKind.COMMUNE, 'Xã An Bình')}", {"name": "Xã An Hòa", "day": "01/07/2025"})
    assert Commune.here().name == "Xã An Hòa"
    tomorrow = timezone.localdate() + timedelta(days=1)
    for typed, field in (
        ({"name": "Thôn 2", "day": tomorrow.isoformat()}, "day"), ({"name": "Thôn 2", "day": ""}, "day"),
        ({"name": "", "day": "2025-07-01"}, "name"),
    ):  # fmt: skip
        answer = admin.post(f"/settings/units/{east}", typed)
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {field}
    assert 'value="Thôn 2"' in admin.post(f"/settings/units/{east}", {"name": "Thôn 2", "day": ""}).content.decode()


def test_the_settings_page_keeps_who_renamed(admin: Client) -> None:
    camera()
    hamlet = Hamlet.objects.get()
    admin.post("/settings", {"what": "hamlets", f"name-{hamlet.pk}": "Thôn 1", f"order-{hamlet.pk}": "1"})
    step = UnitStep.objects.get(name="Thôn 1")
    assert (str(step.by), step.day) == ("administrator", timezone.localdate().isoformat())


def test_a_merge_says_what_it_changes_and_then_does_it(admin: Client, log_in: LogIn, recorder: FakeRecorder) -> None:
    one, _two = camera(hamlet="Thôn Đông"), camera("Hai", hamlet="Thôn Đoài")
    east, west = Hamlet.objects.get(name="Thôn Đông"), Hamlet.objects.get(name="Thôn Đoài")
    mover, stayer = User.objects.create_user("to-dong"), User.objects.create_user("to-doai")
    for user, hamlet in ((mover, east), (stayer, west)):
        admin.post(f"/people/{user.pk}/assign", {"role": Role.SECURITY_TEAM, "place": place_key(hamlet)})
    number = hamlet_unit(east).pk
    asked = {"into": west.pk, "day": "2025-07-01", "reference": "Nghị quyết 12"}
    told = admin.post(f"/settings/units/{number}/merge", asked)
    said = told.content.decode()
    for words in ("1 điểm lắp với 1 camera chuyển sang Thôn Đoài", "to-dong", "to-doai", "không hoàn tác được"):
        assert words in said, words
    assert Hamlet.objects.count() == 2

    team, body = log_in(stayer), json.dumps({"right": "live", "cameras": [one.key]})
    assert team.post("/media/token", body, content_type="application/json").status_code == 403
    before = recorder.refreshed
    admin.post(f"/settings/units/{number}/merge", asked | {"sure": place_key(west)})
    assert recorder.refreshed == before + 1
    assert team.post("/media/token", body, content_type="application/json").status_code == 200
    page = admin.get(f"/people/{mover.pk}").content.decode()
    assert "Tổ bảo vệ an ninh, trật tự, Thôn Đoài" in page
    assert "Thôn Đông" in page  # the role that ended, and the rows of the changes
    assert "hamlet:" not in page
    assert "sáp nhập vào Thôn Đoài" in admin.get("/settings/units").content.decode()
    assert admin.get(f"/settings/units/{number}/merge").status_code == 404


def test_a_list_that_is_older_than_a_resolution_finds_the_hamlet_of_today(admin: Client) -> None:
    for name in ("Thôn Đông", "Thôn Đoài", "Thôn Bắc"):
        camera(name, hamlet=name)
    east, west, north = (Hamlet.objects.get(name=name) for name in ("Thôn Đông", "Thôn Đoài", "Thôn Bắc"))
    now = timezone.now()
    by, decree = User.objects.get(username="administrator"), Decree(None, timezone.localdate(now))
    rename_hamlet(west, "Thôn Hòa Bình", decree, timezone.localdate(now))
    merge_hamlets(by, east, west, decree, now)
    merge_hamlets(by, west, north, decree, now)
    for old in ("Thôn Đông", "thôn đoài", "Thôn Hòa Bình", "Thôn Bắc"):
        assert hamlet_named(old) == north
    assert hamlet_named("Thôn Tây") != north
    assert sorted(Hamlet.objects.values_list("name", flat=True)) == ["Thôn Bắc", "Thôn Tây"]
    end_hamlet(Hamlet.objects.get(name="Thôn Tây"), decree, timezone.localdate(now))
    assert hamlet_named("Thôn Tây") == Hamlet.objects.get(name="Thôn Tây"), "one that ended is made anew"


def test_a_merge_into_another_than_was_read_is_asked_again(admin: Client) -> None:
    for name in ("Thôn Đông", "Thôn Đoài", "Thôn Bắc"):
        camera(name, hamlet=name)
    east, west, north = (Hamlet.objects.get(name=name) for name in ("Thôn Đông", "Thôn Đoài", "Thôn Bắc"))
    asked = {"into": north.pk, "day": timezone.localdate().isoformat(), "sure": place_key(west)}
    assert admin.post(f"/settings/units/{hamlet_unit(east).pk}/merge", asked).status_code == 422
    assert admin.post(f"/settings/units/{hamlet_unit(east).pk}/merge", asked | {"into": east.pk}).status_code == 422
    assert Hamlet.objects.count() == 3


def test_what_is_no_hamlet_is_not_merged_and_what_is_a_place_is_not_ended(admin: Client) -> None:
    camera()
    admin.get("/settings/units")
    commune = Unit.objects.get(kind=UnitKind.COMMUNE).pk
    assert admin.get(f"/settings/units/{commune}/merge").status_code == 404
    assert admin.post(f"/settings/units/{commune}/end").status_code == 404
    assert admin.get("/settings/units/999").status_code == 404
    assert admin.post("/settings/units/add", {"kind": "unit", "name": "Tổ"}).status_code == 422
    assert admin.post("/settings/units/add", {"kind": "hamlet", "name": "Thôn"}).status_code == 422
