"""`luytre audit`: proves that the logs are whole, signs checkpoints, takes the logs out. With --export it needs no database."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from luytre.base.environment import read_environment
from luytre.base.errors import UsageError
from luytre.base.i18n import N_, _
from luytre.civic.chain.signing import Signed, parse_checkpoint
from luytre.civic.chain.verify import Fault
from luytre.civic.chain.words import describe
from luytre.civic.log_words import LOG_WORDS


@click.group("audit", help=_("Prove that the logs are whole, sign checkpoints, take the logs out."))
def audit() -> None:
    pass


def _start() -> None:
    from luytre.bridge.django import start_django

    start_django()


@audit.command("verify", help=_("Prove the logs row by row. Exit 0: whole. Exit 1: each fault is named."))
@click.option(
    "--export", "exported", type=click.Path(path_type=Path), help=_("A file of `luytre audit export`, instead of the database.")
)
@click.option(
    "--checkpoint",
    type=click.Path(path_type=Path),
    help=_("A checkpoint that you hold: with --export, or held against the database."),
)
@click.option(
    "--public-key", default="", help=_("The key (64 hex digits) that you know to be the commune's: the checkpoint must be its.")
)
def verify(exported: Path | None, checkpoint: Path | None, public_key: str) -> None:
    zone = read_environment().time_zone
    if public_key and not checkpoint:
        raise click.UsageError(_("--public-key goes with --checkpoint"))
    rows, faults, against = _exported(exported, checkpoint, public_key) if exported else _kept(checkpoint, public_key)
    for fault in faults:
        click.echo(describe(fault, zone, LOG_WORDS), err=True)
    if faults:
        click.echo(_("NOT WHOLE: {faults} faults in {rows} rows.").format(faults=len(faults), rows=rows), err=True)
        sys.exit(1)
    click.echo(_("Whole: {rows} rows, held against {checkpoints} checkpoints.").format(rows=rows, checkpoints=against))


def _exported(path: Path, checkpoint: Path | None, public_key: str) -> tuple[int, Sequence[Fault], int]:
    from luytre.civic.chain.export import verify_export

    signed = _checkpoint(checkpoint, public_key) if checkpoint else None
    with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
        rows, faults = verify_export(file, signed)
    return rows, faults, int(signed is not None)


def _kept(checkpoint: Path | None, public_key: str) -> tuple[int, Sequence[Fault], int]:
    _start()
    from luytre.civic.chain.checkpoints import folder
    from luytre.civic.chain.proof import prove

    held = [_checkpoint(checkpoint, public_key)] if checkpoint else []
    found = prove(folder(), held)
    return found.rows, found.faults, found.checkpoints


def _checkpoint(path: Path, public_key: str) -> Signed:

    signed = parse_checkpoint(path.read_text("utf-8", errors="replace"))
    if not signed.holds():
        raise UsageError(N_("this checkpoint's signature is not right: it was changed"), subject=path.name)
    if public_key and signed.public_key != public_key.strip().lower():
        hint = N_("Ask the commune for its key by another way than the one this file came.")
        raise UsageError(N_("this checkpoint was signed with another key"), subject=signed.public_key, hint=hint)
    return signed


@audit.command("checkpoint", help=_("Sign the last rows of all logs now, and print the file to hand to others."))
def checkpoint() -> None:
    _start()
    from django.utils import timezone

    from luytre.civic.chain.checkpoints import folder, make_checkpoint, secrets

    click.echo(make_checkpoint(timezone.now(), folder(), secrets()))


@audit.command("export", help=_("Write all logs into one file that can be proved without this machine."))
@click.argument("out", type=click.Path(path_type=Path))
def export(out: Path) -> None:
    _start()
    from luytre.civic.chain.proof import exported

    with out.open("x", encoding="utf-8", newline="\n") as file:
        file.writelines(exported())
    click.echo(out)
