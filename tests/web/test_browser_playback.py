"""Journeys of the playback page in Chromium: cameras in step, scrubbing, marks and clips, gaps, moments, the theft story."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import av
import pytest
from playwright.sync_api import Browser, Download, Page

from tests.web.blur_steps import boxes, dragged
from tests.web.evidence_steps import ask_for_evidence, hand, outsider_checks
from tests.web.house import PASSWORD, House, Plan, browser, come_in, follow, house, log_in, page, until

__all__ = ["browser", "house", "page"]

AXE = Path(__file__).parents[2] / "web-ui" / "node_modules" / "axe-core" / "axe.min.js"
HERE = ZoneInfo("Asia/Ho_Chi_Minh")
FRAME_S = 0.04
CAMERA_FRAME_S = 1 / 12  # what `luytre simulate` sends
PLACES = [
    ("Cổng chợ", "21.0001, 105.8"),
    ("Ngã ba", "21.0002, 105.8"),
    ("Cầu Đông", "21.0004, 105.8"),
    ("Nhà văn hóa", "21.0010, 105.8"),
]
HOUSE = Plan(simulated=4, names=tuple(name for name, _ in PLACES), positions=tuple(where for _, where in PLACES))
STATES = "[...document.querySelectorAll('.step-tile')].map(tile => tile.dataset.state)"
LATE_MS = (
    "[...document.querySelectorAll('.step-tile')].map(({dataset: {lateMs}}) => lateMs === undefined ? null : Number(lateMs))"
)
RECORDED_S = 30


@pytest.fixture(scope="module")
def street(house: House) -> House:
    """Four cameras by the market that have been recording for half a minute."""
    until(lambda: all(covered_s(house.timeline(key)) > RECORDED_S for key in house.keys), "half a minute of each", within_s=240)
    return house


def covered_s(line: str) -> float:
    """From the first to the last moment that is told, whatever stands between them."""
    found = [
        datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() for text in re.findall(r"\d{4}-\d\d-\d\dT[\d:.]+Z", line)
    ]
    return max(found) - min(found) if found else 0.0


@pytest.fixture
def three(page: Page, street: House) -> Page:
    """Three cameras side by side, standing, all with a picture."""
    look_at(page, street, street.keys[:3])
    return page


def look_at(page: Page, street: House, keys: list[str], at: float | None = None) -> None:
    page.goto(f"{street.web}/playback?cameras={','.join(keys)}" + (f"&at={at}" if at is not None else ""))
    until(lambda: page.evaluate(STATES) == ["footage"] * len(keys), "a picture of each")


def head(page: Page) -> float:
    """The moment shown, as the address and the slider have it."""
    return float(page.get_attribute("#timeline", "aria-valuenow") or "nan")


def late_ms(page: Page) -> list[float]:
    """Of each picture, as its last frames were measured (`requestVideoFrameCallback`); empty unless all are measured."""
    found: list[float | None] = page.evaluate(LATE_MS)
    return [one for one in found if one is not None] if None not in found else []


def in_step(page: Page, within_s: float) -> bool:
    found = late_ms(page)
    return len(found) > 1 and (max(found) - min(found)) / 1000 < within_s


def stays_in_step(page: Page) -> bool:
    """Five looks in a row within one frame time."""
    return all(in_step(page, FRAME_S) or time.sleep(0.1) for _ in range(5))


def playing(page: Page) -> None:
    page.click("#play")
    until(lambda: page.evaluate("document.querySelector('#play').classList.contains('is-playing')"), "it plays")


def test_three_cameras_play_within_one_frame_of_each_other_after_ten_seeks_too(three: Page) -> None:
    three.keyboard.press("PageUp")  # before the first picture: plays over the hole at the beginning
    playing(three)
    until(lambda: stays_in_step(three), "in step")
    for number in range(10):
        three.click("#forward" if number % 3 == 2 else "#back")
    three.keyboard.press("PageUp")
    until(lambda: stays_in_step(three), "in step after ten seeks")
    three.click("#play")
    assert three.evaluate(STATES.replace("tile.dataset.state", "tile.querySelector('video').paused")) == [True] * 3


def test_the_place_is_in_the_address_and_a_link_leads_there(three: Page, street: House) -> None:
    three.click("#back")
    match = re.search(r"\?cameras=([\w,]+)&at=(\d+)$", three.url)
    assert match
    assert match[1].split(",") == street.keys[:3]
    assert int(match[2]) == pytest.approx(head(three), abs=1)
    shown = three.inner_text("#now-shown")
    three.goto(three.url)
    until(lambda: three.inner_text("#now-shown") == shown, "the same moment")
    assert [tile.get_attribute("aria-label") for tile in three.locator(".step-tile").all()] == [name for name, _ in PLACES[:3]]


def test_pictures_go_with_the_finger_and_the_film_comes_when_it_lets_go(three: Page) -> None:
    three.keyboard.press("+")
    for _ in range(4):
        three.keyboard.press("+")  # a minute or two in view
    box: Any = three.locator("#timeline").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.6
    three.mouse.move(x, y)
    three.mouse.down()
    three.mouse.move(x + 20, y, steps=4)
    thumbs = (
        "[...document.querySelectorAll('.step-tile img')].map(i => !i.hidden && i.naturalWidth > 100 && Number(i.dataset.at))"
    )
    until(lambda: all(three.evaluate(thumbs)), "a small picture of each")
    before, shown = head(three), three.evaluate(thumbs)
    assert all(0 <= before + 2 - at < 12 for at in shown)  # key frames at or before the finger
    three.mouse.move(x + 60, y, steps=6)
    until(lambda: head(three) > before, "the head goes along")
    three.mouse.up()
    until(lambda: three.evaluate(STATES) == ["footage"] * 3, "the film")
    hidden = "[...document.querySelectorAll('.step-tile img')].every(one => one.hidden)"
    until(lambda: three.evaluate(hidden), "no small picture over the film")  # it goes with the film's first frame


def stepped_on(page: Page, position: str) -> float:
    """Steps one picture on; where the camera stumbled just there (the browser has nothing), ten seconds before. From where."""
    for _ in range(4):
        until(lambda: page.evaluate(STATES) == ["footage"] * 3, "shown")
        first = float(page.evaluate(position))
        page.keyboard.press(".")
        limit = time.monotonic() + 15
        while time.monotonic() < limit:
            if page.evaluate(position) > first:
                return first
            page.wait_for_timeout(50)
        page.click("#back")
    raise AssertionError("no step moved the picture")


def test_one_picture_on_and_back(three: Page) -> None:
    position = "document.querySelector('.step-tile video').currentTime"
    first = stepped_on(three, position)
    on = three.evaluate(position)
    assert on - first < 3 * CAMERA_FRAME_S
    until(lambda: three.evaluate(STATES) == ["footage"] * 3, "shown")
    three.keyboard.press(",")
    until(lambda: three.evaluate(position) < on, "one back")


def test_above_four_times_it_says_that_single_pictures_are_shown(three: Page) -> None:
    three.keyboard.press("PageUp")
    three.select_option("#speed", "16")
    assert "từng ảnh" in three.inner_text("#speed-words")
    three.select_option("#speed", "0.125")
    assert three.inner_text("#speed-words") == ""


def jump(page: Page, at: float) -> None:
    """By typing the time."""
    page.fill("#when", datetime.fromtimestamp(at, HERE).strftime("%d/%m/%Y %H:%M:%S"))
    page.press("#when", "Enter")
    until(lambda: head(page) == at, "there")


def marked(page: Page, from_s: float, to_s: float) -> None:
    """Both marks set by the keys."""
    for key, at in (("i", from_s), ("o", to_s)):
        jump(page, at)
        page.keyboard.press(key)


def collected(page: Page) -> list[Download]:
    """What the page gives the browser to keep, from now on (while the page is spoken with)."""
    found: list[Download] = []
    page.on("download", lambda download: found.append(download))
    return found


def length_s(path: Path) -> float:
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        assert stream.time_base is not None
        times = [float(packet.pts * stream.time_base) for packet in film.demux(stream) if packet.pts is not None]
        return max(times) - max(0.0, min(times))  # what is before 0 is only there to decode the first picture


def test_marked_and_taken_out_of_each_camera_exactly_that_span(three: Page, tmp_path: Path) -> None:
    end = int(head(three)) - 4
    marked(three, end - 6, end)
    downloads = collected(three)
    three.click("#export")
    until(lambda: "Đã trích xuất" in three.inner_text("#export-words"), "taken out")
    until(lambda: three.evaluate("1") and len(downloads) == 3, "three clips")
    names = [download.suggested_filename for download in downloads]
    assert [name.split("_")[0] for name in names] == ["cong-cho", "nga-ba", "cau-dong"]
    for download in downloads:
        path = tmp_path / download.suggested_filename
        download.save_as(path)
        assert length_s(path) == pytest.approx(6, abs=4 * CAMERA_FRAME_S)
    assert "Đã lưu vào thư mục tải về" in three.inner_text("#takeout")


def test_a_moment_is_saved_found_again_removed_and_brought_back(three: Page, street: House) -> None:
    three.fill("#when", "")
    three.locator("#timeline").focus()
    three.keyboard.press("b")
    three.wait_for_selector(".bookmark")
    saved = head(three)
    three.fill("#bookmark-words", "xe <b>đỏ</b>")
    three.press("#bookmark-words", "Enter")
    until(lambda: three.locator(".bookmark").count() == 2, "two moments")
    assert "xe <b>đỏ</b>" in three.inner_text("#bookmarks")
    look_at(three, street, street.keys[3:4])
    three.click("#panel-toggle")
    three.click(".bookmark-go >> nth=1")
    until(lambda: head(three) == saved, "there again")
    assert [tile.get_attribute("aria-label") for tile in three.locator(".step-tile").all()] == [name for name, _ in PLACES[:3]]
    three.click(".bookmark >> nth=0 >> .btn-icon")
    until(lambda: three.locator(".bookmark").count() == 1, "removed")
    three.click(".undo")
    until(lambda: three.locator(".bookmark").count() == 2, "back")


def test_a_gap_is_told_over_its_picture_and_the_others_go_on(page: Page, street: House) -> None:
    key = street.keys[3]
    look_at(page, street, [key])
    began = float(page.evaluate("Date.now() / 1000"))
    switch(page, street, key)
    until(lambda: "camera_disabled" in street.timeline(key), "stopped")
    before = runs(street, key)
    until(lambda: float(page.evaluate("Date.now() / 1000")) > began + 8, "a gap of some seconds")
    switch(page, street, key)
    until(lambda: runs(street, key) > before, "recording again")
    look_at(page, street, [street.keys[0], key])
    jump(page, int(began) + 6)
    until(lambda: page.evaluate(STATES) == ["footage", "gap"], "one has a picture, the other a reason")
    assert "tắt" in page.inner_text(".step-words >> nth=1")
    playing(page)
    until(lambda: page.evaluate(STATES) == ["footage", "footage"], "it joins again by itself")
    page.click("#panel-toggle")
    assert "Nhà văn hóa" in page.inner_text("#gaps")


def runs(street: House, key: str) -> int:
    return len(json.loads(street.timeline(key))["runs"])


def switch(page: Page, street: House, key: str) -> None:
    page.goto(f"{street.web}/cameras/{key}")
    token = page.get_attribute("input[name=csrfmiddlewaretoken] >> nth=0", "value") or ""
    answer = page.request.post(
        f"{street.web}/cameras/{key}/switch", form={"csrfmiddlewaretoken": token}, headers={"Referer": street.web}
    )
    assert answer.ok


def test_the_theft_story_in_six_clicks(page: Page, street: House, tmp_path: Path) -> None:
    """From a link of the find box (a camera and a minute) to the clips of three cameras."""
    look_at(page, street, street.keys[:1])
    at = int(head(page)) - 8
    clicks = 0

    def click(selector: str) -> None:
        nonlocal clicks
        clicks += 1
        page.click(selector)

    page.goto(f"{street.web}/playback?camera={street.keys[0]}&at={at}")
    until(lambda: page.locator(".near-chip").count() == 3, "the nearest cameras")
    assert page.inner_text(".near-chip >> nth=0") == PLACES[1][0]
    click(".near-chip >> nth=0")
    click(f".near-chip[data-key='{street.keys[2]}']")
    until(lambda: page.evaluate(STATES) == ["footage"] * 3, "three pictures")
    click("#mark-in")
    click("#forward")
    click("#mark-out")
    downloads = collected(page)
    click("#export")
    until(lambda: page.evaluate("1") and len(downloads) == 3, "three clips")
    assert clicks == 6
    for download in downloads:
        download.save_as(tmp_path / download.suggested_filename)
        assert length_s(tmp_path / download.suggested_filename) > 5


def test_cameras_are_found_by_words_without_accents_and_added_and_taken_away(three: Page, street: House) -> None:
    three.keyboard.press("c")
    three.fill("#find-camera", "nha van")
    three.press("#find-camera", "Enter")
    until(lambda: three.locator(".step-tile").count() == 4, "a fourth")
    three.keyboard.press("Escape")
    three.click(f".step-tile[data-key='{street.keys[0]}'] .step-remove")
    assert three.locator(".step-tile").count() == 3
    three.keyboard.press("1")
    assert three.evaluate("document.querySelector('.step-tile').hasAttribute('data-large')")
    three.keyboard.press("Escape")
    assert not three.evaluate("document.querySelector('.step-tile').hasAttribute('data-large')")
    three.keyboard.press("?")
    assert three.is_visible("#help")
    three.keyboard.press("Escape")
    assert not three.is_visible("#help")


@pytest.fixture
def unguarded(street: House, browser: Browser) -> Iterator[Page]:
    """A page that lets axe in (the content policy is set aside for it alone)."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, bypass_csp=True)
    opened = context.new_page()
    come_in(opened, street)
    yield opened
    context.close()


