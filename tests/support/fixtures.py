"""Fixtures for all tests; `tests/conftest.py` brings them in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from luytre.simulate.encode import encode_tone
from luytre.simulate.units import AudioDescription
from tests.support.cameras import CameraThread, start_camera
from tests.support.clips import ClipLibrary
from tests.support.gst import GstServer


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> ClipLibrary:
    """`clips("h264-b")`: see `tests.support.clips.MAKERS`."""
    return ClipLibrary(tmp_path_factory.mktemp("clips"))


@pytest.fixture(scope="session")
def tone() -> AudioDescription:
    """AAC for cameras with sound."""
    return encode_tone()


@pytest.fixture
def camera_server() -> Iterator[Callable[..., CameraThread]]:
    """`camera_server(clip, quirks, auth, …)` starts a camera (`start_camera`) that stops with the test."""
    cameras: list[CameraThread] = []

    def start(*args: Any, **kwargs: Any) -> CameraThread:
        cameras.append(start_camera(*args, **kwargs))
        return cameras[-1]

    yield start
    for camera in cameras:
        camera.stop()


@pytest.fixture
def gst_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., GstServer]]:
    """`gst_server(clip, auth=("admin", "secret", "digest"))` starts GStreamer's RTSP server; it stops with the test."""
    folder = tmp_path_factory.mktemp("gst")
    servers: list[GstServer] = []

    def start(clip: Any, **kwargs: Any) -> GstServer:
        servers.append(GstServer(clip, folder, **kwargs))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()
