"""Plans in words: levels, shares, how good a plan is, and why each eye stands where it stands. For pages and papers alike."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luytre.base.i18n import N_
from luytre.civic.geometry.optics import Level
from luytre.civic.ground.models import PastKind, PlaceKind
from luytre.civic.planning.ask import Conflicting, NewEye, Result, Seen
from luytre.civic.planning.wishes import WISH_WORDS, Wish
from luytre.civic.registry.number_words import figure_words

LEVEL_WORDS = {
    Level.DETECT.value: N_("detect: somebody is there"),
    Level.OBSERVE.value: N_("observe: what is done"),
    Level.RECOGNISE.value: N_("recognise: somebody one knows"),
    Level.IDENTIFY.value: N_("identify: beyond doubt"),
}
_COMPASS = (
    N_("north"),
    N_("north-east"),
    N_("east"),
    N_("south-east"),
    N_("south"),
    N_("south-west"),
    N_("west"),
    N_("north-west"),
)
MOST_NAMED = 4


def compass(bearing_deg: float) -> str:
    """`hướng đông bắc (45°)`."""
    point = _(_COMPASS[round(bearing_deg / 45) % 8])
    return _("%(point)s (%(degrees)s°)") % {"point": point, "degrees": figure_words(round(bearing_deg))}


def kind_words(kind: str) -> str:
    if kind == "need":
        return _("need")
    if kind.startswith("past_"):
        return _(str(PastKind(kind.removeprefix("past_")).label))
    return _(str(PlaceKind(kind).label))


def share(part: float, whole: float) -> str:
    """`12,5 %`; of nothing: a dash."""
    return f"{figure_words(round(100 * part / whole, 1))}\u00a0%" if whole > 0 else "—"


def seen_words(seen: Seen) -> str:
    if seen.kind.startswith("past_"):
        return kind_words(seen.kind)
    if seen.metres:
        return _("%(metres)s m of %(name)s") % {"metres": round(seen.metres), "name": seen.name}
    return f"{seen.name} ({kind_words(seen.kind)})"


def seen_list(eye: NewEye) -> list[str]:
    """What it sees, the heaviest first, in words; many things are summed up."""
    named = [seen for seen in eye.sees if not seen.kind.startswith("past_")]
    past = len(eye.sees) - len(named)
    parts = [seen_words(seen) for seen in named[:MOST_NAMED]]
    if len(named) > MOST_NAMED:
        parts.append(_("%(count)s more") % {"count": len(named) - MOST_NAMED})
    if past:
        parts.append(
            ngettext("the spot of %(count)s past incident", "the spots of %(count)s past incidents", past) % {"count": past}
        )
    return parts


def reasons(eye: NewEye, result: Result) -> list[str]:
    """Why an eye stands where it stands, in sentences."""
    parts = seen_list(eye)
    found = [_("It sees %(things)s.") % {"things": ", ".join(parts)} if parts else _("It adds nothing to what others see.")]
    only = [seen.name for seen in eye.sees if seen.only and not seen.metres and not seen.kind.startswith("past_")]
    if only:
        found.append(_("No other eye sees %(things)s.") % {"things": ", ".join(only[:MOST_NAMED])})
    if result.total > 0:
        adds, alone = share(eye.adds, result.total), share(eye.alone, result.total)
        found.append(
            _("When it is put up it adds %(adds)s; without it the plan would lose %(alone)s.") % {"adds": adds, "alone": alone}
        )
    return found


def proof_words(result: Result) -> list[str]:
    """How good the plan is, and how one knows."""
    found = []
    if result.gap <= 0:
        found.append(_("Proven: no choice of these places within the same limits covers more."))
    else:
        found.append(
            _("The time ran out before the proof: at most %(gap)s more could be covered.")
            % {"gap": f"{figure_words(round(100 * result.gap, 2))} %"}
        )
    if result.greedy is None:
        found.append(_("Always taking the next best eye by hand leads to no plan that keeps all wishes."))
    elif result.covered > 0 and result.greedy < result.covered:
        less = share(result.covered - result.greedy, result.covered)
        found.append(_("Always taking the next best eye by hand would cover %(less)s less.") % {"less": less})
    else:
        found.append(_("Always taking the next best eye by hand would cover as much."))
    return found


def conflict_words(conflicts: Sequence[Conflicting]) -> list[str]:
    return [
        _(WISH_WORDS[Wish(one.wish)]).format(name=one.name or one.key, wanted=one.wanted, possible=one.possible)
        for one in conflicts
    ]
