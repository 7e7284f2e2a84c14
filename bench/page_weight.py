"""What a browser fetches for the wall, without video: the first time with nothing in its cache, and later.

    python -m bench.page_weight [--cameras 35] [--disk DIR]

Counted on the wire between Chromium and the web server, heads and the service worker's own requests included: from the
page to log in until the wall stands, and for the wall alone when it is opened again.
"""

from __future__ import annotations

import argparse
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.measure import print_table, running_load, scratch
from bench.product import browser, log_in, running_product

FIRST_BYTES, LATER_BYTES = 500_000, 50_000
SETTLE_MS = 3000


class Counter:
    """A way to an address that counts what comes back on it."""

    def __init__(self, address: str) -> None:
        host, _colon, port = address.rpartition(":")
        self._target = (host, int(port))
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listening.getsockname()[1]}"
        self.down_bytes = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _address = self._listening.accept()
                far = socket.create_connection(self._target)
                threading.Thread(target=self._copy, args=(near, far, False), daemon=True).start()
                threading.Thread(target=self._copy, args=(far, near, True), daemon=True).start()

    def _copy(self, source: socket.socket, sink: socket.socket, is_down: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                self.down_bytes += len(data) if is_down else 0
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self._listening.close()


@contextmanager
def counting(address: str) -> Iterator[Counter]:
    counter = Counter(address)
    try:
        yield counter
    finally:
        counter.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cameras", type=int, default=35)
    parser.add_argument("--disk", type=Path)
    args = parser.parse_args()
    with (
        scratch(args.disk) as folder,
        running_load(args.cameras, subs=True) as load,
        running_product(folder, load.urls) as product,
        counting(product.web.removeprefix("http://")) as counter,
        browser() as chromium,
    ):
        page, web = chromium.new_page(viewport={"width": 1366, "height": 768}), f"http://{counter.address}"
        log_in(page, product, web)
        weights = []
        for _visit in range(3):
            page.goto(f"{web}/wall")
            page.wait_for_selector(".tile")
            page.wait_for_timeout(SETTLE_MS)
            weights.append(counter.down_bytes)
            counter.down_bytes = 0
    first, later = weights[0], max(weights[1:])
    rows = [
        ["first visit, from logging in", f"{first / 1000:.0f}", f"{FIRST_BYTES / 1000:.0f}"],
        ["opened again", f"{later / 1000:.0f}", f"{LATER_BYTES / 1000:.0f}"],
    ]
    print_table([f"the wall of {args.cameras}", "kB", "reach"], rows)
    return 0 if first <= FIRST_BYTES and later <= LATER_BYTES else 1


if __name__ == "__main__":
    sys.exit(main())
