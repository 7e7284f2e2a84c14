"""Cameras: how many eyes there are, how much of the time that was watched they worked, what was mended and accepted."""

from __future__ import annotations

from luytre.base.i18n import N_
from luytre.civic.acceptance.models import AcceptanceStep
from luytre.civic.acceptance.models import StepCode as AcceptanceCode
from luytre.civic.registry.models import Camera, Eye
from luytre.civic.registry.register import RegisterCode, RegisterStep, Thing
from luytre.civic.reports.figures import Row, Rows, Section, Spec, Unit, Window
from luytre.civic.reports.sections.common import day_of, place_of, within
from luytre.civic.upkeep.models import Repair
from luytre.civic.upkeep.outages import times_of
from luytre.civic.upkeep.repairs import in_force
from luytre.civic.upkeep.uptime import CameraTime


def rows(window: Window) -> Rows:
    timed = _timed(window)
    counted = [(one, found) for one, found in timed if found.time.whole > found.time.not_counted]
    return {
        "eyes": _eyes(window),
        "accepted": _accepted(window),
        "counted": [_camera(one, 1) for one, _found in counted],
        "watched": [_camera(one, found.time.up + found.time.down) for one, found in counted],
        "worked": [_camera(one, found.time.up) for one, found in counted],
        "lost": [_camera(one, found.time.down) for one, found in counted if found.time.down],
        "mended": [_camera(one, found.mended.count) for one, found in counted if found.mended.count],
        "repairs": _repairs(window),
    }


def _timed(window: Window) -> list[tuple[Camera, CameraTime]]:
    """Every camera that was there before the end, out of use or not: what was switched off is not counted by itself."""
    found = list(Camera.objects.filter(created__lt=window.end).select_related("site__hamlet").order_by("key"))
    return list(zip(found, times_of(found, (window.start, window.end), window.end), strict=True))


def _camera(one: Camera, amount: int) -> Row:
    return Row("camera", one.key, amount, one.code, place=place_of(one.site.hamlet))


def _eyes(window: Window) -> list[Row]:
    """Those in the register at the end, as its steps tell; what has no step up to then was there before there were steps."""
    steps = RegisterStep.objects.filter(thing=Thing.EYE).order_by("seq")
    state: dict[str, bool] = {}
    for key, code, at in steps.values_list("key", "code", "at"):
        if at < window.end:
            state[key] = code != RegisterCode.REMOVED
        else:
            state.setdefault(key, code != RegisterCode.ADDED)
    eyes = Eye.objects.select_related("site__hamlet").order_by("key")
    return [Row("eye", one.key, 1, place=place_of(one.site.hamlet)) for one in eyes if state.get(one.key, not one.archived)]


def _accepted(window: Window) -> list[Row]:
    found = AcceptanceStep.objects.filter(within(window, "at"), code=AcceptanceCode.PASSED)
    eyes = {one.key: one for one in Eye.objects.select_related("site__hamlet")}
    return [
        Row("acceptance", one.eye, 1, day=day_of(one.at), place=place_of(eyes[one.eye].site.hamlet) if one.eye in eyes else "")
        for one in found
    ]


def _repairs(window: Window) -> list[Row]:
    days = (window.first.isoformat(), window.last.isoformat())
    cameras = {one.key: one for one in Camera.objects.select_related("site__hamlet")}
    found = [one for one in in_force(Repair.objects.order_by("seq")) if days[0] <= one.day <= days[1]]
    return [
        Row(
            "repair", one.ticket, 1, day=one.day, place=place_of(cameras[one.camera].site.hamlet) if one.camera in cameras else ""
        )
        for one in found
    ]


SECTION = Section(
    "cameras", N_("Cameras"),
    (
        Spec("eyes", N_("Eyes in the register at the end")),
        Spec("accepted", N_("Eyes accepted")),
        Spec("counted", N_("Cameras that were watched over")),
        Spec("watched", N_("Time that was watched"), Unit.SECONDS),
        Spec("worked", N_("Time that cameras worked"), Unit.SECONDS, of="watched"),
        Spec("lost", N_("Time that cameras did not work"), Unit.SECONDS, of="watched", chart=True),
        Spec("mended", N_("Outages that ended"), weekly=True),
        Spec("repairs", N_("Repairs written down"), weekly=True),
    ),
    rows, "health_uptime", ("lost", "eyes"),
)  # fmt: skip
