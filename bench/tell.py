"""How long telling something takes on a telephone over a slow line, from opening the page to the code.

    python -m bench.tell [--rounds 3] [--kbit 400] [--rtt-ms 400] [--slower 4] [--photo-mb 3] [--disk DIR]

Chromium as a telephone that was never here: nothing in its cache, the line and the processor held back by its own developer
tools. A robot taps and types at a person's pace, adds a photo as the telephone's camera makes it, which the page makes small, and
sends. The service worker's fetches are another process, which Chromium does not hold back: they are not counted.
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import sys
import time
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from bench.measure import print_table, scratch
from bench.product import browser, running_product, wait_until

REACH_S, REACH_SCREENS = 60.0, 3
LOOK_S = 1.0
"""A person finds what to press next."""
LETTER_S = 0.25
"""A letter on a telephone, with its accents."""
PLACE, WORDS = "cổng chợ", "Mất xe máy Wave đỏ, hai người chạy về phía cầu"
PARTS = ("page usable", "kind, place and words", "photo made small", "to the code", "all of it")
_SIZES = "performance.getEntries().filter((one) => 'transferSize' in one).reduce((sum, one) => sum + one.transferSize, 0)"


def camera_photo(wanted_bytes: int) -> bytes:
    """4000x3000, within a tenth of the size that is wanted."""
    width, height = 4000, 3000
    soft = Image.effect_noise((width // 8, height // 8), 90).resize((width, height))
    grain = Image.frombytes("L", (width, height), os.urandom(width * height))
    picture = Image.blend(soft, grain, 0.12).convert("RGB")
    best = b""
    for quality in range(30, 97, 3):
        written = BytesIO()
        picture.save(written, "JPEG", quality=quality)
        best = min(best or written.getvalue(), written.getvalue(), key=lambda data: abs(len(data) - wanted_bytes))
    return best


def type_as_a_person(page: Page, field: str, text: str) -> None:
    tap(page, field)
    page.keyboard.type(text, delay=LETTER_S * 1000)


def tap(page: Page, where: str) -> None:
    page.wait_for_timeout(LOOK_S * 1000)
    page.locator(where).first.tap()


def told(page: Page, web: str, photo: bytes) -> tuple[list[float], int, int]:
    """Seconds by `PARTS`, screens, bytes fetched for the page."""
    moments = [time.monotonic()]
    page.goto(f"{web}/bao-tin", wait_until="commit")
    wait_until(page, "document.querySelector('#tell-steps')?.hidden === false")
    moments.append(time.monotonic())
    screens = page.locator("[data-screen]").count()
    tap(page, "label:has-text('Trộm cắp')")
    tap(page, "[data-next]")
    fetched = int(page.evaluate(_SIZES))
    type_as_a_person(page, "[name=place]", PLACE)
    type_as_a_person(page, "[name=words]", WORDS)
    moments.append(time.monotonic())
    page.set_input_files("#photos", {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": photo})
    wait_until(page, "document.querySelector('#photos-shown img') !== null")
    moments.append(time.monotonic())
    tap(page, "[data-next]")
    tap(page, "#tell button[type=submit]")
    wait_until(page, "document.querySelector('#code')?.textContent?.length === 14", within_s=180)
    moments.append(time.monotonic())
    parts = [later - earlier for earlier, later in itertools.pairwise(moments)]
    return [*parts, moments[-1] - moments[0]], screens, fetched


def one_round(chromium: Browser, web: str, photo: bytes, args: argparse.Namespace) -> tuple[list[float], int, int]:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2, has_touch=True, is_mobile=True)
    page = context.new_page()
    tools = context.new_cdp_session(page)
    rate = args.kbit * 1000 / 8
    tools.send("Network.enable")
    line = {"offline": False, "latency": args.rtt_ms, "downloadThroughput": rate, "uploadThroughput": rate}
    tools.send("Network.emulateNetworkConditions", line)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": args.slower})
    try:
        return told(page, web, photo)
    finally:
        context.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kbit", type=float, default=400.0)
    parser.add_argument("--rtt-ms", type=float, default=400.0)
    parser.add_argument("--slower", type=float, default=4.0)
    parser.add_argument("--photo-mb", type=float, default=3.0)
    parser.add_argument("--disk", type=Path)
    args = parser.parse_args()
    photo = camera_photo(round(args.photo_mb * 1_000_000))
    with scratch(args.disk) as folder, running_product(folder, []) as product, browser() as chromium:
        rounds = [one_round(chromium, product.web, photo, args) for _round in range(args.rounds)]
    line = f"{args.kbit:g} kbit/s both ways, {args.rtt_ms:g} ms, processor {args.slower:g} times slower"
    print(f"{line}, photo {len(photo) / 1e6:.1f} MB")
    rows = [
        [part, f"{statistics.median(one[0][at] for one in rounds):.1f}", f"{max(one[0][at] for one in rounds):.1f}"]
        for at, part in enumerate(PARTS)
    ]
    print_table(["seconds", "median", "worst"], rows)
    worst, screens = max(one[0][-1] for one in rounds), max(one[1] for one in rounds)
    print(f"{screens} screens; {max(one[2] for one in rounds) / 1000:.0f} kB fetched for the page")
    return 0 if worst <= REACH_S and screens <= REACH_SCREENS else 1


if __name__ == "__main__":
    sys.exit(main())
