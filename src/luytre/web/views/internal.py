"""For machines: that the web lives, and the recorder's list of cameras."""

from __future__ import annotations

import hashlib
import json
import logging
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from luytre.base.errors import LuytreError, NotAllowed
from luytre.base.secret_files import node_key
from luytre.bridge.tokens import check_recorder_token
from luytre.civic.movement import alarms
from luytre.civic.registry.config import recorder_config as compose

_log = logging.getLogger(__name__)


@require_GET
def alive(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"ok": True})


def _composed(now: datetime) -> dict[str, Any]:
    """With the cameras lent on alarm as alarms and incidents stand at this moment. Where that cannot be written, the list is made
    all the same: nothing is opened by it that was not open."""
    try:
        alarms.tick(now)
    except (Error, LuytreError) as error:
        _log.warning("what opens cameras lent on alarm could not be written: %s", error)
    return compose(now)


@require_GET
def recorder_config(request: HttpRequest) -> HttpResponse:
    """design/recorder-http.md. Holds camera passwords: only for a token of the node's own key, and never cached."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    try:
        check_recorder_token(token if scheme.lower() == "bearer" else "", node_key(settings.LUYTRE_SECRETS_DIR))
    except NotAllowed as error:
        return JsonResponse({"error": "token", "message": error.sentence(), "hint": error.advice()}, status=401)
    body = json.dumps(_composed(timezone.now()), ensure_ascii=False, sort_keys=True).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-store"}
    if etag in {tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")}:
        return HttpResponseNotModified(headers=headers)
    return HttpResponse(body, content_type="application/json", headers=headers)
