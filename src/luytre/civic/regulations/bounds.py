"""What no regulation may give, by law and by this product (design/rules.md). Asked at approval, and shown while drafting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from luytre.base.i18n import N_
from luytre.civic.access import ways
from luytre.civic.regulations.rules import Actor, Rules, Way

LONGEST_DAYS = 3650
LONGEST_HOLD_DAYS = 90
"""So long a hold lasts at most until somebody renews it: `articles` prints it, `registry.holds` demands it."""
MOST_PERSONS = 2

_POLICE = frozenset(map(Actor, ways.POLICE))
_PICTURE = frozenset(map(Actor, ways.PICTURE_ROLES))
MAY_BE_GIVEN: dict[Way, frozenset[Actor]] = {Way(way): frozenset(map(Actor, roles)) for way, roles in ways.BOUNDS.items()}
"""The bounds of `access.ways`. `owner` means the own camera alone: which one that is, the registry knows."""
MAY_APPROVE_EXPORTS = _POLICE
PICTURE_ROLES = tuple(role for role in Actor if role in _PICTURE)
ALWAYS_MASKED = tuple(role for role in PICTURE_ROLES if role not in _POLICE)


@dataclass(frozen=True, slots=True)
class Beyond:
    """One thing that cannot be approved. `section` and `field` are those of the draft's form; `words` a message id."""

    section: str
    field: str
    words: str


def beyond(rules: Rules) -> tuple[Beyond, ...]:
    """Everything that keeps these rules from being approved, in the order of the form's sections; empty: nothing."""
    found = (*_purposes(rules), *_rights(rules), *_kept(rules), *_export(rules), *_privacy(rules), *_texts(rules))
    return tuple(found)


def _purposes(rules: Rules) -> Iterator[Beyond]:
    if len({purpose.key for purpose in rules.purposes}) < len(rules.purposes):
        yield Beyond("purposes", "purposes", N_("Two purposes are the same."))
    given = {right.way for right in rules.rights}
    named = {way for purpose in rules.purposes for way in purpose.ways}
    for way in (Way.HISTORY, Way.EXPORT):
        if way in given and way not in named:
            words = {
                Way.HISTORY: N_("Somebody may look back, but no purpose is good for it."),
                Way.EXPORT: N_("Somebody may take clips out, but no purpose is good for it."),
            }[way]
            yield Beyond("purposes", "purposes", words)


def _rights(rules: Rules) -> Iterator[Beyond]:
    for right in rules.rights:
        if right.role not in MAY_BE_GIVEN[right.way]:
            yield Beyond("rights", f"{right.role}-{right.way}", N_("No regulation may give this role this way of looking."))


def _kept(rules: Rules) -> Iterator[Beyond]:
    for kept in rules.kept:
        if not 1 <= kept.days <= LONGEST_DAYS:
            yield Beyond("kept", kept.group, N_("the days must be a number from 1 to 3650"))


def _export(rules: Rules) -> Iterator[Beyond]:
    if not 0 <= rules.export.persons <= MOST_PERSONS:
        yield Beyond("export", "persons", N_("None, one or two persons approve."))
    if rules.export.persons and not rules.export.roles:
        yield Beyond("export", "roles", N_("Say who may approve."))
    if set(rules.export.roles) - MAY_APPROVE_EXPORTS:
        yield Beyond("export", "roles", N_("Only commune police may approve that a clip leaves."))


def _privacy(rules: Rules) -> Iterator[Beyond]:
    if set(ALWAYS_MASKED) - set(rules.masked_for):
        yield Beyond("privacy", "masked_for", N_("Whoever is not commune police always sees the picture with its masks."))
    free = {right.role for right in rules.rights if right.way is Way.UNMASKED}
    if _POLICE - set(rules.masked_for) - free:
        yield Beyond("privacy", "masked_for", N_("A role without the right to see without masks must have them burned in."))


def _texts(rules: Rules) -> Iterator[Beyond]:
    if not rules.prohibited:
        yield Beyond("conduct", "prohibited", N_("Name at least one prohibited act."))
    if not rules.notice:
        yield Beyond("notice", "notice", N_("People must be told that a camera films here: write the notice."))
    if not rules.contact:
        yield Beyond("notice", "contact", N_("People must know where to complain: write whom to ask."))
    if rules.review is None:
        yield Beyond("paper", "review", N_("Say by which day the regulation is to be looked at again."))
    if not rules.heading.issuer:
        yield Beyond("paper", "issuer", N_("Name the body that issues the regulation."))
