"""Timelines and seeking in an archive of 35 cameras over 30 days, about 1.5 million files' rows.

    python -m bench.timeline [--cameras 35] [--days 30] [--disk DIR]

Timeline: all cameras' spans and gaps over the whole time, as one question to the archive. Seek: a random camera and moment
asked of a running recorder over HTTP, a playlist and then the first piece that it names, until the first byte is there.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import jwt

from bench.archives import DAY_90K, fill_index, write_footage
from bench.measure import median, print_table, scratch, stop
from luytre.base.clock import TICKS_PER_S, SystemClock
from luytre.media.archive import Queries, Segment, open_queries

REACH_TIMELINE_MS, REACH_SEEK_MS = 30.0, 50.0
SEEKS = 60
PORT = 18481


def timelines_ms(queries: Queries, days: int, rounds: int = 20) -> list[float]:
    end = SystemClock().utc_90k()
    found = []
    for _ in range(rounds):
        started = time.monotonic()
        answer = queries.timelines(end - days * DAY_90K, end, "main")
        found.append((time.monotonic() - started) * 1000)
    print(
        f"{len(answer)} timelines, {sum(len(line.spans) for line in answer)} spans, {sum(len(line.gaps) for line in answer)} gaps"
    )
    return found


def place_files(queries: Queries, template: Segment, cameras: int, days: int) -> list[tuple[str, int]]:
    """Real files for random moments: (camera, moment)."""
    dice, end = random.Random(2), SystemClock().utc_90k()
    places: list[tuple[str, int]] = []
    while len(places) < SEEKS:
        camera = f"eye{dice.randrange(cameras) + 1:02d}"
        moment = end - dice.randrange(2 * TICKS_PER_S, days * DAY_90K)
        found = queries.find(camera, "main", moment)
        if found is None or found.end_utc_90k - moment < 10 * TICKS_PER_S:
            continue
        os.makedirs(os.path.dirname(found.path), exist_ok=True)
        if not os.path.exists(found.path):
            os.link(template.path, found.path)
        places.append((camera, moment))
    return places


@contextmanager
def running_recorder(data: Path) -> Iterator[str]:
    """A recorder over the archive in `data`; a token that may read everything."""
    key = secrets.token_hex(32)
    (data / "secrets").mkdir(mode=0o700, parents=True, exist_ok=True)
    (data / "secrets/node.key").write_text(key)
    (data / "secrets/node.key").chmod(0o600)
    settings = {"LUYTRE_DATA": str(data), "LUYTRE_MEDIA_ADDR": f"127.0.0.1:{PORT}", "LUYTRE_WEB_ADDR": f"127.0.0.1:{PORT + 1}"}
    process = subprocess.Popen(
        [sys.executable, "-m", "luytre.media.recorder"],
        env=os.environ | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    now = int(time.time())
    claims: dict[str, object] = {"iss": "luytre-web", "aud": "luytre-recorder", "sub": "system", "jti": secrets.token_hex(8)}
    claims |= {"iat": now, "exp": now + 290, "right": "export", "cams": ["*"], "from": 0, "to": now + 86_400}
    try:
        _wait_for_health(process)
        yield jwt.encode(claims, key, algorithm="HS256")
    finally:
        stop([process])


def _wait_for_health(process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if _get("/v1/health", {}).status == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the recorder did not start")


def _get(path: str, headers: dict[str, str]) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    connection.request("GET", path, headers=headers)
    return connection.getresponse()


def seek_ms(camera: str, moment_utc_90k: int, token: str) -> float:
    """Playlist from this moment on, then the first piece's first byte, as a player asks."""
    headers = {"Authorization": f"Bearer {token}"}
    start_s = moment_utc_90k / TICKS_PER_S
    started = time.monotonic()
    asked = _get(f"/v1/hls/{camera}/main/index.m3u8?from={start_s:.3f}&to={start_s + 60:.3f}", headers)
    playlist = asked.read().decode()
    if asked.status != 200:
        raise RuntimeError(f"playlist: {asked.status} {playlist}")
    lines = playlist.splitlines()
    at = next(index for index, line in enumerate(lines) if line.startswith("#EXT-X-BYTERANGE"))
    size, offset = re.findall(r"\d+", lines[at])
    uri = next(line for line in lines[at + 1 :] if not line.startswith("#"))
    path = uri if uri.startswith("/") else os.path.normpath(f"/v1/hls/{camera}/main/{uri}")
    piece = _get(path, headers | {"Range": f"bytes={offset}-{int(offset) + int(size) - 1}"})
    if piece.status != 206 or not piece.read(1):
        raise RuntimeError(f"piece: {piece.status}")
    return (time.monotonic() - started) * 1000


def measure(folder: Path, cameras: int, days: int) -> tuple[list[float], list[float]]:
    root = folder / "archive"
    template = write_footage(root, 70)[0]
    kept = folder / "template.mp4"
    shutil.copy(template.path, kept)
    template = template._replace(path=str(kept))
    rows = fill_index(root, template, cameras, days)
    print(f"{cameras} cameras, {days} days, {rows} segment rows, index {(root / 'index.sqlite3').stat().st_size / 1e6:.0f} MB")
    queries = open_queries(root, SystemClock())
    timelines = timelines_ms(queries, days)
    places = place_files(queries, template, cameras, days)
    queries.close()
    with running_recorder(folder) as token:
        return timelines, [seek_ms(camera, moment, token) for camera, moment in places]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cameras", type=int, default=35)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--disk", type=Path)
    args = parser.parse_args()
    with scratch(args.disk) as folder:
        timelines, seeks = measure(folder, args.cameras, args.days)
    rows = [
        [name, f"{times[0]:.1f}", f"{median(times):.1f}", f"{sorted(times)[len(times) * 95 // 100]:.1f}", f"{reach:g}"]
        for name, times, reach in (("timeline", timelines, REACH_TIMELINE_MS), ("seek to first byte", seeks, REACH_SEEK_MS))
    ]
    print_table(["", "first ms", "median ms", "95 % ms", "reach ms"], rows)
    return 0 if median(timelines) <= REACH_TIMELINE_MS and median(seeks) <= REACH_SEEK_MS else 1


if __name__ == "__main__":
    sys.exit(main())
