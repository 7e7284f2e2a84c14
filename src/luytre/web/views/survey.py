"""Địa bàn → Khảo sát, on a telephone: the page, its shell for when there is no network, the list of today, what is sent, photos.

The shell is public and holds words alone: a service worker keeps it. Whatever is about cameras or people comes as JSON, and the
page keeps it in its own store for one person (`web-ui/src/lib/survey-store.ts`).
"""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.base.errors import LuytreError
from luytre.civic.access.assignments import roles_of
from luytre.civic.access.models import Role, User
from luytre.civic.registry.eye_scope import sees_owners
from luytre.civic.registry.refusals import said
from luytre.civic.registry.register import Thing
from luytre.civic.survey.entries import Answer, ChangedSince, OutOfReach, answer_of, take
from luytre.civic.survey.listing import Listed, Round, Today, today_of
from luytre.civic.survey.models import Entry, Photo
from luytre.civic.survey.payload import MOST_BYTES, PayloadFault, read_entry
from luytre.civic.survey.photos import MOST_BYTES as MOST_PHOTO_BYTES
from luytre.civic.survey.photos import PhotoRefused, path_of, remove_photo, store_photo
from luytre.civic.survey.scope import oversees, reach_of
from luytre.web.forms_survey import EyeForm, NeedForm, NothingForm, choices_of
from luytre.web.survey_words import for_survey
from luytre.web.views import survey_desk
from luytre.web.views.pages import person

NO_STORE = {"Cache-Control": "private, no-store"}
_SHA256 = re.compile(r"[0-9a-f]{64}")


def photo_folder() -> Any:
    """Where photos are kept."""
    return settings.ENVIRONMENT.data / "photos"


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    return render(request, "survey.html", _shell())


@require_GET
def shell(request: HttpRequest) -> HttpResponse:
    """The same without the frame, which says who is logged in."""
    return render(request, "survey_shell.html", _shell())


def _shell() -> dict[str, Any]:
    """The same for everybody: no camera, no person, no token."""
    return {
        "eye_form": EyeForm(), "need_form": NeedForm(), "nothing_form": NothingForm(), "photo_kinds": choices_of("photo_kind"),
        "survey": {
            "todayUrl": reverse("survey_today"), "readyUrl": reverse("survey_ready"), "entriesUrl": reverse("survey_entries"),
            "photosUrl": reverse("survey_photo_put", args=["0" * 64])[:-64], "loginUrl": reverse("account_login"),
            "language": get_language() or "vi", "timeZone": settings.TIME_ZONE, "words": for_survey(),
        },
    }  # fmt: skip


@require_GET
def ready(request: HttpRequest) -> HttpResponse:
    """Who is logged in, and a fresh form token: asked before each sending."""
    user = person(request)
    return JsonResponse({"user": user.pk, "name": str(user), "csrf": get_token(request)}, headers=NO_STORE)


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """What this person has to visit. Positions are latitude and longitude; nothing of owners is in it."""
    user, now = person(request), timezone.now()
    found = today_of(user, now)
    content = _today(found) | {"user": user.pk, "name": str(user), "at": now.timestamp()}
    return JsonResponse(content, headers=NO_STORE)


def _today(found: Today) -> dict[str, Any]:
    return {
        "hamlets": [{"id": hamlet.pk, "name": hamlet.name} for hamlet in found.hamlets],
        "campaigns": [_round(one) for one in found.rounds],
        "things": [_thing(one) for one in found.things],
    }


def _round(one: Round) -> dict[str, Any]:
    lines = [
        {"hamlet": line.hamlet.pk, "target": line.target, "eyes": line.eyes, "needs": line.needs, "nothing": line.nothing}
        for line in one.hamlets
    ]
    return {"key": one.campaign.key, "name": one.campaign.name, "until": f"{one.campaign.last_day:%d/%m/%Y}", "hamlets": lines}


def _thing(one: Listed) -> dict[str, Any]:
    return {
        "kind": one.kind, "key": one.key, "name": one.name, "hamlet": one.hamlet, "position": one.position,
        "visited": one.visited, "revision": one.revision, "fields": dict(one.fields or {}),
    }  # fmt: skip


