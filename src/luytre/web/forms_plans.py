"""Forms of plans: the wishes, a candidate, the figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.base.errors import UsageError
from luytre.base.money import dong, parse_dong
from luytre.civic.ground.models import Place, PlaceKind
from luytre.civic.planning.ask import Ask, Funding
from luytre.civic.planning.candidates import COSTS, CandidateDraft
from luytre.civic.planning.figures import Values, Weights
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.order import hamlets_in_order, name_key
from luytre.civic.registry.position import format_position
from luytre.civic.registry.refusals import said
from luytre.civic.survey.models import Need, NeedState
from luytre.web.figure_fields import FigureField, PositionField, in_words
from luytre.web.plan_words import COST_WORDS, FIGURE_WORDS, LEVEL_WORDS, WEIGHT_WORDS
from luytre.web.register_words import figure_words

_LEAST = "least_"


class MoneyField(forms.CharField):
    """Whole dong, or None for nothing; what was typed stays in the field when it is wrong."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=40, required=False, **more)
        self.widget.attrs |= {"inputmode": "text"}

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return parse_dong(text) if text else None
        except UsageError as error:
            raise in_words(error) from error


def dress(form: forms.Form) -> None:
    """Looks of the fields, and where each one's error and help stand."""
    for name, field in form.fields.items():
        if isinstance(field.widget, forms.HiddenInput):
            continue
        described = f"err-{name}" + (f" help-{name}" if field.help_text else "")
        looks = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
        field.widget.attrs |= {"class": looks, "autocomplete": "off", "aria-describedby": described}


def tell(form: forms.Form, error: ValidationError, names: dict[str, str] | None = None) -> None:
    """What was found wrong, at its field; `names`: where a field of the error stands in the form."""
    for name, words in said(error).items():
        at = (names or {}).get(name, name)
        form.add_error(at if at in form.fields else None, words)


class PlanForm(forms.Form):
    """The wishes of a plan. Pins and places left out are set at the candidates, and stay as they are here."""

    name = forms.CharField(label=gettext_lazy("Name of the plan"), max_length=120)
    eyes = FigureField(label=gettext_lazy("New eyes"), whole=True, help_text=gettext_lazy("Empty: as many as the money buys."))
    budget = MoneyField(label=gettext_lazy("Money for them, dong"), help_text=gettext_lazy("Like 200 triệu. Empty: no limit."))
    level = forms.ChoiceField(label=gettext_lazy("What the picture must allow"))
    phases = forms.CharField(
        label=gettext_lazy("Phases"), max_length=60, required=False,
        help_text=gettext_lazy("How many new eyes in each, like 8, 7. Empty: all at once."),
    )  # fmt: skip
    hot_spot_eyes = FigureField(
        label=gettext_lazy("Eyes for each hot spot"), whole=True,
        help_text=gettext_lazy("With 2, one may fail: a hot spot counts only when so many eyes see it."),
    )  # fmt: skip
    required = forms.MultipleChoiceField(
        label=gettext_lazy("Must be seen"), required=False, widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    funding = forms.CharField(
        label=gettext_lazy("Where the money comes from"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("A source a line, like: Commune budget: 100 triệu."),
    )  # fmt: skip
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        level, required = self.fields["level"], self.fields["required"]
        assert isinstance(level, forms.ChoiceField)
        assert isinstance(required, forms.MultipleChoiceField)
        level.choices = [(value, _(words)) for value, words in LEVEL_WORDS.items()]
        required.choices = list(_may_be_required())
        self.hamlets = hamlets_in_order(Hamlet.objects.all())
        for hamlet in self.hamlets:
            self.fields[f"{_LEAST}{hamlet.pk}"] = FigureField(label=hamlet.name, whole=True)
        dress(self)
        required.widget.attrs["class"] = "form-check-input"

    def least_fields(self) -> list[forms.BoundField]:
        return [self[f"{_LEAST}{hamlet.pk}"] for hamlet in self.hamlets]

    def clean_phases(self) -> tuple[int, ...]:
        parts = self.cleaned_data["phases"].replace(",", " ").replace(";", " ").replace("+", " ").split()
        if not all(part.isascii() and part.isdecimal() and len(part) <= 3 for part in parts):
            raise ValidationError(_("Write the numbers with a comma between, like 8, 7."))
        return tuple(int(part) for part in parts)

    def clean_funding(self) -> tuple[Funding, ...]:
        found = []
        for line in filter(None, (line.strip() for line in self.cleaned_data["funding"].splitlines())):
            source, _colon, amount = line.rpartition(":")
            try:
                found.append(Funding(" ".join(source.split()), parse_dong(amount)))
            except UsageError as error:
                raise ValidationError(_("“%(line)s” is no source with an amount.") % {"line": line[:80]}) from error
        return tuple(found)

    def ask(self, before: Ask) -> Ask:
        """Only after `is_valid`. `before`: what is not in this form stays."""
        data = self.cleaned_data
        least = {str(hamlet.pk): data[f"{_LEAST}{hamlet.pk}"] or 0 for hamlet in self.hamlets}
        return msgspec.structs.replace(
            before, eyes=data["eyes"], budget_vnd=data["budget"], level=data["level"], phases=data["phases"],
            hot_spot_eyes=data["hot_spot_eyes"] or 1, required=tuple(data["required"]), funding=data["funding"],
            least={hamlet: number for hamlet, number in least.items() if number},
        )  # fmt: skip


def plan_initial(name: str, ask: Ask, revision: int | None) -> dict[str, Any]:
    """The form's beginning."""
    return {
        "name": name, "eyes": "" if ask.eyes is None else ask.eyes,
        "budget": "" if ask.budget_vnd is None else dong(ask.budget_vnd),
        "level": ask.level, "phases": ", ".join(map(str, ask.phases)), "hot_spot_eyes": ask.hot_spot_eyes,
        "required": list(ask.required), "revision": revision,
        "funding": "\n".join(f"{one.source}: {dong(one.vnd)}" for one in ask.funding),
    } | {f"{_LEAST}{hamlet}": least for hamlet, least in ask.least.items()}  # fmt: skip


PLAN_FIELDS = {"budget_vnd": "budget"}


def _may_be_required() -> Iterator[tuple[str, str]]:
    places = Place.objects.filter(archived=False).exclude(kind=PlaceKind.ROUTE)
    for place in sorted(places, key=lambda one: name_key(one.name)):
        yield place.key, f"{place.name} ({_(str(PlaceKind(place.kind).label))})"
    needs = Need.objects.filter(state__in=[NeedState.OPEN, NeedState.PLANNED])
    for need in sorted(needs, key=lambda one: name_key(one.name)):
        yield need.key, f"{need.name} ({_('need')})"


class CandidateForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    position = PositionField(label=gettext_lazy("Coordinates"), max_length=80, help_text=gettext_lazy("Like 21.0285, 105.8542."))
    hamlet = forms.ChoiceField(label=gettext_lazy("Hamlet"), required=False)
    bearings = forms.CharField(
        label=gettext_lazy("Bearings to choose from"), max_length=200, required=False,
        help_text=gettext_lazy("Degrees from north, like 90 270. Empty: all around, as in the figures."),
    )  # fmt: skip
    most_eyes = FigureField(label=gettext_lazy("At most so many eyes here"), whole=True)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=400, required=False)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, values: Values, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hamlet = self.fields["hamlet"]
        assert isinstance(hamlet, forms.ChoiceField)
        hamlet.choices = [("", "—"), *((one.name, one.name) for one in hamlets_in_order(Hamlet.objects.all()))]
        for name in COSTS:
            usual = _("Empty: %(cost)s.") % {"cost": dong(getattr(values, name))}
            self.fields[name] = MoneyField(label=_(COST_WORDS[name]), help_text=usual)
        dress(self)

    def cost_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in COSTS]

    def draft(self) -> CandidateDraft:
        """Only after `is_valid`."""
        data = self.cleaned_data
        costs = {name: data[name] for name in COSTS}
        most = data["most_eyes"] if data["most_eyes"] is not None else 1
        return CandidateDraft(data["name"], data["position"], data["hamlet"], data["bearings"], most, note=data["note"], **costs)


