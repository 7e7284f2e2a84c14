"""What the public may read: money and gifts in, money out, by hamlet; names of who agreed. A pure function of its rows.

Hamlets with fewer than `LEAST_GIVERS` givers stand together, so that nobody is found out by a sum. What nobody gave is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from luytre.base.letters import fold, one_line
from luytre.civic.ledger.accounts import COSTS, INCOME, Account
from luytre.civic.ledger.desk import name_of
from luytre.civic.ledger.models import Kind, Party, Posting
from luytre.civic.registry.order import name_key
from luytre.civic.registry.places import place_name

LEAST_GIVERS = 5


@dataclass(frozen=True, slots=True)
class Given:
    """One posting as it counts here. `hamlet`: empty for the whole commune. `name`: of who gave; empty: not written down."""

    hamlet: str
    money_vnd: int
    kind_vnd: int
    out_vnd: int
    is_gift: bool
    name: str = ""
    public: bool = False


@dataclass(frozen=True, slots=True)
class PublicLine:
    """`hamlets`: one, or several that stand together; empty: the whole commune, or hamlets too small to be named."""

    hamlets: tuple[str, ...]
    money_vnd: int
    kind_vnd: int
    out_vnd: int
    names: tuple[str, ...]


def public_list(rows: Iterable[Given]) -> tuple[PublicLine, ...]:
    """By hamlet, in the order of names; what stands together comes last."""
    by_hamlet: dict[str, list[Given]] = {}
    for row in rows:
        by_hamlet.setdefault(row.hamlet, []).append(row)
    big = {hamlet: found for hamlet, found in by_hamlet.items() if _givers(found) >= LEAST_GIVERS}
    small = {hamlet: found for hamlet, found in by_hamlet.items() if hamlet not in big}
    while small and big and _givers(_all(small)) < LEAST_GIVERS:
        least = min(big, key=lambda hamlet: (_givers(big[hamlet]), name_key(hamlet)))
        small[least] = big.pop(least)
    lines = [_line((hamlet,), big[hamlet]) for hamlet in sorted(big, key=name_key)]
    if not small:
        return tuple(lines)
    few = _givers(_all(small)) < LEAST_GIVERS  # then not even which hamlets they are of
    return (*lines, _line(() if few else sorted(small, key=name_key), _all(small)))


def _all(found: dict[str, list[Given]]) -> list[Given]:
    return [row for rows in found.values() for row in rows]


def _givers(rows: Sequence[Given]) -> int:
    """At least so many people: names that are written alike are one, and all without a name are one."""
    return len({fold(one_line(row.name)) for row in rows if row.is_gift})


def _line(hamlets: Sequence[str], rows: Sequence[Given]) -> PublicLine:
    names = {fold(one_line(row.name)): one_line(row.name) for row in rows if row.is_gift and row.public and row.name}
    return PublicLine(
        tuple(hamlet for hamlet in hamlets if hamlet), sum(row.money_vnd for row in rows), sum(row.kind_vnd for row in rows),
        sum(row.out_vnd for row in rows), tuple(sorted(names.values(), key=name_key)),
    )  # fmt: skip


def between(first: date, last: date) -> tuple[PublicLine, ...]:
    """Of these days, both among them. What was taken back, whenever, is not there."""
    found = Posting.objects.filter(iso__gte=first.isoformat(), iso__lte=last.isoformat())
    gone = set(Posting.objects.filter(reverses__isnull=False).values_list("reverses", flat=True))
    wanted = found.filter(kind__in=[Kind.MONEY, Kind.GIFT, Kind.SPENT]).prefetch_related("lines")
    rows = [one for one in wanted if one.seq not in gone]
    parties = {one.key: one for one in Party.objects.filter(key__in={row.party for row in rows if row.party})}
    hamlets = {place: place_name(place) or "" if place else "" for place in {row.place for row in rows}}
    return public_list(_given(row, hamlets[row.place], parties.get(row.party)) for row in rows)


def _given(row: Posting, hamlet: str, party: Party | None) -> Given:
    lines = [(Account(one.account), one.amount_vnd) for one in row.lines.all()]

    def on(accounts: Iterable[Account]) -> int:
        return sum(amount for account, amount in lines if account in accounts)

    is_gift = row.kind != Kind.SPENT
    name = name_of(party) if is_gift else ""
    return Given(hamlet, -on(INCOME), -on([Account.GIVEN_KIND]), on(COSTS), is_gift, name, bool(party and party.public))
