"""Cameras whose pictures are made while somebody watches: `LiveSceneSource` over a `Scene`, main and sub.

A scene is drawn once for both streams; a stream is coded only while it has takers, once for all of them. Drawing and
coding happen in worker threads; units are handed out on the event loop.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Literal

from luytre.base.clock import TICKS_PER_S, Clock, SystemClock
from luytre.simulate.encode import Encoder, EncoderOptions
from luytre.simulate.scene import VIEWS, Scene, halve
from luytre.simulate.source import Subscription, Take, TimedUnit
from luytre.simulate.units import AccessUnit, Codec, VideoDescription

Kind = Literal["main", "sub"]
KINDS: tuple[Kind, ...] = ("main", "sub")
LIGHT_H265 = "aq-mode=0:sao=0:deblock=0:max-merge=1:weightp=0"
"""Saves a fifth of what x265 takes for these scenes."""


@dataclass(eq=False, slots=True)
class _Taker:
    take: Take
    stopped: list[_Taker]
    waits_for_key: bool = True

    def stop(self) -> None:
        if self in self.stopped:
            self.stopped.remove(self)


@dataclass(slots=True)
class _Lane:
    """One stream of a camera: its encoder (made at first need) and who takes from it."""

    options: EncoderOptions
    encoder: Encoder | None = None
    takers: list[_Taker] = field(default_factory=list)

    def ready(self) -> Encoder:
        if self.encoder is None:
            self.encoder = Encoder(self.options)
        return self.encoder


def _options(codec: Codec, width_px: int, height_px: int, fps: int) -> EncoderOptions:
    params = LIGHT_H265 if codec == "h265" else ""
    return EncoderOptions(codec, width_px, height_px, fps, 2 * fps, crf=28, params=params)


class LiveCamera:
    """A scene with a main and a sub stream. Numbers and times go on for as long as the object lives."""

    def __init__(
        self, index: int, codecs: dict[Kind, Codec], executor: Executor, *, fps: int = 12, width_px: int = 1280,
        clock: Clock | None = None,
    ) -> None:  # fmt: skip
        self._clock: Clock = clock or SystemClock()
        self._executor, self._fps, self._index = executor, fps, index
        self._scene: Scene | None = None
        self._lanes: dict[Kind, _Lane] = {
            "main": _Lane(_options(codecs["main"], width_px, width_px * 9 // 16, fps)),
            "sub": _Lane(_options(codecs["sub"], width_px // 2, width_px * 9 // 32, fps)),
        }
        self._number = -1
        self._started_mono_s = self._clock.mono_s()
        self._task: asyncio.Task[None] | None = None

    def source(self, kind: Kind) -> LiveSceneSource:
        return LiveSceneSource(self, kind)

    def options(self, kind: Kind) -> EncoderOptions:
        """How it is coded."""
        return self._lanes[kind].options

    def describe(self, kind: Kind) -> VideoDescription:
        return self._lanes[kind].ready().describe()

    def subscribe(self, kind: Kind, take: Take) -> Subscription:
        lane = self._lanes[kind]
        taker = _Taker(take, lane.takers)
        lane.takers.append(taker)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        return taker

    async def _run(self) -> None:
        """One picture after another until nobody is left."""
        loop = asyncio.get_running_loop()
        while wanted := [kind for kind in KINDS if self._lanes[kind].takers]:
            await asyncio.sleep(self._next_number())
            keys = {kind: any(taker.waits_for_key for taker in self._lanes[kind].takers) for kind in wanted}
            made = await loop.run_in_executor(self._executor, self._make, self._number, keys)
            for kind, units in made.items():
                for unit in units:
                    self._hand_out(self._lanes[kind], unit)

    def _next_number(self) -> float:
        """Counts on, and leaves numbers out where coding fell behind; seconds until the picture is due."""
        passed_s = self._clock.mono_s() - self._started_mono_s
        self._number = max(self._number + 1, int(passed_s * self._fps))
        return max(self._number / self._fps - passed_s, 0)

    def _make(self, number: int, keys: dict[Kind, bool]) -> dict[Kind, list[AccessUnit]]:
        """In a worker thread: draws once, codes for each stream that is wanted."""
        if self._scene is None:
            main = self._lanes["main"].options
            self._scene = Scene(self._index, main.width_px, main.height_px)
        picture = self._scene.picture(number, number / self._fps, self._clock.utc_90k())
        pts_90k = number * TICKS_PER_S // self._fps
        made: dict[Kind, list[AccessUnit]] = {}
        for kind, key in keys.items():
            shown = picture if kind == "main" else halve(picture)
            made[kind] = self._lanes[kind].ready().encode(shown, pts_90k, key=key)
        return made

    @staticmethod
    def _hand_out(lane: _Lane, unit: AccessUnit) -> None:
        timed = TimedUnit(unit)
        for taker in list(lane.takers):
            if taker.waits_for_key and not unit.is_key:
                continue
            taker.waits_for_key = False
            taker.take(timed)


class LiveSceneSource:
    """One stream of a `LiveCamera`, as a `FrameSource`."""

    def __init__(self, camera: LiveCamera, kind: Kind) -> None:
        self._camera, self._kind = camera, kind

    def describe(self) -> VideoDescription:
        return self._camera.describe(self._kind)

    def subscribe(self, take: Take) -> Subscription:
        return self._camera.subscribe(self._kind, take)


class Studio:
    """Cameras by number from 0. There are eight different ones; further numbers look at the same pictures again.

    `mixed`: the second of every eight sends H.265 on its main stream (x265 takes five times what x264 does); its
    sub-stream is H.264, as cameras are set up for browsers. `width_px` of the main pictures, a multiple of 128; they are 16:9,
    and the sub-stream has half.
    """

    def __init__(
        self, codec: Codec | Literal["mixed"] = "mixed", *, fps: int = 12, width_px: int = 1280, clock: Clock | None = None
    ) -> None:
        self._codec, self._fps, self._width_px, self._clock = codec, fps, width_px, clock
        self._executor = ThreadPoolExecutor(max_workers=2, thread_name_prefix="scene")
        self._cameras: dict[int, LiveCamera] = {}

    def camera(self, number: int) -> LiveCamera:
        index = number % len(VIEWS)
        if index not in self._cameras:
            codecs = self.codecs(index)
            self._cameras[index] = LiveCamera(
                index, codecs, self._executor, fps=self._fps, width_px=self._width_px, clock=self._clock
            )
        return self._cameras[index]

    def codecs(self, number: int) -> dict[Kind, Codec]:
        if self._codec != "mixed":
            return {"main": self._codec, "sub": self._codec}
        return {"main": "h265" if number % len(VIEWS) == 1 else "h264", "sub": "h264"}

    def close(self) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)
