"""The one thread that touches the disk: takes what the event loop left in the inbox, writes, syncs, publishes, deletes.

The loop's side (`sink`) only appends to a deque. A pass of the thread: drain the inbox into the lanes; write what
came; once a second sync every file that grew, then publish in one transaction, then look after space. Any error of the
disk or the index closes the volume as a whole; from then on the thread tries to open it again every few seconds, the
same way as at start.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import threading
from collections import deque
from collections.abc import Sequence

from luytre.base.clock import TICKS_PER_S, Clock
from luytre.base.errors import GapReason
from luytre.base.ids import new_id
from luytre.media.archive import index
from luytre.media.archive.disk import Disk
from luytre.media.archive.faults import FAULTS, kind_of
from luytre.media.archive.gops import GopTable
from luytre.media.archive.holds import HoldBook
from luytre.media.archive.lane import Lane, OpenSegment, counted
from luytre.media.archive.layout import Seal, SegmentHeader, encode_header, encode_seal
from luytre.media.archive.messages import Begin, End, Message, Note, Policy, Skip
from luytre.media.archive.paths import RESERVE, segment_path
from luytre.media.archive.retention import Retention
from luytre.media.archive.schema import transaction
from luytre.media.archive.values import (
    STATE_GAPS,
    AlarmCallback,
    ArchiveSettings,
    ArchiveState,
    Gap,
    StateKind,
    floor_bytes,
    reserve_bytes,
)
from luytre.media.archive.volume import Volume
from luytre.media.unit import Fragment, InitSegment

log = logging.getLogger(__name__)
_RESERVE_SHARE = 200
"""Room is reserved for a segment only where there is room for so many."""


class Writer:
    """See the module. `run_once` is a pass; `start` runs passes in a thread until `stop`."""

    def __init__(
        self, root: str, *, clock: Clock, disk: Disk, settings: ArchiveSettings, holds: HoldBook, on_alarm: AlarmCallback | None
    ) -> None:
        self._root, self.clock, self._disk, self._settings = root, clock, disk, settings
        self._holds, self.on_alarm = holds, on_alarm
        self.inbox: deque[tuple[Lane, Message]] = deque()
        self.bytes_in = 0
        """Counts up on the loop's side only."""
        self.bytes_out = 0
        """Counts up on the thread's side only; the difference waits in the inbox."""
        self.bytes_written = 0
        self.faults = 0
        self.deleted = 0
        self.state = ArchiveState(StateKind.MISSING, clock.utc_90k())
        self.expected_id: str | None = None
        self.free_floor_bytes: int | None = None
        """Set while running; None: as the settings say."""
        self._volume: Volume | None = None
        self._retention: Retention | None = None
        self._lanes: list[Lane] = []
        self._dirty: list[OpenSegment] = []
        self._sealed: list[OpenSegment] = []
        self._segment_90k = round(settings.segment_s * TICKS_PER_S)
        self._next_second_mono_s = clock.mono_s() + settings.sync_every_s
        self._has_reserve = False
        self._spare_bytes = 0
        """Free space above the floor, as of the last look."""
        self._burst_bytes = settings.queue_max_bytes // 4
        self._next_probe_mono_s = 0.0
        self._wakes: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._is_woken = False
        self._thread: threading.Thread | None = None

    # What the loop's side calls.

    def wake_if_much(self) -> None:
        """What waits is written within `write_every_s` anyway; a burst is taken at once."""
        if self.bytes_in - self.bytes_out > self._burst_bytes and not self._is_woken:
            self._is_woken = True
            self._wakes.put(True)

    @property
    def queued_bytes(self) -> int:
        return self.bytes_in - self.bytes_out

    def start(self) -> None:
        self._thread = threading.Thread(target=self._loop, name="archive-writer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread after it has written, sealed and published everything; then closes the volume."""
        if self._thread is not None:
            self._wakes.put(False)
            self._thread.join()
            self._thread = None
        self.finish()

    # The thread.

    def _loop(self) -> None:
        goes_on = True
        while goes_on:
            wait_s = max(0.0, min(self._next_second_mono_s - self.clock.mono_s(), self._settings.write_every_s))
            with contextlib.suppress(queue.Empty):
                goes_on = self._wakes.get(timeout=wait_s)
            self._is_woken = False
            try:
                self.run_once()
            except Exception as error:  # the thread's edge: logged, counted, and recording is tried again
                log.exception("archive writer: unforeseen")
                self._fault(error)

    def run_once(self) -> None:
        """One pass. Never raises an error of the disk: it becomes the state."""
        try:
            self._drain()
            if self.clock.mono_s() >= self._next_second_mono_s:
                self._next_second_mono_s = self.clock.mono_s() + self._settings.sync_every_s
                self._second()
        except FAULTS as error:
            self._fault(error)

    def finish(self) -> None:
        """Seals and publishes everything and lets the volume go."""
        try:
            self._drain()
            now = self.clock.utc_90k()
            for lane in self._lanes:
                lane.init = None
                if lane.segment is not None:
                    self._end_run(lane, GapReason.RECORDER_STOPPED)
                elif self._volume is not None:
                    self._load(lane)
                    lane.block_hole(now, GapReason.RECORDER_STOPPED)
            self._publish()
        except FAULTS as error:
            self._fault(error)
        self._drop_volume()

    def open_volume(self, *, create: bool, reason: GapReason) -> None:
        """Opens the archive and lets recording begin. On a full disk what was set aside is given up for it.

        One of FAULTS where that is not possible.
        """
        try:
            volume = self._open(create, reason)
        except FAULTS as error:
            reserve = os.path.join(self._root, RESERVE)
            if kind_of(error, self._root) is not StateKind.FULL or not os.path.exists(reserve):
                raise
            self._has_reserve = False
            self._disk.unlink(reserve)
            volume = self._open(create, reason)
        self.attach(volume, self.state.kind if self._lacks_room() else StateKind.OK)

    def _open(self, create: bool, reason: GapReason) -> Volume:
        return Volume.open(
            self._root, clock=self.clock, disk=self._disk, expected_id=self.expected_id, create=create, reason=reason
        )

    def attach(self, volume: Volume, kind: StateKind = StateKind.OK) -> None:
        """Recording may begin (again), if `kind` is OK; else there is no room yet."""
        self._volume = volume
        self.expected_id = volume.identity.id
        self._holds.load()
        self._retention = Retention(
            self._root, self._disk, volume.db, self._holds, self.clock, deletes_per_s=self._settings.deletes_per_s,
            clock_trust_s=self._settings.clock_trust_s, last_publish_utc_90k=volume.last_publish_utc_90k,
        )  # fmt: skip
        self._set_state(kind)

    def start_without(self, kind: StateKind, detail: str) -> None:
        """The archive is not there yet: it is looked for from now on."""
        self.state = ArchiveState(kind, self.clock.utc_90k(), detail)

    def add_lane(self, lane: Lane) -> None:
        self._lanes = [*self._lanes, lane]

    def lanes(self) -> Sequence[Lane]:
        return self._lanes

    # Taking in.

    def _drain(self) -> None:
        inbox = self.inbox
        while inbox:
            lane, message = inbox.popleft()
            if type(message) is Fragment:
                self.bytes_out += len(message.data)
                self._take(lane, message)
            else:
                self._turn(lane, message)
        if self._volume is not None:
            for segment in self._dirty:
                self._flush(segment)

    def _turn(self, lane: Lane, message: Message) -> None:
        if isinstance(message, Begin):
            if lane.segment is not None:
                self._end_run(lane, message.reason)
            lane.init, lane.begin_reason = message.init, message.reason
            if self.state.kind is not StateKind.OK:
                lane.block_hole(message.start_utc_90k, STATE_GAPS[self.state.kind])
        elif isinstance(message, End):
            lane.init = None
            if lane.segment is not None:
                self._end_run(lane, message.reason)
            elif self.state.kind is StateKind.OK:
                lane.refine_hole(self.clock.utc_90k(), message.reason)
        elif isinstance(message, Skip):
            if lane.segment is not None:
                self._end_run(lane, GapReason.RECORDER_BEHIND)
        elif isinstance(message, Note):
            if lane.segment is None and self.state.kind is StateKind.OK:
                self._load(lane)
                lane.refine_hole(message.at_utc_90k, message.reason)
        elif isinstance(message, Policy):
            lane.policy, lane.policy_is_new = (message.keep_days, message.keep_bytes), True

    def _take(self, lane: Lane, fragment: Fragment) -> None:
        segment = lane.segment
        if segment is None:
            if not fragment.starts_gop or lane.init is None or self.state.kind is not StateKind.OK:
                return
            segment = self._begin_run(lane, lane.init, fragment)
        elif fragment.starts_gop:
            if (
                fragment.dts_90k - segment.start_dts_90k >= self._segment_90k
                or segment.size_bytes >= self._settings.segment_max_bytes
            ):
                segment = self._rotate(lane, segment, fragment)
            segment.table.append(segment.size_bytes, fragment.dts_90k, fragment.start_utc_90k)
        data = fragment.data
        segment.buffers.append(data)
        segment.digest.update(data)
        segment.size_bytes += len(data)
        segment.samples += fragment.sample_count
        segment.end_dts_90k = fragment.dts_90k + fragment.duration_90k
        segment.end_utc_90k = fragment.start_utc_90k + fragment.duration_90k
        if not segment.is_dirty:
            segment.is_dirty = True
            self._dirty.append(segment)

    # Runs and segments.

    def _load(self, lane: Lane) -> None:
        """The lane's rows: its stream and the hole since its last run."""
        if lane.is_loaded or self._volume is None:
            return
        db = self._volume.db
        lane.stream_id = index.stream_row(db, lane.camera, lane.stream)
        lane.hole = index.open_hole(db, lane.stream_id)
        end = index.newest_end(db, lane.stream_id)
        lane.published_end_utc_90k = end
        lane.is_loaded = True
        if end is not None and not lane.hole:
            lane.open_hole(end, GapReason.UNKNOWN)

    def _begin_run(self, lane: Lane, init: InitSegment, fragment: Fragment) -> OpenSegment:
        self._load(lane)
        video = init.format.video
        lane.run = index.RunState(
            lane.stream_id or 0, new_id(), fragment.start_utc_90k, fragment.start_utc_90k, video.codec, video.width_px,
            video.height_px, init.mime,
        )  # fmt: skip
        gaps = lane.close_hole(fragment.start_utc_90k)
        lane.begin_reason = GapReason.UNKNOWN
        segment = self._create(lane, lane.run, init, 0, fragment, gaps)
        segment.table.append(segment.size_bytes, fragment.dts_90k, fragment.start_utc_90k)
        return segment

    def _rotate(self, lane: Lane, segment: OpenSegment, fragment: Fragment) -> OpenSegment:
        """The next file of the run. Only now is known for how long the last picture of the one before was shown."""
        segment.end_dts_90k = max(fragment.dts_90k, segment.start_dts_90k)
        segment.end_utc_90k = max(fragment.start_utc_90k, segment.start_utc_90k)
        self._seal(segment, None)
        assert lane.init is not None, "a run that goes on has its init segment"
        lane.usual_bytes = segment.size_bytes
        return self._create(lane, segment.run, lane.init, segment.seq + 1, fragment, ())

    def _create(
        self, lane: Lane, run: index.RunState, init: InitSegment, seq: int, fragment: Fragment, gaps: Sequence[Gap]
    ) -> OpenSegment:
        header = encode_header(
            SegmentHeader(
                self.expected_id or "", lane.camera, lane.stream, run.key, seq, fragment.start_utc_90k, fragment.dts_90k,
                run.codec, run.width_px, run.height_px, run.mime, tuple(gaps),
            )
        )  # fmt: skip
        path = os.path.join(self._root, segment_path(lane.camera, lane.stream, fragment.start_utc_90k, run.key, seq))
        head = init.data + header
        segment = OpenSegment(
            run, seq, fragment.start_utc_90k, fragment.start_utc_90k, fragment.dts_90k, fragment.dts_90k, len(init.data),
            len(head), len(head), GopTable(fragment.dts_90k, fragment.start_utc_90k), folder=os.path.dirname(path),
        )  # fmt: skip
        self._disk.make_folders(segment.folder)
        segment.fd = self._disk.create(path)
        if seq and self._spare_bytes > _RESERVE_SHARE * lane.usual_bytes:
            self._disk.reserve(segment.fd, lane.usual_bytes)
        segment.buffers.append(head)
        segment.digest.update(head)
        segment.is_dirty = True
        self._dirty.append(segment)
        lane.segment = segment
        return segment

    def _end_run(self, lane: Lane, reason: GapReason) -> None:
        segment = lane.segment
        assert segment is not None, "only a run that is open ends"
        segment.run.is_closed = True
        self._seal(segment, reason)
        lane.segment, lane.run = None, None
        lane.open_hole(segment.end_utc_90k, reason)

    def _flush(self, segment: OpenSegment) -> None:
        if segment.buffers:
            self._disk.write(segment.fd, segment.buffers)
            segment.buffers.clear()

    def _seal(self, segment: OpenSegment, end_reason: GapReason | None) -> None:
        digest: bytes = segment.digest.digest()
        segment.sha256 = digest
        segment.buffers.append(
            encode_seal(
                Seal(
                    digest, segment.size_bytes, segment.samples, segment.end_utc_90k, segment.end_dts_90k,
                    bytes(segment.table.blob), end_reason,
                )
            )
        )  # fmt: skip
        self._flush(segment)
        if segment.seq:
            self._disk.truncate(segment.fd, os.fstat(segment.fd).st_size)
        if not segment.is_dirty:
            segment.is_dirty = True
            self._dirty.append(segment)
        self._sealed.append(segment)

    # Once a second.

    def _second(self) -> None:
        if self._volume is None:
            self._probe()
            return
        self._volume.check_there()
        self._publish()
        self._look_after_space()

    def _publish(self) -> None:
        """Syncs every file that grew, then lets the index say so."""
        volume, dirty = self._volume, self._dirty
        changed = [lane for lane in self._lanes if lane.gaps_from_utc_90k is not None or lane.policy_is_new]
        if volume is None or not (dirty or changed):
            return
        self._sync(dirty)
        self._disk.mark("before publish")
        with transaction(volume.db):
            for segment in dirty:
                counted(segment)
                index.put_run(volume.db, segment.run)
                index.put_segment(volume.db, segment)
            for lane in changed:
                self._publish_lane(volume, lane)
            index.set_meta(volume.db, "last_publish_utc_90k", str(self.clock.utc_90k()))
        self._disk.mark("after publish")
        self._published(changed)

    def _sync(self, dirty: Sequence[OpenSegment]) -> None:
        for segment in dirty:
            self._flush(segment)
            self._disk.start_sync(segment.fd)
        folders: set[str] = set()
        for segment in dirty:
            self._disk.sync(segment.fd)
            if segment.is_new:
                folders.add(segment.folder)
        for folder in folders:
            self._disk.sync_folder(folder)

    def _publish_lane(self, volume: Volume, lane: Lane) -> None:
        self._load(lane)
        assert lane.stream_id is not None, "a loaded lane knows its stream"
        if lane.gaps_from_utc_90k is not None:
            index.replace_gaps(volume.db, lane.stream_id, lane.gaps_from_utc_90k, lane.gaps_to_publish())
        if lane.policy_is_new and lane.policy is not None:
            volume.db.execute("UPDATE stream SET keep_days = ?, keep_bytes = ? WHERE id = ?", (*lane.policy, lane.stream_id))

    def _published(self, changed: Sequence[Lane]) -> None:
        for lane in changed:
            lane.gaps_published()
            lane.policy_is_new = False
        for segment in self._dirty:
            segment.is_dirty = segment.is_new = False
        for lane in self._lanes:
            if lane.segment is not None:
                lane.published_end_utc_90k = lane.segment.end_utc_90k
        self._dirty = []
        for segment in self._sealed:
            self._disk.close(segment.fd)
        self._sealed = []

    # Space.

    def _look_after_space(self) -> None:
        assert self._retention is not None, "a volume comes with its retention"
        self._holds.save()
        self.deleted += self._retention.by_rule()
        floor, free = self.floor_bytes(), self._disk.free_bytes(self._root)
        self._spare_bytes = free - floor
        is_ok = self.state.kind is StateKind.OK
        target = floor if is_ok else self._resume_bytes(floor)
        if free >= target:
            self._set_aside()
            if not is_ok:
                self._set_state(StateKind.OK)
            return
        deleted = self._retention.for_floor(target - free)
        self.deleted += deleted
        if deleted:
            return
        self._pause(StateKind.HELD if self._retention.is_anything_held() else StateKind.FULL)

    def _lacks_room(self) -> bool:
        is_about_room = self.state.kind in (StateKind.FULL, StateKind.HELD)
        return is_about_room and self._disk.free_bytes(self._root) < self._resume_bytes(self.floor_bytes())

    def floor_bytes(self) -> int:
        """The free space that is kept on this disk."""
        asked = self._settings.free_floor_bytes if self.free_floor_bytes is None else self.free_floor_bytes
        return floor_bytes(asked, self._disk.total_bytes(self._root))

    def _resume_bytes(self, floor: int) -> int:
        return floor + min(self._settings.resume_margin_bytes, floor // 4)

    def _set_aside(self) -> None:
        """A file that can be given up when the disk is full to the brim: then the index can be written, and room be made."""
        if self._has_reserve:
            return
        path = os.path.join(self._root, RESERVE)
        self._disk.unlink(path)
        fd = self._disk.create(path)
        try:
            self._disk.write(fd, [bytes(reserve_bytes(self._disk.total_bytes(self._root)))])
            self._disk.sync(fd)
        finally:
            self._disk.close(fd)
        self._has_reserve = True

    def _pause(self, kind: StateKind) -> None:
        """No room that may be made: every run ends here, whole and published."""
        if self.state.kind is kind:
            return
        for lane in self._lanes:
            if lane.segment is not None:
                self._end_run(lane, STATE_GAPS[kind])
        self._publish()
        self._set_state(kind)

    # Faults.

    def _fault(self, error: Exception) -> None:
        kind = kind_of(error, self._root)
        self.faults += 1
        log.error("archive: %s, nothing is recorded (%s)", kind.value, error)
        self._close_files()
        for lane in self._lanes:
            lane.forget_volume(STATE_GAPS[kind])
        self._drop_volume()
        self._next_probe_mono_s = self.clock.mono_s() + self._settings.probe_every_s
        self._set_state(kind, str(error))

    def _drop_volume(self) -> None:
        self._close_files()
        if self._volume is not None:
            self._volume.close()
        self._volume, self._retention = None, None

    def _close_files(self) -> None:
        for fd in {segment.fd for segment in (*self._dirty, *self._sealed, *self._open_segments())}:
            with contextlib.suppress(OSError):
                self._disk.close(fd)
        self._dirty, self._sealed = [], []

    def _open_segments(self) -> list[OpenSegment]:
        return [lane.segment for lane in self._lanes if lane.segment is not None]

    def _probe(self) -> None:
        if self.clock.mono_s() < self._next_probe_mono_s:
            return
        self._next_probe_mono_s = self.clock.mono_s() + self._settings.probe_every_s
        reason = STATE_GAPS.get(self.state.kind, GapReason.UNKNOWN)
        try:
            self.open_volume(create=False, reason=reason)
        except FAULTS as error:
            kind = kind_of(error, self._root)
            if kind is not self.state.kind:
                log.error("archive: still not there: %s (%s)", kind.value, error)
                self._set_state(kind, str(error))

    def _set_state(self, kind: StateKind, detail: str = "") -> None:
        if kind is self.state.kind and kind is not StateKind.OK:
            return
        changed = kind is not self.state.kind
        self.state = ArchiveState(kind, self.clock.utc_90k(), detail)
        if changed and self.on_alarm is not None:
            self.on_alarm(self.state)
