"""The survey at a desk: campaigns and how far they are, needs and what becomes of them, what came in, two versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.civic.access.assignments import roles_of
from luytre.civic.access.models import Role, User
from luytre.civic.access.ways import SURVEY_ROLES
from luytre.civic.registry.eye_scope import sees_owners
from luytre.civic.registry.eyes import Stale
from luytre.civic.registry.history import Plain, steps_of
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.order import hamlets_in_order, name_key
from luytre.civic.registry.refusals import said
from luytre.civic.registry.register import Thing
from luytre.civic.survey.campaigns import Progress, close_campaign, progress_of, save_campaign
from luytre.civic.survey.entries import decide, differences
from luytre.civic.survey.models import Campaign, Entry, EntryKind, EntryState, Need, NeedState, Photo, Reason
from luytre.civic.survey.needs import set_need_state
from luytre.civic.survey.photos import photos_of
from luytre.civic.survey.scope import oversees, reach_of
from luytre.web.forms_survey import CHOICES, FIELD_WORDS, CampaignForm, StateForm, campaign_values, capital, choices_of
from luytre.web.register_words import told
from luytre.web.views.pages import person

PAGE = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """A field of two versions in words. `hidden`: what stands in the register is not for this reader."""

    field: str
    label: str
    theirs: str
    mine: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class CampaignLine:
    campaign: Campaign
    hamlets: tuple[Progress, ...]


# --- campaigns --------------------------------------------------------------------------------------------------------
@require_GET
def campaigns(request: HttpRequest) -> HttpResponse:
    user, now = person(request), timezone.now()
    reach = reach_of(user, now)
    lines = [
        CampaignLine(one, tuple(line for line in progress_of(one) if reach.covers(line.hamlet.pk)))
        for one in Campaign.objects.order_by("closed", "-first_day")
    ]
    context = {
        "lines": [line for line in lines if line.hamlets],
        "may_manage": oversees(user, now),
        "today": timezone.localdate(now),
    }
    return render(request, "survey_campaigns.html", context)


@require_http_methods(["GET", "POST"])
def campaign_add(request: HttpRequest) -> HttpResponse:
    return _campaign_form(request, None)


@require_http_methods(["GET", "POST"])
def campaign(request: HttpRequest, key: str) -> HttpResponse:
    return _campaign_form(request, get_object_or_404(Campaign, key=key))


def _campaign_form(request: HttpRequest, one: Campaign | None) -> HttpResponse:
    hamlets = hamlets_in_order(Hamlet.objects.all())
    initial = campaign_values(one) if one else {"first_day": timezone.localdate(), "hamlets": [str(h.pk) for h in hamlets]}
    form = CampaignForm(hamlets, _surveyors(), request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            save_campaign(person(request), form.draft(), one)
        except ValidationError as error:
            form.tell(error)
        else:
            messages.success(request, _("The campaign was saved."))
            return redirect("survey_campaigns")
    context = {"form": form, "campaign": one}
    return render(request, "survey_campaign_form.html", context, status=422 if form.is_bound else 200)


def _surveyors() -> list[User]:
    """Accounts in use with a role of the survey."""
    found = User.objects.filter(is_active=True).prefetch_related("assignments")
    now = timezone.now()
    return sorted((one for one in found if SURVEY_ROLES & roles_of(one, now)), key=lambda one: name_key(str(one)))


@require_POST
def campaign_close(request: HttpRequest, key: str) -> HttpResponse:
    """Closes it, or opens it again."""
    one = get_object_or_404(Campaign, key=key)
    close_campaign(one, None if one.closed else timezone.now())
    messages.success(request, _("The campaign is closed.") if one.closed else _("The campaign is open again."))
    return redirect("survey_campaigns")


# --- needs ------------------------------------------------------------------------------------------------------------
def _needs_of(user: User) -> QuerySet[Need]:
    """Those of the person's hamlets; the committee, which plans, reads all."""
    now = timezone.now()
    found = Need.objects.select_related("hamlet", "by", "campaign")
    if Role.COMMITTEE in roles_of(user, now):
        return found
    reach = reach_of(user, now)
    return found if reach.everywhere else found.filter(Q(hamlet__in=reach.hamlets) | Q(by=user))


@require_GET
def needs(request: HttpRequest) -> HttpResponse:
    user, asked = person(request), request.GET
    found, there = _needs_of(user), _needs_of(user)
    state, reason, hamlet = asked.get("state", ""), asked.get("reason", ""), asked.get("hamlet", "")
    if state in NeedState.values:
        found = found.filter(state=state)
    if reason in Reason.values:
        found = found.filter(reason=reason)
    if hamlet.isascii() and hamlet.isdecimal() and len(hamlet) < 10:
        found = found.filter(hamlet=int(hamlet))
    if words := " ".join(asked.get("q", "").replace("\0", "").split()):
        found = found.filter(Q(name__icontains=words) | Q(to_see__icontains=words) | Q(words__icontains=words))
    page = Paginator(found, PAGE).get_page(asked.get("page"))
    hamlets = hamlets_in_order(Hamlet.objects.filter(pk__in=there.values("hamlet")))
    context = {
        "page": page, "states": choices_of("state"), "reasons": choices_of("reason"), "hamlets": hamlets, "state": state,
        "reason": reason,
        "hamlet": hamlet, "query": words, "any": there.exists(), "filters": _filters(request),
        "may_survey": bool(SURVEY_ROLES & roles_of(user, timezone.now())),
    }  # fmt: skip
    return render(request, "survey_needs.html", context)


