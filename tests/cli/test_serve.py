"""The supervisor with real child processes: a crash of one never touches another, and all end together."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from luytre.base.environment import Listen
from luytre.cli.serve import LONGEST_WAIT_S, Child, Supervisor, children, supervise, wait_s

PATIENT = "import time\nprint('up', flush=True)\nwhile True: time.sleep(60)"
DEADLINE_S = 60.0


def child(name: str, program: str) -> Child:
    return Child(name, (sys.executable, "-c", program))


async def until(condition: Callable[[], bool]) -> None:
    limit = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < limit, "it never came to be"
        await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def running(*kept: Child) -> AsyncIterator[tuple[Supervisor, list[str]]]:
    lines: list[str] = []
    supervisor = Supervisor(kept, lines.append, jitter=lambda: 0.0)
    task = asyncio.create_task(supervisor.run())
    try:
        yield supervisor, lines
    finally:
        supervisor.stop()
        await asyncio.wait_for(task, DEADLINE_S)


def said(lines: list[str], text: str, times: int = 1) -> Callable[[], bool]:
    return lambda: sum(text in line for line in lines) >= times


async def test_a_killed_child_is_started_again_and_the_other_never_notices() -> None:
    async with running(child("a", PATIENT), child("b", PATIENT)) as (supervisor, lines):
        await until(said(lines, "| up", 2))
        first, other = supervisor.processes["a"].pid, supervisor.processes["b"].pid
        os.kill(first, signal.SIGKILL)
        await until(said(lines, "| up", 3))
        assert supervisor.processes["a"].pid != first
        assert supervisor.processes["b"].pid == other
        assert supervisor.starts == {"a": 2, "b": 1}
        assert any("-9" in line and line.startswith("a") for line in lines)


async def test_stopping_ends_all_of_them() -> None:
    async with running(child("a", PATIENT), child("b", PATIENT)) as (supervisor, lines):
        await until(said(lines, "| up", 2))
        pids = [process.pid for process in supervisor.processes.values()]
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


async def test_a_child_that_will_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("luytre.cli.serve.STOP_WITHIN_S", 0.2)
    stubborn = f"import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n{PATIENT}"
    async with running(child("a", stubborn)) as (supervisor, lines):
        await until(said(lines, "| up"))
    assert supervisor.processes["a"].returncode == -signal.SIGKILL


async def test_secrets_are_taken_out_of_what_children_say() -> None:
    program = (
        "print('opening rtsp://u:geheim77@10.0.0.5/x?token=abc.def')\nprint('Authorization: Bearer abcdefghijkl')\n"
        "import sys; print('last', file=sys.stderr)"
    )
    async with running(child("a", program)) as (_supervisor, lines):
        await until(said(lines, "last"))
    text = "\n".join(lines)
    assert "geheim77" not in text
    assert "abc.def" not in text
    assert "abcdefghijkl" not in text
    assert "rtsp://u:***@10.0.0.5/x?token=***" in text


async def test_endless_lines_and_strange_bytes_do_not_stop_the_reading() -> None:
    program = (
        "import sys; sys.stdout.write('x' * 300000 + '\\n'); sys.stdout.flush()\n"
        "sys.stdout.buffer.write(b'\\xff\\xfe\\n'); print('after', flush=True)"
    )
    async with running(child("a", program)) as (_supervisor, lines):
        await until(said(lines, "after"))


async def test_a_program_that_is_not_there_is_told_and_tried_again() -> None:
    async with running(Child("a", ("/no/such/program",)), child("b", PATIENT)) as (_supervisor, lines):
        await until(said(lines, "| up"))
        await until(lambda: sum(line.startswith("a") for line in lines) >= 2)


def test_the_waits_grow_and_are_capped() -> None:
    waits = [wait_s(ends, 0.5) for ends in range(12)]
    assert waits == sorted(waits)
    assert waits[0] == 0.5
    assert waits[-1] == LONGEST_WAIT_S
    assert wait_s(3, 0.0) < wait_s(3, 1.0) <= wait_s(3, 0.0) * 2


async def test_a_child_that_crashes_at_once_is_started_later_each_time_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("luytre.cli.serve.FIRST_WAIT_S", 0.1)
    async with running(child("a", "raise SystemExit(3)"), child("b", PATIENT)) as (supervisor, lines):
        await until(said(lines, "(3)", 4))
        assert supervisor.starts["b"] == 1
    pauses = [float(re.findall(r"(\d+\.\d) ", line)[-1]) for line in lines if "(3)" in line]
    assert pauses[:4] == sorted(pauses[:4])
    assert pauses[3] >= 4 * pauses[0] > 0


async def test_told_to_stop_while_preparing_it_lets_that_end_and_starts_nothing(tmp_path: Path) -> None:
    begun, done = tmp_path / "begun", tmp_path / "done"
    slow = f"import pathlib, time; pathlib.Path({str(begun)!r}).touch(); time.sleep(0.5); pathlib.Path({str(done)!r}).touch()"
    supervisor = Supervisor([child("a", PATIENT)], lambda line: None, preparation=child("p", slow).command)
    serving = asyncio.create_task(supervise(supervisor, Listen("127.0.0.1", 1), "ready"))
    await until(begun.exists)
    os.kill(os.getpid(), signal.SIGTERM)
    assert await asyncio.wait_for(serving, DEADLINE_S) is True
    assert done.exists()
    assert supervisor.starts == {}


async def test_without_a_database_nothing_is_started() -> None:
    supervisor = Supervisor([child("a", PATIENT)], lambda line: None, preparation=child("p", "raise SystemExit(1)").command)
    assert await supervise(supervisor, Listen("127.0.0.1", 1), "ready") is False
    assert supervisor.starts == {}


def test_the_three_children() -> None:
    assert [item.name for item in children()] == ["recorder", "web", "jobs"]


def test_a_supervisor_that_is_killed_takes_its_children_along() -> None:
    program = (
        "import asyncio, sys\nfrom luytre.cli.serve import Child, Supervisor\n"
        "inner = 'import os, time; print(os.getpid(), flush=True); time.sleep(600)'\n"
        "asyncio.run(Supervisor([Child('a', (sys.executable, '-c', inner))], lambda line: print(line, flush=True)).run())"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        pid = int(supervisor.stdout.readline().rpartition("|")[2])
        supervisor.kill()
        supervisor.wait(DEADLINE_S)
    limit = time.monotonic() + DEADLINE_S
    while Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes():
        assert time.monotonic() < limit, "the child outlived its supervisor"
        time.sleep(0.02)


def test_the_supervisor_loads_neither_django_nor_the_media_plane() -> None:
    program = "import sys, luytre.cli.serve; print([n for n in ('django', 'av', 'aiohttp', 'luytre.media') if n in sys.modules])"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip() == "[]"
