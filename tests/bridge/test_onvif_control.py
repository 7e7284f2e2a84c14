"""Devices told what to do: our own virtual one with the faults that devices have, and one that we did not write (ipycam)."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.bridge.onvif import OnvifControl, OnvifFinder
from luytre.bridge.onvif import asking as asking_module
from luytre.bridge.onvif import control as control_module
from luytre.bridge.onvif import finder as finder_module
from luytre.bridge.onvif import motion as motion_module
from luytre.bridge.onvif.asking import moment_of, said
from luytre.bridge.onvif.facts import choice_of, stream_of
from luytre.bridge.onvif.motion import motion_of
from luytre.bridge.onvif.sntp import is_time, own_address_towards, tells_time
from luytre.civic.ports import ClockWish, DeviceAccess, PtzMove, StreamWish
from luytre.simulate.onvif import Encoder, User
from luytre.simulate.onvif_server import Faults, VirtualDevice
from tests.support.ports import free_port

QUICK = OnvifControl(read_s=4.0, turn_s=4.0, tells_time=lambda _server: True)


@pytest.fixture
def device() -> Iterator[VirtualDevice]:
    with VirtualDevice() as made:
        yield made


def access(device: VirtualDevice, password: str = "Hidden-1", username: str = "admin") -> DeviceAccess:
    return DeviceAccess(device.address, username, password, "en")


def test_a_device_tells_what_it_is(device: VirtualDevice) -> None:
    device.state.ntp, device.state.ntp_server = True, "192.168.1.1"
    facts = QUICK.facts(access(device))
    assert facts.ok, facts
    assert (facts.maker, facts.model, facts.firmware, facts.serial) == ("Lũy Tre", "Virtual 1", "V1.0.0", "VT-0001")
    assert facts.clock_offset_s is not None
    assert abs(facts.clock_offset_s) < 2
    assert (facts.ntp, facts.ntp_servers) == (True, ("192.168.1.1",))
    assert [(user.name, user.level) for user in facts.users] == [("admin", "Administrator")]
    assert (facts.ptz, facts.events, facts.contradictions) == (True, True, ())
    main, sub = facts.streams
    assert (main.codec, main.width_px, main.height_px, main.fps, main.gop, main.bitrate_kbps) == (
        "h264",
        1920,
        1080,
        25,
        50,
        4096,
    )
    assert main.url == "rtsp://127.0.0.1:554/main"
    assert (sub.token, sub.profile) == ("enc2", "p-enc2")
    choice = next(one for one in facts.choices if one.token == "enc1" and one.codec == "h265")
    assert (choice.sizes[0], choice.fps, choice.gop, choice.bitrate_kbps) == ((1920, 1080), (5, 25), (1, 250), (64, 8192))


def test_an_older_device_speaks_the_older_service(device: VirtualDevice) -> None:
    device.state.media2 = False
    facts = QUICK.facts(access(device))
    assert [one.codec for one in facts.streams] == ["h264", "h264"]
    assert {one.codec for one in facts.choices} == {"h264"}
    wish = StreamWish("enc1", "h264", 1280, 720, 15, 30, 2048)
    assert QUICK.set_stream(access(device), wish).ok
    assert (device.state.encoders[0].width, device.state.encoders[0].gop) == (1280, 30)
    assert QUICK.set_stream(access(device), StreamWish("enc1", "h265", 1280, 720, 15, 30, 2048)).problem == "not_supported"


@pytest.mark.parametrize(
    ("off", "year"), [(timedelta(days=-20000), 1972), (timedelta(hours=-7), None), (timedelta(seconds=90), None)]
)
def test_a_clock_that_is_wrong_is_measured_and_set(device: VirtualDevice, off: timedelta, year: int | None) -> None:
    """Also where a login is refused that is too old by the device's own clock; and with none that failed, or it would lock."""
    device.state.clock_off = off
    facts = QUICK.facts(access(device))
    assert facts.ok, facts
    assert facts.clock_offset_s == pytest.approx(off.total_seconds(), abs=3)
    assert facts.clock is not None
    assert year is None or facts.clock.year == (datetime.now(UTC) + off).year
    turner = OnvifControl(turn_s=4.0)
    assert turner.ptz_move(access(device), PtzMove(pan=1)).ok
    assert turner.ptz_stop(access(device)).ok
    made = QUICK.set_clock_and_ntp(access(device), ClockWish("192.168.1.9"))
    assert (made.ok, made.problem) == (True, "")
    assert device.state.failed_logins == 0
    assert abs(device.state.clock_off) < timedelta(seconds=2)
    assert (device.state.ntp, device.state.ntp_server, device.state.time_zone) == (True, "192.168.1.9", "ICT-7")


