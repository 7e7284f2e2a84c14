"""Issuing a bulletin, telling that it was seen, prolonging, closing. Each is one transaction: the row, and its chained step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.bulletins.models import (
    MOST_LOOK,
    MOST_PLACE,
    MOST_SEEN,
    MOST_TITLE,
    MOST_WORDS,
    WITHOUT_PICTURE,
    Bulletin,
    BulletinHamlet,
    BulletinStep,
    End,
    Kind,
    Sighting,
    StepCode,
)
from luytre.civic.bulletins.pictures import Picture
from luytre.civic.bulletins.plates import LONGEST, plain_plate
from luytre.civic.bulletins.scope import issues, withdraws
from luytre.civic.incidents.models import Incident
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.refusals import Refusals
from luytre.civic.tips.taking import AHEAD, minute, plain

LONGEST_DAYS = 30
"""From the day it is issued or prolonged. No law names a number: what is looked for longer is prolonged with a reason."""
USUAL_DAYS = 7
AGAIN = timedelta(minutes=1)
"""What the same person sends word for word within this is a second press, also where a minute turned between the two."""
OLDEST = timedelta(days=365)
OLDEST_SEEN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class BulletinDraft:
    """What an officer writes. `hamlets`: whose people read it; none: the whole commune. `last_day` counts whole."""

    kind: str
    title: str
    last_day: date
    words: str = ""
    plate: str = ""
    look: str = ""
    since: datetime | None = None
    place: str = ""
    incident: Incident | None = None
    hamlets: Sequence[Hamlet] = ()
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """Where and when it was seen. `camera`: the key of the one it was seen on."""

    at: datetime
    hamlet: Hamlet | None = None
    place: str = ""
    camera: str = ""
    words: str = ""


def steps_of(bulletin: Bulletin) -> list[BulletinStep]:
    return list(BulletinStep.objects.filter(bulletin=bulletin.key).select_related("by"))


def issue(by: User, draft: BulletinDraft, at: datetime) -> Bulletin:
    """Pressed twice, it is one: what the same officer issued word for word a moment ago. Errors: ValidationError by field."""
    _may(issues(by, at))
    _check(draft, at)
    plate = one_line(draft.plate)
    picture = draft.picture or Picture("", 0, 0)
    made = Bulletin(
        kind=draft.kind, title=one_line(draft.title), words=plain(draft.words), plate=plate, plate_plain=plain_plate(plate),
        look=one_line(draft.look), since=draft.since, place=one_line(draft.place), incident=draft.incident,
        everywhere=not draft.hamlets, issued=at, issued_by=by, until=end_of(draft.last_day), sha256=picture.sha256,
        width_px=picture.width_px, height_px=picture.height_px,
    )  # fmt: skip
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)  # two presses at once come one after the other
        if (before := _just_issued(made, set(draft.hamlets), at)) is not None:
            return before
        made.save_with_next_number(at)
        BulletinHamlet.objects.bulk_create(BulletinHamlet(bulletin=made, hamlet=one) for one in dict.fromkeys(draft.hamlets))
        _step(made, by, StepCode.ISSUED, at, until=made.until, sha256=made.sha256)
    return made


def _just_issued(made: Bulletin, hamlets: set[Hamlet], at: datetime) -> Bulletin | None:
    names = ("issued_by", "kind", "title", "words", "plate", "look", "since", "place", "incident", "until", "sha256")
    same = {name: getattr(made, name) for name in names}
    found = Bulletin.objects.filter(issued__gt=at - AGAIN, issued__lte=at, closed=None, **same).prefetch_related(
        "hamlets__hamlet"
    )
    return next((one for one in found if {each.hamlet for each in one.hamlets.all()} == hamlets), None)


def end_of(last_day: date) -> datetime:
    """The moment when a day is over in the commune."""
    return timezone.make_aware(datetime.combine(last_day + timedelta(days=1), time.min))


def _check(draft: BulletinDraft, at: datetime) -> None:
    faults = Refusals()
    if draft.kind not in Kind.values:
        faults.tell("kind", N_("Choose what is looked for."))
    if not one_line(draft.title):
        faults.tell("title", N_("Say in one line what it is."))
    bounds = (("title", draft.title, MOST_TITLE), ("words", draft.words, MOST_WORDS), ("plate", draft.plate, LONGEST),
              ("look", draft.look, MOST_LOOK), ("place", draft.place, MOST_PLACE))  # fmt: skip
    for field, text, most in bounds:
        if len(text.strip()) > most:
            faults.tell(field, N_("%(most)s letters at most."), most=most)
    if draft.plate.strip() and not plain_plate(draft.plate):
        faults.tell("plate", N_("A licence plate has letters and digits, like 15B1-234.56."))
    if draft.since is not None and not at - OLDEST <= draft.since <= at + AHEAD:
        faults.tell("since", N_("A moment of the last year, not one to come."))
    if draft.picture is not None and draft.kind in WITHOUT_PICTURE:
        faults.tell("picture", N_("Of a person no picture is taken: describe clothes and marks in words."))
    _check_day(faults, draft.last_day, at)
    faults.raise_any()


def _check_day(faults: Refusals, last_day: date, at: datetime) -> None:
    today = localdate(at)
    if not today <= last_day <= today + timedelta(days=LONGEST_DAYS):
        faults.tell("last_day", N_("A day from today on, at most %(days)s days ahead."), days=LONGEST_DAYS)


def prolong(by: User, bulletin: Bulletin, last_day: date, why: str, at: datetime) -> None:
    """To a later day; one that ran out is in force again, as long as it is not erased. Errors: ValidationError by field."""
    _may(issues(by, at))
    faults = Refusals()
    _check_day(faults, last_day, at)
    if not one_line(why):
        faults.tell("note", N_("Say why it is still looked for."))
    with transaction.atomic():
        found = _open(bulletin)
        if not faults.found and end_of(last_day) <= found.until:
            faults.tell("last_day", N_("A later day than it has now."))
        faults.raise_any()
        found.until = end_of(last_day)
        found.save(update_fields=["until"])
        _step(found, by, StepCode.PROLONGED, at, until=found.until, note=why)


def close(by: User, bulletin: Bulletin, end: str, note: str, at: datetime) -> None:
    """Found, no longer looked for, or withdrawn, for good. Errors: ValidationError by field."""
    _may(issues(by, at))
    faults = Refusals()
    if end not in End.values:
        faults.tell("end", N_("Choose how it ended."))
    elif end == End.WITHDRAWN and not withdraws(by, at):
        faults.tell("end", N_("Only the head withdraws a bulletin."))
    if not one_line(note):
        faults.tell("note", N_("Say in a few words how it ended."))
    faults.raise_any()
    with transaction.atomic():
        found = _open(bulletin)
        found.closed, found.end = at, end
        found.save(update_fields=["closed", "end"])
        _step(found, by, StepCode.CLOSED, at, end=end, note=note)


def tell_seen(by: User, bulletin: Bulletin, seen: Seen, at: datetime) -> Sighting:
    """By anybody who reads the bulletin, while it is in force. Pressed twice, it is one. Errors: ValidationError by field."""
    _check_seen(seen, at)
    when, place, words = minute(min(seen.at, at)), one_line(seen.place), one_line(seen.words)
    with transaction.atomic():
        found = _open(bulletin)
        if not found.in_force(at):
            raise ValidationError(N_("This bulletin has ended: telephone the police on duty."))
        same = {"bulletin": found, "by": by, "place": place, "camera": seen.camera}
        told = Sighting.objects.filter(told__gt=at - AGAIN, told__lte=at, hamlet=seen.hamlet, words=words, **same)
        before = told.first() or Sighting.objects.filter(seen=when, **same).first()
        if before is not None:
            return before
        made = Sighting.objects.create(seen=when, told=at, hamlet=seen.hamlet, words=words, **same)
        _step(found, by, StepCode.SEEN, at, sighting=made.key)
    return made


def _check_seen(seen: Seen, at: datetime) -> None:
    faults = Refusals()
    if not one_line(seen.place) and not seen.camera and seen.hamlet is None:
        faults.tell("place", N_("Say where it was seen, or choose the camera."))
    for field, text, most in (("place", seen.place, MOST_PLACE), ("words", seen.words, MOST_SEEN)):
        if len(one_line(text)) > most:
            faults.tell(field, N_("%(most)s letters at most."), most=most)
    if not at - OLDEST_SEEN <= seen.at <= at + AHEAD:
        faults.tell("seen", N_("A moment of the last 30 days, not one to come."))
    faults.raise_any()


def read_sightings(by: User, bulletin: Bulletin, at: datetime) -> None:
    """The first officer but the one who told who opens the bulletin has read where it was seen: it rings no more."""
    with transaction.atomic():
        for one in bulletin.sightings.select_for_update().filter(read=None).exclude(by=by):
            one.read = at
            one.save(update_fields=["read"])
            _step(bulletin, by, StepCode.READ, at, sighting=one.key)


def _may(allowed: bool) -> None:
    if not allowed:
        raise ValidationError(N_("Only the commune police issue and end bulletins."))


def _open(bulletin: Bulletin) -> Bulletin:
    found = Bulletin.objects.select_for_update(of=("self",)).get(pk=bulletin.pk)
    if found.closed is not None or found.erased is not None:
        raise ValidationError(N_("Somebody was faster: this bulletin is closed."))
    return found


def _step(bulletin: Bulletin, by: User | None, code: str, at: datetime, note: str = "", **fields: object) -> None:
    BulletinStep.objects.create(at=at, by=by, bulletin=bulletin.key, code=code, note=one_line(note)[:400], **fields)
