"""`luytre archive`: check, rebuild, timeline, export. All but `rebuild` only read, also beside a recorder that writes.

Exit 0: done (`check`: files and index agree). 1: it could not be done, or they do not agree. 2: bad use.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from luytre.base.clock import SystemClock, from_datetime, to_datetime, to_iso
from luytre.base.errors import GAP_WORDS, GapReason, UsageError
from luytre.base.i18n import N_, _
from luytre.media.archive import Gap, Queries, Timeline, check_archive, open_queries, rebuild_archive

_BEGINNING_90K = 1
_LOCAL_FORMAT = "%d/%m/%Y %H:%M:%S"


def parse_moment(text: str, option: str) -> int:
    """ISO 8601 with a zone to ticks. UsageError where it is none, or has no zone."""
    operation = N_("Reading a time")
    hint = N_("Write it like 2026-11-24T14:05:00+07:00 or 2026-11-24T07:05:00Z.")
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise UsageError(N_("this is not a time"), operation=operation, subject=f"{option} {text}", hint=hint) from error
    if moment.tzinfo is None:
        raise UsageError(N_("the time has no zone"), operation=operation, subject=f"{option} {text}", hint=hint)
    try:
        return from_datetime(moment)
    except OverflowError as error:
        raise UsageError(N_("this is not a time"), operation=operation, subject=f"{option} {text}", hint=hint) from error


def _span(since: str | None, until: str | None) -> tuple[int, int]:
    """The span asked for; without bounds, everything up to a while from now."""
    start = parse_moment(since, "--from") if since else _BEGINNING_90K
    end = parse_moment(until, "--to") if until else SystemClock().utc_90k() + 86_400 * 90_000
    if end <= start:
        raise UsageError(
            N_("the span must end after it begins"),
            operation=N_("Reading a time"),
            subject=f"{since or ''} … {until or ''}",
            hint=N_("Check its two times; they may be swapped."),
        )
    return start, end


@contextmanager
def _bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal, nothing elsewhere; told (done, total)."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with click.progressbar(length=1000, label=label, file=sys.stderr) as bar:

        def tell(done: int, total: int) -> None:
            if (step := (done * 1000 // total if total else 1000) - bar.pos) > 0:
                bar.update(step)

        yield tell


folder = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
camera_option = click.option("--camera", required=True, metavar="NAME", help=_("Name of the camera, as it was recorded."))
stream_option = click.option("--stream", default="main", show_default=True, metavar="main|sub", help=_("Which of its streams."))
from_option = click.option("--from", "since", metavar="ISO", help=_("Beginning, ISO 8601 with a zone; default: the oldest."))
to_option = click.option("--to", "until", metavar="ISO", help=_("End, ISO 8601 with a zone; default: the newest."))


@click.group(help=_("Check, rebuild, read and export an archive."))
def archive() -> None:
    pass


@archive.command(help=_("See whether files and index agree. Exit 0 when they do; says what does not."))
@folder
@click.option("--quick", is_flag=True, help=_("Do not read every byte again to compare the hashes."))
def check(folder: Path, quick: bool) -> None:
    with _bar(_("Checking")) as tell:
        report = check_archive(folder, SystemClock(), hashes=not quick, progress=tell)
    for one in report.disagreements:
        click.echo(one.sentence())
    numbers = _("{segments} files, {megabytes:.1f} MB").format(segments=report.segments, megabytes=report.bytes / 1e6)
    if report.disagreements:
        click.echo(_("{count} disagreements; {numbers}").format(count=len(report.disagreements), numbers=numbers), err=True)
        click.echo(_("`luytre archive rebuild` makes the index from the files that are there."), err=True)
        sys.exit(1)
    hashed = _("hashes compared") if report.is_hashed else _("hashes not compared")
    click.echo(_("Files and index agree: {numbers}, {hashed}.").format(numbers=numbers, hashed=hashed))


@archive.command(help=_("Make the index again from the files alone. The old one is kept aside."))
@folder
def rebuild(folder: Path) -> None:
    with _bar(_("Rebuilding")) as tell:
        result = rebuild_archive(folder, SystemClock(), tell)
    for path in result.foreign:
        click.echo(_("{path}: not a segment, left alone").format(path=path))
    if result.torn:
        click.echo(_("{count} files had a torn end: cut to their last whole fragment.").format(count=result.torn))
    if result.kept_aside:
        click.echo(_("The old index is kept as {path}.").format(path=result.kept_aside))
    click.echo(_("Index made: {segments} files of {streams} streams.").format(segments=result.segments, streams=result.streams))


@contextmanager
def _asking(folder: Path) -> Iterator[Queries]:
    queries = open_queries(folder, SystemClock())
    try:
        yield queries
    finally:
        queries.close()


@archive.command(help=_("What was recorded of a camera, and which holes there are for which reason."))
@folder
@camera_option
@stream_option
@from_option
@to_option
@click.option("--json", "json_wanted", is_flag=True, help=_("One JSON object instead of a table."))
def timeline(folder: Path, camera: str, stream: str, since: str | None, until: str | None, json_wanted: bool) -> None:
    start, end = _span(since, until)
    with _asking(folder) as queries:
        found = queries.timeline(camera, stream, start, end)
    if until is None:
        found = replace(found, gaps=_of_recording(found.gaps))
    click.echo(timeline_json(found) if json_wanted else _table(found))


def _of_recording(gaps: tuple[Gap, ...]) -> tuple[Gap, ...]:
    """Without the time since recording was stopped on purpose: that is no hole in what was recorded."""
    return tuple(gap for gap in gaps if not (gap.is_open and gap.reason is GapReason.RECORDER_STOPPED))


def timeline_json(found: Timeline) -> str:
    """The stable form: times ISO 8601 in UTC."""
    runs = [
        {"from": to_iso(span.from_utc_90k), "to": to_iso(span.to_utc_90k), "codec": span.codec, "frames": span.samples,
         "bytes": span.bytes}
        for span in found.spans
    ]  # fmt: skip
    gaps = [{"from": to_iso(gap.from_utc_90k), "to": to_iso(gap.to_utc_90k), "reason": gap.reason.value} for gap in found.gaps]
    return json.dumps({"camera": found.camera, "stream": found.stream, "runs": runs, "gaps": gaps}, ensure_ascii=False)


def local_time(utc_90k: int) -> str:
    """`24/11/2026 14:05:00` in Vietnam's zone."""
    return to_datetime(utc_90k).astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).strftime(_LOCAL_FORMAT)


