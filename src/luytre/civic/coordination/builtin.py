"""The matrix before any was approved, and what a draft begins with: a proposal of the program's, not a text of the law."""

from __future__ import annotations

from luytre.civic.coordination.rules import Line, Matrix, Signal
from luytre.civic.regulations.rules import Actor
from luytre.civic.tips.kinds import Kind

_TEAM, _DUTY, _HEAD, _CHIEF = Actor.SECURITY_TEAM, Actor.DUTY, Actor.HAMLET_HEAD, Actor.HEAD

BUILT_IN = Matrix(
    lines=(
        Line(Kind.THEFT, _DUTY, 5, 20, _TEAM, hold=True),
        Line(Kind.DISORDER, _TEAM, 3, 10, _DUTY, hold=True),
        Line(Kind.ACCIDENT, _DUTY, 3, 15, _TEAM, hold=True),
        Line(Kind.FIRE, _TEAM, 2, 10, _DUTY, hold=True),
        Line(Kind.SUSPICIOUS, _TEAM, 10, 30, _DUTY, hold=False),
        Line(Kind.TRAFFIC, _DUTY, 15, 60, _TEAM, hold=False),
        Line(Kind.ENVIRONMENT, _HEAD, 4 * 60, 24 * 60, _DUTY, hold=False),
        Line(Kind.CAMERA, _DUTY, 4 * 60, 24 * 60, _CHIEF, hold=False),
        Line(Kind.OTHER, _DUTY, 60, 8 * 60, _CHIEF, hold=False),
    ),
    signals=(
        Signal("Kẻng đánh liên hồi", "Cháy: mọi người mang dụng cụ chữa cháy đến nơi có kẻng"),
        Signal("Kẻng ba tiếng một, ba hồi", "Trộm cướp, đánh nhau: tổ bảo vệ và người dân gần đó chặn các ngả đường"),
        Signal("Loa truyền thanh báo động", "Nghe hướng dẫn của Công an xã"),
    ),
    duties=(
        "Công an xã tiếp nhận tin, chỉ đạo, ghi nhận kết quả; giữ liên lạc với người đang đến hiện trường.",
        "Tổ bảo vệ an ninh, trật tự ở thôn đến hiện trường, giữ an toàn, không truy đuổi nguy hiểm, báo khi đã đến và khi xong.",
        "Trưởng thôn huy động người dân khi có báo hiệu và thông báo kết quả cho dân trong thôn.",
        "Không ai công bố hình ảnh, tên người liên quan khi chưa được Trưởng Công an xã đồng ý.",
    ),
)
