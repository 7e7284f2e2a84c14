"""The page that travels in a package, opened without a network: it says of each damaged package what the command does.

Needs the pages built (`make setup`) and Debian's chromium.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright
from rfc3161_client import TimestampRequestBuilder

from luytre.base.errors import UsageError
from luytre.civic.evidence.offline import policy_of, verifier_page
from luytre.civic.evidence.package import making
from luytre.civic.evidence.package.verifying import verify
from tests.support import evidence as support
from tests.support.tsa import make_authority
from tests.web.house import CHROMIUM
from tests.web.test_browser_access import SIZES, serious

PLAYED = """new Promise((done) => {
  const film = document.querySelector("video");
  const say = () => done([film.videoWidth, film.currentTime > 0, film.error?.message ?? ""]);
  film.addEventListener("timeupdate", () => film.currentTime > 0 && say());
  setTimeout(say, 10000);
  film.play();
})"""
FINDINGS = "Array.from(document.querySelectorAll('#result li'), (one) => [one.dataset.file, one.dataset.code])"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Copied away from all that is beside it, as somebody has it who unpacked it; any request fails the test."""
    alone = tmp_path_factory.mktemp("alone") / "kiem-tra.html"
    alone.write_bytes(verifier_page())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        opened = browser.new_page(viewport=SIZES["phone"])
        asked: list[str] = []
        opened.on("request", lambda request: asked.append(request.url))
        opened.on("console", lambda message: asked.append(message.text) if message.type == "error" else None)
        opened.on("pageerror", lambda error: asked.append(str(error)))
        opened.goto(alone.as_uri())
        yield opened
        browser.close()
        assert [one for one in asked if not one.startswith(("file:", "blob:"))] == []


def said(page: Page, path: Path) -> tuple[str, set[tuple[str, str]]]:
    """(verdict, findings) of a package that is chosen."""
    page.set_input_files("#file", path)
    page.wait_for_selector("#result:not([hidden])")
    verdict, found = page.locator("#result").get_attribute("data-verdict"), page.evaluate(FINDINGS)
    return verdict or "", {(file, code) for file, code in found}


def told(path: Path) -> tuple[str, set[tuple[str, str]]]:
    """The same by the command's code."""
    try:
        report = verify(path)
    except UsageError:
        return "none", set()
    return "good" if report.is_genuine else "bad", {(one.file, one.code.value) for one in report.findings}


def test_page_and_command_say_the_same(page: Page, tmp_path: Path) -> None:
    small = support.small_package(tmp_path, support.film(tmp_path / "a.mp4"))
    data, files, path = small.data, small.packed, tmp_path / "given.zip"
    authority = make_authority(tmp_path / "tsa")
    path.write_bytes(data)
    making.add_time_stamp(path, authority.answer(TimestampRequestBuilder().data(making.stamped_bytes(path)).build().as_bytes()))
    cases = {"whole": data, "stamped": path.read_bytes(), "no package": b"PK\x03\x04" + bytes(500), "empty": b""}
    cases |= {"stamp of another": support.written(files | {"manifest.tsr": authority.answer(
        TimestampRequestBuilder().data(b"another").build().as_bytes())})}  # fmt: skip
    cases |= {one.name: one.of(data, files) for one in support.damages(tmp_path)}
    differ = {}
    for number, (name, content) in enumerate(cases.items()):
        path = tmp_path / f"{number}.zip"  # one for each: the page may still read the one before
        path.write_bytes(content)
        page_says, command_says = said(page, path), told(path)
        if page_says != command_says:
            differ[name] = page_says, command_says
    assert not differ


def test_what_a_person_sees(page: Page, tmp_path: Path) -> None:
    small = support.small_package(tmp_path, support.film(tmp_path / "a.mp4"))
    assert said(page, small.path)[0] == "good"
    words = page.locator("#result").inner_text()
    assert "NGUYÊN VẸN" in words
    assert "12:05:00 24/11/2026 – 12:08:00 24/11/2026" in words
    assert "nhanh hơn đồng hồ của trạm 420,4 giây" in words
    assert small.station.fingerprint in words.replace(" ", "")
    assert page.evaluate(PLAYED) == [160, True, ""]
    for size in SIZES.values():
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert serious(page) == []
    page.get_by_role("button", name="English").click()
    assert "WHOLE: nothing changed" in page.locator("#result").inner_text()
    assert "ahead of the station" in page.locator("#result").inner_text()
    page.get_by_role("button", name="Tiếng Việt").click()


def test_the_page_lets_nothing_run_but_itself() -> None:
    policy = policy_of(verifier_page())
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
