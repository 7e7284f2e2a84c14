"""Chủ camera, for themselves: `/gop-mat` offers a camera without an account; `/camera-cua-toi/LINK` and `/my-cameras` show what
was agreed on and every use that was made of it, and take a withdrawal.

On the public pages no session, no cookie and no form token, as with `/bao-tin`: the link in the address is the whole right.
"""

from __future__ import annotations

import secrets
import time
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from luytre.civic.movement import desk, offers
from luytre.civic.movement.links import by_link
from luytre.civic.movement.scope import own_eyes
from luytre.civic.movement.uses import ON_A_PAGE, uses_of
from luytre.civic.registry.lending import versions_of
from luytre.civic.registry.models import Eye
from luytre.civic.registry.notice import whom_to_ask
from luytre.civic.registry.refusals import said
from luytre.civic.registry.terms import terms_of
from luytre.civic.tips.code import SENDING
from luytre.civic.tips.pace import Pace
from luytre.web import owner_words
from luytre.web import ports as planes
from luytre.web.forms_owners import NarrowForm, OfferForm, TermsForm
from luytre.web.views import tip_public
from luytre.web.views.pages import person
from luytre.web.views.tip_public import address_of, in_its_language

LINK = "owner"
MOST_WRONG_LINKS = 20
PACE = Pace(time.monotonic)


# --- offering a camera ------------------------------------------------------------------------------------------------
@csrf_exempt
@require_http_methods(["GET", "POST"])
@in_its_language
def offer(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _form(request, OfferForm(), secrets.token_hex(16))
    form, sending = OfferForm(request.POST), request.POST.get("sending", "")
    if not SENDING.fullmatch(sending):
        sending = secrets.token_hex(16)
    if offers.taken_before(sending) is not None:
        return _taken(request)
    wrong = _("It was not sent yet: see below.")
    if not form.is_valid():
        return _form(request, form, sending, wrong, 422)
    if refused := tip_public.held_off(request, by_sum=True):
        return _form(request, form, sending, refused, 429)
    try:
        offers.take(form.draft(), sending, timezone.now())
    except ValidationError as error:
        form.tell(error)
        return _form(request, form, sending, wrong, 422)
    return _taken(request)


def _taken(request: HttpRequest) -> HttpResponse:
    return render(request, "public/gop_mat_taken.html", tip_public.public_context(request), status=201)


def _form(request: HttpRequest, form: OfferForm, sending: str, trouble: str = "", status: int = 200) -> HttpResponse:
    task = tip_public.efforts().set(tip_public.wanted_bits(address_of(request)))
    asker, contact = whom_to_ask(timezone.now())
    context: dict[str, Any] = tip_public.public_context(request) | {
        "form": form, "sending": sending, "task": task, "trouble": trouble, "asker": asker, "contact": contact,
    }  # fmt: skip
    return render(request, "public/gop_mat.html", context, status=status)


# --- the own camera, by a link ----------------------------------------------------------------------------------------
@csrf_exempt
@require_http_methods(["GET", "POST"])
@in_its_language
def by_owner_link(request: HttpRequest, link: str) -> HttpResponse:
    """What a messenger fetches by itself names nothing: the camera is shown after a press."""
    address = address_of(request)
    blocked = PACE.so_far(LINK, address) >= MOST_WRONG_LINKS
    eye = None if blocked else by_link(link)
    asker, contact = whom_to_ask(timezone.now())
    public = tip_public.public_context(request) | {"asker": asker, "contact": contact}
    if eye is None:
        PACE.add(LINK, address)
        response = render(request, "public/camera_cua_toi_over.html", public, status=429 if blocked else 404)
    elif request.method == "GET":
        response = render(request, "public/camera_cua_toi_first.html", public)
    else:
        response = _shown(request, eye, public)
    response.headers["Referrer-Policy"] = "no-referrer"  # the link is in the address
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django writes the address of what is refused into its log
    return response


def _shown(request: HttpRequest, eye: Eye, public: dict[str, Any]) -> HttpResponse:
    done, trouble, form = _press(request, eye)
    context = public | context_of(eye, _skip(request.POST.get("skip", "")), form) | {"done": done, "trouble": trouble}
    return render(request, "public/camera_cua_toi.html", context, status=422 if trouble or (form and form.errors) else 200)


def _press(request: HttpRequest, eye: Eye) -> tuple[str, str, NarrowForm | None]:
    """What was done, what was refused, and the form that came with it."""
    do, now, form = request.POST.get("do", ""), timezone.now(), None
    try:
        if do == "withdraw":
            desk.withdraw(None, eye, _skip(request.POST.get("over", "")), now)
            words = _("Withdrawn. The recorder closes your camera within half a minute. What was used before stays below.")
        elif do == "narrow":
            form = NarrowForm(request.POST)
            if not form.is_valid():
                return "", "", form
            desk.narrow(None, eye, form.wanted(), form.cleaned_data["drawn_over"], now)
            words = _("It holds from now on.")
        else:
            return "", "", None
    except ValidationError as error:
        if form is None:
            return "", " ".join(said(error).values()), None
        form.tell(error)
        return "", "", form
    planes.ports().recorder.refresh()
    eye.refresh_from_db()
    return words, "", None


def context_of(eye: Eye, skip: int = 0, form: NarrowForm | None = None) -> dict[str, Any]:
    """The owner's own account of a camera: state, terms and their history, uses."""
    now = timezone.now()
    terms, (line,) = terms_of(eye.key), owner_words.lines_of([eye], now)
    uses = uses_of(eye, now, skip)
    return {
        "eye": eye, "line": line, "terms": terms, "state": owner_words.state_of(line),
        "versions": owner_words.versions_words(versions_of(eye)), "uses": owner_words.uses_words(uses.page), "count": uses.count,
        "older": skip + ON_A_PAGE if uses.more else 0, "newer": skip > 0, "form": form or NarrowForm(initial=TermsForm.of(terms)),
        "may_withdraw": line.terms is not None or (line.standing == "none" and eye.camera is not None),
        "over": terms.number if terms else 0, "code": eye.camera.code if eye.camera else "",
    }  # fmt: skip


def _skip(text: str) -> int:
    """A small whole number of a form; 0 for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0


# --- the own cameras, with an account ---------------------------------------------------------------------------------
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    lines = owner_words.lines_of(list(own_eyes(person(request), now)), now)
    return render(request, "my_cameras.html", {"lines": [(one, owner_words.state_of(one)) for one in lines]})


@require_http_methods(["GET", "POST"])
def my_camera(request: HttpRequest, key: str) -> HttpResponse:
    eye = get_object_or_404(own_eyes(person(request), timezone.now()), key=key)
    form = None
    if request.method == "POST":
        done, trouble, form = _press(request, eye)
        if done:
            messages.success(request, done)
            return redirect(reverse("my_camera", args=[key]))
        if trouble:
            messages.error(request, trouble)
    context = context_of(eye, _skip(request.GET.get("skip", "")), form)
    return render(request, "my_camera.html", context, status=422 if request.method == "POST" else 200)
