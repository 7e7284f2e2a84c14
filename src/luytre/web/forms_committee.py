"""Forms of the committee: members, documents, tasks, invitations, minutes, the launch conference."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.base.ids import new_id
from luytre.civic.access.models import Unit, User
from luytre.civic.committee.launch import LaunchDraft
from luytre.civic.committee.meetings import Invitation, MinutesDraft
from luytre.civic.committee.members import MemberDraft, members_on
from luytre.civic.committee.models import (
    MOST_LINE,
    MOST_NAME,
    MOST_NOTE,
    MOST_TEXT,
    Document,
    DocumentKind,
    EndedHow,
    Launch,
    Meeting,
    Member,
    Office,
    Resolution,
)
from luytre.civic.committee.register import DocumentDraft
from luytre.civic.committee.tasks import TaskDraft, units_on
from luytre.civic.filed import Filed, named
from luytre.web.days import DayField
from luytre.web.figure_fields import FigureField
from luytre.web.forms_incidents import MappedForm
from luytre.web.register_words import choices

_SALT = "luytre.committee.file"
AS_SHOWN = "%Y-%m-%dT%H:%M"
"""How a browser's own field for a moment has it."""


def text_field(
    label: Any, *, required: bool = False, rows: int = 4, help_text: Any = "", most: int = MOST_TEXT
) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=MOST_TEXT, strip=False, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )  # fmt: skip


