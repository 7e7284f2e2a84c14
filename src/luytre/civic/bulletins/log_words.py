"""How people call the log of this room. No Django: the command line proves an export without a database."""

from luytre.base.i18n import N_

LOG_WORDS = {"bulletins_bulletinstep": N_("log of bulletins")}
"""By the table's name."""
