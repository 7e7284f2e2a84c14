"""A claim is taken: its row, number, clocks and first step, all in one transaction. Sent again, it is the same one."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.petitions import following as petitions
from luytre.civic.registry.models import Camera
from luytre.civic.registry.seal import seal
from luytre.civic.rights.clocks import clocks_of
from luytre.civic.rights.kinds import BY_CODE, Right, Subject
from luytre.civic.rights.models import MOST_NAME, MOST_WORDS, Claim, ClaimCode, ClaimStep
from luytre.civic.tips import following as tips
from luytre.civic.tips.code import BadCode, code_of, digest_of, read_code
from luytre.civic.tips.taking import AHEAD, minute, plain
from luytre.civic.workdays.days import Holidays

LONGEST = timedelta(hours=24)
"""Of the footage that a claim is about."""
NEEDS_WORDS = frozenset[str]({Right.CORRECT, Right.OBJECT})
"""Without words nobody would know what is wrong."""


@dataclass(frozen=True, slots=True)
class ClaimDraft:
    """What a person or an officer fills in. `code`: of the tip or petition meant. `start`, `end`: of footage, aware."""

    right: str
    subject: str
    words: str = ""
    code: str = ""
    name: str = ""
    phone: str = ""
    place: str = ""
    camera: Camera | None = None
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    claim: Claim
    code: str
    again: bool = False
    """It had been taken before."""


def claims_key(tips_key: bytes) -> bytes:
    """A key of claims' own, so that no code is a tip's or a petition's as well."""
    return hmac.digest(tips_key, b"claims", "sha256")


def find(typed: str, tips_key: bytes) -> Claim | None:
    """None where no claim has this code. Errors: BadCode where none can have it."""
    code = read_code(typed)
    return Claim.objects.filter(code_digest=digest_of(claims_key(tips_key), code)).first()


def taken_before(sending: str, tips_key: bytes) -> Taken | None:
    """The claim of this sending, where there is one. Errors: ValueError for a `sending` that is none."""
    key = claims_key(tips_key)
    code = code_of(key, sending)
    known = Claim.objects.filter(code_digest=digest_of(key, code)).first()
    return None if known is None else Taken(known, code, again=True)


def take(
    draft: ClaimDraft, sending: str, tips_key: bytes, holidays: Holidays, now: datetime, by: User | None = None
) -> Taken:  # fmt: skip
    """`by`: the officer at the desk, who has seen who asks; None: it was sent.

    Errors: ValidationError by field, ValueError for a `sending` that is none.
    """
    if (before := taken_before(sending, tips_key)) is not None:
        return before
    faults = _faults(draft, now, at_desk=by is not None)
    thing = draft.camera.key if draft.camera and draft.subject == Subject.CAMERA else ""
    if draft.subject in BY_CODE and not (thing := _by_code(draft, tips_key)):
        faults["code"] = N_("Nothing that was sent has this code: look at it again, letter by letter.")
    if faults:
        raise ValidationError(faults)
    key, at = claims_key(tips_key), minute(now)
    code = code_of(key, sending)
    row = _row(draft, thing, at, holidays)
    row.code_digest, row.received_by = digest_of(key, code), by
    try:
        with transaction.atomic():
            row.save_with_next_number(at, lambda: _is_there(row))
            ClaimStep.objects.create(at=at, by=by, claim=row.key, code=ClaimCode.RECEIVED, thing=row.right)
    except IntegrityError:  # sent twice at once: the other was faster
        return Taken(Claim.objects.get(code_digest=row.code_digest), code, again=True)
    return Taken(row, code)


def _by_code(draft: ClaimDraft, tips_key: bytes) -> str:
    """The key of what has this code; empty where nothing has. The code itself is not kept."""
    room = tips if draft.subject == Subject.TIP else petitions
    try:
        found = room.find(draft.code, tips_key)
    except BadCode:
        return ""
    return found.key if found is not None else ""


def _faults(draft: ClaimDraft, now: datetime, *, at_desk: bool) -> dict[str, str]:
    faults: dict[str, str] = {}
    if draft.right not in Right.values:
        faults["right"] = N_("Choose what you ask for.")
    if draft.subject not in Subject.values:
        faults["subject"] = N_("Choose what it is about.")
    if len(plain(draft.words)) > MOST_WORDS:
        faults["words"] = N_("That is too long: 2,000 letters at most.")
    if not plain(draft.words) and (draft.right in NEEDS_WORDS or draft.subject == Subject.OTHER):
        faults["words"] = N_("Say what it is about, and what shall be done.")
    if draft.subject == Subject.CAMERA:
        faults |= _footage_faults(draft, now)
    if draft.subject not in BY_CODE and draft.subject in Subject.values:
        if not one_line(draft.name):
            faults["name"] = N_("Say your name: what is kept of somebody is told to nobody else.")
        if not at_desk and sum(letter.isdigit() for letter in draft.phone) < 8:
            faults["phone"] = N_("A telephone number is needed, so that we can call you back.")
    return faults


def _footage_faults(draft: ClaimDraft, now: datetime) -> dict[str, str]:
    faults: dict[str, str] = {}
    if draft.camera is None and not one_line(draft.place):
        faults["place"] = N_("Say where it was.")
    if draft.start is None or draft.end is None:
        words = N_("Choose the day and the hour, like 24/11/2026 14:05.")
        return faults | {name: words for name, moment in (("start", draft.start), ("end", draft.end)) if moment is None}
    if draft.end <= draft.start:
        faults["end"] = N_("The end lies before the beginning.")
    elif draft.end > now + AHEAD:
        faults["end"] = N_("This is still to come: footage is of what has been.")
    elif draft.end - draft.start > LONGEST:
        faults["end"] = N_("24 hours at most: say more exactly when it was.")
    return faults


def _row(draft: ClaimDraft, thing: str, at: datetime, holidays: Holidays) -> Claim:
    clocks, footage, named = clocks_of(draft.right, at, holidays), draft.subject == Subject.CAMERA, draft.subject not in BY_CODE
    return Claim(
        right=draft.right, subject=draft.subject, thing=thing, received=at, words=plain(draft.words),
        place=one_line(draft.place)[:200] if footage else "", start=draft.start if footage else None,
        end=draft.end if footage else None, sealed_name=seal(one_line(draft.name)[:MOST_NAME]) if named else "",
        sealed_phone=seal(one_line(draft.phone)) if named else "", reply_due=clocks.reply, act_due=clocks.act, due=clocks.reply,
    )  # fmt: skip


def _is_there(row: Claim) -> bool:
    """Whether the same sending was taken meanwhile: another number does not help then."""
    return Claim.objects.filter(code_digest=row.code_digest).exists()
