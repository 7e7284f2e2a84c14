"""The regulation on paper, in the layout of Decree 30/2020/NĐ-CP: .docx by docxtpl, PDF by typst, both of the same rules.

The PDF is set in Times New Roman where the machine has it, else in a font of the same kind (typst brings Libertinus Serif).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from django.utils.timezone import get_default_timezone

from luytre.civic import typeset
from luytre.civic.regulations.articles import Article, articles
from luytre.civic.regulations.rules import Heading, Rules

LAYOUT = Path(__file__).resolve().parent / "layout"
TITLE = "Sử dụng hệ thống camera an ninh, trật tự trên địa bàn xã"
DRAFT_LABEL = "DỰ THẢO - CHƯA CÓ HIỆU LỰC"
BUILT_IN_LABEL = "QUY TẮC MẶC ĐỊNH CỦA PHẦN MỀM - KHÔNG PHẢI QUY CHẾ"


@dataclass(frozen=True, slots=True)
class Issue:
    """What is printed beside the rules. `signed` None: not approved yet, and `label` says so."""

    label: str = ""
    number: int = 0
    signed: datetime | None = None
    begins: datetime | None = None
    digest: str = ""


def as_docx(rules: Rules, issue: Issue) -> bytes:
    """A Word file that an office can go on working with."""
    return docx_of(set_out(TITLE, rules.heading, articles(rules), issue))


def as_pdf(rules: Rules, issue: Issue) -> bytes:
    """As `typeset.as_pdf` sets it."""
    return pdf_of(set_out(TITLE, rules.heading, articles(rules), issue), issue)


def docx_of(said: Mapping[str, Any]) -> bytes:
    """Any regulation that `set_out` has set out."""
    from docxtpl import DocxTemplate

    template = DocxTemplate(str(LAYOUT / "regulation.docx"))
    template.render(dict(said), autoescape=True)
    made = BytesIO()
    template.save(made)
    return made.getvalue()


def pdf_of(said: Mapping[str, Any], issue: Issue) -> bytes:
    return typeset.as_pdf(LAYOUT / "regulation.typ", said, issue.signed)


def set_out(title: str, heading: Heading, said: tuple[Article, ...], issue: Issue) -> dict[str, Any]:
    """All that stands on the paper, for either template."""
    begins = (f"Quy chế có hiệu lực từ {_moment(issue.begins)}.",) if issue.begins else ()
    said = (*said[:-1], replace(said[-1], clauses=(*begins, *said[-1].clauses)))
    numbered = [
        {"number": number, "title": one.title, "clauses": _clauses(one.clauses)} for number, one in enumerate(said, start=1)
    ]
    return {
        "superior": heading.superior,
        "issuer": heading.issuer,
        "sign": heading.sign or ".......",
        "place_and_date": f"{heading.place or '.......'}, {_date(issue.signed)}",
        "label": issue.label,
        "title": title,
        "basis": list(heading.basis),
        "articles": numbered,
        "recipients": list(heading.recipients),
        "signer_title": heading.signer_title,
        "signer": heading.signer,
        "proof": f"Bản số {issue.number}. Mã kiểm tra (SHA-256) của các thiết lập: {issue.digest}" if issue.digest else "",
    }


def _clauses(clauses: tuple[str, ...]) -> list[str]:
    """Numbered where there are several."""
    return [f"{number}. {clause}" for number, clause in enumerate(clauses, start=1)] if len(clauses) > 1 else list(clauses)


def _here(moment: datetime) -> datetime:
    return moment.astimezone(get_default_timezone())


def _moment(moment: datetime) -> str:
    return f"{_here(moment):%H:%M} ngày {_here(moment):%d/%m/%Y}"


def _date(moment: datetime | None) -> str:
    """Day and month below ten, and months one and two, take a zero (Decree 30: days below 10, months 1 and 2)."""
    if moment is None:
        return "ngày ... tháng ... năm ......"
    here = _here(moment)
    month = f"{here.month:02}" if here.month < 3 else str(here.month)
    return f"ngày {here.day:02} tháng {month} năm {here.year}"
