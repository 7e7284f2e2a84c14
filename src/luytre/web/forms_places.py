"""The form of a place: its shape is drawn on the map, or typed as coordinates or GeoJSON; what was typed stays."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

import shapely
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from luytre.base.errors import UsageError
from luytre.civic.ground.models import Place, PlaceKind
from luytre.civic.ground.places import LIMITS, PlaceDraft, place_draft
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.order import hamlets_in_order
from luytre.civic.registry.position import parse_position
from luytre.civic.registry.refusals import said
from luytre.web.figure_fields import FigureField, in_words
from luytre.web.register_words import FIELDS, choices, conflict_words, figure_words
from luytre.web.three_ways import kept_apart

MOST_SHAPE = 400_000
"""Characters of GeoJSON that a form takes."""


def read_shape(typed: str, kind: str) -> str:
    """GeoJSON as it was typed, or of positions, one a line (or after each `;`): one for a point, several for a route.

    Errors: UsageError in words for what is no position; GeoJSON is looked at when it is saved.
    """
    text = typed.strip()
    if text.startswith("{"):
        return text
    lines = [line for line in text.replace("\r", "\n").split("\n") if line.strip()]
    points = [[float(lon), float(lat)] for lat, lon in map(parse_position, lines)]
    if kind == PlaceKind.ROUTE:
        return json.dumps({"type": "LineString", "coordinates": points})
    if len(points) == 1:
        return json.dumps({"type": "Point", "coordinates": points[0]})
    return json.dumps({"type": "Polygon", "coordinates": [[*points, *points[:1]]]})


def shape_as_typed(geometry: str) -> str:
    """As `read_shape` reads it again: positions, latitude first, one a line; GeoJSON for what has holes or parts."""
    shape = shapely.from_geojson(geometry)
    if shape.geom_type in ("Point", "LineString"):
        corners = list(shape.coords)
    elif shape.geom_type == "Polygon" and not shape.interiors:
        corners = list(shape.exterior.coords)[:-1]
    else:
        return geometry
    return "\n".join(f"{lat:.6f}, {lon:.6f}" for lon, lat in corners)


class PlaceForm(forms.Form):
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    base = forms.CharField(required=False, max_length=MOST_SHAPE * 2, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=FIELDS["kind"])
    name = forms.CharField(label=FIELDS["name"], max_length=LIMITS["name"])
    hamlet = forms.ChoiceField(label=FIELDS["hamlet"], required=False)
    residents = FigureField(label=FIELDS["residents"], whole=True)
    vehicles_a_day = FigureField(label=FIELDS["vehicles_a_day"], whole=True)
    weight = FigureField(
        label=FIELDS["weight"], help_text=gettext_lazy("What a plan counts it for. Empty: by its kind, residents and traffic.")
    )
    shape = forms.CharField(
        label=gettext_lazy("Coordinates"), max_length=MOST_SHAPE, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "One position a line, like 21.0285, 105.8542: one for a point, several along a route or around an area."
        ),
    )  # fmt: skip
    note = forms.CharField(
        label=FIELDS["note"], max_length=LIMITS["note"], required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    source = forms.CharField(label=FIELDS["source"], max_length=LIMITS["source"], required=False)

    def __init__(self, *args: Any, place: Place | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = place
        for name, offered in (("kind", choices(PlaceKind)), ("hamlet", [("", "—"), *_hamlets()])):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = offered
        if not self.is_bound:
            shown = shown_of(place_draft(place)) if place is not None else {}
            begun: dict[str, Any] = dict(shown)
            self.initial = begun | {"revision": place.revision if place else None, "base": json.dumps(shown)} | dict(self.initial)
        for name, field in self.fields.items():
            if not isinstance(field.widget, forms.HiddenInput):
                looks = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
                described = f"err-{name}" + (f" help-{name}" if field.help_text else "")
                field.widget.attrs |= {"class": looks, "autocomplete": "off", "aria-describedby": described}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("shape"):
            try:
                data["geometry"] = read_shape(data["shape"], data.get("kind", ""))
            except UsageError as error:
                self.add_error("shape", in_words(error))
        return data

    def draft(self) -> PlaceDraft:
        """Only after `is_valid`."""
        known = {field.name for field in fields(PlaceDraft)}
        typed = {name: value for name, value in self.cleaned_data.items() if name in known}
        return replace(place_draft(self.place), **typed) if self.place is not None else PlaceDraft(**typed)

    def tell(self, error: ValidationError) -> None:
        """What the register found wrong, at its field."""
        for name, words in said(error).items():
            field = {"geometry": "shape"}.get(name, name)
            self.add_error(field if field in self.fields else None, words)

    def begin_again(self, present: Place) -> None:
        """Somebody else saved meanwhile: what was not touched here becomes what it is now; what both touched is told."""
        kept = kept_apart({name: str(self.data.get(name, "")) for name in self.fields}, shown_of(place_draft(present)))
        self.data = kept.typed | {"revision": str(present.revision)}
        for name, shown in kept.conflicts.items():
            self.add_error(name, conflict_words(shown))


def _hamlets() -> list[tuple[str, str]]:
    return [(one.name, one.name) for one in hamlets_in_order(Hamlet.objects.all())]


def shown_of(draft: PlaceDraft) -> dict[str, str]:
    """Each field as the form shows it."""
    found = {"shape": shape_as_typed(draft.geometry)}
    for name in ("kind", "name", "hamlet", "residents", "vehicles_a_day", "weight", "note", "source"):
        value = getattr(draft, name)
        found[name] = figure_words(value) if isinstance(value, int | float) else str(value or "")
    return found
