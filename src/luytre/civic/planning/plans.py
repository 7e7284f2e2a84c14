"""Plans and their versions: made, asked for, computed, compared, decided on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from luytre.base.errors import LuytreError
from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.geometry.optics import Level
from luytre.civic.planning.ask import MOST_SECONDS, Ask, Impossible, NewEye, PlaceShare, Result, ask_from, result_from, to_text
from luytre.civic.planning.compute import compute
from luytre.civic.planning.figures import figures
from luytre.civic.planning.material import material
from luytre.civic.planning.models import Candidate, Plan, PlanVersion, VersionState
from luytre.civic.registry.eyes import Stale
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.order import name_key
from luytre.civic.registry.refusals import Refusals
from luytre.civic.survey.models import Need, NeedState
from luytre.civic.survey.needs import set_need_state

MOST_NEW_EYES = 500
DEAREST_VND = 1_000_000_000_000


def checked(ask: Ask) -> Refusals:
    """What is wrong with the wishes, by field. Wishes about candidates, places and hamlets that are gone are told too."""
    refused = Refusals()
    if ask.eyes is None and ask.budget_vnd is None:
        refused.tell("eyes", N_("Say how many new eyes, or how much money, or both."))
    if ask.eyes is not None and not 0 <= ask.eyes <= MOST_NEW_EYES:
        refused.tell("eyes", N_("From 0 to 500 new eyes."))
    if ask.budget_vnd is not None and not 0 <= ask.budget_vnd <= DEAREST_VND:
        refused.tell("budget_vnd", N_("This amount cannot be."))
    if ask.level not in Level.__members__.values():
        refused.tell("level", N_("Choose one of the list."))
    if any(size < 1 for size in ask.phases) or (ask.eyes is not None and sum(ask.phases) > ask.eyes):
        refused.tell("phases", N_("Each phase has at least one new eye, and all together no more than the plan."))
    if not 1 <= ask.hot_spot_eyes <= 4:
        refused.tell("hot_spot_eyes", N_("From 1 to 4 eyes for a hot spot."))
    if not 1 <= ask.seconds <= MOST_SECONDS:
        refused.tell("seconds", N_("From 1 to 300 seconds."))
    if ask.eyes is not None and sum(ask.least.values()) > ask.eyes:
        refused.tell("least", N_("The hamlets' least numbers are together more than the plan's eyes."))
    if set(ask.pinned) & set(ask.forbidden):
        refused.tell("forbidden", N_("A place cannot be pinned and left out at once."))
    if any(funding.vnd < 0 or not one_line(funding.source) for funding in ask.funding):
        refused.tell("funding", N_("Each source has a name and an amount."))
    return refused


def still_there(ask: Ask) -> Ask:
    """The wishes without those about candidates and hamlets that are no more."""
    keys = set(Candidate.objects.filter(archived=False).values_list("key", flat=True))
    hamlets = {str(pk) for pk in Hamlet.objects.values_list("pk", flat=True)}
    return msgspec.structs.replace(
        ask,
        pinned={key: bearing for key, bearing in ask.pinned.items() if key in keys},
        forbidden=tuple(key for key in ask.forbidden if key in keys),
        moved={key: position for key, position in ask.moved.items() if key in keys},
        least={hamlet: least for hamlet, least in ask.least.items() if hamlet in hamlets},
    )


@transaction.atomic
def save_plan(by: User | None, name: str, ask: Ask, plan: Plan | None = None, revision: int | None = None) -> Plan:
    """A new plan, or another name and other wishes for one. Errors: ValidationError by field; Stale."""
    refused = checked(ask)
    if not one_line(name) or len(one_line(name)) > 120:
        refused.tell("name", N_("A name of at most 120 letters is needed."))
    refused.raise_any()
    if plan is not None:
        plan = Plan.objects.select_for_update().get(pk=plan.pk)
        if revision is not None and revision != plan.revision:
            raise Stale(plan.name, plan.revision)
        plan.revision += 1
    made = plan or Plan(made_by=by)
    made.name, made.ask = one_line(name), to_text(ask)
    made.save()
    return made


@transaction.atomic
def ask_for_version(by: User | None, plan: Plan, at: datetime, note: str = "") -> PlanVersion:
    """A version that waits to be computed, with the plan's wishes of this moment (`run` computes it)."""
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    last = plan.versions.aggregate(last=Max("number"))["last"] or 0
    ask = to_text(still_there(ask_from(plan.ask)))
    return PlanVersion.objects.create(plan=plan, number=last + 1, at=at, by=by, ask=ask, note=one_line(note)[:400])


