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
        _chart(_("Packets lost"), rows, at, _per_mille, _loss_words, least=1.0),
        _chart(_("Jitter"), rows, at, _jitter_ms, _jitter_words, least=10.0, is_trouble=False),
        _chart(_("Minutes without a picture"), rows, at, lambda row: float(row.looks - row.well), _sum_words),
        _chart(_("Pictures a second"), rows, at, _fps, _mean_words, is_trouble=False),
    ]


def _fps(row: LinkHour) -> float:
    return row.frames / (60 * row.looks) if row.looks else 0.0


def _per_mille(row: LinkHour) -> float:
    sent = row.packets + row.packets_lost
    return 1000 * row.packets_lost / sent if sent else 0.0


def _jitter_ms(row: LinkHour) -> float:
    return row.jitter_sum_ms / row.jitter_looks if row.jitter_looks else 0.0


def _chart(
    title: str, rows: Sequence[LinkHour], at: datetime, value: Callable[[LinkHour], float],
    words: Callable[[Sequence[tuple[LinkHour, float]]], str], *, is_trouble: bool = True, least: float = 1.0,
) -> Chart:  # fmt: skip
    """`least`: what fills the picture at least, so that next to nothing does not look like much."""
    found = [(row, value(row)) for row in rows]
    most = max(least, *(amount for _row, amount in found))
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
    hour = _hour(row)
    return _("%(total)s in seven days, the most in the hour from %(hour)s: %(most)s") % {
        "total": total, "hour": hour, "most": int(most)}  # fmt: skip


def _hour(row: LinkHour) -> str:
    return f"{timezone.localtime(row.hour):%H:00 %d/%m/%Y}"


def _loss_words(found: Sequence[tuple[LinkHour, float]]) -> str:
    came, lost = (sum(getattr(row, name) for row, _amount in found) for name in ("packets", "packets_lost"))
    if not came:
        return _("not measured on this camera's way")
    if not lost:
        return _("none in seven days")
    row, most = max(found, key=lambda pair: pair[1])
    return _("%(total)s packets in seven days, the most in the hour from %(hour)s: %(most)s of 1000") % {
        "total": number_format(lost, 0, force_grouping=True), "hour": _hour(row), "most": _amount(most)}  # fmt: skip


def _jitter_words(found: Sequence[tuple[LinkHour, float]]) -> str:
    looks = sum(row.jitter_looks for row, _amount in found)
    if not looks:
        return _("not measured on this camera's way")
    mean = sum(row.jitter_sum_ms for row, _amount in found) / looks
    row = max((row for row, _amount in found), key=lambda one: one.jitter_most_ms)
    return _("%(mean)s ms by the mean of seven days, %(most)s ms at most, in the hour from %(hour)s") % {
        "mean": _amount(mean), "most": _amount(row.jitter_most_ms), "hour": _hour(row)}  # fmt: skip


def _amount(value: float) -> str:
    """As many digits as tell something: 0.04, 3.1, 57."""
    digits = 0 if value >= 10 else 1 if value >= 1 else 2
    return number_format(round(value, digits), digits)


def _sum_words(found: Sequence[tuple[LinkHour, float]]) -> str:
    return _("%(count)s in seven days") % {"count": int(sum(amount for _row, amount in found))}


def _mean_words(found: Sequence[tuple[LinkHour, float]]) -> str:
    looks = sum(row.looks for row, _amount in found)
    mean = sum(row.frames for row, _amount in found) / (60 * looks) if looks else 0.0
    return _("%(count)s by the mean of seven days") % {"count": number_format(round(mean, 1), 1)}
