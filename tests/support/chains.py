"""Going round the guards of chained tables: as whoever owns the database could, and as the tests' own flush must."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.operations import BaseDatabaseOperations

from luytre.civic.chain.models import chained_models
from luytre.civic.chain.triggers import guard, unguard


@contextmanager
def unguarded(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """The chained tables without their triggers, which stand again afterwards."""
    tables = [model._meta.db_table for model in chained_models()]
    for table in tables:
        unguard(connection, table)
    yield
    for table in tables:
        guard(connection, table)


@pytest.fixture(scope="session", autouse=True)
def flush_that_may_empty_logs() -> Iterator[None]:
    """Between tests with real transactions Django empties every table; the product itself never does."""
    original = BaseDatabaseOperations.execute_sql_flush

    def flush(self: Any, sql_list: Any) -> None:
        with unguarded(self.connection):
            original(self, sql_list)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush)
        yield
