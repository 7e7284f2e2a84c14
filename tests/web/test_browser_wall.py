"""The wall in a browser: groups, the order a person gives it by keys and by dragging, and the way back in time."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.web.house import House, Plan, browser, house, live_tiles, page, until

__all__ = ["browser", "house", "page"]

HOUSE = Plan(names=("Cổng chợ", "Đình làng", "Ngã ba", "Trường học", "Ủy ban"), simulated=5)
NAMES = (
    "[...document.querySelectorAll('.tile')].map(t => [Number(t.style.order) || 0, t.querySelector('.tile-name').textContent])"
)


def names(page: Page) -> list[str]:
    """As the eye meets them."""
    return [name for _order, name in sorted(page.evaluate(NAMES), key=lambda pair: pair[0])]


def test_tiles_are_arranged_by_keys_and_the_order_stays(page: Page, house: House) -> None:
    page.goto(f"{house.web}/wall")
    until(lambda: live_tiles(page) == 5, "all five are live")
    before = names(page)
    page.click("#arrange")
    assert page.evaluate("document.activeElement.matches('.tile:first-child .tile-link')")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert names(page) == [before[1], before[2], before[0], *before[3:]]
    assert f"{before[0]}: vị trí 3" in page.inner_text("#arrange-words")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")  # a tile is no link while it is arranged
    assert page.url.endswith("/wall")
    with page.expect_response("**/wall/order") as kept:
        page.click("#arranged")
    assert kept.value.status == 204
    page.reload()
    until(lambda: len(names(page)) == 5, "the wall is drawn")
    assert names(page) == [before[1], before[2], before[0], *before[3:]]
    page.click("#arrange")
    with page.expect_response("**/wall/order"):
        page.click("#by-name")
    assert names(page) == before


def test_a_tile_is_dragged_and_its_picture_goes_on(page: Page, house: House) -> None:
    page.goto(f"{house.web}/wall")
    until(lambda: live_tiles(page) == 5, "all five are live")
    before = names(page)
    page.click("#arrange")
    first, third = page.locator(".tile").nth(0).bounding_box(), page.locator(".tile").nth(2).bounding_box()
    assert first
    assert third
    page.mouse.move(first["x"] + 40, first["y"] + 40)
    page.mouse.down()
    page.mouse.move(third["x"] + third["width"] / 2, third["y"] + third["height"] / 2, steps=12)
    page.mouse.up()
    assert names(page)[:3] == [before[1], before[2], before[0]]
    position = float(page.evaluate("document.querySelector('.tile video').currentTime"))
    until(lambda: float(page.evaluate("document.querySelector('.tile video').currentTime")) > position + 1, "the picture goes on")
    assert page.url.endswith("/wall")


def test_a_hamlets_cameras_are_a_group_that_can_be_sent_as_a_link(page: Page, house: House) -> None:
    house.luytre("camera", "add", "Cầu Tây", f"rtsp://127.0.0.1:{house.cameras_port}/cam1/main", "--hamlet", "Thôn Tây: bến",
                 "--username", "admin", "--password-stdin", typed="x\n")  # fmt: skip
    page.goto(f"{house.web}/wall")
    until(lambda: len(names(page)) == 6, "the sixth is there")
    page.select_option("#group", label="Thôn Tây: bến")
    assert names(page) == ["Cầu Tây"]
    page.reload()
    until(lambda: names(page) == ["Cầu Tây"], "the group is in the address")
    page.goto(f"{house.web}/wall?group=hamlet:gone")
    until(lambda: len(names(page)) == 6, "a group that is no more shows all")


def test_keys_lead_from_tile_to_tile_and_back_in_time(page: Page, house: House) -> None:
    page.goto(f"{house.web}/wall")
    until(lambda: len(names(page)) >= 5, "the wall is drawn")
    page.keyboard.press("3")
    page.focus(".tile:first-child .tile-link")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('.tile') === document.querySelectorAll('.tile')[3]")
    key = page.evaluate("document.activeElement.href.split('/').pop()")
    page.keyboard.press("?")
    assert page.is_visible("#keys")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    page.wait_for_url("**/playback?*")
    assert f"cameras={key}" in page.url
    assert "at=" in page.url


def test_without_a_network_a_page_says_so_in_plain_words(page: Page, house: House) -> None:
    page.goto(f"{house.web}/wall")
    until(lambda: page.evaluate("navigator.serviceWorker.ready.then(r => r.active.state)") == "activated", "the worker is there")
    page.context.set_offline(True)
    page.goto(f"{house.web}/health")
    assert "Không kết nối được với Lũy Tre" in page.inner_text("h1")
    assert page.evaluate("getComputedStyle(document.querySelector('.btn')).display") != "inline"  # its style is there too
    assert page.evaluate(
        "caches.keys().then(n => caches.open(n[0])).then(c => c.keys()).then(k => k.map(r => new URL(r.url).pathname))"
    )[0] == ("/offline")
    page.context.set_offline(False)
    page.click("a.btn")
    page.wait_for_url("**/wall")
