"""`manifest.json`: what a package says of itself, written and read in one way. The format stands in design/evidence.md."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from luytre.civic.evidence.package.values import Facts, Footage, PackageKind, ViewingFacts

FORMAT = "luytre-evidence-1"
README, MANIFEST, SIGNATURE, CERTIFICATE, TIME_STAMP = (
    "DOC-TRUOC.md", "manifest.json", "manifest.sig", "certificate.pem", "manifest.tsr",
)  # fmt: skip
LOG = "access-log.json"
MINUTES, PAGE = "bien-ban.pdf", "kiem-tra.html"
FRAME = (MANIFEST, SIGNATURE, CERTIFICATE, TIME_STAMP)
"""What the manifest does not name: itself, and what is made over it. The certificate is named by its fingerprint."""
LONGEST_BYTES = 32 << 20
"""Of a manifest: a week of footage has some ten thousand segments of 3 kB at most."""
LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
_NAME = re.compile(r"DOC-TRUOC\.md|[a-z0-9](?:[a-z0-9-]|\.(?!\.)){0,78}[a-z0-9]")
_ORIGINAL = re.compile(r"original(?:\.[1-9][0-9]*)?\.mp4")
_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class FileFacts:
    name: str
    size_bytes: int
    sha256: str
    recorded_bytes: int = 0
    """Of an original: so much is as the recorder gave it; what follows are boxes that the package adds."""
    recorded_sha256: str = ""
    """SHA-256 over these."""


@dataclass(frozen=True, slots=True)
class LogFacts:
    """The head of the log's extract (the rows stand in `access-log.json`), and whose signature is over it."""

    root_table: str
    root_seq: int
    root_digest: str
    public_key: str
    """The Ed25519 key that signs the commune's checkpoints, 64 hex digits."""


@dataclass(frozen=True, slots=True)
class Manifest:
    format: str
    facts: Facts
    footage: Footage
    viewing: tuple[ViewingFacts, ...]
    files: tuple[FileFacts, ...]
    log: LogFacts
    certificate_sha256: str


def is_name(name: str) -> bool:
    """Whether a package may have an entry of this name: small letters, digits, dots and dashes alone; no folders."""
    return _NAME.fullmatch(name) is not None


def is_original(name: str) -> bool:
    return _ORIGINAL.fullmatch(name) is not None


def encode(manifest: Manifest, zone: tzinfo = LOCAL) -> bytes:
    """JSON in UTF-8: sorted keys, an indent of 1, each moment as `{"utc": …, "local": …}`."""
    tree = _plain(dataclasses.asdict(manifest), zone)
    return (json.dumps(tree, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False) + "\n").encode()


def _plain(value: object, zone: tzinfo) -> object:
    if isinstance(value, datetime):
        utc = value.astimezone(UTC)
        return {"utc": utc.isoformat().replace("+00:00", "Z"), "local": utc.astimezone(zone).isoformat()}
    if isinstance(value, dict):
        return {str(name): _plain(one, zone) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one, zone) for one in value]
    return value


def read_json(data: bytes) -> Any:
    """JSON (UTF-8) without a name twice in one object, and without numbers that are none. Errors: ValueError."""
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
    except RecursionError as error:
        raise ValueError("too deep") from error


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_number(text: str) -> float:
    raise ValueError(f"not a number: {text}")


def decode(data: bytes) -> Manifest:
    """What `encode` wrote. Errors: ValueError with what is wrong, for people who look closely."""
    found = msgspec.convert(_moments(read_json(data)), type=Manifest)  # its error is a ValueError
    for fault in _faults(found):
        raise ValueError(fault)
    return found


def _moments(value: object) -> object:
    """The tree with each moment as its UTC alone; both must be the same moment."""
    if isinstance(value, dict):
        if value.keys() == {"utc", "local"}:
            utc, local = (datetime.fromisoformat(str(value[name])) for name in ("utc", "local"))
            if utc.utcoffset() is None or local.utcoffset() is None or utc != local:
                raise ValueError(f"two moments: {value['utc']}, {value['local']}")
            return utc
        return {name: _moments(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_moments(one) for one in value]
    return value


def _faults(manifest: Manifest) -> Iterator[str]:
    if manifest.format != FORMAT:
        yield f"format: {manifest.format}"
    names = [one.name for one in manifest.files]
    parts = [one.name for one in manifest.footage.parts]
    for name in (*names, *parts):
        if not is_name(name) or name in FRAME:
            yield f"name: {name}"
    if len(set(names)) != len(names) or len(set(parts)) != len(parts):
        yield "a file stands twice"
    originals = {name for name in names if is_original(name)}
    if originals != (set(parts) if manifest.facts.kind is PackageKind.FULL else set()):
        yield "originals are not those of the footage"
    if {one.name for one in manifest.viewing} - set(names) or {one.of for one in manifest.viewing} - set(parts):
        yield "a copy for watching is not named"
    if LOG not in names:
        yield "no extract of the log"
    digests = [manifest.certificate_sha256, manifest.log.root_digest, manifest.log.public_key]
    digests += [one.original_sha256 for one in manifest.viewing] + [one.sha256 for one in manifest.files]
    digests += [one.recorded_sha256 for one in manifest.files if is_original(one.name)]
    digests += [one.sha256 for part in manifest.footage.parts for one in part.segments if one.sha256 is not None]
    if not all(_HEX.fullmatch(one) for one in digests):
        yield "a SHA-256 that is none"
    sizes = [size for one in manifest.files for size in (one.size_bytes, one.recorded_bytes)]
    sizes += [part.media_offset_bytes for part in manifest.footage.parts]
    sizes += [size for part in manifest.footage.parts for one in part.segments for size in (one.size_bytes, one.media_bytes)]
    if min(sizes, default=0) < 0:
        yield "a size below nothing"
