"""The people, cameras and the recorder that the web's tests play with. Roles, not names."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from django.utils.timezone import localdate

from luytre.civic.access.assignments import EVERYWHERE, NAMED_CAMERAS, Wanted, assign
from luytre.civic.access.models import Role, User
from luytre.civic.access.ways import LOCAL_ROLES
from luytre.civic.ports import (
    AcceptAnswer,
    ClockWish,
    DayKept,
    DeviceAccess,
    DeviceAnswer,
    DeviceChange,
    DeviceFacts,
    DeviceStream,
    DeviceUser,
    ErasedLine,
    ErasedPage,
    ErasedQuery,
    FoundDevice,
    MotionRead,
    ProbeAnswer,
    PtzMove,
    RecorderDown,
    Status,
    StreamWish,
    ViewMark,
)
from luytre.civic.registry.address import parse_address
from luytre.civic.registry.cameras import CameraDraft, save_camera
from luytre.civic.registry.grants import assign_place
from luytre.civic.registry.holds import Hold, WantedHold, set_hold
from luytre.civic.registry.models import Camera
from luytre.civic.registry.sites import SiteDraft

PASSWORD = "four-words-not-together"
EARLY = date(2020, 1, 1)
CAMERA_PASSWORD = "S3cret-Of-The-Camera"
JPEG = b"\xff\xd8\xff\xe0 a picture \xff\xd9"


def person(role: str, username: str = "", **fields: object) -> User:
    """Somebody of one role, for the whole commune; a role of a hamlet or of cameras gets none (see `viewer_of`)."""
    user = User.objects.create_user(username or role, PASSWORD, **fields)
    place = NAMED_CAMERAS if role in LOCAL_ROLES else EVERYWHERE
    assign(None, user, Wanted(role, place, first_day=EARLY), datetime.now(UTC))
    return user


def chief(username: str = "administrator", **fields: object) -> User:
    """Administrator and head at once, as the first account is."""
    user = person(Role.ADMINISTRATOR, username, **fields)
    assign(None, user, Wanted(Role.HEAD, first_day=EARLY), datetime.now(UTC))
    return user


def camera(name: str = "Cổng chợ", **changes: object) -> Camera:
    fields: dict[str, object] = {
        "name": name,
        "main": parse_address("rtsp://10.0.0.5:554/main"),
        "sub": parse_address("rtsp://10.0.0.5:554/sub"),
        "username": "viewer",
        "password": CAMERA_PASSWORD,
    }
    place = {"hamlet": "Thôn Đông"} | {
        {"place": "name"}.get(name, name): changes.pop(name)
        for name in ("place", "hamlet", "kind", "road", "position")
        if name in changes
    }
    return save_camera(CameraDraft(**{**fields, **changes}, site=SiteDraft(**place)))  # type: ignore[arg-type]


def viewer_of(*cameras: Camera, history: bool = False, role: str = Role.SECURITY_TEAM) -> User:
    """Somebody, by default of a hamlet's security team, with these cameras."""
    user = User.objects.create_user(role, PASSWORD)
    ways = frozenset({"live", "history"} if history else {"live"})
    wanted = Wanted(role, NAMED_CAMERAS, ways, first_day=EARLY)
    assign_place(None, user, wanted, {one.key for one in cameras}, datetime.now(UTC))
    return user


def hold(of: list[Camera], at: datetime | None = None, days: int = 30, by: User | None = None, **changes: object) -> Hold:
    """A hold of the last two hours of these cameras, set by the head, until `days` days from `at` (now)."""
    at = at or datetime.now(UTC)
    fields: dict[str, object] = {
        "cameras": tuple(one.key for one in of), "start": at - timedelta(hours=2), "end": at, "reference": "12/VV",
        "reason": "mất xe máy", "last_day": localdate(at) + timedelta(days=days),
    }  # fmt: skip
    by = by or User.objects.filter(username="holder").first() or person(Role.HEAD, "holder")
    return set_hold(by, WantedHold(**{**fields, **changes}), at)  # type: ignore[arg-type]


