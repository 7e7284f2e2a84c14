"""The archive as others use it: open it, write streams into it, ask it, hold, retain, close.

One object a process and folder. The event loop calls `writer(...)`'s methods and `flush_tick`; queries may come from any
thread; everything that changes the disk happens in the writer's own thread.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterable, Mapping

from luytre.base.clock import Clock
from luytre.base.errors import ArchiveError, GapReason
from luytre.base.i18n import N_
from luytre.media.archive.disk import Disk, RealDisk
from luytre.media.archive.faults import FAULTS, kind_of
from luytre.media.archive.holds import HoldBook
from luytre.media.archive.lane import Lane
from luytre.media.archive.queries import Queries
from luytre.media.archive.sink import StreamWriter
from luytre.media.archive.values import (
    AlarmCallback,
    ArchiveSettings,
    ArchiveState,
    Erased,
    Gap,
    Hold,
    Segment,
    StreamFacts,
    Timeline,
    Usage,
)
from luytre.media.archive.writer import Writer


class Archive:
    """See the module. Made by `Archive.open`."""

    def __init__(self, root: str, clock: Clock, disk: Disk, settings: ArchiveSettings, on_alarm: AlarmCallback | None) -> None:
        self.root, self.settings = root, settings
        self._clock, self._disk = clock, disk
        self._holds = HoldBook(root, disk)
        self.writer_thread = Writer(root, clock=clock, disk=disk, settings=settings, holds=self._holds, on_alarm=on_alarm)
        self._queries = Queries(root, clock, disk, self._live_holes)
        self._writers: dict[tuple[str, str], StreamWriter] = {}
        self._lock = threading.Lock()
        self._is_closed = False

    @classmethod
    def open(
        cls,
        root: str | os.PathLike[str],
        *,
        clock: Clock,
        disk: Disk | None = None,
        expected_id: str | None = None,
        create: bool = True,
        settings: ArchiveSettings | None = None,
        on_alarm: AlarmCallback | None = None,
        patient: bool = False,
        threaded: bool = True,
    ) -> Archive:
        """Opens (or makes) the archive in a folder, brings index and files together, and starts the writer's thread.

        `expected_id`: only this archive will do. `patient`: where it cannot be opened now (disk not there, read-only), the
        archive starts in that state and opens as soon as it can; else that is an ArchiveError. A folder that another
        process writes into is an ArchiveError in any case. `threaded=False`: the caller drives `run_pending` (tests).
        """
        path = os.path.abspath(root)
        archive = cls(path, clock, disk or RealDisk(), settings or ArchiveSettings(), None)
        writer = archive.writer_thread
        writer.expected_id = expected_id
        try:
            writer.open_volume(create=create, reason=GapReason.RECORDER_CRASHED)
        except FAULTS as error:
            if not patient or expected_id is None:
                raise _cannot_open(error, path) from error
            writer.start_without(kind_of(error, path), str(error))
        writer.on_alarm = on_alarm
        if threaded:
            writer.start()
        return archive

    @property
    def id(self) -> str:
        """The archive's identity: kept by the recorder, to know its disk again."""
        return self.writer_thread.expected_id or ""

    @property
    def state(self) -> ArchiveState:
        return self.writer_thread.state

    def close(self) -> None:
        """Ends all runs, publishes everything, lets the disk go. Blocks until that is done; a second call does nothing."""
        if not self._is_closed:
            self._is_closed = True
            self.writer_thread.stop()
            self._queries.close()

    # Writing: called on the event loop.

    def writer(self, camera: str, stream: str = "main") -> StreamWriter:
        """The sink of a stream; always the same one for the same stream."""
        key = (camera, stream)
        with self._lock:
            if key not in self._writers:
                lane = Lane(camera, stream)
                self.writer_thread.add_lane(lane)
                self._writers[key] = StreamWriter(self.writer_thread, lane, self.settings.queue_max_bytes)
            return self._writers[key]

    def flush_tick(self) -> None:
        """At the end of a tick: wakes the writer if much is waiting; else it comes by itself within `write_every_s`."""
        self.writer_thread.wake_if_much()

    def run_pending(self) -> None:
        """One pass of the writer in the calling thread; only where `threaded` is false."""
        self.writer_thread.run_once()

    def note_gap_reason(self, camera: str, stream: str, reason: GapReason) -> None:
        """More is known about why nothing is being recorded now."""
        self.writer(camera, stream).note_gap_reason(reason)

    # Retention and holds.

    def set_policy(self, camera: str, stream: str, keep_days: float | None, keep_bytes: int | None) -> None:
        """How long and how much of a stream is kept; None: no such bound. In force within seconds, kept in the index."""
        self.writer(camera, stream).set_policy(keep_days, keep_bytes)

    def set_free_floor(self, free_floor_bytes: int | None) -> None:
        """The free space that is kept, from the next second on; None: as the settings say."""
        self.writer_thread.free_floor_bytes = free_floor_bytes

    def add_hold(self, hold_id: str, camera: str, from_utc_90k: int, to_utc_90k: int, reason: str) -> None:
        """From the return of this call on nothing in [from, to) of the camera's streams is deleted. UsageError if it is empty."""
        self._holds.add(Hold(hold_id, camera, from_utc_90k, to_utc_90k, reason))

    def remove_hold(self, hold_id: str) -> None:
        self._holds.remove(hold_id)

    def sync_holds(self, holds: Iterable[Hold]) -> None:
        """These holds and no others from now on."""
        self._holds.sync(holds)

    def holds(self) -> tuple[Hold, ...]:
        return self._holds.all()

    # Questions: any thread.

    def _live_holes(self) -> Mapping[tuple[str, str], tuple[Gap, ...]]:
        return {(lane.camera, lane.stream): lane.hole for lane in self.writer_thread.lanes() if lane.hole}

    def timeline(self, camera: str, stream: str, from_utc_90k: int, to_utc_90k: int) -> Timeline:
        return self._queries.timeline(camera, stream, from_utc_90k, to_utc_90k)

    def timelines(self, from_utc_90k: int, to_utc_90k: int, stream: str | None = None) -> tuple[Timeline, ...]:
        return self._queries.timelines(from_utc_90k, to_utc_90k, stream)

    def segments(self, camera: str, stream: str, from_utc_90k: int, to_utc_90k: int) -> tuple[Segment, ...]:
        return self._queries.segments(camera, stream, from_utc_90k, to_utc_90k)

    def segment(self, segment_id: int) -> Segment:
        return self._queries.segment(segment_id)

    def find(self, camera: str, stream: str, at_utc_90k: int) -> Segment | None:
        return self._queries.find(camera, stream, at_utc_90k)

    def streams(self) -> tuple[StreamFacts, ...]:
        return self._queries.streams()

    def usage(self) -> Usage:
        floor = self.writer_thread.floor_bytes()
        return self._queries.usage(floor)

    def bitrate_bps(self) -> float:
        return self._queries.bitrate_bps()

    def erased(self, camera: str | None = None) -> tuple[Erased, ...]:
        return self._queries.erased(camera)

    @property
    def queries(self) -> Queries:
        """The same questions as an object for those that only read (playback)."""
        return self._queries


def _cannot_open(error: Exception, path: str) -> ArchiveError:
    if isinstance(error, ArchiveError):
        return error
    if isinstance(error, sqlite3.Error):
        return ArchiveError(
            N_("its index cannot be opened"), operation=N_("Opening the archive"), subject=path,
            hint=N_("Run `luytre archive check` to see what is wrong; `luytre archive rebuild` makes the index again."),
        )  # fmt: skip
    return ArchiveError(
        f"{error.strerror if isinstance(error, OSError) else error}", operation=N_("Opening the archive"), subject=path,
        hint=N_("Check that the folder can be written and that its disk is whole."),
    )  # fmt: skip
