"""Công khai: `/xin-xem-hinh`, where who suffered a theft or an accident asks to see footage, without an account or a script.

No session, no cookie and no form token, as with `/bao-tin`; effort and pace are the same ones (`tip_public`).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from luytre.civic.petitions.footage import longest_days
from luytre.civic.petitions.taking import Taken, petitions_key, take, taken_before
from luytre.civic.registry.models import Camera
from luytre.civic.registry.notice import camera_by_code
from luytre.civic.tips.code import SENDING, grouped, tips_key
from luytre.civic.workdays.book import holidays_at
from luytre.civic.workdays.days import ACCESS_DAYS, REPLY_DAYS
from luytre.web.forms_petitions import PetitionForm
from luytre.web.forms_tips import local_input
from luytre.web.views import tip_public


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form carries along besides its fields. `trouble`: why it was not taken."""

    sending: str
    camera: Camera | None = None
    trouble: str = ""
    status: int = 200


def key() -> bytes:
    return petitions_key(tips_key(settings.LUYTRE_SECRETS_DIR))


@csrf_exempt
@require_http_methods(["GET", "POST"])
@tip_public.in_its_language
def ask(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _take(request)
    return _form(request, PetitionForm(), Asked(secrets.token_hex(16), camera_by_code(request.GET.get("camera", ""))))


def _form(request: HttpRequest, form: PetitionForm, asked: Asked) -> HttpResponse:
    now = timezone.now()
    task = tip_public.efforts().set(tip_public.wanted_bits(tip_public.address_of(request)))
    context: dict[str, Any] = tip_public.public_context(request) | {
        "form": form, "asked": asked, "task": task, "days": longest_days(now), "latest": local_input(now),
        "reply_days": REPLY_DAYS, "access_days": ACCESS_DAYS,
    }  # fmt: skip
    return render(request, "public/xin_xem_hinh.html", context, status=asked.status)


def _take(request: HttpRequest) -> HttpResponse:
    form, now = PetitionForm(request.POST), timezone.now()
    camera, sending = camera_by_code(request.POST.get("camera", "")), request.POST.get("sending", "")
    if not SENDING.fullmatch(sending):
        sending = secrets.token_hex(16)
    if (before := taken_before(sending, key())) is not None:
        return _taken(request, before)
    wrong = Asked(sending, camera, _("It was not sent yet: see below."), 422)
    if not form.is_valid():
        return _form(request, form, wrong)
    if refused := tip_public.held_off(request, by_sum=True):
        return _form(request, form, Asked(sending, camera, refused, 429))
    try:
        draft = form.draft(camera, english=request.GET.get("lang") == "en")
        return _taken(request, take(draft, sending, key(), holidays_at(now), now))
    except ValidationError as error:
        form.tell(error)
        return _form(request, form, wrong)


def _taken(request: HttpRequest, taken: Taken) -> HttpResponse:
    context = tip_public.public_context(request) | {"code": grouped(taken.code), "petition": taken.petition}
    return render(request, "public/xin_xem_hinh_taken.html", context, status=201)
