"""Cameras on the network: WS-Discovery for who is there, the media service for the addresses of pictures."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from luytre.base.i18n import N_, translate
from luytre.bridge.onvif.asking import NOT_ONVIF, NOT_ONVIF_HINT, READ_S, Refusal, ask, host_if_private, number, said, until
from luytre.bridge.onvif.facts import picture_of, profiles_of, source_of
from luytre.bridge.onvif.interfaces import own_addresses
from luytre.civic.ports import DeviceAccess, DeviceAnswer, DeviceChannel, FoundDevice

if TYPE_CHECKING:
    from onveef import OnvifClient

log = logging.getLogger(__name__)

FIND_S = 4.0
MOST_DEVICES = 256
SPARE_S = 2.0
"""Of the time, kept for what is asked already: a recorder that is slow tells some of its channels, and not none."""
MOST_PROFILES = 96
"""Of a recorder with 32 channels in three sizes; as many as answer in time."""
_BEGINS_A_SCOPE = re.compile(r"[a-z][a-z0-9+.-]*:(//|[a-z])", re.IGNORECASE)

NO_STREAM = N_("the device names no picture that can be recorded")


@dataclass(frozen=True, slots=True)
class OnvifFinder:
    """CameraFinder over onveef. `interfaces` are own addresses to ask from; none: all that this machine has on local networks."""

    interfaces: Sequence[str] = ()
    find_s: float = FIND_S
    read_s: float = READ_S

    def find(self) -> tuple[FoundDevice, ...]:
        from onveef.wsdiscovery import discover_async  # brings httpx along: only where it is used

        asked = list(self.interfaces or own_addresses()) or None
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
                name, hardware = (scope_value(device.scopes, kind) for kind in ("name", "hardware"))
                found.setdefault(urlsplit(address).netloc, FoundDevice(address, host, name, hardware))
        return tuple(sorted(found.values(), key=_place))

    def read(self, address: str, username: str, password: str, language: str) -> DeviceAnswer:
        limit = until(self.read_s)
        try:
            return ask(DeviceAccess(address, username, password, language), self.read_s, lambda device: _read(device, limit))
        except Refusal as refusal:
            return DeviceAnswer(
                ok=False,
                problem=refusal.problem if refusal.problem not in ("refused", "not_supported") else "not_onvif",
                sentence=translate(refusal.cause, language),
                hint=translate(refusal.hint, language),
            )


def scope_value(divided: Sequence[str], kind: str) -> str:
    """What a device's scopes say of its `name`, `hardware` or `location`. They come divided at spaces; some cameras leave the
    spaces of a name as they are, and then its rest belongs to what stands before it."""
    whole: list[str] = []
    for part in divided:
        if whole and not _BEGINS_A_SCOPE.match(part):
            whole[-1] += f" {part}"
        else:
            whole.append(part)
    return next((said(one.partition(f"/{kind}/")[2].strip("/")) for one in whole if f"/{kind}/" in one), "")


def _place(found: FoundDevice) -> tuple[int, bytes, int]:
    host = ipaddress.ip_address(found.host)
    return host.version, host.packed, urlsplit(found.address).port or 80


def _read(device: OnvifClient, until_mono_s: float) -> DeviceAnswer:
    about = device.get_device_information()
    sources: dict[str, list[dict[str, Any]]] = {}
    for profile in profiles_of(device.connect(), MOST_PROFILES)[1]:
        sources.setdefault(source_of(profile), []).append(profile)
    channels: list[DeviceChannel] = []
    is_whole = True
    for profiles in sources.values():
        if time.monotonic() > until_mono_s - SPARE_S and channels:
            is_whole = False
            break
        if channel := _channel(device, profiles):
            channels.append(channel)
    if not channels:
        raise Refusal("no_stream", NO_STREAM if about else NOT_ONVIF, NOT_ONVIF_HINT)
    return DeviceAnswer(
        ok=True,
        maker=said(about.get("Manufacturer", "")),
        model=said(about.get("Model", "")),
        main_url=channels[0].main_url,
        sub_url=channels[0].sub_url,
        channels=tuple(channels) if len(channels) > 1 or not is_whole else (),
        is_whole=is_whole,
    )


def _channel(device: OnvifClient, profiles: Sequence[dict[str, Any]]) -> DeviceChannel | None:
    """The largest picture and the smallest: a recorder with many channels is asked for two addresses each."""
    largest = sorted(profiles, key=_pixels, reverse=True)
    main = next(((one, url) for one in largest if (url := picture_of(device, one))), None)
    if main is None:
        return None
    smaller = [one for one in sorted(profiles, key=_pixels) if _pixels(one) < _pixels(main[0])]
    return DeviceChannel(main[1], next((url for one in smaller if (url := picture_of(device, one)) not in ("", main[1])), ""))


def _pixels(profile: dict[str, Any]) -> int:
    """How large a profile's picture is; 0 where it does not say."""
    encoder = profile.get("video_encoder") or {}
    return number(encoder.get("width")) * number(encoder.get("height"))
