"""How people call the logs of this room. No Django: the command line proves an export without a database."""

from luytre.base.i18n import N_

LOG_WORDS = {"movement_movementstep": N_("log of agreements with owners of cameras")}
"""By the table's name."""
