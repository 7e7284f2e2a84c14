"""A chained table's abstract model, the heads of the chains, and the checkpoints that were signed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, NoReturn, Self

from django.db import models, transaction

from luytre.base.errors import LuytreError
from luytre.base.i18n import N_
from luytre.civic.chain.columns import own_columns
from luytre.civic.chain.text import FIRST, digest_of, row_text


class ChainBroken(LuytreError):
    """A row cannot be written because the chain is not whole where it would be joined."""


class ChainHead(models.Model):
    """The last row of a chain: its number and digest. Locked while a row is written."""

    name = models.CharField(max_length=63, primary_key=True)
    """The chained table, as the database calls it."""
    seq = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    objects: ClassVar[models.Manager[ChainHead]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.name} {self.seq} {self.digest}"


class Checkpoint(models.Model):
    """The heads of all chains at one moment, signed. `text` is what was signed, to the byte."""

    at = models.DateTimeField(db_index=True)
    text = models.TextField()
    signature = models.CharField(max_length=128)
    """Ed25519, hex."""
    public_key = models.CharField(max_length=64)
    """Ed25519, hex."""

    objects: ClassVar[models.Manager[Checkpoint]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%M:%SZ}"


class ChainedModel(models.Model):
    """A table whose rows are written once, in one chain. `save()` of a new row appends it; there is nothing else."""

    seq = models.BigIntegerField(primary_key=True, editable=False)
    """1, 2, 3 … without a hole."""
    previous = models.CharField(max_length=64, editable=False)
    """The digest of the row before. Kept, so that each row can be proved by itself and a fault be named where it is."""
    digest = models.CharField(max_length=64, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(f"a row of {self._meta.db_table} is never changed")
        append(self)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(f"a row of {self._meta.db_table} is never removed")

    def write(self) -> Self:
        """The row itself, once `append` gave it its number and digest."""
        super().save(force_insert=True)
        return self


def append(row: ChainedModel) -> None:
    """Writes a new row at the end of its chain. Who opened a transaction around it holds the head until that ends.

    Errors: django.db.Error; ChainBroken when the table has rows and no head.
    """
    with transaction.atomic():
        head = _locked_head(type(row))
        row.seq, row.previous = head.seq + 1, head.digest
        row.digest = digest_of(row_text(row.previous, head.name, own_columns(row)))
        row.write()
        ChainHead.objects.filter(pk=head.name).update(seq=row.seq, digest=row.digest)


def append_all(rows: Sequence[ChainedModel]) -> None:
    """As `append` for many rows of one table, in their order, in one transaction and a few statements: for thousands at once.

    Errors: as `append`; TypeError for rows of more than one table.
    """
    if not rows:
        return
    model = type(rows[0])
    if any(type(row) is not model for row in rows):
        raise TypeError("rows of one chained table at a time")
    with transaction.atomic():
        head = _locked_head(model)
        seq, digest = head.seq, head.digest
        for row in rows:
            seq += 1
            row.seq, row.previous = seq, digest
            digest = row.digest = digest_of(row_text(digest, head.name, own_columns(row)))
        model._default_manager.bulk_create(rows)
        ChainHead.objects.filter(pk=head.name).update(seq=seq, digest=digest)


def _locked_head(model: type[ChainedModel]) -> ChainHead:
    """SQLite is locked by the transaction itself (IMMEDIATE), PostgreSQL by the row."""
    name = model._meta.db_table
    heads = ChainHead.objects.select_for_update()
    if head := heads.filter(pk=name).first():
        return head
    if model._default_manager.exists():
        hint = N_("Run `luytre audit verify`, keep a copy of the database, and ask whoever looks after this machine.")
        raise ChainBroken(N_("the log has rows, but nothing says which is the last"), subject=name, hint=hint)
    ChainHead.objects.bulk_create([ChainHead(name=name, seq=0, digest=FIRST)], ignore_conflicts=True)
    return heads.get(pk=name)


def chained_models() -> list[type[ChainedModel]]:
    """Every chained table of the product, by the name of its table."""
    from django.apps import apps

    found = [model for model in apps.get_models() if issubclass(model, ChainedModel)]
    return sorted(found, key=lambda model: model._meta.db_table)
