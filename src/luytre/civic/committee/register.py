"""The register of documents (sổ văn bản): what was entered, and what was approved in the program, computed and not copied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from luytre.base.i18n import N_
from luytre.base.letters import fold, one_line
from luytre.civic.access.models import User
from luytre.civic.committee import steps
from luytre.civic.committee.models import MOST_LINE, MOST_NAME, MOST_NOTE, Document, DocumentKind, EndedHow, StepCode
from luytre.civic.committee.scope import may_write
from luytre.civic.coordination.text import read as read_coordination
from luytre.civic.filed import Filed, Taken
from luytre.civic.registry.refusals import Refusals
from luytre.civic.regulations.models import Regulation, Version
from luytre.civic.regulations.text import read as read_usage

EARLIEST = date(1990, 1, 1)
LATEST_FORCE = timedelta(days=3660)


class Force(StrEnum):
    """How a document stands on a day."""

    IN_FORCE = "in_force"
    COMING = "coming"
    OVER = "over"
    STRUCK = "struck"


FORCE_WORDS = {
    Force.IN_FORCE: N_("in force"),
    Force.COMING: N_("not in force yet"),
    Force.OVER: N_("no longer in force"),
    Force.STRUCK: N_("struck out"),
}
FILES = Taken("file", most_mb=10, word=True)
"""What a document's file may be."""


@dataclass(frozen=True, slots=True)
class DocumentDraft:
    """`once`: of the form. `force_from` None: from the day it was issued."""

    once: str
    sign: str
    kind: str
    issued: date
    issuer: str
    subject: str
    force_from: date | None = None
    force_until: date | None = None
    establishes: bool = False
    file: Filed | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the register. `document` None: a version that was approved in the program; `regulation` and `number` name it.
    `after`: the sign of what replaced or abolished it."""

    sign: str
    kind: str
    issued: date
    issuer: str
    subject: str
    force_from: date
    force_until: date | None
    force: Force
    document: Document | None = None
    regulation: str = ""
    number: int = 0
    after: str = ""
    after_how: str = ""


def rows_on(day: date) -> list[Row]:
    """All lines, the newest first. Three queries."""
    entered = Document.objects.select_related("ended_by", "by")
    rows = [_row(one, day) for one in entered]
    for kind in Regulation:
        rows += _versions(kind, day)
    return sorted(rows, key=lambda row: (row.issued, row.sign), reverse=True)


def _row(one: Document, day: date) -> Row:
    begins = one.force_from or one.issued
    return Row(
        one.sign, one.kind, one.issued, one.issuer, one.subject, begins, one.force_until,
        Force.STRUCK if one.struck else _force(begins, one.force_until, day), one,
        after=one.ended_by.sign if one.ended_by else "", after_how=one.ended_how,
    )  # fmt: skip


def row_of(one: Document, day: date) -> Row:
    return _row(one, day)


def _force(begins: date, until: date | None, day: date) -> Force:
    if day < begins:
        return Force.COMING
    return Force.OVER if until is not None and day > until else Force.IN_FORCE


def _versions(kind: Regulation, day: date) -> list[Row]:
    """A version holds until the next one begins."""
    found = list(Version.objects.filter(kind=kind).order_by("in_force_from", "number"))
    return [_version(kind, one, found[place + 1 : place + 2], day) for place, one in enumerate(found)]


def _version(kind: Regulation, one: Version, following: Sequence[Version], day: date) -> Row:
    heading = (read_usage(one.text) if kind == Regulation.USAGE else read_coordination(one.text)).heading
    begins = localdate(one.in_force_from)
    until = localdate(following[0].in_force_from - timedelta(microseconds=1)) if following else None
    after = _sign_of(kind, following[0]) if following else ""
    return Row(
        _sign_of(kind, one), DocumentKind.REGULATION, localdate(one.approved), heading.issuer, str(kind.label), begins, until,
        _force(begins, until, day), None, str(kind), one.number, after, EndedHow.REPLACED if after else "",
    )  # fmt: skip


def _sign_of(kind: Regulation, one: Version) -> str:
    """Its own number and sign, or the number of the version."""
    heading = (read_usage(one.text) if kind == Regulation.USAGE else read_coordination(one.text)).heading
    return heading.sign or f"v{one.number}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to; what is empty narrows nothing. `force`: of `Force`."""

    words: str = ""
    kind: str = ""
    force: str = ""
    first: date | None = None
    last: date | None = None

    def takes(self, row: Row) -> bool:
        said = fold(f"{row.sign} {row.issuer} {row.subject}")
        return (
            all(word in said for word in fold(self.words).split())
            and (not self.kind or row.kind == self.kind)
            and (row.force == self.force if self.force else row.force != Force.STRUCK)
            and (self.first is None or row.issued >= self.first)
            and (self.last is None or row.issued <= self.last)
        )


def establishing(day: date) -> Document | None:
    """The decision of establishment that is in force."""
    found = Document.objects.filter(establishes=True, struck=None)
    return next((one for one in found if _row(one, day).force is Force.IN_FORCE), None)


