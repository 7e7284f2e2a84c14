"""A device that speaks no ONVIF is found by the addresses that makers publish; what is weak or open is told in the form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client

from luytre.civic.access.models import Role, User
from luytre.civic.devices.reaching import address_of
from luytre.civic.ports import DeviceAnswer, DeviceChannel, ProbeAnswer
from luytre.civic.registry.address import parse_address
from luytre.civic.registry.models import Camera
from tests.web.cast import FakeFinder, FakeRecorder, camera, chief, person

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
PAGE = "/cameras/find/device"
ASKED = {"at": "192.168.1.64", "username": "admin", "password": "admin123", "paths": "1"}
NO = ProbeAnswer(False, "no_such_stream")


def test_paths_are_offered_once_onvif_was_silent(log_in: LogIn, recorder: FakeRecorder, finder: FakeFinder) -> None:
    client = log_in(person(Role.ADMINISTRATOR))
    assert 'name="paths"' not in client.get(PAGE, {"at": "192.168.1.64"}).content.decode()
    asked = {name: value for name, value in ASKED.items() if name != "paths"}
    answer = client.post(PAGE, asked).content.decode()
    assert 'name="paths"' in answer
    assert "Dahua, KBVision" in answer
    finder.answers = [DeviceAnswer(False, "wrong_password", "the camera refuses", "Check.")]
    assert 'name="paths"' not in client.post(PAGE, asked).content.decode()
    assert recorder.probed == []


def test_the_first_picture_fills_the_form_in(log_in: LogIn, recorder: FakeRecorder, finder: FakeFinder) -> None:
    client = log_in(person(Role.ADMINISTRATOR))
    recorder.answers = [NO, ProbeAnswer(True, codec="h264")]
    page = client.post(PAGE, ASKED | {"maker": "hikvision"})
    assert page.status_code == 200
    form = page.context["form"]
    assert form["main_url"].value() == "rtsp://192.168.1.64/h264/ch1/main/av_stream"
    assert form["sub_url"].value() == "rtsp://192.168.1.64/h264/ch1/sub/av_stream"
    assert {(username, password) for _url, username, password, _language in recorder.probed} == {("admin", "admin123")}
    assert "công bố" in page.content.decode()  # the password that was typed is a maker's own
    assert "admin123" not in page.content.decode()
    assert finder.read_with == []


@pytest.mark.parametrize(
    ("answers", "asked", "words", "probed"),
    [
        ([ProbeAnswer(False, "wrong_password")], {}, "không chấp nhận", 1),
        ([NO] * 30, {}, "không địa chỉ thông dụng nào", 16),
        ([], {"at": "8.8.8.8"}, "mạng nội bộ", 0),
        ([], {"at": "gate.local"}, "mạng nội bộ", 0),
    ],
)
def test_what_was_not_found_is_told_and_nothing_typed_is_lost(
    log_in: LogIn, recorder: FakeRecorder, answers: list[ProbeAnswer], asked: dict[str, str], words: str, probed: int
) -> None:
    recorder.answers = answers
    page = log_in(person(Role.ADMINISTRATOR)).post(PAGE, ASKED | asked | {"maker": ""})
    assert page.status_code == 422
    assert words in page.content.decode().lower()
    assert 'value="admin"' in page.content.decode()
    assert "admin123" not in page.content.decode()
    assert len(recorder.probed) == probed
    assert len({url.partition("192.168.1.64")[1] for url, *_rest in recorder.probed}) <= 1


def test_the_form_and_the_health_page_tell_what_is_open_weak_and_twice(log_in: LogIn, recorder: FakeRecorder) -> None:
    far = parse_address("rtsp://thon.cameraddns.net:554/x")
    one, other = camera("Cổng chợ", main=far, password="admin123"), camera("Bến nước", main=far)
    client = log_in(person(Role.ADMINISTRATOR))
    form = client.get(f"/cameras/{one.key}/edit").content.decode()
    for words in ("DDNS", "công bố", f"/cameras/{one.key}/device#password", f"/cameras/{other.key}/edit"):
        assert words in form, words
    health = client.get("/health").content.decode()
    assert "DDNS" in health
    assert "Cổng chợ" in health


def test_a_weak_password_that_was_typed_is_told_when_it_is_saved(log_in: LogIn, recorder: FakeRecorder) -> None:
    client = log_in(person(Role.ADMINISTRATOR))
    fields = {"name": "Ngã ba", "main_url": "rtsp://192.168.1.9/x", "username": "admin", "password": "12345678"}
    page = client.post("/cameras/add", fields, follow=True).content.decode()
    assert "công bố" in page
    assert "trang Thiết bị" in page
    twice = client.post("/cameras/add", fields | {"name": "Ngã tư", "password": "lua-chin-3-vu"}, follow=True).content.decode()
    assert "đã là của: Ngã ba" in twice


AT = "rtsp://192.168.1.64"
NVR = DeviceAnswer(
    True, maker="Maker", model="NVR-4", main_url=f"{AT}/ch1/main",
    channels=tuple(DeviceChannel(f"{AT}/ch{number}/main", f"{AT}/ch{number}/sub") for number in (1, 2, 3)),
)  # fmt: skip


def test_channels_of_a_recorder_are_ticked_and_added_at_once(log_in: LogIn, recorder: FakeRecorder, finder: FakeFinder) -> None:
    client = log_in(chief())
    there = camera("Cổng chợ", main=parse_address("rtsp://192.168.1.64/ch2/main"))
    finder.answers = [replace(NVR, is_whole=False)]
    asked = {"at": "192.168.1.64", "username": "admin", "password": "lua-chin-3-vu", "name": "Đầu ghi"}
    page = client.post(PAGE, asked)
    assert [(row.number, row.ticked, row.camera) for row in page.context["rows"]] == [
        (1, True, None),
        (2, False, there),
        (3, True, None),
    ]
    text = page.content.decode()
    assert "Chưa đọc được hết các kênh" in text
    assert ("Đầu ghi, kênh 1" in text, "lua-chin-3-vu" in text) == (True, False)
    sent = {"sealed": page.context["sealed"], "channel-1": "on", "channel-2": "on", "channel-3": "on", "name-1": "Đình làng"}
    sent |= {"hamlet-1": "Thôn Đoài", "name-3": " "}
    refused = client.post("/cameras/find/channels", sent)
    assert (refused.status_code, Camera.objects.count()) == (422, 1)
    assert [bool(row.errors) for row in refused.context["rows"]] == [False, False, True]
    assert 'value="Đình làng"' in refused.content.decode()
    assert client.post("/cameras/find/channels", {"sealed": sent["sealed"]}).status_code == 422
    assert "2 camera" in client.post("/cameras/find/channels", sent | {"name-3": "Cầu"}, follow=True).content.decode()
    one = Camera.objects.get(name="Đình làng")
    assert (one.main_url, one.sub_url, one.password) == (NVR.channels[0].main_url, NVR.channels[0].sub_url, "lua-chin-3-vu")
    assert (str(one.site.hamlet), address_of(one)) == ("Thôn Đoài", "http://192.168.1.64/onvif/device_service")
    assert Camera.objects.count() == 3
    assert client.post("/cameras/find/channels", {"sealed": "x"}).headers["Location"] == "/cameras/find"


def test_where_a_found_device_answered_is_kept_with_its_camera(log_in: LogIn, recorder: FakeRecorder, finder: FakeFinder) -> None:
    client = log_in(chief())
    form = {"name": "Cổng chợ", "main_url": "rtsp://192.168.1.64:554/main", "username": "admin", "password": "long-words-9"}
    client.post("/cameras/add", form | {"onvif": "http://192.168.1.64:2020/onvif/device_service"})
    assert address_of(Camera.objects.get(name="Cổng chợ")) == "http://192.168.1.64:2020/onvif/device_service"
    for name, wrong in (("Ngã ba", "http://192.168.1.99/onvif/device_service"), ("Cầu", "http://8.8.8.8/x"), ("Đê", "?")):
        client.post("/cameras/add", form | {"name": name, "onvif": wrong})
        assert address_of(Camera.objects.get(name=name)) == "http://192.168.1.64/onvif/device_service"