def test_axe_finds_nothing_serious(unguarded: Page, street: House) -> None:
    look_at(unguarded, street, street.keys[:3])
    unguarded.keyboard.press("b")
    unguarded.wait_for_selector(".bookmark")
    unguarded.add_script_tag(path=str(AXE))
    for opening in ("0", "document.querySelector('#chooser').open = true", "document.querySelector('#help').showModal()"):
        unguarded.evaluate(opening)
        found = unguarded.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")] == []


@pytest.mark.parametrize(("width_px", "height_px"), [(390, 844), (1366, 768), (3840, 2160)])
def test_everything_fits_the_screen(three: Page, width_px: int, height_px: int) -> None:
    three.set_viewport_size({"width": width_px, "height": height_px})
    assert three.evaluate("document.documentElement.scrollWidth <= innerWidth")
    timeline: Any = three.locator("#timeline").bounding_box()
    assert timeline["height"] >= 80
    if width_px > 1000:
        assert timeline["y"] + timeline["height"] <= height_px


def test_a_region_is_drawn_moved_on_in_time_and_saved(unguarded: Page, street: House) -> None:
    page = unguarded
    look_at(page, street, street.keys[:1])
    end = int(time.time()) - 12  # recorded, however short the house has stood
    marked(page, end - 6, end)
    page.click("#blur")
    page.fill("#id_title", "biển số xe")
    page.fill("#id_reference", "VV 12/2026")
    with page.expect_request("**/media/token") as asked:
        page.click("main button[type=submit]")
        until(lambda: page.evaluate(STATES) == ["footage"], "the picture")
    assert "VV 12/2026" in (asked.value.post_data or ""), "why the span is looked at"
    dragged(page, (0.2, 0.3), (0.4, 0.5))
    page.click("#on-one")
    until(lambda: page.evaluate(STATES) == ["footage"] and page.is_visible(".blur-region.away"), "a second later")
    dragged(page, (0.3, 0.4), (0.5, 0.4))
    ((first, second),) = boxes(page)
    assert second[0] - first[0] == pytest.approx(1000, abs=500), "a busy camera leaves pictures out"
    assert first[1:] == pytest.approx([0.2, 0.3, 0.2, 0.2], abs=0.01)
    assert second[1:] == pytest.approx([0.4, 0.3, 0.2, 0.2], abs=0.01)
    page.keyboard.press("Shift+ArrowRight")
    assert boxes(page)[0][1][3] > second[3]
    page.click("#undo")
    assert boxes(page) == [[first, second]]
    page.click(".blur-track [data-act=wholeSpan]")
    start = (end - 6) * 1000  # the picture drawn on may be the last one before it: then the region covers it already
    assert [key[0] for key in boxes(page)[0]] == [*([start] if first[0] > start else []), first[0], second[0], end * 1000]
    page.click("#undo")
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")] == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    follow(page, "#save button[type=submit]")
    assert "1 vùng" in page.inner_text("main")
    assert boxes(page) == [[first, second]]
    page.click(f".blur-keys [data-at='{first[0]:.0f}']")
    until(lambda: page.get_attribute(".blur-keys [aria-current]", "data-at") == f"{first[0]:.0f}", "there again")


