"""Journeys over a whole house in Chromium: the theft from the find box, a camera pulled out, strange names, two hundred cameras,
and a viewer who guesses."""

from __future__ import annotations

import base64
import csv
import html
import io
import json
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import APIResponse, Browser, Page, Request

from luytre.base.clock import TICKS_PER_S
from luytre.media.archive.gops import decode_gops
from tests.support.ports import free_port
from tests.web.house import (
    CAMERA_PASSWORD,
    COMMAND,
    PASSWORD,
    House,
    Plan,
    browser,
    house,
    live_tiles,
    log_in,
    moving,
    page,
    until,
)
from tests.web.test_browser_playback import HERE, RECORDED_S, STATES, collected, covered_s, head, playing

__all__ = ["browser", "house", "page"]

PULLED = "Bến đò"
PLACES = [("Cổng chợ", "21.0001, 105.8"), ("Ngã ba", "21.0002, 105.8"), ("Cầu Đông", "21.0004, 105.8")]
HOUSE = Plan(simulated=3, names=tuple(name for name, _ in PLACES), positions=tuple(where for _, where in PLACES))
FILES = ["cong-cho", "nga-ba", "cau-dong"]
CLIP_S = 10
FRAME_S = 1 / 12  # what `luytre simulate` sends
STRANGE = ('Nhà ông "Ba" & con', "<script>document.title='x'</script>", "O'Brien", "Đường Nguyễn Huệ — ngõ 7", "=1+1", "{{ 7 }}")


def add(house: House, name: str, where: str, position: str) -> str:
    options = ["--sub-url", f"{where}/sub", "--position", position, "--username", "admin", "--password-stdin"]
    return house.luytre("camera", "add", name, f"{where}/main", *options, typed=f"{CAMERA_PASSWORD}\n")


@pytest.fixture(scope="module")
def street(house: House) -> House:
    """Three cameras by the market with half a minute of footage."""
    until(lambda: all(covered_s(house.timeline(key)) > RECORDED_S for key in house.keys), "half a minute of each", within_s=240)
    return house


def test_the_theft_from_three_words_to_three_clips_in_six_clicks(page: Page, street: House, tmp_path: Path) -> None:
    began = max(datetime.fromisoformat(first_run(street, key)) for key in street.keys)
    at = began.timestamp() + 8
    clicks: list[str] = []

    def click(selector: str) -> None:
        clicks.append(selector)
        page.click(selector)

    page.goto(f"{street.web}/wall")
    click("#find-side")
    page.keyboard.type(f"cho {datetime.fromtimestamp(at, HERE):%H:%M:%S %d/%m/%Y}")
    page.wait_for_selector("#found-side a[role=option][href*='at=']")
    click("#found-side a[role=option] >> nth=0")
    page.wait_for_url("**/playback?cameras=*")
    until(lambda: page.evaluate(STATES) == ["footage"] * 3, "three pictures")
    assert [tile.get_attribute("aria-label") for tile in page.locator(".step-tile").all()] == [name for name, _ in PLACES]
    assert head(page) == pytest.approx(int(at), abs=1)
    click("#mark-in")
    click("#forward")
    click("#mark-out")
    found, addresses = collected(page), asked_for(page)
    click("#export")
    until(lambda: page.evaluate("1") and len(found) == 3, "three clips")
    assert len(clicks) == 6
    assert sorted(addresses) == sorted(street.keys)
    for download in found:
        path = tmp_path / download.suggested_filename
        download.save_as(path)
        shown_s, stood_s = lengths_s(path)
        key = street.keys[FILES.index(download.suggested_filename.split("_")[0])]
        start_s, end_s = addresses[key]
        assert end_s - start_s == pytest.approx(CLIP_S, abs=0.001)
        # Ten seconds of our clock are as many of the camera's as the index says: a camera that stumbles on a busy machine is set
        # right meanwhile. It begins with the picture that stood at the mark, however long it was let stand.
        marked_s = line_s(street, key, end_s) - line_s(street, key, start_s)
        assert marked_s - 2 * FRAME_S <= shown_s <= marked_s + stood_s + 0.002


def asked_for(page: Page) -> dict[str, tuple[float, float]]:
    """By camera, from and to (UTC seconds) of the clips that the page asks the recorder for, from now on."""
    found: dict[str, tuple[float, float]] = {}

    def note(request: Request) -> None:
        address = urlsplit(request.url)
        if address.path.startswith(("/v1/mp4/", "/v1/export/")):
            query = parse_qs(address.query)
            found[address.path.split("/")[3]] = (float(query["from"][0]), float(query["to"][0]))

    page.on("request", note)
    return found


