"""The regulation as it is printed and read: articles in Vietnamese, made from the rules alone. Papers and page show these.

The words stand here and not in the catalogue: a regulation is a Vietnamese document in any language of the program.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from luytre.base.i18n import translate
from luytre.civic.regulations.bounds import LONGEST_HOLD_DAYS
from luytre.civic.regulations.enforce import right_of
from luytre.civic.regulations.rules import ACTOR_WORDS, Actor, Group, Purpose, Right, Rules, Way

_WAYS = {
    Way.LIVE: "xem trực tiếp",
    Way.HISTORY: "xem lại",
    Way.EXPORT: "trích xuất",
    Way.PTZ: "điều khiển camera",
    Way.UNMASKED: "xem hình không che",
}
_GROUPS = {
    Group.ROUTE: "Camera trên tuyến đường",
    Group.HOT_SPOT: "Camera tại điểm nóng",
    Group.RESIDENTIAL: "Camera khu dân cư",
    Group.OTHER: "Camera ở nơi khác",
}
_PERSONS = {1: "một người", 2: "hai người khác nhau"}


@dataclass(frozen=True, slots=True)
class Article:
    """`Điều n. title`, with its clauses in order."""

    title: str
    clauses: tuple[str, ...]


def articles(rules: Rules) -> tuple[Article, ...]:
    """The whole regulation. Each value of the rules stands in exactly one clause."""
    return (
        Article("Phạm vi điều chỉnh", (_SCOPE,)),
        Article("Mục đích sử dụng", _purposes(rules.purposes)),
        Article("Quyền xem và sử dụng hình ảnh", _rights(rules)),
        Article("Thời hạn lưu", _kept(rules)),
        Article("Trích xuất và phê duyệt", _export(rules)),
        Article("Âm thanh, che hình và dấu nhận biết", _privacy(rules)),
        Article("Hành vi bị nghiêm cấm", rules.prohibited or ("Chưa nêu.",)),
        Article("Thông báo và tiếp nhận khiếu nại", _notice(rules)),
        Article("Hiệu lực và rà soát", _review(rules)),
    )


_SCOPE = (
    "Quy chế này quy định việc sử dụng hệ thống camera an ninh, trật tự trên địa bàn xã. Các quy định dưới đây được hệ thống "
    "thi hành đúng như đã in; văn bản này được lập từ chính các thiết lập của hệ thống."
)


def words(role: Actor) -> str:
    """A role in Vietnamese, as it begins a sentence."""
    found = translate(ACTOR_WORDS[role], "vi")
    return found[:1].upper() + found[1:]


def _several(parts: Iterable[str]) -> str:
    found = list(parts) or ["(chưa nêu)"]
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} và {found[-1]}"


def _purposes(purposes: tuple[Purpose, ...]) -> tuple[str, ...]:
    return tuple(_purpose(purpose) for purpose in purposes) or ("Chưa nêu.",)


def _purpose(purpose: Purpose) -> str:
    used = f" (dùng để {_several(_WAYS[way] for way in purpose.ways)})" if purpose.ways else ""
    return f"{purpose.vi}{used}{'; phải ghi số vụ việc, hồ sơ hoặc yêu cầu' if purpose.reference else ''}."


def _rights(rules: Rules) -> tuple[str, ...]:
    told = []
    for role in Actor:
        given = [right for way in Way if (right := right_of(rules, role, way))]
        if given:
            own = " (chỉ camera của mình)" if role is Actor.OWNER else ""
            told.append(f"{words(role)}{own} được {_several(_right(right) for right in given)}.")
    others = [translate(ACTOR_WORDS[role], "vi") for role in Actor if _has_none(rules, role)]
    if others:
        told.append(f"Không được xem hình ảnh: {_several(others)}.")
    return (*told, "Mỗi lần xem được ghi vào nhật ký truy cập trước khi hình ảnh được mở.")


def _has_none(rules: Rules, role: Actor) -> bool:
    return not any(right.role is role for right in rules.rights)


def _right(right: Right) -> str:
    hours = f" trong khung giờ {_several(str(span) for span in right.hours)} hằng ngày" if right.hours else ""
    return _WAYS[right.way] + hours


def _kept(rules: Rules) -> tuple[str, ...]:
    days = tuple(f"{_GROUPS[kept.group]}: {kept.days} ngày." for kept in rules.kept)
    return (
        *days,
        "Camera có thỏa thuận lưu ngắn hơn thì theo thỏa thuận. Hết thời hạn, hình ảnh tự động bị xóa, trừ đoạn đang được giữ "
        "lại để giải quyết vụ việc.",
        "Công an xã giữ lại đoạn hình phải ghi số vụ việc, hồ sơ hoặc yêu cầu, lý do và ngày hết hạn giữ; mỗi lần giữ hoặc gia "
        f"hạn không quá {LONGEST_HOLD_DAYS} ngày. Quá hạn mà không gia hạn thì hình được xóa theo thời hạn lưu.",
    )


def _export(rules: Rules) -> tuple[str, ...]:
    approvals = rules.export
    if not approvals.persons:
        return ("Người có quyền trích xuất được trích xuất không cần người khác duyệt; việc trích xuất được ghi nhật ký.",)
    who = _several(words(role) for role in approvals.roles)
    count = _PERSONS.get(approvals.persons, f"{approvals.persons} người")
    return (f"Mỗi lần trích xuất phải được {count} duyệt. Người duyệt: {who}.",)


def _privacy(rules: Rules) -> tuple[str, ...]:
    masked = _several(words(role) for role in rules.masked_for) if rules.masked_for else "không ai"
    return (
        "Được ghi âm ở những camera đã đăng ký ghi âm." if rules.sound else "Không ghi âm.",
        f"Vùng nhà ở, nơi riêng tư phải được che trong hình cho xem đối với: {masked}. "
        "Phần mềm hiện chưa tự che: người lắp đặt phải hướng camera tránh những nơi ấy.",
        "Hình đang xem có in tên người xem và thời điểm xem." if rules.watermark else "Hình đang xem không in tên người xem.",
    )


def _notice(rules: Rules) -> tuple[str, ...]:
    notice = " ".join(rules.notice.split()) or "(chưa có)"
    contact = " ".join(rules.contact.split()) or "(chưa có)"
    return (f"Nội dung thông báo tại nơi có camera: “{notice}”", f"Nơi tiếp nhận thắc mắc, khiếu nại: {contact}.")


def _review(rules: Rules) -> tuple[str, ...]:
    if rules.review is None:
        return ("Chưa ấn định ngày rà soát.",)
    return (
        f"Quy chế này được rà soát chậm nhất vào ngày {rules.review:%d/%m/%Y}; "
        f"quá ngày đó mà chưa có bản mới thì vẫn còn hiệu lực.",
    )
