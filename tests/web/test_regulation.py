"""The pages of the usage regulation: what holds, drafting in sections, comparing, approving, printing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from docx import Document

from luytre.civic.access.models import Role, User
from luytre.civic.ports import DayKept
from luytre.civic.registry.config import recorder_config
from luytre.civic.regulations.approval import approve, begin_draft, draft, write_draft
from luytre.civic.regulations.force import in_force_now
from luytre.civic.regulations.models import Version
from luytre.civic.regulations.proposal import PROPOSAL
from luytre.civic.regulations.rules import Actor, Approvals, Group, Hours, Kept, Right, Rules, Way
from luytre.web.forms_regulation import SECTIONS
from tests.web.cast import FakeRecorder, camera, person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
LogIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> dict[str, datetime]:
    """`clock["now"]` may be moved."""
    hands = {"now": NOW}
    monkeypatch.setattr("luytre.web.views.regulation.timezone.now", lambda: hands["now"])
    return hands


@pytest.fixture
def head(log_in: LogIn, recorder: FakeRecorder) -> Client:
    return log_in(person(Role.HEAD))


def text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def put_in_force(rules: Rules = PROPOSAL, begins: datetime | None = None) -> None:
    user = User.objects.filter(username="head").first() or person(Role.HEAD)
    begin_draft(user, NOW, from_proposal=True)
    write_draft(user, rules, 1, NOW)
    approve(user, 2, begins, NOW)


def as_drawn(client: Client, section: str) -> dict[str, Any]:
    """What a browser would send of a section's form as it stands."""
    form = client.get(f"/regulation/draft/{section}").context["form"]
    data: dict[str, Any] = {"stamp": draft().stamp}  # type: ignore[union-attr]
    for bound in form:
        value = bound.value()
        if (value == 0 and value is not False) or value not in (None, False, ""):
            data[bound.name] = value.strftime("%d/%m/%Y") if isinstance(value, date) else "on" if value is True else value
    return data


def test_without_a_regulation_the_page_says_what_holds(log_in: LogIn, recorder: FakeRecorder) -> None:
    said = text(log_in(person(Role.DUTY)).get("/regulation"))
    assert "Chưa có quy chế nào có hiệu lực" in said
    assert "Trích xuất : cả ngày" in said
    assert "Soạn từ bản đề xuất" not in said


def test_everybody_reads_what_they_may_do_and_only_the_head_drafts(log_in: LogIn, recorder: FakeRecorder) -> None:
    put_in_force()
    said = {role: text(log_in(person(role)).get("/regulation")) for role in (Role.SECURITY_TEAM, Role.DUTY, Role.COMMITTEE)}
    assert "Xem trực tiếp : 18:00–06:00 chưa đến giờ" in said[Role.SECURITY_TEAM]
    assert "Trích xuất : cả ngày" in said[Role.DUTY]
    assert "vai trò của anh/chị không xem hình ảnh" in said[Role.COMMITTEE]
    assert all("Bản số 1, có hiệu lực từ 24/11/2026 14:05" in one for one in said.values())
    duty = log_in(User.objects.get(username="duty"))
    assert duty.post("/regulation/draft", {"from": "force"}).status_code == 403
    assert duty.post("/regulation/draft/approve", {"stamp": 1}).status_code == 403
    assert duty.get("/regulation/version/1/paper/pdf").content.startswith(b"%PDF")


def test_a_form_that_nobody_touched_changes_nothing(head: Client) -> None:
    head.post("/regulation/draft", {"from": "proposal"})
    for section in SECTIONS:
        response = head.post(f"/regulation/draft/{section}", as_drawn(head, section))
        assert response.status_code == 302, (section, response.context["form"].errors)
    found = draft()
    assert found is not None
    assert (found.rules, found.stamp) == (PROPOSAL, 1 + len(SECTIONS))


@pytest.mark.parametrize(
    ("section", "typed", "changes"),
    [
        ("kept", {"hot_spot": "20"}, {"kept": (PROPOSAL.kept[0], Kept(Group.HOT_SPOT, 20), *PROPOSAL.kept[2:])}),
        ("export", {"persons": "0", "roles": ["head", "duty"]}, {"export": Approvals(0, (Actor.HEAD, Actor.DUTY))}),
        ("privacy", {"sound": "on"}, {"sound": True}),
        ("conduct", {"prohibited": "Một\n\n  Hai  ba\n"}, {"prohibited": ("Một", "Hai ba")}),
        ("notice", {"contact": " Số 0 "}, {"contact": "Số 0"}),
        ("paper", {"review": "1/2/2028"}, {"review": date(2028, 2, 1)}),
    ],
)  # fmt: skip
def test_what_is_typed_is_in_the_draft(head: Client, section: str, typed: dict[str, Any], changes: dict[str, Any]) -> None:
    head.post("/regulation/draft", {"from": "proposal"})
    assert head.post(f"/regulation/draft/{section}", as_drawn(head, section) | typed).status_code == 302
    found = draft()
    assert found is not None
    assert found.rules == replace(PROPOSAL, **changes)


