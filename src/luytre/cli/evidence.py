"""`luytre evidence`: checks a package on any machine, and looks after the key that signs packages. `verify` needs no database."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from luytre.base.environment import read_environment
from luytre.base.errors import UsageError
from luytre.base.i18n import N_, _
from luytre.civic.evidence.package.keys import fingerprint, parse_certificate, successors
from luytre.civic.evidence.package.values import Finding, Report
from luytre.civic.evidence.package.verifying import Trust, verify
from luytre.cli.evidence_export import export
from luytre.cli.evidence_key import key

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("evidence", help=_("Make and check evidence packages, and look after the key that signs them."))
def evidence() -> None:
    pass


@evidence.command(
    "verify", help=_("Check a package. Exit 0: whole and genuine. Exit 1: each file that is not, and why. Exit 2: no package.")
)
@click.argument("package", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help=_("Tell it for a program."))
@click.option("--certificate", type=_FILE, help=_("The commune's certificate as you have it by another way."))
@click.option("--fingerprint", "expected", default="", help=_("Its fingerprint (SHA-256, 64 hex digits), instead of the file."))
@click.option("--succession", type=_FILE, help=_("With --certificate: the file of `key list --succession`, for a later key."))
@click.option("--tsa-roots", type=_FILE, help=_("Certificates (PEM) of the time stamping authorities that you trust."))
def verify_(
    package: Path, as_json: bool, certificate: Path | None, expected: str, succession: Path | None, tsa_roots: Path | None
) -> None:
    report = verify(package, _trust(certificate, expected, succession, tsa_roots))
    if as_json:
        click.echo(json.dumps(_as_json(report), ensure_ascii=False, indent=1))
    else:
        _tell(report)
    if not report.is_genuine:
        sys.exit(1)


def _trust(certificate: Path | None, expected: str, succession: Path | None, tsa_roots: Path | None) -> Trust:
    """Errors: UsageError for what is no certificate, no fingerprint, no list of keys."""
    from luytre.civic.evidence.package.stamping import read_roots

    known = frozenset[str]()
    if succession and not certificate:
        raise click.UsageError(_("--succession goes with --certificate"))
    try:
        if certificate:
            trusted = parse_certificate(certificate.read_bytes())
            known |= successors(trusted, succession.read_text("utf-8", "replace")) if succession else {fingerprint(trusted)}
        roots = read_roots(tsa_roots.read_bytes()) if tsa_roots else ()
    except ValueError as error:
        raise UsageError(N_("this file is no certificate"), hint=N_("It begins with -----BEGIN CERTIFICATE-----.")) from error
    if expected:
        digits = "".join(character for character in expected.lower() if character not in ": \t")
        if len(digits) != 64 or set(digits) - set("0123456789abcdef"):
            raise click.UsageError(_("--fingerprint has 64 digits 0-9 a-f, with or without colons"))
        known |= {digits}
    return Trust(known, roots)


def _as_json(report: Report) -> dict[str, object]:
    findings = [{"file": one.file, "code": one.code, "warning": one.is_warning, "words": one.words} for one in report.findings]
    return {
        "genuine": report.is_genuine,
        "kind": report.kind,
        "fingerprint": report.fingerprint,
        "time_stamp": report.time_stamp.isoformat() if report.time_stamp else None,
        "findings": findings,
        "facts": [{"name": name, "value": value} for name, value in report.facts],
    }


def _tell(report: Report) -> None:
    for name, value in report.facts:
        click.echo(f"{name}: {value}")
    if report.fingerprint:
        click.echo(_("Fingerprint of the certificate: {fingerprint}").format(fingerprint=report.fingerprint))
    if report.time_stamp:
        click.echo(_("Time stamp: {at}").format(at=f"{_local(report.time_stamp):%H:%M:%S %d/%m/%Y}"))
    for one in report.warnings:
        click.echo(_("Note: {words}").format(words=_line(one)), err=True)
    for one in report.faults:
        click.echo(_line(one), err=True)
    if report.is_genuine:
        click.echo(_("WHOLE AND GENUINE, if the fingerprint above is the one that the commune makes known."))
    else:
        click.echo(_("NOT GENUINE: {faults} faults.").format(faults=len(report.faults)), err=True)


def _line(finding: Finding) -> str:
    return f"{finding.file}: {finding.words}" if finding.file else finding.words


def _local(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(read_environment().time_zone))


evidence.add_command(export)
evidence.add_command(key)
