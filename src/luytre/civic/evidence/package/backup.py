"""The station's key on a way out of the machine: a file, and a code that is kept elsewhere.

`luytre-station-key-backup-1` is JSON: `made_utc`; `key`, certificate and key in PEM, the key as PKCS#8 encrypted with the code
(OpenSSL opens it too); `succession`, the text of all certificates and links there were; `signature` of the key over
`SIGNED`, a line feed and that text, hex. The code is drawn, not chosen: 140 bits, so that no guessing of it ends.

Invariants:
- Who has the file alone can sign nothing; who changes it makes it useless, not wrong: nothing of it is kept unless its own key
  signed it.
- A restore loses no key: what stood in the place is set aside beside it, and every certificate stays known.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.civic.evidence.package import keys
from luytre.civic.evidence.package.keys import StationKey, Succession

FORMAT = "luytre-station-key-backup-1"
SIGNED = FORMAT.encode()
LONGEST_BYTES = 4 << 20
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: none is taken for another when read aloud or by hand."""
GROUPS, GROUP = 7, 4
_MISREAD = str.maketrans("OIL", "011")


@dataclass(frozen=True, slots=True)
class Backup:
    """`text`: the file's. `code`: what opens it, in groups as people write it."""

    text: str
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Opened:
    key: StationKey
    succession: Succession


def back_up(secrets_dir: Path, key: StationKey, now: datetime) -> Backup:
    """Errors: OSError."""
    code = "".join(secrets.choice(LETTERS) for _ in range(GROUPS * GROUP))
    said = keys.succession(secrets_dir)
    file = {
        "format": FORMAT,
        "made_utc": now.astimezone(UTC).isoformat(timespec="seconds"),
        "key": keys.locked(key, code.encode()),
        "succession": said,
        "signature": key.sign(_signed(said)).hex(),
    }
    return Backup(json.dumps(file, indent=1) + "\n", "-".join(re.findall("." * GROUP, code)))


def read(text: str, code: str) -> Opened:
    """Errors: UsageError for another file, for a code that does not open it, and for a file that was changed."""
    try:
        file = json.loads(text)
        if file["format"] != FORMAT:
            raise ValueError(file["format"])
        locked, said, signature = str(file["key"]), str(file["succession"]), bytes.fromhex(file["signature"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        hint = N_("Choose a file that `luytre evidence key backup` wrote.")
        raise UsageError(N_("this is no backup of the key that signs evidence"), hint=hint) from error
    try:
        key = keys.unlocked(locked, as_typed(code).encode())
    except ValueError as error:
        hint = N_("Look at the code again, and whether it belongs to this file: each backup has a code of its own.")
        raise UsageError(N_("this code does not open the backup, or the file was damaged"), hint=hint) from error
    if not keys.is_signed(key.certificate, signature, _signed(said)):
        raise UsageError(N_("the backup was changed since it was made"), hint=N_("Use another backup."))
    return Opened(key, keys.read_succession(said))


def as_typed(code: str) -> str:
    """The code's letters, however a person writes them: small, with blanks or dashes, O for 0, I and L for 1. Errors: ValueError
    for what can be no code."""
    letters = "".join(code.upper().replace("-", " ").split()).translate(_MISREAD)
    if len(letters) != GROUPS * GROUP or set(letters) - set(LETTERS):
        raise ValueError("not a code")
    return letters


def put_back(secrets_dir: Path, opened: Opened, now: datetime, *, replace: bool = False) -> bool:
    """The key of the backup signs from here on; False where it does already. Errors: OSError; UsageError where another key is in
    use and `replace` is not set."""
    try:
        present = keys.present_key(secrets_dir)
    except UsageError:
        present = None  # that is what a backup is for
    if present is not None and present.fingerprint == opened.key.fingerprint:
        keys.keep_known(secrets_dir, opened.succession)
        return False
    if present is not None and not replace:
        raise _in_use(secrets_dir, opened, present)
    keys.keep_known(secrets_dir, opened.succession)
    _set_aside(secrets_dir / keys.FOLDER / keys.FILE, now)
    keys.put_in_use(secrets_dir, opened.key)
    return True


def _in_use(secrets_dir: Path, opened: Opened, present: StationKey) -> UsageError:
    later = present.fingerprint in keys.successors(opened.key.certificate, keys.succession(secrets_dir))
    hint = (
        N_("The key was changed after this backup: back up the present one instead.")
        if later
        else N_(
            "With --replace the key of the backup signs instead; the present one is set aside, and its packages stay genuine."
        )
    )
    return UsageError(N_("another key is in use here"), subject=present.fingerprint, hint=hint)


def _set_aside(path: Path, now: datetime) -> None:
    if path.exists():
        os.link(path, path.with_name(f"{path.name}.aside-{now.astimezone(UTC):%Y%m%dT%H%M%S%fZ}"))


def _signed(succession: str) -> bytes:
    return SIGNED + b"\n" + succession.encode()
