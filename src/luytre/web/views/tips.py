"""Trực ban → Tin báo: what residents told: read, given to a hamlet, answered, closed, made an incident."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from luytre.civic.access.models import Unit
from luytre.civic.incidents.desk import incident_of
from luytre.civic.registry.models import Camera, Hamlet
from luytre.civic.registry.order import hamlets_in_order
from luytre.civic.registry.places import hamlet_unit
from luytre.civic.rights.kinds import Subject
from luytre.civic.rights.waiting import restrictions
from luytre.civic.tips import copies, desk
from luytre.civic.tips.kinds import LIFE, Kind
from luytre.civic.tips.models import End, State, StepCode, Tip, TipPicture, TipRelease, TipStep
from luytre.civic.tips.scope import handles, tips_of
from luytre.civic.tips.taking import file_of
from luytre.web.byte_ranges import part_of
from luytre.web.carrying_out import carry_out
from luytre.web.forms_tips import CloseTipForm, GiveForm, ReleaseForm, ReopenTipForm, WriteForm
from luytre.web.kind_filters import ALL, OPEN, KindFilter
from luytre.web.register_words import choices
from luytre.web.ticket_words import unit_names
from luytre.web.views.pages import person
from luytre.web.views.tip_public import tip_folder
from luytre.web.watchers import watchers

ON_A_PAGE = 50
BEFORE_S = 300
"""So long before the moment that was told playback begins."""


@dataclass(frozen=True, slots=True)
class Row:
    tip: Tip
    kind: str
    state: str
    life: bool


def _row(tip: Tip) -> Row:
    return Row(tip, _(str(Kind(tip.kind).label)), _(str(State(tip.state).label)), tip.kind in LIFE)


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    wanted, mine = KindFilter.of(request, (ALL, *State.values)), tips_of(person(request), timezone.now())
    shown = Paginator(wanted.narrow(mine.select_related("hamlet"), lambda one: f"{one.words} {one.place}"), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    query = request.GET.copy()
    query.pop("page", None)
    states = [(OPEN, _("not closed")), *choices(State), (ALL, _("all of them"))]
    context = {
        "wanted": wanted, "rows": [_row(one) for one in shown.object_list], "shown": shown, "query": query.urlencode(),
        "any": mine.exists(), "states": states, "kinds": choices(Kind), "hamlets": hamlets_in_order(Hamlet.objects.all()),
    }  # fmt: skip
    return render(request, "tips.html", context | {"may_poster": handles(person(request), timezone.now())})


@require_GET
def one(request: HttpRequest, key: str) -> HttpResponse:
    """An officer who opens it has read it; a hamlet's people only look."""
    tip, now = _seen(request, key), timezone.now()
    if tip.state == State.NEW and handles(person(request), now):
        desk.read(person(request), tip, now)
        tip = _seen(request, key)
    return page_of(request, tip)


def _seen(request: HttpRequest, key: str) -> Tip:
    """The tip, where the person reads it; else it is as if there were none."""
    found = tips_of(person(request), timezone.now()).select_related("hamlet", "given")
    return get_object_or_404(found, key=key)


def page_of(request: HttpRequest, tip: Tip, number: str = "", **bound: Any) -> HttpResponse:
    """`bound`: the form that was sent and refused, by its name. `number`: the telephone, once asked for."""
    now, user = timezone.now(), person(request)
    officer = handles(user, now)
    names = unit_names(set(Unit.objects.values_list("pk", flat=True)), now)
    forms: dict[str, Any] = {
        "giving": GiveForm(_offered(), initial={"unit": str(tip.given_id or "")}), "writing": WriteForm(),
        "closing": CloseTipForm(), "reopening": ReopenTipForm(), "releasing": ReleaseForm(),
    }  # fmt: skip
    context = forms | bound | {
        "row": _row(tip), "tip": tip, "officer": officer, "number": number, "has_number": bool(tip.sealed_phone),
        "end": _(str(End(tip.end).label)) if tip.end else "", "pictures": tip.pictures.all(),
        **_copies(tip), "restrictions": restrictions(Subject.TIP, tip.key),
        "messages_": tip.messages.select_related("by"), "given": names.get(tip.given_id or 0, ""),
        "steps": [(step, _(str(StepCode(step.code).label)), _unit_words(step, names)) for step in desk.steps_of(tip)],
        "near": [(other, _row(other.tip)) for other in desk.near(tip, _around(tip))] if officer else [],
        "seers": watchers(user, tip.latitude, tip.longitude, _watched_from(tip), now),
        "camera": Camera.objects.filter(key=tip.camera).first() if tip.camera else None,
        "at": tip.happened or tip.received, "incident": incident_of(tip) if officer else None,
        "release": TipRelease.objects.filter(tip=tip).first() if officer else None,
    }  # fmt: skip
    return render(request, "tip.html", context, status=422 if bound else 200)


