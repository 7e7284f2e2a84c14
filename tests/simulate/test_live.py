"""Scenes: what the camera sees moves, is coded once for all, and only while somebody looks."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from luytre.simulate.live import Studio
from luytre.simulate.scene import VIEWS, Scene, halve, plane_views
from luytre.simulate.source import TimedUnit


@pytest.mark.parametrize("index", range(len(VIEWS)))
def test_every_scene_moves_and_differs(index: int) -> None:
    scene = Scene(index, 640, 360)
    first, later = scene.picture(0, 0.0, 0), scene.picture(36, 3.0, 270_000)
    assert first.shape == (540, 640)
    assert (first[60:] != later[60:]).any(), "nothing moves below the clock"
    assert (Scene(index + 1, 640, 360).picture(0, 0.0, 0) != first).mean() > 0.05


def test_the_clock_is_vietnams() -> None:
    """The same minute at +07:00 burns the same pixels as the clock one day later differs in."""
    scene = Scene(0)
    base = scene.picture(7, 0.0, 0)
    assert (scene.picture(7, 0.0, 0) == base).all()
    changed = np.argwhere((scene.picture(7, 0.0, 86_400 * 90_000) != base)[:720])
    assert changed[:, 0].max() < 16 + 40
    assert changed[:, 1].max() < 16 + 2 * 40, "only the day's two digits differ"


def test_the_sub_stream_is_half() -> None:
    picture = Scene(2).picture(0, 0.0, 0)
    small_y, small_u, _small_v = plane_views(halve(picture))
    large_y, large_u, _large_v = plane_views(picture)
    assert (small_y == large_y[::2, ::2]).all()
    assert (small_u == large_u[::2, ::2]).all()


async def test_one_encoder_for_all_and_a_key_frame_for_each() -> None:
    studio = Studio("h264", fps=25)
    try:
        camera = studio.camera(0)
        assert studio.camera(len(VIEWS)) is camera
        seen: tuple[list[TimedUnit], list[TimedUnit]] = ([], [])
        first = camera.subscribe("main", seen[0].append)
        await _until(lambda: len(seen[0]) >= 3)
        second = camera.subscribe("main", seen[1].append)
        await _until(lambda: len(seen[1]) >= 3)
        assert seen[0][0].unit.is_key
        assert seen[1][0].unit.is_key
        assert seen[1][0].unit in [timed.unit for timed in seen[0]]
        for each in (first, second):
            each.stop()
            each.stop()
        count = len(seen[0])
        await _until(lambda: camera._task is not None and camera._task.done())
        assert len(seen[0]) == count
    finally:
        studio.close()


async def _until(condition: object) -> None:
    deadline = asyncio.get_running_loop().time() + 20
    while not condition():  # type: ignore[operator]
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.01)
