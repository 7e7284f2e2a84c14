"""What an owner's terms allow at a moment: the recorder's list, the scope of looking and the days kept all ask here.

What was agreed on is therefore what is enforced (design/movement.md). An eye of the commune has no terms; one of somebody else
who has agreed to nothing yet works as before there were terms, and is told of as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate, localtime

from luytre.base.i18n import N_
from luytre.civic.access.endings import cut_rights
from luytre.civic.access.looks import Span
from luytre.civic.access.models import LookKind, User
from luytre.civic.registry.eyes import locked, put_tier
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.keeping import keeping_now
from luytre.civic.registry.models import Camera, Eye, HeldSpan, LendingOpening, LendingVersion
from luytre.civic.registry.refusals import Refusals
from luytre.civic.registry.register import OwnerKind, Tier
from luytre.civic.registry.terms import OpeningCode, Terms, hides, minutes_of, terms_of
from luytre.civic.regulations.rules import MINUTES_A_DAY

RANKS = {Tier.LISTED: 0, Tier.ON_REQUEST: 1, Tier.ON_ALARM: 2, Tier.LIVE: 3}
CONNECTING = frozenset[str]({Tier.ON_ALARM, Tier.LIVE})
"""Tiers under which the commune's recorder ever opens the camera."""
BACK_KINDS = frozenset[str]({LookKind.HISTORY, LookKind.EXPORT})


@dataclass(frozen=True, slots=True)
class Allowed:
    """`recorded`: the recorder opens it. `live`: it may be watched (and turned). `back`: its footage may be looked back at."""

    recorded: bool
    live: bool
    back: bool


EVERYTHING, NOTHING = Allowed(True, True, True), Allowed(False, False, False)


def allowed(terms: Terms | None, *, opened: bool, day: date, minute: int) -> Allowed:
    """The one function that says what terms allow. `opened`: a matter opens the eyes lent on alarm there. `day` and its
    `minute` are the commune's.

    What was recorded while it was lent may be looked back at as long as it is lent at all, at any hour.
    """
    if terms is None:
        return EVERYTHING
    if terms.is_over(day) or terms.tier not in CONNECTING:
        return NOTHING
    now = (terms.hours is None or terms.hours.covers(minute)) and (terms.tier == Tier.LIVE or opened)
    return Allowed(now, now, back=True)


@dataclass(frozen=True, slots=True)
class Lending:
    """What holds at a moment for every camera that has terms, by its key."""

    terms: Mapping[str, Terms]
    allowed: Mapping[str, Allowed]

    def of(self, camera: str) -> Allowed:
        return self.allowed.get(camera, EVERYTHING)

    def closed_to(self, kind: str) -> frozenset[str]:
        """Cameras that nobody may look at in this way (`access.ways.Way`) now; what holds keep is `held_only`."""
        back = kind in BACK_KINDS
        return frozenset(key for key, one in self.allowed.items() if not (one.back if back else one.live))

    def not_recorded(self) -> frozenset[str]:
        return frozenset(key for key, one in self.allowed.items() if not one.recorded)


def lending(at: datetime) -> Lending:
    """One query where nobody has agreed to anything; one more for eyes that are lent on alarm."""
    newest = LendingVersion.objects.values("eye").annotate(last=Max("seq")).values("last")
    versions = {one.eye: one.terms() for one in LendingVersion.objects.filter(seq__in=newest)}
    if not versions:
        return Lending({}, {})
    eyes = Eye.objects.filter(key__in=versions, camera__isnull=False).exclude(owner_kind=OwnerKind.COMMUNE)
    rows = list(eyes.values_list("key", "camera__key", "camera__site__hamlet"))
    waiting = any(versions[key].tier == Tier.ON_ALARM for key, *_rest in rows)
    places = {one.place for one in openings(at)} if waiting else set[str]()
    here = localtime(at)
    day, minute = here.date(), here.hour * 60 + here.minute
    found = {
        camera: allowed(versions[key], opened=is_opened(places, key, hamlet), day=day, minute=minute)
        for key, camera, hamlet in rows
    }  # fmt: skip
    return Lending({camera: versions[key] for key, camera, _hamlet in rows}, found)


