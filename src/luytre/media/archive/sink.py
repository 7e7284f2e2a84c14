"""The event loop's end of the archive: a `unit.FragmentSink` that only appends to the writer's inbox."""

from __future__ import annotations

from luytre.base.errors import GapReason
from luytre.media.archive.lane import Lane
from luytre.media.archive.messages import Begin, End, Note, Policy, Skip
from luytre.media.archive.writer import Writer
from luytre.media.unit import Fragment, InitSegment


class StreamWriter:
    """A `unit.FragmentSink` into the archive: called on the event loop, appends to the writer's inbox, never blocks."""

    def __init__(self, writer: Writer, lane: Lane, queue_max_bytes: int) -> None:
        self._writer, self._lane, self._max = writer, lane, queue_max_bytes
        self._inbox = writer.inbox
        self._is_skipping = False
        self.dropped_fragments = 0
        self.dropped_samples = 0
        self.dropped_bytes = 0

    def begin_run(self, init: InitSegment, start_utc_90k: int, gap_reason: GapReason) -> None:
        self._inbox.append((self._lane, Begin(init, start_utc_90k, gap_reason)))

    def append(self, fragment: Fragment) -> None:
        writer = self._writer
        if (self._is_skipping or writer.bytes_in - writer.bytes_out > self._max) and self._must_skip(fragment):
            return
        writer.bytes_in += len(fragment.data)
        self._inbox.append((self._lane, fragment))

    def _must_skip(self, fragment: Fragment) -> bool:
        """Once one fragment is dropped, so are all up to a GOP's start for which there is room again."""
        if not self._is_skipping:
            self._is_skipping = True
            self._inbox.append((self._lane, Skip()))
        elif fragment.starts_gop and self._writer.queued_bytes <= self._max // 2:
            self._is_skipping = False
            return False
        self.dropped_fragments += 1
        self.dropped_samples += fragment.sample_count
        self.dropped_bytes += len(fragment.data)
        return True

    def end_run(self, reason: GapReason) -> None:
        self._inbox.append((self._lane, End(reason)))

    def note_gap_reason(self, reason: GapReason) -> None:
        self._inbox.append((self._lane, Note(reason, self._writer.clock.utc_90k())))

    def set_policy(self, keep_days: float | None, keep_bytes: int | None) -> None:
        self._inbox.append((self._lane, Policy(keep_days, keep_bytes)))
