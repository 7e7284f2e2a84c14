"""A hamlet with two eyes, and whoever accepts them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

from PIL import Image

from luytre.civic.acceptance.acceptances import NEEDED, Taken, accept, begin, hung_of, take
from luytre.civic.acceptance.facts import Facts
from luytre.civic.acceptance.models import Finding
from luytre.civic.access.assignments import Wanted, assign
from luytre.civic.access.models import User
from luytre.civic.registry.eyes import EyeDraft, save_eye
from luytre.civic.registry.models import Eye, Hamlet

NOW = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
HERE = (Decimal("20.910000"), Decimal("105.970000"))


def head() -> User:
    user = User.objects.create_user("truong", "four-words-not-together")
    assign(None, user, Wanted("head", "", first_day=date(2020, 1, 1)), NOW)
    return user


def eye(name: str = "Cổng chợ") -> Eye:
    Hamlet.objects.get_or_create(name="Thôn Đông")
    draft = EyeDraft(
        name, hamlet="Thôn Đông", position=HERE, bearing_deg=90.0, tilt_deg=10.0, height_m=4.0, hfov_deg=90.0, width_px=1920,
        height_px=1080, model="DS-2CD", maker="Hikvision", owner_name="Bà Tư", owner_phone="0912345678",
    )  # fmt: skip
    return save_eye(None, draft, NOW)


def jpeg(width: int = 320, height: int = 180, colour: tuple[int, int, int] = (200, 180, 90)) -> bytes:
    made = BytesIO()
    Image.new("RGB", (width, height), colour).save(made, "JPEG", quality=95)
    return made.getvalue()


def passed(by: User, of: Eye, at: datetime = NOW) -> str:
    """Accepted, every step good; the acceptance's key."""
    found = begin(by, of, at)
    for code in NEEDED:
        take(by, found.key, of, Taken(code, Finding.GOOD, Facts()), at)
    accept(by, found.key, of, hung_of(of), at)
    return found.key
