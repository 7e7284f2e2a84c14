"""Entering: money and gifts that came, money that went, what moved between cash box and bank, repairs of `upkeep`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.base.money import MOST_VND
from luytre.civic.access.models import User
from luytre.civic.filed import Filed, Taken
from luytre.civic.ledger import booking
from luytre.civic.ledger.accounts import INCOME, KIND_SORTS, MONEY, SORT_WORDS, Account, cost, held
from luytre.civic.ledger.booking import Entry, book
from luytre.civic.ledger.models import (
    MOST_NAME,
    MOST_PHONE,
    MOST_WORDS,
    Estimate,
    Kind,
    LedgerStep,
    Party,
    Pledge,
    Posting,
    Standing,
)
from luytre.civic.ledger.scope import enters
from luytre.civic.registry.eye_checks import PHONE
from luytre.civic.registry.refusals import Refusals
from luytre.civic.registry.seal import seal, unseal

DOCUMENTS = Taken("document", most_mb=8)
"""Invoices and minutes."""


@dataclass(frozen=True, slots=True)
class PartyDraft:
    """Who gave or was paid; all empty: wished not to be written down. `public`: agreed to be named publicly."""

    name: str = ""
    phone: str = ""
    public: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """What all entries have. `once`: of the form. `place`: of `registry.grants.place_key`, or empty."""

    once: str
    day: date
    amount_vnd: int
    words: str = ""
    place: str = ""
    party: PartyDraft = PartyDraft()
    pledge: Pledge | None = None


def may_enter(by: User, at: datetime) -> None:
    """Errors: ValidationError."""
    if not enters(by, at):
        raise ValidationError(N_("Only the treasurer and the head enter in this book."))


def receive_money(by: User, draft: Draft, source: str, account: str, at: datetime) -> Posting:
    """Errors: ValidationError by field."""
    may_enter(by, at)
    faults = _faults(draft, at, needs_money=True)
    _known(faults, "source", source, INCOME, N_("Choose where it comes from."))
    _known(faults, "account", account, MONEY, N_("Choose the cash box or the bank account."))
    if draft.pledge is not None and draft.pledge.sort != "money":
        faults.tell("amount", N_("This pledge is one in kind: enter it as a gift in kind."))
    faults.raise_any()
    lines = ((Account(account), draft.amount_vnd), (Account(source), -draft.amount_vnd))
    return book(by, _entry(Kind.MONEY, draft, lines), at)


def receive_gift(by: User, draft: Draft, sort: str, at: datetime) -> Posting:
    """`amount_vnd`: the estimated worth, 0 where nobody estimated it. Errors: ValidationError by field."""
    may_enter(by, at)
    faults = _faults(draft, at, needs_money=False)
    _known(faults, "sort", sort, KIND_SORTS, N_("Choose what was given."))
    if not one_line(draft.words):
        faults.tell("words", N_("Say what was given, and how much of it."))
    if draft.pledge is not None and draft.pledge.sort == "money":
        faults.tell("sort", N_("This pledge is one of money: enter it as money."))
    faults.raise_any()
    lines = ((held(sort), draft.amount_vnd), (Account.GIVEN_KIND, -draft.amount_vnd))
    return book(by, _entry(Kind.GIFT, draft, lines), at)


@dataclass(frozen=True, slots=True)
class Spending:
    """`sort`: of `SORT_WORDS`; `account`: from where it is paid. `repair`: the number of a row of `upkeep`."""

    sort: str
    account: str
    estimate: Estimate | None = None
    document: Filed | None = None
    repair: int | None = None


def spend(by: User, draft: Draft, on: Spending, at: datetime) -> Posting:
    """Errors: ValidationError by field."""
    may_enter(by, at)
    faults = _faults(draft, at, needs_money=True)
    _known(faults, "sort", on.sort, tuple(SORT_WORDS), N_("Choose what it was spent on."))
    _known(faults, "account", on.account, MONEY, N_("Choose the cash box or the bank account."))
    if not one_line(draft.words):
        faults.tell("words", N_("Say what was paid for."))
    if on.estimate is not None and on.estimate.state != Standing.AGREED:
        faults.tell("estimate", N_("This estimate was not agreed to."))
    faults.raise_any()
    lines = ((cost(on.sort), draft.amount_vnd), (Account(on.account), -draft.amount_vnd))
    entry = _entry(Kind.SPENT, draft, lines, on)

    def check() -> None:
        if on.repair is not None and booked(on.repair) is not None:
            raise repair_is_booked()
        booking.enough(Account(on.account), draft.amount_vnd)

    return book(by, entry, at, check)


def repair_is_booked() -> ValidationError:
    return ValidationError(N_("This repair is in the book already."))


def booked(repair: int) -> Posting | None:
    """The posting of a repair that was not taken back."""
    found = list(Posting.objects.filter(repair=repair, kind=Kind.SPENT))
    taken_back = booking.reversed_by(found)
    return next((one for one in found if one.seq not in taken_back), None)


def move(by: User, draft: Draft, source: str, at: datetime) -> Posting:
    """From the cash box to the bank or back; `source`: from where. Errors: ValidationError by field."""
    may_enter(by, at)
    faults = _faults(draft, at, needs_money=True)
    _known(faults, "source", source, MONEY, N_("Choose from where it was moved."))
    faults.raise_any()
    other = Account.BANK if source == Account.CASH else Account.CASH
    entry = _entry(Kind.MOVED, draft, ((other, draft.amount_vnd), (Account(source), -draft.amount_vnd)))
    return book(by, entry, at, lambda: booking.enough(Account(source), draft.amount_vnd))


def reverse(by: User, posting: Posting, why: str, at: datetime) -> Posting:
    """Errors: ValidationError by field (`why`)."""
    may_enter(by, at)
    if len(why.strip()) > MOST_WORDS:
        raise ValidationError({"why": [ValidationError(N_("%(most)s letters at most."), params={"most": MOST_WORDS})]})
    return booking.reverse(by, posting, one_line(why), at)


def _entry(kind: Kind, draft: Draft, lines: tuple[tuple[Account, int], ...], on: Spending | None = None) -> Entry:
    pledge = draft.pledge
    return Entry(
        kind,
        draft.once,
        draft.day,
        lines,
        one_line(draft.words),
        pledge.place if pledge else draft.place,
        party_of(draft),
        pledge.key if pledge else "",
        on.estimate.key if on and on.estimate else "",
        on.repair if on else None,
        on.document.name if on and on.document else "",
    )


def party_of(draft: Draft) -> Callable[[], str]:
    """Makes the party when it is called and gives its key; of a pledge it is who promised."""
    if draft.pledge is not None:
        known = draft.pledge.party.key
        return lambda: known
    if not one_line(draft.party.name):
        return str
    return lambda: make_party(draft.party).key


def make_party(draft: PartyDraft) -> Party:
    return Party.objects.create(
        sealed_name=seal(one_line(draft.name)), sealed_phone=seal(one_line(draft.phone)), public=draft.public
    )


def name_of(party: Party | None) -> str:
    """Unsealed: the caller has asked who reads it, and has written that down."""
    return unseal(party.sealed_name) if party else ""


def say_consent(by: User, party: Party, *, public: bool, at: datetime) -> None:
    """That somebody may be named publicly, or wishes it no longer; from now on, also for what was given before."""
    may_enter(by, at)
    if party.public != public:
        party.public = public
        party.save(update_fields=["public"])
        step(by, "consent" if public else "no_consent", party.key, at)


def step(by: User | None, code: str, thing: str, at: datetime, amount_vnd: int | None = None, note: str = "") -> None:
    """A row of the log beside the book."""
    LedgerStep.objects.create(at=at, by=by, code=code, thing=thing, amount_vnd=amount_vnd, note=one_line(note)[:400])


def check_day(faults: Refusals, field: str, day: date, at: datetime) -> None:
    """From the first of January of last year to today."""
    today = localdate(at)
    if not date(today.year - 1, 1, 1) <= day <= today:
        faults.tell(field, N_("A day of this year or the last, not one to come."))


def check_party(faults: Refusals, party: PartyDraft) -> None:
    for field, text, most in (("name", party.name, MOST_NAME), ("phone", party.phone, MOST_PHONE)):
        if len(one_line(text)) > most:
            faults.tell(field, N_("%(most)s letters at most."), most=most)
    if PHONE.fullmatch(one_line(party.phone)) is None:
        faults.tell("phone", N_("A telephone number has digits only, like 0912 345 678."))
    if (party.public or one_line(party.phone)) and not one_line(party.name):
        faults.tell("name", N_("Write the name, or leave the telephone and the consent empty as well."))


def _faults(draft: Draft, at: datetime, *, needs_money: bool) -> Refusals:
    faults = Refusals()
    if not 1 <= len(draft.once) <= 40:
        faults.tell("__all__", N_("This form is not whole: open it anew."))
    check_day(faults, "day", draft.day, at)
    if draft.amount_vnd > MOST_VND or draft.amount_vnd < 0:
        faults.tell("amount", N_("this is no amount of money"))
    elif needs_money and draft.amount_vnd == 0:
        faults.tell("amount", N_("More than 0 dong."))
    if len(one_line(draft.words)) > MOST_WORDS:
        faults.tell("words", N_("%(most)s letters at most."), most=MOST_WORDS)
    check_party(faults, draft.party)
    return faults


def _known(faults: Refusals, field: str, value: str, known: tuple[str, ...], words: str) -> None:
    if value not in known:
        faults.tell(field, words)
