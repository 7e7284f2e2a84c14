"""Forms of word out: what a resident wishes for, what an officer writes, and why something is refused or stopped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.civic.dispatch.channels import CHANNEL_WORDS, ChannelName
from luytre.civic.dispatch.desk import Draft
from luytre.civic.dispatch.models import MOST_TITLE, MOST_WHY, MOST_WORDS, Message, Topic
from luytre.civic.dispatch.subscribing import Wish
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.order import hamlets_in_order
from luytre.web.forms_tips import TellForm, local_input
from luytre.web.register_words import choices


class AreaForm(TellForm):
    """`everywhere` and `hamlets`, for messages and for wishes."""

    everywhere = forms.BooleanField(label=gettext_lazy("The whole commune"), required=False)
    hamlets = forms.MultipleChoiceField(
        label=gettext_lazy("Or these hamlets"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "hamlets", [(str(one.pk), one.name) for one in hamlets_in_order(Hamlet.objects.all())])
        for field in self.fields.values():
            if isinstance(field.widget, forms.CheckboxInput | forms.CheckboxSelectMultiple):
                field.widget.attrs["class"] = "form-check-input"

    def hamlets_chosen(self) -> list[Hamlet]:
        if self.cleaned_data.get("everywhere"):
            return []
        return list(Hamlet.objects.filter(pk__in=[int(one) for one in self.cleaned_data.get("hamlets", ())]))


def offer(form: forms.Form, name: str, offered: Sequence[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = offered


class WishForm(AreaForm):
    """What a resident wishes for. `offered`: channels that are set up."""

    channel = forms.ChoiceField(label=gettext_lazy("How shall it come?"), widget=forms.RadioSelect, initial=ChannelName.PUSH)
    address = forms.CharField(label=gettext_lazy("Address or number"), required=False, max_length=4096)
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("What about?"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )

    def __init__(self, offered: Sequence[ChannelName], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "channel", [(name.value, _(CHANNEL_WORDS[name])) for name in offered])
        offer(self, "topics", choices(Topic))

    def wish(self, language: str) -> Wish:
        data = self.cleaned_data
        return Wish(
            ChannelName(data["channel"]), data["address"], data["topics"], data["everywhere"], self.hamlets_chosen(), language
        )


class MessageForm(AreaForm):
    topic = forms.ChoiceField(label=gettext_lazy("What the message is about"))
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=MOST_TITLE, help_text=gettext_lazy("The line that a locked telephone shows.")
    )
    words = forms.CharField(
        label=gettext_lazy("What residents shall know or do"), max_length=MOST_WORDS, strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    title_en = forms.CharField(label=gettext_lazy("Title in English"), required=False, max_length=MOST_TITLE)
    words_en = forms.CharField(
        label=gettext_lazy("The same in English"), required=False, max_length=MOST_WORDS, strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For those who wished for English. Left empty, they read it in Vietnamese."),
    )  # fmt: skip
    until = forms.CharField(
        label=gettext_lazy("Until when it matters"), max_length=30, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=gettext_lazy("Whoever has not got it by then does not get it any more."),
    )  # fmt: skip
    urgent = forms.BooleanField(label=gettext_lazy("It is about life: send it in quiet hours too"), required=False)
    why_urgent = forms.CharField(label=gettext_lazy("Why"), required=False, max_length=MOST_WHY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "topic", [("", "—"), *choices(Topic)])

    def clean_until(self) -> datetime:
        try:
            return timezone.make_aware(datetime.fromisoformat(self.cleaned_data["until"].strip()).replace(tzinfo=None))
        except (ValueError, OverflowError) as error:
            raise ValidationError(_("Choose the day and the hour, like 24/11/2026 14:05.")) from error

    def draft(self) -> Draft:
        data = self.cleaned_data
        kept = {name: data[name] for name in ("title", "words", "topic", "until", "title_en", "words_en", "urgent", "why_urgent")}
        return Draft(**kept, everywhere=data["everywhere"], hamlets=self.hamlets_chosen())


def typed_of(message: Message) -> dict[str, Any]:
    """A message as its form has it."""
    names = ("topic", "title", "words", "title_en", "words_en", "urgent", "why_urgent", "everywhere")
    hamlets = [str(pk) for pk in message.hamlets.values_list("pk", flat=True)]
    return {name: getattr(message, name) for name in names} | {"until": local_input(message.until), "hamlets": hamlets}


class WhyForm(TellForm):
    why = forms.CharField(label=gettext_lazy("Why"), max_length=400)
