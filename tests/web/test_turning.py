"""Turning a camera from its page: who may, who does, and that it always stops."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from luytre.base.clock import SystemClock
from luytre.base.polygons import write_polygons
from luytre.civic.access.models import Role, User
from luytre.civic.devices.models import Device, DeviceStep, Patrol, Preset, PtzHold
from luytre.civic.ports import DeviceAccess, DeviceChange, DeviceFacts, PtzMove
from luytre.civic.registry.masks import save_masks
from luytre.civic.registry.models import Camera
from luytre.civic.registry.seal import seal
from luytre.web.jobs import go_on_patrol, settle_passwords
from luytre.web.mover import AFTER_S, AGAIN_S, Mover
from tests.web.cast import FakeDevices, FakeRecorder, camera, person, viewer_of
from tests.web.test_masks import HOME

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
AT = DeviceAccess("http://10.0.0.5/onvif/device_service", "viewer", "x")


def turning_camera() -> Camera:
    one = camera()
    Device.objects.create(camera=one, ptz=True)
    return one


def at(one: Camera, more: str = "") -> str:
    return f"/cameras/{one.key}/turn{more}"


def wishes(device: FakeDevices, name: str) -> list[object]:
    return [wish for told, _at, wish in device.told if told == name]


def test_arrows_turn_and_stop(
    log_in: LogIn, recorder: FakeRecorder, devices: FakeDevices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("luytre.web.mover.AFTER_S", 600.0)  # a busy machine may need longer than the camera's own stop
    one, client = turning_camera(), log_in(person(Role.DUTY))
    assert 'id="turning"' in client.get(f"/cameras/{one.key}").content.decode()
    answer = client.post(at(one, "/move"), {"pan": "-0.5", "tilt": "9"})
    assert (answer.status_code, answer.json()["mine"]) == (200, True)
    assert wishes(devices, "move") == [PtzMove(-0.5, 1.0, 0.0)]
    client.post(at(one, "/stop"))
    assert [name for name, _at, _wish in devices.told] == ["move", "stop"]


@pytest.mark.parametrize("fields", [{}, {"pan": "x"}, {"pan": "nan"}, {"pan": "0"}])
def test_what_is_no_move(log_in: LogIn, recorder: FakeRecorder, devices: FakeDevices, fields: dict[str, str]) -> None:
    one, client = turning_camera(), log_in(person(Role.DUTY))
    assert client.post(at(one, "/move"), fields).status_code == 400
    assert devices.told == []


def test_one_turns_another_takes_it_over_and_both_are_told(log_in: LogIn, recorder: FakeRecorder, devices: FakeDevices) -> None:
    one = turning_camera()
    first, second = (
        log_in(person(Role.HEAD, "head", display_name="Trưởng")),
        log_in(person(Role.DUTY, "duty", display_name="Trực")),
    )
    assert first.post(at(one, "/move"), {"pan": "1"}).status_code == 200
    answer = second.post(at(one, "/move"), {"pan": "1"})
    assert (answer.status_code, answer.json()["holder"]) == (409, "Trưởng")
    assert second.post(at(one, "/take")).json()["mine"] is True
    assert first.post(at(one, "/move"), {"pan": "1"}).json()["holder"] == "Trực"
    steps = [(step.code, step.before, step.after) for step in DeviceStep.objects.all()]
    assert steps == [("ptz_taken", "Trưởng", "Trực"), ("ptz_taken", "", "Trưởng")]
    PtzHold.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert first.get(at(one)).json() == {"mine": False, "holder": "", "patrol": "", "refused": ""}
    assert first.post(at(one, "/move"), {"pan": "1"}).status_code == 200


def test_who_leaves_stops_it_and_frees_it(log_in: LogIn, recorder: FakeRecorder, devices: FakeDevices) -> None:
    one, client = turning_camera(), log_in(person(Role.DUTY))
    client.post(at(one, "/leave"))
    assert devices.told == []
    client.post(at(one, "/move"), {"zoom": "1"})
    client.post(at(one, "/leave"))
    assert [name for name, _at, _wish in devices.told] == ["move", "stop"]
    assert not PtzHold.objects.exists()


def test_others_turn_nothing(log_in: LogIn, recorder: FakeRecorder, devices: FakeDevices) -> None:
    one = turning_camera()
    member = log_in(viewer_of(one))
    assert 'id="turning"' not in member.get(f"/cameras/{one.key}").content.decode()
    assert member.post(at(one, "/move"), {"pan": "1"}).status_code == 403
    assert log_in(person(Role.ADMINISTRATOR)).post(at(one, "/move"), {"pan": "1"}).status_code == 403
    assert devices.told == []


def test_a_camera_that_cannot_turn_has_no_arrows(log_in: LogIn, recorder: FakeRecorder) -> None:
    one = camera()
    assert 'id="turning"' not in log_in(person(Role.DUTY)).get(f"/cameras/{one.key}").content.decode()


def test_hidden_homes_stay_hidden(log_in: LogIn, recorder: FakeRecorder, devices: FakeDevices) -> None:
    """Masks are drawn for one view: a camera that has some is not turned, by nobody and no patrol."""
    one, user = turning_camera(), person(Role.HEAD)
    save_masks(user, one, [HOME], 0, timezone.now())
    client = log_in(user)
    assert write_polygons([HOME])
    answer = client.post(at(one, "/move"), {"pan": "1"})
    assert answer.status_code == 422
    assert "vùng che" in answer.json()["words"]
    page = client.get(f"/cameras/{one.key}/positions").content.decode()
    for words in ("vùng che", "privacy mask", f"/cameras/{one.key}/masks"):
        assert words in page, words
    assert "/positions/keep" not in page
    assert "privacy mask" in client.get(f"/cameras/{one.key}/masks").content.decode()
    assert devices.told == []


def test_what_the_camera_says_is_told(log_in: LogIn, recorder: FakeRecorder, devices: FakeDevices) -> None:
    one, client = turning_camera(), log_in(person(Role.DUTY))
    devices.answers = [DeviceChange(False, "timeout", "the camera took too long", "Restart it.")]
    answer = client.post(at(one, "/move"), {"pan": "1"})
    assert (answer.status_code, answer.json()["words"]) == (422, "The camera took too long. Restart it.")


def test_positions_and_a_patrol_from_the_page(log_in: LogIn, recorder: FakeRecorder, devices: FakeDevices) -> None:
    one, client = turning_camera(), log_in(person(Role.DUTY))
    page = f"/cameras/{one.key}/positions"
    for name in ("Cổng chợ", "Đường lớn"):
        client.post(f"{page}/keep", {"name": name})
    answer = client.post(f"{page}/keep", {"name": "Cổng chợ"})
    assert (answer.status_code, "Đã có vị trí mang tên này" in answer.content.decode()) == (422, True)
    gate, road = Preset.objects.all()
    assert client.post(at(one, "/go"), {"preset": gate.key}).status_code == 200
    assert client.post(at(one, "/go"), {"preset": "none"}).status_code == 404
    fields = {"patrol-name": "Đêm", "stop-0": gate.key, "seconds-0": "10", "stop-1": road.key, "seconds-1": "²"}
    answer = client.post(f"/cameras/{one.key}/patrols/add", fields)
    assert (answer.status_code, "5 đến 600 giây" in answer.content.decode()) == (422, True)
    assert 'value="²"' in answer.content.decode()  # nothing that was typed is lost
    client.post(f"/cameras/{one.key}/patrols/add", fields | {"seconds-1": "20"})
    patrol = Patrol.objects.get()
    shown = client.post(f"/cameras/{one.key}/patrols/run", {"patrol": patrol.key}, follow=True).content.decode()
    assert "Cổng chợ (10 giây)" in shown
    assert "đang chạy" in shown
    assert client.get(at(one)).json()["patrol"] == "Đêm"
    client.post(f"/cameras/{one.key}/patrols/halt", {"patrol": patrol.key})
    client.post(f"/cameras/{one.key}/patrols/remove", {"patrol": patrol.key})
    client.post(f"{page}/remove", {"preset": gate.key})
    assert (Patrol.objects.count(), [preset.name for preset in Preset.objects.all()]) == (0, ["Đường lớn"])


def test_the_jobs_process_goes_on_patrol(log_in: LogIn, recorder: FakeRecorder, devices: FakeDevices) -> None:
    one, user = turning_camera(), person(Role.DUTY)
    stops = [Preset.objects.create(camera=one, name=name, token=name, by=user, made=timezone.now()) for name in "ab"]
    stop = threading.Event()
    stop.set()
    go_on_patrol(stop, SystemClock(), devices)
    assert devices.told == []
    Patrol.objects.create(camera=one, name="Đêm", stops=[[preset.key, 10] for preset in stops], runs=True, by=user)
    go_on_patrol(stop, SystemClock(), devices)
    for thread in threading.enumerate():
        if thread.name == "beside":
            thread.join(5)
    assert wishes(devices, "go") == ["a"]


def test_the_jobs_process_settles_a_password_and_tells_the_recorder(recorder: FakeRecorder, devices: FakeDevices) -> None:
    one, stop = camera(), threading.Event()
    stop.set()
    since = timezone.now() - timedelta(minutes=5)
    Device.objects.create(camera=one, sealed_next=seal("lua-chin-3-vu"), next_since=since)
    devices.now = DeviceFacts(False, "wrong_password")
    settle_passwords(stop, SystemClock(), devices, recorder)
    assert (recorder.refreshed, len(devices.told)) == (0, 2)
    devices.now = DeviceFacts(True)
    settle_passwords(stop, SystemClock(), devices, recorder)
    assert not Device.objects.exclude(sealed_next="").exists()


class Timers:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.made: list[tuple[float, Callable[[], None], list[str]]] = []

    def __call__(self, after_s: float, work: Callable[[], None]) -> Timers.One:
        said: list[str] = []
        self.made.append((after_s, work, said))
        return Timers.One(said)

    class One:
        def __init__(self, said: list[str]) -> None:
            self.said = said

        def start(self) -> None:
            self.said.append("start")

        def cancel(self) -> None:
            self.said.append("cancel")


def test_a_camera_whose_browser_is_gone_is_stopped() -> None:
    devices, timers = FakeDevices(), Timers()
    mover = Mover(devices, timers)
    mover.moved(AT)
    mover.moved(AT)
    first, second = timers.made
    assert (first[2], second[2], second[0]) == (["start", "cancel"], ["start"], AFTER_S)
    first[1]()  # ran at the very moment it was cancelled
    assert devices.told == []
    second[1]()
    assert [name for name, _at, _wish in devices.told] == ["stop"]


def test_a_stop_that_fails_is_sent_again_and_one_that_was_asked_for_is_not() -> None:
    devices, timers = FakeDevices(answers=[DeviceChange(False, "timeout")] * 5), Timers()
    mover = Mover(devices, timers)
    mover.moved(AT)
    for number in range(3):
        timers.made[number][1]()
    assert [made[0] for made in timers.made] == [AFTER_S, AGAIN_S, AGAIN_S]
    mover.moved(AT)
    mover.stopped(AT)
    timers.made[-1][1]()
    assert len(devices.told) == 3
