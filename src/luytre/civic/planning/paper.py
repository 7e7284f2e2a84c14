"""A computed version as the document a committee decides on (layout of Decree 30/2020/NĐ-CP): .docx by docxtpl, PDF by typst.

The words are `paper_words`; the map is drawn by whoever asks (`MapSheet`). Nothing is fetched from anywhere.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from luytre.civic import typeset
from luytre.civic.planning.paper_words import Version, told
from luytre.civic.regulations.rules import Heading

LAYOUT = Path(__file__).resolve().parent / "layout"
MAP_WIDTH_MM, MAP_HEIGHT_MM = 205.0, 165.0
"""Of the drawing on its A4 page, beside the legend (`layout/sheet.typ`)."""
PICTURE_PPI = 200


@dataclass(frozen=True, slots=True)
class Key:
    """A sign of the legend: an SVG of its own, and what it means."""

    svg: str
    words: str


@dataclass(frozen=True, slots=True)
class MapSheet:
    """What is drawn: `svg` of MAP_WIDTH_MM × MAP_HEIGHT_MM, north up. `bar_mm`: how long the scale's bar is on the sheet."""

    svg: str
    legend: tuple[Key, ...]
    bar_mm: float
    scale: str
    sources: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    version: Version
    commune: str
    heading: Heading
    sheet: MapSheet


def as_docx(paper: Paper) -> bytes:
    """A Word file that an office can go on working with; the map is a picture in it."""
    from docx.shared import Mm
    from docxtpl import DocxTemplate, InlineImage

    template = DocxTemplate(str(LAYOUT / "plan.docx"))
    said = _said(paper)
    picture = InlineImage(template, BytesIO(_picture(said, paper)), width=Mm(267))
    template.render({**said, "map": picture}, autoescape=True)
    made = BytesIO()
    template.save(made)
    return made.getvalue()


def as_pdf(paper: Paper) -> bytes:
    """As `typeset.as_pdf` sets it; the map is drawn in vectors."""
    return typeset.as_pdf(LAYOUT / "plan.typ", _said(paper), paper.version.answered)


def _picture(said: dict[str, Any], paper: Paper) -> bytes:
    """The map's page as PNG."""
    return typeset.as_png(LAYOUT / "picture.typ", {"sheet": said["sheet"]}, PICTURE_PPI, paper.version.answered)


def _said(paper: Paper) -> dict[str, Any]:
    """All that stands on the paper, for either template."""
    return {**told(paper.version, paper.commune, paper.heading), "sheet": asdict(paper.sheet)}
