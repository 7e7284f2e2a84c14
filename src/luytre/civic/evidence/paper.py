"""The handover record (biên bản giao nhận dữ liệu) as PDF, and the word to the reader in the package. Vietnamese.

Two prints of the same paper: the one in the package has blanks for who receives it, and the hashes of the films (it cannot name
the manifest, which names it); the one printed when a copy is handed over has who, which number, and the manifest's hash.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils.timezone import localtime

from luytre.civic import typeset
from luytre.civic.evidence.models import Package, PackageStep, What
from luytre.civic.evidence.package.values import Facts, GapFacts
from luytre.civic.registry.models import Commune

LAYOUT = Path(__file__).parent / "layout"
_DATE, _MOMENT = "ngày {0:%d} tháng {0:%m} năm {0:%Y}", "%H:%M:%S ngày %d/%m/%Y"
_BLANK = "…" * 40
_ENDS = (
    "Bên nhận đã được hướng dẫn tự kiểm tra dữ liệu bằng tệp kiem-tra.html trong gói (không cần mạng) và đối chiếu vân tay chứng "
    "thư của xã.",
    "Dữ liệu chỉ dùng đúng mục đích nêu trên; không sao chép, phát tán ngoài mục đích; khi hết cần thì trả lại hoặc hủy và báo "
    "bên giao.",
    "Biên bản lập thành 02 bản có giá trị như nhau, mỗi bên giữ 01 bản.",
)


@dataclass(frozen=True, slots=True)
class Hashed:
    """A file and its SHA-256."""

    name: str
    sha256: str
    size_bytes: int


def blank_record(facts: Facts, files: Sequence[Hashed], gaps: Sequence[GapFacts]) -> bytes:
    """PDF for the package, to be signed by hand. The hashes of the films stand in it."""
    rows = [
        *_of_facts(facts),
        *_gaps(gaps),
        *((f"SHA-256 {_hashed(one.name)}", f"{one.sha256} ({one.size_bytes} byte)") for one in files),
    ]
    return _set(facts.number, "", rows, _BLANK, facts.made_at)


def record_of(package: Package, step: PackageStep, camera: str) -> bytes:
    """PDF of one handing over or taking back."""
    kind = "Bản gốc kèm bản xem" if package.kind == What.FULL else "Chỉ bản xem (đã che)"
    rows = [
        ("Gói dữ liệu", f"{package.sign}, tệp {package.file_name}, {package.size_bytes} byte"),
        ("Nội dung", kind),
        ("Camera", camera),
        ("Khoảng giờ", f"từ {localtime(package.span_start):{_MOMENT}} đến {localtime(package.span_end):{_MOMENT}}"),
        ("Vụ việc, văn bản", package.reference or "…"),
        ("SHA-256 của manifest.json", step.sha256),
        *([("Ghi chú", step.note)] if step.note else []),
    ]
    return _set(package.sign, step.paper, rows, step.whom, step.at, back=step.code == "returned")


def _of_facts(facts: Facts) -> list[tuple[str, str]]:
    camera, clock = facts.camera, facts.clock
    where = ", ".join(filter(None, [camera.place, camera.hamlet]))
    offset = f"{clock.offset_s:+.1f} giây so với giờ của trạm".replace(".", ",") if clock.offset_s is not None else "không rõ"
    return [
        ("Gói dữ liệu", f"{facts.number}, lập lúc {localtime(facts.made_at):{_MOMENT}}"),
        ("Mục đích", facts.purpose.words or facts.purpose.key),
        ("Vụ việc, văn bản", facts.purpose.reference or "…"),
        ("Người yêu cầu", _person(facts.requester.role, facts.requester.name)),
        ("Người duyệt", "; ".join(_person(one.role, one.name) for one in facts.approvers) or "quy chế không yêu cầu duyệt"),
        ("Camera", ", ".join(filter(None, [camera.name, where]))),
        ("Khoảng giờ", f"từ {localtime(facts.start):{_MOMENT}} đến {localtime(facts.end):{_MOMENT}}"),
        ("Đồng hồ camera", offset),
    ]


def _hashed(name: str) -> str:
    """Of an original what was recorded: the package adds boxes behind it, and its manifest has both hashes."""
    return f"phần ghi hình của {name} (recorded_sha256)" if name.startswith("original") else f"của {name}"


def _person(role: str, name: str) -> str:
    return f"{name} ({role})" if role else name


def _gaps(gaps: Sequence[GapFacts]) -> list[tuple[str, str]]:
    said = [f"{localtime(one.start):%H:%M:%S} – {localtime(one.end):%H:%M:%S}: {one.words}" for one in gaps]
    return [("Đoạn không có hình", "; ".join(said))] if said else []


def _set(sign: str, paper: str, rows: Sequence[tuple[str, str]], whom: str, at: datetime, *, back: bool = False) -> bytes:
    commune = Commune.here().name or "…"
    here = localtime(at)
    said = {
        "issuer": f"CÔNG AN {commune}".upper(), "sign": paper or "……", "place_and_date": f"{commune}, {_DATE.format(here)}",
        "title": "BIÊN BẢN NHẬN LẠI DỮ LIỆU" if back else "BIÊN BẢN GIAO NHẬN DỮ LIỆU", "about": f"Gói chứng cứ {sign}",
        "opening": f"Hôm nay, {_DATE.format(here)}, tại trụ sở Công an {commune}, hai bên gồm:",
        "giver": whom if back else f"Công an {commune}", "taker": f"Công an {commune}" if back else whom, "facts": rows,
        "ends": _ENDS,
    }  # fmt: skip
    return typeset.as_pdf(LAYOUT / "handover.typ", said, at)


def word_to_reader(facts: Facts, fingerprint: str) -> bytes:
    """DOC-TRUOC.md, UTF-8."""
    text = (LAYOUT / "DOC-TRUOC.md").read_text("utf-8")
    said = {
        "SO": facts.number, "XA": facts.commune or "…", "CAMERA": facts.camera.name, "TU": f"{localtime(facts.start):{_MOMENT}}",
        "DEN": f"{localtime(facts.end):{_MOMENT}}", "VAN_TAY": fingerprint, "LOAI": _KINDS[facts.kind],
    }  # fmt: skip
    for name, value in said.items():
        text = text.replace("{" + name + "}", value)
    return text.encode()


_KINDS = {
    "full": "Bản gốc chưa qua chỉnh sửa (original*.mp4) và bản xem có che (viewing*.mp4).",
    "viewing": "Chỉ có bản xem đã che (viewing*.mp4). Bản gốc không có trong gói; manifest.json ghi mã băm của bản gốc để đối "
    "chiếu.",
}
