"""The agreement on paper: the same text as on the screen, with lines for signatures or with the strokes. A proposal."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.timezone import localtime

from luytre.civic import typeset
from luytre.civic.movement.strokes import HEIGHT, WIDTH, Strokes, as_path
from luytre.civic.movement.text import AgreementText
from luytre.civic.registry.models import Commune

LAYOUT = Path(__file__).parent / "layout"
_DATE = "ngày {0:%d} tháng {0:%m} năm {0:%Y}"


def agreement_pdf(text: AgreementText, now: datetime, *, signed: datetime | None = None, strokes: Strokes = ()) -> bytes:
    """To be signed by hand, or, with `signed`, as it was signed on the screen (`strokes`) or on another paper. PDF."""
    place = Commune.here().name or "......."
    day = _DATE.format(localtime(signed)) if signed else "ngày ..... tháng ..... năm ......."
    said: dict[str, Any] = {
        "title": text.title, "issuer": text.issuer.upper(), "facts": text.facts, "articles": text.articles, "code": text.code,
        "digest": text.digest, "signature": _svg(strokes) if strokes else "",
        "place_and_date": f"{place}, {day}",
        "signed": f"Ký lúc {localtime(signed):%H:%M ngày %d/%m/%Y}." if signed else "",
    }  # fmt: skip
    return typeset.as_pdf(LAYOUT / "agreement.typ", said, now)


def _svg(strokes: Strokes) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f'<path d="{as_path(strokes)}" fill="none" stroke="black" stroke-width="6" stroke-linecap="round"/></svg>'
    )
