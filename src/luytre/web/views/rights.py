"""Quy chế → Quyền công dân: what people asked about data on themselves; answered in time, decided by the head, carried out."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.civic.access.assignments import roles_of
from luytre.civic.access.models import Role
from luytre.civic.access.permissions import may_use
from luytre.civic.evidence.models import What
from luytre.civic.movement.scope import owned_eyes
from luytre.civic.registry.models import Camera
from luytre.civic.registry.order import name_key
from luytre.civic.rights import desk, things
from luytre.civic.rights.kinds import Decision, End, Ground, State, Subject
from luytre.civic.rights.models import Claim, ClaimCode, ClaimStep
from luytre.civic.rights.paper import answer_of, extension_of, receipt_of
from luytre.civic.rights.taking import take
from luytre.civic.rights.waiting import Pressing, one_of, pressing
from luytre.civic.tips.answering import Sender
from luytre.civic.tips.code import grouped
from luytre.civic.tips.scope import handles
from luytre.civic.workdays.book import holidays_at
from luytre.web.carrying_out import carry_out
from luytre.web.forms_rights import (
    CarryClaimForm,
    ClaimForm,
    DecideClaimForm,
    ExtendClaimForm,
    LiftClaimForm,
    NoteClaimForm,
    PointClaimForm,
    WriteClaimForm,
)
from luytre.web.register_words import choices
from luytre.web.views.pages import person
from luytre.web.views.rights_code import key as tips_key
from luytre.web.views.rights_code import sending_in, words_of

ON_A_PAGE = 50
OPEN = "open"
TABS = ("rights", "breaches", "dossier")
PAGES: dict[str, str] = {Subject.ACCOUNT: "person", Subject.LEDGER: "ledger_entry", Subject.AGREEMENT: "owner"}
"""Of what was pointed out."""
PAPERS: dict[str, Callable[..., bytes]] = {"receipt": receipt_of, "extension": extension_of, "answer": answer_of}


@dataclass(frozen=True, slots=True)
class Row:
    pressing: Pressing
    words: dict[str, str]

    @property
    def claim(self) -> Claim:
        return self.pressing.claim


@dataclass(frozen=True, slots=True)
class Line:
    """A step in words."""

    step: ClaimStep
    what: str
    more: str


def tabs(request: HttpRequest, here: str) -> dict[str, Any]:
    """The pages of the rights desk that the person may open."""
    roles = roles_of(person(request), timezone.now())
    words = {"rights": _("What people ask"), "breaches": _("Breaches of data"), "dossier": _("Impact dossier")}
    return {"tabs": [(name, words[name]) for name in TABS if may_use(name, roles)], "here": here}


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """What is open, late ones first; or all by when they came in."""
    _handled(request)
    now, state = timezone.now(), request.GET.get("state", OPEN)
    found = pressing(now) if state == OPEN else [Pressing(one, late=False) for one in _all(state)]
    shown = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "rows": [Row(one, words_of(one.claim)) for one in shown.object_list], "shown": shown, "query": query.urlencode(),
        "state": state, "states": [(OPEN, _("not finished with")), *choices(State), ("all", _("all of them"))],
        "any": Claim.objects.exists(),
    }  # fmt: skip
    return render(request, "rights.html", context | tabs(request, "rights"))


def _all(state: str) -> Any:
    return Claim.objects.filter(state=state) if state in State.values else Claim.objects.all()


def _handled(request: HttpRequest) -> None:
    if not handles(person(request), timezone.now()):
        raise Http404


def _seen(request: HttpRequest, key: str) -> Claim:
    _handled(request)
    return get_object_or_404(Claim.objects.select_related("decided_by", "received_by"), key=key)


# --- at the desk ------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Somebody stands at the desk: the officer enters it, and hands out the code."""
    _handled(request)
    if request.method == "GET":
        return render(request, "right_new.html", {"form": ClaimForm(), "sending": secrets.token_hex(16)})
    form, sending, now = ClaimForm(request.POST), sending_in(request), timezone.now()
    if form.is_valid():
        try:
            taken = take(form.draft(), sending, tips_key(), holidays_at(now), now, person(request))
            return render(request, "right_taken.html", {"claim": taken.claim, "code": grouped(taken.code)}, status=201)
        except ValidationError as error:
            form.tell(error)
    return render(request, "right_new.html", {"form": form, "sending": sending}, status=422)


# --- one claim --------------------------------------------------------------------------------------------------------
@require_GET
def one(request: HttpRequest, key: str) -> HttpResponse:
    desk.read(person(request), _seen(request, key), timezone.now())
    return _page(request, _seen(request, key))


