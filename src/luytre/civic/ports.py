"""What the civic plane needs from the media plane, in its own words. `bridge` fills these; tests have fakes.

Invariant: nothing here raises for a camera that is wrong or a recorder that is down: the answer says so in words.
`RecorderDown` is the one exception, for callers that cannot go on without an answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from luytre.base.errors import LuytreError


class RecorderDown(LuytreError):
    """The recorder does not answer, or answers what it must not."""


@dataclass(frozen=True, slots=True)
class ProbeAnswer:
    """What a test of a camera's address gave. `problem` is a code of `base.errors.Problem`, or `recorder_down`."""

    ok: bool
    problem: str = ""
    sentence: str = ""
    hint: str = ""
    codec: str = ""
    width_px: int = 0
    height_px: int = 0
    fps: float = 0.0
    audio: bool = False
    picture_jpeg: bytes = b""


@dataclass(frozen=True, slots=True)
class StreamState:
    """One stream of one camera as the recorder sees it now."""

    camera: str
    stream: str
    state: str
    problem: str = ""
    sentence: str = ""
    hint: str = ""
    since: datetime | None = None
    last_frame: datetime | None = None
    frames: int = 0
    gaps: int = 0
    reconnects: int = 0
    bitrate_bps: float = 0.0
    fps: float = 0.0
    codec: str = ""
    width_px: int = 0
    height_px: int = 0
    clock_offset_s: float = 0.0
    viewers: int = 0


@dataclass(frozen=True, slots=True)
class ArchiveState:
    state: str = "unknown"
    sentence: str = ""
    bytes_used: int = 0
    bytes_free: int = 0
    days_left: float | None = None
    oldest: datetime | None = None
    holds: frozenset[str] | None = None
    """The held spans that are in force in the recorder, by their keys; None: it does not say."""


@dataclass(frozen=True, slots=True)
class Alarm:
    code: str
    sentence: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """The recorder's own account of itself."""

    at: datetime
    streams: tuple[StreamState, ...] = ()
    archive: ArchiveState = field(default_factory=ArchiveState)
    alarms: tuple[Alarm, ...] = ()


@dataclass(frozen=True, slots=True)
class DayKept:
    """One calendar day of one camera's footage."""

    day: date
    covered_s: float
    gaps: int
    longest_gap_s: float
    size_bytes: int


@dataclass(frozen=True, slots=True)
class ErasedQuery:
    """Which lines of the erase log. No cameras: all there ever were. `start` and `end` bound when it was erased."""

    cameras: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    before: int = 0
    """The number of the line to page on from; 0: the newest."""
    limit: int = 100
    """1 to 1000."""


@dataclass(frozen=True, slots=True)
class ErasedLine:
    """Footage that retention deleted. `at`: when the last of it went. `rule`: `days`, `bytes`, or `floor` (free space)."""

    number: int
    at: datetime
    camera: str
    stream: str
    start: datetime
    end: datetime
    size_bytes: int
    rule: str


@dataclass(frozen=True, slots=True)
class ErasedPage:
    """The newest line first; `more`: there are older ones."""

    lines: tuple[ErasedLine, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class FoundDevice:
    """A device that answered on the network. `address` is its ONVIF service, over a private address."""

    address: str
    host: str
    name: str = ""
    maker: str = ""


@dataclass(frozen=True, slots=True)
class DeviceAnswer:
    """What a device said of itself once it knew user and password. `problem` is a code, with words for people."""

    ok: bool
    problem: str = ""
    sentence: str = ""
    hint: str = ""
    maker: str = ""
    model: str = ""
    main_url: str = ""
    sub_url: str = ""


class CameraFinder(Protocol):
    """Cameras on the network that nobody has typed in. Never raises for what a device answers."""

    def find(self) -> tuple[FoundDevice, ...]:
        """Asks the local link for a few seconds at most."""

    def read(self, address: str, username: str, password: str, language: str) -> DeviceAnswer:
        """The addresses of a device's large and small picture. Bounded in time; only private addresses are asked."""


class CameraProbe(Protocol):
    def probe(self, url: str, username: str, password: str, language: str) -> ProbeAnswer:
        """Opens the camera for a few seconds. Never raises for what is wrong with the camera."""


class RecorderStatus(Protocol):
    def status(self, language: str) -> Status:
        """Errors: RecorderDown."""

    def refresh(self) -> bool:
        """Asks the recorder to pull its camera list now; false when it does not answer (it pulls by itself anyway)."""

    def picture(self, camera: str) -> bytes:
        """JPEG of what the camera shows now, as it is, without masks; empty where it shows nothing. Errors: RecorderDown.

        Only for drawing what is to be hidden, after its look was written down.
        """

    def days(self, camera: str, start: datetime, end: datetime) -> tuple[DayKept, ...]:
        """What is kept of the main stream, day by day in the commune's time. Errors: RecorderDown."""

    def erased(self, query: ErasedQuery) -> ErasedPage:
        """The recorder's erase log. Errors: RecorderDown."""


class ClipExporter(Protocol):
    def export_url(self, user_id: str, camera: str, start: datetime, end: datetime, unmasked: bool) -> str:
        """Path and query, below the recorder's address, that give the span as one MP4 for a few minutes.

        `unmasked`: as it was recorded, else with the camera's masks.
        """
