"""The find box: what is typed in a hurry, found in the person's own area, and where it leads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from luytre.civic.access.models import Role, User
from luytre.civic.registry.models import Camera
from luytre.web.views import quick
from tests.web.cast import FakeRecorder, camera, person, viewer_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 22, 10, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
LAST_NIGHT_S = datetime(2026, 11, 23, 21, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")).timestamp()


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch, recorder: FakeRecorder) -> dict[str, Camera]:
    monkeypatch.setattr(quick.timezone, "now", lambda: NOW)
    rows = [("Cổng chợ", "Thôn Đông", 0, "Đường tỉnh 5"), ("Ngã ba bưu điện", "Thôn Đông", 200, "Đường tỉnh 5"),
            ("Đầu cầu", "Thôn 3", 50, ""), ("Nhà văn hóa", "Thôn 3", 5000, ""), ("Chờ lâu", "Thôn 12", 9000, "")]  # fmt: skip
    return {name: camera(name, hamlet=hamlet, road=road, position=(Decimal(21) + Decimal(metres) / 111_195, Decimal("105.8")))
            for name, hamlet, metres, road in rows}  # fmt: skip


def found(client: Client, query: str) -> list[tuple[str, str]]:
    return [
        (item.words, item.url) for item in client.get("/find", {"q": query}, headers={"HX-Request": "true"}).context["results"]
    ]


@pytest.fixture
def duty(log_in: Callable[[User], Client]) -> Client:
    return log_in(person(Role.DUTY))


def test_a_place_and_a_time_lead_to_the_minute_on_the_nearest_cameras(duty: Client, places: dict[str, Camera]) -> None:
    words, url = found(duty, "chợ 21h30 tối qua")[0]
    asked = parse_qs(urlsplit(url).query)
    assert words == "Cổng chợ lúc 21:30 23/11/2026"
    assert asked["cameras"] == [",".join(places[name].key for name in ("Cổng chợ", "Đầu cầu", "Ngã ba bưu điện"))]
    assert float(asked["at"][0]) == LAST_NIGHT_S


def test_a_hamlet_and_a_time(duty: Client, places: dict[str, Camera]) -> None:
    words, url = found(duty, "thôn 3 hôm qua 9 rưỡi tối")[0]
    asked = parse_qs(urlsplit(url).query)
    assert words == "Thôn 3 lúc 21:30 23/11/2026"
    assert asked["cameras"][0].split(",")[:2] == [places["Đầu cầu"].key, places["Nhà văn hóa"].key]
    assert float(asked["at"][0]) == LAST_NIGHT_S
    assert "Thôn 12" not in [name for name, _url in found(duty, "thôn 3")]


def test_a_time_alone_and_a_time_nowhere(duty: Client, places: dict[str, Camera]) -> None:
    assert found(duty, "20/11 14:05")[0][0] == "Xem lại lúc 14:05 20/11/2026"
    assert found(duty, "zzzz 21h30 tối qua") == []


@pytest.mark.parametrize(
    ("typed", "first"),
    [("cong cho", "Cổng chợ"), ("CỔNG CHỢ", "Cổng chợ"), ("buu dien", "Ngã ba bưu điện"), ("cogn cho", "Cổng chợ"),
     ("nha van hoas", "Nhà văn hóa"),
     ("duong tinh 5", "Đường tỉnh 5"), ("thon dong", "Thôn Đông"), ("dau c", "Đầu cầu"), ("suc khoe", "Sức khỏe")],
)  # fmt: skip
def test_names_without_accents_and_with_a_slip(duty: Client, places: dict[str, Camera], typed: str, first: str) -> None:
    assert found(duty, typed)[0][0].casefold().replace("oẻ", "ỏe") == first.casefold()


def test_a_camera_alone_offers_live_and_playback(duty: Client, places: dict[str, Camera]) -> None:
    key = places["Cổng chợ"].key
    assert [url for _words, url in found(duty, "cổng chợ")][:2] == [f"/cameras/{key}", f"/playback?cameras={key}"]


def test_only_what_is_in_the_scope_is_found(log_in: Callable[[User], Client], places: dict[str, Camera]) -> None:
    viewer = log_in(viewer_of(places["Đầu cầu"]))
    assert found(viewer, "cổng chợ") == []
    assert [url for _words, url in found(viewer, "đầu cầu")] == [f"/cameras/{places['Đầu cầu'].key}"]
    assert found(viewer, "đầu cầu 21h30 tối qua") == []  # live was given, footage was not
    page = viewer.get("/find?q=cổng chợ 21h30").content.decode()
    assert places["Cổng chợ"].key not in page
    assert [item.url for item in viewer.get("/find?q=camera").context["results"]] == ["/wall", "/appeals", "/owners"]


def test_anything_may_be_typed(duty: Client, places: dict[str, Camera]) -> None:
    for query in ("", "<script>alert(1)</script>", "x" * 5000, "%00\x00", "';--", "31/2 99h", "🚓"):
        page = duty.get("/find", {"q": query})
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()
