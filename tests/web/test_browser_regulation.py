"""In a browser: the head drafts the usage regulation, changes days and hours, compares, approves and prints it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from tests.web.house import House, Plan, browser, come_in, house, page
from tests.web.test_browser_access import serious

__all__ = ["browser", "house", "page"]

HOUSE = Plan(names=("Cổng chợ",), simulated=1)


@pytest.fixture
def unguarded(house: House, browser: Browser) -> Iterator[Page]:
    """A telephone that lets axe in (the content policy is set aside for it alone)."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, bypass_csp=True)
    opened = context.new_page()
    come_in(opened, house)
    yield opened
    context.close()


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def printed(page: Page, kind: str, folder: Path) -> str:
    """What stands on the paper, without spaces."""
    with page.expect_download() as found:
        page.click(f"a[href$='/paper/{kind}']")
    target = folder / f"paper.{kind}"
    found.value.save_as(target)
    if kind == "docx":
        return squeezed("".join(paragraph.text for paragraph in Document(str(target)).paragraphs))
    return squeezed("".join(one.extract_text() for one in PdfReader(target).pages))


def test_the_head_drafts_compares_approves_and_prints(page: Page, house: House, tmp_path: Path) -> None:
    page.click(".side-nav a[href='/regulation']")
    assert "Chưa có quy chế nào có hiệu lực" in page.inner_text("main")
    page.click("button[value=proposal]")
    page.wait_for_url("**/regulation/draft")

    page.click("a[href='/regulation/draft/kept']")
    page.fill("#id_residential", "")
    page.click("main button[type=submit]")
    assert page.inner_text("#err-residential")  # told at its field, and the rest stays as typed
    page.fill("#id_residential", "7")
    page.click("main button[type=submit]")
    page.wait_for_url("**/regulation/draft")

    page.click("a[href='/regulation/draft/rights']")
    page.fill("#id_hours-security_team-live", "20:00-05:00")
    page.click("main button[type=submit]")
    page.wait_for_url("**/regulation/draft")

    page.click("a[href='/regulation/draft/approve']")
    changes = page.inner_text("main table")
    assert "30 ngày\t7 ngày" in changes
    assert "20:00–05:00" in changes
    assert "Hình của 1 camera sẽ bị xóa bớt" in page.inner_text("main")
    assert "Cổng chợ: 30 → 7 ngày" in page.inner_text("main")
    page.click("main button[type=submit]")
    page.wait_for_url("**/regulation")
    assert "Bản số 1, có hiệu lực từ" in page.inner_text("main")

    for kind in ("docx", "pdf"):
        said = printed(page, kind, tmp_path)
        assert squeezed("Camera khu dân cư: 7 ngày.") in said
        assert squeezed("trong khung giờ 20:00–05:00 hằng ngày") in said


def test_axe_finds_nothing_serious_and_a_telephone_is_wide_enough(unguarded: Page, house: House) -> None:
    unguarded.goto(f"{house.web}/regulation")
    if unguarded.locator("button[value=force]").count():
        unguarded.click("button[value=proposal]")
    sections = ("purposes", "rights", "kept", "export", "privacy", "conduct", "notice", "paper")
    pages = ["/regulation", "/regulation/version/0", "/regulation/draft", "/regulation/draft/approve"]
    for address in [*pages, *(f"/regulation/draft/{section}" for section in sections)]:
        unguarded.goto(f"{house.web}{address}")
        assert serious(unguarded) == [], address
        assert unguarded.evaluate("document.documentElement.scrollWidth") <= 390, address
