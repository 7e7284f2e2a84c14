"""Forms of a petition: what a resident sends, an authority's letter at the desk, what officers do.

Names of fields differ: all stand on one page.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.civic.incidents.models import Incident
from luytre.civic.petitions.desk import Deciding, Showing
from luytre.civic.petitions.kinds import GRANTS, About, Decision, Refusal, Source
from luytre.civic.petitions.models import MOST_NAME, MOST_REASON, MOST_WORDS, Petition
from luytre.civic.petitions.scans import Scan
from luytre.civic.petitions.taking import Letter, PetitionDraft
from luytre.civic.registry.eye_checks import PHONE
from luytre.civic.registry.models import Camera, Hamlet
from luytre.civic.registry.order import hamlets_in_order
from luytre.civic.regulations.rules import Purpose
from luytre.web.days import DayField
from luytre.web.forms_incidents import MappedForm
from luytre.web.forms_tips import MOST_PHONE, TellForm, local_input
from luytre.web.register_words import choices

AROUND = timedelta(minutes=30)


class MomentField(forms.CharField):
    """A day and an hour as a browser's field has them; what was typed comes back as it was. Empty: None."""

    def __init__(self, **kwargs: Any) -> None:
        looks = forms.DateTimeInput(attrs={"type": "datetime-local"})
        said: dict[str, Any] = {"widget": looks, "max_length": 30, "required": False} | kwargs
        super().__init__(**said)

    def clean(self, value: Any) -> datetime | None:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return timezone.make_aware(datetime.fromisoformat(typed).replace(tzinfo=None))
        except (ValueError, OverflowError) as error:
            raise ValidationError(_("Choose the day and the hour, like 24/11/2026 14:05.")) from error