def test_a_silent_time_server_is_not_set(device: VirtualDevice) -> None:
    deaf = OnvifControl(read_s=4.0, tells_time=lambda _server: False)
    device.state.clock_off = timedelta(hours=1)
    made = deaf.set_clock_and_ntp(access(device), ClockWish("own"))
    assert (made.ok, made.problem) == (True, "ntp_silent")
    assert "LUYTRE_NTP_SERVER" in made.hint
    assert (device.state.ntp, device.state.ntp_server) == (False, "")


def test_a_device_without_a_clock_says_none(device: VirtualDevice) -> None:
    device.state.has_clock = False
    facts = QUICK.facts(access(device))
    assert (facts.ok, facts.clock, facts.clock_offset_s, facts.ntp) == (True, None, None, None)


def test_a_password_is_changed_and_proved(device: VirtualDevice) -> None:
    made = QUICK.set_password(access(device), "New & <strong> 9")
    assert made.ok, made
    assert device.state.users["admin"].password == "New & <strong> 9"
    assert device.state.users["admin"].level == "Administrator"
    assert QUICK.facts(access(device)).problem == "wrong_password"


def test_who_may_only_look_changes_no_password(device: VirtualDevice) -> None:
    device.state.users["viewer"] = User("Look-1", "User")
    made = QUICK.set_password(access(device, "Look-1", "viewer"), "Another-1")
    assert (made.ok, made.problem) == (False, "no_right")
    assert "SetUser" not in device.asked
    assert QUICK.facts(access(device, "Look-1", "viewer")).ok


@pytest.mark.parametrize(
    ("operation", "change"),
    [
        ("SetUser", lambda at: QUICK.set_password(at, "Another-1")),
        ("SetNTP", lambda at: QUICK.set_clock_and_ntp(at, ClockWish("192.168.1.9"))),
        ("SetVideoEncoderConfiguration", lambda at: QUICK.set_stream(at, StreamWish("enc1", "h265", 1920, 1080, 25, 50, 2048))),
        ("SetPreset", lambda at: QUICK.ptz_keep_preset(at, "Cổng")),
    ],
)
def test_a_device_that_says_done_and_did_nothing_lies(device: VirtualDevice, operation: str, change: object) -> None:
    device.faults = Faults(lies={operation})
    made = change(access(device))  # type: ignore[operator]
    assert (made.ok, made.problem) == (False, "lies")
    assert made.sentence == "the camera says that it is done, but nothing is different"
    assert operation in device.asked


def test_a_clock_that_lies(device: VirtualDevice) -> None:
    device.state.clock_off = timedelta(hours=1)
    device.faults = Faults(lies={"SetSystemDateAndTime"})
    assert QUICK.set_clock_and_ntp(access(device), ClockWish("")).problem == "lies"


def test_an_answer_that_does_not_come_leaves_it_unsure(device: VirtualDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking_module, "CALL_S", 0.3)
    device.faults = Faults(silent={"SetUser"})
    assert QUICK.set_password(access(device), "Another-1").problem == "unsure"
    assert device.state.users["admin"].password == "Another-1"


