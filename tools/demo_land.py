"""The land of `make demo`: a commune that is nowhere, with 8 hamlets, a provincial road, houses, and a survey.

Everything goes through the product's own doors (`ground.places`, `registry.eyes`, …), as if a surveyor had brought it in, and
always comes out the same. A land that is there already is left alone.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from luytre.civic.acceptance.acceptances import accept_as_found, hung_of
from luytre.civic.access.looks import Reason, record_look
from luytre.civic.access.models import LookKind, User
from luytre.civic.geometry.geojson import geometry_text
from luytre.civic.geometry.metric import Metric
from luytre.civic.ground.land import (
    ObstacleDraft,
    PastIncidentDraft,
    save_boundary,
    save_obstacle,
    save_past_incident,
)
from luytre.civic.ground.models import Obstacle, Place
from luytre.civic.ground.places import PlaceDraft, save_place
from luytre.civic.planning.candidates import propose
from luytre.civic.registry.eyes import EyeDraft, draft_of, save_eye
from luytre.civic.registry.models import Camera, Eye, Hamlet
from luytre.civic.survey.needs import NeedDraft, save_need

ACCEPTED_BECAUSE = "Đã chạy tốt từ trước khi có quy trình nghiệm thu"
LAT, LON = 20.9120, 105.9725
HAMLETS = {
    "Thôn Đông": (120, 60), "Thôn Đoài": (-420, -220), "Thôn Trung": (-260, 190), "Thôn Thượng": (-330, 480),
    "Thôn Hạ": (330, -110), "Thôn Bãi": (-120, 560), "Thôn Mới": (180, -400), "Thôn Cầu": (720, -250),
}  # fmt: skip
"""Their middles, metres east and north of the commune's."""
ROAD = [(-900, 330), (-420, 190), (-60, 60), (300, -60), (640, -190), (1050, -340)]
OUTLINE = [(-1000, -100), (-950, 780), (300, 760), (700, 300), (1150, -120), (1100, -520), (200, -620), (-700, -480)]
LANES = [
    ("Đường liên thôn", [(-420, 190), (-470, -60), (-420, -260), (-160, -330), (180, -400), (420, -330), (640, -190)]),
    ("Đường đê", [(-900, 700), (-330, 640), (-120, 620), (240, 560)]),
    ("Ngõ Thượng", [(-420, 190), (-360, 400), (-330, 640)]),
    ("Ngõ Trung", [(-60, 60), (-160, 240), (-200, 420), (-120, 620)]),
    ("Ngõ Mới", [(-60, 60), (40, -160), (180, -400)]),
]
PLACES = (
    ("market", "Chợ Lũy Tre", (-40, 30), 0), ("hot_spot", "Cổng chợ", (-70, 52), 0),
    ("hot_spot", "Ngã ba bưu điện", (300, -72), 0),
    ("hot_spot", "Gầm cầu", (905, -282), 0), ("hot_spot", "Bãi đất trống ven đê", (-30, 606), 0),
    ("school", "Trường tiểu học", (-300, 120), 0), ("school", "Trường mầm non", (150, -370), 0),
    ("temple", "Đình làng", (-190, 400), 0), ("temple", "Chùa Hạ", (380, -120), 0), ("office", "Trạm y tế", (220, -70), 0),
    ("cultural_house", "Nhà văn hóa thôn Đoài", (-455, -200), 0), ("cultural_house", "Nhà văn hóa thôn Cầu", (700, -238), 0),
    ("residential", "Khu tái định cư", (120, -330), 420), ("residential", "Xóm Bãi", (-140, 560), 260),
    ("residential", "Xóm Thượng", (-340, 470), 310), ("residential", "Xóm Đoài", (-430, -120), 380),
    ("residential", "Xóm Hạ", (340, -140), 340), ("residential", "Xóm Cầu", (760, -250), 290),
)  # fmt: skip
NEEDS = (
    ("Ngã tư đê", (-330, 632), "accident", 3), ("Cổng trường mầm non", (160, -392), "school_gate", 3),
    ("Đoạn vắng ngõ Trung", (-190, 330), "dark", 2), ("Cuối khu tái định cư", (60, -210), "theft", 2),
    ("Đầu cầu phía đông", (960, -305), "accident", 3), ("Sau chợ", (-20, 75), "theft", 3),
    ("Lối vào xóm Đoài", (-465, -80), "disorder", 1), ("Bến đò cũ", (200, 566), "dark", 1),
)  # fmt: skip
LOOKS = {  # the cameras of the demo, at the roadside: metres east and north, bearing and field of view
    "Cổng chợ": (-84, 73, 145, 70), "Đường ra đồng": (-436, -180, 215, 70), "Ngõ 12": (-151, 232, 347, 70),
    "Cổng trường": (-302, 142, 175, 70), "Trạm y tế": (221, -38, 182, 60), "Bến đò": (-55, 613, 106, 70),
    "Khu tái định cư": (124, -309, 190, 70), "Cầu bản": (881, -273, 110, 70), "Ngã ba bưu điện": (286, -51, 146, 70),
}  # fmt: skip
LISTED = (
    ("Cửa hàng xe máy", (60, 8), "shop", 25), ("Nhà ông trưởng thôn", (-390, 300), "household", 200),
    ("Hiệu thuốc", (420, -112), "shop", 100), ("Kho hợp tác xã", (-300, -300), "institution", 80),
    ("Nhà nghỉ ven đường", (560, -150), "shop", 290), ("Xưởng mộc", (90, -250), "household", 160),
)  # fmt: skip


