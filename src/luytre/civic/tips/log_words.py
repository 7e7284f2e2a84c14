"""How people call the log of this room. No Django: the command line proves an export without a database."""

from luytre.base.i18n import N_

LOG_WORDS = {"tips_tipstep": N_("log of what was done about tips")}
"""By the table's name."""
