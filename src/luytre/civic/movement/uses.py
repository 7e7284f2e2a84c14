"""Every use that was made of an owner's camera, for the owner: who (by role, never by name), when, how, why, for which matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from luytre.base.i18n import N_
from luytre.civic.access.assignments import is_in_force
from luytre.civic.access.models import Look, User
from luytre.civic.appeals.models import Appeal
from luytre.civic.registry.lending import cameras_lent
from luytre.civic.registry.models import Eye, HeldSpan, HoldStep, StepCode
from luytre.civic.regulations.force import in_force_now

ON_A_PAGE = 50
MOST = 5000


class UseKind(StrEnum):
    LIVE = "live"
    HISTORY = "history"
    EXPORT = "export"
    HELD = "held"
    ASKED = "asked"


USE_WORDS = {
    UseKind.LIVE: N_("watched live"),
    UseKind.HISTORY: N_("recordings looked at"),
    UseKind.EXPORT: N_("a clip taken out"),
    UseKind.HELD: N_("footage put on hold"),
    UseKind.ASKED: N_("you were asked for footage"),
}


@dataclass(frozen=True, slots=True)
class Use:
    """`roles`: keys of the roles that the person had then. `purpose`: in Vietnamese and English, or empty; `start`, `end`: of
    what footage."""

    at: datetime
    kind: UseKind
    roles: tuple[str, ...]
    purpose: tuple[str, str] = ("", "")
    reference: str = ""
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Uses:
    """`page`: those shown, the newest first; `count`: how many there are in all."""

    page: tuple[Use, ...]
    count: int
    more: bool


def uses_of(eye: Eye, at: datetime, skip: int = 0) -> Uses:
    """From `skip` on, at most `ON_A_PAGE`. The newest `MOST` of each kind can be reached."""
    cameras = cameras_lent(eye)
    looks = Look.objects.filter(camera__in=cameras).order_by("-seq")
    upto = min(skip + ON_A_PAGE + 1, MOST)
    purposes = {one.key: (one.vi, one.en) for one in in_force_now(at).rules.purposes}
    asked = Appeal.objects.filter(eye=eye).select_related("asked_by", "incident")
    held = _held(cameras)
    found = [
        *(_look(one, purposes) for one in looks.select_related("user").prefetch_related("user__assignments")[:upto]), *held,
        *(Use(one.asked, UseKind.ASKED, _roles(one.asked_by, one.asked), reference=one.incident.sign) for one in asked),
    ]  # fmt: skip
    found.sort(key=lambda one: one.at, reverse=True)
    page = tuple(found[skip : skip + ON_A_PAGE])
    return Uses(page, looks.count() + len(held) + asked.count(), len(found) > skip + ON_A_PAGE)


def _look(one: Look, purposes: dict[str, tuple[str, str]]) -> Use:
    said = purposes.get(one.purpose_key, (one.purpose_key, one.purpose_key))
    return Use(one.at, UseKind(one.kind), _roles(one.user, one.at), said, one.reference, one.span_start, one.span_end)


def _held(cameras: frozenset[str]) -> list[Use]:
    spans = {one.hold: one for one in HeldSpan.objects.filter(camera__in=cameras)}
    steps = HoldStep.objects.filter(hold__in=spans, code=StepCode.SET).select_related("by") if spans else ()
    return [
        Use(step.at, UseKind.HELD, _roles(step.by, step.at), reference=step.reference, start=spans[step.hold].start,
            end=spans[step.hold].end)
        for step in steps
    ]  # fmt: skip


def _roles(user: User | None, at: datetime) -> tuple[str, ...]:
    """Those that the person had at that moment, also where the account is off since; empty: the program itself."""
    return tuple(sorted({one.role for one in user.assignments.all() if is_in_force(one, at)})) if user is not None else ()
