"""The error tree. An error says what was tried (operation), on what (subject), why it failed (cause) and what to do (hint).

    LuytreError
    ├── UsageError            the words of a call are wrong (CLI exit 2, HTTP 400)
    ├── CameraError           a camera did not give what was asked; carries a `Problem`
    ├── ArchiveError          the disk or the index did not
    ├── NotAllowed            a token or a right is missing (HTTP 401/403)
    └── NotFound              there is no such camera, recording or span (HTTP 404)

`cause` and `hint` are message ids marked with N_(): they are translated where they are shown, in the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from luytre.base.i18n import N_, _
from luytre.base.redact import redact


class LuytreError(Exception):
    """Base of all; see the module's docstring for the tree."""

    def __init__(self, cause: str, *, operation: str = "", subject: str = "", hint: str = "") -> None:
        super().__init__(cause)
        self.cause, self.operation, self.subject, self.hint = cause, operation, redact(subject), hint

    def sentence(self) -> str:
        """`operation, subject: cause` in the context's language."""
        head = ", ".join(part for part in (_(self.operation) if self.operation else "", self.subject) if part)
        return redact(f"{head}: {_(self.cause)}" if head else _(self.cause))

    def advice(self) -> str:
        return redact(_(self.hint)) if self.hint else ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.sentence(), self.advice()) if part)


class UsageError(LuytreError):
    pass


class ArchiveError(LuytreError):
    pass


class NotAllowed(LuytreError):
    pass


class NotFound(LuytreError):
    pass


class Problem(StrEnum):
    """What can be wrong with a camera. Stable codes: stored, sent over HTTP, shown as words by `describe`."""

    BAD_URL = "bad_url"
    UNKNOWN_HOST = "unknown_host"
    UNREACHABLE = "unreachable"
    PORT_CLOSED = "port_closed"
    TIMEOUT = "timeout"
    NOT_RTSP = "not_rtsp"
    WRONG_PASSWORD = "wrong_password"
    PASSWORD_NEEDED = "password_needed"
    NO_SUCH_STREAM = "no_such_stream"
    NO_VIDEO = "no_video"
    UNSUPPORTED_CODEC = "unsupported_codec"
    TOO_MANY_VIEWERS = "too_many_viewers"
    REFUSED = "refused"
    NO_PICTURE = "no_picture"
    FROZEN = "frozen"
    LOST = "lost"
    DAMAGED = "damaged"
    UNSTABLE = "unstable"
    NOT_A_VIDEO_FILE = "not_a_video_file"


@dataclass(frozen=True, slots=True)
class Words:
    cause: str
    hint: str


PROBLEM_WORDS: dict[Problem, Words] = {
    Problem.BAD_URL: Words(N_("the address is not one a camera can have"), N_("Write it like rtsp://192.168.1.10:554/stream1.")),
    Problem.UNKNOWN_HOST: Words(
        N_("no device of that name was found"),
        N_("Check the name, or use the camera's number address (like 192.168.1.10)."),
    ),
    Problem.UNREACHABLE: Words(
        N_("the camera's address does not answer"),
        N_("Is it switched on, and on the same network? Check the cable and the address."),
    ),
    Problem.PORT_CLOSED: Words(
        N_("the device answers, but its RTSP port is closed"),
        N_("Switch RTSP on in the camera's settings, or check the port (usually 554)."),
    ),
    Problem.TIMEOUT: Words(
        N_("the camera took too long to answer"),
        N_("The network may be overloaded, or the camera hangs: restart it and try again."),
    ),
    Problem.NOT_RTSP: Words(
        N_("the device answers, but not as a camera"),
        N_("Another program may be on this port. Check the port in the address."),
    ),
    Problem.WRONG_PASSWORD: Words(
        N_("the camera refuses the user name or the password"),
        N_("Check both. We try again only once a minute, so that the camera does not lock itself."),
    ),
    Problem.PASSWORD_NEEDED: Words(
        N_("the camera asks for a user name and a password"), N_("Enter those that were set on the camera.")
    ),
    Problem.NO_SUCH_STREAM: Words(
        N_("the camera knows no stream of that address"),
        N_("Check what follows the host in the address; the maker's manual names it."),
    ),
    Problem.NO_VIDEO: Words(N_("the stream holds no picture"), N_("Choose the address of the camera's video stream.")),
    Problem.UNSUPPORTED_CODEC: Words(
        N_("the picture is in a format that is not understood"), N_("Set the camera to H.264 or H.265.")
    ),
    Problem.TOO_MANY_VIEWERS: Words(
        N_("the camera takes no more connections"), N_("Close other programs that watch it, or raise its limit.")
    ),
    Problem.REFUSED: Words(
        N_("the camera refused the request"), N_("Restart the camera; if that does not help, update its firmware.")
    ),
    Problem.NO_PICTURE: Words(
        N_("the camera accepted, but sent no picture"), N_("Restart the camera and check its video settings.")
    ),
    Problem.FROZEN: Words(
        N_("the picture stopped coming, though the connection stands"),
        N_("It is being connected again by itself. If this returns, restart the camera."),
    ),
    Problem.LOST: Words(
        N_("the connection to the camera broke off"),
        N_("It is being connected again by itself. If this returns, check power and cable."),
    ),
    Problem.DAMAGED: Words(
        N_("part of the picture was lost on the way"), N_("Look at the network between the camera and this machine.")
    ),
    Problem.UNSTABLE: Words(
        N_("the stream breaks off or changes its format again and again: part of it is not recorded"),
        N_("Look at the network between the camera and this machine, restart the camera, and update its firmware."),
    ),
    Problem.NOT_A_VIDEO_FILE: Words(N_("the file is not a video that can be read"), N_("Choose another file.")),
}


