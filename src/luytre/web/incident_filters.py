"""Filters of the list of incidents as they stand in the address: state, kind, hamlet, words, days, and near a point.

The list, the map and the map's link back read the same text. What cannot be understood filters nothing, and is told at its field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import cos, radians
from urllib.parse import urlencode

from django.db.models import QuerySet

from luytre.base.errors import UsageError
from luytre.civic.access.models import User
from luytre.civic.bulletins.desk import end_of
from luytre.civic.incidents.models import Incident, State
from luytre.civic.incidents.scope import calling, incidents_of
from luytre.civic.registry.position import parse_position
from luytre.civic.tips.near import metres
from luytre.web.days import read_day
from luytre.web.kind_filters import ALL, MINE, OPEN, KindFilter

WITHIN_M = 300
"""Round a point, where nobody says how far."""
NEAREST_M, FARTHEST_M = 10, 5000
_M_A_DEGREE = 111_320.0
_SLACK = 1.01
"""The box in which the database looks first is a little wider than the circle."""
NAMES = ("state", "kind", "hamlet", "q", "from", "to", "near", "within")


@dataclass(frozen=True, slots=True)
class IncidentFilter:
    """`typed`: each field as it was typed, cut to what can be one; `wrong`: the names of those that cannot be understood."""

    kinds: KindFilter
    first: date | None
    last: date | None
    near: tuple[Decimal, Decimal] | None
    within_m: int
    typed: Mapping[str, str]
    wrong: frozenset[str]

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> IncidentFilter:
        typed = {name: str(sent.get(name, "")).strip()[:120] for name in NAMES}
        kinds = KindFilter.read(sent, (MINE, ALL, *State.values))
        first, last = read_day(typed["from"]), read_day(typed["to"])
        near, within_m = _position(typed["near"]), _within(typed["within"])
        wrong = {name for name, found in (("from", first), ("to", last), ("near", near), ("within", within_m)) if found is None}
        if first is not None and last is not None and last < first:
            wrong, last = wrong | {"to"}, None
        return cls(kinds, first, last, near, within_m or WITHIN_M, typed, frozenset(one for one in wrong if typed[one]))

    @property
    def is_wide(self) -> bool:
        """Whether more than state, kind, hamlet and words was said."""
        return any(self.typed[name] for name in ("from", "to", "near", "within"))

    def query(self) -> str:
        """As an address has it, without what says nothing."""
        kept = {**self.typed, "state": "" if self.kinds.state == OPEN else self.kinds.state}
        return urlencode({name: kept[name] for name in NAMES if kept[name]})

    def find(self, user: User, now: datetime) -> list[Incident] | QuerySet[Incident]:
        """Of those that the person meets, the newest first."""
        found = calling(user, now) if self.kinds.state == MINE else incidents_of(user, now)
        found = found.select_related("hamlet", "unit", "backup_unit", "taken_by", "opened_by")
        if self.first is not None:
            found = found.filter(happened__gte=end_of(self.first - timedelta(days=1)))
        if self.last is not None:
            found = found.filter(happened__lt=end_of(self.last))
        if self.near is not None:
            found = _boxed(found, self.near, self.within_m)
        listed = self.kinds.narrow(found, lambda one: f"{one.sign} {one.title} {one.place}")
        if self.near is None:
            return listed
        return [one for one in listed if (away := self.away(one)) is not None and away <= self.within_m]

    def away(self, one: Incident) -> float | None:
        """Metres from the point; None without one, or where the incident has no position."""
        return metres(one.latitude, one.longitude, *self.near) if self.near is not None else None


def _position(text: str) -> tuple[Decimal, Decimal] | None:
    try:
        return parse_position(text) if text else None
    except UsageError:
        return None


def _within(text: str) -> int | None:
    number = text.lower().removesuffix("m").strip()
    if not (number.isascii() and number.isdecimal() and len(number) < 6):
        return None
    return int(number) if NEAREST_M <= int(number) <= FARTHEST_M else None


def _boxed(found: QuerySet[Incident], near: tuple[Decimal, Decimal], within_m: int) -> QuerySet[Incident]:
    north = Decimal(within_m * _SLACK / _M_A_DEGREE)
    east = Decimal(within_m * _SLACK / _M_A_DEGREE / cos(radians(float(near[0]))))
    return found.filter(
        latitude__range=(near[0] - north, near[0] + north), longitude__range=(near[1] - east, near[1] + east)
    )  # fmt: skip
