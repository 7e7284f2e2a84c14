"""`luytre evidence export`: a package made at the station's machine, written down as every other."""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from luytre.base.clock import SystemClock, to_datetime
from luytre.base.errors import LuytreError, NotAllowed, UsageError
from luytre.base.i18n import N_, _
from luytre.cli.archive import parse_moment

if TYPE_CHECKING:
    from luytre.civic.access.looks import Reason, Span
    from luytre.civic.evidence.models import ClipRequest, Package


@click.command("export", help=_("Make an evidence package of one camera and one span. It is written into the logs first."))
@click.option("--camera", "name", required=True, metavar="NAME", help=_("The camera, by key or name."))
@click.option("--from", "since", required=True, metavar="ISO", help=_("Beginning, ISO 8601 with a zone."))
@click.option("--to", "until", required=True, metavar="ISO", help=_("End, ISO 8601 with a zone."))
@click.option("--purpose", required=True, metavar="CODE", help=_("A purpose of the usage regulation in force, by its code."))
@click.option("--reference", default="", metavar="REF", help=_("Number of the incident, case or request."))
@click.option("--request", "number", type=int, metavar="NUMBER", help=_("The approved request under which it leaves."))
@click.option("--viewing", is_flag=True, help=_("The copy for watching alone, without the original."))
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help=_("Where the package goes."))
def export(
    name: str, since: str, until: str, purpose: str, reference: str, number: int | None, viewing: bool, out: Path
) -> None:  # fmt: skip
    start, end = (to_datetime(parse_moment(text, option)) for text, option in ((since, "--from"), (until, "--to")))
    if out.exists():
        hint = N_("Choose another name; nothing is overwritten.")
        raise UsageError(N_("there is already a file of this name"), operation=N_("Exporting"), subject=str(out), hint=hint)
    from luytre.bridge.django import start_django

    start_django()
    from luytre.civic.access.looks import Reason, Span
    from luytre.cli.camera import find_camera

    reason = Reason(purpose, " ".join(reference.split()))
    package = _ordered(find_camera(name).key, Span(start, end), reason, number, viewing=viewing)
    _make(package)
    _hand_out(package, out)


def _now() -> datetime:
    return to_datetime(SystemClock().utc_90k())


def _ordered(camera: str, span: Span, reason: Reason, number: int | None, *, viewing: bool) -> Package:
    from django.conf import settings
    from django.core.exceptions import ValidationError

    from luytre.civic.evidence.models import What
    from luytre.civic.evidence.operator import operator
    from luytre.civic.evidence.packages import Wanted, Ways, order

    at = _now()
    _check_purpose(reason, at)
    request = _request(number) if number is not None else None
    wanted = Wanted(camera, span, reason, What.VIEWING if viewing else What.FULL)
    ways = Ways(stamped=bool(settings.ENVIRONMENT.tsa_url), at_machine=True)
    try:
        return order(request.by if request else operator(), wanted, request, at, ways)
    except ValidationError as error:
        hint = N_("Ask for it under Evidence, let it be approved, then name the request's number with --request.")
        needs = request is None and not hasattr(error, "error_dict")
        raise UsageError(" ".join(error.messages), operation=N_("Exporting"), hint=hint if needs else "") from error
    except NotAllowed as error:
        raise UsageError(error.cause, operation=N_("Exporting"), subject=f"--request {number}") from error


def _check_purpose(reason: Reason, at: datetime) -> None:
    from luytre.civic.regulations.enforce import purposes_for
    from luytre.civic.regulations.force import in_force_now

    offered = {one.key: one for one in purposes_for(in_force_now(at).rules, "export")}
    if reason.purpose_key not in offered:
        raise click.UsageError(_("--purpose is none of the regulation in force: {codes}").format(codes=", ".join(offered) or "—"))
    if offered[reason.purpose_key].reference and not reason.reference:
        raise click.UsageError(_("this purpose needs --reference, the number of an incident, a case or a request"))


def _request(number: int) -> ClipRequest:
    from luytre.civic.evidence.models import ClipRequest

    found = ClipRequest.objects.filter(seq=number).select_related("by").first()
    if found is None:
        raise click.UsageError(_("there is no request {number}").format(number=number))
    return found


def _make(package: Package) -> None:
    """Here, unless the jobs' process has begun it. Errors: LuytreError with the reason where it could not be made."""
    import time

    from luytre.bridge.packing import means_here
    from luytre.civic.evidence.making import make_one
    from luytre.civic.evidence.models import Package, PackageState

    mine = Package.objects.filter(pk=package.pk)
    if mine.filter(state=PackageState.WAITING).update(state=PackageState.MAKING):
        make_one(package, means_here(), _now)
    while (found := mine.get()).state in (PackageState.WAITING, PackageState.MAKING):
        time.sleep(0.5)
    if found.state != PackageState.READY:
        raise LuytreError(
            found.why or N_("This package is not here, or no longer."), operation=N_("Exporting"), subject=found.sign
        )


def _hand_out(package: Package, out: Path) -> None:
    from luytre.civic.evidence.models import Package, PackageCode
    from luytre.civic.evidence.packages import write_step
    from luytre.civic.evidence.shelf import shelf_here

    found = Package.objects.select_related("by").get(pk=package.pk)
    write_step(found, found.by, PackageCode.TAKEN, _now(), sha256=found.manifest_sha256, size_bytes=found.size_bytes)
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        shutil.copyfile(shelf_here().kept(found.key), draft)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        os.link(draft, out)  # never over a file that came meanwhile
    finally:
        draft.unlink(missing_ok=True)
    click.echo(out)
    click.echo(
        _("{sign}: {size} bytes, manifest {sha256}").format(sign=found.sign, size=found.size_bytes, sha256=found.manifest_sha256),
        err=True,
    )