@dataclass(frozen=True)
class Plane:
    """The demo's metres and degrees."""

    metric: Metric

    def text(self, shape: BaseGeometry) -> str:
        return geometry_text(self.metric.degrees(shape))

    def position(self, east: float, north: float) -> tuple[Decimal, Decimal]:
        point = self.metric.degrees(shapely.Point(east, north))
        return Decimal(f"{point.y:.6f}"), Decimal(f"{point.x:.6f}")


def make_land(now: datetime, view: Callable[[Camera], str] = lambda _camera: "") -> bool:
    """Whether anything was made. Hamlets and cameras must be there. `view`: the recorder's mark of what a camera shows, for its
    acceptance; empty where it shows nothing."""
    if Place.objects.exists() or Obstacle.objects.exists():
        return False
    plane, dice = Plane(Metric(LAT, LON)), random.Random(20)
    _boundaries(plane, now)
    _routes_and_places(plane, now)
    _buildings(plane, dice, now)
    _past(plane, dice, now)
    _eyes(plane, now)
    for name, (east, north), reason, urgency in NEEDS:
        save_need(None, NeedDraft(name, plane.position(east, north), reason, _hamlet(east, north), "", "", urgency, None), now)
    propose()
    _accept(now, view)
    return True


def _hamlet(east: float, north: float) -> Hamlet | None:
    name = min(HAMLETS, key=lambda name: (HAMLETS[name][0] - east) ** 2 + (HAMLETS[name][1] - north) ** 2)
    return Hamlet.objects.filter(name=name).first()


def _boundaries(plane: Plane, now: datetime) -> None:
    commune = shapely.Polygon(OUTLINE)
    middles = shapely.MultiPoint(list(HAMLETS.values()))
    cells = shapely.get_parts(shapely.voronoi_polygons(middles, extend_to=commune))
    for name, middle in HAMLETS.items():
        cell = next(cell for cell in cells if cell.contains(shapely.Point(middle)))
        hamlet = Hamlet.objects.filter(name=name).first()
        if hamlet is not None:
            save_boundary(None, hamlet, plane.text(cell.intersection(commune)), "", now)


def _routes_and_places(plane: Plane, now: datetime) -> None:
    road = PlaceDraft("route", "Đường tỉnh", plane.text(shapely.LineString(ROAD)), vehicles_a_day=6500)
    save_place(None, road, now)
    for name, corners in LANES:
        save_place(None, PlaceDraft("route", name, plane.text(shapely.LineString(corners)), vehicles_a_day=600), now)
    for kind, name, (east, north), residents in PLACES:
        hamlet = _hamlet(east, north)
        shape = plane.text(shapely.Point(east, north))
        save_place(None, PlaceDraft(kind, name, shape, hamlet.name if hamlet else "", residents or None), now)


