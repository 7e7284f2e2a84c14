"""The migration operation that makes a table a chain: `Chain("Look")`, after `seq`, `previous` and `digest` are its columns."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from luytre.civic.chain.columns import own_columns
from luytre.civic.chain.text import FIRST, digest_of, row_text
from luytre.civic.chain.triggers import guard, unguard

_AT_ONCE = 1000


class Chain(Operation):
    """Takes the rows that are there into the chain, in the order of their numbers; sets the head; makes the triggers.

    The rows are numbered anew from 1, since a number that a failed transaction used up would look like a row removed.
    """

    reversible = True
    atomic = True

    def __init__(self, model: str) -> None:
        self.model = model

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.model], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Columns stay as they are."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model)
        using, table = schema_editor.connection.alias, model._meta.db_table
        rows = model._base_manager.using(using)
        seq, digest = 0, FIRST
        for row in rows.order_by("seq").iterator(_AT_ONCE):
            old, seq, previous = row.pk, seq + 1, digest
            row.seq = seq
            digest = digest_of(row_text(previous, table, own_columns(row)))
            rows.filter(pk=old).update(seq=seq, previous=previous, digest=digest)
        heads = to_state.apps.get_model("chain", "ChainHead")._base_manager.using(using)
        heads.update_or_create(name=table, defaults={"seq": seq, "digest": digest})
        guard(schema_editor.connection, table)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        table = to_state.apps.get_model(app_label, self.model)._meta.db_table
        unguard(schema_editor.connection, table)
        to_state.apps.get_model("chain", "ChainHead")._base_manager.filter(name=table).delete()

    def describe(self) -> str:
        return f"Make {self.model} an append-only chain"
