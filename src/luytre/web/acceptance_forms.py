"""Forms of an acceptance: a reason, how the eye hangs, head and foot in the picture, the sign's photo, the owner's agreement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.civic.acceptance.facts import HungFacts, OwnerFacts, WalkFacts
from luytre.civic.acceptance.minutes import HOW_WORDS
from luytre.civic.acceptance.models import Finding
from luytre.civic.geometry.optics import Level, Levels
from luytre.civic.geometry.overlay import Spot, level_reached, px_per_m_seen
from luytre.civic.registry.number_words import figure_words
from luytre.web.acceptance_drawn import level_names
from luytre.web.days import AS_WRITTEN, DayField
from luytre.web.figure_fields import FigureField

TALLEST_M, SMALLEST_M = 5.0, 0.2
FARTHEST_M = 500.0
_HUNG = ("bearing_deg", "tilt_deg", "height_m", "hfov_deg")
_MARKS = ("top_x", "top_y", "bottom_x", "bottom_y")


class _Form(forms.Form):
    """Every field looks as fields look here, and says where its help and its error stand."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, field in self.fields.items():
            if isinstance(field.widget, (forms.CheckboxInput, forms.RadioSelect)):
                field.widget.attrs["class"] = "form-check-input"
                continue
            kind = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            field.widget.attrs |= {"class": kind, "autocomplete": "off", "aria-describedby": f"err-{self.add_prefix(name)}"}

    def tell(self, error: ValidationError) -> None:
        """What a room refused, at its field."""
        for name, told in (error.message_dict if hasattr(error, "error_dict") else {"": error.messages}).items():
            for words in told:
                self.add_error(name if name in self.fields else None, _(words))


class RemarkForm(_Form):
    note = forms.CharField(
        label=gettext_lazy("Why"), max_length=400, error_messages={"required": gettext_lazy("Say why.")},
        widget=forms.TextInput(),
    )  # fmt: skip


class FitForm(_Form):
    """How the eye hangs, as it fits its picture. Tilt is downward."""

    bearing_deg = FigureField(label=gettext_lazy("Bearing, degrees"))
    tilt_deg = FigureField(label=gettext_lazy("Tilt downward, degrees"))
    height_m = FigureField(label=gettext_lazy("Height, m"))
    hfov_deg = FigureField(label=gettext_lazy("Angle of view, degrees"))
    finding = forms.ChoiceField(label=gettext_lazy("Does it look where the plan has it?"), required=False)
    note = forms.CharField(label=gettext_lazy("Why, where it does not"), max_length=400, required=False, widget=forms.TextInput())
    keep = forms.BooleanField(label=gettext_lazy("Write these figures into the register"), required=False, initial=True)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["finding"].choices = [  # type: ignore[attr-defined]
            (Finding.GOOD.value, _("Yes")), (Finding.LACKING.value, _("Not quite; it can stay so")), (Finding.BAD.value, _("No")),
        ]  # fmt: skip

    @classmethod
    def of(cls, tried: Mapping[str, Any] | None, facts: HungFacts) -> FitForm:
        """With the figures that stand; `tried`: others, which are only looked at."""
        if tried is not None:
            return cls(tried)
        return cls(initial={name: figure_words(value) for name in _HUNG if (value := getattr(facts, name)) is not None})

    def clean_bearing_deg(self) -> float | None:
        value: float | None = self.cleaned_data["bearing_deg"]
        return None if value is None else value % 360

    def clean_tilt_deg(self) -> float | None:
        return self._within("tilt_deg", -45, 90)

    def clean_height_m(self) -> float | None:
        return self._within("height_m", 0.5, 60)

    def clean_hfov_deg(self) -> float | None:
        return self._within("hfov_deg", 1, 359)

    def clean_finding(self) -> str:
        return str(self.cleaned_data["finding"] or Finding.BAD.value)

    def _within(self, name: str, least: float, most: float) -> float | None:
        value: float | None = self.cleaned_data[name]
        if value is not None and not least <= value <= most:
            told = {"least": figure_words(least), "most": figure_words(most)}
            raise ValidationError(_("Between %(least)s and %(most)s.") % told)
        return value

    def hung(self, before: HungFacts) -> HungFacts:
        return replace(before, **{name: self.cleaned_data[name] for name in _HUNG})


class WalkForm(_Form):
    spot = forms.CharField(
        label=gettext_lazy("Where somebody stands now"), max_length=80, widget=forms.TextInput(),
        error_messages={"required": gettext_lazy("Say where, so that the minutes can be read.")},
    )  # fmt: skip


