"""Trực ban → Thông báo truy tìm: vehicles and things looked for, where they were seen, until when. No machine reads plates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.base.letters import fold
from luytre.civic.access.models import LookKind, User
from luytre.civic.bulletins import desk, pictures, plates
from luytre.civic.bulletins.erasing import KEPT_DAYS
from luytre.civic.bulletins.models import MOST_PLACE, MOST_TITLE, Bulletin, BulletinStep, End, Kind, Sighting, StepCode
from luytre.civic.bulletins.paper import sheet_of
from luytre.civic.bulletins.pictures import Picture
from luytre.civic.bulletins.scope import bulletins_of, in_force_of, issues, withdraws
from luytre.civic.incidents.models import Incident
from luytre.civic.incidents.scope import incidents_of
from luytre.civic.registry.models import Camera
from luytre.civic.registry.order import hamlets_in_order
from luytre.civic.registry.scope import cameras_of
from luytre.civic.survey.photos import MOST_BYTES
from luytre.web.carrying_out import carry_out
from luytre.web.forms_bulletins import BulletinForm, EndForm, ProlongForm, SeenForm, kept_text, standing_words
from luytre.web.forms_tips import local_input
from luytre.web.register_words import choices
from luytre.web.views.pages import person

ON_A_PAGE = 50
IN_A_LINE = 2
"""So many the wall's line names."""
BEFORE_S = 60
"""So long before the moment of a sighting playback begins."""
IN_FORCE, ENDED, ALL = "open", "ended", "all"


@dataclass(frozen=True, slots=True)
class Row:
    """A bulletin as lists have it. `last_day`: a moment of it."""

    bulletin: Bulletin
    kind: str
    standing: str
    in_force: bool
    last_day: datetime
    seen: int = 0


@dataclass(frozen=True, slots=True)
class SeenRow:
    """A sighting; `url` leads to its camera at that minute (empty: no camera, or not the reader's to look back at)."""

    sighting: Sighting
    camera: str
    url: str


def row_of(one: Bulletin, now: datetime, seen: int = 0) -> Row:
    in_force = one.in_force(now)
    words = standing_words(in_force=in_force, end=one.end)
    return Row(one, _(str(Kind(one.kind).label)), words, in_force, one.until - timedelta(seconds=1), seen)


def rows_in_force(user: User, now: datetime) -> list[Row]:
    """What is looked for now, as other pages show it."""
    found = in_force_of(user, now).prefetch_related("sightings")
    return [row_of(one, now, len(one.sightings.all())) for one in found]


def folder() -> Path:
    return Path(settings.ENVIRONMENT.data) / "bulletins"


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """`?q=`: words without accents, or a plate in any writing; `?state=`, `?kind=`."""
    user, now = person(request), timezone.now()
    words, state, kind = request.GET.get("q", "").strip()[:120], request.GET.get("state", ""), request.GET.get("kind", "")
    state, kind = state if state in (ENDED, ALL) else IN_FORCE, kind if kind in Kind.values else ""
    mine = bulletins_of(user, now).prefetch_related("sightings")
    found = [one for one in mine if _fits(one, state, kind, now) and _has(one, words)]
    shown = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "rows": [row_of(one, now, len(one.sightings.all())) for one in shown.object_list], "shown": shown,
        "query": query.urlencode(), "words": words, "state": state, "kind": kind, "kinds": choices(Kind),
        "states": [(IN_FORCE, _("in force")), (ENDED, _("ended")), (ALL, _("all of them"))], "any": bool(mine),
        "may_issue": issues(user, now),
    }  # fmt: skip
    return render(request, "bulletins.html", context)


def _fits(one: Bulletin, state: str, kind: str, now: datetime) -> bool:
    return (state == ALL or one.in_force(now) == (state == IN_FORCE)) and kind in ("", one.kind)


def _has(one: Bulletin, typed: str) -> bool:
    plate = plates.plain_plate(typed)
    if len(plate) >= plates.LEAST_SOUGHT and plate in one.plate_plain:
        return True
    text = fold(f"{one.sign} {one.title} {one.plate} {one.plate_plain} {one.look} {one.place} {one.words}")
    return all(word in text for word in fold(typed).split())


