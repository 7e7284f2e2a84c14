"""How people call the logs of this room. No Django: the command line proves an export without a database."""

from luytre.base.i18n import N_

LOG_WORDS = {"mobilisation_mobilisationstep": N_("log of campaigns and of commitments read")}
"""By the table's name."""
