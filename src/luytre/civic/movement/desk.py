"""Agreeing: signing on the screen or on paper, allowing less, withdrawing. Each is one transaction with its step.

In one transaction rows are written in this order: `registry_registerstep`, `registry_lendingversion`, `movement_movementstep`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.filed import Filed, Taken
from luytre.civic.movement.models import MOST_NAME, MOST_PHONE, MovementStep, Signature, SignedOn, StepCode
from luytre.civic.movement.strokes import NoSignature, read_strokes, write_strokes
from luytre.civic.movement.text import AgreementText, Owner, agreement_text
from luytre.civic.registry import lending
from luytre.civic.registry.eye_checks import PHONE
from luytre.civic.registry.eyes import draft_of, locked, save_eye
from luytre.civic.registry.masks import masks_of
from luytre.civic.registry.models import Eye, LendingVersion
from luytre.civic.registry.refusals import Refusals
from luytre.civic.registry.seal import seal
from luytre.civic.registry.terms import NOTHING_HIDDEN, Terms, terms_of


class OtherText(ValidationError):
    """The text is not the one that was shown: it is read again, and signed then."""

    def __init__(self, field: str) -> None:
        words = N_("The text has changed since it was shown: the regulation, hidden areas or the camera's data are others now. "
                   "Read it again, and sign this one.")  # fmt: skip
        super().__init__({field: words})


SCANS = Taken("scan", most_mb=8)
"""Of papers that were signed."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page showed: the text's digest, the number of the terms that were in force (0: none)."""

    digest: str
    drawn_over: int


@dataclass(frozen=True, slots=True)
class Signing:
    """How it was signed: strokes as the browser sent them, or a scan with the code that stands on the paper."""

    strokes: str = ""
    scan: Filed | None = None
    code: str = ""


def with_areas(eye: Eye, wanted: Terms) -> Terms:
    """The terms as they would be signed now: what is hidden in the camera's picture at this moment is promised."""
    masks = masks_of(eye.camera) if eye.camera is not None else None
    return replace(wanted, areas=masks.polygons if masks is not None else NOTHING_HIDDEN, withdrawn=False)


def text_for(eye: Eye, owner: Owner, wanted: Terms, at: datetime) -> AgreementText:
    """What would be signed now. Errors: ValidationError by field (owner_name, owner_phone)."""
    _check_owner(owner)
    return agreement_text(eye, _tidied(owner), with_areas(eye, wanted), at)


def sign(by: User, eye: Eye, owner: Owner, wanted: Terms, shown: Shown, how: Signing, at: datetime) -> LendingVersion:
    """In force at once. `by` stood beside it.

    Errors: ValidationError by field (owner_name, owner_phone, tier, hours, days, strokes, scan, code), OtherText, without a field
    where somebody else was faster.
    """
    _check_owner(owner)
    owner = _tidied(owner)
    with transaction.atomic():
        present = locked(eye)
        text = agreement_text(present, owner, with_areas(present, wanted), at)
        way, strokes, digest = _signed(how, text, shown)
        present = _with_owner(by, present, owner, at)
        made = lending.put_terms(by, present, with_areas(present, wanted), shown.drawn_over, at, signed=True)
        Signature.objects.create(
            eye=present, number=made.number, at=at, witness=by, way=way, digest=text.digest, sealed_text=seal(text.as_json()),
            sealed_strokes=seal(strokes), scan=how.scan.name if how.scan else "",
        )  # fmt: skip
        MovementStep.objects.create(
            at=at, by=by, thing=present.key, code=StepCode.SIGNED, number=made.number, way=way, text_digest=text.digest,
            sign_digest=digest,
        )  # fmt: skip
    return made


