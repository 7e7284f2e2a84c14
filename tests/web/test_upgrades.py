"""Upgrades from before logs were chains, from one role a person, from holds without an end; on SQLite and on PostgreSQL.

One machine goes through all three, since migrating takes longer than all that is looked at.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.web.test_postgres import database_url, run, server

__all__ = ["database_url", "server"]

START = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "luytre.web.settings"; django.setup()
from datetime import UTC, datetime, timedelta
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from luytre.web.migrating import migrate_all, only_new_models_drawn

def back_at(*states):
    executor = MigrationExecutor(connection)
    with only_new_models_drawn():
        executor.migrate(list(states))
    return MigrationExecutor(connection).loader.project_state(list(states)).apps

start = datetime(2026, 11, 24, 7, 5, 0, 120000, tzinfo=UTC)
"""
BEFORE_CHAINS = """
apps = back_at(("access", "0004_wall_orders"))
user = apps.get_model("access", "User").objects.create(username="xưa", role="administrator")
looks = apps.get_model("access", "Look").objects
for number in range(6):
    span = {"span_start": start, "span_end": start + timedelta(hours=1)}
    looks.create(user=user, kind="history", camera=f"c{number}", purpose="mất xe", **span)
looks.filter(camera="c2").delete()
apps.get_model("access", "Change").objects.create(by=user, subject=user, code="name", before="a", after="")
"""
BEFORE_ASSIGNMENTS = """
old = back_at(("access", "0005_logs_are_chains"), ("registry", "0004_every_camera_has_a_site"))
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
"""
BEFORE_HOLDS_ENDED = """
old = back_at(("registry", "0006_grants_know_no_person"))
Site, Camera, Hold = (old.get_model("registry", name) for name in ("Site", "Camera", "Hold"))
held = Camera.objects.create(key="held", name="held", site=Site.objects.create(key="s2", name="Bến"), main_url_shown="rtsp://x/y")
for number, reason in ((1, "mất xe"), (2, "")):
    hour = start.replace(microsecond=0)
    Hold.objects.create(key=f"h{number}", camera=held, start=hour, end=hour + timedelta(hours=number), reason=reason)
"""
NOW = """
migrate_all()
call_command("makemigrations", check=True, dry_run=True, verbosity=0)
"""
CHAINS = """
print("chains")
from luytre.civic.access.models import Change, Look, LookKind, User
from luytre.civic.chain.proof import prove
found = prove()
print(found.whole, found.faults)
print(*Look.objects.order_by("seq").values_list("seq", "camera"), *Change.objects.values_list("seq", "before"))
print(Look.objects.create(user=User.objects.get(username="xưa"), kind=LookKind.LIVE, camera="new").seq, prove().whole)
"""
ASSIGNMENTS = """
print("assignments")
from luytre.civic.access.models import Assignment, User
from luytre.civic.registry.models import Camera as Present
assert len({code for code in Present.objects.values_list("code", flat=True) if len(code) == 8}) == 3  # each its own
from luytre.civic.registry.scope import cameras_of
for user in User.objects.order_by("username"):
    roles = ",".join(user.assignments.values_list("role", flat=True))
    seen = ["+".join(sorted(cameras_of(user, way).values_list("key", flat=True))) for way in ("live", "history", "export")]
    print(user.username, roles, *(keys or "-" for keys in seen))
"""
HOLDS = """
print("holds")
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
made = set_hold(head, WantedHold(("held",), now - timedelta(hours=1), now, "7/VV", "mất trâu", first.last_day), now)
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
"""
SCRIPT = "".join([START, BEFORE_CHAINS, BEFORE_ASSIGNMENTS, BEFORE_HOLDS_ENDED, NOW, CHAINS, ASSIGNMENTS, HOLDS])


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def upgraded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What each part printed."""
    url: Any = request.getfixturevalue("database_url") if request.param == "postgresql" else ""
    folder: Path = tmp_path_factory.mktemp("upgraded")
    done = run(folder, url, sys.executable, "-c", SCRIPT)
    assert done.returncode == 0, done.stderr
    parts: dict[str, list[str]] = {}
    for line in done.stdout.splitlines():
        if line in ("chains", "assignments", "holds"):
            parts[line] = said = []
        else:
            said.append(line)
    return parts


def test_logs_that_were_no_chains_are_taken_in_as_they_stand(upgraded: dict[str, list[str]]) -> None:
    assert upgraded["chains"] == [
        "True ()",
        "(1, 'c0') (2, 'c1') (3, 'c3') (4, 'c4') (5, 'c5') (1, 'a')",
        "6 True",
    ]


def test_nobody_sees_less_or_more_than_before(upgraded: dict[str, list[str]]) -> None:
    assert upgraded["assignments"] == [
        "a administrator,head held+one+two held+one+two held+one+two",
        "n security_team - - -",
        "o duty held+one+two held+one+two held+one+two",
        "v security_team,security_team one+two two -",
        "w security_team two two -",
        "xưa administrator,head held+one+two held+one+two held+one+two",
    ]


def test_what_was_held_is_held_on_for_a_stated_time(upgraded: dict[str, list[str]]) -> None:
    said = upgraded["holds"]
    assert said[:5] == [
        "h1 ('held',) mất xe None 90 True",
        "h2 ('held',) - None 90 True",
        "[('h1', 'held', '2026-11-24T07:05:00.000Z', '2026-11-24T08:05:00.000Z'),"
        " ('h2', 'held', '2026-11-24T07:05:00.000Z', '2026-11-24T09:05:00.000Z')]",
        "2 [True, False, False]",
        "lifted too late too late too late",
    ]
    assert said[5:9] == ["True"] * 4
    assert said[9].startswith("True ")
