"""What officers do with a claim: read, write, extend, decide, carry out, lift. Each is one transaction with its step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.rights import things
from luytre.civic.rights.clocks import extended
from luytre.civic.rights.kinds import MEETS, Decision, End, Ground, Right, State, decisions_for, ends_for
from luytre.civic.rights.models import MOST_REASON, Claim, ClaimCode, ClaimMessage, ClaimStep
from luytre.civic.tips.answering import Sender, answer_words, unsealed
from luytre.civic.tips.taking import AHEAD, plain
from luytre.civic.workdays.days import Holidays

MOST_NOTE = 400
POINTED_OUT = "pointed_out"
"""The thing of a step that says so."""


@dataclass(frozen=True, slots=True)
class Deciding:
    """`ground`: for a refusal alone. `meet_at`, `meet_place`: for footage that is shown, or whose blurred copy is fetched."""

    decision: str
    reason: str
    ground: str = ""
    meet_at: datetime | None = None
    meet_place: str = ""


def read(by: User, claim: Claim, at: datetime) -> None:
    """The first officer who opens a new one has read it. Reading is no reply."""
    with transaction.atomic():
        found = Claim.objects.select_for_update().get(pk=claim.pk)
        if found.state == State.NEW:
            found.state = State.READ
            found.save(update_fields=["state"])
            step(found, by, ClaimCode.READ, at)


def look_at_sender(by: User, claim: Claim, at: datetime) -> Sender:
    """Name and number, the step written first. Errors: LuytreError where the key is another."""
    sender = unsealed(claim.sealed_name, claim.sealed_phone)
    step(claim, by, ClaimCode.NUMBER, at)
    return sender


def note(by: User, claim: Claim, words: str, at: datetime) -> None:
    """An officer's, kept for good: without names. Errors: ValidationError."""
    if not one_line(words):
        raise ValidationError({"note": N_("Write something.")})
    step(claim, by, ClaimCode.NOTED, at, note=words)


def write(by: User, claim: Claim, words: str, at: datetime) -> None:
    """Words to who asked, read under the code: they are a reply. Errors: ValidationError."""
    words = answer_words(words, "words", N_("Write what the person who asked shall read."))
    with transaction.atomic():
        found = _open(claim)
        ClaimMessage.objects.create(claim=found, by=by, at=at, words=words)
        _replied(found, at)
        found.save()
        step(found, by, ClaimCode.WROTE, at)


def extend(by: User, claim: Claim, reason: str, holidays: Holidays, at: datetime) -> None:
    """Once, before its term is over, and who asked reads why. The caller has seen to it that `by` is the head.

    Errors: ValidationError.
    """
    reason = answer_words(reason, "reason", N_("Write why, in words that the person who asked understands."))
    with transaction.atomic():
        found = _open(claim)
        if found.extended is not None:
            raise ValidationError(N_("It was extended already; a second time is not allowed."))
        if at > found.act_due:
            raise ValidationError(N_("Its term is over already: it can only be answered late."))
        found.act_due = extended(found.right, found.act_due, holidays)
        found.extended, found.extension = at, reason
        _replied(found, at)
        found.due = found.act_due
        found.save()
        step(found, by, ClaimCode.EXTENDED, at, until=found.act_due)


def decide(by: User, claim: Claim, deciding: Deciding, at: datetime) -> None:
    """The caller has seen to it that `by` is the head. Deciding again before it is over replaces it; each is a step.

    Errors: ValidationError by field.
    """
    _check(claim, deciding, at)
    meets = deciding.decision in MEETS
    with transaction.atomic():
        found = _open(claim)
        found.decision, found.reason = deciding.decision, plain(deciding.reason)
        found.ground = deciding.ground if deciding.decision == Decision.REFUSED else ""
        found.meet_at = deciding.meet_at if meets else None
        found.meet_place = one_line(deciding.meet_place)[:200] if meets else ""
        found.decided, found.decided_by, found.state = at, by, State.DECIDED
        _replied(found, at)
        if deciding.decision == Decision.REFUSED:
            _end(found, End.REFUSED, at)
        found.save()
        step(found, by, ClaimCode.DECIDED, at, thing=found.decision, ground=found.ground)


