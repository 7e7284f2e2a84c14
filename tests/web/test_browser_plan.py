"""In a browser, the whole way: the land and the eyes come in as files, a plan is made, changed, decided on, printed."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from django.utils.timezone import localdate
from docx import Document
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from luytre.civic.registry.eye_sheet import heading
from tests.civic.ground.shapes import at, line, point, square
from tests.civic.ground.test_bring_in import collection, feature
from tests.web.house import DEADLINE_S, House, Plan, browser, come_in, follow, house, page, until
from tests.web.test_browser_access import SIZES, serious
from tests.web.test_browser_playback import REGULATE, inside

__all__ = ["browser", "house", "page"]

HOUSE = Plan(simulated=1)
MAP_IS_DRAWN = "document.querySelector('#map-screen')?.dataset.ready === '1' && window.luytreMap.loaded()"
PEOPLE_ASKED = """
from luytre.bridge.django import start_django
start_django()
from datetime import UTC, datetime
from decimal import Decimal
from luytre.civic.registry.commune import add_hamlets, set_commune
from luytre.civic.survey.needs import NeedDraft, save_need
set_commune("Xã An Bình")
add_hamlets("Thôn Đoài\\nThôn Đông")
save_need(None, NeedDraft("Ngã ba đình", (Decimal("{lat}"), Decimal("{lon}")), "dark", None, "", "", 3, None), datetime.now(UTC))
"""
BOUNDARIES = collection(
    feature(square(0, 0, 400), hamlet="Thôn Đoài"), feature(square(400, 0, 400), hamlet="Thôn Đông"),
)  # fmt: skip
PLACES = collection(
    feature(line((0, 0), (400, 0)), kind="route", name="Đường tỉnh", vehicles_a_day=4000),
    feature(point(150, -8), kind="hot_spot", name="Cổng chợ", hamlet="Thôn Đoài"),
    feature(point(330, -8), kind="school", name="Trường tiểu học", hamlet="Thôn Đông"),
)
HOUSES = collection(*(feature(square(east, 22, 10), kind="building", height_m=6) for east in (60, 120, 250)))
NO_EYES, EYES = ("Đầu làng", "21.3, 105.85"), ("Đầu làng", "{1}, {0}".format(*at(0, 3)))


def hand_in(page: Page, house: House, address: str, kind: str, name: str, content: bytes) -> None:
    page.goto(f"{house.web}{address}")
    if kind:
        page.check(f"input[value={kind}]")
    page.set_input_files("main input[type=file]", {"name": name, "mimeType": "application/octet-stream", "buffer": content})
    page.click("main form:has(input[type=file]) button[type=submit]")


def filled(template: bytes, name: str, position: str) -> bytes:
    """The machine's own template with one row."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet = book.worksheets[0]
    columns = {str(cell.value).rstrip(" *"): cell.column for cell in sheet[1]}
    row = {"name": name, "position": position, "hamlet": "Thôn Đoài", "bearing_deg": 90, "hfov_deg": 90, "condition": "hoạt động",
           "tier": "trực tiếp", "width_px": 2560}  # fmt: skip
    free = next(number for number in range(2, 9) if sheet.cell(number, columns[heading("name", "vi")]).value is None)
    for column, value in row.items():
        sheet.cell(free, columns[heading(column, "vi")], value)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def downloaded(page: Page, link: str) -> bytes:
    with page.expect_download() as download:
        page.click(link)
    return Path(download.value.path()).read_bytes()


def compute(page: Page) -> None:
    page.click("button:has-text('Tính một phương án')")
    page.wait_for_selector("text=Đã chứng minh", timeout=DEADLINE_S * 1000)


def bring_in_the_land(page: Page, house: House) -> None:
    for kind, content, count in (("boundaries", BOUNDARIES, 2), ("places", PLACES, 3), ("obstacles", HOUSES, 3)):
        hand_in(page, house, "/ground/import", kind, f"{kind}.geojson", content)
        page.click("main button:has-text('Nhập')")
        assert f"thêm {count}" in page.inner_text("main"), kind


def bring_in_the_eyes(page: Page, house: House) -> None:
    page.goto(f"{house.web}/eyes/import")
    template = downloaded(page, "main a:has-text('Bảng mẫu')")
    hand_in(page, house, "/eyes/import", "", "mat.xlsx", filled(template, *NO_EYES))
    assert "cách xã" in page.inner_text("main .error")
    hand_in(page, house, "/eyes/import", "", "mat.xlsx", filled(template, *EYES))
    page.click("main button:has-text('Ghi')")
    page.wait_for_url("**/eyes")


def new_eyes(page: Page) -> list[str]:
    names = page.locator("table:has(th:has-text('Lý do')) td.first").all_inner_texts()
    return [re.sub(r"^\d+\. ", "", name.split("\n")[0]) for name in names]


