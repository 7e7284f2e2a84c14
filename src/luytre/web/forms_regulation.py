"""The draft of the usage regulation, a form a section. Each takes rules, and gives rules with its section changed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.base.errors import UsageError
from luytre.base.letters import fold
from luytre.civic.regulations.bounds import ALWAYS_MASKED, LONGEST_DAYS, MAY_APPROVE_EXPORTS, MAY_BE_GIVEN, PICTURE_ROLES, beyond
from luytre.civic.regulations.difference import SECTION_WORDS
from luytre.civic.regulations.enforce import right_of
from luytre.civic.regulations.nodes import LINE, TEXT
from luytre.civic.regulations.rules import (
    ACTOR_WORDS,
    GROUP_WORDS,
    WAY_WORDS,
    Actor,
    Approvals,
    Group,
    Heading,
    Hours,
    Kept,
    Purpose,
    Right,
    Rules,
    Way,
)
from luytre.civic.regulations.text import read, read_hours, write
from luytre.web.days import DayField

BLANK_ROWS = 2
MOST_ROWS = 40
PURPOSE_WAYS = (Way.HISTORY, Way.EXPORT, Way.UNMASKED)


TICKED = (forms.CheckboxInput, forms.CheckboxSelectMultiple, forms.RadioSelect)
_SINGLE = ("superior", "issuer", "sign", "place", "signer_title", "signer")
"""The heading's fields that are one line each."""


