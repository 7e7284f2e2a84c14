"""What is judged without a device and without a database: passwords, addresses, paths, settings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.errors import UsageError
from luytre.civic.devices import passwords
from luytre.civic.devices.known import against, clock_is_right, clock_was_reset
from luytre.civic.devices.passwords import weak_words
from luytre.civic.devices.paths import MAKERS, MOST_TRIED, addresses, find_path, host_with_port
from luytre.civic.devices.reaching import ONVIF_PATH, exposure_of, parse_address
from luytre.civic.devices.streams import bytes_a_day, effect_of, faults_of
from luytre.civic.ports import DeviceFacts, DeviceStream, ProbeAnswer, StreamChoice, StreamWish


@pytest.mark.parametrize(
    ("password", "maker", "username", "why"),
    [
        ("", "", "admin", passwords.EMPTY),
        ("   ", "", "", passwords.EMPTY),
        ("admin", "", "admin", passwords.DEFAULT),
        ("ADMIN123", "Dahua", "admin", passwords.DEFAULT),
        ("kbvision123", "KBVISION", "admin", passwords.DEFAULT),
        ("kbvision123", "Dahua OEM", "admin", passwords.DEFAULT),
        ("hik12345+", "HIKVISION", "admin", passwords.DEFAULT),
        ("Admin@123", "", "", passwords.DEFAULT),
        ("QWZKXA", "EZVIZ", "admin", passwords.LABEL),
        ("L2A91C4E", "Imou", "admin", passwords.LABEL),
        ("x7!Qp2", "", "", passwords.SHORT),
        ("camtruc1!", "", "camtruc", passwords.LIKE_THE_USER),
        ("sunshine1", "", "", passwords.COMMON),
        ("36182947", "", "", passwords.ONE_KIND),
        ("qwertyuiop", "", "", passwords.COMMON),
        ("aabbaabbab", "", "", passwords.ONE_KIND),
        ("Bến-nước 7 cây đa", "Hikvision", "admin", ""),
        ("lua-chin-3-vu", "", "admin", ""),
    ],
)
def test_weak_passwords(password: str, maker: str, username: str, why: str) -> None:
    assert weak_words(password, maker, username) == why


@given(st.text(max_size=40), st.text(max_size=20), st.text(max_size=20))
def test_any_password_is_judged(password: str, maker: str, username: str) -> None:
    words = weak_words(password, maker, username)
    assert not words or len(password.strip()) < 8 or words in (
        passwords.DEFAULT, passwords.LABEL, passwords.LIKE_THE_USER, passwords.COMMON, passwords.ONE_KIND,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("rtsp://192.168.1.64:554/x", ""), ("rtsp://10.0.0.5/", ""), ("rtsp://[fd00::5]/x", ""), ("rtsp://gate/x", ""),
        ("rtsp://gate.local/x", ""), ("rtsp://100.64.3.4/x", ""), ("rtsp://8.8.8.8/x", "public_address"),
        ("rtsp://[2001:4860::1]/x", "public_address"), ("rtsp://thonDong.cameraddns.net:554/x", "ddns"),
        ("rtsp://myddns.net/x", "public_name"), ("rtsp://xa.example.vn/", "public_name"), ("", ""), ("rtsp://[bad/", ""),
    ],
)  # fmt: skip
def test_addresses_open_to_the_internet(url: str, code: str) -> None:
    found = exposure_of(url)
    assert (found.code if found else "") == code


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""), (" 192.168.1.64 ", f"http://192.168.1.64{ONVIF_PATH}"), ("192.168.1.64:2020", f"http://192.168.1.64:2020{ONVIF_PATH}"),
        ("https://10.0.0.5:8443/onvif/dev", "https://10.0.0.5:8443/onvif/dev"), ("http://[fd00::5]/", f"http://[fd00::5]{ONVIF_PATH}"),
    ],
)  # fmt: skip
def test_onvif_addresses(typed: str, kept: str) -> None:
    assert parse_address(typed) == kept


@pytest.mark.parametrize(
    "typed", ["8.8.8.8", "gate.local", "ftp://10.0.0.5", "http://a:b@10.0.0.5/", "10.0.0.5:99999", "0.0.0.0", "[x"]
)
def test_what_is_no_onvif_address(typed: str) -> None:
    with pytest.raises(UsageError):
        parse_address(typed)


@given(st.text(max_size=60))
def test_any_typed_address_is_one_or_none(typed: str) -> None:
    host = host_with_port(typed)
    assert host == "" or host[0].isdigit()
    try:
        kept = parse_address(typed)
    except UsageError:
        return
    assert parse_address(kept) == kept


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("192.168.1.64", "192.168.1.64"), ("192.168.1.64:8554", "192.168.1.64:8554"),
        ("http://192.168.1.64:80/onvif", "192.168.1.64"),
        ("rtsp://u:p@10.0.0.5:554/x", "10.0.0.5:554"), ("8.8.8.8", ""), ("gate.local", ""), ("192.168.1.64:x", ""),
    ],
)  # fmt: skip
def test_one_host_is_asked(typed: str, host: str) -> None:
    assert host_with_port(typed) == host


def test_every_maker_has_paths_and_they_are_no_two_alike() -> None:
    assert [one.key for one in MAKERS] == ["hikvision", "dahua", "imou", "ezviz", "tplink", "uniview", "axis", "hanwha"]
    for one in MAKERS:
        tried = list(addresses("10.0.0.5", one.key))
        assert tried[0][0] == f"rtsp://10.0.0.5{one.paths[0][0]}"
        assert len({main for main, _sub in tried}) == len(tried)
    assert len(list(addresses("10.0.0.5", "nobody"))) <= MOST_TRIED


def test_the_first_picture_ends_it() -> None:
    asked: list[str] = []

    def probe(url: str) -> ProbeAnswer:
        asked.append(url)
        return ProbeAnswer(url.endswith("/stream1"), "no_such_stream")

    found = find_path(probe, "10.0.0.5", "uniview")
    assert (found.main_url, found.sub_url, found.asked) == ("rtsp://10.0.0.5/stream1", "rtsp://10.0.0.5/stream2", 3)
    assert asked[0] == "rtsp://10.0.0.5/unicast/c1/s0/live"


@pytest.mark.parametrize(
    "problem", ["wrong_password", "password_needed", "unreachable", "port_closed", "timeout", "recorder_down"]
)
def test_what_would_lock_the_camera_or_is_in_vain_ends_it(problem: str) -> None:
    found = find_path(lambda _url: ProbeAnswer(False, problem), "10.0.0.5", "")
    assert (found.asked, found.main_url, found.answer.problem) == (1, "", problem)


def test_nothing_found_is_said_after_all_were_asked() -> None:
    found = find_path(lambda _url: ProbeAnswer(False, "no_such_stream"), "10.0.0.5", "")
    assert found.main_url == ""
    assert found.asked == len(list(addresses("10.0.0.5", "")))


STREAM = DeviceStream("enc1", "p1", codec="h264", width_px=1920, height_px=1080, fps=25, gop=50, bitrate_kbps=4096)
FACTS = DeviceFacts(
    True, streams=(STREAM,), choices=(StreamChoice("enc1", "h264", ((1920, 1080),), (1, 25), (1, 250), (64, 8192)),)
)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({}, ""), ({"codec": "jpeg"}, "codec"), ({"width_px": 1280}, "size"), ({"width_px": 0}, "size"), ({"fps": 30}, "fps"),
        ({"fps": 0}, "fps"), ({"gop": 251}, "gop"), ({"gop": 0}, "gop"), ({"bitrate_kbps": 9000}, "bitrate_kbps"),
        ({"bitrate_kbps": 1}, "bitrate_kbps"),
        ({"codec": "h265", "width_px": 1280}, ""),
    ],
)  # fmt: skip
def test_what_can_be_wished(change: dict[str, object], field: str) -> None:
    fields: dict[str, object] = {
        "token": "enc1",
        "codec": "h264",
        "width_px": 1920,
        "height_px": 1080,
        "fps": 25,
        "gop": 50,
        "bitrate_kbps": 4096,
    }
    assert next(iter(faults_of(StreamWish(**fields | change), FACTS)), "") == field  # type: ignore[arg-type]


def test_a_bitrate_is_bytes_a_day_and_days() -> None:
    assert bytes_a_day(4096) == 4_096_000 // 8 * 86_400
    effect = effect_of(4000, 2000, room_bytes=864_000_000_000, all_bps=8_000_000)
    assert (effect.days_now, effect.days) == (10.0, pytest.approx(13.333, abs=0.01))
    assert effect_of(4000, 2000, 0, 0).days is None


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**15), st.floats(0, 1e12))
def test_less_bitrate_never_keeps_fewer_days(before: int, after: int, room: int, all_bps: float) -> None:
    effect = effect_of(before, after, room, all_bps)
    if effect.days is not None and effect.days_now is not None and after <= before:
        assert effect.days >= effect.days_now * (1 - 1e-9)


def test_what_it_says_against_what_it_sends() -> None:
    assert against(STREAM, "h264", 1920, 1080, "en") == ()
    assert against(STREAM, "", 0, 0, "en") == ()
    assert against(STREAM, "avc1.42c01f", 1920, 1080, "en") == ()
    told = against(STREAM, "hvc1.1.6.L93.90", 1280, 720, "en")
    assert [one.code for one in told] == ["codec", "size"]
    assert told[0].sentence == "The camera says that its picture is H.264, but what it sends is H.265."
    assert "1920×1080" in told[1].sentence


def test_clocks() -> None:
    from datetime import UTC, datetime

    assert clock_is_right(DeviceFacts(True)) is None
    assert clock_is_right(DeviceFacts(True, clock_offset_s=-1.9)) is True
    assert clock_is_right(DeviceFacts(True, clock_offset_s=2.1)) is False
    assert clock_was_reset(DeviceFacts(True, clock=datetime(1970, 1, 1, tzinfo=UTC))) is True
    assert clock_was_reset(DeviceFacts(True, clock=datetime(2026, 1, 1, tzinfo=UTC))) is False
