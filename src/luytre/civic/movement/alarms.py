"""What opens cameras that are lent on alarm: alarms that are going on, incidents that are being handled, or an officer's press.

`tick` is asked each time the recorder asks for its list, every ten seconds, so no job has to run: what opened or ended since is
written as a row of the chain (`registry.terms.LendingOpening`) before the list is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate

from luytre.base.i18n import N_
from luytre.civic.access.models import User
from luytre.civic.incidents.models import Incident, State
from luytre.civic.movement.models import MovementStep, StepCode
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.lending import close_for, eye_place, open_for, openings
from luytre.civic.registry.models import Eye
from luytre.civic.registry.register import Tier
from luytre.civic.registry.terms import terms_of
from luytre.civic.signals.models import Sounding

LONGEST = timedelta(hours=24)
"""So long one matter keeps a home's camera open at most; an incident that is handled for weeks is no alarm any longer."""
_BY_ITSELF = ("i:", "a:")


@dataclass(frozen=True, slots=True)
class Matter:
    key: str
    place: str
    reference: str
    until: datetime


def matters(at: datetime) -> list[Matter]:
    """What should be open now: incidents and real alarms of a known place (an alarm also of the whole commune), not over, and no
    older than `LONGEST`."""
    since = at - LONGEST
    cases = Incident.objects.filter(opened__gt=since, opened__lte=at, hamlet__isnull=False).exclude(state=State.CLOSED)
    found = [
        Matter(f"i:{one.key}", place_key(one.hamlet), one.sign, one.opened + LONGEST)
        for one in cases.select_related("hamlet") if one.hamlet is not None
    ]  # fmt: skip
    alarms = Sounding.objects.filter(sounded__gt=since, sounded__lte=at, ended=None, drill=False).select_related("hamlet")
    for one in alarms:
        if one.everywhere or one.hamlet is not None:
            place = "" if one.hamlet is None else place_key(one.hamlet)
            found.append(Matter(f"a:{one.key}", place, one.number_sign, one.sounded + LONGEST))
    return found


def tick(at: datetime) -> None:
    """Opens what began and closes what is over. Doing it twice harms nothing. Errors: django.db.Error."""
    wanted = {one.key: one for one in matters(at)}
    present = {one.matter: one.place for one in openings(at) if one.matter.startswith(_BY_ITSELF)}
    for key in present.keys() - wanted.keys():
        close_for(None, key, at)
    for key, one in wanted.items():
        if present.get(key) != one.place:
            open_for(None, key, one.place, one.reference, one.until, at)


def _by_hand(eye: Eye) -> str:
    return f"p:{eye.key}"


@transaction.atomic
def open_by_hand(by: User, eye: Eye, number: str, at: datetime) -> None:
    """For an incident that is handled elsewhere and needs this camera. Errors: ValidationError by field (incident)."""
    terms = terms_of(eye.key)
    if terms is None or terms.is_over(localdate(at)) or terms.tier != Tier.ON_ALARM:
        raise ValidationError(N_("This camera is not lent on alarm."))
    written = number.strip().partition("/")
    digits = [part.strip() for part in (written[0], written[2])]
    known = all(part.isascii() and part.isdecimal() and len(part) < 9 for part in digits)
    found = Incident.objects.filter(number=int(digits[0]), year=int(digits[1])).first() if known else None
    if found is None or found.state == State.CLOSED:
        raise ValidationError({"incident": N_("No incident that is being handled has this number; write it like 12/2026.")})
    open_for(by, _by_hand(eye), eye_place(eye.key), found.sign, at + LONGEST, at)
    MovementStep.objects.create(at=at, by=by, thing=eye.key, code=StepCode.OPENED, note=found.sign)


@transaction.atomic
def shut_by_hand(by: User, eye: Eye, at: datetime) -> None:
    if any(one.matter == _by_hand(eye) for one in openings(at)):
        close_for(by, _by_hand(eye), at)
        MovementStep.objects.create(at=at, by=by, thing=eye.key, code=StepCode.SHUT)


def is_open_by_hand(eye: Eye, at: datetime) -> bool:
    return any(one.matter == _by_hand(eye) for one in openings(at))
