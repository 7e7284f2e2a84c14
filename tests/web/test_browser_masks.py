"""In a browser: an area is drawn and kept; a team of the hamlet sees the picture without it, live and looking back."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import av
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.house import PASSWORD, House, Plan, browser, come_in, house, live_tiles, log_in, moving, page, until
from tests.web.test_browser_access import SIZES, serious
from tests.web.test_browser_playback import collected

__all__ = ["browser", "house", "page"]

HOUSE = Plan(names=("Cổng chợ", "Ngã ba", "Nhà văn hóa"), simulated=3, settings={"LUYTRE_MASKED_AT_ONCE": "2"})
HOME = (0.2, 0.2, 0.6, 0.8)
SPREAD = """([selector, left, top, right, bottom]) => {
  const shown = document.querySelector(selector);
  const [width, height] = [shown.videoWidth || shown.naturalWidth, shown.videoHeight || shown.naturalHeight];
  if (!width) return -1;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const draw = canvas.getContext("2d");
  draw.drawImage(shown, 0, 0);
  const box = [left * width + 12, top * height + 12, (right - left) * width - 24, (bottom - top) * height - 24].map(Math.round);
  const pixels = draw.getImageData(...box).data;
  let [sum, squares, count] = [0, 0, 0];
  for (let at = 0; at < pixels.length; at += 4) {
    const grey = 0.3 * pixels[at] + 0.6 * pixels[at + 1] + 0.1 * pixels[at + 2];
    sum += grey; squares += grey * grey; count += 1;
  }
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}"""
WHOLE = (0.0, 0.0, 1.0, 1.0)


def spread(page: Page, selector: str, box: tuple[float, float, float, float]) -> float:
    """How much the pixels of a part of the picture differ from each other; -1 where there is no picture."""
    return float(page.evaluate(SPREAD, [selector, *box]))


def is_masked(page: Page, selector: str) -> bool:
    """The home is of one grey, and what is beside it is to be seen."""
    return 0 <= spread(page, selector, HOME) < 3 and spread(page, selector, WHOLE) > 8


def past(house: House, seconds: int) -> int:
    """So long ago, once every camera has been recorded for longer."""

    def since() -> float:
        with closing(sqlite3.connect(f"file:{house.folder / 'archive/index.sqlite3'}?mode=ro", uri=True, timeout=10)) as db:
            begins = [begin for (begin,) in db.execute("SELECT min(start_utc_90k) FROM run GROUP BY stream_id")]
        return max(begins) / 90_000 if len(begins) == len(HOUSE.names) else time.time()

    until(lambda: time.time() - since() > seconds + 5, "footage")
    return int(time.time()) - seconds


def tile(house: House, number: int = 0) -> str:
    return f".tile:has(a[href='/cameras/{house.keys[number]}']) video"


@pytest.fixture
def team(house: House, browser: Browser) -> Iterator[Page]:
    """A hamlet's security team with all three cameras, who may look back."""
    name = f"to{time.monotonic_ns()}"
    given = [word for key in house.keys for word in ("--camera", key)]
    house.luytre("user", "add", name, *given, "--history", "--password-stdin", typed=f"{PASSWORD}\n")
    context = browser.new_context(viewport=SIZES["desk"])
    opened = context.new_page()
    log_in(opened, house, name)
    yield opened
    context.close()


def draw_home(page: Page, house: House, number: int) -> None:
    page.goto(f"{house.web}/cameras/{house.keys[number]}/masks")
    until(lambda: page.evaluate("document.querySelector('#picture').naturalWidth") > 0, "the picture to draw on")
    page.click("#new")
    box = page.locator("#stage").bounding_box()
    assert box is not None
    left, top, right, bottom = HOME
    for x, y in ((left, top), (right, top), (right, bottom), (left, bottom)):
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
    page.keyboard.press("Escape")
    expect(page.locator(".mask-point")).to_have_count(4)
    page.click("#masks-form button[type=submit]")
    expect(page.locator(".alert-success")).to_contain_text("Từ bây giờ có hiệu lực")


def test_drawn_saved_and_hidden_at_once_from_those_who_watch(page: Page, team: Page, house: House, tmp_path: Path) -> None:
    first = tile(house)
    until(lambda: live_tiles(team) == 3, "the team watches")
    until(lambda: spread(team, first, HOME) > 8, "and sees the home")
    draw_home(page, house, 0)
    page.screenshot(path=tmp_path / "drawn.png", full_page=True)
    until(lambda: is_masked(team, first), "now hidden, without a reload", within_s=30)
    badge = team.locator(f".tile:has(a[href='/cameras/{house.keys[0]}']) .tile-state")
    expect(badge).to_contain_text("đã che nhà dân")
    until(moving(team, first), "the picture moves")
    team.screenshot(path=tmp_path / "wall.png")
    page.goto(f"{house.web}/wall")
    until(lambda: live_tiles(page) == 3, "the head watches")
    until(lambda: spread(page, first, HOME) > 8, "and sees it as it is")
    assert "đã che" not in page.inner_text("#wall")


def test_looking_back_is_masked_and_says_so(page: Page, team: Page, house: House, tmp_path: Path) -> None:
    if "1 vùng" not in masks_page(page, house, 1):
        draw_home(page, house, 1)
    team.goto(f"{house.web}/playback?cameras={house.keys[1]}&at={past(house, 8)}")
    expect(team.locator(".step-tile")).to_have_attribute("data-state", "footage", timeout=60_000)
    until(lambda: is_masked(team, ".step-tile video"), "masked")
    expect(team.locator(".step-coded")).to_have_text("đã che nhà dân")
    team.click("#play")
    until(moving(team, ".step-tile video"), "the picture moves")
    assert is_masked(team, ".step-tile video")
    team.screenshot(path=tmp_path / "playback.png")


