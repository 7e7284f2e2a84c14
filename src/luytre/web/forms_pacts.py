"""Forms of emulation pacts: criteria with weights, the pact, scores, breaches, commendations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.base.errors import UsageError
from luytre.civic.access.models import Unit
from luytre.civic.committee.models import Document, DocumentKind
from luytre.civic.committee.tasks import units_on
from luytre.civic.pacts.commending import CommendationDraft
from luytre.civic.pacts.criteria import MOST_LINES, PROPOSAL, LineDraft, SetDraft
from luytre.civic.pacts.figures import Line
from luytre.civic.pacts.models import (
    MOST_LINE,
    MOST_NAME,
    MOST_NOTE,
    Audience,
    CriteriaSet,
    Measure,
    Quarter,
)
from luytre.civic.pacts.quarters import Points
from luytre.civic.pacts.signing import PactDraft
from luytre.civic.registry.figures import parse_number
from luytre.web.days import DayField
from luytre.web.figure_fields import FigureField, in_words
from luytre.web.forms_committee import Form, OnceForm, text_field
from luytre.web.register_words import choices

QUARTERS = [("1", "I"), ("2", "II"), ("3", "III"), ("4", "IV")]


def unit_choices() -> list[tuple[str, str]]:
    return [("", "—"), *((str(one.unit.pk), one.name) for one in units_on(timezone.localdate()))]


def unit_of(chosen: str) -> Unit | None:
    return Unit.objects.filter(pk=int(chosen)).first() if chosen.isascii() and chosen.isdecimal() and len(chosen) < 10 else None


# --- criteria ---------------------------------------------------------------------------------------------------------
class CriteriaForm(OnceForm):
    """`MOST_LINES` lines of words, weight and measure; those without any of words and weight are left out."""

    revision = forms.IntegerField(widget=forms.HiddenInput, initial=1, required=False)
    title = forms.CharField(label=gettext_lazy("Name of these criteria"), max_length=MOST_NAME)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_LINES + 1):
            words = forms.CharField(label=_("Criterion"), required=False, max_length=MOST_LINE)
            measures = forms.ChoiceField(label=_("How it is measured"), choices=choices(Measure), initial=Measure.BOARD)
            for name, field, looks in (
                (f"words-{number}", words, "form-control"), (f"measure-{number}", measures, "form-select"),
                (f"weight-{number}", FigureField(label=_("Weight"), whole=True), "form-control"),
            ):  # fmt: skip
                field.widget.attrs |= {"class": looks, "autocomplete": "off", "aria-describedby": "err-weights"}
                self.fields[name] = field

    @property
    def rows(self) -> list[tuple[int, Any, Any, Any]]:
        return [
            (number, self[f"words-{number}"], self[f"weight-{number}"], self[f"measure-{number}"])
            for number in range(1, MOST_LINES + 1)
        ]

    def draft(self, audience: str) -> SetDraft:
        data = self.cleaned_data
        lines = [
            LineDraft(data[f"words-{number}"], data[f"weight-{number}"], data[f"measure-{number}"])
            for number in range(1, MOST_LINES + 1)
            if data[f"words-{number}"] or data[f"weight-{number}"]
        ]
        return SetDraft(data["once"], audience, data["title"], lines, data["revision"] or 1)


def criteria_initial(found: CriteriaSet | None, audience: str) -> dict[str, Any]:
    """Of a set; without one, what the program proposes."""
    lines: Sequence[tuple[str, int, str]] = (
        [(one.words, one.weight, one.measure) for one in found.lines.all()] if found else PROPOSAL[audience]
    )
    told: dict[str, Any] = {"title": found.title if found else "", "revision": found.revision if found else 1}
    for number, (words, weight, measure) in enumerate(lines, 1):
        told |= {f"words-{number}": words, f"weight-{number}": str(weight), f"measure-{number}": measure}
    return told


# --- pacts ------------------------------------------------------------------------------------------------------------
class PactForm(OnceForm):
    unit = forms.ChoiceField(label=gettext_lazy("Unit"))
    criteria = forms.ChoiceField(label=gettext_lazy("Criteria"))
    year = FigureField(label=gettext_lazy("Year"), whole=True)
    first_quarter = forms.ChoiceField(label=gettext_lazy("From quarter"), choices=QUARTERS, initial="1")
    last_quarter = forms.ChoiceField(label=gettext_lazy("To quarter"), choices=QUARTERS, initial="4")
    words = text_field(gettext_lazy("What else is promised"), rows=3, help_text=gettext_lazy("One promise a line."))
    conference = DayField(label=gettext_lazy("Day of the conference"))
    unit_signer = forms.CharField(label=gettext_lazy("Who signs for the unit"), max_length=MOST_NAME)
    unit_post = forms.CharField(label=gettext_lazy("As what (unit)"), max_length=MOST_NAME)
    board_signer = forms.CharField(label=gettext_lazy("Who signs for the committee"), max_length=MOST_NAME)
    board_post = forms.CharField(label=gettext_lazy("As what (committee)"), max_length=MOST_NAME)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("year", str(timezone.localdate().year))
        self.offer("unit", unit_choices())
        sets = [
            (one.key, f"{one.title} ({_(str(Audience(one.audience).label))}, {one.number})") for one in CriteriaSet.objects.all()
        ]
        self.offer("criteria", [("", "—"), *sets])

    def draft(self) -> PactDraft:
        data = self.cleaned_data
        criteria = CriteriaSet.objects.filter(key=data["criteria"]).first()
        return PactDraft(
            data["once"], criteria, unit_of(data["unit"]), int(data["year"] or 0), int(data["first_quarter"]),
            int(data["last_quarter"]), data["words"], data["conference"], data["unit_signer"], data["unit_post"],
            data["board_signer"], data["board_post"],
        )  # fmt: skip


class FiledForm(Form):
    document = forms.ChoiceField(label=gettext_lazy("Its line in the register"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = Document.objects.filter(struck=None, kind=DocumentKind.PACT)
        self.offer("document", [("", "—"), *((one.key, f"{one.sign}: {one.subject[:60]}") for one in found)])

    def chosen(self) -> Document | None:
        return Document.objects.filter(key=self.cleaned_data["document"]).first()


# --- scores -----------------------------------------------------------------------------------------------------------
class PointsField(forms.CharField):
    """Points with at most one digit behind the comma, in tenths; None for nothing."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=10, required=False, **more)
        self.widget.attrs |= {"inputmode": "decimal"}

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            tenths = round(parse_number(text) * 10, 6)
        except UsageError as error:
            raise in_words(error) from error
        if tenths != round(tenths) or not 0 <= tenths <= 1000:
            raise ValidationError(_("From 0 to 100, with one digit behind the comma at most."))
        return int(tenths)


