"""The lower rate by night: set at its hour, put back in the morning, whatever breaks between; what people set meanwhile stays."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from luytre.bridge.onvif.control import OnvifControl
from luytre.civic.access.models import Role
from luytre.civic.devices.models import Device, DeviceStep
from luytre.civic.ports import DeviceAccess, DeviceChange, DeviceFacts, StreamWish
from luytre.civic.registry.models import Camera
from luytre.civic.upkeep import nights
from luytre.civic.upkeep.forecast import DAY_S, NIGHT_SHARE, Kind, Load, forecast, proposals
from luytre.civic.upkeep.models import NightRate
from luytre.civic.upkeep.nights import FROM, TO, is_night, switch_off, switch_on, tick
from luytre.simulate.onvif_server import VirtualDevice
from tests.web.cast import GOOD_DEVICE, FakeDevices, camera, person

EVENING, NIGHT, MORNING = (datetime(2026, 11, 24, hour, 0, tzinfo=UTC) for hour in (14, 16, 23))
"""21:00, 23:00 and 6:00 in Vietnam."""


@dataclass
class Told(FakeDevices):
    """A device that keeps the rate it is told, unless it has another answer."""

    kept: list[int] = field(default_factory=list)

    def set_stream(self, at: DeviceAccess, wish: StreamWish) -> DeviceChange:
        answer = super().set_stream(at, wish)
        if answer.ok:
            self.kept.append(wish.bitrate_kbps)
            self.rate(wish.bitrate_kbps)
        return answer

    def rate(self, kbps: int) -> None:
        main, *others = self.now.streams
        self.now = replace(self.now, streams=(replace(main, bitrate_kbps=kbps), *others))


@pytest.fixture
def one(db: None) -> Camera:
    found = camera()
    Device.objects.create(camera=found, read=EVENING)
    assert switch_on(person(Role.HEAD), [found.key, "none"], 1000, EVENING) == 1
    return found


def test_the_hours_are_those_of_the_commune() -> None:
    assert [is_night(at) for at in (EVENING, NIGHT, MORNING)] == [False, True, False]
    assert is_night(datetime(2026, 11, 24, 15, 0, tzinfo=UTC))
    assert not is_night(datetime(2026, 11, 24, 22, 0, tzinfo=UTC))
    assert ((24 - FROM.hour) + TO.hour) / 24 == NIGHT_SHARE


def test_a_night_and_its_morning(one: Camera) -> None:
    device = Told()
    assert (tick(device, EVENING), tick(device, NIGHT), tick(device, NIGHT)) == (0, 1, 0)
    assert (NightRate.objects.get().day_kbps, NightRate.objects.get().took_kbps) == (4096, 1000)
    assert (tick(device, MORNING), tick(device, MORNING), device.kept) == (1, 0, [1000, 4096])
    steps = [(step.outcome, step.after.split(" GOP ")[1], step.reason) for step in DeviceStep.objects.order_by("seq")]
    lower, back = ("50 1000 kbit/s", "22:00–05:00"), ("50 4096 kbit/s", "22:00–05:00")
    assert steps == [("wished", *lower), ("", *lower), ("wished", *back), ("", *back)]


def test_it_cannot_be_told_twice_nor_a_camera_that_was_never_read(one: Camera) -> None:
    other = camera("Đình làng")
    assert switch_on(person(Role.ADMINISTRATOR), [one.key, other.key], 1000, NIGHT) == 0


def test_what_a_person_set_by_night_stays(one: Camera) -> None:
    device = Told()
    tick(device, NIGHT)
    device.rate(2048)
    tick(device, MORNING)
    assert (device.kept, NightRate.objects.get().day_kbps) == ([1000], None)


def test_a_camera_that_sends_less_already_is_told_nothing(one: Camera) -> None:
    device = Told()
    device.rate(800)
    assert (tick(device, NIGHT), tick(device, MORNING), device.kept) == (1, 1, [])
    assert not DeviceStep.objects.exists()


def test_one_that_does_not_answer_is_told_again_and_one_that_lies_not_before_noon(one: Camera) -> None:
    device = Told(now=DeviceFacts(False, "timeout"))
    assert (tick(device, NIGHT), tick(device, NIGHT + timedelta(minutes=9))) == (1, 0)
    assert NightRate.objects.get().failed == "timeout"
    device.now, device.answers = GOOD_DEVICE, [DeviceChange(False, "lies")]
    later = NIGHT + timedelta(minutes=10)
    assert (tick(device, later), tick(device, later + timedelta(hours=5))) == (1, 0)
    row = NightRate.objects.get()
    assert (row.failed, row.day_kbps, row.due) == ("lies", None, later + timedelta(hours=12))


def test_an_answer_that_did_not_come_is_put_back_all_the_same(one: Camera) -> None:
    device = Told(answers=[DeviceChange(False, "unsure")])
    tick(device, NIGHT)
    device.rate(1000)  # it was done after all
    NightRate.objects.update(took_kbps=None)  # and nobody could read it back
    device.answers = [DeviceChange(False, "timeout")]
    assert (tick(device, MORNING), NightRate.objects.get().day_kbps) == (1, 4096)
    assert (tick(device, MORNING + timedelta(minutes=10)), device.kept) == (1, [4096])


def test_a_process_that_was_killed_while_it_told_the_camera_puts_it_back(one: Camera) -> None:
    device = Told()
    device.rate(1000)
    NightRate.objects.update(day_kbps=4096)  # written down before; nothing after
    assert (tick(device, MORNING), device.kept, NightRate.objects.get().day_kbps) == (1, [4096], None)


def test_switched_off_by_night_it_is_put_back_at_once_and_the_row_goes(one: Camera) -> None:
    device = Told()
    tick(device, NIGHT)
    assert (switch_off(), tick(device, NIGHT), device.kept) == (1, 1, [1000, 4096])
    assert (tick(device, NIGHT), NightRate.objects.count()) == (0, 0)


def test_a_device_that_speaks_onvif(one: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    with VirtualDevice() as device:
        known = DeviceAccess(device.address, "admin", "Hidden-1", "en")
        monkeypatch.setattr(nights, "access_of", lambda _camera, _language: known)
        control = OnvifControl(read_s=4.0)
        assert (tick(control, NIGHT), device.state.encoders[0].kbps) == (1, 1000)
        assert NightRate.objects.get().took_kbps == 1000
        assert (tick(control, MORNING), device.state.encoders[0].kbps) == (1, 4096)
    assert [step.outcome for step in DeviceStep.objects.order_by("seq")] == ["wished", "", "wished", ""]


def test_the_proposal_counts_the_cameras_that_can_be_told_and_their_nights() -> None:
    rate = 4_000_000 / 8 * DAY_S
    loads = [Load("a", rate, 30, 10), Load("b", rate, 30, 10)]
    found = forecast(loads, 20 * rate, 20 * rate)
    (night,) = [one for one in proposals(loads, found, {"a"}) if one.kind is Kind.NIGHT]
    assert night.cameras == 1
    assert night.saved_bytes == pytest.approx(30 * rate * NIGHT_SHARE * 3 / 4)
    assert not [one for one in proposals(loads, found) if one.kind is Kind.NIGHT]
