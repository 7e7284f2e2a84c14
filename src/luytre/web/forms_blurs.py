"""Forms of regions hidden over a span: beginning one, and what was drawn."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.base.when_span import read_span
from luytre.civic.access.looks import Reason, Span
from luytre.civic.access.models import LookKind
from luytre.civic.blurring.models import MOST_TITLE, MOST_WORDS
from luytre.civic.registry.models import Camera
from luytre.web import reasons
from luytre.web.forms_incidents import MappedForm


class BlurForm(MappedForm):
    """Which span of which camera. Times are typed as they are spoken."""

    camera = forms.ChoiceField(label=gettext_lazy("Camera"))
    start = forms.CharField(label=gettext_lazy("Footage from"), max_length=60)
    end = forms.CharField(label=gettext_lazy("Footage to"), max_length=60)
    title = forms.CharField(
        label=gettext_lazy("What is blurred"), max_length=MOST_TITLE,
        help_text=gettext_lazy("Like “faces of passers-by, number plates”. No names: what is written here cannot be erased."),
    )  # fmt: skip
    purpose = forms.ChoiceField(label=gettext_lazy("Why you look"))
    reference = forms.CharField(label=gettext_lazy("Number of the incident, case or request"), max_length=120, required=False)

    def __init__(self, cameras: Iterable[Camera], now: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.purposes = now, reasons.offered(LookKind.HISTORY, now)
        self.cameras = {camera.key: camera for camera in cameras}
        self._offer("camera", [(camera.key, camera.name) for camera in self.cameras.values()])
        self._offer("purpose", [(str(one["key"]), str(one["words"])) for one in reasons.shown(self.purposes)])
        self.fields["start"].help_text = _("Like 21h30 yesterday, or 24/11/2026 21:30.")
        self.fields["end"].help_text = _("At most two hours at once. A time alone is of the same night: 22h15.")

    def _offer(self, name: str, offered: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = offered if len(offered) == 1 else [("", "—"), *offered]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        found = read_span(data.get("start", ""), data.get("end", ""), self.now, timezone.get_default_timezone())
        for name, moment in (("start", found.start), ("end", found.end)):
            if moment is None and data.get(name):
                self.add_error(name, _("This time is not understood, or still to come. Write it like 21h30 yesterday."))
            data[name] = moment
        if "purpose" in data and reasons.lacking(self.reason(), self.purposes) == "reference":
            self.add_error("reference", _("This purpose needs the number of an incident, a case or a request."))
        return data

    def reason(self) -> Reason:
        data = self.cleaned_data
        return Reason(data["purpose"], " ".join(data.get("reference", "").split()))

    def chosen(self) -> tuple[Camera, Span]:
        """Only after `is_valid`."""
        data = self.cleaned_data
        return self.cameras[data["camera"]], Span(data["start"], data["end"])


class DrawnForm(MappedForm):
    """What the page's script puts together. `over`: the number of the revision that it was drawn over."""

    tracks = forms.CharField(widget=forms.HiddenInput)
    over = forms.IntegerField(min_value=0, max_value=10**6, widget=forms.HiddenInput)
    words = forms.CharField(label=gettext_lazy("What is new in it (need not be)"), max_length=MOST_WORDS, required=False)
