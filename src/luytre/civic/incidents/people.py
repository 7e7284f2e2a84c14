"""People concerned by an incident: sealed, shown by a press that is written down, erased when they are needed no longer.

Steps say that somebody was written down, looked at or taken out, and in which part; never who.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.incidents.models import Concerned, Incident, Part, State, StepCode
from luytre.civic.incidents.steps import write_step
from luytre.civic.registry.seal import seal, unseal

KEPT_DAYS = 365
"""After the incident was closed. No law names a number; a case file of the police keeps what it needs elsewhere."""
MOST = 40
LONGEST = {"name": 120, "phone": 30, "address": 200, "remark": 400}


@dataclass(frozen=True, slots=True)
class Who:
    """What is known about a person. Only the name is needed; "unknown man in a red shirt" is one."""

    name: str
    phone: str = ""
    address: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A person, unsealed for a page."""

    concerned: Concerned
    who: Who


def add(by: User, incident: Incident, part: str, who: Who, at: datetime) -> Concerned:
    """Errors: ValidationError by field."""
    said = Who(**{name: one_line(words) for name, words in asdict(who).items()})
    faults = {name: N_("This is too long.") for name, words in asdict(said).items() if len(words) > LONGEST[name]}
    if part not in Part.values:
        faults["part"] = N_("Choose what the person has to do with it.")
    if not said.name:
        faults["name"] = N_("Write a name, or what is known: unknown man in a red shirt.")
    if incident.state == State.CLOSED:
        faults["name"] = N_("The incident is closed: open it again first.")
    if not faults and incident.people.count() >= MOST:
        faults["name"] = N_("40 people at most.")
    if faults:
        raise ValidationError(faults)
    sealed = seal(json.dumps(asdict(said), ensure_ascii=False))
    with transaction.atomic():
        made = Concerned.objects.create(incident=incident, part=part, sealed=sealed, added=at, added_by=by)
        write_step(incident, by, StepCode.PERSON, at, thing=part)
    return made


def show(by: User, incident: Incident, at: datetime) -> list[Shown]:
    """All of them in clear; written down before anything is unsealed. Errors: LuytreError when the key is another."""
    write_step(incident, by, StepCode.SHOWN, at)
    return [Shown(one, Who(**json.loads(unseal(one.sealed)))) for one in incident.people.all()]


def strike(by: User, incident: Incident, key: str, why: str, at: datetime) -> None:
    """Written down in error, or the person's right: gone at once. Errors: ValidationError."""
    if not one_line(why):
        raise ValidationError({"strike_note": N_("Say why.")})
    with transaction.atomic():
        found = Concerned.objects.select_for_update().filter(incident=incident, key=key).first()
        if found is None:
            raise ValidationError({"strike_note": N_("This person is not written down any more.")})
        part = found.part
        found.delete()
        write_step(incident, by, StepCode.STRUCK, at, thing=part, note=why)


def forget_old(now: datetime) -> int:
    """Erases the people of incidents closed `KEPT_DAYS` ago; how many incidents. Errors: django.db.Error."""
    due = Incident.objects.filter(closed__lte=now - timedelta(days=KEPT_DAYS), people__isnull=False).distinct()
    for incident in due:
        with transaction.atomic():
            incident.people.all().delete()
            write_step(incident, None, StepCode.FORGOTTEN, now)
    return len(due)
