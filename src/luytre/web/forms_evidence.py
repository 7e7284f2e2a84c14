"""Forms of evidence packages: ordering, with which blur, handing over, destroying."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.base.i18n import N_
from luytre.civic.access.looks import Reason
from luytre.civic.access.models import LookKind
from luytre.civic.blurring.desk import BlurChoice
from luytre.civic.evidence.models import What
from luytre.civic.registry.models import Camera
from luytre.web.forms_incidents import MappedForm
from luytre.web.forms_spans import SpanForm


class PackageForm(SpanForm):
    """Which span of which camera, for whom."""

    WAY = LookKind.EXPORT
    LONGEST_WORDS = N_("At most twelve hours at once. A time alone is of the same night: 22h15.")
    kind = forms.ChoiceField(
        label=gettext_lazy("What leaves"), widget=forms.RadioSelect,
        choices=[(one.value, gettext_lazy(str(one.label))) for one in (What.FULL, What.VIEWING)],
    )  # fmt: skip
    words = forms.CharField(label=gettext_lazy("A few words (need not be)"), max_length=400, required=False)

    def __init__(self, cameras: Iterable[Camera], now: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(cameras, now, *args, **kwargs)
        self.fields["purpose"].label = _("Purpose")

    def reason(self) -> Reason:
        found = super().reason()
        return Reason(found.purpose_key, found.reference, " ".join(self.cleaned_data.get("words", "").split()))


class BlurChoiceForm(MappedForm):
    """With which blur the copy for watching is made; none: masks alone are hidden."""

    blur = forms.ChoiceField(label=gettext_lazy("Blurred in the copy for watching"), required=False)

    def __init__(self, offered: Sequence[BlurChoice], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {f"{one.key} {one.revision}": one for one in offered}
        field = self.fields["blur"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("nothing but the camera's masks")), *((key, one.title) for key, one in self.offered.items())]

    def chosen(self) -> tuple[str, int]:
        """Only after `is_valid`."""
        found = self.offered.get(self.cleaned_data["blur"])
        return (found.key, found.revision) if found else ("", 0)


class HandingForm(MappedForm):
    whom = forms.CharField(
        label=gettext_lazy("The other side"), max_length=200, required=False,
        help_text=gettext_lazy("The office, and who of it signs, with rank. It stands in the custody log for good."),
    )  # fmt: skip
    paper = forms.CharField(label=gettext_lazy("Number of the minutes"), max_length=60, required=False)
    note = forms.CharField(label=gettext_lazy("Note (need not be)"), max_length=400, required=False)


class DestroyPackageForm(MappedForm):
    PLACES = {"note": "destroy_why"}

    destroy_why = forms.CharField(
        label=gettext_lazy("Why, and under which decision"), max_length=400, required=False,
        help_text=gettext_lazy("The file goes for good; its steps with its hash stay."),
    )  # fmt: skip