def test_from_the_files_of_a_survey_to_a_decided_plan_on_paper(page: Page, house: House) -> None:
    lon, lat = at(380, 5)
    inside(house, PEOPLE_ASKED.format(lat=lat, lon=lon))
    bring_in_the_land(page, house)
    bring_in_the_eyes(page, house)
    page.goto(f"{house.web}/plans/candidates")
    page.click("button:has-text('Đề xuất')")
    assert "Ngã ba đình" in page.inner_text("main")

    page.goto(f"{house.web}/plans/new")
    for name, value in {"name": "Từ 1 lên 4", "eyes": "3", "phases": "2, 1", "funding": "Ngân sách xã: 5 triệu"}.items():
        page.fill(f"#id_{name}", value)
    page.select_option("#id_level", "detect")
    page.click("main button[type=submit]")
    compute(page)
    names = new_eyes(page)
    assert len(names) == 3
    assert "Nhìn thấy" in page.inner_text("main")
    assert "Ngã ba đình" in page.inner_text("main")
    assert page.evaluate("document.querySelector('.plan-map img').decode().then(() => true)")

    page.click(f"tr:has-text('{names[0]}') button:text-is('Bỏ')")
    pin_on_the_map(page, names[1])
    assert names[1] in page.inner_text("main")
    compute(page)
    second = new_eyes(page)
    assert names[1] in second
    assert names[0] not in second
    page.click("a:has-text('Mọi phương án')")
    page.click("button:has-text('So sánh')")
    assert names[0] in page.inner_text("main")
    page.click("main a:has-text('Phương án 2')")
    page.fill("#decision", "Nghị quyết 12, 27/11/2026")
    page.click("main button:has-text('Quyết định')")
    assert "Đã quyết định chọn phương án 2" in page.inner_text("body")
    read_the_papers(page, second)
    page.goto(f"{house.web}/survey/needs")
    assert "kế hoạch" in page.inner_text("main table").lower()


def pin_on_the_map(page: Page, name: str) -> None:
    """From a version's page over the map to the plan's."""
    page.click("a:has-text('Trên bản đồ')")
    until(lambda: page.evaluate(MAP_IS_DRAWN), "the map of the plan")
    page.click(f"#map-list button:has-text('{name}')")
    expect(page.locator("#map-card h2")).to_contain_text(name)
    page.click("#map-card button:text-is('Dời')")
    page.locator(".map-handle.move").press("ArrowRight")
    page.click("#map-card button:text-is('Hủy')")
    page.click("#map-card button:has-text('Bắt buộc')")
    expect(page.locator("#map-status")).to_contain_text("Đã ghi cho phương án sau")
    page.click("#map-card a:has-text('Về kế hoạch')")
    page.click("a:has-text('Mọi phương án')")


def read_the_papers(page: Page, names: list[str]) -> None:
    total = page.locator(".card:has(.subheader:text-is('Chi phí, đồng')) .h2").inner_text()
    pdf = downloaded(page, "a:has-text('PDF')")
    pages = PdfReader(io.BytesIO(pdf)).pages
    said = " ".join(" ".join(one.extract_text() for one in pages).split())
    for wanted in (*names, total, "trên địa bàn xã An Bình", "Nghị quyết 12, 27/11/2026", "còn thiếu"):
        assert wanted in said, wanted
    assert "ĐỀ XUẤT" not in said
    across = [number for number, one in enumerate(pages) if one.mediabox.width > one.mediabox.height]
    assert len(across) == 1
    with pypdfium2.PdfDocument(pdf) as document:
        shown = document[across[0]].render(scale=1).to_pil().convert("RGB")
    colours = {colour for _count, colour in shown.getcolors(1 << 20)}
    assert (0x14, 0x21, 0x3D) in colours  # signs of new eyes
    made = Document(io.BytesIO(downloaded(page, "a:has-text('Word')")))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    assert all(any(name in cell for cell in cells) for name in names)
    assert total in cells
    assert len(made.inline_shapes) == 1


STANDS_ALREADY = f"""{REGULATE}
from datetime import date
from luytre.civic.acceptance.acceptances import accept_as_found, hung_of
from luytre.civic.coordination import approval as coordination
from luytre.civic.registry.models import Eye, Hamlet
from luytre.civic.survey.campaigns import CampaignDraft, close_campaign, save_campaign
coordination.begin_draft(by, now)
coordination.approve(by, 1, None, now)
targets = {{one: 1 for one in Hamlet.objects.all()}}
close_campaign(save_campaign(by, CampaignDraft("Khảo sát", date(2026, 1, 5), date(2026, 2, 5), targets)), now)
accept_as_found(by, {{eye: hung_of(eye) for eye in Eye.objects.all()}}, "đã có từ trước", now)
"""
"""What others do on pages that their own journeys walk."""


