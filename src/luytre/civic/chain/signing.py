"""Signed heads: what a checkpoint is, how it is written, how it is proved. No Django: an outsider's laptop runs this.

A checkpoint's file is JSON: `{"format": "luytre-checkpoint-1", "text": …, "signature": hex, "public_key": hex}`. `text` is what
was signed (Ed25519, RFC 8032), itself JSON: `{"at": microseconds UTC, "format": …, "heads": [["<table>", seq, "<digest>"], …]}`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.base.secret_files import read_or_make
from luytre.civic.chain.text import encode

FORMAT = "luytre-checkpoint-1"
KEY_FILE = "log.key"
LONGEST_FILE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Head:
    """The last row of a chain at some moment. `seq` 0: there was none."""

    name: str
    seq: int
    digest: str


@dataclass(frozen=True, slots=True)
class Signed:
    """The heads of all chains at one moment, with the proof of who said so."""

    at_us: int
    """Microseconds UTC."""
    heads: tuple[Head, ...]
    text: str
    signature: str
    public_key: str

    def holds(self) -> bool:
        """Whether the signature is that of the key that stands beside it."""
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.public_key))
            key.verify(bytes.fromhex(self.signature), self.text.encode())
        except (ValueError, InvalidSignature):
            return False
        return True

    def to_file(self) -> str:
        whole = {"format": FORMAT, "text": self.text, "signature": self.signature, "public_key": self.public_key}
        return json.dumps(whole, indent=1) + "\n"


def private_key(secrets_dir: Path) -> Ed25519PrivateKey:
    """The key that signs (`log.key`, 0600, 64 hex digits), made at the first use. Errors: OSError; UsageError."""
    path = secrets_dir / KEY_FILE
    kept = read_or_make(path, lambda: Ed25519PrivateKey.generate().private_bytes_raw().hex())
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(kept))
    except ValueError as error:
        hint = N_("Put back the file from your backup.")
        raise UsageError(N_("this file is not the key that signs the logs"), subject=str(path), hint=hint) from error


def public_key(key: Ed25519PrivateKey) -> str:
    """64 hex digits."""
    return key.public_key().public_bytes_raw().hex()


def sign(key: Ed25519PrivateKey, at_us: int, heads: Iterable[Head]) -> Signed:
    kept = tuple(heads)
    text = encode({"format": FORMAT, "at": at_us, "heads": [[head.name, head.seq, head.digest] for head in kept]})
    return Signed(at_us, kept, text, key.sign(text.encode()).hex(), public_key(key))


def read_signed(text: str, signature: str, public: str) -> Signed:
    """What was signed, as a value; whether it `holds` is asked afterwards. Errors: UsageError when it is no checkpoint."""
    try:
        said = json.loads(text)
        if said["format"] != FORMAT:
            raise ValueError(said["format"])
        heads = tuple(Head(str(name), _whole(seq), str(digest)) for name, seq, digest in said["heads"])
        return Signed(_whole(said["at"]), heads, text, str(signature), str(public))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _not_one() from error


def parse_checkpoint(content: str) -> Signed:
    """A checkpoint's file. Errors: UsageError when it is none."""
    try:
        said = json.loads(content[:LONGEST_FILE])
        parts = [said[name] for name in ("text", "signature", "public_key")]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _not_one() from error
    if not all(isinstance(part, str) for part in parts):
        raise _not_one()
    return read_signed(*parts)


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(value)
    return value


def _not_one() -> UsageError:
    hint = N_("Choose a file from the folder checkpoints, as it was written.")
    return UsageError(N_("this is no checkpoint of a log"), hint=hint)
