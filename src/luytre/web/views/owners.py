"""Phong trào → Chủ camera: who lends a camera, what was agreed on, agreeing anew, withdrawing, owners' links, offers.

Nothing here lists who declined: an owner without an agreement is one with whom nobody has spoken yet, as far as anybody can tell.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.civic import filed
from luytre.civic.access.assignments import roles_of
from luytre.civic.access.models import User
from luytre.civic.access.ways import POLICE
from luytre.civic.mobilisation.going import joined
from luytre.civic.mobilisation.models import Commitment
from luytre.civic.movement import alarms, desk, links, offers
from luytre.civic.movement.models import MovementStep, Offer, OwnerLink, Signature, StepCode
from luytre.civic.movement.scope import hamlets_for, owned_eyes
from luytre.civic.movement.strokes import HEIGHT, WIDTH, as_path, read_strokes
from luytre.civic.movement.text import text_from
from luytre.civic.movement.uses import uses_of
from luytre.civic.registry.eye_scope import sees_owners
from luytre.civic.registry.eyes import save_eye
from luytre.civic.registry.lending import versions_of
from luytre.civic.registry.models import Eye
from luytre.civic.registry.order import hamlets_in_order, name_key
from luytre.civic.registry.register import Tier
from luytre.civic.registry.seal import unseal
from luytre.civic.registry.terms import terms_of
from luytre.civic.rights.kinds import Subject
from luytre.civic.rights.waiting import restrictions
from luytre.web import owner_words
from luytre.web import ports as planes
from luytre.web.carrying_out import carry_out
from luytre.web.forms_owners import JoinForm, NarrowForm, OpenForm, TermsForm, WithdrawForm
from luytre.web.owner_words import Filter, Line
from luytre.web.qr import qr_data_uri
from luytre.web.register_words import choices
from luytre.web.sheets import SHEET_TYPE, safe_cell
from luytre.web.views.ledger import as_file
from luytre.web.views.mobilisation import commitment_seen
from luytre.web.views.pages import person

ON_A_PAGE = 100


def folder() -> Path:
    """Where scans of signed papers are kept."""
    return Path(settings.ENVIRONMENT.data) / "movement"


def _lines(request: HttpRequest) -> tuple[Filter, list[Line], int]:
    """The filter, what it leaves, and how many there are without it."""
    user, now, wanted = person(request), timezone.now(), Filter.of(request)
    eyes = sorted(owned_eyes(user, now), key=lambda one: name_key(one.name))
    seen = sees_owners(user, now)
    lines = owner_words.lines_of(eyes, now)
    return wanted, [one for one in lines if wanted.takes(one, owners=seen)], len(lines)


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """`?q=`, `?hamlet=`, `?tier=`, `?standing=`."""
    user, now = person(request), timezone.now()
    wanted, lines, every = _lines(request)
    shown = Paginator(lines, ON_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "lines": shown.object_list, "shown": shown, "query": query.urlencode(), "wanted": wanted, "count": len(lines),
        "any": every, "hamlets": hamlets_in_order(hamlets_for(user, now)), "tiers": choices(Tier),
        "standings": [(one, owner_words.standing_words(one)) for one in owner_words.STANDINGS],
        "owners": sees_owners(user, now), "offers": offers.offers_of(user, now).count(),
        "connected_without": sum(one.standing == "none" and one.now for one in lines),
    }  # fmt: skip
    return render(request, "owners.html", context)


@require_GET
def sheet(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered. Owners' names and telephones stand in it for those alone who may see owners."""
    from openpyxl import Workbook

    owners = sees_owners(person(request), timezone.now())
    heads = [
        _("Camera"),
        _("Hamlet"),
        _("Whose it is"),
        _("Standing"),
        _("What the owner agreed to"),
        _("Hours"),
        _("Days kept"),
        _("Last day"),
        _("Since"),
    ]
    heads += [_("Owner"), _("Telephone")] if owners else []
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(heads)
    for line in _lines(request)[1]:
        eye, terms = line.eye, line.terms
        row = [
            eye.name,
            str(eye.site.hamlet or ""),
            _(str(eye.get_owner_kind_display())),
            line.said,
            *((terms.tier, terms.hours, terms.days) if terms else ("", "", "")),
            f"{terms.last_day:%d/%m/%Y}" if terms and terms.last_day else "",
        ]
        row.append(f"{timezone.localtime(line.since):%d/%m/%Y}" if line.since else "")
        page.append([safe_cell(cell) for cell in [*row, *([eye.owner_name, eye.owner_phone] if owners else [])]])
    written = BytesIO()
    book.save(written)
    return as_file(written.getvalue(), SHEET_TYPE, f"chu-camera-{timezone.localdate():%Y-%m-%d}.xlsx", saved=True)


