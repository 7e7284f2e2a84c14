"""How long each camera's footage is kept, and whether its sound is: by the regulation in force, else the commune's settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Max

from luytre.civic.registry.models import Camera, Commune, Eye, LendingVersion
from luytre.civic.regulations.enforce import retention_days
from luytre.civic.regulations.force import in_force_now
from luytre.civic.regulations.rules import Group, Rules


@dataclass(frozen=True, slots=True)
class Keeping:
    """`rules` None: no version of the regulation is in force, and the commune's own number counts."""

    rules: Rules | None
    commune_days: int
    agreed: Mapping[str, int] = field(default_factory=dict)
    """By the camera's key: at most how many days its owner agreed to."""

    @property
    def sound(self) -> bool:
        """Whether a camera whose setting says so may be recorded with its sound."""
        return self.rules is None or self.rules.sound

    def default_days(self) -> int:
        return self.days_at(Group.OTHER)

    def days_at(self, kind: str) -> int:
        """For a camera at a kind of place that has no number of its own."""
        return self.commune_days if self.rules is None else retention_days(self.rules, kind)

    def days(self, camera: Camera) -> int:
        """Days kept. A camera's own number may be shorter than the regulation's, never longer: the paper would be untrue. What
        its owner agreed to is never gone beyond."""
        settled = self.days_at(camera.site.kind)
        own = camera.retention_days or settled
        days = own if self.rules is None else min(own, settled)
        return min(days, self.agreed.get(camera.key, days))


@dataclass(frozen=True, slots=True)
class Shorter:
    """A camera whose footage will be kept for fewer days than now."""

    camera: Camera
    before_days: int
    after_days: int


def keeping_now(now: datetime) -> Keeping:
    """Errors: RegulationDamaged: then no list is given out, and the recorder goes on with the one it has."""
    found = in_force_now(now)
    return Keeping(None if found.is_built_in else found.rules, Commune.here().retention_days, days_agreed())


def days_agreed() -> dict[str, int]:
    """By the camera's key: the days of the terms in force, where they name any. One query."""
    newest = LendingVersion.objects.values("eye").annotate(last=Max("seq")).values("last")
    named = dict(LendingVersion.objects.filter(seq__in=newest, days__gt=0).values_list("eye", "days"))
    eyes = Eye.objects.filter(key__in=named, camera__isnull=False).values_list("key", "camera__key") if named else ()
    return {camera: named[eye] for eye, camera in eyes}


def kept_shorter(rules: Rules, now: datetime) -> list[Shorter]:
    """What other rules would change about the cameras of today: those that lose days, the most days first."""
    present, then = keeping_now(now), Keeping(rules, Commune.here().retention_days, days_agreed())
    cameras = Camera.objects.filter(archived=False).select_related("site")
    found = [Shorter(camera, present.days(camera), then.days(camera)) for camera in cameras]
    lost = [one for one in found if one.after_days < one.before_days]
    return sorted(lost, key=lambda one: (one.after_days - one.before_days, one.camera.name, one.camera.key))
