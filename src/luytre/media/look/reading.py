"""What one picture says. No numpy: the recorder hears it too."""

from __future__ import annotations

from dataclasses import dataclass

from luytre.base.verdicts import Light, Verdict


@dataclass(frozen=True, slots=True)
class Reading:
    """What one picture says. `verdict` None: not sure."""

    verdict: Verdict | None
    light: Light
    score: float = 0.0
    """Part of the reference's structure that is there, 0 to 1."""
    dx: int = 0
    dy: int = 0
    """How far the view has moved, in pixels of 160x90; for `turned`, 0 where it is not known."""
    reference: str = ""
    there: float = 0.0
    """Part of the reference's blocks that have any structure."""
    in_doubt: bool = False
    """Another picture soon would tell."""
