"""Routes over the archive: HLS, segment files, pieces coded again, MP4 by range, single pictures. All reading is done in threads.

Rights: `history` to look, `export` to take out; the token's span bounds both. A segment's own span is checked too, so that
a guessed number gives nothing. Where masks stand between a token and a camera (`masking`), pictures come with them burned in
and bytes as they lie in the archive do not come at all.
"""

from __future__ import annotations

import asyncio
import os
import re
from functools import partial
from urllib.parse import quote

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

from luytre.base.clock import TICKS_PER_S, to_iso
from luytre.base.errors import LuytreError, NotFound
from luytre.base.i18n import N_
from luytre.base.polygons import Polygon
from luytre.media.archive import Segment
from luytre.media.playback import CodedPiece, ExportPlan, coded_init, coded_piece, hls_playlist, picture_at, plan_export
from luytre.media.recorder.asked import is_there, moment, queries_of, span_of, stream_of, wants_h264, whole_number
from luytre.media.recorder.erased_http import erased_routes
from luytre.media.recorder.footage_http import footage_answer
from luytre.media.recorder.http import DESK, grant_of
from luytre.media.recorder.masked_clip import clip_headers, masked_clip, masked_parts
from luytre.media.recorder.masking import hidden_for, masks_for, require_as_recorded
from luytre.media.recorder.overview_http import KEPT, KEPT_MASKED, overview_routes
from luytre.media.recorder.tokens import Grant
from luytre.media.recorder.views_http import view_routes
from luytre.media.source.picture import jpeg_of
from luytre.media.unit.masks import Masks

CHUNK_BYTES = 1 << 20
MAX_WIDTH_PX = 3840
SEGMENT_SLACK_90K = 5 * 60 * TICKS_PER_S
"""Players read from the key frame before the span on, and whole files: so much beyond the token's span is let through."""
_RANGE = re.compile(r"bytes=(\d*)-(\d*)\Z")


class SentFile(web.FileResponse):
    """A file that a handler sends itself. aiohttp prepares each answer once more, and a file that is sent fails then."""

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        return None if self.prepared else await super().prepare(request)


async def playlist(request: web.Request) -> web.Response:
    camera, stream = stream_of(request)
    grant = grant_of(request)
    grant.require("history", camera)
    start, end = span_of(request)
    grant.require_span(start, end)
    masked = masks_for(request.app[DESK].fleet, grant, camera) is not None
    base = f"/v1/segment/{quote(camera, safe='')}/{stream}"
    coded = f"/v1/h264/{quote(camera, safe='')}/{stream}" if wants_h264(request) or masked else ""
    now = round(request.app[DESK].gate.now_s() * TICKS_PER_S)
    make = partial(hls_playlist, base_url=base, token=request.query.get("token", ""), coded_url=coded, now_utc_90k=now)
    text = await asyncio.to_thread(make, queries_of(request), camera, stream, start, end, all_coded=masked)
    return web.Response(text=text, content_type="application/vnd.apple.mpegurl")


async def segment(request: web.Request) -> web.StreamResponse:
    found = await _segment_of(request)
    require_as_recorded(request.app[DESK].fleet, grant_of(request), found.camera)
    answer = SentFile(found.path, headers={"Content-Type": "video/mp4", "Cache-Control": "private, max-age=60"})
    await answer.prepare(request)  # sends it, so that it can be cut off while its token is minded
    return answer


async def _segment_of(request: web.Request) -> Segment:
    """The segment that the path names, where it may be seen."""
    camera, stream = stream_of(request)
    grant = grant_of(request)
    grant.require("history", camera)
    found = await asyncio.to_thread(queries_of(request).segment, int(request.match_info["id"]))
    if (found.camera, found.stream) != (camera, stream):
        raise NotFound(N_("there is no such recording"))
    _require_segment(grant, found)
    return found


async def h264_init(request: web.Request) -> web.Response:
    """The init segment for pieces of this segment that are coded again."""
    segment = await _segment_of(request)
    piece = coded_init(segment, _masks_of(request, segment))
    return _coded(piece, await request.app[DESK].transcoders.init(piece, partial(is_there, request)))


