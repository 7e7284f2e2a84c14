"""Levels of view, places to choose from and a plan's version on the map: for whom, what is in them, and wishes made there."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from luytre.civic.access.models import Role, User
from luytre.civic.access.permissions import PERMISSIONS
from luytre.civic.geometry.optics import Level
from luytre.civic.planning.ask import ask_from
from luytre.civic.planning.models import Candidate, Plan
from luytre.civic.planning.plans import ask_for_version, run, save_plan
from luytre.civic.registry.models import Eye
from tests.civic.ground.shapes import point
from tests.civic.planning.commune import AT, TODAY, eye, hamlets, small_commune
from tests.civic.planning.test_plans import ASK
from tests.web.cast import FakeRecorder, person
from tests.web.test_map import features, page_data

pytestmark = pytest.mark.django_db
Enter = Callable[[User], Client]


@pytest.fixture
def plan(recorder: FakeRecorder) -> Plan:
    small_commune()
    made = save_plan(None, "Từ 20 lên 35", ASK)
    run(ask_for_version(None, made, AT).pk, AT, TODAY)
    return made


def post(client: Client, url: str, **body: Any) -> Any:
    return client.post(url, body, content_type="application/json")


def geojson(client: Client, url: str) -> list[dict[str, Any]]:
    answer = client.get(url)
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["features"]
    return found


def test_levels_of_view_are_zones_of_each_eye_and_shorter_by_night(log_in: Enter, recorder: FakeRecorder) -> None:
    hamlets()
    one, unknown = eye("Đầu ngõ", 0, 0, 90, ir_range_m=12.0), eye("Không rõ", 50, 0, None)
    client = log_in(person(Role.COMMITTEE))
    day, night = (features(client, name) for name in ("zones", "zones_night"))
    assert [zone["properties"]["level"] for zone in day if zone["properties"]["eye"] == one.key] == [
        level.value for level in Level
    ]
    assert [zone["properties"]["level"] for zone in day if zone["properties"]["eye"] == unknown.key] == ["observe"]
    assert {zone["properties"]["levelWords"] for zone in day} == {"phát hiện", "quan sát", "nhận ra", "nhận dạng"}

    def farthest(found: list[dict[str, Any]]) -> float:
        (zone,) = (zone for zone in found if zone["id"] == f"{one.key}.detect")
        return max(float(lon) for lon, _lat in zone["geometry"]["coordinates"][0])

    assert farthest(night) < farthest(day)


def test_who_makes_plans_meets_places_to_choose_from_and_plans(log_in: Enter, plan: Plan) -> None:
    roles = {Role.ADMINISTRATOR, Role.HEAD, Role.COMMITTEE}
    for route in ("map_candidate_add", "map_candidate", "map_candidate_remove", "map_plan", "map_plan_wish"):
        assert PERMISSIONS[route].roles == roles
    address = f"/map?plan={plan.key}&version=1"
    shown = page_data(log_in(person(Role.COMMITTEE)), address)
    assert [layer["name"] for layer in shown["layers"]][-2:] == ["plan_views", "plan_eyes"]
    assert shown["plan"]["back"] == f"/plans/{plan.key}/versions/1"
    assert [kind["kind"] for kind in shown["edit"]["kinds"]] == ["candidate"]
    assert shown["edit"]["eye"] is None
    duty = log_in(person(Role.DUTY))
    shown = page_data(duty, address)
    assert shown["plan"] is None
    assert {"candidates", "plan_eyes"}.isdisjoint(layer["name"] for layer in shown["layers"])
    assert duty.get("/map/layers/candidates").status_code == 404
    assert duty.get(f"/map/plans/{plan.key}/1/eyes").status_code == 403


@pytest.mark.parametrize("query", ["plan=nobody&version=1", "plan=KEY&version=9", "plan=KEY&version=x", "plan=KEY", "version=1"])
def test_a_link_to_no_version_is_the_map_as_it_is(log_in: Enter, plan: Plan, query: str) -> None:
    assert page_data(log_in(person(Role.HEAD)), f"/map?{query.replace('KEY', plan.key)}")["plan"] is None


def test_new_eyes_are_numbered_with_their_reasons_and_fields(log_in: Enter, plan: Plan) -> None:
    client = log_in(person(Role.COMMITTEE))
    eyes = geojson(client, f"/map/plans/{plan.key}/1/eyes")
    assert [one["properties"]["order"] for one in eyes] == [1, 2]
    first = eyes[0]["properties"]
    assert first["name"].startswith("1. ")
    assert "hấy" in first["why"]
    assert "đồng" in first["costWords"]
    views = geojson(client, f"/map/plans/{plan.key}/1/views")
    assert {one["id"] for one in views} == {"1", "2"}
    assert client.get(f"/map/plans/{plan.key}/1/other").status_code == 404
    assert client.get(f"/map/plans/{plan.key}/7/eyes").status_code == 404


def test_a_new_eye_is_pinned_moved_and_freed_from_the_map(log_in: Enter, plan: Plan) -> None:
    client, url = log_in(person(Role.COMMITTEE)), f"/map/plans/{plan.key}/wish"
    key = Candidate.objects.get(name="Cột chợ").key

    def wishes() -> Any:
        plan.refresh_from_db()
        return ask_from(plan.ask)

    assert post(client, url, values={"candidate": key, "how": "pin", "bearing": "90"}).json()["name"] == "Cột chợ"
    assert wishes().pinned == {key: 90.0}
    moved = post(client, url, values={"candidate": key, "how": "move"}, geometry=json.loads(point(140, -4)))
    assert moved.status_code == 200
    lat, lon = wishes().moved[key]
    assert json.loads(point(140, -4))["coordinates"] == pytest.approx([lon, lat], abs=1e-6)
    told = {
        one["properties"]["candidate"]: one["properties"]["wishWords"] for one in geojson(client, f"/map/plans/{plan.key}/1/eyes")
    }
    assert told.get(key, "bắt buộc lắp, dời chỗ") == "bắt buộc lắp, dời chỗ"
    run(ask_for_version(None, plan, AT).pk, AT, TODAY)
    placed = {
        one["properties"]["candidate"]: one["geometry"]["coordinates"] for one in geojson(client, f"/map/plans/{plan.key}/2/eyes")
    }
    assert placed[key] == pytest.approx([lon, lat], abs=1e-6)
    post(client, url, values={"candidate": key, "how": "free"})
    assert (wishes().pinned, wishes().moved) == ({}, {})
    post(client, url, values={"candidate": key, "how": "forbid"})
    assert wishes().forbidden == (key,)


def test_a_wish_that_cannot_be_changes_nothing(log_in: Enter, plan: Plan) -> None:
    client, url = log_in(person(Role.HEAD)), f"/map/plans/{plan.key}/wish"
    key, before = Candidate.objects.get(name="Cột chợ").key, plan.ask
    far = {"type": "Point", "coordinates": [106.9, 20.9]}
    answer = post(client, url, values={"candidate": key, "how": "move"}, geometry=far)
    assert answer.status_code == 422
    assert "km" in answer.json()["errors"]["geometry"]
    assert post(client, url, values={"candidate": key, "how": "move"}, geometry=None).status_code == 422
    assert post(client, url, values={"candidate": "nobody", "how": "pin"}).status_code == 404
    assert client.post(url, "{", content_type="application/json").status_code == 400
    assert post(log_in(person(Role.DUTY)), url, values={"candidate": key, "how": "pin"}).status_code == 403
    plan.refresh_from_db()
    assert plan.ask == before


def test_the_committee_adds_moves_and_removes_a_place_to_choose_from(log_in: Enter, plan: Plan) -> None:
    client = log_in(person(Role.COMMITTEE))
    values = {"name": "Cột điện 7", "hamlet": "Thôn Đông", "bearings": "90 270", "most_eyes": "2", "note": ""}
    made = post(client, "/map/candidates", values=values, geometry=json.loads(point(200, 5)))
    assert made.status_code == 200, made.content
    url = f"/map/candidates/{made.json()['key']}"
    told = client.get(url).json()
    assert told["values"] == values
    Candidate.objects.filter(name="Cột điện 7").update(camera_vnd=9_000_000)
    moved = post(client, url, values=values, geometry=json.loads(point(210, 5)), mark=told["mark"])
    assert moved.status_code == 200
    one = Candidate.objects.get(name="Cột điện 7")
    assert (one.camera_vnd, one.most_eyes, one.revision) == (9_000_000, 2, 2)  # what the map does not ask stays
    assert post(client, url, values=values, geometry=told["geometry"], mark=told["mark"]).status_code == 409
    refused = post(client, "/map/candidates", values=values | {"most_eyes": "99", "bearings": "đông"}, geometry=told["geometry"])
    assert (refused.status_code, set(refused.json()["errors"])) == (422, {"most_eyes", "bearings"})
    assert post(client, f"{url}/remove", mark=moved.json()["mark"]).status_code == 200
    assert client.get(url).status_code == 404
    assert "Cột điện 7" not in {item["properties"]["name"] for item in features(client, "candidates")}
    assert post(log_in(person(Role.DUTY)), "/map/candidates", values=values, geometry=told["geometry"]).status_code == 403
    assert Eye.objects.count() == 1
