"""Steps of the journey of evidence, each a page or two."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.web.house import House, follow, until

PICTURE = "[...document.querySelectorAll('.step-tile')].map(tile => tile.dataset.state).join() === 'footage'"


def ask_for_evidence(officer: Page, street: House) -> None:
    """From a mark on the playback page to the request."""
    officer.goto(f"{street.web}/playback?cameras={street.keys[0]}&at={time.time() - 25:.0f}")
    until(lambda: officer.is_visible("#reason"), "the question")
    officer.check("#reason-choices input[value=crime]")
    officer.fill("#reason-reference", "VV 32/2026")
    officer.click("#reason-form button")
    until(lambda: officer.evaluate(PICTURE), "a picture")
    officer.click("#mark-in")
    officer.evaluate("document.activeElement.blur()")
    officer.click("#forward")
    officer.click("#mark-out")
    officer.click("#package")
    officer.wait_for_url("**/evidence/packages/new?*")
    assert officer.input_value("[name=reference]") == "VV 32/2026"
    officer.check("[name=kind][value=full]")
    follow(officer, "main button[type=submit]")


def hand(officer: Page, how: str, number: str) -> None:
    """`how`: `hand` or `back`; without a number it is refused, and what was typed stays."""
    if not officer.is_visible("[name=whom]"):
        officer.click("#handing summary")
        officer.fill("[name=whom]", "Cơ quan CSĐT Công an tỉnh")
    assert officer.input_value("[name=whom]") == "Cơ quan CSĐT Công an tỉnh"
    officer.fill("[name=paper]", number)
    follow(officer, f"button[value={how}]")


def outsider_checks(browser: Browser, street: House, package: Path) -> None:
    """With the page out of the package itself, and with the one that the commune offers; without an account."""
    outsider = browser.new_page()
    with zipfile.ZipFile(package) as archive:
        alone = Path(archive.extract("kiem-tra.html", package.parent))
    for address in (alone.as_uri(), f"{street.web}/kiem-tra-chung-cu"):
        outsider.goto(address)
        outsider.set_input_files("#file", package)
        outsider.wait_for_selector("#result[data-verdict=good]")
    outsider.close()
