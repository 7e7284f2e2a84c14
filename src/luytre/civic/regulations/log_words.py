"""How people call the logs of this room. No Django: the command line proves an export without a database."""

from luytre.base.i18n import N_

LOG_WORDS = {"regulations_version": N_("register of regulations approved")}
"""By the table's name."""
