"""How people call the log of this room. No Django: the command line proves an export without a database."""

from luytre.base.i18n import N_

LOG_WORDS = {"reports_report": N_("issued reports")}
"""By the table's name."""
