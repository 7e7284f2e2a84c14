"""On a telephone: a camera is found, added and accepted, from its ONVIF to the signed minutes; then its view is watched."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.web.house import CAMERA_PASSWORD, House, Plan, browser, come_in, follow, house, until
from tests.web.test_browser_access import SIZES, serious, serious_in_every_look
from tests.web.test_browser_playback import inside

__all__ = ["browser", "house"]

HOUSE = Plan(settings={"LUYTRE_FIND_FROM": "127.0.0.1"}, simulated=1, onvif=True)


@pytest.fixture
def phone(house: House, browser: Browser) -> Iterator[Page]:
    with telephone(house, browser) as page:
        yield page


@pytest.fixture(scope="module", autouse=True)
def gate(house: House, browser: Browser) -> None:
    """The camera of all these tests is found on the network and added, once."""
    with telephone(house, browser) as page:
        find_and_add(page, house)


@contextmanager
def telephone(house: House, browser: Browser) -> Iterator[Page]:
    """What the browser complains of fails the test."""
    complaints: list[str] = []
    context = browser.new_context(viewport=SIZES["phone"], has_touch=True, is_mobile=True)
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if "Security Policy" in message.text else None)
    come_in(page, house)
    yield page
    context.close()
    assert complaints == []


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url


def find_and_add(page: Page, house: House) -> None:
    one = page.locator(f"tr:has-text('127.0.0.1:{house.onvif_port}')")
    until(lambda: asked_the_network(page, house) and one.count() == 1, "the camera lets itself be found")
    expect(one).to_contain_text("Lũy Tre 1")
    fits(page)
    one.locator("a.btn").click()
    page.fill("#username", "admin")
    page.fill("#password", CAMERA_PASSWORD)
    page.click("main button[type=submit].btn-primary")
    assert page.input_value("#id_name") == "Lũy Tre 1"
    page.fill("#id_name", "Cổng chợ")
    page.fill("#id_hamlet", "Thôn Đông")
    page.click("main button[type=submit].btn-primary")
    page.wait_for_url(lambda url: "/cameras/add" not in url and "/find" not in url)


def asked_the_network(page: Page, house: House) -> bool:
    """It asks by itself; a busy machine may miss it once, and a person would ask again."""
    page.goto(f"{house.web}/cameras/find")
    page.wait_for_selector("#devices table, #devices .empty", timeout=20_000)
    return True


def step(page: Page, code: str) -> None:
    """The step is open."""
    if page.locator(f"#{code}").get_attribute("open") is None:
        page.click(f"#{code} > summary")


def photo(folder: Path) -> str:
    path = folder / "bien.jpg"
    Image.new("RGB", (800, 600), (20, 90, 60)).save(path)
    return str(path)


def test_from_found_on_the_network_to_minutes(phone: Page, house: House, tmp_path: Path) -> None:
    page = phone
    page.goto(f"{house.web}/acceptance")
    page.click("td.first a:has-text('Cổng chợ')")
    follow(page, "button:has-text('Bắt đầu nghiệm thu')")
    fits(page)
    page.click("#device button.btn-primary")
    until(lambda: page.locator("#device .acceptance-checks li").count() == 5, "the device was asked")
    assert page.locator("#device .acceptance-checks li .state-recording").count() >= 4
    if page.inner_text("#device > summary .state") != "đạt":
        step(page, "device")
        page.click("#device details.confirm > summary")
        page.fill("#device input[name=device-note]", "chưa có máy chủ giờ")
        follow(page, "#device details.confirm button")
    until(lambda: page.goto(page.url.split("#")[0]) and take_picture(page), "the camera shows something")
    for name, value in {"bearing_deg": "45", "tilt_deg": "12,5", "height_m": "4", "hfov_deg": "90"}.items():
        page.fill(f"#picture input[name={name}]", value)
    follow(page, "#picture button[formmethod=get]")
    expect(page.locator("#picture svg polyline").first).to_be_attached()
    fits(page)
    page.select_option("#picture select[name=finding]", "good")
    follow(page, "#acceptance-fit button.btn-primary")
    page.fill("#walk input[name=spot]", "gốc đa")
    follow(page, "#walk form:has(input[name=spot]) button")
    mark_head_and_foot(page)
    follow(page, "#walk-marks button.btn-primary")
    expect(page.locator("#walk > summary .state")).to_have_text("đạt")
    step(page, "sign")
    page.set_input_files("#sign input[type=file]", photo(tmp_path))
    follow(page, "#sign button.btn-primary")
    step(page, "owner")
    page.check("#owner input[value=own]")
    follow(page, "#owner button.btn-primary")
    follow(page, "button:has-text('Nghiệm thu mắt này')")
    expect(page.locator("main").get_by_text("đã được nghiệm thu")).to_be_visible()
    assert page.get_by_text("Máy ghi không có hình để so").count() == 0, "its view is compared from now on"
    address = page.locator("a:has-text('Biên bản')").first.get_attribute("href")
    pdf = page.context.request.get(f"{house.web}{address}").body()
    said = " ".join(" ".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf)).pages).split())
    for words in ("Cổng chợ", "gốc đa", "12,5", "Các bên có mặt thống nhất", "VT-0001"):
        assert words in said, words


def take_picture(page: Page) -> bool:
    """A camera that was just added may show nothing yet."""
    step(page, "picture")
    follow(page, "#picture form[action$='/picture'] button")
    return page.locator("#picture .acceptance-view img").count() == 1


def mark_head_and_foot(page: Page) -> None:
    """The head by keys, the foot by a finger."""
    head, foot = (page.locator(".acceptance-mark").nth(number) for number in (0, 1))
    assert page.evaluate("document.querySelector('#walk-view img').getAttribute('width')"), "its place is kept while it loads"
    until(lambda: page.evaluate("document.querySelector('#walk-view img').naturalWidth") > 0, "the picture is there")
    head.wait_for()
    for _press in range(10):
        head.press("Shift+ArrowUp")
    foot.hover()  # the page scrolls smoothly to what has the focus: this waits until the mark stands still
    box = foot.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.down()
    page.mouse.move(x, y + 60, steps=4)
    page.mouse.up()
    top, bottom = (float(page.input_value(f"#walk input[name={name}]").replace(",", ".")) for name in ("top_y", "bottom_y"))
    assert top == pytest.approx(20)
    assert bottom > 80


def test_no_page_of_acceptances_keeps_anybody_out(house: House, browser: Browser) -> None:
    """The content policy is set aside for axe alone."""
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    come_in(page, house)
    page.goto(f"{house.web}/acceptance")
    complaints = serious(page)
    follow(page, "td.first a")
    follow(page, "button:has-text('nghiệm thu'), button:has-text('Nghiệm thu lại')")
    page.wait_for_selector(".acceptance-step")
    for number in range(page.locator(".acceptance-step").count()):
        page.locator(".acceptance-step").nth(number).evaluate("one => { one.open = true; }")
    for size in SIZES.values():
        page.set_viewport_size(size)
        complaints += serious(page)
        fits(page)
    context.close()
    assert complaints == []


TROUBLE = """
from luytre.bridge.django import start_django
start_django()
from datetime import UTC, date, datetime, timedelta
from django.db.transaction import atomic
from luytre.civic.access.models import User
from luytre.civic.registry.models import Camera
from luytre.civic.registry.wiring import FeedDraft, FirmDraft, save_feed, save_firm
from luytre.civic.upkeep.models import Outage, Ticket
from luytre.civic.upkeep.repairs import RepairDraft, record_repair
from luytre.civic.upkeep.tickets import keep_tickets
now, by, camera = datetime.now(UTC), User.objects.get(username="admin"), Camera.objects.get()
firm = save_firm(by, FirmDraft("Cửa hàng Hải", "0912 345 678"), now)
save_feed(by, FeedDraft("power", "Trạm biến áp Đông", firm=firm.key, cameras=frozenset({camera.key})), now)
with atomic():  # the running jobs see the outage with its ticket, or neither
    Outage.objects.create(camera=camera.key, fault="turned", start=now - timedelta(minutes=25))
    keep_tickets(now)
