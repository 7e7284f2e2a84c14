"""How people call the logs of this room. No Django: the command line proves an export without a database."""

from luytre.base.i18n import N_

LOG_WORDS = {
    "evidence_cliprequest": N_("log of requests for clips"),
    "evidence_clipdecision": N_("log of decisions on clips"),
    "evidence_packagestep": N_("custody log of evidence packages"),
    "evidence_keystep": N_("log of the key that signs evidence"),
}
"""By the table's name."""
