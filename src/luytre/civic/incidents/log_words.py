"""How people call the log of this room. No Django: the command line proves an export without a database."""

from luytre.base.i18n import N_

LOG_WORDS = {
    "incidents_incidentstep": N_("log of what was done about incidents"),
    "incidents_shiftstep": N_("book of shifts"),
}
"""By the table's name."""