def test_purposes_are_rows_and_keep_their_keys(head: Client) -> None:
    head.post("/regulation/draft", {"from": "proposal"})
    more = {
        "vi-1": "",
        "vi-0": "Vụ việc",
        "vi-7": "Trật tự đô thị",
        "history-7": "on",
        "vi-8": "Trật tự đô thị!",
        "export-8": "on",
    }
    assert head.post("/regulation/draft/purposes", as_drawn(head, "purposes") | more).status_code == 302
    purposes = draft().rules.purposes  # type: ignore[union-attr]
    assert [one.key for one in purposes[:2]] == ["incident", "traffic"]
    assert purposes[0].vi == "Vụ việc"
    assert [(one.key, one.ways, one.reference) for one in purposes[-2:]] == [
        ("trat_tu_do_thi", (Way.HISTORY,), True),
        ("trat_tu_do_thi_2", (Way.HISTORY, Way.EXPORT), True),
    ]


def test_hours_are_typed_as_they_are_spoken(head: Client) -> None:
    head.post("/regulation/draft", {"from": "proposal"})
    typed = {"hours-security_team-live": "18:00 - 22:00, 04:00–06:00"}
    assert head.post("/regulation/draft/rights", as_drawn(head, "rights") | typed).status_code == 302
    rights = draft().rules.rights  # type: ignore[union-attr]
    assert Right(Actor.SECURITY_TEAM, Way.LIVE, (Hours(1080, 1320), Hours(240, 360))) in rights
    forged = as_drawn(head, "rights") | {"security_team-export": "on", "administrator-live": "on"}
    head.post("/regulation/draft/rights", forged)
    assert not [right for right in draft().rules.rights if right.role is Actor.SECURITY_TEAM and right.way is Way.EXPORT]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("section", "typed", "field", "words"),
    [
        ("kept", {"route": "0"}, "route", "1"),
        ("kept", {"route": "ba mươi"}, "route", ""),
        ("rights", {"hours-security_team-live": "18h-6h"}, "hours-security_team-live", "18:00-06:00"),
        ("export", {"persons": "1", "roles": []}, "roles", "Hãy chọn ai được duyệt"),
        ("purposes", {"vi-7": "Việc khác", "history-7": ""}, "vi-7", "Chọn mục đích này"),
        ("notice", {"notice": ""}, "notice", "hãy viết nội dung thông báo"),
        ("paper", {"review": "31/02/2028"}, "review", ""),
        ("conduct", {"prohibited": "x" * 500}, "prohibited", "400"),
    ],
)
def test_errors_stand_at_their_field_and_nothing_is_lost(
    head: Client, section: str, typed: dict[str, Any], field: str, words: str
) -> None:
    head.post("/regulation/draft", {"from": "proposal"})
    data = as_drawn(head, section) | {"en-0": "Something else"} | typed
    response = head.post(f"/regulation/draft/{section}", data)
    assert response.status_code == 422
    assert words in " ".join(response.context["form"].errors[field])
    assert f'id="err-{field}"' in response.content.decode()
    shown = response.context["form"][field].value()
    assert (shown or "") == (typed[field] or "")
    assert draft().rules == PROPOSAL  # type: ignore[union-attr]


def test_characters_that_cannot_be_printed_are_told_and_nothing_is_lost(head: Client) -> None:
    head.post("/regulation/draft", {"from": "proposal"})
    response = head.post("/regulation/draft/notice", as_drawn(head, "notice") | {"contact": "Trực\x07ban"})
    assert response.status_code == 422
    assert "ký tự không in được" in text(response)
    assert "Trực\x07ban" in response.content.decode()
    assert head.post("/regulation/draft/purposes", as_drawn(head, "purposes") | {"vi-0": "Vụ\tviệc"}).status_code == 302
    assert draft().rules.purposes[0].vi == "Vụ việc"  # type: ignore[union-attr]


def test_two_who_write_at_once_lose_nothing(head: Client) -> None:
    head.post("/regulation/draft", {"from": "proposal"})
    mine = as_drawn(head, "kept") | {"route": "11"}
    head.post("/regulation/draft/kept", as_drawn(head, "kept") | {"route": "22"})
    response = head.post("/regulation/draft/kept", mine)
    assert response.status_code == 422
    assert "Người khác đã sửa" in text(response)
    assert 'value="11"' in response.content.decode()
    assert head.post("/regulation/draft/kept", mine | {"stamp": response.context["stamp"]}).status_code == 302


