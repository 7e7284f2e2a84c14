"""The forms of what is drawn on the map: their fields as the script shows them, and what was typed, read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.civic.ground.models import ObstacleKind, PastKind, PlaceKind
from luytre.civic.registry.models import Hamlet, SiteKind
from luytre.civic.registry.order import hamlets_in_order
from luytre.web.days import DayField
from luytre.web.figure_fields import FigureField


class MapForm(forms.Form):
    """Choices are filled when it is made, in the page's language; what is not typed is empty."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        for name, field in self.fields.items():
            if isinstance(field, forms.ChoiceField):
                field.choices = [*([] if field.required else [("", "—")]), *self.offered(name)]

    def offered(self, name: str) -> list[tuple[str, str]]:
        """What can be chosen in a field: hamlets by their names."""
        return [(one.name, one.name) for one in hamlets_in_order(Hamlet.objects.all())]


class PlaceForm(MapForm):
    name = forms.CharField(max_length=120, label=gettext_lazy("Name"))
    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    hamlet = forms.ChoiceField(required=False, label=gettext_lazy("Hamlet"))
    residents = FigureField(whole=True, label=gettext_lazy("Residents"))
    vehicles_a_day = FigureField(whole=True, label=gettext_lazy("Vehicles a day"))
    note = forms.CharField(max_length=400, required=False, label=gettext_lazy("Note"))
    source = forms.CharField(max_length=200, required=False, label=gettext_lazy("Source"))

    def offered(self, name: str) -> list[tuple[str, str]]:
        return _choices(PlaceKind) if name == "kind" else super().offered(name)


class ObstacleForm(MapForm):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    name = forms.CharField(max_length=120, required=False, label=gettext_lazy("Name"))
    height_m = FigureField(label=gettext_lazy("Height (m)"))
    home = forms.BooleanField(required=False, label=gettext_lazy("A home: nobody is to be filmed inside or in the yard"))
    source = forms.CharField(max_length=200, required=False, label=gettext_lazy("Source"))

    def offered(self, name: str) -> list[tuple[str, str]]:
        return _choices(ObstacleKind)


class BoundaryForm(MapForm):
    hamlet = forms.ChoiceField(label=gettext_lazy("Hamlet"))
    source = forms.CharField(max_length=200, required=False, label=gettext_lazy("Source"))


class IncidentForm(MapForm):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    day = DayField(label=gettext_lazy("Day"))
    source = forms.CharField(max_length=200, required=False, label=gettext_lazy("Source"))

    def offered(self, name: str) -> list[tuple[str, str]]:
        return _choices(PastKind)


class SiteForm(MapForm):
    name = forms.CharField(max_length=120, label=gettext_lazy("Name"))
    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    hamlet = forms.ChoiceField(required=False, label=gettext_lazy("Hamlet"))
    road = forms.CharField(max_length=120, required=False, label=gettext_lazy("Road"))

    def offered(self, name: str) -> list[tuple[str, str]]:
        return _choices(SiteKind) if name == "kind" else super().offered(name)


class CandidateForm(MapForm):
    """What it costs is on its own page."""

    name = forms.CharField(max_length=120, label=gettext_lazy("Name"))
    hamlet = forms.ChoiceField(required=False, label=gettext_lazy("Hamlet"))
    bearings = forms.CharField(max_length=200, required=False, label=gettext_lazy("Bearings to choose from"))
    most_eyes = FigureField(whole=True, label=gettext_lazy("At most so many eyes here"))
    note = forms.CharField(max_length=400, required=False, label=gettext_lazy("Note"))


class EyeForm(MapForm):
    """How an eye hangs; all else of it is the register's."""

    bearing_deg = FigureField(label=gettext_lazy("Looks towards (degrees, 0 is north, 90 east)"))
    hfov_deg = FigureField(label=gettext_lazy("Width of view (degrees)"))


def _choices(kinds: Any) -> list[tuple[str, str]]:
    return [(str(kind), _(str(kind.label))) for kind in kinds]


def _choices_of(field: forms.Field) -> list[list[str]]:
    """Of a field with choices, as `MapForm` filled them."""
    choices: Any = getattr(field, "choices", [])
    return [[str(value), str(words)] for value, words in choices]


def fields_of(form: forms.Form) -> list[dict[str, Any]]:
    """The fields as the script draws them: `type` is text, figure, day, choice or check."""
    types = ((FigureField, "figure"), (DayField, "day"), (forms.ChoiceField, "choice"), (forms.BooleanField, "check"))
    return [
        {
            "name": name,
            "words": str(field.label),
            "type": next((kind for made, kind in types if isinstance(field, made)), "text"),
            "required": field.required,
            "choices": _choices_of(field),
        }
        for name, field in form.fields.items()
    ]
