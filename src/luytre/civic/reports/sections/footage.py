"""How footage was used and how that was watched: looks, clips, holds, checkpoints of the logs. A look is told by its camera, not
by who looked: the access log says that, to whom may read it."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, Q

from luytre.base.i18n import N_
from luytre.civic.access.audit import LOOKS_BACK
from luytre.civic.access.models import Look, LookKind
from luytre.civic.chain.models import Checkpoint
from luytre.civic.evidence.models import ClipRequest
from luytre.civic.registry.models import HoldStep, StepCode
from luytre.civic.reports.figures import Row, Rows, Section, Spec, Window
from luytre.civic.reports.sections.common import cameras_by_key, day_of, place_of, within


def rows(window: Window) -> Rows:
    clips = list(ClipRequest.objects.filter(within(window, "made")).order_by("seq").prefetch_related("decisions"))
    holds = HoldStep.objects.filter(within(window, "at"), code=StepCode.SET).order_by("seq")
    days = [window.first + timedelta(days=number) for number in range(window.days)]
    signed = sorted({day_of(at) for at in Checkpoint.objects.filter(within(window, "at")).values_list("at", flat=True)})
    return {
        "live": _looks(window, Q(kind=LookKind.LIVE)),
        "history": _looks(window, Q(kind=LookKind.HISTORY)),
        "export": _looks(window, Q(kind=LookKind.EXPORT)),
        "back": _looks(window, Q(kind__in=LOOKS_BACK)),
        "numbered": _looks(window, Q(kind__in=LOOKS_BACK) & ~Q(reference="")),
        "clips": [_clip(one) for one in clips],
        "agreed": [_clip(one) for one in clips if _was_agreed(one)],
        "holds": [Row("hold", one.hold, 1, one.reference, day_of(one.at)) for one in holds],
        "days": [Row("day", day.isoformat(), 1, day=day.isoformat()) for day in days],
        "signed": [Row("day", day, 1, day=day) for day in signed],
    }


def _looks(window: Window, which: Q) -> list[Row]:
    """One row a camera: a year has tens of thousands."""
    found = Look.objects.filter(within(window, "at") & which).order_by("camera").values("camera").annotate(looks=Count("seq"))
    counted = {one["camera"]: one["looks"] for one in found}
    cameras = cameras_by_key(counted)
    return [
        Row("look", key, looks, cameras[key].code if key in cameras else "",
            place=place_of(cameras[key].site.hamlet) if key in cameras else "")
        for key, looks in counted.items()
    ]  # fmt: skip


def _clip(one: ClipRequest) -> Row:
    return Row("clip", one.key, 1, one.reference, day_of(one.made))


def _was_agreed(one: ClipRequest) -> bool:
    said = [each.agreed for each in one.decisions.all()]
    return all(said) and len(said) >= one.persons


SECTION = Section(
    "footage", N_("Use of footage, and its control"),
    (
        Spec("live", N_("Looks at live pictures"), weekly=True),
        Spec("history", N_("Looks back at footage"), weekly=True, chart=True),
        Spec("export", N_("Clips taken out, by camera"), weekly=True, chart=True),
        Spec("back", N_("Looks back and clips together")),
        Spec("numbered", N_("with the number of an incident, case or request"), of="back", chart=True),
        Spec("clips", N_("Clips asked for that need approval")),
        Spec("agreed", N_("of these agreed to"), of="clips"),
        Spec("holds", N_("Footage put on hold")),
        Spec("days", N_("Days of the period")),
        Spec("signed", N_("Days with a signed checkpoint of the logs"), of="days"),
    ),
    rows, "audit", ("history", "export"),
)  # fmt: skip