def masks_page(page: Page, house: House, number: int) -> str:
    page.goto(f"{house.web}/cameras/{house.keys[number]}/masks")
    return page.inner_text("main")


def test_beyond_the_limit_a_tile_shows_masked_single_pictures_and_says_why(page: Page, team: Page, house: House) -> None:
    for number in range(3):
        if "1 vùng" not in masks_page(page, house, number):
            draw_home(page, house, number)
    team.goto(f"{house.web}/wall")
    until(lambda: live_tiles(team) == 2, "two are live")
    still = ".tile[data-kind=still]"
    until(lambda: team.locator(still).count() == 1, "the third is told")
    expect(team.locator(f"{still} .tile-cause")).to_contain_text("đang che đủ số hình")
    until(lambda: is_masked(team, f"{still} .tile-still"), "a single picture, masked")
    before = team.get_attribute(f"{still} .tile-still", "src")
    until(lambda: team.get_attribute(f"{still} .tile-still", "src") not in (before, None), "and another one")


def test_with_keys_alone_and_what_crosses_itself_is_told_and_not_lost(page: Page, house: House) -> None:
    page.goto(f"{house.web}/cameras/{house.keys[2]}/masks")
    start = page.locator(".mask-area").count()
    page.focus("#new")
    page.keyboard.press("Enter")
    add = page.locator(".mask-area").last.locator("button").first
    for _corner in range(4):
        add.press("Enter")
    corners = ((10, 10), (40, 40), (40, 10), (10, 40))
    for at, place in enumerate(corners):
        for axis, value in enumerate(place):
            page.fill(f"[data-number='{start}-{at}-{axis}']", str(value))
            page.keyboard.press("Tab")
    page.click("#masks-form button[type=submit]")
    expect(page.locator("#masks-error")).to_contain_text("Đường viền tự cắt")
    assert page.input_value(f"[data-number='{start}-1-0']") == "40"
    point = page.locator(f"[data-point='{start}-1']")
    point.press("ArrowLeft")
    assert float(page.input_value(f"[data-number='{start}-1-0']")) == pytest.approx(39.5)
    point.press("Delete")
    page.click("#masks-form button[type=submit]")
    expect(page.locator(".alert-success")).to_be_visible()
    assert page.locator(".mask-area").count() == start + 1


@pytest.mark.parametrize(("size", "theme"), [("desk", "light"), ("phone", "dark")])
def test_axe_finds_nothing_serious_and_a_telephone_is_wide_enough(
    browser: Browser, house: House, tmp_path: Path, size: str, theme: str
) -> None:
    viewport: Any = SIZES[size]
    context = browser.new_context(viewport=viewport, bypass_csp=True)
    context.add_cookies([{"name": "luytre_theme", "value": theme, "url": house.web}])
    page = context.new_page()
    come_in(page, house)
    draw_or_see(page, house)
    assert serious(page) == []
    page.screenshot(path=tmp_path / f"masks-{size}-{theme}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    context.close()


def draw_or_see(page: Page, house: House) -> None:
    if "1 vùng" not in masks_page(page, house, 0):
        draw_home(page, house, 0)
    until(lambda: page.locator(".mask-point").count() >= 4, "the area")


@pytest.fixture
def officer(house: House, browser: Browser) -> Iterator[Page]:
    """On duty, with all but the right to see without masks."""
    house.luytre("user", "add", "truc", "--role", "duty", "--password-stdin", typed=f"{PASSWORD}\n")
    with closing(sqlite3.connect(house.folder / "luytre.sqlite3", timeout=10)) as db, db:
        who = "(SELECT id FROM access_user WHERE username = 'truc')"
        changed = db.execute(f"UPDATE access_assignment SET ways = 'export,history,live' WHERE user_id = {who}")
        assert changed.rowcount == 1
    context = browser.new_context(viewport=SIZES["desk"], accept_downloads=True)
    opened = context.new_page()
    log_in(opened, house, "truc")
    yield opened
    context.close()


def test_a_clip_is_masked_for_who_may_take_out_but_not_see_without(
    page: Page, officer: Page, house: House, tmp_path: Path
) -> None:
    if "1 vùng" not in masks_page(page, house, 0):
        draw_home(page, house, 0)
    officer.goto(f"{house.web}/playback?cameras={house.keys[0]}&at={past(house, 12)}")
    until(lambda: is_masked(officer, ".step-tile video"), "masked")
    officer.click("#mark-in")
    officer.click("#forward")
    officer.click("#mark-out")
    downloads = collected(officer)

    def comes() -> bool:
        """Asked once more where the recorder has no room for it: the wall that was open before is let go of after seconds."""
        if not downloads and officer.is_enabled("#export"):
            officer.click("#export")
            until(lambda: "Đang chuẩn bị" not in officer.inner_text("#takeout"), "an answer")
        return bool(officer.evaluate("1") and downloads)

    until(comes, "a clip")
    path = tmp_path / "clip.mp4"
    downloads[0].save_as(path)
    with av.open(str(path)) as film:
        pictures = [frame.to_ndarray(format="gray") for frame in film.decode(video=0)]
    assert len(pictures) > 50
    height, width = pictures[0].shape
    left, top, right, bottom = HOME
    rows, columns = (
        slice(int(top * height) + 12, int(bottom * height) - 12),
        slice(int(left * width) + 12, int(right * width) - 12),
    )
    assert max(float(picture[rows, columns].std()) for picture in pictures) < 3
    assert min(float(picture.std()) for picture in pictures) > 8
    assert "Trình duyệt đang tải về" in officer.inner_text("#takeout")
