"""The coordination regulation's draft as one form: a row a kind of incident, then signals, duties and the paper's heading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.base.errors import UsageError
from luytre.base.letters import one_line
from luytre.civic.coordination.rules import ANSWERERS, LONGEST_MIN, Line, Matrix, Night, Signal
from luytre.civic.coordination.text import read, write
from luytre.civic.regulations.nodes import LINE
from luytre.civic.regulations.rules import ACTOR_WORDS, Actor, Heading
from luytre.civic.tips.kinds import Kind

SINGLE = {
    "superior": gettext_lazy("Body above"), "issuer": gettext_lazy("Body that issues"),
    "sign": gettext_lazy("Number and sign"), "place": gettext_lazy("Place"),
    "signer_title": gettext_lazy("Title of who signs"), "signer": gettext_lazy("Name of who signs"),
}  # fmt: skip
LISTS = {"basis": gettext_lazy("Legal basis, one a line"), "recipients": gettext_lazy("Recipients, one a line")}


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of one kind, as the page lays them out."""

    kind: str
    words: str
    first: BoundField
    accept: BoundField
    arrive: BoundField
    backup: BoundField
    hold: BoundField

    @property
    def fields(self) -> tuple[BoundField, ...]:
        return self.first, self.accept, self.arrive, self.backup, self.hold


NIGHT = "night_"
NAMES = ("first", "accept", "arrive", "backup", "hold")
_CLOCK = ("%H:%M", "%Hh%M", "%Hh", "%H")


def _clock_field(label: object, minutes: int | None) -> forms.TimeField:
    value = None if minutes is None else time(*divmod(minutes, 60))
    widget = forms.TimeInput(format="%H:%M", attrs={"placeholder": "22:00", "inputmode": "numeric"})
    return forms.TimeField(label=str(label), required=False, input_formats=_CLOCK, initial=value, widget=widget)


