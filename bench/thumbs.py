"""Thumbnails over a running recorder's HTTP: how long from the wish to the first byte, made anew and from memory.

    python -m bench.thumbs [--rounds 60] [--disk DIR]

Each round asks for another GOP's key frame (cold: it must be read, decoded, scaled and coded), then for the same again
(warm). `nine` is a page that scrubs nine cameras: nine wishes at once over six connections, as a browser sends them, until
the last one is there.
"""

from __future__ import annotations

import argparse
import http.client
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.archives import write_footage
from bench.load import FPS, kept_clip, street_in_rain
from bench.measure import median, print_table, scratch
from bench.timeline import PORT, running_recorder
from luytre.base.clock import TICKS_PER_S
from luytre.media.archive import Segment
from luytre.simulate.encode import EncoderOptions, encode_clip
from luytre.simulate.source import Clip
from luytre.simulate.units import Codec

REACH_MS = 80.0
WIDTH_PX, OTHER_WIDTH_PX = 240, 256
MINUTES = 8
GOP_FRAMES = 50
CONNECTIONS = 6
KINDS: tuple[tuple[Codec, int, int, bool], ...] = (
    ("h264", 1920, 1080, True),
    ("h265", 1920, 1080, True),
    ("h264", 2560, 1440, True),
    ("h265", 2560, 1440, False),
)
"""The last of each: whether it is held to the bound. A key frame of H.265 that was not cut for it decodes in one thread only."""


def clip_of(codec: Codec, width_px: int, height_px: int) -> Clip:
    """One GOP of two seconds at 4 Mbit/s."""

    def make() -> Clip:
        options = EncoderOptions(codec, width_px, height_px, FPS, GOP_FRAMES, bitrate_bps=4_000_000)
        return encode_clip(options, street_in_rain(GOP_FRAMES, width_px, height_px))

    return kept_clip(f"thumb-{codec}-{width_px}x{height_px}", make)


class Asker:
    """One connection that is kept, as a browser's is."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)

    def ms(self, camera: str, at_utc_90k: int, width_px: int = WIDTH_PX) -> float:
        """Until the first byte of the picture."""
        path = f"/v1/thumb/{camera}/main?at={at_utc_90k / TICKS_PER_S:.3f}&w={width_px}"
        started = time.monotonic()
        self._connection.request("GET", path, headers={"Authorization": f"Bearer {self._token}"})
        answer = self._connection.getresponse()
        first = answer.read(1)
        passed_ms = (time.monotonic() - started) * 1000
        rest = answer.read()
        if answer.status != 200 or first != b"\xff" or not rest:
            raise RuntimeError(f"{path}: {answer.status}")
        return passed_ms


def moments(segments: tuple[Segment, ...], count: int) -> list[int]:
    """Moments in so many GOPs, each in another one, in no order."""
    gops = [gop.utc_90k + TICKS_PER_S // 2 for segment in segments for gop in segment.gops]
    return random.Random(5).sample(gops, count)


def nine_ms(token: str, places: list[tuple[str, int, int]]) -> float:
    """All of these at once; until the last is there."""
    askers = [Asker(token) for _ in range(CONNECTIONS)]
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        started = time.monotonic()
        list(pool.map(lambda index: [askers[index].ms(*place) for place in places[index::CONNECTIONS]], range(CONNECTIONS)))
    return (time.monotonic() - started) * 1000


def row(name: str, times: list[float], reach: str) -> list[str]:
    return [name, f"{median(times):.1f}", f"{sorted(times)[len(times) * 95 // 100]:.1f}", f"{max(times):.1f}", reach]


def measure(folder: Path, rounds: int) -> tuple[list[list[str]], bool]:
    footage = [
        write_footage(folder / "archive", MINUTES * 60, clip_of(codec, width_px, height_px), f"eye{index + 1}")
        for index, (codec, width_px, height_px, _) in enumerate(KINDS)
    ]
    rows, is_met = [], True
    with running_recorder(folder) as token:
        asker = Asker(token)
        for (codec, width_px, height_px, is_held), segments in zip(KINDS, footage, strict=True):
            name, camera, reach = f"{codec} {width_px}x{height_px}", segments[0].camera, f"{REACH_MS:g}" if is_held else ""
            places = moments(segments, rounds + 1)
            asker.ms(camera, places.pop())  # the recorder loads its decoder
            cold = [asker.ms(camera, at) for at in places]
            warm = [asker.ms(camera, at) for at in places]
            rows += [row(f"{name} cold", cold, reach), row(f"{name} warm", warm, reach)]
            is_met = is_met and not (is_held and sorted(cold)[len(cold) * 95 // 100] > REACH_MS)
        all_at_once = [(footage[0][0].camera, at, OTHER_WIDTH_PX) for at in moments(footage[0], 9 * (rounds // 9))]
        nine = [nine_ms(token, all_at_once[i : i + 9]) for i in range(0, len(all_at_once), 9)]
        rows.append(row("nine h264 1920x1080 at once", nine, ""))
    return rows, is_met


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--disk", type=Path)
    args = parser.parse_args()
    with scratch(args.disk) as folder:
        rows, is_met = measure(folder, args.rounds)
    print_table(["thumbnail", "median ms", "95 % ms", "worst ms", "reach 95 % ms"], rows)
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
