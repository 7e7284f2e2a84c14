"""A report on paper in the layout of Decree 30/2020/NĐ-CP: .docx by docxtpl, PDF by typst. Vietnamese in any language.

Words first, then the signature, then an appendix with every number, what it is a share of, and the same of the period before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from luytre.base.i18n import translate
from luytre.civic import typeset
from luytre.civic.periods import Period, period_words
from luytre.civic.regulations.rules import Heading
from luytre.civic.reports.charts import WIDTH, Chart, charts_of, named
from luytre.civic.reports.figures import Figures, Section, SectionFigures, Unit
from luytre.civic.reports.sections import SECTIONS
from luytre.civic.reports.sentences import VI, Words
from luytre.civic.reports.told import amount, lines_of

LAYOUT = Path(__file__).resolve().parent / "layout"
CHART_MM = 95.0
PPI = 200
DRAFT_LABEL = "DỰ THẢO - CHƯA BAN HÀNH"
RECIPIENTS = ("Như kính gửi", "Thành viên Ban chỉ đạo", "Lưu: VT")
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")


@dataclass(frozen=True, slots=True)
class Paper:
    """`sign` empty: a draft. `replaces`: of a report that stands in place of another: which one, and why."""

    period: Period
    figures: Figures
    words: Words
    places: Mapping[str, str]
    commune: str
    heading: Heading
    sign: str = ""
    day: date | None = None
    signer_title: str = ""
    signer: str = ""
    replaces: str = ""
    proof: str = ""


def as_docx(paper: Paper) -> bytes:
    """A Word file that an office can go on working with; charts are pictures in it."""
    from docx.shared import Mm
    from docxtpl import DocxTemplate, InlineImage

    template = DocxTemplate(str(LAYOUT / "report.docx"))
    said = told(paper)
    for section in said["sections"]:
        section["pictures"] = [
            {"title": one["title"], "picture": InlineImage(template, BytesIO(_picture(one)), width=Mm(CHART_MM))}
            for one in section["charts"]
        ]
    template.render(said, autoescape=True)
    made = BytesIO()
    template.save(made)
    return made.getvalue()


def as_pdf(paper: Paper, at: datetime) -> bytes:
    """As `typeset.as_pdf` sets it; charts are drawn in vectors."""
    return typeset.as_pdf(LAYOUT / "report.typ", told(paper), at)


def _picture(chart: Mapping[str, Any]) -> bytes:
    return typeset.as_png(LAYOUT / "chart.typ", dict(chart), PPI)


def told(paper: Paper) -> dict[str, Any]:
    """All that stands on the paper, for either template."""
    heading, commune = paper.heading, paper.commune
    lines = (paper.words.situation, paper.words.results, paper.words.lacking, paper.words.ahead)
    heads = ("TÌNH HÌNH", "KẾT QUẢ", "TỒN TẠI, HẠN CHẾ", "PHƯƠNG HƯỚNG, NHIỆM VỤ")
    return {
        "superior": heading.superior,
        "issuer": heading.issuer or (f"CÔNG AN {commune.upper()}" if commune else "CÔNG AN XÃ"),
        "sign": paper.sign or "......./BC",
        "place_and_date": f"{heading.place or commune or '.......'}, {_day(paper.day)}",
        "label": "" if paper.sign else DRAFT_LABEL,
        "title": f"Kết quả phong trào camera an ninh {period_words(paper.period, VI)}",
        "span": f"(Số liệu từ ngày {paper.period.first:%d/%m/%Y} đến hết ngày {paper.period.last:%d/%m/%Y})",
        "replaces": paper.replaces,
        "parts": [
            {"title": f"{_ROMAN[number]}. {head}", "lines": [one for one in text.splitlines() if one.strip()]}
            for number, (head, text) in enumerate(zip(heads, lines, strict=True))
        ],
        "recipients": list(heading.recipients or RECIPIENTS),
        "signer_title": paper.signer_title or heading.signer_title or "TRƯỞNG CÔNG AN XÃ",
        "signer": paper.signer,
        "sections": [_section(one, paper) for one in SECTIONS if paper.figures.section(one.key)],
        "proof": paper.proof,
    }


def _section(section: Section, paper: Paper) -> dict[str, Any]:
    found = paper.figures.section(section.key)
    assert found is not None  # the caller looked
    rows = [asdict(one) | {"share": one.share or _weekly(one.weekly)} for one in lines_of(section, paper.figures, VI)]
    titles = [translate(spec.words, VI) for key in section.by_hamlet if (spec := section.spec(key))]
    return {
        "title": translate(section.words, VI), "rows": rows, "hamlets": _hamlets(section, found, paper.places),
        "first": titles[0][:1].upper() + titles[0][1:], "second": titles[1][:1].upper() + titles[1][1:],
        "charts": [_chart(one) for one in charts_of(section, paper.figures, paper.places, VI)],
    }  # fmt: skip


def _weekly(said: str) -> str:
    return f"{said} mỗi tuần" if said else ""


def _hamlets(section: Section, found: SectionFigures, places: Mapping[str, str]) -> list[dict[str, str]]:
    pair = [(section.spec(key), found.figure(key)) for key in section.by_hamlet]
    keys = dict.fromkeys(place.place for _spec, figure in pair if figure for place in figure.places)
    rows = []
    for key in sorted(keys, key=lambda place: (not place, named(place, places, VI))):
        row = {"name": named(key, places, VI)}
        for name, (spec, figure) in zip(("first", "second"), pair, strict=True):
            one = next((place for place in figure.places if place.place == key), None) if figure else None
            unit = spec.unit if spec else Unit.COUNT
            row[name] = amount(one.value if one else 0, unit, VI)
            row[f"{name}_before"] = amount(one.before if one else 0, unit, VI)
        rows.append(row)
    return rows


def _chart(one: Chart) -> dict[str, Any]:
    return {"title": one.title, "svg": one.svg, "width_mm": CHART_MM, "height_mm": round(CHART_MM * one.height / WIDTH, 1)}


def _day(day: date | None) -> str:
    """Days below ten and months one and two take a zero (Decree 30, as the regulation's paper has it)."""
    if day is None:
        return "ngày ... tháng ... năm ......"
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"
