"""Motion by the hour on the page of a device: switched on and off, drawn, and heard of a real device over HTTP."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from luytre.base.clock import SystemClock
from luytre.bridge.onvif import OnvifControl
from luytre.civic.access.models import Role, User
from luytre.civic.devices import listening as listening_module
from luytre.civic.devices.listening import Listeners, count_motion
from luytre.civic.devices.models import Device, DeviceStep, MotionHour
from luytre.civic.registry.address import parse_address
from luytre.simulate.onvif import DeviceState
from luytre.simulate.onvif import User as DeviceUser
from luytre.simulate.onvif_server import VirtualDevice
from luytre.web.jobs import listen_for_motion
from luytre.web.motion_charts import motion_chart
from tests.web.cast import CAMERA_PASSWORD, FakeDevices, FakeRecorder, camera, person

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
NOON = datetime(2026, 11, 24, 5, 20, tzinfo=UTC)


def test_counting_is_switched_on_and_off_from_the_page(log_in: LogIn, recorder: FakeRecorder, devices: FakeDevices) -> None:
    one = camera()
    at, client = f"/cameras/{one.key}/device", log_in(person(Role.HEAD))
    assert "Đếm chuyển động" in client.get(at).content.decode()
    page = client.post(f"{at}/motion/count", {"on": "1"}, follow=True).content.decode()
    for words in ("Từ giờ chuyển động", "Thôi đếm", "Chưa nghe được gì", "bật đếm chuyển động"):
        assert words in page, words
    MotionHour.objects.create(
        camera=one.key, hour=timezone.now().replace(minute=0, second=0, microsecond=0), begun=7, heard_s=1800
    )
    Device.objects.update(motion_problem="timeout")
    page = client.get(at).content.decode()
    for words in ("báo chuyển động 7 lần", "0,5 trong 168 giờ", "Lần vừa rồi không nghe được", "<svg"):
        assert words in page, words
    client.post(f"{at}/motion/count", {"on": "0"})
    assert (Device.objects.get().counts_motion, DeviceStep.objects.count()) == (False, 2)
    duty = log_in(person(Role.DUTY))
    assert duty.post(f"{at}/motion/count", {"on": "1"}).status_code == 403
    assert "/motion/count" not in duty.get(at).content.decode()
    for number in range(8):
        Device.objects.create(camera=camera(f"Cột {number}"), counts_motion=True)
    refused = log_in(User.objects.get(username=Role.HEAD)).post(f"{at}/motion/count", {"on": "1"}, follow=True)
    assert "nhiều nhất 8 camera" in refused.content.decode()


def test_the_chart_tells_of_the_night() -> None:
    night = NOON.replace(hour=17, minute=0) - timedelta(days=1)  # midnight here
    rows = [MotionHour(hour=night, begun=30, heard_s=3600), MotionHour(hour=NOON.replace(minute=0), begun=15, heard_s=1800)]
    chart = motion_chart(rows, NOON)
    assert chart is not None
    assert [(bar.x, bar.height) for bar in chart.bars] == [(155, "32.0"), (167, "16.0")]
    assert len(chart.nights) == 7 * 7
    assert 155 in chart.nights
    assert 167 not in chart.nights
    assert ("45 lần" in chart.told, "30 lần" in chart.told, "1,5" in chart.listened) == (True, True, True)
    assert motion_chart([], NOON) is None


def test_the_jobs_process_hears_a_real_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening_module, "LISTENS_S", 0.3)
    state = DeviceState(users={"viewer": DeviceUser(CAMERA_PASSWORD)}, motion=[True, False, True, True])
    with VirtualDevice(state) as device:
        one = camera(main=parse_address(f"rtsp://{device.host}/main"))
        Device.objects.create(camera=one, address=device.address)
        count_motion(person(Role.HEAD), one, on=True, at=timezone.now())
        listeners = Listeners(OnvifControl(read_s=8.0))
        assert listeners.tick(timezone.now()) == 1
        for thread in threading.enumerate():
            if thread.name == "beside":
                thread.join(10)
        listeners.tick(timezone.now() + timedelta(minutes=1))
    assert sum(MotionHour.objects.values_list("begun", flat=True)) == 2


def test_a_round_of_the_jobs_process_with_nobody_to_listen_to(devices: FakeDevices) -> None:
    stop = threading.Event()
    stop.set()
    listen_for_motion(stop, SystemClock(), devices)
    assert devices.told == []
