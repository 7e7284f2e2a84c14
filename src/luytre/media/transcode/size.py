"""How large a picture is that is coded again."""

from __future__ import annotations

MAX_WIDTH_PX, MAX_HEIGHT_PX = 1280, 720


def even(width_px: int, height_px: int) -> tuple[int, int]:
    """As large as it is, but for a last row or column that is odd."""
    return max(2, width_px & ~1), max(2, height_px & ~1)


def shrunk(width_px: int, height_px: int) -> tuple[int, int]:
    """In proportion, even, within 1280x720, never larger than it was."""
    scale = min(1.0, MAX_WIDTH_PX / width_px, MAX_HEIGHT_PX / height_px)
    return max(2, round(width_px * scale / 2) * 2), max(2, round(height_px * scale / 2) * 2)
