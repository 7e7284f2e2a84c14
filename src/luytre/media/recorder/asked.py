"""What stands in a request: times, spans, numbers, streams, widths. Every page's routes read them the same way."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aiohttp import web

from luytre.base.clock import TICKS_PER_S, from_iso
from luytre.base.errors import NotFound, UsageError
from luytre.base.i18n import N_
from luytre.media.archive import Queries
from luytre.media.recorder.http import DESK
from luytre.media.unit import StreamKind

MAX_CAMERAS = 100
"""So many cameras may be named in one question."""
DEFAULT_ZONE = "Asia/Ho_Chi_Minh"


def moment(text: str) -> int:
    """ISO 8601 with a zone, or UTC seconds, to ticks. Raises UsageError."""
    try:
        return round(float(text) * TICKS_PER_S) if re.fullmatch(r"\d+(\.\d+)?", text) else from_iso(text)
    except (ValueError, OverflowError) as error:
        raise UsageError(N_("the time is not understood"), hint=N_("Write it like 2026-11-24T14:05:00+07:00.")) from error


def whole_number(request: web.Request, name: str, default: int) -> int:
    """A number of at most nine digits in the query; 0 for anything else."""
    text = request.query.get(name, str(default))
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0


def seconds(request: web.Request, name: str) -> int:
    """A length of time in the query, in ticks; 0 where there is none, or nonsense."""
    text = request.query.get(name, "")
    return round(float(text) * TICKS_PER_S) if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text) else 0


def span_of(request: web.Request) -> tuple[int, int]:
    """`from` and `to` of the query. Raises UsageError."""
    start, end = moment(request.query.get("from", "")), moment(request.query.get("to", ""))
    if end <= start:
        raise UsageError(N_("the span ends before it begins"))
    return start, end


def stream_of(request: web.Request) -> tuple[str, str]:
    """Camera and stream of the path. Raises NotFound."""
    camera, stream = request.match_info["cam"], request.match_info["stream"]
    if stream not in (StreamKind.MAIN, StreamKind.SUB):
        raise NotFound(N_("there is no such stream"))
    return camera, stream


def cameras_of(request: web.Request) -> tuple[str, ...]:
    """`cams` of the query: keys with commas between, each once, in their order. Raises UsageError."""
    cameras = tuple(dict.fromkeys(key for key in request.query.get("cams", "").split(",") if key))
    if not cameras:
        raise UsageError(N_("no camera is named"))
    if len(cameras) > MAX_CAMERAS:
        raise UsageError(N_("too many cameras are named at once"), hint=N_("Ask for at most 100 cameras at a time."))
    return cameras


def zone_of(request: web.Request) -> ZoneInfo:
    """`zone` of the query (IANA), by which days begin and end. Raises UsageError."""
    try:
        return ZoneInfo(request.query.get("zone", DEFAULT_ZONE))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(N_("there is no such time zone"), hint=N_("Write it like Asia/Ho_Chi_Minh.")) from error


def wants_h264(request: web.Request) -> bool:
    """`as=h264`: the page cannot show what is not. Raises UsageError for anything else that it might be asked as."""
    asked = request.query.get("as", "")
    if asked not in ("", "h264"):
        raise UsageError(N_("pictures are given as they are, or as h264"))
    return bool(asked)


def is_there(request: web.Request) -> bool:
    """Whether the page still waits: one that moved on has closed its request, and with it the connection."""
    return request.transport is not None and not request.transport.is_closing()


def queries_of(request: web.Request) -> Queries:
    return request.app[DESK].fleet.archive.queries