async def h264_piece(request: web.Request) -> web.Response:
    """A piece of a segment, as a playlist with `as=h264` names it, coded again while it is waited for."""
    start, end = int(request.match_info["from"]), int(request.match_info["to"])
    segment = await _segment_of(request)
    piece = coded_piece(segment, start, end, _masks_of(request, segment))
    return _coded(piece, await request.app[DESK].transcoders.piece(piece, partial(is_there, request)))


def _masks_of(request: web.Request, segment: Segment) -> Masks | None:
    return masks_for(request.app[DESK].fleet, grant_of(request), segment.camera)


def _coded(piece: CodedPiece, data: bytes) -> web.Response:
    kept = KEPT if piece.masks is None else KEPT_MASKED
    return web.Response(body=data, content_type="video/mp4", headers={"Cache-Control": kept})


def _require_segment(grant: Grant, segment: Segment) -> None:
    """A segment may be read when it touches the token's span, widened by what players read around it."""
    start, end = grant.from_utc_90k, grant.to_utc_90k
    if start is None or end is None:
        grant.require_span(segment.start_utc_90k, segment.end_utc_90k)
        return
    if segment.start_utc_90k >= end + SEGMENT_SLACK_90K or segment.end_utc_90k <= start - SEGMENT_SLACK_90K:
        grant.require_span(segment.start_utc_90k, segment.end_utc_90k)


async def _plans(request: web.Request, right: str) -> tuple[str, str, tuple[ExportPlan, ...]]:
    camera, stream = stream_of(request)
    grant = grant_of(request)
    grant.require(right, camera)
    start, end = span_of(request)
    grant.require_span(start, end)
    desk = request.app[DESK]
    make = partial(plan_export, queries_of(request), camera, stream, start, end)
    return camera, stream, await desk.plans.get((camera, stream, start, end), desk.fleet.clock.mono_s(), make)


async def export_parts(request: web.Request) -> web.Response:
    """What an export of the span would be: one file, or several where a gap or a change of format stands."""
    masked = await masked_parts(request)
    if masked is not None:
        return web.json_response({"parts": masked})
    _, _, plans = await _plans(request, "export")
    parts = [
        {"part": n, "from": to_iso(p.from_utc_90k), "to": to_iso(p.to_utc_90k), "bytes": p.size_bytes, "codec": p.codec}
        for n, p in enumerate(plans, 1)
    ]
    return web.json_response({"parts": parts})


async def footage(request: web.Request) -> web.Response:
    """What an export of the span is made of: its parts, the segments that they come from with their hashes, the holes."""
    camera, stream, plans = await _plans(request, "export")
    require_as_recorded(request.app[DESK].fleet, grant_of(request), camera)
    start, end = span_of(request)
    timeline = await asyncio.to_thread(queries_of(request).timeline, camera, stream, start, end)
    return web.json_response(await asyncio.to_thread(footage_answer, plans, timeline.gaps))


def parse_range(header: str, size_bytes: int) -> tuple[int, int] | None:
    """[start, end) of a single-range header (RFC 9110 §14.1.2); None without one. Raises ValueError when it cannot be met."""
    match = _RANGE.match(header.strip()) if header else None
    if match is None:
        return None
    first, last = match[1], match[2]
    if not first:
        if not last or int(last) == 0:
            raise ValueError("an empty range")
        return max(0, size_bytes - int(last)), size_bytes
    start, end = int(first), min(int(last) + 1, size_bytes) if last else size_bytes
    if start >= size_bytes or end <= start:
        raise ValueError("a range beyond the end")
    return start, end


