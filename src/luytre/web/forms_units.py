"""Forms of the organisation: adding a unit, changing one from a day on, merging two hamlets. Errors stand at their field."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.civic.access.models import UnitKind, User
from luytre.civic.access.units import LONGEST_NAME, Decree
from luytre.web.days import DayField


class DecreeForm(forms.Form):
    """From which day on, and by what resolution."""

    day = DayField(label=gettext_lazy("From this day on"))
    reference = forms.CharField(label=gettext_lazy("Resolution or decision"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dress()

    def dress(self) -> None:
        for name, field in self.fields.items():
            field.widget.attrs |= {
                "class": "form-select" if isinstance(field, forms.ChoiceField) else "form-control", "autocomplete": "off",
                "aria-describedby": f"help-{name} err-{name}",
            }  # fmt: skip

    def decree(self, by: User) -> Decree:
        """Only after `is_valid`."""
        return Decree(by, self.cleaned_data["day"], self.cleaned_data["reference"])

    def tell(self, error: ValidationError) -> None:
        """What the organisation found wrong, at its field."""
        for field, said in error.message_dict.items():
            self.add_error(field if field in self.fields else None, [_(words) for words in said])


class ChangeForm(DecreeForm):
    """A name from a day on; for a unit that is no place, also below which other it stands."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_NAME)
    above = forms.TypedChoiceField(label=gettext_lazy("Stands below"), coerce=int)
    field_order: tuple[str, ...] = ("name", "above", "day", "reference")

    def __init__(self, above: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["above"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = above
        if not above:
            del self.fields["above"]


class AddForm(ChangeForm):
    """Something new. The day may be left out: nobody knows since when a unit has been there."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    field_order: tuple[str, ...] = ("kind", "name", "above", "day", "reference")

    def __init__(self, kinds: list[tuple[str, str]], above: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(above, *args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = kinds
        self.fields["day"].required = False
        if "above" in self.fields:
            self.fields["above"].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == UnitKind.UNIT and not data.get("above") and "above" not in self.errors:
            self.add_error("above" if "above" in self.fields else None, _("Say below which other it stands."))
        return data


class MergeForm(DecreeForm):
    into = forms.TypedChoiceField(label=gettext_lazy("Goes into"), coerce=int)
    field_order = ("into", "day", "reference")

    def __init__(self, others: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["into"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = others


def first_values(name: str, above: int | None, today: date) -> dict[str, Any]:
    return {"name": name, "above": above, "day": today}