def candidate_initial(draft: CandidateDraft, revision: int) -> dict[str, Any]:
    costs = {name: getattr(draft, name) for name in COSTS}
    return {
        "name": draft.name, "position": format_position(draft.position), "hamlet": draft.hamlet, "bearings": draft.bearings,
        "most_eyes": draft.most_eyes, "note": draft.note, "revision": revision,
    } | {name: "" if cost is None else dong(cost) for name, cost in costs.items()}  # fmt: skip


class FiguresForm(forms.Form):
    """Everything of `planning.figures`, each with its unit."""

    def __init__(self, values: Values, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.values = values
        for name, words in FIGURE_WORDS.items():
            own = getattr(values, name)
            if name.endswith("_vnd"):
                self.fields[name] = MoneyField(label=_(words), initial=dong(own))
            else:
                self.fields[name] = FigureField(label=_(words), whole=isinstance(own, int), initial=figure_words(own))
        for name, words in WEIGHT_WORDS.items():
            self.fields[f"w_{name}"] = FigureField(label=_(words), initial=figure_words(getattr(values.weights, name)))
        for field in self.fields.values():
            field.required = True
        dress(self)

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """By what they are about."""
        kinds = (
            (_("Pixels a metre of each level (IEC/EN 62676-4)"), ("detect", "observe", "recognise", "identify")),
            (_("The eye that is bought"), tuple(name for name in FIGURE_WORDS if name.startswith("new_") or name == "bearings")),
            (_("Privacy"), ("home_margin_m",)),
            (_("Costs"), tuple(name for name in FIGURE_WORDS if name.endswith("_vnd"))),
            (_("What a plan counts"), tuple(f"w_{name}" for name in WEIGHT_WORDS)),
        )
        return [(title, [self[name] for name in names]) for title, names in kinds]

    def wanted(self) -> Values:
        """Only after `is_valid`."""
        told = {name: self.cleaned_data[name] for name in FIGURE_WORDS}
        weights = {name: float(self.cleaned_data[f"w_{name}"]) for name in WEIGHT_WORDS}
        return msgspec.structs.replace(self.values, **told, weights=msgspec.structs.replace(Weights(), **weights))

    def tell(self, error: UsageError) -> None:
        at = error.subject if error.subject in self.fields else f"w_{error.subject}"
        self.add_error(at if at in self.fields else None, in_words(error))
