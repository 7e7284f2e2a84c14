"""Công khai: `/gop-hinh/LINK`, where the owner of a camera reads a request, answers, and sends files without an account.

No session and no form token: the link in the address is the whole right, and there is nothing else a foreign page could borrow.
Pieces go by HEAD and PATCH of tus 1.0.0 (https://tus.io/protocols/resumable-upload, core and checksum); the beginning is ours.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.civic.access.assignments import roles_of
from luytre.civic.access.models import Role
from luytre.civic.access.ways import POLICE
from luytre.civic.appeals import answering, files
from luytre.civic.appeals.files import DiskFull, OtherBytes, WrongPlace
from luytre.civic.appeals.links import by_link
from luytre.civic.appeals.manifest import MOST_TEXT, PIECES, FileRefused, read_manifest
from luytre.civic.appeals.models import Appeal, AppealFile
from luytre.civic.appeals.shelf import shelf_here
from luytre.civic.registry.models import Commune
from luytre.civic.registry.notice import whom_to_ask
from luytre.civic.registry.refusals import said
from luytre.civic.tips.pace import Pace
from luytre.web.forms_appeals import AnswerForm
from luytre.web.views.appeals import file_lines, state_words
from luytre.web.views.tip_public import address_of, in_its_language

LINK = "appeal"
MOST_WRONG_LINKS = 20
PACE = Pace(time.monotonic)
TUS = {"Tus-Resumable": "1.0.0", "Cache-Control": "no-store"}
Do = Callable[[HttpRequest, Appeal], HttpResponse]


def _with_link(request: HttpRequest, link: str, do: Do) -> HttpResponse:
    """In the page's language, for the request the link leads to; a link that is wrong, old or over answers alike."""
    return in_its_language(lambda request: _found(request, link, do))(request)


def _found(request: HttpRequest, link: str, do: Do) -> HttpResponse:
    address = address_of(request)
    blocked = PACE.so_far(LINK, address) >= MOST_WRONG_LINKS
    appeal = None if blocked else by_link(link, timezone.now())
    if appeal is not None:
        response = do(request, appeal)
    else:
        PACE.add(LINK, address)
        response = render(request, "public/gop_hinh_over.html", _public(request), status=429 if blocked else 404)
    response.headers["Referrer-Policy"] = "no-referrer"  # the link is in the address
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django writes the address of what is refused into its log
    return response


def _public(request: HttpRequest) -> dict[str, Any]:
    asker, contact = whom_to_ask(timezone.now())
    english = request.GET.get("lang") == "en"
    return {"english": english, "path": request.path, "commune": Commune.here().name, "asker": asker, "contact": contact}


# --- the page ---------------------------------------------------------------------------------------------------------
@csrf_exempt
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, link: str) -> HttpResponse:
    def do(request: HttpRequest, appeal: Appeal) -> HttpResponse:
        return _posted(request, appeal, link) if request.method == "POST" else _page(request, appeal, link)

    return _with_link(request, link, do)


def _posted(request: HttpRequest, appeal: Appeal, link: str) -> HttpResponse:
    action, now = request.POST.get("do", ""), timezone.now()
    if action == "open":
        return _page(request, answering.open_appeal(appeal, now), link)
    if action == "files":
        return _plain(request, appeal, link)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            answering.answer(appeal, form.cleaned_data["answer"], form.cleaned_data["words"], now)
        except ValidationError as error:
            form.tell(error)
        else:
            appeal.refresh_from_db()
            return _page(request, appeal, link, done=_("Your answer has arrived. Thank you."))
    return _page(request, appeal, link, form=form)


def _plain(request: HttpRequest, appeal: Appeal, link: str) -> HttpResponse:
    """Files of a form without scripts, each whole in one go."""
    sent = [one for one in request.FILES.getlist("files") if isinstance(one, UploadedFile)]
    troubles = [] if sent else [_("Choose a file first.")]
    for one in sent:
        try:
            files.take_whole(appeal, one.name or "", one.size or 0, one.chunks(PIECES[0]), shelf_here(), timezone.now())
        except FileRefused as error:
            troubles.append(f"{one.name}: {error}")
        except ValidationError as error:
            troubles.append(" ".join(said(error).values()))
    done = "" if troubles else _("It has arrived. Thank you.")
    return _page(request, appeal, link, done=done, troubles=troubles)


