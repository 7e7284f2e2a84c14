"""One device asked, within bounds: which addresses may be, for how long, and what its silence or oddity is called."""

from __future__ import annotations

import ipaddress
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote, urlsplit

from luytre.base.errors import PROBLEM_WORDS, Problem
from luytre.base.i18n import N_
from luytre.civic.ports import DeviceAccess

if TYPE_CHECKING:
    from onveef import OnvifClient

log = logging.getLogger(__name__)

READ_S = 15.0
CALL_S = 4.0
MOST_AT_ONCE = 4
MOST_LISTENING = 8
MOST_ANSWER_BYTES = 1024 * 1024

NOT_PRIVATE = N_("only cameras on the local network can be asked")
NOT_PRIVATE_HINT = N_("Type an address like 192.168.1.64.")
NOT_ONVIF = N_("the device does not answer as an ONVIF camera does")
NOT_ONVIF_HINT = N_("Switch ONVIF on in the camera's settings, or type the picture's address by hand.")
NOT_SUPPORTED = N_("the camera cannot do this by ONVIF")
NOT_SUPPORTED_HINT = N_("Do it on the camera's own web page, or in its maker's program.")
REFUSED_HINT = N_("Log in as the camera's administrator, or do it on the camera's own web page.")
REFUSED = N_("the camera refused this")
BUSY = N_("other cameras are being asked at the moment")
BUSY_HINT = N_("Wait a few seconds and try again.")

T = TypeVar("T")
_running = threading.BoundedSemaphore(MOST_AT_ONCE)
LISTENING = threading.BoundedSemaphore(MOST_LISTENING)
"""Places of their own: who listens for minutes takes none from those who ask for a moment."""


class Refusal(Exception):
    """A question that got no answer that is of use. `cause` and `hint` are message ids."""

    def __init__(self, problem: str, cause: str, hint: str) -> None:
        super().__init__(problem)
        self.problem, self.cause, self.hint = problem, cause, hint

    @classmethod
    def of(cls, problem: Problem) -> Refusal:
        words = PROBLEM_WORDS[problem]
        return cls(str(problem), words.cause, words.hint)


