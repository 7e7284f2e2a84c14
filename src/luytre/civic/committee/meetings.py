"""Meetings: called with an agenda, held, minutes written and signed by two, then frozen; corrections are added afterwards."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.committee import steps
from luytre.civic.committee.members import check_in, members_on
from luytre.civic.committee.models import (
    MOST_LINE,
    MOST_NOTE,
    MOST_TEXT,
    Attendance,
    CommitteeStep,
    Meeting,
    MeetingState,
    Member,
    Resolution,
    StepCode,
)
from luytre.civic.committee.scope import may_write
from luytre.civic.registry.refusals import Refusals

MOST_RESOLUTIONS = 30
CHANGED = N_(
    "Somebody else wrote in these minutes since you opened them. What you typed is still here: compare, and press again."
)
READ_AGAIN = N_("The minutes were changed after you opened them: read them anew, then sign.")


@dataclass(frozen=True, slots=True)
class Invitation:
    """`agenda`: one point a line. `once`: of the form."""

    once: str
    title: str
    at: datetime
    place: str
    agenda: str


@dataclass(frozen=True, slots=True)
class MinutesDraft:
    """What is written of a meeting that was held. `resolutions`: one a line; `revision`: the one that the writer read."""

    revision: int
    chair: Member | None
    secretary: Member | None
    came: Sequence[Member]
    guests: str
    quorum: bool
    ended: datetime | None
    minutes: str
    resolutions: str


@dataclass(frozen=True, slots=True)
class Frozen:
    """Minutes as they were closed. Moments in ISO, UTC."""

    title: str
    at: str
    place: str
    agenda: tuple[str, ...]
    chair: str
    secretary: str
    came: tuple[str, ...]
    absent: tuple[str, ...]
    guests: str
    quorum: bool
    ended: str
    minutes: str
    resolutions: tuple[str, ...]


# --- the invitation ---------------------------------------------------------------------------------------------------
@transaction.atomic
def call(by: User, draft: Invitation, at: datetime) -> Meeting:
    """Pressed twice, it is one. Errors: ValidationError by field (title, at, place, agenda)."""
    may_write(by, at)
    _check_invitation(draft, at)
    steps.one_after_the_other()
    if before := Meeting.objects.filter(once=draft.once).first():
        return before
    made = Meeting.objects.create(
        once=draft.once, title=one_line(draft.title), at=draft.at, place=one_line(draft.place),
        agenda=steps.as_text(steps.lines_of(draft.agenda)), by=by, made=at,
    )  # fmt: skip
    steps.write(by, StepCode.CALLED, made.key, at, day=localdate(draft.at), note=draft.title)
    return made


@transaction.atomic
def change(by: User, meeting: Meeting, draft: Invitation, at: datetime) -> None:
    """The invitation, while the meeting has not been held. Errors: ValidationError by field."""
    may_write(by, at)
    _check_invitation(draft, at)
    there = _locked(meeting)
    _only(there, MeetingState.CALLED)
    there.title, there.at, there.place = one_line(draft.title), draft.at, one_line(draft.place)
    there.agenda = steps.as_text(steps.lines_of(draft.agenda))
    there.revision += 1
    there.save()
    steps.write(by, StepCode.CHANGED, there.key, at, day=localdate(draft.at), note=draft.title)


@transaction.atomic
def cancel(by: User, meeting: Meeting, why: str, at: datetime) -> None:
    """Errors: ValidationError by field (why)."""
    may_write(by, at)
    faults = Refusals()
    steps.check_line(faults, "why", why, MOST_NOTE, N_("Say why it does not take place."))
    faults.raise_any()
    there = _locked(meeting)
    if there.state == MeetingState.CANCELLED:
        return
    _only(there, MeetingState.CALLED)
    there.state = MeetingState.CANCELLED
    there.save(update_fields=["state"])
    steps.write(by, StepCode.CANCELLED, there.key, at, note=why)


def _check_invitation(draft: Invitation, at: datetime) -> None:
    faults = Refusals()
    steps.check_once(faults, draft.once)
    steps.check_line(faults, "title", draft.title, MOST_LINE, N_("Say what the meeting is about."))
    steps.check_line(faults, "place", draft.place, MOST_LINE, N_("Say where it is."))
    steps.check_text(faults, "agenda", draft.agenda, MOST_TEXT, N_("Write at least one point of the agenda."))
    if abs(draft.at - at) > timedelta(days=731):
        faults.tell("at", N_("Within two years."))
    faults.raise_any()


# --- the minutes ------------------------------------------------------------------------------------------------------
@transaction.atomic
def write_minutes(by: User, meeting: Meeting, draft: MinutesDraft, at: datetime) -> None:
    """Whoever had signed signs anew. Errors: ValidationError by field."""
    may_write(by, at)
    there = _locked(meeting)
    _only(there, MeetingState.CALLED, MeetingState.HELD)
    _check_minutes(there, draft, at)
    there.state, there.chair, there.secretary = MeetingState.HELD, draft.chair, draft.secretary
    there.guests, there.quorum, there.ended = one_line(draft.guests), draft.quorum, draft.ended
    there.minutes, there.chair_signed, there.secretary_signed = draft.minutes.strip(), None, None
    there.revision += 1
    there.save()
    there.attendance.all().delete()
    came = dict.fromkeys([*draft.came, draft.chair, draft.secretary])
    Attendance.objects.bulk_create([Attendance(meeting=there, member=one) for one in came if one is not None])
    _write_resolutions(there, steps.lines_of(draft.resolutions))
    steps.write(by, StepCode.WRITTEN, there.key, at)


def _check_minutes(meeting: Meeting, draft: MinutesDraft, at: datetime) -> None:
    faults, day = Refusals(), localdate(meeting.at)
    if draft.revision != meeting.revision:
        faults.tell("__all__", CHANGED)
    if meeting.at > at:
        faults.tell("__all__", N_("The meeting has not begun yet: minutes are written when it was held."))
    for field, member in (("chair", draft.chair), ("secretary", draft.secretary)):
        if member is None:
            faults.tell(field, N_("Choose who it was."))
        else:
            check_in(faults, field, member, day)
    if draft.chair is not None and draft.chair == draft.secretary:
        faults.tell("secretary", N_("Chair and secretary are two people: each signs."))
    if draft.ended is not None and not meeting.at <= draft.ended <= meeting.at + timedelta(days=1):
        faults.tell("ended", N_("After it began, within a day."))
    steps.check_line(faults, "guests", draft.guests, MOST_LINE)
    steps.check_text(faults, "minutes", draft.minutes, MOST_TEXT, N_("Write what was said and decided."))
    lines = steps.lines_of(draft.resolutions)
    if len(lines) > MOST_RESOLUTIONS:
        faults.tell("resolutions", N_("At most %(most)s resolutions."), most=MOST_RESOLUTIONS)
    if any(len(line) > MOST_NOTE for line in lines):
        faults.tell("resolutions", N_("At most %(most)s letters each."), most=MOST_NOTE)
    faults.raise_any()


def _write_resolutions(meeting: Meeting, lines: list[str]) -> None:
    """By number: what has a task stays as it was decided on. Errors: ValidationError (resolutions)."""
    before = {one.number: one for one in meeting.resolutions.select_related("task")}
    for number, words in enumerate(lines, 1):
        one = before.pop(number, None)
        if one is None:
            Resolution.objects.create(meeting=meeting, number=number, words=words)
        elif one.words != words:
            _check_free(one)
            one.words = words
            one.save(update_fields=["words"])
    for one in before.values():
        _check_free(one)
        one.delete()


def _check_free(one: Resolution) -> None:
    if hasattr(one, "task"):
        words = N_("Resolution %(number)s is a task already: leave it as it is, and write a new one after the others.")
        raise ValidationError({"resolutions": [ValidationError(words, params={"number": one.number})]})


# --- signing ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def sign(by: User, meeting: Meeting, part: str, revision: int, at: datetime, *, on_paper: bool = False) -> bool:
    """`part`: chair or secretary. Who has an account signs himself; for the paper that was signed by hand anybody of the
    committee writes it down. True: the second of the two, and the minutes are closed. Errors: ValidationError."""
    may_write(by, at)
    there = _locked(meeting)
    signer = {"chair": there.chair, "secretary": there.secretary}.get(part)
    when = {"chair": there.chair_signed, "secretary": there.secretary_signed}.get(part)
    if signer is None:
        raise ValidationError(N_("There are no minutes to be signed yet."))
    if when is not None:
        words = N_("%(name)s has signed already. Nothing was signed twice.")
        raise ValidationError(words, params={"name": signer.name})
    _only(there, MeetingState.HELD)
    if revision != there.revision:
        raise ValidationError(READ_AGAIN)
    if not on_paper and signer.user_id != by.pk:
        words = N_("Only %(name)s signs here. Was it signed on paper, choose that.")
        raise ValidationError(words, params={"name": signer.name})
    setattr(there, f"{part}_signed", at)
    steps.write(by, part, there.key, at, note=f"{signer.name}{' (giấy)' if on_paper else ''}")
    is_closed = there.chair_signed is not None and there.secretary_signed is not None
    if is_closed:
        there.state = MeetingState.CLOSED
        text = json.dumps(asdict(frozen_of(there)), ensure_ascii=False, sort_keys=True)
        steps.write(by, StepCode.CLOSED, there.key, at, text=text)
    there.save()
    return is_closed


@transaction.atomic
def correct(by: User, meeting: Meeting, note: str, at: datetime) -> None:
    """Added to minutes that are closed; nothing in them changes. Errors: ValidationError by field (note)."""
    may_write(by, at)
    faults = Refusals()
    steps.check_line(faults, "note", note, MOST_NOTE, N_("Write what is to be put right, and how it really was."))
    faults.raise_any()
    there = _locked(meeting)
    _only(there, MeetingState.CLOSED)
    last = CommitteeStep.objects.filter(thing=there.key, code=StepCode.CORRECTED).last()
    if last is None or last.note != one_line(note)[:MOST_NOTE]:
        steps.write(by, StepCode.CORRECTED, there.key, at, note=note)


def frozen_of(meeting: Meeting) -> Frozen:
    """The minutes as they are: of closed ones as they were closed, by the chained step alone."""
    closed = CommitteeStep.objects.filter(thing=meeting.key, code=StepCode.CLOSED).first()
    if closed is not None:
        told = json.loads(closed.text)
        fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
        return Frozen(**fields)
    came = [one.member for one in meeting.attendance.select_related("member")]
    keys = {one.pk for one in came}
    absent = [one.name for one in members_on(localdate(meeting.at)) if one.pk not in keys]
    return Frozen(
        meeting.title, meeting.at.isoformat(), meeting.place, tuple(steps.lines_of(meeting.agenda)),
        meeting.chair.name if meeting.chair else "", meeting.secretary.name if meeting.secretary else "",
        tuple(one.name for one in came), tuple(absent), meeting.guests, bool(meeting.quorum),
        meeting.ended.isoformat() if meeting.ended else "", meeting.minutes,
        tuple(one.words for one in meeting.resolutions.all()),
    )  # fmt: skip


def _locked(meeting: Meeting) -> Meeting:
    steps.one_after_the_other()
    return Meeting.objects.select_for_update().get(pk=meeting.pk)


def _only(meeting: Meeting, *states: str) -> None:
    if meeting.state not in states:
        raise ValidationError(N_("Somebody was faster: the meeting stands elsewhere by now. Look at it anew."))
