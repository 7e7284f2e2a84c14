"""Quy chế → Hình được giữ: which footage is held, for what and until when; setting, renewing and lifting a hold."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.base.letters import fold
from luytre.civic.access.assignments import roles_of
from luytre.civic.access.models import LookKind, Role, User
from luytre.civic.access.permissions import may_use
from luytre.civic.ports import RecorderDown
from luytre.civic.registry.holds import (
    HOLDS_NOW,
    STATE_WORDS,
    Hold,
    HoldState,
    all_holds,
    ending_soon,
    hold_of,
    holdable,
    lift_hold,
    may_change,
    renew_hold,
    seen_by,
    set_hold,
)
from luytre.civic.registry.models import Camera, HeldSpan, StepCode
from luytre.civic.registry.order import in_order, name_key
from luytre.civic.registry.scope import cameras_of
from luytre.web.camera_groups import camera_groups
from luytre.web.forms_holds import HoldForm, LiftForm, RenewForm, as_typed, tell
from luytre.web.ports import ports
from luytre.web.sheets import SHEET_TYPE, safe_cell
from luytre.web.views.health import ask_status
from luytre.web.views.pages import person

COUNTING_S = 3.0
"""How long the recorder is asked what is left of a hold's footage, before the page says that it does not know."""
ON_A_PAGE = 50
NOW, ALL = "now", "all"


@dataclass(frozen=True, slots=True)
class Line:
    """A hold as the list has it."""

    hold: Hold
    state: HoldState
    words: str
    cameras: str
    days_left: int


@dataclass(frozen=True, slots=True)
class Left:
    """One span, and what the recorder has of it: seconds and bytes, None where it does not say."""

    span: HeldSpan
    camera: str
    asked_s: float
    covered_s: float | None
    size_bytes: int
    is_kept: bool | None
    """Whether the recorder names it among the holds in force; None where it does not say."""
    may_look: bool
    """Whether playback opens for this person: a camera out of use has none."""

    @property
    def start_s(self) -> int:
        return int(self.span.start.timestamp())

    @property
    def is_whole(self) -> bool:
        return self.covered_s is not None and self.covered_s >= self.asked_s - 2.0


@dataclass(frozen=True, slots=True)
class Filter:
    """The list's filters as they stand in the address; what is no state or camera is left out."""

    state: str = NOW
    camera: str = ""
    words: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Filter:
        state = request.GET.get("state", NOW)
        known = state in (NOW, ALL, *map(str, HoldState))
        return cls(state if known else NOW, request.GET.get("camera", "")[:63], request.GET.get("q", "").strip()[:120])

    def takes(self, one: Hold, at: datetime) -> bool:
        state = one.state(at)
        if self.state not in (ALL, state) and not (self.state == NOW and state in HOLDS_NOW):
            return False
        if self.camera and self.camera not in one.cameras:
            return False
        said = fold(" ".join([one.first.reference, *(step.reason for step in one.steps)]))
        return all(word in said for word in fold(self.words).split())


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    user, now, wanted = person(request), timezone.now(), Filter.of(request)
    seen, names = seen_by(user, all_holds(), now), shown_names(user, now)
    found = [one for one in seen if wanted.takes(one, now)]
    shown = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    keys = {key for one in seen for key in one.cameras if key in names}
    context = {
        "wanted": wanted,
        "lines": [_line(one, names, now) for one in shown.object_list],
        "shown": shown,
        "query": query.urlencode(),
        "any": bool(seen),
        "nothing_yours": not names,
        "states": _states(),
        "cameras": sorted(((key, names[key]) for key in keys), key=lambda pair: name_key(pair[1])),
        "may_set": may_use("hold_new", roles_of(user, now)),
        "ending": ending_of(seen, now),
        "disk_held": _disk_is_held(),
    }
    return render(request, "holds.html", context)


