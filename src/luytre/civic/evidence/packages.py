"""Packages: ordered, looked for, and what becomes of them. Every step is a row of the custody log, written before it is done.

Ordering writes, in one transaction, the look's row of the access log, the package's row and its first step of custody, and signs
the heads of all chains: so the package carries a proof of who ordered it, under which approval, that nobody can add later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.looks import Reason, Span, record_look
from luytre.civic.access.models import LookKind, User
from luytre.civic.chain.checkpoints import folder, keep
from luytre.civic.evidence import extracts
from luytre.civic.evidence.models import ClipRequest, Package, PackageCode, PackageState, PackageStep, StampState
from luytre.civic.evidence.requests import approvals, approved, persons_for
from luytre.civic.registry.models import Camera

LONGEST_SPAN = timedelta(hours=12)
"""A package is of a matter: whoever needs days orders several, and reads each."""
KEPT_LONG = timedelta(days=180)
"""A package that stands so long is asked about: is it still needed?"""
NOT_HERE = N_("This package is not here, or no longer.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """`camera`: its key. `blur`: the key of one and its revision; empty: nothing but the masks is hidden."""

    camera: str
    span: Span
    reason: Reason
    kind: str
    blur: str = ""
    blur_revision: int = 0


@dataclass(frozen=True, slots=True)
class Ways:
    """`stamped`: a time stamp's server is set. `at_machine`: ordered by whoever has the station's machine, and so its disk, in
    hand: the regulation's approvals alone hold, and the package says where it was ordered."""

    stamped: bool = False
    at_machine: bool = False


def order(by: User, wanted: Wanted, request: ClipRequest | None, at: datetime, ways: Ways) -> Package:
    """The caller has seen to the person's scope, the purpose and the blur. Ordered twice it is one. Errors: ValidationError by
    field; NotAllowed where the approval does not cover it; OSError, and UsageError of the key.
    """
    check_span(wanted.span, at)
    if request is not None:
        request = approved(by, request.key, wanted.camera, wanted.span, at, wanted.kind)
    elif approvals(at).persons if ways.at_machine else persons_for(wanted.kind, approvals(at)):
        raise ValidationError(N_("This package needs an approval first."))
    if there := _same(by, wanted, request):
        return there
    with transaction.atomic():
        look = record_look(by, LookKind.EXPORT, [wanted.camera], wanted.span, wanted.reason)[0]
        package = Package(
            kind=wanted.kind, camera=wanted.camera, span_start=wanted.span.start, span_end=wanted.span.end, request=request,
            by=by, purpose_key=wanted.reason.purpose_key, reference=wanted.reason.reference, words=wanted.reason.words,
            blur=wanted.blur, blur_revision=wanted.blur_revision, ordered=at, stamp=StampState.WAITING if ways.stamped else "",
        )  # fmt: skip
        package.save_with_next_number(at)
        rows = [look, *([request, *request.decisions.all()] if request else [])]
        root = write_step(package, by, PackageCode.ORDERED, at, rows=",".join(row.digest for row in rows))
        signed = extracts.signed_heads(at)
        package.extract = extracts.write(extracts.extract_of(root, rows, signed))
        package.save(update_fields=["extract"])
    keep(signed, folder())
    return package


def check_span(span: Span, at: datetime) -> None:
    """Errors: ValidationError by field."""
    if span.end <= span.start:
        raise ValidationError({"end": N_("The end must come after the beginning.")})
    if span.end > at:
        raise ValidationError({"end": N_("The end has not come yet.")})
    if span.end - span.start > LONGEST_SPAN:
        raise ValidationError({"end": N_("At most twelve hours at a time: order several packages.")})


def _same(by: User, wanted: Wanted, request: ClipRequest | None) -> Package | None:
    """The one that a second press means."""
    alive = Package.objects.exclude(state__in=[PackageState.FAILED, PackageState.DESTROYED])
    return alive.filter(
        by=by, camera=wanted.camera, span_start=wanted.span.start, span_end=wanted.span.end, kind=wanted.kind, request=request,
        reference=wanted.reason.reference, blur=wanted.blur, blur_revision=wanted.blur_revision,
    ).first()  # fmt: skip