class SectionForm(forms.Form):
    """`old`: the rules as they are. `changed()` is asked only after `is_valid`."""

    section = ""

    def __init__(self, old: Rules, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.old = old
        self.add_fields()
        for name, field in self.fields.items():
            widget = field.widget
            kind = (
                "form-check-input"
                if isinstance(widget, forms.CheckboxInput | forms.CheckboxSelectMultiple | forms.RadioSelect)
                else "form-control"
            )
            widget.attrs |= {"class": kind, "autocomplete": "off"}
            if kind == "form-control":
                widget.attrs["aria-describedby"] = f"help-{name} err-{name}"

    @property
    def words(self) -> str:
        return _(SECTION_WORDS[self.section])

    def add_fields(self) -> None:
        """Fields that depend on the rules."""

    def changed(self) -> Rules:
        """The rules with what was typed."""
        return self.old

    def clean(self) -> dict[str, Any]:
        """What lies beyond the bounds is told at its field, where this section is the one that does it."""
        cleaned = super().clean() or {}
        if not self.errors:
            already, changed = set(beyond(self.old)), self.changed()
            try:
                read(write(changed))
            except UsageError as error:  # characters that cannot be printed
                raise ValidationError(error.sentence()) from error
            for fault in beyond(changed):
                if fault.section == self.section and fault not in already:
                    self.add_error(fault.field if fault.field in self.fields else None, _(fault.words))
        return cleaned


class PurposesForm(SectionForm):
    section = "purposes"

    def add_fields(self) -> None:
        typed = [int(name[3:]) for name in self.data if re.fullmatch(r"vi-\d{1,3}", name)]
        self.count = min(max([len(self.old.purposes) + BLANK_ROWS, *(number + 1 for number in typed)]), MOST_ROWS)
        for number in range(self.count):
            one = self.old.purposes[number] if number < len(self.old.purposes) else None
            self._add_row(number, one)

    def _add_row(self, number: int, one: Purpose | None) -> None:
        where = {"row": number + 1}
        self.fields[f"vi-{number}"] = forms.CharField(
            label=_("Purpose {row}, in Vietnamese").format(**where),
            max_length=LINE,
            required=False,
            initial=one.vi if one else "",
        )
        self.fields[f"en-{number}"] = forms.CharField(
            label=_("Purpose {row}, in English").format(**where), max_length=LINE, required=False, initial=one.en if one else ""
        )
        for way in PURPOSE_WAYS:
            ticked = way in one.ways if one else way is Way.HISTORY
            self.fields[f"{way}-{number}"] = forms.BooleanField(label=_(WAY_WORDS[way]), required=False, initial=ticked)
        self.fields[f"reference-{number}"] = forms.BooleanField(
            label=_("needs a reference"), required=False, initial=one.reference if one else True
        )

    def rows(self) -> list[tuple[BoundField, BoundField, list[BoundField]]]:
        ticks = [*PURPOSE_WAYS, "reference"]
        return [(self[f"vi-{n}"], self[f"en-{n}"], [self[f"{tick}-{n}"] for tick in ticks]) for n in range(self.count)]

    def clean(self) -> dict[str, Any]:
        for number in range(self.count):
            if self.cleaned_data.get(f"vi-{number}") and not any(
                self.cleaned_data.get(f"{way}-{number}") for way in PURPOSE_WAYS
            ):
                self.add_error(f"vi-{number}", _("Say what this purpose is good for."))
        return super().clean()

    def changed(self) -> Rules:
        found: list[Purpose] = []
        for number in range(self.count):
            words = " ".join(self.cleaned_data[f"vi-{number}"].split())
            if words:
                ways = tuple(way for way in PURPOSE_WAYS if self.cleaned_data[f"{way}-{number}"])
                key = self._key(number, words, {one.key for one in (*found, *self.old.purposes)})
                english = " ".join(self.cleaned_data[f"en-{number}"].split()) or words
                found.append(Purpose(key, words, english, ways, self.cleaned_data[f"reference-{number}"]))
        return replace(self.old, purposes=tuple(found))

    def _key(self, number: int, words: str, taken: set[str]) -> str:
        """A purpose keeps its key for ever: the access log names it. A new one gets it from its words."""
        if number < len(self.old.purposes):
            return self.old.purposes[number].key
        start = re.sub(r"[^a-z0-9]+", "_", fold(words)).strip("_")[:50]
        start = start if start[:1].isalpha() else f"p_{start}".rstrip("_")
        return next(key for key in (start, *(f"{start}_{count}" for count in range(2, 99))) if key not in taken)


@dataclass(frozen=True, slots=True)
class RightCell:
    way: str
    may: BoundField
    hours: BoundField


class RightsForm(SectionForm):
    section = "rights"

    def add_fields(self) -> None:
        for role in PICTURE_ROLES:
            for way in Way:
                if role in MAY_BE_GIVEN[way]:
                    self._add_cell(role, way)

    def _add_cell(self, role: Actor, way: Way) -> None:
        right = right_of(self.old, role, way)
        named = f"{_(ACTOR_WORDS[role])}: {_(WAY_WORDS[way])}"
        self.fields[f"{role}-{way}"] = forms.BooleanField(label=named, required=False, initial=right is not None)
        hours = ", ".join(str(span).replace("–", "-") for span in right.hours) if right else ""
        self.fields[f"hours-{role}-{way}"] = forms.CharField(
            label=_("Hours, {right}").format(right=named), max_length=60, required=False, initial=hours,
            widget=forms.TextInput(attrs={"placeholder": _("all day"), "aria-label": _("Hours, {right}").format(right=named)}),
        )  # fmt: skip

    def rows(self) -> list[tuple[str, list[RightCell]]]:
        return [
            (
                _(ACTOR_WORDS[role]),
                [
                    RightCell(_(WAY_WORDS[way]), self[f"{role}-{way}"], self[f"hours-{role}-{way}"])
                    for way in Way
                    if role in MAY_BE_GIVEN[way]
                ],
            )
            for role in PICTURE_ROLES
        ]

    def clean(self) -> dict[str, Any]:
        for name in [name for name in self.fields if name.startswith("hours-")]:
            try:
                self.cleaned_data[name] = _spans(self.cleaned_data.get(name, ""))
            except UsageError as error:
                self.add_error(name, _(error.cause))
        return super().clean()

    def changed(self) -> Rules:
        rights = tuple(
            Right(role, way, self.cleaned_data[f"hours-{role}-{way}"])
            for role in PICTURE_ROLES
            for way in Way
            if self.cleaned_data.get(f"{role}-{way}")
        )
        return replace(self.old, rights=rights)


def _spans(text: str) -> tuple[Hours, ...]:
    return tuple(read_hours(part.replace(" ", "")) for part in re.split(r"[,;]", text) if part.strip())


class KeptForm(SectionForm):
    section = "kept"

    def add_fields(self) -> None:
        for kept in self.old.kept:
            self.fields[str(kept.group)] = forms.IntegerField(
                label=_("Days kept, {group}").format(group=_(GROUP_WORDS[kept.group])), min_value=1, max_value=LONGEST_DAYS,
                initial=kept.days,
            )  # fmt: skip

    def changed(self) -> Rules:
        return replace(self.old, kept=tuple(Kept(group, self.cleaned_data[str(group)]) for group in Group))


class ExportForm(SectionForm):
    section = "export"
    persons = forms.TypedChoiceField(
        label=gettext_lazy("How many persons approve before a clip leaves"), coerce=int, widget=forms.RadioSelect
    )
    roles = forms.MultipleChoiceField(label=gettext_lazy("Who may approve"), required=False, widget=forms.CheckboxSelectMultiple)

    def add_fields(self) -> None:
        persons, roles = self.fields["persons"], self.fields["roles"]
        assert isinstance(persons, forms.TypedChoiceField)
        assert isinstance(roles, forms.MultipleChoiceField)
        persons.choices = [(0, _("nobody")), (1, _("one person")), (2, _("two persons"))]
        roles.choices = [(str(role), _(ACTOR_WORDS[role])) for role in Actor if role in MAY_APPROVE_EXPORTS]
        persons.initial, roles.initial = self.old.export.persons, [str(role) for role in self.old.export.roles]

    def changed(self) -> Rules:
        roles = tuple(role for role in Actor if role in self.cleaned_data["roles"])
        return replace(self.old, export=Approvals(self.cleaned_data["persons"], roles))


class PrivacyForm(SectionForm):
    section = "privacy"
    sound = forms.BooleanField(label=gettext_lazy("Sound is recorded where a camera's setting says so"), required=False)
    watermark = forms.BooleanField(label=gettext_lazy("The viewer's name and the time stand in the picture"), required=False)
    masked_for = forms.MultipleChoiceField(
        label=gettext_lazy("Who sees homes masked"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Whoever is not commune police always sees the picture with its masks."),
    )  # fmt: skip

    def add_fields(self) -> None:
        self.fields["sound"].initial, self.fields["watermark"].initial = self.old.sound, self.old.watermark
        masked = self.fields["masked_for"]
        assert isinstance(masked, forms.MultipleChoiceField)
        masked.choices = [(str(role), _(ACTOR_WORDS[role])) for role in PICTURE_ROLES if role not in ALWAYS_MASKED]
        masked.initial = [str(role) for role in self.old.masked_for if role not in ALWAYS_MASKED]

    def changed(self) -> Rules:
        data = self.cleaned_data
        masked = tuple(role for role in PICTURE_ROLES if role in ALWAYS_MASKED or role in data["masked_for"])
        return replace(self.old, sound=data["sound"], watermark=data["watermark"], masked_for=masked)


class Lines(forms.CharField):
    """A text of which each line is one entry."""

    widget = forms.Textarea(attrs={"rows": 8})

    def clean(self, value: Any) -> Any:
        lines = tuple(" ".join(line.split()) for line in str(super().clean(value)).splitlines() if line.strip())
        if any(len(line) > LINE for line in lines):
            raise ValidationError(_("One of the lines is longer than 400 characters."))
        return lines


class ConductForm(SectionForm):
    section = "conduct"
    prohibited = Lines(label=gettext_lazy("Prohibited acts, one a line"), max_length=TEXT * 4, required=False)

    def add_fields(self) -> None:
        self.fields["prohibited"].initial = "\n".join(self.old.prohibited)

    def changed(self) -> Rules:
        return replace(self.old, prohibited=self.cleaned_data["prohibited"])


class NoticeForm(SectionForm):
    section = "notice"
    notice = forms.CharField(
        label=gettext_lazy("Text of the notice"), max_length=TEXT, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    contact = forms.CharField(label=gettext_lazy("Whom to ask, and where to complain"), max_length=LINE, required=False)

    def add_fields(self) -> None:
        self.fields["notice"].initial, self.fields["contact"].initial = self.old.notice, self.old.contact

    def changed(self) -> Rules:
        notice = "\n".join(line.strip() for line in self.cleaned_data["notice"].splitlines()).strip()
        return replace(self.old, notice=notice, contact=" ".join(self.cleaned_data["contact"].split()))


class PaperForm(SectionForm):
    section = "paper"
    review = DayField(label=gettext_lazy("To be looked at again by"), required=False)
    superior = forms.CharField(label=gettext_lazy("Body above"), max_length=120, required=False)
    issuer = forms.CharField(label=gettext_lazy("Body that issues"), max_length=120, required=False)
    sign = forms.CharField(
        label=gettext_lazy("Number and sign"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "12/QC-CAX"}),
    )
    place = forms.CharField(label=gettext_lazy("Place"), max_length=60, required=False)
    signer_title = forms.CharField(label=gettext_lazy("Title of who signs"), max_length=120, required=False)
    signer = forms.CharField(label=gettext_lazy("Name of who signs"), max_length=120, required=False)
    basis = Lines(label=gettext_lazy("Legal basis, one a line"), max_length=TEXT * 4, required=False)
    recipients = Lines(label=gettext_lazy("Recipients, one a line"), max_length=TEXT, required=False)

    def add_fields(self) -> None:
        self.fields["review"].initial = self.old.review
        for name in _SINGLE:
            self.fields[name].initial = getattr(self.old.heading, name)
        for name in ("basis", "recipients"):
            self.fields[name].initial = "\n".join(getattr(self.old.heading, name))

    def changed(self) -> Rules:
        data = self.cleaned_data
        single = {
            name: " ".join(data[name].split()) for name in ("superior", "issuer", "sign", "place", "signer_title", "signer")
        }
        return replace(
            self.old, review=data["review"], heading=Heading(**single, basis=data["basis"], recipients=data["recipients"])
        )


SECTIONS: dict[str, type[SectionForm]] = {
    one.section: one for one in (PurposesForm, RightsForm, KeptForm, ExportForm, PrivacyForm, ConductForm, NoticeForm, PaperForm)
}


class ApproveForm(forms.Form):
    """From when. Empty: at once."""

    begins = forms.DateTimeField(
        label=gettext_lazy("In force from"), required=False, input_formats=["%d/%m/%Y %H:%M", "%d/%m/%Y", "%Y-%m-%dT%H:%M"],
        help_text=gettext_lazy("Day and time, like 01/12/2026 00:00. Empty: at once."),
        widget=forms.TextInput(attrs={"class": "form-control", "placeholder": "01/12/2026 00:00", "autocomplete": "off",
                                      "aria-describedby": "help-begins err-begins"}),
    )  # fmt: skip