def _check(claim: Claim, deciding: Deciding, at: datetime) -> None:
    faults: dict[str, str] = {}
    if deciding.decision not in decisions_for(claim.right, claim.subject):
        faults["decision"] = N_("Choose what is decided.")
    if not plain(deciding.reason):
        faults["reason"] = N_("Write why, in words that the person who asked understands.")
    elif len(plain(deciding.reason)) > MOST_REASON:
        faults["reason"] = N_("1,000 letters at most.")
    if deciding.decision == Decision.REFUSED and deciding.ground not in Ground.values:
        faults["ground"] = N_("Choose why it is refused.")
    if deciding.decision in MEETS:
        if deciding.meet_at is None or not at - AHEAD <= deciding.meet_at <= at + timedelta(days=60):
            faults["meet_at"] = N_("Say when to come: a moment within the next 60 days.")
        if not one_line(deciding.meet_place):
            faults["meet_place"] = N_("Say where to come.")
    if faults:
        raise ValidationError(faults)


def point_out(by: User, claim: Claim, typed: str, at: datetime) -> None:
    """Which account, entry of the book or agreement it is about (`things.named`); while it is open, or restricts. The step says
    that it was pointed out and not which, since steps are never erased. Errors: ValidationError by field."""
    with transaction.atomic():
        found = Claim.objects.select_for_update().get(pk=claim.pk)
        if found.state == State.CLOSED and not found.restricts:
            raise ValidationError(N_("This claim is over already."))
        thing = things.named(found.subject, typed)
        if thing is None:
            raise ValidationError({"which": N_("There is none of this name or number.")})
        if thing.key != found.thing:
            found.thing = thing.key
            found.save(update_fields=["thing"])
            step(found, by, ClaimCode.NOTED, at, thing=POINTED_OUT)


def carry(by: User, claim: Claim, finish: str, words: str, at: datetime) -> None:
    """What was granted was done, what was to be shown was shown, or nobody came. Ends the claim. `words`: what was done, for the
    log, without names. Errors: ValidationError by field."""
    with transaction.atomic():
        found = _open(claim)
        if found.state != State.DECIDED:
            raise ValidationError(N_("The head has not decided yet."))
        if finish not in ends_for(found.decision):
            raise ValidationError(N_("Choose how it ended."))
        if finish == End.ABSENT and (found.meet_at is None or at < found.meet_at):
            raise ValidationError(N_("The appointment is not over yet."))
        if finish != End.ABSENT and not one_line(words):
            raise ValidationError({"done": N_("Write what was done, without names.")})
        if found.right == Right.RESTRICT and found.subject in things.POINTED_OUT and not found.thing:
            raise ValidationError({"which": N_("Say first which one it is: the mark stands on its page.")})
        _end(found, End(finish), at)
        found.save()
        step(found, by, ClaimCode.CARRIED, at, thing=finish, note=words)


def lift(by: User, claim: Claim, words: str, at: datetime) -> None:
    """A restriction ends. The caller has seen to it that `by` is the head. Errors: ValidationError."""
    if not one_line(words):
        raise ValidationError({"lifting": N_("Write why, without names.")})
    with transaction.atomic():
        found = Claim.objects.select_for_update().get(pk=claim.pk)
        if not found.restricts:
            raise ValidationError(N_("No restriction is in force by this claim."))
        found.lifted = at
        if found.erased is not None and found.subject in things.POINTED_OUT:
            found.thing = ""
        found.save()
        step(found, by, ClaimCode.LIFTED, at, note=words)


def printed(by: User, claim: Claim, paper: str, at: datetime) -> None:
    step(claim, by, ClaimCode.PRINTED, at, thing=paper)


def steps_of(claim: Claim) -> list[ClaimStep]:
    return list(ClaimStep.objects.filter(claim=claim.key).select_related("by"))


def withdraw(claim: Claim, at: datetime) -> None:
    """By who asked, with the code. Errors: ValidationError once it is over."""
    with transaction.atomic():
        found = _open(claim)
        _end(found, End.WITHDRAWN, at)
        found.save()
        step(found, None, ClaimCode.WITHDRAWN, at)


def step(
    claim: Claim, by: User | None, code: str, at: datetime, thing: str = "", ground: str = "", until: datetime | None = None,
    note: str = "",
) -> None:  # fmt: skip
    """Written last in a transaction."""
    ClaimStep.objects.create(
        at=at, by=by, claim=claim.key, code=code, thing=thing, ground=ground, until=until, note=one_line(note)[:MOST_NOTE]
    )


def _open(claim: Claim) -> Claim:
    found = Claim.objects.select_for_update().get(pk=claim.pk)
    if found.state == State.CLOSED:
        raise ValidationError(N_("This claim is over already."))
    return found


def _replied(found: Claim, at: datetime) -> None:
    """The first clock stops, the second goes on."""
    if found.replied is None:
        found.replied, found.due = at, found.act_due


def _end(found: Claim, finish: End, at: datetime) -> None:
    found.state, found.finish, found.closed, found.due = State.CLOSED, finish, at, None
