"""Trực ban → Đơn xin xem hình: what residents and other authorities ask to see; held, decided by the head, shown, closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.base.letters import fold
from luytre.civic.access.assignments import roles_of
from luytre.civic.access.looks import Reason
from luytre.civic.access.models import LookKind, Role, User
from luytre.civic.incidents.models import Incident
from luytre.civic.incidents.scope import incidents_of
from luytre.civic.incidents.seeing import seers
from luytre.civic.petitions import desk, scans
from luytre.civic.petitions.cases import incident_of
from luytre.civic.petitions.footage import Footage, Outlook, footage_of, offered, outlook, place_of
from luytre.civic.petitions.kinds import About, Decision, End, Refusal, Source, State
from luytre.civic.petitions.models import Petition, PetitionStep, StepCode
from luytre.civic.petitions.paper import letter_of, receipt_of
from luytre.civic.petitions.taking import enter
from luytre.civic.petitions.waiting import Pressing, one_of, pressing
from luytre.civic.registry.holds import hold_of, holdable
from luytre.civic.registry.models import Camera
from luytre.civic.rights.kinds import Subject
from luytre.civic.rights.waiting import restrictions
from luytre.civic.tips.answering import Sender
from luytre.civic.tips.scope import handles
from luytre.civic.workdays.book import holidays_at
from luytre.web import reasons
from luytre.web.carrying_out import carry_out
from luytre.web.forms_petitions import (
    ClipPetitionForm,
    DecidePetitionForm,
    LetterForm,
    NotePetitionForm,
    ShowPetitionForm,
    WritePetitionForm,
    shown_initial,
)
from luytre.web.register_words import choices
from luytre.web.uploads import BoundedDiskHandler, DiskUpload
from luytre.web.views.pages import person

ON_A_PAGE = 50
OPEN = "open"
PURPOSE = "request"
"""The key that the proposal of the regulation gives to answering citizens."""


@dataclass(frozen=True, slots=True)
class Row:
    pressing: Pressing
    about: str
    state: str
    finish: str

    @property
    def petition(self) -> Petition:
        return self.pressing.petition


@dataclass(frozen=True, slots=True)
class Line:
    """A step in words; `link` leads to what it is about."""

    step: PetitionStep
    what: str
    more: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """A camera that may be concerned: `url` opens playback at its minute, with purpose and number filled in."""

    footage: Footage
    named: bool
    url: str
    sees: bool = False
    """Whether it has the place in view, as far as a point is known."""


def folder() -> Path:
    """Where scans are kept."""
    return Path(settings.ENVIRONMENT.data) / "petitions"


def _row(one: Pressing) -> Row:
    petition = one.petition
    finish = _(str(End(petition.finish).label)) if petition.finish else ""
    return Row(one, _(str(About(petition.about).label)), _(str(State(petition.state).label)), finish)


# --- the list ---------------------------------------------------------------------------------------------------------
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """What is open, the most pressing first; or all by when they came in."""
    _handled(request)
    now, state, typed = timezone.now(), request.GET.get("state", OPEN), request.GET.get("q", "").strip()[:120]
    found = pressing(now) if state == OPEN else [Pressing(one, False, False) for one in _all(state)]
    words = fold(typed).split()
    listed = [one for one in found if all(word in fold(_said(one.petition)) for word in words)]
    shown = Paginator(listed, ON_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "rows": [_row(one) for one in shown.object_list], "shown": shown, "query": query.urlencode(), "q": typed, "state": state,
        "states": [(OPEN, _("not finished with")), *choices(State), ("all", _("all of them"))], "now": now,
        "any": Petition.objects.exists(),
    }  # fmt: skip
    return render(request, "petitions.html", context)


def _all(state: str) -> Any:
    found = Petition.objects.select_related("hamlet")
    return found.filter(state=state) if state in State.values else found


def _said(one: Petition) -> str:
    return f"{one.sign} {one.words} {one.place} {one.authority} {one.hamlet.name if one.hamlet else ''}"


def _handled(request: HttpRequest) -> None:
    if not handles(person(request), timezone.now()):
        raise Http404


def _seen(request: HttpRequest, key: str) -> Petition:
    _handled(request)
    return get_object_or_404(Petition.objects.select_related("hamlet", "decided_by", "received_by"), key=key)


# --- an authority's letter --------------------------------------------------------------------------------------------
@csrf_exempt  # the form's token is looked at below, once it is settled where the scan goes
def new(request: HttpRequest) -> HttpResponse:
    request.upload_handlers = [BoundedDiskHandler(request, folder() / "in", scans.MOST_BYTES)]
    return _new(request)


@csrf_protect
@require_http_methods(["GET", "POST"])
def _new(request: HttpRequest) -> HttpResponse:
    _handled(request)
    if request.method == "GET":
        now = timezone.now()
        incident = incidents_of(person(request), now).filter(key=request.GET.get("incident", "")[:20]).first()
        initial = LetterForm.about_incident(incident, now) if incident is not None else None
        return render(request, "petition_new.html", {"form": LetterForm(initial=initial)})
    form, now = LetterForm(request.POST), timezone.now()
    try:
        scan = _scan(request.FILES.get("scan"))
        if form.is_valid():
            made = enter(person(request), form.draft(), form.as_letter(scan), holidays_at(now), now)
            messages.success(request, _("Request %(sign)s is entered.") % {"sign": made.sign})
            return redirect("petition", made.key)
    except ValidationError as error:
        form.is_valid()
        form.tell(error)
    return render(request, "petition_new.html", {"form": form}, status=422)


def _scan(upload: UploadedFile[bytes] | None) -> scans.Scan | None:
    """What was uploaded, kept; the upload itself goes. Errors: ValidationError."""
    if not isinstance(upload, DiskUpload):
        return None
    try:
        if upload.too_large:
            raise ValidationError({"scan": _("The scan is larger than 10 MB: scan it in grey, or take a photo.")})
        return scans.keep(folder(), upload.path.read_bytes())
    finally:
        upload.path.unlink(missing_ok=True)


# --- one petition -----------------------------------------------------------------------------------------------------
@require_GET
def one(request: HttpRequest, key: str) -> HttpResponse:
    petition = _seen(request, key)
    desk.read(person(request), petition, timezone.now())
    return _page(request, _seen(request, key))


def _page(request: HttpRequest, petition: Petition, sender: Sender | None = None, **bound: Any) -> HttpResponse:
    """`bound`: the form that was sent and refused, by its name."""
    user, now = person(request), timezone.now()
    look = outlook(now)
    purposes = list(reasons.offered(LookKind.EXPORT, now))
    forms: dict[str, Any] = {
        "writing": WritePetitionForm(), "noting": NotePetitionForm(), "deciding": DecidePetitionForm(petition),
        "showing": ShowPetitionForm(initial=shown_initial(petition)), "clipping": ClipPetitionForm(purposes),
    }  # fmt: skip
    context = forms | bound | {
        "row": _row(one_of(petition, look, now)), "petition": petition, "sender": sender, "now": now,
        "lanes": _lanes(request, petition, look), "lines": [_line(step) for step in desk.steps_of(petition)],
        "messages_": petition.messages.select_related("by"), "head": Role.HEAD in roles_of(user, now),
        "decision": _(str(Decision(petition.decision).label)) if petition.decision else "",
        "refusal": _(str(Refusal(petition.refusal).label)) if petition.refusal else "",
        "incident": _incident(user, petition, now), "restrictions": restrictions(Subject.PETITION, petition.key),
        "resident": petition.source == Source.RESIDENT, "open": petition.state != State.CLOSED,
        "may_ask_clip": petition.decision == Decision.RAW and petition.state == State.DECIDED and not petition.clip,
        "refused": [form for form in bound.values() if form.non_field_errors()],
        "absent": petition.state == State.DECIDED and petition.meet_at is not None and petition.meet_at <= now,
    }  # fmt: skip
    return render(request, "petition.html", context, status=422 if bound else 200)


def _lanes(request: HttpRequest, petition: Petition, look: Outlook) -> list[Lane]:
    """Cameras that were named, then those that have the place in view, then those that are offered (all, where nothing says
    which); the person's own to look back at."""
    now = timezone.now()
    mine, named = holdable(person(request), now), set(petition.camera_keys)
    cameras = {one.key: one for one in look.cameras if one.key in mine}
    seeing = _seeing(petition, look, cameras)
    near = [*seeing, *(one.key for one in offered(petition, look))] or list(mine)
    keys = dict.fromkeys([*sorted(named), *near])
    found = footage_of(petition, [cameras[key] for key in keys if key in cameras], look, now)
    return [Lane(one, (key := one.camera.key) in named, _playback(petition, key), key in seeing) for one in found]


