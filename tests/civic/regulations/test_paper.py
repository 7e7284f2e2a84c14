"""Both papers are opened and read: every rule's words and numbers are there, and a rule that changes changes both."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from hypothesis import given, settings
from pypdf import PdfReader
from tools.regulation_template import build

from luytre.civic.regulations.articles import articles
from luytre.civic.regulations.paper import DRAFT_LABEL, LAYOUT, Issue, as_docx, as_pdf
from luytre.civic.regulations.proposal import PROPOSAL
from luytre.civic.regulations.rules import Actor, Approvals, Group, Hours, Kept, Right, Rules, Way
from luytre.web import messages
from tests.civic.regulations.sets import RULES as RULES_OF_ANY_KIND

APPROVED = Issue("", 3, datetime(2026, 2, 3, 7, 5, 0, 123456, tzinfo=UTC), datetime(2026, 2, 3, 17, 0, tzinfo=UTC), "ab" * 32)
RULES = replace(PROPOSAL, heading=replace(PROPOSAL.heading, issuer="CÔNG AN XÃ AN <BÌNH> & {{ x }}", place="An Bình"))


@pytest.fixture(scope="module", autouse=True)
def words() -> None:
    messages.compile_all()


def read_docx(rules: Rules, issue: Issue) -> str:
    made = Document(BytesIO(as_docx(rules, issue)))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return squeezed("\n".join([*cells, *(paragraph.text for paragraph in made.paragraphs)]))


def read_pdf(rules: Rules, issue: Issue) -> str:
    pages = [page.extract_text() for page in PdfReader(BytesIO(as_pdf(rules, issue))).pages]
    return squeezed("\n".join([pages[0], *(page.removeprefix(f"{number}\n") for number, page in enumerate(pages[1:], start=2))]))


def squeezed(text: str) -> str:
    """Without spaces: where a line is broken says nothing."""
    return re.sub(r"\s+", "", text)


READERS = pytest.mark.parametrize("read", [read_docx, read_pdf])


@READERS
def test_every_rule_is_on_paper(read: Callable[[Rules, Issue], str]) -> None:
    said = read(RULES, APPROVED)
    for number, article in enumerate(articles(RULES), start=1):
        assert squeezed(f"Điều {number}. {article.title}") in said
        for clause in article.clauses:
            assert squeezed(clause) in said, clause
    for text in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "CÔNG AN XÃ AN <BÌNH> & {{ x }}",
        "An Bình, ngày 03 tháng 02 năm 2026", "nhận:", "TRƯỞNG CÔNG AN XÃ", *RULES.heading.basis, *RULES.heading.recipients,
        "Quy chế có hiệu lực từ 00:00 ngày 04/02/2026.", "Bản số 3.", "ab" * 32, "31/12/2027", "18:00–06:00",
    ):  # fmt: skip
        assert squeezed(text) in said, text


@READERS
@pytest.mark.parametrize(
    "changes",
    [
        {"purposes": PROPOSAL.purposes[1:]},
        {"rights": (Right(Actor.HEAD, Way.LIVE, (Hours(1, 2),)), *PROPOSAL.rights[1:])},
        {"kept": (Kept(Group.ROUTE, 29), *PROPOSAL.kept[1:])},
        {"export": Approvals(2, (Actor.HEAD,))},
        {"sound": True},
        {"masked_for": PROPOSAL.masked_for[1:]},
        {"watermark": False},
        {"prohibited": PROPOSAL.prohibited[1:]},
        {"notice": "khác"},
        {"contact": "khác"},
        {"review": None},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_rule_that_changes_changes_the_paper(read: Callable[[Rules, Issue], str], changes: dict[str, Any]) -> None:
    assert read(replace(RULES, **changes), APPROVED) != read(RULES, APPROVED)


@READERS
def test_a_draft_says_that_it_is_one(read: Callable[[Rules, Issue], str]) -> None:
    said = read(RULES, Issue(DRAFT_LABEL))
    assert squeezed(DRAFT_LABEL) in said
    assert squeezed("An Bình, ngày ... tháng ... năm ......") in said
    assert "SHA-256" not in said


@settings(max_examples=15)
@given(RULES_OF_ANY_KIND)
def test_any_rules_can_be_printed(rules: Rules) -> None:
    """Also with letters that no font here has: those are missing on paper, and the paper is there."""
    assert as_pdf(rules, APPROVED).startswith(b"%PDF")
    assert Document(BytesIO(as_docx(rules, APPROVED))).paragraphs


def test_letters_that_no_font_has_cost_the_archive_standard_and_not_the_paper() -> None:
    assert b"pdfaid" in as_pdf(RULES, APPROVED)
    odd = as_pdf(replace(RULES, contact="\ue909 \U0010e4fa"), APPROVED)
    assert odd.startswith(b"%PDF")
    assert b"pdfaid" not in odd


def test_the_same_regulation_gives_the_same_pdf() -> None:
    assert as_pdf(RULES, APPROVED) == as_pdf(RULES, APPROVED)


def test_the_word_file_is_laid_out_as_the_decree_wants() -> None:
    made = Document(BytesIO(as_docx(RULES, APPROVED)))
    section = made.sections[0]
    page = (
        section.page_width,
        section.page_height,
        section.top_margin,
        section.bottom_margin,
        section.left_margin,
        section.right_margin,
    )
    assert [round(length.mm) for length in page if length] == [210, 297, 20, 20, 30, 15]
    assert (made.styles["Normal"].font.name, made.styles["Normal"].font.size.pt) == ("Times New Roman", 14)


def test_the_template_is_what_its_script_writes() -> None:
    kept = Document(str(LAYOUT / "regulation.docx"))
    assert kept.element.xml == build().element.xml
