"""Motion that cameras tell of, bounded in time: what incidents will be made of, and what the device's page counts."""

from __future__ import annotations

from luytre.civic.devices.reaching import access_of
from luytre.civic.ports import DeviceControl, MotionEvent, MotionRead
from luytre.civic.registry.models import Camera


def listen(control: DeviceControl, camera: Camera, for_s: float, language: str) -> tuple[MotionRead, tuple[MotionEvent, ...]]:
    """What the camera told within `for_s` seconds (30 at most), the oldest first; nothing where it does not answer."""
    heard = control.motion(access_of(camera, language), for_s)
    return heard, tuple(MotionEvent(camera.key, at, state) for at, state in heard.events)


def begun(events: tuple[MotionEvent, ...]) -> int:
    """How often something began to move: a camera that says `true` again while it is true says nothing new."""
    before, count = False, 0
    for event in events:
        count += event.state and not before
        before = event.state
    return count
