"""What the survey's tests play with: hamlets, surveyors, what a telephone sends."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from uuid import uuid4

from PIL import Image

from luytre.civic.access.assignments import EVERYWHERE, Wanted, assign
from luytre.civic.access.models import Role, User
from luytre.civic.registry.eyes import EyeDraft, save_eye
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.models import Eye, Hamlet
from luytre.civic.registry.position import parse_position
from tests.web.cast import PASSWORD

AT = datetime(2026, 11, 27, 3, 5, tzinfo=UTC)
EARLY = date(2020, 1, 1)
HERE = "21.0285, 105.8542"


def hamlet(name: str = "Thôn Đông") -> Hamlet:
    return Hamlet.objects.get_or_create(name=name)[0]


def surveyor(where: Hamlet | None = None, username: str = "surveyor", role: str = Role.SURVEYOR) -> User:
    user = User.objects.create_user(username, PASSWORD)
    assign(None, user, Wanted(role, place_key(where) if where else EVERYWHERE, first_day=EARLY), AT)
    return user


def an_eye(name: str = "Cổng nhà văn hoá", where: str = "Thôn Đông", **fields: Any) -> Eye:
    hamlet(where)
    draft = EyeDraft(name=name, hamlet=where, position=parse_position(HERE), owner_phone="0912 345 678", **fields)
    return save_eye(None, draft, AT)


def sent(kind: str = "eye", **changes: Any) -> dict[str, Any]:
    """What a telephone sends of something new, unless `target` and `base` are among the changes."""
    fields = {
        "eye": {"name": "Cửa hàng Minh", "position": HERE, "owner_kind": "shop", "owner_name": "Minh", "bearing_deg": "135"},
        "need": {"name": "Ngã ba đình", "position": HERE, "reason": "dark", "urgency": 3, "to_see": "lối vào thôn"},
        "nothing_here": {},
    }[kind]
    content = {"id": str(uuid4()), "kind": kind, "made": AT.timestamp(), "fields": fields, "before": {}, "photos": []}
    return content | changes


def body(content: dict[str, Any]) -> bytes:
    return json.dumps(content).encode()


def picture(size: tuple[int, int] = (2400, 1200), form: str = "JPEG", **options: Any) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, "#3a6").save(written, form, **options)
    return written.getvalue()