class MatrixForm(forms.Form):
    """Fields are called `first_theft`, `accept_theft`, … and `night_first_theft`, … for what differs at night."""

    signals = forms.CharField(
        label=gettext_lazy("Signals agreed upon, one a line: sign: meaning"), required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Like: Three strokes of the gong, three times: thieves; everybody near closes the ways out."),
    )  # fmt: skip
    duties = forms.CharField(label=gettext_lazy("Duties, one a line"), required=False, widget=forms.Textarea(attrs={"rows": 6}))

    def __init__(self, matrix: Matrix, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in matrix.lines:
            self._row(line.kind, line)
        night = matrix.night
        self.fields["night_from"] = _clock_field(_("Night from"), night.start_min if night else None)
        self.fields["night_to"] = _clock_field(_("Night until"), night.end_min if night else None)
        for kind in Kind.values:
            self._row(kind, next((line for line in night.lines if line.kind == kind), None) if night else None, NIGHT)
        for name, label in SINGLE.items():
            value = getattr(matrix.heading, name)
            self.fields[name] = forms.CharField(label=label, required=False, max_length=LINE, initial=value)
        for name, label in LISTS.items():
            value = "\n".join(getattr(matrix.heading, name))
            self.fields[name] = forms.CharField(
                label=label, required=False, initial=value, widget=forms.Textarea(attrs={"rows": 3})
            )
        self.fields["signals"].initial = "\n".join(f"{one.sign}: {one.meaning}" for one in matrix.signals)
        self.fields["duties"].initial = "\n".join(matrix.duties)
        for name, field in self.fields.items():
            looks = {forms.ChoiceField: "form-select", forms.BooleanField: "form-check-input"}.get(type(field), "form-control")
            field.widget.attrs |= {"class": looks, "autocomplete": "off", "aria-describedby": f"err-{name}"}

    def _row(self, kind: str, line: Line | None, prefix: str = "") -> None:
        """`prefix` of the night: nothing chosen is as by day."""
        words = {"kind": _(str(Kind(kind).label)) if not prefix else _("%(kind)s at night") % {"kind": _(str(Kind(kind).label))}}
        answerers = [(actor.value, _(ACTOR_WORDS[actor])) for actor in ANSWERERS]
        if prefix:
            answerers.insert(0, ("", _("as by day")))
        for name, label, value in (
            ("first", _("%(kind)s: who goes first"), line and line.first),
            ("backup", _("%(kind)s: who backs up"), line and line.backup),
        ):
            self.fields[f"{prefix}{name}_{kind}"] = forms.ChoiceField(
                label=label % words, choices=answerers, initial=value, required=not prefix
            )
        for name, label, minutes in (
            ("accept", _("%(kind)s: minutes to say “I go”"), line and line.accept_min),
            ("arrive", _("%(kind)s: minutes to be there"), line and line.arrive_min),
        ):
            self.fields[f"{prefix}{name}_{kind}"] = forms.IntegerField(
                label=label % words, min_value=1, max_value=LONGEST_MIN, initial=minutes, required=not prefix
            )
        label = _("%(kind)s: hold footage") % words
        held = line is not None and line.hold
        self.fields[f"{prefix}hold_{kind}"] = forms.BooleanField(label=label, required=False, initial=held)

    def rows(self) -> list[Row]:
        return self._rows("")

    def night_rows(self) -> list[Row]:
        return self._rows(NIGHT)

    def has_night(self) -> bool:
        """Whether anything of the night is said or wrong, so that the page shows it."""
        return any(self[name].value() or self[name].errors for name in self.fields if name.startswith(NIGHT))

    def _rows(self, prefix: str) -> list[Row]:
        return [
            Row(
                kind,
                _(str(Kind(kind).label)),
                *(self[f"{prefix}{name}_{kind}"] for name in NAMES),
            )
            for kind in Kind.values
        ]

    def heading_fields(self) -> list[BoundField]:
        return [self[name] for name in (*SINGLE, *LISTS)]

    def clean_signals(self) -> tuple[Signal, ...]:
        found = []
        for number, line in enumerate(_lines(self.cleaned_data["signals"]), 1):
            sign, colon, meaning = (one_line(part) for part in line.partition(":"))
            if not (colon and sign and meaning):
                raise ValidationError(_("Line %(number)s: write the sign, a colon, and what it means.") % {"number": number})
            found.append(Signal(sign, meaning))
        return tuple(found)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for prefix in ("", NIGHT):
            for kind in Kind.values:
                if data.get(f"{prefix}first_{kind}") and data.get(f"{prefix}first_{kind}") == data.get(f"{prefix}backup_{kind}"):
                    self.add_error(f"{prefix}backup_{kind}", _("Who backs up is somebody else."))
        self._clean_night(data)
        if not self.errors:
            try:
                read(write(self.matrix()))
            except UsageError as error:
                raise ValidationError(f"{error.sentence()}.") from error
        return data

    def _clean_night(self, data: dict[str, Any]) -> None:
        """A kind of the night is said wholly or not at all, and the night has its hours."""
        said = [kind for kind in Kind.values if any(data.get(f"{NIGHT}{name}_{kind}") for name in NAMES)]
        for kind in said:
            for name in NAMES[:-1]:
                if not data.get(f"{NIGHT}{name}_{kind}") and f"{NIGHT}{name}_{kind}" not in self.errors:
                    self.add_error(f"{NIGHT}{name}_{kind}", _("Fill in the whole line, or leave all of it as by day."))
        hours = [data.get("night_from"), data.get("night_to")]
        for name, value in zip(("night_from", "night_to"), hours, strict=True):
            if value is None and name not in self.errors and (said or any(one is not None for one in hours)):
                self.add_error(name, _("Say from when until when the night is, like 22:00 and 05:00."))
        if None not in hours and hours[0] == hours[1]:
            self.add_error("night_to", _("The night ends at another time than it begins."))
        if None not in hours and not said:
            self.add_error(
                "night_from", _("Say below which incidents are answered otherwise at night, or leave the hours empty.")
            )

    def matrix(self) -> Matrix:
        """What was typed. Errors: KeyError where the form is not valid."""
        data = self.cleaned_data
        lines = self._lines_of(Kind.values, "")
        at_night = self._lines_of([kind for kind in Kind.values if data[f"{NIGHT}first_{kind}"]], NIGHT)
        begins, ends = data["night_from"], data["night_to"]
        night = Night(begins.hour * 60 + begins.minute, ends.hour * 60 + ends.minute, at_night) if at_night else None
        single = {name: one_line(data[name]) for name in SINGLE}
        basis, recipients = (tuple(_lines(data[name])) for name in ("basis", "recipients"))
        heading = Heading(**single, basis=basis, recipients=recipients)
        return Matrix(lines, data["signals"], tuple(_lines(data["duties"])), heading, night)

    def _lines_of(self, kinds: Sequence[str], prefix: str) -> tuple[Line, ...]:
        found = []
        for kind in kinds:
            first, accept, arrive, backup, hold = (self.cleaned_data[f"{prefix}{name}_{kind}"] for name in NAMES)
            found.append(Line(kind, Actor(first), accept, arrive, Actor(backup), hold))
        return tuple(found)


def _lines(text: str) -> list[str]:
    return [line for line in (one_line(one) for one in text.splitlines()) if line]
