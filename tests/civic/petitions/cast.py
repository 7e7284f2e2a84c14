"""Petitions for tests: told at half past two in the afternoon of a Tuesday."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from luytre.civic.access.models import User
from luytre.civic.petitions.kinds import About
from luytre.civic.petitions.models import Petition
from luytre.civic.petitions.scans import Scan
from luytre.civic.petitions.taking import Letter, PetitionDraft, Taken, enter, petitions_key, take
from luytre.civic.workdays.days import built_in

TIPS_KEY = b"k" * 32
KEY = petitions_key(TIPS_KEY)
NOW = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
HERE = (Decimal("20.912400"), Decimal("105.971800"))
HOLIDAYS = built_in([2026, 2027])
NASTY = "Xe máy 🏍️ <script>alert(1)</script>'; DROP TABLE petitions;--"
DRAFT = PetitionDraft(
    About.THEFT, NOW - timedelta(hours=5), NOW - timedelta(hours=3), NASTY, "Nguyễn Thị Mận", "0912 345 678", place="trước chợ"
)
LETTER = Letter("Công an xã Đông Hoà", "Đề nghị cung cấp hình", "12/CV-CAX", date(2026, 11, 23), Scan("a" * 64, "pdf"))


def asked(number: int = 1, at: datetime = NOW, **changes: object) -> Taken:
    draft = replace(DRAFT, start=at - timedelta(hours=5), end=at - timedelta(hours=3))
    return take(replace(draft, **changes), f"{number:032x}", KEY, HOLIDAYS, at)  # type: ignore[arg-type]


def entered(by: User, at: datetime = NOW, letter: Letter = LETTER, **changes: object) -> Petition:
    return enter(by, replace(DRAFT, name="", phone="", **changes), letter, HOLIDAYS, at)  # type: ignore[arg-type]


def fresh(petition: Petition) -> Petition:
    return Petition.objects.get(pk=petition.pk)
