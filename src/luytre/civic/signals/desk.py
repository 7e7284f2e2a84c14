"""Sounding an alarm, writing beside it, making it an incident, ending it. Each is one transaction with its step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from luytre.base.i18n import N_, translate
from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.coordination.force import in_force_now
from luytre.civic.coordination.rules import Signal
from luytre.civic.incidents import desk as incidents
from luytre.civic.incidents.models import Incident
from luytre.civic.registry.models import Hamlet
from luytre.civic.signals.calling import call_all
from luytre.civic.signals.kinds import End, Means, StepCode
from luytre.civic.signals.meaning import parted
from luytre.civic.signals.models import MOST_CAME, MOST_NOTE, MOST_PLACE, Sounding
from luytre.civic.signals.scope import may_sound
from luytre.civic.signals.steps import write_step

BACK = timedelta(hours=12)
"""So far back an alarm may be written down afterwards."""
AHEAD = timedelta(minutes=10)
"""Clocks of telephones that run ahead."""
OF_INCIDENT = N_("alarm {number} sounded: {sign}")
AS_INCIDENT = N_("Alarm {number}: {sign}: {meaning}")


@dataclass(frozen=True, slots=True)
class SoundingDraft:
    """What is typed. `signal` None: none in force was chosen; `hamlet` None: for the whole commune; `sounded` None: now."""

    once: str
    signal: Signal | None
    means: str
    drill: bool
    hamlet: Hamlet | None
    place: str = ""
    position: tuple[Decimal, Decimal] | None = None
    sounded: datetime | None = None
    incident: Incident | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """How it ended, in words, and how many people came (None: nobody counted)."""

    end: str
    words: str
    came: int | None = None


def sound(by: User, draft: SoundingDraft, at: datetime) -> Sounding:
    """Who is called is written down with it. Sent twice it is the one that is there. Errors: ValidationError by field."""
    if (there := Sounding.objects.filter(once=draft.once, by=by).first()) is not None:
        return there
    found = in_force_now(at)
    signal = _checked(by, draft, found.matrix.signals, at)
    latitude, longitude = draft.position or (None, None)
    made = Sounding(
        once=draft.once, sign=signal.sign, meaning=signal.meaning, matrix=found.version.number if found.version else 0,
        means=draft.means, drill=draft.drill, everywhere=draft.hamlet is None, hamlet=draft.hamlet,
        hamlet_name=draft.hamlet.name if draft.hamlet else "", place=one_line(draft.place), latitude=latitude,
        longitude=longitude, sounded=min(draft.sounded or at, at), written=at, by=by, incident=draft.incident,
    )  # fmt: skip
    try:
        _keep(made, at)
    except IntegrityError:  # the same page was sent twice at the same moment
        if (there := Sounding.objects.filter(once=draft.once, by=by).first()) is None:
            raise
        return there
    return made


@transaction.atomic
def _keep(made: Sounding, at: datetime) -> None:
    made.save_with_next_number(at, lambda: Sounding.objects.filter(once=made.once).exists())
    call_all(made, at)
    if made.incident is not None:
        said = translate(OF_INCIDENT, "vi").format(number=made.number_sign, sign=made.sign)
        incidents.note(made.by, made.incident, said, at)
    code = StepCode.DRILL if made.drill else StepCode.SOUNDED
    write_step(
        made, made.by, code, at, made.sounded, thing=made.means, note=made.sign, figure=made.matrix, hamlet=made.hamlet
    )  # fmt: skip


def _checked(by: User, draft: SoundingDraft, known: tuple[Signal, ...], at: datetime) -> Signal:
    faults: dict[str, str] = {}
    if draft.signal is None or draft.signal not in known:
        faults["signal"] = N_("Choose a signal of the regulation in force.")
    if draft.means not in Means.values:
        faults["means"] = N_("Choose by which means.")
    if not may_sound(by, draft.hamlet, at):
        faults["hamlet"] = N_("Choose your own hamlet: for others the police sound the alarm.")
    if len(one_line(draft.place)) > MOST_PLACE:
        faults["place"] = N_("200 letters at most.")
    if draft.sounded is not None and not at - BACK <= draft.sounded <= at + AHEAD:
        faults["sounded"] = N_("A moment of the last twelve hours, not one to come.")
    if draft.drill and draft.incident is not None:
        faults["drill"] = N_("A drill belongs to no incident.")
    if Sounding.objects.filter(once=draft.once).exists():
        faults["once"] = N_("Open the page once more: somebody sent this one already.")
    if faults or draft.signal is None:
        raise ValidationError(faults)
    return draft.signal


def note(by: User, sounding: Sounding, words: str, at: datetime) -> None:
    """Errors: ValidationError."""
    if not one_line(words):
        raise ValidationError({"note": N_("Write something.")})
    write_step(sounding, by, StepCode.NOTED, at, note=words)


def make_incident(by: User, sounding: Sounding, kind: str, at: datetime) -> Incident:
    """An incident of what it was sounded for: who answers such a kind is called. The caller has seen to it that `by` is police.

    Errors: ValidationError for a drill, a false alarm, one that has its incident, or an unknown kind.
    """
    with transaction.atomic():
        found = Sounding.objects.select_for_update(of=("self",)).select_related("hamlet").get(pk=sounding.pk)
        if found.drill:
            raise ValidationError(N_("A drill never becomes an incident."))
        if found.incident_id is not None:
            raise ValidationError(N_("It has its incident already."))
        if found.end == End.FALSE:
            raise ValidationError(N_("It was a false alarm."))
        made = incidents.open_incident(by, _incident(found, kind), at)
        found.incident = made
        found.save(update_fields=["incident"])
        write_step(found, by, StepCode.INCIDENT, at, thing=made.key)
    return made


def _incident(found: Sounding, kind: str) -> incidents.IncidentDraft:
    words = translate(AS_INCIDENT, "vi").format(number=found.number_sign, sign=found.sign, meaning=found.meaning)
    title = parted(found.meaning)[0][:160]
    position = None
    if found.latitude is not None and found.longitude is not None:
        position = (found.latitude, found.longitude)
    return incidents.IncidentDraft(kind, title, found.sounded, words, found.hamlet, found.place, position)


def end(by: User, sounding: Sounding, ending: Ending, at: datetime) -> None:
    """Errors: ValidationError by field (end, words, came), or where somebody ended it before."""
    words, faults = one_line(ending.words), dict[str, str]()
    if ending.end not in End.values:
        faults["end"] = N_("Choose how it ended.")
    if not words:
        faults["words"] = N_("Say in a few words what came of it.")
    elif len(words) > MOST_NOTE:
        faults["words"] = N_("400 letters at most.")
    if ending.came is not None and not 0 <= ending.came <= MOST_CAME:
        faults["came"] = N_("A number of people, like 25.")
    if faults:
        raise ValidationError(faults)
    with transaction.atomic():
        found = Sounding.objects.select_for_update().get(pk=sounding.pk)
        if found.ended is not None:
            raise ValidationError(N_("Somebody was faster: look at where it stands now."))
        found.ended, found.end, found.outcome, found.came = at, ending.end, words, ending.came
        found.save()
        write_step(found, by, StepCode.ENDED, at, thing=ending.end, note=words, figure=ending.came)
