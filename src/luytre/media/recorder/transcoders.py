"""Pictures that are coded again while somebody looks: H.265 for browsers that cannot show it, `LUYTRE_TRANSCODE_AT_ONCE` at
a time, and pictures that masks are burned into, `LUYTRE_MASKED_AT_ONCE` at a time.

One a camera and look (live, or looking back), whoever looks; a child process each, ended some seconds after the last viewer
left. Nothing is kept on disk; of the pieces of playback the newest are kept in memory, in bounds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

import structlog

from luytre.base.clock import TICKS_PER_S, Clock
from luytre.base.errors import ArchiveError, GapReason, LuytreError
from luytre.base.i18n import N_
from luytre.media.fragment import BoxError, parse_fragment_head, parse_init
from luytre.media.live import Hub, Viewer
from luytre.media.playback import CodedPiece
from luytre.media.recorder.child import ChildEnded
from luytre.media.recorder.coding_child import CodingChild
from luytre.media.recorder.fleet import Stream
from luytre.media.recorder.newest_first import Superseded
from luytre.media.recorder.thumbs import Kept
from luytre.media.transcode.messages import Kind, Order
from luytre.media.unit import Fragment
from luytre.media.unit.masks import Masks

log = structlog.get_logger(__name__)
AT_ONCE, MASKED_AT_ONCE = 2, 6
LINGER_S = 6.0
"""So long after the last viewer left, or the last piece was asked for, a child goes on: pages reload."""
LATE_90K = 2 * TICKS_PER_S
"""A GOP whose turn comes so long after it began is not begun."""
PIECE_S = 30.0
"""A piece that is not there by then will not come."""
PIECES_BYTES = 48 << 20
Look: TypeAlias = tuple[str, str, str]
"""Camera, stream, and what for: `live` or `past`, behind `masked ` where masks are burned in; a clip has a number behind."""


class TranscodeLimit(LuytreError):
    """As many pictures are being coded again as this recorder may at once (503)."""

    def __init__(self) -> None:
        super().__init__(
            N_("this browser cannot show H.265, and the recorder is already converting as many pictures as it may at once"),
            hint=N_("Close another H.265 picture, or use a browser that shows H.265 (Chrome or Edge on a newer machine)."),
        )


class MaskLimit(TranscodeLimit):
    """As many pictures have masks burned in as this recorder may at once (503)."""

    def __init__(self) -> None:
        LuytreError.__init__(
            self,
            N_("the recorder is already hiding homes in as many pictures as it may at once"),
            hint=N_("Single pictures are shown meanwhile. Watch fewer cameras at once, or wait until somebody is done."),
        )


class TranscodeFailed(LuytreError):
    """A child ended before it had answered (503)."""

    def __init__(self) -> None:
        super().__init__(N_("converting this picture broke off"), hint=N_("Recording goes on. Try again in a moment."))


def _fragment_of(data: bytes) -> Fragment:
    head = parse_fragment_head(data, 0, 0)
    return Fragment(data, head.dts_90k, head.duration_90k, head.sample_count, head.starts_gop, head.start_utc_90k)


class LiveTranscode:
    """A live stream coded again: a viewer of the real one, and a hub of its own for those who watch."""

    def __init__(self, source: Callable[[], Stream | None], clock: Clock, masks: Masks | None = None) -> None:
        self._source, self._clock, self.masks = source, clock, masks
        self.on_end: Callable[[bool], None] = lambda failed: None
        self._taken = Viewer()
        self.hub = Hub([])
        self.hub.on_watched = self._watched
        self.ended = False
        self._leaving: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self.child: CodingChild | None = None

    def join(self, viewer: Viewer) -> None:
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run(), name="transcode")
        self.hub.join(viewer)

    def _watched(self, watched: bool) -> None:
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None
        if not watched:
            self._leaving = asyncio.get_running_loop().call_later(LINGER_S, self.stop)

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def wait(self) -> None:
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        failed = False
        try:
            self.child = await CodingChild.start()
            stream = self._source()
            if stream is not None:
                stream.join(self._taken)
            async with asyncio.TaskGroup() as both:
                both.create_task(self._give(self.child))
                both.create_task(self._take(self.child))
        except* ChildEnded as error:
            failed = True
            log.error("transcode.ended", detail=str(error.exceptions[0]))
        finally:
            self.ended = True
            if self._leaving is not None:
                self._leaving.cancel()
            stream = self._source()
            if stream is not None:
                stream.hub.leave(self._taken)
            self._taken.close()
            self.on_end(failed)
            if self.child is not None:
                await self.child.close()

    async def _give(self, child: CodingChild) -> None:
        """What a child that is behind did not come to in time is left out by whole GOPs: live is what happens now."""
        is_first = is_late = False
        order = Order(self.masks.polygons if self.masks is not None else ())
        while (piece := await self._taken.take()) is not None:
            if piece.init is not None:
                is_first = True
                await child.begin(piece.init.data, order)
            elif (fragment := piece.fragment) is not None:
                if fragment.starts_gop:  # the first one may be old: who joins gets the newest there is
                    is_late = not is_first and self._clock.utc_90k() - fragment.start_utc_90k > LATE_90K
                    is_first = False
                if not is_late:
                    await child.feed(fragment.data)

    async def _take(self, child: CodingChild) -> None:
        while True:
            kind, payload = await child.heard()
            try:
                if kind is Kind.BEGIN:
                    self.hub.begin_run(parse_init(payload), 0, GapReason.UNKNOWN)
                elif kind is Kind.FRAGMENTS:
                    self.hub.append(_fragment_of(payload))
            except (BoxError, ValueError) as error:
                raise ChildEnded("it speaks nonsense") from error


class PastTranscode:
    """Pieces of one camera's footage, one after the other. The child is started with the first."""

    def __init__(self) -> None:
        self.on_end: Callable[[bool], None] = lambda failed: None
        self._turn = asyncio.Lock()
        self.child: CodingChild | None = None
        self._leaving: asyncio.TimerHandle | None = None
        self._asking = 0
        self._over = False

    async def make(self, piece: CodedPiece, still_wanted: Callable[[], bool]) -> tuple[bytes, bytes]:
        """(init segment, piece). Raises TranscodeFailed, Superseded, ArchiveError for what cannot be read or decoded."""
        self._asking += 1
        if self._leaving is not None:
            self._leaving.cancel()
        try:
            async with self._turn:
                if not still_wanted():
                    raise Superseded()
                source = await asyncio.to_thread(piece.read)
                async with asyncio.timeout(PIECE_S):
                    return await self._ask(source, piece)
        except (ChildEnded, TimeoutError) as error:
            log.error("transcode.ended", camera=piece.camera, detail=str(error))
            self._end(failed=True)
            raise TranscodeFailed() from error
        finally:
            self._asking -= 1
            if not self._asking:
                self._leaving = asyncio.get_running_loop().call_later(LINGER_S, self._end)

    async def _ask(self, source: tuple[bytes, bytes], piece: CodedPiece) -> tuple[bytes, bytes]:
        if self.child is None:
            self.child = await CodingChild.start()
        await self.child.begin(source[0], piece.order)
        await self.child.finish(source[1], piece.end_dts_90k)
        heard = {Kind.BEGIN: b"", Kind.FRAGMENTS: b""}
        while (answer := await self.child.heard())[0] is not Kind.FINISH:
            heard[answer[0]] = answer[1]
        is_cut = piece.order.from_90k is not None  # the edge of a clip may leave nothing of a piece
        if not heard[Kind.BEGIN] or (source[1] and not heard[Kind.FRAGMENTS] and not is_cut):
            hint = N_("The camera may have sent it damaged; try a moment later.")
            raise ArchiveError(N_("the picture does not decode"), operation=N_("Playback"), hint=hint)
        return heard[Kind.BEGIN], heard[Kind.FRAGMENTS]

    def hold(self) -> None:
        """It is not to end by itself between two pieces, however slowly they are taken; `leave` ends it."""
        self._asking += 1

    def leave(self) -> None:
        """A clip is done, or nobody takes it any longer."""
        self._end()

    def _end(self, failed: bool = False) -> None:
        if not self._over:
            self._over = True
            self.on_end(failed)

    async def wait(self) -> None:
        """Ends the child."""
        self._over = True
        if self._leaving is not None:
            self._leaving.cancel()
        if self.child is not None:
            await self.child.close()