# --- what is sent -----------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def entries(request: HttpRequest) -> HttpResponse:
    """GET: the page of what came in. POST: one entry as JSON (`civic.survey.payload`); sent again, it is answered the same."""
    return _take(request) if request.method == "POST" else survey_desk.entries(request)


def _take(request: HttpRequest) -> HttpResponse:
    """200 `{"state", "target", "fault", "missing"}`; 400 no entry; 403 not this person's hamlet; 409 another
    content under this number; 413; 422 `{"faults": {field: words}}`."""
    try:
        body = request.body
    except RequestDataTooBig:
        body = b" " * (MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return _refused(413, "too_large", _("This entry is too large to be sent."))
    try:
        return _answer(take(person(request), read_entry(body), timezone.now()))
    except PayloadFault as error:
        return _refused(400, "not_understood", _told(error))
    except OutOfReach as error:
        return _refused(403, "scope", _told(error))
    except ChangedSince as error:
        content = {"error": "changed", "state": error.state, "target": error.target, "fields": error.fields}
        return JsonResponse(content, status=409, headers=NO_STORE)
    except ValidationError as error:
        return JsonResponse({"error": "fields", "faults": said(error)}, status=422, headers=NO_STORE)


def _answer(answer: Answer) -> HttpResponse:
    content = {"state": answer.state, "target": answer.target, "fault": _(answer.fault) if answer.fault else ""}
    return JsonResponse(content | {"missing": list(answer.missing)}, headers=NO_STORE)


def _refused(status: int, code: str, words: str) -> HttpResponse:
    return JsonResponse({"error": code, "message": words}, status=status, headers=NO_STORE)


def _told(error: LuytreError) -> str:
    cause = _(error.cause)
    return f"{cause[:1].upper()}{cause[1:]}. {_(error.hint) if error.hint else ''}".strip()


# --- photos -----------------------------------------------------------------------------------------------------------
@require_http_methods(["PUT"])
def photo_put(request: HttpRequest, sha256: str) -> HttpResponse:
    """The bytes of one photo of an entry that is here (`?entry=`). 200; 404 no such entry; 413; 422 `{"message"}`: no photo."""
    entry = _entry_of(person(request), request.GET.get("entry", ""))
    if _SHA256.fullmatch(sha256) is None:
        raise Http404
    data = request.read(MOST_PHOTO_BYTES + 1)
    if len(data) > MOST_PHOTO_BYTES:
        return _refused(413, "too_large", _("The photo is larger than 8 MB."))
    try:
        store_photo(person(request), entry, sha256, data, photo_folder(), timezone.now())
    except PhotoRefused as error:
        return _refused(422, "photo", _told(error))
    except OutOfReach as error:
        raise Http404 from error
    return _answer(answer_of(entry))


def _entry_of(user: User, number: str) -> Entry:
    try:
        return get_object_or_404(Entry, number=UUID(number), by=user)
    except ValueError as error:
        raise Http404 from error


@require_GET
def photo(request: HttpRequest, key: str) -> HttpResponseBase:
    found = _photo_for(person(request), key)
    try:
        file = path_of(photo_folder(), found.sha256).open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(file, content_type="image/jpeg", headers=NO_STORE | {"X-Content-Type-Options": "nosniff"})


@require_POST
def photo_remove(request: HttpRequest, key: str) -> HttpResponse:
    """By whoever took it, and by those who oversee the survey."""
    user = person(request)
    found = _photo_for(user, key)
    if found.by_id != user.pk and not oversees(user, timezone.now()):
        raise Http404
    entry = found.entry
    if entry is not None:  # it is no longer waited for
        entry.photos = [pair for pair in entry.photos if pair[0] != found.sent_sha256]
        entry.save(update_fields=["photos"])
    remove_photo(found, photo_folder())
    return survey_desk.back_to_entry(request, entry)


def _photo_for(user: User, key: str) -> Photo:
    """Whoever took it, those who may see owners, who surveys its hamlet; of needs also the committee."""
    found = get_object_or_404(Photo.objects.select_related("entry"), key=key)
    now, hamlet = timezone.now(), found.entry.hamlet_id if found.entry else None
    plans = found.thing == Thing.NEED and Role.COMMITTEE in roles_of(user, now)
    if not (found.by_id == user.pk or plans or sees_owners(user, now) or reach_of(user, now).covers(hamlet)):
        raise Http404
    return found
