"""The page of a period: computed from the logs, kept while they stay what they are; and what holds today beside it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max, Min, Q
from django.utils.timezone import localdate

from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.civic.access.models import Look, User
from luytre.civic.chain.checkpoints import newest_checkpoint
from luytre.civic.chain.models import ChainHead
from luytre.civic.chain.signing import Signed
from luytre.civic.chain.text import microseconds, moment
from luytre.civic.incidents.models import Incident, IncidentStep
from luytre.civic.ledger.public import between
from luytre.civic.openness.few import Share, Told
from luytre.civic.openness.figures import SORTS, Beside, Line, Money, PublicFigures, public_figures
from luytre.civic.openness.log import BOOK, from_tables
from luytre.civic.openness.models import PublicPage
from luytre.civic.periods import Period, Sort, of_day, parse
from luytre.civic.petitions.models import PetitionStep
from luytre.civic.registry.models import Camera
from luytre.civic.regulations.force import InForce, in_force_now
from luytre.civic.rights.models import BreachStep, Claim, ClaimStep
from luytre.civic.tips.kinds import Kind
from luytre.civic.tips.models import Tip
from luytre.civic.upkeep.outages import times_of

LAYOUT = Path(__file__).resolve().parent / "layout"
VERSION = 2
"""Grows when what is computed from the same rows becomes another."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The newest signed checkpoint. `digest`: SHA-256 of its text, by which anybody compares it with the file that they hold."""

    at: datetime
    digest: str
    public_key: str
    rows: int


@dataclass(frozen=True, slots=True)
class Today:
    """What holds now, whatever period is looked at. `eyes`: cameras in use by hamlet; each has its sign in the street."""

    eyes: tuple[tuple[str, int], ...]
    force: InForce
    sound: bool
    """Whether some camera in use records sound."""
    checked: Checked | None


def zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def published(text: str, now: datetime) -> Period:
    """A period that a page is published of. Errors: UsageError for what is none, runs still, or was before the program."""
    period = parse(text)
    if period.sort not in SORTS:
        raise UsageError(N_("this page tells of months, quarters and years"), hint=N_("Write it like 2026-11, 2026-Q3 or 2026."))
    if not period.is_over(now, zone()):
        raise UsageError(N_("this period is not over"), hint=N_("It is published when it is: then its numbers change no more."))
    if period.last < _begun():
        raise UsageError(N_("nothing was recorded then"), hint=N_("The program was not there yet."))
    return period


def _begun() -> date:
    first = User.objects.aggregate(first=Min("created"))["first"]
    return localdate(first) if first else date.max


def offered(now: datetime) -> dict[Sort, list[Period]]:
    """What is published, the newest first: a year of months, two of quarters, all years."""
    today, begun = now.astimezone(zone()).date(), _begun()
    found: dict[Sort, list[Period]] = {}
    for sort, most in ((Sort.MONTH, 12), (Sort.QUARTER, 8), (Sort.YEAR, 10)):
        one = of_day(sort, today).before
        listed: list[Period] = []
        while len(listed) < most and one.last >= begun:
            listed.append(one)
            one = one.before
        found[sort] = listed
    return found


def newest(now: datetime) -> Period | None:
    """What is shown where nobody asks for a period: the last quarter, else the last month."""
    found = offered(now)
    return next(iter((*found[Sort.QUARTER], *found[Sort.MONTH])), None)


def beside_of(period: Period) -> Beside:
    """What is not in a log. Errors: django.db.Error."""
    start, end = period.span(zone())
    cameras = list(Camera.objects.filter(created__lt=end).select_related("site__hamlet").order_by("key"))
    times = [one.time for one in times_of(cameras, (start, end), end)]
    complaints = Tip.objects.filter(kind=Kind.CAMERA, received__gte=start, received__lt=end).values_list("received", flat=True)
    claims = Claim.objects.filter(received__lt=end, act_due__gte=start).order_by("key").values_list("key", "act_due")
    signs = {key: f"{number}/{year}" for key, number, year in Incident.objects.values_list("key", "number", "year")}
    return Beside(
        _hamlets(), signs, tuple(sorted(localdate(at) for at in complaints)),
        {key: microseconds(term) for key, term in claims}, sum(one.up for one in times), sum(one.up + one.down for one in times),
    )  # fmt: skip