def _table(found: Timeline) -> str:
    lines: list[tuple[int, str]] = []
    for span in found.spans:
        what = _("{frames} frames, {megabytes:.1f} MB, {codec}").format(
            frames=span.samples, megabytes=span.bytes / 1e6, codec=span.codec
        )
        lines.append((span.from_utc_90k, f"{local_time(span.from_utc_90k)} – {local_time(span.to_utc_90k)}  {what}"))
    lines += [(gap.from_utc_90k, _gap_line(gap)) for gap in found.gaps]
    return "\n".join(line for _at, line in sorted(lines)) or _("nothing was recorded in this span")


def _gap_line(gap: Gap) -> str:
    until = _("until now") if gap.is_open else local_time(gap.to_utc_90k)
    return f"{local_time(gap.from_utc_90k)} – {until}  {_('gap')}: {_(GAP_WORDS[gap.reason])}"


@archive.command(help=_("Write a span of a recording as MP4. Where it changes or has a hole, OUT.2.mp4, … follow."))
@folder
@camera_option
@stream_option
@click.option("-o", "--out", required=True, metavar="OUT.mp4", type=click.Path(path_type=Path), help=_("File to write."))
@from_option
@to_option
def export(folder: Path, camera: str, stream: str, out: Path, since: str | None, until: str | None) -> None:
    from luytre.media.playback import export as write_export

    start, end = _span(since, until)
    with _asking(folder) as queries, _bar(_("Exporting")) as tell:
        result = write_export(queries, camera, stream, start, end, out, tell)
        gaps = _of_recording(queries.timeline(camera, stream, start, end).gaps)
    for part in result.parts:
        plan = part.plan
        click.echo(
            _("{path}: {start} – {end}, {frames} frames, {megabytes:.1f} MB").format(
                path=part.path, start=local_time(plan.from_utc_90k), end=local_time(plan.to_utc_90k),
                frames=plan.samples, megabytes=plan.size_bytes / 1e6,
            )
        )  # fmt: skip
    if len(result.parts) > 1:
        click.echo(_("The recording changes or has holes in this span: {count} files.").format(count=len(result.parts)))
    for gap in gaps:
        click.echo(_gap_line(gap))
