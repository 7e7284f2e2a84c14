"""A span of one camera's footage, with why: the form that others stand on. Times are typed as they are spoken."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.base.when_span import read_span
from luytre.civic.access.looks import Reason, Span
from luytre.civic.access.models import LookKind
from luytre.civic.registry.models import Camera
from luytre.web import reasons
from luytre.web.forms_holds import as_typed
from luytre.web.forms_incidents import MappedForm


class SpanForm(MappedForm):
    """`WAY`: whose purposes of the regulation are offered. `LONGEST_WORDS`: said at the end's field, a message id."""

    WAY: ClassVar[LookKind] = LookKind.HISTORY
    LONGEST_WORDS: ClassVar[str] = ""

    camera = forms.ChoiceField(label=gettext_lazy("Camera"))
    start = forms.CharField(label=gettext_lazy("Footage from"), max_length=60)
    end = forms.CharField(label=gettext_lazy("Footage to"), max_length=60)
    purpose = forms.ChoiceField(label=gettext_lazy("Why you look"))
    reference = forms.CharField(label=gettext_lazy("Number of the incident, case or request"), max_length=120, required=False)

    def __init__(self, cameras: Iterable[Camera], now: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.purposes = now, reasons.offered(self.WAY, now)
        self.cameras = {camera.key: camera for camera in cameras}
        self._offer("camera", [(camera.key, camera.name) for camera in self.cameras.values()])
        self._offer("purpose", [(str(one["key"]), str(one["words"])) for one in reasons.shown(self.purposes)])
        self.fields["start"].help_text = _("Like 21h30 yesterday, or 24/11/2026 21:30.")
        self.fields["end"].help_text = _(self.LONGEST_WORDS)

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


def asked_span(request: HttpRequest, now: datetime, names: Iterable[str]) -> dict[str, Any]:
    """What the address names of a form: `names` as they are, `in` and `out` (UTC seconds) as its times."""
    said: dict[str, Any] = {name: request.GET.get(name, "").replace("\0", "")[:120] for name in names}
    for name, field in (("in", "start"), ("out", "end")):
        try:
            said[field] = as_typed(min(datetime.fromtimestamp(float(request.GET.get(name, "")), UTC), now))
        except (ValueError, OverflowError, OSError):
            continue
    return said
