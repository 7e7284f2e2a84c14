"""What the footage of a petition still loses, and when: by the days in force for each camera, less what is on hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from luytre.civic.petitions.cases import Position, places_of
from luytre.civic.petitions.kinds import State
from luytre.civic.petitions.models import Petition
from luytre.civic.registry.holds import spans_held
from luytre.civic.registry.keeping import Keeping, keeping_now
from luytre.civic.registry.models import Camera, HeldSpan
from luytre.civic.tips.near import metres

SOON = timedelta(days=3)
NEAR_M = 300.0
MOST_OFFERED = 12


@dataclass(frozen=True, slots=True)
class Footage:
    """Of one camera. `goes`: when its first minute is erased; `gone`: the moment up to which it is erased already, or None."""

    camera: Camera
    days: int
    goes: datetime
    gone: datetime | None
    held: bool
    all_gone: bool
    soon: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """What many petitions are held against, asked for once. `cameras`: with their sites, by their names;
    those out of use too, since their footage outlives them. `places`: where the incidents of open petitions were."""

    keeping: Keeping
    held: tuple[HeldSpan, ...]
    cameras: tuple[Camera, ...]
    places: Mapping[str, Position] = field(default_factory=dict)


def outlook(now: datetime) -> Outlook:
    """A handful of queries, however many petitions there are."""
    cameras = Camera.objects.select_related("site").order_by("name")
    cases = Petition.objects.exclude(state=State.CLOSED).exclude(case="").values_list("case", flat=True)
    return Outlook(keeping_now(now), tuple(span for span, _why in spans_held(now)), tuple(cameras), places_of(cases))


def longest_days(now: datetime) -> int:
    """The most days that footage of any camera is kept now."""
    keeping = keeping_now(now)
    cameras = Camera.objects.filter(archived=False).select_related("site")
    return max([keeping.default_days(), *(keeping.days(one) for one in cameras)])


def is_held(start: datetime, end: datetime, now: datetime) -> bool:
    """Whether any footage between is on hold."""
    return any(span.start < end and start < span.end for span, _why in spans_held(now))


def place_of(petition: Petition, look: Outlook) -> Position | None:
    """Where it was, as far as a point is known: of the incident that it names, else of the camera whose code was scanned."""
    if (known := look.places.get(petition.case)) is not None:
        return known
    site = next((one.site for one in look.cameras if one.key == petition.camera), None)
    if site is None or site.latitude is None or site.longitude is None:
        return None
    return site.latitude, site.longitude


def offered(petition: Petition, look: Outlook) -> list[Camera]:
    """Those in use that may be concerned: the scanned one and those near the place, else those of the hamlet."""
    cameras = [one for one in look.cameras if not one.archived]
    scanned = [one for one in cameras if one.key == petition.camera]
    place = place_of(petition, look)
    if place is not None:
        away = {one.key: metres(*place, one.site.latitude, one.site.longitude) for one in cameras}
        near = [one for one in cameras if one not in scanned and (found := away[one.key]) is not None and found <= NEAR_M]
        return [*scanned, *sorted(near, key=lambda one: away[one.key] or 0.0)][:MOST_OFFERED]
    if scanned or petition.hamlet_id is None:
        return scanned
    return [one for one in cameras if one.site.hamlet_id == petition.hamlet_id][:MOST_OFFERED]


def concerned(petition: Petition, look: Outlook) -> list[Camera]:
    """Those that officers named; before that those that are offered."""
    if petition.cameras:
        named = set(petition.camera_keys)
        return [one for one in look.cameras if one.key in named]
    return offered(petition, look)


def footage_of(petition: Petition, cameras: Iterable[Camera], look: Outlook, now: datetime) -> list[Footage]:
    """Nothing for a petition whose span was erased."""
    return [found for one in cameras if (found := _one(petition, one, look.keeping, look.held, now)) is not None]


def _one(petition: Petition, camera: Camera, keeping: Keeping, held: Sequence[HeldSpan], now: datetime) -> Footage | None:
    start, end = petition.start, petition.end
    if start is None or end is None:
        return None
    days = keeping.days(camera)
    kept_from, goes = now - timedelta(days=days), start + timedelta(days=days)
    is_kept = any(span.camera == camera.key and span.start <= start and end <= span.end for span in held)
    all_gone = end <= kept_from and not is_kept
    gone = min(kept_from, end) if kept_from > start and not is_kept else None
    return Footage(camera, days, goes, gone, is_kept, all_gone, not is_kept and not all_gone and goes - now <= SOON)


def is_urgent(petition: Petition, look: Outlook, now: datetime) -> bool:
    """Whether footage of an open petition goes within `SOON`, and nobody holds it."""
    if petition.state == State.CLOSED:
        return False
    return any(one.soon for one in footage_of(petition, concerned(petition, look), look, now))
