"""How far a campaign is, by hamlet: counted from agreements, visits and commitments, against its goals and the plan's phases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, Sum
from django.utils.timezone import localdate

from luytre.civic.mobilisation.campaigns import Aim, aims_of
from luytre.civic.mobilisation.models import Campaign, Commitment, FollowUp, Meeting, Visit
from luytre.civic.planning.ask import Result, result_from
from luytre.civic.planning.models import Plan, VersionState
from luytre.civic.registry.models import Eye, Hamlet, LendingVersion
from luytre.civic.registry.order import hamlets_in_order
from luytre.civic.registry.register import Tier
from luytre.civic.survey.models import Need, NeedState

MOST_PLACES = 200


@dataclass(frozen=True, slots=True)
class Spot:
    """A place for which an eye is wanted. `phase`: of the plan that was decided on; 0: a need that no plan took up."""

    hamlet: str
    name: str
    phase: int


@dataclass(frozen=True, slots=True)
class HamletRow:
    """Counts of one hamlet. `eyes`: agreements in force that came since the campaign's first day, and are more than a line in the
    register. `planned`: how many new eyes the plan wants there, by phase (the first is phase 1)."""

    hamlet: Hamlet
    aim: Aim
    eyes: int
    households: int
    thinking: int
    meetings: int
    came: int
    committed: int
    waiting: int
    planned: tuple[int, ...]


def decided() -> Result | None:
    """What the newest plan that was decided on wants."""
    plan = Plan.objects.filter(archived=False, decided__isnull=False).order_by("-created", "-pk").first()
    if plan is None or plan.decided is None:
        return None
    version = plan.versions.filter(number=plan.decided, state=VersionState.DONE).first()
    return result_from(version.result) if version is not None else None


def spots(hamlets: Iterable[Hamlet]) -> list[Spot]:
    """Where to win eyes: the plan's new eyes by phase, then open needs of the survey. Names of places, never people's."""
    names = {one.name for one in hamlets}
    result = decided()
    found = [Spot(one.hamlet, one.name, one.phase) for one in (result.eyes if result else ()) if one.hamlet in names]
    found.sort(key=lambda one: (one.phase, one.hamlet, one.name))
    needs = (
        Need.objects.filter(state=NeedState.OPEN, hamlet__name__in=names).select_related("hamlet").order_by("-urgency", "name")
    )
    found += [Spot(one.hamlet.name if one.hamlet else "", one.name, 0) for one in needs]
    return found[:MOST_PLACES]


def progress(campaign: Campaign, hamlets: Sequence[Hamlet], at: datetime) -> list[HamletRow]:
    """One row a hamlet, in their order. Eight queries."""
    aims, won, planned = aims_of(campaign), _won(campaign, at), _planned()
    visits = _summed(Visit.objects.filter(campaign=campaign), "households", "thinking")
    meetings = _summed(Meeting.objects.filter(campaign=campaign), "came")
    commitments = _summed(Commitment.objects.filter(campaign=campaign))
    waiting = _summed(FollowUp.objects.filter(campaign=campaign))
    return [
        HamletRow(
            one, aims.get(one.pk, Aim()), won[one.pk], visits.get(one.pk, (0, 0, 0))[1], visits.get(one.pk, (0, 0, 0))[2],
            meetings.get(one.pk, (0, 0))[0], meetings.get(one.pk, (0, 0))[1], commitments.get(one.pk, (0,))[0],
            waiting.get(one.pk, (0,))[0], planned.get(one.name, ()),
        )
        for one in hamlets_in_order(hamlets)
    ]  # fmt: skip


def _summed(rows: object, *columns: str) -> dict[int, tuple[int, ...]]:
    """By the hamlet's number: how many rows, and the sums of these columns."""
    sums = {f"sum_{name}": Sum(name) for name in columns}
    found = rows.order_by().values("hamlet").annotate(rows=Count("pk"), **sums)  # type: ignore[attr-defined]
    return {row["hamlet"]: (row["rows"], *(row[name] or 0 for name in sums)) for row in found if row["hamlet"] is not None}


def _won(campaign: Campaign, at: datetime) -> Counter[int]:
    newest = LendingVersion.objects.values("eye").annotate(last=Max("seq")).values("last")
    held = LendingVersion.objects.filter(seq__in=newest, withdrawn=False).exclude(tier=Tier.LISTED)
    going_on = held.filter(Q(last_day="") | Q(last_day__gte=localdate(at).isoformat())).values_list("eye", flat=True)
    signed = LendingVersion.objects.filter(eye__in=list(going_on), signed=True, at__date__gte=campaign.first_day).values("eye")
    eyes = Eye.objects.filter(key__in=signed, archived=False, site__hamlet__isnull=False)
    return Counter(eyes.values_list("site__hamlet", flat=True))


def _planned() -> dict[str, tuple[int, ...]]:
    result = decided()
    if result is None:
        return {}
    most = max((one.phase for one in result.eyes), default=0)
    counts = Counter((one.hamlet, one.phase) for one in result.eyes)
    return {name: tuple(counts[name, phase] for phase in range(1, most + 1)) for name in {one.hamlet for one in result.eyes}}
