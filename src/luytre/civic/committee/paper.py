"""A meeting on paper: the invitation with its agenda, and the minutes, in the layout of Decree 30/2020/NĐ-CP. Vietnamese."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.timezone import localtime

from luytre.civic import typeset
from luytre.civic.committee.meetings import Frozen, frozen_of
from luytre.civic.committee.models import CommitteeStep, Launch, Meeting, MeetingState, StepCode
from luytre.civic.committee.steps import lines_of
from luytre.civic.registry.models import Commune

LAYOUT = Path(__file__).parent / "layout"
_TIME = "{0:%H} giờ {0:%M}, ngày {0:%d/%m/%Y}"


def head(now: datetime) -> dict[str, str]:
    """What stands above each paper of the committee."""
    name = Commune.here().name
    day = localtime(now)
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return {
        "superior": f"UBND {name.upper()}" if name else "UBND XÃ", "issuer": "BAN CHỈ ĐẠO",
        "place_and_date": f"{_place(name)}, ngày {day.day:02d} tháng {month} năm {day.year}",
    }  # fmt: skip


def _place(name: str) -> str:
    """The commune's name without what it is, as it stands before a date; dots where nobody wrote it down."""
    return name.removeprefix("Xã ").removeprefix("xã ") or "......."


def invitation_of(meeting: Meeting, invited: list[str], now: datetime) -> bytes:
    """PDF."""
    said: dict[str, Any] = head(meeting.made) | {
        "title": meeting.title, "when": _TIME.format(localtime(meeting.at)), "place": meeting.place,
        "agenda": lines_of(meeting.agenda), "invited": invited, "is_cancelled": meeting.state == MeetingState.CANCELLED,
    }  # fmt: skip
    return typeset.as_pdf(LAYOUT / "invitation.typ", said, now)


def minutes_of(meeting: Meeting, now: datetime) -> bytes:
    """PDF: of closed minutes what was frozen, with the corrections after it; else a draft that says so."""
    found = frozen_of(meeting)
    steps = CommitteeStep.objects.filter(thing=meeting.key, code=StepCode.CORRECTED).select_related("by")
    is_closed = meeting.state == MeetingState.CLOSED
    said: dict[str, Any] = head(datetime.fromisoformat(found.at)) | _minutes(found) | {
        "label": "" if is_closed else "DỰ THẢO - CHƯA KÝ",
        "signed": [_signed(meeting.chair_signed), _signed(meeting.secretary_signed)],
        "corrections": [f"{localtime(one.at):%H:%M %d/%m/%Y}, {one.by}: {one.note}" for one in steps],
    }  # fmt: skip
    return typeset.as_pdf(LAYOUT / "minutes.typ", said, now)


def _minutes(found: Frozen) -> dict[str, Any]:
    began = localtime(datetime.fromisoformat(found.at))
    ended = _TIME.format(localtime(datetime.fromisoformat(found.ended))) if found.ended else ""
    return {
        "title": found.title, "began": _TIME.format(began), "ended": ended, "place": found.place, "agenda": found.agenda,
        "chair": found.chair, "secretary": found.secretary, "came": found.came, "absent": found.absent, "guests": found.guests,
        "quorum": "Đủ số thành viên theo quy định." if found.quorum else "Chưa đủ số thành viên theo quy định.",
        "minutes": [line for line in found.minutes.splitlines() if line.strip()], "resolutions": found.resolutions,
    }  # fmt: skip


def _signed(at: datetime | None) -> str:
    return f"Đã ký lúc {localtime(at):%H:%M %d/%m/%Y}" if at else ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (`text`), a heading (`head`) or a table of a plain paper. `widths`: shares, 0: as wide as it needs."""

    kind: str
    text: str = ""
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    widths: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Plain:
    """A paper of the movement. `signs`: what stands above a signature, who signs, and how it was signed on the screen."""

    title: str
    subject: str
    sign: str
    day: datetime
    blocks: tuple[Block, ...]
    signs: tuple[tuple[str, str, str], ...]
    label: str = ""


def plain(paper: Plain, now: datetime) -> bytes:
    """PDF, under the committee's head."""
    told = asdict(paper)
    told.pop("day")
    return typeset.as_pdf(LAYOUT / "plain.typ", head(paper.day) | told, now)


def launch_of(launch: Launch, now: datetime) -> bytes:
    """PDF: the invitation to the launch conference with its programme; dots where day or place is not set."""
    day = f"{launch.day:%d/%m/%Y}" if launch.day else "......."
    invited = lines_of(launch.invited) or ["......................................................."]
    blocks = (
        Block("text", "Ban Chỉ đạo trân trọng kính mời:"), *(Block("text", f"- {one};") for one in invited),
        Block("text", "Đến dự: Hội nghị ra mắt phong trào và ký giao ước thi đua."),
        Block("text", f"Thời gian: ngày {day}."), Block("text", f"Địa điểm: {launch.place or '.......'}."),
        Block("head", "Chương trình"),
        *(Block("text", f"{number}. {one}") for number, one in enumerate(lines_of(launch.programme), 1)),
    )  # fmt: skip
    signs = (("", "", ""), ("TM. BAN CHỈ ĐẠO", "", ""))
    return plain(Plain("GIẤY MỜI", "Dự hội nghị ra mắt", "Số: ......./GM-BCĐ", now, blocks, signs), now)
