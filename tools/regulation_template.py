"""Writes the .docx template of a regulation, in the layout of Decree 30/2020/NĐ-CP (appendix I).

    .venv/bin/python tools/regulation_template.py

The template is kept with the source, so that a commune's office can put its own in its place; a test demands that it is what
this script writes.
"""

from __future__ import annotations

from pathlib import Path

from docx import Document
from docx.document import Document as Made
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

TARGET = Path(__file__).resolve().parents[1] / "src/luytre/civic/regulations/layout/regulation.docx"
FONT = "Times New Roman"


def set_up(made: Made) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(14)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    normal.paragraph_format.space_after = Pt(6)
    number(section.header.paragraphs[0])


def number(paragraph: Paragraph) -> None:
    """The page's number, in the middle above, from the second page on."""
    paragraph.alignment = ALIGN.CENTER
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:instrText" if text else "w:fldChar")
        if text:
            part.text = text
        else:
            part.set(qn("w:fldCharType"), kind)
        run._r.append(part)


def line(
    where: Made | _Cell, text: str, *, size: float = 14, bold: bool = False, italic: bool = False, align: ALIGN = ALIGN.CENTER
) -> Paragraph:
    paragraph = where.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(0 if isinstance(where, _Cell) else 6)
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    return paragraph


def rule(cell: _Cell, length: int) -> None:
    """The stroke under a name, as an office draws it."""
    line(cell, "_" * length, size=6)


def top(made: Made, sign: str = "Số: {{ sign }}") -> None:
    table = made.add_table(rows=2, cols=2)
    table.autofit = False
    for row in table.rows:
        row.cells[0].width, row.cells[1].width = Mm(65), Mm(100)
    left, right = table.rows[0].cells
    line(left, "{{ superior }}", size=13)
    line(left, "{{ issuer }}", size=13, bold=True)
    rule(left, 16)
    line(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=13, bold=True)
    line(right, "Độc lập - Tự do - Hạnh phúc", size=14, bold=True)
    rule(right, 48)
    left, right = table.rows[1].cells
    line(left, sign, size=13)
    line(right, "{{ place_and_date }}", italic=True)
    for row in table.rows:
        for cell in row.cells:
            cell._element.remove(cell.paragraphs[0]._element)


def body(made: Made) -> None:
    line(made, "{%p if label %}")
    line(made, "{{ label }}", bold=True)
    line(made, "{%p endif %}")
    line(made, "QUY CHẾ", bold=True).paragraph_format.space_before = Pt(12)
    line(made, "{{ title }}", bold=True)
    line(made, "{%p for one in basis %}")
    line(made, "Căn cứ {{ one }};", italic=True, align=ALIGN.JUSTIFY).paragraph_format.first_line_indent = Mm(10)
    line(made, "{%p endfor %}")
    line(made, "{%p for article in articles %}")
    head = line(made, "Điều {{ article.number }}. {{ article.title }}", bold=True, align=ALIGN.JUSTIFY)
    head.paragraph_format.first_line_indent = Mm(10)
    head.paragraph_format.keep_with_next = True
    line(made, "{%p for clause in article.clauses %}")
    line(made, "{{ clause }}", align=ALIGN.JUSTIFY).paragraph_format.first_line_indent = Mm(10)
    line(made, "{%p endfor %}")
    line(made, "{%p endfor %}")


def foot(made: Made, last: str = "{{ proof }}") -> None:
    table = made.add_table(rows=1, cols=2)
    left, right = table.rows[0].cells
    line(left, "Nơi nhận:", size=12, bold=True, italic=True, align=ALIGN.LEFT)
    line(left, "{%p for one in recipients %}", size=11)
    line(left, "- {{ one }};", size=11, align=ALIGN.LEFT)
    line(left, "{%p endfor %}", size=11)
    line(right, "{{ signer_title }}", bold=True)
    for _ in range(4):
        line(right, "")
    line(right, "{{ signer }}", bold=True)
    for cell in (left, right):
        cell._element.remove(cell.paragraphs[0]._element)
    line(made, last, size=9, align=ALIGN.LEFT)


def build() -> Made:
    made = Document()
    set_up(made)
    top(made)
    body(made)
    foot(made)
    return made


if __name__ == "__main__":
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    build().save(str(TARGET))
