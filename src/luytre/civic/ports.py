"""What the civic plane needs from the media plane, in its own words. `bridge` fills these; tests have fakes.

Invariant: nothing here raises for a camera that is wrong or a recorder that is down: the answer says so in words.
`RecorderDown` is the one exception, for callers that cannot go on without an answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from luytre.base.errors import LuytreError
from luytre.base.polygons import Polygon
from luytre.civic.footage import Footage


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
class PictureState:
    """What the camera's newest pictures tell of it (once a minute). `verdict` and `light` are codes of `base.verdicts`."""

    verdict: str
    sentence: str = ""
    hint: str = ""
    since: datetime | None = None
    """Since when the verdict stands."""
    seen: datetime | None = None
    """When the newest picture was looked at; long ago where no picture comes."""
    light: str = ""
    score: float = 0.0
    """How much of the reference's structure is there, 0 to 1; 0 where there is no reference."""


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
    packets: int | None = None
    """Of the picture, over RTP; None, with the two below: nobody counts them on this camera's way."""
    packets_lost: int | None = None
    jitter_ms: float | None = None
    """RFC 3550 §6.4.1; None also while nothing comes."""
    bitrate_bps: float = 0.0
    fps: float = 0.0
    codec: str = ""
    width_px: int = 0
    height_px: int = 0
    clock_offset_s: float | None = None
    """The camera's clock less ours, by its RTCP sender reports (RFC 3550 §6.4.1); None: it sends none."""
    viewers: int = 0
    picture: PictureState | None = None
    """None: none of its pictures was looked at yet."""


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
    camera: str = ""
    """The camera's key; empty: the recorder as a whole."""


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
class ViewMark:
    """One picture that the recorder keeps of a camera's view, to compare with. `why`: `accepted`, or `learnt` (proven to
    show the same view on the same day)."""

    id: str
    camera: str
    at: datetime
    light: str
    why: str = "accepted"
    acceptance: int = 0
    """Counts a camera's acceptances, from 1."""
    in_force: bool = True
    """It belongs to the newest acceptance, so pictures are compared with it."""


@dataclass(frozen=True, slots=True)
class AcceptAnswer:
    """What became of accepting a camera's view. Without a mark: why not, in words."""

    mark: ViewMark | None
    sentence: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class FoundDevice:
    """A device that answered on the network. `address` is its ONVIF service, over a private address."""

    address: str
    host: str
    name: str = ""
    maker: str = ""


@dataclass(frozen=True, slots=True)
class DeviceChannel:
    """One picture source of a device that has several (a recorder of another maker, a camera with two lenses), by its streams."""

    main_url: str
    sub_url: str = ""


@dataclass(frozen=True, slots=True)
class DeviceAnswer:
    """What a device said of itself once it knew user and password. `problem` is a code, with words for people. `channels`: of
    a device with several, else none; the two addresses are those of the first. `is_whole`: all of them answered in time."""

    ok: bool
    problem: str = ""
    sentence: str = ""
    hint: str = ""
    maker: str = ""
    model: str = ""
    main_url: str = ""
    sub_url: str = ""
    channels: tuple[DeviceChannel, ...] = ()
    is_whole: bool = True


# --- devices: what a camera says and takes by ONVIF (bridge.onvif; the room that asks is civic.devices)


@dataclass(frozen=True, slots=True)
class DeviceAccess:
    """How a device is reached: its ONVIF service, and who asks. `language`: of the sentences that come back. `picture`: the RTSP
    address of what is meant, where the device has several sources."""

    address: str
    username: str
    password: str = field(repr=False)
    language: str = "vi"
    picture: str = ""


@dataclass(frozen=True, slots=True)
class DeviceUser:
    name: str
    level: str
    """As the device calls it: Administrator, Operator, User, Anonymous, Extended."""


@dataclass(frozen=True, slots=True)
class DeviceStream:
    """One picture that a device sends: what it says of it. 0 and empty: it does not say."""

    token: str
    """Of the encoder: by this it is set."""
    profile: str
    name: str = ""
    codec: str = ""
    """`h264`, `h265`, `jpeg`, as ProbeAnswer has it."""
    width_px: int = 0
    height_px: int = 0
    fps: int = 0
    gop: int = 0
    """Frames from one key frame to the next."""
    bitrate_kbps: int = 0
    url: str = ""
    """Without user and password."""


