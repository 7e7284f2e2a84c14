"""How people call the logs of this room. No Django: the command line proves an export without a database."""

from luytre.base.i18n import N_

LOG_WORDS = {
    "ledger_posting": N_("ledger of contributions: receipts and vouchers"),
    "ledger_line": N_("ledger of contributions: lines by account"),
    "ledger_ledgerstep": N_("log of pledges, estimates and names read"),
}
"""By the table's name."""
