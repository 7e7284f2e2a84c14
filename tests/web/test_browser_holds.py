"""In a browser: the head holds footage from playback, retention passes by it, it is renewed and lifted; the auditor finds all. An
owner signs, sees a use of the camera, withdraws, and the recorder stops."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from luytre.civic.regulations.bounds import LONGEST_HOLD_DAYS
from tests.web.house import PASSWORD, House, Plan, browser, come_in, follow, house, live_tiles, page, until
from tests.web.test_browser_access import SIZES, serious
from tests.web.test_browser_playback import HERE, STATES, inside

__all__ = ["browser", "house", "page"]

NAMES = ("Cổng chợ", "Ngã ba")
HOUSE = Plan(names=NAMES, simulated=2)
NUMBER = "12/VV-2026"


def rows(house: House, where: str, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{house.folder / where}?mode=ro", uri=True, timeout=10)) as db:
        return db.execute(statement).fetchall()


def footage(house: House) -> dict[str, int]:
    """Bytes of each camera that the archive has."""
    asked = "SELECT t.camera, coalesce(sum(r.bytes), 0) FROM stream t LEFT JOIN run r ON r.stream_id = t.id GROUP BY t.camera"
    return {str(key): int(str(size)) for key, size in rows(house, "archive/index.sqlite3", asked)}


def keep_almost_nothing(house: House) -> None:
    """A byte of each camera's footage, as a commune with far too small a disk would set it: retention is due at once."""
    with closing(sqlite3.connect(house.folder / "luytre.sqlite3", timeout=10)) as db, db:
        db.execute("UPDATE registry_camera SET retention_bytes = 1")


@pytest.fixture
def auditor(house: House, browser: Browser) -> Iterator[Page]:
    house.luytre("user", "add", "giamsat", "--role", "auditor", "--password-stdin", typed=f"{PASSWORD}\n")
    context = browser.new_context(viewport=SIZES["desk"])
    opened = context.new_page()
    opened.goto(house.web)
    opened.fill("#id_login", "giamsat")
    opened.fill("#id_password", PASSWORD)
    opened.click("button[type=submit].btn-primary")
    opened.wait_for_url("**/audit")
    yield opened
    context.close()


def test_held_from_playback_passed_by_renewed_lifted_and_found(page: Page, auditor: Page, house: House, tmp_path: Path) -> None:
    held, other = house.keys
    until(lambda: all(footage(house).get(key, 0) > 200_000 for key in house.keys), "footage of both", within_s=120)

    page.goto(f"{house.web}/playback?cameras={held}")
    until(lambda: page.evaluate(STATES) == ["footage"], "a picture")
    assert page.is_disabled("#hold")
    page.click("#minute-back")
    page.click("#mark-in")
    page.click("#minute-forward")
    page.click("#mark-out")
    page.screenshot(path=tmp_path / "playback.png")
    page.click("#hold")
    page.wait_for_url("**/holds/new?*")
    assert page.is_visible(f"input[name=cameras][value='{held}']")
    assert page.is_checked(f"input[name=cameras][value='{held}']")
    assert not page.is_checked(f"input[name=cameras][value='{other}']")
    page.click("main button[type=submit].btn-primary")
    assert page.inner_text("#err-reference")  # told at its field; the span is as it was marked
    start, end = (datetime.strptime(page.input_value(box), "%d/%m/%Y %H:%M:%S") for box in ("#id_start", "#id_end"))  # noqa: DTZ007
    assert 30 <= (end - start).total_seconds() <= 120
    page.fill("#id_reference", NUMBER)
    page.fill("#id_reason", "Mất xe máy trước cổng chợ")
    page.click("main button[type=submit].btn-primary")
    page.wait_for_url(re.compile(r"/holds/[0-9a-z]{10}$"))
    address = page.url
    assert "Đã giữ hình" in page.inner_text("main")
    assert "máy ghi đang giữ, không xóa" in page.inner_text("main")

    for key in house.keys:  # what is recorded now closes its files
        page.goto(f"{house.web}/cameras")
        page.locator(f"form[action='/cameras/{key}/switch'] button").click()
    keep_almost_nothing(house)
    until(lambda: footage(house)[other] == 0, "the footage that nobody holds is erased", within_s=90)
    assert footage(house)[held] > 0

    page.goto(address)
    page.fill("#id_reason", "Viện kiểm sát còn cần")
    last = f"{datetime.now(HERE) + timedelta(days=LONGEST_HOLD_DAYS):%d/%m/%Y}"
    page.fill("#id_last_day", last)
    page.click("form[action$='/renew'] button")
    assert "Đã gia hạn" in page.inner_text("main")
    assert last in page.inner_text("main")

    auditor.click(".side-nav a[href='/erased']")
    lines = auditor.inner_text("main table")
    assert NAMES[1] in lines
    assert NAMES[0] not in lines
    assert "Camera đã dùng hết dung lượng được cấp" in lines
    for size in ("phone", "desk"):
        auditor.set_viewport_size(SIZES[size])
        auditor.screenshot(path=tmp_path / f"erased-{size}.png", full_page=True)
        assert auditor.evaluate("document.documentElement.scrollWidth <= innerWidth"), size
    auditor.click(".side-nav a[href='/holds']")
    auditor.click(f"text={NUMBER}")
    said = auditor.inner_text("main")
    for words in ("Mất xe máy trước cổng chợ", "Viện kiểm sát còn cần", "Bắt đầu giữ", "Gia hạn giữ", NAMES[0]):
        assert words in said, words
    assert not auditor.locator("main form").count()

    page.fill("#id_why", "Vụ việc đã xử xong")
    page.click("form[action$='/lift'] button")
    assert "Đã bỏ giữ" in page.inner_text("main")
    until(lambda: footage(house)[held] == 0, "what was held has been kept as long as any other", within_s=90)
    auditor.goto(f"{house.web}/audit")
    auditor.click("form[action='/audit/verify'] button")
    assert "Nguyên vẹn" in auditor.inner_text("main")