def _offer(form: forms.Form, name: str, offered: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = offered


class WishForm(TellForm):
    """What residents and authorities say alike."""

    about = forms.ChoiceField(label=gettext_lazy("What has happened?"), required=False)
    start = MomentField(label=gettext_lazy("From"))
    end = MomentField(label=gettext_lazy("To"))
    hamlet = forms.ChoiceField(label=gettext_lazy("Hamlet"), required=False)
    place = forms.CharField(
        label=gettext_lazy("Where exactly"), required=False, max_length=200,
        help_text=gettext_lazy("A house number, a shop, a crossroads: what a neighbour would say."),
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("What should be looked for?"), required=False, max_length=MOST_WORDS, strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Like: a red Wave motorbike, number 29-H1 123.45, parked before the chemist's."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hamlets = [(str(one.pk), one.name) for one in hamlets_in_order(Hamlet.objects.all())]
        _offer(self, "hamlet", [("", _("I do not know")), *hamlets])
        _offer(self, "about", [("", "—"), *choices(About)])

    def draft(self, camera: Camera | None = None, *, english: bool = False) -> PetitionDraft:
        data = self.cleaned_data
        hamlet = Hamlet.objects.filter(pk=int(data["hamlet"])).first() if data["hamlet"] else None
        return PetitionDraft(
            about=data["about"], start=data["start"], end=data["end"], words=data["words"], name=data.get("name", ""),
            phone=data.get("phone", ""), hamlet=hamlet, place=data["place"], camera=camera, case=data.get("case", ""),
            english=english,
        )  # fmt: skip


class PetitionForm(WishForm):
    """What a resident sends."""

    case = forms.CharField(
        label=gettext_lazy("Number of the incident, if the police gave you one"), required=False, max_length=40
    )
    name = forms.CharField(label=gettext_lazy("Your full name"), required=False, max_length=MOST_NAME)
    phone = forms.CharField(
        label=gettext_lazy("Your telephone number"), required=False, max_length=MOST_PHONE,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text=gettext_lazy("Only commune police see name and number, and each look is written down."),
    )  # fmt: skip

    def clean_phone(self) -> str:
        phone = " ".join(self.cleaned_data["phone"].split())
        if phone and PHONE.fullmatch(phone) is None:
            raise ValidationError(_("A telephone number has digits only, like 0912 345 678."))
        return phone


class LetterForm(WishForm):
    """An authority's letter, entered at the desk."""

    authority = forms.CharField(label=gettext_lazy("Which authority asks"), required=False, max_length=160)
    letter = forms.CharField(label=gettext_lazy("What their letter is called"), required=False, max_length=160)
    letter_number = forms.CharField(label=gettext_lazy("Number of their letter"), required=False, max_length=60)
    letter_day = DayField(label=gettext_lazy("Day of their letter"), required=False)
    case = forms.CharField(
        label=gettext_lazy("Number of our incident, if it is about one"), required=False, max_length=40,
        help_text=gettext_lazy("Like 12/2026: the request then stands on the incident's page too."),
    )  # fmt: skip
    scan = forms.FileField(
        label=gettext_lazy("Scan or photo of their letter"), required=False,
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png,image/webp"}),
        help_text=gettext_lazy("PDF, JPEG, PNG or WebP, 10 MB at most. Choose it again where the form came back."),
    )  # fmt: skip

    @staticmethod
    def about_incident(incident: Incident, now: datetime) -> dict[str, str]:
        """What stands in it at first, opened from an incident's page: its number, its place, the half hours round it."""
        return {
            "case": incident.sign, "hamlet": str(incident.hamlet_id or ""), "place": incident.place,
            "start": local_input(incident.happened - AROUND), "end": local_input(min(incident.happened + AROUND, now)),
        }  # fmt: skip

    def as_letter(self, scan: Scan | None) -> Letter:
        data = self.cleaned_data
        return Letter(data["authority"], data["letter"], data["letter_number"], data["letter_day"], scan)


class WritePetitionForm(MappedForm):
    PLACES = {"words": "said"}
    said = forms.CharField(
        label=gettext_lazy("To the sender, read under the code"), required=False, max_length=MOST_REASON, strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class NotePetitionForm(MappedForm):
    note = forms.CharField(
        label=gettext_lazy("Note for the station, without names"), required=False, max_length=400,
        help_text=gettext_lazy("It is kept for good, as all steps are."),
    )  # fmt: skip


class DecidePetitionForm(MappedForm):
    decision = forms.ChoiceField(label=gettext_lazy("Decision"), required=False)
    refusal = forms.ChoiceField(label=gettext_lazy("If it is refused: why"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("The reason, as who asked reads it"), required=False, max_length=MOST_REASON, strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    meet_at = MomentField(label=gettext_lazy("When to come"))
    meet_place = forms.CharField(label=gettext_lazy("Where to come"), required=False, max_length=200)

    def __init__(self, petition: Petition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = {*GRANTS[Source(petition.source)], Decision.REFUSED}
        _offer(self, "decision", [("", "—"), *(pair for pair in choices(Decision) if pair[0] in allowed)])
        _offer(self, "refusal", [("", "—"), *choices(Refusal)])

    def deciding(self) -> Deciding:
        data = self.cleaned_data
        return Deciding(data["decision"], data["reason"], data["refusal"], data["meet_at"], data["meet_place"])


class ShowPetitionForm(MappedForm):
    PLACES = {"shown_cameras": "shown_end"}
    shown_start = MomentField(label=gettext_lazy("Shown from"))
    shown_end = MomentField(label=gettext_lazy("Shown to"))
    seen = forms.CharField(
        label=gettext_lazy("What could be seen, without names"), required=False, max_length=MOST_REASON, strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def showing(self, cameras: list[str]) -> Showing:
        data = self.cleaned_data
        return Showing(tuple(cameras), data["shown_start"], data["shown_end"], data["seen"])


class ClipPetitionForm(MappedForm):
    purpose = forms.ChoiceField(label=gettext_lazy("Purpose, by the regulation"))

    def __init__(self, offered: list[Purpose], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "purpose", [(one.key, one.vi) for one in offered])


def shown_initial(petition: Petition) -> dict[str, str]:
    """The span that was asked for, to be corrected."""
    if petition.start is None or petition.end is None:
        return {}
    return {"shown_start": local_input(petition.start), "shown_end": local_input(petition.end)}