def test_a_picture_is_set_in_either_format(device: VirtualDevice) -> None:
    made = QUICK.set_stream(access(device), StreamWish("enc1", "h265", 1280, 720, 15, 60, 1024))
    assert (made.ok, made.problem) == (True, "")
    assert device.state.encoders[0] == Encoder("enc1", "/main", "H265", 1280, 720, 15, 60, 1024)


def test_what_it_took_otherwise_is_told(device: VirtualDevice) -> None:
    made = QUICK.set_stream(access(device), StreamWish("enc1", "h264", 1280, 720, 15, 60, 20000))
    assert (made.ok, made.problem) == (True, "otherwise")
    assert "8192 kbit/s" in made.sentence
    assert QUICK.set_stream(access(device), StreamWish("gone", "h264", 1280, 720, 15, 60, 2000)).problem == "no_stream"


def test_contradictions_are_told(device: VirtualDevice) -> None:
    state = device.state
    state.ntp, state.clock_off, state.ptz_nodes = True, timedelta(minutes=10), False
    state.encoders[0].gop, state.encoders[1].path = 9999, "/main"
    facts = QUICK.facts(access(device))
    assert [one.code for one in facts.contradictions] == ["ntp_but_off", "same_address", "odd_gop", "no_ptz"]
    assert facts.ptz is False
    assert all(one.sentence.endswith(".") and "%(" not in one.sentence for one in facts.contradictions)


@pytest.mark.parametrize(
    ("faults", "problem"),
    [
        (Faults(bad_xml={"GetDeviceInformation"}), "not_onvif"),
        (Faults(bad_xml={"*"}), "not_onvif"),
        (Faults(huge={"GetProfiles"}), "not_onvif"),
        (Faults(refuses={"GetDeviceInformation"}), "refused"),
    ],
)
def test_odd_answers_are_told_in_words(device: VirtualDevice, faults: Faults, problem: str) -> None:
    device.faults = faults
    facts = QUICK.facts(access(device))
    assert (facts.ok, facts.problem) == (False, problem)
    assert facts.sentence
    assert facts.hint
    assert facts.streams == ()


def test_what_it_refuses_to_tell_is_left_out(device: VirtualDevice) -> None:
    device.faults = Faults(refuses={"GetUsers", "GetNTP", "GetVideoEncoderConfigurationOptions", "GetNodes"})
    facts = QUICK.facts(access(device))
    assert (facts.ok, facts.users, facts.ntp_servers, facts.choices) == (True, (), (), ())
    assert len(facts.streams) == 2


def test_one_that_drips_gives_its_place_back(device: VirtualDevice) -> None:
    """Four of such would otherwise let nobody else be asked, for days."""
    device.faults = Faults(drips={"GetDeviceInformation"})
    asked = OnvifControl(read_s=0.4)
    assert [asked.facts(access(device)).problem for _number in range(3)] == ["timeout"] * 3
    limit = time.monotonic() + 20
    while asking_module._running._value < asking_module.MOST_AT_ONCE and time.monotonic() < limit:
        time.sleep(0.02)
    assert asking_module._running._value == asking_module.MOST_AT_ONCE


def test_wrong_password_and_foreign_address(device: VirtualDevice) -> None:
    assert QUICK.facts(access(device, "wrong")).problem == "wrong_password"
    assert QUICK.reboot(access(device, "wrong")).problem == "wrong_password"
    for at in ("http://8.8.8.8/onvif", "http://camera.example/onvif/device_service"):
        assert QUICK.reboot(DeviceAccess(at, "admin", "x", "en")).problem == "not_private"
    assert "Hidden-1" not in repr(access(device))


def test_it_starts_anew(device: VirtualDevice) -> None:
    assert QUICK.reboot(access(device)).ok
    assert device.state.reboots == 1


