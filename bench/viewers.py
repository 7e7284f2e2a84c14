"""Viewers of a wall, in a process of their own: each has every camera's sub stream on one WebSocket.

`python -m bench.viewers --address HOST:PORT --arrivals FILE KEY...` reads a token from its standard input. Which picture
came when is noted by one viewer a camera, in turn; the others only take what comes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import struct
import sys
import time
from pathlib import Path

import aiohttp

from bench.live import FRAGMENT, HEADER_BYTES, units_of
from luytre.simulate.units import vcl_digest

JOIN_FRAMES = 40
"""The newest GOP, sent at once to who joins, is older by design and not counted."""
Arrival = tuple[str, str, float]


async def watch(url: str, keys: list[str], noted: set[int], seconds: float) -> list[Arrival]:
    found: list[Arrival] = []
    counts = dict.fromkeys(noted, 0)
    async with aiohttp.ClientSession() as session, session.ws_connect(url, max_msg_size=0) as page:
        for channel, key in enumerate(keys, 1):
            await page.send_json({"op": "open", "ch": channel, "camera": key, "stream": "sub"})
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            message = await page.receive(timeout=20)
            if message.type is not aiohttp.WSMsgType.BINARY:
                if message.type is not aiohttp.WSMsgType.TEXT:
                    raise RuntimeError(f"the recorder ended it: {message!r}")
                continue
            now = time.time()
            kind, _flags, channel = struct.unpack_from(">BBH", message.data)
            if kind != FRAGMENT or channel not in counts:
                continue
            for nals in units_of(message.data[HEADER_BYTES:]):
                counts[channel] += 1
                if counts[channel] > JOIN_FRAMES:
                    found.append((keys[channel - 1], vcl_digest("h264", nals), now))
    return found


async def run(args: argparse.Namespace, bearer: str) -> None:
    url = f"ws://{args.address}/v1/live?token={bearer}"
    channels = range(1, len(args.keys) + 1)
    shares = [{channel for channel in channels if channel % args.viewers == viewer} for viewer in range(args.viewers)]
    found = await asyncio.gather(*(watch(url, args.keys, share, args.seconds) for share in shares))
    with args.arrivals.open("w") as file:
        file.writelines(json.dumps(arrival) + "\n" for arrivals in found for arrival in arrivals)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--address", required=True)
    parser.add_argument("--arrivals", type=Path, required=True)
    parser.add_argument("--viewers", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("keys", nargs="+")
    args = parser.parse_args()
    asyncio.run(run(args, sys.stdin.readline().strip()))


if __name__ == "__main__":
    main()
