"""How true the times of recorded pictures are: by how much each camera's line is off from when its pictures left, and how far
apart two cameras are at one moment.

    python -m bench.line [--cameras 4] [--seconds 120] [--busy 0] [--disk DIR]

`luytre record` records 1080p25 at 4 Mbit/s; the load server's ledger tells when each picture left. Times are those that the
archive keeps of key frames (one a GOP of 2 s). `--busy N` keeps N processes at work meanwhile, as a browser on the same machine
would. Skew is between the camera that is latest and the one that is least late, by their medians of ten seconds.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.measure import median, print_table, record_command, running_load, scratch
from luytre.base.clock import TICKS_PER_S, SystemClock
from luytre.media.archive import Archive

REACH_MS = 40.0
STRETCH_S = 10.0


def keys_sent(ledger: Path) -> dict[str, list[tuple[int, int]]]:
    """By camera, of its only connection: (line time from its first key frame on, UTC when it left), both in ticks."""
    found: dict[str, list[tuple[int, int]]] = {}
    with ledger.open() as file:
        for line in file:
            entry = json.loads(line)
            if entry["is_key"]:
                found.setdefault(entry["path"].split("/")[1], []).append((entry["pts_90k"], entry["sent_utc_90k"]))
    return {camera: [(pts - keys[0][0], sent) for pts, sent in keys] for camera, keys in found.items()}


def errors_ms(archive: Archive, camera: str, sent: list[tuple[int, int]]) -> list[tuple[float, float]]:
    """(seconds since the recording began, ms that the archive has a key frame later than it left)."""
    left = dict(sent)
    found = []
    now_90k = SystemClock().utc_90k()
    for segment in archive.queries.segments(camera, "main", now_90k - 86_400 * TICKS_PER_S, now_90k):
        for gop in segment.gops:
            if gop.dts_90k in left:
                found.append((gop.dts_90k / TICKS_PER_S, (gop.utc_90k - left[gop.dts_90k]) * 1000 / TICKS_PER_S))
    if not found:
        raise RuntimeError(f"{camera}: no key frame of the archive is one that was sent")
    return found


@contextmanager
def busy(processes: int) -> Iterator[None]:
    running = [subprocess.Popen([sys.executable, "-c", "while True: sum(range(10000))"]) for _ in range(processes)]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


def stretches(found: dict[str, list[tuple[float, float]]], seconds: float) -> list[list[str]]:
    """A row each ten seconds: from, each camera's median, the distance of the first from the last."""
    rows = []
    at_s = 0.0
    while at_s < seconds - STRETCH_S / 2:
        within = [[off for when, off in one if at_s <= when < at_s + STRETCH_S] for one in found.values()]
        if all(within):
            middles = [median(one) for one in within]
            rows.append([f"{at_s:.0f} s", *(f"{one:.0f}" for one in middles), f"{max(middles) - min(middles):.0f}"])
        at_s += STRETCH_S
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cameras", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--busy", type=int, default=0)
    parser.add_argument("--disk", type=Path)
    args = parser.parse_args()
    with scratch(args.disk) as folder:
        ledger = folder / "ledger.jsonl"
        with running_load(args.cameras, ledger) as load, busy(args.busy):
            time.sleep(0.5)
            command = record_command(folder, load.urls, args.seconds)
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        sent = keys_sent(ledger)
        archive = Archive.open(folder / "archive", clock=SystemClock(), threaded=False)
        found = {camera: errors_ms(archive, camera, keys) for camera, keys in sorted(sent.items())}
        archive.close()
    rows = stretches(found, args.seconds)
    print_table(["from", *(f"{camera}: late ms" for camera in found), "skew ms"], rows)
    worst = max(float(row[-1]) for row in rows)
    print(f"worst skew {worst:.0f} ms (reach {REACH_MS:.0f} ms)")
    return 0 if worst <= REACH_MS else 1


if __name__ == "__main__":
    sys.exit(main())
