"""A load server: N cameras of 1080p25 H.264 at 4 Mbit/s, a GOP of 2 s, coded once and looped.

`python -m bench.load --cameras 35` prints one JSON line with the port and the paths, then serves until SIGTERM (or the end
of its standard input). `--ledger FILE` writes what was sent, one JSON line an access unit, when it stops.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import pickle
import signal
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np

from luytre.simulate.encode import EncoderOptions, Picture, encode_clip
from luytre.simulate.ledger import Ledger
from luytre.simulate.server import SimulatedServer, Stream
from luytre.simulate.source import Clip, LoopedSource

WIDTH_PX, HEIGHT_PX, FPS, GOP_FRAMES, FRAMES, BITRATE_BPS = 1920, 1080, 25, 50, 250, 4_000_000
CACHE = Path(__file__).parents[1] / ".cache/bench"


def street_in_rain(frames: int, width_px: int = WIDTH_PX, height_px: int = HEIGHT_PX) -> Iterator[Picture]:
    """A slowly moving texture under sensor noise: as hard to code as a street at night, so that the rate is true."""
    dice = np.random.default_rng(3)
    coarse = dice.integers(40, 200, (height_px * 3 // 2 // 12 + 1, width_px // 12 + 1), dtype=np.uint8)
    still = np.kron(coarse, np.ones((12, 12), dtype=np.uint8))[: height_px * 3 // 2, :width_px]
    noise = dice.integers(0, 14, (height_px * 3 // 2, width_px + 512), dtype=np.uint8)
    for index in range(frames):
        at = int(dice.integers(0, 512))
        yield np.roll(still, index, axis=1) + noise[:, at : at + width_px]


def kept_clip(name: str, make: Callable[[], Clip]) -> Clip:
    """A clip coded at first use and kept under `.cache/bench`."""
    path = CACHE / f"{name}.pickle"
    if path.exists():
        kept: Clip = pickle.loads(path.read_bytes())
        return kept
    clip = make()
    CACHE.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(clip))
    return clip


def load_clip() -> Clip:
    """Some ten seconds of work at first use."""
    return kept_clip(f"load-{HEIGHT_PX}p{FPS}-{BITRATE_BPS}", _code)


def _code() -> Clip:
    vbv = f"vbv-maxrate={BITRATE_BPS // 1000}:vbv-bufsize={BITRATE_BPS // 1000}:nal-hrd=none"
    options = EncoderOptions(
        "h264", WIDTH_PX, HEIGHT_PX, FPS, GOP_FRAMES, bitrate_bps=BITRATE_BPS, preset="superfast", params=vbv
    )
    return encode_clip(options, street_in_rain(FRAMES))


def rate_bps(clip: Clip) -> float:
    return sum(unit.size_bytes for unit in clip.units) * 8 * 90_000 / clip.duration_90k


def cameras(clip: Clip, number: int) -> dict[str, Stream]:
    """Cameras whose key frames do not come at the same moment: each starts its loop at another one."""
    keys = [index for index, unit in enumerate(clip.units) if unit.is_key]
    return {f"/cam{index + 1:02d}/main": Stream(LoopedSource(clip, first=keys[index % len(keys)])) for index in range(number)}


async def serve(number: int, port: int, ledger_path: Path | None) -> None:
    clip = load_clip()
    ledger = Ledger(keeps_entries=ledger_path is not None)
    server = SimulatedServer(cameras(clip, number), port=port, ledger=ledger)
    await server.start()
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, stopped.set)
    print(json.dumps({"port": server.port, "paths": list(server.streams), "rate_bps": rate_bps(clip)}), flush=True)
    await stopped.wait()
    await server.stop()
    if ledger_path is not None:
        with ledger_path.open("w") as file:
            file.writelines(json.dumps(asdict(entry)) + "\n" for entry in ledger.entries)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cameras", type=int, default=16)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--ledger", type=Path)
    args = parser.parse_args()
    with asyncio.Runner() as runner:
        runner.run(serve(args.cameras, args.port, args.ledger))


if __name__ == "__main__":
    main()
