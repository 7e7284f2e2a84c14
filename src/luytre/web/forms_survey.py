"""Forms of the survey: the telephone's, which its script reads (never bound here), campaigns, and states of needs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Choices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.base import i18n
from luytre.base.errors import UsageError
from luytre.civic.access.models import User
from luytre.civic.registry.figures import parse_whole
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.refusals import said
from luytre.civic.registry.register import Condition, Label, Network, OwnerKind, Power, RecorderKind, Tier
from luytre.civic.survey.campaigns import CampaignDraft
from luytre.civic.survey.models import Campaign, NeedState, PhotoKind, Reason, Urgency
from luytre.web.days import DayField

CHOICES: dict[str, type[Choices]] = {
    "owner_kind": OwnerKind, "tier": Tier, "recorder": RecorderKind, "power": Power, "network": Network, "label": Label,
    "condition": Condition, "reason": Reason, "urgency": Urgency, "state": NeedState, "photo_kind": PhotoKind,
}  # fmt: skip
"""What each choice's field chooses among."""


def choices_of(name: str) -> list[tuple[str, str]]:
    """In the page's language, each with a capital letter."""
    return [(str(value), capital(_(str(label)))) for value, label in CHOICES[name].choices]


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


class PhoneForm(forms.Form):
    """A form that a telephone's script fills and reads. Its names are those of `civic.survey.payload`."""

    PREFIX = ""

    def __init__(self) -> None:
        super().__init__(auto_id=f"{self.PREFIX}-%s")
        for name, field in self.fields.items():
            if isinstance(field, forms.ChoiceField):
                field.choices = [*([("", _("Choose…"))] if field.required else []), *choices_of(name)]
            field.widget.attrs |= {
                "class": "form-select" if isinstance(field, forms.ChoiceField) else "form-control", "autocomplete": "off",
                "aria-describedby": f"{self.PREFIX}-help-{name} {self.PREFIX}-err-{name}",
            }  # fmt: skip


def _text(label: Any, most: int, **attributes: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=False, widget=forms.TextInput(attrs=attributes))


def _long(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=400, required=False, widget=forms.Textarea(attrs={"rows": "2"}))


def _figure(label: Any) -> forms.CharField:
    return _text(label, 12, inputmode="decimal")


def _choice(label: Any, initial: object = None, *, asked: bool = False) -> forms.ChoiceField:
    """`asked`: nothing is chosen beforehand, and something has to be."""
    return forms.ChoiceField(label=label, required=asked, initial=initial)


class EyeForm(PhoneForm):
    """A camera, connected or not."""

    PREFIX = "eye"
    name = forms.CharField(label=gettext_lazy("What to call it"), max_length=120)
    owner_kind = _choice(gettext_lazy("Whose it is"))
    owner_name = _text(gettext_lazy("Owner’s name"), 120)
    owner_phone = _text(gettext_lazy("Owner’s telephone"), 40, inputmode="tel")
    address = _text(gettext_lazy("Address"), 200)
    position = forms.CharField(label=gettext_lazy("Position"), max_length=80)
    bearing_deg = _figure(gettext_lazy("Direction it looks (degrees)"))
    height_m = _figure(gettext_lazy("Height above the ground (m)"))
    sees = _long(gettext_lazy("What do you see in its picture?"))
    homes_in_view = _long(gettext_lazy("Whose homes are in view?"))
    maker = _text(gettext_lazy("Maker"), 80)
    model = _text(gettext_lazy("Model"), 80)
    condition = _choice(gettext_lazy("Condition"), Condition.UNKNOWN)
    recorder = _choice(gettext_lazy("Where it keeps its footage"))
    days_kept = _text(gettext_lazy("Days kept"), 5, inputmode="numeric")
    clock_error_s = _figure(gettext_lazy("Clock is ahead by (seconds)"))
    power = _choice(gettext_lazy("Power"))
    network = _choice(gettext_lazy("Network"))
    label = _choice(gettext_lazy("Bears the QCVN 135:2024 mark"))
    tier = _choice(gettext_lazy("What the owner would agree to"))
    note = _long(gettext_lazy("Note"))


