"""Cameras on the network by ONVIF: WS-Discovery for who is there, the media service for the addresses of pictures.

Asks the local link and private addresses only (RFC 1918, RFC 3927, RFC 4193, loopback), never follows a redirect, and
waits `FIND_S` and `READ_S` at most. A device is talked to on a thread of its own, so that one that sends a byte a
minute holds no thread of the web; at most `MOST_AT_ONCE` are. XML is read by defusedxml inside onveef.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from luytre.base.errors import PROBLEM_WORDS, Problem
from luytre.base.i18n import N_, translate
from luytre.base.redact import split_credentials
from luytre.civic.ports import DeviceAnswer, FoundDevice

log = logging.getLogger(__name__)

FIND_S = 4.0
READ_S = 15.0
CALL_S = 4.0
MOST_AT_ONCE = 4
MOST_DEVICES = 256
MOST_PROFILES = 8
MOST_ANSWER_BYTES = 1024 * 1024

NOT_PRIVATE = N_("only cameras on the local network can be asked")
NOT_PRIVATE_HINT = N_("Type an address like 192.168.1.64.")
NOT_ONVIF = N_("the device does not answer as an ONVIF camera does")
NOT_ONVIF_HINT = N_("Switch ONVIF on in the camera's settings, or type the picture's address by hand.")
NO_STREAM = N_("the device names no picture that can be recorded")
BUSY = N_("other cameras are being asked at the moment")
BUSY_HINT = N_("Wait a few seconds and try again.")

_running = threading.BoundedSemaphore(MOST_AT_ONCE)


@dataclass(frozen=True, slots=True)
class OnvifFinder:
    """CameraFinder over onveef. `interfaces` are own addresses to ask from; none: all that this machine has."""

    interfaces: Sequence[str] | None = None
    find_s: float = FIND_S
    read_s: float = READ_S

    def find(self) -> tuple[FoundDevice, ...]:
        from onveef.wsdiscovery import discover_async  # brings httpx along: only where it is used

        asked = list(self.interfaces) if self.interfaces else None
        try:
            devices = asyncio.run(discover_async(timeout_s=self.find_s, interface_ip=asked))
        except OSError as error:
            log.warning("asking the network for cameras: %s", error)
            return ()
        found: dict[str, FoundDevice] = {}
        for device in devices[:MOST_DEVICES]:
            address = next((url for url in device.xaddrs if host_if_private(url)), "")
            if address:
                host = host_if_private(address)
                found.setdefault(host, FoundDevice(address, host, _said(device.name), _said(device.hardware)))
        return tuple(sorted(found.values(), key=lambda item: ipaddress.ip_address(item.host).packed))

    def read(self, address: str, username: str, password: str, language: str) -> DeviceAnswer:
        if not host_if_private(address):
            return _wrong("not_private", NOT_PRIVATE, NOT_PRIVATE_HINT, language)
        return _in_time(
            lambda: _read(address, username, password, language, time.monotonic() + self.read_s), self.read_s, language
        )


def host_if_private(url: str) -> str:
    """The IP address inside an `http(s)` address, where it is one of a local network; else nothing."""
    try:
        parts = urlsplit(url)
        found = ipaddress.ip_address(parts.hostname or "")
        _ = parts.port
    except ValueError:
        return ""
    is_near = found.is_private and not found.is_unspecified and not found.is_multicast and not found.is_reserved
    return str(found) if parts.scheme in ("http", "https") and is_near else ""


def _in_time(ask: Callable[[], DeviceAnswer], within_s: float, language: str) -> DeviceAnswer:
    if not _running.acquire(blocking=False):
        return _wrong("busy", BUSY, BUSY_HINT, language)
    answer: Future[DeviceAnswer] = Future()

    def work() -> None:
        try:
            answer.set_result(ask())
        except BaseException as error:  # noqa: BLE001 - the thread's edge: handed to whoever waits
            answer.set_exception(error)
        finally:
            _running.release()

    threading.Thread(target=work, daemon=True, name="onvif").start()
    try:
        return answer.result(within_s)
    except TimeoutError:
        return _problem(Problem.TIMEOUT, language)


def _read(address: str, username: str, password: str, language: str, until_mono_s: float) -> DeviceAnswer:
    import httpx
    from onveef import OnvifClient
    from onveef.exceptions import OnvifAuthError, OnvifError, OnvifTimeoutError, OnvifTransportError

    options: dict[str, Any] = {"timeout_s": CALL_S, "verify_tls": False, "retries": 0, "max_response_bytes": MOST_ANSWER_BYTES}
    try:
        with OnvifClient(address, 80, username, password, **options) as device:
            return _ask(device, language, until_mono_s)
    except OnvifAuthError:
        return _problem(Problem.WRONG_PASSWORD if username else Problem.PASSWORD_NEEDED, language)
    except OnvifTimeoutError:
        return _problem(Problem.TIMEOUT, language)
    except OnvifTransportError as error:
        unreachable = isinstance(error.__cause__, httpx.ConnectError)
        return (
            _problem(Problem.UNREACHABLE, language) if unreachable else _wrong("not_onvif", NOT_ONVIF, NOT_ONVIF_HINT, language)
        )
    except (OnvifError, httpx.HTTPError, httpx.InvalidURL, ValueError, LookupError, AttributeError, TypeError) as error:
        log.info("a device gave an odd answer: %s", type(error).__name__)
        return _wrong("not_onvif", NOT_ONVIF, NOT_ONVIF_HINT, language)


def _ask(device: Any, language: str, until_mono_s: float) -> DeviceAnswer:
    about = device.get_device_information()
    pictures: list[tuple[int, str]] = []
    for profile in device.get_profiles()[:MOST_PROFILES]:
        if time.monotonic() > until_mono_s:
            break
        url, _username, _password = split_credentials(device.get_stream_uri(profile_token=profile["token"]))
        if url.startswith(("rtsp://", "rtsps://")):
            pictures.append((_pixels(profile), url))
    if not pictures:
        return _wrong("no_stream", NO_STREAM, NOT_ONVIF_HINT, language)
    largest, smallest = max(pictures, key=lambda item: item[0]), min(pictures, key=lambda item: item[0])
    return DeviceAnswer(
        ok=True,
        maker=_said(about.get("Manufacturer", "")),
        model=_said(about.get("Model", "")),
        main_url=largest[1],
        sub_url=smallest[1] if smallest[1] != largest[1] and smallest[0] < largest[0] else "",
    )


def _pixels(profile: dict[str, Any]) -> int:
    """How large a profile's picture is; 0 where it does not say."""
    encoder = profile.get("video_encoder") or {}
    resolution = encoder.get("resolution") or encoder
    try:
        return int(resolution.get("width") or 0) * int(resolution.get("height") or 0)
    except (TypeError, ValueError):
        return 0


def _said(text: str) -> str:
    """What a device says of itself, short and on one line: it is shown, never believed."""
    from urllib.parse import unquote

    return " ".join(unquote(text).replace("_", " ").split())[:80]


def _problem(problem: Problem, language: str) -> DeviceAnswer:
    words = PROBLEM_WORDS[problem]
    return _wrong(str(problem), words.cause, words.hint, language)


def _wrong(code: str, cause: str, hint: str, language: str) -> DeviceAnswer:
    return DeviceAnswer(ok=False, problem=code, sentence=translate(cause, language), hint=translate(hint, language))
