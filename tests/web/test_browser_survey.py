"""In a browser at a telephone's width: the survey with no network, what the machine has of it afterwards, two versions decided.

The web's process alone: nothing here looks at a camera. No network means that the process is not there, and the browser knows it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import Error as PlaywrightError

from tests.civic.survey.cast import picture
from tests.support.ports import free_port
from tests.web.house import PASSWORD, browser, follow, until
from tests.web.test_browser_access import serious
from tests.web.test_processes import DEADLINE_S, environment

__all__ = ["browser"]

PHONE = {"width": 390, "height": 844}
SHOTS = os.environ.get("TEST_SHOTS", "")
SEED = """
from luytre.bridge.django import start_django
start_django()
from datetime import UTC, date, datetime, timedelta
from luytre.civic.access.assignments import Wanted, assign
from luytre.civic.access.models import User
from luytre.civic.ground.places import PlaceDraft, save_place
from luytre.civic.registry.eyes import EyeDraft, save_eye
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.position import parse_position
from luytre.civic.survey.campaigns import CampaignDraft, save_campaign
now, hamlet = datetime.now(UTC), Hamlet.objects.create(name="Thôn Đông")
here = place_key(hamlet)
for name, role, place in (("khao-sat", "surveyor", here), ("truong", "head", ""), ("khac", "surveyor", here)):
    assign(None, User.objects.create_user(name, password), Wanted(role, place, first_day=date(2020, 1, 1)), now)
where = parse_position("21.028500, 105.854200")
save_eye(None, EyeDraft(name="Cổng nhà văn hoá", hamlet="Thôn Đông", position=where, owner_phone="0912 345 678"), now)
save_eye(None, EyeDraft(name="Quán bà Tư", hamlet="Thôn Đông", position=parse_position("21.0310, 105.8542")), now)
save_place(None, PlaceDraft("market", "Chợ Đông", '{"type":"Point","coordinates":[105.8545,21.0286]}', hamlet="Thôn Đông"), now)
head = User.objects.get(username="truong")
save_campaign(head, CampaignDraft("Đợt 1", now.date(), now.date() + timedelta(days=30), {hamlet: 10}))
"""
MEANWHILE = """
from luytre.bridge.django import start_django
start_django()
from dataclasses import replace
from datetime import UTC, datetime
from luytre.civic.registry.eyes import draft_of, save_eye
from luytre.civic.registry.models import Eye
eye = Eye.objects.get(name="Cổng nhà văn hoá")
save_eye(None, replace(draft_of(eye), condition="faulty"), datetime.now(UTC), eye)
"""
KEPT = """
from luytre.bridge.django import start_django
start_django()
import json
from luytre.civic.registry.models import Eye
from luytre.civic.survey.models import Entry, Need, Photo
eye = Eye.objects.filter(name="Cửa hàng Minh").first()
print(json.dumps({
    "eyes": Eye.objects.count(), "bearing": eye and eye.bearing_deg, "owner": eye and eye.owner_name,
    "photos": Photo.objects.count(),
    "position": eye and [float(part) for part in eye.position], "needs": list(Need.objects.values_list("name", "reason")),
    "entries": sorted(Entry.objects.values_list("kind", "state")), "gate": Eye.objects.get(name="Cổng nhà văn hoá").condition,
}))
"""

LISTS_LEFT = """
new Promise((done) => {
  const asked = indexedDB.open('luytre-survey');
  asked.onsuccess = () => {
    const counted = asked.result.transaction('today').objectStore('today').count();
    counted.onsuccess = () => { asked.result.close(); done(counted.result); };
  };
})"""


@dataclass
class Machine:
    """The web's process on data of its own; it can be taken away and put back."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        kept = environment(self.folder, LUYTRE_WEB_ADDR=f"127.0.0.1:{self.port}")
        del kept["PYTHONWARNINGS"]
        return kept

    def inside(self, code: str) -> str:
        code = f"password = {PASSWORD!r}\n{code}"
        done = subprocess.run(
            [sys.executable, "-c", code], env=self.settings, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, browser: Browser) -> None:
        self.process = subprocess.Popen([sys.executable, "-m", "luytre.web"], env=self.settings, stderr=subprocess.DEVNULL)
        context = browser.new_context()
        until(lambda: self.answers(context), "the web")
        context.close()

    def answers(self, context: BrowserContext) -> bool:
        try:
            return context.request.get(f"{self.web}/alive").ok
        except PlaywrightError:  # refused: not up yet
            return False

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(DEADLINE_S)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory, browser: Browser, migrated: Path) -> Iterator[Machine]:
    made = Machine(tmp_path_factory.mktemp("survey"), free_port())
    shutil.copy(migrated, Path(made.settings["LUYTRE_DATA"]) / "luytre.sqlite3")
    subprocess.run([sys.executable, "-m", "luytre.web.prepare"], env=made.settings, capture_output=True, check=True)
    made.inside(SEED)
    made.start(browser)
    yield made
    made.stop()


