"""The cameras that could have seen a place, as tips and incidents list them: each leads to its picture of that minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from luytre.civic.access.models import LookKind, User
from luytre.civic.incidents.seeing import seers
from luytre.civic.planning.words import LEVEL_WORDS
from luytre.civic.registry.models import Camera
from luytre.civic.registry.scope import cameras_of


@dataclass(frozen=True, slots=True)
class Watcher:
    """`level` in words: how well it has the place in view; empty: it only hangs near."""

    camera: Camera
    level: str
    metres: int
    url: str
    back: bool
    """Whether the person may look back at its footage."""


def watchers(user: User, latitude: Decimal | None, longitude: Decimal | None, at_s: int, now: datetime) -> list[Watcher]:
    """Of the person's cameras: back to `at_s` (seconds since the epoch) for whoever may look back, else to the live page."""
    if latitude is None or longitude is None:
        return []
    back = set(cameras_of(user, LookKind.HISTORY, now).values_list("key", flat=True))
    found = seers((latitude, longitude), cameras_of(user, at=now).select_related("site"))
    return [
        Watcher(
            one.camera, _(LEVEL_WORDS[one.level]).partition(":")[0] if one.level else "", round(one.metres),
            _footage(one.camera.key, at_s) if one.camera.key in back else reverse("camera", args=[one.camera.key]),
            one.camera.key in back,
        )
        for one in found
    ]  # fmt: skip


def all_at_once(found: list[Watcher], at_s: int) -> tuple[str, int]:
    """One address that plays them on one clock from that moment, and how many; empty where nothing may be looked back at."""
    keys = [one.camera.key for one in found if one.back]
    return (_footage(",".join(keys), at_s), len(keys)) if keys else ("", 0)


def _footage(camera: str, at_s: int) -> str:
    return f"{reverse('playback')}?{urlencode({'cameras': camera, 'at': at_s})}"