class ScoreForm(Form):
    """A line for each criterion. `part`: own or board; fields are called `own-7`, `own-note-7`."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, part: str, lines: Sequence[Line], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part, self.lines = part, lines
        for one in lines:
            name = f"{part}-{one.criterion}"
            for field_name, field in (
                (name, PointsField(label=_("Points (score)"))),
                (f"{part}-note-{one.criterion}", forms.CharField(label=_("Note"), required=False, max_length=MOST_NOTE)),
            ):
                field.widget.attrs |= {"class": "form-control", "autocomplete": "off", "aria-describedby": f"err-{name}"}
                self.fields[field_name] = field

    def pair(self, criterion: int) -> tuple[Any, Any]:
        return self[f"{self.part}-{criterion}"], self[f"{self.part}-note-{criterion}"]

    def given(self) -> dict[int, Points]:
        data = self.cleaned_data
        return {
            one.criterion: Points(data[f"{self.part}-{one.criterion}"], data[f"{self.part}-note-{one.criterion}"])
            for one in self.lines
        }


def score_initial(part: str, lines: Sequence[Line], revision: int, shown: Mapping[int, str]) -> dict[str, Any]:
    """`shown`: points in words, by criterion."""
    told: dict[str, Any] = {"revision": revision}
    for one in lines:
        told |= {
            f"{part}-{one.criterion}": shown[one.criterion],
            f"{part}-note-{one.criterion}": one.own_note if part == "own" else one.board_reason,
        }
    return told


class BreachForm(Form):
    unit = forms.ChoiceField(label=gettext_lazy("Unit"))
    day = DayField(label=gettext_lazy("Day"))
    note = forms.CharField(
        label=gettext_lazy("What was confirmed"), max_length=MOST_NOTE,
        help_text=gettext_lazy("No names of people here: what is written here cannot be erased."),
    )  # fmt: skip

    def __init__(self, offered: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("unit", [("", "—"), *offered])


# --- commendations ----------------------------------------------------------------------------------------------------
class CommendationForm(OnceForm):
    quarter = forms.ChoiceField(label=gettext_lazy("Quarter"))
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), required=False)
    office = forms.CharField(
        label=gettext_lazy("Or a person, by office"), required=False, max_length=MOST_NAME,
        help_text=gettext_lazy("Like “Head of Đông hamlet”."),
    )  # fmt: skip
    words = forms.CharField(label=gettext_lazy("What for (commendation)"), max_length=MOST_LINE)
    sign = forms.CharField(label=gettext_lazy("Number of the decision"), max_length=60)
    day = DayField(label=gettext_lazy("Day of the decision"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("quarter", [(one.thing, f"{one.number}/{one.year}") for one in Quarter.objects.all()])
        self.offer("unit", unit_choices())

    def draft(self) -> CommendationDraft:
        data = self.cleaned_data
        year, _dash, number = data["quarter"].partition("-")
        quarter = Quarter.objects.filter(year=int(year), number=int(number)).first()
        return CommendationDraft(
            data["once"], quarter, unit_of(data["unit"]), data["office"], data["words"], data["sign"], data["day"]
        )  # fmt: skip
