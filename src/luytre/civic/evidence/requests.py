"""Asking for a clip, deciding on it, and whether it may leave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import IntegrityError, transaction

from luytre.base.errors import NotAllowed, UsageError
from luytre.base.i18n import N_
from luytre.civic.access.assignments import roles_of
from luytre.civic.access.looks import Reason, Span
from luytre.civic.access.models import User
from luytre.civic.evidence.models import ClipDecision, ClipRequest, What
from luytre.civic.regulations.bounds import MAY_APPROVE_EXPORTS
from luytre.civic.regulations.force import in_force_now
from luytre.civic.regulations.rules import Approvals

WAITS = timedelta(days=14)
"""A request that nobody decided on by then has run out: footage is not kept for ever, and neither is a reason."""
GOOD_FOR = timedelta(days=7)
"""So long after the last approval may the clip be taken out."""


class State(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    OVER = "over"


STATE_WORDS = {
    State.WAITING: N_("waits for approval"),
    State.APPROVED: N_("approved"),
    State.REFUSED: N_("refused"),
    State.OVER: N_("ran out"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A request with its decisions and what follows of them. `until`: when a waiting or approved one runs out."""

    request: ClipRequest
    decisions: tuple[ClipDecision, ...]
    state: State
    needed: int
    agreed: int
    until: datetime | None


def approvals(at: datetime) -> Approvals:
    """How many must agree before a clip leaves, by the rules in force, and who may; `persons` 0: nobody has to."""
    return in_force_now(at).rules.export


def persons_for(what: str, wanted: Approvals) -> int:
    """How many must agree. The original is reached by nobody alone, whatever the regulation says."""
    return max(wanted.persons, 1) if what == What.FULL else wanted.persons


def roles_for(what: str, wanted: Approvals) -> frozenset[str]:
    """Who may agree: whom the rules name; where they name nobody, and the original is asked for, whoever ever may."""
    named = frozenset(map(str, wanted.roles)) & frozenset(map(str, MAY_APPROVE_EXPORTS))
    return named if named or what != What.FULL else frozenset(map(str, MAY_APPROVE_EXPORTS))


def ask(by: User, cameras: Sequence[str], span: Span, reason: Reason, at: datetime, what: str = What.CLIP) -> ClipRequest:
    """The caller has seen to the person's scope and to the purpose. Errors: UsageError where no approval is wanted."""
    persons = persons_for(what, approvals(at))
    if not persons:
        raise UsageError(N_("the regulation in force wants no approval"), operation=N_("Asking for a clip"))
    return ClipRequest.objects.create(
        by=by, cameras=",".join(sorted(set(cameras))), span_start=span.start, span_end=span.end, purpose_key=reason.purpose_key,
        reference=reason.reference, words=reason.words, persons=persons, what=what, made=at,
    )  # fmt: skip


def standing(request: ClipRequest, at: datetime) -> Standing:
    return _standing(request, tuple(request.decisions.all()), approvals(at), at)


def standings(requests: Iterable[ClipRequest], at: datetime) -> list[Standing]:
    """`requests` with `decisions` fetched beforehand, or one query each."""
    wanted = approvals(at)
    return [_standing(one, tuple(one.decisions.all()), wanted, at) for one in requests]


def _standing(request: ClipRequest, decisions: tuple[ClipDecision, ...], wanted: Approvals, at: datetime) -> Standing:
    needed = max(request.persons, wanted.persons)
    agreed = [one for one in decisions if one.agreed]
    last = agreed[needed - 1].made if len(agreed) >= needed else None
    if len(agreed) < len(decisions):
        return Standing(request, decisions, State.REFUSED, needed, len(agreed), None)
    until = last + GOOD_FOR if last else request.made + WAITS
    state = State.OVER if at >= until else State.APPROVED if last else State.WAITING
    return Standing(request, decisions, state, needed, len(agreed), until)


def hindrance(by: User, found: Standing, at: datetime) -> str:
    """Why this person cannot decide on it (a message id); empty where they can."""
    if found.state is not State.WAITING:
        return N_("This request does not wait for a decision any longer.")
    if found.request.by_id == by.pk:
        return N_("Nobody approves for himself.")
    if any(one.by_id == by.pk for one in found.decisions):
        return N_("You have decided on this request already.")
    if not roles_of(by, at) & roles_for(found.request.what, approvals(at)):
        return N_("The regulation in force does not name you among those who approve.")
    return ""


@transaction.atomic
def decide(by: User, request: ClipRequest, agreed: bool, words: str, at: datetime) -> Standing:
    """Errors: UsageError with the reason why not; a refusal without a reason is one."""
    found = standing(request, at)
    if why := hindrance(by, found, at):
        raise UsageError(why, operation=N_("Deciding on a clip"), subject=str(request.seq))
    if not agreed and not words.strip():
        raise UsageError(N_("Say in a few words why it is refused."), operation=N_("Deciding on a clip"), subject="words")
    try:
        with transaction.atomic():
            ClipDecision.objects.create(request=request, by=by, agreed=agreed, words=" ".join(words.split())[:400], made=at)
    except IntegrityError as error:  # the same person in two windows
        why = N_("You have decided on this request already.")
        raise UsageError(why, operation=N_("Deciding on a clip"), subject=str(request.seq)) from error
    return standing(ClipRequest.objects.get(pk=request.pk), at)


def approved(by: User, key: str, camera: str, span: Span, at: datetime, what: str = What.CLIP) -> ClipRequest:
    """The request under which this may leave now; one for the original lets everything less leave too. Errors: NotAllowed, with
    words for the person who asked."""
    request = ClipRequest.objects.filter(key=key, by=by).first()
    if request is None:
        raise NotAllowed(N_("This clip needs an approval that was asked for by you."))
    exact = camera in request.camera_keys and span == Span(request.span_start, request.span_end)
    if not exact:
        raise NotAllowed(N_("The approval is for other cameras or another span of time: ask again."))
    if what == What.FULL and request.what != What.FULL:
        raise NotAllowed(N_("The approval is not for the original: ask again."))
    found = standing(request, at)
    if found.state is not State.APPROVED:
        raise NotAllowed(_NOT_YET[found.state])
    return request


_NOT_YET = {
    State.WAITING: N_("This clip still waits for its approval."),
    State.REFUSED: N_("This clip was refused."),
    State.OVER: N_("The approval has run out: ask again."),
}


def waiting_for(by: User, at: datetime) -> int:
    """How many requests this person could decide on now. No query for who never decides on one."""
    if not roles_of(by, at) & set(map(str, MAY_APPROVE_EXPORTS)):
        return 0
    lately = ClipRequest.objects.filter(made__gt=at - WAITS).exclude(by=by).prefetch_related("decisions")
    return sum(not hindrance(by, one, at) for one in standings(lately, at))
