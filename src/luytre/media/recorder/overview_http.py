"""Routes for pages that look over much at once: timelines of several cameras, days of one, thumbnails of a moment."""

from __future__ import annotations

import asyncio
from functools import partial

from aiohttp import web

from luytre.base.clock import TICKS_PER_S, to_iso
from luytre.base.errors import GAP_WORDS, NotFound
from luytre.base.i18n import translate
from luytre.media.archive import Timeline
from luytre.media.playback import Day, days_of, joined_spans, key_frame_at
from luytre.media.recorder.asked import (
    cameras_of,
    is_there,
    moment,
    queries_of,
    seconds,
    span_of,
    stream_of,
    whole_number,
    zone_of,
)
from luytre.media.recorder.http import DESK, grant_of, language_of
from luytre.media.recorder.masking import MasksUnknown, hidden_for, masks_for
from luytre.media.recorder.thumbs import width_of
from luytre.media.recorder.tokens import Grant
from luytre.media.unit import StreamKind

KEPT, KEPT_MASKED = "private, max-age=300", "private, no-store"
"""How long a browser may keep a picture. What masks are burned into is wrong the moment they are drawn anew."""
_EMPTY: dict[str, object] = {"runs": [], "gaps": []}


def timeline_as_json(timeline: Timeline, language: str, join_90k: int = 0) -> dict[str, object]:
    """Runs and gaps. Runs no further apart than `join_90k` come as one; gaps come all."""
    runs = [
        {"from": to_iso(span.from_utc_90k), "to": to_iso(span.to_utc_90k), "codec": span.codec}
        for span in joined_spans(timeline.spans, join_90k)
    ]
    gaps = [
        {
            "from": to_iso(gap.from_utc_90k),
            "to": to_iso(gap.to_utc_90k),
            "reason": gap.reason.value,
            "words": translate(GAP_WORDS[gap.reason], language),
            "open": gap.is_open,
        }
        for gap in timeline.gaps
    ]
    return {"runs": runs, "gaps": gaps}


async def timeline(request: web.Request) -> web.Response:
    camera, stream = stream_of(request)
    grant = grant_of(request)
    grant.require("history", camera)
    start, end = span_of(request)
    grant.require_span(start, end)
    found = await asyncio.to_thread(queries_of(request).timeline, camera, stream, start, end)
    return web.json_response(timeline_as_json(found, language_of(request)) | _masked(request, grant, camera))


async def timelines(request: web.Request) -> web.Response:
    """Main streams of the cameras named; one that the archive never had has neither runs nor gaps."""
    grant = grant_of(request)
    cameras = cameras_of(request)
    for camera in cameras:
        grant.require("history", camera)
    start, end = span_of(request)
    grant.require_span(start, end)
    join_90k, language = seconds(request, "detail_s"), language_of(request)

    def read() -> dict[str, object]:
        found = queries_of(request).timelines(start, end, StreamKind.MAIN.value, frozenset(cameras))
        lines = {line.camera: timeline_as_json(line, language, join_90k) for line in found}
        return {camera: lines.get(camera, _EMPTY) | _masked(request, grant, camera) for camera in cameras}

    return web.json_response({"cameras": await asyncio.to_thread(read)})


def _masked(request: web.Request, grant: Grant, camera: str) -> dict[str, object]:
    """`masked` where the camera's pictures are shown to this person with masks, so that the page can say so."""
    try:
        return {"masked": True} if masks_for(request.app[DESK].fleet, grant, camera) is not None else {}
    except MasksUnknown:
        return {}  # it has no pictures to say it of


async def days(request: web.Request) -> web.Response:
    """How much of each day there is. Whoever may see how cameras do may see this, without a span: it shows no picture."""
    camera, stream = stream_of(request)
    grant = grant_of(request)
    start, end = span_of(request)
    if grant.has("status"):
        grant.require("status", camera)
    else:
        grant.require("history", camera)
        grant.require_span(start, end)
    zone, queries = zone_of(request), queries_of(request)

    def read() -> list[dict[str, object]]:
        try:
            line = queries.timeline(camera, stream, start, end)
        except NotFound:
            line = Timeline(camera, stream, (), ())  # nothing was ever recorded: every day is empty
        return [day_as_json(day) for day in days_of(line, start, end, zone)]

    return web.json_response({"days": await asyncio.to_thread(read)})


def day_as_json(day: Day) -> dict[str, object]:
    return {
        "day": day.day.isoformat(),
        "covered_s": round(day.covered_90k / TICKS_PER_S, 1),
        "gaps": day.gaps,
        "longest_gap_s": round(day.longest_gap_90k / TICKS_PER_S, 1),
        "bytes": day.bytes,
    }


async def thumb(request: web.Request) -> web.Response:
    """A small JPEG of the key frame at or before `at`; when it was is in `X-Luytre-At`."""
    camera, stream = stream_of(request)
    grant = grant_of(request)
    grant.require("history", camera)
    at = moment(request.query.get("at", ""))
    grant.require_span(at, at)
    width_px = width_of(whole_number(request, "w", 0))
    desk = request.app[DESK]
    hidden = hidden_for(desk.fleet, grant, camera)
    key = await asyncio.to_thread(key_frame_at, queries_of(request), camera, stream, at)
    jpeg = await desk.thumbs.of(key, width_px, grant.subject, partial(is_there, request), hidden)
    headers = {"Cache-Control": KEPT_MASKED if hidden else KEPT, "X-Luytre-At": to_iso(key.utc_90k)}
    return web.Response(body=jpeg, content_type="image/jpeg", headers=headers)


def overview_routes() -> list[web.RouteDef]:
    return [
        web.get("/v1/timeline/{cam}/{stream}", timeline),
        web.get("/v1/timelines", timelines),
        web.get("/v1/days/{cam}/{stream}", days),
        web.get("/v1/thumb/{cam}/{stream}", thumb),
    ]
