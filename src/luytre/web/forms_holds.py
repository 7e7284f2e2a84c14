"""Forms of footage on hold: setting, renewing, lifting; the filters of its list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.base.when_span import read_span
from luytre.civic.registry.holds import USUAL_DAYS, WantedHold
from luytre.civic.registry.models import Camera
from luytre.civic.regulations.bounds import LONGEST_HOLD_DAYS
from luytre.web.days import DayField

TYPED = "%d/%m/%Y %H:%M:%S"
"""As a page writes a moment into a box, and reads it back."""


def _dress(form: forms.Form) -> None:
    """Looks of the fields, and where each one's error and help stand."""
    for name, field in form.fields.items():
        if name == "cameras":
            continue
        described = f"err-{name}" + (f" help-{name}" if field.help_text else "")
        field.widget.attrs |= {"class": "form-control", "autocomplete": "off", "aria-describedby": described}


def tell(form: forms.Form, error: ValidationError) -> None:
    """What the registry found wrong, at its field."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, [_(words) for words in error.messages])
        return
    for field, said in error.message_dict.items():
        form.add_error("why" if field == "reason" and "why" in form.fields else field, [_(words) for words in said])


class HoldForm(forms.Form):
    """A new hold. Times are typed as they are spoken."""

    cameras = forms.MultipleChoiceField(required=False)
    start = forms.CharField(label=gettext_lazy("Footage from"), max_length=60)
    end = forms.CharField(label=gettext_lazy("Footage to"), max_length=60)
    reference = forms.CharField(label=gettext_lazy("Number of the incident, case or request"), max_length=120)
    reason = forms.CharField(label=gettext_lazy("Why it is held"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    last_day = DayField(label=gettext_lazy("Hold until the end of"))

    def __init__(self, cameras: Iterable[Camera], now: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        keys = self.fields["cameras"]
        assert isinstance(keys, forms.MultipleChoiceField)
        keys.choices = [(camera.key, camera.name) for camera in cameras]
        keys.error_messages["invalid_choice"] = _("Footage of one of these cameras is not yours to hold.")
        self.fields["start"].help_text = _("Like 21h30 yesterday, or 24/11/2026 21:30.")
        self.fields["end"].help_text = _("A time alone is of the same night: 22h15.")
        self.fields["last_day"].help_text = _("At most %(days)d days from today; after that somebody must renew it.") % {
            "days": LONGEST_HOLD_DAYS
        }
        self.fields["last_day"].initial = timezone.localdate(now) + timedelta(days=USUAL_DAYS)
        _dress(self)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        zone = timezone.get_default_timezone()
        found = read_span(data.get("start", ""), data.get("end", ""), self.now, zone)
        for name, moment in (("start", found.start), ("end", found.end)):
            if moment is None and data.get(name):
                self.add_error(name, _("This time is not understood, or still to come. Write it like 21h30 yesterday."))
            data[name] = moment
        return data

    def wanted(self) -> WantedHold:
        """Only after `is_valid`."""
        data = self.cleaned_data
        return WantedHold(tuple(data["cameras"]), data["start"], data["end"], data["reference"], data["reason"], data["last_day"])


class RenewForm(forms.Form):
    last_day = DayField(label=gettext_lazy("Hold until the end of"))
    reason = forms.CharField(label=gettext_lazy("Why it is still needed"), max_length=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self)


class LiftForm(forms.Form):
    """Its field has another name than the renewing form's: both stand on one page."""

    why = forms.CharField(label=gettext_lazy("Why it is no longer needed"), max_length=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self)


def as_typed(moment: datetime) -> str:
    """`24/11/2026 21:30:05`, by the commune's clock."""
    return timezone.localtime(moment, timezone.get_default_timezone()).strftime(TYPED)
