"""A password's way to a real device and back, over HTTP: what a device does in the middle of it, and that nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import timezone

from luytre.bridge.onvif import OnvifControl
from luytre.bridge.onvif import asking as asking_module
from luytre.civic.access.models import Role
from luytre.civic.devices.known import read
from luytre.civic.devices.models import Device
from luytre.civic.devices.passwords import change_password, is_pending
from luytre.civic.registry.models import Camera
from luytre.simulate.onvif import DeviceState, User
from luytre.simulate.onvif_server import Faults, VirtualDevice
from tests.web.cast import CAMERA_PASSWORD, camera, person

pytestmark = pytest.mark.django_db
NEW = "lua-chin-3-vu"
CONTROL = OnvifControl(read_s=6.0, turn_s=6.0)


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> Iterator[VirtualDevice]:
    monkeypatch.setattr(asking_module, "CALL_S", 1.0)
    with VirtualDevice(DeviceState(users={"viewer": User(CAMERA_PASSWORD)})) as made:
        yield made


def of(device: VirtualDevice) -> Camera:
    one = camera()
    Device.objects.create(camera=one, address=device.address)
    return one


@pytest.mark.parametrize(
    ("faults", "problem", "settled", "kept"),
    [
        (Faults(), "", "none", NEW),
        (Faults(lies={"SetUser"}), "lies", "none", CAMERA_PASSWORD),
        (Faults(silent={"SetUser"}), "unsure", "new", NEW),
        (Faults(refuses={"SetUser"}), "refused", "none", CAMERA_PASSWORD),
        (Faults(silent={"SetUser", "GetSystemDateAndTime"}), "timeout", "none", CAMERA_PASSWORD),
    ],
)
def test_both_ends_agree_afterwards(device: VirtualDevice, faults: Faults, problem: str, settled: str, kept: str) -> None:
    one, user = of(device), person(Role.HEAD)
    device.faults = faults
    made = change_password(CONTROL, one, user, NEW, "en", timezone.now())
    device.faults = Faults()
    found = read(CONTROL, Camera.objects.get(pk=one.pk), "en", timezone.now())
    assert found.facts.ok, found
    assert (made.problem, found.settled, Camera.objects.get().password, device.state.users["viewer"].password) == (
        problem, settled, kept, kept,
    )  # fmt: skip
    assert not is_pending(one)
