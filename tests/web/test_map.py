"""The map's page, its layers by scope, states, and the file below it."""

from __future__ import annotations

import gzip
import json
import struct
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from luytre.civic.access.assignments import Wanted, assign
from luytre.civic.access.models import Role, User
from luytre.civic.access.permissions import PERMISSIONS
from luytre.civic.ground.models import HamletArea, Obstacle, PastIncident, Place
from luytre.civic.ports import Status, StreamState
from luytre.civic.registry.eyes import EyeDraft, save_eye
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.models import Camera, Eye, Hamlet
from luytre.civic.survey.models import Need
from luytre.web.map_basemap import HEAD_BYTES, MOST_RANGE_BYTES, basemap_at, span_of
from luytre.web.map_layers import LAYERS, MAP_ROLES
from tests.web.cast import EARLY, FakeRecorder, camera, person, viewer_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
SQUARE = '{"type":"Polygon","coordinates":[[[105.96,20.90],[105.98,20.90],[105.98,20.92],[105.96,20.92],[105.96,20.90]]]}'
Enter = Callable[..., Client]


def hamlet(name: str = "Thôn Đông") -> Hamlet:
    return Hamlet.objects.get_or_create(name=name)[0]


def eye(name: str, of: str = "Thôn Đông", **changes: Any) -> Eye:
    hamlet(of)
    draft = EyeDraft(name=name, hamlet=of, position=(Decimal("20.9100"), Decimal("105.9700")), owner_name="Nguyễn Văn Riêng")
    return save_eye(None, replace(draft, owner_phone="0912345678", note="chó dữ", address="số 9 ngõ 3", **changes), NOW)


def ground() -> None:
    HamletArea.objects.create(hamlet=hamlet(), geometry=SQUARE, source="Bản đồ địa chính")
    Place.objects.create(kind="market", name="Chợ", hamlet=hamlet(), geometry='{"type":"Point","coordinates":[105.97,20.91]}')
    Obstacle.objects.create(geometry=SQUARE, height_m=6.5, source="© OpenStreetMap contributors, ODbL 1.0")
    where = {"latitude": Decimal("20.91"), "longitude": Decimal("105.97")}
    PastIncident.objects.create(kind="theft", day=date(2026, 3, 1), **where)
    Need.objects.create(name="Dốc đê", hamlet=hamlet(), reason="dark", urgency=3, **where)
    Need.objects.create(name="Đã xong", hamlet=hamlet(), reason="dark", state="met", **where)


def features(client: Client, name: str) -> list[dict[str, Any]]:
    response = client.get(f"/map/layers/{name}")
    assert response.status_code == 200, name
    found: list[dict[str, Any]] = json.loads(response.content)["features"]
    return found


def names(client: Client, name: str) -> list[str]:
    return sorted(one["properties"]["name"] for one in features(client, name))


def in_hamlet(role: str, of: Hamlet) -> User:
    user = User.objects.create_user(f"{role}-{of.pk}", "four-words-not-together")
    assign(None, user, Wanted(role, place_key(of), first_day=EARLY), NOW)
    return user


def page_data(client: Client, address: str = "/map") -> dict[str, Any]:
    text = client.get(address).content.decode()
    body = text.partition('id="map-page" type="application/json">')[2].partition("</script>")[0]
    found: dict[str, Any] = json.loads(body)
    return found


def test_the_map_is_for_the_roles_of_the_table() -> None:
    """Written out once more, so that a slip of the pen in the table is seen."""
    looking = {*Role.values} - {Role.AUDITOR, Role.RESIDENT, Role.TREASURER}
    for route in ("map", "map_states", "map_basemap", "map_layer", "map_paper"):
        assert PERMISSIONS[route].roles == looking
    assert PERMISSIONS["map"].roles == MAP_ROLES
    assert all(kind.roles <= MAP_ROLES for kind in LAYERS.values())


def test_the_page_keeps_a_strict_policy_and_names_only_layers_of_the_role(log_in: Enter, recorder: FakeRecorder) -> None:
    ground()
    response = log_in(person(Role.HEAD)).get("/map")
    policy = response.headers["Content-Security-Policy"]
    assert "worker-src 'self';" in f"{policy};"
    assert "unsafe" not in policy
    assert "blob:" not in policy.partition("worker-src")[2].partition(";")[0]
    shown = page_data(log_in(person(Role.COMMITTEE)))
    assert [layer["name"] for layer in shown["layers"]] == [
        name for name in LAYERS if name != "cases"
    ]  # those are for who handles them
    assert shown["bounds"] == [105.96, 20.9, 105.98, 20.92]
    owner = page_data(log_in(viewer_of(camera(), role=Role.OWNER)))
    assert [layer["name"] for layer in owner["layers"]] == ["eyes", "views", "zones", "zones_night", "hamlets"]


