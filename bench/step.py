"""Four cameras looked back at in step, in Chromium: how far apart are the pictures that stand side by side?

    python -m bench.step [--cameras 4] [--minutes 5] [--seeks 10] [--disk DIR]

1080p25 at 4 Mbit/s each. The pictures carry their numbers, the load server's ledger tells when each left; a script in the page
notes which picture is presented when (requestVideoFrameCallback). A picture is as late as the time from its leaving to its
being shown; skew is the difference between the camera that is latest and the one that is least late, by their medians over
some seconds: so the places of the pictures between two beats of 40 ms do not count, and neither does one picture that came late.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from bench.measure import median, print_table, running_load, scratch
from bench.product import NOTE_TILES, READ_MARK, browser, click_timeline, log_in, percentile, running_product, wait_until
from bench.sent import Sent

REACH_MS = 40.0
BEHIND_S = 40.0
SETTLE_MS, LOOK_MS = 2500, 4000
LEAST_PICTURES = 10


@dataclass(frozen=True, slots=True)
class Look:
    """Some seconds of watching: the clock's moment (UTC s) at a time (ms UTC), and what was presented: (place, mark, ms UTC)."""

    stands_s: float
    noted_ms: float
    shown: list[tuple[int, int, float]]


def look(page: Page, length_ms: float = LOOK_MS) -> Look:
    page.evaluate("() => { window.shown.length = 0; window.resting = false; }")
    page.wait_for_timeout(length_ms)
    stands_s, noted_ms = page.evaluate("[Number(document.querySelector('#timeline').getAttribute('aria-valuenow')), Date.now()]")
    shown = page.evaluate("window.shown")
    page.evaluate("() => { window.resting = true; }")
    return Look(float(stands_s), noted_ms, shown)


def late_ms(sent: Sent, seen: Look, place: int) -> list[float]:
    """How long after its leaving each picture of one camera was shown."""
    found = []
    for where, mark, when_ms in seen.shown:
        about_s = seen.stands_s + 0.5 + (when_ms - seen.noted_ms) / 1000
        left_s = sent.nearest(f"/cam{place + 1:02d}/main", mark, about_s) if where == place else None
        found += [when_ms - left_s * 1000] if left_s is not None else []
    return found


def skew(sent: Sent, seen: Look, cameras: int) -> tuple[float, float]:
    """(ms between the medians of the first and the last camera, ms that 95 % of the pictures are off the middle of all)."""
    late = [late_ms(sent, seen, place) for place in range(cameras)]
    if min(map(len, late)) < LEAST_PICTURES:
        raise RuntimeError(f"too few pictures to judge by: {[len(one) for one in late]}")
    middles = [median(one) for one in late]
    middle = median(middles)
    return max(middles) - min(middles), percentile([abs(each - middle) for one in late for each in one], 0.95)


def play_on(page: Page, minutes: float) -> list[Look]:
    page.click("#play")
    page.wait_for_timeout(SETTLE_MS)
    looks = []
    end = time.monotonic() + minutes * 60
    while time.monotonic() < end:
        page.wait_for_timeout(max(0.0, min(60.0, end - time.monotonic())) * 1000)
        looks.append(look(page))
    return looks


def seek(page: Page, at_s: float) -> Look:
    """While it plays, as somebody would who looks for something."""
    click_timeline(page, at_s)
    page.wait_for_timeout(SETTLE_MS)
    return look(page)


def row(words: str, sent: Sent, looks: list[Look], cameras: int) -> tuple[list[str], float]:
    found = [skew(sent, one, cameras) for one in looks]
    worst = max(apart for apart, _off in found)
    figures = (median([apart for apart, _off in found]), worst, max(off for _apart, off in found), REACH_MS)
    return [words, str(len(looks)), *(f"{figure:.0f}" for figure in figures)], worst


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cameras", type=int, default=4)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seeks", type=int, default=10)
    parser.add_argument("--disk", type=Path)
    args = parser.parse_args()
    dice = random.Random(7)
    with scratch(args.disk) as folder:
        ledger = folder / "ledger.jsonl"
        with (
            running_load(args.cameras, ledger) as load,
            running_product(folder / "data", load.urls) as product,
            browser() as chromium,
        ):
            began_s = time.time()
            page = chromium.new_page(viewport={"width": 1366, "height": 768})
            page.add_init_script("window.resting = true;" + READ_MARK + NOTE_TILES)
            log_in(page, product)
            page.wait_for_timeout(BEHIND_S * 1000)
            page.goto(f"{product.web}/playback?cameras={','.join(product.keys)}&at={began_s + 2:.0f}")
            wait_until(page, "document.querySelectorAll('.step-tile[data-state=footage]').length === " + str(args.cameras))
            page.select_option("#level", "300")
            played = play_on(page, args.minutes)
            first_s = max(began_s + 2, time.time() - 240)
            sought = [seek(page, dice.uniform(first_s, time.time() - BEHIND_S)) for _ in range(args.seeks)]
        sent = Sent(ledger)
    playing, worst_playing = row("while it plays", sent, played, args.cameras)
    seeking, worst_seeking = row("after a seek", sent, sought, args.cameras)
    print_table(
        [f"{args.cameras} cameras", "looks", "median skew ms", "worst skew ms", "95 % of pictures off ms", "reach ms"],
        [playing, seeking],
    )
    return 0 if max(worst_playing, worst_seeking) <= REACH_MS else 1


if __name__ == "__main__":
    sys.exit(main())
