"""In a browser: a group that loses a camera while somebody watches it, a hamlet that is renamed and merged, and what axe says."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.web.house import PASSWORD, House, Plan, browser, come_in, follow, house, live_tiles, log_in, moving, page, until
from tests.web.test_browser_access import SIZES, serious
from tests.web.test_browser_playback import inside

__all__ = ["browser", "house", "page"]

HOUSE = Plan(names=("Cổng chợ", "Ngã ba"), simulated=2)
GONE_WITHIN_S = 30
TEAM = """
from luytre.bridge.django import start_django
start_django()
from datetime import UTC, date, datetime
from luytre.civic.access.assignments import Wanted, assign
from luytre.civic.access.models import User
from luytre.civic.registry.groups import GroupDraft, group_place, save_group
now, by = datetime.now(UTC), User.objects.get(username="admin")
group = save_group(by, GroupDraft("Trường học", set(keys)), now)
team = User.objects.create_user("team", password)
assign(by, team, Wanted("security_team", group_place(group), frozenset({"live"}), first_day=date(2020, 1, 1)), now)
"""


@pytest.fixture(params=sorted(SIZES))
def unguarded(request: pytest.FixtureRequest, house: House, browser: Browser) -> Iterator[Page]:
    """The content policy is set aside for axe alone."""
    context = browser.new_context(viewport=SIZES[request.param], bypass_csp=True)
    opened = context.new_page()
    come_in(opened, house)
    yield opened
    context.close()


def test_a_camera_that_leaves_the_group_leaves_the_wall_and_the_other_goes_on(page: Page, browser: Browser, house: House) -> None:
    inside(house, f"password, keys = {PASSWORD!r}, {house.keys!r}\n{TEAM}")
    context = browser.new_context(viewport=SIZES["desk"])
    team = context.new_page()
    log_in(team, house, "team")
    until(lambda: live_tiles(team) == 2, "both pictures of the group")
    page.goto(f"{house.web}/settings/groups")
    page.click("main td.first a")
    assert "team" in page.inner_text("main form .alert")
    page.uncheck(f"input[value='{house.keys[1]}']")
    page.click("main button[type=submit]")
    page.wait_for_url("**/settings/groups")
    saved = time.monotonic()
    until(lambda: live_tiles(team) == 1, "one picture less", GONE_WITHIN_S)
    assert time.monotonic() - saved <= GONE_WITHIN_S
    until(moving(team), "the other picture going on")
    context.close()


def test_a_hamlet_is_renamed_and_merged_and_its_old_name_stays_readable(page: Page, house: House) -> None:
    page.goto(f"{house.web}/settings")
    page.fill("#more", "Thôn Đoài")
    follow(page, "form:has(#more) button[type=submit]")
    page.goto(f"{house.web}/settings/units")
    page.click("tr:has-text('Thôn Đông') a:has-text('Sửa')")
    page.fill("#id_name", "Thôn Đông Mới")
    page.fill("#id_day", "01/07/2025")
    page.fill("#id_reference", "Nghị quyết 12/NQ-HĐND")
    page.click("main button[type=submit]")
    page.wait_for_url("**/settings/units")
    page.click("tr:has-text('Thôn Đông Mới') a:has-text('Sáp nhập')")
    page.select_option("#id_into", label="Thôn Đoài")
    page.click("main button[type=submit]")
    assert "2 điểm lắp với 2 camera chuyển sang Thôn Đoài" in page.inner_text("main form .alert")
    page.click("button[name=sure]")
    page.wait_for_url("**/settings/units")
    page.click("main .card:last-child summary")
    said = page.inner_text("main .card:last-child")
    for words in ("Thôn Đông Mới", "sáp nhập vào Thôn Đoài", "01/07/2025: mang tên “Thôn Đông Mới” (Nghị quyết 12/NQ-HĐND)"):
        assert words in said, words
    page.goto(f"{house.web}/cameras")
    assert page.inner_text("main tbody").count("Thôn Đoài") == 2


def test_axe_finds_nothing_serious_and_a_telephone_is_wide_enough(unguarded: Page, house: House) -> None:
    unguarded.goto(f"{house.web}/settings")
    unguarded.fill("#more", "Thôn Bắc\nThôn Nam")
    follow(unguarded, "form:has(#more) button[type=submit]")
    seen: list[str] = []
    for path in ("/settings/units", "/settings/units/add", "/settings/groups", "/settings/groups/add"):
        unguarded.goto(f"{house.web}{path}")
        seen += look_at(unguarded, path)
    unguarded.goto(f"{house.web}/settings/units")
    follow(unguarded, "tr:has-text('Thôn Bắc') a:has-text('Sửa')")
    seen += look_at(unguarded, "change")
    unguarded.goto(f"{house.web}/settings/units")
    follow(unguarded, "tr:has-text('Thôn Bắc') a:has-text('Sáp nhập')")
    unguarded.click("main button[type=submit]")
    unguarded.wait_for_selector("button[name=sure]")
    seen += look_at(unguarded, "merge")
    assert seen == []


def look_at(page: Page, name: str) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [*serious(page), *([f"{name}: {wide} px too wide"] if wide > 0 else [])]