@require_GET
def line(request: HttpRequest) -> HttpResponse:
    """What is looked for, in one line, for the wall."""
    rows = rows_in_force(person(request), timezone.now())
    return render(request, "parts/bulletin_line.html", {"rows": rows[:IN_A_LINE], "more": max(0, len(rows) - IN_A_LINE)})


# --- issuing ----------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """`?incident=KEY`: what it is about stands in the form already; `?from=KEY`: as another one, to mend or renew it."""
    user, now = person(request), timezone.now()
    if not issues(user, now):
        raise Http404
    incident = incidents_of(user, now).filter(key=request.GET.get("incident", "")[:20]).first()
    older = bulletins_of(user, now).filter(key=request.GET.get("from", "")[:20], erased=None).first()
    incident = incident or (older.incident if older else None)
    if request.method == "GET":
        form = BulletinForm(initial=_initial(incident, older, now))
        return _form(request, form, incident)
    sent = request.POST.copy()
    form = BulletinForm(sent)
    picture = _picture(request, form)
    if form.is_valid():
        try:
            made = desk.issue(user, form.draft(incident, picture), now)
        except ValidationError as error:
            form.tell(error)
        else:
            return _issued(request, made)
    sent["kept"] = kept_text(picture) if picture else ""  # what is shown again has it with it
    return _form(request, form, incident)


def _issued(request: HttpRequest, made: Bulletin) -> HttpResponse:
    messages.success(request, _("Bulletin %(sign)s is issued.") % {"sign": made.sign})
    if made.plate and not plates.looks_like_plate(made.plate):
        messages.warning(
            request, _("“%(plate)s” does not look like a Vietnamese licence plate: read it once more.") % {"plate": made.plate}
        )
    return redirect("bulletin", made.key)


def _form(request: HttpRequest, form: BulletinForm, incident: Incident | None) -> HttpResponse:
    context = {"form": form, "incident": incident, "has_picture": form.kept_picture() is not None}
    return render(request, "bulletin_new.html", context, status=422 if form.is_bound else 200)


def _picture(request: HttpRequest, form: BulletinForm) -> Picture | None:
    """The one that was sent now, else the one that came before; what cannot be taken is said at its field."""
    upload = request.FILES.get("picture")
    if upload is None:
        kept = form.kept_picture()
        return kept if kept and pictures.read(folder(), kept.sha256) else None
    try:
        return pictures.keep(folder(), upload.read(MOST_BYTES + 1))
    except ValidationError as error:
        form.is_valid()
        form.tell(error)
        return None


def _initial(incident: Incident | None, older: Bulletin | None, now: datetime) -> dict[str, Any]:
    """The incident's own words stay there: people concerned may be named in them."""
    initial: dict[str, Any] = {"last_day": timezone.localdate(now) + timedelta(days=desk.USUAL_DAYS)}
    if older is not None:
        picture = Picture(older.sha256, older.width_px, older.height_px)
        return initial | {
            "kind": older.kind, "title": older.title, "plate": older.plate, "look": older.look, "place": older.place,
            "words": older.words, "since": local_input(older.since) if older.since else "",
            "hamlets": [str(one) for one in older.hamlets.values_list("hamlet", flat=True)],
            "kept": kept_text(picture) if older.sha256 else "",
        }  # fmt: skip
    if incident is None:
        return initial
    where = ", ".join(filter(None, [incident.place, incident.hamlet.name if incident.hamlet else ""]))
    return initial | {
        "title": incident.title[:MOST_TITLE], "place": where[:MOST_PLACE], "since": local_input(incident.happened),
        "plate": plates.plate_in(f"{incident.title} {incident.words}"),
    }  # fmt: skip


# --- one bulletin -----------------------------------------------------------------------------------------------------
@require_GET
def one(request: HttpRequest, key: str) -> HttpResponse:
    """An officer who opens it has read where it was seen."""
    found, user, now = seen(request, key), person(request), timezone.now()
    if issues(user, now) and found.sightings.filter(read=None).exclude(by=user).exists():
        desk.read_sightings(user, found, now)
    return _page(request, found)


def seen(request: HttpRequest, key: str) -> Bulletin:
    return get_object_or_404(bulletins_of(person(request), timezone.now()).select_related("issued_by", "incident"), key=key)


