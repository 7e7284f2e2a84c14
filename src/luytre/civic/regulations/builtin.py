"""The rules that hold until the first version is approved: what the program did before there was a regulation.

They are no regulation, and every page that shows them says so.
"""

from __future__ import annotations

from luytre.civic.regulations.rules import Actor, Approvals, Group, Kept, Purpose, Right, Rules, Way

DEFAULT_DAYS = 30
"""The registry puts the commune's own number in its place while no version is in force."""

_ALL = (Way.LIVE, Way.HISTORY, Way.EXPORT, Way.PTZ, Way.UNMASKED)
_WITH_PURPOSE = (Way.HISTORY, Way.EXPORT, Way.UNMASKED)
_LOOKING = (Way.LIVE, Way.HISTORY)

BUILT_IN = Rules(
    purposes=(Purpose("order", "Bảo đảm an ninh, trật tự", "Public order and safety", _WITH_PURPOSE, False),),
    rights=(
        *(Right(role, way) for role in (Actor.HEAD, Actor.DUTY) for way in _ALL),
        *(Right(role, way) for role in (Actor.HAMLET_HEAD, Actor.SECURITY_TEAM) for way in _LOOKING),
    ),
    kept=tuple(Kept(group, DEFAULT_DAYS) for group in Group),
    export=Approvals(0, ()),
    sound=True,  # a camera's own setting decides, and that is off unless somebody switched it on
    masked_for=(Actor.HAMLET_HEAD, Actor.SECURITY_TEAM, Actor.OWNER),
    watermark=False,
    prohibited=(),
    notice="",
    contact="",
    review=None,
)  # fmt: skip
