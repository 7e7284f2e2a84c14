"""Papers set by typst: a room's own layout file, filled with what is said. Nothing is fetched from anywhere.

Every room that prints comes here, so that all papers follow one standard: PDF/A-2b for archives (ISO 19005-2).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any


def as_pdf(layout: Path, said: Mapping[str, Any], at: datetime | None = None) -> bytes:
    """PDF/A-2b; plain PDF 1.7 where a letter was typed that no font here has, which the archive's standard forbids.

    `layout` reads `said` as JSON from its input `data`, and files beside itself. `at`: when it was made; None: not told.
    """
    import typst

    try:
        return _set(layout, said, at, format="pdf", pdf_standards="a-2b")
    except typst.TypstError:
        return _set(layout, said, at, format="pdf", pdf_standards="1.7")


def as_png(layout: Path, said: Mapping[str, Any], ppi: float, at: datetime | None = None) -> bytes:
    """The layout's only page as a picture."""
    return _set(layout, said, at, format="png", ppi=ppi)


def _set(layout: Path, said: Mapping[str, Any], at: datetime | None, **form: Any) -> bytes:
    import typst

    made = typst.compile(
        str(layout), root=str(layout.parent), sys_inputs={"data": json.dumps(said, ensure_ascii=False)},
        timestamp=at.replace(microsecond=0) if at else None, **form,
    )  # fmt: skip
    assert isinstance(made, bytes)  # one page, or one PDF
    return made
