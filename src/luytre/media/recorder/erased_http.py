"""The erase log over HTTP: what was deleted, when, under which rule. It shows no picture, so `status` is enough."""

from __future__ import annotations

import asyncio
from functools import partial

from aiohttp import web

from luytre.base.clock import to_iso
from luytre.media.archive import Erased
from luytre.media.recorder.asked import cameras_of, moment, queries_of, whole_number
from luytre.media.recorder.http import grant_of
from luytre.media.recorder.tokens import Grant

USUAL_LINES, MOST_LINES = 100, 1000
_EVER_90K = (1 << 62) - 1


async def erased(request: web.Request) -> web.Response:
    """`?cams&from&to&before&limit`: at most `limit` lines, the newest first; `more` says that there are older ones."""
    limit = min(max(whole_number(request, "limit", USUAL_LINES), 1), MOST_LINES)
    start = moment(request.query["from"]) if "from" in request.query else 0
    end = moment(request.query["to"]) if "to" in request.query else _EVER_90K
    read = partial(
        queries_of(request).newest_erased, limit + 1, cameras=_cameras(request, grant_of(request)),
        from_utc_90k=min(start, _EVER_90K), to_utc_90k=min(end, _EVER_90K), before_id=whole_number(request, "before", 0) or None,
    )  # fmt: skip
    found = await asyncio.to_thread(read)
    return web.json_response({"erased": [_as_json(line) for line in found[:limit]], "more": len(found) > limit})


def _cameras(request: web.Request, grant: Grant) -> frozenset[str] | None:
    """Those named (the table of rights has seen that they are the token's), else the token's; None: all there ever were."""
    if request.query.get("cams"):
        return frozenset(cameras_of(request))
    return None if "*" in grant.cameras else grant.cameras


def _as_json(line: Erased) -> dict[str, object]:
    return {
        "id": line.id,
        "at": to_iso(line.at_utc_90k),
        "camera": line.camera,
        "stream": line.stream,
        "from": to_iso(line.from_utc_90k),
        "to": to_iso(line.to_utc_90k),
        "bytes": line.bytes,
        "rule": line.rule.value,
    }


def erased_routes() -> list[web.RouteDef]:
    return [web.get("/v1/erased", erased)]
