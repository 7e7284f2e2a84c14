"""Phong trào → Chủ camera → Thỏa thuận: terms, the text as it will be signed, a finger on the screen or a paper.

One address, four presses: `show` leads from the terms to the text, `paper` prints it, `sign` and `scan` put it in force, `back`
leads to the terms again. Everything typed travels along in the page, so nothing is lost on the way.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from luytre.civic import filed
from luytre.civic.filed import Filed
from luytre.civic.movement import desk
from luytre.civic.movement.desk import SCANS, Shown, Signing
from luytre.civic.movement.paper import agreement_pdf
from luytre.civic.movement.strokes import HEIGHT, WIDTH
from luytre.civic.movement.text import AgreementText
from luytre.civic.registry.eye_scope import sees_owners
from luytre.civic.registry.models import Eye
from luytre.civic.registry.terms import terms_of
from luytre.web import ports as planes
from luytre.web.forms_owners import AgreeForm, SignForm, TermsForm
from luytre.web.views.ledger import as_file
from luytre.web.views.owners import folder, seen
from luytre.web.views.pages import person

CARRIED = ("owner_name", "owner_phone", "tier", "hour_from", "hour_to", "days", "last_day", "drawn_over")
"""What the second page carries along of the first."""


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def agree(request: HttpRequest, key: str) -> HttpResponse:
    eye = seen(request, key)
    if request.method == "GET":
        return _terms(request, eye, AgreeForm(initial=_first(request, eye)))
    form, do = SignForm(request.POST), request.POST.get("do", "show")
    if do == "back":
        return _terms(request, eye, AgreeForm(initial={name: request.POST.get(name, "") for name in CARRIED}))
    if not form.is_valid():
        return _terms(request, eye, AgreeForm(request.POST))
    try:
        text = desk.text_for(eye, form.owner(), form.wanted(), timezone.now())
    except ValidationError as error:
        again = AgreeForm(request.POST)
        again.is_valid()
        again.tell(error)
        return _terms(request, eye, again)
    if do == "paper":
        return as_file(agreement_pdf(text, timezone.now()), "application/pdf", f"thoa-thuan-{eye.key}.pdf")
    return _sign(request, eye, form, text, do) if do in ("sign", "scan") else _text(request, eye, form, text)


def _first(request: HttpRequest, eye: Eye) -> dict[str, object]:
    """What stands on the first page: the owner's name only for whoever may see owners; others type it as it is told to them."""
    said = TermsForm.of(terms_of(eye.key))
    if terms_of(eye.key) is None:
        said["tier"] = eye.tier
    if sees_owners(person(request), timezone.now()):
        said |= {"owner_name": eye.owner_name, "owner_phone": eye.owner_phone}
    return said


def _terms(request: HttpRequest, eye: Eye, form: AgreeForm) -> HttpResponse:
    context = {"eye": eye, "form": form, "terms": terms_of(eye.key)}
    return render(request, "owner_agree.html", context, status=422 if form.errors else 200)


def _text(request: HttpRequest, eye: Eye, form: SignForm, text: AgreementText) -> HttpResponse:
    """The text as it would be signed at this moment. `strokes` come back with it only where they were drawn under this text."""
    sent: dict[str, Any] = {name: form.data.get(name, "") for name in CARRIED}
    drawn = form.data.get("strokes", "") if form.data.get("digest") == text.digest else ""
    context = {
        "eye": eye, "form": form, "text": text, "carried": sent, "strokes": drawn, "width": WIDTH, "height": HEIGHT,
        "code_typed": form.data.get("code", ""),
    }  # fmt: skip
    return render(request, "owner_text.html", context, status=422 if form.errors else 200)


def _sign(request: HttpRequest, eye: Eye, form: SignForm, text: AgreementText, do: str) -> HttpResponse:
    data, scan = form.cleaned_data, _scan(request, form) if do == "scan" else None
    if form.errors:
        return _text(request, eye, form, text)
    how = Signing(strokes=data["strokes"], scan=scan, code=data["code"])
    try:
        desk.sign(
            person(request), eye, form.owner(), form.wanted(), Shown(data["digest"], data["drawn_over"]), how, timezone.now()
        )
    except ValidationError as error:
        form.tell(error)
        return _text(request, eye, form, text)
    planes.ports().recorder.refresh()
    messages.success(request, _("Signed, and in force from now on. Give the owner the link to their camera's page."))
    return redirect("owner", eye.key)


def _scan(request: HttpRequest, form: SignForm) -> Filed | None:
    """The paper as it was sent; what cannot be taken is said at its field."""
    upload = request.FILES.get("scan")
    if not isinstance(upload, UploadedFile):
        form.add_error("scan", _("Choose the scan or photo of the paper."))
        return None
    try:
        return filed.keep(folder(), upload.read(SCANS.most_bytes + 1), SCANS)
    except ValidationError as error:
        form.tell(error)
        return None
