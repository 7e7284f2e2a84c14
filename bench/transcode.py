"""What it costs to make H.264 of one camera while somebody watches: of an H.265 one for a browser that cannot show H.265, or
of one in whose picture homes are hidden from that person.

    python -m bench.transcode [--seconds 20] [--masked [--small]]

One camera of 1080p25 H.265 at 4 Mbit/s, recorded by the recorder's node; one viewer asks for it as H.264 (1280x720). With
`--masked` a camera of 1080p25 H.264 at 4 Mbit/s (`--small`: 640x360 at 500 kbit/s, as a wall has it) with two hidden areas, and
a viewer who may not see without. Told is the share of a core that the child takes, and what the recorder itself takes more
than without a viewer.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bench.live import FRAGMENT, start_node, token
from bench.load import FPS, GOP_FRAMES, HEIGHT_PX, WIDTH_PX, kept_clip, street_in_rain
from bench.measure import cpu_s, scratch
from luytre.media.fragment import parse_fragment_head
from luytre.simulate.encode import EncoderOptions, encode_clip
from luytre.simulate.server import SimulatedServer, Stream
from luytre.simulate.source import Clip, LoopedSource
from luytre.simulate.units import Codec

FRAMES = 100
SETTLE_S = 6.0
HOMES = [[[0.1, 0.1], [0.35, 0.15], [0.3, 0.6], [0.1, 0.5]], [[0.6, 0.2], [0.9, 0.2], [0.9, 0.7], [0.75, 0.8], [0.6, 0.6]]]


@dataclass(frozen=True, slots=True)
class Case:
    """A camera, and whether homes are hidden in it."""

    codec: Codec
    width_px: int
    height_px: int
    bitrate_bps: int
    masked: bool

    def clip(self) -> Clip:
        """Half a minute of work at first use."""
        return kept_clip(f"load-{self.codec}-{self.height_px}p{FPS}-{self.bitrate_bps}", self._code)

    def _code(self) -> Clip:
        rate = self.bitrate_bps // 1000
        vbv = f"vbv-maxrate={rate}:vbv-bufsize={rate}"
        options = EncoderOptions(
            self.codec, self.width_px, self.height_px, FPS, GOP_FRAMES, bitrate_bps=self.bitrate_bps, preset="ultrafast",
            params=vbv,
        )  # fmt: skip
        return encode_clip(options, street_in_rain(FRAMES, self.width_px, self.height_px))


PLAIN = Case("h265", WIDTH_PX, HEIGHT_PX, 4_000_000, False)
MASKED = Case("h264", WIDTH_PX, HEIGHT_PX, 4_000_000, True)
SMALL = Case("h264", 640, 360, 500_000, True)


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


async def watch(page: aiohttp.ClientWebSocketResponse, seconds: float) -> int:
    """How many pictures came in that time."""
    pictures, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        message = await page.receive(timeout=20)
        if message.type is aiohttp.WSMsgType.BINARY and message.data[0] == FRAGMENT:
            pictures += parse_fragment_head(message.data, 8, 8).sample_count
    return pictures


async def run(case: Case, seconds: float, folder: Path) -> None:
    server = SimulatedServer({"/cam01/main": Stream(LoopedSource(case.clip()))})
    await server.start()
    node, media, key = start_node(folder, [f"rtsp://127.0.0.1:{server.port}/cam01/main"], HOMES if case.masked else None)
    try:
        await asyncio.sleep(SETTLE_S)
        before, began_s = cpu_s([node.pid]), time.monotonic()
        await asyncio.sleep(seconds)
        alone = (cpu_s([node.pid]) - before) / (time.monotonic() - began_s)
        url = f"ws://{media}/v1/live?token={token(key, 'live')}"
        async with aiohttp.ClientSession() as session, session.ws_connect(url, max_msg_size=0) as page:
            await page.send_json(
                {"op": "open", "ch": 1, "camera": "cam01", "stream": "main"} | ({} if case.masked else {"as": "h264"})
            )
            await watch(page, SETTLE_S)
            (child,) = children_of(node.pid)
            before, before_child, began_s = cpu_s([node.pid]), cpu_s([child]), time.monotonic()
            pictures = await watch(page, seconds)
            passed_s = time.monotonic() - began_s
            watched, coding = (cpu_s([node.pid]) - before) / passed_s, (cpu_s([child]) - before_child) / passed_s
    finally:
        node.terminate()
        node.wait(timeout=20)
        await server.stop()
    what = f"{case.codec}, {case.bitrate_bps / 1e6:g} Mbit/s{', two hidden areas' if case.masked else ''}"
    print(f"one camera of {case.width_px}x{case.height_px}, {FPS} pictures a second, {what}:")
    print(f"coding again {coding * 100:.1f} % of a core, {pictures / passed_s:.1f} pictures a second came out")
    print(f"that is {coding / pictures * passed_s * FPS * 100:.0f} % of a core for all {FPS} pictures a second")
    print(f"recorder {watched * 100:.2f} % of a core while it is watched, {alone * 100:.2f} % without")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--masked", action="store_true")
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--disk", type=Path)
    args = parser.parse_args()
    case = (SMALL if args.small else MASKED) if args.masked else PLAIN
    with scratch(args.disk) as folder:
        asyncio.run(run(case, args.seconds, folder))


if __name__ == "__main__":
    main()
