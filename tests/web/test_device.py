"""The page of a camera's own settings: who reads, who sets, and what is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.test import Client

from luytre.civic.access.models import Role, User
from luytre.civic.devices.models import DeviceStep
from luytre.civic.devices.reaching import device_of
from luytre.civic.ports import (
    ArchiveState,
    Contradiction,
    DeviceChange,
    DeviceFacts,
    MotionRead,
    Status,
    StreamChoice,
    StreamState,
    StreamWish,
)
from luytre.civic.registry.address import parse_address
from luytre.civic.registry.models import Camera
from luytre.web.forms_device import short_id
from tests.web.cast import CAMERA_PASSWORD, GOOD_DEVICE, FakeDevices, FakeRecorder, camera, person, viewer_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
NEW = "lua-chin-3-vu"
LogIn = Callable[[User], Client]


def at(one: Camera, more: str = "") -> str:
    return f"/cameras/{one.key}/device{more}"


def told(device: FakeDevices) -> list[str]:
    return [name for name, _at, _wish in device.told]


def test_the_page_asks_no_device_and_its_part_does(log_in: LogIn, recorder: FakeRecorder, devices: FakeDevices) -> None:
    one, client = camera(), log_in(person(Role.HEAD))
    page = client.get(at(one)).content.decode()
    assert told(devices) == []
    assert "Đổi mật khẩu" in page
    part = client.get(at(one, "/now")).content.decode()
    assert told(devices) == ["facts"]
    for words in ("Maker", "M1", "V1.2", "S-1001", "10.0.0.2", "viewer", "H.264", "44,2 GB"):
        assert words in part, words
    assert CAMERA_PASSWORD not in page + part
    assert device_of(one).ptz is False


@pytest.mark.parametrize(("role", "status"), [(Role.ADMINISTRATOR, 302), (Role.HEAD, 302), (Role.DUTY, 403)])
def test_who_may_set(log_in: LogIn, recorder: FakeRecorder, devices: FakeDevices, role: str, status: int) -> None:
    one, client = camera(), log_in(person(role))
    assert client.get(at(one)).status_code == 200
    assert ('name="new"' in client.get(at(one)).content.decode()) is (status == 302)
    assert client.post(at(one, "/clock")).status_code == status
    assert told(devices) == (["clock"] if status == 302 else [])


def test_it_is_not_for_others_and_not_of_other_cameras(log_in: LogIn, recorder: FakeRecorder, devices: FakeDevices) -> None:
    one = camera()
    assert log_in(viewer_of(one)).get(at(one)).status_code == 403
    assert log_in(person(Role.HEAD)).get("/cameras/none/device").status_code == 404


def test_a_clock_is_set_with_a_row_before_and_after(log_in: LogIn, recorder: FakeRecorder, devices: FakeDevices) -> None:
    one, client = camera(), log_in(person(Role.HEAD))
    devices.answers = [DeviceChange(True, "ntp_silent", "the clock is set, but", "Run chrony.")]
    page = client.post(at(one, "/clock"), follow=True).content.decode()
    assert "The clock is set, but. Run chrony." in page
    wish = devices.told[0][2]
    assert (wish.ntp_server, wish.time_zone) == ("own", "ICT-7")  # type: ignore[attr-defined]
    assert [(step.code, step.outcome) for step in DeviceStep.objects.order_by("seq")] == [
        ("clock", "wished"),
        ("clock", "ntp_silent"),
    ]
    assert "đã đặt giờ" in page or "đặt giờ" in page


def test_a_password_is_changed_and_the_recorder_told(log_in: LogIn, recorder: FakeRecorder, devices: FakeDevices) -> None:
    one, client = camera(), log_in(person(Role.ADMINISTRATOR))
    page = client.post(at(one, "/password"), {"new": NEW, "again": NEW}, follow=True).content.decode()
    assert "Đã đổi mật khẩu" in page
    assert NEW not in page
    assert (Camera.objects.get().password, recorder.refreshed) == (NEW, 1)


@pytest.mark.parametrize(
    ("new", "again", "words"),
    [
        ("short", "short", "ngắn hơn 8 ký tự"), ("admin123", "admin123", "công bố"), ("bến-nước-77", "bến-nước-77", "không dấu"),
        (NEW, "another", "không giống nhau"), ("", "", "Trường này là bắt buộc"),
    ],
)  # fmt: skip
def test_a_bad_password_is_told_at_its_field_and_no_device(
    log_in: LogIn, recorder: FakeRecorder, devices: FakeDevices, new: str, again: str, words: str
) -> None:
    one, client = camera(), log_in(person(Role.HEAD))
    answer = client.post(at(one, "/password"), {"new": new, "again": again})
    assert (answer.status_code, told(devices)) == (422, [])
    assert words in answer.content.decode()
    assert not new or f'value="{new}"' not in answer.content.decode()


def test_a_device_that_lies_is_told_as_such(log_in: LogIn, recorder: FakeRecorder, devices: FakeDevices) -> None:
    one, client = camera(), log_in(person(Role.HEAD))
    devices.answers = [DeviceChange(False, "lies", "camera báo đã làm xong, nhưng không có gì thay đổi", "Hãy đặt trên web.")]
    page = client.post(at(one, "/password"), {"new": NEW, "again": NEW}, follow=True).content.decode()
    assert "Camera báo đã làm xong, nhưng không có gì thay đổi." in page
    assert "camera báo xong, nhưng không làm" in page
    assert Camera.objects.get().password == CAMERA_PASSWORD


def wish(**changes: object) -> dict[str, object]:
    mine = short_id("enc1")
    fields = {"codec": "h265", "size": "1280x720", "fps": 15, "gop": 30, "bitrate_kbps": 2048} | changes
    return {"token": "enc1"} | {f"{mine}-{name}": value for name, value in fields.items()}


OFFERS = replace(GOOD_DEVICE, choices=(StreamChoice("enc1", "h265", ((1280, 720),), (1, 25), (1, 600), (64, 4096)),))


def test_a_picture_is_set_and_what_came_of_it_told(log_in: LogIn, recorder: FakeRecorder, devices: FakeDevices) -> None:
    one, client = camera(), log_in(person(Role.HEAD))
    devices.now = OFFERS
    answer = client.post(at(one, "/stream"), wish())
    assert answer.status_code == 200
    assert [wish for name, _at, wish in devices.told if name == "stream"] == [StreamWish("enc1", "h265", 1280, 720, 15, 30, 2048)]
    assert "đọc lại từ camera" in answer.content.decode()
    step = DeviceStep.objects.first()
    assert step is not None
    assert (step.before, step.after) == (
        "enc1 h264 1920×1080 25 fps GOP 50 4096 kbit/s", "enc1 h265 1280×720 15 fps GOP 30 2048 kbit/s",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"bitrate_kbps": 9000}, "không hỗ trợ"),
        ({"bitrate_kbps": 99999}, "không hỗ trợ"),
        ({"codec": "h264", "bitrate_kbps": 99999}, "64 đến 32768"),
        ({"codec": "h264", "fps": -1}, "1 đến 60"),
        ({"size": "10x10"}, "không phải là"),
        ({"fps": ""}, "bắt buộc"),
        ({"gop": 151}, "mười giây"),
    ],
)
def test_what_the_camera_does_not_offer_is_told_at_its_field(
    log_in: LogIn, recorder: FakeRecorder, devices: FakeDevices, change: dict[str, object], words: str
) -> None:
    one, client = camera(), log_in(person(Role.HEAD))
    devices.now = OFFERS
    answer = client.post(at(one, "/stream"), wish(**change))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "stream" not in told(devices)
    assert client.post(at(one, "/stream"), wish() | {"token": "gone"}).status_code == 422


def test_days_kept_stand_beside_the_data_rate(log_in: LogIn, recorder: FakeRecorder, devices: FakeDevices) -> None:
    one, client = camera(), log_in(person(Role.DUTY))
    recorder.now = Status(
        NOW, (StreamState(one.key, "main", "recording", bitrate_bps=4_000_000, codec="h265", width_px=1920, height_px=1080),),
        ArchiveState(bytes_used=400 * 10**9, bytes_free=37 * 10**9 + 5 * 1024**3),
    )  # fmt: skip
    words = client.get(at(one, "/effect"), {"now": "4000", "x-bitrate_kbps": "2000"}).content.decode()
    assert "21,6 GB" in words
    assert "20" in words
    assert "10" in words
    assert client.get(at(one, "/effect"), {"now": "x", "bitrate_kbps": "²"}).content.decode().strip() == ""
    assert "thực tế gửi H.265" in client.get(at(one, "/now")).content.decode()


def test_a_clock_in_1970_another_device_and_contradictions_in_words(
    log_in: LogIn, recorder: FakeRecorder, devices: FakeDevices
) -> None:
    one, client = camera(), log_in(person(Role.HEAD))
    client.get(at(one, "/now"))
    devices.now = replace(
        GOOD_DEVICE, model="M9 & <b>", serial="S-2", clock=datetime(1970, 1, 1, tzinfo=UTC), clock_offset_s=-1.7e9,
        contradictions=(Contradiction("same_address", "Hai luồng một địa chỉ."),),
    )  # fmt: skip
    part = client.get(at(one, "/now")).content.decode()
    for words in ("(1970)", "kiểu máy khác", "M9 &amp; &lt;b&gt;", "Hai luồng một địa chỉ."):
        assert words in part, words
    client.post(at(one, "/noted"))
    assert device_of(one).model == "M9 & <b>"
    assert "kiểu máy khác" not in client.get(at(one, "/now")).content.decode()


def test_one_that_does_not_answer_says_why(log_in: LogIn, recorder: FakeRecorder, devices: FakeDevices) -> None:
    one, client = camera(), log_in(person(Role.HEAD))
    devices.now = DeviceFacts(False, "timeout", "the camera took too long", "Restart it.")
    assert "The camera took too long. Restart it." in client.get(at(one, "/now")).content.decode()
    assert "The camera took too long" in client.post(at(one, "/noted"), follow=True).content.decode()


def test_address_restart_and_motion(log_in: LogIn, recorder: FakeRecorder, devices: FakeDevices) -> None:
    one, client = camera(), log_in(person(Role.HEAD))
    assert client.post(at(one, "/address"), {"address": "8.8.8.8"}).status_code == 422
    client.post(at(one, "/address"), {"address": "10.0.0.5:2020"})
    assert device_of(one).address == "http://10.0.0.5:2020/onvif/device_service"
    assert client.post(at(one, "/reboot"), {"reason": ""}).status_code == 422
    client.post(at(one, "/reboot"), {"reason": "treo từ sáng"})
    assert devices.told[-1][0:1] == ("reboot",)
    assert devices.told[-1][1].address.endswith(":2020/onvif/device_service")
    assert "treo từ sáng" in client.get(at(one)).content.decode()
    devices.moved = MotionRead(True, events=((NOW, True), (NOW, False), (NOW, True)))
    assert "2 lần" in client.post(at(one, "/motion")).content.decode()
    devices.moved = MotionRead(False, "not_supported", "the camera cannot", "Do it there.")
    assert "The camera cannot. Do it there." in client.post(at(one, "/motion")).content.decode()


def test_what_is_wrong_with_the_camera_is_told_before_it_is_asked(
    log_in: LogIn, recorder: FakeRecorder, devices: FakeDevices
) -> None:
    far = parse_address("rtsp://8.8.8.8/x")
    one, other = camera("Cổng chợ", main=far, password="admin123"), camera("Bến nước", main=far)
    page = log_in(person(Role.HEAD)).get(at(one)).content.decode()
    for words in ("địa chỉ Internet", "công bố", "Bến nước", f"/cameras/{other.key}/edit", "UPnP"):
        assert words in page, words
