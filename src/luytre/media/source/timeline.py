"""RTP timestamps into the session's own line: unwrapped, jumps bridged, a wrong rate set right (`pace`), decode times in
strict order.

Sources: RFC 3550 §5.1 (32 bits that wrap), H.264/H.265 Annex C (decoding before presentation). Pure; the caller says when
packets arrived.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush

from luytre.media.source.pace import Pace

JUMP_BACK_90K = 2 * 90_000
"""A step back beyond this is a camera that set its clock, and so is one beyond `MAX_REORDER` frames (at least 0.64 s)."""
JUMP_AHEAD_90K = 90_000
"""So is a step forward beyond this that leads further than any frame before it, against our clock: no frame comes early."""
NOMINAL_90K = 3600
MAX_REORDER = 16


class Reorder:
    """Decode times for frames that come in decode order with presentation times only.

    With depth n the i-th decode time is the i-th smallest presentation time, n frames earlier. The depth may be told (SPS)
    and grows when a frame shows that it was too small; decode times rise strictly all the same.
    """

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self._heap: list[int] = []
        self._recent: list[int] = []
        self._last: int | None = None

    def dts(self, pts: int, frame_90k: int) -> int:
        last = self._last
        if self.depth == 0 and (last is None or pts > last):
            self._recent.append(pts)
            if len(self._recent) > MAX_REORDER:
                del self._recent[0]
            self._last = pts
            return pts
        if last is None:  # decode starts depth frames before the first presentation
            self._heap = [pts - frame_90k * (self.depth - i) for i in range(self.depth)]
            heapify(self._heap)
        elif self.depth < MAX_REORDER:
            later = sum(seen > pts for seen in self._recent)
            self.depth = max(self.depth, min(later, MAX_REORDER))
        heappush(self._heap, pts)
        self._recent.append(pts)
        if len(self._recent) > MAX_REORDER:
            del self._recent[0]
        due = heappop(self._heap) if len(self._heap) > self.depth else (last or 0) + 1
        self._last = due if last is None else max(due, last + 1)
        return self._last


class RtpLine:
    """One track's line. `pts(ts, now)`: presentation time of RTP timestamp `ts` that arrived at monotonic `now` seconds."""

    def __init__(self, clock_hz: int = 90_000, frame_90k: int = NOMINAL_90K) -> None:
        self.clock_hz = clock_hz
        self.frame_90k = frame_90k
        self.jumps = 0
        self._last_ts: int | None = None
        self._last_pts = 0
        self._high = 0
        self._high_at_s = 0.0
        self._least_delay = 0
        """The smallest seen of our clock minus the line."""
        self._pace = Pace()

    @property
    def era(self) -> tuple[int, float]:
        """Changes where the line leaps or runs at another rate: times before are not to be compared with times after."""
        return self.jumps, self._pace.scale

    def _scaled(self, ticks: int) -> int:
        return ticks if self.clock_hz == 90_000 else ticks * 90_000 // self.clock_hz

    def pts(self, ts: int, now_s: float) -> int:
        if self._last_ts is None:
            self._last_ts, self._high_at_s, self._least_delay = ts, now_s, int(now_s * 90_000)
            return 0
        step = self._pace.stretch(self._scaled(((ts - self._last_ts + 0x80000000) & 0xFFFFFFFF) - 0x80000000))
        self._last_ts = ts
        passed = int((now_s - self._high_at_s) * 90_000)
        ahead = self._last_pts + step - self._high
        now_90k = int(now_s * 90_000)
        too_early = ahead > JUMP_AHEAD_90K and now_90k - self._last_pts - step < self._least_delay - JUMP_AHEAD_90K
        back = min(JUMP_BACK_90K, MAX_REORDER * max(self.frame_90k, NOMINAL_90K))
        if step == 0 or ahead < -back or too_early:
            # the camera set its clock, or its clock stands: go on by what our clock saw, or by one frame
            self.jumps += step != 0
            pts = self._high + (passed if passed > 10 * self.frame_90k else self.frame_90k)
            self._pace.restart()
        else:
            pts = self._last_pts + step
            self._pace.note(pts, now_s)
            if 0 < step < 90_000:
                self.frame_90k = step
        self._last_pts = pts
        self._least_delay = min(self._least_delay, now_90k - pts)
        if pts > self._high:
            self._high, self._high_at_s = pts, now_s
        return pts

    def near(self, ts: int) -> int | None:
        """The line's time of a timestamp (of a sender report) near the last one; None before the first packet."""
        if self._last_ts is None:
            return None
        step = self._scaled(((ts - self._last_ts + 0x80000000) & 0xFFFFFFFF) - 0x80000000)
        return self._last_pts + round(step * self._pace.scale)