# --- entering ---------------------------------------------------------------------------------------------------------
def enter(by: User, draft: DocumentDraft, at: datetime) -> Document:
    """Pressed twice, it is one. Errors: ValidationError by field."""
    may_write(by, at)
    _check(draft, localdate(at))
    try:
        with transaction.atomic():
            return _entered(by, draft, at)
    except IntegrityError:
        if before := Document.objects.filter(once=draft.once).first():
            return before
        raise _there_is(draft.sign, one_line(draft.issuer)) from None


def _check(draft: DocumentDraft, today: date) -> None:
    faults = Refusals()
    steps.check_once(faults, draft.once)
    steps.check_line(faults, "sign", draft.sign, 60, N_("Write its number and sign, like 05/QĐ-UBND."))
    steps.check_line(faults, "issuer", draft.issuer, MOST_NAME, N_("Write who issued it."))
    steps.check_line(faults, "subject", draft.subject, MOST_LINE, N_("Write what it is about."))
    if draft.kind not in DocumentKind.values:
        faults.tell("kind", N_("Choose what kind of document it is."))
    if not EARLIEST <= draft.issued <= today:
        faults.tell("issued", N_("A day from 1990 to today."))
    begins = draft.force_from or draft.issued
    if not draft.issued <= begins <= draft.issued + LATEST_FORCE:
        faults.tell("force_from", N_("Not before the day it was issued, and within ten years."))
    if draft.force_until is not None and draft.force_until < begins:
        faults.tell("force_until", N_("Not before the day from which it is in force."))
    if draft.establishes and draft.kind != DocumentKind.DECISION:
        faults.tell("establishes", N_("Only a decision establishes the committee: choose that kind."))
    faults.raise_any()


def _entered(by: User, draft: DocumentDraft, at: datetime) -> Document:
    steps.one_after_the_other()
    if before := Document.objects.filter(once=draft.once).first():
        return before
    sign, issuer = one_line(draft.sign), one_line(draft.issuer)
    same_day = Document.objects.filter(issued=draft.issued, struck=None)
    if any(fold(one.sign) == fold(sign) and fold(one.issuer) == fold(issuer) for one in same_day):
        raise _there_is(sign, issuer)
    made = Document.objects.create(
        once=draft.once, sign=sign, kind=draft.kind, issued=draft.issued, issuer=issuer, subject=one_line(draft.subject),
        establishes=draft.establishes, file=draft.file.name if draft.file else "", force_from=draft.force_from,
        force_until=draft.force_until, by=by, entered=at,
    )  # fmt: skip
    steps.write(by, StepCode.ENTERED, made.key, at, day=draft.issued, note=sign)
    return made


def _there_is(sign: str, issuer: str) -> ValidationError:
    words = N_("%(sign)s of %(issuer)s of this day is in the register already.")
    return ValidationError({"sign": [ValidationError(words, params={"sign": sign, "issuer": issuer})]})


@transaction.atomic
def end(by: User, document: Document, other: Document | None, how: str, last_day: date, at: datetime) -> None:
    """Replaced or abolished by another; `last_day`: the last on which it was in force. Errors: ValidationError by field."""
    may_write(by, at)
    steps.one_after_the_other()
    there = Document.objects.select_for_update().get(pk=document.pk)
    other = Document.objects.filter(pk=other.pk).first() if other else None  # as it is by now
    faults = Refusals()
    if there.struck or there.ended_by_id:
        faults.tell("__all__", N_("Somebody was faster: this document was ended or struck out. Look at it anew."))
    if other is None or other.struck or other.pk == there.pk:
        faults.tell("other", N_("Choose the document that replaced or abolished it; enter that one first."))
    elif _leads_to(other, there):
        faults.tell("other", N_("This one was itself ended by the document that you are looking at."))
    if how not in EndedHow.values:
        faults.tell("how", N_("Choose replaced or abolished."))
    if last_day < (there.force_from or there.issued):
        faults.tell("last_day", N_("Not before the day from which it is in force."))
    faults.raise_any()
    there.ended_by, there.ended_how, there.force_until = other, how, last_day
    there.save(update_fields=["ended_by", "ended_how", "force_until"])
    steps.write(by, StepCode.ENDED, there.key, at, day=last_day, note=f"{how} {other.sign if other else ''}")


def _leads_to(one: Document, wanted: Document) -> bool:
    met = set()
    following: Document | None = one
    while following is not None and following.pk not in met:
        if following.pk == wanted.pk:
            return True
        met.add(following.pk)
        following = following.ended_by
    return False


@transaction.atomic
def strike(by: User, document: Document, why: str, at: datetime) -> None:
    """What was entered wrongly stays readable and counts no more. Errors: ValidationError by field (why)."""
    may_write(by, at)
    faults = Refusals()
    steps.check_line(faults, "why", why, MOST_NOTE, N_("Say why it is struck out."))
    faults.raise_any()
    steps.one_after_the_other()
    there = Document.objects.select_for_update().get(pk=document.pk)
    if there.struck:
        return
    if Document.objects.filter(ended_by=there, struck=None).exists():
        raise ValidationError({"why": N_("Another document was ended by this one: strike that line out first.")})
    there.struck = at
    there.save(update_fields=["struck"])
    steps.write(by, StepCode.STRUCK, there.key, at, note=why)
