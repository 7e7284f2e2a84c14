"""How people call the log of this room. No Django: the command line proves an export without a database."""

from luytre.base.i18n import N_

LOG_WORDS = {"petitions_petitionstep": N_("log of what was done about requests for footage")}
"""By the table's name."""
