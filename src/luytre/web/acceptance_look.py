"""A device looked at for its acceptance: asked by ONVIF, compared with what it sends, judged by what was typed for its login."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from luytre.civic.acceptance.facts import Check, DeviceFacts
from luytre.civic.devices.known import against, clock_is_right, read
from luytre.civic.devices.passwords import weak_words
from luytre.civic.devices.reaching import exposure_of
from luytre.civic.ports import DeviceFacts as Told
from luytre.civic.ports import RecorderDown, StreamState
from luytre.civic.registry.models import Camera
from luytre.web.ports import Ports


@dataclass(frozen=True, slots=True)
class Looked:
    """`trouble`: why the device did not answer, in words; empty where it did."""

    facts: DeviceFacts
    trouble: str = ""


def look_at_device(camera: Camera, by: Ports, language: str, now: datetime) -> Looked:
    """Errors: LuytreError where its password cannot be unsealed."""
    told = read(by.devices, camera, language, now).facts
    checks = (
        (Check.ADDRESS.value, _yes(exposure_of(camera.main_url_shown) is None)),
        (Check.PASSWORD.value, _yes(not weak_words(camera.password, told.maker, camera.username))),
        (Check.CLOCK.value, _yes(clock_is_right(told))),
        (Check.NTP.value, _yes(told.ntp)),
        (Check.STREAM.value, _yes(_is_honest(told, _sent(camera, by, language), language))),
    )
    facts = DeviceFacts(told.ok, told.maker, told.model, told.firmware, told.serial, told.clock_offset_s, checks)
    return Looked(facts, "" if told.ok else told.sentence)


def _yes(found: bool | None) -> str:
    return "unknown" if found is None else "yes" if found else "no"


def _sent(camera: Camera, by: Ports, language: str) -> StreamState | None:
    try:
        streams = by.recorder.status(language).streams
    except RecorderDown:
        return None
    return next((one for one in streams if one.camera == camera.key and one.stream == "main" and one.width_px), None)


def _is_honest(told: Told, sent: StreamState | None, language: str) -> bool | None:
    """None: one of them says nothing."""
    if not told.ok or sent is None:
        return None
    if told.contradictions:
        return False
    if not told.streams:
        return None
    codec = "h264" if sent.codec.startswith("avc") else "h265" if sent.codec.startswith(("hvc", "hev")) else ""
    main = max(told.streams, key=lambda one: one.width_px * one.height_px)
    return not against(main, codec, sent.width_px, sent.height_px, language)
