"""What is known of devices that turn: their services and the profile, so that an arrow is one question and not four."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from luytre.base.i18n import N_
from luytre.bridge.onvif.asking import Known, Refusal
from luytre.bridge.onvif.facts import picture_of, profiles_of, source_of
from luytre.civic.ports import DeviceAccess

if TYPE_CHECKING:
    from onveef import OnvifClient

KNOWN_S = 600.0
MOST_PROFILES = 96
MOST_KNOWN = 256
NO_PTZ = N_("this camera cannot be turned from here")
NO_PTZ_HINT = N_("If it has a motor, switch PTZ on in its ONVIF settings.")


@dataclass(slots=True)
class _Kept:
    known: Known
    profile: str
    until_mono_s: float


@dataclass(frozen=True, slots=True)
class Turning:
    """By address, user and picture; forgotten after `KNOWN_S`, and at once when a device refuses."""

    _kept: dict[tuple[str, str, str], _Kept] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def known(self, at: DeviceAccess) -> Known | None:
        with self._lock:
            found = self._kept.get((at.address, at.username, at.picture))
            return found.known if found is not None and found.until_mono_s > time.monotonic() else None

    def profile(self, at: DeviceAccess, device: OnvifClient) -> str:
        """Errors: Refusal `no_ptz`; those of onveef."""
        with self._lock:
            found = self._kept.get((at.address, at.username, at.picture))
        if found is not None and found.until_mono_s > time.monotonic():
            return found.profile
        _service, profiles = profiles_of(device.connect(), MOST_PROFILES)
        token = _turning_profile(device, profiles, at.picture)
        if not token or not device.endpoint.has("ptz"):
            raise Refusal("no_ptz", NO_PTZ, NO_PTZ_HINT)
        with self._lock:
            if len(self._kept) >= MOST_KNOWN:
                self._kept.clear()
            self._kept[at.address, at.username, at.picture] = _Kept(
                Known(device.endpoint, device._clock_offset_s), token, time.monotonic() + KNOWN_S
            )
        return token

    def forget(self, at: DeviceAccess) -> None:
        with self._lock:
            self._kept.pop((at.address, at.username, at.picture), None)


def _turning_profile(device: OnvifClient, profiles: Sequence[dict[str, Any]], picture: str) -> str:
    """The token of the first profile with a motor; where the device has several sources, of the one that this picture is of:
    another channel's camera is never turned. Empty: none."""
    turning = [one for one in profiles if one.get("ptz")]
    if len({source_of(one) for one in profiles}) > 1:
        own = next((source_of(one) for one in profiles if picture and picture_of(device, one) == picture), None)
        turning = [one for one in turning if source_of(one) == own]
    return next((str(one.get("token") or "") for one in turning), "")
