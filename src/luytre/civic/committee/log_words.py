"""How people call the log of this room. No Django: the command line proves an export without a database."""

from luytre.base.i18n import N_

LOG_WORDS = {"committee_committeestep": N_("log of the committee: members, documents, tasks, minutes")}
"""By the table's name."""
