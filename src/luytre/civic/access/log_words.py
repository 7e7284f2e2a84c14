"""How people call the logs of this room. No Django: the command line proves an export without a database."""

from luytre.base.i18n import N_

LOG_WORDS = {
    "access_look": N_("access log"),
    "access_change": N_("log of changes to accounts"),
    "access_unitstep": N_("history of the organisation"),
}
"""By the table's name."""
