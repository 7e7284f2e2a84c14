"""Forms of mobilisation: a campaign with its goals, a visit, a meeting, whom to come back to, a commitment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.base.ids import new_id
from luytre.base.letters import one_line
from luytre.civic.mobilisation.campaigns import Aim, CampaignDraft, aims_of
from luytre.civic.mobilisation.going import CommitmentDraft, Where
from luytre.civic.mobilisation.models import MOST_COUNT, MOST_MINUTES, MOST_NAME, MOST_PHONE, MOST_WORDS, Campaign, Sort
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.order import hamlets_in_order
from luytre.web.days import DayField
from luytre.web.forms_incidents import MappedForm, _offer
from luytre.web.forms_ledger import MoneyField
from luytre.web.register_words import choices


def _count(label: Any, *, least: int = 0, required: bool = True) -> forms.IntegerField:
    widget = forms.TextInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=least, max_value=MOST_COUNT, required=required, widget=widget)


class CampaignForm(MappedForm):
    """With two figures for each hamlet, `eyes_7` and `households_7`."""

    name = forms.CharField(label=gettext_lazy("Name of the round of mobilisation"), max_length=MOST_NAME)
    first_day = DayField(label=gettext_lazy("From day"))
    last_day = DayField(label=gettext_lazy("To day"))
    carriers = forms.CharField(
        label=gettext_lazy("Who carries it, one a line"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Party cells, hamlets, the women's, youth, veterans' and farmers' unions, the Front."),
    )  # fmt: skip
    words = forms.CharField(label=gettext_lazy("What it is for"), required=False, max_length=MOST_WORDS)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, hamlets: Iterable[Hamlet], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hamlets = hamlets_in_order(hamlets)
        for one in self.hamlets:
            for part, words in (("eyes", _("%(hamlet)s: eyes")), ("households", _("%(hamlet)s: households"))):
                field, name = _count(words % {"hamlet": one.name}, required=False), f"{part}_{one.pk}"
                field.widget.attrs |= {"class": "form-control", "autocomplete": "off", "aria-describedby": f"err-{name}"}
                self.fields[name] = field

    @staticmethod
    def of(campaign: Campaign) -> dict[str, object]:
        """What stands in it at first."""
        said: dict[str, object] = {
            name: getattr(campaign, name) for name in ("name", "first_day", "last_day", "carriers", "words", "revision")
        }
        for hamlet, aim in aims_of(campaign).items():
            said |= {f"eyes_{hamlet}": aim.eyes or None, f"households_{hamlet}": aim.households or None}
        return said

    @property
    def goals(self) -> list[tuple[Hamlet, forms.BoundField, forms.BoundField]]:
        return [(one, self[f"eyes_{one.pk}"], self[f"households_{one.pk}"]) for one in self.hamlets]

    def draft(self) -> CampaignDraft:
        """Only after `is_valid`."""
        data = self.cleaned_data
        goals = {one.pk: Aim(data[f"eyes_{one.pk}"] or 0, data[f"households_{one.pk}"] or 0) for one in self.hamlets}
        lines = tuple(line for line in map(one_line, data["carriers"].splitlines()) if line)
        return CampaignDraft(data["name"], data["first_day"], data["last_day"], lines, data["words"], goals)


class GoForm(MappedForm):
    """Of which hamlet, on which day. `once` comes from the page and goes back with it, so that two presses are one."""

    once = forms.CharField(max_length=40, widget=forms.HiddenInput)
    hamlet = forms.ChoiceField(label=gettext_lazy("Hamlet"))
    day = DayField(label=gettext_lazy("Day"))

    def __init__(self, campaign: Campaign, hamlets: Iterable[Hamlet], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign, self.known = campaign, {str(one.pk): one for one in hamlets_in_order(hamlets)}
        self.initial.setdefault("once", new_id())
        only = len(self.known) == 1
        _offer(self, "hamlet", [*([] if only else [("", "—")]), *((pk, one.name) for pk, one in self.known.items())])

    def where(self) -> Where:
        """Only after `is_valid`."""
        data = self.cleaned_data
        return Where(data["once"], self.campaign, self.known.get(data["hamlet"]), data["day"])


class VisitForm(GoForm):
    carrier = forms.ChoiceField(label=gettext_lazy("Who went"), required=False)
    households = _count(gettext_lazy("Households visited"), least=1)
    thinking = _count(gettext_lazy("Of them want to think about it"), required=False)

    def __init__(self, campaign: Campaign, *args: Any, **kwargs: Any) -> None:
        super().__init__(campaign, *args, **kwargs)
        _offer(self, "carrier", [("", "—"), *((one, one) for one in campaign.units)])


class MeetingForm(GoForm):
    place = forms.CharField(label=gettext_lazy("Where"), required=False, max_length=MOST_NAME)
    came = _count(gettext_lazy("How many came"))
    minutes = forms.CharField(
        label=gettext_lazy("What was said and agreed on"), required=False, max_length=MOST_MINUTES, strip=False,
        widget=forms.Textarea(attrs={"rows": 5}), help_text=gettext_lazy("Without names of who was against it."),
    )  # fmt: skip


class ComeBackForm(GoForm):
    whither = forms.CharField(
        label=gettext_lazy("Where to go, whom to ask for"), max_length=MOST_WORDS,
        help_text=gettext_lazy("Lies locked, and is erased when somebody went."),
    )  # fmt: skip


class CommitForm(GoForm):
    PLACES = {"amount": "amount"}
    sort = forms.ChoiceField(label=gettext_lazy("What is promised"))
    amount = MoneyField(label=gettext_lazy("Amount of money, in dong"), required=False)
    words = forms.CharField(label=gettext_lazy("What, and how much of it"), required=False, max_length=300)
    name = forms.CharField(label=gettext_lazy("Who promises it"), max_length=MOST_NAME)
    phone = forms.CharField(
        label=gettext_lazy("Telephone"), required=False, max_length=MOST_PHONE,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text=gettext_lazy("Name and number lie locked; each look is written down."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "sort", [("", "—"), *choices(Sort)])

    def draft(self) -> CommitmentDraft:
        data = self.cleaned_data
        return CommitmentDraft(data["sort"], data["amount"] or 0, data["words"], data["name"], data["phone"])
