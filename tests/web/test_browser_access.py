"""For everybody: what axe finds on each page, the keyboard alone, and where the focus is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.web.house import CAMERA_PASSWORD, House, Plan, browser, house, live_tiles, log_in, page, until

__all__ = ["browser", "house", "page"]

HOUSE = Plan(names=("Cổng chợ", "Ngã ba"), simulated=2)
AXE = Path(__file__).resolve().parents[2] / "web-ui" / "node_modules" / "axe-core" / "axe.min.js"
SIZES: dict[str, ViewportSize] = {"desk": {"width": 1366, "height": 768}, "phone": {"width": 390, "height": 844}}
PAGES = ("/wall", "/cameras?q=xyz", "/cameras/add", "/health", "/playback", "/playback?camera=x", "/password",
         "/cameras/{key}", "/cameras/{key}/edit", "/cameras/{key}/remove", "/nothing", "/logout", "/people", "/people/add",
         "/people/1", "/people/1/edit", "/account", "/account/second-step/app", "/account/again", "/enter/no",
         "/cameras", "/cameras/signs", "/settings/groups", "/settings/groups/add", "/settings/units",
         "/settings/units/add", "/audit", "/audit?kind=export", "/health/tickets",
         "/health/uptime", "/health/disk", "/health/morning", "/wiring", "/wiring/add", "/wiring/firms/add")  # fmt: skip


def serious(page: Page, *rules: str) -> list[str]:
    """What axe finds that keeps somebody out; by all its rules, or by those that are named."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    found: dict[str, Any] = page.evaluate("(options) => axe.run(document, options)", options)
    return [
        f"{page.url} {rule['id']}: {node['html'][:200]} {node.get('failureSummary', '')[:300]}"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


def serious_in_every_look(page: Page) -> list[str]:
    """On a desk by light, on a telephone in the dark: each size and each theme once, since together they cost twice as long."""
    complaints: list[str] = []
    turn = "(theme) => { document.documentElement.dataset.bsTheme = theme; }"
    page.add_style_tag(content="*, ::before, ::after { transition: none !important; }")  # else colours are met half way
    light = page.evaluate("document.documentElement.dataset.bsTheme")  # of a screen that is dark for everybody: dark
    for size, theme in (("desk", light), ("phone", "dark")):
        page.set_viewport_size(SIZES[size])
        page.evaluate(turn, theme)
        complaints += [f"{size} {theme}: {one}" for one in serious(page)]
    page.evaluate(turn, light)
    return complaints


@pytest.fixture
def seen(house: House, browser: Browser) -> Iterator[Page]:
    """Not yet logged in; the content policy is set aside for axe alone."""
    context = browser.new_context(bypass_csp=True)
    context.add_cookies([{"name": "luytre_language", "value": "vi", "url": house.web}])
    yield context.new_page()
    context.close()


def test_no_page_keeps_anybody_out(seen: Page, house: House) -> None:
    seen.goto(f"{house.web}/login")
    complaints = serious_in_every_look(seen)
    log_in(seen, house)
    for path in PAGES:
        seen.goto(house.web + path.format(key=house.keys[0]))
        complaints += serious_in_every_look(seen)
    for size in SIZES.values():
        seen.set_viewport_size(size)
        seen.click("details.menu summary:visible")
        complaints += serious(seen)
        seen.keyboard.press("Escape")
    seen.goto(f"{house.web}/cameras/add")
    seen.click("button[type=submit].btn-primary")
    seen.wait_for_selector("#err-name:not(:empty)")
    complaints += serious_in_every_look(seen)
    assert complaints == []


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Tab by tab, as somebody without a mouse does it; each stop must be seen to have the focus."""
    for _step in range(most):
        page.keyboard.press("Tab")
        if not page.evaluate("document.activeElement === document.body"):
            drawn = page.evaluate("(s => [s.outlineStyle, s.boxShadow])(getComputedStyle(document.activeElement))")
            stop = page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
            assert drawn != ["none", "none"], f"the focus is not seen: {stop}"
        if page.evaluate(f"document.activeElement.matches({selector!r})"):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def skip_to(page: Page, selector: str) -> None:
    """Past the navigation by its own link, then tab by tab: however many places the navigation has."""
    tab_to(page, ".skip")
    page.keyboard.press("Enter")
    tab_to(page, selector)


def test_from_the_wall_to_a_clip_with_keys_alone(page: Page, house: House, tmp_path: Path) -> None:
    until(lambda: live_tiles(page) == 2, "two live tiles")
    skip_to(page, ".tile-link")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cameras/*")
    until(lambda: live_tiles(page) == 1, "the main picture")
    skip_to(page, "main a[href^='/playback']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/playback*")
    until(lambda: page.evaluate("document.querySelector('.step-tile video')?.readyState >= 2"), "a picture of the past")
    skip_to(page, "#timeline")
    before = page.inner_text("#now-shown")
    page.keyboard.press("i")
    page.keyboard.press(" ")
    until(lambda: page.inner_text("#now-shown") > before, "it plays")
    page.keyboard.press(" ")
    page.keyboard.press("o")
    until(lambda: page.evaluate("!document.querySelector('#export').disabled"), "both marks are set")
    with page.expect_download() as download:
        page.keyboard.press("Shift+Tab")
        while not page.evaluate("document.activeElement.matches('#export')"):
            page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
    clip = tmp_path / "clip.mp4"
    download.value.save_as(clip)
    assert b"ftyp" in clip.read_bytes()[:16]


def test_the_menu_opens_and_closes_with_keys(page: Page, house: House) -> None:
    tab_to(page, ".menu.up summary")
    page.keyboard.press("Enter")
    assert page.is_visible(".menu.up .menu-body")
    page.keyboard.press("Escape")
    assert not page.is_visible(".menu.up .menu-body")
    assert page.evaluate("document.activeElement.matches('.menu.up summary')")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_error_stands_at_its_field_and_what_was_typed_stays(page: Page, house: House, language: str) -> None:
    page.context.add_cookies([{"name": "luytre_language", "value": language, "url": house.web}])
    page.goto(f"{house.web}/cameras/add")
    typed = {"name": "", "hamlet": "Thôn <b>Đông</b>", "main_url": "rtsp://", "username": "o'brien", "password": 'p"ss&<w>',
             "sub_url": "http://a b|c", "retention_days": "0"}  # fmt: skip
    for name, text in typed.items():
        page.fill(f"#id_{name}", text)
    page.keyboard.press("Enter")
    page.wait_for_selector("#err-name:not(:empty)")
    for name, wrong in {"name": True, "hamlet": False, "main_url": True, "username": False, "retention_days": True}.items():
        assert bool(page.inner_text(f"#err-{name}") if page.is_visible(f"#err-{name}") else "") == wrong, name
    assert {name: page.input_value(f"#id_{name}") for name in typed} == typed
    assert page.locator("#id_name[aria-describedby~=err-name]").count() == 1
    assert CAMERA_PASSWORD not in page.content()
