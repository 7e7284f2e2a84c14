"""A camera's connection over seven days as small pictures: bars an hour, drawn as SVG without a script."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from luytre.civic.upkeep.links import KEPT
from luytre.civic.upkeep.models import LinkHour

HOURS = int(KEPT / timedelta(hours=1))
HEIGHT = 32
"""Of the picture, in its own units; its width is one unit an hour."""


@dataclass(frozen=True, slots=True)
class Bar:
    x: int
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class Chart:
    """`told`: what the picture shows, for whoever does not see it and for everybody below it."""

    title: str
    told: str
    bars: tuple[Bar, ...]
    is_trouble: bool


def charts(rows: Sequence[LinkHour], at: datetime) -> list[Chart]:
    """Nothing before the first hour was counted."""
    if not rows:
        return []
    return [
        _chart(_("Connected again"), rows, at, lambda row: float(row.reconnects), _most_words),
        _chart(_("Gaps"), rows, at, lambda row: float(row.gaps), _most_words),
        _chart(_("Minutes without a picture"), rows, at, lambda row: float(row.looks - row.well), _sum_words),
        _chart(_("Pictures a second"), rows, at, _fps, _mean_words, is_trouble=False),
    ]


def _fps(row: LinkHour) -> float:
    return row.frames / (60 * row.looks) if row.looks else 0.0


def _chart(
    title: str, rows: Sequence[LinkHour], at: datetime, value: Callable[[LinkHour], float],
    words: Callable[[Sequence[tuple[LinkHour, float]]], str], *, is_trouble: bool = True,
) -> Chart:  # fmt: skip
    found = [(row, value(row)) for row in rows]
    most = max(1.0, *(amount for _row, amount in found))
    first = at.replace(minute=0, second=0, microsecond=0) - timedelta(hours=HOURS - 1)
    bars = []
    for row, amount in found:
        x = int((row.hour - first) / timedelta(hours=1))
        if amount > 0 and 0 <= x < HOURS:
            height = max(1.0, HEIGHT * amount / most)
            bars.append(Bar(x, f"{HEIGHT - height:.1f}", f"{height:.1f}"))
    return Chart(title, words(found), tuple(bars), is_trouble)


def _most_words(found: Sequence[tuple[LinkHour, float]]) -> str:
    total = int(sum(amount for _row, amount in found))
    if not total:
        return _("none in seven days")
    row, most = max(found, key=lambda pair: pair[1])
    hour = f"{timezone.localtime(row.hour):%H:00 %d/%m/%Y}"
    return _("%(total)s in seven days, the most in the hour from %(hour)s: %(most)s") % {
        "total": total, "hour": hour, "most": int(most)}  # fmt: skip


def _sum_words(found: Sequence[tuple[LinkHour, float]]) -> str:
    return _("%(count)s in seven days") % {"count": int(sum(amount for _row, amount in found))}


def _mean_words(found: Sequence[tuple[LinkHour, float]]) -> str:
    looks = sum(row.looks for row, _amount in found)
    mean = sum(row.frames for row, _amount in found) / (60 * looks) if looks else 0.0
    return _("%(count)s by the mean of seven days") % {"count": number_format(round(mean, 1), 1)}
