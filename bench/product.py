"""The whole product for benches that look at pages: `luytre serve` with cameras of the load server, and Chromium.

Cameras are given to the registry directly, in one process; all else goes the way of a user.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bench.live import free_port, token
from bench.load import BLOCKS, MARK_BITS, block_px
from bench.measure import LUYTRE, family
from luytre.base.secret_files import node_key

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PASSWORD = "four-words-not-together"
_ADD = """
import json, sys
from luytre.bridge.django import start_django
start_django()
from luytre.civic.registry.address import parse_address
from luytre.civic.registry.cameras import CameraDraft, save_camera
for name, main, sub in json.load(sys.stdin):
    made = save_camera(CameraDraft(name=name, main=parse_address(main), sub=parse_address(sub) if sub else None))
    print(made.key)
"""


@dataclass(frozen=True, slots=True)
class Product:
    """`keys` in the order of the cameras."""

    web: str
    media: str
    folder: Path
    server: subprocess.Popen[str]
    keys: list[str]
    settings: dict[str, str]

    def pids(self) -> list[int]:
        return family([self.server.pid])

    def pids_of(self, *modules: str) -> list[int]:
        """Those of the supervisor's processes that run one of these modules."""
        return [pid for pid in self.pids() if any(module in _command(pid) for module in modules)]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:  # it has ended since
        return ""


def pairs_of(urls: Sequence[str]) -> list[tuple[str, str, str]]:
    """(name, main, sub) of each camera of a load server; sub is empty where there is none."""
    subs = {url for url in urls if url.endswith("/sub")}
    mains = [url for url in urls if url.endswith("/main")]
    return [
        (f"Mắt {index:02d}", url, sub if (sub := url.removesuffix("main") + "sub") in subs else "")
        for index, url in enumerate(mains, 1)
    ]


@contextmanager
def running_product(folder: Path, urls: Sequence[str]) -> Iterator[Product]:
    """Ready, with all cameras being recorded."""
    web, media = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
    settings = os.environ | {"LUYTRE_DATA": str(folder), "LUYTRE_WEB_ADDR": web, "LUYTRE_MEDIA_ADDR": media, "LUYTRE_LANG": "vi"}
    with subprocess.Popen(
        [LUYTRE, "serve"], env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            _wait_for(web)
            password = [str(LUYTRE), "user", "password", "admin", "--password-stdin"]
            subprocess.run(password, env=settings, input=PASSWORD + "\n", text=True, check=True, capture_output=True)
            listed = json.dumps(pairs_of(urls))
            added = subprocess.run(
                [sys.executable, "-c", _ADD], env=settings, input=listed, text=True, check=True, capture_output=True
            )
            product = Product(f"http://{web}", media, folder, server, added.stdout.split(), settings)
            _wait_until_recorded(product)
            yield product
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)


def _wait_for(address: str, within_s: float = 90.0) -> None:
    host, _colon, port = address.rpartition(":")
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        try:
            with socket.create_connection((host, int(port)), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"nothing answers at {address}")


def status(product: Product) -> dict[str, dict[str, object]]:
    """What the recorder tells of each camera, by its key (ref/api.md)."""
    bearer = token(node_key(product.folder / "secrets"), "status")
    request = urllib.request.Request(f"http://{product.media}/v1/status", headers={"Authorization": f"Bearer {bearer}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return {camera["camera"]: camera for camera in json.load(answer)["cameras"]}


def _wait_until_recorded(product: Product, within_s: float = 90.0) -> None:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        told = status(product)
        if all(told.get(key, {}).get("frames") for key in product.keys):
            return
        time.sleep(0.5)
    raise RuntimeError("not every camera is recorded")


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        try:
            yield launched
        finally:
            launched.close()


def chromium_pids() -> list[int]:
    """Chromium's processes that this one started."""
    return [pid for pid in family([os.getpid()]) if "chromium" in _command(pid)]


def log_in(page: Page, product: Product, web: str | None = None) -> None:
    page.goto(f"{web or product.web}/login")
    page.fill("#id_login", "admin")
    page.fill("#id_password", PASSWORD)
    page.click("button[type=submit].btn-primary")
    page.wait_for_url(lambda url: "/login" not in url)


def wait_until(page: Page, expression: str, within_s: float = 60.0) -> None:
    """As Playwright's `wait_for_function`, which the pages' content policy does not let run."""
    deadline = time.monotonic() + within_s
    while not page.evaluate(expression):
        if time.monotonic() > deadline:
            raise RuntimeError(f"never came true: {expression}")
        page.wait_for_timeout(50)


READ_MARK = f"""
window.readMark = (video) => {{
  const side = Math.floor(video.videoHeight * {block_px(1080)} / 1080);
  const canvas = (window.markCanvas ??= Object.assign(document.createElement("canvas"), {{ width: {BLOCKS * 10}, height: 10 }}));
  const context = canvas.getContext("2d", {{ willReadFrequently: true }});
  context.drawImage(video, 0, 0, side * {BLOCKS}, side, 0, 0, {BLOCKS * 10}, 10);
  const data = context.getImageData(0, 5, {BLOCKS * 10}, 1).data;
  const bits = Array.from({{ length: {BLOCKS} }}, (_, place) => (data[(place * 10 + 5) * 4] > 127 ? 1 : 0));
  if (bits[0] !== 1 || bits[{BLOCKS - 1}] !== 0) return null;
  return bits.slice(1, {MARK_BITS + 1}).reduce((sum, bit) => sum * 2 + bit, 0);
}};
"""
"""For `add_init_script`: the number of the picture that a video shows, or null where it has no mark."""


NOTE_TILES = """
window.shown = [];
const known = new Set();
const look = () => document.querySelectorAll(".step-tile video").forEach((video, place) => {
  if (known.has(video)) return;
  known.add(video);
  const note = (_now, frame) => {
    const mark = window.resting ? null : window.readMark(video);
    if (mark !== null) window.shown.push([place, mark, performance.timeOrigin + frame.expectedDisplayTime]);
    video.requestVideoFrameCallback(note);
  };
  video.requestVideoFrameCallback(note);
});
new MutationObserver(look).observe(document, { childList: true, subtree: true });
"""
"""What is shown where and when (ms UTC), with `READ_MARK` before it. Nothing is looked at while `window.resting`."""


def share_of(page: Page, at_s: float) -> float:
    """Where a moment is on the timeline."""
    view = "['min', 'max'].map((end) => Number(document.querySelector('#timeline').getAttribute(`aria-value${end}`)))"
    first, last = page.evaluate(view)
    return (at_s - float(first)) / (float(last) - float(first))


def click_timeline(page: Page, at_s: float) -> None:
    """Below the marks, in the lanes of the cameras."""
    box = page.locator("#timeline").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * share_of(page, at_s), box["y"] + box["height"] * 0.7)


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