class CameraError(LuytreError):
    """A camera did not give what was asked. `detail` is technical, for logs, already redacted."""

    def __init__(self, problem: Problem, *, operation: str = "", subject: str = "", detail: str = "") -> None:
        words = PROBLEM_WORDS[problem]
        super().__init__(words.cause, operation=operation, subject=subject, hint=words.hint)
        self.problem, self.detail = problem, redact(detail)


class GapReason(StrEnum):
    """Why a stretch of a timeline has no footage. Stable codes, kept in the index and in each run's first segment."""

    CAMERA_LOST = "camera_lost"
    CAMERA_FROZEN = "camera_frozen"
    CAMERA_UNREACHABLE = "camera_unreachable"
    WRONG_PASSWORD = "wrong_password"
    CAMERA_REFUSED = "camera_refused"
    STREAM_DAMAGED = "stream_damaged"
    STREAM_UNSTABLE = "stream_unstable"
    FORMAT_CHANGED = "format_changed"
    CLOCK_STEP = "clock_step"
    RECORDER_STOPPED = "recorder_stopped"
    RECORDER_CRASHED = "recorder_crashed"
    RECORDER_BEHIND = "recorder_behind"
    CAMERA_DISABLED = "camera_disabled"
    DISK_FULL = "disk_full"
    DISK_HELD = "disk_held"
    DISK_READ_ONLY = "disk_read_only"
    DISK_MISSING = "disk_missing"
    DISK_FAILED = "disk_failed"
    ERASED = "erased"
    UNKNOWN = "unknown"


GAP_WORDS: dict[GapReason, str] = {
    GapReason.CAMERA_LOST: N_("connection to the camera lost"),
    GapReason.CAMERA_FROZEN: N_("the camera sent no new picture"),
    GapReason.CAMERA_UNREACHABLE: N_("the camera did not answer"),
    GapReason.WRONG_PASSWORD: N_("the camera refused the password"),
    GapReason.CAMERA_REFUSED: N_("the camera refused to send"),
    GapReason.STREAM_DAMAGED: N_("part of the stream was lost on the way"),
    GapReason.STREAM_UNSTABLE: N_("the stream broke off or changed its format too often"),
    GapReason.FORMAT_CHANGED: N_("the camera changed its picture format"),
    GapReason.CLOCK_STEP: N_("this machine's clock was set"),
    GapReason.RECORDER_STOPPED: N_("the recorder was stopped"),
    GapReason.RECORDER_CRASHED: N_("the recorder stopped unexpectedly (power cut or crash)"),
    GapReason.RECORDER_BEHIND: N_("the disk was too slow"),
    GapReason.CAMERA_DISABLED: N_("recording of this camera was switched off"),
    GapReason.DISK_FULL: N_("the disk was full"),
    GapReason.DISK_HELD: N_("the disk was full of footage on hold"),
    GapReason.DISK_READ_ONLY: N_("the disk had become read-only"),
    GapReason.DISK_MISSING: N_("the disk was not there"),
    GapReason.DISK_FAILED: N_("the disk reported a fault"),
    GapReason.ERASED: N_("erased when its time was over (footage before it is on hold)"),
    GapReason.UNKNOWN: N_("reason not known"),
}
