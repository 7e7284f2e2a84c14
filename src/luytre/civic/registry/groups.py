"""Groups of cameras, as the place of an assignment: `group:<key>`. Whoever has the group has its cameras of the moment.

A group that changes takes and gives rights, so each change is a row for every person it concerns, and what it takes ends at once.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from luytre.base.i18n import N_
from luytre.civic.access.models import Assignment, Change, ChangeCode, User
from luytre.civic.registry.grants import cut_at, given_at
from luytre.civic.registry.models import Camera, CameraGroup
from luytre.civic.registry.order import name_key
from luytre.civic.registry.sites import same_name

_GROUP = "group:"
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class GroupDraft:
    """What a group is to be: its name, and the keys of its cameras (those that are no camera in use are left out)."""

    name: str
    cameras: AbstractSet[str]


def group_place(group: CameraGroup) -> str:
    """What an assignment's `place` holds: the key, so that it goes on when the group is renamed."""
    return f"{_GROUP}{group.key}"


def group_key(place: str) -> str | None:
    """The group's key; None for what is no group's place."""
    return place.removeprefix(_GROUP) if place.startswith(_GROUP) else None


def group_at(place: str) -> CameraGroup | None:
    """Also one that was removed: for its name."""
    key = group_key(place)
    return CameraGroup.objects.filter(key=key).first() if key is not None else None


def groups_in_order() -> list[CameraGroup]:
    """Those in use, by the Vietnamese alphabet."""
    return sorted(CameraGroup.objects.filter(ended=None), key=lambda group: (name_key(group.name), group.key))


def given_with(group: CameraGroup, at: datetime) -> list[Assignment]:
    """The assignments, not over, whose place it is."""
    return given_at(group_place(group), at)


@transaction.atomic
def save_group(by: User, draft: GroupDraft, at: datetime, group: CameraGroup | None = None) -> CameraGroup:
    """A new group, or a changed one; then the recorder must pull its list. Errors: ValidationError by field (name, cameras)."""
    name, cameras = " ".join(draft.name.split()), set(Camera.objects.filter(archived=False, key__in=draft.cameras))
    _check(name, cameras, group)
    before = set(group.cameras.filter(archived=False)) if group is not None else set()
    group = group or CameraGroup()
    said_before, group.name = _in_short(group, len(before)), name
    group.save()
    group.cameras.set([*cameras, *group.cameras.filter(archived=True)])
    if cameras != before:
        _tell(by, group, said_before, _in_short(group, len(cameras)), at, takes=bool(before - cameras))
    return group


def _check(name: str, cameras: set[Camera], group: CameraGroup | None) -> None:
    wrong: dict[str, str] = {}
    others = [other for other in CameraGroup.objects.filter(ended=None) if other != group]
    if not name or len(name) > LONGEST_NAME:
        wrong["name"] = N_("A group needs a name of at most 80 letters.")
    elif any(same_name(name, other.name) for other in others):
        wrong["name"] = N_("There is another group of this name.")
    if not cameras:
        wrong["cameras"] = N_("Tick at least one camera.")
    if wrong:
        raise ValidationError({field: [words] for field, words in wrong.items()})


def _tell(by: User, group: CameraGroup, before: str, after: str, at: datetime, *, takes: bool) -> None:
    if takes:
        cut_at(group_place(group), at)
    for user in {one.user for one in given_with(group, at)}:
        Change.objects.create(by=by, code=ChangeCode.CAMERAS, subject=user, before=before, after=after)


def _in_short(group: CameraGroup, cameras: int) -> str:
    """For the changes' row: `group:k3… 5`."""
    return f"{group_place(group)} {cameras}"


@transaction.atomic
def remove_group(group: CameraGroup, at: datetime) -> list[Assignment]:
    """Removes it, unless somebody still has it: then nothing is done, and these assignments are returned."""
    present = given_with(group, at)
    if not present:
        group.ended = at
        group.save(update_fields=["ended"])
    return present
