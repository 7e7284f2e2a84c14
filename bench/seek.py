"""Looking back in Chromium: from a click on the timeline to the picture, and from a move of the finger to the thumbnail.

    python -m bench.seek [--footage 120] [--rounds 40] [--disk DIR]

One camera of 1080p25 at 4 Mbit/s, recorded for so many seconds before. A seek ends when the picture of that very moment is
presented (requestVideoFrameCallback); which it is, its number and the load server's ledger tell. A thumbnail is there when
the page has it decoded.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

from playwright.sync_api import Page

from bench.measure import median, print_table, running_load, scratch
from bench.product import (
    NOTE_TILES,
    READ_MARK,
    browser,
    click_timeline,
    log_in,
    percentile,
    running_product,
    share_of,
    wait_until,
)
from bench.sent import Sent

SEEK_MS, SCRUB_MS = 300.0, 80.0
NEAR_S = 1.2
"""The page tells its moment in whole seconds."""
REST_MS = 1200
APART_S = 4.0
_FINGER = """
window.finger = 0;
window.lifted = 0;
window.small = [];
addEventListener("pointermove", () => { window.finger = Date.now(); }, true);
addEventListener("pointerup", () => { window.lifted = Date.now(); }, true);
document.addEventListener("load", (event) => {
  if (event.target.matches(".step-tile img")) window.small.push([Date.now() - window.finger, event.target.dataset.at]);
}, true);
"""


def apart(dice: random.Random, from_s: float, to_s: float, count: int) -> list[float]:
    """Moments of which no two that follow each other show the same thumbnail."""
    found = [dice.uniform(from_s, to_s)]
    while len(found) < count:
        at_s = dice.uniform(from_s, to_s)
        found += [at_s] if abs(at_s - found[-1]) >= APART_S else []
    return found


def seek(page: Page, at_s: float) -> tuple[float, float, list[tuple[int, int, float]]]:
    """(UTC seconds that it is at, ms UTC of the click, what was presented after)."""
    page.evaluate("() => { window.shown.length = 0; }")
    click_timeline(page, at_s)
    page.wait_for_timeout(REST_MS)
    stands_s = float(page.evaluate("Number(document.querySelector('#timeline').getAttribute('aria-valuenow'))"))
    return stands_s, page.evaluate("window.lifted"), page.evaluate("window.shown")


def seek_ms(sent: Sent, stands_s: float, lifted_ms: float, shown: list[tuple[int, int, float]]) -> float | None:
    """Until the picture that then stands was presented; None where it is not that of the moment."""
    if not shown:
        return None
    last = shown[-1][1]
    left_s = sent.nearest("/cam01/main", last, stands_s + 0.5)
    if left_s is None or abs(left_s - stands_s - 0.5) > NEAR_S:
        return None
    return next(when_ms for _place, mark, when_ms in shown if mark == last) - lifted_ms


def scrub(page: Page, moments: list[float]) -> list[float]:
    """A finger that goes from moment to moment, waiting for each thumbnail."""
    box = page.locator("#timeline").bounding_box()
    assert box is not None
    y = box["y"] + box["height"] * 0.7
    page.mouse.move(box["x"] + box["width"] * share_of(page, moments[0]), y)
    page.mouse.down()
    page.wait_for_timeout(REST_MS)
    found = []
    for at_s in moments[1:]:
        page.evaluate("() => { window.small.length = 0; }")
        page.mouse.move(box["x"] + box["width"] * share_of(page, at_s), y)
        wait_until(page, "window.small.length > 0", 5)
        found.append(float(page.evaluate("window.small[0][0]")))
        page.wait_for_timeout(REST_MS / 4)
    page.mouse.up()
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--footage", type=float, default=120.0, help="seconds recorded before")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--disk", type=Path)
    args = parser.parse_args()
    dice = random.Random(11)
    with scratch(args.disk) as folder:
        ledger = folder / "ledger.jsonl"
        with running_load(1, ledger) as load, running_product(folder / "data", load.urls) as product, browser() as chromium:
            began_s = time.time()
            page = chromium.new_page(viewport={"width": 1366, "height": 768})
            page.add_init_script(READ_MARK + NOTE_TILES + _FINGER)
            log_in(page, product)
            page.wait_for_timeout(args.footage * 1000)
            page.goto(f"{product.web}/playback?cameras={product.keys[0]}&at={began_s + args.footage / 2:.0f}")
            wait_until(page, "window.shown.length > 0")
            page.select_option("#level", "300")
            page.wait_for_timeout(REST_MS)
            moments = apart(dice, began_s + 2, began_s + args.footage - 5, 2 * args.rounds)
            seeks = [seek(page, at_s) for at_s in moments[: args.rounds]]
            thumbs = scrub(page, moments[args.rounds :])
        sent = Sent(ledger)
    times = [ms for ms in (seek_ms(sent, *each) for each in seeks) if ms is not None]
    wrong = len(seeks) - len(times)
    seek_p95, scrub_p95 = percentile(times, 0.95), percentile(thumbs, 0.95)
    rows = [
        ["click to picture", str(len(times)), f"{median(times):.0f}", f"{seek_p95:.0f}", f"{SEEK_MS:g}"],
        ["finger to thumbnail", str(len(thumbs)), f"{median(thumbs):.0f}", f"{scrub_p95:.0f}", f"{SCRUB_MS:g}"],
    ]
    print_table(["looking back", "times", "median ms", "95 % ms", "reach 95 % ms"], rows)
    if wrong:
        print(f"{wrong} seeks did not come to the picture of their moment")
    return 0 if seek_p95 <= SEEK_MS and scrub_p95 <= SCRUB_MS and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
