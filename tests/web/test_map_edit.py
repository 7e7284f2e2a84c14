"""Drawing on the map: each kind saved, refused by field, removed, put back; who may; what somebody else changed meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luytre.civic.access.models import Role, User
from luytre.civic.access.permissions import PERMISSIONS
from luytre.civic.ground.models import HamletArea, Obstacle, PastIncident, Place
from luytre.civic.registry.eyes import EyeDraft, save_eye
from luytre.civic.registry.models import Eye, Hamlet, RegisterStep, Site
from luytre.web.views.map_edit import NotUnderstood, Sent, read_sent
from tests.web.cast import FakeRecorder, camera, person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
Enter = Callable[..., Client]
POINT = {"type": "Point", "coordinates": [105.97, 20.91]}
LINE = {"type": "LineString", "coordinates": [[105.97, 20.91], [105.972, 20.911]]}
AREA = {"type": "Polygon", "coordinates": [[[105.97, 20.91], [105.971, 20.91], [105.971, 20.911], [105.97, 20.91]]]}
CROSSED = {
    "type": "Polygon",
    "coordinates": [[[105.97, 20.91], [105.972, 20.912], [105.972, 20.91], [105.97, 20.912], [105.97, 20.91]]],
}
DRAWN: dict[str, tuple[dict[str, str], dict[str, Any], type[Any]]] = {
    "place": ({"name": "Đường đê", "kind": "route", "residents": "1200", "vehicles_a_day": "450"}, LINE, Place),
    "obstacle": ({"kind": "building", "height_m": "6,5", "home": "on"}, AREA, Obstacle),
    "hamlet": ({"hamlet": "Thôn Đông", "source": "Địa chính"}, AREA, HamletArea),
    "site": ({"name": "Cột số 5", "kind": "route", "hamlet": "Thôn Đông", "road": "Đường đê"}, POINT, Site),
    "incident": ({"kind": "theft", "day": "24/11/2025"}, POINT, PastIncident),
}


def post(client: Client, address: str, values: Any = None, geometry: Any = None, mark: str | None = None) -> Any:
    body = {"values": values or {}, "geometry": geometry, "mark": mark}
    return client.post(address, json.dumps(body), content_type="application/json", headers={"Accept": "application/json"})


@pytest.fixture
def client(log_in: Enter, recorder: FakeRecorder) -> Client:
    Hamlet.objects.create(name="Thôn Đông")
    return log_in(person(Role.HEAD))


def test_the_table() -> None:
    for route in ("map_add", "map_thing", "map_remove", "map_restore"):
        assert PERMISSIONS[route].roles == {Role.ADMINISTRATOR, Role.HEAD}
    assert PERMISSIONS["map_eye"].roles == {Role.ADMINISTRATOR, Role.HEAD, Role.DUTY}


@pytest.mark.parametrize("kind", DRAWN)
def test_each_kind_is_drawn_changed_removed_and_comes_back(client: Client, kind: str) -> None:
    values, geometry, model = DRAWN[kind]
    made = post(client, f"/map/things/{kind}", values, geometry)
    assert made.status_code == 200, made.content
    assert model.objects.count() == 1
    address = f"/map/things/{kind}/{made.json()['key']}"
    told = client.get(address).json()
    assert told["geometry"] == geometry
    assert told["mark"] == made.json()["mark"]
    assert {name: told["values"][name] for name in values}.keys() == values.keys()
    again = post(client, address, told["values"], told["geometry"], told["mark"])
    assert (again.status_code, again.json()["mark"]) == (200, told["mark"])  # what was read is what is kept
    assert RegisterStep.objects.count() == 1
    gone = post(client, f"{address}/remove", mark=told["mark"])
    assert gone.status_code == 200
    assert [step.code for step in RegisterStep.objects.all()] == ["added", "removed"]
    assert client.get(address).status_code == 404
    if kind == "place":
        assert post(client, f"{address}/restore").json()["key"] == made.json()["key"]
        assert client.get(address).status_code == 200
    else:
        assert post(client, f"{address}/restore").status_code == 404
        assert post(client, f"/map/things/{kind}", told["values"], told["geometry"]).status_code == 200


def test_figures_and_days_are_read_as_people_write_them(client: Client) -> None:
    for kind in ("place", "obstacle", "incident"):
        values, geometry, _model = DRAWN[kind]
        assert post(client, f"/map/things/{kind}", values, geometry).status_code == 200
    place, obstacle = Place.objects.get(), Obstacle.objects.get()
    assert (place.residents, place.vehicles_a_day) == (1200, 450)
    assert (obstacle.height_m, obstacle.home) == (6.5, True)
    assert PastIncident.objects.get().day.isoformat() == "2025-11-24"
    told = client.get(f"/map/things/obstacle/{obstacle.key}").json()["values"]
    assert (told["height_m"], told["home"]) == ("6,5", "on")


def test_what_is_wrong_is_said_at_its_field_and_where_on_the_map(client: Client) -> None:
    wrong = post(client, "/map/things/place", {"name": "", "kind": "market", "residents": "nhiều"}, CROSSED)
    assert wrong.status_code == 422
    assert set(wrong.json()["errors"]) == {"name", "residents", "geometry"}
    assert "tự cắt" in wrong.json()["errors"]["geometry"]
    assert wrong.json()["at"] == pytest.approx([105.971, 20.911])
    kind = post(client, "/map/things/place", {"name": "Đường", "kind": "route"}, AREA)
    assert set(kind.json()["errors"]) == {"geometry"}
    swapped = post(client, "/map/things/incident", DRAWN["incident"][0], {"type": "Point", "coordinates": [20.91, 105.97]})
    assert "đổi chỗ" in swapped.json()["errors"]["geometry"]
    nothing = post(client, "/map/things/site", DRAWN["site"][0], None)
    assert (nothing.status_code, set(nothing.json()["errors"])) == (422, {"geometry"})
    assert not Place.objects.exists()
    assert not Site.objects.exists()
    assert not RegisterStep.objects.exists()


def test_outside_of_the_commune_is_refused_with_the_distance(client: Client) -> None:
    post(client, "/map/things/hamlet", *DRAWN["hamlet"][:2])
    far = {"type": "Point", "coordinates": [106.5, 20.91]}
    for kind in ("site", "incident"):
        answer = post(client, f"/map/things/{kind}", DRAWN[kind][0], far)
        assert "km" in answer.json()["errors"]["geometry"]


def test_a_hamlet_has_one_boundary_and_it_stays_there(client: Client) -> None:
    Hamlet.objects.create(name="Thôn Đoài")
    first = post(client, "/map/things/hamlet", *DRAWN["hamlet"][:2]).json()
    assert set(post(client, "/map/things/hamlet", *DRAWN["hamlet"][:2]).json()["errors"]) == {"hamlet"}
    moved = post(client, f"/map/things/hamlet/{first['key']}", {"hamlet": "Thôn Đoài"}, AREA, first["mark"])
    assert set(moved.json()["errors"]) == {"hamlet"}
    assert client.get("/map/things/hamlet/x").status_code == 404


@pytest.mark.parametrize("kind", DRAWN)
def test_what_somebody_else_changed_is_never_overwritten(client: Client, kind: str) -> None:
    values, geometry, model = DRAWN[kind]
    made = post(client, f"/map/things/{kind}", values, geometry).json()
    address = f"/map/things/{kind}/{made['key']}"
    told = client.get(address).json()
    other = told["values"] | {"source": "người khác"} if kind != "site" else told["values"] | {"road": "Đường khác"}
    assert post(client, address, other, geometry, made["mark"]).status_code == 200
    kept = model.objects.values().get()
    for late in (post(client, address, values, geometry, made["mark"]), post(client, f"{address}/remove", mark=made["mark"])):
        assert late.status_code == 409
        assert late.json()["error"] == "stale"
    assert model.objects.values().get() == kept
    assert post(client, address, told["values"], geometry, client.get(address).json()["mark"]).status_code == 200


def test_a_mounting_place_where_a_camera_hangs_moves_but_keeps_its_name(client: Client) -> None:
    one = camera("Cổng chợ", position=(Decimal("20.91"), Decimal("105.97")))
    address = f"/map/things/site/{one.site.key}"
    told = client.get(address).json()
    renamed = post(client, address, told["values"] | {"name": "Khác"}, POINT, told["mark"])
    assert set(renamed.json()["errors"]) == {"name"}
    there = {"type": "Point", "coordinates": [105.9701, 20.9102]}
    assert post(client, address, told["values"], there, told["mark"]).status_code == 200
    assert Site.objects.get().position == (Decimal("20.910200"), Decimal("105.970100"))
    assert post(client, f"{address}/remove", mark=client.get(address).json()["mark"]).status_code == 422
    assert set(post(client, "/map/things/site", told["values"], POINT).json()["errors"]) == {"name"}


def listed_eye(name: str = "Mắt 1") -> Eye:
    draft = EyeDraft(name=name, position=(Decimal("20.91"), Decimal("105.97")), owner_name="Nguyễn Văn Riêng", days_kept=7)
    return save_eye(None, draft, NOW)


def test_the_duty_turns_an_eye_and_draws_nothing(log_in: Enter, recorder: FakeRecorder) -> None:
    one = listed_eye()
    duty = log_in(person(Role.DUTY))
    address = f"/map/eyes/{one.key}"
    told = duty.get(address).json()
    assert "Riêng" not in json.dumps(told, ensure_ascii=False)
    turned = post(duty, address, {"bearing_deg": "47,5", "hfov_deg": "60"}, POINT, told["mark"])
    assert turned.status_code == 200
    one.refresh_from_db()
    assert (one.bearing_deg, one.hfov_deg, one.owner_name, one.days_kept) == (47.5, 60.0, "Nguyễn Văn Riêng", 7)
    assert post(duty, address, {"bearing_deg": "400"}, POINT).status_code == 422
    assert post(duty, address, {"bearing_deg": "1"}, POINT, told["mark"]).status_code == 409
    assert post(duty, "/map/things/place", *DRAWN["place"][:2]).status_code == 403
    assert duty.get("/map/things/place/x").status_code == 403


@pytest.mark.parametrize("role", [Role.COMMITTEE, Role.HAMLET_HEAD, Role.SURVEYOR, Role.OWNER, Role.AUDITOR])
def test_who_only_looks_changes_nothing(log_in: Enter, recorder: FakeRecorder, role: str) -> None:
    one = listed_eye()
    client = log_in(person(role))
    assert post(client, f"/map/eyes/{one.key}", {"bearing_deg": "5"}, POINT).status_code == 403
    assert post(client, "/map/things/obstacle", *DRAWN["obstacle"][:2]).status_code == 403
    one.refresh_from_db()
    assert one.bearing_deg is None


def test_an_eye_that_was_removed_is_not_there(client: Client) -> None:
    one = listed_eye()
    Eye.objects.update(archived=True)
    assert client.get(f"/map/eyes/{one.key}").status_code == 404
    assert client.get("/map/things/nothing/x").status_code == 404
    assert post(client, "/map/things/place/x/restore").status_code == 404


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"values": 3}', b"[" * 100_000, b" " * 1_000_001])
def test_a_body_that_is_none_is_told(client: Client, body: bytes) -> None:
    response = client.post("/map/things/place", body, content_type="application/json")
    assert (response.status_code, response.json()["error"]) == (400, "bad_request")


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=8), part, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["values", "geometry", "mark", "x"]), JSON) | JSON)
def test_any_json_is_understood_or_refused(value: Any) -> None:
    try:
        sent = read_sent(json.dumps(value).encode())
    except NotUnderstood:
        return
    assert isinstance(sent, Sent)
    assert all(isinstance(typed, str) for typed in sent.values.values())


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(sorted(DRAWN)),
    st.dictionaries(st.sampled_from(["name", "kind", "hamlet", "day", "height_m", "residents"]), JSON, max_size=4),
    JSON,
)
def test_whatever_is_sent_is_answered(client: Client, kind: str, values: Any, geometry: Any) -> None:
    assert post(client, f"/map/things/{kind}", values, geometry).status_code in (200, 400, 422)


def test_who_may_draw_gets_the_fields_with_the_page(log_in: Enter, recorder: FakeRecorder) -> None:
    def edit(user: User) -> Any:
        text = log_in(user).get("/map").content.decode()
        return json.loads(text.partition('id="map-page" type="application/json">')[2].partition("</script>")[0])["edit"]

    drawn = edit(person(Role.ADMINISTRATOR))
    assert [one["kind"] for one in drawn["kinds"]] == [*DRAWN, "candidate"]
    kinds = next(field for field in drawn["kinds"][0]["fields"] if field["name"] == "kind")
    assert ["market", "chợ"] in kinds["choices"]
    assert edit(person(Role.DUTY))["kinds"] == []
    assert [one["kind"] for one in edit(person(Role.COMMITTEE))["kinds"]] == ["candidate"]
    assert edit(person(Role.SURVEYOR)) is None
