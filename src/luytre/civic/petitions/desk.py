"""What officers do with a petition: read, name cameras, hold, write, decide, show, close.

Each is one transaction with its step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate

from luytre.base.i18n import N_, translate
from luytre.base.letters import one_line
from luytre.civic.access.looks import Reason, Span
from luytre.civic.access.models import User
from luytre.civic.evidence import requests as evidence
from luytre.civic.evidence.models import ClipRequest, What
from luytre.civic.petitions.kinds import GRANTS, Decision, End, Refusal, Source, State
from luytre.civic.petitions.models import MOST_REASON, Petition, PetitionMessage, PetitionStep, StepCode
from luytre.civic.registry.holds import USUAL_DAYS, Hold, WantedHold, set_hold
from luytre.civic.registry.models import Camera
from luytre.civic.tips.answering import Sender, answer_words, unsealed
from luytre.civic.tips.taking import AHEAD, plain

ROUND = timedelta(minutes=15)
"""So much before and after what was asked for is held: people remember by guess."""
HOLD_REASON = N_("a request to see footage")


@dataclass(frozen=True, slots=True)
class Deciding:
    """`refusal`: for a refusal alone. `meet_at`, `meet_place`: for everything else."""

    decision: str
    reason: str
    refusal: str = ""
    meet_at: datetime | None = None
    meet_place: str = ""


@dataclass(frozen=True, slots=True)
class Showing:
    """What was shown: cameras (keys), from when to when, and what could be seen, without names."""

    cameras: tuple[str, ...]
    start: datetime | None
    end: datetime | None
    seen: str


def read(by: User, petition: Petition, at: datetime) -> None:
    """The first officer who opens a new one has read it. Reading is no reply."""
    with transaction.atomic():
        found = Petition.objects.select_for_update().get(pk=petition.pk)
        if found.state == State.NEW:
            found.state = State.READ
            found.save(update_fields=["state"])
            step(found, by, StepCode.READ, at)


def look_at_sender(by: User, petition: Petition, at: datetime) -> Sender:
    """Name and number, the step written first. Errors: LuytreError where the key is another."""
    sender = unsealed(petition.sealed_name, petition.sealed_phone)
    step(petition, by, StepCode.NUMBER, at)
    return sender


def note(by: User, petition: Petition, words: str, at: datetime) -> None:
    """An officer's, kept for good: without names. Errors: ValidationError."""
    if not one_line(words):
        raise ValidationError({"note": N_("Write something.")})
    step(petition, by, StepCode.NOTED, at, note=words)


def name_cameras(by: User, petition: Petition, cameras: Sequence[str], at: datetime) -> None:
    """Errors: ValidationError."""
    with transaction.atomic():
        found = _open(petition)
        _name(found, by, cameras, at)


def hold_footage(by: User, petition: Petition, cameras: Sequence[str], at: datetime) -> Hold:
    """Footage of these cameras (keys) round what was asked for is put on hold in its number's name. Errors: ValidationError."""
    if petition.start is None or petition.end is None:
        raise ValidationError({"cameras": N_("Its span was erased.")})
    wanted = WantedHold(
        tuple(cameras), petition.start - ROUND, min(petition.end + ROUND, at), petition.sign, translate(HOLD_REASON, "vi"),
        localdate(at) + timedelta(days=USUAL_DAYS),
    )  # fmt: skip
    with transaction.atomic():
        found = _open(petition)
        made = set_hold(by, wanted, at)
        found.hold = made.key
        _name(found, by, cameras, at)
        step(found, by, StepCode.HELD, at, thing=made.key)
    return made


def write(by: User, petition: Petition, words: str, at: datetime) -> None:
    """Words to who asked, read under the code: they are a reply. Errors: ValidationError."""
    words = answer_words(words, "words", N_("Write what the sender shall read."))
    if petition.source != Source.RESIDENT:
        raise ValidationError(N_("An authority is answered by letter."))
    with transaction.atomic():
        found = _open(petition)
        PetitionMessage.objects.create(petition=found, by=by, at=at, words=words)
        _replied(found, at)
        found.save()
        step(found, by, StepCode.WROTE, at)


def decide(by: User, petition: Petition, deciding: Deciding, at: datetime) -> None:
    """The caller has seen to it that `by` is the head. Deciding again before it is over replaces it; each is a step.

    Errors: ValidationError by field.
    """
    _check(petition, deciding, at)
    refused = deciding.decision == Decision.REFUSED
    with transaction.atomic():
        found = _open(petition)
        found.decision, found.refusal = deciding.decision, deciding.refusal if refused else ""
        found.reason = plain(deciding.reason)
        found.meet_at = None if refused else deciding.meet_at
        found.meet_place = "" if refused else one_line(deciding.meet_place)[:200]
        found.decided, found.decided_by, found.state = at, by, State.DECIDED
        _replied(found, at)
        if refused:
            _end(found, End.REFUSED, at)
        found.save()
        step(found, by, StepCode.DECIDED, at, thing=found.decision, refusal=found.refusal)


