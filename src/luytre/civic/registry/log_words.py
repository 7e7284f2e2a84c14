"""How people call the logs of this room. No Django: the command line proves an export without a database."""

from luytre.base.i18n import N_

LOG_WORDS = {
    "registry_heldspan": N_("log of footage on hold"),
    "registry_holdstep": N_("log of holds set, renewed and lifted"),
    "registry_registerstep": N_("history of the register"),
    "registry_lendingversion": N_("log of terms agreed on with owners"),
    "registry_lendingopening": N_("log of matters that open cameras lent on alarm"),
    "registry_maskversion": N_("log of what is hidden in pictures"),
}
"""By the table's name."""
