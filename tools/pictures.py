"""The pictures of README and guide, taken anew: `.venv/bin/python tools/pictures.py`.

Runs `make demo`'s program on free ports with data of its own, lets it record for a while, and photographs the pages in
Chromium (`CHROMIUM`, by default Debian's) into `guide/img/`. Needs `make setup` and the packages of `make test`.
"""

from __future__ import annotations

import contextlib
import io
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "guide" / "img"
LUYTRE = Path(sys.executable).with_name("luytre")
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PASSWORD = "four-words-not-together"
LARGEST_BYTES = 300_000
RECORD_S = 75
LOOK_BACK_S = 45
SHOWN = "[...document.querySelectorAll('.step-tile')].every(tile => tile.dataset.state === 'footage')"
PLAYING = "document.querySelectorAll('video').length && [...document.querySelectorAll('video')].every(v => v.currentTime > 0)"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def demo(data: str) -> Iterator[str]:
    """The address of a demo's pages; a known password is given to its administrator."""
    web = f"127.0.0.1:{free_port()}"
    more = {"LUYTRE_DATA": data, "LUYTRE_WEB_ADDR": web, "LUYTRE_MEDIA_ADDR": f"127.0.0.1:{free_port()}"}
    settings = os.environ | more | {"LUYTRE_DEMO_PORT": str(free_port()), "LUYTRE_LANG": "vi"}
    with subprocess.Popen([sys.executable, ROOT / "tools" / "demo.py"], env=settings, stdout=subprocess.DEVNULL) as process:
        try:
            wait_for_cameras(settings, process)
            command = [LUYTRE, "user", "password", "admin", "--password-stdin"]
            subprocess.run(command, env=settings, input=PASSWORD + "\n", text=True, check=True)
            yield f"http://{web}"
        finally:
            process.terminate()
            process.wait(60)


def wait_for_cameras(settings: dict[str, str], process: subprocess.Popen[bytes], within_s: float = 120.0) -> None:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline and process.poll() is None:
        listed = subprocess.run([LUYTRE, "camera", "list"], env=settings, capture_output=True, text=True, check=False)
        if listed.stdout.count("\n") >= 8:
            return
        time.sleep(1)
    raise RuntimeError("the demo did not start")


def log_in(browser: Browser, web: str, width_px: int, height_px: int) -> Page:
    # bypass_csp: waiting for a condition is an `eval`, which the pages forbid
    page = browser.new_context(viewport={"width": width_px, "height": height_px}, locale="vi-VN", bypass_csp=True).new_page()
    page.goto(f"{web}/login")
    page.fill("input[name=login]", "admin")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/wall")
    return page


