"""The database's own refusal to change or remove a row of a chained table. Who can drop a trigger is found by `verify`."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

_PREFIX = "luytre_append_only"
_WORDS = "append-only: a row is never changed or removed"

_SQLITE = {
    "update": "CREATE TRIGGER IF NOT EXISTS {name} BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{words}'); END",
    "delete": "CREATE TRIGGER IF NOT EXISTS {name} BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{words}'); END",
    # INSERT OR REPLACE removes the row that is there, and no DELETE trigger hears of it.
    "replace": "CREATE TRIGGER IF NOT EXISTS {name} BEFORE INSERT ON {table}"
    " WHEN EXISTS (SELECT 1 FROM {table} WHERE seq = NEW.seq) BEGIN SELECT RAISE(ABORT, '{words}'); END",
}
_POSTGRESQL = {
    "change": "CREATE OR REPLACE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION luytre_append_only()",
    "truncate": "CREATE OR REPLACE TRIGGER {name} BEFORE TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION luytre_append_only()",
}
_POSTGRESQL_FUNCTION = (
    "CREATE OR REPLACE FUNCTION luytre_append_only() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'append-only: a row is never changed or removed'; END $$"
)


def _wanted(connection: BaseDatabaseWrapper) -> dict[str, str]:
    return _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL


def _name(table: str, kind: str) -> str:
    return f"{_PREFIX}_{table}_{kind}"


def guard(connection: BaseDatabaseWrapper, table: str) -> None:
    """Makes the table's triggers where they are missing. Errors: django.db.Error."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
        for kind, statement in _wanted(connection).items():
            cursor.execute(statement.format(name=quote(_name(table, kind)), table=quote(table), words=_WORDS))


def unguard(connection: BaseDatabaseWrapper, table: str) -> None:
    """Takes the triggers away: for a migration that must rewrite the table, and for nothing else in the product."""
    quote = connection.ops.quote_name
    on = f" ON {quote(table)}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for kind in _wanted(connection):
            cursor.execute(f"DROP TRIGGER IF EXISTS {quote(_name(table, kind))}{on}")


def missing(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    """The triggers that are not there, or (PostgreSQL) are switched off."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled IN ('O', 'A')", [table])
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        there = {row[0] for row in cursor.fetchall()}
    return [name for kind in _wanted(connection) if (name := _name(table, kind)) not in there]


def guard_again(*, sender: AppConfig, using: str, **_signal: Any) -> None:
    """After each migration: SQLite makes a table anew to change it, and the triggers stay behind. Asked once for each app, of
    which it sees to the tables: all of them each time were a third of the first start."""
    from luytre.civic.chain.models import chained_models

    mine = [model._meta.db_table for model in chained_models() if model._meta.app_label == sender.label]
    if not mine:
        return
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    for table in mine:
        if table in tables and _has_number(connection, table):
            guard(connection, table)


def _has_number(connection: BaseDatabaseWrapper, table: str) -> bool:
    """Whether the table is chained already: a migration may have stopped half way there."""
    with connection.cursor() as cursor:
        return "seq" in {column.name for column in connection.introspection.get_table_description(cursor, table)}
