"""`luytre evidence key`: looks after the key that signs packages. What it does with the key goes into the logs."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from luytre.base.clock import SystemClock, to_datetime
from luytre.base.environment import read_environment
from luytre.base.errors import UsageError
from luytre.base.i18n import N_, _
from luytre.civic.evidence.package.keys import sync_folder


@click.group("key", help=_("The key that signs evidence packages."))
def key() -> None:
    pass


def _start() -> datetime:
    """Starts Django, and says what time it is."""
    from luytre.bridge.django import start_django

    start_django()
    return to_datetime(SystemClock().utc_90k())


@key.command("show", help=_("The present certificate and its fingerprint, to be made known to the police and the courts."))
def show() -> None:
    at = _start()
    from luytre.civic.evidence.operator import operator
    from luytre.civic.evidence.station import station_key

    present = station_key(at, operator())
    click.echo(present.pem.decode("ascii"), nl=False)
    click.echo(present.fingerprint)


@key.command("rotate", help=_("Make a new key. Packages of the old one stay genuine; make the new fingerprint known."))
def rotate() -> None:
    at = _start()
    from luytre.civic.evidence import station
    from luytre.civic.evidence.operator import operator

    click.echo(station.rotate(operator(), at).fingerprint)
    click.echo(_("Make this fingerprint known, and back the new key up: luytre evidence key backup -o FILE"), err=True)


@key.command("list", help=_("All certificates there ever were, the oldest first."))
@click.option("--succession", is_flag=True, help=_("As a file by which others follow from an old certificate to a newer one."))
def list_(succession: bool) -> None:
    at = _start()
    from luytre.civic.chain.checkpoints import secrets
    from luytre.civic.evidence.operator import operator
    from luytre.civic.evidence.package import keys
    from luytre.civic.evidence.station import station_key

    station_key(at, operator())
    if succession:
        click.echo(keys.succession(secrets()), nl=False)
        return
    zone = ZoneInfo(read_environment().time_zone)
    for digits, since, until in keys.ends_of(keys.known_certificates(secrets())):
        click.echo(f"{digits}  {since.astimezone(zone):%d/%m/%Y} – {until.astimezone(zone):%d/%m/%Y}")


@key.command("backup", help=_("Write the key into a file that opens only with the code that is printed. Keep the two apart."))
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help=_("Where the backup goes."))
def backup(out: Path) -> None:
    at = _start()
    from luytre.civic.evidence import station
    from luytre.civic.evidence.operator import operator

    click.echo(station.back_up(operator(), at, lambda text: _keep(out, text)))
    words = _(
        "Write this code down and keep it away from the file: without it the backup cannot be opened, and it is shown only now."
    )
    click.echo(words, err=True)


def _keep(out: Path, text: str) -> None:
    """Whole and on the disk, or not there. Errors: OSError, UsageError where there is such a file."""
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, out)
    except FileExistsError as error:
        hint = N_("Choose another name; nothing is overwritten.")
        raise UsageError(
            N_("there is already a file of this name"), operation=N_("Backing up"), subject=str(out), hint=hint
        ) from error
    except OSError as error:
        hint = N_("Choose a folder that exists and that you may write to.")
        raise UsageError(str(error.strerror), operation=N_("Backing up"), subject=str(out), hint=hint) from error
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(out.parent)


@key.command("restore", help=_("Put the key of a backup in use. Another one that is in use stays, unless --replace is given."))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help=_("Even where another key is in use: that one is set aside, not deleted."))
@click.option("--code-stdin", is_flag=True, help=_("Read the code from the first line of standard input."))
def restore(file: Path, replace: bool, code_stdin: bool) -> None:
    at = _start()
    from luytre.civic.evidence import station
    from luytre.civic.evidence.operator import operator
    from luytre.civic.evidence.package.backup import LONGEST_BYTES

    with file.open("rb") as opened:
        text = opened.read(LONGEST_BYTES).decode("utf-8", "replace")
    code = sys.stdin.readline() if code_stdin else click.prompt(_("Code of this backup"), hide_input=True)
    found, changed = station.restore(operator(), text, code, at, replace=replace)
    click.echo(found.fingerprint)
    words = _("This key signs from here on.") if changed else _("This key is in use already; nothing was changed.")
    click.echo(words, err=True)