def _check(petition: Petition, deciding: Deciding, at: datetime) -> None:
    faults: dict[str, str] = {}
    allowed = {*GRANTS[Source(petition.source)], Decision.REFUSED}
    if deciding.decision not in allowed:
        faults["decision"] = N_("Choose what is decided.")
    if not plain(deciding.reason):
        faults["reason"] = N_("Write why, in words that the sender understands.")
    elif len(plain(deciding.reason)) > MOST_REASON:
        faults["reason"] = N_("1,000 letters at most.")
    if deciding.decision == Decision.REFUSED:
        if deciding.refusal not in Refusal.values:
            faults["refusal"] = N_("Choose why it is refused.")
    elif deciding.decision in allowed:
        if deciding.meet_at is None or not at - AHEAD <= deciding.meet_at <= at + timedelta(days=60):
            faults["meet_at"] = N_("Say when to come: a moment within the next 60 days.")
        if not one_line(deciding.meet_place):
            faults["meet_place"] = N_("Say where to come.")
    if faults:
        raise ValidationError(faults)


def show(by: User, petition: Petition, showing: Showing, at: datetime) -> None:
    """It was shown or handed over: who, when, what. Ends the petition. Errors: ValidationError by field."""
    faults: dict[str, str] = {}
    if not showing.cameras or Camera.objects.filter(key__in=showing.cameras).count() != len(set(showing.cameras)):
        faults["shown_cameras"] = N_("Choose which cameras were shown.")
    if showing.start is None or showing.end is None or not showing.start < showing.end <= at + AHEAD:
        faults["shown_end"] = N_("Say from when to when it was shown.")
    if not plain(showing.seen):
        faults["seen"] = N_("Write what could be seen, without names; “nothing” is an answer too.")
    if faults:
        raise ValidationError(faults)
    with transaction.atomic():
        found = _open(petition)
        if found.state != State.DECIDED:
            raise ValidationError(N_("The head has not decided yet."))
        found.seen = plain(showing.seen)[:MOST_REASON]
        _end(found, End.SHOWN if found.decision == Decision.SHOWN else End.HANDED, at)
        found.save()
        step(
            found, by, StepCode.SHOWN, at, thing=found.finish, cameras=",".join(sorted(set(showing.cameras))),
            start=showing.start, end=showing.end,
        )  # fmt: skip


def close_absent(by: User, petition: Petition, at: datetime) -> None:
    """Nobody came to the appointment. Errors: ValidationError before its moment."""
    with transaction.atomic():
        found = _open(petition)
        if found.state != State.DECIDED or found.meet_at is None or at < found.meet_at:
            raise ValidationError(N_("The appointment is not over yet."))
        _end(found, End.ABSENT, at)
        found.save()
        step(found, by, StepCode.CLOSED, at, thing=End.ABSENT)


def ask_clip(by: User, petition: Petition, reason: Reason, at: datetime) -> ClipRequest:
    """The original, for an authority: a request that others approve. The caller has seen to the person's cameras and purpose.

    Errors: ValidationError where it is not granted so, names no camera, or the regulation wants no approval.
    """
    with transaction.atomic():
        found = _open(petition)
        if found.source != Source.AUTHORITY or found.decision != Decision.RAW:
            raise ValidationError(N_("The original was not granted."))
        if not found.cameras or found.start is None or found.end is None:
            raise ValidationError(N_("Name the cameras first."))
        if found.clip:
            raise ValidationError(N_("The clip was asked for already."))
        made = evidence.ask(by, found.camera_keys, Span(found.start, found.end), reason, at, What.FULL)
        found.clip = made.key
        found.save()
        step(found, by, StepCode.CLIP, at, thing=made.key)
    return made


def printed(by: User, petition: Petition, paper: str, at: datetime) -> None:
    step(petition, by, StepCode.PRINTED, at, thing=paper)


def steps_of(petition: Petition) -> list[PetitionStep]:
    return list(PetitionStep.objects.filter(petition=petition.key).select_related("by"))


def withdraw(petition: Petition, at: datetime) -> None:
    """By who asked, with the code. Errors: ValidationError once it is over."""
    with transaction.atomic():
        found = _open(petition)
        _end(found, End.WITHDRAWN, at)
        found.save()
        step(found, None, StepCode.WITHDRAWN, at)


def step(
    petition: Petition, by: User | None, code: str, at: datetime, thing: str = "", refusal: str = "", cameras: str = "",
    start: datetime | None = None, end: datetime | None = None, note: str = "",
) -> None:  # fmt: skip
    """Written last in a transaction."""
    PetitionStep.objects.create(
        at=at, by=by, petition=petition.key, code=code, thing=thing, refusal=refusal, cameras=cameras, start=start, end=end,
        note=one_line(note)[:400],
    )  # fmt: skip


def _open(petition: Petition) -> Petition:
    found = Petition.objects.select_for_update().get(pk=petition.pk)
    if found.state == State.CLOSED:
        raise ValidationError(N_("It is over already."))
    return found


def _name(found: Petition, by: User, cameras: Sequence[str], at: datetime) -> None:
    named = ",".join(sorted(set(cameras)))
    if not named or Camera.objects.filter(key__in=set(cameras)).count() != len(set(cameras)):
        raise ValidationError({"cameras": N_("Choose at least one camera.")})
    if named != found.cameras:
        found.cameras = named
        step(found, by, StepCode.CAMERAS, at, cameras=named)
    found.save()


def _replied(found: Petition, at: datetime) -> None:
    """The first clock stops, the second goes on."""
    if found.replied is None:
        found.replied, found.due = at, found.access_due


def _end(found: Petition, finish: End, at: datetime) -> None:
    found.state, found.finish, found.closed, found.due = State.CLOSED, finish, at, None
