"""What is handed out and hung up: a leaflet (A5), a poster (A4, A3), of the regulation in force, with a code to join by."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import Any

import qrcode
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.image.svg import SvgPathImage

from luytre.base.letters import one_line
from luytre.civic import typeset
from luytre.civic.registry.keeping import keeping_now
from luytre.civic.registry.notice import whom_to_ask, why_no_sign
from luytre.civic.regulations.force import in_force_now
from luytre.civic.regulations.rules import Group

LAYOUT = Path(__file__).parent / "layout"
PAGE = "/gop-mat"
"""Where a household leaves its number; the web's own route is the same (a test holds them together)."""


class Handout(StrEnum):
    LEAFLET = "a5"
    POSTER = "a4"
    LARGE = "a3"


def handout(size: Handout, public_url: str, now: datetime) -> bytes:
    """PDF. Errors: NoSign where no regulation is in force, the commune has no name or nobody said how it is reached."""
    for missing in why_no_sign(now, public_url):
        raise missing
    found, keeping = in_force_now(now), keeping_now(now)
    operator, contact = whom_to_ask(now)
    address = f"{public_url}{PAGE}"
    said: dict[str, Any] = {
        "size": str(size), "operator": operator, "purposes": [one_line(one.vi) for one in found.rules.purposes],
        "days": max(keeping.days_at(kind) for kind in Group), "contact": contact, "qr": _qr_svg(address), "address": address.partition("://")[2],
        "basis": f"Theo quy chế sử dụng camera {found.rules.heading.sign or f'bản số {found.number}'} đang có hiệu lực.",
        "tiers": [
            ["Chỉ ghi danh sách", "xã biết có camera, không kết nối"],
            ["Khi được yêu cầu", "có vụ việc mới hỏi, chủ camera quyết định từng lần"],
            ["Khi có báo động", "chỉ mở khi thôn có báo động hoặc vụ việc, mỗi lần nhiều nhất 24 giờ"],
            ["Trực tiếp", "mở trong những giờ đã thỏa thuận"],
        ],
    }  # fmt: skip
    return typeset.as_pdf(LAYOUT / "handout.typ", said, now)


def _qr_svg(text: str) -> str:
    written = BytesIO()
    qrcode.make(text, image_factory=SvgPathImage, border=4, error_correction=ERROR_CORRECT_Q).save(written)
    return written.getvalue().decode("utf-8")
