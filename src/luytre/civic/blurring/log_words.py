"""How people call the logs of this room. No Django: the command line proves an export without a database."""

from luytre.base.i18n import N_

LOG_WORDS = {
    "blurring_blur": N_("log of spans in which regions are hidden"),
    "blurring_blurrevision": N_("log of regions drawn to be hidden"),
}
"""By the table's name."""
