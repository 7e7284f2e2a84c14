"""A bulletin on a sheet, to hang up at the duty desk: what is looked for, its plate and picture, until when, whom to telephone.

Vietnamese in any language of the program, as all papers are.
"""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils.timezone import localtime

from luytre.base.i18n import translate
from luytre.civic import typeset
from luytre.civic.bulletins.models import Bulletin, Kind
from luytre.civic.registry.models import Commune
from luytre.civic.registry.order import hamlets_in_order
from luytre.civic.regulations.force import in_force_now

LAYOUT = Path(__file__).parent / "layout"
_DATE, _MOMENT = "ngày {0:%d} tháng {0:%m} năm {0:%Y}", "%H:%M ngày %d/%m/%Y"


def sheet_of(bulletin: Bulletin, picture: bytes, now: datetime) -> bytes:
    """PDF. `picture`: JPEG, or empty."""
    commune = Commune.here().name
    said: dict[str, Any] = {
        "sign": bulletin.sign, "title": bulletin.title, "plate": bulletin.plate, "facts": _facts(bulletin),
        "words": bulletin.words, "picture": _svg(bulletin, picture), "until": f"{last_day(bulletin):%d/%m/%Y}",
        "contact": in_force_now(now).rules.contact or "Trực ban Công an xã",
        "issuer": f"CÔNG AN {commune.upper()}" if commune else "CÔNG AN XÃ",
        "place_and_date": f"{commune or '.......'}, {_DATE.format(localtime(now))}",
        "ended": not bulletin.in_force(now),
    }  # fmt: skip
    return typeset.as_pdf(LAYOUT / "bulletin.typ", said, now)


def last_day(bulletin: Bulletin) -> datetime:
    """A moment of the last day that it is in force, in the commune's time."""
    return localtime(bulletin.until - timedelta(seconds=1))


def _facts(bulletin: Bulletin) -> list[tuple[str, str]]:
    kind = translate(str(Kind(bulletin.kind).label), "vi")
    facts = [("Loại", kind[:1].upper() + kind[1:])]
    if bulletin.look:
        facts.append(("Màu, nhãn hiệu", bulletin.look))
    if bulletin.since is not None:
        facts.append(("Từ lúc", f"{localtime(bulletin.since):{_MOMENT}}"))
    if bulletin.place:
        facts.append(("Tại", bulletin.place))
    if not bulletin.everywhere:
        named = hamlets_in_order(one.hamlet for one in bulletin.hamlets.select_related("hamlet"))
        facts.append(("Gửi", ", ".join(one.name for one in named)))
    return facts


def _svg(bulletin: Bulletin, jpeg: bytes) -> str:
    """An SVG that holds the picture: typst reads no bytes out of JSON. Empty: there is none."""
    if not jpeg:
        return ""
    width, height = bulletin.width_px, bulletin.height_px
    image = f'<image width="{width}" height="{height}" href="data:image/jpeg;base64,{base64.b64encode(jpeg).decode("ascii")}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{image}</svg>'
