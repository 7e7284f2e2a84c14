"""A small commune for plans: a road with a school and a market, two hamlets, houses along the road, one eye at work.

  north
    |   house  house          house
----*------------------------------------- road, 400 m, from west to east
    |          market (hot spot)    school
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from luytre.civic.ground.land import ObstacleDraft, save_boundary, save_obstacle
from luytre.civic.ground.models import Obstacle, Place
from luytre.civic.ground.places import PlaceDraft, save_place
from luytre.civic.planning.candidates import CandidateDraft, save_candidate
from luytre.civic.planning.models import Candidate
from luytre.civic.registry.eyes import EyeDraft, save_eye
from luytre.civic.registry.models import Eye, Hamlet
from luytre.civic.survey.models import Need
from luytre.civic.survey.needs import NeedDraft, save_need
from tests.civic.ground.shapes import at, line, point, square

AT = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 27)


def position(east_m: float, north_m: float) -> tuple[Decimal, Decimal]:
    lon, lat = at(east_m, north_m)
    return Decimal(str(lat)), Decimal(str(lon))


def hamlets() -> tuple[Hamlet, Hamlet]:
    west, east = (Hamlet.objects.create(name=name, order=number) for number, name in enumerate(("Thôn Đoài", "Thôn Đông")))
    for hamlet, middle in ((west, 0.0), (east, 400.0)):
        save_boundary(None, hamlet, square(middle, 0, 400), "", AT)
    return west, east


def place(kind: str, name: str, geometry: str, **told: object) -> Place:
    return save_place(None, PlaceDraft(kind, name, geometry, **told), AT)  # type: ignore[arg-type]


def house(east_m: float, north_m: float, side_m: float = 10, *, home: bool = False, height_m: float | None = None) -> Obstacle:
    return save_obstacle(
        None, ObstacleDraft(kind="building", geometry=square(east_m, north_m, side_m), height_m=height_m, home=home), AT
    )


def eye(name: str, east_m: float, north_m: float, bearing_deg: float | None, **told: object) -> Eye:
    usual: dict[str, object] = {"condition": "works", "tier": "live", "hfov_deg": 90.0, "width_px": 2560}
    return save_eye(None, EyeDraft(name, position=position(east_m, north_m), bearing_deg=bearing_deg, **usual | told), AT)  # type: ignore[arg-type]


def candidate(name: str, east_m: float, north_m: float, hamlet: str = "", **told: object) -> Candidate:
    return save_candidate(CandidateDraft(name, position(east_m, north_m), hamlet, **told))  # type: ignore[arg-type]


def need(name: str, east_m: float, north_m: float, urgency: int = 2) -> Need:
    return save_need(None, NeedDraft(name, position(east_m, north_m), "dark", None, "", "", urgency, None), AT)


def small_commune() -> None:
    hamlets()
    place("route", "Đường tỉnh", line((0, 0), (400, 0)), vehicles_a_day=4000, hamlet="Thôn Đoài")
    place("hot_spot", "Cổng chợ", point(150, -8), hamlet="Thôn Đoài")
    place("school", "Trường tiểu học", point(330, -8), hamlet="Thôn Đông")
    for east in (60, 120, 250):
        house(east, 20)
    eye("Đầu làng", 0, 3, 90, hamlet="Thôn Đoài")
    need("Ngã ba đình", 380, 5, 3)
    candidate("Cột chợ", 130, -4, "Thôn Đoài")
    candidate("Cổng trường", 310, -4, "Thôn Đông", pole_vnd=0)
    candidate("Giữa đường", 220, 3, "Thôn Đông")
