"""How people call the logs of this room. No Django: the command line proves an export without a database."""

from luytre.base.i18n import N_

LOG_WORDS = {"upkeep_ticketstep": N_("log of what was done about faults"), "upkeep_repair": N_("log of repairs")}
"""By the table's name."""