@dataclass(frozen=True, slots=True)
class StreamChoice:
    """What a stream can be set to with one codec; empty and (0, 0): the device does not say."""

    token: str
    codec: str
    sizes: tuple[tuple[int, int], ...] = ()
    fps: tuple[int, int] = (0, 0)
    gop: tuple[int, int] = (0, 0)
    bitrate_kbps: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Something that a device says in two ways that cannot both be true."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """All that a device says of itself. `ok` false: `problem`, `sentence`, `hint` say why, and the rest is empty.

    `problem`: a code of `base.errors.Problem`, or `not_private`, `not_onvif`, `busy`.
    """

    ok: bool
    problem: str = ""
    sentence: str = ""
    hint: str = ""
    maker: str = ""
    model: str = ""
    firmware: str = ""
    serial: str = ""
    clock: datetime | None = None
    """UTC, as the device says; None: it does not."""
    clock_offset_s: float | None = None
    """The device's clock less ours, in seconds; half the way there and back allowed for, since it tells whole seconds."""
    ntp: bool | None = None
    """Whether its clock follows a server; None: it does not say."""
    ntp_servers: tuple[str, ...] = ()
    users: tuple[DeviceUser, ...] = ()
    streams: tuple[DeviceStream, ...] = ()
    """The largest picture first."""
    choices: tuple[StreamChoice, ...] = ()
    ptz: bool = False
    events: bool = False
    contradictions: tuple[Contradiction, ...] = ()


@dataclass(frozen=True, slots=True)
class DeviceChange:
    """What came of a wish. `ok`: done, and read back. Else `problem`, with words.

    `lies`: the device said done, and nothing is different. `otherwise` (with `ok`): it took something else than was wished,
    and `sentence` says what. `unsure`: the answer did not come, it may be done or not.
    """

    ok: bool
    problem: str = ""
    sentence: str = ""
    hint: str = ""
    token: str = ""
    """Of a preset that was made."""


@dataclass(frozen=True, slots=True)
class ClockWish:
    """`ntp_server`: an IPv4 address; `own`: this machine's address as the device sees it; empty: no server is set."""

    ntp_server: str = "own"
    time_zone: str = "ICT-7"
    """As POSIX writes it, for the time that the device draws into its picture."""


@dataclass(frozen=True, slots=True)
class StreamWish:
    token: str
    codec: str
    width_px: int
    height_px: int
    fps: int
    gop: int
    bitrate_kbps: int


@dataclass(frozen=True, slots=True)
class PtzMove:
    """Speeds from -1 to 1: right, up and nearer are positive. The device stops by itself after `for_s` seconds."""

    pan: float = 0.0
    tilt: float = 0.0
    zoom: float = 0.0
    for_s: float = 1.0


@dataclass(frozen=True, slots=True)
class MotionEvent:
    """A device saw something move (`state`), or no longer. `camera`: its key. `at`: UTC, our clock."""

    camera: str
    at: datetime
    state: bool


@dataclass(frozen=True, slots=True)
class MotionRead:
    """What a device told within a bounded time. `events` as (UTC by our clock, state), the oldest first."""

    ok: bool
    problem: str = ""
    sentence: str = ""
    hint: str = ""
    events: tuple[tuple[datetime, bool], ...] = ()


class FilmTrouble(StrEnum):
    """Why no copy for watching could be made of a film."""

    UNREADABLE = "unreadable"
    LARGE = "large"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class FilmAnswer:
    """`seconds`: how long the copy is; `cut`: it ends before the film does, at a bound of time or size."""

    seconds: float = 0.0
    cut: bool = False
    trouble: FilmTrouble | None = None


class FilmCopier(Protocol):
    def copy(self, source: Path, target: Path, mark: str) -> FilmAnswer:
        """A copy for watching of a film that browsers cannot play, with `mark` (ASCII) in each picture. Takes up to an hour."""
        ...


class StampRefused(Exception):
    """The server of time stamps is away, refuses, or answers something else. Holds why, for logs."""


class TimeStamper(Protocol):
    def stamp(self, data: bytes) -> bytes:
        """The answer (RFC 3161 TimeStampResp, DER) whose imprint is the SHA-256 of `data`. Errors: StampRefused."""
        ...


class ViewingTrouble(StrEnum):
    """Why no copy for watching was made of a span. There is never half of one."""

    ORDER = "order"
    """What is to be hidden was not understood, or could not be hidden."""
    UNREADABLE = "unreadable"
    """Not a picture of it can be read."""
    LARGE = "large"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class BlurKey:
    """Where a region is at a moment (UTC): its upper left corner and size, in fractions (0 to 1) of the whole picture."""

    at: datetime
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class BlurTrack:
    """One region that is hidden from its first key to its last, the earliest first; between two keys it moves evenly."""

    keys: tuple[BlurKey, ...]


