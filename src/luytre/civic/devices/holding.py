"""Who turns a camera: one person at a time, for a minute since the last turn. Whoever may turn it may take it over, by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from luytre.base.i18n import N_
from luytre.base.polygons import PolygonError
from luytre.civic.access.models import User
from luytre.civic.devices.models import PtzHold, StepCode
from luytre.civic.devices.steps import done
from luytre.civic.registry.masks import drawn_of, masks_of
from luytre.civic.registry.models import Camera

HELD_FOR = timedelta(seconds=60)


MASKED = N_(
    "Areas are hidden in this camera's picture. They are drawn for where it looks now: turned, it would show homes. Leave it"
    " where it is; or draw them in the camera's own settings (privacy mask), where they move along with it, and only then take"
    " them away here."
)


def why_not(camera: Camera) -> str:
    """Why a camera is not turned, as a message id; empty where it may be. Masks are of one view; what is not understood hides."""
    try:
        return MASKED if drawn_of(masks_of(camera)) else ""
    except PolygonError:
        return MASKED


@dataclass(frozen=True, slots=True)
class Held:
    """`by` None: nobody turns it."""

    by: User | None
    until: datetime | None = None

    def is_of(self, user: User) -> bool:
        return self.by is not None and self.by.pk == user.pk


def holder(camera: Camera, now: datetime) -> Held:
    found = PtzHold.objects.filter(camera=camera, until__gt=now).select_related("user").first()
    return Held(found.user, found.until) if found is not None else Held(None)


@transaction.atomic
def hold(user: User, camera: Camera, now: datetime, *, take_over: bool = False) -> Held:
    """The hold as it is then: of the user, unless somebody else has it and it was not to be taken over."""
    Camera.objects.select_for_update().get(pk=camera.pk)
    present = holder(camera, now)
    if present.by is not None and not present.is_of(user) and not take_over:
        return present
    if not present.is_of(user):
        done(user, camera, StepCode.PTZ_TAKEN, now, before=str(present.by or ""), after=str(user))
    since = {} if present.is_of(user) else {"since": now}
    PtzHold.objects.update_or_create(
        camera=camera,
        defaults={"user": user, "until": now + HELD_FOR, **since},
        create_defaults={"user": user, "since": now, "until": now + HELD_FOR},
    )
    return Held(user, now + HELD_FOR)


def let_go(user: User, camera: Camera) -> None:
    """Nothing for a hold that is somebody else's by now."""
    PtzHold.objects.filter(camera=camera, user=user).delete()