def test_a_commune_without_anything_has_a_map_of_the_country(log_in: Enter, recorder: FakeRecorder) -> None:
    shown = page_data(log_in(person(Role.ADMINISTRATOR)))
    assert shown["bounds"][0] < 105 < shown["bounds"][2]
    assert shown["basemap"] is None


def test_a_hamlet_head_meets_the_eyes_of_the_own_hamlet_and_of_cameras_given(log_in: Enter, recorder: FakeRecorder) -> None:
    eye("Của Đông")
    eye("Của Đoài", "Thôn Đoài")
    ground()
    client = log_in(in_hamlet(Role.HAMLET_HEAD, hamlet("Thôn Đoài")))
    assert names(client, "eyes") == ["Của Đoài"]
    assert [one["id"] for one in features(client, "views")] == [Eye.objects.get(name="Của Đoài").key]
    assert names(client, "needs") == []
    assert names(client, "places") == ["Chợ"]
    assert client.get("/map/layers/incidents").status_code == 404
    assert set(client.get("/map/states").json()["eyes"]) == {Eye.objects.get(name="Của Đoài").key}
    assert names(log_in(person(Role.SURVEYOR)), "eyes") == ["Của Đoài", "Của Đông"]  # the whole commune is this one's place


def test_an_owner_meets_the_own_camera_alone(log_in: Enter, recorder: FakeRecorder) -> None:
    mine = camera("Nhà tôi", position=(Decimal("20.91"), Decimal("105.97")))
    eye("Nhà khác")
    client = log_in(viewer_of(mine, role=Role.OWNER))
    (found,) = features(client, "eyes")
    assert found["properties"]["name"] == "Nhà tôi"
    assert (found["properties"]["camera"], found["properties"]["live"]) == ("", False)  # no rule gives an owner pictures yet
    assert found["id"] == Eye.objects.get(camera=mine).key
    assert client.get("/map/layers/places").status_code == 404


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.HEAD, Role.COMMITTEE])
def test_no_layer_holds_an_owners_data(log_in: Enter, recorder: FakeRecorder, role: str) -> None:
    eye("Nhà 9")
    ground()
    client = log_in(person(role))
    for layer in set(LAYERS) - {"cases"}:
        text = client.get(f"/map/layers/{layer}").content.decode()
        assert features(client, layer) or layer in ("sites", "candidates")
        for private in ("Riêng", "0912345678", "chó dữ", "ngõ 3"):
            assert private not in text


def test_who_sees_no_picture_gets_no_link_to_one(log_in: Enter, recorder: FakeRecorder) -> None:
    one = camera("Cổng chợ", position=(Decimal("20.91"), Decimal("105.97")))
    (found,) = features(log_in(person(Role.COMMITTEE)), "eyes")
    assert (found["properties"]["camera"], found["properties"]["live"], found["properties"]["history"]) == ("", False, False)
    (found,) = features(log_in(person(Role.ADMINISTRATOR)), "eyes")
    assert (found["properties"]["camera"], found["properties"]["live"]) == (one.key, False)


def test_layers_are_packed_and_asked_again_for_nothing(log_in: Enter, recorder: FakeRecorder) -> None:
    ground()
    for number in range(20):
        Obstacle.objects.create(geometry=SQUARE, name=f"Nhà {number}")
    client = log_in(person(Role.HEAD))
    first = client.get("/map/layers/obstacles", headers={"Accept-Encoding": "gzip"})
    assert first.headers["Content-Encoding"] == "gzip"
    assert len(json.loads(gzip.decompress(first.content))["features"]) == 21
    mark = first.headers["ETag"]
    again = client.get("/map/layers/obstacles", headers={"If-None-Match": mark})
    assert (again.status_code, again.content) == (304, b"")
    Obstacle.objects.filter(name="Nhà 3").delete()
    assert client.get("/map/layers/obstacles", headers={"If-None-Match": mark}).status_code == 200
    assert client.get("/map/layers/nothing").status_code == 404


def test_attributions_come_with_what_they_are_of(log_in: Enter, recorder: FakeRecorder) -> None:
    ground()
    found = json.loads(log_in(person(Role.HEAD)).get("/map/layers/obstacles").content)
    assert found["sources"] == ["© OpenStreetMap contributors, ODbL 1.0"]
    assert found["left_out"] == 0


def test_a_wedge_points_where_the_eye_looks(log_in: Enter, recorder: FakeRecorder) -> None:
    looks = eye("Nhìn đông", bearing_deg=90.0, hfov_deg=60.0)
    unknown = eye("Không rõ")
    client = log_in(person(Role.HEAD))
    shapes = {one["id"]: one["geometry"]["coordinates"][0] for one in features(client, "views")}
    east = [lon for lon, _lat in shapes[looks.key]]
    assert min(east) == pytest.approx(105.97, abs=1e-5)
    assert max(east) > 105.9702
    around = [lon for lon, _lat in shapes[unknown.key]]
    assert 105.97 - min(around) == pytest.approx(max(around) - 105.97, rel=0.02)


