"""Phong trào → Sổ đóng góp: money and gifts in and out, in double entry. Entered, reversed, printed; never changed."""

from __future__ import annotations

from datetime import datetime
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

from luytre.base.i18n import N_
from luytre.civic import filed
from luytre.civic.access.models import User
from luytre.civic.filed import Filed
from luytre.civic.ledger import desk
from luytre.civic.ledger.accounts import ACCOUNT_WORDS, Account
from luytre.civic.ledger.booking import balance_of
from luytre.civic.ledger.desk import Spending
from luytre.civic.ledger.models import Kind, Party, Pledge, Posting, StepCode
from luytre.civic.ledger.paper import receipt_of
from luytre.civic.ledger.scope import enters, opens_documents
from luytre.civic.registry.seal import unseal
from luytre.civic.rights.kinds import Subject
from luytre.civic.rights.waiting import restrictions
from luytre.web import ledger_words
from luytre.web.carrying_out import carry_out
from luytre.web.forms_ledger import (
    DocumentForm,
    EntryForm,
    GiftForm,
    MoneyForm,
    MoveForm,
    ReverseForm,
    SpendForm,
    chosen_from,
    hamlet_places,
    kept_text,
    told,
)
from luytre.web.ledger_words import Filter
from luytre.web.views.pages import person

ON_A_PAGE = 50
FORMS: dict[str, tuple[type[EntryForm], str]] = {
    Kind.MONEY: (MoneyForm, N_("Enter money received")),
    Kind.GIFT: (GiftForm, N_("Enter a gift in kind")),
    Kind.SPENT: (SpendForm, N_("Enter spending")),
    Kind.MOVED: (MoveForm, N_("Enter money moved")),
}


def folder() -> Path:
    """Where documents are kept."""
    return Path(settings.ENVIRONMENT.data) / "ledger"


def tabs(request: HttpRequest, here: str) -> dict[str, Any]:
    """The pages of the book; those of pledges and repairs are for who enters."""
    may = enters(person(request), timezone.now())
    shown = [(route, _(words)) for route, words in ledger_words.TABS if may or route not in ("ledger_pledges", "ledger_repairs")]
    return {"ledger_tabs": shown, "here": here, "may_enter": may}


def marks(request: HttpRequest, party: str) -> dict[str, Any]:
    """Restrictions of the use of a name of the book, for whoever enters."""
    return {"restrictions": restrictions(Subject.LEDGER, party) if enters(person(request), timezone.now()) else []}


@require_GET
def book(request: HttpRequest) -> HttpResponse:
    """`?q=` words, `?hamlet=`, `?account=`, `?from=`, `?to=`."""
    wanted = Filter.of(request)
    found = wanted.postings()
    shown, sums = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")), ledger_words.sums_of(found)
    query = request.GET.copy()
    query.pop("page", None)
    context = tabs(request, "ledger") | {
        "rows": ledger_words.rows_of(list(shown.object_list)), "shown": shown, "query": query.urlencode(), "wanted": wanted,
        "hamlets": hamlet_places(),
        "accounts": chosen_from(ACCOUNT_WORDS, tuple(Account)), "any": Posting.objects.exists(),
        "cash": balance_of(Account.CASH), "bank": balance_of(Account.BANK),
        "came": sums.came_vnd, "went": sums.went_vnd,
        "from_typed": request.GET.get("from", "")[:10], "to_typed": request.GET.get("to", "")[:10],
    }  # fmt: skip
    return render(request, "ledger.html", context)


# --- entering ---------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """`kind`: of `FORMS`. `?pledge=`: what is paid in part or whole of it."""
    if kind not in FORMS:
        raise Http404
    user, now, made_by = person(request), timezone.now(), FORMS[kind][0]
    pledge = Pledge.objects.filter(key=request.GET.get("pledge", "")[:20]).select_related("party").first()
    if request.method == "GET":
        form = made_by(initial={"sort": pledge.sort, "words": pledge.words} if pledge else None)
        return _form(request, kind, form, pledge)
    sent = request.POST.copy()
    form = made_by(sent)
    document = document_of(request, form) if isinstance(form, SpendForm) else None
    if form.is_valid():
        try:
            made = _enter(user, kind, form, pledge, document, now)
        except ValidationError as error:
            form.tell(error)
        else:
            messages.success(request, _("Booked as %(sign)s.") % {"sign": made.sign})
            return redirect("ledger_entry", made.key)
    sent["kept"] = kept_text(document) if document else ""  # what is shown again has it with it
    return _form(request, kind, form, pledge, document)


def _enter(
    user: User, kind: str, form: EntryForm, pledge: Pledge | None, document: Filed | None, now: datetime
) -> Posting:  # fmt: skip
    draft, data = form.draft(pledge), form.cleaned_data
    if kind == Kind.MONEY:
        return desk.receive_money(user, draft, data["source"], data["account"], now)
    if kind == Kind.GIFT:
        return desk.receive_gift(user, draft, data["sort"], now)
    if isinstance(form, SpendForm):
        return desk.spend(user, draft, Spending(data["sort"], data["account"], form.chosen_estimate(), document), now)
    return desk.move(user, draft, data["source"], now)


