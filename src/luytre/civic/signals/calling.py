"""Who is called by an alarm, written down at its first moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.utils.timezone import localdate

from luytre.civic.coordination.rules import LOCAL
from luytre.civic.incidents.steps import somebody
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.order import hamlets_in_order
from luytre.civic.regulations.rules import Actor
from luytre.civic.signals.models import Called, Sounding
from luytre.civic.signals.tree import tree_of, units_below

_ROLES = [actor for actor in (Actor.SECURITY_TEAM, Actor.HAMLET_HEAD) if actor in LOCAL]


def call_all(sounding: Sounding, at: datetime) -> None:
    """Within the transaction of the sounding: the police, then each hamlet's roles, units and telephone tree."""
    hamlets = hamlets_in_order(Hamlet.objects.all()) if sounding.everywhere else [sounding.hamlet]
    found = [Called(actor=Actor.DUTY)]
    for hamlet in hamlets:
        if hamlet is not None:
            found += [Called(actor=role, hamlet=hamlet, name=hamlet.name) for role in _roles(hamlet, at)]
            found += _others(hamlet, localdate(at))
    for rank, one in enumerate(found):
        one.sounding, one.rank = sounding, rank
    Called.objects.bulk_create(found)


def _roles(hamlet: Hamlet, at: datetime) -> list[Actor]:
    return [role for role in _ROLES if somebody(role, place_key(hamlet), at)]


def _others(hamlet: Hamlet, today: date) -> Iterator[Called]:
    """Units that no line of the tree stands for, then the tree."""
    tree = tree_of(hamlet)
    in_tree = {one.line.unit_id for one in tree}
    for unit in units_below(hamlet, today):
        if unit.unit not in in_tree:
            yield Called(hamlet=hamlet, unit_id=unit.unit, name=unit.name)
    for one in tree:
        above = one.line.caller.name if one.line.caller else ""
        yield Called(hamlet=hamlet, unit=one.line.unit, line=one.line, name=one.line.name, caller=above)
