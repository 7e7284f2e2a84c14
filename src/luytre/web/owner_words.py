"""Owners in words: lines of the list, terms, uses and steps as pages and sheets tell them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luytre.base.letters import fold
from luytre.civic.movement.models import MovementStep, StepCode
from luytre.civic.movement.uses import USE_WORDS, Use
from luytre.civic.registry.lending import Lending, lending
from luytre.civic.registry.models import Eye, LendingVersion
from luytre.civic.registry.register import Tier
from luytre.civic.registry.terms import Terms
from luytre.civic.upkeep.models import Outage
from luytre.web.people_words import roles_said

STANDINGS = ("signed", "ending", "none", "withdrawn", "over")
SOON = timedelta(days=30)
"""So long before its last day an agreement is told of as ending."""


@dataclass(frozen=True, slots=True)
class TermsWords:
    """Terms in words; `hours` and `days` are empty where the tier connects nothing."""

    tier: str
    hours: str
    days: str
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """An eye of somebody. `standing`: of `STANDINGS`; `now`: whether the recorder may open it now."""

    eye: Eye
    standing: str
    said: str
    terms: TermsWords | None
    since: datetime | None
    now: bool


@dataclass(frozen=True, slots=True)
class Filter:
    words: str = ""
    hamlet: str = ""
    tier: str = ""
    standing: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Filter:
        get = request.GET
        tier, standing = get.get("tier", ""), get.get("standing", "")
        return cls(
            get.get("q", "").strip()[:120], get.get("hamlet", "")[:20], tier if tier in Tier.values else "",
            standing if standing in STANDINGS else "",
        )  # fmt: skip

    @property
    def is_narrow(self) -> bool:
        return self != Filter()

    def _stands(self, line: Line) -> bool:
        """What ends soon is in force too."""
        return self.standing in ("", line.standing) or (self.standing == "signed" and line.standing == "ending")

    def takes(self, line: Line, *, owners: bool) -> bool:
        """`owners`: whether words are looked for in owners' names too."""
        eye = line.eye
        if self.hamlet and self.hamlet != str(eye.site.hamlet_id or ""):
            return False
        if (self.tier and (line.terms is None or self.tier != eye.tier)) or not self._stands(line):
            return False
        said = fold(f"{eye.name} {eye.site.name} {eye.site.road} {eye.address} {eye.owner_name if owners else ''}")
        return all(word in said for word in fold(self.words).split())


def standing_words(standing: str) -> str:
    words = {
        "signed": _("agreement in force"), "ending": _("agreement ends soon"), "none": _("no agreement yet"),
        "withdrawn": _("withdrawn"), "over": _("agreement over"),
    }  # fmt: skip
    return words[standing]


def terms_words(terms: Terms) -> TermsWords:
    tier = _(str(Tier(terms.tier).label))
    if terms.tier not in (Tier.LIVE, Tier.ON_ALARM):
        return TermsWords(tier, "", "", terms.last_day)
    days = _("at most %(days)s days") % {"days": terms.days} if terms.days else _("as the regulation says")
    return TermsWords(tier, str(terms.hours) if terms.hours else _("the whole day"), days, terms.last_day)


def lines_of(eyes: Sequence[Eye], at: datetime) -> list[Line]:
    """Three queries."""
    newest = LendingVersion.objects.filter(eye__in=[one.key for one in eyes]).values("eye").annotate(last=Max("seq"))
    versions = {one.eye: one for one in LendingVersion.objects.filter(seq__in=newest.values("last"))}
    lent = lending(at)
    return [_line(eye, versions.get(eye.key), lent, at) for eye in eyes]


def _line(eye: Eye, version: LendingVersion | None, lent: Lending, at: datetime) -> Line:
    connected = eye.camera is not None and eye.camera.enabled and lent.of(eye.camera.key).recorded
    if version is None:
        return Line(eye, "none", standing_words("none"), None, None, connected)
    terms, today = version.terms(), localdate(at)
    soon = terms.last_day is not None and terms.last_day - SOON <= today
    standing = "withdrawn" if terms.withdrawn else "over" if terms.is_over(today) else "ending" if soon else "signed"
    said = None if terms.is_over(today) else terms_words(terms)
    return Line(eye, standing, standing_words(standing), said, version.at, connected)


@dataclass(frozen=True, slots=True)
class UseWords:
    use: Use
    what: str
    who: str
    purpose: str


def uses_words(uses: Iterable[Use]) -> list[UseWords]:
    english = get_language() == "en"
    return [
        UseWords(one, _(USE_WORDS[one.kind]), roles_said(one.roles) if one.roles else _("the program"), one.purpose[english])
        for one in uses
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class StepWords:
    step: MovementStep
    what: str
    by: str


def steps_words(steps: Iterable[MovementStep]) -> list[StepWords]:
    return [
        StepWords(one, _(str(StepCode(one.code).label)), str(one.by) if one.by else _("the owner, by the link")) for one in steps
    ]


@dataclass(frozen=True, slots=True)
class StateWords:
    """`down`: since when it does not work; None: it works, or nobody knows of a fault."""

    words: str
    down: datetime | None = None


def state_of(line: Line) -> StateWords:
    """Whether it works, as the machine that watches over cameras knows it."""
    camera = line.eye.camera
    if camera is None or camera.archived:
        return StateWords(_("not connected to the commune's recorder"))
    if not line.now:
        return StateWords(_("connected, and switched off now as agreed"))
    outage = Outage.objects.filter(camera=camera.key, end=None).order_by("start").first()
    return StateWords(_("does not work"), outage.start) if outage is not None else StateWords(_("works"))


@dataclass(frozen=True, slots=True)
class VersionWords:
    version: LendingVersion
    terms: TermsWords
    how: str


def versions_words(versions: Iterable[LendingVersion]) -> list[VersionWords]:
    return [VersionWords(one, terms_words(one.terms()), _how(one)) for one in versions]


def _how(one: LendingVersion) -> str:
    if one.withdrawn:
        return _("withdrawn")
    return _("signed") if one.signed else _("less allowed, by the owner's word")
