"""Whose turn it is to be looked at, and what becomes of it when the child is slow, gone, or the disk full: by a clock of ours."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from luytre.base.clock import FakeClock
from luytre.base.verdicts import Light, Verdict
from luytre.media.look.messages import Keep, Look, Seen, ViewHead
from luytre.media.look.reading import Reading
from luytre.media.look.sizes import PACKED_BYTES
from luytre.media.recorder.child import ChildEnded
from luytre.media.recorder.fleet import Fleet
from luytre.media.recorder.looking import PACE, Looker
from luytre.media.recorder.looking_child import LookingChild
from luytre.media.recorder.looking_files import ViewFiles
from luytre.media.recorder.looking_memory import YOUNG_S
from luytre.media.unit import Fragment, InitSegment, StreamFormat, VideoFormat

INIT = InitSegment(b"", StreamFormat(VideoFormat("h264", 640, 360, (b"\x67",), "")), "")


class Stream:
    """A hub and its session; `newest` is the number of its key frame, or None."""

    def __init__(self, newest: int | None = 0) -> None:
        self.newest, self.session, self.hub = newest, object(), self

    def newest_gop(self) -> Any:
        if self.newest is None:
            return None
        return INIT, (Fragment(b"moof mdat" + bytes([self.newest % 256]), 0, 0, 1, True, self.newest),)


class Child:
    """Answers as told; `asked` are the cameras and their bytes."""

    def __init__(self) -> None:
        self.answers: list[Verdict | Exception | None] = []
        self.says: dict[str, Verdict | None] = {}
        """Of a camera, in place of the answers."""
        self.keeps = False
        self.cost_s = 0.0
        self.asked: list[tuple[str, bytes]] = []
        self.known: list[tuple[str, int]] = []
        self.memories: list[str] = []
        self.closed = 0

    async def know(self, camera: str, views: list[tuple[ViewHead, bytes]], memory: str = "") -> None:
        self.known.append((camera, len(views)))
        self.memories.append(memory)

    async def look(self, look: Look) -> Seen:
        self.asked.append((look.camera, look.samples))
        said = self.says[look.camera] if look.camera in self.says else self.answers.pop(0) if self.answers else Verdict.WELL
        if isinstance(said, Exception):
            raise said
        keep = Keep(0, 0, b"\x01" * PACKED_BYTES, b"\xff\xd8") if self.keeps or look.to_accept else None
        return Seen(
            look.camera,
            Reading(said, Light.DAY, 0.9, in_doubt=said is None),
            keep,
            memory=f"look {len(self.asked)}",
            cost_s=self.cost_s,
        )

    async def close(self) -> None:
        self.closed += 1


class Room:
    def __init__(self, folder: Path, cameras: int = 1, *, sub: bool = False) -> None:
        self.clock, self.child, self.started = FakeClock(), Child(), 0
        self.main = [Stream() for _ in range(cameras)]
        self.sub = [Stream(None) for _ in range(cameras)] if sub else [None] * cameras
        found = {f"c{n}": SimpleNamespace(main=self.main[n], sub=self.sub[n]) for n in range(cameras)}
        self.fleet = SimpleNamespace(cameras=found)
        self.files = ViewFiles(folder)
        self.looker = Looker(cast(Fleet, self.fleet), self.files, self.clock, start=self._start)

    def restart(self) -> None:
        """Another recorder before the same cameras and the same disk; the one before was killed."""
        self.child = Child()
        self.files = ViewFiles(self.files.memory.path.parent)
        self.looker = Looker(cast(Fleet, self.fleet), self.files, self.clock, start=self._start)

    async def _start(self) -> LookingChild:
        self.started += 1
        return cast(LookingChild, self.child)

    async def pass_s(self, seconds: float, *, new_keys: bool = True) -> list[float]:
        """Second by second; when something was looked at, in seconds from now."""
        looked = []
        for second in range(round(seconds)):
            self.clock.advance(1.0)
            for stream in [*self.main, *(one for one in self.sub if one is not None)]:
                if new_keys and stream.newest is not None:
                    stream.newest += 1
            before = len(self.child.asked)
            while await self.looker.turn() == 0.0:
                pass
            looked += [float(second + 1)] * (len(self.child.asked) - before)
        return looked


async def test_cameras_are_spread_over_the_time_between_two_looks(tmp_path: Path) -> None:
    room = Room(tmp_path, 10)
    looked = await room.pass_s(PACE.first_s + 2 * PACE.every_s)
    assert room.started == 1
    assert {camera for camera, _ in room.child.asked} == set(room.fleet.cameras)
    assert max(looked.count(second) for second in looked) == 1
    assert min(looked) >= PACE.first_s
    assert len(looked) == 20
    assert room.looker.late == 0


async def test_what_speaks_against_is_looked_at_again_soon_and_a_picture_never_twice(tmp_path: Path) -> None:
    room = Room(tmp_path)
    await room.pass_s(PACE.first_s + 5)
    room.child.answers = [Verdict.DARK, None, Verdict.DARK, Verdict.DARK]
    assert await room.pass_s(PACE.every_s + 3 * PACE.again_s) == [46.0, 61.0, 76.0, 91.0]
    assert room.looker.verdicts() == [("c0", Verdict.DARK)]
    count = len(room.child.asked)
    await room.pass_s(PACE.every_s + 30, new_keys=False)
    assert len(room.child.asked) - count <= 1


async def test_fog_over_all_cameras_does_not_cost_several_times_as_much(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.child.answers = [None] * 100
    looked = await room.pass_s(PACE.first_s + 600)
    apart = [later - earlier for earlier, later in itertools.pairwise(looked)]
    assert apart[:8] == [PACE.again_s] * 3 + [PACE.every_s] * 5


async def test_looking_takes_no_more_than_its_share_of_a_core_and_becomes_slower_instead(tmp_path: Path) -> None:
    room = Room(tmp_path, 10)
    room.child.cost_s = 0.7
    await room.pass_s(PACE.first_s + PACE.every_s)
    assert room.looker.every_s == 10 * 0.7 / PACE.share == 70.0
    await room.pass_s(PACE.slowest_s)
    assert 19 <= len(await room.pass_s(140.0)) <= 21
    room.child.cost_s = 60.0
    await room.pass_s(2 * PACE.slowest_s)
    assert room.looker.every_s == PACE.slowest_s
    room.child.cost_s = 0.001
    await room.pass_s(30 * PACE.slowest_s)
    assert (room.looker.every_s, room.looker.late) == (PACE.every_s, 0)


async def test_the_smaller_stream_is_taken_while_it_is_open(tmp_path: Path) -> None:
    room = Room(tmp_path, sub=True)
    await room.pass_s(PACE.first_s + 1)
    sub = room.sub[0]
    assert sub is not None
    sub.newest = 200
    await room.pass_s(PACE.every_s)
    assert [data[-1] >= 200 for _, data in room.child.asked] == [False, True]
    room.main[0].newest = sub.newest = None
    await room.pass_s(PACE.every_s * 2)
    assert len(room.child.asked) == 2


async def test_a_child_that_ends_is_counted_started_again_after_a_rest_and_told_its_references_anew(tmp_path: Path) -> None:
    room = Room(tmp_path)
    await room.pass_s(PACE.first_s + 1)
    await room.looker.accept("c0")
    room.child.answers = [Verdict.TURNED, Verdict.TURNED, ChildEnded("gone"), Verdict.TURNED]
    await room.pass_s(PACE.every_s + PACE.again_s)
    assert room.looker.verdicts() == [("c0", Verdict.TURNED)]
    await room.pass_s(PACE.every_s)
    assert (room.looker.failures, room.child.closed, room.started, room.looker.child_pid) == (1, 1, 1, None)
    assert room.looker.verdicts() == [("c0", Verdict.TURNED)]
    await room.pass_s(PACE.every_s)
    assert room.started == 2
    assert room.child.known == [("c0", 0), ("c0", 1), ("c0", 1)]


async def test_a_slow_machine_looks_later_and_says_so(tmp_path: Path) -> None:
    room = Room(tmp_path)
    await room.pass_s(PACE.first_s + 1)
    room.clock.advance(3 * PACE.every_s)
    room.main[0].newest = 99
    await room.looker.turn()
    assert room.looker.late == 1


async def test_a_camera_that_leaves_the_list_is_forgotten_and_what_is_learnt_is_kept(tmp_path: Path) -> None:
    room = Room(tmp_path, 2)
    room.child.keeps = True
    await room.pass_s(PACE.first_s + 1)
    assert room.files.of("c0") == ()  # nothing was accepted that it could belong to
    await room.looker.accept("c0")
    await room.pass_s(PACE.every_s)
    assert [view.head.is_accepted for view in room.files.of("c0")] == [False, True]
    del room.fleet.cameras["c0"]
    await room.pass_s(PACE.every_s)
    assert [key for key, _ in room.looker.verdicts()] == ["c1"]
    assert room.looker.told("c0") is None


async def test_a_fault_is_never_learnt_and_a_full_disk_stops_nothing(tmp_path: Path) -> None:
    room = Room(tmp_path / "views")
    room.child.keeps = True
    (tmp_path / "views").write_bytes(b"no folder")
    room.child.answers = [Verdict.WELL, Verdict.DARK, Verdict.DARK]
    await room.pass_s(PACE.first_s + PACE.every_s + PACE.again_s + 1)
    assert room.looker.looks == 3
    assert room.looker.faults()[0][:2] == ("c0", Verdict.DARK)
    assert room.files.of("c0") == ()


async def test_a_fault_stays_told_when_the_recorder_is_killed_and_is_over_when_two_pictures_say_so(tmp_path: Path) -> None:
    room = Room(tmp_path, 2)
    room.child.says = {"c0": Verdict.COVERED}
    await room.pass_s(PACE.first_s + PACE.every_s + PACE.again_s)
    before = room.looker.faults()
    assert [(key, verdict) for key, verdict, _ in before] == [("c0", Verdict.COVERED)]
    room.restart()
    await room.pass_s(1)
    assert room.looker.faults() == before  # told before anything was looked at, since when it began
    told = room.looker.told("c0")
    assert told is not None
    assert told["verdict"] == "covered"
    assert room.looker.told("c1") is None  # that all is well is seen anew
    room.child.says = {"c0": None}
    await room.pass_s(PACE.first_s + PACE.every_s)
    assert room.child.memories[0].startswith("look ")
    assert room.looker.verdicts() == [("c0", Verdict.COVERED), ("c1", Verdict.WELL)]
    room.child.says = {}
    await room.pass_s(PACE.every_s + PACE.again_s)
    assert room.looker.verdicts() == [("c0", Verdict.WELL), ("c1", Verdict.WELL)]
    room.restart()
    await room.pass_s(1)
    assert room.looker.verdicts() == []


async def test_what_a_child_knew_is_told_to_the_next_one(tmp_path: Path) -> None:
    room = Room(tmp_path)
    await room.pass_s(PACE.first_s + 1)
    room.child.answers = [ChildEnded("gone")]
    await room.pass_s(3 * PACE.every_s)
    assert room.child.memories == ["", "look 1"]


async def test_what_is_told_is_written_each_minute_and_at_the_end_and_what_is_a_day_old_is_not_believed(tmp_path: Path) -> None:
    room = Room(tmp_path)
    await room.pass_s(PACE.remember_s + 2)
    assert room.files.memory.read()["c0"].memory == "look 1"
    room.child.says = {"c0": Verdict.DARK}
    await room.pass_s(PACE.every_s + PACE.again_s + 2)
    await room.looker.close()
    del room.fleet.cameras["c0"]
    room.restart()
    await room.pass_s(2 * PACE.remember_s)
    assert room.files.memory.read()["c0"].steady.verdict is Verdict.DARK  # its list may come late
    room.clock.advance(YOUNG_S)
    await room.pass_s(1)
    room.fleet.cameras["c0"] = SimpleNamespace(main=room.main[0], sub=None)
    await room.pass_s(1)
    assert (room.looker.verdicts(), room.files.memory.read()) == ([], {})


def test_the_recorder_itself_loads_neither_decoder_nor_numpy_for_it() -> None:
    code = "import sys, luytre.media.recorder.looking; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
