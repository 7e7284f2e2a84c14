"""`luytre serve` from its first second: where it lives, what is in its way, and the second start."""

from __future__ import annotations

import contextlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.ports import free_port
from tests.web.test_processes import DEADLINE_S, environment, wait_for

COMMAND = [sys.executable, "-c", "from luytre.cli.main import main; main(['serve'])"]
STRANGE = "dữ liệu của xã 100% #1"


def settings(folder: Path, **more: str) -> dict[str, str]:
    listen = {"LUYTRE_WEB_ADDR": f"127.0.0.1:{free_port()}", "LUYTRE_MEDIA_ADDR": f"127.0.0.1:{free_port()}"}
    found = environment(folder, **(listen | more), PYTHONUNBUFFERED="1")
    del found["PYTHONWARNINGS"]
    return found


def refused(kept: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(COMMAND, env=kept, capture_output=True, text=True, timeout=DEADLINE_S, check=False)
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stderr


@contextlib.contextmanager
def serving(kept: dict[str, str]) -> Iterator[list[str]]:
    """Until it is ready; afterwards ended by SIGTERM."""
    lines: list[str] = []
    with subprocess.Popen(COMMAND, env=kept, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        reader = threading.Thread(target=lambda: lines.extend(server.stdout or ()))
        reader.start()
        try:
            wait_for(lambda: any("Lũy Tre is ready" in line for line in lines), server)
            yield lines
        finally:
            server.send_signal(signal.SIGTERM)
            code = server.wait(DEADLINE_S)
            reader.join(DEADLINE_S)
    assert code == 0, "".join(lines)


def schema(folder: Path) -> tuple[object, object]:
    """What any migration would change."""
    with contextlib.closing(sqlite3.connect(folder / "luytre.sqlite3")) as database:
        rows = database.execute("SELECT app, name, applied FROM django_migrations ORDER BY id").fetchall()
        return rows, database.execute("PRAGMA schema_version").fetchone()


def test_the_second_start_migrates_nothing_in_a_folder_of_any_name(tmp_path: Path) -> None:
    folder, took_s, said, schemas = tmp_path / STRANGE, [], [], []
    kept = settings(folder)
    for _start in range(2):
        began = time.monotonic()
        with serving(kept) as lines:
            took_s.append(time.monotonic() - began)
            schemas.append(schema(folder))
        said.append("".join(lines))
    print(f"first start {took_s[0]:.2f} s, second start {took_s[1]:.2f} s")
    assert "one-time password" in said[0]
    assert "one-time password" not in said[1]
    assert schemas[0] == schemas[1]
    assert (folder / "secrets" / "node.key").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == [STRANGE]


@pytest.mark.parametrize("name", ["LUYTRE_WEB_ADDR", "LUYTRE_MEDIA_ADDR"])
def test_a_port_that_is_taken_is_one_line_with_the_way_out(tmp_path: Path, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        where = f"127.0.0.1:{taken.getsockname()[1]}"
        code, words = refused(settings(tmp_path / "data", **{name: where}))
    assert code == 1
    assert words.splitlines() == [
        f"{where}: another program listens there already, perhaps Lũy Tre itself",
        f"Stop it, or set {name} to another port.",
    ]
    assert not (tmp_path / "data").exists()


def test_an_address_of_another_machine_is_told(tmp_path: Path) -> None:
    code, words = refused(settings(tmp_path, LUYTRE_WEB_ADDR="192.0.2.1:8080"))
    assert code == 1
    assert "this machine does not have that address" in words


def test_a_folder_that_cannot_be_made_or_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, words = refused(settings(tmp_path / "file" / "data"))
    assert code == 1
    first, *rest = words.splitlines()
    assert first.startswith("the data folder cannot be used") or "the data folder cannot be used" in first
    assert "LUYTRE_DATA" in words
    assert len(rest) == 1


def test_a_database_file_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "luytre.sqlite3").mkdir(parents=True)
    code, words = refused(settings(tmp_path))
    assert code == 1
    assert "the database cannot be used" in words


def test_a_database_server_that_does_not_answer_is_told_without_its_password(tmp_path: Path) -> None:
    nobody = f"postgres://luytre:geheim77@127.0.0.1:{free_port()}/xa"
    code, words = refused(settings(tmp_path, LUYTRE_DATABASE_URL=nobody))
    assert code == 1
    assert "the database cannot be used" in words
    assert "geheim77" not in words


@pytest.mark.parametrize(
    ("name", "text"), [("LUYTRE_WEB_ADDR", "nonsense"), ("LUYTRE_TIME_ZONE", "Hanoi"), ("LUYTRE_DATABASE_URL", "mysql://a/b")]
)
def test_a_wrong_setting_ends_it_at_once(tmp_path: Path, name: str, text: str) -> None:
    code, words = refused(settings(tmp_path / "data", **{name: text}))
    assert code == 2
    assert f"{name}={text}" in words
    assert len(words.splitlines()) == 2
    assert not (tmp_path / "data").exists()


def test_sigterm_at_any_moment_of_the_start_ends_it_cleanly(tmp_path: Path, database_as_migrated: Path) -> None:
    for number, wait_s in enumerate((0.4, 0.8, 1.6)):
        kept = settings(tmp_path / str(number))
        if wait_s < 1:  # while Python reads its modules: the migrating that goes on to its end is met once, by the last one
            (tmp_path / str(number)).mkdir()
            shutil.copy(database_as_migrated, tmp_path / str(number) / "luytre.sqlite3")
        with subprocess.Popen(COMMAND, env=kept, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(wait_s)
            server.send_signal(signal.SIGTERM)
            said = server.communicate(timeout=DEADLINE_S)[0]
        assert "Traceback" not in said
        assert server.returncode in (0, -signal.SIGTERM)  # before Python itself was up, the signal ends it as any program
        for name in ("LUYTRE_WEB_ADDR", "LUYTRE_MEDIA_ADDR"):
            port = int(kept[name].rpartition(":")[2])
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port), 1)