def test_it_turns_and_stops(device: VirtualDevice) -> None:
    turner = OnvifControl(turn_s=4.0)
    assert turner.ptz_move(access(device), PtzMove(pan=-0.5, tilt=7.0, for_s=60)).ok
    first = len(device.asked)
    assert turner.ptz_stop(access(device)).ok
    assert device.state.turns == ["move -0.5 1.0 0.0 PT2.0S", "stop"]
    assert device.asked[first:] == ["Stop"]  # one question, once the device is known


def test_presets_are_kept_found_and_forgotten(device: VirtualDevice) -> None:
    turner = OnvifControl(turn_s=4.0)
    made = turner.ptz_keep_preset(access(device), "Cổng chợ Đông")
    assert (made.ok, made.token, device.state.presets) == (True, "p1", {"p1": "cong cho dong"})
    assert turner.ptz_go(access(device), "p1").ok
    assert turner.ptz_go(access(device), "p9").problem == "refused"
    assert turner.ptz_forget_preset(access(device), "p1").ok
    assert turner.ptz_forget_preset(access(device), "p1").ok  # gone is gone
    assert device.state.turns == ["go p1"]


def test_one_that_cannot_turn_says_so(device: VirtualDevice) -> None:
    device.state.ptz = False
    assert OnvifControl(turn_s=4.0).ptz_move(access(device), PtzMove(pan=1)).problem == "no_ptz"


def test_motion_is_heard(device: VirtualDevice) -> None:
    device.state.motion = [True, False]
    heard = QUICK.motion(access(device), 0.3)
    assert (heard.ok, [state for _at, state in heard.events]) == (True, [True, False])
    assert all(abs(datetime.now(UTC) - at) < timedelta(seconds=20) for at, _state in heard.events)
    assert device.state.subscriptions == 0  # nothing is left behind


def test_a_subscription_is_renewed_while_it_is_listened_to(device: VirtualDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(motion_module, "RENEW_S", 0.0)
    assert QUICK.motion(access(device), 0.3).ok
    assert (device.state.renewals > 0, device.state.subscriptions) == (True, 0)
    device.faults = Faults(refuses={"Renew"})
    device.state.motion = [True]
    assert QUICK.motion(access(device), 20).ok  # it ends by itself, and whoever listens on begins anew
    assert device.state.subscriptions == 0


def test_who_listens_takes_no_place_from_who_asks(device: VirtualDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control_module, "LISTENING", threading.BoundedSemaphore(1))
    assert control_module.LISTENING.acquire(blocking=False)
    assert QUICK.motion(access(device), 0.1).problem == "busy"
    assert QUICK.ptz_stop(access(device)).ok


def nvr() -> VirtualDevice:
    """Four channels with two streams each, H.265 large; only the third has a motor."""
    made = VirtualDevice()
    made.state.encoders = [
        Encoder(f"{kind}{number}", f"/ch{number}/{kind}", codec, width, height, source=f"ch{number}", turns=number == 3)
        for number in (1, 2, 3, 4)
        for kind, codec, width, height in (("sub", "H264", 640, 360), ("main", "H265", 2560, 1440))
    ]
    return made


@pytest.mark.parametrize("media2", [True, False])
def test_each_channel_of_a_recorder_is_told(*, media2: bool) -> None:
    with nvr() as device:
        device.state.media2 = media2
        if not media2:  # the older service tells no size of H.265
            device.state.encoders = [Encoder(**vars(one) | {"codec": "H264"}) for one in device.state.encoders]
        answer = OnvifFinder(read_s=8.0).read(device.address, "admin", "Hidden-1", "en")
    at = f"rtsp://127.0.0.1:{device.rtsp_port}"
    assert [(one.main_url, one.sub_url) for one in answer.channels] == [
        (f"{at}/ch{number}/main", f"{at}/ch{number}/sub") for number in (1, 2, 3, 4)
    ]
    assert (answer.main_url, answer.sub_url) == (f"{at}/ch1/main", f"{at}/ch1/sub")


def test_a_slow_recorder_tells_some_of_its_channels_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finder_module, "SPARE_S", 60.0)
    with nvr() as device:
        device.state.encoders.reverse()
        answer = OnvifFinder(read_s=8.0).read(device.address, "admin", "Hidden-1", "en")
    assert (answer.ok, answer.is_whole, answer.main_url.rpartition(":")[2].partition("/")[2]) == (True, False, "ch4/main")
    assert (len(answer.channels), device.asked.count("GetStreamUri")) == (1, 2)