def _hamlets() -> dict[str, str]:
    """Also of cameras that are out of use."""
    found = Camera.objects.select_related("site__hamlet")
    return {one.key: one.site.hamlet.name if one.site.hamlet else "" for one in found}


def figures_of(period: Period) -> PublicFigures:
    """Kept ones where the logs are still the same; computed by at most one reader in a while else. Errors: django.db.Error."""
    made_of = _made_of(period)
    kept = PublicPage.objects.filter(period=period.key, made_of=made_of).first()
    if kept is not None:
        return from_json(json.loads(kept.content))
    figures = compute(period)
    content = json.dumps(asdict(figures), ensure_ascii=False)
    PublicPage.objects.update_or_create(period=period.key, defaults={"made_of": made_of, "content": content})
    return figures


def compute(period: Period) -> PublicFigures:
    return public_figures(period, from_tables(period.span(zone())), beside_of(period), zone())


def gifts_by_hamlet(period: Period, figures: PublicFigures) -> tuple[Share, ...]:
    """What was given, money and kind together, as the book lets it be told (`ledger.public`): of a quarter whose gifts are told.
    Whole dong. Names are the book's to publish, not this page's."""
    if period.sort is not Sort.QUARTER or not figures.money.exact:
        return ()
    lines = between(period.first, period.last)
    return tuple(Share(one.hamlets, one.money_vnd + one.kind_vnd) for one in lines if one.money_vnd + one.kind_vnd)


def _made_of(period: Period) -> str:
    """What the page of a period hangs on. Rows are appended alone, so the newest of the span tells of all; a posting may be taken
    back at any time, so of the book it is the whole."""
    start, end = period.span(zone())
    within = Q(at__gte=start, at__lt=end)
    newest = [
        model._default_manager.filter(within).aggregate(seq=Max("seq"))["seq"]
        for model in (Look, IncidentStep, PetitionStep, ClaimStep, BreachStep)
    ]
    book = ChainHead.objects.filter(name__in=BOOK).order_by("name").values_list("name", "seq", "digest")
    told = Tip.objects.filter(kind=Kind.CAMERA, received__gte=start, received__lt=end).count()
    said = json.dumps([VERSION, newest, list(book), told, sorted(_hamlets().items())], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def from_json(said: Mapping[str, Any]) -> PublicFigures:
    lines = tuple(
        Line(
            one["group"], one["key"], Told(**one["told"]),
            tuple(Share(tuple(each["hamlets"]), each["value"]) for each in one["hamlets"]),
        )
        for one in said["lines"]
    )  # fmt: skip
    return PublicFigures(said["period"], lines, Money(**said["money"]), said["up_s"], said["watched_s"])


def today(now: datetime) -> Today:
    """Errors: RegulationDamaged, django.db.Error."""
    in_use = list(Camera.objects.filter(archived=False, enabled=True).select_related("site__hamlet"))
    eyes = Counter(one.site.hamlet.name if one.site.hamlet else "" for one in in_use)
    signed = newest_checkpoint()
    ordered = sorted(eyes.items(), key=lambda one: (not one[0], one[0]))
    force = in_force_now(now)
    sound = force.rules.sound and any(one.sound for one in in_use)
    return Today(tuple(ordered), force, sound, _checked(signed) if signed else None)


def _checked(signed: Signed) -> Checked:
    rows = sum(head.seq for head in signed.heads)
    digest = hashlib.sha256(signed.text.encode()).hexdigest()
    return Checked(moment(signed.at_us), digest, signed.public_key, rows)
