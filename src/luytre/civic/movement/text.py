"""The agreement in words: made of the terms and of the regulation in force, for screen and paper alike. Vietnamese, as signed.

Nothing in it depends on the hour at which it is shown, so that the same terms under the same regulation give the same text, and
another text means that something changed in between.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime

from luytre.base.i18n import translate
from luytre.base.letters import one_line
from luytre.base.polygons import read_polygons
from luytre.civic.registry.keeping import keeping_now
from luytre.civic.registry.lending import CONNECTING
from luytre.civic.registry.models import Commune, Eye
from luytre.civic.registry.notice import whom_to_ask
from luytre.civic.registry.register import OwnerKind, Tier
from luytre.civic.registry.terms import Terms
from luytre.civic.regulations.force import InForce, in_force_now
from luytre.civic.regulations.rules import ACTOR_WORDS, WAY_WORDS, Way

TIER_TEXT = {
    Tier.LISTED: "Chỉ ghi vào sổ: xã biết có camera này, không kết nối, không xem.",
    Tier.ON_REQUEST: (
        "Theo yêu cầu: không kết nối; khi có vụ việc, Công an xã gửi đề nghị, chủ camera tự quyết định có đưa hình hay không."
    ),
    Tier.ON_ALARM: (
        "Khi có báo động: máy ghi của xã chỉ mở camera trong lúc có hiệu lệnh báo động thật hoặc vụ việc đang xử lý "
        "ở thôn có camera, mỗi việc nhiều nhất 24 giờ; hết việc thì đóng."
    ),
    Tier.LIVE: "Trực tiếp: máy ghi của xã mở camera trong các giờ đã thỏa thuận.",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Owner:
    """Who signs, as typed at the signing."""

    name: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class AgreementText:
    """The whole of what is signed. `facts`: pairs; `articles`: a heading and its sentences."""

    title: str
    issuer: str
    facts: tuple[tuple[str, str], ...]
    articles: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the text, which belongs to the signature."""
        return hashlib.sha256(self.as_json().encode()).hexdigest()

    @property
    def code(self) -> str:
        """The first of the digest, which people compare on paper."""
        return self.digest[:8].upper()

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def text_from(kept: str) -> AgreementText:
    """Of `as_json`. Errors: ValueError, KeyError, TypeError for anything else."""
    said = json.loads(kept)
    return AgreementText(
        said["title"], said["issuer"], tuple((str(a), str(b)) for a, b in said["facts"]),
        tuple((str(head), tuple(map(str, lines))) for head, lines in said["articles"]),
    )  # fmt: skip


def agreement_text(eye: Eye, owner: Owner, terms: Terms, at: datetime) -> AgreementText:
    """Errors: RegulationDamaged."""
    found, (operator, contact) = in_force_now(at), whom_to_ask(at)
    site = eye.site
    facts = [
        ("Chủ camera", owner.name), ("Điện thoại", owner.phone or "không ghi"), ("Là", _vi(str(OwnerKind(eye.owner_kind).label))),
        ("Camera", eye.name), ("Thôn", site.hamlet.name if site.hamlet else "chưa ghi"),
        ("Địa chỉ", eye.address or site.road or "chưa ghi"), ("Nhìn ra", eye.sees or "chưa ghi"),
        ("Bên nhận", operator or Commune.here().name or "Công an xã"),
    ]  # fmt: skip
    articles = [
        ("Mức đồng ý", (TIER_TEXT[Tier(terms.tier)], *_connected(eye, terms, at), _until(terms))),
        ("Ai được xem, để làm gì", _who_and_why(found)),
        ("Quyền của chủ camera", _rights(contact)),
        ("Trách nhiệm", _duties(found)),
    ]
    return AgreementText("BẢN THỎA THUẬN GÓP CAMERA", operator or "CÔNG AN XÃ", tuple(facts), tuple(articles))


def _connected(eye: Eye, terms: Terms, at: datetime) -> tuple[str, ...]:
    if terms.tier not in CONNECTING:
        return ()
    most = keeping_now(at).days_at(eye.site.kind)
    days = min(terms.days or most, most)
    areas = len(read_polygons(terms.areas))
    return (
        f"Giờ được xem và ghi hình: {terms.hours}." if terms.hours else "Giờ được xem và ghi hình: cả ngày.",
        f"Hình được lưu nhiều nhất {days} ngày rồi tự xóa; chỉ giữ lâu hơn khi có vụ việc cần giữ làm chứng cứ.",
        "Không bao giờ thu tiếng.",
        f"{areas} vùng trong hình được che; không được bớt vùng che khi chủ camera chưa ký lại." if areas
        else "Chưa có vùng nào trong hình được che; chủ camera có thể yêu cầu che nhà ở bất cứ lúc nào.",
    )  # fmt: skip


def _until(terms: Terms) -> str:
    if terms.last_day is None:
        return "Có hiệu lực đến khi chủ camera rút."
    return f"Có hiệu lực đến hết ngày {terms.last_day:%d/%m/%Y}; hết ngày đó camera tự đóng nếu không ký tiếp."


def _who_and_why(found: InForce) -> tuple[str, ...]:
    rules = found.rules
    sign = rules.heading.sign or (f"phiên bản {found.number}" if found.number else "chưa ban hành, theo mặc định của phần mềm")
    ways = [(way, [right for right in rules.rights if right.way is way]) for way in (Way.LIVE, Way.HISTORY, Way.EXPORT)]
    said = [
        f"{_vi(WAY_WORDS[way])}: " + ", ".join(dict.fromkeys(translate(ACTOR_WORDS[one.role], "vi") for one in rights)) + "."
        for way, rights in ways if rights
    ]  # fmt: skip
    purposes = "; ".join(one.vi for one in rules.purposes)
    return (
        f"Theo quy chế sử dụng camera của xã ({sign}):", *said, *((f"Chỉ để: {purposes}.",) if purposes else ()),
        "Mỗi lần xem được ghi vào sổ không ai sửa được; chủ camera đọc được mọi lần xem camera của mình.",
    )  # fmt: skip


def _rights(contact: str) -> tuple[str, ...]:
    return (
        "Rút lại, thu hẹp giờ xem hoặc hạ mức đồng ý bất cứ lúc nào, không phải nêu lý do; có hiệu lực ngay.",
        "Muốn mở rộng hơn thì ký lại.",
        "Xem tình trạng camera, điều khoản đang có hiệu lực và mọi lần sử dụng, kể cả sau khi đã rút.",
        f"Hỏi, phản ánh, khiếu nại: {contact}." if contact else "Hỏi, phản ánh, khiếu nại với Công an xã.",
    )


def _duties(found: InForce) -> tuple[str, ...]:
    prohibited = tuple(f"Nghiêm cấm: {one_line(one).rstrip('.')}." for one in found.rules.prohibited)
    return ("Camera vẫn là của chủ camera; xã không thu tiền và không bắt buộc ai góp camera.", *prohibited)


def _vi(words: str) -> str:
    said = translate(words, "vi")
    return said[:1].upper() + said[1:]
