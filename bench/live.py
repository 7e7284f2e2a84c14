"""Delay that this side adds to live pictures: from a frame leaving the camera to its arrival at a viewer's WebSocket.

    python -m bench.live [--cameras 35] [--seconds 20] [--viewers 4]

The recorder's node records all cameras (1080p25, 4 Mbit/s); viewers watch the first one's main stream. When each frame left
is told by the simulated camera's ledger, by the same clock; a frame is known again by the hash of its picture.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

import aiohttp
import jwt

from bench.load import cameras as load_cameras
from bench.load import load_clip
from bench.measure import cpu_s, running_load, scratch
from luytre.base.secret_files import node_key
from luytre.media.fragment import parse_fragment_head
from luytre.media.recorder.cameras import KeptList
from luytre.simulate.ledger import Ledger
from luytre.simulate.server import SimulatedServer
from luytre.simulate.units import vcl_digest

FRAGMENT, HEADER_BYTES = 2, 8
JOIN_FRAMES = 60
"""The newest GOP, sent at once to who joins, is older by design and not counted."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def token(key: str, right: str) -> str:
    now = int(time.time())
    claims = {"iss": "luytre-web", "aud": "luytre-recorder", "sub": "bench", "iat": now, "exp": now + 300, "jti": "bench"}
    return jwt.encode(claims | {"right": right, "cams": ["*"]}, key, algorithm="HS256")


def units_of(fragment: bytes) -> list[list[bytes]]:
    """The NAL units of each sample of a fragment."""
    picture = parse_fragment_head(fragment, 0, 0).tracks[0]
    at, found = picture.data_offset_bytes, []
    for size in picture.sizes:
        end, nals = at + size, []
        while at < end:
            length = int.from_bytes(fragment[at : at + 4], "big")
            nals.append(fragment[at + 4 : at + 4 + length])
            at += 4 + length
        found.append(nals)
    return found


async def watch(url: str, seconds: float, arrivals: dict[str, float]) -> None:
    """Notes when each picture arrived."""
    async with aiohttp.ClientSession() as session, session.ws_connect(url, max_msg_size=0) as page:
        await page.send_json({"op": "open", "ch": 1, "camera": "cam01", "stream": "main"})
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            message = await page.receive(timeout=20)
            if message.type is not aiohttp.WSMsgType.BINARY:
                continue
            now = time.time()
            if struct.unpack_from(">B", message.data)[0] == FRAGMENT:
                for nals in units_of(message.data[HEADER_BYTES:]):
                    arrivals.setdefault(vcl_digest("h264", nals), now)


def start_node(
    folder: Path, urls: list[str], hidden: list[list[list[float]]] | None = None
) -> tuple[subprocess.Popen[bytes], str, str]:
    """A recorder that knows its cameras from its kept list; (process, address, key). `hidden`: polygons in each picture."""
    key = node_key(folder / "secrets")
    listed = [{"key": f"cam{n:02d}", "name": f"cam{n:02d}", "enabled": True, "main_url": url} for n, url in enumerate(urls, 1)]
    masks = {"masks": {"version": 1, "polygons": hidden}} if hidden else {}
    listed = [camera | masks for camera in listed]
    KeptList(folder / "recorder" / "cameras.enc", key).save(json.dumps({"cameras": listed}).encode())
    media, web = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
    environment = os.environ | {"LUYTRE_DATA": str(folder), "LUYTRE_MEDIA_ADDR": media, "LUYTRE_WEB_ADDR": web}
    command = [sys.executable, "-m", "luytre.media.recorder"]
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL), media, key


async def run(number: int, seconds: float, viewers: int, folder: Path) -> None:
    ledger = Ledger()
    watched = SimulatedServer(load_cameras(load_clip(), 1), ledger=ledger)
    await watched.start()
    with running_load(max(1, number - 1)) as load:
        urls = [f"rtsp://127.0.0.1:{watched.port}/cam01/main", *load.urls[: number - 1]]
        node, media, key = start_node(folder, urls)
        try:
            await asyncio.sleep(8)
            url = f"ws://{media}/v1/live?token={token(key, 'live')}"
            before, began_s = cpu_s([node.pid]), time.monotonic()
            all_arrivals: list[dict[str, float]] = [{} for _ in range(viewers)]
            await asyncio.gather(*(watch(url, seconds, arrivals) for arrivals in all_arrivals))
            used = (cpu_s([node.pid]) - before) / (time.monotonic() - began_s)
        finally:
            node.terminate()
            node.wait(timeout=20)
    await watched.stop()
    report(ledger, all_arrivals, used, number, viewers)


def report(ledger: Ledger, all_arrivals: list[dict[str, float]], used: float, number: int, viewers: int) -> None:
    # the loop repeats pictures: an arrival belongs to the last time its picture left before it
    sent: dict[str, list[float]] = {}
    for entry in ledger.entries:
        sent.setdefault(entry.vcl_sha256, []).append(entry.sent_utc_90k / 90_000)
    delays = []
    for arrivals in all_arrivals:
        for digest, at in list(arrivals.items())[JOIN_FRAMES:]:
            earlier = [moment for moment in sent.get(digest, []) if moment <= at]
            if earlier:
                delays.append((at - earlier[-1]) * 1000)
    delays.sort()
    p50, p99 = delays[len(delays) // 2], delays[len(delays) * 99 // 100]
    print(f"{number} cameras recorded, {viewers} viewers of one, {len(delays)} frames:")
    print(f"added delay p50 {p50:.0f} ms, p99 {p99:.0f} ms")
    print(f"recorder {used * 100:.1f} % of a core while they watch")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cameras", type=int, default=35)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--viewers", type=int, default=4)
    parser.add_argument("--disk", type=Path)
    args = parser.parse_args()
    with scratch(args.disk) as folder:
        asyncio.run(run(args.cameras, args.seconds, args.viewers, folder))


if __name__ == "__main__":
    main()
