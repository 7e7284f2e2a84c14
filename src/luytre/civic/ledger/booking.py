"""Writing a posting: its number, its row and its lines in one transaction, which all writers pass one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max, Sum
from django.utils.timezone import localdate

from luytre.base.i18n import N_
from luytre.base.ids import new_id
from luytre.base.money import dong
from luytre.civic.access.models import User
from luytre.civic.chain.models import ChainHead, append_all
from luytre.civic.ledger.accounts import MONEY, Account
from luytre.civic.ledger.models import SERIES, Kind, Line, Posting

_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be booked. `lines`: account and dong, debit above zero. `party`: made within the transaction, gives its key."""

    kind: Kind
    once: str
    day: date
    lines: Sequence[tuple[Account, int]]
    words: str = ""
    place: str = ""
    party: Callable[[], str] = field(default=str)
    pledge: str = ""
    estimate: str = ""
    repair: int | None = None
    document: str = ""
    reverses: int | None = None


def book(by: User, entry: Entry, at: datetime, check: Callable[[], None] = lambda: None) -> Posting:
    """Pressed twice, it is one posting. `check`: what must hold at the moment of writing, raises ValidationError.

    Errors: ValidationError; ValueError for lines that do not sum to zero.
    """
    if len(entry.lines) < 2 or sum(amount for _account, amount in entry.lines) != 0:
        raise ValueError("the lines of a posting sum to zero")
    for attempt in range(_ATTEMPTS):
        try:
            with transaction.atomic():
                _one_after_the_other()
                if (before := Posting.objects.filter(once=entry.once).first()) is not None:
                    return _same(before, entry)
                check()
                return _write(by, entry, at)
        except IntegrityError:  # somebody wrote the first row of all at the same moment
            if attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def _one_after_the_other() -> None:
    """Locks the chain's head until the transaction ends: who counts after this counts all that others have written."""
    ChainHead.objects.select_for_update().filter(pk=Posting._meta.db_table).first()


def _same(before: Posting, entry: Entry) -> Posting:
    """What was booked from the same form. Errors: ValidationError where something else was written in it since."""
    lines = [(Account(one.account), one.amount_vnd) for one in before.lines.all()]
    said = (before.kind, before.iso, before.words, before.place, before.reverses)
    if lines != list(entry.lines) or said != (entry.kind, entry.day.isoformat(), entry.words, entry.place, entry.reverses):
        raise ValidationError(
            N_("This form was booked already as %(sign)s: open a new form for another entry."), params={"sign": before.sign}
        )
    return before


def _write(by: User, entry: Entry, at: datetime) -> Posting:
    series, year = SERIES[entry.kind], localdate(at).year
    last = Posting.objects.filter(series=series, year=year).aggregate(last=Max("number"))["last"] or 0
    made = Posting.objects.create(
        at=at, by=by, key=new_id(), once=entry.once, kind=entry.kind, series=series, year=year, number=last + 1,
        iso=entry.day.isoformat(), place=entry.place, words=entry.words, party=entry.party(), pledge=entry.pledge,
        estimate=entry.estimate, repair=entry.repair, document=entry.document, reverses=entry.reverses,
    )  # fmt: skip
    append_all([Line(posting=made, account=account, amount_vnd=amount) for account, amount in entry.lines])
    return made


def balance_of(account: Account) -> int:
    """Dong on an account now."""
    return int(Line.objects.filter(account=account).aggregate(sum=Sum("amount_vnd"))["sum"] or 0)


def enough(account: Account, amount_vnd: int) -> None:
    """Errors: ValidationError where a cash box or a bank account has less than is taken out."""
    there = balance_of(account)
    if account in MONEY and amount_vnd > there:
        raise ValidationError({"amount": [ValidationError(
            N_("Only %(there)s dong are there: enter first what came in."), params={"there": dong(there)}
        )]})  # fmt: skip


def reversed_by(rows: Sequence[Posting]) -> dict[int, Posting]:
    """The reversal of each row that was taken back, by the row's number."""
    found = Posting.objects.filter(reverses__in=[row.seq for row in rows])
    return {row.reverses: row for row in found if row.reverses is not None}


def reverse(by: User, posting: Posting, why: str, at: datetime) -> Posting:
    """Takes a posting back by another one, today; pressed twice, it is one. `why`: one line. Errors: ValidationError (`why`)."""
    if posting.kind == Kind.REVERSAL:
        raise ValidationError({"why": N_("A reversal is not reversed: enter anew what was right.")})
    if not why:
        raise ValidationError({"why": N_("Say why it is taken back.")})

    def only_once() -> None:
        other = Posting.objects.filter(reverses=posting.seq).first()
        if other is not None and (other.by, other.words) != (by, why):
            raise ValidationError(
                {"why": [ValidationError(N_("It was reversed already, as %(sign)s."), params={"sign": other.sign})]}
            )

    only_once()
    lines = [(Account(one.account), -one.amount_vnd) for one in posting.lines.all()]
    entry = Entry(
        Kind.REVERSAL, f"reversal-{posting.key}", localdate(at), lines, why, posting.place, reverses=posting.seq,
        pledge=posting.pledge, estimate=posting.estimate, repair=posting.repair,
    )  # fmt: skip
    return book(by, entry, at, only_once)
