"""From the camera to the glass: how old is the picture that Chromium shows.

    python -m bench.glass [--seconds 30] [--disk DIR]

The load server's pictures carry their numbers; its ledger tells when each left. A script in the page reads the number off
each picture at the moment it is presented (requestVideoFrameCallback) and notes the time. One machine, one clock. A
camera's own coding, and the display, come on top and are not this side's.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bench.measure import print_table, running_load, scratch
from bench.product import READ_MARK, browser, log_in, percentile, running_product
from bench.sent import Sent

REACH_MS = 500.0
WARM_MS = 4000
_WATCH = """
window.seen = [];
const video = document.querySelector(".tile video");
const note = () => {
  const mark = window.readMark(video);
  if (mark !== null) window.seen.push([mark, Date.now()]);
  video.requestVideoFrameCallback(note);
};
video.requestVideoFrameCallback(note);
"""


def ages_ms(sent: Sent, path: str, seen: list[tuple[int, float]]) -> list[float]:
    found = [(at, sent.before(path, mark, at / 1000)) for mark, at in seen]
    return [at - left * 1000 for at, left in found if left is not None]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--disk", type=Path)
    args = parser.parse_args()
    seen: dict[str, list[tuple[int, float]]] = {}
    with scratch(args.disk) as folder:
        ledger = folder / "ledger.jsonl"
        with (
            running_load(2, ledger, subs=True) as load,
            running_product(folder / "data", load.urls) as product,
            browser() as chromium,
        ):
            page = chromium.new_page(viewport={"width": 1366, "height": 768})
            page.add_init_script(READ_MARK)
            log_in(page, product)
            for stream, address in (("main", f"/cameras/{product.keys[0]}"), ("sub", "/wall")):
                page.goto(product.web + address)
                page.wait_for_selector(".tile[data-kind=live]")
                page.wait_for_timeout(WARM_MS)
                page.evaluate(f"() => {{ {_WATCH} }}")
                page.wait_for_timeout(args.seconds * 1000)
                seen[stream] = page.evaluate("window.seen")
        sent = Sent(ledger)
    figures = {stream: ages_ms(sent, f"/cam01/{stream}", marks) for stream, marks in seen.items()}
    rows = [
        [words, str(len(figures[stream])), f"{percentile(figures[stream], 0.5):.0f}", f"{percentile(figures[stream], 0.95):.0f}"]
        for stream, words in (("main", "main stream, alone"), ("sub", "sub stream, on the wall"))
    ]
    print_table(["", "pictures", "p50 ms", "p95 ms"], rows)
    return 0 if all(percentile(ages, 0.5) <= REACH_MS for ages in figures.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
