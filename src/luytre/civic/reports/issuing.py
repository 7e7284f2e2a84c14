"""Issuing: figures, words and rows of a period are frozen under a number, and the draft is over."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.periods import Period
from luytre.civic.registry.models import Commune
from luytre.civic.registry.places import place_name
from luytre.civic.registry.refusals import Refusals
from luytre.civic.reports.compute import frozen_with_rows, zone
from luytre.civic.reports.drafts import draft_of, issued, refuse_issued, words_of
from luytre.civic.reports.figures import Figures, Row, from_json, frozen_row, numbers_digest, thawed_row, to_json
from luytre.civic.reports.models import MOST_LINE, Draft, Report
from luytre.civic.reports.sentences import Words

FORMAT = "luytre-report-1"


@dataclass(frozen=True, slots=True)
class Document:
    """What makes it a document. `digest`: of the numbers that stood on the page (`figures.numbers_digest`)."""

    sign: str
    day: date
    signer_title: str
    signer: str
    stamp: int
    digest: str


@dataclass(frozen=True, slots=True)
class Frozen:
    """An issued report as it was: nothing of it is read from elsewhere again."""

    figures: Figures
    words: Words
    rows: Mapping[str, Mapping[str, Sequence[Row]]]
    places: Mapping[str, str]
    """Hamlets' names of that day, by their keys."""
    commune: str


def issue(by: User, period: Period, document: Document, now: datetime) -> Report:
    """`by` is the head: the page's right. Errors: ValidationError by field; nothing is issued then."""
    refuse_issued(period)
    _check(period, document, now)
    figures, rows = frozen_with_rows(period, now)
    if numbers_digest(figures) != document.digest:
        raise ValidationError(N_("Numbers changed since this page was opened. Look at them again, then issue."))
    try:
        with transaction.atomic():
            draft = Draft.objects.select_for_update().filter(period=period.key, stamp=document.stamp).first()
            if draft is None:
                raise ValidationError(N_("Somebody else saved or issued this report meanwhile: look at it again."))
            before = issued(period)
            made = Report.objects.create(
                at=now, by=by, period=period.key, version=(before.version if before else 0) + 1, sign=one_line(document.sign),
                iso=document.day.isoformat(), signer_title=one_line(document.signer_title), signer=one_line(document.signer),
                reason=draft.reason, content=content_of(figures, words_of(draft), rows),
            )  # fmt: skip
            draft.delete()
    except IntegrityError as error:
        raise ValidationError(N_("Somebody else saved or issued this report meanwhile: look at it again.")) from error
    return made


def _check(period: Period, document: Document, now: datetime) -> None:
    found, draft = Refusals(), draft_of(period)
    if not period.is_over(now, zone()):
        found.tell("__all__", N_("This period is not over: its numbers can be read, but no report is written of it yet."))
    for name, empty in (("sign", N_("Write the number and sign of the document.")), ("signer", N_("Say who signs."))):
        if not one_line(getattr(document, name)):
            found.tell(name, empty)
    for name, most in (("sign", 60), ("signer", MOST_LINE), ("signer_title", MOST_LINE)):
        if len(one_line(getattr(document, name))) > most:
            found.tell(name, N_("This is too long."))
    today = now.astimezone(zone()).date()
    if document.day > today:
        found.tell("day", N_("This day is still to come."))
    elif document.day <= period.last:
        found.tell("day", N_("A report is issued after its period is over."))
    same = Report.objects.filter(sign=one_line(document.sign), iso__startswith=f"{document.day.year}-").first()
    if same is not None:
        found.tell("sign", N_("Another report of this year has this number."))
    if draft is not None and not all(part.strip() for part in asdict(words_of(draft)).values()):
        found.tell("__all__", N_("A part of the words is empty: write it and save first."))
    found.raise_any()


def content_of(figures: Figures, words: Words, rows: Mapping[str, Mapping[str, Sequence[Row]]]) -> str:
    """What is frozen, as JSON: it is under the chain, so it cannot be erased, and names nobody."""
    places = {place.place for section in figures.sections for figure in section.figures for place in figure.places if place.place}
    said: dict[str, Any] = {
        "format": FORMAT, "figures": to_json(figures), "words": asdict(words), "commune": Commune.here().name,
        "places": {place: place_name(place) or "" for place in sorted(places)},
        "rows": {key: {name: [frozen_row(row) for row in each] for name, each in of.items()} for key, of in rows.items()},
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False, sort_keys=True)


def frozen(report: Report) -> Frozen:
    said = json.loads(report.content)
    return Frozen(
        from_json(said["figures"]), Words(**said["words"]),
        {key: {name: [thawed_row(row) for row in each] for name, each in of.items()} for key, of in said["rows"].items()},
        said["places"], said["commune"],
    )  # fmt: skip
