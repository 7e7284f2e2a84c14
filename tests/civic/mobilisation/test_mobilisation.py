"""Campaigns: visits are counts, nobody is listed for declining, commitments lead where they belong, and what is won is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import models

from luytre.civic.access.models import Role, User
from luytre.civic.chain.proof import prove
from luytre.civic.ledger.models import Pledge
from luytre.civic.mobilisation import erasing, going, paper
from luytre.civic.mobilisation.campaigns import Aim, CampaignDraft, save_campaign
from luytre.civic.mobilisation.going import CommitmentDraft, Where
from luytre.civic.mobilisation.models import Campaign, Commitment, FollowUp, Goal, Meeting, MobilisationStep, Visit
from luytre.civic.mobilisation.progress import Spot, progress, spots
from luytre.civic.movement import desk
from luytre.civic.registry.commune import set_commune
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.notice import NoSign
from luytre.civic.survey.models import Need
from tests.civic.movement.test_movement import EVENING, agree
from tests.civic.test_keeping import RULES, put_in_force
from tests.civic.test_lending import lent
from tests.web.cast import person

AT = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
DAY = date(2026, 11, 24)
MONEY = CommitmentDraft("money", 500_000, "", "Trần Văn Ba", "0912 345 678")


@pytest.fixture
def head(db: None) -> User:
    return person(Role.HEAD)


def hamlet(name: str = "Thôn Đông") -> Hamlet:
    return Hamlet.objects.get_or_create(name=name)[0]


def campaign(by: User, **changes: Any) -> Campaign:
    draft = CampaignDraft("Góp mắt", date(2026, 11, 1), date(2026, 12, 31), ("Chi bộ thôn Đông",), "", {hamlet().pk: Aim(5, 40)})
    return save_campaign(by, replace(draft, **changes), AT)


def where(of: Campaign, once: str = "1", **changes: Any) -> Where:
    return replace(Where(once, of, hamlet(), DAY), **changes)


def test_no_row_of_this_room_can_say_of_a_household_what_it_answered() -> None:
    """A visit has neither a name nor a place but the hamlet, and no kind of row has a column for a refusal."""
    kept = {model: {field.name for field in model._meta.get_fields()} for model in (Visit, FollowUp, Commitment, Meeting)}
    assert kept[Visit] == {"id", "once", "campaign", "hamlet", "day", "carrier", "households", "thinking", "by"}
    assert not any({"outcome", "refused", "declined", "answer"} & names for names in kept.values())
    assert not [field for field in Visit._meta.get_fields() if isinstance(field, models.TextField)]


def test_a_campaign_is_saved_by_one_at_a_time_and_only_by_who_plans(head: User) -> None:
    made = campaign(head)
    assert [(one.eyes, one.households) for one in Goal.objects.all()] == [(5, 40)]
    draft = CampaignDraft("Góp mắt 2", DAY, DAY, (), "", {hamlet().pk: Aim()})
    save_campaign(head, draft, AT, made, 1)
    assert not Goal.objects.exists()
    with pytest.raises(ValidationError, match="meanwhile"):
        save_campaign(head, draft, AT, made, 1)
    with pytest.raises(ValidationError, match="planned by"):
        save_campaign(person(Role.AUDITOR), draft, AT)
    with pytest.raises(ValidationError) as wrong:
        campaign(head, name=" ", last_day=date(2026, 10, 1), carriers=("x" * 200,), words="x" * 401, goals={1: Aim(10**9)})
    assert set(wrong.value.message_dict) == {"name", "last_day", "carriers", "words", "goals"}


def test_visits_and_meetings_are_counted_once_and_only_in_ones_own_hamlet(head: User) -> None:
    of = campaign(head)
    for _twice in range(2):
        going.visit(head, where(of), "Chi bộ", 12, 3, AT)
        going.meeting(head, where(of), "nhà văn hóa", 80, "đồng ý", AT)
    [row] = progress(of, [hamlet()], AT)
    assert (row.households, row.thinking, row.meetings, row.came, row.aim) == (12, 3, 1, 80, Aim(5, 40))
    for wrong in (replace(where(of, "2"), day=DAY + timedelta(days=1)), replace(where(of, "2"), day=date(2026, 10, 31)),
                  replace(where(of, "2"), hamlet=None)):  # fmt: skip
        with pytest.raises(ValidationError):
            going.visit(head, wrong, "", 1, 0, AT)
    with pytest.raises(ValidationError) as refused:
        going.visit(head, where(of, "2"), "", 0, 1, AT)
    assert set(refused.value.message_dict) == {"households", "thinking"}
    with pytest.raises(ValidationError):
        going.visit(person(Role.COMMITTEE), where(of, "2"), "", 1, 0, AT)


def test_whom_to_come_back_to_lies_sealed_and_goes(head: User) -> None:
    of = campaign(head)
    with pytest.raises(ValidationError) as wrong:
        going.come_back(head, replace(where(of), day=DAY - timedelta(days=1)), " ", AT)
    assert set(wrong.value.message_dict) == {"day", "whither"}
    made = going.come_back(head, where(of), "nhà anh Ba, ngõ 3", AT)
    assert "anh Ba" not in made.sealed_where
    assert going.where_of(made) == "nhà anh Ba, ngõ 3"
    going.went(made)
    assert not FollowUp.objects.exists()


def test_money_becomes_a_pledge_of_the_book_once_and_a_camera_an_agreement(head: User) -> None:
    of = campaign(head)
    with pytest.raises(ValidationError) as wrong:
        going.commit(head, where(of), CommitmentDraft("pole", -1, "", " ", "abc"), AT)
    assert set(wrong.value.message_dict) == {"amount", "words", "name", "phone"}
    money = going.commit(head, where(of), MONEY, AT)
    assert "Văn Ba" not in money.sealed_name
    assert going.who_of(head, money, AT).phone == MONEY.phone
    pledge = going.as_pledge(head, money, AT)
    assert (pledge.amount_vnd, pledge.sort, Pledge.objects.count()) == (500_000, "money", 1)
    money.refresh_from_db()
    assert (money.led, money.sealed_name, money.sealed_phone) == (pledge.key, "", "")
    with pytest.raises(ValidationError, match="faster"):
        going.as_pledge(head, money, AT)
    camera = going.commit(head, where(of, "2"), CommitmentDraft("camera", 0, "cổng", "Bà Mận"), AT)
    with pytest.raises(ValidationError, match="agreement"):
        going.as_pledge(head, camera, AT)
    eye, _camera = lent()
    going.joined(head, camera, eye, AT)
    with pytest.raises(ValidationError, match="faster"):
        going.finish(head, camera, AT)
    assert [step.code for step in MobilisationStep.objects.all()] == ["planned", "read", "led", "led"]
    assert prove().faults == ()


def test_who_may_not_enter_in_the_book_makes_no_pledge_and_loses_none(head: User) -> None:
    of, money = campaign(head), None
    money = going.commit(head, where(of), MONEY, AT)
    with pytest.raises(ValidationError, match="treasurer"):
        going.as_pledge(person(Role.DUTY), money, AT)
    money.refresh_from_db()
    assert money.over is None
    assert money.sealed_name


def test_eyes_won_are_agreements_in_force_signed_since_the_first_day(head: User) -> None:
    of = campaign(head)
    eye, _one = lent()
    agree(head, eye, at=datetime(2026, 10, 1, tzinfo=UTC))
    assert progress(of, [hamlet()], AT)[0].eyes == 0
    other, _two = lent("Cổng khác", place="Chỗ khác")
    agree(head, other)
    assert progress(of, [hamlet()], AT)[0].eyes == 1
    desk.narrow(None, other, replace(EVENING, days=3), 1, AT)
    assert progress(of, [hamlet()], AT)[0].eyes == 1
    desk.withdraw(None, other, 2, AT)
    assert progress(of, [hamlet()], AT)[0].eyes == 0


def test_places_that_want_an_eye_are_those_of_the_own_hamlets(head: User) -> None:
    for name in ("Thôn Đông", "Thôn Tây"):
        Need.objects.create(
            name=f"Ngã ba {name}", hamlet=hamlet(name), latitude="20.9", longitude="105.9", reason="theft", urgency=2
        )
    assert spots([hamlet()]) == [Spot("Thôn Đông", "Ngã ba Thôn Đông", 0)]


def test_leaflet_and_poster_want_a_regulation_and_say_what_it_says(head: User) -> None:
    with pytest.raises(NoSign):
        paper.handout(paper.Handout.LEAFLET, "https://xa.example", AT)
    set_commune(name="Xã An Bình")
    put_in_force(RULES, AT - timedelta(days=1))
    for size in paper.Handout:
        assert paper.handout(size, "https://xa.example", AT)[:5] == b"%PDF-"


def test_names_go_half_a_year_after_the_campaign(head: User) -> None:
    of = campaign(head)
    going.commit(head, where(of), MONEY, AT)
    going.come_back(head, where(of), "ngõ 3", AT)
    last = datetime(2026, 12, 31, 12, tzinfo=UTC)
    assert erasing.erase_old(last + timedelta(days=erasing.KEPT_DAYS)) == 0
    assert erasing.erase_old(last + timedelta(days=erasing.KEPT_DAYS + 1)) == 2
    assert Commitment.objects.get().sealed_name == ""
