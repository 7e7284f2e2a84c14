"""Asking: which listed cameras could have seen an incident, and a request to the owner of each that was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import shapely
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from luytre.base.i18n import N_
from luytre.civic.access.models import LookKind, User
from luytre.civic.appeals.models import MOST_WHY, Appeal, AppealSpan, StepCode
from luytre.civic.appeals.steps import write_step
from luytre.civic.geometry.optics import Level, Levels
from luytre.civic.incidents.models import Incident, State
from luytre.civic.planning.today import eye_view, fields_now, land
from luytre.civic.registry.lending import lending
from luytre.civic.registry.models import Eye
from luytre.civic.tips.near import metres
from luytre.civic.tips.taking import plain

NEAR_M = 500.0
MOST_OFFERED = 40
MOST_ASKED = 20
MOST_SPANS = 6
LONGEST = timedelta(hours=6)
OLDEST = timedelta(days=90)
LATEST_ANSWER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Listed:
    """A camera that is only listed. `metres`: from the place, None where one of the two is not known; `sees`: its drawn field
    has the place in view."""

    eye: Eye
    metres: float | None
    sees: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for, of several cameras at once. Spans: beginning and end, UTC."""

    eyes: tuple[Eye, ...]
    spans: tuple[tuple[datetime, datetime], ...]
    why: str
    answer_by: datetime


def listed_near(incident: Incident, at: datetime) -> list[Listed]:
    """Those that have the place in view first, then the nearest; without a place those of the hamlet, else all. A camera that was
    connected and whose owner does not lend it (any longer, or on request alone) is asked for as a listed one."""
    not_lent = Q(camera=None) | Q(camera__key__in=lending(at).closed_to(LookKind.HISTORY))
    eyes = Eye.objects.filter(not_lent, archived=False).select_related("site__hamlet")
    if incident.latitude is None or incident.longitude is None:
        here = eyes.filter(site__hamlet=incident.hamlet) if incident.hamlet_id else eyes
        return [Listed(one, None, sees=False) for one in here[:MOST_OFFERED]]
    place = (incident.latitude, incident.longitude)
    away = {one.key: found for one in eyes if (found := _away(one, place)) is not None}
    seeing = _seeing([one for one in eyes if one.key in away], place)
    offered = [Listed(one, away[one.key], one.key in seeing) for one in eyes if one.key in away]
    near = [one for one in offered if one.sees or (one.metres or 0.0) <= NEAR_M]
    return sorted(near, key=lambda one: (not one.sees, one.metres or 0.0))[:MOST_OFFERED]


def _away(eye: Eye, place: tuple[Decimal, Decimal]) -> float | None:
    return None if eye.position is None else metres(*place, *eye.position)


def _seeing(eyes: Sequence[Eye], place: tuple[Decimal, Decimal]) -> frozenset[str]:
    here = land()
    point = shapely.Point(*here.metric.point(float(place[0]), float(place[1])))
    views = [view for eye in eyes if (view := eye_view(eye, here, Levels())) is not None]
    return frozenset(one.key for one in fields_now(views, here) if shapely.dwithin(point, one.shapes[Level.DETECT], 1.0))


def ask(by: User, incident: Incident, wanted: Wanted, at: datetime) -> list[Appeal]:
    """One request a camera, all or none. Errors: ValidationError by field (`eyes`, `spans`, `why`, `answer_by`)."""
    if faults := _faults(incident, wanted, at):
        raise ValidationError(faults)
    with transaction.atomic():
        return [_ask_one(by, incident, eye, wanted, at) for eye in wanted.eyes]


def _ask_one(by: User, incident: Incident, eye: Eye, wanted: Wanted, at: datetime) -> Appeal:
    made = Appeal.objects.create(
        incident=incident, eye=eye, asked=at, asked_by=by, why=plain(wanted.why), answer_by=wanted.answer_by
    )
    AppealSpan.objects.bulk_create(AppealSpan(appeal=made, start=start, end=end) for start, end in wanted.spans)
    write_step(made, by, StepCode.ASKED, at, reference=incident.sign)
    return made


def _faults(incident: Incident, wanted: Wanted, at: datetime) -> dict[str, str]:
    faults = {}
    if incident.state == State.CLOSED:
        faults["eyes"] = N_("This incident is closed: open it again first.")
    elif not wanted.eyes or len(wanted.eyes) > MOST_ASKED:
        faults["eyes"] = N_("Choose from one to twenty cameras.")
    elif any(_is_connected(one, at) or one.archived for one in wanted.eyes):
        faults["eyes"] = N_("One of these cameras is connected or out of use: only those that are listed are asked about.")
    if not plain(wanted.why):
        faults["why"] = N_("Write what the owner shall read.")
    elif len(wanted.why) > MOST_WHY:
        faults["why"] = N_("1,000 letters at most.")
    if not at < wanted.answer_by <= at + LATEST_ANSWER:
        faults["answer_by"] = N_("A moment to come, within 30 days.")
    if fault := _wrong_spans(wanted.spans, at):
        faults["spans"] = fault
    return faults


def _is_connected(eye: Eye, at: datetime) -> bool:
    """Whether the commune has its footage by itself."""
    return eye.camera is not None and eye.camera.key not in lending(at).closed_to(LookKind.HISTORY)


def _wrong_spans(spans: Sequence[tuple[datetime, datetime]], at: datetime) -> str:
    if not spans or len(spans) > MOST_SPANS:
        return N_("Write from one to six spans.")
    if any(end <= start for start, end in spans):
        return N_("The end must come after the beginning.")
    if any(end - start > LONGEST for start, end in spans):
        return N_("A span is at most six hours: ask for what is needed.")
    if any(start > at or start < at - OLDEST for start, _end in spans):
        return N_("Footage of the last 90 days, not of what is still to come.")
    return ""
