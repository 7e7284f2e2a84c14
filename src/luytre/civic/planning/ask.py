"""What is wished of a plan, and what came of it: values that are kept as JSON with each version."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from luytre.civic.geometry.optics import Level
from luytre.civic.planning.figures import Values
from luytre.civic.planning.today import COUNTED

MOST_SECONDS = 300.0


class Funding(msgspec.Struct, frozen=True):
    """Where money comes from: a source in words, and how much in dong."""

    source: str
    vnd: int


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """`eyes` and `budget_vnd`: at least one is set. `phases`: how many new eyes in each, in order; the rest comes last.

    `least`: new eyes a hamlet, by its number. `hot_spot_eyes`: so many eyes must see a hot spot before it counts. `required`:
    keys of places and needs that must be covered. `pinned`: candidates that get an eye, with a bearing or None for any.
    `forbidden`: candidates that get none. `moved`: positions in this plan alone. `tiers`: whose eyes count as there.
    """

    eyes: int | None = 15
    budget_vnd: int | None = None
    level: str = Level.OBSERVE.value
    phases: tuple[int, ...] = ()
    least: dict[str, int] = {}
    hot_spot_eyes: int = 1
    required: tuple[str, ...] = ()
    pinned: dict[str, float | None] = {}
    forbidden: tuple[str, ...] = ()
    moved: dict[str, tuple[float, float]] = {}
    tiers: tuple[str, ...] = tuple(sorted(COUNTED))
    funding: tuple[Funding, ...] = ()
    seconds: float = 60.0


class Seen(msgspec.Struct, frozen=True):
    """Something a new eye sees. `metres`: of a route, how much; else 0. `only`: no other eye sees any of it."""

    key: str
    name: str
    kind: str
    weight: float
    metres: float
    only: bool


class NewEye(msgspec.Struct, frozen=True, kw_only=True):
    """`order` of putting up, from 1. `adds`: what it adds at that moment; `alone`: what only it sees in the end."""

    candidate: str
    name: str
    hamlet: str
    lat: float
    lon: float
    bearing_deg: float
    order: int
    phase: int
    adds: float
    alone: float
    camera_vnd: int
    pole_vnd: int
    cable_vnd: int
    power_vnd: int
    upkeep_vnd: int
    sees: tuple[Seen, ...] = ()

    @property
    def cost_vnd(self) -> int:
        return self.camera_vnd + self.pole_vnd + self.cable_vnd + self.power_vnd


class HamletShare(msgspec.Struct, frozen=True, kw_only=True):
    """Weights, before and after; eyes that were there and new ones."""

    name: str
    weight: float
    before: float
    after: float
    eyes: int
    new_eyes: int


class PlaceShare(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a place's weight is covered, before and after: 0 to 1."""

    key: str
    name: str
    kind: str
    weight: float
    before: float
    after: float


class Phase(msgspec.Struct, frozen=True):
    """After the phase `number`: so many eyes in all, what they cover, what the phase's new ones cost."""

    number: int
    eyes: int
    covered: float
    cost_vnd: int


class OneMore(msgspec.Struct, frozen=True):
    """The eye that would come next, and what it would add."""

    name: str
    bearing_deg: float
    adds: float


class Worth(msgspec.Struct, frozen=True):
    """What would be lost without an eye that is there."""

    key: str
    name: str
    loses: float


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """Weights are those of the figures. `unreachable`: what no candidate could cover, whatever the plan."""

    level: str
    total: float
    before: float
    covered: float
    bound: float
    gap: float
    greedy: float | None
    status: str
    runtime_s: float
    eyes_before: int
    upkeep_vnd: int
    unreachable: float
    eyes: tuple[NewEye, ...]
    hamlets: tuple[HamletShare, ...]
    places: tuple[PlaceShare, ...]
    phases: tuple[Phase, ...]
    one_more: OneMore | None
    present: tuple[Worth, ...]
    left_out: int = 0
    """Ways of looking that would show a home or another forbidden area."""
    values: Values | None = None
    """The figures it was computed with; None for a version of before they were kept."""
    down: tuple[str, ...] = ()
    """Names of eyes that count and did not work."""
    blind: tuple[str, ...] = ()
    """Names of eyes that work and of which nobody told where they are or look; what they see is not counted."""

    @property
    def cost_vnd(self) -> int:
        return sum(eye.cost_vnd for eye in self.eyes)


class Conflicting(msgspec.Struct, frozen=True):
    wish: str
    key: str
    name: str
    wanted: int
    possible: int


class Impossible(msgspec.Struct, frozen=True):
    """There is no such plan, because of these."""

    conflicts: tuple[Conflicting, ...]


def to_text(value: msgspec.Struct) -> str:
    return msgspec.json.encode(value).decode()


def ask_from(text: str) -> Ask:
    return msgspec.json.decode(text, type=Ask)


def result_from(text: str) -> Result:
    return msgspec.json.decode(text, type=Result)


def impossible_from(text: str) -> Impossible:
    return msgspec.json.decode(text, type=Impossible)


def sizes(phases: Sequence[int], eyes: int) -> list[int]:
    """How many eyes each phase really gets where the plan has `eyes`: in order, the rest in the last one."""
    left, found = eyes, list[int]()
    for size in phases:
        found.append(min(size, left))
        left -= found[-1]
    return [*found, left] if left or not found else found
