"""The breach file: opened at the first suspicion, with 72 hours for the notice; closed with a verdict and lessons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from luytre.base.i18n import N_
from luytre.civic.access.models import User
from luytre.civic.registry.models import Hamlet
from luytre.civic.rights.clocks import NOTICE
from luytre.civic.rights.kinds import Told, Verdict
from luytre.civic.rights.models import MOST_WORDS, Breach, BreachCode, BreachStep
from luytre.civic.tips.taking import AHEAD, plain

OLDEST = timedelta(days=3660)
MOST_PEOPLE = 10_000_000


@dataclass(frozen=True, slots=True)
class Account:
    """What is known of it, without names. `people` None: not known yet."""

    noticed: datetime | None
    what: str
    data: str
    people: int | None
    measures: str
    hamlet: Hamlet | None = None


def open_file(by: User, account: Account, once: str, now: datetime) -> Breach:
    """Sent again (`once`, of the form), it is the same one. Errors: ValidationError by field."""
    if (before := Breach.objects.filter(once=once).first()) is not None:
        return before
    noticed = _checked(account, now)
    row = Breach(once=once, at=now, by=by)
    _fill(row, account, noticed)
    try:
        with transaction.atomic():
            row.save_with_next_number(now, lambda: Breach.objects.filter(once=once).exists())
            _step(row, by, BreachCode.OPENED, now, note=_told_whole(row), moment=noticed)
    except IntegrityError:  # sent twice at once: the other was faster
        return Breach.objects.get(once=once)
    return row


def change(by: User, breach: Breach, account: Account, now: datetime) -> None:
    """The account as it is known now; that of before stays in its step. Errors: ValidationError by field."""
    noticed = _checked(account, now)
    with transaction.atomic():
        found = _open(breach)
        if found.notified is not None and found.notified < noticed:
            raise ValidationError({"noticed": N_("The authority had its notice before that.")})
        _fill(found, account, noticed)
        found.save()
        _step(found, by, BreachCode.CHANGED, now, note=_told_whole(found), moment=noticed)


def notify(by: User, breach: Breach, moment: datetime | None, how: str, now: datetime) -> None:
    """The authority had its notice. Errors: ValidationError by field."""
    words = _words(how, "how", N_("Write to whom it was given and under which number."))
    with transaction.atomic():
        found = _open(breach)
        if found.notified is not None:
            raise ValidationError(N_("That the notice was given is written down already."))
        if moment is None or not found.noticed <= moment <= now + AHEAD:
            raise ValidationError({"notified": N_("When was it given? After it was noticed, and not to come.")})
        found.notified = moment
        found.save()
        _step(found, by, BreachCode.NOTIFIED, now, note=words, moment=moment)


def decide_telling(by: User, breach: Breach, told: str, why: str, now: datetime) -> None:
    """Whether people concerned are told; may be decided anew. Errors: ValidationError by field."""
    if told not in Told.values:
        raise ValidationError({"told": N_("Choose whether they are told.")})
    words = _words(why, "why", N_("Write why, and how they are told."))
    with transaction.atomic():
        found = _open(breach)
        found.told, found.told_why = told, words
        found.save()
        _step(found, by, BreachCode.TOLD, now, thing=told, note=words)


def close(by: User, breach: Breach, verdict: str, lessons: str, now: datetime) -> None:
    """Errors: ValidationError by field; a confirmed one needs its notice and the decision about telling first."""
    if verdict not in Verdict.values:
        raise ValidationError({"verdict": N_("Choose what it turned out to be.")})
    words = _words(lessons, "lessons", N_("Write what is done so that it does not happen again."))
    with transaction.atomic():
        found = _open(breach)
        if verdict == Verdict.CONFIRMED and found.notified is None:
            raise ValidationError(N_("Write down first that the authority had its notice."))
        if verdict == Verdict.CONFIRMED and not found.told:
            raise ValidationError(N_("Decide first whether people concerned are told."))
        found.verdict, found.lessons, found.closed = verdict, words, now
        found.save()
        _step(found, by, BreachCode.CLOSED, now, thing=verdict, note=words)


def printed(by: User, breach: Breach, now: datetime) -> None:
    _step(breach, by, BreachCode.PRINTED, now)


def steps_of(breach: Breach) -> list[BreachStep]:
    return list(BreachStep.objects.filter(breach=breach.key).select_related("by"))


def _checked(account: Account, now: datetime) -> datetime:
    faults: dict[str, str] = {}
    for name, words in (("what", account.what), ("data", account.data), ("measures", account.measures)):
        if not plain(words) and name != "measures":
            faults[name] = N_("Write what is known so far, without names.")
        elif len(plain(words)) > MOST_WORDS:
            faults[name] = N_("That is too long: 2,000 letters at most.")
    if account.noticed is None or not now - OLDEST <= account.noticed <= now + AHEAD:
        faults["noticed"] = N_("When was it noticed? Like 24/11/2026 14:05, and not to come.")
    if account.people is not None and not 0 <= account.people <= MOST_PEOPLE:
        faults["people"] = N_("A number of people, or empty where it is not known yet.")
    if faults:
        raise ValidationError(faults)
    assert account.noticed is not None
    return account.noticed


def _fill(row: Breach, account: Account, noticed: datetime) -> None:
    row.noticed, row.notice_due, row.hamlet = noticed, noticed + NOTICE, account.hamlet
    row.what, row.data, row.measures = plain(account.what), plain(account.data), plain(account.measures)
    row.people = account.people


def _told_whole(row: Breach) -> str:
    """All words of the account, for its step."""
    return "\n\n".join((row.what, row.data, row.measures or "-"))


def _open(breach: Breach) -> Breach:
    found = Breach.objects.select_for_update().get(pk=breach.pk)
    if found.closed is not None:
        raise ValidationError(N_("This file is closed."))
    return found


def _words(words: str, name: str, missing: str) -> str:
    words = plain(words)
    if not words:
        raise ValidationError({name: missing})
    if len(words) > MOST_WORDS:
        raise ValidationError({name: N_("That is too long: 2,000 letters at most.")})
    return words


def _step(
    breach: Breach, by: User, code: str, at: datetime, thing: str = "", note: str = "", moment: datetime | None = None
) -> None:  # fmt: skip
    """Written last in a transaction."""
    BreachStep.objects.create(
        at=at, by=by, breach=breach.key, code=code, thing=thing, note=note, moment=moment, people=breach.people
    )
