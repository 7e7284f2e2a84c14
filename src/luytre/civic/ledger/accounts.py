"""The chart of accounts: small and fixed, so that two years and two communes can be compared. No Django.

Our own, for a collection of a hamlet or a commune; not the chart of any circular. Debit is above zero, credit below.
"""

from __future__ import annotations

from enum import StrEnum

from luytre.base.i18n import N_


class Account(StrEnum):
    """Where money and things are, where they come from, what they were spent on."""

    CASH = "cash"
    BANK = "bank"
    HELD_CAMERA = "held_camera"
    HELD_POLE = "held_pole"
    HELD_POWER = "held_power"
    HELD_NETWORK = "held_network"
    HELD_LABOUR = "held_labour"
    HELD_OTHER = "held_other"
    GIVEN_PEOPLE = "given_people"
    GIVEN_FIRMS = "given_firms"
    GIVEN_BUDGET = "given_budget"
    GIVEN_OTHER = "given_other"
    GIVEN_KIND = "given_kind"
    COST_CAMERA = "cost_camera"
    COST_POLE = "cost_pole"
    COST_POWER = "cost_power"
    COST_NETWORK = "cost_network"
    COST_LABOUR = "cost_labour"
    COST_REPAIR = "cost_repair"
    COST_OTHER = "cost_other"


ACCOUNT_WORDS = {
    Account.CASH: N_("cash box"),
    Account.BANK: N_("bank account"),
    Account.HELD_CAMERA: N_("received in kind: cameras"),
    Account.HELD_POLE: N_("received in kind: poles"),
    Account.HELD_POWER: N_("received in kind: power"),
    Account.HELD_NETWORK: N_("received in kind: network"),
    Account.HELD_LABOUR: N_("received in kind: labour"),
    Account.HELD_OTHER: N_("received in kind: other things"),
    Account.GIVEN_PEOPLE: N_("contributions of residents"),
    Account.GIVEN_FIRMS: N_("contributions of firms and groups"),
    Account.GIVEN_BUDGET: N_("support from the budget"),
    Account.GIVEN_OTHER: N_("other income"),
    Account.GIVEN_KIND: N_("contributions in kind"),
    Account.COST_CAMERA: N_("spent on cameras"),
    Account.COST_POLE: N_("spent on poles"),
    Account.COST_POWER: N_("spent on power"),
    Account.COST_NETWORK: N_("spent on network"),
    Account.COST_LABOUR: N_("spent on labour"),
    Account.COST_REPAIR: N_("spent on repairs"),
    Account.COST_OTHER: N_("other spending"),
}
SORT_WORDS = {
    "camera": N_("cameras"),
    "pole": N_("poles"),
    "power": N_("power"),
    "network": N_("network"),
    "labour": N_("labour"),
    "repair": N_("repairs"),
    "other": N_("something else"),
}
"""What is given in kind, estimated and spent on."""
KIND_SORTS = tuple(sort for sort in SORT_WORDS if sort != "repair")
"""What can be given in kind."""
MONEY = (Account.CASH, Account.BANK)
INCOME = (Account.GIVEN_PEOPLE, Account.GIVEN_FIRMS, Account.GIVEN_BUDGET, Account.GIVEN_OTHER)
COSTS = tuple(one for one in Account if one.startswith("cost_"))


def held(sort: str) -> Account:
    """Where what is given in kind stands. Errors: ValueError for a sort that nobody knows."""
    return Account(f"held_{sort}")


def cost(sort: str) -> Account:
    """What spending on it stands under. Errors: ValueError for a sort that nobody knows."""
    return Account(f"cost_{sort}")
