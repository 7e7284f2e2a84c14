"""What differs between two sets of rules, and the articles that are printed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from luytre.base.i18n import use_language
from luytre.civic.regulations.articles import articles
from luytre.civic.regulations.difference import diff
from luytre.civic.regulations.proposal import PROPOSAL
from luytre.civic.regulations.rules import Actor, Approvals, Group, Hours, Kept, Right, Rules, Way
from luytre.web import messages
from tests.civic.regulations.sets import RULES


@pytest.fixture(autouse=True)
def vietnamese() -> None:
    messages.compile_all()
    use_language("vi")


@settings(max_examples=30)
@given(RULES, RULES)
def test_a_difference_is_told_exactly_when_there_is_one(old: Rules, new: Rules) -> None:
    assert diff(old, old) == ()
    assert bool(diff(old, new)) is (old != new)


def test_what_differs_is_told_in_words_for_people() -> None:
    kept = tuple(Kept(one.group, 20) if one.group is Group.HOT_SPOT else one for one in PROPOSAL.kept)
    rights = tuple(
        Right(one.role, one.way, (Hours(20 * 60, 5 * 60),)) if one.role is Actor.SECURITY_TEAM else one for one in PROPOSAL.rights
    )
    new = replace(
        PROPOSAL, kept=kept, rights=(*rights, Right(Actor.HAMLET_HEAD, Way.HISTORY)), sound=True, purposes=PROPOSAL.purposes[1:]
    )
    assert [change.sentence() for change in diff(PROPOSAL, new)] == [
        "Mục đích, Xử lý vụ việc về an ninh, trật tự: Xử lý vụ việc về an ninh, trật tự / Handling an incident of public order: "
        "xem lại, trích xuất, xem hình không che; phải ghi số vụ việc → —",
        "Ai được làm gì, trưởng thôn: xem lại: không → cả ngày",
        "Ai được làm gì, tổ bảo vệ an ninh, trật tự: xem trực tiếp: 18:00–06:00 → 20:00–05:00",
        "Thời hạn lưu, điểm nóng: 30 ngày → 20 ngày",
        "Quyền riêng tư, âm thanh: không → có",
    ]


def text(rules: Rules) -> str:
    return "\n".join(line for article in articles(rules) for line in (article.title, *article.clauses))


def test_the_articles_say_every_rule() -> None:
    said = text(replace(PROPOSAL, export=Approvals(1, (Actor.HEAD,))))
    for words in (
        *(purpose.vi for purpose in PROPOSAL.purposes), *PROPOSAL.prohibited, PROPOSAL.notice, PROPOSAL.contact, "31/12/2027",
        "Camera tại điểm nóng: 30 ngày", "Camera khu dân cư: 15 ngày", "18:00–06:00", "Không ghi âm", "một người duyệt",
        "Chủ camera (chỉ camera của mình) được xem trực tiếp và xem lại.",
    ):  # fmt: skip
        assert words in said, words


@pytest.mark.parametrize(
    "changes",
    [
        {"purposes": PROPOSAL.purposes[1:]},
        {"purposes": (replace(PROPOSAL.purposes[0], reference=False), *PROPOSAL.purposes[1:])},
        {"rights": PROPOSAL.rights[1:]},
        {"rights": (Right(Actor.HEAD, Way.LIVE, (Hours(1, 2),)), *PROPOSAL.rights[1:])},
        {"kept": (Kept(Group.ROUTE, 29), *PROPOSAL.kept[1:])},
        {"export": Approvals(2, (Actor.HEAD,))},
        {"export": Approvals(1, (Actor.DUTY,))},
        {"sound": True},
        {"masked_for": PROPOSAL.masked_for[1:]},
        {"watermark": False},
        {"prohibited": PROPOSAL.prohibited[1:]},
        {"notice": "khác"},
        {"contact": "khác"},
        {"review": None},
    ],
)
def test_a_rule_that_changes_changes_the_articles(changes: dict[str, Any]) -> None:
    assert text(replace(PROPOSAL, **changes)) != text(PROPOSAL)


@given(RULES)
def test_articles_can_be_made_of_any_rules(rules: Rules) -> None:
    assert all(article.title and all(article.clauses) for article in articles(rules))
