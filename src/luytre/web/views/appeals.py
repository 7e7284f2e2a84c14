"""Trực ban → Đề nghị chủ camera: owners of listed cameras are asked for footage of an incident; what they sent, and its custody.

Lists count by incident. Nothing here lists, counts or sorts owners by what they answered (design/appeals.md).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.civic.access.assignments import roles_of
from luytre.civic.access.models import LookKind, Role, User
from luytre.civic.appeals import answering, custody, ending, links, watching
from luytre.civic.appeals.asking import ask, listed_near
from luytre.civic.appeals.models import Answer, Appeal, AppealFile, CopyState, StepCode
from luytre.civic.appeals.scope import appeals_of
from luytre.civic.appeals.shelf import shelf_here
from luytre.civic.appeals.steps import steps_of
from luytre.civic.incidents.models import Incident
from luytre.civic.incidents.scope import incidents_of, oversees
from luytre.civic.registry.refusals import said
from luytre.civic.registry.seal import unseal
from luytre.web import reasons
from luytre.web.byte_ranges import part_of, read_part
from luytre.web.carrying_out import carry_out
from luytre.web.forms_appeals import AskForm, CloseAppealForm, DestroyForm, HandForm, LookForm, how_far
from luytre.web.qr import qr_data_uri
from luytre.web.views.media import LOOK_AGE_S
from luytre.web.views.pages import person

_SALT = "luytre.appeal"
_CHUNK = 256 * 1024
MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class Line:
    """The requests of one incident. `open`: without an answer and still in time; never by owner."""

    incident: Incident
    asked: int
    answered: int
    files: int
    appeals: tuple[Appeal, ...]


@dataclass(frozen=True, slots=True)
class FileLine:
    file: AppealFile
    name: str
    coming: str
    """How far it is; empty: it has arrived."""
    copy: str = ""
    """Where its copy for watching stands, in words; empty: nobody asked for one."""

    @property
    def watchable(self) -> bool:
        return is_watchable(self.file)

    @property
    def is_made(self) -> bool:
        """Whether the copy is on its way."""
        return self.file.copy_state in (CopyState.WAITING, CopyState.MAKING)


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    found = appeals_of(person(request), timezone.now()).prefetch_related("files")
    if request.GET.get("state") != "all":
        found = found.filter(closed=None)
    by_incident: dict[int, list[Appeal]] = {}
    for appeal in found[:MOST_LISTED]:
        by_incident.setdefault(appeal.incident_id, []).append(appeal)
    context = {"lines": [_line(those) for those in by_incident.values()], "all": request.GET.get("state") == "all"}
    return render(request, "appeals.html", context | {"officer": oversees(person(request), timezone.now())})


def _line(those: list[Appeal]) -> Line:
    files = [file for one in those for file in one.files.all() if file.arrived is not None and file.destroyed is None]
    return Line(those[0].incident, len(those), sum(bool(one.answer) for one in those), len(files), tuple(those))


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """`?incident=KEY`."""
    user, now = person(request), timezone.now()
    incident = get_object_or_404(incidents_of(user, now), key=request.GET.get("incident", "")[:20])
    form = AskForm(listed_near(incident, now), request.POST or None, initial=AskForm.usual(incident, now))
    if request.method == "POST" and form.is_valid():
        try:
            made = ask(user, incident, form.wanted(), now)
        except ValidationError as error:
            form.tell(error)
        else:
            messages.success(request, _("Asked. Now make the link for each owner, and hand it over."))
            return redirect("appeal", made[0].key) if len(made) == 1 else redirect("appeals")
    chosen = set(request.POST.getlist("eyes"))
    context = {"form": form, "incident": incident, "chosen": chosen}
    return render(request, "appeal_new.html", context, status=422 if form.errors else 200)


# --- one request ------------------------------------------------------------------------------------------------------
def _seen(request: HttpRequest, key: str) -> Appeal:
    return get_object_or_404(appeals_of(person(request), timezone.now()), key=key)


@require_GET
def one(request: HttpRequest, key: str) -> HttpResponse:
    appeal = _seen(request, key)
    ticket = request.GET.get("watch", "")
    return _page(request, appeal, watched=_by_ticket(person(request), appeal, ticket, StepCode.VIEWED))


def _page(request: HttpRequest, appeal: Appeal, watched: AppealFile | None = None, **bound: Any) -> HttpResponse:
    """`bound`: the form that was sent and refused, by its name."""
    user, now = person(request), timezone.now()
    officer = oversees(user, now)
    forms: dict[str, Any] = {
        "looking": LookForm(reasons.offered(LookKind.HISTORY, now), initial={"reference": appeal.incident.sign}),
        "handing": HandForm(), "closing": CloseAppealForm(), "destroying": DestroyForm(),
    }  # fmt: skip
    context = forms | bound | {
        "appeal": appeal, "officer": officer, "spans": appeal.spans.all(), "now": now,
        "state": state_words(appeal), "late": appeal.answered is None and appeal.closed is None and appeal.answer_by <= now,
        "words": answering.words_of(appeal) if officer else "", "files": file_lines(appeal) if officer else [],
        "steps": [(step, _(str(StepCode(step.code).label))) for step in steps_of(appeal)] if officer else [],
        "head": Role.HEAD in roles_of(user, now), "watched": watched, "ticket": request.GET.get("watch", "") if watched else "",
    }  # fmt: skip
    return render(request, "appeal.html", context, status=422 if bound else 200)


def state_words(appeal: Appeal) -> str:
    """Of one request alone."""
    if appeal.closed is not None:
        return _("ended")
    if appeal.answer:
        return _(str(Answer(appeal.answer).label))
    return (
        _("opened, not answered yet") if appeal.opened else _("not opened yet") if appeal.link_digest else _("no link made yet")
    )


def file_lines(appeal: Appeal) -> list[FileLine]:
    return [
        FileLine(file, unseal(file.sealed_name), "" if file.arrived else how_far(file), copy_words(file))
        for file in appeal.files.all()
    ]


def copy_words(file: AppealFile) -> str:
    if not file.copy_state:
        return ""
    state = _(str(CopyState(file.copy_state).label))
    return f"{state}: {_(watching.WHY[file.copy_why])}" if file.copy_why in watching.WHY else state


def is_watchable(file: AppealFile) -> bool:
    """As it came, or by its copy."""
    return bool(file.plays) or file.copy_state == CopyState.READY


@require_POST
def link(request: HttpRequest, key: str) -> HttpResponse:
    """The link is shown in this answer and never again."""
    appeal = _seen(request, key)
    try:
        secret = links.make_link(person(request), appeal, timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(said(error).values()))
        return redirect("appeal", appeal.key)
    path = reverse("appeal_owner", args=[secret])
    address = settings.ENVIRONMENT.public_url + path if settings.ENVIRONMENT.public_url else request.build_absolute_uri(path)
    appeal.refresh_from_db()
    context = {"appeal": appeal, "address": address, "qr": qr_data_uri(address), "public": bool(settings.ENVIRONMENT.public_url)}
    response = render(request, "appeal_link.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _overseen(request: HttpRequest, key: str) -> Appeal:
    if not oversees(person(request), timezone.now()):
        raise Http404
    return _seen(request, key)


def _file(request: HttpRequest, key: str, file: str) -> AppealFile:
    found = get_object_or_404(AppealFile.objects.select_related("appeal__eye"), appeal=_overseen(request, key), key=file)
    if found.arrived is None or found.destroyed is not None:
        raise Http404
    return found


def _done(request: HttpRequest, appeal: Appeal, name: str, form: Any, do: Callable[[], object], words: str) -> HttpResponse:
    return carry_out(
        request, form, do, words, lambda: redirect("appeal", appeal.key), lambda: _page(request, appeal, **{name: form})
    )


@require_POST
def close(request: HttpRequest, key: str) -> HttpResponse:
    appeal, form = _overseen(request, key), CloseAppealForm(request.POST)
    return _done(
        request, appeal, "closing", form,
        lambda: custody.close(person(request), appeal, form.cleaned_data["close_note"], timezone.now()),
        _("The request has ended. What arrived is kept as before."),
    )  # fmt: skip


@require_POST
def hand(request: HttpRequest, key: str, file: str) -> HttpResponse:
    found, form = _file(request, key, file), HandForm(request.POST)
    return _done(
        request, found.appeal, "handing", form,
        lambda: custody.hand(person(request), found, form.cleaned_data["how"], form.cleaned_data["to"], timezone.now()),
        _("Written down."),
    )  # fmt: skip


@require_POST
def copy(request: HttpRequest, key: str, file: str) -> HttpResponse:
    """Asks for a copy for watching; nothing is shown by it."""
    found = _file(request, key, file)
    return _done(
        request, found.appeal, "", None, lambda: watching.want_copy(found, timezone.now()),
        _("A copy for watching is being made; you may leave this page."),
    )  # fmt: skip


@require_POST
def destroy(request: HttpRequest, key: str, file: str) -> HttpResponse:
    """The head alone, by the permission table. While the incident is open the first press destroys nothing and says so."""
    found = _file(request, key, file)
    form, now = DestroyForm(request.POST, file_key=found.key), timezone.now()
    return _done(
        request, found.appeal, "destroying", form,
        lambda: ending.destroy(
            person(request), found, form.cleaned_data["destroy_why"], now, shelf_here(), sure=form.cleaned_data["sure"]
        ),
        _("The file is destroyed; its step and its SHA-256 stay."),
    )  # fmt: skip


# --- looking ----------------------------------------------------------------------------------------------------------
@require_POST
def look(request: HttpRequest, key: str, file: str) -> HttpResponse:
    """`do=take` takes it out, anything else plays it. The rows are written before any byte can be asked for."""
    found, take = _file(request, key, file), request.POST.get("do") == "take"
    if not take and not is_watchable(found):
        raise Http404
    way = LookKind.EXPORT if take else LookKind.HISTORY
    form = LookForm(reasons.offered(way, timezone.now()), request.POST)
    if not form.is_valid():
        return _page(request, found.appeal, looking=form)
    code = StepCode.TAKEN if take else StepCode.VIEWED
    custody.record(person(request), found, code, form.cleaned_data["reason"], timezone.now())
    ticket = signing.dumps([person(request).pk, found.key, str(code)], salt=_SALT)
    if take:
        return redirect(f"{reverse('appeal_bytes', args=[key, file])}?ticket={ticket}")
    return redirect(f"{reverse('appeal', args=[key])}?watch={ticket}")


def _by_ticket(user: User, appeal: Appeal, ticket: str, code: StepCode) -> AppealFile | None:
    """The file that the ticket lets this person look at (or take out) now; None for any other."""
    try:
        holder, key, given = signing.loads(ticket, salt=_SALT, max_age=LOOK_AGE_S)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if holder != user.pk or given != str(code) or not oversees(user, timezone.now()):
        return None
    return appeal.files.filter(key=key, arrived__isnull=False, destroyed=None).first()


@require_GET
def whole(request: HttpRequest, key: str, file: str) -> HttpResponseBase:
    """Its bytes, or a part of them (RFC 9110 §14), for whoever holds a ticket of a look that was written down."""
    found = _file(request, key, file)
    user, ticket = person(request), request.GET.get("ticket", "")
    is_look = _by_ticket(user, found.appeal, ticket, StepCode.VIEWED) == found
    if not is_look and _by_ticket(user, found.appeal, ticket, StepCode.TAKEN) != found:
        raise Http404
    by_copy = is_look and not found.plays
    path = shelf_here().watching(found.sha256) if by_copy else shelf_here().kept(found.sha256)
    if not path.is_file():
        raise Http404
    size_bytes = path.stat().st_size if by_copy else found.size_bytes
    part = part_of(request.headers.get("Range", ""), size_bytes)
    first, last = part or (0, size_bytes - 1)
    headers = {"Cache-Control": "private, no-store", "Accept-Ranges": "bytes", "Content-Length": str(last - first + 1)}
    if part is not None:
        headers["Content-Range"] = f"bytes {first}-{last}/{size_bytes}"
    if not is_look:
        headers["Content-Disposition"] = f'attachment; filename="{found.appeal.key}-{found.key}{suffix_of(found)}"'
    return StreamingHttpResponse(
        read_part(path, first, last), status=206 if part else 200, headers=headers,
        content_type=(found.plays or "video/mp4") if is_look else "application/octet-stream",
    )  # fmt: skip


def suffix_of(file: AppealFile) -> str:
    """An ending that a program knows it by; of the owner's name only what is letters and digits."""
    ending = Path(unseal(file.sealed_name)).suffix.lower()
    return ending if ending[1:].isascii() and ending[1:].isalnum() and len(ending) <= 6 else ".bin"
