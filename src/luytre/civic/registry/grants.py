"""Which cameras a viewer was given, and whether with their footage."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from django.db import transaction

from luytre.civic.access.models import ChangeCode, User
from luytre.civic.access.people import record_change
from luytre.civic.registry.models import Camera, CameraGrant


@dataclass(frozen=True, slots=True)
class Grants:
    """Keys of cameras. `history` is a part of `live`: who may see footage may see the live picture."""

    live: frozenset[str]
    history: frozenset[str]


def grants_of(user: User) -> Grants:
    rows = CameraGrant.objects.filter(user=user, camera__archived=False).values_list("camera__key", "history")
    found = list(rows)
    return Grants(frozenset(key for key, _ in found), frozenset(key for key, history in found if history))


@transaction.atomic
def give_cameras(by: User, user: User, live: AbstractSet[str], history: AbstractSet[str]) -> None:
    """Exactly these from now on; keys that are no camera in use are left out. A row in the changes if anything changed."""
    before = grants_of(user)
    wanted = {camera.key: camera for camera in Camera.objects.filter(archived=False, key__in=set(live) | set(history))}
    after = Grants(frozenset(wanted), frozenset(key for key in wanted if key in history))
    if after == before:
        return
    CameraGrant.objects.filter(user=user, camera__archived=False).delete()
    CameraGrant.objects.bulk_create(
        [CameraGrant(user=user, camera=camera, history=key in after.history) for key, camera in wanted.items()]
    )
    told = [f"{len(each.live)}/{len(each.history)}" for each in (before, after)]
    record_change(by, ChangeCode.CAMERAS, user, *told)
