"""The list and its filters, the place in the form, undo, what is told before a camera is taken out of use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from luytre.civic.access.models import Role, User
from luytre.civic.devices.models import Device
from luytre.civic.ports import DayKept, DeviceAnswer, FoundDevice, Status, StreamState
from luytre.civic.registry.address import parse_address
from luytre.civic.registry.models import Camera, SiteKind
from tests.web.cast import CAMERA_PASSWORD, FakeFinder, FakeRecorder, camera, chief, hold, person, viewer_of

pytestmark = pytest.mark.django_db
FORM = {"name": "Cổng chợ", "main_url": "rtsp://10.0.0.5/main", "username": "viewer", "password": CAMERA_PASSWORD}


@pytest.fixture
def admin(log_in: Callable[[User], Client]) -> Client:
    return log_in(chief())


def shown(client: Client, query: str) -> list[str]:
    return [item.camera.name for item in client.get(f"/cameras?{query}").context["cameras"]]


def test_the_list_is_narrowed_by_the_address(admin: Client, recorder: FakeRecorder) -> None:
    market = camera("Cổng chợ", road="Đường tỉnh 5", kind=SiteKind.HOT_SPOT)
    hall, off = camera("Nhà văn hóa", hamlet="Thôn Đoài"), camera("Ngã ba", hamlet="")
    Camera.objects.filter(pk=off.pk).update(enabled=False)
    recorder.now = Status(at=datetime(2026, 11, 24, tzinfo=UTC), streams=(StreamState(market.key, "main", "recording"),))
    for query, names in {
        "q=cong+cho": ["Cổng chợ"], "q=DUONG+tinh": ["Cổng chợ"], "q=van+thon": ["Nhà văn hóa"],
        "q=10.0.0.5": ["Nhà văn hóa", "Cổng chợ", "Ngã ba"],
        f"hamlet={hall.site.hamlet_id}": ["Nhà văn hóa"], "hamlet=none": ["Ngã ba"], "kind=hot_spot": ["Cổng chợ"],
        "state=well": ["Cổng chợ"], "state=off": ["Ngã ba"], "state=down": ["Nhà văn hóa"], "q=cho&state=off": [],
        "state=nonsense&kind=": ["Nhà văn hóa", "Cổng chợ", "Ngã ba"],
    }.items():  # fmt: skip
        assert shown(admin, query) == names, query
    page = admin.get("/cameras?q=cho&kind=hot_spot").content.decode()
    assert 'value="cho"' in page
    assert '<option value="hot_spot" selected>' in page


def test_a_camera_gets_its_place_and_keeps_it(admin: Client, recorder: FakeRecorder) -> None:
    place = {"site": "Cột 3", "hamlet": "Thôn Đông", "kind": "route", "road": "Đường tỉnh 5", "position": "21,0285; 105,8542"}
    admin.post("/cameras/add", FORM | place)
    one = Camera.objects.get()
    assert (one.site.name, one.site.kind, one.site.road) == ("Cột 3", "route", "Đường tỉnh 5")
    assert one.site.position == (Decimal("21.0285"), Decimal("105.8542"))
    page = admin.get(f"/cameras/{one.key}/edit").content.decode()
    assert 'value="21.028500, 105.854200"' in page
    assert '<option value="Đường tỉnh 5"></option>' in page
    bad = admin.post(f"/cameras/{one.key}/edit", FORM | place | {"position": "48.85, 2.35"})
    assert bad.status_code == 422
    assert "không nằm ở Việt Nam" in bad.content.decode()
    assert 'value="48.85, 2.35"' in bad.content.decode()


def test_stopping_can_be_undone_from_the_message_and_the_filters_stay(admin: Client, recorder: FakeRecorder) -> None:
    one = camera()
    answer = admin.post(f"/cameras/{one.key}/switch", {"query": "q=cho"})
    assert answer.headers["Location"] == "/cameras?q=cho"
    page = admin.get("/cameras").content.decode()
    assert f'class="d-inline" method="post" action="/cameras/{one.key}/switch"' in page
    assert "Hoàn tác" in page
    admin.post(f"/cameras/{one.key}/switch")
    assert Camera.objects.get().enabled
    assert "d-inline" not in admin.get("/cameras").content.decode()


def test_before_it_goes_it_is_told_what_becomes_of_the_footage(admin: Client, recorder: FakeRecorder) -> None:
    one = camera(retention_days=12)
    today = timezone.localdate()
    recorder.kept[one.key] = (
        DayKept(today - timedelta(days=1), 86_400.0, 0, 0.0, 40_000_000_000),
        DayKept(today, 60.0, 1, 5.0, 3_000_000_000),
    )
    hold([one], reference="Vụ việc số 7")
    page = admin.get(f"/cameras/{one.key}/remove").content.decode()
    for words in ("Có hình ghi của 2 ngày (43,0 GB", "giữ 12 ngày", f"{today + timedelta(days=12):%d/%m/%Y}", "Vụ việc số 7"):
        assert words in page, words
    recorder.now = None
    assert "chưa biết có bao nhiêu hình" in admin.get(f"/cameras/{one.key}/remove").content.decode()


def test_the_screens_know_the_places_and_the_nearest(log_in: Callable[[User], Client], recorder: FakeRecorder) -> None:
    here, there = (
        camera("Chợ", position=(Decimal("21.0"), Decimal("105.8")), road="Đường làng"),
        camera("Cầu", position=(Decimal("21.001"), Decimal("105.8"))),
    )
    hidden = camera("Kho", position=(Decimal("21.0001"), Decimal("105.8")))
    client = log_in(viewer_of(here, there))
    entry = next(item for item in client.get("/wall").context["screen"]["cameras"] if item["key"] == here.key)
    assert (entry["site"], entry["road"], entry["near"]) == ("Chợ", "Đường làng", [there.key])
    page = client.get(f"/cameras/{here.key}")
    assert page.context["screen"]["cameras"][0]["near"] == [there.key]
    assert "110 m" in page.content.decode()
    assert hidden.key not in page.content.decode()


def test_a_camera_tells_its_health_its_clock_and_its_last_days(log_in: Callable[[User], Client], recorder: FakeRecorder) -> None:
    one = camera()
    today = timezone.localdate()
    recorder.now = Status(
        at=datetime(2026, 11, 24, tzinfo=UTC),
        streams=(
            StreamState(
                one.key,
                "main",
                "recording",
                codec="h264",
                fps=25,
                bitrate_bps=4_100_000,
                frames=12,
                reconnects=3,
                clock_offset_s=185.0,
            ),
        ),
    )
    recorder.kept[one.key] = (
        DayKept(today - timedelta(days=2), 86_400.0, 0, 0.0, 1),
        DayKept(today - timedelta(days=1), 7200.0, 2, 300.0, 1),
    )
    page = log_in(person(Role.DUTY)).get(f"/cameras/{one.key}/health").content.decode()
    for words in (
        "nhanh hơn máy này 3 phút",
        "4,1 Mbit/s",
        "3 lần",
        "đủ cả ngày",
        "có 2 giờ hình ghi; 2 lần đứt quãng, dài nhất 5 phút",
    ):
        assert words in page, words
    assert page.count("&amp;at=") == 2
    stranger = log_in(viewer_of(one))
    assert "&amp;at=" not in stranger.get(f"/cameras/{one.key}/health").content.decode()
    recorder.now = None
    assert "không trả lời" in stranger.get(f"/cameras/{one.key}/health").content.decode()


def test_health_stands_by_hamlet_in_the_commune_s_order(admin: Client, recorder: FakeRecorder) -> None:
    first, second = camera("Chợ", hamlet="Thôn Đoài"), camera("Cầu", hamlet="Thôn Bắc")
    camera("Kho", hamlet="")
    first.site.hamlet.order, second.site.hamlet.order = 1, 2  # type: ignore[union-attr]
    first.site.hamlet.save(), second.site.hamlet.save()  # type: ignore[union-attr]
    groups = admin.get("/health").context["groups"]
    assert [group.hamlet for group in groups] == ["Thôn Đoài", "Thôn Bắc", ""]
    assert [group.down for group in groups] == [1, 1, 1]


FOUND = (
    FoundDevice("http://10.0.0.5/onvif/device_service", "10.0.0.5", "Cam <b>", "IPC"),
    FoundDevice("http://10.0.0.9:8080/o", "10.0.0.9"),
)


def test_found_devices_are_listed_with_whether_they_are_there(admin: Client, recorder: FakeRecorder, finder: FakeFinder) -> None:
    camera("Cổng chợ")
    finder.devices = FOUND
    page = admin.post("/cameras/find/now").content.decode()
    assert "Cam &lt;b&gt;" in page
    assert page.count("chưa thêm") == 1
    assert "Cổng chợ" in page
    assert "10.0.0.9:8080" in page
    assert "&amp;name=Cam%20%3Cb%3E" in page
    finder.devices = (*FOUND, FoundDevice("http://10.0.0.5:8081/onvif/device_service", "10.0.0.5"))
    other = camera("Ngã ba", main=parse_address("rtsp://10.0.0.5/other"))
    Device.objects.create(camera=other, address="http://10.0.0.5:8081/onvif/device_service")
    known = {item.place: [one.name for one in item.cameras] for item in admin.post("/cameras/find/now").context["devices"]}
    assert known == {"10.0.0.5": ["Cổng chợ"], "10.0.0.9:8080": [], "10.0.0.5:8081": ["Ngã ba"]}
    finder.devices = ()
    assert "Không có camera nào trả lời" in admin.post("/cameras/find/now").content.decode()


def test_a_device_fills_the_form_and_the_password_is_not_typed_twice(
    admin: Client, recorder: FakeRecorder, finder: FakeFinder
) -> None:
    asked = {"at": "10.0.0.9", "username": "admin", "password": CAMERA_PASSWORD}
    finder.answers = [DeviceAnswer(False, "wrong_password", "camera không chấp nhận mật khẩu", "Nhập lại.")]
    bad = admin.post("/cameras/find/device", asked)
    assert bad.status_code == 422
    assert "Camera không chấp nhận mật khẩu" in bad.content.decode()
    assert CAMERA_PASSWORD not in bad.content.decode()
    finder.answers = [DeviceAnswer(True, maker="Maker", model="M1", main_url="rtsp://10.0.0.9/1", sub_url="rtsp://10.0.0.9/2")]
    good = admin.post("/cameras/find/device", asked)
    assert finder.read_with[-1] == ("http://10.0.0.9/onvif/device_service", "admin", CAMERA_PASSWORD)
    page = good.content.decode()
    assert CAMERA_PASSWORD not in page
    assert 'hx-post="/cameras/add"' in page
    assert 'value="rtsp://10.0.0.9/2"' in page
    form = {name: good.context["form"][name].value() or "" for name in good.context["form"].fields}
    admin.post("/cameras/add", form)
    one = Camera.objects.get()
    assert (one.name, one.username, one.password, one.main_url) == ("Maker M1", "admin", CAMERA_PASSWORD, "rtsp://10.0.0.9/1")


def test_a_sealed_password_that_was_made_up_is_none(admin: Client, recorder: FakeRecorder) -> None:
    admin.post("/cameras/add", FORM | {"password": "", "given": "gAAAAABmadeup"})
    assert Camera.objects.get().password == ""
