"""Passwords on their way, devices replaced, who turns what, and patrols."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError

from luytre.civic.access.models import Role, User
from luytre.civic.devices import passwords as passwords_module
from luytre.civic.devices.holding import HELD_FOR, hold, holder, let_go
from luytre.civic.devices.known import note_replacement, read
from luytre.civic.devices.models import Device, DeviceStep, Patrol, Preset, StepCode
from luytre.civic.devices.motion import begun, listen
from luytre.civic.devices.passwords import change_password, is_pending, settle, settle_left_open
from luytre.civic.devices.patrols import AFTER_FAILURE, AT_ONCE, LONGEST_REST, Rounds, halt, run, save_patrol
from luytre.civic.devices.presets import keep_preset, remove_preset
from luytre.civic.devices.reaching import access_of, device_of, exposed, sharing_address
from luytre.civic.devices.steps import steps_of
from luytre.civic.ports import DeviceAccess, DeviceChange, DeviceFacts, MotionEvent, MotionRead
from luytre.civic.registry.address import parse_address
from luytre.civic.registry.masks import save_masks
from luytre.civic.registry.models import Camera
from luytre.civic.registry.seal import unseal
from tests.web.cast import CAMERA_PASSWORD, GOOD_DEVICE, FakeDevices, camera, person
from tests.web.test_masks import HOME

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
NEW = "lua-chin-3-vu"
WRONG = DeviceFacts(False, "wrong_password", "the camera refuses", "Check both.")


class Locked(FakeDevices):
    """Lets in whoever knows its password."""

    password = CAMERA_PASSWORD

    def facts(self, at: DeviceAccess) -> DeviceFacts:
        super().facts(at)
        return self.now if at.password == self.password else WRONG


def again(one: Camera) -> Camera:
    return Camera.objects.get(pk=one.pk)


def test_a_device_is_asked_where_its_picture_comes_from() -> None:
    one = camera()
    at = access_of(one, "en")
    assert (at.address, at.username, at.password) == ("http://10.0.0.5/onvif/device_service", "viewer", CAMERA_PASSWORD)
    Device.objects.create(camera=one, address="http://10.0.0.5:2020/onvif/device_service")
    assert access_of(one, "en").address.endswith(":2020/onvif/device_service")


def test_a_password_is_changed_in_both_places() -> None:
    one, user, device = camera(), person(Role.ADMINISTRATOR), FakeDevices()
    assert change_password(device, one, user, NEW, "en", NOW).ok
    assert again(one).password == NEW
    assert [(name, at.password, wish) for name, at, wish in device.told] == [("password", CAMERA_PASSWORD, NEW)]
    assert not is_pending(one)
    assert [(step.code, step.outcome) for step in DeviceStep.objects.order_by("seq")] == [
        ("password", "wished"),
        ("password", ""),
    ]
    assert NEW not in "".join(f"{step.before}{step.after}{step.reason}" for step in DeviceStep.objects.all())


@pytest.mark.parametrize("problem", ["lies", "wrong_password", "no_right", "unreachable"])
def test_a_device_that_did_not_take_it_keeps_the_old_one(problem: str) -> None:
    one, user = camera(), person(Role.HEAD)
    device = FakeDevices(answers=[DeviceChange(False, problem)])
    assert change_password(device, one, user, NEW, "en", NOW).problem == problem
    assert (again(one).password, is_pending(one)) == (CAMERA_PASSWORD, False)
    assert steps_of(one)[0].outcome == problem


def test_it_is_kept_before_the_device_is_told() -> None:
    one, user = camera(), person(Role.HEAD)
    kept: list[str] = []

    class Looks(FakeDevices):
        def set_password(self, at: DeviceAccess, new: str) -> DeviceChange:
            kept.append(unseal(device_of(one).sealed_next))
            return super().set_password(at, new)

    change_password(Looks(), one, user, NEW, "en", NOW)
    assert kept == [NEW]


@pytest.mark.parametrize(("has", "said", "kept"), [(NEW, "new", NEW), (CAMERA_PASSWORD, "old", CAMERA_PASSWORD)])
def test_an_answer_that_did_not_come_is_settled_afterwards(has: str, said: str, kept: str) -> None:
    one, user = camera(), person(Role.HEAD)
    device = Locked(answers=[DeviceChange(False, "unsure")])
    change_password(device, one, user, NEW, "en", NOW)
    assert (again(one).password, is_pending(one)) == (CAMERA_PASSWORD, True)
    assert change_password(device, one, user, "another-one-8", "en", NOW).problem == "pending"
    device.password = has
    assert settle(device, again(one), "en", NOW) == said
    assert (again(one).password, is_pending(one)) == (kept, False)
    assert settle(device, again(one), "en", NOW) == "none"


def test_what_the_machine_could_not_keep_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    one, user, device = camera(), person(Role.HEAD), Locked()

    def full(*_arguments: object) -> None:
        raise DatabaseError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(passwords_module, "_take_new", full)
        with pytest.raises(DatabaseError):
            change_password(device, one, user, NEW, "en", NOW)
    device.password = NEW
    assert read(device, again(one), "en", NOW).settled == "new"
    assert again(one).password == NEW


def test_while_neither_opens_both_are_kept() -> None:
    one, user = camera(), person(Role.HEAD)
    device = Locked(answers=[DeviceChange(False, "unsure")])
    change_password(device, one, user, NEW, "en", NOW)
    device.password = "set by somebody else"
    assert settle(device, one, "en", NOW) == "open"
    device.now = DeviceFacts(False, "timeout")
    device.password = CAMERA_PASSWORD
    assert settle(device, one, "en", NOW) == "open"
    assert is_pending(one)


def test_what_was_left_open_is_settled_by_itself_and_not_for_ever() -> None:
    one, user = camera(), person(Role.HEAD)
    device = Locked(answers=[DeviceChange(False, "unsure")])
    change_password(device, one, user, NEW, "en", NOW)
    device.password = NEW
    device.told.clear()
    for early_or_late in (timedelta(seconds=60), timedelta(hours=3)):
        assert settle_left_open(device, NOW + early_or_late) == 0
    assert device.told == []  # while it may still be on its way, and when a person must look
    assert settle_left_open(device, NOW + timedelta(minutes=5)) == 1
    assert again(one).password == NEW


def test_motion_is_counted_when_it_begins() -> None:
    one, device = camera(), FakeDevices()
    told = [True, True, False, True, False, False]
    device.moved = MotionRead(True, events=tuple((NOW, state) for state in told))
    heard, events = listen(device, one, 10, "en")
    assert (heard.ok, events[0], begun(events)) == (True, MotionEvent(one.key, NOW, True), 2)


def test_another_device_is_told_and_noted_when_somebody_says_so() -> None:
    one, user = camera(), person(Role.HEAD)
    device = FakeDevices()
    assert read(device, one, "en", NOW).replaced is None
    noted = device_of(one)
    assert (noted.maker, noted.model, noted.serial, noted.noted) == ("Maker", "M1", "S-1001", NOW)
    device.now = replace(GOOD_DEVICE, model="M2", serial="S-2", firmware="V9")
    found = read(device, one, "en", NOW).replaced
    assert found is not None
    assert (found.model, found.is_other_model) == (("M1", "M2"), True)
    assert device_of(one).model == "M1"
    note_replacement(user, one, device.now, NOW)
    assert read(device, one, "en", NOW).replaced is None
    assert [(step.code, step.before, step.after) for step in steps_of(one)] == [("noted", "Maker M1 S-1001", "Maker M2 S-2")]


def test_new_firmware_is_no_other_device() -> None:
    one, device = camera(), FakeDevices()
    read(device, one, "en", NOW)
    device.now = replace(GOOD_DEVICE, firmware="V2")
    assert read(device, one, "en", NOW).replaced is None
    assert device_of(one).firmware == "V2"


def test_two_cameras_with_one_address_and_those_open_to_the_internet() -> None:
    from luytre.civic.registry.address import parse_address

    one, other = camera(), camera("Nhà văn hoá")
    far = camera("Ngã ba", main=parse_address("rtsp://8.8.8.8/x"))
    assert (sharing_address(one), sharing_address(far)) == ([other], [])
    assert [(found.name, why.code) for found, why in exposed([one, other, far])] == [("Ngã ba", "public_address")]


def test_one_person_turns_at_a_time() -> None:
    one, first, second = camera(), person(Role.DUTY), person(Role.HEAD)
    assert holder(one, NOW).by is None
    assert hold(first, one, NOW).is_of(first)
    assert hold(second, one, NOW + timedelta(seconds=30)).is_of(first)
    assert hold(first, one, NOW + timedelta(seconds=50)).until == NOW + timedelta(seconds=50) + HELD_FOR
    assert holder(one, NOW + timedelta(seconds=109)).is_of(first)
    assert holder(one, NOW + timedelta(seconds=110)).by is None
    later = NOW + timedelta(seconds=70)
    assert hold(second, one, later, take_over=True).is_of(second)
    let_go(first, one)
    assert holder(one, later).is_of(second)
    let_go(second, one)
    assert holder(one, later).by is None
    told = [(step.before, step.after) for step in steps_of(one)]
    assert told == [("duty", "head"), ("", "duty")]  # one row a sitting, and not one a turn


def kept(one: Camera, device: FakeDevices, *names: str) -> list[Preset]:
    user = User.objects.filter(username="keeper").first() or person(Role.DUTY, "keeper")
    for name in names:
        assert keep_preset(device, one, user, name, "en", NOW).ok
    return list(Preset.objects.filter(camera=one))


def test_positions_have_names_and_an_end() -> None:
    one, device = camera(), FakeDevices()
    gate, road = kept(one, device, "  Cổng   chợ ", "Đường lớn")
    assert (gate.name, gate.token != road.token) == ("Cổng chợ", True)
    user = person(Role.DUTY)
    for typed in ("", "Cổng chợ", "x" * 61):
        with pytest.raises(ValidationError):
            keep_preset(device, one, user, typed, "en", NOW)
    device.answers = [DeviceChange(False, "lies")]
    assert keep_preset(device, one, user, "Bến nước", "en", NOW).problem == "lies"
    assert Preset.objects.count() == 2
    device.answers = [DeviceChange(False, "refused")]
    remove_preset(device, gate, user, "en", NOW)
    assert Preset.objects.filter(pk=gate.pk).exists()


@pytest.mark.parametrize(
    ("name", "stops", "field"),
    [
        ("", None, "name"),
        ("Đêm", None, "name"),
        ("x", [], "stops"),
        ("x", [("nobody", 10), ("nobody", 10)], "stops"),
        ("x", [4], "stops"),
    ],
)
def test_what_is_no_patrol(name: str, stops: list[object] | None, field: str) -> None:
    one = camera()
    gate, road = kept(one, FakeDevices(), "a", "b")
    user = person(Role.DUTY)
    good = [(gate.key, 5), (road.key, 600)]
    save_patrol(user, one, "Đêm", good, NOW)
    wanted = good if stops is None else [(gate.key, 4), (road.key, 10)] if stops == [4] else stops
    with pytest.raises(ValidationError) as raised:
        save_patrol(user, one, name, wanted, NOW)  # type: ignore[arg-type]
    assert list(raised.value.message_dict) == [field]


def test_a_patrol_goes_round_waits_for_people_and_goes_on_after_a_restart() -> None:
    one, device = camera(), FakeDevices()
    gate, road = kept(one, device, "a", "b")
    user = person(Role.DUTY)
    patrol = save_patrol(user, one, "Đêm", [(gate.key, 10), (road.key, 20)], NOW)
    rounds = Rounds(device, at_once)

    def went(seconds: int) -> list[object]:
        device.told.clear()
        rounds.tick(NOW + timedelta(seconds=seconds))
        return [wish for name, _at, wish in device.told if name == "go"]

    assert went(0) == []
    run(user, patrol, NOW)
    assert [went(second) for second in (0, 9, 10, 29, 30)] == [[gate.token], [], [road.token], [], [gate.token]]
    hold(user, one, NOW + timedelta(seconds=35))
    assert went(45) == []
    assert went(95) == [road.token]
    device.answers = [DeviceChange(False, "timeout")]
    assert went(200) == [gate.token]
    assert Patrol.objects.get().failed == "timeout"
    assert went(201) == []
    assert went(200 + int(AFTER_FAILURE.total_seconds())) == [road.token]
    halt(user, patrol, NOW)
    assert went(900) == []
    codes = [step.code for step in steps_of(one)]
    assert codes[:3] == [StepCode.PATROL_STOPPED, StepCode.PTZ_TAKEN, StepCode.PATROL_STARTED]


def at_once(work: Callable[[], DeviceChange]) -> Future[DeviceChange]:
    answer: Future[DeviceChange] = Future()
    answer.set_result(work())
    return answer


class Beside:
    """Questions whose answers come when a test says so."""

    def __init__(self) -> None:
        self.asked: list[tuple[Callable[[], DeviceChange], Future[DeviceChange]]] = []

    def __call__(self, work: Callable[[], DeviceChange]) -> Future[DeviceChange]:
        self.asked.append((work, Future()))
        return self.asked[-1][1]

    def answer(self, number: int, *, ok: bool = True) -> None:
        work, answer = self.asked[number]
        answer.set_result(work() if ok else DeviceChange(False, "timeout"))


def on_patrol(device: FakeDevices, names: str) -> dict[str, Preset]:
    """Cameras each on a patrol of two positions, ten seconds long; their first positions."""
    user, firsts = person(Role.DUTY), {}
    for number, name in enumerate(names):
        one = camera(name, main=parse_address(f"rtsp://10.0.0.{number + 1}/main"))
        stops = kept(one, device, "a", "b")
        run(user, save_patrol(user, one, "Đêm", [(stop.key, 10) for stop in stops], NOW), NOW)
        firsts[name] = stops[0]
    return firsts


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_a_slow_camera_holds_up_nobody_elses_patrol() -> None:
    device, beside = FakeDevices(), Beside()
    on_patrol(device, "xyz")
    rounds = Rounds(device, beside)
    assert rounds.tick(NOW) == len(beside.asked) == AT_ONCE
    for number in (1, 2):  # x is slow
        beside.answer(number)
    assert rounds.tick(after(1)) == 0
    assert rounds.tick(after(11)) == 2  # the others go on, x is not asked twice
    assert not rounds.is_quiet()
    beside.answer(0, ok=False)
    rounds.tick(after(12))
    slow = Patrol.objects.get(camera__name="x")
    assert (slow.place, slow.failed, slow.due) == (1, "timeout", after(12) + AFTER_FAILURE)


def test_so_many_are_told_at_once_and_who_waited_longest_comes_first() -> None:
    device, beside = FakeDevices(), Beside()
    on_patrol(device, "abcde")
    rounds = Rounds(device, beside)
    assert [rounds.tick(NOW), rounds.tick(NOW)] == [AT_ONCE, 0]
    for number in range(AT_ONCE):
        beside.answer(number)
    assert [rounds.tick(after(1)), rounds.tick(after(60))] == [2, 1]
    for number in range(AT_ONCE, len(beside.asked)):
        beside.answer(number)
    rounds.tick(after(61))
    places = dict(Patrol.objects.values_list("camera__name", "place"))
    assert places == {"a": 2, "b": 1, "c": 1, "d": 1, "e": 1}


def test_a_dead_camera_is_asked_ever_more_seldom() -> None:
    device, rests, at = FakeDevices(), [], NOW
    on_patrol(device, "x")
    rounds = Rounds(device, at_once)
    for _again in range(7):
        device.answers = [DeviceChange(False, "timeout")]
        assert rounds.tick(at) == 1
        due = Patrol.objects.get().due
        assert due is not None
        rests.append((due - at).total_seconds())
        at = due
    assert rests == [30, 60, 120, 240, 480, 600, LONGEST_REST.total_seconds()]
    assert rounds.tick(at) == 1  # it is there again: as before
    assert Patrol.objects.get().due == at + timedelta(seconds=10)


def test_a_patrol_ends_by_itself_with_a_row_once_areas_are_hidden() -> None:
    device = FakeDevices()
    on_patrol(device, "x")
    one = Camera.objects.get()
    save_masks(person(Role.HEAD), one, [HOME], 0, NOW)
    assert Rounds(device, at_once).tick(after(1)) == 0
    assert not Patrol.objects.filter(runs=True).exists()
    assert (steps_of(one)[0].code, steps_of(one)[0].by) == (StepCode.PATROL_STOPPED, None)


def test_a_login_that_cannot_be_read_is_that_cameras_fault_alone() -> None:
    device = FakeDevices()
    on_patrol(device, "xy")
    Camera.objects.filter(name="x").update(sealed_password="nonsense")
    assert Rounds(device, at_once).tick(after(1)) == 1
    assert Patrol.objects.get(failed="password_needed").camera.name == "x"


def test_one_patrol_runs_and_it_stops_when_nothing_of_it_is_left() -> None:
    one, device = camera(), FakeDevices()
    gate, road = kept(one, device, "a", "b")
    user = person(Role.DUTY)
    first, second = (save_patrol(user, one, name, [(gate.key, 10), (road.key, 20)], NOW) for name in ("x", "y"))
    run(user, first, NOW)
    run(user, second, NOW)
    assert [one.name for one in Patrol.objects.filter(runs=True)] == ["y"]
    remove_preset(device, gate, user, "en", NOW)
    assert Patrol.objects.get(name="y").runs is True
    remove_preset(device, road, user, "en", NOW)
    assert Patrol.objects.filter(runs=True).count() == 0


def test_the_rows_are_a_chain() -> None:
    one, user = camera(), person(Role.HEAD)
    change_password(FakeDevices(), one, user, NEW, "en", NOW)
    step = DeviceStep.objects.first()
    assert step is not None
    with pytest.raises(TypeError):
        step.save()
    with pytest.raises(DatabaseError):
        DeviceStep.objects.filter(pk=step.pk).update(outcome="lies")
