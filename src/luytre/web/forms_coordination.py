"""The coordination regulation's draft as one form: a row a kind of incident, then signals, duties and the paper's heading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.base.errors import UsageError
from luytre.base.letters import one_line
from luytre.civic.coordination.rules import ANSWERERS, LONGEST_MIN, Line, Matrix, Signal
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


class MatrixForm(forms.Form):
    """Fields are called `first_theft`, `accept_theft`, …"""

    signals = forms.CharField(
        label=gettext_lazy("Signals agreed upon, one a line: sign: meaning"), required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Like: Three strokes of the gong, three times: thieves; everybody near closes the ways out."),
    )  # fmt: skip
    duties = forms.CharField(label=gettext_lazy("Duties, one a line"), required=False, widget=forms.Textarea(attrs={"rows": 6}))

    def __init__(self, matrix: Matrix, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in matrix.lines:
            self._row(line)
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

    def _row(self, line: Line) -> None:
        kind = _(str(Kind(line.kind).label))
        answerers = [(actor.value, _(ACTOR_WORDS[actor])) for actor in ANSWERERS]
        for name, label, value in (
            ("first", _("%(kind)s: who goes first"), line.first), ("backup", _("%(kind)s: who backs up"), line.backup),
        ):  # fmt: skip
            self.fields[f"{name}_{line.kind}"] = forms.ChoiceField(label=label % {"kind": kind}, choices=answerers, initial=value)
        for name, label, minutes in (
            ("accept", _("%(kind)s: minutes to say “I go”"), line.accept_min),
            ("arrive", _("%(kind)s: minutes to be there"), line.arrive_min),
        ):
            self.fields[f"{name}_{line.kind}"] = forms.IntegerField(
                label=label % {"kind": kind}, min_value=1, max_value=LONGEST_MIN, initial=minutes
            )
        label = _("%(kind)s: hold footage") % {"kind": kind}
        self.fields[f"hold_{line.kind}"] = forms.BooleanField(label=label, required=False, initial=line.hold)

    def rows(self) -> list[Row]:
        return [
            Row(
                kind,
                _(str(Kind(kind).label)),
                *(self[f"{name}_{kind}"] for name in ("first", "accept", "arrive", "backup", "hold")),
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
        for kind in Kind.values:
            if data.get(f"first_{kind}") and data.get(f"first_{kind}") == data.get(f"backup_{kind}"):
                self.add_error(f"backup_{kind}", _("Who backs up is somebody else."))
        if not self.errors:
            try:
                read(write(self.matrix()))
            except UsageError as error:
                raise ValidationError(f"{error.sentence()}.") from error
        return data

    def matrix(self) -> Matrix:
        """What was typed. Errors: KeyError where the form is not valid."""
        data = self.cleaned_data
        lines = tuple(
            Line(
                kind, Actor(data[f"first_{kind}"]), data[f"accept_{kind}"], data[f"arrive_{kind}"], Actor(data[f"backup_{kind}"]),
                data[f"hold_{kind}"],
            )
            for kind in Kind.values
        )  # fmt: skip
        single = {name: one_line(data[name]) for name in SINGLE}
        basis, recipients = (tuple(_lines(data[name])) for name in ("basis", "recipients"))
        heading = Heading(**single, basis=basis, recipients=recipients)
        return Matrix(lines, data["signals"], tuple(_lines(data["duties"])), heading)


def _lines(text: str) -> list[str]:
    return [line for line in (one_line(one) for one in text.splitlines()) if line]