def _page(
    request: HttpRequest, appeal: Appeal, link: str, *,
    form: AnswerForm | None = None, done: str = "", troubles: Sequence[str] = (),
) -> HttpResponse:  # fmt: skip
    now = timezone.now()
    roles = roles_of(appeal.asked_by, now) & POLICE
    lines = file_lines(appeal)
    context = _public(request) | {
        "appeal": appeal, "spans": appeal.spans.all(), "state": state_words(appeal), "done": done, "troubles": troubles,
        "form": form or AnswerForm(initial={"answer": appeal.answer, "words": answering.words_of(appeal)}),
        "role": _(str(Role(sorted(roles)[0]).label)) if roles else "", "files": lines, "late": appeal.answer_by <= now,
        "arrived": any(one.file.arrived for one in lines), "days": _kept_days(), "link": link,
        "begin": reverse("appeal_begin", args=[link]), "receipt": reverse("appeal_receipt", args=[link]),
    }  # fmt: skip
    shown = "public/gop_hinh.html" if appeal.opened is not None or appeal.closed is not None else "public/gop_hinh_first.html"
    return render(request, shown, context, status=422 if form or troubles else 200)


def _kept_days() -> int:
    return int(settings.ENVIRONMENT.appeals_kept_days)


@require_GET
def receipt(request: HttpRequest, link: str) -> HttpResponse:
    def do(request: HttpRequest, appeal: Appeal) -> HttpResponse:
        arrived = [one for one in file_lines(appeal) if one.file.arrived]
        context = _public(request) | {"appeal": appeal, "files": arrived, "spans": appeal.spans.all(), "days": _kept_days()}
        return render(request, "public/gop_hinh_receipt.html", context | {"back": reverse("appeal_owner", args=[link])})

    return _with_link(request, link, do)


# --- pieces -----------------------------------------------------------------------------------------------------------
@csrf_exempt
@require_POST
def begin(request: HttpRequest, link: str) -> HttpResponse:
    """The manifest (`appeals.manifest`) → 201 with `{"url", "offset"}`; what is here or on its way already, as far as it is."""

    def do(request: HttpRequest, appeal: Appeal) -> HttpResponse:
        if _length(request) > MOST_TEXT:
            return _refused(413, _("What was sent is too large."))
        try:
            manifest = read_manifest(request.read())
            file = files.settle(files.begin(appeal, manifest, shelf_here(), timezone.now()), shelf_here(), timezone.now())
        except (FileRefused, ValidationError) as error:
            return _why(error)
        url = reverse("appeal_piece", args=[link, file.key])
        offset = file.size_bytes if file.arrived else file.got_bytes
        return JsonResponse({"url": url, "offset": offset}, status=201, headers={**TUS, "Location": url})

    return _with_link(request, link, do)


@csrf_exempt
@require_http_methods(["HEAD", "PATCH"])
def piece(request: HttpRequest, link: str, file: str) -> HttpResponse:
    """HEAD: how far it is. PATCH: the next piece, from `Upload-Offset`."""

    def do(request: HttpRequest, appeal: Appeal) -> HttpResponse:
        found = appeal.files.filter(key=file).first()
        if found is None:
            return _refused(404, _("Nothing of this file is here. Choose it once more."))
        if request.method == "HEAD":
            return _stands(found, 200)
        if appeal.closed is not None:
            return _refused(410, _("This request has ended. Telephone the commune police if something is left to do."))
        return _take(request, found)

    return _with_link(request, link, do)


def _take(request: HttpRequest, file: AppealFile) -> HttpResponse:
    offset = request.headers.get("Upload-Offset", "")
    if not (offset.isascii() and offset.isdecimal() and len(offset) < 13):
        return _refused(400, _("The address or what was sent with it cannot be understood."))
    if _length(request) > max(PIECES):
        return _refused(413, _("What was sent is too large."))
    try:
        return _stands(files.take_piece(file, int(offset), request.read(), shelf_here(), timezone.now()), 204)
    except FileRefused as error:
        return _why(error)


def _length(request: HttpRequest) -> int:
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(length) if length.isdecimal() else 0


def _stands(file: AppealFile, status: int) -> HttpResponse:
    offset = file.size_bytes if file.arrived else file.got_bytes
    return HttpResponse(status=status, headers={**TUS, "Upload-Offset": str(offset), "Upload-Length": str(file.size_bytes)})


def _why(error: FileRefused | ValidationError) -> HttpResponse:
    if isinstance(error, ValidationError):
        return _refused(410, " ".join(said(error).values()))
    if isinstance(error, WrongPlace):
        return _refused(409, str(error), {"Upload-Offset": str(error.offset)})
    status = 507 if isinstance(error, DiskFull) else 460 if isinstance(error, OtherBytes) else 422
    return _refused(status, str(error))


def _refused(status: int, words: str, headers: dict[str, str] | None = None) -> HttpResponse:
    return JsonResponse({"message": words}, status=status, headers={**TUS, **(headers or {})})
