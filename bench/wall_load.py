"""The wall of a station under load: what recording 35 cameras costs while four people watch them all.

    python -m bench.wall_load [--cameras 35] [--viewers 4] [--seconds 30] [--disk DIR]

Each camera is recorded from its main stream (1080p25, 4 Mbit/s); the viewers, in a process of their own, have every sub
stream on one WebSocket each, as a wall does. Processor time is that of the recorder and the web together. Delay is from a
picture leaving its camera to its arrival at a viewer, by one clock. Afterwards the archive is read: the pictures of each
camera must follow each other without a hole.
"""

from __future__ import annotations

import argparse
import bisect
import json
import subprocess
import sys
import time
from pathlib import Path

import av

from bench.live import token
from bench.load import load_clip
from bench.measure import cpu_s, print_table, running_load, scratch
from bench.product import Product, percentile, running_product, status
from luytre.base.clock import SystemClock
from luytre.base.secret_files import node_key
from luytre.media.archive import open_queries
from luytre.simulate.units import vcl_digest

CORE_SHARE, DELAY_MS = 1.0, 150.0
WARM_S = 6.0


def watched(product: Product, viewers: int, seconds: float, arrivals: Path) -> subprocess.Popen[str]:
    bearer = token(node_key(product.folder / "secrets"), "live")
    command = [sys.executable, "-m", "bench.viewers", "--address", product.media, "--viewers", str(viewers)]
    command += ["--seconds", f"{seconds:g}", "--arrivals", str(arrivals), *product.keys]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, text=True)
    assert process.stdin is not None
    process.stdin.write(bearer + "\n")
    process.stdin.close()
    return process


def delays_ms(ledger: Path, arrivals: Path, keys: list[str]) -> list[float]:
    """Of every picture of a sub stream that a viewer noted: from its last departure before."""
    sent: dict[tuple[str, str], list[float]] = {}
    with ledger.open() as file:
        for line in file:
            entry = json.loads(line)
            sent.setdefault((entry["path"], entry["vcl_sha256"]), []).append(entry["sent_utc_90k"] / 90_000)
    paths = {key: f"/cam{index:02d}/sub" for index, key in enumerate(keys, 1)}
    found = []
    with arrivals.open() as file:
        for line in file:
            key, digest, at = json.loads(line)
            times = sorted(sent.get((paths[key], digest), []))
            place = bisect.bisect_right(times, at)
            found += [(at - times[place - 1]) * 1000] if place else []
    return found


def holes(archive: Path, key: str, numbers: dict[str, int]) -> tuple[int, int]:
    """(pictures in the archive, how often one does not follow the one before)."""
    queries, count, broken, last = open_queries(archive, SystemClock()), 0, 0, -1
    try:
        paths = [segment.path for segment in queries.segments(key, "main", 0, SystemClock().utc_90k())]
    finally:
        queries.close()
    for path in paths:
        with av.open(path, options={"ignore_editlist": "1"}) as container:
            for packet in container.demux(video=0):
                if not (data := bytes(packet)):
                    continue
                number = numbers[vcl_digest("h264", _nals(data))]
                broken += int(last >= 0 and number != (last + 1) % len(numbers))
                last, count = number, count + 1
    return count, broken


def _nals(data: bytes) -> list[bytes]:
    found, at = [], 0
    while at < len(data):
        end = at + 4 + int.from_bytes(data[at : at + 4], "big")
        found.append(data[at + 4 : end])
        at = end
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cameras", type=int, default=35)
    parser.add_argument("--viewers", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--disk", type=Path)
    args = parser.parse_args()
    with scratch(args.disk) as folder:
        ledger, arrivals = folder / "ledger.jsonl", folder / "arrivals.jsonl"
        with running_load(args.cameras, ledger, subs=True) as load, running_product(folder / "data", load.urls) as product:
            people = watched(product, args.viewers, args.seconds + 2 * WARM_S, arrivals)
            time.sleep(WARM_S)
            sides = {"ours": product.pids_of("luytre.media.recorder", "luytre.web"), "load": [load.pid], "people": [people.pid]}
            before, began_s = {name: cpu_s(pids) for name, pids in sides.items()}, time.monotonic()
            time.sleep(args.seconds)
            passed_s = time.monotonic() - began_s
            used = {name: (cpu_s(pids) - before[name]) / passed_s for name, pids in sides.items()}
            if people.wait(120) != 0:
                raise RuntimeError("the viewers ended with an error")
            told = status(product)
            keys = product.keys
        delays = delays_ms(ledger, arrivals, keys)
        numbers = {vcl_digest("h264", unit.nals): index for index, unit in enumerate(load_clip().units)}
        kept = [holes(folder / "data" / "archive", key, numbers) for key in keys]
    missed = sum(int(str(camera["viewer_frames_lost"])) for camera in told.values())
    broken = sum(each[1] for each in kept)
    p50, p99 = percentile(delays, 0.5), percentile(delays, 0.99)
    rows = [
        ["recorder and web, % of a core", f"{100 * used['ours']:.0f}", f"{100 * CORE_SHARE:g}"],
        ["holes in the archive", f"{broken} in {sum(each[0] for each in kept)} pictures", "0"],
        ["added delay p50 ms", f"{p50:.0f} of {len(delays)}", ""],
        ["added delay p99 ms", f"{p99:.0f}", f"{DELAY_MS:g}"],
        ["pictures that viewers missed", str(missed), ""],
        ["load, % of a core", f"{100 * used['load']:.0f}", ""],
        ["viewers, % of a core", f"{100 * used['people']:.0f}", ""],
    ]
    print_table([f"{args.cameras} recorded, {args.viewers} watch all", "figure", "reach"], rows)
    return 0 if used["ours"] <= CORE_SHARE and not broken and p99 <= DELAY_MS else 1


if __name__ == "__main__":
    sys.exit(main())
