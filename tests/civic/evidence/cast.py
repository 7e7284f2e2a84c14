"""What the tests of evidence begin with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from django.conf import settings

from luytre.civic.access.looks import Reason, Span
from luytre.civic.access.models import User
from luytre.civic.evidence import requests
from luytre.civic.evidence.making import Means
from luytre.civic.evidence.models import ClipRequest, Package, What
from luytre.civic.evidence.package.keys import StationKey, station_key
from luytre.civic.evidence.package.values import Footage, PartFacts
from luytre.civic.evidence.packages import Wanted, Ways, order
from luytre.civic.evidence.shelf import Shelf
from luytre.civic.ports import (
    RecorderDown,
    RecorderStatus,
    Status,
    StreamState,
    ViewingAnswer,
    ViewingOrder,
    ViewingTrouble,
)
from luytre.civic.registry.models import Camera

NOW = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
SPAN = Span(NOW - timedelta(hours=1), NOW - timedelta(minutes=59))
FILM = bytes(range(256)) * 40
WHY = Reason("crime", "VV 12/2026", "xe máy bị lấy trước chợ")


def wanted(camera: Camera, kind: str = What.FULL, span: Span = SPAN) -> Wanted:
    return Wanted(camera.key, span, WHY, kind)


def agreed(by: User, head: User, camera: Camera, what: str = What.FULL) -> ClipRequest:
    """A request that somebody else has agreed to."""
    asked = requests.ask(by, [camera.key], SPAN, WHY, NOW, what)
    requests.decide(head, asked, True, "", NOW)
    return asked


def ordered(by: User, head: User, camera: Camera) -> Package:
    return order(by, wanted(camera), agreed(by, head, camera), NOW, Ways())


@dataclass(slots=True)
class Taker:
    """A recorder that has `parts` films of every span."""

    parts: int = 1
    error: Exception | None = None

    def take(self, camera: str, start: datetime, end: datetime, folder: Path) -> Footage:
        if self.error is not None:
            raise self.error
        return Footage(tuple(self._part(number, start, end, folder) for number in range(1, self.parts + 1)))

    def _part(self, number: int, start: datetime, end: datetime, folder: Path) -> PartFacts:
        name = "original.mp4" if number == 1 else f"original.{number}.mp4"
        (folder / name).write_bytes(FILM * number)
        return PartFacts(name, start, end, start, "h264", 640, 360, 25, 0, ())


@dataclass(slots=True)
class Copier:
    """Makes copies at once, or says why not. `orders`: what was to be hidden."""

    trouble: ViewingTrouble | None = None
    orders: list[ViewingOrder] = field(default_factory=list)

    def copy(self, source: Path, target: Path, order: ViewingOrder) -> ViewingAnswer:
        self.orders.append(order)
        if self.trouble is not None:
            return ViewingAnswer(trouble=self.trouble)
        target.write_bytes(b"hidden " + source.read_bytes())
        return ViewingAnswer(10.0, 100)


class NoRecorder:
    """The part of `RecorderStatus` that a package asks."""

    def __init__(self, offset_s: float | None = None) -> None:
        self._offset_s = offset_s

    def status(self, language: str) -> Status:
        if self._offset_s is None:
            raise RecorderDown("the recorder does not answer")
        camera = Camera.objects.get().key
        return Status(NOW, (StreamState(camera, "main", "recording", clock_offset_s=self._offset_s),))


def means(shelf: Shelf, taker: Taker, copier: Copier, recorder: NoRecorder | None = None) -> Means:
    status = cast("RecorderStatus", recorder or NoRecorder())
    return Means(taker, copier, status, shelf, station, lambda: b"<!doctype html>")


def station(at: datetime) -> StationKey:
    """Older than whatever a test has for now, and whichever test comes first."""
    return station_key(Path(settings.LUYTRE_SECRETS_DIR) / "cast", "Xã Tre Xanh", NOW - timedelta(days=30))
