"""Staff's devices: added, removed, rung. Who is called for what is told by `web.ringing`; here is how often a telephone rings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from luytre.base.errors import LuytreError
from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.assignments import kept_roles
from luytre.civic.access.models import User
from luytre.civic.dispatch.addresses import BadAddress, digest_of, read_push
from luytre.civic.dispatch.channels import Channel, End, Letter
from luytre.civic.dispatch.models import Device, Ring
from luytre.civic.registry.seal import seal, unseal

MOST_DEVICES = 10
MOST_TIMES = 5
APART = timedelta(minutes=1)
RINGS_S = 300
"""A call that a push service could not bring within this is not brought later."""


@dataclass(frozen=True, slots=True)
class Call:
    """What rings. `what` is the same as long as it is the same call."""

    what: str
    letter: Letter


@dataclass(frozen=True, slots=True)
class Browser:
    """As the page sends it. `session`: what marks the session that asks."""

    address: str
    name: str
    session: str


def add_device(user: User, browser: Browser, key: bytes, at: datetime) -> Device:
    """Added again, it is the same one under its new name. A browser rings for who added it last.

    Errors: ValidationError.
    """
    try:
        address = read_push(browser.address)
    except BadAddress as error:
        raise ValidationError(
            N_("This browser gave an address that cannot be used. Load the page anew and try again.")
        ) from error
    digest = digest_of(key, "device", address)
    with transaction.atomic():
        others = Device.objects.select_for_update().filter(user=user).exclude(address_digest=digest)
        if len(others) >= MOST_DEVICES:
            raise ValidationError(N_("Ten devices ring already: remove one first."))
        Device.objects.filter(address_digest=digest).exclude(user=user).delete()
        fields = {
            "user": user, "name": one_line(browser.name)[:60] or "?", "sealed_address": seal(address), "added": at,
            "session_digest": digest_of(key, "session", browser.session),
        }  # fmt: skip
        made, _new = Device.objects.update_or_create(address_digest=digest, defaults=fields)
    return made


def forget_session(key: bytes, session: str) -> None:
    """Logged out there: nothing rings there any more."""
    Device.objects.filter(session_digest=digest_of(key, "session", session)).delete()


def devices_by_user(at: datetime) -> dict[User, list[Device]]:
    """Those of people who may still do something; those of others are removed."""
    found: dict[User, list[Device]] = {}
    for one in Device.objects.select_related("user").prefetch_related("user__assignments"):
        if one.user.is_active and kept_roles(one.user, at):
            found.setdefault(one.user, []).append(one)
        else:
            one.delete()
    return found


def ring(calls_of: Callable[[User], Sequence[Call]], channel: Channel, at: datetime) -> int:
    """One round over all devices; returns how many rang. Errors: django.db.Error."""
    rang = 0
    for user, devices in devices_by_user(at).items():
        calls = calls_of(user)
        for device in devices:
            device.rings.exclude(what__in=[one.what for one in calls]).delete()
            rang += sum(_ring_one(device, call, channel, at) for call in calls)
    return rang


def _ring_one(device: Device, call: Call, channel: Channel, at: datetime) -> bool:
    """Written down before it is sent, so that a restart rings no more often."""
    with transaction.atomic():
        row, new = Ring.objects.select_for_update().get_or_create(device=device, what=call.what, defaults={"last": at})
        if not new and (row.times >= MOST_TIMES or row.last + APART > at):
            return False
        row.times, row.last = row.times + 1, at
        row.save()
    return _send(device, call.letter, channel)


def _send(device: Device, letter: Letter, channel: Channel) -> bool:
    try:
        outcome = channel.send(unseal(device.sealed_address), letter)
    except LuytreError:
        return False
    if outcome.end is End.GONE:
        Device.objects.filter(pk=device.pk).delete()
    return outcome.end is End.SENT


def send_mornings(letter_of: Callable[[User], Letter], channel: Channel, today: date, at: datetime) -> int:
    """The morning's summary, once a day, to the devices that wish it; returns how many it reached."""
    sent = 0
    for user, devices in devices_by_user(at).items():
        for device in devices:
            due = Device.objects.filter(pk=device.pk, morning=True).exclude(morning_day=today)
            if device.morning and due.update(morning_day=today):
                sent += _send(device, letter_of(user), channel)
    return sent
