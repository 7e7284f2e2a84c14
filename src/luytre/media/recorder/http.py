"""The recorder's HTTP (aiohttp): who asks, from which page, in which language; errors as sentences; routes below.

Every route has its line in `rights.RULES`, checked before its handler runs. A handler does its own `grant.require(...)`
besides, before it reads anything.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from luytre.base.errors import PROBLEM_WORDS, ArchiveError, LuytreError, NotAllowed, NotFound, UsageError
from luytre.base.i18n import N_, translate, use_language
from luytre.media.recorder.fleet import Fleet
from luytre.media.recorder.live import LiveSocket
from luytre.media.recorder.looking import CannotAccept, Looker
from luytre.media.recorder.masking import MasksUnknown
from luytre.media.recorder.newest_first import Superseded
from luytre.media.recorder.plans import PlanBook
from luytre.media.recorder.puller import Puller
from luytre.media.recorder.rights import Names, require, routes_without_rule, rule_for
from luytre.media.recorder.running import Running
from luytre.media.recorder.status import StatusBoard, registry
from luytre.media.recorder.thumbs import Thumbnails
from luytre.media.recorder.tokens import Gatekeeper, Grant, InvalidToken
from luytre.media.recorder.transcoders import TranscodeFailed, TranscodeLimit, Transcoders
from luytre.media.source.probe import ProbeResult, probe

log = structlog.get_logger(__name__)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
MAX_PROBES = 4


@dataclass(frozen=True, slots=True)
class Desk:
    """What handlers work with."""

    fleet: Fleet
    gate: Gatekeeper
    board: StatusBoard
    puller: Puller | None
    origins: frozenset[str]
    probes: asyncio.Semaphore
    thumbs: Thumbnails = field(default_factory=Thumbnails)
    plans: PlanBook = field(default_factory=PlanBook)
    transcoders: Transcoders = field(default_factory=Transcoders)
    looker: Looker | None = None
    running: Running = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "running", Running(self.gate))
        self.fleet.on_masks = self.running.cut


DESK: web.AppKey[Desk] = web.AppKey("desk", Desk)
GRANT: web.RequestKey[Grant] = web.RequestKey("grant", Grant)


def language_of(request: web.Request) -> str:
    asked = request.query.get("lang") or request.headers.get("Accept-Language") or "vi"
    return "en" if asked.lower().startswith("en") else "vi"


def grant_of(request: web.Request) -> Grant:
    """The checked token of a request, from the header or the query. Raises InvalidToken."""
    checked: Grant | None = request.get(GRANT)
    if checked is not None:
        return checked
    header = request.headers.get("Authorization", "")
    token = header.removeprefix("Bearer ").strip() if header.startswith("Bearer ") else request.query.get("token", "")
    return request.app[DESK].gate.check(token)


def _status_of(error: LuytreError) -> int:
    kinds: list[tuple[type[LuytreError], int]] = [
        (InvalidToken, 401),
        (NotAllowed, 403),
        (NotFound, 404),
        (UsageError, 400),
        (CannotAccept, 409),
        (ArchiveError, 503),
        (Superseded, 503),
        (TranscodeLimit, 503),
        (TranscodeFailed, 503),
        (MasksUnknown, 503),
    ]
    return next((status for kind, status in kinds if isinstance(error, kind)), 500)


def error_answer(error: LuytreError, language: str) -> web.Response:
    status = _status_of(error)
    body = {
        "error": type(error).__name__,
        "message": translate(error.cause, language),
        "hint": translate(error.hint, language) if error.hint else "",
    }
    return web.json_response(body, status=status)


def allow_page(request: web.Request, headers: web.StreamResponse) -> None:
    """CORS for the web's own pages, nobody else's."""
    origin = request.headers.get("Origin", "")
    if origin in request.app[DESK].origins:
        headers.headers["Access-Control-Allow-Origin"] = origin
        headers.headers["Access-Control-Expose-Headers"] = (
            "Content-Range, Accept-Ranges, Content-Length, X-Luytre-At, X-Luytre-Parts"
        )


async def on_prepare(request: web.Request, response: web.StreamResponse) -> None:
    allow_page(request, response)
    response.headers["Vary"] = "Origin, Authorization"  # what a browser keeps of one person is not shown to the next one
    response.headers["Cache-Control"] = response.headers.get("Cache-Control", "no-store")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"  # tokens stand in addresses


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The edge of the HTTP process: every error becomes an answer; what is not ours is logged."""
    language = language_of(request)
    use_language(language)
    try:
        return await handler(request)
    except LuytreError as error:
        return error_answer(error, language)
    except (web.HTTPException, asyncio.CancelledError, ConnectionError):
        raise
    except Exception:
        log.exception("http.fault", path=request.path)
        fault = LuytreError(N_("the recorder made a mistake; it has been noted"), hint=N_("Try again; tell the administrator."))
        return error_answer(fault, language)


