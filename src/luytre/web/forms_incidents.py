"""Forms of an incident: opening it, going there, giving it on, closing. Field names differ: all stand on one page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.base.errors import UsageError
from luytre.base.money import parse_dong
from luytre.civic.coordination.rules import ANSWERERS
from luytre.civic.incidents.desk import Ending, IncidentDraft
from luytre.civic.incidents.models import Part, Result
from luytre.civic.incidents.people import LONGEST, Who
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.order import hamlets_in_order
from luytre.civic.registry.position import parse_position
from luytre.civic.registry.refusals import said
from luytre.civic.regulations.rules import ACTOR_WORDS, Actor
from luytre.civic.tips.kinds import Kind
from luytre.civic.tips.models import MOST_ANSWER, Tip
from luytre.web.figure_fields import in_words
from luytre.web.forms_tips import TellForm
from luytre.web.register_words import choices


def hamlet_choices() -> list[tuple[str, str]]:
    return [("", "—"), *((str(one.pk), one.name) for one in hamlets_in_order(Hamlet.objects.all()))]


def _offer(form: forms.Form, name: str, offered: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = offered


def _hamlet(chosen: str) -> Hamlet | None:
    return Hamlet.objects.filter(pk=int(chosen)).first() if chosen else None


class MappedForm(TellForm):
    """`PLACES`: which field of the form a refusal of the room belongs to."""

    PLACES: Mapping[str, str] = {}

    def tell(self, error: ValidationError) -> None:
        for name, words in said(error).items():
            place = self.PLACES.get(name, name)
            self.add_error(place if place in self.fields else None, words)


class IncidentForm(MappedForm):
    kind = forms.ChoiceField(label=gettext_lazy("What is it about?"))
    title = forms.CharField(label=gettext_lazy("In one line"), max_length=160)
    happened = forms.CharField(
        label=gettext_lazy("When it happened"), max_length=30, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    hamlet = forms.ChoiceField(label=gettext_lazy("Hamlet"), required=False)
    place = forms.CharField(label=gettext_lazy("Where exactly"), required=False, max_length=200)
    position = forms.CharField(
        label=gettext_lazy("Position"), required=False, max_length=60,
        help_text=gettext_lazy("Latitude and longitude, as maps on telephones show them: 20.9124, 105.9718."),
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("In more detail"), required=False, max_length=4000, strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "kind", [("", "—"), *choices(Kind)])
        _offer(self, "hamlet", hamlet_choices())

    def clean_happened(self) -> datetime:
        try:
            return timezone.make_aware(datetime.fromisoformat(self.cleaned_data["happened"].strip()).replace(tzinfo=None))
        except (ValueError, OverflowError) as error:
            raise ValidationError(_("Choose the day and the hour, like 24/11/2026 14:05.")) from error

    def clean_position(self) -> tuple[Decimal, Decimal] | None:
        typed = self.cleaned_data["position"].strip()
        if not typed:
            return None
        try:
            return parse_position(typed)
        except UsageError as error:
            raise in_words(error) from error

    def draft(self, tip: Tip | None) -> IncidentDraft:
        data = self.cleaned_data
        return IncidentDraft(
            data["kind"], data["title"], data["happened"], data["words"], _hamlet(data["hamlet"]), data["place"],
            data["position"], tip,
        )  # fmt: skip


class NoteForm(MappedForm):
    PLACES = {"note": "said"}
    said = forms.CharField(
        label=gettext_lazy("Note"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("No names of people concerned: what is written here cannot be erased."),
    )  # fmt: skip


class DoneForm(MappedForm):
    PLACES = {"note": "done_note"}
    done_note = forms.CharField(
        label=gettext_lazy("What was done there"), max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )


class DeclineForm(MappedForm):
    PLACES = {"note": "decline_note"}
    decline_note = forms.CharField(label=gettext_lazy("Why you cannot go"), max_length=400)


class GiveIncidentForm(MappedForm):
    PLACES = {"hamlet": "give_hamlet"}
    actor = forms.ChoiceField(label=gettext_lazy("Who shall go"))
    give_hamlet = forms.ChoiceField(label=gettext_lazy("Of which hamlet"), required=False)
    give_note = forms.CharField(label=gettext_lazy("What they shall know"), required=False, max_length=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "actor", [(actor.value, _(ACTOR_WORDS[actor])) for actor in ANSWERERS])
        _offer(self, "give_hamlet", hamlet_choices())

    def chosen(self) -> tuple[Actor, Hamlet | None, str]:
        data = self.cleaned_data
        return Actor(data["actor"]), _hamlet(data["give_hamlet"]), data["give_note"]


class CloseIncidentForm(MappedForm):
    PLACES = {"note": "close_note"}
    result = forms.ChoiceField(label=gettext_lazy("How it ended"))
    close_note = forms.CharField(label=gettext_lazy("What was done"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    by_footage = forms.BooleanField(label=gettext_lazy("Footage helped to solve it"), required=False)
    recovered = forms.CharField(label=gettext_lazy("Value brought back, in dong"), required=False, max_length=40)
    answer = forms.CharField(
        label=gettext_lazy("Answer to those who told of it"), required=False, max_length=MOST_ANSWER, strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "result", [("", "—"), *choices(Result)])
        self.fields["by_footage"].widget.attrs["class"] = "form-check-input"

    def clean_recovered(self) -> int:
        typed = self.cleaned_data["recovered"].strip()
        if not typed:
            return 0
        try:
            return parse_dong(typed)
        except UsageError as error:
            raise in_words(error) from error

    def ending(self) -> Ending:
        data = self.cleaned_data
        return Ending(data["result"], data["close_note"], data["by_footage"], data["recovered"], data["answer"])


class ReopenIncidentForm(MappedForm):
    PLACES = {"note": "reopen_note"}
    reopen_note = forms.CharField(label=gettext_lazy("Why it is opened again"), max_length=400)


class LinkForm(MappedForm):
    other = forms.CharField(label=gettext_lazy("Number of the other incident"), max_length=20, help_text="12/2026")


class TaskForm(MappedForm):
    PLACES = {"hamlet": "task_hamlet"}
    what = forms.CharField(
        label=gettext_lazy("What is to be done"), max_length=200,
        help_text=gettext_lazy("No names of people concerned: what is written here cannot be erased."),
    )  # fmt: skip
    task_actor = forms.ChoiceField(label=gettext_lazy("Who shall do it"))
    task_hamlet = forms.ChoiceField(label=gettext_lazy("Of which hamlet"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "task_actor", [(actor.value, _(ACTOR_WORDS[actor])) for actor in ANSWERERS])
        _offer(self, "task_hamlet", hamlet_choices())

    def chosen(self) -> tuple[Actor, Hamlet | None, str]:
        data = self.cleaned_data
        return Actor(data["task_actor"]), _hamlet(data["task_hamlet"]), data["what"]


class TaskNoteForm(MappedForm):
    task_note = forms.CharField(label=gettext_lazy("In a few words"), max_length=400)


class PersonForm(MappedForm):
    part = forms.ChoiceField(label=gettext_lazy("What the person has to do with it"))
    name = forms.CharField(label=gettext_lazy("Name, or what is known"), max_length=LONGEST["name"])
    phone = forms.CharField(label=gettext_lazy("Telephone"), required=False, max_length=LONGEST["phone"])
    address = forms.CharField(label=gettext_lazy("Address"), required=False, max_length=LONGEST["address"])
    remark = forms.CharField(label=gettext_lazy("Remark"), required=False, max_length=LONGEST["remark"])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "part", [("", "—"), *choices(Part)])

    def chosen(self) -> tuple[str, Who]:
        data = self.cleaned_data
        return data["part"], Who(data["name"], data["phone"], data["address"], data["remark"])


class StrikeForm(MappedForm):
    strike_note = forms.CharField(label=gettext_lazy("Why it is taken out"), max_length=400)
