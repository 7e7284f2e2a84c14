"""Short random ids: 10 characters of Crockford's base 32 (50 bits), safe in a path, a URL and read over a telephone."""

from __future__ import annotations

import re
import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
CAMERA_KEY = re.compile(r"[a-z0-9][a-z0-9_.-]{0,62}")


def new_id() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(10))


def new_code() -> str:
    """Eight of the same characters (40 bits): short enough to be typed from a sign, and no use to whoever counts upward."""
    return "".join(secrets.choice(ALPHABET) for _ in range(8))
