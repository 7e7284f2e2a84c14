"""What a plan's document says. In Vietnamese whatever the program's language is: it is a document of a Vietnamese office.

Words that pages show too (levels, reasons, proof) are those of `words`, in Vietnamese here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.timezone import get_default_timezone

from luytre.base.money import dong
from luytre.civic.geometry.optics import Level
from luytre.civic.planning.ask import Ask, NewEye, Result
from luytre.civic.planning.figures import Values
from luytre.civic.planning.words import LEVEL_WORDS, compass, proof_words, seen_list, share
from luytre.civic.registry.number_words import figure_words
from luytre.civic.regulations.proposal import PROPOSAL
from luytre.civic.regulations.rules import Heading

PROPOSED = "ĐỀ XUẤT - CHƯA ĐƯỢC QUYẾT ĐỊNH"
NOT_TAKEN = "ĐỀ XUẤT - KHÔNG ĐƯỢC CHỌN, ĐÃ QUYẾT ĐỊNH CHỌN PHƯƠNG ÁN SỐ {number}"
TITLE = "Lắp đặt bổ sung mắt camera an ninh, trật tự trên địa bàn {commune}"
MOST_NAMED = 12
_UNIT = re.compile(r"(\d) (%|m|đồng|mắt)(?!\w)")
_COSTS = (
    ("camera_vnd", "Camera"), ("pole_vnd", "Cột, giá treo"), ("cable_vnd", "Dây, mạng"), ("power_vnd", "Nguồn điện"),
)  # fmt: skip
_WEIGHTS = (
    ("hot_spot", "điểm phức tạp"), ("school", "trường học"), ("market", "chợ"), ("office", "trụ sở, trạm y tế"),
    ("temple", "đình, chùa, nhà thờ"), ("cultural_house", "nhà văn hóa"), ("residential", "điểm dân cư"),
    ("hundred_residents", "mỗi 100 người dân ở đó thêm"), ("route_100m", "mỗi 100 m tuyến đường"),
    ("thousand_vehicles", "mỗi 1.000 lượt xe một ngày trên 100 m đó thêm"), ("need_high", "điểm cần lắp ngay"),
    ("need_middle", "điểm cần lắp trong năm"), ("need_low", "điểm cần lắp khi có điều kiện"),
    ("past_incident", "nơi từng xảy ra sự việc trong năm qua"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Version:
    """What is printed. `decided`: the number of the version that was decided on, and by which document; None while none is.

    `names`: of hamlets (by number) and of candidates, places and needs (by key) that the wishes speak of. `digest`: the result's.
    """

    plan: str
    number: int
    asked: datetime
    answered: datetime
    ask: Ask
    result: Result
    names: Mapping[str, str]
    digest: str
    decided: int | None = None
    decision: str = ""


def told(version: Version, commune: str, heading: Heading) -> dict[str, Any]:
    """For the templates: sentences, and rows of tables."""
    with translation.override("vi"):
        result = version.result
        said = {
            **_frame(version, commune, heading),
            "purpose": _purpose(version, commune),
            "wishes": list(_wishes(version)),
            "present": list(_present(version)),
            "hamlets": _hamlets(result),
            "map_caption": _caption(result),
            "eyes": [_eye(eye, result) for eye in result.eyes],
            "costs": _costs(result),
            "total": dong(result.cost_vnd),
            "upkeep": dong(result.upkeep_vnd),
            "funding": [{"source": one.source, "amount": dong(one.vnd)} for one in version.ask.funding],
            "money": _money(version),
            "phases": _phases(result),
            "proof": list(_proof(result)),
            "assumed": list(_assumed(version)),
        }
    kept: dict[str, Any] = _together(said)
    return kept


def _together(value: Any) -> Any:
    """A number and its unit are never parted by a line's end."""
    if isinstance(value, dict):
        return {key: _together(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_together(each) for each in value]
    return _UNIT.sub("\\1\u00a0\\2", value) if isinstance(value, str) else value


def usual_heading(commune: str) -> Heading:
    """While no regulation is in force whose heading could be taken: the proposal's, with the commune's name."""
    if not commune:
        return PROPOSAL.heading
    place = commune.removeprefix("Xã ").removeprefix("xã ")
    return replace(PROPOSAL.heading, issuer=f"CÔNG AN XÃ {place.upper()}", place=place)


def _frame(version: Version, commune: str, heading: Heading) -> dict[str, Any]:
    is_decided = version.decided == version.number
    label = PROPOSED if version.decided is None else "" if is_decided else NOT_TAKEN.format(number=version.decided)
    survey = f"kết quả khảo sát, sổ mắt camera và bản đồ của xã đến {_day(version.answered)}"
    return {
        "superior": heading.superior,
        "issuer": heading.issuer,
        "place_and_date": f"{heading.place or '.......'}, ngày ... tháng ... năm ......",
        "label": label,
        "decision": f"Được quyết định theo: {version.decision}" if is_decided else "",
        "title": TITLE.format(commune=_small(commune) or "xã"),
        "version": f"Kế hoạch “{version.plan}”, phương án số {version.number}",
        "basis": [*heading.basis, survey],
        "recipients": list(heading.recipients),
        "signer_title": heading.signer_title,
        "signer": heading.signer,
        "mark": f"Phương án số {version.number}, tính lúc {_moment(version.answered)}. "
        f"Mã kiểm tra (SHA-256) của kết quả: {version.digest}",
    }


def _small(commune: str) -> str:
    return "xã " + commune[3:] if commune.startswith("Xã ") else commune


def _purpose(version: Version, commune: str) -> str:
    result = version.result
    new = len(result.eyes)
    return (
        f"Bổ sung {new} mắt camera vào {result.eyes_before} mắt đang dùng được, thành {result.eyes_before + new} mắt, đặt ở "
        "những chỗ mà các tuyến đường, khu dân cư, điểm phức tạp, cơ quan, trường học và các điểm người dân đề nghị trên địa bàn "
        f"{_small(commune) or 'xã'} được bao quát nhiều nhất trong số mắt và kinh phí cho phép, không quay vào nhà dân."
    )


def _wishes(version: Version) -> Iterator[str]:
    ask, names = version.ask, version.names
    level = translation.gettext(LEVEL_WORDS[ask.level])
    yield f"Số mắt mới: {ask.eyes if ask.eyes is not None else 'nhiều nhất trong phạm vi kinh phí'}."
    if ask.budget_vnd is not None:
        yield f"Kinh phí lắp đặt không quá {dong(ask.budget_vnd)} đồng."
    yield f"Hình ảnh phải đạt mức “{level}”."
    if ask.hot_spot_eyes > 1:
        yield f"Mỗi điểm phức tạp phải có ít nhất {ask.hot_spot_eyes} mắt cùng nhìn thấy mới được tính."
    if ask.least:
        parts = (f"{names.get(hamlet, hamlet)} {least}" for hamlet, least in ask.least.items())
        yield f"Số mắt mới ít nhất ở mỗi thôn: {', '.join(parts)}."
    if ask.required:
        yield f"Bắt buộc nhìn thấy: {_named([names.get(key, key) for key in ask.required])}."
    if ask.pinned:
        yield f"Giữ cố định: {_named([names.get(key, key) for key in ask.pinned])}."
    if ask.forbidden:
        yield f"Không đặt ở: {_named([names.get(key, key) for key in ask.forbidden])}."


def _present(version: Version) -> Iterator[str]:
    result = version.result
    yield (
        f"Đến {_day(version.answered)}, xã có {result.eyes_before} mắt camera được tính: chủ camera đã đồng ý, camera hoạt động "
        f"và đã rõ hướng nhìn. Các mắt này bao quát {share(result.before, result.total)} những gì cần quan sát."
    )
    if result.down:
        count, named = len(result.down), _named(result.down)
        yield f"Không tính vì không hoạt động ({count} mắt): {named}. Nên sửa các mắt này trước khi lắp mới."
    if result.blind:
        yield f"Không tính vì chưa rõ vị trí hoặc hướng nhìn ({len(result.blind)} mắt): {_named(result.blind)}."


def _hamlets(result: Result) -> list[dict[str, str]]:
    return [
        {
            "name": row.name or "Ngoài các thôn", "eyes": str(row.eyes), "new": str(row.new_eyes),
            "before": share(row.before, row.weight), "after": share(row.after, row.weight),
        }
        for row in result.hamlets
    ]  # fmt: skip


def _caption(result: Result) -> str:
    return (
        f"Hình 1. Vị trí {len(result.eyes)} mắt mới, đánh số theo thứ tự lắp như Bảng 2, và {result.eyes_before} mắt hiện có, "
        "với phần mặt đất mỗi mắt nhìn thấy"
    )


def _eye(eye: NewEye, result: Result) -> dict[str, str]:
    parts = seen_list(eye)
    why = f"Nhìn thấy {', '.join(parts)}" if parts else "Không thêm gì so với các mắt khác"
    more = f"; lắp xong bao quát thêm {share(eye.adds, result.total)}" if result.total > 0 else ""
    return {
        "number": str(eye.order), "name": eye.name, "hamlet": eye.hamlet, "bearing": compass(eye.bearing_deg),
        "position": f"{eye.lat:.6f}, {eye.lon:.6f}", "why": f"{why}{more}.", "phase": str(eye.phase), "cost": dong(eye.cost_vnd),
    }  # fmt: skip


def _costs(result: Result) -> list[dict[str, str]]:
    return [
        {"kind": words, "times": str(sum(1 for each in amounts if each)), "amount": dong(sum(amounts))}
        for name, words in _COSTS
        if (amounts := [int(getattr(eye, name)) for eye in result.eyes]) is not None
    ]


def _money(version: Version) -> str:
    funding, cost = sum(one.vnd for one in version.ask.funding), version.result.cost_vnd
    if not version.ask.funding:
        return "Nguồn kinh phí: chưa nêu."
    if funding >= cost:
        return f"Các nguồn cộng lại {dong(funding)} đồng, đủ cho kinh phí lắp đặt; còn dư {dong(funding - cost)} đồng."
    return f"Các nguồn cộng lại {dong(funding)} đồng; còn thiếu {dong(cost - funding)} đồng, cần vận động thêm."


def _phases(result: Result) -> list[dict[str, str]]:
    new = defaultdict[int, list[int]](list)
    for eye in result.eyes:
        new[eye.phase].append(eye.order)
    return [
        {
            "number": str(row.number), "which": _orders(new[row.number]), "eyes": str(row.eyes),
            "covered": share(row.covered, result.total), "cost": dong(row.cost_vnd),
        }
        for row in result.phases
    ]  # fmt: skip


def _orders(orders: Sequence[int]) -> str:
    return f"{orders[0]}" if len(orders) == 1 else f"{orders[0]} đến {orders[-1]}" if orders else ""


def _proof(result: Result) -> Iterator[str]:
    before, after = share(result.before, result.total), share(result.covered, result.total)
    yield f"Phần cần quan sát được bao quát tăng từ {before} lên {after}; từng thôn như Bảng 1."
    yield from proof_words(result)
    if result.one_more is not None:
        where = f"{result.one_more.name}, {compass(result.one_more.bearing_deg)}"
        adds = share(result.one_more.adds, result.total)
        yield f"Mắt thứ {result.eyes_before + len(result.eyes) + 1}, nếu có thêm, nên đặt ở {where}: bao quát thêm {adds}."
    if result.present:
        weakest = (f"{worth.name} (mất {share(worth.loses, result.total)})" for worth in result.present[:3])
        yield f"Mắt hiện có ít cần nhất khi kế hoạch hoàn thành: {'; '.join(weakest)}."
    unseen = [row.name for row in result.places if row.kind != "route" and row.after <= 0 and row.weight > 0]
    if unseen:
        yield f"Lắp xong vẫn chưa mắt nào nhìn thấy: {_named(unseen)}."
    if result.unreachable > 0:
        yield f"{share(result.unreachable, result.total)} những gì cần quan sát nằm ngoài tầm của mọi chỗ có thể đặt mắt."


def _assumed(version: Version) -> Iterator[str]:
    result, values = version.result, version.result.values
    yield (
        "Phần trăm bao quát tính theo trọng số: nơi quan trọng hơn tính nhiều hơn. Một nơi được tính khi mắt nhìn thấy nó ở mức "
        "đã chọn, không bị nhà, tường che; tuyến đường tính theo từng đoạn 10 m."
    )
    if values is None:
        return
    px, level = figure_words(values.levels.px_per_m(_level(result))), translation.gettext(LEVEL_WORDS[result.level])
    yield f"Mức “{level}” cần ít nhất {px} điểm ảnh cho một mét (IEC/EN 62676-4)."
    yield (
        f"Mắt mới: góc nhìn {figure_words(values.new_hfov_deg)}°, ảnh rộng {values.new_width_px} điểm ảnh, treo cao "
        f"{figure_words(values.new_height_m)} m, cúi {figure_words(values.new_tilt_deg)}°; thử {values.bearings} hướng ở mỗi chỗ."
    )
    if values.home_margin_m > 0:
        away, left_out = f"{figure_words(values.home_margin_m)} m", f"đã bỏ {result.left_out} cách đặt vì lý do này"
        yield f"Không mắt mới nào được quay đến mức nhận ra người ở trong nhà dân hay cách nhà dưới {away}; {left_out}."
    yield "Trọng số: " + "; ".join(f"{words} {figure_words(getattr(values.weights, name))}" for name, words in _WEIGHTS) + "."
    yield _prices(values)


def _prices(values: Values) -> str:
    prices = ", ".join(f"{words.lower()} {dong(getattr(values, name))}" for name, words in _COSTS)
    are_ours = all(getattr(values, name) == getattr(Values(), name) for name in (*dict(_COSTS), "upkeep_vnd"))
    whose = "Đây là giá phần mềm đề xuất, cần thay bằng báo giá trước khi duyệt." if are_ours else "Đơn giá do xã đặt."
    upkeep = f"duy trì mỗi mắt một năm {dong(values.upkeep_vnd)}"
    return f"Đơn giá (đồng): {prices}, {upkeep}; chỗ nào có giá riêng thì tính theo giá riêng. {whose}"


def _level(result: Result) -> Level:

    return Level(result.level)


def _named(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" và {more} nơi khác" if more > 0 else "")


def _here(moment: datetime) -> datetime:
    return moment.astimezone(get_default_timezone())


def _day(moment: datetime) -> str:
    return f"ngày {_here(moment):%d/%m/%Y}"


def _moment(moment: datetime) -> str:
    return f"{_here(moment):%H:%M} ngày {_here(moment):%d/%m/%Y}"
