"""Forms of a ticket: giving it, putting it off, a note, closing it, a repair. Field names differ: all stand on one page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.base.errors import UsageError
from luytre.base.money import parse_dong
from luytre.civic.registry.refusals import said
from luytre.civic.upkeep.models import Waits
from luytre.civic.upkeep.repairs import LIMITS, RepairDraft
from luytre.web.days import DayField
from luytre.web.figure_fields import in_words
from luytre.web.register_words import choices


class _Form(forms.Form):
    """Looks of the fields, and where each one's error and help stand."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field.widget, forms.HiddenInput):
                continue
            looks = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            described = f"err-{name}" + (f" help-{name}" if field.help_text else "")
            field.widget.attrs |= {"class": looks, "autocomplete": "off", "aria-describedby": described}

    def tell(self, error: ValidationError) -> None:
        """What the room found wrong, at its field."""
        for name, words in said(error).items():
            self.add_error(name if name in self.fields else None, words)


class AssignForm(_Form):
    whom = forms.ChoiceField(label=gettext_lazy("Who must act"), required=False)

    def __init__(self, offered: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["whom"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *offered]


class WaitForm(_Form):
    waits = forms.ChoiceField(label=gettext_lazy("What it waits for"))
    words = forms.CharField(
        label=gettext_lazy("In more detail"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["waits"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices(Waits)


class NoteForm(_Form):
    note = forms.CharField(
        label=gettext_lazy("Note"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("It stays as it is: no names or telephones of residents."),
    )  # fmt: skip


class CloseForm(_Form):
    why = forms.CharField(
        label=gettext_lazy("Why it is done"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("It closes by itself when the fault is over. If the fault goes on, it opens again after a day."),
    )  # fmt: skip


class ReopenForm(_Form):
    again = forms.CharField(
        label=gettext_lazy("Why it is to be done again"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("It then stays to be done until somebody closes it by hand, also when the fault is over."),
    )  # fmt: skip


class RepairForm(_Form):
    day = DayField(label=gettext_lazy("Day"))
    who = forms.CharField(label=gettext_lazy("Who mended it"), max_length=LIMITS["who"])
    what = forms.CharField(
        label=gettext_lazy("What was mended"), max_length=LIMITS["what"], widget=forms.Textarea(attrs={"rows": 2})
    )
    part = forms.CharField(label=gettext_lazy("Part"), max_length=LIMITS["part"], required=False)
    cost = forms.CharField(label=gettext_lazy("Cost in dong"), max_length=40, help_text=gettext_lazy("350.000, or 0."))
    warranty_until = DayField(label=gettext_lazy("Part under warranty until"), required=False)
    camera = forms.ChoiceField(label=gettext_lazy("Camera"), required=False)
    corrects = forms.ChoiceField(
        label=gettext_lazy("Stands in place of"), required=False, help_text=gettext_lazy("Only where an earlier row was wrong.")
    )

    def __init__(self, cameras: Sequence[tuple[str, str]], rows: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in (("camera", cameras), ("corrects", rows)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "—"), *offered]
        if not self.is_bound:
            self.initial = {"day": timezone.localdate(), "camera": cameras[0][0] if len(cameras) == 1 else ""}
        if not rows:
            del self.fields["corrects"]

    def clean_cost(self) -> int:
        try:
            return parse_dong(self.cleaned_data["cost"])
        except UsageError as error:
            raise in_words(error) from error

    def draft(self) -> RepairDraft:
        """Only after `is_valid`."""
        data = self.cleaned_data
        corrects = data.get("corrects", "")
        return RepairDraft(
            data["day"], data["who"], data["what"], data["cost"], data["part"], data["camera"], data["warranty_until"],
            int(corrects) if corrects else None,
        )  # fmt: skip


def row_words(number: int) -> str:
    return _("row %(number)s") % {"number": number}
