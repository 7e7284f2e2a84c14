"""`access-log.json`: the rows of the commune's logs that speak of this package, and the proof that they are in its logs."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator

from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.civic.chain.signing import Signed, parse_checkpoint
from luytre.civic.chain.text import digest_of
from luytre.civic.evidence.package.manifest import LogFacts, read_json
from luytre.civic.evidence.package.values import Extract, ExtractRow

FORMAT = "luytre-evidence-log-1"
LONGEST_BYTES = 16 << 20
_DIGEST = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{64}(?![0-9A-Za-z])")

UNREADABLE = N_("the extract of the log cannot be read")
ROW = N_("row {row} of the log was changed: its hash is not right")
PLACE = N_("row {row} of the log is not the row that it says it is")
ROOT = N_("the row that the others hang on is not in the extract, or not the one that the manifest names")
LOOSE = N_("row {row} of the log does not hang on the row that the checkpoint proves")
CHECKPOINT = N_("the checkpoint's signature is not right")
KEY = N_("the checkpoint was signed with another key than the one that the manifest names")
HEAD = N_("the checkpoint says otherwise of the row that the others hang on")

Fault = tuple[str, str]
"""A message id and the row it is about (or nothing)."""


def encode(extract: Extract) -> bytes:
    tree = {"format": FORMAT, **dataclasses.asdict(extract)}
    return (json.dumps(tree, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def decode(data: bytes) -> Extract:
    """Errors: ValueError for what `encode` did not write."""
    said = read_json(data)
    try:
        if said["format"] != FORMAT:
            raise ValueError(said["format"])
        rows = tuple(_row(one) for one in said["rows"])
        table, seq, digest, checkpoint = (said[name] for name in ("root_table", "root_seq", "root_digest", "checkpoint"))
    except (KeyError, TypeError) as error:
        raise ValueError(str(error)) from error
    if not all(isinstance(one, str) for one in (table, digest, checkpoint)) or type(seq) is not int:
        raise ValueError("not the kind of value")
    return Extract(table, seq, digest, rows, checkpoint)


def _row(said: dict[str, object]) -> ExtractRow:
    table, seq, digest, text = (said[name] for name in ("table", "seq", "digest", "text"))
    if not isinstance(table, str) or type(seq) is not int or not isinstance(digest, str) or not isinstance(text, str):
        raise ValueError("not the kind of value")
    return ExtractRow(table, seq, digest, text)


def public_key_of(extract: Extract) -> str:
    """The key of the checkpoint. Errors: UsageError where it is none."""
    return parse_checkpoint(extract.checkpoint).public_key


def faults(extract: Extract, log: LogFacts) -> Iterator[Fault]:
    """What is not proven: each row by its hash, the rows by the root, the root by the signed checkpoint."""
    root = ExtractRow(extract.root_table, extract.root_seq, extract.root_digest, "")
    proven: frozenset[str] = frozenset()
    for row in extract.rows:
        if _digest(row.text) != row.digest:
            yield ROW, _name(row)
        elif (columns := _columns(row)) is None:
            yield PLACE, _name(row)
        elif _place(row) == _place(root):
            proven = frozenset(digest for value in columns.values() for digest in _DIGEST.findall(str(value)))
            proven |= {row.digest}
    named = (log.root_table, log.root_seq, log.root_digest)
    if root.digest not in proven or named != _place(root):
        yield ROOT, ""
    for row in extract.rows:
        if proven and row.digest not in proven:
            yield LOOSE, _name(row)
    yield from _checkpoint_faults(extract, log)


def _checkpoint_faults(extract: Extract, log: LogFacts) -> Iterator[Fault]:
    try:
        signed: Signed | None = parse_checkpoint(extract.checkpoint)
    except UsageError:
        signed = None
    if signed is None or not signed.holds():
        yield CHECKPOINT, ""
        return
    if signed.public_key != log.public_key:
        yield KEY, ""
    heads = [(head.name, head.seq, head.digest) for head in signed.heads if head.name == extract.root_table]
    if heads != [(extract.root_table, extract.root_seq, extract.root_digest)]:
        yield HEAD, ""


def _place(row: ExtractRow) -> tuple[str, int, str]:
    return row.table, row.seq, row.digest


def _name(row: ExtractRow) -> str:
    return f"{row.table} {row.seq}"


def _digest(text: str) -> str:
    try:
        return digest_of(text)
    except UnicodeEncodeError:
        return ""


def _columns(row: ExtractRow) -> dict[str, object] | None:
    """The row's columns, where its text is that of this table and number."""
    try:
        said = read_json(row.text.encode())
        _previous, table, columns = said
        return columns if table == row.table and columns["seq"] == row.seq else None
    except (ValueError, TypeError, KeyError):
        return None
