"""Mounting places: found again by name, made when new, changed by the cameras' form and by sheets alike."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from luytre.base.letters import fold, one_line
from luytre.civic.access import units
from luytre.civic.access.models import UnitKind, UnitStepCode
from luytre.civic.registry.grants import hamlet_at
from luytre.civic.registry.models import Camera, Eye, Hamlet, Site, SiteKind

Position = tuple[Decimal, Decimal]
"""Latitude and longitude in degrees, WGS 84."""


@dataclass(frozen=True, slots=True)
class SiteDraft:
    """Where a camera hangs, as typed. Empty: named as the camera, in no hamlet, on no road, of no known position."""

    name: str = ""
    hamlet: str = ""
    kind: str = ""
    road: str = ""
    position: Position | None = None


def site_for(draft: SiteDraft, camera: Camera) -> Site:
    """The site of that name in that hamlet, for the camera.

    The camera's own site takes everything that was typed, an emptied field too. A site that others made takes only what
    was typed, so that a second camera on the same pole wipes nothing out. A site with one camera is renamed with it.
    """
    name = one_line(draft.name) or camera.name
    hamlet = hamlet_named(draft.hamlet)
    present = camera.site if camera.site_id is not None else None
    if present is not None and (_is_called(present, name, hamlet) or is_alone(present, camera=camera)):
        return _changed(present, name, hamlet, draft, keep_unsaid=False)
    found = site_named(name, hamlet)
    return _changed(found or Site(), name, hamlet, draft, keep_unsaid=found is not None)


def is_alone(site: Site, camera: Camera | None = None, eye: Eye | None = None) -> bool:
    """Whether nothing else hangs there than this camera, this eye, and what they are together."""
    cameras = site.cameras.exclude(pk=camera.pk) if camera is not None else site.cameras.all()
    eyes = site.eyes.filter(archived=False)
    if eye is not None:
        eyes = eyes.exclude(pk=eye.pk)
        cameras = cameras.exclude(pk=eye.camera_id) if eye.camera_id is not None else cameras
    if camera is not None:
        eyes = eyes.exclude(camera=camera)
    return not cameras.exists() and not eyes.exists()


def site_named(name: str, hamlet: Hamlet | None) -> Site | None:
    """The site of that name in that hamlet (or in none)."""
    there = Site.objects.filter(hamlet=hamlet).order_by("pk")
    return next((site for site in there if same_name(site.name, name)), None)


def hamlet_known(name: str) -> Hamlet | None:
    """As `hamlet_named`, but nothing is made: None for a name that no hamlet has or had."""
    name = one_line(name)
    found = next((hamlet for hamlet in Hamlet.objects.all() if same_name(hamlet.name, name)), None)
    return (found or _once_called(name)) if name else None


def hamlet_named(name: str) -> Hamlet | None:
    """The hamlet of that name, or that bore it once, by itself or before it went into another: lists are older than resolutions.
    Made where the name is new; None for no name."""
    name = one_line(name)
    if not name:
        return None
    return hamlet_known(name) or Hamlet.objects.create(name=name)


def _once_called(name: str) -> Hamlet | None:
    """What a hamlet of this name is today; None where it ended, or never was."""
    known = units.histories(kind=UnitKind.HAMLET)
    for one in reversed(known.values()):  # the one that came last
        if any(same_name(step.name, name) for step in one.steps if step.code == UnitStepCode.NAMED):
            today = one
            while today.end is not None and today.end.other in known:
                today = known[today.end.other]
            if today.end is None and (there := hamlet_at(today.place or "")):
                return there
    return None


def same_name(one: str, other: str) -> bool:
    """Whatever capitals and whichever way accents are written. Not left to the database: SQLite knows no `Đ`."""
    return _as_one(one) == _as_one(other)


def _is_called(site: Site, name: str, hamlet: Hamlet | None) -> bool:
    return same_name(site.name, name) and site.hamlet == hamlet


def _changed(site: Site, name: str, hamlet: Hamlet | None, draft: SiteDraft, *, keep_unsaid: bool) -> Site:
    site.name, site.hamlet = name, hamlet
    road = one_line(draft.road)
    site.road = road or (site.road if keep_unsaid else "")
    site.kind = draft.kind or site.kind or SiteKind.RESIDENTIAL
    if draft.position is not None or not keep_unsaid:
        site.latitude, site.longitude = draft.position or (None, None)
    site.save()
    return site


class Known:
    """Hamlets and sites by their names, asked of the database once: for whoever reads or saves thousands at a time."""

    def __init__(self) -> None:
        self._hamlets: dict[str, Hamlet | None] = {_as_one(one.name): one for one in Hamlet.objects.all()}
        self._sites: dict[tuple[int | None, str], Site] = {}
        for site in Site.objects.select_related("hamlet").order_by("-pk"):
            self._sites[site.hamlet_id, _as_one(site.name)] = site

    def hamlet(self, name: str) -> Hamlet | None:
        """As `hamlet_known`; also one that was typed without its accents, where only one is called so."""
        name = one_line(name)
        if name and _as_one(name) not in self._hamlets:
            self._hamlets[_as_one(name)] = self._without_accents(name) or _once_called(name)
        return self._hamlets.get(_as_one(name)) if name else None

    def _without_accents(self, name: str) -> Hamlet | None:
        found = {one for one in self._hamlets.values() if one is not None and fold(one.name) == fold(name)}
        return found.pop() if len(found) == 1 else None

    def site(self, name: str, hamlet: Hamlet | None) -> Site | None:
        """As `site_named`."""
        return self._sites.get((hamlet.pk if hamlet else None, _as_one(name)))

    def remember(self, site: Site) -> None:
        """A site that was made or renamed since."""
        self._sites.setdefault((site.hamlet_id, _as_one(site.name)), site)


def _as_one(name: str) -> str:
    """Names that `same_name` takes for one are the same text."""
    return unicodedata.normalize("NFC", name).casefold()
