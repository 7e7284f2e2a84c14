"""Cameras by hamlet, as forms show them for ticking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from luytre.civic.registry.models import Camera
from luytre.civic.registry.order import name_key


@dataclass(frozen=True, slots=True)
class CameraGroup:
    hamlet: str
    cameras: tuple[Camera, ...]


def camera_groups(cameras: Iterable[Camera]) -> list[CameraGroup]:
    """In the commune's order of hamlets, those in none last; within one as they came."""
    by_hamlet: dict[tuple[int, str], list[Camera]] = {}
    for camera in cameras:
        hamlet = camera.site.hamlet
        by_hamlet.setdefault((hamlet.order, hamlet.name) if hamlet else (1 << 16, ""), []).append(camera)
    ordered = sorted(by_hamlet.items(), key=lambda item: (item[0][0], name_key(item[0][1])))
    return [CameraGroup(name or _("No hamlet"), tuple(group)) for (_order, name), group in ordered]
