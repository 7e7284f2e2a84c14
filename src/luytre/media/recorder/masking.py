"""Which masks stand between a token and a camera's picture. Every route that gives pictures asks here, and nowhere else.

Fail closed: a camera that is not in the list in force, or whose masks are not understood, is shown to nobody who must see
it masked.
"""

from __future__ import annotations

from luytre.base.errors import LuytreError, NotAllowed
from luytre.base.i18n import N_
from luytre.base.polygons import Polygon
from luytre.media.recorder.fleet import Fleet
from luytre.media.recorder.tokens import Grant
from luytre.media.unit.masks import Masks


class MasksUnknown(LuytreError):
    """It is not known what must be hidden, so nothing is shown (503)."""

    def __init__(self) -> None:
        super().__init__(
            N_("it is not known what must be hidden in this picture, so it is not shown"),
            hint=N_("Wait a minute. If it stays so, tell the administrator to look at this camera's masks."),
        )


def masks_for(fleet: Fleet, grant: Grant, camera: str) -> Masks | None:
    """What is burned in before this is shown; None: nothing need be. Raises MasksUnknown."""
    if grant.sees_unmasked(camera):
        return None
    masks, is_known = fleet.masks.get(camera, (None, False))
    if not is_known:
        raise MasksUnknown()
    return masks


def hidden_for(fleet: Fleet, grant: Grant, camera: str) -> tuple[Polygon, ...]:
    """The polygons of `masks_for`. Raises MasksUnknown."""
    masks = masks_for(fleet, grant, camera)
    return masks.polygons if masks is not None else ()


def require_as_recorded(fleet: Fleet, grant: Grant, camera: str) -> None:
    """For bytes that are given as they lie in the archive. Raises NotAllowed where masks stand before them, MasksUnknown."""
    if masks_for(fleet, grant, camera) is not None:
        raise NotAllowed(
            N_("this camera's picture is shown to you with masks alone"),
            hint=N_("Open it on the playback page, which shows it so."),
        )
