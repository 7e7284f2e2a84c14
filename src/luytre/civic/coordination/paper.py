"""The coordination regulation on paper, in the layout that all regulations share."""

from __future__ import annotations

from luytre.civic.coordination.articles import TITLE, articles
from luytre.civic.coordination.rules import Matrix
from luytre.civic.regulations.paper import Issue, docx_of, pdf_of, set_out


def as_docx(matrix: Matrix, issue: Issue) -> bytes:
    return docx_of(set_out(TITLE, matrix.heading, articles(matrix), issue))


def as_pdf(matrix: Matrix, issue: Issue) -> bytes:
    return pdf_of(set_out(TITLE, matrix.heading, articles(matrix), issue), issue)
