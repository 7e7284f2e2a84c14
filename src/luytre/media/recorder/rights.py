"""Who may ask what of the recorder: one table over all its routes, checked before a handler runs.

A route that is not in the table is answered with 500: nobody gets in by a line that was forgotten. Handlers check further
what only they know (the span of time, the camera of a WebSocket's message); they never let in whom the table keeps out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from aiohttp import web

from luytre.media.recorder.tokens import Grant


class Names(Enum):
    """Where a request names its cameras."""

    NONE = "none"
    PATH = "path"
    """`{cam}`."""
    QUERY = "query"
    """`cams`, keys with commas between; each must be in the token."""
    MESSAGES = "messages"
    """In what comes over the WebSocket: checked at each `open`, and again at each new token."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Any one of `rights` opens the route, for the cameras named; none at all: it is open to everybody."""

    rights: tuple[str, ...]
    names: Names = Names.NONE

    @property
    def is_open(self) -> bool:
        return not self.rights


RULES: dict[tuple[str, str], Rule] = {
    ("GET", "/v1/health"): Rule(()),
    ("OPTIONS", "/{path}"): Rule(()),
    ("POST", "/v1/views/{cam}"): Rule(("manage",), Names.PATH),
    ("GET", "/v1/views/{cam}"): Rule(("manage",), Names.PATH),
    ("GET", "/v1/views/{cam}/{id}.jpg"): Rule(("manage",), Names.PATH),
    ("DELETE", "/v1/views/{cam}/{id}.jpg"): Rule(("manage",), Names.PATH),
    ("GET", "/metrics"): Rule(("metrics",)),
    ("GET", "/v1/status"): Rule(("status", "live")),
    ("POST", "/v1/refresh"): Rule(("manage",)),
    ("POST", "/v1/probe"): Rule(("manage",)),
    ("GET", "/v1/live"): Rule(("live",), Names.MESSAGES),
    ("GET", "/v1/timeline/{cam}/{stream}"): Rule(("history",), Names.PATH),
    ("GET", "/v1/timelines"): Rule(("history",), Names.QUERY),
    ("GET", "/v1/days/{cam}/{stream}"): Rule(("status", "history"), Names.PATH),
    ("GET", "/v1/erased"): Rule(("status",), Names.QUERY),
    ("GET", "/v1/thumb/{cam}/{stream}"): Rule(("history",), Names.PATH),
    ("GET", "/v1/hls/{cam}/{stream}/index.m3u8"): Rule(("history",), Names.PATH),
    ("GET", "/v1/segment/{cam}/{stream}/{id}.mp4"): Rule(("history",), Names.PATH),
    ("GET", "/v1/h264/{cam}/{stream}/{id}/init.mp4"): Rule(("history",), Names.PATH),
    ("GET", "/v1/h264/{cam}/{stream}/{id}/{from}-{to}.mp4"): Rule(("history",), Names.PATH),
    ("GET", "/v1/export/{cam}/{stream}"): Rule(("export",), Names.PATH),
    ("GET", "/v1/footage/{cam}/{stream}"): Rule(("export",), Names.PATH),
    ("GET", "/v1/mp4/{cam}/{stream}"): Rule(("export",), Names.PATH),
    ("GET", "/v1/picture/{cam}/{stream}"): Rule(("history", "live"), Names.PATH),
}
"""By method and route. What is asked with HEAD has the rule of GET."""


def rule_for(method: str, route: str) -> Rule | None:
    return RULES.get(("GET" if method == "HEAD" else method, route))


def routes_without_rule(app: web.Application) -> list[str]:
    """Routes of the app that the table does not know. There should be none."""
    routes = ((route.method, route.resource.canonical if route.resource else "") for route in app.router.routes())
    return sorted({f"{method} {path}" for method, path in routes if rule_for(method, path) is None})


def cameras_named(rule: Rule, request: web.Request) -> Iterable[str]:
    """The cameras that the request names before its handler runs."""
    if rule.names is Names.PATH:
        return (request.match_info["cam"],)
    if rule.names is Names.QUERY:
        return [key for key in request.query.get("cams", "").split(",") if key]
    return ()


def require(rule: Rule, grant: Grant, request: web.Request) -> None:
    """Raises NotAllowed where the token has none of the rule's rights, or not all the cameras named."""
    right = next((right for right in rule.rights if grant.has(right)), rule.rights[0])
    grant.require(right)
    for camera in cameras_named(rule, request):
        grant.require(right, camera)
