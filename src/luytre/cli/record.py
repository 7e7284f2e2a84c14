"""`luytre record`: headless recording; other software calls this, so its words and its last line are stable."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import click

from luytre.base.errors import UsageError
from luytre.base.i18n import N_, _
from luytre.media.recorder.headless import CameraLine, Report, record_for
from luytre.media.recorder.logs import set_up


def parse_camera(text: str) -> CameraLine:
    """`NAME=URL`. Raises UsageError."""
    name, equals, url = text.partition("=")
    if not equals or not name.strip() or not url.strip():
        raise UsageError(
            N_("a camera is written NAME=URL"),
            operation=N_("Reading --camera"),
            subject=text,
            hint=N_("For example --camera cho=rtsp://192.168.1.10:554/stream1."),
        )
    return CameraLine(name.strip(), url.strip())


def _cameras(texts: tuple[str, ...]) -> list[CameraLine]:
    cameras = [parse_camera(text) for text in texts]
    names = [camera.name for camera in cameras]
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise UsageError(N_("two cameras of one name"), operation=N_("Reading --camera"), subject=twice)
    return cameras


def as_json(report: Report) -> str:
    cameras = [
        {
            "name": camera.name,
            "frames": camera.frames,
            "bytes": camera.bytes,
            "gaps": camera.gaps,
            "reconnects": camera.reconnects,
            "state": camera.state,
            "error": camera.error,
        }
        for camera in report.cameras
    ]
    totals = {"wall_s": round(report.wall_s, 3), "cpu_s": round(report.cpu_s, 4), "peak_rss_bytes": report.peak_rss_bytes}
    return json.dumps({"cameras": cameras, **totals}, ensure_ascii=False)


def _table(report: Report) -> None:
    for camera in report.cameras:
        numbers = _("{frames} frames, {megabytes:.1f} MB, {gaps} gaps, {reconnects} reconnects").format(
            frames=camera.frames, megabytes=camera.bytes / 1e6, gaps=camera.gaps, reconnects=camera.reconnects
        )
        click.echo(f"{camera.name}: {camera.state} · {numbers}" + (f" · {camera.sentence}" if camera.sentence else ""))


@click.command(help=_("Record cameras into an archive for a number of seconds, without the web."))
@click.option(
    "--archive",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help=_("Folder of the archive; made if missing."),
)
@click.option("--seconds", required=True, type=click.FloatRange(min=0, min_open=True), help=_("How long to record."))
@click.option(
    "--camera", "cameras", required=True, multiple=True, metavar="NAME=URL", help=_("A camera; may be given many times.")
)
@click.option("--json", "json_wanted", is_flag=True, help=_("End with one line of JSON."))
@click.option("--sound", is_flag=True, help=_("Record sound too, where the camera sends AAC."))
def record(archive: Path, seconds: float, cameras: tuple[str, ...], json_wanted: bool, sound: bool) -> None:
    set_up(to_terminal=sys.stderr.isatty())
    progress = _progress(seconds) if sys.stderr.isatty() else None
    report = record_for(archive, _cameras(cameras), seconds, sound=sound, on_second=progress)
    if json_wanted:
        click.echo(as_json(report))
    else:
        _table(report)


def _progress(seconds: float) -> Callable[[], None]:
    bar = click.progressbar(length=int(seconds), label=_("Recording"), file=sys.stderr)
    return lambda: bar.update(1)