def _seeing(petition: Petition, look: Outlook, mine: Mapping[str, Camera]) -> list[str]:
    """Those of the person's cameras (keys) that have the petition's place in view, the best first."""
    place = place_of(petition, look)
    in_use = [one for one in mine.values() if not one.archived]
    return [] if place is None else [one.camera.key for one in seers(place, in_use) if one.level is not None]


def _incident(user: User, petition: Petition, now: datetime) -> Incident | None:
    """The incident that it names, for whoever meets it."""
    found = incident_of(petition)
    return found if found is not None and incidents_of(user, now).filter(pk=found.pk).exists() else None


def _playback(petition: Petition, camera: str) -> str:
    """At its minute, with purpose and number as the dialog there asks for them."""
    assert petition.start is not None
    now = timezone.now()
    known = {one.key for one in reasons.offered(LookKind.HISTORY, now)}
    wanted = {"cameras": camera, "at": int(petition.start.timestamp()), "reference": petition.sign}
    return f"{reverse('playback')}?{urlencode(wanted | ({'purpose': PURPOSE} if PURPOSE in known else {}))}"


def _line(step: PetitionStep) -> Line:
    what = _(str(StepCode(step.code).label))
    if step.code == StepCode.DECIDED:
        why = f" ({_(str(Refusal(step.refusal).label))})" if step.refusal else ""
        return Line(step, what, _(str(Decision(step.thing).label)) + why)
    if step.code == StepCode.HELD:
        return Line(step, what, "", reverse("hold", args=[step.thing]) if hold_of(step.thing) else "")
    if step.code == StepCode.CLIP:
        return Line(step, what, "", reverse("clip_request", args=[step.thing]))
    if step.code in (StepCode.SHOWN, StepCode.CAMERAS):
        names = Camera.objects.filter(key__in=step.cameras.split(",")).order_by("name").values_list("name", flat=True)
        return Line(step, what, ", ".join(names) + _span(step))
    if step.code == StepCode.CLOSED:
        return Line(step, what, _(str(End(step.thing).label)))
    return Line(step, what, "")


