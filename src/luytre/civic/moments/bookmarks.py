"""Making, finding and removing bookmarks, within the scope of who asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from luytre.civic.access.assignments import roles_of
from luytre.civic.access.models import LookKind, User
from luytre.civic.access.ways import POLICE
from luytre.civic.moments.models import LONGEST_WORDS, Bookmark
from luytre.civic.registry.scope import cameras_of

MOST_CAMERAS = 9
MOST_SHOWN = 200
KEPT_AFTER_REMOVAL = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shown:
    """A bookmark as one person may see it: only the cameras of their scope."""

    key: str
    at: datetime
    cameras: tuple[str, ...]
    words: str
    by: str
    is_own: bool


def sees_everyones(user: User) -> bool:
    """The police work on with what the shift before has marked."""
    return bool(POLICE & roles_of(user, timezone.now()))


def add_bookmark(user: User, cameras: Sequence[str], at: datetime, words: str = "") -> Shown | None:
    """A new one, or None when one of the cameras is not in the person's scope. `at` in UTC; words are cut to what fits."""
    wanted = tuple(dict.fromkeys(cameras))[:MOST_CAMERAS]
    mine = _keys_of(user)
    if not wanted or not mine.issuperset(wanted):
        return None
    with transaction.atomic():
        Bookmark.objects.filter(removed__lt=timezone.now() - KEPT_AFTER_REMOVAL).delete()
        kept = Bookmark.objects.create(user=user, cameras=list(wanted), at=at, words=" ".join(words.split())[:LONGEST_WORDS])
    return _as_seen(kept, user, mine)


def bookmarks_of(user: User) -> list[Shown]:
    """The person's own and, for those on duty, everyone's: the latest moment first, at most `MOST_SHOWN`."""
    mine = _keys_of(user)
    shown = (_as_seen(one, user, mine) for one in _visible(user).filter(removed=None).select_related("user")[:MOST_SHOWN])
    return [one for one in shown if one is not None]


def remove_bookmark(user: User, key: str) -> bool:
    """Takes one's own bookmark away for now; false when there is none of this key."""
    return bool(_own(user, key).filter(removed=None).update(removed=timezone.now()))


def restore_bookmark(user: User, key: str) -> bool:
    """Brings one's own removed bookmark back; false when there is none, or it is gone for good."""
    return bool(_own(user, key).filter(removed__gte=timezone.now() - KEPT_AFTER_REMOVAL).update(removed=None))


def _own(user: User, key: str) -> QuerySet[Bookmark]:
    return Bookmark.objects.filter(user=user, key=key)


def _visible(user: User) -> QuerySet[Bookmark]:
    return Bookmark.objects.filter(Q() if sees_everyones(user) else Q(user=user))


def _keys_of(user: User) -> set[str]:
    return set(cameras_of(user, LookKind.HISTORY).values_list("key", flat=True))


def _as_seen(one: Bookmark, user: User, mine: set[str]) -> Shown | None:
    cameras = tuple(key for key in one.cameras if key in mine)
    return Shown(one.key, one.at, cameras, one.words, str(one.user), one.user_id == user.pk) if cameras else None
