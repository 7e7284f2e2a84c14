"""The whole product for journeys in a browser: `luytre serve`, cameras of `luytre simulate`, Chromium.

A test module imports the fixtures; `HOUSE` in it changes the settings and how many cameras are added beforehand.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from luytre.base.clock import SystemClock
from luytre.base.errors import ArchiveError, NotFound
from luytre.cli.archive import timeline_json
from luytre.media.archive import open_queries
from tests.support.ports import free_port
from tests.web.test_processes import environment

DEADLINE_S = 60.0
PASSWORD = "four-words-not-together"
CAMERA_PASSWORD = "Hidden-Of-The-Camera"
CHROMIUM = "/usr/bin/chromium-headless-shell"
"""The same engine without windows and toolbars: a test with a browser takes a quarter less of the processor."""
WHOLE_CHROMIUM = "/usr/bin/chromium"
"""For what needs them: notifications."""
COMMAND = [sys.executable, "-c", "import sys; from luytre.cli.main import main; main(sys.argv[1:])"]


@dataclass(frozen=True)
class Plan:
    """What a module's house is like."""

    settings: dict[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()
    """Where those cameras stand; without, they are of a hamlet."""
    simulated: int = 3
    codec: str = "h264"
    width_px: int = 640
    """Of the cameras' main pictures: drawing, coding and showing full ones takes three times what these take."""
    onvif: bool = False
    """Each simulated camera has an ONVIF of its own, the first at `House.onvif_port`."""
    whole_browser: bool = False
    before: Callable[[dict[str, str]], None] | None = None
    """Done with the house's settings before it is started."""


@dataclass
class House:
    """The running product."""

    folder: Path
    web: str
    cameras_port: int
    settings: dict[str, str]
    server: subprocess.Popen[str]
    lines: list[str]
    keys: list[str] = field(default_factory=list)
    onvif_port: int = 0
    first_login: tuple[tuple[Any, ...], tuple[Any, ...]] | None = None
    """Of the administrator, as it lay in the two tables of sessions just after it."""

    @property
    def database(self) -> Path:
        return Path(self.settings["LUYTRE_DATA"]) / "luytre.sqlite3"

    def luytre(self, *arguments: str, typed: str = "") -> str:
        done = subprocess.run(
            [*COMMAND, *arguments], env=self.settings, input=typed, capture_output=True, text=True, timeout=DEADLINE_S, check=True
        )
        return done.stdout.strip()

    def add_all(self, names: Sequence[str]) -> list[str]:
        """The first simulated cameras under these names, in one process: starting one takes longer than adding a camera."""
        return self._in_one(self._adding(names), [CAMERA_PASSWORD] * len(names))

    def furnish(self, names: Sequence[str], positions: Sequence[str] = ()) -> list[str]:
        """A password for the administrator, and `add_all`; the cameras' keys."""
        calls = [["user", "password", "admin", "--password-stdin"], *self._adding(names, positions)]
        words = self._in_one(calls, [PASSWORD, *[CAMERA_PASSWORD] * len(names)])
        return words[len(words) - len(names) :]

    def _adding(self, names: Sequence[str], positions: Sequence[str] = ()) -> list[list[str]]:
        where = [f"rtsp://127.0.0.1:{self.cameras_port}/cam{number}" for number in range(1, len(names) + 1)]
        each = zip(names, where, positions or [""] * len(names), strict=True)
        return [["camera", "add", name, f"{at}/main", *_options(at, position)] for name, at, position in each]

    def _in_one(self, calls: list[list[str]], typed: list[str]) -> list[str]:
        """The words that these commands print, each given its line of what is typed."""
        script = (
            "import json, sys\nfrom luytre.cli.main import commands\n"
            "for words in json.loads(sys.argv[1]): commands.main(args=words, standalone_mode=False)"
        )
        done = subprocess.run(
            [sys.executable, "-c", script, json.dumps(calls)], env=self.settings, input="".join(f"{line}\n" for line in typed),
            capture_output=True, text=True, timeout=DEADLINE_S, check=True,
        )  # fmt: skip
        return done.stdout.split()

    def add(self, name: str, number: int) -> str:
        """One of the simulated cameras; its key."""
        where = f"rtsp://127.0.0.1:{self.cameras_port}/cam{number}"
        return self.luytre("camera", "add", name, f"{where}/main", *_options(where), typed=f"{CAMERA_PASSWORD}\n")

    def timeline(self, key: str) -> str:
        """What `luytre archive timeline --json` says of a camera, asked in this process: many wait for it again and again.

        `{}` while the archive does not know the camera.
        """
        try:
            with closing(open_queries(self.folder / "archive", SystemClock())) as queries:
                return timeline_json(queries.timeline(key, "main", 1, SystemClock().utc_90k()))
        except (ArchiveError, NotFound):
            return "{}"

    def child(self, module: str) -> int:
        """The process id of one of the supervisor's children."""
        for entry in Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text().split():
            if module in Path(f"/proc/{entry}/cmdline").read_text().split("\0"):
                return int(entry)
        raise LookupError(module)

    def kill_one_converter(self) -> None:
        """One of the recorder's children that make H.264 of H.265 dies."""
        recorder = self.child("luytre.media.recorder")
        children = Path(f"/proc/{recorder}/task/{recorder}/children").read_text().split()
        os.kill(int(children[0]), signal.SIGKILL)


def _options(where: str, position: str = "") -> list[str]:
    place = ["--position", position] if position else ["--hamlet", "Thôn Đông"]
    return ["--sub-url", f"{where}/sub", *place, "--username", "admin", "--password-stdin"]


def until(condition: Callable[[], object], what: str | Callable[[], str], within_s: float = DEADLINE_S) -> None:
    """Waits for it. `what` is said where it does not come: what was waited for, or how things stand then."""
    limit = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < limit, what if isinstance(what, str) else what()
        time.sleep(0.05)


@pytest.fixture(scope="session")
def migrated(database_as_migrated: Path) -> Path:
    """A database with every table and nothing in it: each house begins with a copy, instead of a hundred migrations."""
    return database_as_migrated


@pytest.fixture(scope="module")
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[House]:
    plan: Plan = getattr(request.module, "HOUSE", Plan())
    folder = tmp_path_factory.mktemp("house")
    web, media, cameras, onvif = free_port(), free_port(), free_port(), free_port()
    listen = {"LUYTRE_WEB_ADDR": f"127.0.0.1:{web}", "LUYTRE_MEDIA_ADDR": f"127.0.0.1:{media}"}
    settings = environment(folder, **listen, **plan.settings, PYTHONUNBUFFERED="1")
    del settings["PYTHONWARNINGS"]
    shutil.copy(migrated, Path(settings["LUYTRE_DATA"]) / "luytre.sqlite3")
    if plan.before is not None:
        plan.before(settings)
    simulate = [*COMMAND, "simulate", "--cameras", str(plan.simulated), "--port", str(cameras), "--codec", plan.codec]
    simulate += ["--width", str(plan.width_px)]
    simulate += ["--onvif-port", str(onvif)] if plan.onvif else []
    lines: list[str] = []
    with (
        subprocess.Popen([*simulate, "--password", CAMERA_PASSWORD], env=settings, stdout=subprocess.DEVNULL) as cameras_process,
        subprocess.Popen(
            [*COMMAND, "serve"], env=settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as server,
    ):
        reader = threading.Thread(target=lambda: lines.extend(server.stdout or ()))
        reader.start()
        try:
            until(lambda: any("is ready" in line for line in lines), "".join(lines))
            found = House(folder, f"http://127.0.0.1:{web}", cameras, settings, server, lines, onvif_port=onvif)
            found.keys = found.furnish(plan.names, plan.positions)
            yield found
        finally:
            for process in (server, cameras_process):
                process.send_signal(signal.SIGTERM)
                process.wait(DEADLINE_S)
            reader.join(DEADLINE_S)
    assert CAMERA_PASSWORD not in "".join(lines)


def _read_whole_after(acts: type[Page] | type[Locator], name: str) -> None:
    """Where a press led to another page, Playwright goes on with its first bytes: what a test reads then may be half of it."""
    act = getattr(acts, name)

    def acted(self: Page | Locator, *arguments: Any, **options: Any) -> None:
        page = self if isinstance(self, Page) else self.page
        act(self, *arguments, **options)
        if not page.is_closed():
            page.wait_for_load_state("domcontentloaded")

    setattr(acts, name, acted)


@cache
def _read_whole_pages() -> None:
    for acts in (Page, Locator):
        for name in ("click", "press"):
            _read_whole_after(acts, name)


@pytest.fixture(scope="module")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    _read_whole_pages()
    plan: Plan = getattr(request.module, "HOUSE", Plan())
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=WHOLE_CHROMIUM if plan.whole_browser else CHROMIUM, args=["--no-sandbox"]
        )
        yield launched
        launched.close()


@pytest.fixture
def page(house: House, browser: Browser) -> Iterator[Page]:
    """Logged in as the administrator, who has a password of their own by now. What the browser complains of fails the test."""
    complaints: list[str] = []
    context = browser.new_context(viewport={"width": 1366, "height": 768}, accept_downloads=True)
    opened = context.new_page()
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda message: complaints.append(message.text) if "Security Policy" in message.text else None)
    come_in(opened, house)
    yield opened
    context.close()
    assert complaints == [], complaints