def join_the_committee(page: Page, house: House, name: str, office: str) -> None:
    page.goto(f"{house.web}/committee/members")
    if not page.is_visible("#id_name"):
        page.click("summary:has-text('Thêm thành viên')")
    page.fill("#id_name", name)
    page.select_option("#id_office", office)
    follow(page, "main form:has(#id_name) button")
    assert name in page.inner_text("main table")


def sign_a_pact(page: Page, house: House, unit: str) -> None:
    page.goto(f"{house.web}/pacts/new")
    page.select_option("#id_unit", label=unit)
    page.select_option("#id_criteria", index=1)
    for name, value in {"conference": f"{localdate():%d/%m/%Y}", "unit_signer": "Trưởng thôn", "unit_post": "Trưởng thôn",
                        "board_signer": "Trưởng ban", "board_post": "Trưởng Ban Chỉ đạo"}.items():  # fmt: skip
        page.fill(f"#id_{name}", value)
    follow(page, "main form button:has-text('Lập giao ước')")
    for _side in range(2):
        follow(page, "main button:has-text('Đã ký trên giấy') >> nth=0")
    page.goto(f"{house.web}/pacts")
    assert "Hai bên đã ký" in page.inner_text(f"tr:has-text('{unit}')")


def test_the_launch_conference_from_its_checklist_to_the_day(page: Page, house: House) -> None:
    inside(house, STANDS_ALREADY)
    page.goto(f"{house.web}/committee/launch")
    assert "Đã xong 5/11 mục" in page.inner_text("main")
    assert "Còn thiếu: Thôn Đoài, Thôn Đông" in page.inner_text("main")
    follow(page, "main a:has-text('Quyết định thành lập Ban Chỉ đạo')")
    follow(page, "a:has-text('Ghi văn bản')")
    for name, value in {"sign": "05/QĐ-UBND", "issued": "05/01/2026", "issuer": "UBND xã", "subject": "Thành lập"}.items():
        page.fill(f"#id_{name}", value)
    page.select_option("#id_kind", "decision")
    page.check("#id_establishes")
    page.set_input_files("#id_file", {"name": "qd.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 qd %%EOF"})
    follow(page, "main button:has-text('Ghi vào sổ')")
    for name, office in (("Bà Trưởng", "head"), ("Cô Thư", "secretary")):
        join_the_committee(page, house, name, office)
    page.goto(f"{house.web}/pacts/criteria/new/hamlet")
    page.fill("#id_title", "Bộ tiêu chí thôn")
    page.fill("[name=weight-1]", "20")
    follow(page, "main form button:has-text('Lưu')")
    assert "Tổng trọng số là 95, phải bằng 100: còn thiếu 5" in page.inner_text("#err-weights")
    page.fill("[name=weight-1]", "25")
    follow(page, "main form button:has-text('Lưu')")
    for unit in ("Thôn Đoài", "Thôn Đông"):
        sign_a_pact(page, house, unit)
    page.goto(f"{house.web}/committee/launch")
    said = {"day": f"{localdate():%d/%m/%Y}", "place": "Hội trường", "eyes_wanted": "1", "invited": "Các thôn"}
    for name, value in {**said, "programme": "Khai mạc\nKý giao ước"}.items():
        page.fill(f"#id_{name}", value)
    follow(page, "main button:has-text('Lưu')")
    assert "Đã xong 11/11 mục" in page.inner_text("main")
    follow(page, "main button:has-text('Đã tổ chức hội nghị')")
    assert "Dưới đây là tình trạng lúc chốt" in page.inner_text("main")
    assert not page.is_visible("#id_programme")


@pytest.fixture
def unguarded(house: House, browser: Browser) -> Iterator[Page]:
    """The content policy is set aside for axe alone."""
    context = browser.new_context(bypass_csp=True)
    opened = context.new_page()
    come_in(opened, house)
    yield opened
    context.close()


def test_no_page_of_plans_keeps_anybody_out(unguarded: Page, house: House) -> None:
    page = unguarded
    page.goto(f"{house.web}/plans")
    key = str(page.locator("main td.first a").first.get_attribute("href"))
    complaints = list[str]()
    for path in ("/plans", "/plans/new", "/plans/candidates", "/plans/figures", f"{key}", f"{key}/versions/2",
                 f"{key}/compare?one=1&two=2", "/coverage", "/map?layers=eyes,views,zones,zones_night,candidates,places,needs",
                 "/committee", "/committee/launch", "/pacts/criteria/new/hamlet",
                 f"/map?plan={key.rsplit('/', 1)[-1]}&version=1"):  # fmt: skip
        page.goto(f"{house.web}{path}")
        if path.startswith("/map"):
            until(lambda: page.evaluate(MAP_IS_DRAWN), path)
            page.click("#map-list button >> nth=0")
        for size in SIZES.values():
            page.set_viewport_size(size)  # type: ignore[arg-type]
            complaints += serious(page)
            beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert beyond <= 0, page.url
    assert complaints == []