async def mp4(request: web.Request) -> web.StreamResponse:
    """One part of the span as a progressive MP4, by range; masked it is made while it is sent, from its beginning on."""
    masked = await masked_clip(request)
    if masked is not None:
        return masked
    camera, _, plans = await _plans(request, "export")
    part = whole_number(request, "part", 1)
    if not 1 <= part <= len(plans):
        raise NotFound(N_("there is no such part"))
    plan = plans[part - 1]
    try:
        wanted = parse_range(request.headers.get("Range", ""), plan.size_bytes)
    except ValueError:
        return web.Response(status=416, headers={"Content-Range": f"bytes */{plan.size_bytes}"})
    start, end = wanted or (0, plan.size_bytes)
    headers = clip_headers(camera, plan.from_utc_90k, part, len(plans)) | {"Accept-Ranges": "bytes"}
    if wanted is not None:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{plan.size_bytes}"
    response = web.StreamResponse(status=206 if wanted is not None else 200, headers=headers)
    response.content_length = end - start
    await response.prepare(request)
    await _copy(plan, start, end, response)
    return response


async def _copy(plan: ExportPlan, start: int, end: int, response: web.StreamResponse) -> None:
    for piece in plan.read_ranges(start, end):
        if not piece.path:
            await response.write(piece.data)
            continue
        try:
            fd = await asyncio.to_thread(os.open, piece.path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:  # erased since it was planned
            raise ConnectionResetError("a file is gone") from error
        try:
            done = 0
            while done < piece.size_bytes:
                want = min(CHUNK_BYTES, piece.size_bytes - done)
                data = await asyncio.to_thread(os.pread, fd, want, piece.offset_bytes + done)
                if not data:
                    raise ConnectionResetError("the file ends early")  # the client sees a short answer, not a wrong one
                await response.write(data)
                done += len(data)
        finally:
            os.close(fd)


async def picture(request: web.Request) -> web.Response:
    """A JPEG: of the moment `at`, or of now from the live hub. `w`: width in pixels at most."""
    camera, stream = stream_of(request)
    grant = grant_of(request)
    width = min(whole_number(request, "w", 0), MAX_WIDTH_PX)
    hidden = hidden_for(request.app[DESK].fleet, grant, camera)
    if "at" in request.query:
        grant.require("history", camera)
        at = moment(request.query["at"])
        grant.require_span(at, at)
        make = partial(picture_at, width_px=width, hidden=hidden)
        data = await asyncio.to_thread(make, queries_of(request), camera, stream, at)
        headers = {"Cache-Control": KEPT_MASKED if hidden else KEPT}
        return web.Response(body=data, content_type="image/jpeg", headers=headers)
    grant.require("live", camera)
    return web.Response(body=await _live_picture(request, camera, stream, width, hidden), content_type="image/jpeg")


async def _live_picture(request: web.Request, camera: str, stream: str, width: int, hidden: tuple[Polygon, ...]) -> bytes:
    found = request.app[DESK].fleet.stream(camera, stream)
    newest = found.hub.newest_gop() if found is not None else None
    if newest is None:
        raise NotFound(N_("the camera sends no picture at this moment"))
    init, fragments = newest
    data = fragments[0].data
    samples = data[data.index(b"mdat", data.index(b"moof")) + 4 :]
    try:
        return await asyncio.to_thread(jpeg_of, init.format.video, samples, width_px=width, hidden=hidden)
    except ValueError as error:
        raise LuytreError(N_("the picture cannot be decoded")) from error


def archive_routes() -> list[web.RouteDef]:
    """All that read the archive, and the views kept beside it."""
    return [
        *overview_routes(),
        *erased_routes(),
        *view_routes(),
        web.get("/v1/hls/{cam}/{stream}/index.m3u8", playlist),
        web.get(r"/v1/segment/{cam}/{stream}/{id:\d{1,18}}.mp4", segment),
        web.get(r"/v1/h264/{cam}/{stream}/{id:\d{1,18}}/init.mp4", h264_init),
        web.get(r"/v1/h264/{cam}/{stream}/{id:\d{1,18}}/{from:\d{1,12}}-{to:\d{1,12}}.mp4", h264_piece),
        web.get("/v1/export/{cam}/{stream}", export_parts),
        web.get("/v1/footage/{cam}/{stream}", footage),
        web.get("/v1/mp4/{cam}/{stream}", mp4),
        web.get("/v1/picture/{cam}/{stream}", picture),
    ]
