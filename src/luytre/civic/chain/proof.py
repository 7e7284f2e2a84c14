"""Proving the chains of this machine's database: every table, its triggers, its head, every checkpoint that was signed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from django.db import connection

from luytre.base.errors import UsageError
from luytre.civic.chain.export import export_lines
from luytre.civic.chain.models import ChainedModel, ChainHead, Checkpoint, chained_models
from luytre.civic.chain.rows import stored_rows
from luytre.civic.chain.signing import Head, Signed, parse_checkpoint, read_signed
from luytre.civic.chain.triggers import missing
from luytre.civic.chain.verify import ChainCheck, Fault, FaultKind, Mark


@dataclass(frozen=True, slots=True)
class TableProof:
    table: str
    rows: int
    faults: tuple[Fault, ...]
    cut: bool
    """There are more faults than are listed."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found. `whole` is the answer; the rest says why."""

    tables: tuple[TableProof, ...]
    checkpoints: int
    """How many signed checkpoints the logs were held against."""
    seconds: float

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(fault for table in self.tables for fault in table.faults)

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)

    @property
    def whole(self) -> bool:
        return not self.faults


def heads() -> dict[str, Head]:
    return {head.name: Head(head.name, head.seq, head.digest) for head in ChainHead.objects.all()}


def checkpoints(folder: Path | None = None) -> tuple[list[Signed], list[Fault]]:
    """Those of the database and of the folder, each once; and a fault for each that is not what was signed."""
    found: dict[str, Signed] = {}
    faults = []
    for source, name, content in _kept(folder):
        try:
            one = parse_checkpoint(content) if source == "file" else read_signed(*content.split("\n"))
        except UsageError:
            faults.append(Fault("", FaultKind.CHECKPOINT, detail=name))
            continue
        if one.holds():
            found[one.text] = one
        else:
            faults.append(Fault("", FaultKind.CHECKPOINT, at_us=one.at_us, detail=name))
    return sorted(found.values(), key=lambda one: one.at_us), faults


def _kept(folder: Path | None) -> Iterable[tuple[str, str, str]]:
    for row in Checkpoint.objects.order_by("pk").iterator():
        yield "database", f"#{row.pk}", "\n".join((row.text, row.signature, row.public_key))
    for path in sorted(folder.glob("*.json")) if folder else []:
        yield "file", path.name, path.read_text("utf-8", errors="replace")


def marks_of(signed: Iterable[Signed], table: str) -> dict[int, Mark]:
    """What the checkpoints say of one table's rows; of two that speak of one row the older."""
    marks: dict[int, Mark] = {}
    for one in signed:
        for head in one.heads:
            if head.name == table and head.seq > 0:
                marks.setdefault(head.seq, Mark(head.digest, one.at_us))
    return marks


def prove(folder: Path | None = None, held: Iterable[Signed] = ()) -> Proof:
    """Reads every chained table from its first row on, against the checkpoints here, those of the folder and those held.

    Errors: django.db.Error, OSError of the folder.
    """
    started = monotonic()
    kept, faults = checkpoints(folder)
    signed = sorted({one.text: one for one in (*kept, *held)}.values(), key=lambda one: one.at_us)
    tables = [_prove_table(model, signed) for model in chained_models()]
    if faults:
        tables.append(TableProof("", 0, tuple(faults), cut=False))
    return Proof(tuple(tables), len(signed), monotonic() - started)


def _prove_table(model: type[ChainedModel], signed: list[Signed]) -> TableProof:
    table = model._meta.db_table
    check = ChainCheck(table, heads().get(table), marks_of(signed, table))
    check.take(stored_rows(model))
    faults = check.finish(heads().get(table))
    unguarded = [Fault(table, FaultKind.UNGUARDED, detail=name) for name in missing(connection, table)]
    return TableProof(table, check.rows, (*unguarded, *faults), check.cut)


def exported() -> Iterator[str]:
    """The lines of an export of all logs as they are now."""
    now = heads()
    models = {model._meta.db_table: model for model in chained_models()}
    kept = [now[name] for name in models if name in now]
    return export_lines({head.name: stored_rows(models[head.name], head.seq) for head in kept}, kept)
