"""The hub: the archive always first, viewers from a GOP's start, a slow one loses and nobody else notices."""

from __future__ import annotations

from luytre.base.errors import GapReason
from luytre.media.live import Hub, Viewer
from luytre.media.unit import Fragment, InitSegment
from tests.media.fragment.test_roundtrip import Kept, cut


def fragments(count: int, gop: int = 5, size: int = 1000) -> list[Fragment]:
    return [Fragment(bytes(size), i * 18_000, 18_000, 5, i % gop == 0, i * 18_000) for i in range(count)]


def init() -> InitSegment:
    return cut("h264").runs[0][0]


async def drain(viewer: Viewer) -> list[int]:
    """Decode times of what waits; -1 for an init segment."""
    viewer.close()
    got = []
    while (piece := await viewer.take()) is not None:
        got.append(-1 if piece.fragment is None else piece.fragment.dts_90k)
    return got


async def test_who_joins_gets_the_newest_gop_at_once() -> None:
    archive, hub_init = Kept(), init()
    hub = Hub([archive])
    hub.begin_run(hub_init, 0, GapReason.RECORDER_STOPPED)
    line = fragments(8)
    for fragment in line:
        hub.append(fragment)
    viewer = Viewer()
    hub.join(viewer)
    assert await drain(viewer) == [-1] + [fragment.dts_90k for fragment in line[5:]]
    assert len(archive.runs[0][3]) == 8


async def test_a_slow_viewer_loses_whole_gops_is_told_and_nobody_else_notices() -> None:
    archive = Kept()
    hub = Hub([archive])
    hub.begin_run(init(), 0, GapReason.RECORDER_STOPPED)
    slow, quick = Viewer(queue_bytes=3500), Viewer()
    hub.join(slow)
    hub.join(quick)
    line = fragments(13)
    for fragment in line:
        hub.append(fragment)
    assert (len(archive.runs[0][3]), quick.lost_frames) == (13, 0)
    assert hub.viewer_frames_lost == slow.lost_frames > 0
    slow.close()
    got = []
    while (piece := await slow.take()) is not None:
        got.append(piece)
    kept = [piece for piece in got if piece.fragment is not None]
    assert got[0].init is not None
    assert kept[0].fragment is not None
    assert kept[0].fragment.starts_gop
    assert kept[0].after_loss
    assert slow.lost_frames + 5 * len(kept) == 13 * 5
    hub.leave(slow)
    assert hub.viewer_frames_lost == slow.lost_frames


async def test_first_comer_and_last_leaver_are_told() -> None:
    hub, told = Hub([]), list[bool]()
    hub.on_watched = told.append
    one, two = Viewer(), Viewer()
    for viewer in (one, two):
        hub.join(viewer)
    for viewer in (one, two, two):
        hub.leave(viewer)
    assert told == [True, False]


async def test_a_new_run_sends_a_new_init_segment_and_waits_for_its_gop() -> None:
    hub = Hub([])
    hub.begin_run(init(), 0, GapReason.RECORDER_STOPPED)
    viewer = Viewer()
    hub.join(viewer)
    line = fragments(4)
    for fragment in line[:2]:
        hub.append(fragment)
    hub.end_run(GapReason.CAMERA_LOST)
    hub.begin_run(init(), 0, GapReason.CAMERA_LOST)
    hub.append(line[3])
    hub.append(line[0])
    assert await drain(viewer) == [-1, 0, 18_000, -1, 0]


async def test_a_gop_too_large_to_keep_is_not_kept() -> None:
    hub = Hub([], gop_bytes=2500)
    hub.begin_run(init(), 0, GapReason.RECORDER_STOPPED)
    for fragment in fragments(5):
        hub.append(fragment)
    assert hub.newest_gop() is None
    hub.append(fragments(1)[0])
    assert hub.newest_gop() is not None
