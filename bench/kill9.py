"""What `kill -9` costs: `luytre record` is killed at random moments, and what it had is held against what was sent.

    python -m bench.kill9 [--rounds 100] [--cameras 4] [--seed 1] [--disk DIR]

All rounds go into one archive. After each kill `luytre archive check` must find nothing, the archive is opened (which
repairs it, as the next start would), and each camera's last picture on disk is looked for in the ledger of the cameras:
what was sent after it, up to the kill, is lost. The bound is 2 s.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import av

from bench.load import cameras as load_cameras
from bench.load import load_clip
from bench.measure import LUYTRE, median, print_table, record_command, scratch
from luytre.base.clock import TICKS_PER_S, SystemClock
from luytre.media.archive import Archive, Segment, open_queries
from luytre.simulate.ledger import Entry
from luytre.simulate.server import SimulatedServer
from luytre.simulate.units import vcl_digest

BOUND_S = 2.0


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds lost by the camera that lost most and by the middle one; what `check` said, if anything."""

    ran_s: float
    worst_s: float
    median_s: float
    complaint: str


@contextmanager
def cameras_here(number: int) -> Iterator[SimulatedServer]:
    """The load server in a thread of this process, so that its ledger can be read between kills."""
    server = SimulatedServer(load_cameras(load_clip(), number))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(server.start(), loop).result(10)
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(server.stop(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def run_and_kill(folder: Path, server: SimulatedServer, seconds: float) -> tuple[int, str]:
    """(UTC of the kill, what `archive check` said against the archive)."""
    urls = [server.url(path) for path in server.streams]
    with subprocess.Popen(record_command(folder, urls, 3600), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 30
        while len({entry.path for entry in list(server.ledger.entries)}) < len(urls):
            if time.monotonic() > deadline or process.poll() is not None:
                raise RuntimeError("the recorder did not start")
            time.sleep(0.02)
        time.sleep(seconds)
        killed_utc_90k = SystemClock().utc_90k()
        process.kill()
    command = [str(LUYTRE), "archive", "check", str(folder / "archive")]
    checked = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    return killed_utc_90k, "" if checked.returncode == 0 else (checked.stdout + checked.stderr).strip()


def last_segment(root: Path, camera: str, from_utc_90k: int) -> Segment | None:
    queries = open_queries(root, SystemClock())
    try:
        found = queries.segments(camera, "main", from_utc_90k, SystemClock().utc_90k() + 60 * TICKS_PER_S)
    finally:
        queries.close()
    return found[-1] if found else None


def last_picture(path: Path) -> str:
    """SHA-256 of the VCL NAL units of a file's last picture, read by FFmpeg's demuxer."""
    last = b""
    with av.open(str(path), options={"ignore_editlist": "1"}) as container:
        for packet in container.demux(video=0):
            last = bytes(packet) or last
    nals, at = [], 0
    while at < len(last):
        end = at + 4 + int.from_bytes(last[at : at + 4], "big")
        nals.append(last[at + 4 : end])
        at = end
    return vcl_digest("h264", nals)


def lost_s(sent: list[Entry], recorded: str) -> float:
    """From the last recorded picture to the last one sent, one frame's time included; all of it where nothing is there."""
    frame_90k = sent[1].pts_90k - sent[0].pts_90k
    for entry in reversed(sent):
        if entry.vcl_sha256 == recorded:
            return (sent[-1].pts_90k - entry.pts_90k) / TICKS_PER_S
    return (sent[-1].pts_90k - sent[0].pts_90k + frame_90k) / TICKS_PER_S


def one_round(folder: Path, server: SimulatedServer, seconds: float) -> Round:
    server.ledger.entries.clear()
    started_utc_90k = SystemClock().utc_90k()
    killed_utc_90k, complaint = run_and_kill(folder, server, seconds)
    entries = [entry for entry in list(server.ledger.entries) if entry.sent_utc_90k <= killed_utc_90k]
    root = folder / "archive"
    Archive.open(root, clock=SystemClock()).close()
    losses = []
    for index, path in enumerate(server.streams):
        sent = [entry for entry in entries if entry.path == path]
        segment = last_segment(root, f"cam{index + 1:02d}", started_utc_90k)
        recorded = last_picture(Path(segment.path)) if segment else ""
        losses.append(lost_s(sent, recorded))
    return Round(seconds, max(losses), median(losses), complaint)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--cameras", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=6.0, help="seconds of recording before the kill, at most")
    parser.add_argument("--disk", type=Path)
    args = parser.parse_args()
    dice = random.Random(args.seed)
    rounds: list[Round] = []
    with cameras_here(args.cameras) as server, scratch(args.disk) as folder:
        for number in range(args.rounds):
            rounds.append(one_round(folder, server, dice.uniform(0.5, args.longest)))
            told = f"killed after {rounds[-1].ran_s:.2f} s, lost at most {rounds[-1].worst_s:.2f} s"
            print(f"{number + 1}/{args.rounds}: {told} {rounds[-1].complaint}", flush=True)
    worst = max(each.worst_s for each in rounds)
    dirty = sum(1 for each in rounds if each.complaint)
    rows = [[str(len(rounds)), f"{median([each.median_s for each in rounds]):.2f}", f"{worst:.2f}", str(dirty)]]
    print_table(["kills", "median lost s", "worst lost s", "checks not clean"], rows)
    return 0 if worst <= BOUND_S and not dirty else 1


if __name__ == "__main__":
    sys.exit(main())