def is_opened(places: Iterable[str], eye: str, hamlet: int | None) -> bool:
    """Whether one of these places is the whole commune, the eye's hamlet (its number) or the eye itself."""
    return bool({"", eye_place(eye), f"hamlet:{hamlet}"} & set(places))


def eye_place(eye: str) -> str:
    return f"eye:{eye}"


def is_open(camera: Camera, at: datetime) -> bool:
    """Whether the recorder may open it now: for single pictures that are shown outside of watching, and for its motors."""
    return lending(at).of(camera.key).recorded


# --- what holds keep of an eye that is lent no longer -----------------------------------------------------------------
def held_only(closed: frozenset[str], at: datetime) -> dict[str, list[Span]]:
    """Of cameras that are closed to looking back: the spans that holds in force keep."""
    from luytre.civic.registry.holds import spans_held  # it asks the scope, which asks this module

    found: dict[str, list[Span]] = {}
    for span, _why in spans_held(at) if closed else ():
        if span.camera in closed:
            found.setdefault(span.camera, []).append(_span(span))
    return found


def _span(span: HeldSpan) -> Span:
    return Span(span.start, span.end)


def within_terms(cameras: Iterable[str], span: Span, at: datetime) -> Span | None:
    """How much of a span may be looked back at: all of it, unless one of the cameras is lent no longer. Of such a one what holds
    keep, from the first to the last second of it; None where that is nothing."""
    closed = lending(at).closed_to(LookKind.HISTORY) & frozenset(cameras)
    kept = held_only(closed, at)
    for camera in closed:
        start = max(span.start, min((one.start for one in kept.get(camera, ())), default=span.end))
        end = min(span.end, max((one.end for one in kept.get(camera, ())), default=span.start))
        if end <= start:
            return None
        span = Span(start, end)
    return span


# --- new terms --------------------------------------------------------------------------------------------------------
def is_wider(new: Terms, old: Terms | None) -> bool:
    """Whether anything is allowed that was not: then the owner signs. What does not connect the eye has no hours and days.
    `old` None: nothing was, or no longer."""
    if old is None or old.withdrawn:
        return not new.withdrawn
    if new.withdrawn:
        return False
    longer = (new.last_day or date.max) > (old.last_day or date.max)
    if longer or RANKS[Tier(new.tier)] > RANKS[Tier(old.tier)]:
        return True
    if RANKS[Tier(new.tier)] < RANKS[Tier.ON_ALARM]:
        return False
    days = [one.days or MINUTES_A_DAY for one in (new, old)]
    return not minutes_of(new.hours) <= minutes_of(old.hours) or days[0] > days[1] or not hides(new.areas, old.areas)


@transaction.atomic
def put_terms(by: User | None, eye: Eye, wanted: Terms, drawn_over: int, at: datetime, *, signed: bool) -> LendingVersion:
    """The next version; from then on it holds. `drawn_over`: the number that the page was opened with (0: none). `by` None: the
    owner, by a link.

    Errors: ValidationError by field (tier, hours, days, last_day), without one where somebody was faster or a signature is
    wanted.
    """
    present = locked(eye)
    before = terms_of(present.key)
    if (before.number if before else 0) != drawn_over:
        raise ValidationError(
            N_("Somebody else has agreed on something with this owner since the page was opened. What was typed is still here: "
               "look at what holds now, and do it again.")
        )  # fmt: skip
    _check(present, wanted, at)
    if is_wider(wanted, None if before is None or before.is_over(localdate(at)) else before) and not signed:
        raise ValidationError(N_("This allows more than what was agreed: the owner signs it."))
    tier = Tier.LISTED if wanted.withdrawn else Tier(wanted.tier)
    put_tier(by, present, tier, at)
    hours = wanted.hours
    made = LendingVersion(
        at=at, by=by, eye=present.key, camera=present.camera.key if present.camera else "", number=drawn_over + 1, tier=tier,
        hours_start=hours.start if hours else None, hours_end=hours.end if hours else None, days=wanted.days,
        areas=wanted.areas, withdrawn=wanted.withdrawn, signed=signed,
        last_day=wanted.last_day.isoformat() if wanted.last_day else "",
    )  # fmt: skip
    made.save()
    if present.camera is not None:
        cut_rights(None, at)  # pictures that are open ask again, and who may still see loses a second
    return made


