"""Logs that were kept before they were chains are taken in as they stand, on SQLite and on PostgreSQL."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.web.test_postgres import database_url, server
from tests.web.test_processes import DEADLINE_S, environment

__all__ = ["database_url", "server"]
BEFORE = ("access", "0004_wall_orders")
SCRIPT = f"""
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "luytre.web.settings"
import django
django.setup()
from datetime import UTC, datetime, timedelta
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

call_command("migrate", *{BEFORE!r}, verbosity=0)
apps = MigrationExecutor(connection).loader.project_state({BEFORE!r}).apps
user = apps.get_model("access", "User").objects.create(username="cũ", role="administrator")
looks = apps.get_model("access", "Look").objects
start = datetime(2026, 11, 24, 7, 5, 0, 120000, tzinfo=UTC)
for number in range(6):
    span = {{"span_start": start, "span_end": start + timedelta(hours=1)}}
    looks.create(user=user, kind="history", camera=f"c{{number}}", purpose="mất xe", **span)
looks.filter(camera="c2").delete()
apps.get_model("access", "Change").objects.create(by=user, subject=user, code="name", before="a", after="")

call_command("migrate", verbosity=0)
from luytre.civic.access.models import Change, Look, LookKind, User
from luytre.civic.chain.proof import prove

found = prove()
assert found.whole, found.faults
assert list(Look.objects.order_by("seq").values_list("seq", "camera")) == [(1, "c0"), (2, "c1"), (3, "c3"), (4, "c4"), (5, "c5")]
assert Change.objects.values_list("seq", "before").get() == (1, "a")
assert Look.objects.create(user=User.objects.get(), kind=LookKind.LIVE, camera="new").seq == 6
assert prove().whole
print("whole", prove().rows)
"""


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_rows_that_are_there_are_taken_in(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    more = {} if database == "sqlite" else {"LUYTRE_DATABASE_URL": request.getfixturevalue("database_url")}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=environment(tmp_path, **more),
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[0] == "whole"
