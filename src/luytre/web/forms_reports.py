"""Forms of reports: the four parts of the words, what makes it a document, why another stands in its place."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from luytre.civic.reports.drafts import Written
from luytre.civic.reports.issuing import Document
from luytre.civic.reports.models import MOST_LINE, MOST_REASON, MOST_WORDS
from luytre.civic.reports.sentences import Words
from luytre.web.days import DayField
from luytre.web.forms_incidents import MappedForm


class _BesideNumbers(MappedForm):
    """`stamp` and `digest` say which draft and which numbers were on the page."""

    stamp = forms.IntegerField(min_value=0, max_value=10**9, widget=forms.HiddenInput)
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)


def _part(label: Any, rows: int) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=False, max_length=MOST_WORDS, strip=False, widget=widget)


class WordsForm(_BesideNumbers):
    situation = _part(gettext_lazy("Situation"), 7)
    results = _part(gettext_lazy("Results"), 9)
    lacking = _part(gettext_lazy("What is lacking"), 6)
    ahead = _part(gettext_lazy("What is ahead"), 6)

    def written(self) -> Written:
        data = self.cleaned_data
        return Written(Words(data["situation"], data["results"], data["lacking"], data["ahead"]), data["stamp"])


class IssueForm(_BesideNumbers):
    sign = forms.CharField(
        label=gettext_lazy("Number and sign of the document"), max_length=60, help_text=gettext_lazy("Like 12/BC-BCĐ.")
    )
    day = DayField(label=gettext_lazy("Day of the document"), initial=timezone.localdate)
    signer_title = forms.CharField(label=gettext_lazy("Office of who signs"), max_length=MOST_LINE)
    signer = forms.CharField(label=gettext_lazy("Name of who signs"), max_length=MOST_LINE)

    def document(self) -> Document:
        data = self.cleaned_data
        return Document(data["sign"], data["day"], data["signer_title"], data["signer"], data["stamp"], data["digest"])


class AgainForm(MappedForm):
    reason = forms.CharField(
        label=gettext_lazy("Why another report must stand in its place"), max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("It is printed on the new report and stays for ever: no names."),
    )  # fmt: skip
