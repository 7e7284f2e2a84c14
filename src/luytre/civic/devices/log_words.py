"""How people call the logs of this room. No Django: the command line proves an export without a database."""

from luytre.base.i18n import N_

LOG_WORDS = {"devices_devicestep": N_("log of changes to cameras' own settings")}
"""By the table's name."""
