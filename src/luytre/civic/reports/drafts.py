"""Drafts: made by the program when a period ends, written by people, guarded by a stamp, begun again with a reason."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Min

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.periods import Period, Sort, of_day, parse
from luytre.civic.reports.compute import figures_of, zone
from luytre.civic.reports.figures import Figures, Moved, differences, from_json, to_json
from luytre.civic.reports.models import MOST_REASON, MOST_WORDS, Draft, Report
from luytre.civic.reports.sentences import Words, propose

PARTS = ("situation", "results", "lacking", "ahead")


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote, and which saving of the draft was on the page then."""

    words: Words
    stamp: int


def issued(period: Period) -> Report | None:
    """The newest report of it."""
    return Report.objects.filter(period=period.key).order_by("-version").first()


def draft_of(period: Period) -> Draft | None:
    return Draft.objects.filter(period=period.key).first()


def begin(period: Period, now: datetime) -> Draft:
    """The draft, made with the program's proposal where there is none. Errors: ValidationError where it was issued, or has not
    ended."""
    found = draft_of(period)
    if found is not None:
        return found
    refuse_issued(period)
    return _propose(period, now, "")


def refuse_issued(period: Period) -> None:
    """Errors: ValidationError where a report of it was issued and nobody said that there must be another."""
    report = issued(period)
    if report is not None and draft_of(period) is None:
        raise ValidationError(
            N_("The report of this period was issued as %(sign)s on %(day)s and stays as it is. Where it must be corrected, the "
               "head writes another in its place and says why."),
            params={"sign": report.sign, "day": f"{report.day:%d/%m/%Y}"},
        )  # fmt: skip


def _propose(period: Period, now: datetime, reason: str) -> Draft:
    if not period.is_over(now, zone()):
        raise ValidationError(N_("This period is not over: its numbers can be read, but no report is written of it yet."))
    figures = figures_of(period, now)
    words = propose(period, figures)
    try:
        with transaction.atomic():
            return Draft.objects.create(
                period=period.key, made=now, changed=now, seen=json.dumps(to_json(figures)), reason=reason,
                **{name: getattr(words, name) for name in PARTS},
            )  # fmt: skip
    except IntegrityError:  # somebody began it at the same moment
        return Draft.objects.get(period=period.key)


def begin_again(by: User, period: Period, why: str, now: datetime) -> Draft:
    """Another report in place of one that was issued. `by` is the head: the page's right. Errors: ValidationError by field."""
    why = one_line(why)[:MOST_REASON]
    if not why:
        raise ValidationError({"reason": N_("Say why another report must stand in its place.")})
    if issued(period) is None:
        raise ValidationError({"reason": N_("No report of this period was issued yet.")})
    if draft_of(period) is not None:
        raise ValidationError({"reason": N_("Another report of this period is being written already.")})
    made = _propose(period, now, why)
    Draft.objects.filter(pk=made.pk).update(changed_by=by)
    return made


def save(by: User, period: Period, written: Written, figures: Figures | None, now: datetime) -> Draft:
    """`figures`: those that stood beside the words; None: they are others by now, so what has changed is told still.
    Errors: ValidationError, where it was saved or issued by somebody else meanwhile or a part is too long."""
    faults = {name: N_("This is too long.") for name in PARTS if len(getattr(written.words, name)) > MOST_WORDS}
    if faults:
        raise ValidationError(faults)
    refuse_issued(period)
    fresh = {"seen": json.dumps(to_json(figures))} if figures is not None else {}
    changed = Draft.objects.filter(period=period.key, stamp=written.stamp).update(
        stamp=written.stamp + 1, changed=now, changed_by=by, **fresh,
        **{name: getattr(written.words, name).strip() for name in PARTS},
    )  # fmt: skip
    if not changed:
        raise ValidationError(
            N_(
                "Somebody else saved this draft meanwhile. What you wrote stands here still: compare it with what is saved, "
                "then save."
            )
        )
    return Draft.objects.get(period=period.key)


def drop(period: Period) -> None:
    """Another report is not written after all: the issued one stays. Errors: ValidationError for a first report, which stays
    a draft."""
    if not Draft.objects.filter(period=period.key).exclude(reason="").delete()[0]:
        raise ValidationError(N_("This draft is the period's first: it is edited, not dropped."))


def words_of(draft: Draft) -> Words:
    return Words(draft.situation, draft.results, draft.lacking, draft.ahead)


def moved_since(draft: Draft, figures: Figures) -> tuple[Moved, ...]:
    """Numbers that became others since somebody wrote."""
    return differences(from_json(json.loads(draft.seen)), figures)


def draft_ended(now: datetime) -> int:
    """Drafts of the last period of each sort that ended, where there is none and none was issued. How many were made.

    Nothing for periods before the commune had this program. Doing it twice makes nothing twice. Errors: django.db.Error.
    """
    begun = User.objects.aggregate(first=Min("created"))["first"]
    made = 0
    for period in _ended(now):
        if begun is None or period.span(zone())[1] <= begun or draft_of(period) or issued(period):
            continue
        _propose(period, now, "")
        made += 1
    return made


def _ended(now: datetime) -> Iterator[Period]:
    today = now.astimezone(zone()).date()
    return (of_day(sort, today).before for sort in Sort)


def periods_known() -> list[Period]:
    """Those with a draft or a report, the latest end first."""
    keys = {*Draft.objects.values_list("period", flat=True), *Report.objects.values_list("period", flat=True)}
    return sorted((parse(key) for key in keys), key=lambda one: (one.last, one.days), reverse=True)
