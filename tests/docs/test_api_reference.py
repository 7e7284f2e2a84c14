"""ref/api.md and design/recorder-http.md against the recorder: every route, code and metric, and none that is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from django.urls import get_resolver

from luytre.base.clock import FakeClock
from luytre.base.errors import GapReason, Problem
from luytre.civic.access.permissions import PERMISSIONS, Scope
from luytre.media.archive import StateKind
from luytre.media.recorder.archive_http import archive_routes
from luytre.media.recorder.fleet import Fleet
from luytre.media.recorder.http import Desk, make_app
from luytre.media.recorder.looking import Looker
from luytre.media.recorder.looking_files import ViewFiles
from luytre.media.recorder.status import FleetCollector, LookCollector, TranscodeCollector
from luytre.media.recorder.transcoders import Transcoders
from tests.docs.reference import codes_in_first_cells, page, sections

PAGE = "ref/api.md"
ROUTE = re.compile(r"(?:GET|POST|PUT|DELETE|OPTIONS) /\S*")


def routes() -> Iterator[str]:
    app = make_app(cast(Desk, None), archive_routes())
    for route in app.router.routes():
        assert route.resource is not None
        if route.method != "HEAD":  # aiohttp answers it beside each GET
            yield f"{route.method} {route.resource.canonical}"


def told(text: str) -> set[str]:
    """Routes in first cells, without what stands behind a question mark."""
    return {match[0].partition("?")[0] for code in codes_in_first_cells(text) if (match := ROUTE.match(code))}


def test_every_route_of_the_recorder_is_told_and_no_other() -> None:
    assert told(sections(page(PAGE))["Routes of the recorder"]) == set(routes())


def test_the_design_has_the_same_routes() -> None:
    assert told(page("design/recorder-http.md").partition("## Control plane")[0]) | {"OPTIONS /{path}"} == set(routes())


def test_routes_of_the_web_that_are_told_are_there() -> None:
    known = {str(pattern.pattern): str(pattern.name) for pattern in get_resolver().url_patterns}
    named = {known.get(route.partition(" /")[2], f"no {route}") for route in told(sections(page(PAGE))[
        "Routes of the web for machines and scripts"])}  # fmt: skip
    survey = {"survey_ready", "survey_today", "survey_entries", "survey_photo_put"}
    assert named == {"alive", "recorder_config", "media_token", "export", "clip_ask", "bookmarks", "appeal_begin"} | survey
    assert {name for name, permission in PERMISSIONS.items() if permission.scope is Scope.MACHINE} <= named


@pytest.mark.parametrize(
    ("section", "codes"),
    [("Problem codes", Problem), ("Gap reasons", GapReason), ("Status", StateKind)],
    ids=lambda one: str(one),
)
def test_every_code_is_told(section: str, codes: type[Problem] | type[GapReason] | type[StateKind]) -> None:
    assert codes_in_first_cells(sections(page(PAGE))[section]) == [code.value for code in codes]


class _NoDisk:
    bytes_free = bytes_used = 0
    kind = StateKind.OK


class _Empty:
    """A fleet without cameras, for the names that its metrics have."""

    cameras: dict[str, object] = {}

    class archive:
        state = _NoDisk
        usage = _NoDisk


def test_every_metric_is_told() -> None:
    looker = Looker(cast(Fleet, _Empty), ViewFiles(Path("views")), FakeClock())
    collectors = (FleetCollector(cast(Fleet, _Empty)), TranscodeCollector(Transcoders()), LookCollector(looker))
    families = [family for one in collectors for family in one.collect()]
    names = {f"{family.name}_total" if family.type == "counter" else family.name for family in families}
    assert set(codes_in_first_cells(sections(page(PAGE))["Metrics"])) == names