def _span(step: PetitionStep) -> str:
    if step.start is None or step.end is None:
        return ""
    return f" · {timezone.localtime(step.start):%H:%M}-{timezone.localtime(step.end):%H:%M %d/%m/%Y}"


# --- what officers do -------------------------------------------------------------------------------------------------
def _done(request: HttpRequest, petition: Petition, name: str, form: Any, do: Callable[[], object], words: str) -> HttpResponse:
    return carry_out(
        request, form, do, words, lambda: redirect("petition", petition.key), lambda: _page(request, petition, **{name: form})
    )


def _chosen(request: HttpRequest) -> list[str]:
    """Cameras that were ticked, of those that the person may look back at."""
    mine = holdable(person(request), timezone.now())
    return [key for key in request.POST.getlist("cameras") if key in mine]


@require_POST
def hold(request: HttpRequest, key: str) -> HttpResponse:
    found, cameras = _seen(request, key), _chosen(request)
    if request.POST.get("do") == "name":
        return _done(
            request, found, "", None, lambda: desk.name_cameras(person(request), found, cameras, timezone.now()),
            _("Written down."),
        )  # fmt: skip
    return _done(
        request, found, "", None, lambda: desk.hold_footage(person(request), found, cameras, timezone.now()),
        _("The footage is held."),
    )  # fmt: skip


