"""Writes the .docx template of a plan's document, in the layout of Decree 30/2020/NĐ-CP (appendix I).

    .venv/bin/python -m tools.plan_template

The template is kept with the source, so that a commune's office can put its own in its place; a test demands that it is what
this script writes. Letterhead, page and signatures are those of a regulation (`regulation_template`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from docx import Document
from docx.document import Document as Made
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.shared import Mm, Pt
from docx.table import _Row
from tools.regulation_template import foot, line, set_up, top

TARGET = Path(__file__).resolve().parents[1] / "src/luytre/civic/planning/layout/plan.docx"
CELL_PT = 11
Column = tuple[str, str, float, ALIGN]
"""Heading, what stands in a row, width in millimetres, how it is aligned."""


def said(made: Made, text: str) -> None:
    line(made, text, align=ALIGN.JUSTIFY).paragraph_format.first_line_indent = Mm(10)


def each(made: Made, name: str, text: str = "{{ one }}") -> None:
    line(made, f"{{%p for one in {name} %}}")
    said(made, text)
    line(made, "{%p endfor %}")


def head(made: Made, text: str) -> None:
    made_line = line(made, text, bold=True, align=ALIGN.LEFT)
    made_line.paragraph_format.space_before, made_line.paragraph_format.keep_with_next = Pt(10), True


def title(made: Made, text: str) -> None:
    line(made, text, size=12, bold=True).paragraph_format.keep_with_next = True


def fill(row: _Row, texts: Sequence[str], columns: Sequence[Column], *, bold: bool = False) -> None:
    for cell, text, (_head, _text, width, align) in zip(row.cells, texts, columns, strict=True):
        cell.width = Mm(width)
        paragraph = cell.paragraphs[0]
        paragraph.alignment = ALIGN.CENTER if bold else align
        paragraph.paragraph_format.space_after = Pt(0)
        run = paragraph.add_run(text)
        run.bold, run.font.size = bold, Pt(CELL_PT)


def flag(row: _Row, name: str) -> None:
    """`w:tblHeader`: on each page again; `w:cantSplit`: never over two pages."""
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def table(made: Made, name: str, columns: Sequence[Column], last: Sequence[str] = ()) -> None:
    """Rows of `name`, each called `row`."""
    grid = made.add_table(rows=4, cols=len(columns))
    grid.style, grid.autofit = "Table Grid", False
    blank = [""] * (len(columns) - 1)
    fill(grid.rows[0], [column[0] for column in columns], columns, bold=True)
    flag(grid.rows[0], "w:tblHeader")
    fill(grid.rows[1], [f"{{%tr for row in {name} %}}", *blank], columns)
    fill(grid.rows[2], [column[1] for column in columns], columns)
    flag(grid.rows[2], "w:cantSplit")
    fill(grid.rows[3], ["{%tr endfor %}", *blank], columns)
    if last:
        fill(grid.add_row(), last, columns, bold=True)
    line(made, "", size=4)


def opening(made: Made) -> None:
    line(made, "{%p if label %}")
    line(made, "{{ label }}", bold=True)
    line(made, "{%p endif %}")
    line(made, "KẾ HOẠCH", bold=True).paragraph_format.space_before = Pt(12)
    line(made, "{{ title }}", bold=True)
    line(made, "{{ version }}", size=13)
    line(made, "{%p if decision %}")
    line(made, "{{ decision }}", size=13, italic=True)
    line(made, "{%p endif %}")
    line(made, "{%p for one in basis %}")
    line(made, "Căn cứ {{ one }};", italic=True, align=ALIGN.JUSTIFY).paragraph_format.first_line_indent = Mm(10)
    line(made, "{%p endfor %}")


def state(made: Made) -> None:
    head(made, "I. MỤC ĐÍCH, YÊU CẦU")
    said(made, "{{ purpose }}")
    each(made, "wishes", "- {{ one }}")
    head(made, "II. HIỆN TRẠNG")
    each(made, "present")
    title(made, "Bảng 1. Mức bao quát của từng thôn, trước và sau khi lắp")
    right, left = ALIGN.RIGHT, ALIGN.LEFT
    table(made, "hamlets", (
        ("Thôn", "{{ row.name }}", 65, left), ("Mắt hiện có", "{{ row.eyes }}", 25, right),
        ("Mắt mới", "{{ row.new }}", 25, right), ("Trước", "{{ row.before }}", 25, right), ("Sau", "{{ row.after }}", 25, right),
    ))  # fmt: skip


def eyes(made: Made) -> None:
    left, right = ALIGN.LEFT, ALIGN.RIGHT
    head(made, "III. BỐ TRÍ MẮT MỚI")
    said(made, "Vị trí trên bản đồ ở Hình 1, danh sách ở Bảng 2, theo thứ tự lắp: mắt thêm được nhiều nhất lắp trước.")
    title(made, "Bảng 2. Các mắt mới")
    table(made, "eyes", (
        ("TT", "{{ row.number }}", 10, right), ("Vị trí", "{{ row.name }}\n{{ row.hamlet }}\n{{ row.position }}", 38, left),
        ("Hướng nhìn", "{{ row.bearing }}", 22, left), ("Vì sao", "{{ row.why }}", 58, left),
        ("Đợt", "{{ row.phase }}", 12, ALIGN.CENTER), ("Kinh phí (đồng)", "{{ row.cost }}", 25, right),
    ))  # fmt: skip


def map_page(made: Made) -> None:
    """A page across, for the map alone."""
    across = made.add_section(WD_SECTION.NEW_PAGE)
    across.orientation, across.page_width, across.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    across.left_margin = across.right_margin = Mm(15)
    across.top_margin, across.bottom_margin = Mm(15), Mm(10)
    across.different_first_page_header_footer = False
    line(made, "{{ map }}").paragraph_format.space_after = Pt(0)
    line(made, "{{ map_caption }}", size=12, bold=True)
    back = made.add_section(WD_SECTION.NEW_PAGE)
    back.orientation, back.page_width, back.page_height = WD_ORIENT.PORTRAIT, Mm(210), Mm(297)
    back.left_margin, back.right_margin, back.top_margin, back.bottom_margin = Mm(30), Mm(15), Mm(20), Mm(20)


def money(made: Made) -> None:
    left, right = ALIGN.LEFT, ALIGN.RIGHT
    head(made, "IV. KINH PHÍ")
    title(made, "Bảng 3. Kinh phí lắp đặt")
    costs = (("Nội dung", "{{ row.kind }}", 85, left), ("Số mắt có chi", "{{ row.times }}", 35, right),
             ("Thành tiền (đồng)", "{{ row.amount }}", 45, right))  # fmt: skip
    table(made, "costs", costs, ("Cộng", "", "{{ total }}"))
    said(made, "Kinh phí duy trì các mắt mới mỗi năm: {{ upkeep }} đồng.")
    line(made, "{%p if funding %}")
    title(made, "Bảng 4. Nguồn kinh phí")
    table(made, "funding", (("Nguồn", "{{ row.source }}", 120, left), ("Số tiền (đồng)", "{{ row.amount }}", 45, right)))
    line(made, "{%p endif %}")
    said(made, "{{ money }}")
    head(made, "V. LỘ TRÌNH")
    title(made, "Bảng 5. Các đợt lắp đặt")
    table(made, "phases", (
        ("Đợt", "{{ row.number }}", 15, ALIGN.CENTER), ("Mắt mới (số trong Bảng 2)", "{{ row.which }}", 60, left),
        ("Tổng số mắt", "{{ row.eyes }}", 28, right), ("Bao quát", "{{ row.covered }}", 27, right),
        ("Kinh phí (đồng)", "{{ row.cost }}", 35, right),
    ))  # fmt: skip


def closing(made: Made) -> None:
    head(made, "VI. KẾT QUẢ VÀ ĐỘ TIN CẬY")
    each(made, "proof")
    head(made, "VII. CÁCH TÍNH VÀ GIẢ ĐỊNH")
    each(made, "assumed")


def build() -> Made:
    made = Document()
    set_up(made)
    top(made, "Số: ......./KH")
    for part in (opening, state, eyes, map_page, money, closing):
        part(made)
    foot(made, "{{ mark }}")
    return made


if __name__ == "__main__":
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    build().save(str(TARGET))
