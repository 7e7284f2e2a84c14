"""The map in a browser: drawn, refused and mended with nothing lost, an eye turned, links, axe, and no request outside."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.house import House, Plan, browser, come_in, house, until
from tests.web.test_browser_access import serious

__all__ = ["browser", "house"]

SHOTS = os.environ.get("TEST_SHOTS", "")
SIZES = {"desk": {"width": 1366, "height": 768}, "phone": {"width": 390, "height": 844}}
FILL = """
from datetime import UTC, datetime
from decimal import Decimal
from luytre.bridge.django import start_django
start_django()
from luytre.civic.access.models import User
from luytre.civic.incidents.desk import IncidentDraft, open_incident
from luytre.civic.ground.land import ObstacleDraft, save_boundary, save_obstacle
from luytre.civic.ground.places import PlaceDraft, save_place
from luytre.civic.registry.eyes import EyeDraft, save_eye
from luytre.civic.registry.models import Hamlet
now = datetime.now(UTC)
hamlet = Hamlet.objects.create(name="Thôn Đông")
area = [[105.965, 20.905], [105.975, 20.905], [105.975, 20.915], [105.965, 20.915], [105.965, 20.905]]
text = lambda kind, coordinates: '{"type":"%s","coordinates":%s}' % (kind, coordinates)
save_boundary(None, hamlet, text("Polygon", [area]), "Bản đồ địa chính xã", now)
save_place(None, PlaceDraft("route", "Đường trục xã", text("LineString", [[105.966, 20.91], [105.974, 20.9101]])), now)
house = [[105.9702, 20.9103], [105.9704, 20.9103], [105.9704, 20.9105], [105.9702, 20.9103]]
save_obstacle(None, ObstacleDraft(text("Polygon", [house]), height_m=6.5), now)
position = (Decimal("20.9100"), Decimal("105.9700"))
where = (Decimal("20.9120"), Decimal("105.9720"))
open_incident(User.objects.get(username="admin"), IncidentDraft("theft", "Mất xe ở ngã tư", now, position=where), now)
print(save_eye(None, EyeDraft("Mắt ngã tư", hamlet="Thôn Đông", position=position, bearing_deg=0.0), now).key)
"""
EYES: list[str] = []


HOUSE = Plan(simulated=1)


@pytest.fixture(scope="module", autouse=True)
def land(house: House) -> None:
    """A hamlet with a road, a house and an eye."""
    done = subprocess.run([sys.executable, "-c", FILL], env=house.settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    EYES[:] = [done.stdout.split()[-1]]


@pytest.fixture
def page(house: House, browser: Browser) -> Iterator[Page]:
    """Logged in as the administrator. A complaint of the browser's, or a request that leaves this machine, fails the test."""
    complaints: list[str] = []
    context = browser.new_context(viewport=SIZES["desk"])  # type: ignore[arg-type]
    opened = context.new_page()
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda message: complaints.append(message.text) if "Security Policy" in message.text else None)
    opened.on(
        "request", lambda one: complaints.append(one.url) if not re.match(r"http://127\.0\.0\.1:|data:|blob:", one.url) else None
    )
    come_in(opened, house)
    yield opened
    context.close()
    assert complaints == []


def open_map(page: Page, house: House, query: str = "") -> None:
    page.goto(f"{house.web}/map{query}")
    drawn = "document.querySelector('#map-screen')?.dataset.ready === '1' && window.luytreMap.loaded()"
    until(lambda: page.evaluate(drawn), "the map is drawn")


def link(page: Page) -> str:
    """Where the page says that it is."""
    return str(page.evaluate("location.search"))