def _buildings(plane: Plane, dice: random.Random, now: datetime) -> None:
    """Houses along both sides of every road, none on a road, none on another."""
    roads = [shapely.LineString(corners) for corners in (ROAD, *(corners for _name, corners in LANES))]
    free = shapely.union_all(np.array([road.buffer(7) for road in roads], dtype=object))
    taken: list[BaseGeometry] = []
    for road in roads:
        for metres in range(12, int(road.length) - 10, 17):
            for side in (-1, 1):
                house = _house(road, metres + dice.uniform(-4, 4), side * dice.uniform(13, 22), dice)
                if dice.random() < 0.72 and not house.intersects(free) and not any(house.dwithin(other, 1.5) for other in taken):
                    taken.append(house)
    for number, house in enumerate(taken):
        height = dice.choice([3.5, 3.5, 7.0, 10.5])
        save_obstacle(None, ObstacleDraft(plane.text(house), height_m=height, home=number % 6 != 0), now)


def _house(road: shapely.LineString, along_m: float, aside_m: float, dice: random.Random) -> BaseGeometry:
    here, ahead = road.interpolate(along_m), road.interpolate(along_m + 1)
    east, north = ahead.x - here.x, ahead.y - here.y
    middle = (here.x - north * aside_m, here.y + east * aside_m)
    box = shapely.box(-dice.uniform(2.5, 5), -dice.uniform(5, 9), dice.uniform(2.5, 5), dice.uniform(5, 9))
    angle = float(np.degrees(np.arctan2(north, east)))
    return shapely.affinity.translate(shapely.affinity.rotate(box, angle, origin=(0, 0)), *middle)


def _past(plane: Plane, dice: random.Random, now: datetime) -> None:
    """About the hot spots and along the provincial road, as the statistics of a year have them."""
    spots = [middle for kind, _name, middle, _residents in PLACES if kind in ("hot_spot", "market")]
    road = shapely.LineString(ROAD)
    for number in range(60):
        if number % 3 == 0:
            point, kind = road.interpolate(dice.random(), normalized=True), "accident"
            east, north = point.x, point.y
        else:
            spot, kind = dice.choice(spots), dice.choice(["theft", "theft", "disorder", "environment"])
            east, north = spot[0] + dice.gauss(0, 40), spot[1] + dice.gauss(0, 40)
        day = (now - timedelta(days=dice.randint(5, 700))).date()
        save_past_incident(None, PastIncidentDraft(kind, day, plane.position(east, north), "Thống kê của Công an xã"), now)


def _accept(now: datetime, view: Callable[[Camera], str]) -> None:
    """Its cameras hung before; the last one is left, to be accepted by whoever tries it out."""
    by = User.objects.order_by("pk").first()
    eyes = list(Eye.objects.filter(camera__isnull=False).select_related("site", "camera").order_by("pk"))[:-1]
    if by is not None:
        cameras = [eye.camera for eye in eyes if eye.camera is not None]
        record_look(by, LookKind.LIVE, [camera.key for camera in cameras], reason=Reason(words=ACCEPTED_BECAUSE))
        hung = {eye: hung_of(eye, view(eye.camera)) for eye in eyes if eye.camera is not None}
        accept_as_found(by, hung, ACCEPTED_BECAUSE, now)


def _eyes(plane: Plane, now: datetime) -> None:
    """Where the demo's cameras look, and cameras of residents that the survey found."""
    for eye in Eye.objects.filter(camera__isnull=False).select_related("site", "camera"):
        if eye.name in LOOKS:
            east, north, bearing, hfov = LOOKS[eye.name]
            draft = replace(
                draft_of(eye), position=plane.position(east, north), bearing_deg=float(bearing), hfov_deg=float(hfov),
                width_px=2560, height_px=1440, height_m=4.5, tilt_deg=12.0, ir_range_m=30.0, condition="works",
                condition_day=now.date(),
            )  # fmt: skip
            save_eye(None, draft, now, eye)
    for name, (east, north), kind, bearing in LISTED:
        hamlet = _hamlet(east, north)
        draft = EyeDraft(
            name, hamlet=hamlet.name if hamlet else "", position=plane.position(east, north), owner_kind=kind, tier="on_request",
            bearing_deg=float(bearing), hfov_deg=90.0, width_px=1920, height_m=3.5, tilt_deg=15.0, condition="works",
            condition_day=now.date(), recorder="nvr", days_kept=15,
        )  # fmt: skip
        save_eye(None, draft, now)
