"""The rows of the logs that a package carries with it, and their proof: written in one transaction with the order.

Nobody else's rows are given away: the rows that concern the package stand by their digests in one root row (the order's step of
custody), and that row is the head of its table in a checkpoint that is signed before anybody else can write to it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from luytre.civic.chain.checkpoints import secrets
from luytre.civic.chain.columns import own_columns
from luytre.civic.chain.models import ChainedModel
from luytre.civic.chain.proof import heads
from luytre.civic.chain.signing import Signed, private_key, sign
from luytre.civic.chain.text import microseconds, row_text
from luytre.civic.evidence.package.values import Extract, ExtractRow


def row_of(row: ChainedModel) -> ExtractRow:
    """A row as it was hashed."""
    table = row._meta.db_table
    return ExtractRow(table, row.seq, row.digest, row_text(row.previous, table, own_columns(row)))


def signed_heads(at: datetime) -> Signed:
    """The heads of all chains as this transaction sees them. Kept by the caller once it has ended (`checkpoints.keep`).

    Errors: django.db.Error, OSError, UsageError for a bad key.
    """
    return sign(private_key(secrets()), microseconds(at), sorted(heads().values(), key=lambda head: head.name))


def extract_of(root: ChainedModel, others: Iterable[ChainedModel], signed: Signed) -> Extract:
    rows = (row_of(root), *map(row_of, others))
    return Extract(rows[0].table, rows[0].seq, rows[0].digest, rows, signed.to_file())


def write(extract: Extract) -> str:
    return json.dumps(asdict(extract), ensure_ascii=False)


def read(text: str) -> Extract:
    """What `write` wrote."""
    said = json.loads(text)
    rows = tuple(ExtractRow(**one) for one in said.pop("rows"))
    return Extract(rows=rows, **said)
