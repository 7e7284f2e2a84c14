"""Processor time and memory a camera in steady state: `luytre record` against one ffmpeg a camera and a bare copy.

    python -m bench.cpu [--cameras 16] [--rounds 3] [--window 20] [--json FILE] [--disk DIR]

All contenders take the same load, one after the other in turn, `--rounds` times; the table holds medians. Start-up is not
counted: the time that the kernel booked (utime + stime of /proc/PID/stat, all threads) is read at two moments.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
from dataclasses import asdict
from pathlib import Path

from bench.measure import (
    Figures,
    Load,
    bare_command,
    ffmpeg_command,
    last_json,
    median,
    print_table,
    record_command,
    running_load,
    scratch,
    steady,
    stop,
)

WARM_S = 8.0
BARE_BATCH_MS = 50


def run_record(load: Load, folder: Path, window_s: float) -> Figures:
    """Fails where the recorder lost something: a figure of a broken recording is worth nothing."""
    command = record_command(folder, load.urls, WARM_S + window_s + 4)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        figures = steady([process], load, WARM_S, window_s)
        output, _ = process.communicate(timeout=60)
    told = last_json(output)
    cameras = told["cameras"]
    assert isinstance(cameras, list)
    lost = [camera for camera in cameras if camera["gaps"] or camera["reconnects"] or camera["error"]]
    if lost or len(cameras) != len(load.urls):
        raise RuntimeError(f"the recording was not whole: {lost}")
    return figures


def run_ffmpeg(load: Load, folder: Path, window_s: float) -> Figures:
    processes = [
        subprocess.Popen(ffmpeg_command(folder, index, url), text=True, stderr=subprocess.DEVNULL)
        for index, url in enumerate(load.urls)
    ]
    try:
        return steady(processes, load, WARM_S, window_s)
    finally:
        stop(processes)


def run_bare(load: Load, folder: Path, window_s: float) -> Figures:
    process = subprocess.Popen(bare_command(folder, load.urls, BARE_BATCH_MS), text=True)
    try:
        return steady([process], load, WARM_S, window_s)
    finally:
        stop([process])


CONTENDERS = {
    "luytre record": run_record,
    "ffmpeg -c copy, one a camera": run_ffmpeg,
    f"bare copy, {BARE_BATCH_MS} ms": run_bare,
}


def measure(cameras: int, rounds: int, window_s: float, disk: Path | None) -> dict[str, list[Figures]]:
    found: dict[str, list[Figures]] = {name: [] for name in CONTENDERS}
    with running_load(cameras) as load:
        for round_number in range(rounds):
            for name, run in CONTENDERS.items():
                with scratch(disk) as folder:
                    found[name].append(run(load, folder, window_s))
                print(f"round {round_number + 1}, {name}: {found[name][-1].core_percent:.3f} % of a core a camera", flush=True)
    return found


def print_figures(found: dict[str, list[Figures]]) -> None:
    ours = median([figures.core_percent for figures in found["luytre record"]])
    rows = []
    for name, all_figures in found.items():
        percent = median([figures.core_percent for figures in all_figures])
        pss = median([figures.pss_bytes for figures in all_figures])
        rss = median([figures.rss_bytes for figures in all_figures])
        rows.append([name, f"{percent:.3f}", f"{ours / percent:.2f}", f"{pss / 1e6:.0f}", f"{rss / 1e6:.0f}"])
    print_table(["contender", "% of a core a camera", "luytre / it", "PSS MB", "RSS MB"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cameras", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--window", type=float, default=20.0, help="seconds between the two readings")
    parser.add_argument("--disk", type=Path, help="folder on the disk to write to")
    parser.add_argument("--json", type=Path, help="raw figures go into this file")
    args = parser.parse_args()
    found = measure(args.cameras, args.rounds, args.window, args.disk)
    load_percent = median([figures.load_percent for each in found.values() for figures in each])
    print(f"{args.cameras} cameras, {os.cpu_count()} cores, load server {load_percent:.1f} % of a core")
    print_figures(found)
    if args.json:
        args.json.write_text(json.dumps({name: [asdict(one) for one in each] for name, each in found.items()}, indent=1))


if __name__ == "__main__":
    main()
