"""Reading processes from outside (`/proc`), starting the load, the recorder and its rivals, and printing tables."""

from __future__ import annotations

import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LUYTRE = Path(sys.executable).with_name("luytre")
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Load:
    urls: list[str]
    rate_bps: float
    pid: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one contender in one round: % of a core a camera, memory of all its processes."""

    core_percent: float
    pss_bytes: int
    rss_bytes: int
    load_percent: float


@contextmanager
def running_load(cameras: int, ledger: Path | None = None, *, subs: bool = False) -> Iterator[Load]:
    command = [sys.executable, "-m", "bench.load", "--cameras", str(cameras), *(["--subs"] if subs else [])]
    command += ["--ledger", str(ledger)] if ledger else []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        try:
            urls = [f"rtsp://127.0.0.1:{told['port']}{path}" for path in told["paths"]]
            yield Load(urls, told["rate_bps"], process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


@contextmanager
def scratch(parent: Path | None) -> Iterator[Path]:
    """A folder that goes when the round is over. `parent` chooses the disk."""
    if parent is not None:
        parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="luytre-bench-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def record_command(folder: Path, urls: Sequence[str], seconds: float) -> list[str]:
    """`luytre record`, its last line one JSON object."""
    command = [str(LUYTRE), "record", "--archive", str(folder / "archive"), "--seconds", f"{seconds:g}", "--json"]
    for index, url in enumerate(urls):
        command += ["--camera", f"cam{index + 1:02d}={url}"]
    return command


def ffmpeg_command(folder: Path, index: int, url: str) -> list[str]:
    """What people do without a recorder: one process a camera, no re-encoding, files of a minute."""
    command = ["ffmpeg", "-nostdin", "-v", "error", "-rtsp_transport", "tcp", "-i", url, "-c", "copy", "-f", "segment"]
    command += ["-segment_time", "60", "-segment_format", "mp4", "-reset_timestamps", "1"]
    return [*command, str(folder / f"{index:02d}-%04d.mp4")]


def bare_command(folder: Path, urls: Sequence[str], batch_ms: int) -> list[str]:
    return [sys.executable, "-m", "bench.bare_copy", str(folder), "--batch-ms", str(batch_ms), *urls]


def family(pids: Sequence[int]) -> list[int]:
    """The processes and all that they started."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            parents.setdefault(parent, []).append(int(entry.name))
    found, todo = [], list(pids)
    while todo:
        found.append(todo.pop())
        todo += parents.get(found[-1], [])
    return found


def cpu_s(pids: Sequence[int]) -> float:
    """User and system time that the processes (all threads) have used."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total * _TICK_S


def memory_bytes(pids: Sequence[int]) -> tuple[int, int]:
    """(PSS, RSS) summed."""
    pss = rss = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            name, _, value = line.partition(":")
            if name == "Pss":
                pss += int(value.split()[0]) * 1024
            elif name == "Rss":
                rss += int(value.split()[0]) * 1024
    return pss, rss


def steady(processes: Sequence[subprocess.Popen[str]], load: Load, warm_s: float, window_s: float) -> Figures:
    """Lets the start pass, then reads the processor time at two moments and the memory at the second."""
    time.sleep(warm_s)
    for process in processes:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended early with {process.returncode}")
    pids = family([process.pid for process in processes])
    before_s, load_before_s, started_s = cpu_s(pids), cpu_s([load.pid]), time.monotonic()
    time.sleep(window_s)
    passed_s = time.monotonic() - started_s
    used_s, load_s = cpu_s(pids) - before_s, cpu_s([load.pid]) - load_before_s
    pss, rss = memory_bytes(pids)
    return Figures(100 * used_s / passed_s / len(load.urls), pss, rss, 100 * load_s / passed_s)


def stop(processes: Sequence[subprocess.Popen[str]]) -> None:
    for process in processes:
        process.send_signal(signal.SIGTERM)
    for process in processes:
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def last_json(text: str) -> dict[str, object]:
    """The JSON object in the last line of a command's output."""
    told: dict[str, object] = json.loads(text.strip().splitlines()[-1])
    return told


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A Markdown table with even columns."""
    widths = [max(len(str(row[column])) for row in (head, *rows)) for column in range(len(head))]
    print("| " + " | ".join(text.ljust(width) for text, width in zip(head, widths, strict=True)) + " |")
    print("|" + "|".join("-" * (width + 2) for width in widths) + "|")
    for row in rows:
        print("| " + " | ".join(str(text).ljust(width) for text, width in zip(row, widths, strict=True)) + " |")