@require_POST
def write(request: HttpRequest, key: str) -> HttpResponse:
    found, form = _seen(request, key), WritePetitionForm(request.POST)
    return _done(
        request, found, "writing", form, lambda: desk.write(person(request), found, form.cleaned_data["said"], timezone.now()),
        _("The sender reads it under the code."),
    )  # fmt: skip


@require_POST
def note(request: HttpRequest, key: str) -> HttpResponse:
    found, form = _seen(request, key), NotePetitionForm(request.POST)
    return _done(
        request, found, "noting", form, lambda: desk.note(person(request), found, form.cleaned_data["note"], timezone.now()),
        _("Written down."),
    )  # fmt: skip


@require_POST
def decide(request: HttpRequest, key: str) -> HttpResponse:
    """The head alone, by the permission table."""
    found = _seen(request, key)
    form = DecidePetitionForm(found, request.POST)
    return _done(
        request, found, "deciding", form, lambda: desk.decide(person(request), found, form.deciding(), timezone.now()),
        _("Decided. Who asked reads it under the code; print the letter for who has no telephone."),
    )  # fmt: skip


@require_POST
def show(request: HttpRequest, key: str) -> HttpResponse:
    found, form = _seen(request, key), ShowPetitionForm(request.POST)
    return _done(
        request, found, "showing", form,
        lambda: desk.show(person(request), found, form.showing(_chosen(request)), timezone.now()), _("Written down; it is over."),
    )  # fmt: skip


@require_POST
def absent(request: HttpRequest, key: str) -> HttpResponse:
    found = _seen(request, key)
    return _done(
        request, found, "", None, lambda: desk.close_absent(person(request), found, timezone.now()), _("Closed.")
    )  # fmt: skip


@require_POST
def sender(request: HttpRequest, key: str) -> HttpResponse:
    """Shows name and number, once it is written down that somebody looked."""
    found = _seen(request, key)
    return _page(request, found, desk.look_at_sender(person(request), found, timezone.now()))


@require_POST
def clip(request: HttpRequest, key: str) -> HttpResponse:
    """The original, for an authority: the approvals of `civic.evidence` stay."""
    found, now = _seen(request, key), timezone.now()
    form = ClipPetitionForm(list(reasons.offered(LookKind.EXPORT, now)), request.POST)

    def do() -> None:
        if not set(found.camera_keys) <= set(holdable(person(request), now)):
            raise ValidationError(_("Not all its cameras are yours to look back at."))
        desk.ask_clip(person(request), found, Reason(form.cleaned_data["purpose"], found.sign), now)

    return _done(request, found, "clipping", form, do, _("Asked for; others approve it under Evidence."))


@require_GET
def scan(request: HttpRequest, key: str) -> HttpResponse:
    """As a download alone: nobody's file is opened within our pages."""
    found = _seen(request, key)
    if not found.scan_sha256:
        raise Http404
    try:
        data = scans.path_of(folder(), scans.Scan(found.scan_sha256, found.scan_kind)).read_bytes()
    except FileNotFoundError as error:
        raise Http404 from error
    name = f"{found.number}-{found.year}.{found.scan_kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(data, content_type="application/octet-stream", headers=headers)


@require_POST
def paper(request: HttpRequest, key: str) -> HttpResponse:
    """The receipt, or the letter with the decision: both name who asked, so the press is a step."""
    found, user, now = _seen(request, key), person(request), timezone.now()
    which = "letter" if request.POST.get("paper") == "letter" and found.decision else "receipt"
    name = desk.look_at_sender(user, found, now).name if found.sealed_name else found.authority
    desk.printed(user, found, which, now)
    made = letter_of(found, name, now) if which == "letter" else receipt_of(found, name, now)
    name = f"{which}-{found.number}-{found.year}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(made, content_type="application/pdf", headers=headers)