class MarksForm(_Form):
    """Head and foot of whoever stands there, in hundredths of the picture from the left and the top."""

    top_x = FigureField(label=gettext_lazy("Head, from the left, %"))
    top_y = FigureField(label=gettext_lazy("Head, from the top, %"))
    bottom_x = FigureField(label=gettext_lazy("Foot, from the left, %"))
    bottom_y = FigureField(label=gettext_lazy("Foot, from the top, %"))
    tall_m = FigureField(label=gettext_lazy("How tall, m"))
    distance_m = FigureField(label=gettext_lazy("How far from the camera, m (if known)"))
    wanted = forms.ChoiceField(label=gettext_lazy("Level that is wanted here"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["wanted"].choices = list(level_names().items())  # type: ignore[attr-defined]

    @classmethod
    def of(cls, tried: Mapping[str, Any] | None, walk: WalkFacts) -> MarksForm:
        if tried is not None:
            return cls(tried)
        marks = {name: figure_words(round(100 * value, 2)) for name in _MARKS if (value := getattr(walk, name)) is not None}
        usual = {
            "top_x": "50",
            "top_y": "40",
            "bottom_x": "50",
            "bottom_y": "60",
            "tall_m": "1,65",
            "wanted": Level.RECOGNISE.value,
        }
        told = {"tall_m": figure_words(walk.tall_m) if walk.tall_m else "", "wanted": walk.wanted}
        told["distance_m"] = figure_words(walk.distance_m) if walk.distance_m is not None else ""
        return cls(initial=usual | {name: value for name, value in (marks | told).items() if value})

    def clean_tall_m(self) -> float:
        value: float | None = self.cleaned_data["tall_m"]
        if value is None or not SMALLEST_M <= value <= TALLEST_M:
            raise ValidationError(_("Say how tall the person is, like 1.65."))
        return value

    def clean_distance_m(self) -> float | None:
        value: float | None = self.cleaned_data["distance_m"]
        if value is not None and not 0 < value <= FARTHEST_M:
            raise ValidationError(_("Between 0 and 500 m."))
        return value

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        marks = [data.get(name) for name in _MARKS]
        if any(name in self.errors for name in _MARKS):
            return data
        if any(one is None or not 0 <= one <= 100 for one in marks):
            raise ValidationError(_("Mark head and foot in the picture."))
        if data["bottom_y"] <= data["top_y"]:
            raise ValidationError(_("The mark of the foot must be below the mark of the head."))
        return data

    def measured(self, spot: str, height_px: int, levels: Levels) -> tuple[WalkFacts, bool]:
        """What was measured, and whether it is the level that was wanted, or a better one."""
        data = self.cleaned_data
        x1, y1, x2, y2 = (data[name] / 100 for name in _MARKS)
        px_per_m = px_per_m_seen(Spot(x1, y1), Spot(x2, y2), height_px, data["tall_m"])
        reached, wanted = level_reached(px_per_m, levels), Level(data["wanted"])
        facts = WalkFacts(
            spot,
            data["distance_m"],
            data["tall_m"],
            x1,
            y1,
            x2,
            y2,
            round(px_per_m, 1),
            reached.value if reached else "",
            wanted.value,
        )
        return facts, px_per_m >= levels.px_per_m(wanted)


class SignForm(_Form):
    photo = forms.FileField(
        label=gettext_lazy("Photo of the sign where it hangs"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "capture": "environment"}),
        error_messages={"required": gettext_lazy("Take or choose a photo."), "empty": gettext_lazy("The file is empty.")},
    )


class OwnerForm(_Form):
    how = forms.ChoiceField(label=gettext_lazy("What the owner agreed to"), widget=forms.RadioSelect)
    number = forms.CharField(label=gettext_lazy("Number of the agreement"), max_length=60, required=False)
    day = DayField(label=gettext_lazy("Day it was signed"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        chosen = [(code, f"{_(words)[:1].upper()}{_(words)[1:]}") for code, words in HOW_WORDS.items()]
        self.fields["how"].choices = chosen  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("how") == "paper" and not data.get("number") and not data.get("day") and "day" not in self.errors:
            self.add_error("number", _("Give the number of the agreement, or the day it was signed."))
        return data

    def facts(self) -> OwnerFacts:
        data = self.cleaned_data
        signed = data["how"] == "paper"
        day = f"{data['day']:{AS_WRITTEN}}" if signed and data["day"] else ""
        return OwnerFacts(data["how"], data["number"] if signed else "", day)
