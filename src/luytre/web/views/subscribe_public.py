"""Công khai: `/nhan-tin`, where a resident wishes for messages without an account, confirms, reads one, and ends them.

As on `/bao-tin`: no session, no cookie, so no form token. How often one network asks is counted in memory alone (`tips.pace`).
What the page answers does not tell whether an address wished for messages before.
"""

from __future__ import annotations

import hashlib
import time
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from luytre.civic.dispatch import subscribing
from luytre.civic.dispatch.addresses import BadAddress
from luytre.civic.dispatch.channels import ChannelName
from luytre.civic.dispatch.models import Message, State, Subscriber
from luytre.civic.dispatch.subscribing import CONFIRM, END
from luytre.civic.registry.models import Commune
from luytre.civic.tips.effort import NotDone, bits_for
from luytre.civic.tips.pace import Pace
from luytre.web import senders
from luytre.web.forms_dispatch import WishForm
from luytre.web.tasks import ask_to_confirm
from luytre.web.templatetags.ui import built_file
from luytre.web.views.tip_public import address_of, efforts, in_its_language, wants_json

ASKED, LETTERS = "wish", "letter"
MOST_AN_HOUR = 20
MOST_LETTERS = 3
"""To one address an hour: nobody fills a stranger's box from here."""
PACE = Pace(time.monotonic)


def _public(request: HttpRequest) -> dict[str, Any]:
    english = request.GET.get("lang") == "en"
    return {"english": english, "path": request.path, "commune": Commune.here().name}


@csrf_exempt
@require_http_methods(["GET", "POST"])
@in_its_language
def page(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _form(request, WishForm(senders.offered()))
    if request.POST.get("do") == "end":
        return _end_here(request)
    form = WishForm(senders.offered(), request.POST)
    refused = _refused(request)
    if refused:
        return _form(request, form, refused, 429)
    if form.is_valid():
        try:
            one = subscribing.subscribe(
                form.wish("en" if request.GET.get("lang") == "en" else "vi"), senders.key(), timezone.now()
            )
        except ValidationError as error:
            form.tell(error)
        else:
            return _taken(request, one)
    return _form(request, form, _("It was not taken yet: see below."), 422)


def _form(request: HttpRequest, form: WishForm, trouble: str = "", status: int = 200) -> HttpResponse:
    if wants_json(request):  # the page's script does the work and asks once more
        errors = {name: [str(one) for one in found] for name, found in form.errors.items()}
        task = efforts().set(_bits(request))
        return JsonResponse({"trouble": trouble, "errors": errors, "task": task.text, "bits": task.bits}, status=status)
    context = _public(request) | {
        "form": form, "trouble": trouble, "task": efforts().set(_bits(request)), "push_key": senders.push_key(),
        "others": len(senders.offered()) > 1,
    }  # fmt: skip
    return render(request, "public/subscribe.html", context, status=status)


def _bits(request: HttpRequest) -> int:
    return bits_for(PACE.so_far(ASKED, address_of(request)))


def _refused(request: HttpRequest) -> str:
    """Why it is not taken now; empty: it is."""
    bits = _bits(request)
    if PACE.add(ASKED, address_of(request)) >= MOST_AN_HOUR:
        return _("Very many came from this network within the hour. Try again in an hour.")
    if bits:
        try:
            efforts().judge(request.POST.get("task", ""), request.POST.get("answer", "").strip(), bits)
        except NotDone:
            return _("Answer the small question at the end first: it keeps away programs that send by the thousand.")
    return ""


def _taken(request: HttpRequest, one: Subscriber) -> HttpResponse:
    asks = one.channel != ChannelName.PUSH
    if asks and PACE.add(LETTERS, hashlib.sha256(one.address_digest.encode()).hexdigest()) < MOST_LETTERS:
        ask_to_confirm.enqueue(one.pk)
    if wants_json(request):
        return JsonResponse({"taken": True}, status=201)
    return render(request, "public/subscribed.html", _public(request) | {"asks": asks}, status=201)


def _end_here(request: HttpRequest) -> HttpResponse:
    """Ends what this browser wished for; it alone knows its address."""
    try:
        subscribing.end_push(senders.key(), request.POST.get("address", ""))
    except BadAddress:
        return JsonResponse(
            {"trouble": _("This browser gave an address that cannot be used. Load the page anew and try again.")}, status=422
        )
    return JsonResponse({"ended": True})


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of these pages, which reaches no further."""
    path = settings.LUYTRE_BUILD_DIR / built_file("news-sw")
    allowed = {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/nhan-tin"}
    return HttpResponse(path.read_bytes(), content_type="text/javascript", headers=allowed)


@csrf_exempt
@require_http_methods(["GET", "POST"])
@in_its_language
def confirm(request: HttpRequest, link: str) -> HttpResponse:
    """A press confirms: programs that look at mail open links by themselves."""
    one = subscribing.by_link(senders.key(), CONFIRM, link)
    if one is not None and request.method == "POST":
        subscribing.confirm(one)
    context = _public(request) | {
        "there": one is not None, "done": request.method == "POST", "end_link": senders.end_link(one) if one else "",
    }  # fmt: skip
    return render(request, "public/subscribe_confirm.html", context, status=200 if one else 404)


@csrf_exempt
@require_http_methods(["GET", "POST"])
@in_its_language
def end(request: HttpRequest, link: str) -> HttpResponse:
    """A press ends it, also that of a mail program (RFC 8058). What ended already is ended: nothing is told of others."""
    one = subscribing.by_link(senders.key(), END, link)
    if one is not None and request.method == "POST":
        subscribing.end(one)
        one = None
    return render(request, "public/subscribe_end.html", _public(request) | {"there": one is not None})


@require_GET
@in_its_language
def message(request: HttpRequest, key: str) -> HttpResponse:
    """What was sent, whole; until it is over."""
    found = Message.objects.filter(key=key, state__in=(State.SENDING, State.SENT), until__gt=timezone.now()).first()
    if found is None:
        raise Http404
    english = request.GET.get("lang") == "en" and found.words_en
    context = _public(request) | {
        "title": found.title_en if english else found.title, "words": found.words_en if english else found.words,
        "message": found, "foreign": not english and request.GET.get("lang") == "en",
    }  # fmt: skip
    return render(request, "public/message.html", context)
