"""Quản trị → Người dùng: who has an account, what they may do, and the links by which they come in."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.base.errors import UsageError
from luytre.civic.access.models import ChangeCode, EntryLink, Role, User
from luytre.civic.access.people import (
    GivenLink,
    change_person,
    give_link,
    invite,
    is_last_administrator,
    record_change,
    switch,
)
from luytre.civic.registry.grants import give_cameras, grants_of
from luytre.civic.registry.models import Camera
from luytre.civic.registry.order import in_order, name_key
from luytre.web.forms_people import PersonForm
from luytre.web.qr import qr_data_uri
from luytre.web.views.pages import person

SHOWN_CHANGES = 30


@dataclass(frozen=True, slots=True)
class CameraGroup:
    """A hamlet's cameras, for ticking."""

    hamlet: str
    cameras: tuple[Camera, ...]


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    asked = " ".join(request.GET.get("q", "").split())
    role = request.GET.get("role", "")
    found = User.objects.annotate(seen=Max("usersession__last_seen_at"), steps=Count("authenticator", distinct=True))
    if role in Role.values:
        found = found.filter(role=role)
    people = [one for one in found if asked.casefold() in f"{one.display_name} {one.username}".casefold()]
    people.sort(key=lambda one: (not one.is_active, name_key(str(one)), one.pk))
    context = {"people": people, "query": asked, "role": role, "roles": Role.choices, "any": User.objects.count() > 1}
    return render(request, "people.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    cameras = _cameras()
    form = PersonForm(cameras, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            link = invite(person(request), form.person(), timezone.now())
        except ValidationError as error:  # a name taken in this very moment
            form.add_error("username", ValidationError([message for found in error.message_dict.values() for message in found]))
        else:
            give_cameras(person(request), link.user, *form.cameras())
            return _show_link(request, link)
    return _form(request, form, cameras, None)


@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    grants = grants_of(user)
    context = {
        "one": user,
        "is_self": user == person(request),
        "is_last": is_last_administrator(user) if user.role == Role.ADMINISTRATOR else False,
        "cameras": [
            (camera, camera.key in grants.history) for camera in _cameras() if camera.key in grants.live
        ] if user.role == Role.VIEWER else None,
        "sessions": UserSession.objects.purge_and_list(user),
        "steps": Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).count(),
        "changes": user.changes.select_related("by")[:SHOWN_CHANGES],
        "link": EntryLink.objects.filter(user=user, used__isnull=True, expires__gt=timezone.now()).first(),
    }  # fmt: skip
    return render(request, "person.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    user, cameras, grants = get_object_or_404(User, pk=pk), _cameras(), None
    if request.method == "POST":
        form = PersonForm(cameras, request.POST, user=user)
        if form.is_valid():
            try:
                change_person(person(request), user, form.cleaned_data["name"], form.cleaned_data["role"])
            except UsageError as error:
                form.add_error("role", str(error))
            else:
                give_cameras(person(request), user, *form.cameras())
                messages.success(request, _("Saved. It holds from now on."))
                return redirect("person", pk=user.pk)
    else:
        grants = grants_of(user)
        initial = {"name": user.display_name or user.username, "role": user.role, "live": grants.live, "history": grants.history}
        form = PersonForm(cameras, user=user, initial=initial)
    return _form(request, form, cameras, user)


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
        switch(person(request), user, on)
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
    for session in UserSession.objects.filter(user=user):
        session.end()


def _cameras() -> list[Camera]:
    return in_order(Camera.objects.filter(archived=False).select_related("site__hamlet"))


def _groups(cameras: list[Camera]) -> list[CameraGroup]:
    by_hamlet: dict[tuple[int, str], list[Camera]] = {}
    for camera in cameras:
        hamlet = camera.site.hamlet
        by_hamlet.setdefault((hamlet.order, hamlet.name) if hamlet else (1 << 16, ""), []).append(camera)
    ordered = sorted(by_hamlet.items(), key=lambda item: (item[0][0], name_key(item[0][1])))
    return [CameraGroup(name or _("No hamlet"), tuple(group)) for (_order, name), group in ordered]


def _form(request: HttpRequest, form: PersonForm, cameras: list[Camera], user: User | None) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "person_form.html", {"form": form, "groups": _groups(cameras), "one": user}, status=status)


def _show_link(request: HttpRequest, given: GivenLink) -> HttpResponse:
    address = request.build_absolute_uri(reverse("enter", args=[given.secret]))
    context = {"given": given, "address": address, "qr": qr_data_uri(address)}
    return render(request, "person_link.html", context)
