"""What becomes of a hamlet's land when the hamlet goes into another, or ends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import shapely
from django.db import transaction
from django.utils import timezone

from luytre.civic.access.models import User
from luytre.civic.geometry.geojson import DECIMALS, geometry_text
from luytre.civic.ground.land import boundary_fields, put_boundary
from luytre.civic.ground.models import HamletArea, Place
from luytre.civic.ground.places import PRIVATE, place_fields
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.history import Entry, record, record_all
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.register import RegisterCode, Thing

STEP_DEG = 10.0**-DECIMALS
"""Joined on the grid on which shapes are kept, so that rounding makes no outline cross itself."""


@transaction.atomic
def take_land_along(by: User | None, old: Hamlet, new: Hamlet, at: datetime) -> None:
    """Before `old` is merged into `new`: its places become the other's, and its boundary joins the other's. Each is a step."""
    steps: list[Entry] = []
    for place in Place.objects.select_for_update(of=("self",)).filter(hamlet=old).select_related("hamlet"):
        before = place_fields(place)
        place.hamlet, place.revision = new, place.revision + 1
        place.save(update_fields=["hamlet", "revision", "changed"])
        steps.append(Entry(Thing.PLACE, place.key, place.name, RegisterCode.CHANGED, before, place_fields(place), PRIVATE))
    areas = list(HamletArea.objects.filter(hamlet__in=(old, new)).order_by("hamlet_id"))
    if any(area.hamlet_id == old.pk for area in areas):
        joined = shapely.set_precision(shapely.union_all([shapely.from_geojson(area.geometry) for area in areas]), STEP_DEG)
        source = "; ".join(dict.fromkeys(area.source for area in areas if area.source))[:200]
        put_boundary(new, geometry_text(joined), source, steps)
    record_all(by, at, steps)


def told_of_the_end(instance: Hamlet, **_signal: Any) -> None:
    """A hamlet is about to be removed, and its boundary goes with it: that is a step like any other."""
    for area in HamletArea.objects.filter(hamlet=instance):
        name = instance.name
        record(None, timezone.now(), Thing.BOUNDARY, place_key(instance), name, RegisterCode.REMOVED, boundary_fields(area))
