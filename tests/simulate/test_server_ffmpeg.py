"""FFmpeg as the client: what another's program plays without a complaint is a camera."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from luytre.simulate.auth import Auth
from luytre.simulate.quirks import NAMED
from luytre.simulate.source import LoopedSource
from luytre.simulate.units import AudioDescription
from tests.support.cameras import CameraThread
from tests.support.clips import ClipLibrary
from tests.support.judge import complaints, contains_run, probe, recorded_units

Cameras = Callable[..., CameraThread]
FRAMES = 40


def copy(url: str, path: Path, frames: int = FRAMES) -> str:
    """ffmpeg records so many frames without decoding; what it says."""
    command = ["ffmpeg", "-nostdin", "-v", "warning", "-rtsp_transport", "tcp", "-i", url, "-map", "0:v"]
    command += ["-c", "copy", "-frames:v", str(frames), "-y", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.mark.parametrize("name", ["h264", "h264-b", "h264-slices", "h264-vfr", "h265", "h265-b", "h265-slices"])
def test_ffmpeg_receives_what_the_ledger_says(name: str, clips: ClipLibrary, camera_server: Cameras, tmp_path: Path) -> None:
    camera = camera_server(clips(name))
    copy(camera.url(), tmp_path / "got.mp4")
    got = [unit.vcl_sha256 for unit in recorded_units(tmp_path / "got.mp4", strip_zeros=True)]
    assert len(got) == FRAMES
    assert camera.ledger.digests("/cam1/main")[:FRAMES] == got
    assert complaints(tmp_path / "got.mp4") == ""


@pytest.mark.parametrize(
    "auth",
    [
        Auth("admin", "p@ss:w/rd", ("basic",)),
        Auth("admin", "p@ss", ("md5",)),
        Auth("admin", "p@ss", ("md5",), realm='Cổng "Đông", số 1', qop=True),
        Auth("admin", "p@ss", ("md5", "basic")),
    ],
    ids=["basic", "md5", "realm", "both"],
)
def test_ffmpeg_comes_in_with_the_password(auth: Auth, clips: ClipLibrary, camera_server: Cameras) -> None:
    camera = camera_server(clips("h264"), auth=auth)
    assert probe(camera.url())["streams"][0]["codec_name"] == "h264"


@pytest.mark.parametrize(
    "name",
    [
        "content-base-missing",
        "content-base-nat",
        "control-absolute",
        "control-query",
        "aggregate-absolute",
        "session-plain",
        "metadata-last",
        "audio",
        "rtp-padding",
        "rtp-csrc",
        "rtp-extension",
        "headers-lower",
        "timestamp-wrap",
        "sequence-wrap",
        "sets-only-sdp",
        "sets-only-band",
        "nonce-each-request",
        "slow-answers",
    ],
)
def test_ffmpeg_gets_along_with_habits_that_it_knows(
    name: str, clips: ClipLibrary, tone: AudioDescription, camera_server: Cameras, tmp_path: Path
) -> None:
    """A quirk that another's client understands is one that cameras may have, and not a fault of this server."""
    auth = Auth("admin", "p@ss") if name == "nonce-each-request" else None
    camera = camera_server(LoopedSource(clips("h264"), speed=4), NAMED[name], auth, audio=tone)
    copy(camera.url(), tmp_path / "got.mp4", 25)
    got = [unit.vcl_sha256 for unit in recorded_units(tmp_path / "got.mp4")]
    assert contains_run(camera.ledger.digests("/cam1/main"), got)
