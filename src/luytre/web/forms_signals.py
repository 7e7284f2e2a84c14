"""Forms of an alarm: sounding it, entering answers, ending it; and a line of a telephone tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.base.ids import new_id
from luytre.civic.coordination.rules import Signal
from luytre.civic.incidents.models import Incident
from luytre.civic.registry.models import Hamlet, Site
from luytre.civic.signals.desk import Ending, SoundingDraft
from luytre.civic.signals.kinds import ANSWERS, Answer, End, Means
from luytre.civic.signals.models import MOST_NAME, MOST_NOTE, MOST_PLACE, TreeLine
from luytre.civic.signals.tree import MOST_PHONE, LineDraft, tree_of, units_below
from luytre.civic.tips.kinds import Kind
from luytre.web.forms_incidents import MappedForm
from luytre.web.register_words import choices

EVERYWHERE, REAL, DRILL = "all", "real", "drill"
NO_NAMES = gettext_lazy("No names of people concerned: what is written here cannot be erased.")


def _offer(form: forms.Form, name: str, offered: Sequence[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = offered


def _moment(typed: str) -> datetime | None:
    """Of a browser's field; None where it is empty. Errors: ValidationError."""
    if not typed.strip():
        return None
    try:
        return timezone.make_aware(datetime.fromisoformat(typed.strip()).replace(tzinfo=None))
    except (ValueError, OverflowError) as error:
        raise ValidationError(_("Choose the day and the hour, like 24/11/2026 14:05.")) from error


def signal_words(signal: Signal) -> str:
    """As it is chosen; two signals of a matrix never say the same."""
    return f"{signal.sign}: {signal.meaning}"


class SoundForm(MappedForm):
    signal = forms.ChoiceField(label=gettext_lazy("Which signal"), widget=forms.RadioSelect)
    drill = forms.ChoiceField(label=gettext_lazy("For real, or a drill?"), widget=forms.RadioSelect)
    hamlet = forms.ChoiceField(label=gettext_lazy("Hamlet"))
    place = forms.CharField(label=gettext_lazy("Where exactly"), required=False, max_length=MOST_PLACE)
    means = forms.ChoiceField(label=gettext_lazy("By which means"))
    site = forms.ChoiceField(label=gettext_lazy("Near which mounting place of cameras"), required=False)
    sounded = forms.CharField(
        label=gettext_lazy("When, where it was not just now"), required=False, max_length=30,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )  # fmt: skip
    once = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, signals: Sequence[Signal], hamlets: Sequence[Hamlet], whole: bool, *args: Any, **kwargs: Any) -> None:
        """`hamlets`: those for which the person may sound; `whole`: also for the whole commune."""
        super().__init__(*args, **kwargs)
        self._signals = {signal_words(one): one for one in signals}
        self._hamlets = {str(one.pk): one for one in hamlets}
        _offer(self, "signal", [(words, words) for words in self._signals])
        _offer(self, "drill", [(REAL, _("For real")), (DRILL, _("A drill"))])
        _offer(self, "means", choices(Means))
        everywhere = [(EVERYWHERE, _("the whole commune").capitalize())] if whole else []
        _offer(self, "hamlet", [("", "—"), *((key, one.name) for key, one in self._hamlets.items()), *everywhere])
        sites = Site.objects.filter(hamlet__in=hamlets, latitude__isnull=False).select_related("hamlet")
        self._sites = {one.key: one for one in sites}
        _offer(self, "site", [("", "—"), *((key, f"{one.name} ({one.hamlet})") for key, one in self._sites.items())])
        if len(self._hamlets) == 1 and not whole:
            self.fields["hamlet"].initial = next(iter(self._hamlets))

    def clean_sounded(self) -> datetime | None:
        return _moment(self.cleaned_data["sounded"])

    def draft(self, incident: Incident | None) -> SoundingDraft:
        data = self.cleaned_data
        site = self._sites.get(data["site"])
        position = site.position if site else _position(incident)
        return SoundingDraft(
            data["once"] or new_id(), self._signals.get(data["signal"]), data["means"], data["drill"] == DRILL,
            self._hamlets.get(data["hamlet"]), data["place"], position, data["sounded"], incident,
        )  # fmt: skip


def _position(incident: Incident | None) -> tuple[Decimal, Decimal] | None:
    if incident is None or incident.latitude is None or incident.longitude is None:
        return None
    return incident.latitude, incident.longitude


class EnterForm(MappedForm):
    """What somebody who is called answered."""

    state = forms.ChoiceField(label=gettext_lazy("They say"))
    said = forms.CharField(
        label=gettext_lazy("When, where it was not just now"), required=False, max_length=30,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = dict(choices(Answer))
        _offer(self, "state", [(one.value, words[one.value]) for one in ANSWERS])

    def clean_said(self) -> datetime | None:
        return _moment(self.cleaned_data["said"])


class EndForm(MappedForm):
    PLACES: Mapping[str, str] = {"words": "outcome"}
    end = forms.ChoiceField(label=gettext_lazy("How it ended"))
    came = forms.CharField(
        label=gettext_lazy("How many people came"), required=False, max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    outcome = forms.CharField(
        label=gettext_lazy("What came of it"), max_length=MOST_NOTE, widget=forms.Textarea(attrs={"rows": 2}), help_text=NO_NAMES
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "end", [("", "—"), *choices(End)])

    def clean_came(self) -> int | None:
        typed = self.cleaned_data["came"].strip()
        if not typed:
            return None
        if not (typed.isascii() and typed.isdecimal()):
            raise ValidationError(_("A number of people, like 25."))
        return int(typed)

    def ending(self) -> Ending:
        data = self.cleaned_data
        return Ending(data["end"], data["outcome"], data["came"])


class SignalNoteForm(MappedForm):
    PLACES: Mapping[str, str] = {"note": "said_note"}
    said_note = forms.CharField(
        label=gettext_lazy("Note"), max_length=MOST_NOTE, widget=forms.Textarea(attrs={"rows": 2}), help_text=NO_NAMES
    )


class AsIncidentForm(MappedForm):
    kind = forms.ChoiceField(label=gettext_lazy("What is it about?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "kind", [("", "—"), *choices(Kind)])


class LineForm(MappedForm):
    """A line of a hamlet's telephone tree: of a new one, or of the one that is there."""

    name = forms.CharField(label=gettext_lazy("Who is called"), max_length=MOST_NAME)
    phone = forms.CharField(
        label=gettext_lazy("Telephone"), required=False, max_length=MOST_PHONE, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    caller = forms.ChoiceField(label=gettext_lazy("Called by"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Answers for the unit"), required=False)

    def __init__(self, hamlet: Hamlet, today: date, line: TreeLine | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field_name, field in self.fields.items():
            field.widget.attrs["aria-describedby"] = f"err-{self.add_prefix(field_name)}"
        others = [one.line for one in tree_of(hamlet) if line is None or one.line.pk != line.pk]
        _offer(self, "caller", [("", _("whoever sounds the alarm").capitalize()), *((one.key, one.name) for one in others)])
        _offer(self, "unit", [("", "—"), *((str(one.unit), one.name) for one in units_below(hamlet, today))])

    def draft(self) -> LineDraft:
        data = self.cleaned_data
        return LineDraft(data["name"], data["phone"], data["caller"], int(data["unit"]) if data["unit"] else None)
