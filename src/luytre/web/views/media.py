"""Tokens for the recorder, minted here and nowhere else, each after its look was written into the access log.

A token lives five minutes; a script that goes on looking asks again. So that one look stays one row, the answer holds
a signed ticket of the look: shown again for the same thing by the same person within `LOOK_AGE_S`, it renews the token
without a new row. The person's scope is asked again each time.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from luytre.base.errors import NotAllowed
from luytre.civic.access.looks import NO_REASON, Reason, Span, record_look
from luytre.civic.access.models import LookKind, User
from luytre.civic.evidence.requests import approvals, approved
from luytre.civic.registry.lending import within_terms
from luytre.civic.registry.scope import cameras_of, unmasked_of
from luytre.web import reasons
from luytre.web.ports import ports, recorder_origin
from luytre.web.views.pages import person

LOOK_AGE_S = 4 * 3600
LONGEST_SPAN = timedelta(days=62)
MOST_CAMERAS = 400
_SALT = "luytre.look"


class Wrong(Exception):
    """What was asked is not a thing that can be asked. Holds the words."""


class Refusal(Exception):
    """What is asked for is not given. Holds what the person is told."""

    def __init__(self, answer: HttpResponse) -> None:
        super().__init__()
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Asked:
    kind: LookKind
    cameras: tuple[str, ...]
    span: Span | None
    ticket: str = ""
    reason: Reason = NO_REASON
    request: str = ""
    """The key of the approved request under which a clip leaves."""

    def signed_for(self, user: User) -> list[object]:
        span = [self.span.start.timestamp(), self.span.end.timestamp()] if self.span else []
        return [user.pk, str(self.kind), sorted(self.cameras), span, self.reason.purpose_key, self.reason.reference]


@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """`{"right": "live"|"history", "cameras": […], "from", "to", "ticket"}` → `{"token", "expires_in_s", "ticket"}`.

    `history` names why: `purpose_key`, `reference`, `purpose` (free words); without it 428, with the purposes that may be named.
    """
    user = person(request)
    try:
        asked = asked_of(request, {LookKind.LIVE, LookKind.HISTORY})
    except Refusal as refusal:
        return refusal.answer
    ticket = asked.ticket if _ticket_holds(user, asked) else _write_down(user, asked)
    span, life_s = asked.span, settings.ENVIRONMENT.token_lifetime_s
    minted = ports().mint.mint(
        "live" if asked.kind is LookKind.LIVE else "history",
        subject=str(user.pk),
        cameras=asked.cameras,
        start=span.start if span else None,
        end=span.end if span else None,
        lifetime_s=life_s,
        unmasked=_unmasked(user, asked),
    )
    return _answer({"token": minted, "expires_in_s": life_s, "ticket": ticket})


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """`{"cameras": [one], "from", "to"}`, with why as above → `{"url"}`: the clip's address at the recorder.

    Where the regulation wants approvals: 409 `approval` with where to ask; `"request"` names the one that was agreed to.
    """
    user = person(request)
    try:
        asked = asked_of(request, {LookKind.EXPORT})
    except Refusal as refusal:
        return refusal.answer
    if len(asked.cameras) != 1:
        return _not_yours(list(asked.cameras))
    assert asked.span is not None  # a clip has one one for an export
    if held := _held_back(request, user, asked):
        return held
    record_look(user, asked.kind, asked.cameras, asked.span, asked.reason)
    # The picture without masks leaves in an evidence package alone, which somebody else agreed to (design/evidence.md).
    path = ports().clips.export_url(str(user.pk), asked.cameras[0], asked.span.start, asked.span.end, unmasked=False)
    return _answer({"url": recorder_origin(request) + path})


def _unmasked(user: User, asked: Asked) -> list[str]:
    """Asked at each token, so that a right to see without masks that ends does so with the others."""
    return sorted(unmasked_of(user, asked.kind).filter(key__in=asked.cameras).values_list("key", flat=True))


def _held_back(request: HttpRequest, user: User, asked: Asked) -> HttpResponse | None:
    """Where the regulation in force wants persons to agree first (civic.evidence), and they have not."""
    now = timezone.now()
    wanted = approvals(now)
    if not wanted.persons:
        return None
    if not asked.request:
        words = ngettext(
            "Under the regulation in force, %(number)s person has to agree before a clip leaves.",
            "Under the regulation in force, %(number)s persons have to agree before a clip leaves.",
            wanted.persons,
        ) % {"number": wanted.persons}
        return JsonResponse({"error": "approval", "message": words, "ask": reverse("clip_ask")}, status=409)
    assert asked.span is not None  # a clip has one one for an export
    try:
        approved(user, asked.request, asked.cameras[0], asked.span, now)
    except NotAllowed as error:
        return refused(403, "approval", _(error.cause))
    return None


def asked_of(request: HttpRequest, kinds: set[LookKind]) -> Asked:
    """What is asked for: understood, within the person's scope, and with its reason. Errors: Refusal, with the answer."""
    try:
        asked = _read(request, kinds)
    except Wrong as error:
        raise Refusal(refused(400, "bad_request", str(error))) from error
    if outside := _outside_scope(person(request), asked):
        raise Refusal(_not_yours(outside))
    if asked.span is not None:
        span = within_terms(asked.cameras, asked.span, timezone.now())
        if span is None:
            raise Refusal(_not_yours(list(asked.cameras)))
        asked = replace(asked, span=span)
    if unsaid := _unsaid_reason(asked):
        raise Refusal(unsaid)
    return asked


