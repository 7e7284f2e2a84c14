"""`luytre appeals`: proves that every file an owner sent is still here, as it came."""

from __future__ import annotations

import sys

import click

from luytre.base.i18n import _


@click.group("appeals", help=_("What owners of cameras sent."))
def appeals() -> None:
    pass


@appeals.command("verify", help=_("Hash every file again, by what the log says. Exit 0: all whole. Exit 1: each fault is named."))
def verify() -> None:
    from luytre.bridge.django import start_django

    start_django()
    from luytre.civic.appeals.shelf import shelf_here
    from luytre.civic.appeals.verify import TROUBLE_WORDS
    from luytre.civic.appeals.verify import verify as verify_files

    found = verify_files(shelf_here())
    for one in found.findings:
        click.echo(f"{one.sha256}: {_(TROUBLE_WORDS[one.trouble])}", err=True)
    if found.findings:
        click.echo(
            _("NOT WHOLE: {faults} faults in {files} files.").format(faults=len(found.findings), files=found.files), err=True
        )
        sys.exit(1)
    click.echo(_("Whole: {files} files, {size} bytes.").format(files=found.files, size=found.size_bytes))