@web.middleware
async def rights(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Nobody comes to a handler whom the table of rights does not let in; what is in no table is answered by nobody."""
    resource = request.match_info.route.resource
    if resource is None:
        return await handler(request)  # no route of ours: 404 or 405
    rule = rule_for(request.method, resource.canonical)
    if rule is None:
        raise RuntimeError(f"no rule for {request.method} {resource.canonical}")
    if not rule.is_open:
        grant = grant_of(request)
        require(rule, grant, request)
        request[GRANT] = grant
        if rule.names is not Names.MESSAGES:
            return await _minded(request, grant, handler)
    return await handler(request)


async def _minded(request: web.Request, grant: Grant, handler: Handler) -> web.StreamResponse:
    """Sent within the middleware, body and all, so that the body is cut off when its token ends."""
    running = request.app[DESK].running
    running.begin(request, grant)
    try:
        return await handler(request)
    finally:
        running.end(request)


async def health(request: web.Request) -> web.Response:
    return web.json_response({"ok": True})


async def preflight(request: web.Request) -> web.Response:
    """Answers a browser's OPTIONS before a request with a header of ours."""
    return web.Response(
        status=204,
        headers={
            "Access-Control-Allow-Methods": "GET, POST",
            "Access-Control-Allow-Headers": "Authorization, Range, Content-Type, Accept-Language",
            "Access-Control-Max-Age": "600",
        },
    )


async def metrics(request: web.Request) -> web.Response:
    grant_of(request).require("metrics")
    desk = request.app[DESK]
    text = await asyncio.to_thread(generate_latest, registry(desk.fleet, desk.transcoders, desk.looker))
    return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})


async def status(request: web.Request) -> web.Response:
    """All for the right `status`; with `live` only the token's cameras."""
    grant, desk = grant_of(request), request.app[DESK]
    if grant.has("status"):
        return web.json_response(await asyncio.to_thread(_whole_status, desk.board, language_of(request)))
    grant.require("live")
    return web.json_response(desk.board.as_json(grant.covers_camera, whole=False))


def _whole_status(board: StatusBoard, language: str) -> dict[str, object]:
    use_language(language)
    return board.as_json()


async def refresh(request: web.Request) -> web.Response:
    grant_of(request).require("manage")
    puller = request.app[DESK].puller
    if puller is not None:
        await puller.refresh()
    return web.json_response({"ok": True})


async def try_camera(request: web.Request) -> web.Response:
    """Tries an address and answers with its picture, or with what is wrong in plain words."""
    grant_of(request).require("manage")
    try:
        asked = await request.json()
        url, user, password = (str(asked.get(key) or "") for key in ("url", "username", "password"))
    except (ValueError, AttributeError, LookupError, RecursionError) as error:  # no JSON, no object, an unknown charset
        raise UsageError(N_("the request is not understood")) from error
    async with request.app[DESK].probes:
        result = await probe(url, user, password)
    return web.json_response(probe_as_json(result, language_of(request)))


def probe_as_json(result: ProbeResult, language: str) -> dict[str, object]:
    words = PROBLEM_WORDS[result.problem] if result.problem is not None else None
    return {
        "ok": result.problem is None,
        "problem": result.problem.value if result.problem is not None else None,
        "sentence": translate(words.cause, language) if words else "",
        "hint": translate(words.hint, language) if words else "",
        "kind": result.kind,
        "codec": result.codec or None,
        "width": result.width_px,
        "height": result.height_px,
        "fps": result.fps,
        "audio": result.audio,
        "picture_jpeg_base64": base64.b64encode(result.picture_jpeg).decode() or None,
    }


async def live(request: web.Request) -> web.StreamResponse:
    """The WebSocket of a page; its origin must be ours when a browser sends one."""
    grant, desk = grant_of(request), request.app[DESK]
    grant.require("live")
    origin = request.headers.get("Origin")
    if origin is not None and origin not in desk.origins:
        raise NotAllowed(N_("this page is not one of ours"))
    return await LiveSocket(desk.fleet, desk.transcoders, desk.gate, grant, language_of(request)).serve(request)


async def close_desk(app: web.Application) -> None:
    app[DESK].thumbs.close()
    await app[DESK].transcoders.close()


def make_app(desk: Desk, more: list[web.RouteDef] | None = None) -> web.Application:
    app = web.Application(middlewares=[errors, rights], client_max_size=65_536)
    app[DESK] = desk
    app.on_response_prepare.append(on_prepare)
    app.on_cleanup.append(close_desk)
    app.add_routes(
        [
            web.get("/v1/health", health),
            web.get("/metrics", metrics),
            web.get("/v1/status", status),
            web.post("/v1/refresh", refresh),
            web.post("/v1/probe", try_camera),
            web.get("/v1/live", live),
            web.options("/{path:.*}", preflight),
            *(more or []),
        ]
    )
    for route in routes_without_rule(app):
        log.error("http.route_without_rule", route=route)
    return app
