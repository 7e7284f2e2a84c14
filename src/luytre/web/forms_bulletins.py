"""Forms of a bulletin: issuing it, telling that it was seen, prolonging, closing. Field names differ: all stand on one page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.civic.bulletins import plates
from luytre.civic.bulletins.desk import BulletinDraft, Seen
from luytre.civic.bulletins.models import MOST_LOOK, MOST_PLACE, MOST_SEEN, MOST_TITLE, MOST_WORDS, End, Kind
from luytre.civic.bulletins.pictures import Picture
from luytre.civic.incidents.models import Incident
from luytre.civic.registry.models import Camera, Hamlet
from luytre.civic.registry.order import hamlets_in_order, in_order
from luytre.web.days import DayField
from luytre.web.forms_incidents import MappedForm, hamlet_choices
from luytre.web.forms_petitions import MomentField
from luytre.web.register_words import choices

_SALT = "luytre.bulletin.picture"


class BulletinForm(MappedForm):
    """`kept`: the picture that came with the form before, so that a mistake elsewhere loses it not."""

    kind = forms.ChoiceField(label=gettext_lazy("What is looked for"))
    title = forms.CharField(
        label=gettext_lazy("In one line"), max_length=MOST_TITLE,
        help_text=gettext_lazy("No owner's name, no telephone: everybody on duty reads it, and it hangs on the wall."),
    )  # fmt: skip
    plate = forms.CharField(
        label=gettext_lazy("Licence plate"), required=False, max_length=plates.LONGEST,
        help_text=gettext_lazy("In any writing: 15B1-234.56 and 15b123456 are one. People look for it; no camera reads plates."),
    )  # fmt: skip
    look = forms.CharField(label=gettext_lazy("Colour and make"), required=False, max_length=MOST_LOOK)
    since = MomentField(label=gettext_lazy("Since when"))
    place = forms.CharField(label=gettext_lazy("Where it was last"), required=False, max_length=MOST_PLACE)
    words = forms.CharField(
        label=gettext_lazy("Marks, and what to do"), required=False, max_length=MOST_WORDS, strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    picture = forms.FileField(
        label=gettext_lazy("Picture"), required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=gettext_lazy("Of a vehicle or a thing, never of a person. Place and telephone in the file are taken out."),
    )  # fmt: skip
    without = forms.BooleanField(label=gettext_lazy("Without this picture"), required=False)
    kept = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)
    last_day = DayField(label=gettext_lazy("In force until the end of"), help_text=gettext_lazy("At most 30 days from today."))
    hamlets = forms.MultipleChoiceField(
        label=gettext_lazy("For which hamlets"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: for the whole commune."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", [("", "—"), *choices(Kind)])
        hamlets = self.fields["hamlets"]
        assert isinstance(hamlets, forms.MultipleChoiceField)
        hamlets.choices = [(str(one.pk), one.name) for one in hamlets_in_order(Hamlet.objects.all())]
        for name in ("hamlets", "without"):
            self.fields[name].widget.attrs["class"] = "form-check-input"

    def kept_picture(self) -> Picture | None:
        """The one that came before; None where there was none, or it is not to be kept."""
        data = self.data if self.is_bound else self.initial
        if self.is_bound and data.get("without"):
            return None
        try:
            name, width_px, height_px = signing.loads(data.get("kept", ""), salt=_SALT)
        except (signing.BadSignature, ValueError, TypeError):
            return None
        return Picture(str(name), int(width_px), int(height_px))

    def draft(self, incident: Incident | None, picture: Picture | None) -> BulletinDraft:
        data = self.cleaned_data
        hamlets = tuple(Hamlet.objects.filter(pk__in=data["hamlets"]))
        return BulletinDraft(
            data["kind"], data["title"], data["last_day"], data["words"], data["plate"], data["look"], data["since"],
            data["place"], incident, hamlets, picture,
        )  # fmt: skip


def kept_text(picture: Picture) -> str:
    """What a form that comes back says of a picture that was kept: signed, so that no other file is named by it."""
    return signing.dumps([picture.sha256, picture.width_px, picture.height_px], salt=_SALT)


def offer(form: forms.Form, name: str, offered: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = offered


class SeenForm(MappedForm):
    PLACES = {"place": "seen_place", "words": "seen_words", "seen": "seen_at"}
    seen_place = forms.CharField(label=gettext_lazy("Where you saw it"), required=False, max_length=MOST_PLACE)
    seen_hamlet = forms.ChoiceField(label=gettext_lazy("Hamlet"), required=False)
    seen_at = MomentField(label=gettext_lazy("When"), help_text=gettext_lazy("Empty: just now."))
    seen_camera = forms.ChoiceField(label=gettext_lazy("On which camera, if on one"), required=False)
    seen_words = forms.CharField(
        label=gettext_lazy("In a few words"), required=False, max_length=MOST_SEEN, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Which way it went. No names of people."),
    )  # fmt: skip

    def __init__(self, cameras: Iterable[Camera], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "seen_hamlet", hamlet_choices())
        offer(self, "seen_camera", [("", "—"), *((one.key, one.name) for one in in_order(cameras))])

    def seen(self, now: datetime) -> Seen:
        data = self.cleaned_data
        hamlet = Hamlet.objects.filter(pk=int(data["seen_hamlet"])).first() if data["seen_hamlet"] else None
        return Seen(data["seen_at"] or now, hamlet, data["seen_place"], data["seen_camera"], data["seen_words"])


class ProlongForm(MappedForm):
    PLACES = {"last_day": "new_day", "note": "prolong_note"}
    new_day = DayField(label=gettext_lazy("In force until the end of"), help_text=gettext_lazy("At most 30 days from today."))
    prolong_note = forms.CharField(label=gettext_lazy("Why it is still looked for"), max_length=400)

    def chosen(self) -> tuple[date, str]:
        return self.cleaned_data["new_day"], self.cleaned_data["prolong_note"]


class EndForm(MappedForm):
    PLACES = {"note": "end_note"}
    end = forms.ChoiceField(label=gettext_lazy("How it ended"))
    end_note = forms.CharField(
        label=gettext_lazy("In a few words"), max_length=400,
        help_text=gettext_lazy("No names of people concerned: what is written here cannot be erased."),
    )  # fmt: skip

    def __init__(self, *args: Any, head: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(value, words) for value, words in choices(End) if head or value != End.WITHDRAWN]
        offer(self, "end", [("", "—"), *offered])

    def chosen(self) -> tuple[str, str]:
        return self.cleaned_data["end"], self.cleaned_data["end_note"]


def standing_words(*, in_force: bool, end: str) -> str:
    """Where a bulletin stands, in words: in force, why it was closed, or that its day is over."""
    if end:
        return _(str(End(end).label))
    return _("in force") if in_force else _("its day is over")
