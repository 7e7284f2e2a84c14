"""How people call the log of this room. No Django: the command line proves an export without a database."""

from luytre.base.i18n import N_

LOG_WORDS = {"pacts_pactstep": N_("log of emulation pacts: criteria, signatures, quarters, breaches")}
"""By the table's name."""