def free_floor(house: House, floor_bytes: int) -> None:
    """How much the commune wants left free on the disk."""
    with closing(sqlite3.connect(house.folder / "luytre.sqlite3", timeout=10)) as db, db:
        db.execute(
            "INSERT INTO registry_commune (id, name, retention_days, free_floor_bytes) VALUES (1, '', 30, ?)"
            " ON CONFLICT (id) DO UPDATE SET free_floor_bytes = excluded.free_floor_bytes", [floor_bytes],
        )  # fmt: skip
        db.execute("UPDATE registry_camera SET retention_bytes = NULL, enabled = 1")


def test_where_held_footage_fills_the_disk_nothing_goes_and_the_pages_say_what_helps(page: Page, house: House) -> None:
    usual = 5 * 1024**3
    free_floor(house, usual)
    key = house.keys[0]
    until(lambda: footage(house).get(key, 0) > 200_000, "footage", within_s=120)
    page.goto(f"{house.web}/holds/new?cameras={','.join(house.keys)}")
    page.fill("#id_reference", "77/VV")
    page.fill("#id_reason", "Vụ việc lớn")
    page.fill("#id_start", "1 giờ trước")
    page.fill("#id_end", f"{datetime.now(HERE):%d/%m/%Y %H:%M:%S}")
    page.click("main button[type=submit].btn-primary")
    page.wait_for_url(re.compile(r"/holds/[0-9a-z]{10}$"))
    address, had = page.url, footage(house)[key]
    page.goto(f"{house.web}/health")
    free_floor(house, 10**17)  # more than any disk has: as if it were full
    page.wait_for_selector("text=Hình được giữ đã chiếm hết ổ đĩa", timeout=90_000)
    assert footage(house)[key] >= had
    page.click("main a[href='/holds']")
    assert "bỏ giữ các lượt của vụ việc đã xong" in page.inner_text("main")
    page.goto(address)
    page.fill("#id_why", "đã trích xuất xong")
    page.click("form[action$='/lift'] button")
    until(lambda: footage(house)[key] < had, "what is held no longer makes room", within_s=90)
    free_floor(house, usual)
    page.goto(f"{house.web}/health")
    page.wait_for_selector("text=Ổ đĩa tốt", timeout=90_000)


