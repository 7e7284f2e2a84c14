"""Secrets at rest, of cameras and of people's second step: Fernet (AES-128-CBC with HMAC-SHA-256), key in a file of its own."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from luytre.base.errors import LuytreError
from luytre.base.i18n import N_
from luytre.base.secret_files import read_or_make

KEY_FILE = "cameras.key"


@lru_cache(maxsize=4)
def _fernet(path: Path) -> Fernet:
    return Fernet(read_or_make(path, lambda: Fernet.generate_key().decode("ascii")))


def seal(secret: str) -> str:
    """Encrypted text for a column; empty stays empty."""
    return _fernet(settings.LUYTRE_SECRETS_DIR / KEY_FILE).encrypt(secret.encode()).decode("ascii") if secret else ""


def unseal_fresh(sealed: str, age_s: int) -> str | None:
    """What was sealed at most `age_s` seconds ago; None for anything else. For what travels to a page and back."""
    try:
        return _fernet(settings.LUYTRE_SECRETS_DIR / KEY_FILE).decrypt(sealed.encode("ascii"), ttl=age_s).decode()
    except (InvalidToken, UnicodeEncodeError):
        return None


def unseal(sealed: str) -> str:
    """The secret again. Errors: LuytreError when the key file is not the one it was sealed with."""
    if not sealed:
        return ""
    try:
        return _fernet(settings.LUYTRE_SECRETS_DIR / KEY_FILE).decrypt(sealed.encode("ascii")).decode()
    except InvalidToken as error:
        raise LuytreError(
            N_("what is kept locked cannot be read: the key file is not the one it was locked with"),
            hint=N_(
                "Put back secrets/cameras.key from the backup. Without it, enter cameras' passwords again, and let"
                " `luytre user password NAME --remove-second-step` remove second steps."
            ),
        ) from error
