"""Forms of a tip: what a resident sends, what is added under a code, and what an officer does with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.base.errors import UsageError
from luytre.civic.registry.eye_checks import PHONE
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.order import hamlets_in_order
from luytre.civic.registry.position import parse_position
from luytre.civic.registry.refusals import said
from luytre.civic.tips.kinds import Kind
from luytre.civic.tips.models import MOST_ANSWER, MOST_WORDS, End
from luytre.web.register_words import choices

NOW, EARLIER = "now", "earlier"
MOST_PHONE = 40


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class TellForm(forms.Form):
    """Looks of the fields, and where the room's refusals stand."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field.widget, forms.HiddenInput | forms.RadioSelect):
                continue
            looks = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            described = f"err-{name}" + (f" help-{name}" if field.help_text else "")
            field.widget.attrs |= {"class": looks, "autocomplete": "off", "aria-describedby": described}

    def tell(self, error: ValidationError) -> None:
        """What the room found wrong, at its field."""
        for name, words in said(error).items():
            self.add_error(name if name in self.fields else None, words)


class TipForm(TellForm):
    """What a resident sends. Photos are read by the view: a browser does not keep them in a form that comes back."""

    kind = forms.ChoiceField(label=gettext_lazy("What is it about?"), widget=forms.RadioSelect)
    when = forms.ChoiceField(label=gettext_lazy("When?"), widget=forms.RadioSelect, initial=NOW)
    happened = forms.CharField(
        label=gettext_lazy("Day and hour"), required=False, max_length=30,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )  # fmt: skip
    hamlet = forms.ChoiceField(label=gettext_lazy("Hamlet"), required=False)
    place = forms.CharField(
        label=gettext_lazy("Where exactly"), required=False, max_length=200,
        help_text=gettext_lazy("A house number, a shop, a crossroads: what a neighbour would say."),
    )  # fmt: skip
    position = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    words = forms.CharField(
        label=gettext_lazy("What happened?"), required=False, max_length=MOST_WORDS, strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    phone = forms.CharField(
        label=gettext_lazy("Your telephone number, if you want to be called back"), required=False, max_length=MOST_PHONE,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text=gettext_lazy("Leave it empty to stay anonymous. Only commune police see it, and each look is written down."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("kind", choices(Kind))
        self._offer("when", [(NOW, _("It is going on now")), (EARLIER, _("It is over"))])
        hamlets = [(str(one.pk), one.name) for one in hamlets_in_order(Hamlet.objects.all())]
        self._offer("hamlet", [("", _("I do not know")), *hamlets])

    def _offer(self, name: str, offered: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = offered

    def clean_position(self) -> tuple[Decimal, Decimal] | None:
        typed = self.cleaned_data["position"].strip()
        if not typed:
            return None
        try:
            return parse_position(typed)
        except UsageError:
            return None  # a browser's slip: the place in words remains

    def clean_phone(self) -> str:
        phone = " ".join(self.cleaned_data["phone"].split())
        if phone and PHONE.fullmatch(phone) is None:
            raise ValidationError(_("A telephone number has digits only, like 0912 345 678."))
        return phone

    def clean_happened(self) -> datetime | None:
        typed = self.cleaned_data["happened"].strip()
        if not typed or self.cleaned_data.get("when") == NOW:
            return None
        try:
            return timezone.make_aware(datetime.fromisoformat(typed).replace(tzinfo=None))
        except (ValueError, OverflowError) as error:
            raise ValidationError(_("Choose the day and the hour, like 24/11/2026 14:05.")) from error

    def hamlet_chosen(self) -> Hamlet | None:
        chosen = self.cleaned_data.get("hamlet", "")
        return Hamlet.objects.filter(pk=int(chosen)).first() if chosen else None


class AddForm(TellForm):
    """What is added under a code."""

    words = forms.CharField(
        label=gettext_lazy("Add something"), required=False, max_length=MOST_WORDS, strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class GiveForm(TellForm):
    unit = forms.ChoiceField(label=gettext_lazy("Who may read it too"), required=False)
    note = forms.CharField(label=gettext_lazy("What they shall do"), required=False, max_length=400)

    def __init__(self, offered: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("commune police alone")), *offered]


class WriteForm(TellForm):
    words = forms.CharField(
        label=gettext_lazy("To the sender, read under the code"), max_length=MOST_ANSWER, strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class CloseTipForm(TellForm):
    end = forms.ChoiceField(label=gettext_lazy("How it ended"))
    answer = forms.CharField(
        label=gettext_lazy("Answer to the sender"), required=False, max_length=MOST_ANSWER, strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["end"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *choices(End)]


class FacesForm(TellForm):
    """Areas of a photo that are blurred in its copy, one a line; drawn on the picture where the browser has scripts."""

    boxes = forms.CharField(
        label=gettext_lazy("Blurred areas: left, top, width, height in pixels, one a line"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "inputmode": "numeric", "spellcheck": "false"}),
    )  # fmt: skip


class ReleaseForm(TellForm):
    """What the public may read of a closed tip."""

    words = forms.CharField(
        label=gettext_lazy("What came of it, for everybody"), required=False, max_length=MOST_ANSWER, strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "In your own words: no names, no numbers, nothing by which neighbours know who told it."
        ),
    )  # fmt: skip
    pictures = forms.BooleanField(
        label=gettext_lazy("Show the photos in which blurred faces were looked at"), required=False,
        widget=forms.CheckboxInput(),
    )  # fmt: skip


class ReopenTipForm(TellForm):
    why = forms.CharField(label=gettext_lazy("Why it is opened again"), max_length=400)


def local_input(moment: datetime) -> str:
    """A moment as a browser's field takes it, in the commune's time."""
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def latest_input(now: datetime) -> str:
    return local_input(now + timedelta(minutes=1))