def test_another_channels_camera_is_never_turned() -> None:
    with nvr() as device:
        at = f"rtsp://127.0.0.1:{device.rtsp_port}"
        told = [
            QUICK.ptz_move(replace(access(device), picture=picture), PtzMove(pan=1)).problem
            for picture in (f"{at}/ch1/main", f"{at}/ch3/main", f"{at}/other", "")
        ]
    assert told == ["no_ptz", "", "no_ptz", "no_ptz"]
    assert [turn.partition(" ")[0] for turn in device.state.turns] == ["move"]


def test_a_camera_with_one_source_has_no_channels(device: VirtualDevice) -> None:
    answer = OnvifFinder(read_s=4.0).read(device.address, "admin", "Hidden-1", "en")
    assert (answer.ok, answer.channels, answer.main_url.rpartition("/")[2]) == (True, (), "main")


# --- ipycam, a virtual device that we did not write. In a network of its own where this account may make one.

MAY_UNSHARE = os.geteuid() == 0 and shutil.which("unshare") is not None and shutil.which("ip") is not None
ASKS = """
import json
from luytre.bridge.onvif import OnvifControl, OnvifFinder
from luytre.civic.ports import ClockWish, DeviceAccess, PtzMove, StreamWish
at = DeviceAccess("http://127.0.0.1:PORT/onvif/device_service", "admin", "Hidden-Of-The-Device", "en")
control = OnvifControl(read_s=10)
facts = control.facts(at)
kept = control.ptz_keep_preset(at, "Cổng chợ")
found = []
for _ in range(10):
    found = found or [one.name for one in OnvifFinder(interfaces=["127.0.0.1"], find_s=0.7).find()]
main = facts.streams[0]
print(json.dumps({
    "found": found,
    "facts": [facts.ok, facts.maker, facts.ptz, len(facts.streams), main.codec, abs(facts.clock_offset_s) < 3],
    "turns": [control.ptz_move(at, PtzMove(pan=0.5)).ok, control.ptz_stop(at).ok],
    "preset": kept.problem,
    "refused": [
        control.set_password(at, "Another-1").problem,
        control.set_stream(at, StreamWish(main.token, "h264", 1280, 720, 15, 30, 1000)).problem,
        control.set_clock_and_ntp(at, ClockWish("")).problem,
        control.reboot(at).problem, control.motion(at, 1).problem,
    ],
}))
"""
IN_A_NETWORK = """
"$0" -m tests.bridge.virtual_device "$1" admin Hidden-Of-The-Device < "$2" > "$2.said" 2> "$2.told" &
device=$!
trap 'kill $device' EXIT
until grep -q ready "$2.said"; do sleep 0.05; done
"$0" -c "$3"
"""
OF_ITS_OWN = "ip link set lo up multicast on && ip route add 239.0.0.0/8 dev lo"


