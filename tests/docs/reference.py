"""Reading the Markdown of `ref/` for the tests: sections, first words of table rows, codes."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_CODE = re.compile(r"`([^`]+)`")


def page(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def sections(text: str) -> dict[str, str]:
    """Second-level headings and what stands below each; code marks are taken off the headings."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return {heading.strip().strip("`"): body for heading, body in zip(parts[1::2], parts[2::2], strict=True)}


def first_cells(text: str) -> list[str]:
    """The first cell of every table row (headings and rules too); `\\|` inside a cell stays."""
    rows = [line for line in text.splitlines() if line.startswith("|")]
    return [re.split(r"(?<!\\)\|", row)[1].strip() for row in rows]


def codes(text: str) -> list[str]:
    return _CODE.findall(text)


def codes_in_first_cells(text: str) -> list[str]:
    return [code for cell in first_cells(text) for code in codes(cell)]