def _page(request: HttpRequest, found: Bulletin, **bound: Any) -> HttpResponse:
    """`bound`: the form that was sent and refused, by its name."""
    user, now = person(request), timezone.now()
    officer, cameras = issues(user, now), cameras_of(user, at=now)
    initial = {"seen_camera": request.GET.get("camera", "")}
    forms: dict[str, Any] = {
        "telling": SeenForm(cameras, initial=initial), "prolonging": ProlongForm(), "ending": EndForm(head=withdraws(user, now)),
    }  # fmt: skip
    hamlets = hamlets_in_order(one.hamlet for one in found.hamlets.select_related("hamlet"))
    context = forms | bound | {
        "row": row_of(found, now), "bulletin": found, "officer": officer, "hamlets": hamlets, "kept_days": KEPT_DAYS,
        "sightings": _sightings(found, user, now),
        "steps": [_step(one) for one in desk.steps_of(found)] if officer else [],
        "incident": incidents_of(user, now).filter(pk=found.incident_id).first() if found.incident_id else None,
    }  # fmt: skip
    return render(request, "bulletin.html", context, status=422 if bound else 200)


def _sightings(found: Bulletin, user: User, now: datetime) -> list[SeenRow]:
    rows = list(found.sightings.select_related("by", "hamlet"))
    officer = issues(user, now)
    known = Camera.objects.all() if officer else cameras_of(user, at=now)  # to others a camera outside their scope does not exist
    names = dict(known.filter(key__in={one.camera for one in rows if one.camera}).values_list("key", "name"))
    back = set(cameras_of(user, LookKind.HISTORY, now).values_list("key", flat=True)) if officer and names else set()
    return [SeenRow(one, names.get(one.camera, ""), _footage(one) if one.camera in back else "") for one in rows]


def _footage(one: Sighting) -> str:
    return f"{reverse('playback')}?{urlencode({'cameras': one.camera, 'at': int(one.seen.timestamp()) - BEFORE_S})}"


def _step(step: BulletinStep) -> tuple[BulletinStep, str, datetime | None]:
    """What happened in words, and until when it was in force then."""
    words = _(str(StepCode(step.code).label))
    if step.end:
        words = f"{words}: {_(str(End(step.end).label))}"
    return step, words, step.until - timedelta(seconds=1) if step.until else None


@require_GET
def picture(request: HttpRequest, key: str) -> HttpResponse:
    data = pictures.read(folder(), seen(request, key).sha256)
    if not data:
        raise Http404
    return HttpResponse(data, content_type="image/jpeg", headers={"Cache-Control": "private, no-store"})


@require_GET
def paper(request: HttpRequest, key: str) -> HttpResponse:
    found = seen(request, key)
    if found.erased is not None:
        raise Http404
    made = sheet_of(found, pictures.read(folder(), found.sha256), timezone.now())
    name = f"thong-bao-truy-tim-{found.number}-{found.year}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


# --- what is done -----------------------------------------------------------------------------------------------------
def _act(request: HttpRequest, found: Bulletin, name: str, form: Any, do: Callable[[], object], words: str) -> HttpResponse:
    return carry_out(
        request, form, do, words, lambda: redirect("bulletin", found.key), lambda: _page(request, found, **{name: form})
    )


@require_POST
def tell(request: HttpRequest, key: str) -> HttpResponse:
    found, user, now = seen(request, key), person(request), timezone.now()
    form = SeenForm(cameras_of(user, at=now), request.POST)
    return _act(
        request, found, "telling", form, lambda: desk.tell_seen(user, found, form.seen(now), now),
        _("Written down, and told to whoever issued the bulletin."),
    )  # fmt: skip


@require_POST
def prolong(request: HttpRequest, key: str) -> HttpResponse:
    found, form = seen(request, key), ProlongForm(request.POST)
    return _act(
        request, found, "prolonging", form, lambda: desk.prolong(person(request), found, *form.chosen(), timezone.now()),
        _("It is in force longer."),
    )  # fmt: skip


@require_POST
def end(request: HttpRequest, key: str) -> HttpResponse:
    found, user, now = seen(request, key), person(request), timezone.now()
    form = EndForm(request.POST, head=withdraws(user, now))
    return _act(
        request, found, "ending", form, lambda: desk.close(user, found, *form.chosen(), now), _("The bulletin is closed.")
    )  # fmt: skip
