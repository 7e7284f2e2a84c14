"""Trực ban → Tin báo → Áp phích: a sheet for the wall of a cultural house; its code opens `/bao-tin` with that place."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from luytre.base.letters import one_line
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.notice import whom_to_ask
from luytre.civic.registry.order import hamlets_in_order
from luytre.web.qr import qr_data_uri

MOST_PLACE = 80
"""Letters of a place: more makes a code that old telephones do not read from a wall."""


def place_said(request: HttpRequest) -> tuple[str, str]:
    """Hamlet (its number, as text) and place that an address names; what is none of them is left out."""
    number = request.GET.get("hamlet", "")
    known = number.isascii() and number.isdecimal() and len(number) < 10 and Hamlet.objects.filter(pk=int(number)).exists()
    return number if known else "", one_line(request.GET.get("place", ""))[:MOST_PLACE]


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    hamlet, place = place_said(request)
    named = {name: value for name, value in (("hamlet", hamlet), ("place", place)) if value}
    path = reverse("tip_tell") + (f"?{urlencode(named)}" if named else "")
    address = settings.ENVIRONMENT.public_url + path if settings.ENVIRONMENT.public_url else request.build_absolute_uri(path)
    context = {
        "hamlets": hamlets_in_order(Hamlet.objects.all()), "hamlet": hamlet, "place": place, "address": address,
        "short": address.partition("?")[0].removeprefix("https://"), "qr": qr_data_uri(address),
        "asker": whom_to_ask(timezone.now())[0], "public": bool(settings.ENVIRONMENT.public_url),
        "hamlet_name": Hamlet.objects.filter(pk=int(hamlet)).values_list("name", flat=True).first() if hamlet else "",
    }  # fmt: skip
    return render(request, "tip_poster.html", context)