def _filters(request: HttpRequest) -> str:
    """The filters of the address, without the page."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return kept.urlencode()


@require_http_methods(["GET", "POST"])
def need(request: HttpRequest, key: str) -> HttpResponse:
    """One need; whoever oversees the survey changes its state."""
    user, now = person(request), timezone.now()
    one = get_object_or_404(_needs_of(user), key=key)
    may_manage = oversees(user, now)
    initial = {"state": one.state, "state_words": one.state_words}
    form = StateForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST":
        if not may_manage:
            raise PermissionDenied
        if form.is_valid() and _change_state(request, one, form):
            return redirect("survey_need", one.key)
    context = {
        "need": one, "form": form, "may_manage": may_manage, "photos": photos_of(Thing.NEED, one.key),
        "steps": [told(step) for step in steps_of(Thing.NEED, one.key)],
    }  # fmt: skip
    return render(request, "survey_need.html", context, status=422 if form.is_bound else 200)


def _change_state(request: HttpRequest, one: Need, form: StateForm) -> bool:
    typed = request.POST.get("revision", "")
    revision = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else -1
    data = form.cleaned_data
    try:
        set_need_state(person(request), one, data["state"], data["state_words"], timezone.now(), revision)
    except ValidationError as error:
        form.tell(error)
    except Stale:
        one.refresh_from_db()
        form.add_error(None, _("Somebody else changed it meanwhile: look at what it is now, and save again."))
    else:
        messages.success(request, _("The state was saved."))
        return True
    return False


# --- what came in -----------------------------------------------------------------------------------------------------
def _entries_of(user: User) -> QuerySet[Entry]:
    """Those who oversee the survey see all of them, anybody else what he sent himself."""
    found = Entry.objects.select_related("by", "hamlet", "campaign")
    return found if oversees(user, timezone.now()) else found.filter(by=user)


@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    user = person(request)
    found, state = _entries_of(user), request.GET.get("state", "")
    waiting = found.filter(state__in=(EntryState.CONFLICT, EntryState.REFUSED)).count()
    if state in EntryState.values:
        found = found.filter(state=state)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "states": EntryState.choices, "state": state, "undecided": waiting} | {
        "any": _entries_of(user).exists(), "filters": _filters(request),
    }  # fmt: skip
    return render(request, "survey_entries.html", context)


@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, entry: str) -> HttpResponse:
    """What was sent; of two versions, each field is chosen by itself."""
    user = person(request)
    one = _entry_at(user, entry)
    faults: dict[str, str] = {}
    if request.method == "POST":
        if not oversees(user, timezone.now()) and not reach_of(user, timezone.now()).covers(one.hamlet_id):
            raise PermissionDenied
        mine = {
            name.removeprefix("take-") for name, value in request.POST.items() if name.startswith("take-") and value == "mine"
        }
        try:
            decided = decide(user, one.number, mine, timezone.now())
        except ValidationError as error:
            faults = {str(FIELD_WORDS.get(field, "")): words for field, words in said(error).items()}
        else:
            messages.success(
                request, _("Taken over.") if decided.state == EntryState.APPLIED else _("Set aside; the register stays.")
            )
            return redirect("survey_entry", one.number)
    context = _entry_context(user, one) | {"faults": faults}
    return render(request, "survey_entry.html", context, status=422 if faults else 200)


def _entry_at(user: User, number: str) -> Entry:
    try:
        return get_object_or_404(_entries_of(user), number=UUID(number))
    except ValueError as error:
        raise Http404 from error


def _entry_context(user: User, one: Entry) -> dict[str, Any]:
    undecided = one.state == EntryState.CONFLICT
    show_private = sees_owners(user, timezone.now())
    pairs = differences(one, show_private=show_private) if undecided else []
    rows = [Shown(p.field, _label(p.field), _value(p.field, p.theirs), _value(p.field, p.mine), p.hidden) for p in pairs]
    fields = [
        (_label(name), _value(name, value)) for name, value in one.payload.get("fields", {}).items() if value not in ("", None)
    ]
    return {
        "entry": one, "rows": rows, "fields": fields, "undecided": undecided, "refused": one.state == EntryState.REFUSED,
        "photos": list(Photo.objects.filter(entry=one)), "need": one.target if one.kind == EntryKind.NEED else "",
    }  # fmt: skip


def _label(name: str) -> str:
    return str(FIELD_WORDS.get(name, name))


def _value(name: str, value: Plain) -> str:
    """As people read it: choices in words, figures with a comma."""
    if value in ("", None):
        return ""
    if name in CHOICES:
        return capital(_(next((str(label) for key, label in CHOICES[name].choices if str(key) == str(value)), str(value))))
    if isinstance(value, float):
        return number_format(int(value) if value.is_integer() else value)
    return str(value)


def back_to_entry(request: HttpRequest, one: Entry | None) -> HttpResponse:
    """After a photo was removed."""
    messages.success(request, _("The photo was removed."))
    if one is None:
        raise Http404
    return redirect("survey_entry", one.number)
