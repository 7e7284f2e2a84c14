"""Places of assignments, as the registry knows them: hamlets by their key, and cameras named one by one."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import datetime

from django.db import transaction

from luytre.civic.access.assignments import NAMED_CAMERAS, Wanted, assign, is_over
from luytre.civic.access.endings import cut_rights
from luytre.civic.access.models import Assignment, User
from luytre.civic.registry.models import Camera, CameraGrant, Hamlet

_HAMLET = "hamlet:"


def place_key(hamlet: Hamlet) -> str:
    """What an assignment's `place` holds for a hamlet: its number, so that it goes on when the hamlet is renamed."""
    return f"{_HAMLET}{hamlet.pk}"


def hamlet_of(place: str) -> int | None:
    """The hamlet's number; None for what is no hamlet's key."""
    number = place.removeprefix(_HAMLET)
    return int(number) if place.startswith(_HAMLET) and number.isascii() and number.isdecimal() and len(number) < 19 else None


def named_cameras(one: Assignment) -> list[Camera]:
    """Those in use of an assignment with named cameras."""
    found = CameraGrant.objects.filter(assignment=one, camera__archived=False).select_related("camera")
    return [grant.camera for grant in found]


def hamlet_at(place: str) -> Hamlet | None:
    number = hamlet_of(place)
    return Hamlet.objects.filter(pk=number).first() if number is not None else None


def given_at(place: str, at: datetime) -> list[Assignment]:
    """The assignments, not over, whose place it is."""
    found = Assignment.objects.filter(place=place).select_related("user")
    return [one for one in found if not is_over(one, at)]


def cut_at(place: str, at: datetime) -> None:
    """A place has lost a camera: what was given there before is worth nothing; who still has something asks again."""
    for user in {one.user for one in given_at(place, at)}:
        cut_rights(user, at)


@transaction.atomic
def assign_place(by: User | None, user: User, wanted: Wanted, cameras: AbstractSet[str], at: datetime) -> Assignment:
    """As `access.assignments.assign`, with the cameras where they are named; keys that are no camera in use are left out."""
    made = assign(by, user, wanted, at)
    if made.place == NAMED_CAMERAS:
        found = Camera.objects.filter(archived=False, key__in=cameras)
        CameraGrant.objects.bulk_create([CameraGrant(assignment=made, camera=camera) for camera in found])
    return made
