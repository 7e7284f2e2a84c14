"""What happens to a page that is open while something is taken away, restarted or runs out."""

from __future__ import annotations

import json
import os
import signal
import time

import pytest
from playwright.sync_api import Browser, Page

from tests.web.house import House, Plan, browser, come_in, house, live_tiles, moving, page, until
from tests.web.test_browser import up
from tests.web.test_browser_access import serious

__all__ = ["browser", "house", "page"]

LIFETIME_S = 10
SHOWS_FOOTAGE = """(tile => {
  const [video, small] = [tile.querySelector('video'), tile.querySelector('img')];
  const bridged = !small.hidden && small.naturalWidth > 0 && tile.querySelector('.step-words').textContent !== '';
  return tile.dataset.state === 'footage' && (video.readyState >= 2 || bridged);
})(document.querySelector('.step-tile'))"""
"""The picture of the moment; where the camera stumbled, the small one over it and words why."""
QUOTES = "Nhà ông \"Ba\" <script>alert('x')</script> & 'Bảy'"
HOUSE = Plan(settings={"LUYTRE_TOKEN_LIFETIME_S": str(LIFETIME_S)}, names=("Cổng chợ", QUOTES, "Ngã ba"))


@pytest.fixture
def watching(page: Page) -> Page:
    until(lambda: live_tiles(page) >= 2, "live tiles")
    return page


def closings(page: Page) -> list[str]:
    """From now on: the live connections of this page that end."""
    found: list[str] = []
    page.on("websocket", lambda socket: socket.on("close", lambda _socket: found.append(socket.url.partition("?")[0])))
    return found


def test_a_page_stays_open_longer_than_a_token_lives(house: House, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    ended = closings(page)
    come_in(page, house)
    until(lambda: live_tiles(page) == 3, "three live tiles")
    began = time.monotonic()
    while time.monotonic() - began < 2 * LIFETIME_S:
        until(moving(page), "the picture goes on")
    assert live_tiles(page) == 3
    assert ended == []
    page.goto(f"{house.web}/playback?camera={house.keys[0]}")
    until(lambda: page.evaluate("document.querySelector('.step-tile video').readyState >= 2"), "a picture of the past")
    page.click("#forward")  # away from the footage's first moment: before it there is no picture to be had
    began = time.monotonic()
    while time.monotonic() - began < 1.5 * LIFETIME_S:
        for button in ("#forward", "#back"):
            page.click(button)
            until(lambda: page.evaluate(SHOWS_FOOTAGE), "still a picture, or the small one where the camera stumbled")
    context.close()


def test_names_are_only_ever_text(watching: Page, house: House) -> None:
    assert QUOTES in [tile.inner_text() for tile in watching.locator(".tile-name").all()]
    for path in (
        "/cameras",
        "/health",
        f"/cameras/{house.keys[1]}",
        f"/playback?camera={house.keys[1]}",
        f"/cameras/{house.keys[1]}/remove",
    ):
        watching.goto(house.web + path)
        assert QUOTES in watching.inner_text("body"), path
        assert watching.locator("main script:not([type='application/json'])").count() == 0
    watching.goto(f"{house.web}/cameras/{house.keys[1]}/edit")
    assert watching.input_value("#id_name") == QUOTES


def test_the_web_is_killed_and_nothing_is_missing_from_the_footage(watching: Page, house: House) -> None:
    recorder = house.child("luytre.media.recorder")
    os.kill(house.child("luytre.web"), signal.SIGKILL)
    until(moving(watching), "pictures go on")
    until(lambda: up(watching, house), "the web is back")
    until(moving(watching), "pictures still go on")
    assert house.child("luytre.media.recorder") == recorder
    for key in house.keys:
        said = json.loads(house.timeline(key))
        assert said, key
        assert "gaps" in json.dumps(said)
        assert [gap for gap in gaps_of(said) if gap["reason"] != "not_started"] == []


def gaps_of(said: object) -> list[dict[str, str]]:
    """All gaps anywhere in the answer."""
    if isinstance(said, list):
        return [gap for item in said for gap in gaps_of(item)]
    if isinstance(said, dict):
        return [*said.get("gaps", []), *(gap for name, item in said.items() if name != "gaps" for gap in gaps_of(item))]
    return []


def test_pages_are_there_without_the_recorder(watching: Page, house: House) -> None:
    recorder = house.child("luytre.media.recorder")
    os.kill(recorder, signal.SIGSTOP)  # there, but does not answer
    try:
        for path, selector in (("/health", "#health .alert"), ("/cameras", ".alert")):
            watching.goto(house.web + path)
            assert watching.locator(selector, has_text="Máy ghi").count() == 1
        assert watching.locator("td.first").count() == 3
        watching.goto(f"{house.web}/health")
        watching.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
        until(lambda: serious(watching, "color-contrast") == [], "colours of the dark, when they have turned")
        watching.goto(f"{house.web}/playback?camera={house.keys[0]}")
        assert watching.is_visible("#timeline")
    finally:
        os.kill(recorder, signal.SIGCONT)
    watching.goto(f"{house.web}/wall")
    until(lambda: live_tiles(watching) == 3, "all is well again")


def test_a_camera_is_removed_while_somebody_watches(watching: Page, house: House) -> None:
    until(lambda: live_tiles(watching) == 3, "three live tiles")
    house.luytre("camera", "remove", house.keys[2], "--yes")
    words = "document.querySelector('.tile[data-kind=lost] .tile-words')?.innerText ?? ''"
    until(lambda: "đã ngừng sử dụng" in watching.evaluate(words), "its tile says so")
    began = time.monotonic()
    while time.monotonic() - began < 1.5 * LIFETIME_S:  # the next token is refused for it, and given for the others
        until(moving(watching), "the others go on")
    assert live_tiles(watching) == 2
    assert "Ngã ba" in watching.inner_text("#wall-state")
    watching.reload()
    until(lambda: live_tiles(watching) == 2, "gone from the wall")
    assert watching.locator(".tile").count() == 2
