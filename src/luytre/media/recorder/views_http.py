"""Routes of the views that cameras are compared with: accept what is shown now, list, show, forget.

For the web alone (`manage`), which writes each look at one down first. Masks of now are burned in unless the token names the
camera as seen without.
"""

from __future__ import annotations

import asyncio
from functools import partial

from aiohttp import web

from luytre.base.clock import TICKS_PER_S, to_iso
from luytre.base.errors import LuytreError, NotFound
from luytre.base.i18n import N_
from luytre.media.recorder.http import DESK, grant_of
from luytre.media.recorder.looking import Looker
from luytre.media.recorder.looking_files import View
from luytre.media.recorder.masking import hidden_for
from luytre.media.source.picture import masked_jpeg


def _looker(request: web.Request) -> Looker:
    looker = request.app[DESK].looker
    if looker is None:
        raise NotFound(N_("this recorder keeps no views"))
    return looker


def _asked(request: web.Request) -> tuple[str, str]:
    """Camera and view, after the right was checked."""
    camera = request.match_info["cam"]
    grant_of(request).require("manage", camera)
    return camera, request.match_info.get("id", "")


async def accept(request: web.Request) -> web.Response:
    camera, _ = _asked(request)
    view = await _looker(request).accept(camera)
    return web.json_response(_as_json(view, view.acceptance))


async def views(request: web.Request) -> web.Response:
    camera, _ = _asked(request)
    found = await _looker(request).views(camera)
    newest = found[0].acceptance if found else 0
    return web.json_response({"views": [_as_json(view, newest) for view in found]})


async def picture(request: web.Request) -> web.Response:
    camera, name = _asked(request)
    hidden = hidden_for(request.app[DESK].fleet, grant_of(request), camera)
    found = await _looker(request).view_picture(camera, name)
    if found is None:
        raise _no_such_view()
    if hidden:
        try:
            found = await asyncio.to_thread(partial(masked_jpeg, found, hidden=hidden))
        except ValueError as error:
            raise LuytreError(N_("the picture cannot be decoded")) from error
    return web.Response(body=found, content_type="image/jpeg")


async def forget(request: web.Request) -> web.Response:
    camera, name = _asked(request)
    if not await _looker(request).forget(camera, name):
        raise _no_such_view()
    return web.json_response({"ok": True})


def _no_such_view() -> NotFound:
    return NotFound(N_("there is no such view"))


def _as_json(view: View, newest: int) -> dict[str, object]:
    return {
        "id": view.id,
        "at": to_iso(round(view.head.at_s * TICKS_PER_S)),
        "light": view.head.light.value,
        "why": "accepted" if view.head.is_accepted else "learnt",
        "acceptance": view.acceptance,
        "in_force": view.acceptance == newest,
    }


def view_routes() -> list[web.RouteDef]:
    return [
        web.post("/v1/views/{cam}", accept),
        web.get("/v1/views/{cam}", views),
        web.get("/v1/views/{cam}/{id}.jpg", picture),
        web.delete("/v1/views/{cam}/{id}.jpg", forget),
    ]
