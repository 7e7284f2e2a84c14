"""Phong trào → Vận động: campaigns, who was reached, meetings, commitments and where they lead; leaflet and poster.

Counts alone tell of visits: no page, sheet or row says of a household that it declined (design/movement.md).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.base.i18n import N_
from luytre.civic.access.models import User
from luytre.civic.ledger.scope import enters
from luytre.civic.mobilisation import going
from luytre.civic.mobilisation.campaigns import save_campaign
from luytre.civic.mobilisation.models import Campaign, Commitment, FollowUp, MobilisationStep, Sort, StepCode
from luytre.civic.mobilisation.paper import Handout, handout
from luytre.civic.mobilisation.progress import HamletRow, progress, spots
from luytre.civic.mobilisation.scope import hamlets_gone_to, hamlets_seen, plans
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.notice import NoSign, why_no_sign
from luytre.web.carrying_out import carry_out
from luytre.web.days import AS_WRITTEN
from luytre.web.forms_mobilisation import CampaignForm, ComeBackForm, CommitForm, GoForm, MeetingForm, VisitForm
from luytre.web.sheets import SHEET_TYPE, safe_cell
from luytre.web.views.ledger import as_file
from luytre.web.views.pages import person

FORMS: dict[str, tuple[type[GoForm], str, str]] = {
    "visit": (
        VisitForm, N_("A round of visits"),
        N_("Written down. Who wants to be visited again or promises something is entered beside it."),
    ),
    "meeting": (MeetingForm, N_("A meeting"), N_("Written down.")),
    "come-back": (ComeBackForm, N_("Come again on a day"), N_("Written down. It stands on top of the page on that day.")),
    "commitment": (CommitForm, N_("A commitment"), N_("Written down. Lead it now to where it belongs.")),
}  # fmt: skip
"""By the last part of the address: the form, its title, what is said when it is done."""


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    user, now = person(request), timezone.now()
    today = timezone.localdate(now)
    found = list(Campaign.objects.select_related("by"))
    context = {
        "campaigns": [(one, one.first_day <= today <= one.last_day) for one in found], "plans": plans(user, now),
        "missing": why_no_sign(now, settings.ENVIRONMENT.public_url),
    }  # fmt: skip
    return render(request, "mobilisation.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    return _plan(request, None)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    return _plan(request, get_object_or_404(Campaign, key=key))


def _plan(request: HttpRequest, campaign: Campaign | None) -> HttpResponse:
    user, now = person(request), timezone.now()
    form = CampaignForm(Hamlet.objects.all(), request.POST or None, initial=CampaignForm.of(campaign) if campaign else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = save_campaign(user, form.draft(), now, campaign, form.cleaned_data["revision"] or 0)
        except ValidationError as error:
            form.tell(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("mobilisation_campaign", made.key)
    return render(request, "mobilisation_form.html", {"form": form, "campaign": campaign}, status=422 if form.errors else 200)


# --- one campaign -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class CommitmentLine:
    """An open commitment, with what is promised in words."""

    commitment: Commitment
    sort: str
    is_camera: bool


@require_GET
def one(request: HttpRequest, key: str) -> HttpResponse:
    return _page(request, get_object_or_404(Campaign, key=key))


def _page(request: HttpRequest, campaign: Campaign, **opened: Any) -> HttpResponse:
    user, now = person(request), timezone.now()
    seen, mine = list(hamlets_seen(user, now)), hamlets_gone_to(user, now)
    rows, missing = progress(campaign, seen, now), why_no_sign(now, settings.ENVIRONMENT.public_url)
    commitments = _commitments(user).filter(campaign=campaign, over=None)
    steps = MobilisationStep.objects.filter(thing=campaign.key).select_related("by")
    context = {
        "campaign": campaign, "rows": rows, "sum": _sum(rows), "plans": plans(user, now), "goes": mine.exists(),
        "spots": spots(seen), "followups": _followups(user).filter(campaign=campaign), "today": timezone.localdate(now),
        "may_pledge": enters(user, now), "missing": missing, "kinds": [(what, _(said[1])) for what, said in FORMS.items()],
        "meetings": campaign.meetings.filter(hamlet__in=seen).select_related("hamlet"),
        "open": [CommitmentLine(one, _(str(Sort(one.sort).label)), one.sort == Sort.CAMERA) for one in commitments],
        "phases": max((len(row.planned) for row in rows), default=0),
        "steps": [(step, _(str(StepCode(step.code).label))) for step in steps],
    } | opened  # fmt: skip
    return render(request, "mobilisation_campaign.html", context)


def _sum(rows: list[HamletRow]) -> dict[str, int]:
    names = ("eyes", "households", "thinking", "meetings", "came", "committed")
    found = {name: sum(getattr(row, name) for row in rows) for name in names}
    return found | {"aim_eyes": sum(row.aim.eyes for row in rows), "aim_households": sum(row.aim.households for row in rows)}


def _followups(user: User) -> Any:
    return FollowUp.objects.filter(hamlet__in=hamlets_gone_to(user, timezone.now())).select_related("hamlet", "campaign")


def _commitments(user: User) -> Any:
    """Those of the person's hamlets; who enters in the book of contributions meets all."""
    now = timezone.now()
    found = Commitment.objects.select_related("hamlet", "campaign")
    return found if enters(user, now) else found.filter(Q(hamlet__in=hamlets_gone_to(user, now)))


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def go(request: HttpRequest, key: str, what: str) -> HttpResponse:
    """`what`: of `FORMS`. `?after=`: what was entered before it, so that the next one begins with the same hamlet."""
    if what not in FORMS:
        raise Http404
    campaign, user, now = get_object_or_404(Campaign, key=key), person(request), timezone.now()
    mine, (made_by, title, words) = hamlets_gone_to(user, now), FORMS[what]
    first: dict[str, object] = {"hamlet": request.GET.get("hamlet", "")[:20]}
    if what != "come-back":
        first["day"] = f"{timezone.localdate(now):{AS_WRITTEN}}"
    form = made_by(campaign, mine, request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            _go(user, form)
        except ValidationError as error:
            form.tell(error)
        else:
            messages.success(request, _(words))
            return redirect("mobilisation_campaign", key)
    context = {"form": form, "campaign": campaign, "title": _(title), "fields": [field for field in form if not field.is_hidden]}
    return render(request, "mobilisation_go.html", context, status=422 if form.errors else 200)


def _go(user: User, form: GoForm) -> object:
    where, data, now = form.where(), form.cleaned_data, timezone.now()
    if isinstance(form, VisitForm):
        return going.visit(user, where, data["carrier"], data["households"], data["thinking"] or 0, now)
    if isinstance(form, MeetingForm):
        return going.meeting(user, where, data["place"], data["came"], data["minutes"], now)
    if isinstance(form, ComeBackForm):
        return going.come_back(user, where, data["whither"], now)
    assert isinstance(form, CommitForm)
    return going.commit(user, where, form.draft(), now)


@require_POST
def followup(request: HttpRequest, key: str) -> HttpResponse:
    """`do=read`: where to go, written down; `do=went`: the row goes."""
    user, now = person(request), timezone.now()
    found = get_object_or_404(_followups(user), key=key)
    if request.POST.get("do") == "read":
        MobilisationStep.objects.create(at=now, by=user, code=StepCode.READ, thing=found.key)
        return _page(request, found.campaign, opened=found.key, whither=going.where_of(found))
    going.went(found)
    messages.success(request, _("Done, and erased. Enter the round of visits, and what was promised."))
    return redirect("mobilisation_campaign", found.campaign.key)


@require_POST
def commitment(request: HttpRequest, key: str) -> HttpResponse:
    """`do=read`: who it was, written down; `do=pledge`: into the book of contributions; `do=end`: nothing more is expected."""
    user, now, do = person(request), timezone.now(), request.POST.get("do", "")
    found = get_object_or_404(_commitments(user), key=key)

    def back() -> HttpResponse:
        return redirect("mobilisation_campaign", found.campaign.key)

    def done(what: Callable[[], object], words: str) -> HttpResponse:
        return carry_out(request, None, what, words, back, back)

    if do == "read":
        return _page(request, found.campaign, opened=found.key, who=going.who_of(user, found, now))
    if do == "pledge":
        return done(lambda: going.as_pledge(user, found, now), _("It is a pledge of the book of contributions now."))
    return done(lambda: going.finish(user, found, now), _("Finished with; the name is erased."))


def commitment_seen(request: HttpRequest, key: str) -> Commitment | None:
    """An open commitment of a camera in one of the person's hamlets, for who lets it join (`views.owners`)."""
    found = _commitments(person(request)).filter(key=key[:20], over=None, sort=Sort.CAMERA).first()
    return found if isinstance(found, Commitment) else None


# --- on paper ---------------------------------------------------------------------------------------------------------
@require_GET
def sheet(request: HttpRequest, key: str) -> HttpResponse:
    """Progress by hamlet."""
    from openpyxl import Workbook

    campaign = get_object_or_404(Campaign, key=key)
    book = Workbook()
    page = book.active
    assert page is not None
    heads = [_("Hamlet"), _("Goal: eyes"), _("Eyes won"), _("Goal: households"), _("Households visited"), _("Want to think")]
    page.append([*heads, _("Meetings"), _("People who came"), _("Commitments")])
    now = timezone.now()
    for row in progress(campaign, list(hamlets_seen(person(request), now)), now):
        counts = [row.aim.eyes, row.eyes, row.aim.households, row.households, row.thinking, row.meetings, row.came, row.committed]
        page.append([safe_cell(row.hamlet.name), *counts])
    written = BytesIO()
    book.save(written)
    return as_file(written.getvalue(), SHEET_TYPE, f"van-dong-{campaign.key}.xlsx", saved=True)


@require_GET
def paper(request: HttpRequest, size: str) -> HttpResponse:
    if size not in list(Handout):
        raise Http404
    try:
        made = handout(Handout(size), settings.ENVIRONMENT.public_url, timezone.now())
    except NoSign as error:
        messages.error(request, f"{_(error.cause)[:1].upper()}{_(error.cause)[1:]}. {_(error.hint)}")
        return redirect("mobilisation")
    return as_file(made, "application/pdf", f"gop-mat-{size}.pdf")
