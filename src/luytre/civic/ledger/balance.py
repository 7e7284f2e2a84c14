"""The trial balance of a span of days: each account's opening, what came on and off it, and its closing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, Sum

from luytre.civic.ledger.accounts import Account
from luytre.civic.ledger.models import Line


@dataclass(frozen=True, slots=True)
class Row:
    """One account; whole dong. Opening, closing: debit above zero; `debit_vnd` and `credit_vnd` of the span, not below."""

    account: Account
    opening_vnd: int
    debit_vnd: int
    credit_vnd: int

    @property
    def closing_vnd(self) -> int:
        return self.opening_vnd + self.debit_vnd - self.credit_vnd


@dataclass(frozen=True, slots=True)
class Trial:
    """Accounts that anything ever stood on, in the order of the chart, and the sums, which are zero or alike."""

    rows: tuple[Row, ...]

    @property
    def debit_vnd(self) -> int:
        return sum(row.debit_vnd for row in self.rows)

    @property
    def credit_vnd(self) -> int:
        return sum(row.credit_vnd for row in self.rows)

    @property
    def whole(self) -> bool:
        """That the book balances: before, within and after."""
        return not sum(row.opening_vnd for row in self.rows) and self.debit_vnd == self.credit_vnd


def trial(first: date, last: date) -> Trial:
    """`first` and `last` both among the days. One query."""
    before, within = Q(posting__iso__lt=first.isoformat()), Q(posting__iso__gte=first.isoformat())
    found = Line.objects.filter(posting__iso__lte=last.isoformat()).values("account").annotate(
        opening=Sum("amount_vnd", filter=before, default=0),
        debit=Sum("amount_vnd", filter=within & Q(amount_vnd__gt=0), default=0),
        credit=Sum("amount_vnd", filter=within & Q(amount_vnd__lt=0), default=0),
    )  # fmt: skip
    by_account = {Account(one["account"]): one for one in found.order_by("account")}
    rows = (
        Row(account, int(one["opening"]), int(one["debit"]), -int(one["credit"]))
        for account in Account
        if (one := by_account.get(account)) is not None
    )
    return Trial(tuple(rows))