def again(by: User, package: Package, at: datetime) -> None:
    """One that could not be made waits for its turn anew. Errors: ValidationError."""
    found = Package.objects.filter(pk=package.pk, state=PackageState.FAILED)
    if not found.update(state=PackageState.WAITING, why=""):
        raise ValidationError(N_("This package did not fail."))
    write_step(package, by, PackageCode.ORDERED, at, note="")


def camera_of(package: Package) -> Camera | None:
    return Camera.objects.filter(key=package.camera).first()


def steps_of(package: Package) -> list[PackageStep]:
    return list(PackageStep.objects.filter(package=package.key).select_related("by"))


def write_step(package: Package, by: User | None, code: str, at: datetime, **fields: Any) -> PackageStep:
    return PackageStep.objects.create(at=at, by=by, package=package.key, sign=package.sign, code=code, **fields)


def _ready(package: Package) -> Package:
    """Locked, within a transaction. Errors: ValidationError where there is nothing (any longer)."""
    found = Package.objects.select_for_update().get(pk=package.pk)
    if found.state != PackageState.READY:
        raise ValidationError(NOT_HERE)
    return found


def look_at(by: User, package: Package, code: PackageCode, at: datetime) -> None:
    """Looked at (`VIEWED`) or its file taken (`TAKEN`): a row of the access log and a step, before the first byte. Errors:
    ValidationError where there is nothing."""
    kind = LookKind.HISTORY if code is PackageCode.VIEWED else LookKind.EXPORT
    reason = Reason(package.purpose_key, package.reference or package.sign, package.words)
    with transaction.atomic():
        found = _ready(package)
        record_look(by, kind, [found.camera], Span(found.span_start, found.span_end), reason)
        write_step(found, by, code, at, sha256=found.manifest_sha256, size_bytes=found.size_bytes)


@dataclass(frozen=True, slots=True)
class Handing:
    """`whom`: the office and the person who signs. `paper`: the number of the minutes."""

    whom: str
    paper: str
    note: str = ""


def hand_over(by: User, package: Package, handing: Handing, at: datetime) -> None:
    """Errors: ValidationError by field."""
    _move(by, package, PackageCode.HANDED, handing, at)


def take_back(by: User, package: Package, handing: Handing, at: datetime) -> None:
    """A copy that was handed over came back. Errors: ValidationError by field; where none is out."""
    _move(by, package, PackageCode.RETURNED, handing, at)


def _move(by: User, package: Package, code: PackageCode, handing: Handing, at: datetime) -> None:
    faults = {}
    if not one_line(handing.whom):
        faults["whom"] = N_("Say which office, and who of it signs.")
    if not one_line(handing.paper):
        faults["paper"] = N_("Write the number of the minutes.")
    if faults:
        raise ValidationError(faults)
    with transaction.atomic():
        found = _ready(package)
        if code is PackageCode.RETURNED and not out(steps_of(found)):
            raise ValidationError(N_("No copy of this package is out."))
        write_step(
            found, by, code, at, sha256=found.manifest_sha256, size_bytes=found.size_bytes, whom=one_line(handing.whom)[:200],
            paper=one_line(handing.paper)[:60], note=one_line(handing.note)[:400],
        )  # fmt: skip


def out(steps: Sequence[PackageStep]) -> int:
    """How many copies were handed over and did not come back."""
    codes = [one.code for one in steps]
    return codes.count(PackageCode.HANDED) - codes.count(PackageCode.RETURNED)


def destroy(by: User, package: Package, note: str, at: datetime) -> None:
    """The step is written, then the file goes (`making.sweep`, at once and again each day). Copies that are out are named in the
    step. Errors: ValidationError by field."""
    if not one_line(note):
        raise ValidationError({"note": N_("Say why it is destroyed, and under which decision.")})
    with transaction.atomic():
        found = Package.objects.select_for_update().get(pk=package.pk)
        if found.state not in (PackageState.READY, PackageState.FAILED):
            raise ValidationError(NOT_HERE)
        found.state = PackageState.DESTROYED
        found.save(update_fields=["state"])
        write_step(
            found, by, PackageCode.DESTROYED, at, sha256=found.manifest_sha256, size_bytes=found.size_bytes,
            note=one_line(note)[:400],
        )  # fmt: skip


def verified(by: User | None, package: Package, words: str, at: datetime) -> None:
    """What a check of the kept file found."""
    write_step(package, by, PackageCode.VERIFIED, at, sha256=package.manifest_sha256, note=one_line(words)[:400])
