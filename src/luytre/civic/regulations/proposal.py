"""The proposal that comes with the program: a sensible start for a commune, labelled as a proposal wherever it is shown.

Sources named in it: Law 91/2025/QH15 (personal data), Decree 356/2025/NĐ-CP, Law 30/2023/QH15 (forces at the grassroots), Decree
30/2020/NĐ-CP (layout). Not confirmed against the official text (`UNCONFIRMED`): which article fits which line, and how many days;
no law that we know of fixes the number of days.
"""

from __future__ import annotations

from datetime import date

from luytre.civic.regulations.rules import Actor, Approvals, Group, Heading, Hours, Kept, Purpose, Right, Rules, Way

UNCONFIRMED = (
    "Số ngày lưu là đề xuất; chúng tôi không tìm thấy văn bản nào ấn định số ngày lưu hình ảnh của camera cấp xã.",
    "Việc viện dẫn Luật số 91/2025/QH15 và Nghị định số 356/2025/NĐ-CP cần được đối chiếu với bản chính thức trước khi ký.",
    "Thẩm quyền ban hành (Ủy ban nhân dân xã hay Công an xã) cần hỏi ý kiến cấp tỉnh.",
)
"""Told beside the proposal's draft, and not printed: what its reader has to check before signing."""

_BACK = (Way.HISTORY, Way.EXPORT)
_ALL_BACK = (*_BACK, Way.UNMASKED)
_NIGHT = (Hours(18 * 60, 6 * 60),)

PROPOSAL = Rules(
    purposes=(
        Purpose("incident", "Xử lý vụ việc về an ninh, trật tự", "Handling an incident of public order", _ALL_BACK, True),
        Purpose("crime", "Xác minh tin báo, tố giác tội phạm", "Verifying a report of a crime", _ALL_BACK, True),
        Purpose("traffic", "Giải quyết va chạm, tai nạn giao thông", "Settling a collision or road accident", _BACK, True),
        Purpose("missing", "Tìm người, tìm tài sản thất lạc", "Finding a missing person or lost property", _BACK, True),
        Purpose("disaster", "Phòng cháy, cứu nạn, thiên tai", "Fire, rescue, natural disaster", (Way.HISTORY,), False),
        Purpose("request", "Trả lời yêu cầu của công dân", "Answering a citizen's request", _BACK, True),
        Purpose("technical", "Kiểm tra kỹ thuật camera", "Checking that a camera works", (Way.HISTORY,), False),
    ),
    rights=(
        *(Right(Actor.HEAD, way) for way in Way),
        *(Right(Actor.DUTY, way) for way in (Way.LIVE, Way.HISTORY, Way.EXPORT, Way.PTZ)),
        Right(Actor.HAMLET_HEAD, Way.LIVE),
        Right(Actor.SECURITY_TEAM, Way.LIVE, _NIGHT),
        Right(Actor.OWNER, Way.LIVE),
        Right(Actor.OWNER, Way.HISTORY),
    ),
    kept=(Kept(Group.ROUTE, 30), Kept(Group.HOT_SPOT, 30), Kept(Group.RESIDENTIAL, 15), Kept(Group.OTHER, 15)),
    export=Approvals(0, ()),
    sound=False,
    masked_for=(Actor.DUTY, Actor.HAMLET_HEAD, Actor.SECURITY_TEAM, Actor.OWNER),
    watermark=True,
    prohibited=(
        "Xem, sao chép, chia sẻ hình ảnh khi không có nhiệm vụ hoặc ngoài mục đích đã nêu.",
        "Quay, chụp lại màn hình; đưa hình ảnh lên mạng xã hội hoặc gửi cho người không có thẩm quyền.",
        "Dùng hình ảnh để nhận dạng khuôn mặt, đối chiếu với dữ liệu dân cư hoặc tự động xử phạt.",
        "Hướng camera vào bên trong nhà ở, nơi sinh hoạt riêng tư; thu âm thanh khi Quy chế không cho phép.",
        "Cho người khác mượn tài khoản; xóa, sửa nhật ký truy cập; tự ý tắt, dời hoặc làm hỏng camera.",
    ),
    notice="Khu vực có camera giám sát an ninh, trật tự. "
    "Hình ảnh chỉ được dùng cho mục đích đã công khai và bị xóa khi hết thời hạn lưu.",
    contact="Trực ban Công an xã",
    review=date(2027, 12, 31),
    heading=Heading(
        superior="CÔNG AN TỈNH …",
        issuer="CÔNG AN XÃ …",
        place="…",
        signer_title="TRƯỞNG CÔNG AN XÃ",
        basis=(
            "Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15",
            "Luật Lực lượng tham gia bảo vệ an ninh, trật tự ở cơ sở số 30/2023/QH15",
            "Nghị định số 356/2025/NĐ-CP quy định chi tiết một số điều của Luật Bảo vệ dữ liệu cá nhân",
        ),
        recipients=("Ủy ban nhân dân xã (để báo cáo)", "Các thôn, tổ bảo vệ an ninh, trật tự", "Lưu: hồ sơ"),
    ),
)  # fmt: skip