class Form(MappedForm):
    """What its forms have in common."""

    def offer(self, name: str, offered: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(offered)


class OnceForm(Form):
    """`once` comes from the page and goes back with it, so that two presses are one thing."""

    once = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("once", new_id())


class MomentField(forms.CharField):
    """A day and an hour by the commune's clock; None for nothing."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=30, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}), **more)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            found = datetime.fromisoformat(text.strip()).replace(tzinfo=None)
            return timezone.make_aware(found)
        except (ValueError, OverflowError) as error:
            raise ValidationError(_("Choose the day and the hour, like 24/11/2026 14:05.")) from error


def shown_moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):{AS_SHOWN}}" if at else ""


def member_words(one: Member) -> str:
    office = _(str(Office(one.office).label))
    return f"{one.name} ({office})"


# --- members ----------------------------------------------------------------------------------------------------------
class MemberForm(OnceForm):
    user = forms.ChoiceField(
        label=gettext_lazy("Account"), required=False, help_text=gettext_lazy("Who has an account sees the own tasks and signs.")
    )
    name = forms.CharField(
        label=gettext_lazy("Name"), required=False, max_length=MOST_NAME,
        help_text=gettext_lazy("Empty: as the account has it. Who has no account is written here."),
    )  # fmt: skip
    post = forms.CharField(
        label=gettext_lazy("Post"), required=False, max_length=MOST_NAME,
        help_text=gettext_lazy("Like “Chairman of the commune's people's committee”."),
    )  # fmt: skip
    office = forms.ChoiceField(label=gettext_lazy("Office in the committee"))
    first_day = DayField(label=gettext_lazy("From which day on"), initial=timezone.localdate)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True).order_by("display_name", "username")
        self.offer("user", [("", _("without an account")), *((str(one.pk), str(one)) for one in people)])
        self.offer("office", choices(Office))

    def draft(self) -> MemberDraft:
        data = self.cleaned_data
        user = User.objects.filter(pk=data["user"]).first() if data["user"] else None
        return MemberDraft(data["once"], user, data["name"], data["post"], data["office"], data["first_day"])


class LeaveForm(Form):
    last_day = DayField(label=gettext_lazy("Last day in the committee"))
    note = forms.CharField(label=gettext_lazy("Why, or by which decision"), required=False, max_length=MOST_NOTE)


# --- the register -----------------------------------------------------------------------------------------------------
class FileForm(OnceForm):
    """`kept`: the file that came with the form before, so that a mistake elsewhere loses it not."""

    file = forms.FileField(
        label=gettext_lazy("File"), required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,image/jpeg,image/png,image/webp"}),
        help_text=gettext_lazy("PDF, Word (.docx) or a photo, at most 10 MB."),
    )  # fmt: skip
    kept = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)

    def kept_file(self) -> Filed | None:
        try:
            return named(str(signing.loads(self.data.get("kept", ""), salt=_SALT))) if self.is_bound else None
        except signing.BadSignature:
            return None


def kept_text(kept: Filed) -> str:
    """What a form that comes back says of a file that was kept: signed, so that no other file is named by it."""
    return signing.dumps(kept.name, salt=_SALT)


class DocumentForm(FileForm):
    sign = forms.CharField(
        label=gettext_lazy("Number and sign"), max_length=60, help_text=gettext_lazy("Like 05/QĐ-UBND.")
    )  # fmt: skip
    kind = forms.ChoiceField(label=gettext_lazy("Kind of document"))
    establishes = forms.BooleanField(label=gettext_lazy("This is the decision that establishes the committee"), required=False)
    issued = DayField(label=gettext_lazy("Day issued"))
    issuer = forms.CharField(label=gettext_lazy("Issued by"), max_length=MOST_NAME)
    subject = forms.CharField(label=gettext_lazy("Subject of the document"), max_length=MOST_LINE)
    force_from = DayField(
        label=gettext_lazy("In force from"), required=False, help_text=gettext_lazy("Empty: from the day it was issued.")
    )
    force_until = DayField(
        label=gettext_lazy("In force until"), required=False, help_text=gettext_lazy("Empty: until another one ends it.")
    )
    field_order = ("once", "kept", "sign", "kind", "establishes", "issued", "issuer", "subject", "force_from", "force_until")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("kind", [("", "—"), *choices(DocumentKind)])
        self.fields["establishes"].widget.attrs["class"] = "form-check-input"

    def draft(self, file: Filed | None) -> DocumentDraft:
        data = self.cleaned_data
        return DocumentDraft(
            data["once"], data["sign"], data["kind"], data["issued"], data["issuer"], data["subject"], data["force_from"],
            data["force_until"], data["establishes"], file,
        )  # fmt: skip


class EndForm(Form):
    how = forms.ChoiceField(label=gettext_lazy("Replaced or abolished"))
    other = forms.ChoiceField(label=gettext_lazy("By which document"))
    last_day = DayField(label=gettext_lazy("Last day in force"))

    def __init__(self, document: Document, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("how", choices(EndedHow))
        others = Document.objects.filter(struck=None).exclude(pk=document.pk)
        self.offer("other", [("", "—"), *((one.key, f"{one.sign}: {one.subject[:60]}") for one in others)])

    def chosen(self) -> Document | None:
        return Document.objects.filter(key=self.cleaned_data["other"]).first()


class WhyForm(Form):
    why = forms.CharField(label=gettext_lazy("Why"), max_length=MOST_NOTE)


# --- tasks ------------------------------------------------------------------------------------------------------------
def who_choices() -> list[tuple[str, str]]:
    """Members of today, then hamlets and units."""
    today = timezone.localdate()
    members = [(f"m:{one.key}", member_words(one)) for one in members_on(today)]
    return [("", "—"), *members, *((f"u:{one.unit.pk}", one.name) for one in units_on(today))]


def whom(chosen: str) -> tuple[Member | None, Unit | None]:
    sort, _colon, key = chosen.partition(":")
    if sort == "m":
        return Member.objects.filter(key=key).first(), None
    return None, Unit.objects.filter(pk=int(key)).first() if key.isascii() and key.isdecimal() and len(key) < 10 else None


class WhoField(forms.ChoiceField):
    """Who does it. Who was there when the page was opened and left since then is refused by the room, with the day."""

    def valid_value(self, value: Any) -> bool:
        return super().valid_value(value) or any(whom(str(value)))


class TaskForm(OnceForm):
    title = forms.CharField(label=gettext_lazy("What is to be done"), max_length=MOST_NOTE)
    words = text_field(gettext_lazy("In more detail"), rows=3)
    who = WhoField(label=gettext_lazy("Who does it"))
    due = DayField(label=gettext_lazy("By when"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("who", who_choices())

    def draft(self) -> TaskDraft:
        data = self.cleaned_data
        member, unit = whom(data["who"])
        return TaskDraft(data["once"], data["title"], data["words"], member, unit, data["due"])


class ResolutionTaskForm(Form):
    """Beside a resolution: who and by when; its words are the task's."""

    who = WhoField(label=gettext_lazy("Who does it"))
    due = DayField(label=gettext_lazy("By when"))

    def __init__(self, offered: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("who", offered)

    def draft(self, resolution: Resolution) -> TaskDraft:
        member, unit = whom(self.cleaned_data["who"])
        return TaskDraft(f"r-{resolution.key}", resolution.words, "", member, unit, self.cleaned_data["due"], resolution)


class NoteForm(Form):
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=MOST_NOTE)


class ProlongForm(Form):
    due = DayField(label=gettext_lazy("New day"))
    note = forms.CharField(label=gettext_lazy("Why"), required=False, max_length=MOST_NOTE)


# --- meetings ---------------------------------------------------------------------------------------------------------
class InvitationForm(OnceForm):
    PLACES = {"at": "moment"}
    title = forms.CharField(label=gettext_lazy("What the meeting is about"), max_length=MOST_LINE)
    moment = MomentField(label=gettext_lazy("Day and hour"))
    place = forms.CharField(label=gettext_lazy("Where (meeting)"), max_length=MOST_LINE)
    agenda = text_field(gettext_lazy("Agenda"), required=True, rows=6, help_text=gettext_lazy("One point a line."))

    def draft(self) -> Invitation:
        data = self.cleaned_data
        return Invitation(data["once"], data["title"], data["moment"], data["place"], data["agenda"])


class MinutesForm(Form):
    """`members`: those of the day of the meeting."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    chair = forms.ChoiceField(label=gettext_lazy("Who chaired it"))
    secretary = forms.ChoiceField(label=gettext_lazy("Who took the minutes"))
    came = forms.MultipleChoiceField(
        label=gettext_lazy("Who came"), required=False, widget=forms.CheckboxSelectMultiple
    )  # fmt: skip
    guests = forms.CharField(label=gettext_lazy("Guests"), required=False, max_length=MOST_LINE)
    quorum = forms.ChoiceField(label=gettext_lazy("Enough members, as the meeting told"))
    ended = MomentField(label=gettext_lazy("When it ended"), required=False)
    minutes = text_field(gettext_lazy("What was said and decided"), required=True, rows=10)
    resolutions = text_field(
        gettext_lazy("Resolutions"),
        rows=5,
        help_text=gettext_lazy("One a line; they are numbered. Each becomes a task by one press."),
    )

    def __init__(self, members: Sequence[Member], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._members = {one.key: one for one in members}
        offered = [(one.key, member_words(one)) for one in members]
        for name in ("chair", "secretary"):
            self.offer(name, [("", "—"), *offered])
        self.offer("came", offered)
        self.fields["came"].widget.attrs = {"class": "form-check-input", "aria-describedby": "err-came"}
        self.offer("quorum", [("yes", _("enough")), ("no", _("not enough"))])

    def draft(self) -> MinutesDraft:
        data = self.cleaned_data
        return MinutesDraft(
            data["revision"], self._members.get(data["chair"]), self._members.get(data["secretary"]),
            [self._members[key] for key in data["came"]], data["guests"], data["quorum"] == "yes", data["ended"],
            data["minutes"], data["resolutions"],
        )  # fmt: skip


def minutes_initial(meeting: Meeting) -> dict[str, Any]:
    """The minutes as they are, for their form; of a meeting that has none yet what the agenda gives."""
    came = [one.member.key for one in meeting.attendance.select_related("member")]
    return {
        "revision": meeting.revision, "chair": meeting.chair.key if meeting.chair else "",
        "secretary": meeting.secretary.key if meeting.secretary else "", "came": came, "guests": meeting.guests,
        "quorum": "no" if meeting.quorum is False else "yes", "ended": shown_moment(meeting.ended), "minutes": meeting.minutes,
        "resolutions": "\n".join(one.words for one in meeting.resolutions.all()),
    }  # fmt: skip


class CorrectionForm(Form):
    note = forms.CharField(
        label=gettext_lazy("What is put right"), max_length=MOST_NOTE, widget=forms.Textarea(attrs={"rows": 2})
    )  # fmt: skip


# --- the launch -------------------------------------------------------------------------------------------------------
class LaunchForm(Form):
    revision = forms.IntegerField(widget=forms.HiddenInput)
    day = DayField(label=gettext_lazy("Day of the conference"), required=False)
    place = forms.CharField(label=gettext_lazy("Where (meeting)"), required=False, max_length=MOST_LINE)
    eyes_wanted = FigureField(label=gettext_lazy("How many first eyes are to be accepted"), whole=True)
    programme = text_field(gettext_lazy("Programme"), rows=6, help_text=gettext_lazy("One point a line."))
    invited = text_field(gettext_lazy("Who is invited"), rows=5, help_text=gettext_lazy("One a line: offices and units."))

    def draft(self) -> LaunchDraft:
        data = self.cleaned_data
        return LaunchDraft(
            data["revision"], data["day"], data["place"], data["programme"], data["invited"], int(data["eyes_wanted"] or 0)
        )  # fmt: skip


def launch_initial(launch: Launch) -> dict[str, Any]:
    return {
        "revision": launch.revision, "day": launch.day, "place": launch.place, "eyes_wanted": launch.eyes_wanted,
        "programme": launch.programme, "invited": launch.invited,
    }  # fmt: skip


class HeldForm(Form):
    why = forms.CharField(
        label=gettext_lazy("Why it was held with lines open"), required=False, max_length=MOST_NOTE,
        help_text=gettext_lazy("Empty where nothing is open."),
    )  # fmt: skip
    minutes = forms.ChoiceField(label=gettext_lazy("Minutes of the conference"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = Document.objects.filter(struck=None, kind__in=(DocumentKind.MINUTES, DocumentKind.REPORT, DocumentKind.OTHER))
        self.offer(
            "minutes", [("", _("not in the register yet")), *((one.key, f"{one.sign}: {one.subject[:60]}") for one in found)]
        )

    def chosen(self) -> Document | None:
        return Document.objects.filter(key=self.cleaned_data["minutes"]).first()