def _signed(how: Signing, text: AgreementText, shown: Shown) -> tuple[str, str, str]:
    """Which way, the strokes as they are kept, and the digest of what proves it. Errors: ValidationError, OtherText."""
    if how.scan is not None:
        if how.code.strip().upper() != text.code:
            raise ValidationError({"code": N_("The code on the paper is another one: the text has changed since it was printed. "
                                              "Print it again, and have this one signed.")})  # fmt: skip
        return SignedOn.PAPER, "", how.scan.sha256
    if shown.digest != text.digest:
        raise OtherText("strokes")
    try:
        strokes = write_strokes(read_strokes(how.strokes))
    except NoSignature as error:
        raise ValidationError({"strokes": N_("Nothing was signed yet: the owner signs in the field with a finger.")}) from error
    return SignedOn.SCREEN, strokes, hashlib.sha256(strokes.encode()).hexdigest()


def _with_owner(by: User, eye: Eye, owner: Owner, at: datetime) -> Eye:
    """The register knows the owner as who signed it."""
    if (eye.owner_name, eye.owner_phone) == (owner.name, owner.phone or eye.owner_phone):
        return eye
    draft = replace(draft_of(eye), owner_name=owner.name, owner_phone=owner.phone or eye.owner_phone)
    return save_eye(by, draft, at, eye)


def _tidied(owner: Owner) -> Owner:
    return Owner(one_line(owner.name), one_line(owner.phone))


def _check_owner(owner: Owner) -> None:
    faults, tidied = Refusals(), _tidied(owner)
    if not tidied.name or len(tidied.name) > MOST_NAME:
        faults.tell("owner_name", N_("Write who signs: first and last name."))
    if tidied.phone and (PHONE.fullmatch(tidied.phone) is None or len(tidied.phone) > MOST_PHONE):
        faults.tell("owner_phone", N_("A telephone number has digits only, like 0912 345 678."))
    faults.raise_any()


def narrow(by: User | None, eye: Eye, wanted: Terms, drawn_over: int, at: datetime, note: str = "") -> LendingVersion:
    """Less is allowed, by the owner's word: at once. `by`: who wrote it down for the owner, with how the owner said so in
    `note`; None: the owner, by the link.

    Errors: ValidationError by field (note, tier, hours, days), without one where it allows more or somebody was faster.
    """
    before = terms_of(eye.key)
    if before is None or before.is_over(localdate(at)):
        raise ValidationError(N_("Nothing is agreed on with this owner, so there is nothing to allow less of."))
    if lending.is_wider(before, wanted) is False and lending.is_wider(wanted, before) is False:
        raise ValidationError({"tier": N_("This is what holds already.")})
    return _by_word(by, eye, replace(wanted, areas=before.areas, withdrawn=False), drawn_over, at, note, StepCode.NARROWED)


def withdraw(by: User | None, eye: Eye, drawn_over: int, at: datetime, note: str = "") -> LendingVersion:
    """Nothing is allowed any longer, at once. Errors: as `narrow`."""
    before = terms_of(eye.key)
    if before is None:
        if eye.camera is None:
            raise ValidationError(N_("Nothing is agreed on with this owner, and the camera is not connected."))
        before = Terms(eye.tier, areas=with_areas(eye, Terms(eye.tier)).areas)
    elif before.withdrawn:
        raise ValidationError(N_("It was withdrawn already."))
    elif before.is_over(localdate(at)):
        raise ValidationError(N_("The agreement is over already; nothing is recorded any longer."))
    return _by_word(by, eye, lending.withdrawn(before), drawn_over, at, note, StepCode.WITHDRAWN)


def _by_word(
    by: User | None, eye: Eye, wanted: Terms, drawn_over: int, at: datetime, note: str, code: StepCode
) -> LendingVersion:  # fmt: skip
    if by is not None and not one_line(note):
        raise ValidationError({"note": N_("Say how the owner told you: by telephone, at the meeting, in writing.")})
    with transaction.atomic():
        made = lending.put_terms(by, eye, wanted, drawn_over, at, signed=False)
        MovementStep.objects.create(
            at=at, by=by, thing=eye.key, code=code, number=made.number, note=one_line(note)[:400]
        )  # fmt: skip
    return made


def steps_of(eye: Eye) -> list[MovementStep]:
    """The newest first."""
    return list(MovementStep.objects.filter(thing=eye.key).select_related("by").order_by("-seq"))