@dataclass(frozen=True, slots=True)
class ViewingOrder:
    """What is hidden in a copy for watching. `start`: UTC of the source's first shown picture; a clip of the archive says it
    itself, and more exactly, and is believed. `mark`: ASCII, in each picture."""

    start: datetime
    masks: tuple[Polygon, ...] = ()
    """As `base.polygons` has them."""
    tracks: tuple[BlurTrack, ...] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class ViewingAnswer:
    """`seconds`: how long the copy is. `regions`: how many of the order's tracks hid something of it (others lie before or after
    it). With `trouble` there is no copy."""

    seconds: float = 0.0
    pictures: int = 0
    regions: int = 0
    trouble: ViewingTrouble | None = None


class FootageDamaged(LuytreError):
    """What lies in the archive is not what was hashed when it was recorded."""


class FootageTaker(Protocol):
    def take(self, camera: str, start: datetime, end: datetime, folder: Path) -> Footage:
        """The originals of [start, end) as `original.mp4`, `original.2.mp4`, … into a folder that is there, as they lie in the
        archive and without masks: who may have them was asked before. Each whole segment is held against its hash. Takes minutes.

        Errors: RecorderDown (again later), NotFound (no footage in this span), FootageDamaged, OSError. Then no file stays.
        """
        ...


class ViewingCopier(Protocol):
    def copy(self, source: Path, target: Path, order: ViewingOrder) -> ViewingAnswer:
        """A copy for watching (MP4, H.264, no sound) of an MP4 that the archive gave, whole or not at all.

        `target` is written over; with trouble there is nothing at it. Masks and regions cannot be brought back from it. Never
        raises for what is in `source` or `order`; takes minutes.
        """
        ...


class DeviceControl(Protocol):
    """A device's settings. Never raises for what a device answers; private addresses only; bounded in time and bytes.

    Every change is read back before `ok` is said. No password is ever tried but the one in `DeviceAccess` and, after a change,
    the new one.
    """

    def facts(self, at: DeviceAccess) -> DeviceFacts:
        """All of it, in a dozen questions."""

    def set_clock_and_ntp(self, at: DeviceAccess, wish: ClockWish) -> DeviceChange:
        """Our time now; then the server, where one is wished and answers."""

    def set_password(self, at: DeviceAccess, new: str) -> DeviceChange:
        """Of the user who asks."""

    def set_stream(self, at: DeviceAccess, wish: StreamWish) -> DeviceChange: ...

    def reboot(self, at: DeviceAccess) -> DeviceChange: ...

    def ptz_move(self, at: DeviceAccess, move: PtzMove) -> DeviceChange: ...

    def ptz_stop(self, at: DeviceAccess) -> DeviceChange: ...

    def ptz_keep_preset(self, at: DeviceAccess, name: str) -> DeviceChange:
        """Where it looks now, as a preset; the answer has its token."""

    def ptz_go(self, at: DeviceAccess, token: str) -> DeviceChange: ...

    def ptz_forget_preset(self, at: DeviceAccess, token: str) -> DeviceChange: ...

    def motion(self, at: DeviceAccess, for_s: float) -> MotionRead:
        """Listens for `for_s` seconds (30 at most), by PullPoint."""


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


class ViewKeeper(Protocol):
    """The pictures that the recorder compares a camera's view with. Whoever shows one writes its look down first."""

    def accept(self, camera: str, language: str) -> AcceptAnswer:
        """What the camera shows now is its view from now on; older pictures are kept, and compared with no longer.

        Errors: RecorderDown.
        """

    def views(self, camera: str) -> tuple[ViewMark, ...]:
        """The newest first. Errors: RecorderDown."""

    def view_picture(self, camera: str, view: str, *, unmasked: bool = False) -> bytes:
        """JPEG of one, with the camera's masks of now burned in unless `unmasked`; empty where there is none.

        Errors: RecorderDown.
        """

    def forget_view(self, camera: str, view: str) -> bool:
        """Erases one; false where there is none. Errors: RecorderDown."""


class ClipExporter(Protocol):
    def export_url(self, user_id: str, camera: str, start: datetime, end: datetime, unmasked: bool) -> str:
        """Path and query, below the recorder's address, that give the span as one MP4 for a few minutes.

        `unmasked`: as it was recorded, else with the camera's masks.
        """
