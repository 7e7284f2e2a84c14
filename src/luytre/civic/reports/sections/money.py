"""Money and gifts of the movement, from the book of contributions: what was taken back, whenever, is not there."""

from __future__ import annotations

from collections.abc import Iterable

from luytre.base.i18n import N_
from luytre.civic.ledger.accounts import COSTS, INCOME, MONEY, Account
from luytre.civic.ledger.models import Kind, Posting
from luytre.civic.reports.figures import Row, Rows, Section, Spec, Unit, Window


def rows(window: Window) -> Rows:
    last = window.last.isoformat()
    until = list(Posting.objects.filter(iso__lte=last).prefetch_related("lines").order_by("seq"))
    gone = set(Posting.objects.filter(reverses__isnull=False).values_list("reverses", flat=True))
    stand = [
        one for one in until
        if one.iso >= window.first.isoformat() and one.seq not in gone and one.kind != Kind.REVERSAL
    ]  # fmt: skip
    income = {account: _on(stand, (account,), -1) for account in INCOME}
    return {
        "came": _on(stand, INCOME, -1),
        **{str(account): found for account, found in income.items()},
        "kind": _on(stand, (Account.GIVEN_KIND,), -1),
        "spent": _on(stand, COSTS, 1),
        "left": _on(until, MONEY, 1),
    }


def _on(postings: Iterable[Posting], accounts: Iterable[Account], sign: int) -> list[Row]:
    """What of each posting lies on these accounts, without those that move nothing there."""
    wanted = frozenset(map(str, accounts))
    found = [(one, sum(line.amount_vnd for line in one.lines.all() if line.account in wanted)) for one in postings]
    return [
        Row("posting", one.key, sign * amount, one.sign, one.iso, one.place, str(Kind(one.kind).label))
        for one, amount in found if amount
    ]  # fmt: skip


SECTION = Section(
    "money", N_("Money and gifts"),
    (
        Spec("came", N_("Money received"), Unit.VND, chart=True),
        Spec(str(Account.GIVEN_PEOPLE), N_("contributions of residents"), Unit.VND, of="came"),
        Spec(str(Account.GIVEN_FIRMS), N_("contributions of firms and groups"), Unit.VND, of="came"),
        Spec(str(Account.GIVEN_BUDGET), N_("support from the budget"), Unit.VND, of="came"),
        Spec(str(Account.GIVEN_OTHER), N_("other income"), Unit.VND, of="came"),
        Spec("kind", N_("Gifts in kind, as they were estimated"), Unit.VND, chart=True),
        Spec("spent", N_("Money spent"), Unit.VND, chart=True),
        Spec("left", N_("In the cash box and the bank at the end"), Unit.VND),
    ),
    rows, "ledger", ("came", "spent"),
)  # fmt: skip
