"""Each camera's picture looked at about once a minute: which key frame goes to the child when, what is told, its references.

Recording never waits for it. One look at a time; cameras are spread over the time between two looks; the smaller stream that is
open is taken, since its decoding is the cost. A child that is gone or slow is ended, counted, and started again at the next look.
What is told of a camera lives here and not in the child, so that a fault stays told when the child is gone; and in a small file
(`looking_memory`), so that it stays told when the recorder is.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from luytre.base.clock import TICKS_PER_S, Clock, to_datetime, to_iso
from luytre.base.errors import LuytreError, NotFound
from luytre.base.i18n import N_, _
from luytre.base.verdicts import FAULTS, VERDICT_WORDS, Light, Verdict
from luytre.media.look.messages import Look, Seen, ViewHead
from luytre.media.look.steady import Steady
from luytre.media.recorder.child import ChildEnded
from luytre.media.recorder.fleet import Camera, Fleet
from luytre.media.recorder.looking_child import LookingChild
from luytre.media.recorder.looking_files import View, ViewFiles
from luytre.media.recorder.looking_memory import Remembered
from luytre.media.unit import Fragment, InitSegment

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds. A fault is told after two pictures: with these within 65 s of its beginning, a frozen picture within 115."""

    every_s: float = 50.0
    share: float = 0.1
    """Of one core, that all looks together may take: where they would take more (many H.265 cameras without an open smaller
    stream) the time between two looks grows."""
    slowest_s: float = 120.0
    """It grows no further than to this."""
    again_s: float = 15.0
    """After a picture that speaks against what is told."""
    most_doubts: int = 3
    """In a row that are followed soon: in fog all cameras are in doubt for hours."""
    first_s: float = 20.0
    """After a camera came: it must find its exposure, and a recorder that starts has other things to do."""
    idle_s: float = 0.5
    wait_for_key_s: float = 2.0
    after_end_s: float = 20.0
    """After the child ended by itself."""
    remember_s: float = 60.0
    """What is told is written down so often, and when a fault comes or goes: a restart forgets no more than this."""


PACE = Pace()
_NEWEST = 0.3
"""What the last look weighs in what a look costs."""
STALE_S = 600
"""What a picture told so long ago raises no alarm: that none comes is another fault."""


class CannotAccept(LuytreError):
    """The picture of now cannot be a camera's view (409)."""


@dataclass(slots=True)
class Watched:
    """What is known of one camera's picture."""

    due_mono_s: float
    steady: Steady = field(default_factory=Steady)
    light: Light | None = None
    score: float = 0.0
    seen_utc_90k: int | None = None
    key_utc_90k: int = -1
    """The key frame that was looked at last."""
    doubts: int = 0
    """Pictures in a row that could not be told."""
    is_known: bool = False
    """The child has the camera's references."""
    cost_s: float = 0.0
    """Of the processor, a look, by the last ones."""
    memory: str = ""
    """What the child knew after the last look, for the next one (`look.memory`)."""