@pytest.mark.parametrize(
    ("state", "problem", "enabled", "look"),
    [
        ("recording", "", True, "works"),
        ("recording", "unstable", True, "faulty"),
        ("waiting", "unreachable", True, "down"),
        ("failed", "wrong_password", True, "down"),
        ("connecting", "", True, "unknown"),
        ("recording", "", False, "off"),
    ],
)
def test_states_are_those_of_health(
    log_in: Enter, recorder: FakeRecorder, state: str, problem: str, enabled: bool, look: str
) -> None:
    one = camera("Cổng chợ")
    Camera.objects.update(enabled=enabled)
    stream = StreamState(camera=one.key, stream="main", state=state, problem=problem)
    recorder.now = Status(at=NOW, streams=(stream,))
    (found,) = log_in(person(Role.HEAD)).get("/map/states").json()["eyes"].values()
    assert found["words"]
    assert found["look"] == look


def test_listed_eyes_are_as_the_survey_found_them_and_a_silent_recorder_is_told(log_in: Enter, recorder: FakeRecorder) -> None:
    keys = {found: eye(f"Mắt {found}", condition=found).key for found in ("works", "faulty", "dead", "unknown")}
    camera()
    recorder.now = None
    told = log_in(person(Role.DUTY)).get("/map/states").json()
    looks = {found: told["eyes"][key]["look"] for found, key in keys.items()}
    assert looks == {"works": "listed", "faulty": "faulty", "dead": "down", "unknown": "listed"}
    assert told["eyes"][Eye.objects.get(camera=Camera.objects.get()).key]["look"] == "unknown"
    assert told["recorder"]


def pmtiles(path: Path, metadata: bytes = b'{"attribution": "<a href=x>\\u00a9 OSM</a>"}', tiles: int = 1) -> Path:
    head = bytearray(HEAD_BYTES)
    head[:8] = b"PMTiles\x03"
    struct.pack_into("<QQ", head, 24, HEAD_BYTES, len(metadata))
    head[97], head[99] = (2 if metadata[:2] == b"\x1f\x8b" else 1), tiles
    path.write_bytes(bytes(head) + metadata + bytes(range(256)) * 40)
    return path


@pytest.fixture
def basemap(tmp_path: Path, settings: Any) -> Path:
    path = pmtiles(tmp_path / "xa.pmtiles", gzip.compress('{"attribution": "<a href=x>© OSM</a> & xã"}'.encode()))
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, basemap=path)
    return path


def test_the_base_map_is_handed_out_by_ranges_behind_the_login(log_in: Enter, recorder: FakeRecorder, basemap: Path) -> None:
    client = log_in(person(Role.HEAD))
    assert page_data(client)["basemap"] == {"url": "/map/basemap.pmtiles", "tiles": "vector", "attribution": "© OSM & xã"}
    data = basemap.read_bytes()
    part = client.get("/map/basemap.pmtiles", headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, data[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(data)}"
    end = client.get("/map/basemap.pmtiles", headers={"Range": f"bytes={len(data) - 5}-{len(data) + 99}"})
    assert end.content == data[-5:]
    for wrong in ("", "bytes=5-", "bytes=-5", "bytes=9-3", f"bytes={len(data)}-{len(data) + 5}", "bytes=0-1,4-5"):
        assert client.get("/map/basemap.pmtiles", headers={"Range": wrong}).status_code == 416
    assert Client().get("/map/basemap.pmtiles").status_code == 302


@pytest.mark.parametrize("kind", ["missing", "other", "short", "no tiles", "bad metadata"])
def test_a_base_map_that_is_none_leaves_a_plain_ground(
    log_in: Enter, recorder: FakeRecorder, settings: Any, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "xa.pmtiles"
    if kind == "other":
        path.write_bytes(b"PK\x03\x04" * 100)
    elif kind == "short":
        path.write_bytes(b"PMTiles\x03")
    elif kind == "no tiles":
        pmtiles(path, tiles=0)
    elif kind == "bad metadata":
        pmtiles(path, b"\x1f\x8bno gzip")
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, basemap=path)
    assert basemap_at(path) is None
    client = log_in(person(Role.HEAD))
    assert page_data(client)["basemap"] is None
    assert client.get("/map/basemap.pmtiles", headers={"Range": "bytes=0-9"}).status_code == 404


@given(st.text(max_size=40) | st.from_regex(r"bytes=\d{0,12}-\d{0,12}", fullmatch=True), st.integers(1, 10**10))
def test_a_range_is_within_the_file_or_none(header: str, size: int) -> None:
    span = span_of(header, size)
    assert span is None or (0 <= span[0] <= span[1] < size and span[1] - span[0] < MOST_RANGE_BYTES)