def keep(page: Page, name: str) -> None:
    """As a PNG of 256 colours: enough for a page, a third of the size."""
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    path = IMAGES / f"{name}.png"
    picture.save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}  {size // 1000} kB")
    if size > LARGEST_BYTES:
        raise RuntimeError(f"{path.name} is larger than {LARGEST_BYTES} bytes")


def photograph(browser: Browser, web: str) -> None:
    page = log_in(browser, web, 1280, 760)
    page.goto(f"{web}/wall")
    page.wait_for_function(PLAYING, timeout=60_000)
    page.wait_for_timeout(3_000)
    keep(page, "wall")
    page.fill("#find-side", "chợ 21h30 tối qua")
    page.wait_for_selector("#found-side a[role=option]")
    keep(page, "find")
    look_back(page, web)
    for name, address in (
        ("health", "/health"),
        ("cameras", "/cameras"),
        ("start", "/start?step=disk"),
        ("sheet", "/cameras/import"),
    ):
        page.goto(web + address)
        page.wait_for_timeout(2_000)
        keep(page, name)
    page.goto(f"{web}/people/add")
    page.fill("#id_name", "Trưởng thôn Đông")
    keep(page, "invite")
    land(page, web)
    rules(page, web)
    phone = log_in(browser, web, 390, 780)
    phone.wait_for_function(PLAYING, timeout=60_000)
    phone.wait_for_timeout(3_000)
    keep(phone, "phone")


def land(page: Page, web: str) -> None:
    """The map near the market, and a plan of the demo's land from wishes to version."""
    page.goto(f"{web}/map?at=20.9124,105.9722,17.1&layers=eyes,views,hamlets,places,needs,obstacles,past")
    page.wait_for_selector("#map canvas")
    page.wait_for_timeout(5_000)
    keep(page, "map")
    page.goto(f"{web}/plans/new")
    page.click("main form button[type=submit]")
    page.click("form[action$='/compute'] button")
    page.wait_for_selector("form[action$='/wish']", timeout=120_000)
    page.wait_for_timeout(1_000)
    keep(page, "plan")


def look_back(page: Page, web: str) -> None:
    """Three cameras by the market in step, a span marked, a moment saved, the clips taken out."""
    page.goto(f"{web}/playback?at={time.time() - LOOK_BACK_S:.0f}&cameras={near_the_market(page, web)}")
    page.wait_for_function(SHOWN, timeout=60_000)
    page.click("#mark-in")
    page.click("#forward")
    page.click("#mark-out")
    page.click("#zoom-in")
    page.click("#zoom-in")
    page.wait_for_function(SHOWN, timeout=60_000)
    page.wait_for_timeout(3_000)
    keep(page, "playback")
    page.keyboard.press("b")
    page.wait_for_selector(".bookmark")
    page.click("#export")
    page.wait_for_function("document.querySelector('#export-words').innerText.includes('Đã trích xuất')", timeout=60_000)
    page.wait_for_timeout(3_000)
    keep(page, "clip")


def rules(page: Page, web: str) -> None:
    """A regulation approved, with one person who agrees to clips; what looks otherwise from then on."""
    page.goto(f"{web}/regulation")
    page.click("button[name=from][value=proposal]")
    page.goto(f"{web}/regulation/draft/export")
    page.check("input[name=persons][value='1']")
    page.check("input[name=roles][value=head]")
    keep(page, "draft")
    page.click("main button[type=submit].btn-primary")
    page.goto(f"{web}/regulation/draft/approve")
    page.click("main button[type=submit].btn-primary")
    page.wait_for_url("**/regulation")
    keep(page, "regulation")
    page.goto(f"{web}/playback?at={time.time() - LOOK_BACK_S:.0f}&cameras={near_the_market(page, web)}")
    page.wait_for_selector("#reason[open]")
    page.check("#reason-choices input[value=crime]")
    page.fill("#reason-reference", "VV 12/2026")
    keep(page, "reason")
    page.click("#reason-form button")
    page.wait_for_function(SHOWN, timeout=60_000)
    for each in ("#mark-in", "#forward", "#mark-out", "#export"):
        page.click(each)
    page.click("#takeout a >> nth=0")
    page.wait_for_url("**/evidence/*")
    keep(page, "request")
    page.goto(f"{web}/holds/new?cameras={near_the_market(page, web).partition(',')[0]}")
    for name, words in (
        ("reference", "VV 12/2026"),
        ("reason", "Mất xe máy trước cổng chợ"),
        ("start", "21h25 tối qua"),
        ("end", "21h40"),
    ):
        page.fill(f"#id_{name}", words)
    keep(page, "hold")
    hide_a_home(page, web)


def hide_a_home(page: Page, web: str) -> None:
    page.goto(f"{web}/cameras/{near_the_market(page, web).partition(',')[0]}/masks")
    page.wait_for_timeout(3_000)
    page.click("#new")
    box = page.locator("#stage").bounding_box()
    assert box is not None
    for x, y in ((0.1, 0.25), (0.32, 0.25), (0.32, 0.6), (0.1, 0.6)):
        page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
    keep(page, "masks")


def near_the_market(page: Page, web: str) -> str:
    """The keys of the camera at the market and of the two nearest."""
    page.goto(f"{web}/find?q=chợ")
    page.click("a.found[href^='/cameras/']")
    page.wait_for_url("**/cameras/*")
    near = [link.get_attribute("href") or "" for link in page.locator("#below .list-inline-item a").all()[:2]]
    return ",".join(address.rpartition("/")[2] for address in (page.url, *near))


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, demo(data) as web, sync_playwright() as playwright:
        time.sleep(RECORD_S)  # so that there is something to look back at
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        photograph(browser, web)
        browser.close()


if __name__ == "__main__":
    main()
