"""Clips for people who are shown a camera with masks: coded again while they are sent, so never faster than that is done.

Nobody knows beforehand how large one will be, so there is no range and no length; a part is one run, as without masks.
"""

from __future__ import annotations

import asyncio
from functools import partial
from urllib.parse import quote

from aiohttp import web

from luytre.base.clock import to_datetime, to_iso
from luytre.base.errors import LuytreError, NotFound
from luytre.base.i18n import N_
from luytre.media.playback import RunPart, clip_pieces, run_parts
from luytre.media.recorder.asked import is_there, queries_of, span_of, stream_of, whole_number
from luytre.media.recorder.http import DESK, grant_of
from luytre.media.recorder.masking import masks_for
from luytre.media.unit.masks import Masks


def clip_headers(camera: str, from_utc_90k: int, part: int, parts: int) -> dict[str, str]:
    name = f"{camera}_{to_datetime(from_utc_90k):%Y%m%dT%H%M%SZ}" + (f"_{part}" if parts > 1 else "") + ".mp4"
    return {
        "Content-Type": "video/mp4",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "X-Luytre-Parts": str(parts),
    }


async def _asked(request: web.Request) -> tuple[Masks, tuple[RunPart, ...]] | None:
    """The masks and the runs of the span; None where this person takes the camera out as it was recorded."""
    camera, stream = stream_of(request)
    grant = grant_of(request)
    grant.require("export", camera)
    start, end = span_of(request)
    grant.require_span(start, end)
    masks = masks_for(request.app[DESK].fleet, grant, camera)
    if masks is None:
        return None
    return masks, await asyncio.to_thread(run_parts, queries_of(request), camera, stream, start, end)


async def masked_parts(request: web.Request) -> list[dict[str, object]] | None:
    """As `/v1/export` tells parts; `bytes` is 0: not known before it is made."""
    asked = await _asked(request)
    if asked is None:
        return None
    return [
        {"part": n, "from": to_iso(one.from_utc_90k), "to": to_iso(one.to_utc_90k), "bytes": 0, "codec": "h264", "masked": True}
        for n, one in enumerate(asked[1], 1)
    ]


async def masked_clip(request: web.Request) -> web.StreamResponse | None:
    """The part, as it is made: a fragmented MP4. Raises MaskLimit before anything is sent."""
    asked = await _asked(request)
    if asked is None:
        return None
    masks, parts = asked
    number = whole_number(request, "part", 1)
    if not 1 <= number <= len(parts):
        raise NotFound(N_("there is no such part"))
    camera, stream = stream_of(request)
    part = parts[number - 1]
    headers = clip_headers(camera, part.from_utc_90k, number, len(parts)) | {"Accept-Ranges": "none"}
    response = web.StreamResponse(headers=headers)
    seat = request.app[DESK].transcoders.clip(camera, stream)
    try:
        if request.method == "HEAD":  # whether there is a seat for it now
            return response
        for index, piece in enumerate(clip_pieces(part, masks)):
            init, made = await seat.make(piece, partial(is_there, request))
            if index == 0:
                await response.prepare(request)
                await response.write(init)
            await response.write(made)
        await response.write_eof()
    except LuytreError as error:
        if response.prepared:
            raise ConnectionResetError("a piece cannot be made") from error  # a short answer, not a wrong one
        raise
    finally:
        seat.leave()
    return response
