"""How people call every chained log, by the table's name. No Django: the command line proves an export without a database."""

from luytre.civic.acceptance import log_words as acceptance
from luytre.civic.access import log_words as access
from luytre.civic.appeals import log_words as appeals
from luytre.civic.blurring import log_words as blurring
from luytre.civic.bulletins import log_words as bulletins
from luytre.civic.committee import log_words as committee
from luytre.civic.devices import log_words as devices
from luytre.civic.dispatch import log_words as dispatch
from luytre.civic.evidence import log_words as evidence
from luytre.civic.incidents import log_words as incidents
from luytre.civic.ledger import log_words as ledger
from luytre.civic.mobilisation import log_words as mobilisation
from luytre.civic.movement import log_words as movement
from luytre.civic.pacts import log_words as pacts
from luytre.civic.petitions import log_words as petitions
from luytre.civic.registry import log_words as registry
from luytre.civic.regulations import log_words as regulations
from luytre.civic.reports import log_words as reports
from luytre.civic.rights import log_words as rights
from luytre.civic.signals import log_words as signals
from luytre.civic.tips import log_words as tips
from luytre.civic.upkeep import log_words as upkeep
from luytre.civic.workdays import log_words as workdays

LOG_WORDS = (
    access.LOG_WORDS
    | regulations.LOG_WORDS
    | registry.LOG_WORDS
    | devices.LOG_WORDS
    | blurring.LOG_WORDS
    | evidence.LOG_WORDS
    | upkeep.LOG_WORDS
    | acceptance.LOG_WORDS
    | tips.LOG_WORDS
    | incidents.LOG_WORDS
    | appeals.LOG_WORDS
    | petitions.LOG_WORDS
    | rights.LOG_WORDS
    | signals.LOG_WORDS
    | dispatch.LOG_WORDS
    | bulletins.LOG_WORDS
    | workdays.LOG_WORDS
    | ledger.LOG_WORDS
    | committee.LOG_WORDS
    | reports.LOG_WORDS
    | movement.LOG_WORDS
    | mobilisation.LOG_WORDS
    | pacts.LOG_WORDS
)
