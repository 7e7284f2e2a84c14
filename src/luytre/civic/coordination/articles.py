"""The coordination regulation as it is printed and read: articles in Vietnamese, made from the matrix alone."""

from __future__ import annotations

from luytre.base.i18n import translate
from luytre.civic.coordination.rules import Line, Matrix, Night
from luytre.civic.regulations.articles import Article
from luytre.civic.regulations.rules import ACTOR_WORDS, Actor
from luytre.civic.tips.kinds import Kind

TITLE = "Phối hợp tiếp nhận, xử lý tin báo và vụ việc về an ninh, trật tự trên địa bàn xã"
_SCOPE = (
    "Quy chế này quy định ai xử lý từng loại vụ việc, trong bao lâu và ai hỗ trợ. Thời hạn dưới đây được hệ thống tính và nhắc "
    "đúng như đã in; văn bản này được lập từ chính các thiết lập của hệ thống."
)


def articles(matrix: Matrix) -> tuple[Article, ...]:
    """The whole regulation. Each value of the matrix stands in exactly one clause."""
    return (
        Article("Phạm vi điều chỉnh", (_SCOPE,)),
        Article("Phân công và thời hạn", (*(_line(line) for line in matrix.lines), *_night(matrix.night))),
        Article("Khi quá thời hạn", (_OVERDUE,)),
        Article("Hiệu lệnh báo động", tuple(f"{one.sign}: {one.meaning}." for one in matrix.signals) or ("Chưa quy định.",)),
        Article("Trách nhiệm của các bên", matrix.duties or ("Chưa quy định.",)),
        Article("Điều khoản thi hành", ("Trưởng Công an xã, trưởng các thôn, tổ bảo vệ an ninh, trật tự thi hành Quy chế này.",)),
    )


_OVERDUE = (
    "Quá thời hạn nhận việc hoặc có mặt, người hỗ trợ được gọi và có cùng thời hạn kể từ lúc đó; quá thời hạn lần nữa thì báo "
    "Trưởng Công an xã. Không xác định được thôn thì Công an trực xử lý thay cho lực lượng của thôn."
)


def _night(night: Night | None) -> tuple[str, ...]:
    if night is None:
        return ()
    hours = f"Từ {clock(night.start_min)} đến {clock(night.end_min)} (theo lúc tiếp nhận), "
    return tuple(hours + _line(line, in_sentence=True) for line in night.lines)


def clock(minutes_of_day: int) -> str:
    """`22:05`."""
    return f"{minutes_of_day // 60:02d}:{minutes_of_day % 60:02d}"


def _line(line: Line, *, in_sentence: bool = False) -> str:
    kind = translate(str(Kind(line.kind).label), "vi")
    kind = kind if in_sentence else f"{kind[:1].upper()}{kind[1:]}"
    hold = "; giữ lại hình của các camera gần đó" if line.hold else ""
    return (
        f"{kind}: {_who(line.first)} nhận việc trong {minutes(line.accept_min)}, có mặt trong "
        f"{minutes(line.arrive_min)} kể từ khi nhận; {_who(line.backup)} hỗ trợ{hold}."
    )


def _who(actor: Actor) -> str:
    return translate(ACTOR_WORDS[actor], "vi")


def minutes(count: int) -> str:
    """`20 phút`, `4 giờ`, `1 giờ 30 phút`."""
    hours, rest = divmod(count, 60)
    said = [f"{hours} giờ"] if hours else []
    return " ".join([*said, f"{rest} phút"] if rest or not hours else said)
