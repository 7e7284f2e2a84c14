"""What the program proposes to write, in Vietnamese, from the numbers alone: situation, results, what is lacking, what is ahead.

A person edits them; the tables beside them stay what was counted. Pure function: the same numbers, the same words.
"""

from __future__ import annotations

from dataclasses import dataclass

from luytre.civic.periods import Period, period_words
from luytre.civic.reports.figures import FEW, Figure, Figures, Unit
from luytre.civic.reports.told import amount, change, numeral, per_cent, weekly
from luytre.civic.tips.kinds import Kind

VI = "vi"
_KINDS = {
    Kind.THEFT: "trộm cắp, cướp giật", Kind.DISORDER: "đánh nhau, gây rối", Kind.ACCIDENT: "tai nạn giao thông",
    Kind.FIRE: "cháy, nổ", Kind.SUSPICIOUS: "dấu hiệu nghi vấn", Kind.TRAFFIC: "vi phạm giao thông",
    Kind.ENVIRONMENT: "môi trường", Kind.CAMERA: "về camera", Kind.OTHER: "việc khác",
}  # fmt: skip
WORKS_WELL = 0.95
"""A smaller share of the time that cameras worked is told as lacking."""


@dataclass(frozen=True, slots=True)
class Words:
    """The four parts of a report, one paragraph a line."""

    situation: str
    results: str
    lacking: str
    ahead: str


def propose(period: Period, figures: Figures) -> Words:
    told = _Told(figures)
    return Words(
        "\n".join(_situation(period, told)), "\n".join(_results(told)), "\n".join(_lacking(told)), "\n".join(_ahead(told))
    )  # fmt: skip


