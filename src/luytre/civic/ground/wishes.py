"""What a file wants to be on the land: wishes, one a thing, whatever kind of file they came from; and its faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from shapely.geometry.base import BaseGeometry

OSM_SOURCE = "© OpenStreetMap contributors, ODbL 1.0"
"""What its licence asks for; kept with each thing, and shown where they are."""


class Layer(StrEnum):
    PLACES = "places"
    OBSTACLES = "obstacles"
    BOUNDARIES = "boundaries"
    PAST_INCIDENTS = "past_incidents"
    EYES = "eyes"


@dataclass(frozen=True, slots=True)
class Wish:
    """`fields` holds what the file says, by our fields' names, and nothing else: what it does not say stays as it is."""

    number: int
    """Of the thing in its file, from 1."""
    label: str
    """By which people find it in their file: its name, or its id there."""
    layer: str
    geometry: BaseGeometry
    fields: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    """Our own, where the file was ours once."""
    source_id: str = ""


@dataclass(frozen=True, slots=True)
class FileFault:
    """`path` as in the file, such as `features[3].geometry.coordinates[0][2]`; `words` are a sentence, translated."""

    number: int
    label: str
    path: str
    words: str


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a file says. `left_out`: how many things of it are none of ours, or lie elsewhere."""

    wishes: tuple[Wish, ...] = ()
    faults: tuple[FileFault, ...] = ()
    left_out: int = 0
