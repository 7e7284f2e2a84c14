"""How often a camera told of motion, over seven days: bars an hour, nights behind them, drawn as SVG without a script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from luytre.civic.devices.listening import KEPT
from luytre.civic.devices.models import MotionHour
from luytre.web.link_charts import HEIGHT, Bar

HOURS = int(KEPT / timedelta(hours=1))
NIGHT = frozenset({22, 23, 0, 1, 2, 3, 4})
"""Hours of the clock that stands on the page."""


@dataclass(frozen=True, slots=True)
class MotionChart:
    """`told`: what the picture shows, in words. `nights`: hours (x) that are of the night."""

    told: str
    listened: str
    bars: tuple[Bar, ...]
    nights: tuple[int, ...]


def motion_chart(rows: Sequence[MotionHour], at: datetime) -> MotionChart | None:
    """None before anything was heard or listened for."""
    if not rows:
        return None
    first = at.replace(minute=0, second=0, microsecond=0) - timedelta(hours=HOURS - 1)
    most = max(1, *(row.begun for row in rows))
    places = [(int((row.hour - first) / timedelta(hours=1)), HEIGHT * row.begun / most) for row in rows if row.begun]
    bars = tuple(Bar(x, f"{HEIGHT - max(1.0, h):.1f}", f"{max(1.0, h):.1f}") for x, h in places if 0 <= x < HOURS)
    nights = tuple(x for x in range(HOURS) if is_night(first + timedelta(hours=x)))
    hours = sum(row.heard_s for row in rows) / 3600
    listened = _("It was listened to for %(hours)s of these 168 hours.") % {"hours": number_format(round(hours, 1), 1)}
    return MotionChart(_told(rows), listened, bars, nights)


def is_night(hour: datetime) -> bool:
    return timezone.localtime(hour).hour in NIGHT


def _told(rows: Sequence[MotionHour]) -> str:
    total = sum(row.begun for row in rows)
    if not total:
        return _("In seven days it told of no motion.")
    night = sum(row.begun for row in rows if is_night(row.hour))
    busiest = max(rows, key=lambda row: row.begun)
    numbers = {"total": total, "night": night, "most": busiest.begun}
    figures = {name: number_format(value, force_grouping=True) for name, value in numbers.items()}
    figures["hour"] = f"{timezone.localtime(busiest.hour):%H:00 %d/%m/%Y}"
    return (
        _(
            "In seven days it told of motion %(total)s times, %(night)s of them at night (22:00 to 5:00); the most in the hour"
            " from %(hour)s: %(most)s."
        )
        % figures
    )
