"""sections: what a report counts, one module a section; each gives the rows of a window, and nothing is added up here.

Owns: which rows stand behind which figure. Never: a name of a person, an owner or a camera in a row. Runs in: web, jobs.
Invariant: a row lies in one window of its kind alone, so periods that touch count nothing twice.
"""

from luytre.civic.reports.figures import Section
from luytre.civic.reports.sections import answers, cameras, footage, incidents, money, pacts, requests, rights

SECTIONS: tuple[Section, ...] = (
    cameras.SECTION, incidents.SECTION, answers.SECTION, requests.SECTION, rights.SECTION, footage.SECTION,
    money.SECTION, pacts.SECTION,
)  # fmt: skip
"""In the order of the paper."""


def section_of(key: str) -> Section | None:
    return next((one for one in SECTIONS if one.key == key), None)
