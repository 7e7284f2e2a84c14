"""What is done on the page where regions are drawn."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page


def boxes(page: Page) -> list[list[list[float]]]:
    found: list[list[list[float]]] = json.loads(page.input_value("#tracks"))
    return found


def dragged(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Over the picture, in fractions of it."""
    around: Any = page.locator("#stage").bounding_box()
    places = [(around["x"] + x * around["width"], around["y"] + y * around["height"]) for x, y in (start, end)]
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(*places[1], steps=4)
    page.mouse.up()