def log_in(page: Page, machine: Machine, name: str = "khao-sat") -> None:
    page.goto(f"{machine.web}/login?next=/survey")
    page.fill("#id_login", name)
    page.fill("#id_password", PASSWORD)
    page.click("button[type=submit].btn-primary")
    page.wait_for_url(re.compile(r"/survey(#.*)?$"))
    page.wait_for_selector("#survey-things li")


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"survey-{name}.png", full_page=True)


def away(page: Page, machine: Machine) -> None:
    page.context.set_offline(True)
    machine.stop()


def back(page: Page, machine: Machine, browser: Browser) -> None:
    machine.start(browser)
    page.context.set_offline(False)


@pytest.fixture
def phone(browser: Browser, machine: Machine) -> Iterator[Page]:
    """What the browser complains of fails the test; that there is no network is no complaint."""
    complaints: list[str] = []
    context = browser.new_context(
        viewport=PHONE, has_touch=True, is_mobile=True, geolocation={"latitude": 21.02861, "longitude": 105.85431, "accuracy": 6},
        permissions=["geolocation"],
    )  # fmt: skip
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if "Security Policy" in message.text else None)
    page.on("dialog", lambda dialog: dialog.accept())
    log_in(page, machine)
    shell = "navigator.serviceWorker.controller && caches.match('/survey/shell').then(Boolean)"
    until(lambda: page.evaluate(shell), "the shell kept by the worker")
    yield page
    context.close()
    if machine.process is not None and machine.process.poll() is not None:
        machine.start(browser)  # for whoever comes next
    assert complaints == []


def waiting(page: Page) -> list[str]:
    page.goto(page.url.split("#")[0] + "#queue")
    page.wait_for_selector("[data-screen=queue]:visible")
    return [
        str(state)
        for state in page.evaluate(
            "[...document.querySelectorAll('#survey-queue li[data-state]')].map((one) => one.dataset.state)"
        )
    ]


def next_step(page: Page) -> None:
    page.click("section:visible [data-next]")


def fill_in_an_eye(page: Page) -> None:
    page.click("[data-add=eye]")
    next_step(page)  # nothing yet: told at the field, and it stays
    assert page.inner_text("#eye-err-name") == "Mục này còn trống."
    page.fill("#eye-name", "Cửa hàng Minh")
    page.click("section:visible [data-locate]")
    until(lambda: page.input_value("#eye-position"), "the telephone's position")
    assert "6 m" in page.inner_text("section:visible [data-locate-words]")
    page.focus("section:visible [data-pin]")
    page.keyboard.press("Shift+ArrowUp")  # ten metres to the north
    page.select_option("#eye-owner_kind", "shop")
    page.fill("#eye-owner_name", "Minh")
    shot(page, "eye-1")
    next_step(page)
    page.focus("section:visible .survey-dial")
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowRight", "PageUp", "ArrowLeft"):
        page.keyboard.press(key)
    assert page.input_value("#eye-bearing_deg") == "31"
    assert page.get_attribute("section:visible .survey-dial", "aria-valuetext") == "31°, đông bắc"
    page.set_input_files(
        "section:visible [data-shot=view]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture((2000, 1500))}
    )
    page.wait_for_selector("section:visible [data-photo-list] img")
    shot(page, "eye-2")


def drag_the_arrow(page: Page) -> None:
    box = page.locator("section:visible .survey-dial").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 20, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    assert page.input_value("#eye-bearing_deg") == "90"


