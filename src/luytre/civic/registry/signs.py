"""Notice signs on paper, A4 and A3, by typst: one a camera, and all of them in one PDF with a list of which belongs where.

The sign is Vietnamese in any language of the program. What it says comes from `notice` alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import Any

import qrcode
from django.utils.timezone import get_default_timezone
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.image.svg import SvgPathImage

from luytre.civic import typeset
from luytre.civic.registry.models import Camera
from luytre.civic.registry.notice import Notice, notices_of, why_no_sign

LAYOUT = Path(__file__).resolve().parent / "layout"
PAGE = "/camera-nay/"
"""Where the public page of a code lies; the web's own route is the same (a test holds them together)."""


class Size(StrEnum):
    A4 = "a4"
    A3 = "a3"


def as_pdf(cameras: Sequence[Camera], size: Size, public_url: str, now: datetime) -> bytes:
    """The signs of these cameras (with site and hamlet). Errors: NoSign, RegulationDamaged; what is missing first is told."""
    for missing in why_no_sign(now, public_url):
        raise missing
    notices = notices_of(list(cameras), now)
    several = len(notices) > 1
    data = {
        "size": str(size),
        "signs": [_sign(notice, public_url) for notice in notices],
        "list": [_place(camera) for camera in cameras] if several else [],
        "printed": f"{now.astimezone(get_default_timezone()):%d/%m/%Y}",
    }
    return typeset.as_pdf(LAYOUT / "sign.typ", data, now)


def _sign(notice: Notice, public_url: str) -> dict[str, Any]:
    """All that stands on one sign."""
    address = f"{public_url}{PAGE}{notice.code}"
    number = notice.sign or f"bản số {notice.regulation}"
    since = f", hiệu lực từ {notice.since.astimezone(get_default_timezone()):%d/%m/%Y}" if notice.since else ""
    return {
        "operator": notice.operator,
        "notice": notice.notice,
        "purposes": [purpose.vi for purpose in notice.purposes],
        "kept": f"{notice.days} ngày, sau đó tự động xóa",
        "sound": "Có ghi âm" if notice.sound else "Không ghi âm",
        "contact": notice.contact,
        "code": notice.code,
        "address": address.partition("://")[2],
        "qr": _qr_svg(address),
        "basis": f"Theo Quy chế sử dụng hệ thống camera ({number}{since}).",
    }


def _place(camera: Camera) -> dict[str, str]:
    site = camera.site
    return {"code": camera.code, "camera": camera.name, "site": site.name, "hamlet": site.hamlet.name if site.hamlet else ""}


def _qr_svg(text: str) -> str:
    """A quarter of it may be dirty or scratched and it is still read (level Q); with its own margin of four modules."""
    written = BytesIO()
    qrcode.make(text, image_factory=SvgPathImage, border=4, error_correction=ERROR_CORRECT_Q).save(written)
    return written.getvalue().decode("utf-8")
