"""Export of one hour against `cp` of the file that came out.

    python -m bench.export [--rounds 4] [--minutes 60] [--disk DIR]

Both read what the page cache holds and write to the same disk; the disk is synced before and within each timing. `cp` is
told not to share blocks (`--reflink=never`), or it would copy nothing.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from bench.archives import CAMERA, write_footage
from bench.measure import median, print_table, scratch
from luytre.base.clock import SystemClock
from luytre.media.archive import open_queries
from luytre.media.playback.export import export

REACH = 0.8


def timed_export(root: Path, out: Path, start: int, end: int) -> float:
    queries = open_queries(root, SystemClock())
    os.sync()
    started = time.monotonic()
    export(queries, CAMERA, "main", start, end, out)
    _sync_file(out)
    passed = time.monotonic() - started
    queries.close()
    return passed


def timed_cp(source: Path, target: Path) -> float:
    os.sync()
    started = time.monotonic()
    subprocess.run(["cp", "--reflink=never", str(source), str(target)], check=True)
    _sync_file(target)
    return time.monotonic() - started


def _sync_file(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY)
    os.fsync(fd)
    os.close(fd)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--disk", type=Path)
    args = parser.parse_args()
    exports: list[float] = []
    copies: list[float] = []
    with scratch(args.disk) as folder:
        segments = write_footage(folder / "archive", args.minutes * 60)
        start, end = segments[0].start_utc_90k, segments[-1].end_utc_90k
        source, target = folder / "source.mp4", folder / "target.mp4"
        timed_export(folder / "archive", source, start, end)  # not counted: warms the cache, and is what cp copies
        size = source.stat().st_size
        for number in range(2 * args.rounds):
            ours_now = number % 4 in (0, 3)  # in turn, and each as often first as second
            passed_s = timed_export(folder / "archive", target, start, end) if ours_now else timed_cp(source, target)
            (exports if ours_now else copies).append(passed_s)
            target.unlink()
    ours, theirs = median(exports), median(copies)
    rows = [["luytre", f"{ours:.2f}", f"{size / ours / 1e6:.0f}"], ["cp", f"{theirs:.2f}", f"{size / theirs / 1e6:.0f}"]]
    print_table(["", "s", "MB/s"], rows)
    print(f"{args.minutes:g} minutes, {size / 1e6:.0f} MB: {theirs / ours:.2f} × the speed of cp")
    return 0 if theirs / ours >= REACH else 1


if __name__ == "__main__":
    sys.exit(main())
