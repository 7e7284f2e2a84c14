"""Writes the .docx template of a period's report, in the layout of Decree 30/2020/NĐ-CP (appendix I).

    .venv/bin/python -m tools.report_template

The template is kept with the source, so that a commune's office can put its own in its place; a test demands that it is what
this script writes. Letterhead, page and signatures are those of a regulation (`regulation_template`).
"""

from __future__ import annotations

from pathlib import Path

from docx import Document
from docx.document import Document as Made
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from tools.plan_template import head, said, table, title
from tools.regulation_template import foot, line, set_up, top

TARGET = Path(__file__).resolve().parents[1] / "src/luytre/civic/reports/layout/report.docx"


def opening(made: Made) -> None:
    for name in ("label", "replaces"):
        if name == "replaces":
            line(made, "BÁO CÁO", bold=True)
            line(made, "{{ title }}", bold=True)
            line(made, "{{ span }}", size=13, italic=True)
        line(made, f"{{%p if {name} %}}")
        line(made, f"{{{{ {name} }}}}", bold=name == "label", italic=name == "replaces")
        line(made, "{%p endif %}")


def words(made: Made) -> None:
    line(made, "{%p for part in parts %}")
    head(made, "{{ part.title }}")
    line(made, "{%p for one in part.lines %}")
    said(made, "{{ one }}")
    line(made, "{%p endfor %}")
    line(made, "{%p endfor %}")


def numbers(made: Made) -> None:
    left, right = ALIGN.LEFT, ALIGN.RIGHT
    made.add_page_break()
    line(made, "PHỤ LỤC SỐ LIỆU", bold=True)
    line(made, "{%p for section in sections %}")
    head(made, "{{ loop.index }}. {{ section.title }}")
    table(made, "section.rows", (
        ("Chỉ tiêu", "{{ row.words }}", 55, left), ("Kỳ này", "{{ row.value }}", 26, right),
        ("Trên tổng số, hoặc mỗi tuần", "{{ row.share }}", 30, right), ("Kỳ trước", "{{ row.before }}", 26, right),
        ("So với kỳ trước", "{{ row.change }}", 28, right),
    ))  # fmt: skip
    line(made, "{%p if section.hamlets %}")
    title(made, "Theo thôn")
    table(made, "section.hamlets", (
        ("Thôn", "{{ row.name }}", 45, left), ("{{ section.first }}", "{{ row.first }}", 30, right),
        ("Kỳ trước", "{{ row.first_before }}", 30, right), ("{{ section.second }}", "{{ row.second }}", 30, right),
        ("Kỳ trước", "{{ row.second_before }}", 30, right),
    ))  # fmt: skip
    line(made, "{%p endif %}")
    line(made, "{%p for one in section.pictures %}")
    title(made, "{{ one.title }}")
    line(made, "{{ one.picture }}")
    line(made, "{%p endfor %}")
    line(made, "{%p endfor %}")


def build() -> Made:
    made = Document()
    set_up(made)
    top(made)
    opening(made)
    words(made)
    foot(made, "")
    numbers(made)
    line(made, "{{ proof }}", size=9, align=ALIGN.LEFT)
    return made


if __name__ == "__main__":
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    build().save(str(TARGET))
