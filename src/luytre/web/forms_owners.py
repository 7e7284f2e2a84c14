"""Forms of owners: an offer by a resident, joining, terms, signing on screen or paper, allowing less, withdrawing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.civic.movement.models import MOST_NAME, MOST_PHONE, MOST_WORDS
from luytre.civic.movement.offers import MOST_PLACE, OfferDraft
from luytre.civic.movement.text import Owner
from luytre.civic.registry.eyes import EyeDraft
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.order import hamlets_in_order
from luytre.civic.registry.register import OwnerKind, Tier
from luytre.civic.registry.terms import Terms
from luytre.civic.regulations.rules import Hours
from luytre.web.days import DayField
from luytre.web.forms_incidents import MappedForm, _hamlet, _offer
from luytre.web.register_words import choices

_HOUR = re.compile(r"([01]?\d|2[0-3])[:hH.]([0-5]\d)?")
MOST_DAYS = 3650
TIER_HELP = {
    Tier.LIVE: gettext_lazy("The commune's recorder opens it in the hours below."),
    Tier.ON_ALARM: gettext_lazy(
        "Opened only while an alarm or an incident of the hamlet is going on, 24 hours at most each time."
    ),
    Tier.ON_REQUEST: gettext_lazy("Not connected. For an incident the police ask, and the owner decides each time."),
    Tier.LISTED: gettext_lazy("Not connected, not asked: the commune only knows that it is there."),
}


class _Name(forms.Form):
    owner_name = forms.CharField(label=gettext_lazy("Owner's first and last name"), max_length=MOST_NAME)
    owner_phone = forms.CharField(
        label=gettext_lazy("Owner's telephone"), required=False, max_length=MOST_PHONE,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip


class OfferForm(MappedForm):
    """What a resident sends."""

    name = forms.CharField(label=gettext_lazy("Whom shall we ask for?"), max_length=MOST_NAME)
    phone = forms.CharField(
        label=gettext_lazy("Telephone"), max_length=MOST_PHONE, widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text=gettext_lazy("Read only by the commune police and your hamlet's head; each look is written down."),
    )  # fmt: skip
    hamlet = forms.ChoiceField(label=gettext_lazy("Hamlet"), required=False)
    place = forms.CharField(label=gettext_lazy("Where the camera hangs"), required=False, max_length=MOST_PLACE)
    words = forms.CharField(
        label=gettext_lazy("What it looks at"), required=False, max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hamlets = [(str(one.pk), one.name) for one in hamlets_in_order(Hamlet.objects.all())]
        _offer(self, "hamlet", [("", _("I do not know")), *hamlets])

    def draft(self) -> OfferDraft:
        data = self.cleaned_data
        return OfferDraft(_hamlet(data["hamlet"]), data["name"], data["phone"], data["place"], data["words"])


class JoinForm(MappedForm):
    """A camera that the register does not know yet. Its owner signs on the next page."""

    PLACES = {"site": "name"}
    name = forms.CharField(
        label=gettext_lazy("What the camera is called"), max_length=120,
        help_text=gettext_lazy("By its place, like “Gate of the market, north side”."),
    )  # fmt: skip
    hamlet = forms.ChoiceField(label=gettext_lazy("Hamlet"))
    owner_kind = forms.ChoiceField(label=gettext_lazy("Whose it is"))
    owner_name = forms.CharField(label=gettext_lazy("Owner's first and last name"), max_length=MOST_NAME)
    owner_phone = forms.CharField(
        label=gettext_lazy("Owner's telephone"), required=False, max_length=MOST_PHONE,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip
    address = forms.CharField(label=gettext_lazy("Address"), required=False, max_length=200)
    sees = forms.CharField(label=gettext_lazy("What it looks at"), required=False, max_length=400)

    def __init__(self, hamlets: Iterable[Hamlet], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "hamlet", [("", "—"), *((one.name, one.name) for one in hamlets_in_order(hamlets))])
        _offer(self, "owner_kind", [pair for pair in choices(OwnerKind) if pair[0] != OwnerKind.COMMUNE])

    def draft(self) -> EyeDraft:
        data = self.cleaned_data
        return EyeDraft(
            data["name"], hamlet=data["hamlet"], owner_kind=data["owner_kind"], owner_name=data["owner_name"],
            owner_phone=data["owner_phone"], address=data["address"], sees=data["sees"], tier=Tier.LISTED.value,
        )  # fmt: skip


def hour_of(typed: str) -> int | None:
    """Minutes from midnight of `18:00`, `18h` or `6h30`; None for an empty text. Errors: ValidationError."""
    text = typed.strip()
    if not text:
        return None
    found = _HOUR.fullmatch(text)
    if found is None:
        raise ValidationError(_("Write the hour like 18:00."))
    return int(found[1]) * 60 + int(found[2] or 0)


def as_hour(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


class TermsForm(MappedForm):
    """`drawn_over`: the number of the terms that the page showed as in force (0: none)."""

    PLACES = {"hours": "hour_from"}
    drawn_over = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    tier = forms.ChoiceField(label=gettext_lazy("What the owner agrees to"), widget=forms.RadioSelect)
    hour_from = forms.CharField(
        label=gettext_lazy("Each day from"), required=False, max_length=8,
        help_text=gettext_lazy("Like 18:00. Both empty: the whole day. It may go over midnight."),
    )  # fmt: skip
    hour_to = forms.CharField(label=gettext_lazy("until"), required=False, max_length=8)
    days = forms.IntegerField(
        label=gettext_lazy("Days kept at most"), required=False, min_value=1, max_value=MOST_DAYS,
        help_text=gettext_lazy("Empty: as long as the regulation says, never longer."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    last_day = DayField(
        label=gettext_lazy("Last day of the agreement"), required=False,
        help_text=gettext_lazy("Empty: until the owner withdraws. After that day the camera closes by itself."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "tier", list(reversed(choices(Tier))))

    @staticmethod
    def of(terms: Terms | None) -> dict[str, object]:
        """What stands in it at first."""
        if terms is None:
            return {"drawn_over": 0, "tier": Tier.LIVE.value}
        hours = terms.hours
        return {
            "drawn_over": terms.number, "tier": terms.tier, "hour_from": as_hour(hours.start) if hours else "",
            "hour_to": as_hour(hours.end) if hours else "", "days": terms.days or None,
            "last_day": terms.last_day,
        }  # fmt: skip

    @property
    def tiers(self) -> list[tuple[Any, Any]]:
        """Each choice with what it means."""
        return [(radio, TIER_HELP[Tier(str(radio.data["value"]))]) for radio in self["tier"]]

    def clean_hour_from(self) -> int | None:
        return hour_of(self.cleaned_data["hour_from"])

    def clean_hour_to(self) -> int | None:
        return hour_of(self.cleaned_data["hour_to"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("hour_from"), data.get("hour_to")
        if not self.errors and (start is None) != (end is None):
            self.add_error("hour_to" if end is None else "hour_from", _("Both hours are needed, or none."))
        return data

    def wanted(self) -> Terms:
        """Only after `is_valid`."""
        data = self.cleaned_data
        start, end = data["hour_from"], data["hour_to"]
        hours = Hours(start, end) if start is not None and end is not None else None
        return Terms(data["tier"], hours, data["days"] or 0, last_day=data["last_day"])


class AgreeForm(_Name, TermsForm):
    """Terms, and who signs them."""

    field_order = ("owner_name", "owner_phone", "tier", "hour_from", "hour_to", "days", "last_day")

    def owner(self) -> Owner:
        return Owner(self.cleaned_data["owner_name"], self.cleaned_data["owner_phone"])


class SignForm(AgreeForm):
    """What was shown, and the signature. `strokes`: as the page's script draws them; `scan` is read by the view."""

    PLACES = {"hours": "hour_from"}
    digest = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    strokes = forms.CharField(widget=forms.HiddenInput, required=False)
    scan = forms.FileField(
        label=gettext_lazy("Scan or photo of the signed paper"), required=False,
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/*"}),
    )  # fmt: skip
    code = forms.CharField(
        label=gettext_lazy("Code at the foot of the paper"), required=False, max_length=12,
        help_text=gettext_lazy("Eight letters and digits: so the paper is surely this text."),
    )  # fmt: skip


class NarrowForm(TermsForm):
    note = forms.CharField(
        label=gettext_lazy("How the owner told you"), required=False, max_length=MOST_WORDS,
        help_text=gettext_lazy("By telephone, at the meeting, in writing. Without names: it cannot be erased."),
    )  # fmt: skip


class WithdrawForm(MappedForm):
    PLACES = {"note": "why"}
    over = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    why = forms.CharField(
        label=gettext_lazy("How the owner told you"), required=False, max_length=MOST_WORDS,
        help_text=gettext_lazy("By telephone, at the meeting, in writing. Without names: it cannot be erased."),
    )  # fmt: skip


class OpenForm(MappedForm):
    incident = forms.CharField(label=gettext_lazy("Number of the incident"), max_length=20, help_text="12/2026")
