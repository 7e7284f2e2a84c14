"""The hub of one stream: what the fragmenter makes goes to the archive first, then to the viewers."""

from __future__ import annotations

from collections.abc import Callable

from luytre.base.errors import GapReason
from luytre.media.live.viewer import Viewer
from luytre.media.unit import Fragment, FragmentSink, InitSegment

GOP_BYTES = 6 << 20
"""The newest GOP is kept up to this size for those who join; beyond it they wait for the next."""


class Hub:
    """A `FragmentSink`. `on_watched` is called when the first viewer comes and when the last goes."""

    def __init__(self, sinks: list[FragmentSink], *, keep_gop: bool = True, gop_bytes: int = GOP_BYTES) -> None:
        self._sinks = list(sinks)
        self._viewers: list[Viewer] = []
        self._init: InitSegment | None = None
        self._gop: list[Fragment] = []
        self._gop_size = 0
        self._keep_gop, self._gop_limit = keep_gop, gop_bytes
        self.on_watched: Callable[[bool], None] = lambda watched: None
        self.lost_frames_gone = 0
        """Frames lost by viewers that have left."""

    @property
    def init(self) -> InitSegment | None:
        return self._init

    @property
    def viewers(self) -> int:
        return len(self._viewers)

    @property
    def viewer_frames_lost(self) -> int:
        return self.lost_frames_gone + sum(viewer.lost_frames for viewer in self._viewers)

    def begin_run(self, init: InitSegment, start_utc_90k: int, gap_reason: GapReason) -> None:
        self._init = init
        self._forget()
        for sink in self._sinks:
            sink.begin_run(init, start_utc_90k, gap_reason)
        for viewer in self._viewers:
            viewer.begin(init)

    def append(self, fragment: Fragment) -> None:
        for sink in self._sinks:
            sink.append(fragment)
        if self._keep_gop:
            self._remember(fragment)
        for viewer in self._viewers:
            viewer.push(fragment)

    def end_run(self, reason: GapReason) -> None:
        self._forget()
        for sink in self._sinks:
            sink.end_run(reason)

    def _remember(self, fragment: Fragment) -> None:
        if fragment.starts_gop:
            self._forget()
        elif not self._gop:
            return
        self._gop.append(fragment)
        self._gop_size += len(fragment.data)
        if self._gop_size > self._gop_limit:
            self._forget()

    def _forget(self) -> None:
        self._gop = []
        self._gop_size = 0

    def join(self, viewer: Viewer) -> None:
        """A new viewer gets the init segment and the newest GOP at once."""
        if self._init is not None:
            viewer.begin(self._init)
            for fragment in self._gop:
                viewer.push(fragment)
        self._viewers.append(viewer)
        if len(self._viewers) == 1:
            self.on_watched(True)

    def leave(self, viewer: Viewer) -> None:
        if viewer not in self._viewers:
            return
        self._viewers.remove(viewer)
        self.lost_frames_gone += viewer.lost_frames
        viewer.close()
        if not self._viewers:
            self.on_watched(False)

    def detach(self) -> list[Viewer]:
        """Gives up all viewers without closing them: another hub takes them over."""
        viewers, self._viewers = self._viewers, []
        return viewers

    def newest_gop(self) -> tuple[InitSegment, tuple[Fragment, ...]] | None:
        """For a snapshot: the newest GOP as far as it has come; None while there is none."""
        return (self._init, tuple(self._gop)) if self._init is not None and self._gop else None