@pytest.mark.parametrize("size", sorted(SIZES))
def test_axe_finds_nothing_serious_and_a_telephone_is_wide_enough(
    browser: Browser, house: House, size: str, tmp_path: Path
) -> None:
    context = browser.new_context(viewport=SIZES[size], bypass_csp=True)
    page = context.new_page()
    come_in(page, house)
    for number, days in ((1, 3), (2, 60)):
        page.goto(f"{house.web}/holds/new?cameras={house.keys[0]}")
        page.fill("#id_reference", f"{number}/KT-{size}")
        page.fill("#id_reason", "Kiểm tra trang")
        page.fill("#id_start", "2 giờ trước")
        page.fill("#id_end", "1 giờ trước")
        page.fill("#id_last_day", f"{datetime.now(HERE) + timedelta(days=days):%d/%m/%Y}")
        page.click("main button[type=submit].btn-primary")
        page.wait_for_url(re.compile(r"/holds/[0-9a-z]{10}$"))
    one = page.url
    for address in (
        "/holds",
        "/holds?state=lifted",
        "/holds/new",
        "/playback",
        one.removeprefix(house.web),
        "/erased",
        "/health",
        "/wall",
        "/audit",
    ):
        page.goto(f"{house.web}{address}")
        if address in ("/health", "/wall"):
            page.wait_for_selector(f"text=1/KT-{size}")
        assert serious(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        page.screenshot(path=tmp_path / f"{size}{address.replace('/', '-').replace('?', '-')}.png", full_page=True)
    context.close()


TO_A_HOUSEHOLD = """
from luytre.bridge.django import start_django
start_django()
from luytre.civic.registry.models import Eye
Eye.objects.filter(camera__key=key).update(owner_kind="household")
"""
SWITCHED_OFF = """
from luytre.bridge.django import start_django
start_django()
from luytre.web.ports import ports
print({one.state for one in ports().recorder.status("vi").streams if one.camera == key})
"""


def test_an_owner_signs_at_the_meeting_sees_a_use_withdraws_and_the_recorder_stops(
    page: Page, browser: Browser, house: House, tmp_path: Path
) -> None:
    """A finger on the screen; in force; watched; told to the owner by a link; withdrawn: closed within 30 s, the use stays."""
    name, key = NAMES[1], house.keys[1]
    inside(house, f"key = {key!r}\n{TO_A_HOUSEHOLD}")
    page.set_viewport_size(SIZES["phone"])
    page.goto(f"{house.web}/owners")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    follow(page, f"text={name}")
    follow(page, "a[href$='/agree']")
    page.fill("[name=owner_name]", "Nguyễn Thị Mận")
    page.check("[name=tier][value=live]")
    page.fill("[name=days]", "7")
    page.screenshot(path=tmp_path / "terms.png", full_page=True)
    follow(page, "button[value=show]")
    assert "BẢN THỎA THUẬN GÓP CAMERA" in page.inner_text("main")
    field = page.locator("#sign")
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(box["x"] + 30 + 25 * step, box["y"] + 60 + (20 if step % 2 else -20))
    page.mouse.up()
    page.screenshot(path=tmp_path / "text.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    follow(page, "button[value=sign]")
    assert "thỏa thuận đang có hiệu lực" in page.inner_text("main").lower()
    page.screenshot(path=tmp_path / "owner.png", full_page=True)
    follow(page, "form[action$='/link'] button")
    link = page.input_value("#address")
    page.set_viewport_size(SIZES["desk"])
    page.goto(f"{house.web}/wall")
    until(lambda: live_tiles(page) == 2, "both cameras live")

    context = browser.new_context(viewport=SIZES["phone"], bypass_csp=True)
    owner = context.new_page()
    owner.goto(link)
    assert name not in owner.inner_text("main")
    assert serious(owner) == []
    follow(owner, "button[value=open]")
    assert "Xem trực tiếp" in owner.inner_text("main")
    assert serious(owner) == []
    assert owner.evaluate("document.documentElement.scrollWidth <= innerWidth")
    owner.screenshot(path=tmp_path / "mine.png", full_page=True)
    owner.click("summary:has-text('Rút')")
    follow(owner, "button[value=withdraw]")
    until(lambda: live_tiles(page) == 1, "the watcher's picture ends", within_s=30)
    assert inside(house, f"key = {key!r}\n{SWITCHED_OFF}").strip() == "{'disabled'}"
    said = owner.inner_text("main")
    assert "Đã rút" in said
    assert "Xem trực tiếp" in said
    assert context.cookies() == []
    owner.goto(f"{house.web}/gop-mat")
    assert serious(owner) == []
    context.close()
    page.goto(f"{house.web}/owners?standing=withdrawn")
    assert name in page.inner_text("main")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=tmp_path / "owners.png", full_page=True)