# --- joining ----------------------------------------------------------------------------------------------------------
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A camera that the register does not know yet; then its owner signs. `?offer=`, `?commitment=`: of what it comes."""
    user, now = person(request), timezone.now()
    offer = offers.offers_of(user, now).filter(key=request.GET.get("offer", "")[:20]).first()
    promised = commitment_seen(request, request.GET.get("commitment", ""))
    hamlet = offer.hamlet if offer is not None else promised.hamlet if promised is not None else None
    form = JoinForm(hamlets_for(user, now), request.POST or None, initial={"hamlet": hamlet.name if hamlet else ""})
    if request.method == "POST" and form.is_valid():
        try:
            made = _join(user, form, offer, promised, now)
        except ValidationError as error:
            form.tell(error)
        else:
            messages.success(
                request, _("The camera stands in the register. Now agree on what is allowed, and let the owner sign.")
            )
            return redirect("owner_agree", made.key)
    return render(request, "owner_new.html", {"form": form}, status=422 if form.errors else 200)


@transaction.atomic
def _join(user: User, form: JoinForm, offer: Offer | None, promised: Commitment | None, now: datetime) -> Eye:
    """All or nothing: where somebody else took the offer or commitment first, no second camera stands in the register."""
    made = save_eye(user, form.draft(), now)
    if offer is not None:
        offers.finish(user, offer, now, joined=True)
    if promised is not None:
        joined(user, promised, made, now)
    return made


@require_GET
def offer_list(request: HttpRequest) -> HttpResponse:
    return _offers(request)


def _offers(request: HttpRequest, **opened: Any) -> HttpResponse:
    return render(request, "owner_offers.html", {"offers": offers.offers_of(person(request), timezone.now())} | opened)


@require_POST
def offer(request: HttpRequest, key: str) -> HttpResponse:
    """`do=read`: whom to call, written down; `do=end`: finished with, whatever came of it."""
    user, now = person(request), timezone.now()
    found = get_object_or_404(offers.offers_of(user, now), key=key)
    if request.POST.get("do") == "read":
        return _offers(request, opened=found, who=offers.read(user, found, now))

    def back() -> HttpResponse:
        return redirect("owner_offers")

    return carry_out(
        request, None, lambda: offers.finish(user, found, now, joined=False),
        _("Finished with. Name, number and place are erased."), back, back,
    )  # fmt: skip


# --- one owner's camera -----------------------------------------------------------------------------------------------
def seen(request: HttpRequest, key: str) -> Eye:
    return get_object_or_404(owned_eyes(person(request), timezone.now()), key=key)


@require_GET
def one(request: HttpRequest, key: str) -> HttpResponse:
    return page_of(request, seen(request, key))


def page_of(request: HttpRequest, eye: Eye, **bound: Any) -> HttpResponse:
    """`bound`: the form that was sent and refused, by its name."""
    user, now = person(request), timezone.now()
    terms, (line,) = terms_of(eye.key), owner_words.lines_of([eye], now)
    officer = bool(roles_of(user, now) & POLICE)
    forms: dict[str, Any] = {
        "narrowing": NarrowForm(initial=TermsForm.of(terms)), "opening": OpenForm(),
        "withdrawing": WithdrawForm(initial={"over": terms.number if terms else 0}),
    }  # fmt: skip
    uses = uses_of(eye, now) if officer else None
    context = forms | bound | {
        "eye": eye, "line": line, "terms": terms, "state": owner_words.state_of(line), "officer": officer,
        "owners": sees_owners(user, now), "versions": owner_words.versions_words(versions_of(eye)),
        "signed": set(Signature.objects.filter(eye=eye, erased=None).values_list("number", flat=True)),
        "steps": owner_words.steps_words(desk.steps_of(eye)), "link": OwnerLink.objects.filter(eye=eye).first(),
        "may_open": officer and line.terms is not None and terms is not None and terms.tier == Tier.ON_ALARM,
        "restrictions": restrictions(Subject.AGREEMENT, eye.key),
        "by_hand": alarms.is_open_by_hand(eye, now), "count": uses.count if uses else 0,
        "uses": owner_words.uses_words(uses.page[:10]) if uses else [],
    }  # fmt: skip
    return render(request, "owner.html", context, status=422 if bound else 200)


def _done(request: HttpRequest, eye: Eye, name: str, form: Any, do: Callable[[], object], words: str) -> HttpResponse:
    def back() -> HttpResponse:
        planes.ports().recorder.refresh()
        return redirect("owner", eye.key)

    return carry_out(request, form, do, words, back, lambda: page_of(request, eye, **{name: form}))


@require_POST
def narrow(request: HttpRequest, key: str) -> HttpResponse:
    eye, form = seen(request, key), NarrowForm(request.POST)
    return _done(
        request, eye, "narrowing", form,
        lambda: desk.narrow(
            person(request), eye, form.wanted(), form.cleaned_data["drawn_over"], timezone.now(), form.cleaned_data["note"]
        ),
        _("It holds from now on."),
    )  # fmt: skip


@require_POST
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    eye, form = seen(request, key), WithdrawForm(request.POST)
    return _done(
        request, eye, "withdrawing", form,
        lambda: desk.withdraw(person(request), eye, form.cleaned_data["over"], timezone.now(), form.cleaned_data["why"]),
        _("Withdrawn: the recorder closes the camera within half a minute."),
    )  # fmt: skip


@require_POST
def open_now(request: HttpRequest, key: str) -> HttpResponse:
    eye, form = seen(request, key), OpenForm(request.POST)
    return _done(
        request, eye, "opening", form,
        lambda: alarms.open_by_hand(person(request), eye, form.cleaned_data["incident"], timezone.now()),
        _("Open for this incident, 24 hours at most."),
    )  # fmt: skip


@require_POST
def shut_now(request: HttpRequest, key: str) -> HttpResponse:
    eye = seen(request, key)
    return _done(request, eye, "", None, lambda: alarms.shut_by_hand(person(request), eye, timezone.now()), _("Closed again."))


@require_POST
def link(request: HttpRequest, key: str) -> HttpResponse:
    """`do=end` ends it; else a new one is made, and shown once."""
    eye, user, now = seen(request, key), person(request), timezone.now()
    if request.POST.get("do") == "end":
        links.end_link(user, eye, now)
        messages.success(request, _("The link is over."))
        return redirect("owner", key)
    path = reverse("owner_link_page", args=[links.make_link(user, eye, now)])
    public = settings.ENVIRONMENT.public_url
    address = public + path if public else request.build_absolute_uri(path)
    context = {"eye": eye, "address": address, "qr": qr_data_uri(address), "public": bool(public)}
    return render(request, "owner_link.html", context)


@require_POST
def signed(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The text that was signed, with the signature, or the scan of the paper; the press is a step."""
    eye, user, now = seen(request, key), person(request), timezone.now()
    if not sees_owners(user, now):
        raise Http404
    found = get_object_or_404(Signature, eye=eye, number=number, erased=None)
    MovementStep.objects.create(at=now, by=user, thing=eye.key, code=StepCode.READ, number=number)
    if scan := filed.named(found.scan):
        data = filed.read(folder(), scan)
        if not data:
            raise Http404
        return as_file(
            data, "application/pdf" if scan.kind == "pdf" else "image/jpeg", f"thoa-thuan-{scan.sha256[:8]}.{scan.kind}"
        )
    text = text_from(unseal(found.sealed_text))
    path = as_path(read_strokes(unseal(found.sealed_strokes)))
    context = {"eye": eye, "signature": found, "text": text, "path": path, "width": WIDTH, "height": HEIGHT}
    return render(request, "owner_signed.html", context)
