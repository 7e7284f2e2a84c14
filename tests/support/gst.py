"""GStreamer's RTSP server with a ledger: a camera that shares no code with this repository."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from luytre.simulate.source import Clip
from luytre.simulate.units import AccessUnit
from tests.support.cameras import MAIN

FEEDER = Path(__file__).with_name("gst_feeder.py")


@dataclass(frozen=True, slots=True)
class FedUnit:
    """`feed` counts pipelines (one for each client), `pts_90k` goes on from round to round."""

    feed: int
    number: int
    vcl_sha256: str
    pts_90k: int
    is_key: bool


class GstServer:
    """A running server; its process ends when its standard input does. `auth`: None, or (user, password, kind)."""

    def __init__(self, clip: Clip, folder: Path, auth: tuple[str, str, str] | None = None, loops: int = 0, **pay: str) -> None:
        self.clip, self.auth = clip, auth
        self.fed: list[FedUnit] = []
        feed = folder / f"gst-{id(self)}.feed"
        write_feed(clip, feed)
        command = ["/usr/bin/python3", str(FEEDER), str(feed), "--loops", str(loops)]
        command += ["--login", f"{auth[0]}:{auth[1]}", "--auth", auth[2]] if auth else []
        command += [part for name, value in pay.items() for part in (f"--{name}={value}",)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        first = self._process.stdout.readline()
        if not first:
            self.stop()
            raise RuntimeError("GStreamer's server did not start: are gir1.2-gst-rtsp-server-1.0 and python3-gi there?")
        self.port = int(json.loads(first)["port"])
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def url(self, *, login: bool = True) -> str:
        head = f"{quote(self.auth[0], safe='')}:{quote(self.auth[1], safe='')}@" if self.auth and login else ""
        return f"rtsp://{head}127.0.0.1:{self.port}{MAIN}"

    def digests(self, feed: int = 0) -> list[str]:
        """The units that went to a client's pipeline, in order."""
        return [unit.vcl_sha256 for unit in list(self.fed) if unit.feed == feed]

    def stop(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(timeout=10)
        if hasattr(self, "_reader"):
            self._reader.join(timeout=10)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            told: dict[str, Any] = json.loads(line)
            turn, index = divmod(told["unit"], len(self.clip.units))
            unit: AccessUnit = self.clip.units[index]
            pts_90k = unit.pts_90k + turn * self.clip.duration_90k
            self.fed.append(FedUnit(told["feed"], told["unit"], unit.vcl_sha256, pts_90k, unit.is_key))


def write_feed(clip: Clip, path: Path) -> None:
    """The file that `gst_feeder` reads."""
    with path.open("wb") as file:
        head = {"codec": clip.description.codec, "duration_90k": clip.duration_90k}
        file.write(json.dumps(head).encode() + b"\n")
        for unit in clip.units:
            data = b"".join(b"\x00\x00\x00\x01" + nal for nal in (*unit.parameter_sets, *unit.nals))
            file.write(len(data).to_bytes(4, "big"))
            for time_90k in (unit.pts_90k, unit.dts_90k):
                file.write(time_90k.to_bytes(8, "big", signed=True))
            file.write(data)


@contextmanager
def running_gst(*args: Any, **kwargs: Any) -> Iterator[GstServer]:
    server = GstServer(*args, **kwargs)
    try:
        yield server
    finally:
        server.stop()
