"""The link of an owner without an account: 128 random bits, shown once, of which the SHA-256 alone is kept."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime

from django.db import transaction

from luytre.civic.access.models import User
from luytre.civic.movement.models import MovementStep, OwnerLink, StepCode
from luytre.civic.registry.models import Eye

SECRET = re.compile(r"[0-9a-f]{32}")


@transaction.atomic
def make_link(by: User, eye: Eye, at: datetime) -> str:
    """The secret of the new link; one that was made before is over."""
    secret = secrets.token_hex(16)
    OwnerLink.objects.update_or_create(eye=eye, defaults={"digest": digest_of(secret), "made": at, "by": by})
    MovementStep.objects.create(at=at, by=by, thing=eye.key, code=StepCode.LINK)
    return secret


@transaction.atomic
def end_link(by: User, eye: Eye, at: datetime) -> None:
    """Nothing where there is none."""
    if OwnerLink.objects.filter(eye=eye).delete()[0]:
        MovementStep.objects.create(at=at, by=by, thing=eye.key, code=StepCode.UNLINK)


def by_link(secret: str) -> Eye | None:
    """The eye a link leads to; None for a link that is wrong or over. It opens until it is ended or made anew, also when the
    owner has withdrawn: past uses stay to be read."""
    if not SECRET.fullmatch(secret):
        return None
    found = OwnerLink.objects.filter(digest=digest_of(secret)).select_related("eye__site__hamlet", "eye__camera").first()
    return found.eye if found is not None else None


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
