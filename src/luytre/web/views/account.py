"""One's own account: sessions, second step, password, language, light or dark; and the words for whoever tried too often."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.base.i18n import LANGUAGES
from luytre.civic.access.accounts import set_password
from luytre.civic.access.endings import cut_rights
from luytre.civic.access.models import User
from luytre.web.context import THEME_COOKIE, THEMES
from luytre.web.forms import PasswordForm
from luytre.web.ports import ports
from luytre.web.views import own_devices
from luytre.web.views.pages import person

YEAR_S = 365 * 86_400


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """What I am, where I am logged in, and the second step of my logging in."""
    user = request.user
    assert isinstance(user, User)
    steps = {step.type: step for step in Authenticator.objects.filter(user=user)}
    context = {
        "sessions": sorted(UserSession.objects.purge_and_list(user), key=lambda one: one.last_seen_at, reverse=True),
        "app": steps.get(Authenticator.Type.TOTP),
        "keys": [each.wrap() for each in Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)],
        "codes": steps.get(Authenticator.Type.RECOVERY_CODES),
    } | own_devices.part_of(user)
    return render(request, "account.html", context)


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """One of one's own sessions, on a device that is not at hand."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    own_devices.logged_out_there(session.session_key)
    session.end()
    _end_pictures(request)
    messages.success(request, _("Logged out there."))
    return redirect("account")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    for session in UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key):
        own_devices.logged_out_there(session.session_key)
        session.end()
    _end_pictures(request)
    messages.success(request, _("Logged out on every other device."))
    return redirect("account")


def _end_pictures(request: HttpRequest) -> None:
    """Pictures that are open there too; this device's pages come with a new token by themselves."""
    cut_rights(person(request), timezone.now())
    ports().recorder.refresh()


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """One's own password. Whoever must change it meets this page until it is done."""
    user = request.user
    assert isinstance(user, User)
    forced = user.must_change_password
    form = PasswordForm(user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        set_password(user, form.cleaned_data["new"], must_change=False)
        update_session_auth_hash(request, user)
        messages.success(request, _("The new password holds from now on."))
        return redirect("home")
    return render(request, "password.html", {"form": form, "forced": forced}, status=200 if request.method == "GET" else 422)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Vietnamese or English, for this browser and (with an account) for this person."""
    chosen = request.POST.get("language", "")
    response = HttpResponseRedirect(_way_back(request))
    if chosen not in LANGUAGES:
        return response
    if isinstance(request.user, User):
        User.objects.filter(pk=request.user.pk).update(language=chosen)
    _keep(response, settings.LANGUAGE_COOKIE_NAME, chosen)
    return response


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("theme", "")
    response = HttpResponseRedirect(_way_back(request))
    if chosen in THEMES:
        _keep(response, THEME_COOKIE, chosen)
    return response


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR_S, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax", httponly=True)


def _way_back(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return target
    return "/"


def name_for_counting(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str | None:
    """Under which name django-axes counts wrong tries: `Admin` and `admin` are one account, so one count."""
    name = (credentials or {}).get("username") or request.POST.get("login")
    return str(name).strip().lower() if name else None


def locked_out(request: HttpRequest, response: HttpResponse, credentials: dict[str, Any]) -> HttpResponse:
    """What django-axes shows after too many wrong passwords."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    words = _("The password was wrong too many times. Wait %(minutes)d minutes, then try again.") % {"minutes": minutes}
    return render(request, "error.html", {"title": _("Locked for a while"), "words": words}, status=429)
