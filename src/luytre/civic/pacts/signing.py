"""Pacts: drawn up, signed by two sides at the conference, withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import Unit, User
from luytre.civic.access.units import histories
from luytre.civic.committee.models import Document
from luytre.civic.committee.steps import as_text, check_line, check_once, check_text, lines_of
from luytre.civic.pacts import steps
from luytre.civic.pacts.criteria import freeze
from luytre.civic.pacts.models import MOST_NAME, MOST_NOTE, MOST_TEXT, Audience, CriteriaSet, Pact, StepCode
from luytre.civic.pacts.scope import may_write, own_places, writes
from luytre.civic.registry.refusals import Refusals


@dataclass(frozen=True, slots=True)
class PactDraft:
    """`words`: one promise a line. Signers by name and post, as they stand on the paper. `once`: of the form."""

    once: str
    criteria: CriteriaSet | None
    unit: Unit | None
    year: int
    first_quarter: int
    last_quarter: int
    words: str
    conference: date
    unit_signer: str
    unit_post: str
    board_signer: str
    board_post: str


@transaction.atomic
def draw_up(by: User, draft: PactDraft, at: datetime) -> Pact:
    """Pressed twice, it is one. Errors: ValidationError by field."""
    may_write(by, at)
    criteria, unit = _checked(draft, at)
    steps.one_after_the_other()
    if before := Pact.objects.filter(once=draft.once).first():
        return before
    over = Pact.objects.filter(
        unit=unit, year=draft.year, withdrawn=None, first_quarter__lte=draft.last_quarter, last_quarter__gte=draft.first_quarter
    )
    if over.exists():
        raise ValidationError({"unit": N_("This unit has a pact for a quarter of this time already.")})
    made = Pact.objects.create(
        once=draft.once, criteria=criteria, unit=unit, year=draft.year, first_quarter=draft.first_quarter,
        last_quarter=draft.last_quarter, words=as_text(lines_of(draft.words)), conference=draft.conference,
        unit_signer=one_line(draft.unit_signer), unit_post=one_line(draft.unit_post),
        board_signer=one_line(draft.board_signer), board_post=one_line(draft.board_post), by=by, made=at,
    )  # fmt: skip
    steps.write(by, StepCode.DRAWN, made.key, at, day=draft.conference)
    return made


def _checked(draft: PactDraft, at: datetime) -> tuple[CriteriaSet, Unit]:
    faults, today = Refusals(), localdate(at)
    check_once(faults, draft.once)
    if draft.criteria is None:
        faults.tell("criteria", N_("Choose the criteria."))
    if draft.unit is None or (history := histories(pk=draft.unit.pk)[draft.unit.pk]).end is not None:
        faults.tell("unit", N_("Choose a unit that is there."))
    elif draft.criteria is not None and (draft.criteria.audience == Audience.HAMLET) != (history.place is not None):
        faults.tell("criteria", N_("These criteria are for units of another kind: hamlets have theirs, unions theirs."))
    if not today.year - 1 <= draft.year <= today.year + 1:
        faults.tell("year", N_("Last year, this one or the next."))
    if not 1 <= draft.first_quarter <= draft.last_quarter <= 4:
        faults.tell("last_quarter", N_("The last quarter must not lie before the first."))
    if abs(draft.conference - today) > timedelta(days=731):
        faults.tell("conference", N_("Within two years."))
    for field, text in (("unit_signer", draft.unit_signer), ("unit_post", draft.unit_post),
                        ("board_signer", draft.board_signer), ("board_post", draft.board_post)):  # fmt: skip
        check_line(faults, field, text, MOST_NAME, N_("It stands on the paper: write it."))
    check_text(faults, "words", draft.words, MOST_TEXT)
    faults.raise_any()
    assert draft.criteria is not None
    assert draft.unit is not None
    return draft.criteria, draft.unit


def may_sign(user: User, pact: Pact, part: str, at: datetime) -> bool:
    """On the screen: the hamlet's head for the hamlet, the committee and the head for the committee."""
    if part == "unit":
        return pact.unit.place is not None and pact.unit.place in own_places(user, at)
    return part == "board" and writes(user, at)


@transaction.atomic
def sign(by: User, pact: Pact, part: str, at: datetime, *, on_paper: bool = False) -> bool:
    """`part`: unit or board. On the screen who may sign; what was signed by hand is written down by the committee.

    True: both have signed. The first signature freezes the criteria. Errors: ValidationError."""
    steps.one_after_the_other()
    there = Pact.objects.select_for_update(of=("self",)).select_related("unit", "criteria").get(pk=pact.pk)
    if part not in ("unit", "board"):
        raise ValidationError(N_("Choose for whom it is signed."))
    if there.withdrawn is not None:
        raise ValidationError(N_("This pact was withdrawn."))
    signer = there.unit_signer if part == "unit" else there.board_signer
    if (there.unit_signed if part == "unit" else there.board_signed) is not None:
        raise ValidationError(N_("%(name)s has signed already. Nothing was signed twice."), params={"name": signer})
    if not (writes(by, at) if on_paper else may_sign(by, there, part, at)):
        raise ValidationError(N_("You do not sign this part. Was it signed on paper, the committee writes that down."))
    setattr(there, f"{part}_signed", at)
    there.save(update_fields=[f"{part}_signed"])
    freeze(by, there.criteria, at)
    steps.write(by, part, there.key, at, note=f"{signer}{' (giấy)' if on_paper else ''}")
    return there.is_signed


@transaction.atomic
def file(by: User, pact: Pact, document: Document | None, at: datetime) -> None:
    """Names its line in the register. Errors: ValidationError by field (document)."""
    may_write(by, at)
    if document is None or document.struck:
        raise ValidationError({"document": N_("Choose its line in the register; enter it there first.")})
    Pact.objects.filter(pk=pact.pk).update(document=document)
    steps.write(by, StepCode.FILED, pact.key, at, note=document.sign)


@transaction.atomic
def withdraw(by: User, pact: Pact, why: str, at: datetime) -> None:
    """It is scored no more; closed quarters keep what they said. Errors: ValidationError by field (why)."""
    may_write(by, at)
    faults = Refusals()
    check_line(faults, "why", why, MOST_NOTE, N_("Say why it is withdrawn."))
    faults.raise_any()
    steps.one_after_the_other()
    if Pact.objects.filter(pk=pact.pk, withdrawn=None).update(withdrawn=at):
        steps.write(by, StepCode.WITHDRAWN, pact.key, at, note=why)


def signed_places(year: int) -> frozenset[str]:
    """Keys of the hamlets whose pact of a year is signed by both."""
    found = Pact.objects.filter(year=year, withdrawn=None, unit_signed__isnull=False, board_signed__isnull=False)
    return frozenset(place for place in found.values_list("unit__place", flat=True) if place)