def run(version_pk: int, at: datetime, today: date, working: Collection[str] | None = None) -> PlanVersion:
    """Computes a version that waits; one that was computed, or is being computed, is left alone. A failure is kept as a sentence.

    `working`: keys of the cameras that work now (None: those in use).
    """
    taken = PlanVersion.objects.filter(pk=version_pk, state=VersionState.WAITING).update(state=VersionState.COMPUTING)
    version = PlanVersion.objects.get(pk=version_pk)
    if not taken:
        return version
    try:
        found = compute(ask_from(version.ask), material(figures(), today, working))
    except LuytreError as error:
        version.state, version.result = VersionState.FAILED, str(error)
    else:
        version.state = VersionState.IMPOSSIBLE if isinstance(found, Impossible) else VersionState.DONE
        version.result = to_text(found)
    version.answered = at
    version.save(update_fields=["state", "result", "answered"])
    return version


def left_behind() -> int:
    """At the jobs' start: versions that a killed process was computing wait again; how many."""
    return PlanVersion.objects.filter(state=VersionState.COMPUTING).update(state=VersionState.WAITING)


@transaction.atomic
def decide(by: User, version: PlanVersion, decision: str, at: datetime) -> Plan:
    """The committee decided on this version: the needs that its eyes meet are planned now. Errors: ValidationError."""
    if version.state != VersionState.DONE:
        raise ValidationError({"version": [N_("Only a version that was computed can be decided on.")]})
    if not one_line(decision) or len(one_line(decision)) > 200:
        raise ValidationError({"decision": [N_("Number and date of the decision are needed.")]})
    plan = Plan.objects.select_for_update().get(pk=version.plan_id)
    plan.decided, plan.decision = version.number, one_line(decision)
    plan.revision += 1
    plan.save(update_fields=["decided", "decision", "revision"])
    seen = {one.key for eye in result_from(version.result).eyes for one in eye.sees if one.kind == "need"}
    for need in Need.objects.filter(key__in=seen, state=NeedState.OPEN):
        set_need_state(by, need, NeedState.PLANNED, plan.decision, at)
    return plan


@dataclass(frozen=True, slots=True)
class Compared:
    """Two results: eyes of both, of the first alone, of the second alone; and for each hamlet and place its two shares after."""

    both: tuple[NewEye, ...]
    first_only: tuple[NewEye, ...]
    second_only: tuple[NewEye, ...]
    hamlets: tuple[tuple[str, float, float], ...]
    places: tuple[tuple[str, str, float, float], ...]


@dataclass(frozen=True, slots=True)
class Goal:
    """How many eyes there are to be, by the newest plan that was decided on."""

    plan: str
    """Its key."""
    name: str
    eyes: int


def goal() -> Goal | None:
    """None while nothing was decided on."""
    plan = Plan.objects.filter(archived=False, decided__isnull=False).order_by("-created", "-pk").first()
    if plan is None or plan.decided is None:
        return None
    version = plan.versions.filter(number=plan.decided, state=VersionState.DONE).first()
    if version is None:
        return None
    result = result_from(version.result)
    return Goal(plan.key, plan.name, result.eyes_before + len(result.eyes))


def compare(first: Result, second: Result) -> Compared:
    """An eye is the same where candidate and bearing are."""

    def which(eye: NewEye) -> tuple[str, float]:
        return eye.candidate, eye.bearing_deg

    ones, twos = {which(eye) for eye in first.eyes}, {which(eye) for eye in second.eyes}
    hamlets = sorted(
        {*(row.name for row in first.hamlets), *(row.name for row in second.hamlets)}, key=lambda name: (not name, name_key(name))
    )
    after = [{row.name: row.after / row.weight if row.weight else 0.0 for row in each.hamlets} for each in (first, second)]
    one, two = ({row.key: row for row in each.places} for each in (first, second))
    places = [(row.kind, row.name, _after(one.get(key)), _after(two.get(key))) for key, row in (one | two).items()]
    return Compared(
        tuple(eye for eye in first.eyes if which(eye) in twos),
        tuple(eye for eye in first.eyes if which(eye) not in twos),
        tuple(eye for eye in second.eyes if which(eye) not in ones),
        tuple((name, after[0].get(name, 0.0), after[1].get(name, 0.0)) for name in hamlets),
        tuple(row for row in places if abs(row[2] - row[3]) > 1e-9),
    )


def _after(row: PlaceShare | None) -> float:
    return row.after if row is not None else 0.0