def _page(request: HttpRequest, claim: Claim, sender: Sender | None = None, **bound: Any) -> HttpResponse:
    """`bound`: the form that was sent and refused, by its name."""
    now = timezone.now()
    roles = roles_of(person(request), now)
    forms: dict[str, Any] = {
        "writing": WriteClaimForm(), "noting": NoteClaimForm(), "extending": ExtendClaimForm(),
        "deciding": DecideClaimForm(claim), "carrying": CarryClaimForm(claim), "lifting": LiftClaimForm(),
        "pointing": _pointing(request, claim),
    }  # fmt: skip
    context = forms | bound | words_of(claim) | {
        "claim": claim, "late": one_of(claim, now).late, "sender": sender, "head": Role.HEAD in roles,
        "open": claim.state != State.CLOSED, "lines": [_line(step) for step in desk.steps_of(claim)],
        "messages_": claim.messages.select_related("by"), "ways": _ways(claim, roles), "camera": _camera(claim),
        "refused": [form for form in bound.values() if form.non_field_errors()],
        "may_extend": claim.extended is None and now <= claim.act_due,
        "restricts": claim.restricts, "thing": things.of(claim.subject, claim.thing),
    }  # fmt: skip
    return render(request, "right.html", context, status=422 if bound else 200)


def _pointing(request: HttpRequest, claim: Claim, data: Any = None) -> PointClaimForm | None:
    """Where an officer says which one it is about; None where a code or a sign told it, or it is over."""
    if claim.subject not in things.POINTED_OUT or (claim.state == State.CLOSED and not claim.restricts):
        return None
    if claim.subject != Subject.AGREEMENT:
        return PointClaimForm(claim.subject, [], data)
    eyes = owned_eyes(person(request), timezone.now())
    offered = [(one.key, one.name) for one in sorted(eyes, key=lambda one: name_key(one.name))]
    return PointClaimForm(claim.subject, offered, data)


def _camera(claim: Claim) -> str:
    found = Camera.objects.filter(key=claim.thing).first() if claim.subject == Subject.CAMERA and claim.thing else None
    return found.name if found is not None else ""


def _ways(claim: Claim, roles: frozenset[str]) -> list[tuple[str, str]]:
    """Where what is asked for is found and carried out, as far as the person may go there: words and address."""
    if claim.subject == Subject.CAMERA and claim.start is not None:
        at = {"cameras": claim.thing, "at": int(claim.start.timestamp()), "reference": claim.sign}
        found = [("playback", _("Play back"), f"{reverse('playback')}?{urlencode(at)}")] if claim.thing else []
        found += _blurred(claim) if claim.decision == Decision.COPY else []
        return [(words, url) for route, words, url in found if may_use(route, roles)]
    pages: dict[str, tuple[str, str, list[str]]] = {
        Subject.TIP: ("tip", _("The tip"), [claim.thing]),
        Subject.PETITION: ("petition", _("The request to see footage"), [claim.thing]),
        Subject.ACCOUNT: ("people", _("People"), []), Subject.LEDGER: ("ledger", _("Book of contributions"), []),
        Subject.AGREEMENT: ("owners", _("Camera owners"), []),
    }  # fmt: skip
    if (thing := things.of(claim.subject, claim.thing)) is not None:
        pages[claim.subject] = (PAGES[claim.subject], thing.said, [thing.page])
    route, words, named = pages.get(claim.subject, ("", "", []))
    return [(words, reverse(route, args=named))] if route and may_use(route, roles) else []


def _blurred(claim: Claim) -> list[tuple[str, str, str]]:
    """Where a blurred copy is drawn and ordered: route, words and address."""
    if claim.start is None or claim.end is None:
        return []
    span = {"camera": claim.thing, "in": int(claim.start.timestamp()), "out": int(claim.end.timestamp()), "reference": claim.sign}
    package = urlencode(span | {"kind": What.VIEWING})
    return [
        ("blur_new", _("draw what is to be blurred"), f"{reverse('blur_new')}?{urlencode(span)}"),
        ("package_new", _("order the copy"), f"{reverse('package_new')}?{package}"),
    ]


