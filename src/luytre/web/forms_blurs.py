"""Forms of regions hidden over a span: beginning one, and what was drawn."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from luytre.base.i18n import N_
from luytre.civic.blurring.models import MOST_TITLE, MOST_WORDS
from luytre.web.forms_incidents import MappedForm
from luytre.web.forms_spans import SpanForm


class BlurForm(SpanForm):
    """Which span of which camera, and what for."""

    LONGEST_WORDS = N_("At most two hours at once. A time alone is of the same night: 22h15.")

    title = forms.CharField(
        label=gettext_lazy("What is blurred"), max_length=MOST_TITLE,
        help_text=gettext_lazy("Like “faces of passers-by, number plates”. No names: what is written here cannot be erased."),
    )  # fmt: skip


class DrawnForm(MappedForm):
    """What the page's script puts together. `over`: the number of the revision that it was drawn over."""

    tracks = forms.CharField(widget=forms.HiddenInput)
    over = forms.IntegerField(min_value=0, max_value=10**6, widget=forms.HiddenInput)
    words = forms.CharField(label=gettext_lazy("What is new in it (need not be)"), max_length=MOST_WORDS, required=False)
