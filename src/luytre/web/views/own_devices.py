"""My account → "my telephone rings": this browser is added, named, and removed; the morning's summary is wished for."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.signals import user_logged_out
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luytre.civic.access.models import User
from luytre.civic.dispatch.models import Device
from luytre.civic.dispatch.rings import Browser, add_device, forget_session
from luytre.civic.registry.refusals import said
from luytre.web import senders
from luytre.web.templatetags.ui import as_device
from luytre.web.views.pages import person

MARK = "rings"
"""In the session: by which its device is found again."""


def part_of(user: User) -> dict[str, Any]:
    """What the account's page shows of it."""
    return {"devices": Device.objects.filter(user=user), "push_key": senders.push_key()}


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Sent by the page's script with what the browser gave."""
    name = str(as_device(request.headers.get("User-Agent", "")))
    mark = request.session.setdefault(MARK, secrets.token_hex(16))
    browser = Browser(request.POST.get("address", ""), name, mark)
    try:
        add_device(person(request), browser, senders.key(), _now())
    except ValidationError as error:
        return JsonResponse({"trouble": " ".join(said(error).values())}, status=422)
    messages.success(request, _("This device rings from now on."))
    return JsonResponse({"added": True}, status=201)


@require_POST
def remove(request: HttpRequest, key: str) -> HttpResponse:
    get_object_or_404(Device, key=key, user=person(request)).delete()
    messages.success(request, _("It does not ring any more."))
    return redirect("account")


@require_POST
def morning(request: HttpRequest, key: str) -> HttpResponse:
    one = get_object_or_404(Device, key=key, user=person(request))
    one.morning = not one.morning
    one.save(update_fields=["morning"])
    messages.success(
        request, _("The morning's summary comes there at six.") if one.morning else _("No morning's summary any more.")
    )
    return redirect("account")


def _now() -> datetime:
    return timezone.now()


def logged_out(session: SessionBase) -> None:
    """Nothing rings any more where somebody was logged out. The session's key changes with a password, its mark does not."""
    if mark := session.get(MARK):
        forget_session(senders.key(), mark)


def logged_out_there(session_key: str) -> None:
    """The same for a session on another device."""
    logged_out(SessionStore(session_key))


def _left(request: HttpRequest | None = None, **_signal: Any) -> None:
    if request is not None:
        logged_out(request.session)


user_logged_out.connect(_left, dispatch_uid="dispatch.devices")
