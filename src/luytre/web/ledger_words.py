"""The book in words: a posting as lists and sheets have it, by filters; names of those alone who agreed to be named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest
from django.utils.translation import gettext as _

from luytre.base.i18n import N_
from luytre.base.letters import fold
from luytre.civic.ledger.accounts import ACCOUNT_WORDS, MONEY, Account
from luytre.civic.ledger.booking import reversed_by
from luytre.civic.ledger.desk import name_of
from luytre.civic.ledger.models import Kind, Line, Party, Posting
from luytre.civic.registry.places import place_name
from luytre.web.days import read_day

TABS = (
    ("ledger", N_("Book")), ("ledger_pledges", N_("Pledges")), ("ledger_estimates", N_("Estimates")),
    ("ledger_repairs", N_("Repairs to be booked")), ("ledger_balance", N_("Trial balance")),
)  # fmt: skip
"""Pages of the book, by their routes."""


@dataclass(frozen=True, slots=True)
class LineWords:
    """A line of a posting; whole dong, one of the two is 0."""

    account: str
    debit_vnd: int
    credit_vnd: int


@dataclass(frozen=True, slots=True)
class Row:
    """A posting. `in_vnd` and `out_vnd`: money that came into or left the cash box and the bank; `worth_vnd`: all that it moves.
    `name`: of who agreed to be named; else empty."""

    posting: Posting
    kind: str
    place: str
    name: str
    lines: tuple[LineWords, ...]
    in_vnd: int
    out_vnd: int
    worth_vnd: int
    taken_back: Posting | None
    takes_back: Posting | None


def account_words(account: str) -> str:
    return capital(_(ACCOUNT_WORDS[Account(account)]))


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def rows_of(postings: Sequence[Posting]) -> list[Row]:
    """`postings` with their lines fetched. Four queries, and one for each hamlet among them."""
    taken_back = reversed_by(postings)
    takes = {one.seq: one for one in Posting.objects.filter(seq__in={one.reverses for one in postings if one.reverses})}
    parties = {one.key: one for one in Party.objects.filter(key__in={one.party for one in postings if one.party}, public=True)}
    places = {place: place_words(place) for place in {one.place for one in postings}}
    return [
        _row(one, places[one.place], parties.get(one.party), taken_back.get(one.seq), takes.get(one.reverses or 0))
        for one in postings
    ]


def place_words(place: str) -> str:
    """A hamlet's name, also of one that is no more; empty for the whole commune."""
    return (place_name(place) or _("a hamlet that is no more")) if place else ""


def _row(one: Posting, place: str, party: Party | None, taken_back: Posting | None, takes_back: Posting | None) -> Row:
    lines = [(line.account, line.amount_vnd) for line in one.lines.all()]
    money = sum(amount for account, amount in lines if account in MONEY)
    words = tuple(LineWords(account_words(account), max(amount, 0), max(-amount, 0)) for account, amount in lines)
    name = name_of(party) if party and one.kind != Kind.SPENT else ""
    worth = sum(amount for _account, amount in lines if amount > 0)
    kind = _(str(Kind(one.kind).label))
    return Row(one, kind, place, name, words, max(money, 0), max(-money, 0), worth, taken_back, takes_back)


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to. What is no day, hamlet or account narrows nothing."""

    words: str
    place: str
    account: str
    first: date | None
    last: date | None

    @classmethod
    def of(cls, request: HttpRequest) -> Filter:
        get = request.GET
        account = get.get("account", "")
        return cls(
            get.get("q", "").strip()[:120], get.get("hamlet", "")[:40], account if account in list(Account) else "",
            read_day(get.get("from", "")), read_day(get.get("to", "")),
        )  # fmt: skip

    def postings(self) -> QuerySet[Posting]:
        """The newest first."""
        found = Posting.objects.prefetch_related("lines").select_related("by").order_by("-seq")
        if self.place:
            found = found.filter(place=self.place)
        if self.account:
            found = found.filter(lines__account=self.account)
        if self.first:
            found = found.filter(iso__gte=self.first.isoformat())
        if self.last:
            found = found.filter(iso__lte=self.last.isoformat())
        if sought := fold(self.words).split():
            found = found.filter(pk__in=[key for key, said in _said(found).items() if all(word in said for word in sought)])
        return found

    def rows(self) -> list[Row]:
        return rows_of(list(self.postings()))


def _said(found: QuerySet[Posting]) -> dict[int, str]:
    """What words are looked for in, without accents, by the posting's number. Its lines are not fetched for it."""
    rows = list(
        found.prefetch_related(None)
        .select_related(None)
        .only("seq", "series", "number", "year", "words", "kind", "place", "party")
    )
    public = {one.key: name_of(one) for one in Party.objects.filter(public=True)}
    places = {place: place_words(place) for place in {row.place for row in rows}}
    kinds = {str(kind): _(str(kind.label)) for kind in Kind}
    found_by = {}
    for row in rows:
        name = public.get(row.party, "") if row.kind != Kind.SPENT else ""
        found_by[row.seq] = fold(f"{row.sign} {row.words} {kinds[row.kind]} {places[row.place]} {name}")
    return found_by


@dataclass(frozen=True, slots=True)
class Sums:
    """Dong that came into and left the cash box and the bank, without what was taken back."""

    came_vnd: int
    went_vnd: int


def sums_of(found: QuerySet[Posting]) -> Sums:
    """One query."""
    gone = Posting.objects.filter(reverses__isnull=False).values("reverses")
    rows = found.order_by().prefetch_related(None).exclude(seq__in=gone)
    lines = Line.objects.filter(posting__in=rows.values("pk"), account__in=MONEY)
    both = lines.aggregate(
        came=Sum("amount_vnd", filter=Q(posting__kind=Kind.MONEY), default=0),
        went=Sum("amount_vnd", filter=Q(posting__kind=Kind.SPENT), default=0),
    )
    return Sums(int(both["came"]), -int(both["went"]))
