"""A load server: N cameras of 1080p25 H.264 at 4 Mbit/s, a GOP of 2 s, coded once and looped.

`python -m bench.load --cameras 35` prints one JSON line with the port and the paths, then serves until SIGTERM (or the end
of its standard input). `--subs` gives each camera a sub stream too (640x360, 15 pictures a second, 400 kbit/s). Each picture
carries its number in the loop as a strip of black and white blocks, for whoever looks at it. `--ledger FILE` writes what was
sent, one JSON line an access unit, when it stops.
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
SUB_WIDTH_PX, SUB_HEIGHT_PX, SUB_FPS, SUB_GOP_FRAMES, SUB_FRAMES, SUB_BITRATE_BPS = 640, 360, 15, 30, 150, 400_000
MARK_BITS = 8
BLOCKS = MARK_BITS + 2
"""White, the number's bits (highest first), black: who reads them knows that it is a mark."""
CACHE = Path(__file__).parents[1] / ".cache/bench"


def street_in_rain(frames: int, width_px: int = WIDTH_PX, height_px: int = HEIGHT_PX) -> Iterator[Picture]:
    """A slowly moving texture under sensor noise: as hard to code as a street at night, so that the rate is true."""
    dice = np.random.default_rng(3)
    coarse = dice.integers(40, 200, (height_px * 3 // 2 // 12 + 1, width_px // 12 + 1), dtype=np.uint8)
    still = np.kron(coarse, np.ones((12, 12), dtype=np.uint8))[: height_px * 3 // 2, :width_px]
    noise = dice.integers(0, 14, (height_px * 3 // 2, width_px + 512), dtype=np.uint8)
    for index in range(frames):
        at = int(dice.integers(0, 512))
        picture = np.roll(still, index, axis=1) + noise[:, at : at + width_px]
        mark(picture, index, height_px)
        yield picture


def block_px(height_px: int) -> int:
    """48 pixels at 1080 lines, 16 at 360."""
    return height_px * 2 // 45


def mark(picture: Picture, index: int, height_px: int) -> None:
    """Writes the picture's number into its upper left corner, without colour."""
    side, bits = block_px(height_px), [1, *(index >> bit & 1 for bit in reversed(range(MARK_BITS))), 0]
    for place, bit in enumerate(bits):
        picture[:side, place * side : (place + 1) * side] = 235 if bit else 16
    luma, chroma_width = height_px, picture.shape[1] // 2
    chroma = picture[luma:].reshape(2, height_px // 2, chroma_width)
    chroma[:, : side // 2, : BLOCKS * side // 2] = 128


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
    return kept_clip(f"load-marked-{HEIGHT_PX}p{FPS}-{BITRATE_BPS}", _code)


def sub_clip() -> Clip:
    return kept_clip(f"load-marked-{SUB_HEIGHT_PX}p{SUB_FPS}-{SUB_BITRATE_BPS}", _code_sub)


def _code() -> Clip:
    options = _options(WIDTH_PX, HEIGHT_PX, FPS, GOP_FRAMES, BITRATE_BPS)
    return encode_clip(options, street_in_rain(FRAMES))


def _code_sub() -> Clip:
    options = _options(SUB_WIDTH_PX, SUB_HEIGHT_PX, SUB_FPS, SUB_GOP_FRAMES, SUB_BITRATE_BPS)
    return encode_clip(options, street_in_rain(SUB_FRAMES, SUB_WIDTH_PX, SUB_HEIGHT_PX))


def _options(width_px: int, height_px: int, fps: float, gop_frames: int, bitrate_bps: int) -> EncoderOptions:
    vbv = f"vbv-maxrate={bitrate_bps // 1000}:vbv-bufsize={bitrate_bps // 1000}:nal-hrd=none"
    return EncoderOptions("h264", width_px, height_px, fps, gop_frames, bitrate_bps=bitrate_bps, preset="superfast", params=vbv)


def rate_bps(clip: Clip) -> float:
    return sum(unit.size_bytes for unit in clip.units) * 8 * 90_000 / clip.duration_90k


def cameras(clip: Clip, number: int, stream: str = "main") -> dict[str, Stream]:
    """Cameras whose key frames do not come at the same moment: each starts its loop at another one."""
    return {f"/cam{index + 1:02d}/{stream}": Stream(LoopedSource(clip, first=first_of(clip, index))) for index in range(number)}


def first_of(clip: Clip, camera_index: int) -> int:
    """Which picture of the loop a connection to this camera (from 0) begins with."""
    keys = [index for index, unit in enumerate(clip.units) if unit.is_key]
    return keys[camera_index % len(keys)]


async def serve(number: int, port: int, ledger_path: Path | None, subs: bool) -> None:
    clip = load_clip()
    streams = cameras(clip, number) | (cameras(sub_clip(), number, "sub") if subs else {})
    ledger = Ledger(keeps_entries=ledger_path is not None)
    server = SimulatedServer(streams, port=port, ledger=ledger)
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
    parser.add_argument("--subs", action="store_true")
    args = parser.parse_args()
    with asyncio.Runner() as runner:
        runner.run(serve(args.cameras, args.port, args.ledger, args.subs))


if __name__ == "__main__":
    main()
