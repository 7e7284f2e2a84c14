"""The erase log over HTTP: what is told, to whom, page by page."""

from __future__ import annotations

import sqlite3
from typing import Any

from luytre.base.clock import TICKS_PER_S
from luytre.media.archive import Hold
from luytre.media.archive.index import Doomed, log_erased
from luytre.media.archive.paths import INDEX
from luytre.media.archive.values import EraseRule
from tests.media.recorder.test_http import Station, recording, station

__all__ = ["station"]
DAY_S = 86_400
FIRST_S = 1_795_500_000
"""When the first line was erased (24/11/2026, UTC)."""


def erase(station: Station, camera: str, at_s: int, rule: EraseRule = EraseRule.DAYS, bytes_each: int = 1000) -> None:
    """As retention does: a minute of footage that was a month old."""
    start, end = ((at_s - 30 * DAY_S + seconds) * TICKS_PER_S for seconds in (0, 60))
    doomed = Doomed(1, 1, 1, camera, "main", "k", 0, start, end, bytes_each, 1500)
    with sqlite3.connect(f"{station.fleet.archive.root}/{INDEX}", timeout=10) as db:
        log_erased(db, at_s * TICKS_PER_S, doomed, rule)
    db.close()


async def ask(station: Station, query: str = "", cams: list[str] | None = None, right: str = "status") -> tuple[int, Any]:
    token = station.token(right, cams or ["*"], (1.0, 2.0) if right in ("history", "export") else None)
    async with station.client.get(f"/v1/erased?{query}", headers={"Authorization": f"Bearer {token}"}) as answer:
        return answer.status, await answer.json()


async def test_lines_come_newest_first_page_by_page_and_only_of_the_tokens_cameras(station: Station) -> None:
    await station.until(recording(station))
    for number in range(4):
        erase(station, "cho", FIRST_S + number * DAY_S)
    erase(station, "khac", FIRST_S + DAY_S, EraseRule.FLOOR)
    status, found = await ask(station)
    assert (status, found["more"]) == (200, False)
    assert [(line["camera"], line["rule"]) for line in found["erased"]] == [
        ("khac", "floor"), ("cho", "days"), ("cho", "days"), ("cho", "days"), ("cho", "days"),
    ]  # fmt: skip
    assert found["erased"][-1] == {
        "id": 1, "at": "2026-11-24T06:00:00.000Z", "camera": "cho", "stream": "main", "from": "2026-10-25T06:00:00.000Z",
        "to": "2026-10-25T06:01:00.000Z", "bytes": 1000, "rule": "days",
    }  # fmt: skip

    _, first = await ask(station, "limit=2&cams=cho")
    _, second = await ask(station, f"limit=2&cams=cho&before={first['erased'][-1]['id']}")
    assert (first["more"], second["more"]) == (True, False)
    assert [line["id"] for line in first["erased"] + second["erased"]] == [4, 3, 2, 1]

    _, days = await ask(station, f"cams=cho&from={FIRST_S + DAY_S}&to={FIRST_S + 2 * DAY_S}")
    assert [line["id"] for line in days["erased"]] == [2]

    _, own = await ask(station, cams=["khac"])
    assert [line["camera"] for line in own["erased"]] == ["khac"]
    _, nobody = await ask(station, "cams=chua-co")
    assert nobody == {"erased": [], "more": False}


async def test_a_line_grows_within_its_day_and_keeps_its_number(station: Station) -> None:
    await station.until(recording(station))
    for minute in range(3):
        erase(station, "cho", FIRST_S + minute * 60)
    _, found = await ask(station)
    (line,) = found["erased"]
    assert (line["id"], line["bytes"], line["from"][11:19], line["to"][11:19], line["at"][11:19]) == (
        1, 3000, "06:00:00", "06:03:00", "06:02:00",
    )  # fmt: skip


async def test_the_status_names_the_holds_in_force(station: Station) -> None:
    header = {"Authorization": f"Bearer {station.token('status', ['*'])}"}
    for keys in (["h2", "h1"], []):
        station.fleet.archive.sync_holds([Hold(key, "cho", 1, 2, "mất xe") for key in keys])
        answer = await (await station.client.get("/v1/status", headers=header)).json()
        assert answer["archive"]["holds"] == sorted(keys)


async def test_only_status_opens_it_and_nonsense_is_refused(station: Station) -> None:
    for right in ("live", "history", "export", "metrics"):
        assert (await ask(station, right=right))[0] == 403
    assert (await ask(station, "cams=khac", cams=["cho"]))[0] == 403
    for query in ("from=hom-qua", "to=2026-11-24", "from=", f"from={'9' * 400}"):
        assert (await ask(station, query))[0] == 400, query
    for query in ("limit=0", "limit=-4", "limit=999999999", "before=x", "from=99999999999999", "cams=,,"):
        assert (await ask(station, query))[0] in (200, 400), query