@require_GET
def sheet(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, a row for each step and camera's span of a hold, as .xlsx."""
    from tablib import Dataset

    user, now, wanted = person(request), timezone.now(), Filter.of(request)
    names = shown_names(user, now)
    words = (_("Number"), _("State"), _("Held until the end of"), _("Row"), _("Time"), _("What was done"), _("Why"), _("Person"),
             _("Camera"), _("Footage from"), _("Footage to"))  # fmt: skip
    table = Dataset(headers=words, title="Holds")
    for one in seen_by(user, all_holds(), now):
        if wanted.takes(one, now):
            for cells in _rows(one, names, now):
                table.append([safe_cell(cell) if isinstance(cell, str) else cell for cell in cells])
    name = f"hinh-duoc-giu-{timezone.localdate(now).isoformat()}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(table.export("xlsx"), content_type=SHEET_TYPE, headers=headers)


def _rows(one: Hold, names: dict[str, str], at: datetime) -> Iterator[list[str | int]]:
    """First its steps, then its spans; cameras that the person may not know are left out."""
    head = [one.first.reference, _(STATE_WORDS[one.state(at)]), f"{one.last_day:%d/%m/%Y}"]
    for step in one.steps:
        yield [*head, step.seq, as_typed(step.at), _(str(StepCode(step.code).label)), step.reason, str(step.by or ""), "", "", ""]
    for span in one.spans:
        if span.camera in names:
            yield [*head, span.seq, "", "", "", "", names[span.camera], as_typed(span.start), as_typed(span.end)]


def _states() -> list[tuple[str, str]]:
    states = [(str(state), _(words)) for state, words in STATE_WORDS.items() if state is not HoldState.IN_FORCE]
    return [(NOW, _("held")), *states, (ALL, _("all holds"))]


def shown_names(user: User, at: datetime) -> dict[str, str]:
    """Names of cameras by key: all for the auditor, who sees no picture, else those whose footage the person may look at."""
    if Role.AUDITOR in roles_of(user, at):
        return dict(Camera.objects.values_list("key", "name"))
    return {key: camera.name for key, camera in holdable(user, at).items()}


def _line(one: Hold, names: dict[str, str], at: datetime) -> Line:
    state = one.state(at)
    known = [names[key] for key in one.cameras if key in names]
    others = len(one.cameras) - len(known)
    said = [*known, *([_("%(count)d outside your area") % {"count": others}] if others else [])]
    return Line(one, state, _(STATE_WORDS[state]), ", ".join(said), one.days_left(at))


@require_GET
def due(request: HttpRequest) -> HttpResponse:
    """A part of the wall and of the health page, asked for now and then: a wall stands open for days."""
    now = timezone.now()
    return render(request, "parts/holds_due.html", {"ending": seen_by(person(request), ending_soon(now), now)})


def ending_of(seen: Iterable[Hold], at: datetime) -> list[Hold]:
    """Those that end soon, the first to end first: they are told before it is too late."""
    return sorted((one for one in seen if one.state(at) is HoldState.ENDING), key=lambda one: one.until)


def _disk_is_held() -> bool:
    """That footage on hold fills the disk, so that nothing is recorded any more."""
    status, _down = ask_status()
    return status is not None and status.archive.state == "held"


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """GET: the form, filled with what the address names (`cameras`, `from`, `to` in UTC seconds, `reference`)."""
    user, now = person(request), timezone.now()
    mine = holdable(user, now)
    form = HoldForm(mine.values(), now, request.POST if request.method == "POST" else None, initial=_asked(request, mine, now))
    if request.method == "POST" and form.is_valid():
        try:
            made = set_hold(user, form.wanted(), now)
        except ValidationError as error:
            tell(form, error)
        else:
            _told_recorder(request, _("The footage is held."))
            return redirect("hold", made.key)
    context = {"form": form, "groups": camera_groups(in_order(mine.values()))}
    return render(request, "hold_new.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest, mine: dict[str, Camera], now: datetime) -> dict[str, Any]:
    said: dict[str, Any] = {"reference": request.GET.get("reference", "").replace("\0", "")[:120]}
    said["cameras"] = [key for key in request.GET.get("cameras", "").split(",") if key in mine]
    for name, field in (("from", "start"), ("to", "end")):
        moment = _moment(request.GET.get(name, ""), now)
        if moment is not None:
            said[field] = as_typed(moment)
    return said


def _moment(text: str, now: datetime) -> datetime | None:
    """UTC seconds; what is later than now is now."""
    try:
        return min(datetime.fromtimestamp(float(text), UTC), now)
    except (ValueError, OverflowError, OSError):
        return None


def _told_recorder(request: HttpRequest, words: str) -> None:
    """The recorder pulls its list at once; where it does not answer the page says so, and what that means."""
    if ports().recorder.refresh():
        messages.success(request, words)
        return
    late = _("The recorder does not answer now: it learns of this within ten seconds of answering again.")
    messages.warning(request, f"{words} {late}")


def _seen(request: HttpRequest, key: str, at: datetime) -> Hold:
    """The hold, where the person may read of it; else it is as if there were none."""
    found = hold_of(key)
    if found is None or not seen_by(person(request), [found], at):
        raise Http404
    return found


@require_GET
def one(request: HttpRequest, hold: str) -> HttpResponse:
    now = timezone.now()
    found = _seen(request, hold, now)
    return _page(request, found, now, RenewForm(), LiftForm())


@require_POST
def renew(request: HttpRequest, hold: str) -> HttpResponse:
    now = timezone.now()
    found, form = _seen(request, hold, now), RenewForm(request.POST)
    if form.is_valid():
        try:
            renew_hold(person(request), found, form.cleaned_data["last_day"], form.cleaned_data["reason"], now)
        except ValidationError as error:
            tell(form, error)
        else:
            _told_recorder(request, _("The hold was renewed."))
            return redirect("hold", found.key)
    return _page(request, found, now, form, LiftForm())


@require_POST
def lift(request: HttpRequest, hold: str) -> HttpResponse:
    now = timezone.now()
    found, form = _seen(request, hold, now), LiftForm(request.POST)
    if form.is_valid():
        try:
            lift_hold(person(request), found, form.cleaned_data["why"], now)
        except ValidationError as error:
            tell(form, error)
        else:
            _told_recorder(request, _("The hold was lifted. Its footage is kept as long as any other, and no longer."))
            return redirect("hold", found.key)
    return _page(request, found, now, RenewForm(), form)


def _page(request: HttpRequest, found: Hold, now: datetime, renewing: RenewForm, lifting: LiftForm) -> HttpResponse:
    user = person(request)
    names, state = shown_names(user, now), found.state(now)
    context = {
        "hold": found,
        "line": _line(found, names, now),
        "spans": _left(found, names, set(cameras_of(user, LookKind.HISTORY, now).values_list("key", flat=True))),
        "others": sum(key not in names for key in found.cameras),
        "state": state,
        "is_held": state in HOLDS_NOW,
        "may_change": state is not HoldState.LIFTED and may_change(user, found, now),
        "renewing": renewing,
        "lifting": lifting,
    }
    return render(request, "hold.html", context, status=422 if renewing.errors or lifting.errors else 200)


def _left(found: Hold, names: dict[str, str], looked: AbstractSet[str]) -> list[Left]:
    """Its spans of cameras that the person may know, with what is left of each. `looked`: cameras that playback opens."""
    status, _down = ask_status()
    kept = status.archive.holds if status is not None else None
    deadline = time.monotonic() + COUNTING_S
    spans = [span for span in found.spans if span.camera in names]
    told = []
    for span in spans:
        covered_s, size_bytes = _covered(span) if status is not None and time.monotonic() < deadline else (None, 0)
        asked_s = (span.end - span.start).total_seconds()
        is_kept = None if kept is None else span.key in kept
        told.append(Left(span, names[span.camera], asked_s, covered_s, size_bytes, is_kept, span.camera in looked))
    return told


def _covered(span: HeldSpan) -> tuple[float | None, int]:
    """Seconds and bytes of footage that there are of a span; None where the recorder does not say."""
    try:
        days = ports().recorder.days(span.camera, span.start, span.end)
    except RecorderDown:
        return None, 0
    return sum(day.covered_s for day in days), sum(day.size_bytes for day in days)
