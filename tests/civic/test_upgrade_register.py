"""An upgrade from cameras without sites, then without eyes: each gets its site and its eye, and the chain is whole.

Migrated as Django does it, against `luytre.web.migrating`, which all other tests and the product begin with.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.web.test_processes import DEADLINE_S, environment

UPGRADE = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "luytre.web.settings"; django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

def at(name):
    executor = MigrationExecutor(connection)
    executor.migrate([("registry", name)])
    return MigrationExecutor(connection).loader.project_state([("registry", name)]).apps.get_model

past = at("0001_initial")
hamlet = past("registry", "Hamlet").objects.create(name="Thôn Đông")
for where in (hamlet, None):
    past("registry", "Camera").objects.create(name="Cổng chợ", hamlet=where, main_url_shown="rtsp://10.0.0.5/a")

past = at("0012_eyes")
for one in past("registry", "Camera").objects.order_by("pk"):
    print("site", one.site.name, one.site.hamlet and one.site.hamlet.name)
used = {one.site_id for one in past("registry", "Camera").objects.all()}
print(len(used), past("registry", "Site").objects.count(), past("registry", "Hamlet").objects.get().order)
past("registry", "Camera").objects.filter(pk=2).update(archived=True)

call_command("migrate", verbosity=0)
from luytre.civic.chain.proof import prove
from luytre.civic.registry.history import steps_of
from luytre.civic.registry.models import Eye
from luytre.civic.registry.register import Thing
for eye in Eye.objects.order_by("pk"):
    same, steps = eye.site_id == eye.camera.site_id, len(steps_of(Thing.EYE, eye.key))
    print("eye", eye.name, eye.camera_id, same, eye.tier, eye.owner_kind, steps)
print(prove().faults)
"""
EXPECTED = [
    "site Cổng chợ Thôn Đông",
    "site Cổng chợ None",
    "2 2 0",
    "eye Cổng chợ 1 True live commune 1",  # and none for the camera that was out of use
    "()",
]


def schema(file: Path) -> list[tuple[str, ...]]:
    """Tables with their columns in order, indexes and triggers."""
    with closing(sqlite3.connect(file)) as database:
        return database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name").fetchall()


def test_older_cameras_get_a_site_and_an_eye_each(tmp_path: Path, database_as_migrated: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", UPGRADE],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )
    assert done.stdout.splitlines() == EXPECTED, done.stderr
    assert schema(tmp_path / "luytre.sqlite3") == schema(database_as_migrated)
