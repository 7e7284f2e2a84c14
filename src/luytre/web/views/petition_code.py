"""What the page of a code shows of a petition (`/theo-doi`): where it stands, what was decided, how to withdraw."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from luytre.civic.petitions import desk, following
from luytre.civic.petitions.kinds import About, Decision, End, Refusal, State
from luytre.civic.petitions.models import Petition
from luytre.civic.registry.refusals import said
from luytre.civic.tips.code import tips_key


def of(typed: str) -> Petition | None:
    """The petition of a code that is one, however it was typed. Errors: BadCode."""
    return following.find(typed, tips_key(settings.LUYTRE_SECRETS_DIR))


def followed(request: HttpRequest, petition: Petition, code: str, context: dict[str, Any]) -> HttpResponse:
    """`context`: what all public pages share."""
    notes, trouble = list[str](), ""
    if request.POST.get("do") == "withdraw":
        try:
            desk.withdraw(petition, timezone.now())
            notes.append(_("Your request is withdrawn."))
        except ValidationError as error:
            trouble = " ".join(said(error).values())
        petition = Petition.objects.select_related("hamlet").get(pk=petition.pk)
    context |= {
        "petition": petition, "code": code, "notes": notes, "trouble": trouble, "about": _(str(About(petition.about).label)),
        "state": _(str(State(petition.state).label)), "messages_": petition.messages.all(),
        "finish": _(str(End(petition.finish).label)) if petition.finish else "",
        "decision": _(str(Decision(petition.decision).label)) if petition.decision else "",
        "refusal": _(str(Refusal(petition.refusal).label)) if petition.refusal else "",
    }  # fmt: skip
    return render(request, "public/xin_xem_hinh_followed.html", context)