def test_filled_in_with_no_network_sent_once_and_two_versions_decided(phone: Page, machine: Machine, browser: Browser) -> None:
    page = phone
    shot(page, "list")
    away(page, machine)
    page.reload()
    page.wait_for_selector("#survey-things li")
    assert page.inner_text("#survey-net") == "Mất mạng: phiếu vẫn được lưu trên máy"
    page.click("#survey-near")
    until(lambda: page.inner_text("#survey-things li >> nth=0").startswith("Cổng nhà văn hoá"), "the nearest first")

    fill_in_an_eye(page)
    page.reload()  # a telephone that closed the page
    page.wait_for_selector("section:visible [data-photo-list] img")
    assert page.input_value("#eye-bearing_deg") == "31"
    drag_the_arrow(page)
    next_step(page)
    page.select_option("#eye-condition", "works")
    page.click("section:visible [data-freeze]")
    page.fill("#eye-clock-shown", "25:99")
    page.keyboard.press("Tab")
    assert "14:05:30" in page.inner_text("#eye-clock-said")
    page.fill("#eye-clock-shown", "")
    shot(page, "eye-3")
    next_step(page)
    page.wait_for_selector("[data-screen=list]:visible")

    page.click("[data-add=need]")
    page.fill("#need-name", "Ngã ba đình")
    page.fill("#need-position", "21.0290, 105.8550")
    next_step(page)
    page.select_option("#need-reason", "dark")
    shot(page, "need-2")
    next_step(page)
    next_step(page)
    page.wait_for_selector("[data-screen=list]:visible")

    page.click("li:has-text('Cổng nhà văn hoá') button")
    page.wait_for_selector("[data-screen=eye]:visible")
    assert page.input_value("#eye-name") == "Cổng nhà văn hoá"
    assert page.input_value("#eye-owner_phone") == ""  # an owner's telephone never came here
    next_step(page)
    next_step(page)
    page.select_option("#eye-condition", "dead")
    next_step(page)
    page.wait_for_selector("li.visited:has-text('Cổng nhà văn hoá')")
    page.reload()
    assert waiting(page) == ["waiting", "waiting", "waiting"]
    shot(page, "queue-offline")
    machine.inside(MEANWHILE)

    back(page, machine, browser)
    until(lambda: waiting(page) == ["conflict"], "everything sent, one with two versions")
    kept = json.loads(machine.inside(KEPT))
    assert kept["entries"] == [["eye", "applied"], ["eye", "conflict"], ["need", "applied"]]
    assert (kept["eyes"], kept["bearing"], kept["owner"], kept["photos"]) == (3, 90.0, "Minh", 1)
    assert kept["position"] == pytest.approx([21.0287, 105.85431], abs=2e-5)
    assert (kept["needs"], kept["gate"]) == ([["Ngã ba đình", "dark"]], "faulty")
    page.click("#survey-queue a:has-text('Xem')")
    page.wait_for_url("**/survey/entries/*")
    shot(page, "conflict")
    page.check("input[name=take-condition][value=mine]")
    page.click("main form button[type=submit].btn-primary")
    page.wait_for_selector("main :text('Đã ghi nhận.')")
    assert json.loads(machine.inside(KEPT))["gate"] == "dead"


def test_whose_login_is_over_loses_nothing_and_nobody_else_sends_it(phone: Page, machine: Machine) -> None:
    page = phone
    page.context.clear_cookies()
    page.click("li:has-text('Chợ Đông') button:has-text('Không có camera')")
    page.fill("#nothing-note", "chưa ai lắp")
    next_step(page)
    page.wait_for_selector("#survey-notice a")
    assert waiting(page) == ["waiting"]
    log_in(page, machine, "khac")  # the list is seen by now, and with it no queue of whoever was here before
    assert waiting(page) == []
    assert "1 phiếu của người khác" in page.inner_text("#survey-others")
    page.click("details.corner summary")
    page.click("details.corner form[action$='logout'] button")
    page.wait_for_url("**/login*")
    assert page.evaluate(LISTS_LEFT) == 0
    log_in(page, machine)
    until(lambda: waiting(page) == [], "what was kept, sent")
    assert ["nothing_here", "applied"] in json.loads(machine.inside(KEPT))["entries"]


def test_no_screen_keeps_anybody_out(browser: Browser, machine: Machine) -> None:
    """The content policy is set aside for axe alone."""
    complaints: list[str] = []
    for size in (PHONE, {"width": 1366, "height": 768}):
        context = browser.new_context(viewport=size, bypass_csp=True, service_workers="block")
        page = context.new_page()
        log_in(page, machine, "truong")
        complaints += serious(page)
        page.click("[data-add=eye]")
        page.fill("#eye-name", "A")
        page.fill("#eye-position", "21.0285, 105.8542")
        for _step in range(3):
            complaints += serious(page)
            complaints += page.evaluate(
                "document.documentElement.scrollWidth <= innerWidth ? [] : ['too wide: ' + location.href]"
            )
            next_step(page)
        page.wait_for_selector("[data-screen=list]:visible")
        waiting(page)
        complaints += serious(page)
        for path in ("campaigns", "campaigns/add", "needs", "entries", "shell"):
            page.goto(f"{machine.web}/survey/{path}")
            complaints += serious(page)
            shot(page, f"{path.replace('/', '-')}-{size['width']}")
            complaints += page.evaluate(
                "document.documentElement.scrollWidth <= innerWidth ? [] : ['too wide: ' + location.href]"
            )
        for path in ("needs", "entries"):
            page.goto(f"{machine.web}/survey/{path}")
            if page.locator("main td.first a").count():
                follow(page, "main td.first a >> nth=0")
                complaints += serious(page)
                shot(page, f"{path}-one-{size['width']}")
        context.close()
    assert complaints == []
