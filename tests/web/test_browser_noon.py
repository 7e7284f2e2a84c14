"""The regulation changes at a moment while somebody watches: half a minute later the old right is gone, from an open socket and
page too; who keeps a right loses nothing."""

from __future__ import annotations

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import aiohttp
from playwright.sync_api import Browser, Page

from tests.web.house import PASSWORD, House, Plan, browser, house, live_tiles, log_in, moving, page, until
from tests.web.test_browser_playback import inside

__all__ = ["browser", "house", "page"]

HOUSE = Plan(names=("Cổng chợ",), simulated=1)
BEGINS_IN_S = 12
GONE_WITHIN_S = 30
COMMON = """
from luytre.bridge.django import start_django
start_django()
from dataclasses import replace
from datetime import UTC, date, datetime
from luytre.civic.access.assignments import Wanted
from luytre.civic.access.models import User
from luytre.civic.registry.grants import assign_place
from luytre.civic.regulations.approval import approve, begin_draft, draft, write_draft
from luytre.civic.regulations.proposal import PROPOSAL
from luytre.civic.regulations.rules import Actor, Right, Way
by, now = User.objects.get(username="admin"), datetime.now(UTC)
others = tuple(right for right in PROPOSAL.rights if right.role is not Actor.SECURITY_TEAM)
def put(rights, begins):
    begin_draft(by, now, from_proposal=True)
    write_draft(by, replace(PROPOSAL, rights=rights), draft().stamp, now)
    approve(by, draft().stamp, begins, now)
"""
TEAM_MAY = """
team = User.objects.create_user("team", password)
assign_place(None, team, Wanted("security_team", "cameras", frozenset({"live"}), first_day=date(2020, 1, 1)), {key}, now)
put((*others, Right(Actor.SECURITY_TEAM, Way.LIVE)), None)
"""
TEAM_MAY_NOT = """
put(others, datetime.fromisoformat(noon))
"""


def socket_of(page: Page, house: House) -> tuple[str, str]:
    """Address and token of a live socket, as the page's own script gets them."""
    told = page.evaluate(
        """async (key) => {
          const screen = JSON.parse(document.querySelector('#screen').textContent);
          const headers = { 'Content-Type': 'application/json', 'X-CSRFToken': document.querySelector('#csrf input').value };
          const body = JSON.stringify({ right: 'live', cameras: [key] });
          const answer = await fetch(screen.tokenUrl, { method: 'POST', body, headers });
          return [answer.status, screen.recorderUrl, (await answer.json()).token ?? ''];
        }""",
        house.keys[0],
    )
    assert told[0] == 200, told
    return told[1].replace("http", "ws", 1) + "/v1/live", told[2]


async def last_picture_s(address: str, token: str, camera: str, until_s: float) -> float:
    """Watches with a client of our own that never renews; when the last picture came. It may be closed, or just told nothing."""
    last = 0.0
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{address}?token={token}", max_msg_size=0) as wire:
        await wire.send_json({"op": "open", "ch": 1, "camera": camera, "stream": "sub"})
        while (left := until_s - time.time()) > 0:
            try:
                message = await wire.receive(timeout=left)
            except TimeoutError:
                break
            if message.type is aiohttp.WSMsgType.BINARY:
                last = time.time()
            elif message.type is not aiohttp.WSMsgType.TEXT:
                break
    return last


def test_at_noon_and_half_a_minute_the_old_right_is_gone(page: Page, browser: Browser, house: House) -> None:
    inside(house, f"{COMMON}password, key = {PASSWORD!r}, {house.keys[0]!r}\n{TEAM_MAY}")
    until(lambda: live_tiles(page) == 1, "the head's picture")
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    team = context.new_page()
    log_in(team, house, "team")
    until(lambda: live_tiles(team) == 1, "the team's picture")
    address, token = socket_of(team, house)
    begins = datetime.now(UTC) + timedelta(seconds=BEGINS_IN_S)
    inside(house, f"{COMMON}noon = {begins.isoformat()!r}\n{TEAM_MAY_NOT}")
    noon_s = begins.timestamp()
    with ThreadPoolExecutor(1) as aside:  # Playwright's own loop runs in this thread
        watching = last_picture_s(address, token, house.keys[0], noon_s + GONE_WITHIN_S + 5)
        last_s = aside.submit(asyncio.run, watching).result()
    assert noon_s - 3 < last_s <= noon_s + GONE_WITHIN_S, f"{last_s - noon_s:+.1f} s"
    until(lambda: live_tiles(team) == 0, "no picture for the team")
    answer = team.request.post(f"{house.web}/media/token", data=json.dumps({"right": "live", "cameras": house.keys}), headers={
        "Content-Type": "application/json", "X-CSRFToken": team.input_value("#csrf input"), "Origin": house.web})  # fmt: skip
    assert answer.status == 403
    assert live_tiles(page) == 1, "the head watches on"
    until(moving(page), "the head's picture going on")
    context.close()
