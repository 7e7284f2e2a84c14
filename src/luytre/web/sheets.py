"""What all spreadsheets that pages hand out have in common."""

from __future__ import annotations

SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(text: str) -> str:
    """A text that no program takes for a formula when the sheet is opened."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
