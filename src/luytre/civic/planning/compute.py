"""A plan computed: its problem, the proven answer, and what that means; or why there is none."""

from __future__ import annotations

from luytre.civic.planning.ask import Ask, Conflicting, Impossible, Result
from luytre.civic.planning.infeasible import why_not
from luytre.civic.planning.material import Material, prepare
from luytre.civic.planning.meaning import meaning_of
from luytre.civic.planning.optimum import optimum
from luytre.civic.planning.wishes import Conflict, Wish
from luytre.civic.registry.models import Hamlet


def compute(ask: Ask, found: Material) -> Result | Impossible:
    """Takes as long as `ask.seconds`, and a little more. Errors: SolverFailed."""
    prepared = prepare(ask, found)
    answer = optimum(prepared.problem, ask.seconds)
    if answer is None:
        return Impossible(tuple(map(_conflicting, why_not(prepared.problem))))
    return meaning_of(ask, found, prepared, answer)


def _conflicting(one: Conflict) -> Conflicting:
    """A problem knows a hamlet by its number alone; a person by its name."""
    hamlet = Hamlet.objects.filter(pk=one.key).first() if one.wish == Wish.HAMLET else None
    return Conflicting(one.wish, one.key, hamlet.name if hamlet else one.name, one.wanted, one.possible)
