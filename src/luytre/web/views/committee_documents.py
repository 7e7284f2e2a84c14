"""Phong trào → Ban chỉ đạo → Sổ văn bản: numbered documents with their files, what is in force, what ended what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.civic import filed
from luytre.civic.committee import register, steps
from luytre.civic.committee.models import Document, DocumentKind
from luytre.civic.committee.register import FORCE_WORDS, Force, Wanted
from luytre.civic.filed import Filed
from luytre.web.carrying_out import carry_out
from luytre.web.committee_words import DocumentRow, document_row, lines_of, sheet
from luytre.web.days import read_day
from luytre.web.forms_committee import DocumentForm, EndForm, FileForm, WhyForm, kept_text
from luytre.web.forms_ledger import told
from luytre.web.register_words import choices
from luytre.web.sheets import SHEET_TYPE
from luytre.web.views.committee import tabs
from luytre.web.views.ledger import as_file
from luytre.web.views.pages import person

ON_A_PAGE = 50


def folder() -> Path:
    """Where files are kept."""
    return Path(settings.ENVIRONMENT.data) / "committee"


def _wanted(request: HttpRequest) -> Wanted:
    get = request.GET
    kind, force = get.get("kind", ""), get.get("force", "")
    return Wanted(
        get.get("q", "").strip()[:120], kind if kind in DocumentKind.values else "", force if force in list(Force) else "",
        read_day(get.get("from", "")), read_day(get.get("to", "")),
    )  # fmt: skip


def _rows(wanted: Wanted) -> list[DocumentRow]:
    found = (document_row(row) for row in register.rows_on(timezone.localdate()))
    return [one for one in found if wanted.takes(one.row)]


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """`?q=` words, `?kind=`, `?force=`, `?from=`, `?to=` (days of issue)."""
    wanted, get = _wanted(request), request.GET
    rows = _rows(wanted)
    shown = Paginator(rows, ON_A_PAGE).get_page(get.get("page"))
    query = get.copy()
    query.pop("page", None)
    from_typed, to_typed = get.get("from", "")[:10], get.get("to", "")[:10]
    context = tabs(request, "committee_documents") | {
        "rows": shown.object_list, "shown": shown, "query": query.urlencode(), "wanted": wanted, "from_typed": from_typed,
        "to_typed": to_typed, "no_day": bool((from_typed and not wanted.first) or (to_typed and not wanted.last)),
        "kinds": choices(DocumentKind), "forces": [(str(one), _(words)) for one, words in FORCE_WORDS.items()],
        "any": bool(rows) or Document.objects.exists(),
    }  # fmt: skip
    return render(request, "committee_documents.html", context)


@require_GET
def listing_sheet(request: HttpRequest) -> HttpResponse:
    heads = [_("Number and sign"), _("Day issued"), _("Issued by"), _("Kind of document"), _("Subject of the document"),
             _("In force from"), _("In force until"), _("State"), _("Ended by")]  # fmt: skip
    lines = [
        [one.sign, one.row.issued, one.row.issuer, one.kind, one.subject, one.row.force_from, one.row.force_until, one.force,
         one.after]
        for one in _rows(_wanted(request))
    ]  # fmt: skip
    made = sheet(heads, lines, (18, 12, 24, 16, 60, 12, 12, 18, 24))
    return as_file(made, SHEET_TYPE, f"so-van-ban-{timezone.localdate().isoformat()}.xlsx", saved=True)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _form(request, DocumentForm(), None)
    sent = request.POST.copy()
    form = DocumentForm(sent)
    kept = file_of(request, form)
    if form.is_valid():
        try:
            made = register.enter(person(request), form.draft(kept), timezone.now())
        except ValidationError as error:
            form.tell(error)
        else:
            messages.success(request, _("%(sign)s is in the register.") % {"sign": made.sign})
            return redirect("committee_document", made.key)
    sent["kept"] = kept_text(kept) if kept else ""  # what is shown again has it with it
    return _form(request, form, kept)


def _form(request: HttpRequest, form: DocumentForm, kept: Filed | None) -> HttpResponse:
    hidden = ("once", "kept", "establishes")
    context = tabs(request, "committee_documents") | {
        "form": form, "fields": [form[name] for name in form.fields if name not in hidden], "has_file": kept is not None,
    }  # fmt: skip
    return render(request, "committee_document_new.html", context, status=422 if form.is_bound else 200)


def file_of(request: HttpRequest, form: FileForm) -> Filed | None:
    """The one that was sent now, else the one that came before; what cannot be taken is said at its field."""
    upload = request.FILES.get("file")
    if upload is None:
        kept = form.kept_file()
        return kept if kept and filed.read(folder(), kept) else None
    try:
        return filed.keep(folder(), upload.read(register.FILES.most_bytes + 1), register.FILES)
    except ValidationError as error:
        told(form, error)
        return None


@require_GET
def one(request: HttpRequest, key: str) -> HttpResponse:
    found = get_object_or_404(Document.objects.select_related("by", "ended_by"), key=key)
    return _page(request, found, EndForm(found), WhyForm())


def _page(request: HttpRequest, found: Document, ending: EndForm, striking: WhyForm) -> HttpResponse:
    row = document_row(register.row_of(found, timezone.localdate()))
    context: dict[str, Any] = tabs(request, "committee_documents") | {
        "document": found, "row": row, "ending": ending, "striking": striking, "lines": lines_of(steps.of(found.key)),
        "ended": found.ended.filter(struck=None), "is_word": found.file.endswith(".docx"),
        "there": bool(found.file) and filed.named(found.file) is not None,
    }  # fmt: skip
    return render(request, "committee_document.html", context, status=422 if ending.is_bound or striking.is_bound else 200)


@require_GET
def file(request: HttpRequest, key: str) -> HttpResponse:
    """A Word file is saved by the browser, never shown."""
    found = get_object_or_404(Document, key=key)
    kept = filed.named(found.file)
    data = filed.read(folder(), kept) if kept else b""
    if kept is None or not data:
        raise Http404
    return as_file(data, filed.TYPES[kept.kind], f"van-ban-{kept.sha256[:8]}.{kept.kind}", saved=kept.kind == "docx")


@require_POST
def end(request: HttpRequest, key: str) -> HttpResponse:
    found = get_object_or_404(Document, key=key)
    form = EndForm(found, request.POST)

    def do() -> None:
        data = form.cleaned_data
        register.end(person(request), found, form.chosen(), data["how"], data["last_day"], timezone.now())

    return carry_out(
        request, form, do, _("Written down."), lambda: redirect("committee_document", key),
        lambda: _page(request, found, form, WhyForm()),
    )  # fmt: skip


@require_POST
def strike(request: HttpRequest, key: str) -> HttpResponse:
    found, form = get_object_or_404(Document, key=key), WhyForm(request.POST)
    return carry_out(
        request, form, lambda: register.strike(person(request), found, form.cleaned_data["why"], timezone.now()),
        _("Struck out: it stays readable and counts no more."), lambda: redirect("committee_document", key),
        lambda: _page(request, found, EndForm(found), form),
    )  # fmt: skip
