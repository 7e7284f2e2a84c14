"""How people call the log of this room. No Django: the command line proves an export without a database."""

from luytre.base.i18n import N_

LOG_WORDS = {"workdays_daystep": N_("log of working days and holidays")}
"""By the table's name."""
