"""Finding cameras and places by a few words: without accents, by beginnings of words, and past one slip of the finger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from luytre.base.letters import folded_words
from luytre.civic.registry.models import Camera, Hamlet, Site
from luytre.civic.registry.nearby import near
from luytre.civic.registry.order import hamlets_in_order, in_order, name_key

ALIKE = 0.75
SHORTEST_WITH_SLIP = 4
"""A shorter word with a slip in it could be any word."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Something with cameras: a camera alone, a site, a road or a hamlet. `cameras` in the order of their names."""

    kind: str
    name: str
    where: str
    cameras: tuple[Camera, ...]
    score: float = 0.0
    hamlet: Hamlet | None = None


def score(query: Sequence[str], *texts: str) -> float:
    """How well the words are met, 0 for not at all. The first text counts most; each word must be met somewhere."""
    said = [(word, 1.0 / place) for place, text in enumerate(texts, start=1) for word in folded_words(text)]
    scores = [max((_alike(word, other) * weight for other, weight in said), default=0.0) for word in query]
    if not scores or min(scores) <= 0:
        return 0.0
    whole = 1.0 if query == folded_words(texts[0]) else 0.0
    return sum(scores) / len(scores) + whole


def _alike(word: str, other: str) -> float:
    if word == other:
        return 1.0
    if other.startswith(word) and not word.isdigit():
        return 0.8
    if len(word) < SHORTEST_WITH_SLIP or word.isdigit():
        return 0.0
    ratio = SequenceMatcher(None, word, other).ratio()
    return ratio * 0.6 if ratio >= ALIKE else 0.0


def spots(text: str, cameras: Iterable[Camera], most: int) -> list[Spot]:
    """What of these cameras and their places the text names, best first. `cameras` is the person's scope."""
    query = folded_words(text)
    if not query:
        return []
    exact = frozenset(text.casefold().split())
    met = (spot for spot in _all(in_order(cameras), query) if spot.score > 0)
    found = [replace(spot, score=spot.score + _accented(spot, exact)) for spot in met]
    order = {"hamlet": 0, "road": 1, "site": 2, "camera": 3}
    return sorted(found, key=lambda spot: (-round(spot.score, 3), order[spot.kind], name_key(spot.name)))[:most]


def _accented(spot: Spot, exact: frozenset[str]) -> float:
    """Who types `chợ` with its accent means no `chờ`."""
    said = f"{spot.name} {spot.where}".casefold().split()
    return 0.2 * len(exact.intersection(said)) / len(exact)


def _all(cameras: list[Camera], query: list[str]) -> Iterable[Spot]:
    hamlets: dict[Hamlet, list[Camera]] = {}
    sites: dict[Site, list[Camera]] = {}
    roads: dict[str, list[Camera]] = {}
    for camera in cameras:
        site, hamlet = camera.site, camera.site.hamlet
        if hamlet is not None:
            hamlets.setdefault(hamlet, []).append(camera)
        if site.road:
            roads.setdefault(site.road, []).append(camera)
        sites.setdefault(site, []).append(camera)
        where = hamlet.name if hamlet else site.road
        met = score(query, camera.name, site.name, where, site.road)
        yield Spot("camera", camera.name, where, (camera,), met)
    for hamlet in hamlets_in_order(hamlets):
        yield Spot("hamlet", hamlet.name, "", tuple(hamlets[hamlet]), score(query, hamlet.name), hamlet)
    for road, there in roads.items():
        yield Spot("road", road, "", tuple(there), score(query, road))
    for site, there in sites.items():
        if len(there) > 1:  # a site of one camera is that camera
            where = site.hamlet.name if site.hamlet else site.road
            yield Spot("site", site.name, where, tuple(there), score(query, site.name, where))


def with_nearest(spot: Spot, among: Sequence[Camera], most: int) -> list[Camera]:
    """The spot's own cameras, then the nearest to its first one."""
    chosen = [camera for camera in spot.cameras if camera in among][:most]
    if chosen:
        chosen += [camera for camera, _metres in near(chosen[0], among, most * 3) if camera not in chosen]
    return chosen[:most]
