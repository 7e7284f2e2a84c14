"""Footage over midnight and over the night when the clocks go back, found, shown and taken out in Chromium.

Written with the recorder's own archive before the house is started, in a zone that changes its clocks: the last time it did.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page

from luytre.base.clock import FakeClock, from_datetime
from luytre.media.archive import Archive
from tests.media.archive.helpers import Camera
from tests.web.house import COMMAND, DEADLINE_S, House, Plan, browser, house, page, until
from tests.web.test_browser_playback import STATES, head, length_s, playing

__all__ = ["browser", "house", "page"]

ZONE = ZoneInfo("Europe/Berlin")
AROUND_S = 60
CLIP_S = 20


def clocks_went_back() -> datetime:
    """The last moment (UTC) at which an hour of this zone came a second time."""
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    while not hour.astimezone(ZONE).utcoffset() < (hour - timedelta(hours=1)).astimezone(ZONE).utcoffset():  # type: ignore[operator]
        hour -= timedelta(hours=1)
    return hour


CHANGE = clocks_went_back()
MIDNIGHT = CHANGE.astimezone(ZONE).replace(hour=0, fold=0).astimezone(UTC)


def write_footage(settings: dict[str, str]) -> None:
    """One camera, and a minute before and after midnight and the change of the clocks."""
    subprocess.run(
        [sys.executable, "-m", "luytre.web.prepare"], env=settings, capture_output=True, timeout=DEADLINE_S, check=True
    )
    command = [*COMMAND, "camera", "add", "Cổng chợ", "rtsp://127.0.0.1:9/none", "--retention-days", "3650"]
    done = subprocess.run(command, env=settings, capture_output=True, text=True, timeout=DEADLINE_S, check=True)
    key = done.stdout.strip()
    for moment in (MIDNIGHT, CHANGE):
        clock = FakeClock(from_datetime(moment - timedelta(seconds=AROUND_S)))
        archive = Archive.open(Path(settings["LUYTRE_DATA"]) / "archive", clock=clock, threaded=False)
        camera = Camera(archive.writer(key), clock)
        camera.begin()
        for _second in range(2 * AROUND_S):
            camera.send(5)
            archive.run_pending()
        camera.end()
        archive.run_pending()
        archive.close()


HOUSE = Plan(settings={"LUYTRE_TIME_ZONE": str(ZONE)}, simulated=1, before=write_footage)


@pytest.fixture
def key(house: House) -> str:
    said = json.loads(house.luytre("camera", "list", "--json"))
    return str(said["cameras"][0]["key"])


def find(page: Page, house: House, text: str) -> None:
    """By the find box, and wait for the picture."""
    page.goto(f"{house.web}/health")
    page.fill("#find-side", text)
    page.wait_for_selector("#found-side a[role=option][href*='at=']")
    page.click("#found-side a[role=option] >> nth=0")
    page.wait_for_url("**/playback?*")
    until(lambda: page.evaluate(STATES) == ["footage"], f"a picture at {text}")


def shown(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%d/%m/%Y %H:%M:%S}"


def test_footage_over_midnight_is_found_plays_on_and_is_taken_out_whole(page: Page, house: House, tmp_path: Path) -> None:
    before = MIDNIGHT - timedelta(seconds=CLIP_S / 2)
    find(page, house, f"chợ {before.astimezone(ZONE):%H:%M:%S %d/%m/%Y}")
    assert page.inner_text("#now-shown") == shown(before)
    page.click("#mark-in")
    playing(page)
    until(lambda: head(page) > MIDNIGHT.timestamp() + 1, "it plays over midnight")
    page.click("#play")
    assert page.inner_text("#now-shown").startswith(f"{MIDNIGHT.astimezone(ZONE):%d/%m/%Y} 00:00:")
    after = MIDNIGHT + timedelta(seconds=CLIP_S / 2)
    page.fill("#when", shown(after))
    page.press("#when", "Enter")
    until(lambda: head(page) == after.timestamp(), "there")
    page.click("#mark-out")
    with page.expect_download() as download:
        page.click("#export")
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert length_s(path) == pytest.approx(CLIP_S, abs=0.1)


def test_each_of_the_two_equal_hours_is_there_and_it_plays_from_one_into_the_other(page: Page, house: House, key: str) -> None:
    for moment in (CHANGE - timedelta(seconds=30), CHANGE + timedelta(seconds=30)):
        page.goto(f"{house.web}/playback?cameras={key}&at={moment.timestamp():.0f}")
        until(lambda: page.evaluate(STATES) == ["footage"], "a picture")
        assert page.inner_text("#now-shown") == shown(moment)
        assert head(page) == moment.timestamp()
    page.goto(f"{house.web}/playback?cameras={key}&at={CHANGE.timestamp() - 3:.0f}")
    until(lambda: page.evaluate(STATES) == ["footage"], "a picture")
    playing(page)
    until(lambda: head(page) > CHANGE.timestamp() + 1, "it plays into the second of the two")
    assert re.search(r" 02:00:\d\d$", page.inner_text("#now-shown"))


def test_both_sides_of_midnight_count_for_their_own_day(page: Page, house: House, key: str) -> None:
    now = datetime.now(UTC)
    token = page.get_attribute("#csrf input", "value") or ""
    answer = page.request.post(
        f"{house.web}/media/token",
        data={
            "right": "history",
            "purpose_key": "order",
            "cameras": [key],
            "from": MIDNIGHT.timestamp() - 3600,
            "to": CHANGE.timestamp() + 3600,
        },
        headers={"X-CSRFToken": token, "Referer": house.web},
    )
    span = f"from={MIDNIGHT.timestamp() - 3600}&to={CHANGE.timestamp() + 3600}&zone={ZONE}"
    media = f"http://{house.settings['LUYTRE_MEDIA_ADDR']}/v1/days/{key}/main?{span}"
    days = page.request.get(media, headers={"Authorization": f"Bearer {answer.json()['token']}"}).json()["days"]
    assert now > CHANGE
    assert {day["day"]: day["covered_s"] for day in days} == {
        f"{MIDNIGHT.astimezone(ZONE) - timedelta(days=1):%Y-%m-%d}": pytest.approx(AROUND_S, abs=0.1),
        f"{MIDNIGHT.astimezone(ZONE):%Y-%m-%d}": pytest.approx(3 * AROUND_S, abs=0.1),
    }