def _check(eye: Eye, wanted: Terms, at: datetime) -> None:
    faults = Refusals()
    if eye.owner_kind == OwnerKind.COMMUNE:
        faults.tell("tier", N_("This camera is the commune's own: nobody lends it."))
    if wanted.tier not in Tier.values:
        faults.tell("tier", N_("Choose what the owner agrees to."))
    if wanted.hours is not None and wanted.hours.start == wanted.hours.end:
        faults.tell("hours", N_("The hours must not begin and end at the same minute."))
    if wanted.last_day is not None and wanted.last_day < localdate(at) and not wanted.withdrawn:
        faults.tell("last_day", N_("This day is over."))
    most = keeping_now(at).days_at(eye.site.kind)
    if wanted.days > most:
        faults.tell("days", N_("The regulation keeps footage of this place for %(most)s days, never longer."), most=most)
    faults.raise_any()


def withdrawn(terms: Terms) -> Terms:
    return replace(terms, withdrawn=True)


def versions_of(eye: Eye) -> list[LendingVersion]:
    """The newest first."""
    return list(LendingVersion.objects.filter(eye=eye.key).select_related("by").order_by("-number"))


def cameras_lent(eye: Eye) -> frozenset[str]:
    """Keys of every camera that this eye was while it had terms, and is."""
    known = set(LendingVersion.objects.filter(eye=eye.key).exclude(camera="").values_list("camera", flat=True))
    return frozenset(known | ({eye.camera.key} if eye.camera else set()))


# --- matters that open eyes lent on alarm -----------------------------------------------------------------------------
def openings(at: datetime) -> list[LendingOpening]:
    """Those in force: opened, not closed since, and their last moment is not over."""
    alive = list(LendingOpening.objects.filter(code=OpeningCode.OPENED, until__gt=at, at__lte=at))
    if not alive:
        return []
    newest = LendingOpening.objects.filter(matter__in={one.matter for one in alive}).values("matter").annotate(last=Max("seq"))
    last = {row["matter"]: row["last"] for row in newest}
    return [one for one in alive if one.seq == last[one.matter]]


@transaction.atomic
def open_for(by: User | None, matter: str, place: str, reference: str, until: datetime, at: datetime) -> LendingOpening:
    """`place`: of `place_key` or `eye_place`; empty: the whole commune. One that is open is opened anew."""
    return LendingOpening.objects.create(
        at=at, by=by, matter=matter, code=OpeningCode.OPENED, place=place, reference=reference[:120], until=until
    )


@transaction.atomic
def close_for(by: User | None, matter: str, at: datetime) -> None:
    """Nothing where it is not open."""
    if any(one.matter == matter for one in openings(at)):
        LendingOpening.objects.create(at=at, by=by, matter=matter, code=OpeningCode.CLOSED)


def opened_for(eye: Eye, at: datetime) -> list[LendingOpening]:
    hamlet = place_key(eye.site.hamlet) if eye.site.hamlet else "-"
    return [one for one in openings(at) if one.place in ("", hamlet, eye_place(eye.key))]


def without_terms(cameras: Iterable[Camera]) -> set[str]:
    """Keys of those that somebody else owns and that work although nothing was agreed on yet."""
    eyes = Eye.objects.filter(camera__in=list(cameras), archived=False).exclude(owner_kind=OwnerKind.COMMUNE)
    agreed = set(LendingVersion.objects.values_list("eye", flat=True))
    return {camera for key, camera in eyes.values_list("key", "camera__key") if key not in agreed}
