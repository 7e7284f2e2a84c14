"""Trực ban → Gửi tin: messages to residents: written, seen as telephones show them, approved by another person, counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.base.money import dong
from luytre.bridge.senders.gateway import as_sms
from luytre.civic.dispatch import desk
from luytre.civic.dispatch.channels import CHANNEL_WORDS, WHY_WORDS, ChannelName, Letter
from luytre.civic.dispatch.models import Message, State, StepCode, Topic
from luytre.civic.dispatch.quiet import quiet_until
from luytre.civic.dispatch.sending import counted
from luytre.civic.dispatch.sms import Length, length_of
from luytre.civic.dispatch.subscribing import counts, wishing
from luytre.civic.registry.refusals import said
from luytre.web.forms_dispatch import MessageForm, WhyForm, typed_of
from luytre.web.senders import quiet
from luytre.web.views.pages import person

ON_A_PAGE = 50
END_LINK = "https://" + "x" * 80
"""As long as the link to end it, for counting."""


@dataclass(frozen=True, slots=True)
class Row:
    message: Message
    topic: str
    state: str
    where: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as a telephone shows it, and its length as SMS. `cost`: in dong for each who gets it; empty: not known."""

    title: str
    words: str
    language: str
    plain: Length
    accents: Length
    cost: str


def _row(one: Message) -> Row:
    where = _("the whole commune") if one.everywhere else ", ".join(hamlet.name for hamlet in one.hamlets.all())
    return Row(one, _(str(Topic(one.topic).label)), _(str(State(one.state).label)), where)


def _seen(title: str, words: str, language: str) -> Seen:
    letter = Letter(title, words, end_link=END_LINK)
    plain, accents = (length_of(as_sms(letter, each)) for each in (False, True))
    gateway = settings.ENVIRONMENT.sending.sms
    parts = (accents if gateway and gateway.accents else plain).parts
    return Seen(title, words, language, plain, accents, dong(parts * gateway.vnd) if gateway and gateway.vnd else "")


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    shown = Paginator(Message.objects.prefetch_related("hamlets"), ON_A_PAGE).get_page(request.GET.get("page"))
    people = [(_(CHANNEL_WORDS[ChannelName(name)]), many) for name, many in sorted(counts().items())]
    context = {"rows": [_row(one) for one in shown.object_list], "shown": shown, "query": "", "people": people}
    return render(request, "dispatch.html", context)


# --- writing ----------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return render(request, "dispatch_form.html", {"form": MessageForm()})
    form = MessageForm(request.POST)
    return _written(request, form, lambda: desk.write(person(request), form.draft(), timezone.now()))


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    found = get_object_or_404(Message, key=key)
    if found.state != State.WRITTEN:
        return redirect("dispatch_message", key)
    if request.method == "GET":
        return render(request, "dispatch_form.html", {"form": MessageForm(initial=typed_of(found)), "message": found})
    form = MessageForm(request.POST)
    return _written(request, form, lambda: desk.change(person(request), found, form.draft(), timezone.now()), found)


def _written(request: HttpRequest, form: MessageForm, do: Callable[[], Message], found: Message | None = None) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "message": found}
    if form.is_valid():
        if request.POST.get("do") == "preview":
            data = form.cleaned_data
            context["seen"] = _both(data["title"], desk.tidy(data["words"]), data["title_en"], desk.tidy(data["words_en"]))
            return render(request, "dispatch_form.html", context)
        try:
            made = do()
        except ValidationError as error:
            form.tell(error)
        else:
            messages.success(request, _("Written. Somebody else approves it before it goes out."))
            return redirect("dispatch_message", made.key)
    return render(request, "dispatch_form.html", context, status=422)


def _both(title: str, words: str, title_en: str, words_en: str) -> list[Seen]:
    return [_seen(title, words, "vi"), *([_seen(title_en, words_en, "en")] if words_en else [])]


# --- one message ------------------------------------------------------------------------------------------------------
@require_GET
def one(request: HttpRequest, key: str) -> HttpResponse:
    return _page(request, get_object_or_404(Message.objects.select_related("written_by", "approved_by"), key=key))


def _page(request: HttpRequest, found: Message, **bound: Any) -> HttpResponse:
    """`bound`: the form that was sent and refused, by its name."""
    user, now = person(request), timezone.now()
    waits = None if found.urgent else quiet_until(now, quiet(), timezone.get_default_timezone())
    lines = [(line, _(CHANNEL_WORDS[line.channel]), ", ".join(_(WHY_WORDS[why]) for why in line.whys)) for line in counted(found)]
    context = {"refusing": WhyForm(), "stopping": WhyForm()} | bound | {
        "row": _row(found), "message": found, "seen": _both(found.title, found.words, found.title_en, found.words_en),
        "approves": found.state == State.WRITTEN and desk.approves(user, found, now), "waits": waits, "lines": lines,
        "people": wishing(found).count() if found.state == State.WRITTEN else 0,
        "steps": [(step, _(str(StepCode(step.code).label))) for step in desk.steps_of(found)],
    }  # fmt: skip
    return render(request, "dispatch_message.html", context, status=422 if bound else 200)


@require_POST
def approve(request: HttpRequest, key: str) -> HttpResponse:
    found = get_object_or_404(Message, key=key)
    revision = request.POST.get("revision", "")
    try:
        number = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 9 else 0
        desk.approve(person(request), found, number, timezone.now(), quiet())
    except ValidationError as error:
        messages.error(request, " ".join(said(error).values()))
    else:
        messages.success(request, _("Approved: it goes out."))
    return redirect("dispatch_message", key)


@require_POST
def refuse(request: HttpRequest, key: str) -> HttpResponse:
    return _ended(request, key, "refusing", desk.refuse, _("Not approved."))


@require_POST
def stop(request: HttpRequest, key: str) -> HttpResponse:
    return _ended(request, key, "stopping", desk.stop, _("Stopped: nothing more of it goes out."))


def _ended(request: HttpRequest, key: str, name: str, do: Callable[..., None], words: str) -> HttpResponse:
    found, form = get_object_or_404(Message, key=key), WhyForm(request.POST)
    if form.is_valid():
        try:
            do(person(request), found, form.cleaned_data["why"], timezone.now())
        except ValidationError as error:
            form.tell(error)
        else:
            messages.success(request, words)
            return redirect("dispatch_message", key)
    return _page(request, found, **{name: form})
