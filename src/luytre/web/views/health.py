"""What is broken, since when: the recorder's own account, cut to the person's cameras."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from luytre.civic.ports import RecorderDown, Status, StreamState
from luytre.civic.registry.models import Camera
from luytre.civic.registry.order import in_order
from luytre.civic.registry.scope import cameras_of
from luytre.web import words
from luytre.web.ports import ports
from luytre.web.views.pages import person

WELL = frozenset({"recording", "watching"})
_TRYING = frozenset({"connecting", "waiting"})  # between two tries a camera with a problem is down, to people


@dataclass(frozen=True, slots=True)
class CameraHealth:
    camera: Camera
    main: StreamState | None
    state: str
    words: str
    reason: str
    hint: str

    @property
    def is_well(self) -> bool:
        return self.state in WELL

    @property
    def is_off(self) -> bool:
        return self.state == "disabled"


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    return render(request, "health.html", _now(request))


@require_GET
def now(request: HttpRequest) -> HttpResponse:
    return render(request, "parts/health_now.html", _now(request))


def ask_status() -> tuple[Status | None, RecorderDown | None]:
    try:
        return ports().recorder.status(get_language() or "vi"), None
    except RecorderDown as error:
        return None, error


def health_of(cameras: list[Camera], status: Status | None) -> list[CameraHealth]:
    """Cameras that are down first, those that are well next, those switched off last."""
    by_key = {stream.camera: stream for stream in status.streams if stream.stream == "main"} if status else {}
    found = [_one(camera, by_key.get(camera.key), status is not None) for camera in cameras]
    return sorted(found, key=lambda item: (item.is_off, item.is_well))


def _one(camera: Camera, main: StreamState | None, recorder_answers: bool) -> CameraHealth:
    if not camera.enabled:
        state = "disabled"
    elif main is not None:
        state = "failed" if main.problem and main.state in _TRYING else main.state
    else:
        state = "waiting" if recorder_answers else "unknown"
    reason = words.problem_cause(main.problem) or main.sentence if main and main.problem else ""
    hint = words.problem_hint(main.problem) or main.hint if main and main.problem else ""
    return CameraHealth(camera, main, state, words.state(state), reason, hint)


def _now(request: HttpRequest) -> dict[str, Any]:
    status, down = ask_status()
    cameras = health_of(in_order(cameras_of(person(request))), status)
    watched = [item for item in cameras if not item.is_off]
    return {
        "status": status,
        "recorder_down": down,
        "cameras": cameras,
        "down_count": sum(not item.is_well for item in watched) if status else None,
        "watched_count": len(watched),
        "archive_words": words.archive_state(status.archive.state) if status else "",
    }