@dataclass
class FakeRecorder:
    """Stands where bridge's client stands: answers as told, and remembers what it was asked."""

    answers: list[ProbeAnswer] = field(default_factory=list)
    now: Status | None = field(default_factory=lambda: Status(at=datetime(2026, 11, 24, 7, 5, tzinfo=UTC)))
    probed: list[tuple[str, str, str, str]] = field(default_factory=list)
    refreshed: int = 0
    pictured: list[str] = field(default_factory=list)
    kept: dict[str, tuple[DayKept, ...]] = field(default_factory=dict)
    gone: list[ErasedLine] = field(default_factory=list)
    """The erase log, the newest line first."""
    marks: dict[str, list[ViewMark]] = field(default_factory=dict)
    """Kept views by camera, the newest first."""
    refuses_view: str = ""
    """Why no view can be accepted now; empty: it can."""
    views_shown: list[tuple[str, str, bool]] = field(default_factory=list)
    """Camera, view, and whether without masks."""

    def accept(self, camera: str, language: str) -> AcceptAnswer:
        self._answers()
        if self.refuses_view:
            return AcceptAnswer(None, self.refuses_view, "Try again.")
        older = self.marks.setdefault(camera, [])
        number = max((mark.acceptance for mark in older), default=0) + 1
        older[:] = [replace(mark, in_force=False) for mark in older]
        assert self.now is not None
        older.insert(0, ViewMark(f"{number}-a", camera, self.now.at, "day", "accepted", number))
        return AcceptAnswer(older[0])

    def views(self, camera: str) -> tuple[ViewMark, ...]:
        self._answers()
        return tuple(self.marks.get(camera, ()))

    def view_picture(self, camera: str, view: str, *, unmasked: bool = False) -> bytes:
        self._answers()
        self.views_shown.append((camera, view, unmasked))
        return JPEG if any(mark.id == view for mark in self.marks.get(camera, ())) else b""

    def forget_view(self, camera: str, view: str) -> bool:
        self._answers()
        kept = self.marks.get(camera, [])
        found = [mark for mark in kept if mark.id == view]
        self.marks[camera] = [mark for mark in kept if mark.id != view]
        return bool(found)

    def _answers(self) -> None:
        if self.now is None:
            raise RecorderDown("the recorder does not answer", hint="It is started again by itself.")

    def erased(self, query: ErasedQuery) -> ErasedPage:
        if self.now is None:
            raise RecorderDown("the recorder does not answer", hint="It is started again by itself.")
        found = [
            line for line in self.gone
            if (not query.cameras or line.camera in query.cameras) and (not query.before or line.number < query.before)
            and (query.start is None or line.at >= query.start) and (query.end is None or line.at < query.end)
        ]  # fmt: skip
        return ErasedPage(tuple(found[: query.limit]), len(found) > query.limit)

    def days(self, camera: str, start: datetime, end: datetime) -> tuple[DayKept, ...]:
        if self.now is None:
            raise RecorderDown("the recorder does not answer", hint="It is started again by itself.")
        return tuple(day for day in self.kept.get(camera, ()) if localdate(start) <= day.day <= localdate(end))

    def picture(self, camera: str) -> bytes:
        if self.now is None:
            raise RecorderDown("the recorder does not answer", hint="It is started again by itself.")
        self.pictured.append(camera)
        return JPEG

    def probe(self, url: str, username: str, password: str, language: str) -> ProbeAnswer:
        self.probed.append((url, username, password, language))
        return (
            self.answers.pop(0)
            if self.answers
            else ProbeAnswer(True, codec="h264", width_px=1920, height_px=1080, fps=25, picture_jpeg=JPEG)
        )

    def status(self, language: str) -> Status:
        if self.now is None:
            raise RecorderDown("the recorder does not answer", hint="It is started again by itself.")
        return self.now

    def refresh(self) -> bool:
        self.refreshed += 1
        return self.now is not None


@dataclass
class FakeFinder:
    """Stands where bridge's ONVIF stands."""

    devices: tuple[FoundDevice, ...] = ()
    answers: list[DeviceAnswer] = field(default_factory=list)
    read_with: list[tuple[str, str, str]] = field(default_factory=list)

    def find(self) -> tuple[FoundDevice, ...]:
        return self.devices

    def read(self, address: str, username: str, password: str, language: str) -> DeviceAnswer:
        self.read_with.append((address, username, password))
        return self.answers.pop(0) if self.answers else DeviceAnswer(False, "not_onvif", "the device does not answer", "Type it.")


GOOD_DEVICE = DeviceFacts(
    ok=True, maker="Maker", model="M1", firmware="V1.2", serial="S-1001", clock=datetime(2026, 11, 24, 7, 5, tzinfo=UTC),
    clock_offset_s=0.4, ntp=True, ntp_servers=("10.0.0.2",), users=(DeviceUser("viewer", "Administrator"),),
    streams=(
        DeviceStream("enc1", "p1", "main", "h264", 1920, 1080, 25, 50, 4096, "rtsp://10.0.0.5:554/main"),
        DeviceStream("enc2", "p2", "sub", "h264", 640, 360, 15, 30, 512, "rtsp://10.0.0.5:554/sub"),
    ),
)  # fmt: skip


@dataclass
class FakeDevices:
    """Stands where bridge's DeviceControl stands: says `now`, and takes what it is told unless `answers` has more."""

    now: DeviceFacts = GOOD_DEVICE
    answers: list[DeviceChange] = field(default_factory=list)
    told: list[tuple[str, DeviceAccess, object]] = field(default_factory=list)
    """What was wished, of whom, and the wish."""
    moved: MotionRead = field(default_factory=lambda: MotionRead(True))

    def _change(self, name: str, at: DeviceAccess, wish: object = None, token: str = "") -> DeviceChange:
        self.told.append((name, at, wish))
        return self.answers.pop(0) if self.answers else DeviceChange(True, token=token)

    def facts(self, at: DeviceAccess) -> DeviceFacts:
        self.told.append(("facts", at, None))
        return self.now

    def set_clock_and_ntp(self, at: DeviceAccess, wish: ClockWish) -> DeviceChange:
        return self._change("clock", at, wish)

    def set_password(self, at: DeviceAccess, new: str) -> DeviceChange:
        return self._change("password", at, new)

    def set_stream(self, at: DeviceAccess, wish: StreamWish) -> DeviceChange:
        return self._change("stream", at, wish)

    def reboot(self, at: DeviceAccess) -> DeviceChange:
        return self._change("reboot", at)

    def ptz_move(self, at: DeviceAccess, move: PtzMove) -> DeviceChange:
        return self._change("move", at, move)

    def ptz_stop(self, at: DeviceAccess) -> DeviceChange:
        return self._change("stop", at)

    def ptz_keep_preset(self, at: DeviceAccess, name: str) -> DeviceChange:
        return self._change("keep", at, name, token=f"t{len(self.told)}")

    def ptz_go(self, at: DeviceAccess, token: str) -> DeviceChange:
        return self._change("go", at, token)

    def ptz_forget_preset(self, at: DeviceAccess, token: str) -> DeviceChange:
        return self._change("forget", at, token)

    def motion(self, at: DeviceAccess, for_s: float) -> MotionRead:
        self.told.append(("motion", at, for_s))
        return self.moved
