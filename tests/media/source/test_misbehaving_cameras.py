"""The client against every habit of `luytre.simulate.quirks`: what arrives is what was sent, and holes are owned up to."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from luytre.base.errors import Problem
from luytre.media.source.rtsp import Limits
from luytre.simulate.auth import Auth
from luytre.simulate.quirks import NAMED, Quirks
from luytre.simulate.source import LoopedSource
from tests.media.source.collect import Collector, collect
from tests.support.cameras import MAIN, CameraThread
from tests.support.clips import ClipLibrary
from tests.support.judge import contains_run

Start = Callable[..., CameraThread]
SPEED = 10.0
QUICK = Limits(connect_s=3, answer_s=5, first_frame_s=3, frozen_s=1)
REFUSED = {
    "no-video": Problem.NO_VIDEO,
    "web-server": Problem.NOT_RTSP,
    "not-found": Problem.NO_SUCH_STREAM,
    "no-bandwidth": Problem.TOO_MANY_VIEWERS,
    "unavailable": Problem.TOO_MANY_VIEWERS,
}
ENDING = {"freeze": Problem.FROZEN, "close": Problem.LOST, "reset-mid-packet": Problem.LOST}
DAMAGED = {"drop", "reorder"}
SPECIAL = {
    "audio",
    "content-length-too-long",
    "content-length-missing",
    "content-length-zero",
    "redirect-mid-stream",
    *REFUSED,
    *ENDING,
    *DAMAGED,
}
WHOLE = sorted(set(NAMED) - SPECIAL)


def clip_for(name: str) -> str:
    return "h264-slices" if "slice" in name or "nal" in name else "h264"


def assert_whole(kept: Collector, camera: CameraThread, frames: int) -> None:
    sent = camera.ledger.digests(MAIN)
    assert len(kept.units) >= frames
    assert not kept.breaks
    assert contains_run(sent, kept.runs[0])
    assert all(after.dts_90k > before.dts_90k for before, after in pairwise(kept.units))


@pytest.mark.parametrize("name", WHOLE)
async def test_a_habit_loses_nothing(name: str, camera_server: Start, clips: ClipLibrary) -> None:
    auth = Auth("admin", "p:a/s@s w", ("md5",)) if "nonce" in name or "redirect" in name else None
    speed = 1.0 if name == "camera-asks" else SPEED  # it closes where an answer takes longer than ten pictures
    camera = camera_server(LoopedSource(clips(clip_for(name)), speed=speed), NAMED[name], auth)
    kept, error = await collect(camera.url(), 120, limits=QUICK)
    assert error is None, (error, error.detail if error else "")
    assert_whole(kept, camera, 120)


@pytest.mark.parametrize("name", sorted(REFUSED))
async def test_a_refusal_is_told_as_what_it_is(name: str, camera_server: Start, clips: ClipLibrary) -> None:
    camera = camera_server(clips("h264"), NAMED[name])
    kept, error = await collect(camera.url(), limits=QUICK)
    assert error is not None
    assert (error.problem, kept.units) == (REFUSED[name], [])


@pytest.mark.parametrize("name", sorted(ENDING))
async def test_what_came_before_the_end_is_kept(name: str, camera_server: Start, clips: ClipLibrary) -> None:
    camera = camera_server(LoopedSource(clips("h264"), speed=SPEED), NAMED[name])
    kept, error = await collect(camera.url(), 500, limits=QUICK)
    assert error is not None
    assert error.problem is ENDING[name]
    assert contains_run(camera.ledger.digests(MAIN), kept.runs[0])
    assert len(kept.units) >= 38


@pytest.mark.parametrize("name", sorted(DAMAGED))
async def test_a_lost_packet_costs_the_rest_of_its_gop_and_is_told(name: str, camera_server: Start, clips: ClipLibrary) -> None:
    camera = camera_server(LoopedSource(clips("h264"), speed=SPEED), NAMED[name])
    kept, error = await collect(camera.url(), 150, limits=QUICK)
    assert error is None
    assert kept.breaks
    sent = [entry.vcl_sha256 for entry in camera.ledger.of_path(MAIN)]
    for run in kept.runs:
        assert contains_run(sent, run)


@pytest.mark.parametrize("name", ["session-short", "no-get-parameter-405", "no-get-parameter-501"])
async def test_a_session_is_kept_alive(name: str, camera_server: Start, clips: ClipLibrary) -> None:
    camera = camera_server(clips("h264"), NAMED[name])
    kept, error = await collect(camera.url(), 160, limits=QUICK)
    assert error is None
    assert_whole(kept, camera, 160)
    assert sum(method in ("GET_PARAMETER", "OPTIONS") for method in camera.ledger.methods()) > 2


async def test_sent_away_in_mid_stream(camera_server: Start, clips: ClipLibrary) -> None:
    camera = camera_server(LoopedSource(clips("h264"), speed=SPEED), NAMED["redirect-mid-stream"])
    kept, error = await collect(camera.url(), 100, limits=QUICK)
    assert error is None
    assert kept.breaks
    assert all(contains_run(camera.ledger.digests(MAIN), run) for run in kept.runs)


@pytest.mark.parametrize("clip", ["h264-b", "h265", "h265-b", "h265-slices", "h264-large", "h264-vfr", "h264-slices"])
async def test_every_kind_of_picture_arrives_whole(clip: str, camera_server: Start, clips: ClipLibrary) -> None:
    camera = camera_server(LoopedSource(clips(clip), speed=SPEED), Quirks())
    kept, error = await collect(camera.url(), 110, limits=QUICK)
    assert error is None
    assert_whole(kept, camera, 110)
    sent = {entry.number: entry for entry in camera.ledger.of_path(MAIN)}
    first = next(n for n, entry in sorted(sent.items()) if entry.vcl_sha256 == kept.units[0].sha256)
    shown = [unit.pts_90k - kept.units[0].pts_90k for unit in kept.units]
    assert shown == [sent[first + i].pts_90k - sent[first].pts_90k for i in range(len(shown))]
    assert all(unit.dts_90k <= unit.pts_90k for unit in kept.units[4:])


async def test_parameter_sets_that_change_open_a_new_format(camera_server: Start, clips: ClipLibrary) -> None:
    camera = camera_server(LoopedSource(clips("h264>h264-large"), speed=SPEED), Quirks())
    kept, error = await collect(camera.url(), 120, limits=QUICK)
    assert error is None
    sizes = [change.format.video.width_px for change in kept.formats]
    assert sizes[:3] == [320, 640, 320]
    assert_whole(kept, camera, 120)


async def test_key_frames_of_four_megabytes(camera_server: Start, clips: ClipLibrary) -> None:
    camera = camera_server(clips("h264-big-key"), Quirks(key_padding_bytes=4 << 20))
    kept, error = await collect(camera.url(), 12)
    assert error is None
    assert_whole(kept, camera, 12)
    assert max(unit.size_bytes for unit in kept.units) > 1 << 20


SCHEMES = [
    ("basic",),
    ("md5",),
    ("sha256",),
    ("md5", "sha256"),
    ("basic", "md5", "sha256"),
]


@pytest.mark.parametrize("qop", [False, True])
@pytest.mark.parametrize("schemes", SCHEMES, ids="+".join)
async def test_every_way_to_give_a_password(
    schemes: tuple[str, ...], qop: bool, camera_server: Start, clips: ClipLibrary
) -> None:
    camera = camera_server(
        LoopedSource(clips("h264"), speed=SPEED), Quirks(), Auth("quản trị", 'm"ật, khẩu', schemes, 'Thôn "Đông", digest', qop)
    )
    kept, error = await collect(camera.url(login=False), 30, user="quản trị", password='m"ật, khẩu')
    assert (error, len(kept.units) >= 30) == (None, True)


async def test_a_wrong_password_and_none(camera_server: Start, clips: ClipLibrary) -> None:
    camera = camera_server(clips("h264"), Quirks(), Auth("admin", "right"))
    _, wrong = await collect(camera.url(login=False), user="admin", password="left")
    _, none = await collect(camera.url(login=False))
    assert wrong is not None
    assert none is not None
    assert (wrong.problem, none.problem) == (Problem.WRONG_PASSWORD, Problem.PASSWORD_NEEDED)
    assert "left" not in f"{wrong} {wrong.detail} {wrong.subject}"


async def test_sound_is_taken_only_where_it_is_allowed(camera_server: Start, clips: ClipLibrary, tone: object) -> None:
    camera = camera_server(LoopedSource(clips("h264"), speed=1.0), NAMED["audio"], audio=tone)
    silent, error = await collect(camera.url(), 30)
    loud, other = await collect(camera.url(), 30, sound=True)
    assert (error, other) == (None, None)
    assert (silent.sound, silent.formats[0].format.audio) == ([], None)
    assert loud.formats[0].format.audio is not None
    assert len(loud.sound) > 5


async def test_the_cameras_clock_is_read(camera_server: Start, clips: ClipLibrary) -> None:
    camera = camera_server(LoopedSource(clips("h264"), speed=1.0), NAMED["sender-report-wrong"])
    kept, _ = await collect(camera.url(), 150)
    assert kept.clocks
    assert abs(kept.clocks[-1].offset_90k / 90_000 + 3600) < 2


@pytest.mark.parametrize("name", ["content-length-missing", "content-length-zero", "content-length-too-long"])
async def test_a_description_of_wrong_length_is_read_all_the_same(name: str, camera_server: Start, clips: ClipLibrary) -> None:
    camera = camera_server(LoopedSource(clips("h264"), speed=SPEED), NAMED[name])
    kept, error = await collect(camera.url(), 30, limits=QUICK)
    assert error is None
    assert_whole(kept, camera, 30)
