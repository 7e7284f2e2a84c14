"""Quản trị → Người dùng: who has an account, what they may do, and the links by which they come in."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.base.errors import UsageError
from luytre.civic.access.assignments import end, is_last_administrator, kept_roles, roles_of
from luytre.civic.access.endings import cut_rights
from luytre.civic.access.models import Assignment, ChangeCode, EntryLink, Role, User
from luytre.civic.access.people import GivenLink, give_link, invite, record_change, rename_person, switch
from luytre.civic.access.permissions import may_use
from luytre.civic.registry.grants import assign_place
from luytre.civic.registry.models import Camera, Hamlet
from luytre.civic.registry.order import hamlets_in_order, in_order, name_key
from luytre.civic.rights.kinds import Subject
from luytre.civic.rights.waiting import restrictions
from luytre.web.camera_groups import camera_groups
from luytre.web.forms_people import AssignmentForm, InvitationForm, NameForm
from luytre.web.people_words import in_words, roles_said
from luytre.web.ports import ports
from luytre.web.qr import qr_data_uri
from luytre.web.views.pages import person

SHOWN_CHANGES = 30


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    asked, now = " ".join(request.GET.get("q", "").split()), timezone.now()
    role = request.GET.get("role", "")
    found = User.objects.annotate(
        seen=Max("usersession__last_seen_at"), steps=Count("authenticator", distinct=True)
    ).prefetch_related("assignments")
    people = [one for one in found if asked.casefold() in f"{one.display_name} {one.username}".casefold()]
    if role in Role.values:
        people = [one for one in people if role in kept_roles(one, now)]
    people.sort(key=lambda one: (not one.is_active, name_key(str(one)), one.pk))
    listed = [(one, roles_said(kept_roles(one, now))) for one in people]
    context = {"people": listed, "query": asked, "role": role, "roles": Role.choices, "any": User.objects.count() > 1}
    return render(request, "people.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    cameras = _cameras()
    form = InvitationForm(cameras, _hamlets(), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            link = _invite(request, form)
        except ValidationError as error:  # a name taken in this very moment
            form.add_error("username", ValidationError([message for found in error.message_dict.values() for message in found]))
        else:
            return _show_link(request, link)
    return _form(request, "person_form.html", form, cameras, None)


@transaction.atomic
def _invite(request: HttpRequest, form: InvitationForm) -> GivenLink:
    now = timezone.now()
    link = invite(person(request), form.person(), now)
    assign_place(person(request), link.user, form.wanted(), form.camera_keys(), now)
    return link


@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    user, now = get_object_or_404(User, pk=pk), timezone.now()
    own = user == person(request)
    context = {
        "one": user,
        "is_self": own,
        "is_last": is_last_administrator(user, now),
        "assignments": in_words(user, now),
        "hand_on": own and {Role.ADMINISTRATOR, Role.HEAD} <= kept_roles(user, now),
        "sessions": UserSession.objects.purge_and_list(user),
        "steps": Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).count(),
        "changes": user.changes.select_related("by")[:SHOWN_CHANGES],
        "link": EntryLink.objects.filter(user=user, used__isnull=True, expires__gt=now).first(),
        "restrictions": restrictions(Subject.ACCOUNT, str(user.pk)),
        "officer": may_use("right", roles_of(person(request), now)),
    }
    return render(request, "person.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    initial = {"name": user.display_name or user.username}
    form = NameForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        rename_person(person(request), user, form.cleaned_data["name"])
        messages.success(request, _("Saved."))
        return redirect("person", pk=user.pk)
    return render(request, "person_name.html", {"form": form, "one": user}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def give_role(request: HttpRequest, pk: int) -> HttpResponse:
    """One more assignment."""
    user, cameras = get_object_or_404(User, pk=pk), _cameras()
    form = AssignmentForm(cameras, _hamlets(), request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        assign_place(person(request), user, form.wanted(), form.camera_keys(), timezone.now())
        messages.success(request, _("Saved. It holds from now on."))
        return redirect("person", pk=user.pk)
    return _form(request, "person_form.html", form, cameras, user)


@require_POST
def end_role(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    given = get_object_or_404(Assignment, pk=number, user=pk)
    try:
        end(person(request), given, timezone.now())
    except UsageError as error:
        messages.error(request, str(error))
    else:
        ports().recorder.refresh()
        messages.success(request, _("Ended. What it gave is gone."))
    return redirect("person", pk=pk) if given.user != person(request) else redirect("home")


@never_cache
@require_POST
def link(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk, is_active=True)
    return _show_link(request, give_link(person(request), user, timezone.now()))


@require_POST
def switch_account(request: HttpRequest, pk: int) -> HttpResponse:
    user, on = get_object_or_404(User, pk=pk), request.POST.get("on") == "1"
    if user == person(request):
        messages.error(request, _("You cannot switch off your own account."))
        return redirect("person", pk=pk)
    try:
        switch(person(request), user, on, timezone.now())
    except UsageError as error:
        messages.error(request, str(error))
        return redirect("person", pk=pk)
    if not on:
        _end_sessions(user)
    words = _("The account is on again.") if on else _("The account is off. Whoever used it is logged out.")
    messages.success(request, words)
    return redirect("person", pk=pk)


@require_POST
def end_sessions(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    _end_sessions(user)
    record_change(person(request), ChangeCode.SESSIONS_ENDED, user)
    messages.success(request, _("Logged out on every device."))
    return redirect("person", pk=pk)


@require_POST
def remove_second_step(request: HttpRequest, pk: int) -> HttpResponse:
    """For whoever lost the telephone or the key. Their sessions end with it."""
    user = get_object_or_404(User, pk=pk)
    Authenticator.objects.filter(user=user).delete()
    _end_sessions(user)
    record_change(person(request), ChangeCode.SECOND_STEP_REMOVED, user)
    messages.success(request, _("The second step is removed. Tell the person to set it up again."))
    return redirect("person", pk=pk)


def _end_sessions(user: User) -> None:
    """Everywhere, the recorder included: it is told by the list that it is asked to pull."""
    cut_rights(user, timezone.now())
    for session in UserSession.objects.filter(user=user):
        session.end()
    ports().recorder.refresh()


def _cameras() -> list[Camera]:
    return in_order(Camera.objects.filter(archived=False).select_related("site__hamlet"))


def _hamlets() -> list[Hamlet]:
    return hamlets_in_order(Hamlet.objects.all())


def _form(request: HttpRequest, page: str, form: AssignmentForm, cameras: list[Camera], user: User | None) -> HttpResponse:
    context = {"form": form, "groups": camera_groups(cameras), "one": user}
    return render(request, page, context, status=422 if form.is_bound else 200)


def _show_link(request: HttpRequest, given: GivenLink) -> HttpResponse:
    address = request.build_absolute_uri(reverse("enter", args=[given.secret]))
    context = {"given": given, "address": address, "qr": qr_data_uri(address)}
    return render(request, "person_link.html", context)
