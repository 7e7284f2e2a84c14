"""The icons for installing the program, drawn from the mark: `.venv/bin/python tools/icons.py`. Needs Chromium (`CHROMIUM`)."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import sync_playwright

STATIC = Path(__file__).resolve().parents[1] / "src" / "luytre" / "web" / "static"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SAFE = 0.72  # of the width: what a telephone leaves of a maskable icon, whatever its shape


def main() -> None:
    mark = (STATIC / "mark.svg").read_text("utf-8").replace('rx="7" ', "")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for size in (192, 512):
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(
                "<body style='margin:0;background:#12351f;display:grid;place-items:center;height:100vh'>"
                f"<div style='width:{SAFE * 100}%;line-height:0'>{mark}</div></body>"
            )
            page.screenshot(path=STATIC / f"icon-{size}.png")
        browser.close()


if __name__ == "__main__":
    main()
