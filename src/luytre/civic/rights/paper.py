"""A claim on paper: the receipt, word of an extension, the answer; and the draft notice of a breach. Vietnamese."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localtime

from luytre.base.i18n import translate
from luytre.civic.petitions.paper import set_letter
from luytre.civic.registry.models import Camera
from luytre.civic.rights.kinds import Decision, Ground, Right, Subject, Told
from luytre.civic.rights.models import Breach, Claim

_MOMENT = "%H:%M ngày %d/%m/%Y"
_COMPLAIN = (
    "Nếu không đồng ý, ông/bà có quyền đề nghị Trưởng Công an xã xem lại, hoặc khiếu nại đến Chủ tịch Ủy ban nhân dân xã "
    "bằng văn bản hoặc trực tiếp, theo pháp luật về khiếu nại."
)
_NEVER_RAW = "Hình có người khác không được giao nguyên bản cho cá nhân."
_CLOCKS = (
    "Thời hạn tính theo ngày làm việc (Nghị định 356/2025/NĐ-CP); việc gia hạn và căn cứ từ chối cần được đối chiếu với "
    "văn bản gốc."
)
_ERASED = "(đã xóa theo thời hạn lưu)"
_UNKNOWN = "(chưa rõ)"


def receipt_of(claim: Claim, name: str, now: datetime) -> bytes:
    """PDF. `name`: of who asked, unsealed by the caller, who has written down that somebody looked; empty: by code alone."""
    facts = [
        *_asked(claim, name),
        ("Trả lời trước", f"{localtime(claim.reply_due):{_MOMENT}}"),
        ("Giải quyết trước", f"{localtime(claim.act_due):{_MOMENT}}"),
        ("Mã theo dõi", "........................ (ghi tay; không tra lại được)"),
    ]
    return set_letter(claim.sign, "GIẤY BIÊN NHẬN", "Yêu cầu về dữ liệu cá nhân", facts, [_CLOCKS, _COMPLAIN], now)


def extension_of(claim: Claim, name: str, now: datetime) -> bytes:
    """PDF, of a claim whose term was extended. `name`: as for the receipt."""
    facts = [
        *_asked(claim, name), ("Lý do gia hạn", claim.extension or _ERASED),
        ("Hạn mới", f"{localtime(claim.act_due):{_MOMENT}}"),
    ]  # fmt: skip
    about = "Về việc gia hạn giải quyết yêu cầu về dữ liệu cá nhân"
    return set_letter(claim.sign, "THÔNG BÁO", about, facts, [_CLOCKS, _COMPLAIN], now)


def answer_of(claim: Claim, name: str, now: datetime) -> bytes:
    """PDF, of a claim that was decided: what was granted, or why not. `name`: as for the receipt."""
    facts = [*_asked(claim, name), ("Quyết định", _vi(Decision(claim.decision).label))]
    if claim.ground:
        facts.append(("Căn cứ từ chối", _vi(Ground(claim.ground).label)))
    facts.append(("Lý do", claim.reason or _ERASED))
    ends = [_CLOCKS] if claim.ground else []
    if claim.meet_at is not None:
        facts.append(("Mời đến", f"{localtime(claim.meet_at):{_MOMENT}}, {claim.meet_place}"))
        ends += ["Khi đến mang theo giấy tờ tùy thân.", _NEVER_RAW]
    about = "Về việc giải quyết yêu cầu về dữ liệu cá nhân"
    return set_letter(claim.sign, "THÔNG BÁO", about, facts, [*ends, _COMPLAIN], now)


def notice_of(breach: Breach, now: datetime) -> bytes:
    """PDF: a draft, to be completed and signed; to whom it goes and its form are to be confirmed."""
    told = _vi(Told(breach.told).label) + f": {breach.told_why}" if breach.told else _UNKNOWN
    facts = [
        ("Kính gửi", "........................................ (cơ quan có thẩm quyền; cần xác nhận)"),
        ("Phát hiện lúc", f"{localtime(breach.noticed):{_MOMENT}}"),
        ("Báo trước", f"{localtime(breach.notice_due):{_MOMENT}} (72 giờ)"),
        ("Sự việc", breach.what), ("Dữ liệu liên quan", breach.data),
        ("Số người", _UNKNOWN if breach.people is None else f"{breach.people:,}".replace(",", ".")),
        ("Biện pháp", breach.measures or _UNKNOWN), ("Báo người liên quan", told),
        ("Người liên hệ", "........................................"),
    ]  # fmt: skip
    ends = ["Dự thảo: các mục còn thiếu được bổ sung sau khi làm rõ. Mẫu và nơi nhận cần đối chiếu với văn bản gốc."]
    return set_letter(breach.sign, "THÔNG BÁO", "Về vi phạm bảo vệ dữ liệu cá nhân (dự thảo)", facts, ends, now, left="")


def _asked(claim: Claim, name: str) -> list[tuple[str, str]]:
    facts = [
        ("Người yêu cầu", name or "Người có mã của nội dung đã gửi"),
        ("Nhận lúc", f"{localtime(claim.received):{_MOMENT}}"),
        ("Yêu cầu", _vi(Right(claim.right).label)), ("Về", _vi(Subject(claim.subject).label)),
    ]  # fmt: skip
    if claim.start is not None and claim.end is not None:
        facts.append(("Khoảng giờ", f"từ {localtime(claim.start):{_MOMENT}} đến {localtime(claim.end):{_MOMENT}}"))
    if where := ", ".join(filter(None, [_camera(claim), claim.place])):
        facts.append(("Nơi", where))
    return [*facts, *([("Nội dung", claim.words)] if claim.words else [])]


def _camera(claim: Claim) -> str:
    found = Camera.objects.filter(key=claim.thing).first() if claim.subject == Subject.CAMERA and claim.thing else None
    return found.name if found is not None else ""


def _vi(words: object) -> str:
    said = translate(str(words), "vi")
    return said[:1].upper() + said[1:]