_MASKED = "masked "
Seat: TypeAlias = LiveTranscode | PastTranscode


@dataclass(slots=True)
class Transcoders:
    """Used on one event loop. `at_once` 0: nothing is ever coded again."""

    at_once: int = AT_ONCE
    masked_at_once: int = MASKED_AT_ONCE
    refused: int = 0
    failures: int = 0
    seats: dict[Look, Seat] = field(default_factory=dict)
    _pieces: Kept[tuple[object, ...]] = field(default_factory=lambda: Kept(PIECES_BYTES))
    _inits: dict[tuple[int, int], bytes] = field(default_factory=dict)
    _making: dict[tuple[object, ...], asyncio.Task[bytes]] = field(default_factory=dict)
    _ending: set[asyncio.Task[None]] = field(default_factory=set)
    _clips: int = 0

    def pids(self) -> list[int]:
        """Of the children that run: for tests, and to measure them."""
        return [seat.child.pid for seat in self.seats.values() if seat.child is not None]

    def _may_begin(self, masked: bool) -> None:
        taken = sum(look[2].startswith(_MASKED) == masked for look in self.seats)
        if taken >= (self.masked_at_once if masked else self.at_once):
            self.refused += 1
            raise MaskLimit() if masked else TranscodeLimit()

    def live(
        self, camera: str, stream: str, source: Callable[[], Stream | None], clock: Clock, masks: Masks | None = None
    ) -> LiveTranscode:
        """The stream's transcode with these masks, for all who watch it; begun where there is none. Raises TranscodeLimit."""
        look = (camera, stream, f"{_MASKED}live" if masks is not None else "live")
        seat = self.seats.get(look)
        if isinstance(seat, LiveTranscode) and seat.masks != masks:
            seat.stop()  # it knows the masks of before: nobody may join it any longer
            del self.seats[look]
            seat = None
        if not isinstance(seat, LiveTranscode):
            self._may_begin(masks is not None)
            seat = self.seats[look] = LiveTranscode(source, clock, masks)
            seat.on_end = partial(self._ended, look, seat)
        return seat

    async def piece(self, piece: CodedPiece, still_wanted: Callable[[], bool]) -> bytes:
        """A piece of footage as H.264, from memory or made. Raises TranscodeLimit, TranscodeFailed, Superseded, ArchiveError."""
        known = self._pieces.get(piece.identity)
        if known is not None:
            return known
        making = self._making.get(piece.identity)
        if making is None:
            seat = self._past_of(piece)
            making = asyncio.get_running_loop().create_task(self._make(seat, piece, still_wanted))
            self._making[piece.identity] = making
            making.add_done_callback(lambda _: self._making.pop(piece.identity, None))
        return await asyncio.shield(making)

    async def _make(self, seat: PastTranscode, piece: CodedPiece, still_wanted: Callable[[], bool]) -> bytes:
        self._inits[piece.size_px], made = await seat.make(piece, still_wanted)
        self._pieces.put(piece.identity, made)
        return made

    async def init(self, piece: CodedPiece, still_wanted: Callable[[], bool]) -> bytes:
        """The init segment of all pieces of this size. Errors as of `piece`."""
        if piece.size_px not in self._inits:
            self._inits[piece.size_px], _ = await self._past_of(piece).make(piece, still_wanted)
        return self._inits[piece.size_px]

    def _past_of(self, piece: CodedPiece) -> PastTranscode:
        look = (piece.camera, piece.stream, f"{_MASKED}past" if piece.masks is not None else "past")
        seat = self.seats.get(look)
        if not isinstance(seat, PastTranscode):
            self._may_begin(piece.masks is not None)
            seat = self.seats[look] = PastTranscode()
            seat.on_end = partial(self._ended, look, seat)
        return seat

    def clip(self, camera: str, stream: str) -> PastTranscode:
        """A seat for a clip with masks, until it is left. Raises MaskLimit."""
        self._may_begin(masked=True)
        self._clips += 1
        look = (camera, stream, f"{_MASKED}clip {self._clips}")
        seat = self.seats[look] = PastTranscode()
        seat.on_end = partial(self._ended, look, seat)
        seat.hold()
        return seat

    def _ended(self, look: Look, seat: Seat, failed: bool) -> None:
        if self.seats.get(look) is seat:
            del self.seats[look]
        self.failures += failed
        ending = asyncio.get_running_loop().create_task(seat.wait())
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)

    async def close(self) -> None:
        """Ends all children."""
        for task in self._making.values():
            task.cancel()
        for seat in list(self.seats.values()):
            if isinstance(seat, LiveTranscode):
                seat.stop()
        await asyncio.gather(
            *(seat.wait() for seat in list(self.seats.values())), *self._ending, *self._making.values(), return_exceptions=True
        )
        self.seats.clear()
