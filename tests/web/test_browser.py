"""Journeys in Chromium over the whole product: `luytre serve`, its recorder, and cameras of `luytre simulate`.

Needs the pages built (`make setup`) and Debian's chromium.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page

from tests.web.house import CAMERA_PASSWORD, House, browser, house, live_tiles, page, until

__all__ = ["browser", "house", "page"]


def add_by_form(page: Page, house: House, name: str, number: int, password: str = CAMERA_PASSWORD) -> None:
    page.goto(f"{house.web}/cameras/add")
    page.fill("#id_name", name)
    page.fill("#id_hamlet", "Thôn Đông")
    page.fill("#id_main_url", f"rtsp://127.0.0.1:{house.cameras_port}/cam{number}/main")
    page.fill("#id_sub_url", f"rtsp://127.0.0.1:{house.cameras_port}/cam{number}/sub")
    page.fill("#id_username", "admin")
    page.fill("#id_password", password)


def test_from_nothing_to_a_wall_playback_and_a_clip(page: Page, house: House, tmp_path: Path) -> None:
    page.get_by_role("link", name="Thêm camera").first.click()
    add_by_form(page, house, 'Cổng chợ <b>"1"</b>', 1, password="wrong")
    page.click("#try")
    page.wait_for_selector("#tried .text-danger")
    assert "không chấp nhận tên đăng nhập hoặc mật khẩu" in page.inner_text("#err-password")
    assert page.input_value("#id_name") == 'Cổng chợ <b>"1"</b>'
    assert page.input_value("#id_password") == "wrong"
    page.fill("#id_password", CAMERA_PASSWORD)
    page.click("#try")
    page.wait_for_selector(".tried-picture >> nth=1")
    assert page.evaluate("document.querySelector('.tried-picture').naturalWidth") > 100
    assert page.inner_text("#err-password") == ""
    page.click("button[type=submit].btn-primary")
    page.wait_for_url("**/cameras")
    for number in (2, 3):
        add_by_form(page, house, f"Ngã ba {number}", number)
        page.click("button[type=submit].btn-primary")
        page.wait_for_url("**/cameras")

    page.goto(f"{house.web}/wall")
    until(lambda: live_tiles(page) == 3, "three live tiles")
    assert page.inner_text(".tile-name >> nth=0") == 'Cổng chợ <b>"1"</b>'
    first = page.evaluate("document.querySelector('.tile video').currentTime")
    until(lambda: page.evaluate("document.querySelector('.tile video').currentTime") > first + 1, "the picture moves")

    page.click(".tile >> nth=0")
    page.wait_for_url("**/cameras/*")
    until(lambda: live_tiles(page) == 1, "the main picture")
    assert page.evaluate("document.querySelector('.tile video').videoWidth") == 640

    page.get_by_role("link", name="Xem lại").last.click()
    page.wait_for_url("**/playback*")
    until(lambda: page.evaluate("document.querySelector('.step-tile video').readyState >= 2"), "a picture of the past")
    page.click("#mark-in")
    page.click("#play")
    before = page.inner_text("#now-shown")
    until(lambda: page.inner_text("#now-shown") > before, "time goes on")
    page.click("#mark-out")
    with page.expect_download() as download:
        page.click("#export")
    clip = tmp_path / "clip.mp4"
    download.value.save_as(clip)
    assert b"ftyp" in clip.read_bytes()[:16]
    assert CAMERA_PASSWORD not in page.content()


def test_the_wall_comes_back_after_recorder_and_web_were_killed(page: Page, house: House) -> None:
    until(lambda: live_tiles(page) == 3, "three live tiles")
    os.kill(house.child("luytre.media.recorder"), signal.SIGKILL)
    until(lambda: page.evaluate("document.querySelectorAll('.tile[data-kind=lost]').length") == 3, "tiles say that it is lost")
    assert "Mất kết nối với máy ghi" in page.inner_text(".tile-words >> nth=0")
    until(lambda: live_tiles(page) == 3, "pictures are back by themselves")
    os.kill(house.child("luytre.web"), signal.SIGKILL)
    first = page.evaluate("document.querySelector('.tile video').currentTime")
    until(
        lambda: page.evaluate("document.querySelector('.tile video').currentTime") > first + 3, "pictures go on without the web"
    )
    assert live_tiles(page) == 3
    until(lambda: up(page, house), "the web is back")


def up(page: Page, house: House) -> bool:
    try:
        return page.request.get(f"{house.web}/alive").ok
    except Error:
        return False


def test_a_time_is_typed_as_people_write_it(page: Page, house: House) -> None:
    page.goto(f"{house.web}/playback")
    page.fill("#when", "hôm kia 9h")
    page.press("#when", "Enter")
    until(lambda: "09:00:00" in page.inner_text("#now-shown"), "goes there")
    until(lambda: "Không có hình" in page.inner_text("#stage-words"), "says that there is none")
    assert int(page.url.rpartition("at=")[2]) % 86_400 == 2 * 3600
    page.fill("#when", "lúc nào đó")
    page.press("#when", "Enter")
    until(lambda: "Không hiểu thời điểm này" in page.inner_text("#when-error"), "says that it is not understood")


def test_the_english_switch_reaches_the_scripts(page: Page, house: House) -> None:
    page.click(".menu.up summary")
    page.get_by_role("button", name="English").click()
    page.wait_for_load_state()
    until(lambda: live_tiles(page) >= 1, "live")
    assert page.inner_text(".tile[data-kind=live] .tile-state >> nth=0") == "Live"
    page.click(".menu.up summary")
    page.get_by_role("button", name="Tiếng Việt").click()


@pytest.mark.parametrize("width_px", [390, 1366, 3840])
def test_nothing_is_wider_than_the_screen(page: Page, house: House, width_px: int) -> None:
    page.set_viewport_size({"width": width_px, "height": 844 if width_px == 390 else width_px * 9 // 16})
    for path in ("/wall", "/playback", "/cameras", "/cameras/add", "/health"):
        page.goto(house.web + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
