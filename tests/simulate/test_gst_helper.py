"""GStreamer's server as tests use it: what it was fed is what a client gets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.simulate.test_server_ffmpeg import copy
from tests.support.clips import ClipLibrary
from tests.support.gst import GstServer
from tests.support.judge import contains_run, recorded_units


@pytest.mark.parametrize("auth", [None, ("admin", "s3cret", "digest"), ("admin", "s3cret", "basic")])
@pytest.mark.parametrize("name", ["h264", "h265"])
def test_ffmpeg_gets_what_was_fed(
    name: str,
    auth: tuple[str, str, str] | None,
    clips: ClipLibrary,
    gst_server: Callable[..., GstServer],
    tmp_path: Path,
) -> None:
    server = gst_server(clips(name), auth=auth)
    copy(server.url(), tmp_path / "got.mp4", 15)
    got = [unit.vcl_sha256 for unit in recorded_units(tmp_path / "got.mp4", strip_zeros=True)]
    assert len(got) == 15
    assert contains_run(server.digests(), got)
