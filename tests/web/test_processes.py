"""The web's processes as they really run: set-up, server, jobs."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from luytre.web.jobs import enqueue_daily
from luytre.web.settings import _database
from luytre.web.tasks import DAILY
from tests.support.ports import free_port

DEADLINE_S = 90.0


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LUYTRE_", "DJANGO_"))}
    return kept | {"LUYTRE_DATA": str(folder), "LUYTRE_LANG": "en", "PYTHONWARNINGS": "error"} | more


def prepare(folder: Path, migrated: Path | None = None) -> str:
    """`migrated`: a database that is migrated already, since that takes longer than all else."""
    if migrated is not None:
        shutil.copy(migrated, folder / "luytre.sqlite3")
    done = subprocess.run(
        [sys.executable, "-m", "luytre.web.prepare"],
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_first_start_shows_the_password_once_and_the_second_does_nothing(tmp_path: Path) -> None:
    first = prepare(tmp_path / "data")
    assert "user name admin, one-time password" in first
    password = first.split("one-time password ")[1].split("\n")[0]
    assert prepare(tmp_path / "data") == ""
    for path in (tmp_path / "data").rglob("*"):
        assert path.is_dir() or password.encode() not in path.read_bytes()
    assert (tmp_path / "data" / "secrets").stat().st_mode & 0o777 == 0o700
    with contextlib.closing(sqlite3.connect(tmp_path / "data" / "luytre.sqlite3")) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert (tmp_path / "data" / "secrets" / "node.key").stat().st_mode & 0o777 == 0o600


def test_the_server_answers_and_ends_cleanly_on_sigterm(tmp_path: Path, migrated: Path) -> None:
    prepare(tmp_path, migrated)
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "luytre.web"],
        env=environment(tmp_path, LUYTRE_WEB_ADDR=f"127.0.0.1:{port}"),
        stderr=subprocess.PIPE,
    )
    try:
        status, headers, body = get_when_up(server, port, "/alive")
        assert (status, json.loads(body)) == (200, {"ok": True})
        assert "Server" not in headers
    finally:
        server.send_signal(signal.SIGTERM)
        _out, errors = server.communicate(timeout=DEADLINE_S)
    assert (server.returncode, errors) == (0, b"")


def get_when_up(server: subprocess.Popen[Any], port: int, path: str) -> tuple[int, dict[str, str], bytes]:
    limit = time.monotonic() + DEADLINE_S
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE_S)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, dict(response.headers), response.read()
        except ConnectionRefusedError:
            assert server.poll() is None, server.stderr and server.stderr.read()
            assert time.monotonic() < limit
            time.sleep(0.02)
        finally:
            connection.close()


def test_a_setting_that_is_wrong_is_named(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from luytre.cli.main import main; main(['serve'])"],
        env=environment(tmp_path, LUYTRE_WEB_ADDR="nonsense"),
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )
    assert done.returncode == 2
    assert "LUYTRE_WEB_ADDR=nonsense" in done.stderr
    assert "Write it like 127.0.0.1:8080." in done.stderr


def test_a_scraper_gets_its_token(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from luytre.cli.main import main; main(['serve', '--print-metrics-token'])"]
    done = subprocess.run(command, env=environment(tmp_path), capture_output=True, text=True, timeout=DEADLINE_S, check=True)
    key = (tmp_path / "secrets" / "node.key").read_text().strip()
    claims = jwt.decode(done.stdout.strip(), key, algorithms=["HS256"], audience="luytre-recorder")
    assert (claims["right"], claims["exp"] - claims["iat"]) == ("metrics", pytest.approx(365 * 86_400, abs=1))


def test_one_setting_moves_the_civic_plane_to_postgresql() -> None:
    found = _database("postgres://luytre:secret@db.lan:5433/xa")
    assert (found["ENGINE"], found["HOST"], found["PORT"], found["NAME"]) == (
        "django.db.backends.postgresql",
        "db.lan",
        5433,
        "xa",
    )
    assert "init_command" not in found.get("OPTIONS", {})


def test_serve_runs_all_three_and_ends_them_together(tmp_path: Path, migrated: Path) -> None:
    shutil.copy(migrated, tmp_path / "luytre.sqlite3")
    web, media = free_port(), free_port()
    settings = {"LUYTRE_WEB_ADDR": f"127.0.0.1:{web}", "LUYTRE_MEDIA_ADDR": f"127.0.0.1:{media}", "PYTHONUNBUFFERED": "1"}
    kept = environment(tmp_path, **settings)
    del kept["PYTHONWARNINGS"]
    command = [sys.executable, "-c", "from luytre.cli.main import main; main(['serve'])"]
    with subprocess.Popen(command, env=kept, stdout=subprocess.PIPE, text=True) as server:
        lines: list[str] = []
        reader = threading.Thread(target=lambda: lines.extend(server.stdout or ()))
        reader.start()
        try:
            wait_for(lambda: any(f"Lũy Tre is ready: http://127.0.0.1:{web}" in line for line in lines), server)
            assert get_when_up(server, web, "/alive")[0] == 200
            assert get_when_up(server, media, "/v1/health")[0] == 200
        finally:
            server.send_signal(signal.SIGTERM)
            code = server.wait(DEADLINE_S)
            reader.join(DEADLINE_S)
    assert code == 0, "".join(lines)
    assert lines[-1] == "Stopped.\n"
    for port in (web, media):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), 1)


def wait_for(condition: Callable[[], bool], server: subprocess.Popen[str]) -> None:
    limit = time.monotonic() + DEADLINE_S
    while not condition():
        assert server.poll() is None
        assert time.monotonic() < limit
        time.sleep(0.02)


@pytest.mark.django_db
def test_the_daily_work_is_queued_and_does_what_it_says() -> None:
    stop = threading.Event()
    stop.set()
    enqueue_daily(stop, 0)
    assert DBTaskResult.objects.count() == len(DAILY)
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - timedelta(days=1))
    Session.objects.create(session_key="new", session_data="", expire_date=timezone.now() + timedelta(days=1))
    call_command("db_worker", batch=True, verbosity=0, startup_delay=False, reload=False)
    assert {result.status for result in DBTaskResult.objects.all()} == {"SUCCESSFUL"}
    assert [session.session_key for session in Session.objects.all()] == ["new"]