REGULATE = """
from luytre.bridge.django import start_django
start_django()
from datetime import UTC, datetime
from luytre.civic.access.models import User
from luytre.civic.regulations.approval import approve, begin_draft
by, now = User.objects.get(username="admin"), datetime.now(UTC)
begin_draft(by, now, from_proposal=True)
approve(by, 1, None, now)
"""
LOOKS = """
from luytre.bridge.django import start_django
start_django()
import json
from luytre.civic.access.models import Look
fields = ("kind", "purpose_key", "reference", "span_start", "span_end")
print(json.dumps(list(Look.objects.filter(reference="TB 07/2026").values_list(*fields)), default=str))
"""


def inside(house: House, code: str) -> str:
    """Run by the program's own Python, on its own data."""
    done = subprocess.run(
        [sys.executable, "-c", code], env=house.settings, capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout


def test_who_looks_back_is_asked_why_once(unguarded: Page, street: House) -> None:
    """From here on a regulation is in force."""
    page = unguarded
    inside(street, REGULATE)
    page.goto(f"{street.web}/playback?cameras={','.join(street.keys[:2])}&at={time.time() - 20:.0f}")
    until(lambda: page.is_visible("#reason"), "the question")
    page.click("#reason-form button")
    assert page.inner_text("#reason-error") == "Hãy chọn mục đích xem."
    page.keyboard.press("Escape")
    assert page.is_visible("#reason"), "without a reason there is no picture"
    assert page.evaluate(STATES) == ["loading", "loading"]
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")] == []
    page.check("#reason-choices input[value=crime]")
    page.keyboard.press("Enter")
    assert page.inner_text("#reason-error") == "Mục đích này cần số vụ việc, số hồ sơ hoặc số đơn."
    assert page.evaluate("document.activeElement.id") == "reason-reference"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.type("TB 07/2026")
    page.keyboard.press("Enter")
    until(lambda: page.evaluate(STATES) == ["footage"] * 2, "a picture of each")
    assert page.inner_text("#reason-shown") == "Xác minh tin báo, tố giác tội phạm · TB 07/2026"
    page.reload()
    until(lambda: page.evaluate(STATES) == ["footage"] * 2, "a picture of each, without a question")
    assert f"admin · {datetime.now(HERE):%d/%m/%Y}" in page.inner_text(".watermark"), "the regulation wants it"
    assert not page.is_visible("#reason")
    page.click("#reason-change")
    page.check("#reason-choices input[value=technical]")
    page.fill("#reason-reference", "")
    page.click("#reason-form button")
    until(lambda: page.inner_text("#reason-shown") == "Kiểm tra kỹ thuật camera", "the other reason")
    found = json.loads(inside(street, LOOKS))
    assert {tuple(one[:3]) for one in found} == {("history", "crime", "TB 07/2026")}
    assert len(found) == 4, f"two cameras, two page loads: {found}"


APPROVE = """
from luytre.bridge.django import start_django
start_django()
from dataclasses import replace
from datetime import UTC, date, datetime
from luytre.civic.access.assignments import Wanted, assign
from luytre.civic.access.models import User
from luytre.civic.regulations.approval import approve, begin_draft, draft, write_draft
from luytre.civic.regulations.proposal import PROPOSAL
from luytre.civic.regulations.rules import Actor, Approvals
if User.objects.filter(username="truc-ban").exists():  # of a test before
    raise SystemExit
by, now = User.objects.get(username="admin"), datetime.now(UTC)
duty = User.objects.create_user("truc-ban", password)
assign(None, duty, Wanted("duty", first_day=date(2020, 1, 1)), now)
begin_draft(by, now, from_proposal=True)
write_draft(by, replace(PROPOSAL, export=Approvals(1, (Actor.HEAD,))), draft().stamp, now)
approve(by, draft().stamp, None, now)
"""


def serious(page: Page) -> list[tuple[str, str]]:
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")]


def test_a_clip_waits_until_somebody_else_agreed(unguarded: Page, browser: Browser, street: House, tmp_path: Path) -> None:
    """The officer asks from the playback page; the head looks, agrees; the officer takes out what was agreed to, and no more."""
    inside(street, f"password = {PASSWORD!r}\n{APPROVE}")
    context = browser.new_context(viewport={"width": 1366, "height": 768}, accept_downloads=True, bypass_csp=True)
    officer, head = context.new_page(), unguarded
    log_in(officer, street, "truc-ban")
    officer.goto(f"{street.web}/playback?cameras={','.join(street.keys[:2])}&at={time.time() - 20:.0f}")
    until(lambda: officer.is_visible("#reason"), "the question")
    officer.check("#reason-choices input[value=crime]")
    officer.fill("#reason-reference", "VV 31/2026")
    officer.click("#reason-form button")
    until(lambda: officer.evaluate(STATES) == ["footage"] * 2, "a picture of each")
    officer.click("#mark-in")
    officer.evaluate("document.activeElement.blur()")
    officer.click("#forward")
    officer.click("#mark-out")
    found = collected(officer)
    officer.click("#export")
    officer.wait_for_selector("#takeout a")
    assert "cần có người duyệt" in officer.inner_text("#takeout")
    assert (len(found), officer.locator("#takeout li").count()) == (0, 2)
    officer.click("#takeout a >> nth=0")
    officer.wait_for_url("**/evidence/*")
    assert "Không ai tự duyệt cho mình" in officer.inner_text("main")
    assert "Trích xuất" not in officer.inner_text(".page-header")
    head.goto(f"{street.web}/wall")
    assert "1 yêu cầu đang chờ anh/chị" in head.inner_text(".side-nav .waiting")
    head.set_viewport_size({"width": 390, "height": 844})
    assert "1 yêu cầu đang chờ anh/chị" in head.inner_text(".phone-bar summary")
    head.set_viewport_size({"width": 1366, "height": 768})
    follow(head, ".side-nav a[href='/evidence']")
    assert serious(head) == []
    follow(head, "td .btn-primary")
    assert serious(head) == []
    assert [name for name, _ in PLACES[:2] if name not in head.inner_text("main")] == []
    head.click("button[name=agreed][value='1']")
    head.wait_for_selector("text=Đã ghi ý kiến")
    officer.reload()
    officer.click(".page-header a.btn-primary")
    officer.wait_for_url("**/playback?*request=*")
    until(lambda: officer.evaluate(STATES) == ["footage"] * 2, "a picture of each")
    officer.click("#export")
    until(lambda: officer.evaluate("1") and len(found) == 2, "two clips")
    path = tmp_path / "clip.mp4"
    found[0].save_as(path)
    assert length_s(path) == pytest.approx(10, abs=0.5)
    officer.click("#back")
    officer.click("#mark-in")
    officer.click("#export")
    officer.wait_for_selector("#takeout a")
    assert len(found) == 2, "another span is another request"
    context.close()


def test_evidence_from_the_question_to_its_destruction(unguarded: Page, browser: Browser, street: House, tmp_path: Path) -> None:
    """The officer marks and asks for the original, the head agrees; the package is made, verified without a network, handed over
    with minutes, returned, destroyed."""
    inside(street, f"password = {PASSWORD!r}\n{APPROVE}")
    context = browser.new_context(viewport={"width": 390, "height": 844}, accept_downloads=True, bypass_csp=True)
    officer, head = context.new_page(), unguarded
    log_in(officer, street, "truc-ban")
    ask_for_evidence(officer, street)
    asked = officer.url
    head.goto(asked)
    assert "Gói chứng cứ có bản gốc" in head.inner_text("main")
    follow(head, "button[name=agreed][value='1']")
    officer.goto(asked)
    assert serious(officer) == []
    follow(officer, "button[name=kind][value=full]")
    until(lambda: officer.is_visible("button[value=take]"), "the package", within_s=90)
    assert serious(officer) == []
    made = officer.url
    with officer.expect_download() as taken:
        officer.click("button[value=take]")
    path = tmp_path / taken.value.suggested_filename
    taken.value.save_as(path)
    street.luytre("evidence", "verify", str(path))
    outsider_checks(browser, street, path)
    officer.goto(made)
    follow(officer, "button[value=view]")
    until(lambda: officer.evaluate("document.querySelector('video').videoWidth > 0"), "the copy for watching plays")
    hand(officer, "hand", "")
    assert "Ghi số biên bản" in officer.inner_text("#err-paper")
    hand(officer, "hand", "03/BB")
    assert "1 bản đang ở ngoài" in officer.inner_text("main")
    minutes = officer.get_attribute("a[href$='.pdf']", "href")
    assert officer.request.get(f"{street.web}{minutes}").body().startswith(b"%PDF-")
    hand(officer, "back", "04/BB")
    assert "đang ở ngoài" not in officer.inner_text("main")
    head.goto(made)
    assert serious(head) == []
    head.click("summary:has-text('Hủy gói')")
    head.fill("[name=destroy_why]", "vụ án đã xử xong")
    follow(head, "main .btn-outline-danger")
    assert "vụ án đã xử xong" in head.inner_text("main")
    assert head.locator("button[value=take]").count() == 0
    context.close()