def line_s(house: House, key: str, at_s: float) -> float:
    """Where a camera's own line stood at a moment of ours: from the last GOP that had begun, as the archive's index has it."""
    asked = """SELECT gops, start_dts_90k, start_utc_90k FROM segment JOIN stream ON stream.id = stream_id
        WHERE camera = ? AND stream = 'main'"""
    with closing(sqlite3.connect(f"file:{house.folder}/archive/index.sqlite3?mode=ro", uri=True)) as index:
        found = [gop for row in index.execute(asked, (key,)) for gop in decode_gops(*row)]
    last = max((gop for gop in found if gop.utc_90k <= at_s * TICKS_PER_S), key=lambda gop: gop.utc_90k)
    return last.dts_90k / TICKS_PER_S + at_s - last.utc_90k / TICKS_PER_S


def first_run(house: House, key: str) -> str:
    said: Any = json.loads(house.timeline(key))
    return str(said["runs"][0]["from"]).replace("Z", "+00:00")


def lengths_s(path: Path) -> tuple[float, float]:
    """How long a player shows it and its first picture, as ffprobe reads it (the edit list is the player's to obey)."""
    command = [
        "ffprobe",
        "-v",
        "error",
        "-select_streams",
        "v",
        "-show_entries",
        "packet=pts_time,duration_time,flags",
        "-of",
        "csv=p=0",
    ]
    lines = subprocess.run([*command, str(path)], capture_output=True, text=True, check=True).stdout.split()
    rows = [line.split(",") for line in lines]
    kept = [(float(pts), float(length)) for pts, length, flags, *_rest in rows if "D" not in flags]
    first_pts, first_length = min(kept)
    return max(pts + length for pts, length in kept) - first_pts, first_length


