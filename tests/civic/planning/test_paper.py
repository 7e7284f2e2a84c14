"""The plan's document is opened and read: every eye, every amount, the map, and what it is worth, in Word as in PDF."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import msgspec
import pytest
from docx import Document
from pypdf import PdfReader
from tools.plan_template import build

from luytre.civic.access.models import User
from luytre.civic.planning.ask import Ask, Funding, Result
from luytre.civic.planning.compute import compute
from luytre.civic.planning.figures import Values
from luytre.civic.planning.material import material
from luytre.civic.planning.paper import LAYOUT, Key, MapSheet, Paper, as_docx, as_pdf
from luytre.civic.planning.paper_words import NOT_TAKEN, PROPOSED, Version, told, usual_heading
from luytre.civic.planning.plans import ask_for_version, run, save_plan
from luytre.civic.registry.models import Eye
from luytre.web import messages
from tests.civic.planning.commune import AT, TODAY, eye, small_commune

pytestmark = pytest.mark.django_db
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 205 165"><circle cx="90" cy="80" r="30" fill="#f2b705"/></svg>'
SHEET = MapSheet(SVG, (Key(SVG, "mắt mới"),), 50.0, "500 m · 1:10.000", "Nguồn: địa chính.")
ASK = Ask(
    eyes=2, phases=(1, 1), level="detect", budget_vnd=30_000_000, hot_spot_eyes=2,
    funding=(Funding("Ngân sách xã <A & B>", 5_000_000), Funding("{{ x }}", 1_000_000)),
)  # fmt: skip


@pytest.fixture(autouse=True)
def words() -> None:
    messages.compile_all()


def computed(ask: Ask = ASK) -> Result:
    found = compute(ask, material(Values(), TODAY))
    assert isinstance(found, Result)
    return found


def paper(result: Result, ask: Ask = ASK, **more: Any) -> Paper:
    version = Version("Từ 20 lên 35", 3, AT, AT + timedelta(minutes=1), ask, result, {}, "ab" * 32, **more)
    return Paper(version, "Xã An Bình", usual_heading("Xã An Bình"), SHEET)


def read_pdf(one: Paper) -> str:
    return squeezed("\n".join(page.extract_text() for page in PdfReader(BytesIO(as_pdf(one))).pages))


def read_docx(one: Paper) -> str:
    made = Document(BytesIO(as_docx(one)))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return squeezed("\n".join([*cells, *(paragraph.text for paragraph in made.paragraphs)]))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


READERS = pytest.mark.parametrize("read", [read_docx, read_pdf])


@READERS
def test_everything_of_a_version_is_on_paper(read: Callable[[Paper], str]) -> None:
    small_commune()
    result = computed()
    said = read(paper(result))
    wanted = [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "CÔNG AN XÃ AN BÌNH", "KẾ HOẠCH", "trên địa bàn xã An Bình", PROPOSED,
        "Kế hoạch “Từ 20 lên 35”, phương án số 3", "Kinh phí lắp đặt không quá 30.000.000 đồng", "ít nhất 2 mắt cùng nhìn thấy",
        "thành 3 mắt", "Ngân sách xã <A & B>", "{{ x }}", "Các nguồn cộng lại 6.000.000 đồng; còn thiếu", "Đã chứng minh",
        "giá phần mềm đề xuất", "Thôn Đoài", "Thôn Đông", "Hình 1. Vị trí 2 mắt mới", "ab" * 32, "10:01 ngày 27/11/2026",
        "ít nhất 25 điểm ảnh",
    ]  # fmt: skip
    for one in result.eyes:
        wanted += [one.name, f"{one.lat:.6f}, {one.lon:.6f}", f"{one.cost_vnd:,}".replace(",", ".")]
    wanted.append(f"{result.cost_vnd:,}".replace(",", "."))
    for text in wanted:
        assert squeezed(text) in said, text
    assert "None" not in said


def test_the_words_are_vietnamese_whatever_language_the_program_has() -> None:
    from luytre.base.i18n import use_language

    small_commune()
    result = computed()
    use_language("en")
    made = told(paper(result).version, "Xã An Bình", usual_heading("Xã An Bình"))
    assert "Đã chứng minh" in made["proof"][1]
    assert made["eyes"][0]["bearing"].startswith("hướng ")
    assert "," in f"{made['hamlets'][0]['after']}{made['phases'][0]['covered']}"


def test_decided_and_not_taken() -> None:
    small_commune()
    result = computed()

    def frame(**more: Any) -> dict[str, Any]:
        return told(paper(result, **more).version, "", usual_heading(""))

    assert frame()["label"] == PROPOSED
    decided = frame(decided=3, decision="Nghị quyết 12, 27/11/2026")
    assert (decided["label"], decided["decision"]) == ("", "Được quyết định theo: Nghị quyết 12, 27/11/2026")
    other = frame(decided=2, decision="Nghị quyết 12, 27/11/2026")
    assert (other["label"], other["decision"]) == (NOT_TAKEN.format(number=2), "")


def test_eyes_that_do_not_work_and_of_unknown_direction_are_told_and_not_counted() -> None:
    small_commune()
    eye("Mắt hỏng", 100, 30, 90, condition="dead", hamlet="Thôn Đoài")
    eye("Mắt mù", 100, 40, None, hamlet="Thôn Đoài")
    eye("Mắt chỉ ghi", 100, 50, 90, tier="listed", condition="dead", hamlet="Thôn Đoài")
    result = computed()
    assert (result.down, result.blind, result.eyes_before) == (("Mắt hỏng",), ("Mắt mù",), 1)
    present = " ".join(told(paper(result).version, "", usual_heading(""))["present"])
    assert "không hoạt động (1\u00a0mắt): Mắt hỏng." in present
    assert "hướng nhìn (1\u00a0mắt): Mắt mù." in present
    assert "Mắt chỉ ghi" not in present


def test_a_version_keeps_the_figures_it_was_computed_with(django_user_model: type[User]) -> None:
    small_commune()
    plan = save_plan(None, "Thử", ASK)
    version = run(ask_for_version(None, plan, AT).pk, AT, TODAY)
    kept = msgspec.json.decode(version.result, type=Result)
    assert kept.values == Values()
    own = msgspec.structs.replace(kept, values=msgspec.structs.replace(Values(), camera_vnd=9_000_000))
    assumed = told(paper(own).version, "", usual_heading(""))["assumed"]
    assert "camera 9.000.000" in assumed[-1]
    assert assumed[-1].endswith("Đơn giá do xã đặt.")
    before = told(paper(msgspec.structs.replace(kept, values=None)).version, "", usual_heading(""))
    assert len(before["assumed"]) == 1


def test_the_map_is_a_page_across_with_its_picture() -> None:
    small_commune()
    one = paper(computed())
    across = [page for page in PdfReader(BytesIO(as_pdf(one))).pages if page.mediabox.width > page.mediabox.height]
    assert len(across) == 1
    assert "1:10.000" in across[0].extract_text()
    made = Document(BytesIO(as_docx(one)))
    assert len(made.inline_shapes) == 1
    assert round(made.inline_shapes[0].width.mm) == 267
    sizes = [(round(section.page_width.mm), round(section.page_height.mm)) for section in made.sections]  # type: ignore[union-attr]
    assert sizes == [(210, 297), (297, 210), (210, 297)]


def test_a_plan_of_no_new_eye_and_without_money_is_a_document_too() -> None:
    small_commune()
    Eye.objects.all().delete()
    ask = Ask(eyes=0, level="detect")
    said = read_pdf(paper(computed(ask), ask))
    assert squeezed("Nguồn kinh phí: chưa nêu.") in said
    assert squeezed("thành 0 mắt") in said


def test_letters_that_no_font_has_cost_the_archive_standard_and_not_the_paper() -> None:
    small_commune()
    one = paper(computed())
    assert b"pdfaid" in as_pdf(one)
    odd = as_pdf(replace(one, commune="\ue909 \U0010e4fa"))
    assert odd.startswith(b"%PDF")
    assert b"pdfaid" not in odd
    assert as_pdf(one) == as_pdf(one)


def test_the_template_is_what_its_script_writes() -> None:
    kept = Document(str(LAYOUT / "plan.docx"))
    assert kept.element.xml == build().element.xml