def _line(step: ClaimStep) -> Line:
    what = _(str(ClaimCode(step.code).label))
    if step.code == ClaimCode.DECIDED:
        why = f" ({_(str(Ground(step.ground).label))})" if step.ground else ""
        return Line(step, what, _(str(Decision(step.thing).label)) + why)
    if step.code == ClaimCode.CARRIED:
        return Line(step, what, _(str(End(step.thing).label)))
    if step.code == ClaimCode.EXTENDED and step.until is not None:
        return Line(step, what, f"{timezone.localtime(step.until):%d/%m/%Y}")
    if step.thing == desk.POINTED_OUT:
        return Line(step, _("which one it is about was pointed out"), "")
    return Line(step, what, "")


def _done(request: HttpRequest, claim: Claim, name: str, form: Any, do: Callable[[], object], words: str) -> HttpResponse:
    return carry_out(
        request, form, do, words, lambda: redirect("right", claim.key), lambda: _page(request, claim, **{name: form})
    )


@require_POST
def write(request: HttpRequest, key: str) -> HttpResponse:
    found, form, now = _seen(request, key), WriteClaimForm(request.POST), timezone.now()
    return _done(
        request, found, "writing", form, lambda: desk.write(person(request), found, form.cleaned_data["said"], now),
        _("The person who asked reads it under the code."),
    )  # fmt: skip


@require_POST
def note(request: HttpRequest, key: str) -> HttpResponse:
    found, form, now = _seen(request, key), NoteClaimForm(request.POST), timezone.now()
    return _done(
        request, found, "noting", form, lambda: desk.note(person(request), found, form.cleaned_data["note"], now),
        _("Written down."),
    )  # fmt: skip


@require_POST
def which(request: HttpRequest, key: str) -> HttpResponse:
    """Which account, entry of the book or agreement it is about."""
    found = _seen(request, key)
    form = _pointing(request, found, request.POST)
    if form is None:
        raise Http404
    return _done(
        request, found, "pointing", form,
        lambda: desk.point_out(person(request), found, form.cleaned_data["which"], timezone.now()), _("Written down."),
    )  # fmt: skip


@require_POST
def extend(request: HttpRequest, key: str) -> HttpResponse:
    """The head alone, by the permission table."""
    found, form, now = _seen(request, key), ExtendClaimForm(request.POST), timezone.now()
    return _done(
        request, found, "extending", form,
        lambda: desk.extend(person(request), found, form.cleaned_data["longer"], holidays_at(now), now),
        _("Extended. Who asked reads why under the code."),
    )  # fmt: skip


@require_POST
def decide(request: HttpRequest, key: str) -> HttpResponse:
    """The head alone, by the permission table."""
    found, now = _seen(request, key), timezone.now()
    form = DecideClaimForm(found, request.POST)
    return _done(
        request, found, "deciding", form, lambda: desk.decide(person(request), found, form.deciding(), now),
        _("Decided. The person who asked reads it under the code; print the letter for who has no telephone."),
    )  # fmt: skip


@require_POST
def carry(request: HttpRequest, key: str) -> HttpResponse:
    found, now = _seen(request, key), timezone.now()
    form = CarryClaimForm(found, request.POST)
    return _done(
        request, found, "carrying", form,
        lambda: desk.carry(person(request), found, form.cleaned_data["finish"], form.cleaned_data["done"], now),
        _("Written down; the claim is over."),
    )  # fmt: skip


@require_POST
def lift(request: HttpRequest, key: str) -> HttpResponse:
    """The head alone, by the permission table."""
    found, form, now = _seen(request, key), LiftClaimForm(request.POST), timezone.now()
    return _done(
        request, found, "lifting", form, lambda: desk.lift(person(request), found, form.cleaned_data["lifting"], now),
        _("The restriction is lifted."),
    )  # fmt: skip


@require_POST
def sender(request: HttpRequest, key: str) -> HttpResponse:
    """Shows name and number, once it is written down that somebody looked."""
    found = _seen(request, key)
    return _page(request, found, desk.look_at_sender(person(request), found, timezone.now()))


@require_POST
def paper(request: HttpRequest, key: str) -> HttpResponse:
    """They name who asked, so the press is a step."""
    found, user, now = _seen(request, key), person(request), timezone.now()
    which = request.POST.get("paper", "")
    if (which == "answer" and not found.decision) or (which == "extension" and found.extended is None) or which not in PAPERS:
        messages.error(request, _("There is no such paper of it yet."))
        return redirect("right", found.key)
    name = desk.look_at_sender(user, found, now).name if found.sealed_name else ""
    desk.printed(user, found, which, now)
    headers = {
        "Content-Disposition": f'attachment; filename="{which}-{found.number}-{found.year}.pdf"', "Cache-Control": "no-store",
    }  # fmt: skip
    return HttpResponse(PAPERS[which](found, name, now), content_type="application/pdf", headers=headers)
