"""H.265 cameras in a browser that cannot show H.265 (Debian's Chromium): the picture is converted, live and in playback."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.web.house import House, Plan, browser, house, live_tiles, moving, page, until

__all__ = ["browser", "house", "page"]
HOUSE = Plan(names=("Cổng chợ", "Ngã tư", "Nhà văn hóa"), simulated=3, codec="h265")
BADGES = ".tile[data-kind=live] .tile-state"


def text(page: Page, selector: str) -> Callable[[], str]:
    return lambda: str(page.evaluate(f"(document.querySelector({selector!r}) || {{}}).textContent || ''"))


def test_this_browser_cannot_show_it(page: Page) -> None:
    assert not page.evaluate("MediaSource.isTypeSupported('video/mp4; codecs=\"hvc1.1.6.L93.B0\"')")


def test_two_are_converted_on_the_wall_and_the_third_says_why_not(page: Page, house: House) -> None:
    page.goto(f"{house.web}/wall")
    until(lambda: live_tiles(page) == 2, "two pictures live")
    refused = page.locator(".tile[data-kind=lost] .tile-cause")
    expect(refused).to_contain_text("chuyển mã đủ số hình")
    assert [badge.endswith("chuyển mã") for badge in page.locator(BADGES).all_inner_texts()] == [True, True]
    until(moving(page, ".tile[data-kind=live] video"), "the picture moves")
    assert page.evaluate("document.querySelector('.tile[data-kind=live] video').videoWidth") > 0


WATCH_BUSY = """setInterval(() => {
  const tile = document.querySelector('.step-tile[data-state=busy]');
  if (!tile) return;
  window.busySaid = tile.querySelector('.step-words').textContent;
  window.busyShown ||= tile.querySelector('img').checkVisibility();
  window.besideBusy = Math.max(window.besideBusy ?? 0, document.querySelectorAll('.step-tile[data-state=footage]').length);
}, 30)"""


def states(page: Page) -> object:
    return page.locator(".step-tile").evaluate_all("tiles => tiles.map((tile) => [tile.dataset.state, tile.textContent])")


def test_a_converter_that_dies_is_told_and_the_picture_comes_back(page: Page, house: House) -> None:
    page.goto(f"{house.web}/wall")
    until(lambda: live_tiles(page) == 2, "two pictures live")
    house.kill_one_converter()
    until(lambda: "bị ngắt giữa chừng" in page.inner_text("main"), "it is told")
    until(lambda: live_tiles(page) == 2, "two again")


def test_playback_converts_and_plays(page: Page, house: House) -> None:
    page.goto(f"{house.web}/playback?cameras={house.keys[0]}&at={int(time.time()) - 8}")
    tile = page.locator(".step-tile")
    expect(tile).to_have_attribute("data-state", "footage", timeout=60_000)
    until(lambda: page.evaluate("document.querySelector('.step-tile video').videoWidth") > 0, "a picture")
    assert text(page, ".step-coded")() == "chuyển mã"
    page.click("#play")
    until(moving(page, ".step-tile video"), "the picture moves")
    assert page.locator(".step-tile .step-words").inner_text() == ""


def test_the_third_camera_in_playback_shows_single_pictures_and_says_why(page: Page, house: House) -> None:
    page.add_init_script(WATCH_BUSY)  # its turn comes as soon as one of the others is done: what it said is noted
    page.goto(f"{house.web}/playback?cameras={','.join(house.keys)}")  # the newest footage, whenever recording began
    until(lambda: "chỉ hiện từng ảnh" in page.evaluate("window.busySaid ?? ''"), "it says why")
    until(lambda: page.evaluate("window.busyShown === true"), "and shows single pictures")
    # a converter's process is started for each piece: on a busy machine that is most of the wait
    shown = page.locator(".step-tile[data-state=footage]")
    until(lambda: shown.count() >= 2, lambda: f"the others are converted: {states(page)}", within_s=150)
    assert page.evaluate("window.besideBusy") <= 2, "no more than two at once beside one that waits"
