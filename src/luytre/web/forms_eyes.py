"""The form of an eye: short sections, everything typed stays, what somebody else changed meanwhile is told at its field."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.civic.registry.eye_checks import CHOICES, LIMITS
from luytre.civic.registry.eye_words import DAY_FIELDS, EYE_HINTS, FIGURE_FIELDS, WHOLE_FIELDS
from luytre.civic.registry.eyes import OF_THE_SITE, EyeDraft, draft_of
from luytre.civic.registry.models import Eye, Hamlet
from luytre.civic.registry.order import hamlets_in_order
from luytre.civic.registry.position import format_position
from luytre.civic.registry.refusals import said
from luytre.web.days import AS_WRITTEN, DayField
from luytre.web.figure_fields import FigureField, PositionField
from luytre.web.register_words import FIELDS, choices, conflict_words, figure_words
from luytre.web.three_ways import kept_apart

SECTIONS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (gettext_lazy("What and where"), ("name", "site", "hamlet", "road", "site_kind", "position", "address")),
    (gettext_lazy("Whose it is"), ("owner_kind", "tier", "owner_name", "owner_phone")),
    (gettext_lazy("Condition"), ("condition", "condition_day", "sees", "homes_in_view", "note")),
    (gettext_lazy("Where it looks"), ("bearing_deg", "tilt_deg", "height_m", "ir_range_m")),
    (gettext_lazy("Lens and picture"), ("hfov_deg", "focal_mm", "sensor", "width_px", "height_px")),
    (gettext_lazy("Recording, power, network"), ("recorder", "days_kept", "clock_error_s", "power", "network")),
    (gettext_lazy("Device"), ("maker", "model", "firmware", "label", "warranty_until")),
)
_LONG = ("sees", "homes_in_view", "note")


class EyeForm(forms.Form):
    """An eye as people type it. `base` is what the form began with, so that what others changed meanwhile can be told apart."""

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    base = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, eye: Eye | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.eye = eye
        for name in FIELDS:
            if name in {field.name for field in fields(EyeDraft)} and not (self.is_connected and name in OF_THE_SITE[:-1]):
                self.fields[name] = _field(name)
        if not self.is_bound:
            shown = shown_of(draft_of(eye)) if eye is not None else shown_of(EyeDraft(""))
            begun: dict[str, Any] = {"revision": eye.revision if eye else None, "base": json.dumps(shown, ensure_ascii=False)}
            self.initial = shown | begun | dict(self.initial)
        for name, field in self.fields.items():
            field.widget.attrs |= _attributes(name, field)

    @property
    def is_connected(self) -> bool:
        return self.eye is not None and self.eye.camera_id is not None

    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(str(title), [self[name] for name in names if name in self.fields]) for title, names in SECTIONS]

    def draft(self) -> EyeDraft:
        """Only after `is_valid`."""
        typed = {field.name: self.cleaned_data[field.name] for field in fields(EyeDraft) if field.name in self.fields}
        return replace(draft_of(self.eye), **typed) if self.eye is not None else EyeDraft(**typed)

    def tell(self, error: ValidationError) -> None:
        """What the register found wrong, at its field."""
        for name, words in said(error).items():
            self.add_error(name if name in self.fields else None, words)

    def begin_again(self, present: Eye) -> None:
        """Somebody else saved meanwhile: what was not touched here becomes what it is now; what both touched is told."""
        kept = kept_apart({name: str(self.data.get(name, "")) for name in self.fields}, shown_of(draft_of(present)))
        self.data = kept.typed | {"revision": str(present.revision)}
        for name, shown in kept.conflicts.items():
            self.add_error(name, conflict_words(shown))


def shown_of(draft: EyeDraft) -> dict[str, str]:
    """Each field as the form shows it."""
    return {field.name: _shown(field.name, getattr(draft, field.name)) for field in fields(draft)}


def _shown(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name == "position":
        return format_position(value)
    if isinstance(value, date):
        return value.strftime(AS_WRITTEN)
    return figure_words(value) if isinstance(value, int | float) else str(value)


def _field(name: str) -> forms.Field:
    label, help_text = FIELDS[name], _(EYE_HINTS[name]) if name in EYE_HINTS else ""
    if name in CHOICES:
        offered = choices(CHOICES[name])
        offered = [("", "—"), *offered] if name == "site_kind" else offered
        return forms.ChoiceField(label=label, help_text=help_text, choices=offered, required=name != "site_kind")
    if name in WHOLE_FIELDS or name in FIGURE_FIELDS:
        return FigureField(label=label, help_text=help_text, whole=name in WHOLE_FIELDS)
    if name == "position":
        return PositionField(label=label, help_text=help_text, max_length=80, required=False)
    if name in DAY_FIELDS:
        return DayField(label=label, required=False)
    if name == "hamlet":
        hamlets = [(one.name, one.name) for one in hamlets_in_order(Hamlet.objects.all())]
        return forms.ChoiceField(label=label, choices=[("", "—"), *hamlets], required=False)
    widget = forms.Textarea(attrs={"rows": 2}) if name in _LONG else None
    return forms.CharField(
        label=label, help_text=help_text, max_length=LIMITS.get(name, 20), required=name == "name", widget=widget
    )


def _attributes(name: str, field: forms.Field) -> dict[str, Any]:
    if isinstance(field.widget, forms.HiddenInput):
        return {}
    lists = {"site": "sites", "road": "roads"}
    described = f"err-{name}" + (f" help-{name}" if field.help_text else "")
    looks = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
    return {"class": looks, "autocomplete": "off", "aria-describedby": described} | (
        {"list": lists[name]} if name in lists else {}
    )
