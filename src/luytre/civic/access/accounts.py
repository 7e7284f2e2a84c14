"""Making accounts: the first administrator, and passwords that are used once."""

from __future__ import annotations

import secrets

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone

from luytre.base.ids import ALPHABET
from luytre.civic.access.assignments import Wanted, assign
from luytre.civic.access.models import Role, User

FIRST_USERNAME = "admin"


def one_time_password() -> str:
    """Twelve characters in three groups, easy to read over a telephone: 60 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))


def make_first_administrator() -> str | None:
    """The one-time password of a fresh `admin`, or None when an account exists already.

    He is head too, so that the first run ends with a picture; the people page says to hand that on.
    """
    with transaction.atomic():
        if User.objects.exists():
            return None
        password = one_time_password()
        made = User.objects.create_user(FIRST_USERNAME, password, must_change_password=True)
        for role in (Role.ADMINISTRATOR, Role.HEAD):
            assign(None, made, Wanted(role), timezone.now())
        return password


def set_password(user: User, password: str, *, must_change: bool) -> None:
    """Errors: django's ValidationError when the password is too weak (one that must be changed anyway is not judged)."""
    if not must_change:
        validate_password(password, user)
    user.set_password(password)
    user.must_change_password = must_change
    user.entered = True  # also by a password that was handed over instead of the invitation's link
    user.save(update_fields=["password", "must_change_password", "entered"])
