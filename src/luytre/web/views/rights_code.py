"""What the page of a code shows of a claim to data (`/theo-doi`): where it stands, what was decided, how to withdraw."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from luytre.civic.registry.refusals import said
from luytre.civic.rights import desk
from luytre.civic.rights.kinds import Decision, End, Ground, Right, State, Subject
from luytre.civic.rights.models import Claim
from luytre.civic.rights.taking import find
from luytre.civic.tips.code import SENDING, tips_key


def key() -> bytes:
    return tips_key(settings.LUYTRE_SECRETS_DIR)


def sending_in(request: HttpRequest) -> str:
    sending = request.POST.get("sending", "")
    return sending if SENDING.fullmatch(sending) else secrets.token_hex(16)


def of(typed: str) -> Claim | None:
    """The claim of a code that is one, however it was typed. Errors: BadCode."""
    return find(typed, key())


def followed(request: HttpRequest, claim: Claim, code: str, context: dict[str, Any]) -> HttpResponse:
    """`context`: what all public pages share."""
    notes, trouble = list[str](), ""
    if request.POST.get("do") == "withdraw":
        try:
            desk.withdraw(claim, timezone.now())
            notes.append(_("Your claim is withdrawn."))
        except ValidationError as error:
            trouble = " ".join(said(error).values())
        claim = Claim.objects.get(pk=claim.pk)
    context |= words_of(claim) | {
        "claim": claim, "code": code, "notes": notes, "trouble": trouble, "messages_": claim.messages.all(),
    }  # fmt: skip
    return render(request, "public/quyen_du_lieu_followed.html", context)


def words_of(claim: Claim) -> dict[str, str]:
    """What pages say of a claim's choices."""
    return {
        "right": _(str(Right(claim.right).label)), "subject": _(str(Subject(claim.subject).label)),
        "state": _(str(State(claim.state).label)),
        "finish": _(str(End(claim.finish).label)) if claim.finish else "",
        "decision": _(str(Decision(claim.decision).label)) if claim.decision else "",
        "ground": _(str(Ground(claim.ground).label)) if claim.ground else "",
    }  # fmt: skip
