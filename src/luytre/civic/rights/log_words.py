"""How people call the logs of this room. No Django: the command line proves an export without a database."""

from luytre.base.i18n import N_

LOG_WORDS = {
    "rights_claimstep": N_("log of what was done about claims to data"),
    "rights_breachstep": N_("log of the breach file"),
}
"""By the table's name."""
