"""From an empty machine to the first picture, and from three words to the minute: the guide and the find box in a browser."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.web.house import CAMERA_PASSWORD, House, Plan, browser, come_in, house, live_tiles, page, until
from tests.web.test_browser_access import AXE

__all__ = ["browser", "house", "page"]

HOUSE = Plan(simulated=2)
SHOTS = os.environ.get("TEST_SHOTS", "")
"""A folder for pictures of the pages, for whoever wants to look."""
TOO_WIDE = """document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML.slice(0, 90)).slice(0, 6)"""
SIZES = {"phone": (390, 844), "desk": (1366, 768)}


def shot(page: Page, name: str) -> None:
    for size, (width, height) in SIZES.items() if SHOTS else ():
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=Path(SHOTS) / f"{name}-{size}.png")
    if SHOTS:
        page.set_viewport_size({"width": 1366, "height": 768})


def test_from_nothing_to_the_first_picture(page: Page, house: House) -> None:
    page.goto(f"{house.web}/start")
    page.fill("#name", "Xã Đông Phú")
    page.fill("#hamlets", "Thôn Đông\nThôn Đoài\nThôn Thượng")
    shot(page, "start-1")
    page.click("main button[type=submit].btn-primary")
    page.wait_for_url("**step=disk")
    assert "35 camera" in page.inner_text("main")
    shot(page, "start-2")
    page.click("main button[type=submit].btn-primary")
    page.wait_for_url("**step=cameras")
    shot(page, "start-3")
    page.click("text=Nhập địa chỉ")
    where = f"rtsp://127.0.0.1:{house.cameras_port}/cam1"
    typed = {
        "name": "Cổng chợ", "main_url": f"{where}/main", "sub_url": f"{where}/sub", "username": "admin",
        "password": CAMERA_PASSWORD,
        "site": "Chợ", "hamlet": "Thôn Đông", "road": "Đường tỉnh 5", "position": "21.0285, 105.8542",
    }  # fmt: skip
    for name, text in typed.items():
        page.fill(f"#id_{name}", text)
    page.click("#try")
    page.wait_for_selector(".tried-picture >> nth=1")
    shot(page, "camera-form")
    page.click("#camera-form button[type=submit].btn-primary")
    page.wait_for_url("**/start")
    until(lambda: live_tiles(page) == 1, "the first picture")
    shot(page, "start-4")
    page.goto(house.web)
    page.wait_for_url("**/wall")


def test_three_words_and_enter(page: Page, house: House) -> None:
    if not page.evaluate("document.querySelector('.tile')"):
        house.add("Cổng chợ", 1)
    house.add("Ngã ba bưu điện", 2)
    page.goto(f"{house.web}/health")
    page.keyboard.press("/")
    page.keyboard.type("cho 0h01 hom nay")
    page.wait_for_selector("#found-side a[role=option]")
    assert "Cổng chợ lúc 00:01" in page.inner_text("#found-side")
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#find-side", "aria-activedescendant") == "found-side-1"
    shot(page, "find")
    page.focus("#find-side")
    page.keyboard.press("Escape")
    assert not page.is_visible("#found-side")
    page.keyboard.press("Control+k")
    page.keyboard.type("buu dien")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cameras/*")
    page.click("#below summary")
    page.wait_for_selector("#camera-health .day-strip")
    shot(page, "camera")


def test_the_new_pages_keep_nobody_out_and_fit(house: House, browser: Browser) -> None:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    come_in(page, house)
    complaints: list[str] = []
    for path in ("/start?step=commune", "/start?step=disk", "/start?step=cameras", "/settings", "/cameras", "/cameras/import",
                 "/cameras/find",
                 "/cameras/find/device?at=10.0.0.5", "/cameras/add", "/find?q=cho", "/health"):  # fmt: skip
        for width, height in SIZES.values():
            page.set_viewport_size({"width": width, "height": height})
            page.goto(house.web + path)
            assert page.evaluate(TOO_WIDE) == [], (path, width)
            complaints += serious_here(page)
        shot(page, path.strip("/").replace("/", "-").partition("?")[0] + "-page")
    context.close()
    assert complaints == []


def serious_here(page: Page) -> list[str]:
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    worst = [rule for rule in found["violations"] if rule["impact"] in ("serious", "critical")]
    return [f"{page.url} {rule['id']}: {node['html'][:200]}" for rule in worst for node in rule["nodes"]]


def test_a_sheet_goes_out_is_shown_and_comes_in(page: Page, house: House, tmp_path: Path) -> None:
    page.goto(f"{house.web}/cameras")
    page.click(".menu.drop summary")
    with page.expect_download() as download:
        page.click("text=Tải về dạng Excel")
    path = tmp_path / "camera.xlsx"
    download.value.save_as(path)
    page.goto(f"{house.web}/cameras/import")
    page.set_input_files("#sheet", path)
    page.click("text=Đọc bảng")
    page.wait_for_selector("text=Giữ nguyên")
    shot(page, "sheet")
    assert page.locator("input[name=plan]").count() == 0


@pytest.mark.parametrize("theme", ["dark"])
def test_the_find_box_in_the_dark_and_on_a_telephone(page: Page, house: House, theme: str) -> None:
    page.context.add_cookies([{"name": "luytre_theme", "value": theme, "url": house.web}])
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{house.web}/cameras")
    page.fill("#find-top", "cong")
    page.wait_for_selector("#found-top a[role=option]")
    box = page.locator("#found-top").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / "find-phone-dark.png")
