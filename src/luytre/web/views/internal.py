"""For machines: that the web lives, and the recorder's list of cameras."""

from __future__ import annotations

import hashlib
import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.views.decorators.http import require_GET

from luytre.base.errors import NotAllowed
from luytre.base.secret_files import node_key
from luytre.bridge.tokens import check_recorder_token
from luytre.civic.registry.config import recorder_config as compose


@require_GET
def alive(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"ok": True})


@require_GET
def recorder_config(request: HttpRequest) -> HttpResponse:
    """design/recorder-http.md. Holds camera passwords: only for a token of the node's own key, and never cached."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    try:
        check_recorder_token(token if scheme.lower() == "bearer" else "", node_key(settings.LUYTRE_SECRETS_DIR))
    except NotAllowed as error:
        return JsonResponse({"error": "token", "message": error.sentence(), "hint": error.advice()}, status=401)
    body = json.dumps(compose(), ensure_ascii=False, sort_keys=True).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-store"}
    if etag in {tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")}:
        return HttpResponseNotModified(headers=headers)
    return HttpResponse(body, content_type="application/json", headers=headers)
