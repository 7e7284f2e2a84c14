"""Pacts on paper: the pact itself, a quarter's result, the list of commendations. Vietnamese; layouts are proposals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from django.utils.timezone import localtime, make_aware

from luytre.base.i18n import translate
from luytre.civic.committee.paper import Block, Plain, plain
from luytre.civic.committee.steps import lines_of
from luytre.civic.pacts.figures import QuarterFigures, UnitFigures
from luytre.civic.pacts.measuring import SAID
from luytre.civic.pacts.models import Audience, Commendation, Measure, Pact

_AUDIENCE = {Audience.HAMLET: "Các thôn", Audience.UNION: "Các đoàn thể, đơn vị"}


def points(tenths: int | None) -> str:
    """`12,5`; a dash for nothing."""
    return "–" if tenths is None else f"{tenths // 10},{tenths % 10}".removesuffix(",0")


def pact_of(pact: Pact, unit: str, now: datetime) -> bytes:
    """PDF. `unit`: what the unit is called."""
    rows = tuple(
        (str(one.number), one.words, str(one.weight), _capital(translate(SAID[Measure(one.measure)], "vi")))
        for one in pact.criteria.lines.all()
    )
    span = f"quý {pact.first_quarter}" + (f" đến quý {pact.last_quarter}" if pact.last_quarter > pact.first_quarter else "")
    promises = tuple(Block("text", f"- {line}") for line in lines_of(pact.words))
    blocks = (
        Block("text", f"{unit} và Ban Chỉ đạo giao ước thi đua {span} năm {pact.year} theo các tiêu chí sau, tổng 100 điểm:"),
        Block("table", heads=("TT", "Tiêu chí", "Điểm", "Cách đo"), rows=rows, widths=(0, 3, 0, 3)), *promises,
        Block("text", "Tiêu chí không đo được trong quý thì điểm của tiêu chí đó chia theo tỷ lệ cho các tiêu chí còn lại."),
    )  # fmt: skip
    signs = (
        (pact.unit_post.upper(), pact.unit_signer, _signed(pact.unit_signed)),
        (pact.board_post.upper(), pact.board_signer, _signed(pact.board_signed)),
    )
    label = "ĐÃ RÚT" if pact.withdrawn else ""
    day = make_aware(datetime.combine(pact.conference, time(12)))
    return plain(Plain("BẢN GIAO ƯỚC THI ĐUA", unit, "", day, blocks, signs, label), now)


def result_of(found: QuarterFigures, now: datetime) -> bytes:
    """PDF of a quarter: each audience, the best first; then each unit's lines."""
    blocks: list[Block] = []
    for audience, words in _AUDIENCE.items():
        units = [one for one in found.units if one.audience == audience]
        if units:
            rows = tuple((str(one.rank or "–"), one.name, points(one.total)) for one in units)
            blocks += [Block("head", words), Block("table", heads=("Hạng", "Đơn vị", "Điểm"), rows=rows, widths=(0, 1, 0))]
    for one in found.units:
        blocks += [Block("head", one.name), _lines(one)]
    label = "" if found.version else "BẢN TẠM - QUÝ CHƯA CHỐT"
    if found.version > 1:
        label = f"CHỐT LẦN {found.version}, THAY CHO LẦN TRƯỚC"
    paper = Plain(
        "KẾT QUẢ THI ĐUA", f"Quý {found.number} năm {found.year}", "Số: ......./BC-BCĐ", found.at, tuple(blocks),
        (("", "", ""), ("TM. BAN CHỈ ĐẠO", "", "")), label,
    )  # fmt: skip
    return plain(paper, now)


def _lines(one: UnitFigures) -> Block:
    rows = tuple(
        (str(line.number), line.words, str(line.weight), measured(line.measure, line.count, line.whole), points(line.own),
         points(line.final), line.board_reason)
        for line in one.lines
    )  # fmt: skip
    heads = ("TT", "Tiêu chí", "Điểm chuẩn", "Đo được", "Tự chấm", "Điểm", "Lý do")
    return Block("table", heads=heads, rows=rows, widths=(0, 4, 0, 2, 0, 0, 3))


def measured(how: str, count: int | None, whole: int | None) -> str:
    """What was counted, in Vietnamese as it stands on paper and in lists."""
    if how == Measure.BOARD:
        return ""
    if count is None or whole is None:
        return "không đo được"
    if how == Measure.UPTIME:
        return f"{count // 3600}/{whole // 3600} giờ"
    if how == Measure.BREACHES:
        return "không có vụ nào" if count else "có vụ việc"
    return f"{count}/{whole}"


def commendations_of(found: Sequence[tuple[Commendation, str]], title: str, now: datetime) -> bytes:
    """PDF. Each with the unit's name, or empty for a person."""
    rows = tuple(
        (str(number), name or one.office, one.words, f"{one.sign}, {one.day:%d/%m/%Y}")
        for number, (one, name) in enumerate(found, 1)
    )
    table = Block("table", heads=("TT", "Tập thể, cá nhân", "Thành tích", "Quyết định"), rows=rows, widths=(0, 2, 3, 2))
    signs = (("", "", ""), ("TM. BAN CHỈ ĐẠO", "", ""))
    return plain(Plain("DANH SÁCH KHEN THƯỞNG", title, "Số: ......./DS-BCĐ", now, (table,), signs), now)


def _signed(at: datetime | None) -> str:
    return f"Đã ký lúc {localtime(at):%H:%M %d/%m/%Y}" if at else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