class Looker:
    """`run` until cancelled, then `close`. `start` makes a child."""

    def __init__(
        self,
        fleet: Fleet,
        files: ViewFiles,
        clock: Clock,
        zone: str = "Asia/Ho_Chi_Minh",
        *,
        pace: Pace = PACE,
        start: Callable[[], Awaitable[LookingChild]] = LookingChild.start,
    ) -> None:
        self._fleet, self._files, self._clock, self._pace, self._start = fleet, files, clock, pace, start
        self._zone = ZoneInfo(zone)
        self._cameras: dict[str, Watched] = {}
        self._child: LookingChild | None = None
        self._turn = asyncio.Lock()
        self._rests_until_mono_s = 0.0
        self._remembered: dict[str, Remembered] | None = None
        """Of cameras that have not been looked at since this recorder started; None: not read yet."""
        self._remember_at_mono_s = 0.0
        self.looks = self.late = self.undecoded = self.failures = 0
        """Pictures looked at; looks that came much too late; pictures that did not decode; times the child ended."""

    @property
    def child_pid(self) -> int | None:
        return self._child.pid if self._child is not None else None

    @property
    def every_s(self) -> float:
        """Between two looks at a camera: what `Pace` says, or so long that all of them together take no more than their share."""
        whole_s = sum(watched.cost_s for watched in self._cameras.values())
        return min(max(self._pace.every_s, whole_s / self._pace.share), max(self._pace.every_s, self._pace.slowest_s))

    # -- the round ---------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        await asyncio.to_thread(self._files.sweep, set(self._fleet.cameras), self._clock.utc_90k() / TICKS_PER_S)
        while True:
            rest_s = await self.turn()
            await asyncio.sleep(rest_s)

    async def turn(self) -> float:
        """Looks at the camera that is due, if one is; how long nothing will be to do, in seconds."""
        await self._recall()
        self._follow_the_list()
        now_s = self._clock.mono_s()
        if now_s >= self._remember_at_mono_s:
            await self._remember()
        due = min(self._cameras.items(), key=lambda item: item[1].due_mono_s, default=None)
        if due is None or due[1].due_mono_s > now_s or now_s < self._rests_until_mono_s:
            return self._pace.idle_s
        await self._look(*due)
        return 0.0

    def _follow_the_list(self) -> None:
        keys = self._fleet.cameras.keys()
        for key in [key for key in self._cameras if key not in keys]:
            del self._cameras[key]
        new = [key for key in keys if key not in self._cameras]
        first_s, step_s = self._clock.mono_s() + self._pace.first_s, self._pace.every_s / max(len(new), 1)
        for index, key in enumerate(new):
            self._cameras[key] = self._known(key, first_s + index * step_s)

    def _known(self, key: str, due_mono_s: float) -> Watched:
        """A camera that comes, with what was told of it before this recorder started."""
        one = (self._remembered or {}).get(key)
        if one is None or not one.is_young(self._clock.utc_90k() / TICKS_PER_S):
            return Watched(due_mono_s)
        return Watched(due_mono_s, one.steady, seen_utc_90k=round(one.seen_s * TICKS_PER_S), memory=one.memory)

    async def _recall(self) -> None:
        if self._remembered is None:
            self._remembered = await asyncio.to_thread(self._files.memory.read)
            self._remember_at_mono_s = self._clock.mono_s() + self._pace.remember_s

    async def _remember(self) -> None:
        """Writes down what is told. Cameras that are in no list yet keep what they had."""
        self._remember_at_mono_s = self._clock.mono_s() + self._pace.remember_s
        now_s = self._clock.utc_90k() / TICKS_PER_S
        kept = {key: one for key, one in (self._remembered or {}).items() if one.is_young(now_s)}
        for key, watched in self._cameras.items():
            if watched.seen_utc_90k is not None:
                kept[key] = Remembered(watched.seen_utc_90k / TICKS_PER_S, watched.steady, watched.memory)
        try:
            await asyncio.to_thread(self._files.memory.write, kept)
        except OSError as error:
            log.error("look.not_remembered", detail=str(error))
        self._remembered = kept

    async def _look(self, key: str, watched: Watched) -> None:
        pace, now_s = self._pace, self._clock.mono_s()
        newest = _key_frame(self._fleet.cameras[key])
        if newest is None or newest[1].start_utc_90k == watched.key_utc_90k:
            watched.due_mono_s = now_s + pace.wait_for_key_s
            return
        self.late += now_s - watched.due_mono_s > self.every_s
        watched.key_utc_90k = newest[1].start_utc_90k
        seen = await self._ask(key, watched, newest)
        watched.due_mono_s = now_s + self.every_s
        if seen is None or self._cameras.get(key) is not watched:
            return
        self._hear(key, watched, seen)
        if seen.keep is not None and watched.steady.verdict in (Verdict.WELL, Verdict.NO_REFERENCE):
            await self._keep(key, watched, seen, is_accepted=False)
        watched.doubts = watched.doubts + 1 if seen.reading.in_doubt else 0
        if watched.steady.wants_another or 0 < watched.doubts <= pace.most_doubts:
            watched.due_mono_s = now_s + pace.again_s

    async def _ask(
        self, key: str, watched: Watched, newest: tuple[InitSegment, Fragment], *, to_accept: bool = False
    ) -> Seen | None:
        """None where the child ended. What is told stays as it is then."""
        init, fragment = newest
        now_90k = self._clock.utc_90k()
        local = to_datetime(now_90k).astimezone(self._zone)
        half_hour = local.hour * 2 + local.minute // 30
        look = Look(
            key, now_90k / TICKS_PER_S, half_hour, local.toordinal(), init.format.video, _samples(fragment), to_accept=to_accept
        )
        async with self._turn:
            try:
                child = await self._ready()
                if not watched.is_known:
                    await child.know(key, await asyncio.to_thread(self._files.in_force, key), watched.memory)
                    watched.is_known = True
                seen = await child.look(look)
            except (ChildEnded, OSError) as error:
                await self._end_child(error)
                return None
            except asyncio.CancelledError:  # an answer that nobody waits for would be taken for the next one
                await self._drop_child()
                raise
        self.looks += 1
        watched.cost_s += (seen.cost_s - watched.cost_s) * (_NEWEST if watched.cost_s else 1.0)
        return seen

    async def _ready(self) -> LookingChild:
        if self._child is None:
            for watched in self._cameras.values():
                watched.is_known = False
            self._child = await self._start()
        return self._child

    async def _end_child(self, error: Exception) -> None:
        self.failures += 1
        self._rests_until_mono_s = self._clock.mono_s() + self._pace.after_end_s
        log.warning("look.child_ended", detail=str(error), times=self.failures)
        await self._drop_child()

    async def _drop_child(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            await child.close()

    def _hear(self, key: str, watched: Watched, seen: Seen) -> None:
        if seen.fault:
            self.undecoded += 1
            log.warning("look.undecoded", camera=key, detail=seen.fault)
            return
        now_90k, before = self._clock.utc_90k(), watched.steady
        watched.steady = before.hear(seen.reading.verdict, now_90k / TICKS_PER_S)
        watched.memory = seen.memory
        if watched.steady.is_fault is not before.is_fault:
            self._remember_at_mono_s = self._clock.mono_s()
        watched.light, watched.score, watched.seen_utc_90k = seen.reading.light, seen.reading.score, now_90k
        if watched.steady.verdict is not before.verdict:
            said = seen.reading
            told = watched.steady.verdict.value if watched.steady.verdict is not None else None
            log.info("look.verdict", camera=key, verdict=told, light=said.light.value, dx=said.dx, dy=said.dy)

    async def _keep(self, key: str, watched: Watched, seen: Seen, *, is_accepted: bool) -> View | None:
        """None where the disk could not take it, or nothing is accepted that a learnt one could belong to."""
        assert seen.keep is not None
        head = ViewHead("", seen.reading.light, is_accepted, self._clock.utc_90k() / TICKS_PER_S, seen.keep.dx, seen.keep.dy)
        try:
            if not is_accepted and not await asyncio.to_thread(self._files.of, key):
                return None
            view = await asyncio.to_thread(self._files.add, key, head, seen.keep.signature, seen.keep.jpeg)
        except OSError as error:
            log.error("view.not_kept", camera=key, detail=str(error))
            return None
        watched.is_known = False
        return view

    async def close(self) -> None:
        """Once nothing runs any more."""
        if self._remembered is not None:
            await self._remember()
        await self._drop_child()

    # -- views -------------------------------------------------------------------------------------------------------

    async def accept(self, key: str) -> View:
        """What the camera shows now is its view from now on. Raises NotFound without a picture, CannotAccept, LuytreError."""
        await self._recall()
        self._follow_the_list()
        camera, watched = self._fleet.cameras.get(key), self._cameras.get(key)
        newest = _key_frame(camera, wants_large=True) if camera is not None else None
        if watched is None or newest is None:
            raise NotFound(N_("the camera sends no picture at this moment"))
        seen = await self._ask(key, watched, newest, to_accept=True)
        if seen is None:
            raise LuytreError(N_("the picture could not be looked at"), hint=N_("Try again in a moment."))
        if seen.keep is None:
            raise _why_not(seen)
        view = await self._keep(key, watched, seen, is_accepted=True)
        if view is None:
            raise LuytreError(N_("the picture could not be kept"), hint=N_("Look whether the disk is full."))
        now_90k = self._clock.utc_90k()
        watched.steady = Steady(Verdict.WELL, now_90k / TICKS_PER_S)
        watched.light, watched.score, watched.seen_utc_90k = seen.reading.light, 1.0, now_90k
        log.info("view.accepted", camera=key, view=view.id)
        return view

    async def views(self, key: str) -> tuple[View, ...]:
        return await asyncio.to_thread(self._files.of, key)

    async def view_picture(self, key: str, view: str) -> bytes | None:
        return await asyncio.to_thread(self._files.picture, key, view)

    async def forget(self, key: str, view: str) -> bool:
        found = await asyncio.to_thread(self._files.forget, key, view)
        if key in self._cameras:
            self._cameras[key].is_known = False
        return found

    # -- what is told ------------------------------------------------------------------------------------------------

    def told(self, key: str) -> dict[str, Any] | None:
        """For the status document, in the context's language; None before the first look."""
        watched = self._cameras.get(key)
        if watched is None or watched.steady.verdict is None:
            return None
        words = VERDICT_WORDS[watched.steady.verdict]
        seen = watched.seen_utc_90k
        return {
            "verdict": watched.steady.verdict.value,
            "sentence": _(words.cause),
            "hint": _(words.hint) if words.hint else "",
            "since": to_iso(round(watched.steady.since_s * TICKS_PER_S)),
            "seen": to_iso(seen) if seen is not None else None,
            "light": watched.light.value if watched.light is not None else "",
            "score": round(watched.score, 3),
        }

    def verdicts(self) -> list[tuple[str, Verdict]]:
        """Of every camera that something is told of."""
        known = ((key, watched.steady.verdict) for key, watched in self._cameras.items())
        return [(key, verdict) for key, verdict in known if verdict is not None]

    def faults(self) -> list[tuple[str, Verdict, int]]:
        """Camera, fault, since when (UTC ticks); of cameras whose picture still comes."""
        oldest_90k = self._clock.utc_90k() - STALE_S * TICKS_PER_S
        found = (
            (key, watched.steady)
            for key, watched in self._cameras.items()
            if watched.seen_utc_90k is not None and watched.seen_utc_90k >= oldest_90k
        )
        return [
            (key, steady.verdict, round(steady.since_s * TICKS_PER_S))
            for key, steady in found
            if steady.verdict is not None and steady.verdict in FAULTS
        ]


def _why_not(seen: Seen) -> CannotAccept:
    if seen.fault == "dark":
        return CannotAccept(N_("the picture is too dark to be the camera's view"), hint=N_("Accept it by day."))
    if seen.fault == "plain":
        return CannotAccept(
            N_("the picture shows too little to compare others with"), hint=N_("Look whether something covers the lens.")
        )
    return CannotAccept(N_("the picture cannot be decoded"), hint=N_("Try again in a moment."))


def _key_frame(camera: Camera, *, wants_large: bool = False) -> tuple[InitSegment, Fragment] | None:
    """The newest key frame of the smaller stream that is open; None while none comes."""
    streams = [camera.main] if wants_large or camera.sub is None else [camera.sub, camera.main]
    for stream in streams:
        newest = stream.hub.newest_gop() if stream.session is not None else None
        if newest is not None:
            return newest[0], newest[1][0]
    return None


def _samples(fragment: Fragment) -> bytes:
    """From the key frame on, NAL units behind 4-byte lengths. A fragment begins with its pictures' bytes."""
    data = fragment.data
    with contextlib.suppress(ValueError):
        return data[data.index(b"mdat", data.index(b"moof")) + 4 :]
    return b""
