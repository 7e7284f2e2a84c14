"""The logs as one file, and the proof of such a file with nothing but a checkpoint. No Django: an outsider's laptop runs this.

The first line is JSON: `{"format":"luytre-log-1","heads":[["<table>",seq,"<digest>"],…]}`. Each further line is a row: its
digest, a tab, the text that was hashed (see `text`). Without this program: `printf %s "$text" | sha256sum` gives the digest, and
each text begins with the digest of the line before.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.civic.chain.signing import Head, Signed
from luytre.civic.chain.text import encode, row_text
from luytre.civic.chain.verify import ChainCheck, Fault, Mark, Row

FORMAT = "luytre-log-1"


def export_lines(tables: Mapping[str, Iterable[Row]], heads: Iterable[Head]) -> Iterator[str]:
    """The file's lines, each with its end. A row that cannot be read any more keeps its place, without its text."""
    yield encode({"format": FORMAT, "heads": [[head.name, head.seq, head.digest] for head in heads]}) + "\n"
    for table, rows in tables.items():
        for row in rows:
            text = row_text(row.previous, table, row.columns if row.columns is not None else {"seq": row.seq, "unreadable": 1})
            yield f"{row.digest}\t{text}\n"


def verify_export(lines: Iterable[str], signed: Signed | None) -> tuple[int, list[Fault]]:
    """How many rows the file has, and what is wrong with them. Errors: UsageError when it is no export of a log."""
    reading = iter(lines)
    heads = _heads(next(reading, ""))
    marks = {head.name: Mark(head.digest, signed.at_us) for head in signed.heads if head.seq} if signed else {}
    numbers = {head.name: head.seq for head in signed.heads} if signed else {}
    checks = {name: ChainCheck(name, head, {numbers[name]: marks[name]} if name in marks else {}) for name, head in heads.items()}
    for name in marks.keys() - heads.keys():
        checks[name] = ChainCheck(name, Head(name, 0, ""), {numbers[name]: marks[name]})
    for name, rows in groupby(_rows(reading, set(heads)), key=lambda pair: pair[0]):
        checks[name].take(row for _name, row in rows)
    faults = [fault for name, check in checks.items() for fault in check.finish(check.head)]
    return sum(check.rows for check in checks.values()), faults


def _heads(line: str) -> dict[str, Head]:
    try:
        said = json.loads(line)
        if said["format"] != FORMAT:
            raise ValueError(said["format"])
        return {str(name): Head(str(name), int(seq), str(digest)) for name, seq, digest in said["heads"]}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        hint = N_("Choose a file that `luytre audit export` wrote.")
        raise UsageError(N_("this is no export of a log"), hint=hint) from error


def _rows(lines: Iterable[str], known: set[str]) -> Iterator[tuple[str, Row]]:
    """Each line as a row of its table. One that cannot be understood stands for the row that should be in its place."""
    name, last = min(known, default=""), 0
    for line in lines:
        digest, _tab, text = line.rstrip("\n").partition("\t")
        said = _said(text)
        if said is None or said[1] not in known:
            last += 1
            if name:
                yield name, Row(last, "", digest, None)
            continue
        previous, name, columns = said
        last = columns["seq"]
        same = row_text(previous, name, columns) == text and "unreadable" not in columns
        yield name, Row(last, previous, digest, columns if same else None)


def _said(text: str) -> tuple[str, str, dict[str, Any]] | None:
    try:
        previous, name, columns = json.loads(text)
        text.encode()
        columns["seq"] + 1
        encode(columns).encode()
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return str(previous), str(name), columns
