"""The code that follows a tip: made of the number that the sender's browser chose, and kept as a digest alone.

Twelve letters of Crockford's base 32: eleven of them (55 bits) are HMAC-SHA-256 of the sending's number, the last one is the
check of Luhn's algorithm modulo 32 (ISO/IEC 7812-1 with 32 letters), which finds every single slip. Shown in groups of four.
"""

from __future__ import annotations

import hmac
import re
import secrets
from pathlib import Path

from luytre.base.ids import ALPHABET
from luytre.base.secret_files import read_or_make

KEY_FILE = "tips.key"
LENGTH = 12
SENDING = re.compile(r"[0-9a-f]{32}")
"""How a browser writes the number of a sending: 128 random bits."""
_BITS = 5
_MISREAD = str.maketrans({"o": "0", "i": "1", "l": "1"})
_BETWEEN = re.compile(r"[\s.\-–—]+")


class BadCode(ValueError):
    """No tip can have this code: mistyped."""


def tips_key(secrets_dir: Path) -> bytes:
    """The key of this machine's tips, made at first use. Errors: OSError."""
    return bytes.fromhex(read_or_make(secrets_dir / KEY_FILE, lambda: secrets.token_hex(32)))


def code_of(key: bytes, sending: str) -> str:
    """The code of a sending. Errors: ValueError where `sending` is not 32 hex digits."""
    if not SENDING.fullmatch(sending):
        raise ValueError("a sending is 32 hex digits")
    value = int.from_bytes(hmac.digest(key, b"code " + sending.encode(), "sha256"), "big")
    letters = "".join(ALPHABET[value >> _BITS * place & 31] for place in range(LENGTH - 1))
    return letters + _check(letters)


def read_code(typed: str) -> str:
    """A code however it was typed: groups, capitals, letters that look like digits. Errors: BadCode."""
    code = _BETWEEN.sub("", typed[:100]).lower().translate(_MISREAD)
    if len(code) != LENGTH or any(letter not in ALPHABET for letter in code) or _check(code[:-1]) != code[-1]:
        raise BadCode
    return code


def digest_of(key: bytes, code: str) -> str:
    """What the database keeps instead of the code: 64 hex digits."""
    return hmac.digest(key, b"digest " + code.encode(), "sha256").hex()


def grouped(code: str) -> str:
    """`K3QF-9TBM-02XA`."""
    return "-".join(code[at : at + 4] for at in range(0, LENGTH, 4)).upper()


def _check(letters: str) -> str:
    total = 0
    for place, letter in enumerate(reversed(letters)):
        value = ALPHABET.index(letter) * (2 if place % 2 == 0 else 1)
        total += (value >> _BITS) + (value & 31)
    return ALPHABET[-total % 32]