class NeedForm(PhoneForm):
    """A spot where an eye is missing."""

    PREFIX = "need"
    name = forms.CharField(label=gettext_lazy("Which place"), max_length=120)
    position = forms.CharField(label=gettext_lazy("Position"), max_length=80)
    reason = _choice(gettext_lazy("Why a camera is needed"), asked=True)
    urgency = _choice(gettext_lazy("How urgent"), int(Urgency.MIDDLE))
    to_see = _long(gettext_lazy("What it should see"))
    words = _long(gettext_lazy("In your words"))


class NothingForm(PhoneForm):
    """A visit that found no camera."""

    PREFIX = "nothing"
    note = _long(gettext_lazy("Note"))


FIELD_WORDS = {
    name: field.label for form in (NothingForm, NeedForm, EyeForm) for name, field in form.base_fields.items()
} | {"note": gettext_lazy("Note")}  # fmt: skip
"""How each field of an entry is called."""


class CampaignForm(forms.Form):
    """A round of the survey: hamlets are ticked, each with a target in a field beside it (`target-7`)."""

    name = forms.CharField(label=gettext_lazy("Name of the campaign"), max_length=120)
    first_day = DayField(label=gettext_lazy("First day"))
    last_day = DayField(label=gettext_lazy("Last day"))
    hamlets = forms.MultipleChoiceField(required=False)
    surveyors = forms.MultipleChoiceField(required=False)

    def __init__(self, hamlets: list[Hamlet], people: list[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.there, self.people = {str(one.pk): one for one in hamlets}, {str(one.pk): one for one in people}
        self.fields["hamlets"].choices = [(key, one.name) for key, one in self.there.items()]  # type: ignore[attr-defined]
        self.fields["surveyors"].choices = [(key, str(one)) for key, one in self.people.items()]  # type: ignore[attr-defined]
        for name in ("name", "first_day", "last_day"):
            self.fields[name].widget.attrs |= {
                "class": "form-control", "autocomplete": "off", "aria-describedby": f"help-{name} err-{name}",
            }  # fmt: skip

    def targets(self) -> dict[Hamlet, int]:
        """Errors: ValidationError (hamlets) for a target that is no number."""
        found: dict[Hamlet, int] = {}
        for key in self.cleaned_data["hamlets"]:
            typed = self.data.get(f"target-{key}", "").strip()
            try:
                found[self.there[key]] = parse_whole(typed) if typed else 0
            except UsageError as error:
                raise ValidationError({"hamlets": [_("A target is a whole number.")]}) from error
        return found

    def draft(self) -> CampaignDraft:
        """Only after `is_valid`. Errors: ValidationError (hamlets)."""
        data = self.cleaned_data
        people = [self.people[key] for key in data["surveyors"]]
        return CampaignDraft(data["name"], data["first_day"], data["last_day"], self.targets(), people)

    def tell(self, error: ValidationError) -> None:
        """What the survey found wrong, at its field."""
        for field, words in said(error, i18n.language()).items():
            self.add_error(field if field in self.fields else None, words)

    def ticked(self) -> list[tuple[str, str, bool, str]]:
        """Each hamlet: its number, name, whether it is ticked, and the target that was typed."""
        chosen = {str(one) for one in (self["hamlets"].value() or ())}
        typed = self.data if self.is_bound else self.initial
        return [(key, one.name, key in chosen, str(typed.get(f"target-{key}", "") or "")) for key, one in self.there.items()]


def campaign_values(campaign: Campaign) -> dict[str, Any]:
    places = list(campaign.places.all())
    return {
        "name": campaign.name, "first_day": campaign.first_day, "last_day": campaign.last_day,
        "hamlets": [str(place.hamlet_id) for place in places],
        "surveyors": [str(key) for key in campaign.surveyors.values_list("pk", flat=True)],
    } | {f"target-{place.hamlet_id}": str(place.target) for place in places if place.target}  # fmt: skip


class StateForm(forms.Form):
    """What becomes of a need."""

    state = forms.ChoiceField(label=gettext_lazy("State"))
    state_words = forms.CharField(label=gettext_lazy("Why"), max_length=400, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = choices_of("state")  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            kind = "form-select" if name == "state" else "form-control"
            field.widget.attrs |= {"class": kind, "autocomplete": "off", "aria-describedby": f"help-{name} err-{name}"}

    def tell(self, error: ValidationError) -> None:
        for field, words in said(error, i18n.language()).items():
            self.add_error(field if field in self.fields else None, words)
