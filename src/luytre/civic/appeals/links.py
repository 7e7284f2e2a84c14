"""The link of a request: 128 random bits that the officer sees once, and of which the SHA-256 alone is kept."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from luytre.civic.access.models import User
from luytre.civic.appeals.models import Appeal, AppealStep, StepCode
from luytre.civic.appeals.steps import locked_open

LATE = timedelta(days=7)
"""So long after the answer was wanted the link still opens: who comes late is welcome."""
SECRET = re.compile(r"[0-9a-f]{32}")


def make_link(by: User, appeal: Appeal, at: datetime) -> str:
    """The secret of the new link; one that was made before is over. Errors: ValidationError where the request has ended."""
    secret = secrets.token_hex(16)
    with transaction.atomic():
        found = locked_open(appeal)
        found.link_digest, found.link_until = digest_of(secret), max(found.answer_by, at) + LATE
        found.save(update_fields=["link_digest", "link_until"])
        AppealStep.objects.create(at=at, by=by, appeal=found.key, code=StepCode.LINK)
    return secret


def by_link(secret: str, at: datetime) -> Appeal | None:
    """The request a link leads to; None for a link that is wrong, old or over."""
    if not SECRET.fullmatch(secret):
        return None
    found = Appeal.objects.select_related("eye__site", "incident", "asked_by").filter(link_digest=digest_of(secret)).first()
    return found if found is not None and found.link_until is not None and at < found.link_until else None


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
