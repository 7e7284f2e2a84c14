"""How people call the logs of this room. No Django: the command line proves an export without a database."""

from luytre.base.i18n import N_

LOG_WORDS = {"registry_heldspan": N_("log of footage on hold"), "registry_holdstep": N_("log of holds set, renewed and lifted")}
"""By the table's name."""