def _copies(tip: Tip) -> dict[str, Any]:
    """What a hamlet's people see of the photos, and how many they do not."""
    shown = list(copies.shown(tip))
    return {"copies": shown, "hidden": tip.pictures.count() - len(shown)}


def _unit_words(step: TipStep, names: dict[int, str]) -> str:
    if step.code != StepCode.GIVEN:
        return _(str(End(step.end).label)) if step.end else ""
    place = Unit.objects.filter(place=step.unit).first() if ":" in step.unit else None
    return names.get(place.pk, step.unit) if place else _("commune police alone") if not step.unit else step.unit


def _around(tip: Tip) -> QuerySet[Tip]:
    span = (tip.received - desk.NEAR_TIME, tip.received + desk.NEAR_TIME)
    return Tip.objects.filter(kind=tip.kind, received__range=span, erased=None)


def _offered() -> list[tuple[str, str]]:
    return [(str(hamlet_unit(one).pk), one.name) for one in hamlets_in_order(Hamlet.objects.all())]


def _watched_from(tip: Tip) -> int:
    """From when its cameras are looked at: a little before what is over, at once what goes on."""
    return int((tip.happened or tip.received).timestamp()) - (0 if tip.happening else BEFORE_S)


# --- what officers do -------------------------------------------------------------------------------------------------
def handled(request: HttpRequest, key: str) -> Tip:
    """As `_seen`, for officers alone."""
    if not handles(person(request), timezone.now()):
        raise Http404
    return _seen(request, key)


def _done(request: HttpRequest, tip: Tip, name: str, form: Any, do: Callable[[], object], words: str) -> HttpResponse:
    return carry_out(request, form, do, words, lambda: redirect("tip", tip.key), lambda: page_of(request, tip, **{name: form}))


@require_POST
def give(request: HttpRequest, key: str) -> HttpResponse:
    tip, form = handled(request, key), GiveForm(_offered(), request.POST)

    def do() -> None:
        chosen = form.cleaned_data["unit"]
        desk.give(
            person(request), tip, Unit.objects.get(pk=chosen) if chosen else None, form.cleaned_data["note"], timezone.now()
        )

    return _done(request, tip, "giving", form, do, _("It was given."))


@require_POST
def write(request: HttpRequest, key: str) -> HttpResponse:
    tip, form = handled(request, key), WriteForm(request.POST)
    return _done(
        request, tip, "writing", form, lambda: desk.write(person(request), tip, form.cleaned_data["words"], timezone.now()),
        _("The sender reads it under the code."),
    )  # fmt: skip


@require_POST
def close(request: HttpRequest, key: str) -> HttpResponse:
    tip, form = handled(request, key), CloseTipForm(request.POST)
    return _done(
        request, tip, "closing", form,
        lambda: desk.close(person(request), tip, form.cleaned_data["end"], form.cleaned_data["answer"], timezone.now()),
        _("Closed. The sender reads the answer under the code."),
    )  # fmt: skip


@require_POST
def reopen(request: HttpRequest, key: str) -> HttpResponse:
    tip, form = handled(request, key), ReopenTipForm(request.POST)
    return _done(
        request, tip, "reopening", form, lambda: desk.reopen(person(request), tip, form.cleaned_data["why"], timezone.now()),
        _("It is open again."),
    )  # fmt: skip


@require_POST
def number(request: HttpRequest, key: str) -> HttpResponse:
    """Shows the telephone number, once it is written down that somebody looked."""
    tip = handled(request, key)
    return page_of(request, tip, desk.look_at_number(person(request), tip, timezone.now()))


@require_GET
def picture(request: HttpRequest, key: str, sha256: str) -> HttpResponse:
    """As it was sent, for commune police alone. Of a video any part (RFC 9110 §14), so that one can go back and forth in it."""
    found = TipPicture.objects.filter(tip=handled(request, key), sha256=sha256).first()
    if found is None:
        raise Http404
    try:
        data = file_of(tip_folder(), found).read_bytes()
    except FileNotFoundError as error:
        raise Http404 from error
    headers = {"Cache-Control": "private, no-store", "Accept-Ranges": "bytes"}
    content_type = "image/jpeg" if found.seconds is None else "video/mp4"
    part = part_of(request.headers.get("Range", ""), len(data))
    if part is None:
        return HttpResponse(data, content_type=content_type, headers=headers)
    first, last = part
    headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
    return HttpResponse(data[first : last + 1], status=206, content_type=content_type, headers=headers)
