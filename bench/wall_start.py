"""How long it takes from the click on the wall in the menu until all its pictures move, in Chromium.

    python -m bench.wall_start [--cameras 16] [--rounds 5] [--disk DIR]

From the click to the second picture of the last tile (requestVideoFrameCallback). The first round has an empty cache; the
others are as on any other day, and are what the bound speaks of.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page

from bench.measure import cpu_s, family, median, print_table, running_load, scratch
from bench.product import Product, browser, chromium_pids, log_in, running_product, wait_until

REACH_MS = 1500.0
SETTLE_MS = 1500
_NOTE = """
addEventListener("click", () => sessionStorage.setItem("clicked", String(Date.now())), true);
window.moving = [];
const known = new Set();
const look = () => {
  for (const video of document.querySelectorAll(".tile video")) {
    if (known.has(video)) continue;
    known.add(video);
    video.requestVideoFrameCallback(() => video.requestVideoFrameCallback(() => window.moving.push(Date.now())));
  }
};
new MutationObserver(look).observe(document, { childList: true, subtree: true });
"""


def start_ms(page: Page, product: Product, cameras: int) -> float:
    page.goto(f"{product.web}/cameras")
    page.wait_for_timeout(SETTLE_MS)
    page.click('nav.side-nav a[href="/wall"]')
    page.wait_for_url("**/wall")
    wait_until(page, f"window.moving.length >= {cameras}")
    passed: float = page.evaluate("Math.max(...window.moving) - Number(sessionStorage.getItem('clicked'))")
    return passed


def used(pids: Sequence[int]) -> float:
    return cpu_s([pid for pid in pids if Path(f"/proc/{pid}").exists()])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cameras", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--disk", type=Path)
    args = parser.parse_args()
    with (
        scratch(args.disk) as folder,
        running_load(args.cameras, subs=True) as load,
        running_product(folder, load.urls) as product,
        browser() as chromium,
    ):
        page = chromium.new_page(viewport={"width": 1366, "height": 768})
        log_in(page, product)
        page.add_init_script(_NOTE)
        began_s, before = time.monotonic(), (used([load.pid]), used(product.pids()), used(family(chromium_pids())))
        times = [start_ms(page, product, args.cameras) for _ in range(args.rounds + 1)]
        passed_s, after = time.monotonic() - began_s, (used([load.pid]), used(product.pids()), used(family(chromium_pids())))
    shares = [f"{100 * (late - early) / passed_s:.0f}" for early, late in zip(before, after, strict=True)]
    first, later = times[0], times[1:]
    rows = [[f"{args.cameras} pictures", f"{first:.0f}", f"{median(later):.0f}", f"{max(later):.0f}", *shares]]
    print_table(["wall", "first ms", "median ms", "worst ms", "load's % of a core", "luytre's", "Chromium's"], rows)
    return 0 if median(later) <= REACH_MS else 1


if __name__ == "__main__":
    sys.exit(main())