ticket = Ticket.objects.get(camera=camera.key, fault="turned")
mended = RepairDraft(date.today(), "anh Hải", "xoay lại, siết vít", 350_000, camera=camera.key)
record_repair(by, ticket, mended, now)
print(camera.key, ticket.key)
"""
KEPT_ALIVE = (
    "/health/tickets?state=all",
    "/health/tickets/{ticket}",
    "/health/uptime",
    "/health/disk",
    "/health/morning",
    "/wiring",
    "/wiring/add",
    "/cameras/{camera}/views",
    "/cameras/{camera}/device",
    "/cameras/{camera}/positions",
)


def test_no_page_of_what_keeps_cameras_alive_keeps_anybody_out(house: House, browser: Browser) -> None:
    """With a ticket, a repair, a firm and a power supply; by both widths and themes."""
    camera, ticket = inside(house, TROUBLE).split()
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    come_in(page, house)
    complaints: list[str] = []
    for path in KEPT_ALIVE:
        page.goto(house.web + path.format(camera=camera, ticket=ticket))
        complaints += serious_in_every_look(page)
        page.set_viewport_size(SIZES["phone"])
        fits(page)
    page.goto(f"{house.web}/health/tickets/{ticket}")
    for words in ("Cổng chợ", "xoay lại, siết vít", "350.000 đồng"):
        assert words in page.inner_text("main"), words
    follow(page, "main a:has-text('Góc nhìn trước và nay')")
    assert page.url == f"{house.web}/cameras/{camera}/views"
    context.close()
    assert complaints == []
