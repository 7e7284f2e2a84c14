"""How long is kept: by the regulation in force, in the recorder's list too."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from luytre.civic.access.models import User
from luytre.civic.registry.commune import set_commune
from luytre.civic.registry.config import recorder_config
from luytre.civic.registry.keeping import kept_shorter
from luytre.civic.regulations.approval import approve, begin_draft, write_draft
from luytre.civic.regulations.proposal import PROPOSAL
from luytre.civic.regulations.rules import Group, Kept, Rules
from tests.web.cast import camera

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
RULES = replace(
    PROPOSAL, kept=(Kept(Group.ROUTE, 60), Kept(Group.HOT_SPOT, 20), Kept(Group.RESIDENTIAL, 10), Kept(Group.OTHER, 5))
)


def put_in_force(rules: Rules, now: datetime, begins: datetime | None = None) -> None:
    head = User.objects.create_user("truong", "four-words-not-together")
    begin_draft(head, now, from_proposal=True)
    write_draft(head, rules, 1, now)
    approve(head, 2, begins, now)


def listed() -> dict[str, tuple[int, bool]]:
    return {one["name"]: (one["retention_days"], one["sound"]) for one in recorder_config()["cameras"]}


def test_the_recorder_keeps_what_the_regulation_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    set_commune(retention_days=25)
    camera("Chợ", kind="hot_spot")
    camera("Đường", kind="route")
    camera("Ngõ", kind="residential", retention_days=3)
    camera("Đình", kind="residential", retention_days=90)
    loud = camera("Cổng", kind="hot_spot", place="Cổng")
    loud.sound = True
    loud.save()
    before = {"Chợ": (25, False), "Đường": (25, False), "Ngõ": (3, False), "Đình": (90, False), "Cổng": (25, True)}
    assert listed() == before
    put_in_force(RULES, NOW, NOW + timedelta(hours=1))
    assert listed() == before
    lost = [(one.camera.name, one.before_days, one.after_days) for one in kept_shorter(RULES, NOW)]
    assert lost == [("Đình", 90, 10), ("Chợ", 25, 20), ("Cổng", 25, 20)]
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(hours=1))
    assert listed() == {"Chợ": (20, False), "Đường": (60, False), "Ngõ": (3, False), "Đình": (10, False), "Cổng": (20, False)}
    assert recorder_config()["settings"]["retention_days"] == 5
    assert kept_shorter(RULES, NOW + timedelta(hours=1)) == []
