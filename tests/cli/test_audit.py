"""`luytre audit`, as processes, on SQLite and on a real PostgreSQL; and two processes that write one log at once."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.web.test_processes import DEADLINE_S, environment

LUYTRE = (sys.executable, "-c", "import sys; from luytre.cli.main import main; main(sys.argv[1:])")
START = "from luytre.bridge.django import start_django; start_django(); from django.db import connection\n"
WRITE = """
from luytre.civic.access.models import Look, LookKind, User
user = User.objects.order_by("pk").first()
print("ready", flush=True)
input()
for number in range(60):
    Look.objects.create(user=user, kind=LookKind.LIVE, camera=f"c{number}", purpose="đi tuần")
"""
REFUSED = """
from django.db import DatabaseError, transaction
def refused(statement):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        assert "append-only" in str(error), error
        return
    raise SystemExit(f"was done: {statement}")
for statement in ("UPDATE access_look SET camera = 'x'", "DELETE FROM access_look WHERE seq = 120", "DELETE FROM access_look"):
    refused(statement)
if connection.vendor == "postgresql":
    refused("TRUNCATE access_look")
    refused("INSERT INTO access_look SELECT * FROM access_look WHERE seq = 1 ON CONFLICT (seq) DO UPDATE SET camera = 'x'")
"""
TAMPER = """
import sys
from luytre.civic.chain.triggers import guard, unguard
for statement in sys.argv[1:]:
    unguard(connection, "access_look")
    with connection.cursor() as cursor:
        cursor.execute(statement)
    guard(connection, "access_look")
"""
COPY = "INSERT INTO access_look (seq, {0}) SELECT {1}, {0} FROM access_look WHERE seq = 5"
COLUMNS = "at, kind, camera, purpose, user_id, previous, digest, purpose_key, reference"


def run(env: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=DEADLINE_S, check=False)


def python(env: dict[str, str], script: str, *arguments: str) -> None:
    done = run(env, sys.executable, "-c", START + script, *arguments)
    assert done.returncode == 0, done.stderr


def verify(env: dict[str, str], *options: str) -> tuple[int, list[str]]:
    done = run(env, *LUYTRE, "audit", "verify", *options)
    assert "Traceback" not in done.stderr
    return done.returncode, (done.stdout + done.stderr).splitlines()


def write_at_once(env: dict[str, str]) -> None:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    writers = [subprocess.Popen([sys.executable, "-c", START + WRITE], env=env, **pipes) for _ in range(2)]  # type: ignore[call-overload]
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.stdin.write("\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=DEADLINE_S)
        assert writer.returncode == 0


def test_the_log_is_proved_and_each_fault_named(tmp_path: Path, database_as_migrated: Path) -> None:
    shutil.copy(database_as_migrated, tmp_path / "luytre.sqlite3")
    env = environment(tmp_path, LUYTRE_LANG="en")
    assert run(env, sys.executable, "-m", "luytre.web.prepare").returncode == 0
    each_fault_is_named(env, tmp_path)


def each_fault_is_named(env: dict[str, str], tmp_path: Path) -> None:
    """On a machine that was prepared; also on PostgreSQL (`tests.web.test_postgres`)."""
    write_at_once(env)
    assert verify(env) == (0, ["Whole: 120 rows, held against 0 checkpoints."])
    python(env, REFUSED)

    held = run(env, *LUYTRE, "audit", "checkpoint").stdout.strip()
    out = str(tmp_path / "log.txt")
    assert run(env, *LUYTRE, "audit", "export", out).returncode == 0
    no_database = {name: value for name, value in env.items() if name != "LUYTRE_DATABASE_URL"} | {
        "LUYTRE_DATA": str(tmp_path / "x")
    }
    assert verify(no_database, "--export", out, "--checkpoint", held) == (0, ["Whole: 120 rows, held against 1 checkpoints."])
    code, words = verify(no_database, "--export", out, "--checkpoint", held, "--public-key", "ab" * 32)
    assert (code, "another key" in words[0]) == (2, True)
    assert not (tmp_path / "x").exists()

    python(
        env, TAMPER,
        "UPDATE access_look SET purpose = 'đi tuẩn' WHERE seq = 7",
        "DELETE FROM access_look WHERE seq = 31",
        "DELETE FROM access_look WHERE seq = 120",
        "DELETE FROM access_look WHERE seq = 40",
        COPY.format(COLUMNS, 40),
    )  # fmt: skip
    code, words = verify(env)
    told = [line.rpartition(" (")[0] or line for line in words]
    assert (code, told) == (
        1,
        [
            "access log (access_look), row 7: changed after it was written",
            "access log (access_look), row 31: removed",
            "access log (access_look), row 40: added by another way than the program's",  # a copy of row 5
            "access log (access_look), row 40: removed",
            "access log (access_look), row 120: removed",
            "NOT WHOLE: 5 faults in 118 rows.",
        ],
    )
