"""Memory of `luytre record` with 35 cameras, against one ffmpeg a camera.

    python -m bench.memory [--cameras 35] [--minutes 2] [--disk DIR]

PSS and RSS (smaps_rollup) after so many minutes of recording; the peak is what the recorder itself reports.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from bench.cpu import run_ffmpeg
from bench.measure import Figures, Load, last_json, print_table, record_command, running_load, scratch, steady

REACH_BYTES = 150_000_000
REACH_PART = 0.25


def run_record(load: Load, folder: Path, seconds: float) -> tuple[Figures, int]:
    """Figures at the end of the time, and the peak that the last line tells."""
    command = record_command(folder, load.urls, seconds + 12)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        figures = steady([process], load, 8, seconds)
        output, _ = process.communicate(timeout=120)
    told = last_json(output)
    cameras, peak = told["cameras"], told["peak_rss_bytes"]
    assert isinstance(cameras, list)
    assert isinstance(peak, int)
    lost = [camera["name"] for camera in cameras if camera["gaps"] or camera["reconnects"] or camera["error"]]
    if lost:
        raise RuntimeError(f"the recording was not whole: {lost}")
    return figures, peak


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cameras", type=int, default=35)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--disk", type=Path)
    args = parser.parse_args()
    with running_load(args.cameras) as load:
        with scratch(args.disk) as folder:
            ours, peak = run_record(load, folder, args.minutes * 60)
        with scratch(args.disk) as folder:
            theirs = run_ffmpeg(load, folder, 10)
    rows = [
        ["luytre record", f"{ours.pss_bytes / 1e6:.0f}", f"{ours.rss_bytes / 1e6:.0f}", f"{peak / 1e6:.0f}"],
        ["ffmpegs", f"{theirs.pss_bytes / 1e6:.0f}", f"{theirs.rss_bytes / 1e6:.0f}", ""],
    ]
    print_table([f"{args.cameras} cameras", "PSS MB", "RSS MB", "peak RSS MB"], rows)
    print(f"CPU: luytre {ours.core_percent:.3f} % of a core a camera, ffmpeg {theirs.core_percent:.3f}")
    return 0 if peak <= REACH_BYTES and ours.pss_bytes <= REACH_PART * theirs.pss_bytes else 1


if __name__ == "__main__":
    sys.exit(main())