def _read(request: HttpRequest, kinds: set[LookKind]) -> Asked:
    try:
        body = json.loads(request.body)
        kind = LookKind(body.get("right", "export"))
        asked: object = body["cameras"]
        cameras = tuple(dict.fromkeys(asked)) if isinstance(asked, list) else ()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Wrong(_("The address or what was sent with it cannot be understood.")) from error
    texts = all(isinstance(camera, str) for camera in cameras)
    if kind not in kinds or not texts or not 0 < len(cameras) <= MOST_CAMERAS:
        raise Wrong(_("The address or what was sent with it cannot be understood."))
    span = None if kind is LookKind.LIVE else _span(body.get("from"), body.get("to"))
    said = [" ".join(str(body.get(name) or "").split()) for name in ("purpose_key", "reference", "purpose")]
    ticket, approved_request = (str(body.get(name) or "") for name in ("ticket", "request"))
    return Asked(kind, cameras, span, ticket, Reason(said[0][:64], said[1][:120], said[2][:400]), approved_request)


def _span(start_s: object, end_s: object) -> Span:
    if isinstance(start_s, bool) or isinstance(end_s, bool):
        raise Wrong(_("The span needs a beginning and an end."))
    if not isinstance(start_s, int | float) or not isinstance(end_s, int | float):
        raise Wrong(_("The span needs a beginning and an end."))
    try:
        start, end = datetime.fromtimestamp(start_s, UTC), datetime.fromtimestamp(end_s, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Wrong(_("The span needs a beginning and an end.")) from error
    if end <= start:
        raise Wrong(_("The end must come after the beginning."))
    if end - start > LONGEST_SPAN:
        raise Wrong(_("The span is too long."))
    return Span(start, end)


def _outside_scope(user: User, asked: Asked) -> list[str]:
    mine = set(cameras_of(user, asked.kind).filter(key__in=asked.cameras).values_list("key", flat=True))
    return [key for key in asked.cameras if key not in mine]


def _unsaid_reason(asked: Asked) -> HttpResponse | None:
    """Who looks back or takes out names a purpose of the regulation in force, and a number where it wants one (428 if not)."""
    if asked.kind is LookKind.LIVE:
        return None
    offered = reasons.offered(asked.kind, timezone.now())
    code = reasons.lacking(asked.reason, offered)
    if not code:
        return None
    if code == "purpose":
        words = _("Say first why you look: choose a purpose of the regulation.")
    else:
        words = _("This purpose needs the number of an incident, a case or a request.")
    return JsonResponse({"error": code, "message": words, "purposes": reasons.shown(offered)}, status=428)


def _ticket_holds(user: User, asked: Asked) -> bool:
    try:
        content: object = signing.loads(asked.ticket, salt=_SALT, max_age=LOOK_AGE_S)
    except signing.BadSignature:
        return False
    return content == asked.signed_for(user)


def _write_down(user: User, asked: Asked) -> str:
    record_look(user, asked.kind, asked.cameras, asked.span, asked.reason)
    return signing.dumps(asked.signed_for(user), salt=_SALT)


def _answer(content: dict[str, object]) -> HttpResponse:
    return JsonResponse(content, headers={"Cache-Control": "private, no-store"})


def _not_yours(cameras: list[str]) -> HttpResponse:
    """Names the cameras, so that a wall goes on with the others."""
    words = _("This camera is not within your area, or no longer in use.")
    return JsonResponse({"error": "scope", "message": words, "refused": cameras}, status=403)


def refused(status: int, code: str, words: str) -> HttpResponse:
    return JsonResponse({"error": code, "message": words}, status=status)
