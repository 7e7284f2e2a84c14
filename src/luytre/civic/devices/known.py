"""Which device a camera is: noted the first time, compared each time, and what it says against what it really sends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from luytre.base.i18n import N_, translate
from luytre.civic.access.models import User
from luytre.civic.devices.models import Device, StepCode
from luytre.civic.devices.passwords import settle
from luytre.civic.devices.reaching import access_of
from luytre.civic.devices.steps import done
from luytre.civic.ports import Contradiction, DeviceControl, DeviceFacts, DeviceStream
from luytre.civic.registry.models import Camera

LONG_AGO_YEAR = 2010
CLOCK_RIGHT_S = 2.0

OTHER_CODEC = N_("The camera says that its picture is %(said)s, but what it sends is %(sent)s.")
OTHER_SIZE = N_("The camera says that its picture is %(said)s, but what it sends is %(sent)s.")


@dataclass(frozen=True, slots=True)
class Replaced:
    """Another device than was noted answers: what is different, as (noted, found)."""

    maker: tuple[str, str]
    model: tuple[str, str]
    serial: tuple[str, str]

    @property
    def is_other_model(self) -> bool:
        return self.model[0] != self.model[1] or self.maker[0] != self.maker[1]


@dataclass(frozen=True, slots=True)
class Reading:
    """A device as it was read now. `settled`: as `passwords.settle` says."""

    facts: DeviceFacts
    replaced: Replaced | None
    settled: str


def read(control: DeviceControl, camera: Camera, language: str, now: datetime) -> Reading:
    """Asks the device, settles a password left open, notes which device it is where nobody has. Errors: LuytreError."""
    settled = settle(control, camera, language, now)
    if settled == "new":
        camera.refresh_from_db()
    facts = device_facts(control, camera, language)
    replaced = compare(camera, facts, now) if facts.ok else None
    if facts.ok:
        Device.objects.filter(camera=camera).update(ptz=facts.ptz, read=now)
    return Reading(facts, replaced, settled)


def device_facts(control: DeviceControl, camera: Camera, language: str) -> DeviceFacts:
    """What the device says of itself, and nothing else."""
    return control.facts(access_of(camera, language))


def compare(camera: Camera, facts: DeviceFacts, now: datetime) -> Replaced | None:
    """Notes a device that was never seen; None for the one that was noted."""
    device, _made = Device.objects.get_or_create(camera=camera)
    if device.noted is None:
        _note(device, facts, now)
        return None
    pairs = ((device.maker, facts.maker), (device.model, facts.model), (device.serial, facts.serial))
    if all(noted == found for noted, found in pairs):
        Device.objects.filter(pk=device.pk).exclude(firmware=facts.firmware).update(firmware=facts.firmware)
        return None
    return Replaced(*pairs)


@transaction.atomic
def note_replacement(by: User, camera: Camera, facts: DeviceFacts, now: datetime) -> None:
    """A person says that the other device is right."""
    device, _made = Device.objects.get_or_create(camera=camera)
    before = " ".join((device.maker, device.model, device.serial))
    _note(device, facts, now)
    done(by, camera, StepCode.NOTED, now, before, " ".join((facts.maker, facts.model, facts.serial)))


def _note(device: Device, facts: DeviceFacts, now: datetime) -> None:
    device.maker, device.model, device.serial, device.firmware = facts.maker, facts.model, facts.serial, facts.firmware
    device.noted = now
    device.save(update_fields=["maker", "model", "serial", "firmware", "noted"])


def against(stream: DeviceStream, codec: str, width_px: int, height_px: int, language: str) -> tuple[Contradiction, ...]:
    """What a device says of a stream against what it sends, as a test or the recorder saw it. Empty figures say nothing."""
    found, codec = [], family_of(codec)
    if codec and stream.codec and codec != stream.codec:
        found.append(("codec", OTHER_CODEC, codec_words(stream.codec), codec_words(codec)))
    sizes = (stream.width_px, stream.height_px), (width_px, height_px)
    if all(map(all, sizes)) and sizes[0] != sizes[1]:
        found.append(("size", OTHER_SIZE, f"{stream.width_px}×{stream.height_px}", f"{width_px}×{height_px}"))
    return tuple(
        Contradiction(code, translate(text, language) % {"said": said, "sent": sent}) for code, text, said, sent in found
    )


def family_of(codec: str) -> str:
    """`avc1.42c01f`, as the recorder has it (RFC 6381), is `h264`."""
    return {"avc1": "h264", "avc3": "h264", "hvc1": "h265", "hev1": "h265"}.get(codec.partition(".")[0], codec)


def codec_words(codec: str) -> str:
    return {"h264": "H.264", "h265": "H.265", "jpeg": "MJPEG", "mpeg4": "MPEG-4"}.get(codec, codec)


def clock_is_right(facts: DeviceFacts) -> bool | None:
    """None: the device does not say."""
    return None if facts.clock_offset_s is None else abs(facts.clock_offset_s) <= CLOCK_RIGHT_S


def clock_was_reset(facts: DeviceFacts) -> bool:
    """A clock that begins in 1970 or 2000 again: the device has lost power, and no battery keeps its time."""
    return facts.clock is not None and facts.clock.year < LONG_AGO_YEAR
