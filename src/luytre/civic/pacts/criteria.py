"""Sets of criteria: written, checked (the weights add up to 100), frozen by the first signature on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.committee.steps import check_line, check_once
from luytre.civic.pacts import steps
from luytre.civic.pacts.models import (
    MOST_LINE,
    MOST_NAME,
    OF_UNIONS,
    Audience,
    CriteriaSet,
    Criterion,
    Measure,
    StepCode,
)
from luytre.civic.pacts.scope import may_write
from luytre.civic.registry.refusals import Refusals

WHOLE = 100
MOST_LINES = 15
PROPOSAL: dict[str, tuple[tuple[str, int, str], ...]] = {
    Audience.HAMLET: (
        ("Camera của thôn hoạt động thường xuyên", 25, Measure.UPTIME),
        ("Hư hỏng được thôn ghi nhận trong 24 giờ", 10, Measure.TOLD),
        ("Hư hỏng được khắc phục trong 7 ngày", 15, Measure.REPAIRED),
        ("Hưởng ứng hiệu lệnh báo động", 15, Measure.ALARMS),
        ("Việc và báo cáo đúng hạn", 15, Measure.TASKS),
        ("Không để lộ, lọt hình ảnh", 10, Measure.BREACHES),
        ("Vận động nhân dân tham gia", 10, Measure.BOARD),
    ),
    Audience.UNION: (
        ("Việc và báo cáo đúng hạn", 30, Measure.TASKS),
        ("Không để lộ, lọt hình ảnh", 10, Measure.BREACHES),
        ("Vận động hội viên, nhân dân tham gia", 40, Measure.BOARD),
        ("Có sáng kiến, mô hình hay", 20, Measure.BOARD),
    ),
}
"""What a commune may begin with: a proposal, to be changed. In Vietnamese, since it goes on the commune's paper."""


@dataclass(frozen=True, slots=True)
class LineDraft:
    words: str
    weight: int | None
    measure: str


@dataclass(frozen=True, slots=True)
class SetDraft:
    """`once`: of the form; `revision`: of a set that is changed, the one that was read."""

    once: str
    audience: str
    title: str
    lines: Sequence[LineDraft]
    revision: int = 1


@transaction.atomic
def make(by: User, draft: SetDraft, at: datetime) -> CriteriaSet:
    """The next version of its audience. Pressed twice, it is one. Errors: ValidationError by field (title, audience, weights)."""
    may_write(by, at)
    _check(draft)
    steps.one_after_the_other()
    if before := CriteriaSet.objects.filter(once=draft.once).first():
        return before
    last = CriteriaSet.objects.filter(audience=draft.audience).aggregate(last=Max("number"))["last"] or 0
    made = CriteriaSet.objects.create(
        once=draft.once, audience=draft.audience, number=last + 1, title=one_line(draft.title), by=by, made=at
    )
    _write_lines(made, draft)
    steps.write(by, StepCode.WRITTEN, made.key, at, note=draft.title)
    return made


@transaction.atomic
def change(by: User, found: CriteriaSet, draft: SetDraft, at: datetime) -> None:
    """Errors: ValidationError by field; also where a pact was signed on it meanwhile."""
    may_write(by, at)
    steps.one_after_the_other()
    there = CriteriaSet.objects.select_for_update().get(pk=found.pk)
    if there.frozen is not None:
        raise ValidationError(N_("A pact was signed on these criteria: they stay as they are. Make a new version of them."))
    if draft.revision != there.revision:
        raise ValidationError(
            N_("Somebody else changed this since you opened it. What you typed is still here: press again.")
        )  # fmt: skip
    _check(draft)
    there.title, there.revision = one_line(draft.title), there.revision + 1
    there.save(update_fields=["title", "revision"])
    there.lines.all().delete()
    _write_lines(there, draft)
    steps.write(by, StepCode.WRITTEN, there.key, at, note=draft.title)


def freeze(by: User, there: CriteriaSet, at: datetime) -> None:
    """With the first signature on it, in its transaction."""
    if there.frozen is None:
        CriteriaSet.objects.filter(pk=there.pk).update(frozen=at)
        steps.write(by, StepCode.FROZEN, there.key, at)


def _write_lines(made: CriteriaSet, draft: SetDraft) -> None:
    Criterion.objects.bulk_create([
        Criterion(criteria=made, number=number, words=one_line(one.words), weight=one.weight or 0, measure=one.measure)
        for number, one in enumerate(draft.lines, 1)
    ])  # fmt: skip


def _check(draft: SetDraft) -> None:
    faults = Refusals()
    check_once(faults, draft.once)
    check_line(faults, "title", draft.title, MOST_NAME, N_("Write what this set of criteria is called."))
    if draft.audience not in Audience.values:
        faults.tell("audience", N_("Choose for whom the criteria are."))
    if not 1 <= len(draft.lines) <= MOST_LINES:
        faults.tell("weights", N_("From one to %(most)s criteria."), most=MOST_LINES)
    for number, one in enumerate(draft.lines, 1):
        if not one_line(one.words) or len(one_line(one.words)) > MOST_LINE:
            faults.tell("weights", N_("Criterion %(number)s: write what it is, in one line."), number=number)
        if one.weight is None or not 1 <= one.weight <= WHOLE:
            faults.tell("weights", N_("Criterion %(number)s: a weight from 1 to 100."), number=number)
        if one.measure not in Measure.values or (draft.audience == Audience.UNION and one.measure not in OF_UNIONS):
            faults.tell("weights", N_("Criterion %(number)s: this cannot be measured for these units."), number=number)
    total = sum(one.weight or 0 for one in draft.lines)
    if total < WHOLE:
        faults.tell(
            "weights", N_("The weights add up to %(sum)s, not to 100: %(lack)s are missing."), sum=total, lack=WHOLE - total
        )
    elif total > WHOLE:
        faults.tell("weights", N_("The weights add up to %(sum)s, not to 100: %(more)s too many."), sum=total, more=total - WHOLE)
    faults.raise_any()