def log_in(page: Page, house: House, username: str = "admin") -> None:
    page.goto(house.web)
    page.fill("#id_login", username)
    page.fill("#id_password", PASSWORD)
    page.click("button[type=submit].btn-primary")
    page.wait_for_url(re.compile(r"/(wall|start)$"))
    if page.url.endswith("/start"):  # no camera yet: the guide, put off
        page.click("form[action='/start/leave'] button")
        page.wait_for_url("**/wall")


SESSION_COOKIE = "luytre_session"
SESSION = "SELECT session_data, expire_date FROM django_session WHERE session_key = ?"
DEVICE = "SELECT created_at, ip, last_seen_at, user_agent, data, user_id FROM usersessions_usersession WHERE session_key = ?"
NEW_SESSION = "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (?, ?, ?)"
NEW_DEVICE = (
    "INSERT INTO usersessions_usersession (session_key, created_at, ip, last_seen_at, user_agent, data, user_id)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)


def come_in(page: Page, house: House) -> None:
    """As after `log_in` of the administrator, who does that once: each other time begins with a session of its own that is like
    the first one was. Form, password and the pages on the way take half a second of the processor, a hundred times over."""
    with closing(sqlite3.connect(house.database, timeout=DEADLINE_S)) as database:
        if house.first_login is not None:
            session, device = house.first_login
            key = secrets.token_hex(16)
            with database:
                database.execute(NEW_SESSION, (key, *session))
                database.execute(NEW_DEVICE, (key, *device))
            page.context.add_cookies([{"name": SESSION_COOKIE, "value": key, "url": house.web}])
            page.goto(f"{house.web}/wall")
            if page.url.endswith("/wall"):
                return
        log_in(page, house)
        kept = next(one["value"] for one in page.context.cookies() if one["name"] == SESSION_COOKIE)
        house.first_login = database.execute(SESSION, (kept,)).fetchone(), database.execute(DEVICE, (kept,)).fetchone()


def follow(page: Page, selector: str) -> None:
    """Clicks what leads to another page and waits until that one is there.

    What a test asks of a page between the two is asked of the old one, or of a document that is not there yet.
    """
    with page.expect_navigation():
        page.click(selector)


def live_tiles(page: Page) -> int:
    return int(page.evaluate("document.querySelectorAll('.tile[data-kind=live]').length"))


def moving(page: Page, selector: str = ".tile video") -> Callable[[], bool]:
    """Whether the first such video has gone on by two seconds since this was called."""
    position = f"document.querySelector({selector!r}).currentTime"
    first = float(page.evaluate(position))
    return lambda: float(page.evaluate(position)) > first + 2
