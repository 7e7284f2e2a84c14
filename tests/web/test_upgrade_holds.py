"""An upgrade from holds without an end: what was held is held on for a stated time, on SQLite and on PostgreSQL."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.web.test_postgres import database_url, run, server

__all__ = ["database_url", "server"]

UPGRADE = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "luytre.web.settings"; django.setup()
from datetime import UTC, datetime, timedelta
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

before = [("registry", "0006_grants_know_no_person")]
executor = MigrationExecutor(connection)
executor.migrate(before)
old = executor.loader.project_state(before).apps
Site, Camera, Hold = (old.get_model("registry", name) for name in ("Site", "Camera", "Hold"))
camera = Camera.objects.create(key="one", name="one", site=Site.objects.create(key="site", name="Chợ"), main_url_shown="rtsp://x/y")
start = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
for number, reason in ((1, "mất xe"), (2, "")):
    Hold.objects.create(key=f"h{number}", camera=camera, start=start, end=start + timedelta(hours=number), reason=reason)
call_command("migrate", verbosity=0)

from luytre.civic.access.assignments import Wanted, assign
from luytre.civic.access.models import Role, User
from luytre.civic.chain.proof import prove
from luytre.civic.registry.config import recorder_config
from luytre.civic.registry.holds import WantedHold, all_holds, lift_hold, renew_hold, set_hold
now = datetime.now(UTC)
for one in reversed(all_holds()):
    print(one.key, one.cameras, one.first.reason, one.first.by, one.days_left(now), one.holds(now))
print([(item["id"], item["camera"], item["from"], item["to"]) for item in recorder_config(now)["holds"]])
head = User.objects.create_user("truong", "four-words-not-together")
assign(None, head, Wanted(Role.HEAD), now)
first = all_holds()[-1]
lift_hold(head, first, "đã xong", now)
made = set_hold(head, WantedHold(("one",), now - timedelta(hours=1), now, "7/VV", "mất trâu", first.last_day), now)
print(len(recorder_config(now)["holds"]), [one.key == made.key for one in all_holds()])

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from django.core.exceptions import ValidationError
at_once = Barrier(4)
def lift(_number):
    at_once.wait(30)
    try:
        lift_hold(head, made, "bốn người cùng lúc", now)
        return "lifted"
    except ValidationError:
        return "too late"
    finally:
        connection.close()
with ThreadPoolExecutor(4) as people:
    print(*sorted(people.map(lift, range(4))))

for table in ("registry_holdstep", "registry_heldspan"):
    for change in ("UPDATE {} SET hold = 'x'", "DELETE FROM {}"):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(change.format(table))
        except DatabaseError as error:
            print("append-only" in str(error))
found = prove()
print(found.whole, found.rows)
call_command("makemigrations", check=True, dry_run=True, verbosity=0)
"""
EXPECTED = [
    "h1 ('one',) mất xe None 90 True",
    "h2 ('one',) - None 90 True",
    "[('h1', 'one', '2026-11-24T07:05:00.000Z', '2026-11-24T08:05:00.000Z'),"
    " ('h2', 'one', '2026-11-24T07:05:00.000Z', '2026-11-24T09:05:00.000Z')]",
    "2 [True, False, False]",
    "lifted too late too late too late",
    *["True"] * 4,
    "True 9",  # one of them tells that the camera became an eye of the register
]


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_what_was_held_is_held_on(tmp_path: Path, database: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("database_url") if database == "postgres" else ""
    done = run(tmp_path, url, sys.executable, "-c", UPGRADE)
    assert done.stdout.splitlines() == EXPECTED, done.stderr