def _form(
    request: HttpRequest, kind: str, form: EntryForm, pledge: Pledge | None, document: Filed | None = None
) -> HttpResponse:  # fmt: skip
    if pledge is not None:
        for name in ("place", "name", "phone", "public"):
            form.fields.pop(name, None)
    hidden = ("once", "public", "kept")
    context = tabs(request, "ledger") | {
        "form": form, "kind": kind, "title": _(FORMS[kind][1]), "pledge": pledge, "has_document": document is not None,
        "fields": [form[name] for name in form.fields if name not in hidden], "has_file": "document" in form.fields,
        "consent": form["public"] if "public" in form.fields else None,
    }  # fmt: skip
    return render(request, "ledger_new.html", context, status=422 if form.is_bound else 200)


def document_of(request: HttpRequest, form: DocumentForm) -> Filed | None:
    """The one that was sent now, else the one that came before; what cannot be taken is said at its field."""
    upload = request.FILES.get("document")
    if upload is None:
        kept = form.kept_document()
        return kept if kept and filed.read(folder(), kept) else None
    try:
        return filed.keep(folder(), upload.read(desk.DOCUMENTS.most_bytes + 1), desk.DOCUMENTS)
    except ValidationError as error:
        told(form, error)
        return None


# --- one entry --------------------------------------------------------------------------------------------------------
def seen(key: str) -> Posting:
    return get_object_or_404(Posting.objects.prefetch_related("lines").select_related("by"), key=key)


@require_GET
def one(request: HttpRequest, key: str) -> HttpResponse:
    return _page(request, seen(key), ReverseForm())


def _page(request: HttpRequest, found: Posting, form: ReverseForm, **more: Any) -> HttpResponse:
    (row,) = ledger_words.rows_of([found])
    party = Party.objects.filter(key=found.party).first() if found.party else None
    context = tabs(request, "ledger") | marks(request, found.party) | {
        "row": row, "form": form, "party": party, "may_open": opens_documents(person(request), timezone.now()),
        "pledge": Pledge.objects.filter(key=found.pledge).first() if found.pledge else None,
        "may_reverse": found.kind != Kind.REVERSAL and row.taken_back is None, "is_gift": found.kind in (Kind.MONEY, Kind.GIFT),
    } | more  # fmt: skip
    return render(request, "ledger_entry.html", context, status=422 if form.is_bound else 200)


@require_POST
def reverse(request: HttpRequest, key: str) -> HttpResponse:
    found, form = seen(key), ReverseForm(request.POST)
    return carry_out(
        request, form, lambda: desk.reverse(person(request), found, form.cleaned_data["why"], timezone.now()),
        _("Taken back. Enter anew what was right."), lambda: redirect("ledger_entry", key), lambda: _page(request, found, form),
    )  # fmt: skip


@require_POST
def names(request: HttpRequest, key: str) -> HttpResponse:
    """Name and telephone of who gave or was paid; the press is written down."""
    found, user, now = seen(key), person(request), timezone.now()
    party = get_object_or_404(Party, key=found.party)
    desk.step(user, StepCode.NAMES, party.key, now)
    return _page(request, found, ReverseForm(), name=desk.name_of(party), phone=unseal(party.sealed_phone))


@require_POST
def consent(request: HttpRequest, key: str) -> HttpResponse:
    found = seen(key)
    party, public = get_object_or_404(Party, key=found.party), request.POST.get("public") == "yes"
    return carry_out(
        request, None, lambda: desk.say_consent(person(request), party, public=public, at=timezone.now()),
        _("Written down."), lambda: redirect("ledger_entry", key), lambda: redirect("ledger_entry", key),
    )  # fmt: skip


@require_POST
def paper(request: HttpRequest, key: str) -> HttpResponse:
    """The receipt names who gave or was paid, so the press is written down."""
    found, user, now = seen(key), person(request), timezone.now()
    party = Party.objects.filter(key=found.party).first() if found.party else None
    if party is not None:
        desk.step(user, StepCode.NAMES, party.key, now)
    (row,) = ledger_words.rows_of([found])
    made = receipt_of(found, desk.name_of(party), row.taken_back, now)
    return as_file(made, "application/pdf", f"{found.series}-{found.number}-{found.year}.pdf")


@require_GET
def document(request: HttpRequest, key: str) -> HttpResponse:
    """The invoice of an entry; each look is written down."""
    return shown_document(request, seen(key).document)


def shown_document(request: HttpRequest, name: str) -> HttpResponse:
    found = filed.named(name)
    data = filed.read(folder(), found) if found else b""
    if found is None or not data:
        raise Http404
    desk.step(person(request), StepCode.DOCUMENT, found.name, timezone.now())
    return as_file(data, "application/pdf" if found.kind == "pdf" else "image/jpeg", f"chung-tu-{found.sha256[:8]}.{found.kind}")


def as_file(data: bytes, kind: str, name: str, *, saved: bool = False) -> HttpResponse:
    """`saved`: kept by the browser as a file and not shown."""
    how = "attachment" if saved else "inline"
    headers = {"Content-Disposition": f'{how}; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(data, content_type=kind, headers=headers)