def test_what_is_erased_is_told_before_it_is_approved(head: Client, recorder: FakeRecorder) -> None:
    put_in_force()
    one = camera("Chợ", kind="hot_spot")
    camera("Đường", kind="route")
    recorder.kept[one.key] = tuple(DayKept(NOW.date() - timedelta(days=back), 86400, 0, 0, 10**9) for back in (1, 25, 26, 29))
    head.post("/regulation/draft", {"from": "force"})
    head.post("/regulation/draft/kept", as_drawn(head, "kept") | {"hot_spot": "20"})
    page = head.get("/regulation/draft/approve")
    said = text(page)
    assert "Điểm nóng 30 ngày 20 ngày" in said
    assert "Hình của 1 camera sẽ bị xóa bớt" in said
    assert "3,0 GB" in said
    assert "Chợ: 30 → 20 ngày" in said
    recorder.now = None
    assert head.get("/regulation/draft/approve").context["erased"].size_bytes is None


def test_approved_it_holds_at_its_moment_and_in_the_recorder(
    head: Client, recorder: FakeRecorder, clock: dict[str, datetime]
) -> None:
    put_in_force()
    camera("Chợ", kind="hot_spot")
    head.post("/regulation/draft", {"from": "force"})
    head.post("/regulation/draft/kept", as_drawn(head, "kept") | {"hot_spot": "20"})
    asked = recorder.refreshed
    response = head.post("/regulation/draft/approve", {"stamp": 2, "begins": "25/11/2026 00:00"})
    assert (response.status_code, recorder.refreshed) == (302, asked + 1)
    assert in_force_now(NOW).number == 1
    assert "Bản tiếp theo có hiệu lực từ 25/11/2026 00:00" in text(head.get("/regulation"))
    assert recorder_config()["cameras"][0]["retention_days"] == 30
    clock["now"] = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
    assert recorder_config()["cameras"][0]["retention_days"] == 20
    said = text(head.get("/regulation/version/2"))
    assert "Điểm nóng 30 ngày 20 ngày" in said
    made = Document(BytesIO(head.get("/regulation/version/2/paper/docx").content))
    assert "Camera tại điểm nóng: 20 ngày." in "\n".join(paragraph.text for paragraph in made.paragraphs)


@pytest.mark.parametrize(("begins", "words"), [("24/11/2026 14:04", "đã qua"), ("1/1/2030", "một năm"), ("mai", "")])
def test_a_moment_that_cannot_be_is_told_at_its_field(head: Client, begins: str, words: str) -> None:
    head.post("/regulation/draft", {"from": "proposal"})
    response = head.post("/regulation/draft/approve", {"stamp": 1, "begins": begins})
    assert response.status_code == 422
    assert words in " ".join(response.context["form"].errors["begins"])
    assert f'value="{begins}"' in response.content.decode()
    assert not Version.objects.exists()


def test_a_draft_with_faults_says_where_and_is_not_approved(head: Client) -> None:
    head.post("/regulation/draft", {"from": "force"})  # the built-in rules: no notice, no contact, no review
    said = text(head.get("/regulation/draft"))
    assert "Ghi ngày phải rà soát lại quy chế." in said
    assert "So sánh và phê duyệt" not in said
    assert head.post("/regulation/draft/approve", {"stamp": 1}).status_code == 422
    assert in_force_now(NOW).is_built_in


def test_a_review_that_is_over_is_told(log_in: LogIn, recorder: FakeRecorder, clock: dict[str, datetime]) -> None:
    put_in_force(replace(PROPOSAL, review=date(2026, 11, 25)))
    clock["now"] = NOW + timedelta(days=2)
    assert "đã quá hạn rà soát 25/11/2026" in text(log_in(User.objects.get(username="head")).get("/regulation"))


def test_a_clock_that_went_back_is_told(head: Client, clock: dict[str, datetime]) -> None:
    put_in_force()
    clock["now"] = NOW - timedelta(days=3)
    said = text(head.get("/regulation"))
    assert "Đồng hồ máy sai" in said
    assert "Bản số 1, có hiệu lực" in said


def test_a_draft_is_printed_as_one_and_thrown_away(head: Client) -> None:
    assert head.get("/regulation/draft").status_code == 302
    head.post("/regulation/draft", {"from": "proposal"})
    assert "đối chiếu với bản chính thức" in text(head.get("/regulation/draft"))
    answer = head.get("/regulation/draft/paper/docx")
    assert "du-thao" in answer.headers["Content-Disposition"]
    assert "DỰ THẢO" in "\n".join(paragraph.text for paragraph in Document(BytesIO(answer.content)).paragraphs)
    assert head.get("/regulation/draft/paper/odt").status_code == 404
    assert head.get("/regulation/draft/nothing").status_code == 404
    assert head.get("/regulation/version/9").status_code == 404
    head.post("/regulation/draft/discard")
    assert draft() is None
    assert timezone.now() == NOW
