"""Whether a machine tells the time (SNTP, RFC 4330): a camera is not told to follow one that is silent."""

from __future__ import annotations

import socket
from contextlib import suppress

NTP_PORT = 123
WAIT_S = 1.5
_ASKS = bytes([0x23]) + bytes(47)  # version 4, client
_ANSWERS = 4
_NOT_IN_STEP = 3


def tells_time(host: str, port: int = NTP_PORT, wait_s: float = WAIT_S) -> bool:
    """False also for one whose own clock is in step with none. `host`: an address in numbers."""
    with suppress(OSError), socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(wait_s)
        line.connect((host, port))
        line.send(_ASKS)
        return is_time(line.recv(512))
    return False


def is_time(answer: bytes) -> bool:
    if len(answer) < len(_ASKS):
        return False
    leap, mode, stratum = answer[0] >> 6, answer[0] & 7, answer[1]
    return mode == _ANSWERS and leap != _NOT_IN_STEP and 0 < stratum < 16 and any(answer[40:48])


def own_address_towards(host: str) -> str:
    """This machine's address as `host` sees it; empty where there is no way there. Nothing is sent."""
    with suppress(OSError), socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.connect((host, NTP_PORT))
        return str(line.getsockname()[0])
    return ""
