"""Who plays in the tests of the committee."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from luytre.base.ids import new_id
from luytre.civic.access.models import User
from luytre.civic.committee import meetings, members, register, tasks
from luytre.civic.committee.meetings import Invitation, MinutesDraft
from luytre.civic.committee.members import MemberDraft
from luytre.civic.committee.models import Document, Meeting, Member, Task
from luytre.civic.committee.register import DocumentDraft
from luytre.civic.committee.tasks import TaskDraft

NOW = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
TODAY = date(2026, 11, 24)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def member(by: User, name: str, office: str = "member", user: User | None = None, first_day: date = date(2026, 1, 5)) -> Member:
    return members.join(by, MemberDraft(new_id(), user, name, "", office, first_day), NOW)


def paper(**changes: Any) -> DocumentDraft:
    draft = DocumentDraft(new_id(), "05/QĐ-UBND", "decision", date(2026, 1, 5), "UBND xã", "Thành lập Ban Chỉ đạo")
    return replace(draft, **changes)


def document(by: User, **changes: Any) -> Document:
    return register.enter(by, paper(**changes), NOW)


def wish(who: Member, **changes: Any) -> TaskDraft:
    return replace(TaskDraft(new_id(), "Lắp camera cổng chợ", "", who, None, TODAY + 5 * DAY), **changes)


def task(by: User, who: Member, **changes: Any) -> Task:
    return tasks.give(by, wish(who, **changes), NOW)


def meeting(by: User, at: datetime = NOW - HOUR) -> Meeting:
    return meetings.call(by, Invitation(new_id(), "Họp tháng 11", at, "Hội trường", "Kiểm điểm\nKế hoạch"), NOW)


def minutes(of: Meeting, chair: Member, secretary: Member, **changes: Any) -> MinutesDraft:
    draft = MinutesDraft(of.revision, chair, secretary, [], "", True, None, "Đã bàn.", "Lắp thêm 5 mắt\nThu quỹ")
    return replace(draft, **changes)
