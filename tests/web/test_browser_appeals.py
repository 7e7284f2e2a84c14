"""In a browser: an officer asks from the incident, the owner's telephone opens the link, agrees, and sends a film while the line
breaks and the server is killed; both sides show one hash, and the officer watches it with its custody below.

One process of the web alone: nothing here needs the recorder or the jobs.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.civic.appeals.test_files import film
from tests.support.ports import free_port
from tests.web.house import PASSWORD, browser, follow, migrated, until
from tests.web.test_browser_access import SIZES, serious
from tests.web.test_processes import environment

__all__ = ["browser", "migrated"]

MIB = 1024**2
FURNISH = "import django; django.setup(); from tests.web.test_browser_appeals import furnish; furnish()"


def furnish() -> None:
    """In a process of its own, on the station's database: a head, a listed camera by the market, and an incident there."""
    from django.core.management import call_command
    from django.utils import timezone

    from luytre.civic.access.models import Role
    from luytre.civic.incidents.desk import IncidentDraft, open_incident
    from tests.civic.appeals.test_appeals import HERE, eye
    from tests.web.cast import person

    call_command("migrate", verbosity=0)  # nothing to do, but where this file runs alone
    head, now = person(Role.HEAD), timezone.now()
    eye("Tạp hoá Năm", 20)
    open_incident(head, IncidentDraft("theft", "Mất xe máy trước cổng chợ", now, position=HERE), now)


@dataclass
class Station:
    web: str
    folder: Path
    settings: dict[str, str]
    server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.server = subprocess.Popen([sys.executable, "-m", "luytre.web"], env=self.settings)
        until(self._answers, "the pages are served")

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.web}/alive") as answer:
                return bool(answer.status == 200)
        except (URLError, ConnectionError):
            return False

    def kill(self) -> None:
        assert self.server is not None
        self.server.send_signal(signal.SIGKILL)
        self.server.wait()


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Station]:
    folder, port = tmp_path_factory.mktemp("station"), free_port()
    settings = environment(folder, LUYTRE_WEB_ADDR=f"127.0.0.1:{port}", DJANGO_SETTINGS_MODULE="luytre.web.settings")
    del settings["PYTHONWARNINGS"]
    shutil.copy(migrated, Path(settings["LUYTRE_DATA"]) / "luytre.sqlite3")
    subprocess.run([sys.executable, "-c", FURNISH], env=settings, check=True, cwd=Path(__file__).parents[2])
    found = Station(f"http://127.0.0.1:{port}", folder, settings)
    found.start()
    yield found
    found.kill()


@pytest.fixture
def officer(station: Station, browser: Browser) -> Iterator[Page]:
    """At the station's desk; the content policy is set aside for axe alone."""
    context = browser.new_context(viewport=SIZES["desk"], bypass_csp=True)
    page = context.new_page()
    page.goto(f"{station.web}/login")
    page.fill("#id_login", "head")
    page.fill("#id_password", PASSWORD)
    follow(page, "button[type=submit].btn-primary")
    yield page
    context.close()


@pytest.fixture
def telephone(browser: Browser) -> Iterator[BrowserContext]:
    """The owner's, under the content policy; what the browser complains of fails the test."""
    context, complaints = browser.new_context(viewport=SIZES["phone"]), list[str]()
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("console", lambda said: complaints.append(said.text) if "Security Policy" in said.text else None)
    yield context
    context.close()
    assert complaints == []


def asked(page: Page, station: Station) -> str:
    """From the incident to the link, as the officer reads it."""
    page.goto(f"{station.web}/incidents")
    follow(page, "text=Mất xe máy trước cổng chợ")
    follow(page, "a[href^='/appeals/new']")
    assert serious(page) == []
    page.check("text=Tạp hoá Năm")
    page.fill("[name=why]", "Khoảng 21 giờ có người lấy xe máy ở cổng chợ.")
    follow(page, "main form button.btn-primary")
    assert serious(page) == []
    follow(page, "form[action$='/link'] button")
    assert serious(page) == []
    assert page.locator("img.qr").is_visible()
    return page.input_value("#address")


def test_from_the_incident_to_the_film_over_a_line_that_breaks(
    officer: Page, telephone: BrowserContext, station: Station, browser: Browser, tmp_path: Path
) -> None:  # fmt: skip
    address = asked(officer, station)
    data = film(tmp_path / "plain.mp4").read_bytes()
    sent = tmp_path / "ch01.mp4"
    sent.write_bytes(data + (2 * MIB).to_bytes(4, "big") + b"free" + os.urandom(2 * MIB - 8))  # three pieces
    sha256 = hashlib.sha256(sent.read_bytes()).hexdigest()

    page = telephone.new_page()
    page.goto(address)
    assert "cổng chợ" not in page.inner_text("main")
    follow(page, "button[value=open]")
    assert "Khoảng 21 giờ có người lấy xe máy" in page.inner_text("main")
    page.check("[value=agreed]")
    follow(page, "button[value=answer]")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    patches: list[str] = []

    def cut(route: Route) -> None:
        """The first piece gets through, then there is no line."""
        if route.request.method == "PATCH":
            patches.append(route.request.headers["upload-offset"])
        if len(patches) > 1:
            route.abort("internetdisconnected")
        else:
            route.continue_()

    page.route("**/tep/*", cut)
    page.set_input_files("#files", sent)
    page.click("button[value=files]")
    expect(page.locator("#sending")).to_contain_text("mạng đang đứt")
    expect(page.locator("#sending")).to_contain_text(sha256)
    page.close(run_before_unload=False)
    station.kill()
    station.start()

    page = telephone.new_page()
    page.goto(address)
    expect(page.locator("main")).to_contain_text(re.compile(r"đã nhận (49|50) %"))
    went: list[str] = []
    page.on("request", lambda one: went.append(one.headers["upload-offset"]) if one.method == "PATCH" else None)
    page.set_input_files("#files", sent)
    page.click("button[value=files]")
    expect(page.locator("a[href$='/bien-nhan']")).to_be_visible()
    assert went == [str(MIB), str(2 * MIB)]
    follow(page, "a[href$='/bien-nhan']")
    assert page.inner_text("main").count(sha256) == 2  # counted by this browser, and at the station
    assert telephone.cookies() == []

    with browser.new_context(viewport=SIZES["phone"], bypass_csp=True) as plain:
        looked = plain.new_page()
        for path in (address, f"{address}/bien-nhan", f"{station.web}/gop-hinh/{'0' * 32}"):
            looked.goto(path)
            assert serious(looked) == []
    watched(officer, station, sha256)


def watched(page: Page, station: Station, sha256: str) -> None:
    """The officer sees the same hash, says why, and watches; each step stands below."""
    page.goto(f"{station.web}/appeals")
    assert serious(page) == []
    follow(page, "text=Tạp hoá Năm")
    assert sha256 in page.inner_text("main")
    assert serious(page) == []
    page.locator("[name=purpose]").select_option(index=0)
    follow(page, "button[value=view]")
    until(lambda: page.evaluate("document.querySelector('video').readyState >= 2"), "the film is there")
    assert page.evaluate("document.querySelector('video').duration") == pytest.approx(2.0, abs=0.3)
    said = page.inner_text("main")
    for word in ("Chủ camera đã mở đọc", "Chủ camera đồng ý và gửi", "Tệp đã đến", "Đã xem"):
        assert word in said
    page.set_viewport_size(SIZES["phone"])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
