"""What is broken, since when: the recorder's own account, cut to the person's cameras."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from luytre.civic.access.assignments import roles_of
from luytre.civic.access.models import LookKind
from luytre.civic.access.permissions import may_use
from luytre.civic.devices.reaching import exposed
from luytre.civic.ports import DayKept, RecorderDown, Status, StreamState
from luytre.civic.registry.models import Camera
from luytre.civic.registry.order import hamlets_in_order, in_order
from luytre.civic.registry.scope import cameras_of, devices_of
from luytre.civic.upkeep.links import hours_of
from luytre.web import words
from luytre.web.lengths import length_words
from luytre.web.link_charts import charts
from luytre.web.ports import ports
from luytre.web.views.health_tabs import tabs
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


CLOCK_OFF_S = 2.0
"""A camera's clock that is further off is told: its burned-in time would mislead."""
STRIP_DAYS = 14
_NEARLY_A_DAY_S = 86_400 - 60


@dataclass(frozen=True, slots=True)
class DayMark:
    """One day of the strip: `whole`, `part` or `none`, with words, and where playback of it begins (UTC seconds)."""

    day: date
    kind: str
    words: str
    start_s: int


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    return render(request, "health.html", _now(request) | {"health_tabs": tabs(request, "health")})


@require_GET
def now(request: HttpRequest) -> HttpResponse:
    return render(request, "parts/health_now.html", _now(request))


@require_GET
def of_camera(request: HttpRequest, key: str) -> HttpResponse:
    """Below a camera's own picture: what its streams do now, and its last days."""
    user = person(request)
    camera = get_object_or_404(devices_of(user), key=key)
    status, down = ask_status()
    streams = [stream for stream in status.streams if stream.camera == key] if status else []
    context = {
        "item": health_of([camera], status)[0],
        "streams": streams,
        "recorder_down": down,
        "clock": _clock_words(next((stream for stream in streams if stream.stream == "main"), None)),
        "days": _strip(camera),
        "may_see_device": may_use("device", roles_of(user, timezone.now())),
        "charts": charts(hours_of(key, timezone.now()), timezone.now()),
        "may_look_back": cameras_of(user, LookKind.HISTORY).filter(key=key).exists(),
    }
    return render(request, "parts/camera_health.html", context)


def _clock_words(main: StreamState | None) -> str:
    """Empty while the camera's clock is right, or not known."""
    offset_s = (main.clock_offset_s if main else None) or 0.0
    if abs(offset_s) <= CLOCK_OFF_S:
        return ""
    length = length_words(abs(offset_s))
    if offset_s > 0:
        return _("The camera's clock is %(length)s ahead of this machine's.") % {"length": length}
    return _("The camera's clock is %(length)s behind this machine's.") % {"length": length}


def _strip(camera: Camera) -> list[DayMark] | None:
    """The last days by the recorder's index, oldest first; None while it does not answer."""
    now = timezone.now()
    today = timezone.localdate(now)
    first = today - timedelta(days=STRIP_DAYS - 1)
    start = timezone.make_aware(datetime.combine(first, time()))
    try:
        kept = {item.day: item for item in ports().recorder.days(camera.key, start, now)}
    except RecorderDown:
        return None
    passed_s = (now - timezone.make_aware(datetime.combine(today, time()))).total_seconds()
    days = [first + timedelta(days=number) for number in range(STRIP_DAYS)]
    return [_mark(day, kept.get(day), passed_s - 60 if day == today else _NEARLY_A_DAY_S) for day in days]


def _mark(day: date, kept: DayKept | None, whole_s: float) -> DayMark:
    start_s = int(timezone.make_aware(datetime.combine(day, time())).timestamp())
    if kept is None or kept.covered_s <= 0:
        return DayMark(day, "none", _("no footage"), start_s)
    if kept.covered_s >= whole_s:
        return DayMark(day, "whole", _("the whole day"), start_s)
    gaps = ngettext("%(count)d gap", "%(count)d gaps", kept.gaps) % {"count": kept.gaps}
    longest = _("%(hours)s of footage; %(gaps)s, the longest %(length)s") % {
        "hours": length_words(kept.covered_s), "gaps": gaps, "length": length_words(kept.longest_gap_s)}  # fmt: skip
    return DayMark(day, "part", longest, start_s)


@dataclass(frozen=True, slots=True)
class HamletHealth:
    """The cameras of one hamlet; `hamlet` empty for those in none."""

    hamlet: str
    cameras: list[CameraHealth]

    @property
    def watched(self) -> int:
        return sum(not item.is_off for item in self.cameras)

    @property
    def down(self) -> int:
        return sum(not item.is_well and not item.is_off for item in self.cameras)


def by_hamlet(cameras: list[CameraHealth]) -> list[HamletHealth]:
    """In the commune's order of hamlets, those in none last; within one as `health_of` gave them."""
    known = hamlets_in_order({item.camera.site.hamlet for item in cameras if item.camera.site.hamlet})
    groups = [HamletHealth(hamlet.name, [item for item in cameras if item.camera.site.hamlet == hamlet]) for hamlet in known]
    rest = [item for item in cameras if item.camera.site.hamlet is None]
    return [*groups, HamletHealth("", rest)] if rest else groups


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
    cameras = health_of(in_order(devices_of(person(request))), status)
    watched = [item for item in cameras if not item.is_off]
    return {
        "status": status,
        "recorder_down": down,
        "cameras": cameras,
        "groups": by_hamlet(cameras),
        "down_count": sum(not item.is_well for item in watched) if status else None,
        "watched_count": len(watched),
        "exposed": exposed([item.camera for item in watched]),
        "archive_words": words.archive_state(status.archive.state) if status else "",
    }
