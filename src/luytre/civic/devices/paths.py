"""Where makers serve their pictures by RTSP, for devices that speak no ONVIF: addresses that the makers publish.

Each is tried with the login that the user typed, one at a time, at one device, and the first picture ends it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from luytre.civic.ports import ProbeAnswer

RTSP_PORT = 554


@dataclass(frozen=True, slots=True)
class Maker:
    key: str
    name: str
    paths: tuple[tuple[str, str], ...]
    """Main and sub-stream; an empty sub: none is known."""
    ports: tuple[int, ...] = (RTSP_PORT,)


MAKERS: tuple[Maker, ...] = (
    Maker("hikvision", "Hikvision, HiLook", (("/Streaming/Channels/101", "/Streaming/Channels/102"),
                                             ("/h264/ch1/main/av_stream", "/h264/ch1/sub/av_stream"))),
    Maker("dahua", "Dahua, KBVision", (("/cam/realmonitor?channel=1&subtype=0", "/cam/realmonitor?channel=1&subtype=1"),)),
    Maker("imou", "Imou", (("/cam/realmonitor?channel=1&subtype=0", "/cam/realmonitor?channel=1&subtype=1"),)),
    Maker("ezviz", "Ezviz", (("/h264/ch1/main/av_stream", "/h264/ch1/sub/av_stream"),
                             ("/Streaming/Channels/101", "/Streaming/Channels/102"))),
    Maker("tplink", "TP-Link Tapo, Vigi", (("/stream1", "/stream2"),)),
    Maker("uniview", "Uniview", (("/unicast/c1/s0/live", "/unicast/c1/s1/live"), ("/media/video1", "/media/video2"))),
    Maker("axis", "Axis", (("/axis-media/media.amp", "/axis-media/media.amp?resolution=640x360"),)),
    Maker("hanwha", "Hanwha (Samsung)", (("/profile2/media.smp", "/profile3/media.smp"), ("/0/onvif/profile2/media.smp", ""))),
)  # fmt: skip
GENERIC = Maker(
    "other", "", (
        ("/stream1", "/stream2"), ("/live/ch00_0", "/live/ch00_1"), ("/live/main", "/live/sub"), ("/ch0_0.h264", "/ch0_1.h264"),
        ("/11", "/12"), ("/live", ""), ("/onvif1", "/onvif2"), ("/", ""),
    ),
)  # fmt: skip
STOPS = frozenset(
    {"wrong_password", "password_needed", "unreachable", "unknown_host", "port_closed", "timeout", "recorder_down", "bad_url"}
)
"""After these another path is asked in vain, or the device would lock itself."""
MOST_TRIED = 24


@dataclass(frozen=True, slots=True)
class Tried:
    """`main_url`, `sub_url`: without user and password; empty where nothing was found, and then `answer` says why."""

    answer: ProbeAnswer
    main_url: str = ""
    sub_url: str = ""
    asked: int = 0


def addresses(host: str, maker: str) -> Iterator[tuple[str, str]]:
    """Main and sub-stream to try, in their order: the maker's own first, then what is common. `host`: an address in numbers,
    with or without a port."""
    wanted = next((one for one in MAKERS if one.key == maker), None)
    rows = [*([wanted] if wanted else MAKERS), GENERIC]
    seen: set[str] = set()
    for main, sub in (path for row in rows for path in row.paths):
        if main not in seen:
            seen.add(main)
            yield f"rtsp://{host}{main}", f"rtsp://{host}{sub}" if sub else ""


def host_with_port(typed: str) -> str:
    """`192.168.1.64`, `192.168.1.64:8554`, or the host of a whole address; empty where it is none of the local network."""
    typed = "".join(typed.split())
    rest = typed.partition("://")[2] or typed
    authority = rest.partition("/")[0].rpartition("@")[2]
    host, colon, port = authority.partition(":")
    try:
        found = ipaddress.IPv4Address(host)
    except ValueError:
        return ""
    if not found.is_private or found.is_unspecified or found.is_reserved or (colon and not (port.isascii() and port.isdigit())):
        return ""
    is_web = "://" in typed and typed.startswith("http")
    return str(found) if is_web or not port or not 0 < int(port) < 65536 else f"{found}:{int(port)}"


def find_path(probe: Callable[[str], ProbeAnswer], host: str, maker: str) -> Tried:
    """One address after another until a picture comes. `probe` opens one address with the login that the user typed."""
    answer, asked = ProbeAnswer(False, "no_such_stream"), 0
    for main, sub in addresses(host, maker):
        if asked >= MOST_TRIED:
            break
        answer, asked = probe(main), asked + 1
        if answer.ok:
            return Tried(answer, main, sub, asked)
        if answer.problem in STOPS:
            break
    return Tried(answer, asked=asked)
