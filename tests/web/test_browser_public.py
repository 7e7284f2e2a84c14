"""In a browser: the sign is printed at the station, and a telephone in the street opens what its code says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.civic.test_notice import codes
from tests.web.house import House, Plan, browser, follow, house, page
from tests.web.test_browser_access import SIZES, serious

__all__ = ["browser", "house", "page"]

PUBLIC = "https://camera.xa.example"
HOUSE = Plan(names=("Cổng chợ", "Ngã ba"), simulated=2, settings={"LUYTRE_PUBLIC_URL": PUBLIC})


@pytest.fixture(params=sorted(SIZES))
def passer_by(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """Without an account; the content policy is set aside for axe alone."""
    context = browser.new_context(viewport=SIZES[request.param], bypass_csp=True)
    yield context.new_page()
    context.close()


def approve_the_proposal(page: Page, house: House) -> None:
    page.goto(f"{house.web}/settings")
    page.fill("#name", "Xã An Bình")
    follow(page, "input[value=commune] ~ button[type=submit]")
    page.goto(f"{house.web}/regulation")
    page.click("button[value=proposal]")
    page.wait_for_url("**/regulation/draft")
    follow(page, "a[href='/regulation/draft/approve']")
    page.click("main button[type=submit]")
    page.wait_for_url("**/regulation")


def test_from_the_station_s_printer_to_a_telephone(page: Page, passer_by: Page, house: House, tmp_path: Path) -> None:
    page.goto(f"{house.web}/cameras/signs")
    if "Chưa có quy chế sử dụng nào có hiệu lực" in page.inner_text("main"):  # the first of the two
        assert not page.locator("a[href$='/sign/a4']").count()
        approve_the_proposal(page, house)
    page.goto(f"{house.web}/cameras/{house.keys[0]}")
    page.click("a[href^='/cameras/signs']")
    with page.expect_download() as found:
        page.click("main a[href$='/sign/a4']")
    found.value.save_as(tmp_path / "sign.pdf")
    [address] = codes((tmp_path / "sign.pdf").read_bytes())
    assert address.startswith(f"{PUBLIC}/camera-nay/")

    passer_by.goto(address.replace(PUBLIC, house.web))
    said = passer_by.inner_text("main")
    assert "Công an xã An Bình" in said
    assert "15 ngày" in said
    assert passer_by.context.cookies() == []
    assert serious(passer_by) == []
    assert passer_by.evaluate("document.documentElement.scrollWidth <= innerWidth")
    passer_by.click("text=English")
    assert "Who runs it" in passer_by.inner_text("main")
    assert serious(passer_by) == []
    passer_by.goto(f"{house.web}/camera-nay/khongco0")
    assert "Không có camera nào mang mã này" in passer_by.inner_text("main")
    assert serious(passer_by) == []
