"""Forms of requests to owners: asking, the owner's answer, looking at a file, handing it on, ending."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.civic.access.looks import Reason
from luytre.civic.appeals.asking import Listed, Wanted
from luytre.civic.appeals.models import MOST_WHY, MOST_WORDS, Answer, AppealFile, StepCode
from luytre.civic.incidents.models import Incident
from luytre.civic.regulations.rules import Purpose
from luytre.web import reasons
from luytre.web.forms_incidents import MappedForm
from luytre.web.forms_tips import TellForm, local_input
from luytre.web.register_words import choices

PAIRS = 3
"""So many spans the form has places for."""
AROUND = timedelta(minutes=30)
USUAL_ANSWER = timedelta(hours=24)


def _moment(label: Any, *, required: bool = True) -> forms.CharField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"})
    return forms.CharField(label=label, required=required, max_length=30, widget=widget)


class AskForm(MappedForm):
    PLACES = {"spans": "start1"}
    eyes = forms.MultipleChoiceField(required=False)
    start1, end1 = _moment(gettext_lazy("Footage from")), _moment(gettext_lazy("Footage to"))
    start2, end2 = _moment(gettext_lazy("Second span from"), required=False), _moment(gettext_lazy("to"), required=False)
    start3, end3 = _moment(gettext_lazy("Third span from"), required=False), _moment(gettext_lazy("to"), required=False)
    why = forms.CharField(
        label=gettext_lazy("Why, in words for the owner"), max_length=MOST_WHY, strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("No names of people concerned, nothing that only the police should know: the owner reads this."),
    )  # fmt: skip
    answer_by = _moment(gettext_lazy("Answer wanted by"))

    def __init__(self, offered: Iterable[Listed], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {one.eye.key: one for one in offered}
        keys = self.fields["eyes"]
        assert isinstance(keys, forms.MultipleChoiceField)
        keys.choices = [(one.eye.key, one.eye.name) for one in self.offered.values()]
        for number in range(1, PAIRS + 1):
            self.fields[f"end{number}"].widget.attrs["aria-describedby"] = f"err-end{number}"

    @staticmethod
    def usual(incident: Incident, now: datetime) -> dict[str, str]:
        """What stands in it at first: half an hour before and after, and a day to answer."""
        return {
            "start1": local_input(incident.happened - AROUND), "end1": local_input(incident.happened + AROUND),
            "answer_by": local_input(now + USUAL_ANSWER),
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        spans = []
        for number in range(1, PAIRS + 1):
            start, end = self._read(data, f"start{number}"), self._read(data, f"end{number}")
            if (start is None) != (end is None) and not self.errors:
                self.add_error(f"end{number}" if end is None else f"start{number}", _("Both ends of a span are needed."))
            if start is not None and end is not None:
                spans.append((start, end))
        data["spans"], data["answer_by"] = tuple(spans), self._read(data, "answer_by")
        return data

    def _read(self, data: dict[str, Any], name: str) -> datetime | None:
        typed = str(data.get(name) or "").strip()
        if not typed:
            return None
        try:
            return timezone.make_aware(datetime.fromisoformat(typed).replace(tzinfo=None))
        except (ValueError, OverflowError):
            self.add_error(name, _("Choose the day and the hour, like 24/11/2026 14:05."))
            return None

    def wanted(self) -> Wanted:
        """Only after `is_valid`."""
        data = self.cleaned_data
        eyes = tuple(self.offered[key].eye for key in data["eyes"])
        return Wanted(eyes, data["spans"], data["why"], data["answer_by"])

    @property
    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"start{number}"], self[f"end{number}"]) for number in range(2, PAIRS + 1)]


class AnswerForm(TellForm):
    answer = forms.ChoiceField(label=gettext_lazy("Your answer"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=gettext_lazy("When somebody may come, or what the police should know"), required=False, max_length=MOST_WORDS,
        strip=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("May stay empty. You need give no reason."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["answer"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices(Answer)


class LookForm(TellForm):
    purpose = forms.ChoiceField(label=gettext_lazy("Why you look"))
    reference = forms.CharField(label=gettext_lazy("Number of the incident, case or request"), required=False, max_length=120)

    def __init__(self, offered: Sequence[Purpose], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = tuple(offered)
        field = self.fields["purpose"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(one["key"]), str(one["words"])) for one in reasons.shown(self.offered)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        reason = Reason(data.get("purpose", ""), " ".join(data.get("reference", "").split()))
        if not self.errors and reasons.lacking(reason, self.offered):
            self.add_error("reference", _("This purpose needs the number of an incident, a case or a request."))
        data["reason"] = reason
        return data


class HandForm(TellForm):
    how = forms.ChoiceField(label=gettext_lazy("What was done with it"))
    to = forms.CharField(label=gettext_lazy("To whom, under which number"), max_length=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["how"]
        assert isinstance(field, forms.ChoiceField)
        kinds = (StepCode.HANDED, StepCode.RETURNED)
        field.choices = [(kind.value, words) for kind in kinds for value, words in choices(StepCode) if value == kind]


class DestroyForm(MappedForm):
    """`file_key`: of the file it was sent for; empty: none yet."""

    destroy_why = forms.CharField(
        label=gettext_lazy("Why, and how the owner asked for it"), required=False, max_length=400,
        help_text=gettext_lazy("Without names. The step with this reason and the file's SHA-256 are kept for good."),
    )  # fmt: skip
    sure = forms.BooleanField(required=False)

    def __init__(self, *args: Any, file_key: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.file_key = file_key


class CloseAppealForm(TellForm):
    close_note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=400)

    def tell(self, error: ValidationError) -> None:
        self.add_error(None, error)


def how_far(file: AppealFile) -> str:
    return _("%(percent)d %% is here") % {"percent": 100 * file.got_bytes // file.size_bytes}
