"""In a browser: a sheet of eyes put right and brought in, an eye's history, a file done by the jobs' process, and axe."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.civic.ground.shapes import square
from tests.civic.ground.test_bring_in import collection, feature
from tests.web.house import DEADLINE_S, House, Plan, browser, come_in, follow, house, page
from tests.web.test_browser_access import SIZES, serious
from tests.web.test_browser_playback import inside
from tests.web.test_eye_sheets import ROW, book

__all__ = ["browser", "house", "page"]

HOUSE = Plan(simulated=1)
LAND = f"""
from luytre.bridge.django import start_django
start_django()
from datetime import UTC, datetime
from luytre.civic.ground.land import save_boundary
from luytre.civic.registry.models import Hamlet
save_boundary(None, Hamlet.objects.create(name="Thôn Đông"), {square(side_m=3000)!r}, "địa chính", datetime.now(UTC))
"""


@pytest.fixture(params=sorted(SIZES))
def unguarded(request: pytest.FixtureRequest, house: House, browser: Browser) -> Iterator[Page]:
    """The content policy is set aside for axe alone."""
    context = browser.new_context(viewport=SIZES[request.param], bypass_csp=True)
    opened = context.new_page()
    come_in(opened, house)
    yield opened
    context.close()


def hand_in(page: Page, name: str, content: bytes, button: str) -> None:
    page.set_input_files("main input[type=file]", {"name": name, "mimeType": "application/octet-stream", "buffer": content})
    follow(page, f"main button:has-text('{button}')")


def test_a_sheet_is_put_right_brought_in_and_an_eye_keeps_its_history(page: Page, house: House) -> None:
    inside(house, LAND)
    row = ROW | {"position": "21.0301, 105.8501"}
    page.goto(f"{house.web}/eyes/import")
    hand_in(page, "mat.xlsx", book(row, {"name": "Mắt xa", "position": "21.3, 105.85"}), "Đọc bảng")
    assert "cách xã 2" in page.inner_text("main .error")
    assert page.locator("main button:has-text('Ghi')").count() == 0
    page.click("main a:has-text('Chọn bảng khác')")
    hand_in(page, "mat.xlsx", book(row, {"name": "Mắt gần", "position": "21.031, 105.85"}), "Đọc bảng")
    page.click("main button:has-text('Ghi')")
    page.wait_for_url("**/eyes")
    page.click("main a:has-text('Cổng làng')")
    page.click("a:has-text('Sửa')")
    page.fill("#id_bearing_deg", "120,5")
    page.fill("#id_height_m", "900")
    page.click("main button[type=submit]")
    assert "0 đến 100" in page.inner_text("#err-height_m")
    assert page.input_value("#id_bearing_deg") == "120,5"
    page.fill("#id_height_m", "4,5")
    page.click("main button[type=submit]")
    assert "Hướng nhìn: 90,5° → 120,5°" in page.inner_text("main")


def test_a_large_file_is_brought_in_by_the_jobs_process_while_the_page_tells(page: Page, house: House) -> None:
    """More than a megabyte of buildings: the queue's worker looks at it and does it."""
    rows, note = 60, "x" * 600
    tagged = [
        feature(square(east * 20 - 600, north * 20 - 600, 10), building="house", note=note) | {"id": f"way/{east * rows + north}"}
        for east in range(rows) for north in range(30)
    ]  # fmt: skip
    page.goto(f"{house.web}/ground/import")
    page.check("input[value='osm']")
    content = collection(*tagged)
    assert len(content) > 1_000_000
    hand_in(page, "nha.geojson", content, "Đọc tệp")
    page.wait_for_selector("main button:has-text('Nhập')", timeout=DEADLINE_S * 1000)
    assert "1800 thêm mới" in page.inner_text("main")
    page.click("main button:has-text('Nhập')")
    page.wait_for_selector("main :text('Đã nhập: thêm 1800')", timeout=DEADLINE_S * 1000)
    assert "OpenStreetMap contributors" in page.inner_text("main")
    with page.expect_download() as download:
        page.evaluate("location.href = '/ground/obstacles.geojson'")
    kept = json.loads(Path(download.value.path()).read_bytes())
    assert len(kept["features"]) == 1800


def test_no_page_of_the_register_keeps_anybody_out(unguarded: Page, house: House) -> None:
    page = unguarded
    made = feature(square(side_m=40), kind="market", name="Chợ Cả")
    page.goto(f"{house.web}/ground/import?kind=places")
    hand_in(page, "cho.geojson", collection(made, feature(square(), kind="?", name="Sai")), "Đọc tệp")
    complaints = serious(page)
    page.goto(f"{house.web}/ground/import?kind=places")
    hand_in(page, "cho.geojson", collection(made), "Đọc tệp")
    if page.locator("main button:has-text('Nhập')").count():
        follow(page, "main button:has-text('Nhập')")
        complaints += serious(page)
    for path in ("/eyes", "/eyes/add", "/eyes/import", "/places", "/places/add", "/ground/import"):
        page.goto(f"{house.web}{path}")
        complaints += serious(page)
    for listing in ("/eyes", "/places"):
        page.goto(f"{house.web}{listing}")
        follow(page, "main td.first a >> nth=0")
        complaints += serious(page)
        follow(page, "a:has-text('Sửa')")
        complaints += serious(page)
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert beyond <= 0, page.url
    assert complaints == []
