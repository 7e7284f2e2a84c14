"""Công khai: `/quyen-du-lieu`, where anybody asks about data on themselves.

No session, no cookie, no form token and no script, as with `/bao-tin`; effort and pace are the same ones (`tip_public`).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from luytre.civic.registry.models import Camera
from luytre.civic.registry.notice import camera_by_code
from luytre.civic.registry.refusals import said
from luytre.civic.rights.kinds import Subject
from luytre.civic.rights.taking import Taken, take, taken_before
from luytre.civic.tips.code import grouped
from luytre.civic.workdays.book import holidays_at
from luytre.web.forms_rights import ClaimForm
from luytre.web.forms_tips import local_input
from luytre.web.views import tip_public
from luytre.web.views.rights_code import key, sending_in


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form carries along besides its fields. `trouble`: why it was not taken."""

    sending: str
    camera: Camera | None = None
    trouble: str = ""
    status: int = 200


@csrf_exempt
@require_http_methods(["GET", "POST"])
@tip_public.in_its_language
def ask(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _take(request)
    camera = camera_by_code(request.GET.get("camera", ""))
    form = ClaimForm(initial={"subject": Subject.CAMERA} if camera else None)
    return _form(request, form, Asked(secrets.token_hex(16), camera))


def _form(request: HttpRequest, form: ClaimForm, asked: Asked) -> HttpResponse:
    task = tip_public.efforts().set(tip_public.wanted_bits(tip_public.address_of(request)))
    context: dict[str, Any] = tip_public.public_context(request) | {
        "form": form, "asked": asked, "task": task, "latest": local_input(timezone.now()),
    }  # fmt: skip
    return render(request, "public/quyen_du_lieu.html", context, status=asked.status)


def _take(request: HttpRequest) -> HttpResponse:
    form, now, address = ClaimForm(request.POST), timezone.now(), tip_public.address_of(request)
    camera, sending = camera_by_code(request.POST.get("camera", "")), sending_in(request)
    if (before := taken_before(sending, key())) is not None:
        return _taken(request, before)
    wrong = Asked(sending, camera, _("It was not sent yet: see below."), 422)
    if not form.is_valid():
        return _form(request, form, wrong)
    if tip_public.PACE.so_far(tip_public.CODE, address) >= tip_public.MOST_WRONG_CODES:
        refused = _("Too many wrong codes from this network. Try again in an hour.")
        return _form(request, form, Asked(sending, camera, refused, 429))
    if refused := tip_public.held_off(request, by_sum=True):
        return _form(request, form, Asked(sending, camera, refused, 429))
    try:
        return _taken(request, take(form.draft(camera), sending, key(), holidays_at(now), now))
    except ValidationError as error:
        if "code" in said(error):
            tip_public.PACE.add(tip_public.CODE, address)
        form.tell(error)
        return _form(request, form, wrong)


def _taken(request: HttpRequest, taken: Taken) -> HttpResponse:
    context = tip_public.public_context(request) | {"code": grouped(taken.code), "claim": taken.claim}
    return render(request, "public/quyen_du_lieu_taken.html", context, status=201)
