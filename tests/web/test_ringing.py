"""What telephones of the staff are told: whom an incident calls, tips about life, nothing of anybody's words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from luytre.civic.access.assignments import Wanted, assign
from luytre.civic.access.models import Role, User
from luytre.civic.dispatch.channels import ChannelName
from luytre.civic.dispatch.models import Device
from luytre.civic.incidents.models import Incident, State
from luytre.civic.registry.places import place_key
from luytre.civic.tips.models import Tip
from luytre.web import ringing, senders
from tests.civic.dispatch.cast import NOON, FakeChannel, hamlet
from tests.civic.dispatch.test_rings import device
from tests.web.cast import EARLY, PASSWORD, person

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 24, 23, 5, tzinfo=UTC)
"""06:05 in the commune."""


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Path) -> None:
    settings.LUYTRE_SECRETS_DIR = tmp_path / "secrets"
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, data=tmp_path)


def incident(by: User, **changes: object) -> Incident:
    fields: dict[str, object] = {
        "year": 2026, "number": 12, "kind": "fire", "title": "Cháy nhà bà Lan", "words": "bà Lan gọi 0912",
        "hamlet": hamlet("Thôn Đông"), "happened": NOON, "opened": NOON, "opened_by": by, "first": Role.DUTY, "backup": Role.HEAD,
        "accept_min": 5, "arrive_min": 15, "due": NOON + timedelta(minutes=5),
    }  # fmt: skip
    return Incident.objects.create(**{**fields, **changes})


def test_a_call_says_number_kind_hamlet_and_minutes_and_no_word_of_anybody() -> None:
    duty, head = person(Role.DUTY), person(Role.HEAD)
    one = incident(duty)
    [call] = ringing.calls_of(duty, NOON + timedelta(seconds=61))
    assert (call.letter.title, call.letter.words) == ("Vụ 12/2026: cháy, nổ", "Thôn Đông · còn 4 phút để nhận “Tôi đi”")
    assert (call.letter.link, call.letter.urgent) == (f"/incidents/{one.key}", True)
    assert "Lan" not in repr(call)
    assert ringing.calls_of(head, NOON) == []
    assert "đã quá giờ" in ringing.calls_of(duty, NOON + timedelta(hours=1))[0].letter.words
    Incident.objects.update(state=State.ACCEPTED)
    assert ringing.calls_of(duty, NOON) == []


def test_a_hamlets_team_is_called_for_its_own() -> None:
    from luytre.civic.registry.places import hamlet_unit

    east = hamlet("Thôn Đông")
    team = User.objects.create_user("team", PASSWORD)
    assign(None, team, Wanted(Role.SECURITY_TEAM, place_key(east), first_day=EARLY), NOON)
    incident(person(Role.DUTY), first=Role.SECURITY_TEAM, unit=hamlet_unit(east))
    assert len(ringing.calls_of(team, NOON)) == 1


def test_tips_about_life_ring_officers_until_they_are_read() -> None:
    duty = person(Role.DUTY)
    for number, kind in enumerate(("fire", "theft")):
        Tip.objects.create(code_digest=str(number), received=NOON, kind=kind, words="bà Lan", hamlet=hamlet("Thôn Đông"))
    [call] = ringing.calls_of(duty, NOON)
    assert (call.letter.title, call.letter.words) == ("Tin báo mới: cháy, nổ", "Thôn Đông · chưa ai đọc")
    Tip.objects.update(state="read")
    assert ringing.calls_of(duty, NOON) == []


def test_one_round_rings_and_brings_the_summary_in_the_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    channel = FakeChannel()
    monkeypatch.setattr(senders, "channels", lambda: {ChannelName.PUSH: channel})
    ringing.ring_once(NOON)
    duty = person(Role.DUTY)
    device(duty)
    Device.objects.update(morning=True)
    ringing.ring_once(NOON)
    ringing.ring_once(MORNING)
    ringing.ring_once(MORNING + timedelta(seconds=5))
    assert [letter.words for _to, letter in channel.sent] == ["Sáng nay: 0 hỏng mới, 0 chưa xong, 0 đã xong"]
    incident(duty, opened=MORNING)
    ringing.ring_once(MORNING + timedelta(seconds=10))
    assert channel.sent[-1][1].title == "Vụ 12/2026: cháy, nổ"
