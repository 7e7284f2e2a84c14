"""How people call the log of this room. No Django: the command line proves an export without a database."""

from luytre.base.i18n import N_

LOG_WORDS = {"appeals_appealstep": N_("log of requests to owners and of their files")}
"""By the table's name."""