class _Told:
    """Figures as sentences need them; a figure that is not there is nothing."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures

    def of(self, section: str, key: str) -> Figure:
        return self.figures.value(section, key) or Figure(key, 0, 0, None, None, (), "")

    def value(self, section: str, key: str) -> int:
        return self.of(section, key).value

    def number(self, section: str, key: str, unit: Unit = Unit.COUNT) -> str:
        return amount(self.value(section, key), unit, VI)

    def against(self, section: str, key: str, unit: Unit = Unit.COUNT) -> str:
        """`nhiều hơn 3 so với kỳ trước`."""
        figure = self.of(section, key)
        return "bằng kỳ trước" if figure.value == figure.before else f"{change(figure, unit, VI)} so với kỳ trước"

    def part(self, section: str, key: str) -> str:
        """` (60,0 %)`, where the whole is not too small for one."""
        figure = self.of(section, key)
        cent = per_cent(figure.value, figure.of or 0, VI)
        return f" ({cent})" if cent else ""


def _situation(period: Period, told: _Told) -> list[str]:
    opened = told.of("incidents", "opened")
    said = [
        f"Trong {period_words(period, VI)} (từ {period.first:%d/%m/%Y} đến {period.last:%d/%m/%Y}), xã tiếp nhận "
        f"{told.number('incidents', 'opened')} vụ việc, {told.against('incidents', 'opened')}; bình quân "
        f"{weekly(opened.value, told.figures.days, VI)} vụ mỗi tuần (kỳ trước "
        f"{weekly(opened.before, told.figures.days_before, VI)} vụ)."
    ]
    kinds = sorted(
        ((told.value("incidents", f"kind_{kind.value}"), words) for kind, words in _KINDS.items()),
        key=lambda one: (-one[0], one[1]),
    )
    if opened.value:
        said.append("Theo loại việc: " + "; ".join(f"{words}: {numeral(count, VI)}" for count, words in kinds if count) + ".")
    said.append(
        f"Người dân gửi {told.number('answers', 'tips')} tin báo, {told.against('answers', 'tips')}; có "
        f"{told.number('answers', 'alarms')} lần báo động và {told.number('answers', 'drills')} lần diễn tập."
    )
    return said


def _results(told: _Told) -> list[str]:
    watched = told.of("cameras", "worked")
    said = [
        f"Kết thúc {told.number('incidents', 'closed')} vụ việc, trong đó làm rõ {told.number('incidents', 'solved')} vụ"
        f"{told.part('incidents', 'solved')}; {told.number('incidents', 'footage')} vụ làm rõ được nhờ hình ảnh camera."
    ]
    if told.value("incidents", "recovered"):
        said.append(f"Thu hồi tài sản trị giá {told.number('incidents', 'recovered', Unit.VND)}.")
    said.append(
        f"Đến cuối kỳ, sổ đăng ký có {told.number('cameras', 'eyes')} mắt camera; nghiệm thu "
        f"{told.number('cameras', 'accepted')} mắt."
        + (
            f" Các camera hoạt động {numeral(100 * watched.value / watched.of, VI, 1)}\u00a0% thời gian theo dõi."
            if watched.of
            else ""
        )
    )
    said.append(
        f"Đã quyết định {told.number('requests', 'decided')} đơn xin xem hình: đồng ý {told.number('requests', 'granted')}, "
        f"từ chối {told.number('requests', 'refused')}. Xem lại hình {told.number('footage', 'history')} lượt, trích xuất "
        f"{told.number('footage', 'export')} lượt camera, đều có ghi nhật ký."
    )
    said += _rights(told)
    if told.value("money", "came") or told.value("money", "spent") or told.value("money", "kind"):
        said.append(
            f"Thu đóng góp {told.number('money', 'came', Unit.VND)}, hiện vật và công sức ước trị giá "
            f"{told.number('money', 'kind', Unit.VND)}; chi {told.number('money', 'spent', Unit.VND)}; còn "
            f"{told.number('money', 'left', Unit.VND)}."
        )
    if told.value("pacts", "in_force"):
        said.append(f"{told.number('pacts', 'in_force')} giao ước thi đua đang thực hiện." + _points(told))
    return said


def _rights(told: _Told) -> list[str]:
    if not (told.value("rights", "asked") or told.value("rights", "decided")):
        return []
    return [
        f"Tiếp nhận {told.number('rights', 'asked')} yêu cầu về dữ liệu cá nhân; đã quyết định "
        f"{told.number('rights', 'decided')} yêu cầu: đồng ý {told.number('rights', 'granted')}, từ chối "
        f"{told.number('rights', 'refused')}; trong thời hạn {told.number('rights', 'in_time')}"
        f"{told.part('rights', 'in_time')}."
    ]


def _points(told: _Told) -> str:
    measured, reached = told.value("pacts", "measured"), told.value("pacts", "points")
    if not measured:
        return ""
    return f" {numeral(measured, VI)} đơn vị được chấm điểm, bình quân {numeral(reached / measured, VI, 1)} điểm trên 100."


def _lacking(told: _Told) -> list[str]:
    worked, in_time, numbered, signed = (
        told.of("cameras", "worked"), told.of("incidents", "in_time"), told.of("footage", "numbered"),
        told.of("footage", "signed"),
    )  # fmt: skip
    said = []
    if worked.of and worked.value < WORKS_WELL * worked.of:
        said.append(f"Camera ngừng hoạt động tổng cộng {told.number('cameras', 'lost', Unit.SECONDS)}.")
    if in_time.of and in_time.value < in_time.of:
        said.append(f"{numeral(in_time.of - in_time.value, VI)} vụ việc chưa có người đi trong thời hạn của quy chế phối hợp.")
    if told.value("incidents", "unsolved"):
        said.append(f"Còn {told.number('incidents', 'unsolved')} vụ việc kết thúc mà chưa làm rõ.")
    late = told.of("requests", "in_time")
    if late.of and late.value < late.of:
        said.append(f"{numeral(late.of - late.value, VI)} đơn xin xem hình được quyết định quá hạn.")
    if told.value("rights", "ran_out"):
        said.append(f"{told.number('rights', 'ran_out')} yêu cầu về dữ liệu cá nhân hết hạn mà chưa có quyết định.")
    if told.value("rights", "breaches"):
        said.append(f"Xác nhận {told.number('rights', 'breaches')} vụ vi phạm dữ liệu cá nhân.")
    if numbered.of and numbered.value < numbered.of:
        said.append(f"{numeral(numbered.of - numbered.value, VI)} lượt xem lại, trích xuất không ghi số vụ việc.")
    if signed.of and signed.value < signed.of:
        said.append(f"{numeral(signed.of - signed.value, VI)} ngày không có mốc ký xác nhận nhật ký.")
    return said or ["Trong kỳ chưa ghi nhận tồn tại qua số liệu."]


def _ahead(told: _Told) -> list[str]:
    said = ["Duy trì trực ban, xử lý tin báo và vụ việc đúng thời hạn của quy chế phối hợp."]
    if told.value("cameras", "lost"):
        said.append("Sửa chữa, bảo dưỡng các camera ngừng hoạt động nhiều.")
    if told.value("incidents", "kind_theft") >= FEW:
        said.append("Tăng cường tuần tra, nhắc nhở phòng chống trộm cắp ở các thôn có nhiều vụ.")
    if told.value("footage", "back") > told.value("footage", "numbered"):
        said.append("Nhắc cán bộ ghi số vụ việc mỗi khi xem lại hình.")
    return said
