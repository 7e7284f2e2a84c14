"""An upgrade from one role a person to assignments: nobody sees less or more than before, on SQLite and on PostgreSQL."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.web.test_postgres import database_url, run, server

__all__ = ["database_url", "server"]

UPGRADE = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "luytre.web.settings"; django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

before = [("access", "0005_logs_are_chains"), ("registry", "0004_every_camera_has_a_site")]
executor = MigrationExecutor(connection)
executor.migrate(before)
old = executor.loader.project_state(before).apps
User, Grant = old.get_model("access", "User"), old.get_model("registry", "CameraGrant")
Site, Camera = old.get_model("registry", "Site"), old.get_model("registry", "Camera")
site = Site.objects.create(key="site", name="Chợ")
one, two = (Camera.objects.create(key=key, name=key, site=site, main_url_shown="rtsp://x/y") for key in ("one", "two"))
for name, role in (("a", "administrator"), ("o", "operator"), ("v", "viewer"), ("w", "viewer"), ("n", "viewer")):
    User.objects.create(username=name, role=role)
v, w = User.objects.get(username="v"), User.objects.get(username="w")
Grant.objects.create(user=v, camera=one, history=False)
Grant.objects.create(user=v, camera=two, history=True)
Grant.objects.create(user=w, camera=two, history=True)
call_command("migrate", verbosity=0)

from luytre.civic.access.models import Assignment, User
from luytre.civic.registry.models import Camera as Present
assert len({code for code in Present.objects.values_list("code", flat=True) if len(code) == 8}) == 2  # each its own
from luytre.civic.registry.scope import cameras_of
for user in User.objects.order_by("username"):
    roles = ",".join(user.assignments.values_list("role", flat=True))
    seen = ["+".join(sorted(cameras_of(user, way).values_list("key", flat=True))) for way in ("live", "history", "export")]
    print(user.username, roles, *(keys or "-" for keys in seen))
"""
EXPECTED = [
    "a administrator,head one+two one+two one+two",
    "n security_team - - -",
    "o duty one+two one+two one+two",
    "v security_team,security_team one+two two -",
    "w security_team two two -",
]


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_everybody_sees_what_they_saw(tmp_path: Path, database: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("database_url") if database == "postgres" else ""
    done = run(tmp_path, url, sys.executable, "-c", UPGRADE)
    assert done.stdout.splitlines() == EXPECTED, done.stderr