def click_at(page: Page, lon: float, lat: float) -> None:
    """As a hand does it: the pointer comes, then presses."""
    point = page.evaluate("([lon, lat]) => window.luytreMap.project([lon, lat])", [lon, lat])
    box = page.locator("#map canvas.maplibregl-canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + point["x"] + 3, box["y"] + point["y"])
    page.mouse.move(box["x"] + point["x"], box["y"] + point["y"])
    page.mouse.click(box["x"] + point["x"], box["y"] + point["y"])
    page.wait_for_timeout(350)  # two presses at once would be a double click, which zooms


def test_an_area_that_crosses_itself_is_told_kept_over_a_reload_mended_saved_and_undone(page: Page, house: House) -> None:
    open_map(page, house, "?at=20.9110,105.9715,18")
    page.click("#map-draw summary")
    page.click("#map-kinds >> text=Nhà, tường, cây")
    corners = [(105.9712, 20.9108), (105.9716, 20.9112), (105.9716, 20.9108), (105.9712, 20.9112)]
    for corner in [*corners, corners[0]]:
        click_at(page, *corner)
    points = page.input_value("#map-points")
    assert len(points.splitlines()) == 4
    page.fill("#map-field-height_m", "6,5")
    page.click("#map-edit button[type=submit]")
    expect(page.locator("#map-points-error")).to_contain_text("tự cắt")
    expect(page.locator(".map-fault")).to_be_visible()
    assert page.input_value("#map-points") == points
    open_map(page, house)  # as if the browser had fallen over
    expect(page.locator("#map-status")).to_contain_text("chưa lưu")
    assert page.input_value("#map-points") == points
    assert page.input_value("#map-field-height_m") == "6,5"
    first, second, third, fourth = points.splitlines()
    page.fill("#map-points", "\n".join([first, second, fourth, third]))
    page.press("#map-points", "Tab")
    page.click("#map-edit button[type=submit]")
    expect(page.locator("#map-status")).to_contain_text("Đã lưu")
    expect(page.locator("#map-card h2")).to_have_text("nhà, cao 6,5 m")
    count = "fetch('/map/layers/obstacles').then((answer) => answer.json()).then((told) => told.features.length)"
    assert page.evaluate(count) == 2
    page.click("#map-undo")
    expect(page.locator("#map-status")).to_contain_text("Đã hoàn tác")
    assert page.evaluate(count) == 1


def test_an_eye_is_turned_by_its_handle_and_by_keys(page: Page, house: House) -> None:
    open_map(page, house, f"?eye={EYES[0]}")
    expect(page.locator("#map-card h2")).to_have_text("Mắt ngã tư")
    page.click("#map-card >> text=Dời và xoay")
    turn, move = (page.locator(f"[data-handle={name}]") for name in ("turn", "move"))
    here, there = turn.bounding_box(), move.bounding_box()
    assert here is not None
    assert there is not None
    page.mouse.move(here["x"] + 16, here["y"] + 16)
    page.mouse.down()
    page.mouse.move(there["x"] + 160, there["y"] + 16, steps=5)
    page.mouse.up()
    assert float(page.input_value("#map-field-bearing_deg")) == pytest.approx(90, abs=2)
    page.fill("#map-field-bearing_deg", "90")
    turn.press("Shift+ArrowRight")
    assert page.input_value("#map-field-bearing_deg") == "105"
    page.fill("#map-field-hfov_deg", "60")
    page.locator("[data-handle=widen]").press("ArrowLeft")
    assert page.input_value("#map-field-hfov_deg") == "59"
    move.press("Shift+ArrowUp")
    assert page.input_value("#map-points") == "20.910045, 105.970000"
    page.click("#map-edit button[type=submit]")
    expect(page.locator("#map-status")).to_contain_text("Đã lưu: Mắt ngã tư")
    expect(page.locator("#map-card")).to_contain_text("105°")
    page.click("#map-undo")
    expect(page.locator("#map-status")).to_contain_text("Đã hoàn tác")


def test_with_keys_alone_a_place_is_found_measured_and_drawn(page: Page, house: House) -> None:
    open_map(page, house)
    page.focus("#map-search")
    page.keyboard.type("duong truc")
    page.keyboard.press("Enter")
    expect(page.locator("#map-card h2")).to_have_text("Đường trục xã")
    until(lambda: "&place=" in link(page), "the link")
    page.fill("#map-search", "")
    page.focus("#map-measure")
    page.keyboard.press("Enter")
    page.focus("#map-measure-add")
    page.keyboard.press("Enter")
    page.evaluate("window.luytreMap.panBy([200, 0], {animate: false})")
    page.keyboard.press("Enter")
    expect(page.locator("#map-measured")).to_contain_text("Tổng cộng")
    page.focus("#map-measure")
    page.keyboard.press("Enter")
    page.focus("#map-draw summary")
    page.keyboard.press("Enter")
    page.locator("#map-kinds button").nth(3).press("Enter")
    page.fill("#map-field-name", "Cột số 9")
    page.fill("#map-points", "20.9112 105.9711")
    page.press("#map-field-name", "Enter")
    expect(page.locator("#map-status")).to_contain_text("Đã lưu: Cột số 9")
    expect(page.locator("#map-list")).to_contain_text("Cột số 9")


def test_layers_that_were_switched_stay_so_and_stand_in_the_link(page: Page, house: House) -> None:
    open_map(page, house)
    page.uncheck("[data-layer=obstacles]")
    until(lambda: "layers=" in link(page) and "obstacles" not in link(page), "the link")
    open_map(page, house)
    assert not page.is_checked("[data-layer=obstacles]")
    open_map(page, house, "?layers=obstacles")
    assert page.is_checked("[data-layer=obstacles]")
    page.check("[data-layer=eyes]")


def test_incidents_of_a_list_are_found_by_their_place_and_back(page: Page, house: House) -> None:
    page.goto(f"{house.web}/incidents?kind=theft")
    page.click("a[href^='/map?cases=']")
    drawn = "document.querySelector('#map-screen')?.dataset.ready === '1' && window.luytreMap.loaded()"
    until(lambda: page.evaluate(drawn), "the map is drawn")
    expect(page.locator("#map-list")).to_contain_text("Mất xe ở ngã tư")
    click_at(page, 105.9720, 20.9120)
    expect(page.locator("#map-card h2")).to_contain_text("Mất xe ở ngã tư")
    assert "cases=kind%3Dtheft" in link(page)
    page.click("#map-card a[href*='near=20.912000,105.972000']")
    expect(page.locator("tbody")).to_contain_text("0 m")
    page.go_back()
    until(lambda: page.evaluate(drawn), "the map is drawn again")
    page.click("#map-list button.choice:has-text('Mất xe')")
    page.click("#map-card a:has-text('Mở trang vụ việc')")
    expect(page.locator("main h1, h1").first).to_contain_text("Mất xe ở ngã tư")


@pytest.mark.parametrize(("size", "theme"), [("desk", "light"), ("phone", "dark")])
def test_axe_finds_nothing_serious_and_a_telephone_is_wide_enough(browser: Browser, house: House, size: str, theme: str) -> None:
    viewport: Any = SIZES[size]
    context = browser.new_context(viewport=viewport, bypass_csp=True)
    context.add_cookies([{"name": "luytre_theme", "value": theme, "url": house.web}])
    page = context.new_page()
    come_in(page, house)
    open_map(page, house, f"?eye={EYES[0]}")
    assert serious(page) == []
    page.click("#map-card >> text=Dời và xoay")
    expect(page.locator("[data-handle=turn]")).to_be_visible()
    assert serious(page) == []
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"map-{size}-{theme}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    page.click("#map-edit >> text=Hủy")
    page.goto(f"{house.web}/map/paper")
    assert serious(page) == []
    context.close()
