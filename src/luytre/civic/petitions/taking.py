"""A petition is taken: its row, its number, its clocks and its first step, all in one transaction.

Sent again, it is the same one.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.petitions.cases import is_unknown, tidied
from luytre.civic.petitions.footage import is_held, longest_days
from luytre.civic.petitions.kinds import About, Source
from luytre.civic.petitions.models import MOST_NAME, MOST_WORDS, Petition, PetitionStep, StepCode
from luytre.civic.petitions.scans import Scan
from luytre.civic.registry.models import Camera, Hamlet
from luytre.civic.registry.seal import seal
from luytre.civic.tips.code import code_of, digest_of
from luytre.civic.tips.taking import AHEAD, minute, plain
from luytre.civic.workdays.book import last_minute
from luytre.civic.workdays.days import ACCESS_DAYS, REPLY_DAYS, Holidays, after

LONGEST = timedelta(hours=6)
LONGEST_OF_AUTHORITY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class PetitionDraft:
    """What a resident or an officer fills in. `start`, `end`: aware; None: not understood, or not said."""

    about: str
    start: datetime | None
    end: datetime | None
    words: str
    name: str = ""
    phone: str = ""
    hamlet: Hamlet | None = None
    place: str = ""
    camera: Camera | None = None
    case: str = ""
    english: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """With what another authority asks."""

    authority: str
    name: str
    number: str
    day: date | None
    scan: Scan | None


@dataclass(frozen=True, slots=True)
class Taken:
    petition: Petition
    code: str
    again: bool = False
    """It had been taken before."""


def petitions_key(tips_key: bytes) -> bytes:
    """A key of petitions' own, so that no code is a tip's as well."""
    return hmac.digest(tips_key, b"petitions", "sha256")


def taken_before(sending: str, key: bytes) -> Taken | None:
    """The petition of this sending, where there is one. Errors: ValueError for a `sending` that is none."""
    code = code_of(key, sending)
    known = Petition.objects.filter(code_digest=digest_of(key, code)).first()
    return None if known is None else Taken(known, code, again=True)


def take(draft: PetitionDraft, sending: str, key: bytes, holidays: Holidays, now: datetime) -> Taken:
    """From a resident. `key`: of `petitions_key`. Errors: ValidationError by field, ValueError for a `sending` that is none."""
    if (before := taken_before(sending, key)) is not None:
        return before
    code = code_of(key, sending)
    faults = _span_faults(draft, LONGEST, now) | _faults(draft)
    if not one_line(draft.name):
        faults["name"] = N_("Say your name: somebody must be able to come.")
    if sum(letter.isdigit() for letter in draft.phone) < 8:
        faults["phone"] = N_("A telephone number is needed, so that we can call you back.")
    if faults:
        raise ValidationError(faults)
    row = _row(draft, Source.RESIDENT, minute(now), holidays)
    row.code_digest = digest_of(key, code)
    try:
        with transaction.atomic():
            _write(row, None, "", minute(now))
    except IntegrityError:  # sent twice at once: the other was faster
        return Taken(Petition.objects.get(code_digest=row.code_digest), code, again=True)
    return Taken(row, code)


def enter(by: User, draft: PetitionDraft, letter: Letter, holidays: Holidays, now: datetime) -> Petition:
    """From another authority, at the desk. Its scan lies on the disk already. Errors: ValidationError by field."""
    faults = _span_faults(draft, LONGEST_OF_AUTHORITY, now) | _faults(draft) | _letter_faults(letter, now)
    if faults:
        raise ValidationError(faults)
    assert letter.scan is not None
    row = _row(draft, Source.AUTHORITY, now, holidays)
    row.received_by, row.authority = by, one_line(letter.authority)[:160]
    row.letter, row.letter_number, row.letter_day = one_line(letter.name)[:160], one_line(letter.number)[:60], letter.day
    row.scan_sha256, row.scan_kind = letter.scan.sha256, letter.scan.kind
    with transaction.atomic():
        _write(row, by, letter.scan.sha256, now)
    return row


def _faults(draft: PetitionDraft) -> dict[str, str]:
    faults: dict[str, str] = {}
    if draft.about not in About.values:
        faults["about"] = N_("Choose what has happened.")
    if not plain(draft.words):
        faults["words"] = N_("Say what should be looked for.")
    elif len(plain(draft.words)) > MOST_WORDS:
        faults["words"] = N_("That is too long: 2,000 letters at most.")
    if draft.hamlet is None and draft.camera is None and not one_line(draft.place):
        faults["place"] = N_("Say where it was: the hamlet, or in words.")
    if is_unknown(draft.case):
        faults["case"] = N_(
            "No incident has this number here: look again, or leave it empty. Of another office, write its name too."
        )
    return faults


def _span_faults(draft: PetitionDraft, longest: timedelta, now: datetime) -> dict[str, str]:
    """Of a span that is missing, upside down, to come, too long, or of footage that is surely gone."""
    start, end = draft.start, draft.end
    if start is None or end is None:
        words = N_("Choose the day and the hour, like 24/11/2026 14:05.")
        return {name: words for name, moment in (("start", start), ("end", end)) if moment is None}
    if end <= start:
        return {"end": N_("The end lies before the beginning.")}
    if start >= minute(now) or end > now + AHEAD:
        return {"end": N_("This is still to come: footage is of what has been.")}
    if end - start > longest:
        hours = longest == LONGEST
        return {"end": N_("Six hours at most: say more exactly when it was.") if hours else N_("Seven days at most.")}
    if end <= now - timedelta(days=longest_days(now)) and not is_held(start, end, now):
        return {"start": N_("Footage of that day is erased already: it is kept for the days that are named above.")}
    return {}


def _letter_faults(letter: Letter, now: datetime) -> dict[str, str]:
    faults: dict[str, str] = {}
    for name, typed in (("authority", letter.authority), ("letter", letter.name), ("letter_number", letter.number)):
        if not one_line(typed):
            faults[name] = N_("This stands on their letter.")
    if letter.day is None or letter.day > localdate(now):
        faults["letter_day"] = N_("The day of their letter, like 24/11/2026; not one to come.")
    if letter.scan is None:
        faults["scan"] = N_("Add a scan or a photo of their letter.")
    return faults


def _row(draft: PetitionDraft, source: Source, at: datetime, holidays: Holidays) -> Petition:
    assert draft.start is not None
    assert draft.end is not None
    reply, access = due_moments(at, holidays)
    hamlet = draft.hamlet or (draft.camera.site.hamlet if draft.camera else None)
    return Petition(
        source=source, about=draft.about, received=at, hamlet=hamlet, place=one_line(draft.place)[:200],
        camera=draft.camera.key if draft.camera else "", start=minute(draft.start), end=min(draft.end, at),
        words=plain(draft.words), sealed_name=seal(one_line(draft.name)[:MOST_NAME]), sealed_phone=seal(draft.phone),
        case=tidied(draft.case)[:40], english=draft.english, reply_due=reply, access_due=access, due=reply,
    )  # fmt: skip


def due_moments(at: datetime, holidays: Holidays) -> tuple[datetime, datetime]:
    """Until when to reply and to give access: the last minutes of those days by the commune's clock."""
    day = localdate(at)
    reply, access = (after(day, count, holidays) for count in (REPLY_DAYS, ACCESS_DAYS))
    return last_minute(reply), last_minute(access)


def _write(row: Petition, by: User | None, sha256: str, at: datetime) -> None:
    row.save_with_next_number(at, lambda: _is_there(row))
    PetitionStep.objects.create(
        at=at, by=by, petition=row.key, code=StepCode.RECEIVED, thing=row.source, sha256=sha256, start=row.start, end=row.end
    )


def _is_there(row: Petition) -> bool:
    """Whether the same sending was taken meanwhile: another number does not help then."""
    return row.code_digest is not None and Petition.objects.filter(code_digest=row.code_digest).exists()
