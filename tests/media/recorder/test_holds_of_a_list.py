"""A list that changes holds and days at once: whenever the writer looks in between, it erases nothing that is wanted."""

from __future__ import annotations

from pathlib import Path

import pytest

from luytre.base.clock import TICKS_PER_S, FakeClock
from luytre.media.archive import Archive
from luytre.media.recorder.cameras import CameraConfig, CameraList, HoldConfig
from luytre.media.recorder.fleet import Fleet
from luytre.media.source.ticker import Ticker
from tests.media.archive.helpers import Camera, open_archive, record

DAY_S = 86_400


def a_list(days: float, *holds: HoldConfig) -> CameraList:
    config = CameraConfig("cho", "Chợ", False, "rtsp://10.0.0.5/main", None, "", "", retention_days=days)
    return CameraList((config,), holds)


def erases_whenever_it_may(archive: Archive, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the writer's thread came between any two steps."""

    def look() -> None:
        for _ in range(3):
            clock.advance(11)
            archive.run_pending()

    set_policy, sync_holds = archive.set_policy, archive.sync_holds
    monkeypatch.setattr(archive, "set_policy", lambda *told: (set_policy(*told), look()))
    monkeypatch.setattr(archive, "sync_holds", lambda holds: (sync_holds(holds), look()))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def archive(tmp_path: Path, clock: FakeClock) -> Archive:
    """With footage of 20 days ago, kept for 30."""
    opened = open_archive(tmp_path, clock, clock_trust_s=0.0)
    lane = Camera(opened.writer("cho"), clock)
    lane.begin()
    record(opened, lane, 13)
    lane.end()
    opened.set_policy("cho", "main", 30.0, None)
    clock.advance(20 * DAY_S)
    opened.run_pending()
    return opened


def everything(clock: FakeClock) -> HoldConfig:
    return HoldConfig("h1", "cho", clock.utc_90k() - 30 * DAY_S * TICKS_PER_S, clock.utc_90k(), "12/VV: mất xe")


async def test_a_new_hold_comes_before_fewer_days(archive: Archive, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    erases_whenever_it_may(archive, clock, monkeypatch)
    fleet = Fleet(archive, Ticker(), clock)
    await fleet.apply(a_list(10, everything(clock)))
    assert archive.erased() == ()
    await fleet.apply(a_list(10))
    assert len(archive.erased()) == 1
    archive.close()


async def test_a_lifted_hold_ends_after_more_days(archive: Archive, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    fleet = Fleet(archive, Ticker(), clock)
    await fleet.apply(a_list(10, everything(clock)))
    erases_whenever_it_may(archive, clock, monkeypatch)
    await fleet.apply(a_list(60))
    assert (archive.erased(), archive.holds()) == ((), ())
    archive.close()