def test_a_device_that_we_did_not_write(tmp_path: Path) -> None:
    """What it can is done; what it cannot, it is never said to have done."""
    port, held = "8080" if MAY_UNSHARE else str(free_port()), tmp_path / "held"
    os.mkfifo(held)
    script = f"{OF_ITS_OWN}\n{IN_A_NETWORK}" if MAY_UNSHARE else IN_A_NETWORK
    command = ["sh", "-ec", script, sys.executable, port, str(held), ASKS.replace("PORT", port)]
    keeper = os.open(held, os.O_RDWR)  # the device ends when this does
    try:
        done = subprocess.run(
            ["unshare", "-n", *command] if MAY_UNSHARE else command, capture_output=True, text=True, timeout=120, check=False
        )
    finally:
        os.close(keeper)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["found"] == ["Cổng chợ"]  # `%20` in its scopes
    assert told["facts"] == [True, "Maker", True, 2, "h264", True]
    assert told["turns"] == [True, True]
    assert told["preset"] == "not_onvif"  # it writes `ptz:` without saying what that is: nobody can read the token
    assert told["refused"] == ["not_supported"] * 4 + ["not_onvif"]


# --- parsers


@given(
    st.dictionaries(
        st.sampled_from(["year", "month", "day", "hour", "minute", "second", "x"]), st.one_of(st.none(), st.integers())
    )
)
def test_any_date_is_a_moment_or_none(told: dict[str, object]) -> None:
    found = moment_of(told)
    assert found is None or found.tzinfo is not None


ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.dictionaries(
        st.sampled_from(["token", "width", "height", "encoding", "fps_limit", "gop", "min", "max"]), inner
    ),
    max_leaves=8,
)


@given(ANYTHING, st.text(max_size=60))
def test_any_profile_is_a_stream(encoder: object, address: str) -> None:
    made = stream_of({"token": "p", "video_encoder": encoder if isinstance(encoder, dict) else {}}, f"rtsp://a:b@{address}")
    assert min(made.width_px, made.fps, made.gop, made.bitrate_kbps) >= 0
    assert "a:b@" not in made.url


@given(ANYTHING)
def test_any_option_is_a_choice(option: object) -> None:
    told = option if isinstance(option, dict) else {"gop": option, "resolutions": []}
    made = choice_of("t", {"encoding": "H264", **told, "resolutions": []})
    assert made.gop[0] <= made.gop[1]


@given(st.text(max_size=30), st.dictionaries(st.sampled_from(["IsMotion", "State", "x"]), st.text(max_size=6)))
def test_any_message_is_motion_or_not(topic: str, data: dict[str, str]) -> None:
    assert motion_of({"topic": topic, "data": data}) in (True, False, None)
    assert motion_of({"topic": f"{topic}/Motion", "data": {"IsMotion": "TRUE "}}) is True
    assert motion_of({"topic": topic, "data": {}}) is None


@given(st.binary(max_size=100))
def test_any_answer_tells_time_or_not(answer: bytes) -> None:
    assert is_time(answer) in (True, False)


@pytest.mark.parametrize(
    ("first", "stratum", "told"), [(0x24, 2, True), (0xE4, 2, False), (0x24, 0, False), (0x24, 16, False), (0x23, 2, False)]
)
def test_a_time_server(first: int, stratum: int, told: bool) -> None:
    """In step, of a known distance, and an answer at all."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(5)

        def tell() -> None:
            _asked, who = server.recvfrom(100)
            server.sendto(bytes([first, stratum]) + bytes(38) + b"\xe9\x00\x00\x00\x00\x00\x00\x01", who)

        thread = threading.Thread(target=tell)
        thread.start()
        assert tells_time("127.0.0.1", server.getsockname()[1], 5.0) is told
        thread.join()


def test_a_silent_one_tells_no_time() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as nobody:
        nobody.bind(("127.0.0.1", 0))
        assert tells_time("127.0.0.1", nobody.getsockname()[1], 0.05) is False
    assert own_address_towards("127.0.0.1") == "127.0.0.1"
    assert own_address_towards("nobody") == ""


@pytest.mark.parametrize(
    ("told", "read"),
    [("Cong%20cho%20Dong", "Cong cho Dong"), ("name_with_spaces", "name with spaces"), ("a\nb\tc", "a b c"), (None, "")],
)
def test_names_with_spaces_are_read(told: object, read: str) -> None:
    assert said(told) == read
