"""In which order a person has the wall's tiles. Kept by the account, so that it is the same on each machine."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luytre.civic.access.models import WallOrder
from luytre.civic.registry.scope import cameras_of
from luytre.web.views.pages import person

MOST_GROUPS = 200
LONGEST_GROUP = 140


@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """`{"group": "", "cameras": [key, …]}` → 204. An empty list takes the order back to that of the names.

    Keys outside the person's scope are left out: what is kept tells nothing about cameras that one may not see.
    """
    try:
        body = json.loads(request.body)
        group, keys = body["group"], body["cameras"]
    except (ValueError, KeyError, TypeError):
        return _wrong()
    if not isinstance(group, str) or len(group) > LONGEST_GROUP or not isinstance(keys, list):
        return _wrong()
    user = person(request)
    mine = set(cameras_of(user).values_list("key", flat=True))
    kept = [key for key in dict.fromkeys(key for key in keys if isinstance(key, str)) if key in mine]
    orders = WallOrder.objects.filter(user=user)
    if not kept:
        orders.filter(group=group).delete()
    elif orders.exclude(group=group).count() < MOST_GROUPS:
        WallOrder.objects.update_or_create(user=user, group=group, defaults={"cameras": kept})
    return HttpResponse(status=204)


def _wrong() -> HttpResponse:
    words = _("The address or what was sent with it cannot be understood.")
    return JsonResponse({"error": "bad_request", "message": words}, status=400)