@dataclass(slots=True)
class _Line:
    """The connection of one question, so that whoever waits can cut it."""

    device: OnvifClient | None = None
    is_cut: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def opened(self, device: OnvifClient) -> None:
        with self.lock:
            self.device = device
            if self.is_cut:
                device.close()

    def cut(self) -> None:
        with self.lock:
            self.is_cut = True
            if self.device is not None:
                with suppress(OSError, RuntimeError):  # its own thread may be opening a connection at this very moment
                    self.device.close()


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


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a device already: its services (onveef's endpoint), and its clock less ours in seconds."""

    endpoint: Any
    clock_offset_s: float


def ask(
    at: DeviceAccess, within_s: float, work: Callable[[OnvifClient], T], known: Known | None = None,
    places: threading.BoundedSemaphore | None = None,
) -> T:  # fmt: skip
    """What `work` makes of the device's answers. `places`: how many may at once; none: those of all short questions.
    Errors: Refusal."""
    if not host_if_private(at.address):
        raise Refusal("not_private", NOT_PRIVATE, NOT_PRIVATE_HINT)
    line = _Line()
    return _in_time(lambda: _talk(at, work, known, line), within_s, line, places or _running)


def _in_time(talk: Callable[[], T], within_s: float, line: _Line, places: threading.BoundedSemaphore) -> T:
    if not places.acquire(blocking=False):
        raise Refusal("busy", BUSY, BUSY_HINT)
    answer: Future[T] = Future()

    def work() -> None:
        try:
            answer.set_result(talk())
        except BaseException as error:  # noqa: BLE001 - the thread's edge: handed to whoever waits
            answer.set_exception(error)
        finally:
            places.release()

    threading.Thread(target=work, daemon=True, name="onvif").start()
    try:
        return answer.result(within_s)
    except TimeoutError:
        line.cut()
        raise Refusal.of(Problem.TIMEOUT) from None


def _talk(at: DeviceAccess, work: Callable[[OnvifClient], T], known: Known | None, line: _Line) -> T:
    import httpx
    from onveef import OnvifClient
    from onveef.exceptions import (
        OnvifAuthError,
        OnvifError,
        OnvifFaultError,
        OnvifOperationNotSupportedError,
        OnvifTimeoutError,
        OnvifTransportError,
    )

    options: dict[str, Any] = {"timeout_s": CALL_S, "verify_tls": False, "retries": 0, "max_response_bytes": MOST_ANSWER_BYTES}
    if known is not None:
        options["endpoint"] = known.endpoint
    try:
        with OnvifClient(at.address, 80, at.username, at.password, **options) as device:
            line.opened(device)
            _keep_its_time(device, known)
            return work(device)
    except OnvifAuthError:
        raise Refusal.of(Problem.WRONG_PASSWORD if at.username else Problem.PASSWORD_NEEDED) from None
    except OnvifTimeoutError:
        raise Refusal.of(Problem.TIMEOUT) from None
    except OnvifTransportError as error:
        if isinstance(error.__cause__, httpx.ConnectError):
            raise Refusal.of(Problem.UNREACHABLE) from None
        raise Refusal("not_onvif", NOT_ONVIF, NOT_ONVIF_HINT) from None
    except OnvifOperationNotSupportedError:
        raise Refusal("not_supported", NOT_SUPPORTED, NOT_SUPPORTED_HINT) from None
    except OnvifFaultError:
        raise Refusal("refused", REFUSED, REFUSED_HINT) from None
    except (
        OnvifError,
        httpx.HTTPError,
        httpx.InvalidURL,
        ValueError,
        LookupError,
        AttributeError,
        TypeError,
        RuntimeError,
        OverflowError,
    ) as error:
        log.info("a device gave an odd answer: %s", type(error).__name__)
        raise Refusal("not_onvif", NOT_ONVIF, NOT_ONVIF_HINT) from None


def _keep_its_time(device: OnvifClient, known: Known | None) -> None:
    """Logins carry the time, and one that is wrong by the device's own clock is a failed login: after a few of them cameras lock
    themselves. onveef asks for the device's time only once a login failed; we ask before the first. Without a login."""
    from onveef import envelopes, parsers
    from onveef.exceptions import OnvifAuthError, OnvifFaultError, OnvifOperationNotSupportedError

    if not device.credentials.configured:
        return
    if known is None:
        try:
            asked = envelopes.device_get_system_date_time()
            told = device.call(service="device", operation="GetSystemDateAndTime", body_inner=asked, require_auth=False)
        except (OnvifAuthError, OnvifFaultError, OnvifOperationNotSupportedError):
            return
        at = moment_of(parsers.parse_system_datetime(told).get("UTCDateTime"))
        if at is None:
            return
        device._clock_offset_s = (at - datetime.now(UTC)).total_seconds()
    else:
        device._clock_offset_s = known.clock_offset_s
    device._clock_synced = True


def moment_of(told: object) -> datetime | None:
    """UTC; None for what is no moment (a month of 0, a year of 99999)."""
    if not isinstance(told, dict):
        return None
    try:
        year, month, day = int(told["year"]), int(told["month"]), int(told["day"])
        return datetime(year, month, day, int(told["hour"]), int(told["minute"]), min(59, int(told["second"])), tzinfo=UTC)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def until(within_s: float) -> float:
    """The moment, on the monotonic clock, until which a question may go on."""
    return time.monotonic() + within_s


def said(text: object) -> str:
    """What a device says of itself, short and on one line: it is shown, never believed. `%20` and `_` are spaces (scopes)."""
    return " ".join(unquote(text).replace("_", " ").split())[:80] if isinstance(text, str) else ""


def number(value: object) -> int:
    """A whole number from 0 on that a device told; 0 for anything else."""
    try:
        found = int(value)  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError):
        return 0
    return found if 0 <= found < 1 << 31 else 0
