"""A petition on paper, for who has no telephone: the receipt, and the letter that says what was decided and why. Vietnamese."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.timezone import localtime

from luytre.base.i18n import translate
from luytre.civic import typeset
from luytre.civic.petitions.kinds import About, Decision, Refusal, Source
from luytre.civic.petitions.models import Petition
from luytre.civic.registry.models import Commune

LAYOUT = Path(__file__).parent / "layout"
_DATE, _MOMENT = "ngày {0:%d} tháng {0:%m} năm {0:%Y}", "%H:%M ngày %d/%m/%Y"
_COMPLAIN = (
    "Nếu không đồng ý, ông/bà có quyền đề nghị Trưởng Công an xã xem lại, hoặc khiếu nại đến Chủ tịch Ủy ban nhân dân xã "
    "bằng văn bản hoặc trực tiếp, theo pháp luật về khiếu nại."
)
_NEVER_RAW = "Hình có người khác không được giao nguyên bản cho cá nhân."


def receipt_of(petition: Petition, name: str, now: datetime) -> bytes:
    """PDF. `name`: of who asked, unsealed by the caller, who has written down that somebody looked."""
    facts = [
        *_asked(petition, name),
        ("Trả lời trước", f"{localtime(petition.reply_due):{_MOMENT}}"),
        ("Giải quyết trước", f"{localtime(petition.access_due):{_MOMENT}}"),
    ]
    return set_letter(petition.sign, "GIẤY BIÊN NHẬN", "Đơn xin xem hình camera", facts, [_NEVER_RAW, _COMPLAIN], now)


def letter_of(petition: Petition, name: str, now: datetime) -> bytes:
    """PDF, of a petition that was decided. `name`: as for the receipt."""
    facts = [*_asked(petition, name), ("Quyết định", _vi(Decision(petition.decision).label))]
    if petition.refusal:
        facts.append(("Căn cứ từ chối", _vi(Refusal(petition.refusal).label)))
    facts.append(("Lý do", petition.reason or "(đã xóa theo thời hạn lưu)"))
    if petition.meet_at is not None:
        facts.append(("Mời đến", f"{localtime(petition.meet_at):{_MOMENT}}, {petition.meet_place}"))
    ends = ["Khi đến mang theo giấy tờ tùy thân.", _NEVER_RAW] if petition.meet_at else []
    return set_letter(petition.sign, "THÔNG BÁO", "Về việc giải quyết đơn xin xem hình camera", facts, [*ends, _COMPLAIN], now)


def _asked(petition: Petition, name: str) -> list[tuple[str, str]]:
    who = [("Cơ quan đề nghị", name)] if petition.source == Source.AUTHORITY else [("Người xin", name)]
    if petition.letter_number and petition.letter_day:
        who.append(("Văn bản", f"{petition.letter} số {petition.letter_number} ngày {petition.letter_day:%d/%m/%Y}"))
    where = ", ".join(filter(None, [petition.place, petition.hamlet.name if petition.hamlet else ""]))
    facts = [*who, ("Nhận lúc", f"{localtime(petition.received):{_MOMENT}}"), ("Việc", _vi(About(petition.about).label))]
    if petition.start is not None and petition.end is not None:
        facts.append(("Khoảng giờ", f"từ {localtime(petition.start):{_MOMENT}} đến {localtime(petition.end):{_MOMENT}}"))
    return [*facts, *([("Nơi xảy ra", where)] if where else []), *([("Cần tìm", petition.words)] if petition.words else [])]


def _vi(words: object) -> str:
    said = translate(str(words), "vi")
    return said[:1].upper() + said[1:]


def set_letter(
    sign: str, title: str, about: str, facts: list[tuple[str, str]], ends: list[str], now: datetime, left: str = "NGƯỜI NHẬN"
) -> bytes:  # fmt: skip
    """PDF of a letter of the commune police, also of the rooms above. `left`: who signs on the left; empty: nobody."""
    commune = Commune.here().name
    said: dict[str, Any] = {
        "title": title, "about": about, "sign": sign, "left": left, "facts": facts, "ends": ends,
        "issuer": f"CÔNG AN {commune.upper()}" if commune else "CÔNG AN XÃ",
        "place_and_date": f"{commune or '.......'}, {_DATE.format(localtime(now))}",
    }  # fmt: skip
    return typeset.as_pdf(LAYOUT / "petition.typ", said, now)
