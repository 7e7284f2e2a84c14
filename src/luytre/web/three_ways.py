"""Three versions of a form: what it began with, what was typed, what somebody else saved meanwhile."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KeptApart:
    """`typed`: what the form shows now, with `base` as the present; `conflicts`: what others made of the same fields."""

    typed: dict[str, str]
    conflicts: dict[str, str]


def kept_apart(typed: Mapping[str, str], now: Mapping[str, str]) -> KeptApart:
    """`typed` holds the form's own beginning as JSON in `base`; `now`: each field as the form would show it today."""
    shown, base, conflicts = dict(typed), _mapping(typed.get("base", "")), {}
    for name, present in now.items():
        if name not in typed or present == base.get(name, ""):
            continue
        if _alike(typed[name], base.get(name, "")):
            shown[name] = present
        elif not _alike(typed[name], present):
            conflicts[name] = present
    shown["base"] = json.dumps(dict(now), ensure_ascii=False)
    return KeptApart(shown, conflicts)


def _alike(one: str, other: str) -> bool:
    """Browsers send lines with their own ends."""
    return one.split() == other.split()


def _mapping(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}
