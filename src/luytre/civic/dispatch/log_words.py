"""How people call the log of this room. No Django: the command line proves an export without a database."""

from luytre.base.i18n import N_

LOG_WORDS = {"dispatch_dispatchstep": N_("log of messages to residents")}
"""By the table's name."""
