"""A camera that gives other parameter sets with each picture, recorded: files, rows and holes stay in bounds."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

from luytre.base.clock import TICKS_PER_S, SystemClock
from luytre.base.errors import GapReason, Problem
from luytre.base.i18n import use_language
from luytre.media.archive import Archive, check_archive
from luytre.media.fragment.budget import MOST_AT_ONCE
from luytre.media.recorder.cameras import CameraConfig, CameraList
from luytre.media.recorder.fleet import Fleet
from luytre.media.recorder.status import StatusBoard
from luytre.media.source.ticker import Ticker
from luytre.simulate.quirks import NAMED
from luytre.simulate.source import Clip, LoopedSource
from tests.media.archive.helpers import segment_files
from tests.support.clips import ClipLibrary


def key_frames_only(clip: Clip) -> Clip:
    key = clip.units[0]
    return Clip(clip.description, tuple(replace(key, pts_90k=at, dts_90k=at) for at in (0, 3600)), 7200)


async def test_other_parameter_sets_with_each_picture(tmp_path: Path, camera_server: Any, clips: ClipLibrary) -> None:
    camera = camera_server(LoopedSource(key_frames_only(clips("h264")), speed=4.0), NAMED["sets-change"])
    clock, ticker = SystemClock(), Ticker(idle_s=0.05)
    archive = Archive.open(tmp_path / "a", clock=clock)
    ticker.after(archive.flush_tick)
    fleet = Fleet(archive, ticker, clock)
    began = clock.utc_90k()
    await fleet.apply(CameraList((CameraConfig("cho", "Chợ", True, camera.url(), None, "", ""),)))
    session = fleet.cameras["cho"].main.session
    assert session is not None
    async with asyncio.timeout(30):
        while session.problem is not Problem.UNSTABLE or camera.ledger.entries[-1].number < MOST_AT_ONCE * 6:
            await asyncio.sleep(0.05)
    use_language("vi")
    told = StatusBoard(fleet).as_json()
    await fleet.stop()
    ticker.close()
    await asyncio.to_thread(archive.close)

    (alarm,) = told["alarms"]
    assert (alarm["code"], alarm["camera"], alarm["sentence"].startswith("Chợ: luồng hình")) == ("camera_unstable", "cho", True)
    state = told["cameras"][0]
    assert (state["state"], state["problem"], bool(state["hint"])) == ("recording", "unstable", True)
    seconds = (clock.utc_90k() - began) / TICKS_PER_S
    assert MOST_AT_ONCE <= len(list(segment_files(tmp_path / "a"))) <= MOST_AT_ONCE + seconds / 2 + 1
    line = archive.timeline("cho", "main", began, clock.utc_90k() + TICKS_PER_S)
    assert GapReason.STREAM_UNSTABLE in {gap.reason for gap in line.gaps}
    report = check_archive(tmp_path / "a", clock)
    assert report.is_clean, report.disagreements
