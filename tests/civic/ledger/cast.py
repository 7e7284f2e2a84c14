"""Who plays in the tests of the book, and what they enter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from luytre.base.ids import new_id
from luytre.civic.access.models import User
from luytre.civic.ledger import desk
from luytre.civic.ledger.desk import Draft, PartyDraft, Spending
from luytre.civic.ledger.models import Posting

NOW = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
TODAY = date(2026, 11, 24)


def draft(amount_vnd: int = 1_350_000, **changes: Any) -> Draft:
    return replace(Draft(new_id(), TODAY, amount_vnd, "đóng góp mua camera"), **changes)


def money(by: User, amount_vnd: int = 1_350_000, at: datetime = NOW, **changes: Any) -> Posting:
    return desk.receive_money(by, draft(amount_vnd, **changes), "given_people", "cash", at)


def spent(by: User, amount_vnd: int, at: datetime = NOW, on: Spending | None = None, **changes: Any) -> Posting:
    return desk.spend(by, draft(amount_vnd, **changes), on or Spending("pole", "cash"), at)


def somebody(name: str, *, public: bool = False) -> PartyDraft:
    return PartyDraft(name, "0912 345 678", public)
