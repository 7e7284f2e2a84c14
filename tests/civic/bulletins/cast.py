"""Bulletins that tests play with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils.timezone import localdate

from luytre.civic.access.models import User
from luytre.civic.bulletins.desk import BulletinDraft, issue
from luytre.civic.bulletins.models import Bulletin

NOW = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
"""14:05 in the commune."""


def issued(by: User, at: datetime = NOW, days: int = 7, **changes: object) -> Bulletin:
    """A red motorbike, in force until the end of `days` days from `at`."""
    fields: dict[str, object] = {
        "kind": "motorbike", "title": "Xe Wave đỏ bị lấy ở chợ", "plate": "15B1-234.56", "look": "đỏ, Honda",
        "last_day": localdate(at) + timedelta(days=days), "place": "cổng chợ", "words": "Yếm trái nứt",
        "since": at - timedelta(hours=2),
    }  # fmt: skip
    return issue(by, BulletinDraft(**{**fields, **changes}), at)  # type: ignore[arg-type]