@contextmanager
def lone_camera(house: House, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """One more camera, that can be pulled out by itself."""
    command = [*COMMAND, "simulate", "--cameras", "1", "--port", str(port), "--codec", "h264", "--width", "640"]
    command += ["--password", CAMERA_PASSWORD]
    with subprocess.Popen(command, env=house.settings, stdout=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_camera_is_pulled_out_while_one_watches_and_while_one_looks_back(page: Page, street: House) -> None:
    port = free_port()
    kind = f"[...document.querySelectorAll('.tile')].find(t => t.innerText.includes({PULLED!r}))?.dataset.kind"
    back = page.context.new_page()
    with lone_camera(street, port):
        key = add(street, PULLED, f"rtsp://127.0.0.1:{port}/cam1", "21.01, 105.8")
        page.goto(f"{street.web}/wall")
        until(lambda: page.evaluate(kind) == "live" and live_tiles(page) == 4, "all four are live")
        until(lambda: covered_s(street.timeline(key)) > 15, "some footage of it")
        back.goto(f"{street.web}/playback?cameras={key},{street.keys[0]}")
        until(lambda: back.evaluate(STATES) == ["footage"] * 2, "a picture of both")
        playing(back)
    page.bring_to_front()
    until(lambda: page.evaluate(kind) == "lost", "its tile says so")
    assert (
        page.evaluate("[...document.querySelectorAll('.tile')].find(t => t.dataset.kind === 'lost').innerText").strip() != PULLED
    )
    until(lambda: PULLED in page.inner_text("#wall-state"), "the line above tells it")
    until(moving(page, ".tile[data-kind=live] video"), "the others go on")
    assert live_tiles(page) == 3
    back.bring_to_front()
    until(lambda: back.evaluate(STATES) == ["gap", "footage"], "looking back comes to the gap", within_s=120)
    assert back.inner_text(".step-words >> nth=0").strip()
    page.bring_to_front()
    with lone_camera(street, port):
        until(lambda: page.evaluate(kind) == "live" and live_tiles(page) == 4, "back by itself", within_s=120)
        until(lambda: PULLED not in page.inner_text("#wall-state"), "the line above is empty again")
        back.bring_to_front()
        until(lambda: back.evaluate(STATES) == ["footage"] * 2, "looking back joins again by itself", within_s=120)
    street.luytre("camera", "remove", key, "--yes")


class Guesser:
    """A viewer of one camera who tries what is another's, with whatever the viewer's own account is given."""

    def __init__(self, page: Page, house: House, mine: str, other: str) -> None:
        self.page, self.house, self.mine, self.other = page, house, mine, other
        self.media = f"http://{house.settings['LUYTRE_MEDIA_ADDR']}"
        self.csrf = page.get_attribute("#csrf input", "value") or ""

    def get(self, path: str) -> APIResponse:
        return self.page.request.get(self.house.web + path, max_redirects=0)

    def post(self, path: str, body: dict[str, object]) -> APIResponse:
        headers = {"X-CSRFToken": self.csrf, "Referer": self.house.web, "Accept": "application/json"}
        return self.page.request.post(self.house.web + path, data=body, headers=headers, max_redirects=0)

    def token(self, right: str, *cameras: str) -> str:
        now = time.time()
        body = {"right": right, "cameras": list(cameras), "from": now - 3600, "to": now, "purpose_key": "order"}
        answer = self.post("/media/token", body)
        assert answer.status == 200
        return str(answer.json()["token"])

    def media_status(self, path: str, token: str) -> int:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.page.request.get(self.media + path, headers=headers).status

    def knock(self, token: str, camera: str) -> str:
        """What the live WebSocket says first to an `open` of a camera; nothing where it is not even opened."""
        return str(self.page.evaluate(KNOCK, [f"{self.media.replace('http', 'ws')}/v1/live?token={token}", camera]))


KNOCK = """([address, camera]) => new Promise((tell) => {
    const socket = new WebSocket(address);
    socket.onopen = () => socket.send(JSON.stringify({op: "open", ch: 1, camera, stream: "main"}));
    socket.onmessage = ({data}) => { tell(String(data)); socket.close(); };
    socket.onclose = () => tell("");
})"""


@pytest.fixture(scope="module")
def viewer(street: House) -> str:
    street.luytre("user", "add", "doan", "--camera", street.keys[0], "--history", "--password-stdin", typed=f"{PASSWORD}\n")
    return "doan"


@pytest.fixture
def guesser(street: House, viewer: str, browser: Browser) -> Iterator[Guesser]:
    context = browser.new_context()
    opened = context.new_page()
    log_in(opened, street, viewer)
    yield Guesser(opened, street, *street.keys[:2])
    context.close()


def forged(token: str, other: str) -> str:
    """The same token with another camera in it; its signature no longer fits."""
    head_part, body, seal = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    claims["cams"] = [other]
    return ".".join([head_part, base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("="), seal])


def of_recorder(cameras: str, key: str) -> list[str]:
    """Every address of the recorder that names a camera."""
    now = time.time()
    span = f"from={now - 600}&to={now - 5}"
    return [
        f"/v1/timeline/{key}/main?{span}",
        f"/v1/timelines?cams={cameras}&{span}",
        f"/v1/days/{key}/main?{span}",
        f"/v1/thumb/{key}/main?at={now - 10}",
        f"/v1/hls/{key}/main/index.m3u8?{span}",
        f"/v1/hls/{key}/sub/index.m3u8?{span}",
        *(f"/v1/segment/{key}/main/{number}.mp4" for number in range(1, 6)),
        f"/v1/export/{key}/main?{span}",
        f"/v1/mp4/{key}/main?{span}",
        f"/v1/picture/{key}/main?at={now - 10}",
        f"/v1/picture/{key}/main",
        f"/v1/picture/{key}/sub",
    ]


def test_whoever_guesses_at_the_recorder_gets_nothing(guesser: Guesser) -> None:
    mine, other = guesser.mine, guesser.other
    tokens = {right: guesser.token(right, mine) for right in ("live", "history")}
    assert guesser.media_status(of_recorder(mine, mine)[0], tokens["history"]) == 200
    addresses = [*of_recorder(other, other), of_recorder(f"{mine},{other}", other)[1]]
    for token in (*tokens.values(), *(forged(token, other) for token in tokens.values()), "", "x.y.z"):
        for path in addresses:
            assert guesser.media_status(path, token) in (401, 403), path
    assert guesser.media_status(f"/v1/export/{mine}/main?from={time.time() - 60}&to={time.time()}", tokens["history"]) == 403
    for path in ("/v1/status", "/metrics"):
        answer = guesser.page.request.get(guesser.media + path, headers={"Authorization": f"Bearer {tokens['live']}"})
        assert other not in answer.text()


def test_whoever_guesses_a_segment_or_the_socket_gets_nothing(guesser: Guesser) -> None:
    mine, other = guesser.mine, guesser.other
    history, live = guesser.token("history", mine), guesser.token("live", mine)
    files = len(list((guesser.house.folder / "archive").rglob("*.mp4")))
    answers = [guesser.media_status(f"/v1/segment/{mine}/main/{number}.mp4", history) for number in range(1, files + 1)]
    assert 0 < answers.count(200) < files  # the numbers of other cameras' segments are not found under this one
    assert set(answers) <= {200, 403, 404}
    assert '"event"' in guesser.knock(live, mine)
    assert "init" not in guesser.knock(live, other)
    for token in (history, forged(live, other), "x.y.z", ""):
        assert guesser.knock(token, other) == "" or "init" not in guesser.knock(token, other)


def test_whoever_guesses_at_the_pages_gets_nothing(guesser: Guesser, page: Page) -> None:
    mine, other = guesser.mine, guesser.other
    duty = Guesser(page, guesser.house, mine, other)
    moment = duty.post("/bookmarks", {"cameras": [other], "at": time.time() - 5, "words": "bí mật"}).json()["key"]
    name = PLACES[1][0]
    assert guesser.get(f"/cameras/{mine}").status == 200
    for path in (f"/cameras/{other}", f"/cameras/{other}/edit", f"/cameras/{other}/remove", f"/cameras/{other}/health",
                 "/cameras", "/cameras/sheet/csv", "/cameras/import", "/cameras/find", "/people", "/people/1", "/settings",
                 "/start", "/internal/recorder/config"):  # fmt: skip
        assert guesser.get(path).status in (401, 403, 404), path
    for path in ("/wall", "/health", "/health/now", f"/playback?cameras={other}", f"/playback?cameras={mine},{other}",
                 "/find?q=nga ba", f"/find?q={name} 0h01", "/bookmarks", f"/cameras/{mine}"):  # fmt: skip
        answer = guesser.get(path)
        assert answer.status in (200, 302), path
        assert other not in answer.text().replace(path.partition("?")[2], ""), path
        assert "bí mật" not in answer.text()
    now = time.time()
    for right in ("live", "history", "export"):
        for cameras in ([other], [mine, other], ["*"]):
            asked: dict[str, object] = {"right": right, "cameras": cameras, "from": now - 60, "to": now}
            assert guesser.post("/media/token", asked).status in (400, 403)
            assert guesser.post("/export", asked).status == 403
    assert guesser.post("/bookmarks", {"cameras": [other], "at": now, "words": ""}).status == 403
    assert guesser.post("/bookmarks", {"cameras": [mine, other], "at": now, "words": ""}).status == 403
    for path in (f"/bookmarks/{moment}/delete", f"/bookmarks/{moment}/restore", f"/cameras/{other}/switch",
                 f"/cameras/{other}/remove", f"/cameras/{other}/edit", "/cameras/add", "/people/add"):  # fmt: skip
        assert guesser.post(path, {}).status in (403, 404), path
    assert moment in json.dumps(duty.get("/bookmarks").json())


def sheet(names: Sequence[str]) -> bytes:
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(["Camera name", "Hamlet", "Main stream address"])
    rows.writerows([name, f"Thôn {number % 7}", f"rtsp://127.0.0.1:9/{number}"] for number, name in enumerate(names))
    return b"\xef\xbb\xbf" + table.getvalue().encode()


def read_sheet(page: Page, house: House, content: bytes) -> None:
    page.goto(f"{house.web}/cameras/import")
    page.set_input_files("#sheet", {"name": "camera.csv", "mimeType": "text/csv", "buffer": content})
    page.click("main form button[type=submit]")
    page.wait_for_selector("main table")


def test_two_hundred_cameras_with_strange_names_come_by_a_sheet_and_are_found_everywhere(page: Page, street: House) -> None:
    names = [*STRANGE, *(f"Ngõ {number}" for number in range(200 - len(STRANGE)))]
    read_sheet(page, street, sheet(names))
    assert page.locator("main tbody tr").count() == 200
    page.click("form:has([name=plan]) button[type=submit]")
    page.wait_for_url("**/cameras")
    assert set(names) <= set(page.locator("main tbody td.first a").all_inner_texts())
    for path in ("/cameras", "/health", "/people/add"):
        page.goto(street.web + path)
        shown = page.content() if path == "/people/add" else page.inner_text("main")
        assert [
            name for name in STRANGE if (html.escape(name, quote=False) if path == "/people/add" else name) not in shown
        ] == []
    page.goto(f"{street.web}/wall")
    page.click("[data-layout='36']")
    until(lambda: page.locator(".tile:visible").count() == 36, "a full wall")
    for name in STRANGE[:4]:
        page.goto(f"{street.web}/playback?cameras={street.keys[0]}")
        page.click("#choose")
        page.fill("#find-camera", name)
        assert name in page.inner_text("#choices")
        page.press("#find-camera", "Enter")
        until(lambda name=name: name in page.inner_text("#grid"), "its tile")  # type: ignore[misc]
        page.goto(f"{street.web}/health")
        page.fill("#find-side", name)
        page.wait_for_selector("#found-side a[role=option]")
        assert name in page.inner_text("#found-side")
    with page.expect_download() as download:
        page.goto(f"{street.web}/cameras")
        page.click(".menu.drop summary")
        page.click("text=CSV")
    read_sheet(page, street, Path(download.value.path()).read_bytes())
    assert page.locator("input[name=plan]").count() == 0, "all stays as it is"
    assert page.title() != "x"
