"""Forms of the book of contributions: money, gifts, spending, moving, pledges, estimates and their votes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.base.ids import new_id
from luytre.base.money import dong, parse_dong
from luytre.civic.filed import Filed, named
from luytre.civic.ledger.accounts import ACCOUNT_WORDS, INCOME, KIND_SORTS, MONEY, SORT_WORDS
from luytre.civic.ledger.desk import Draft, PartyDraft
from luytre.civic.ledger.estimates import MOST_ITEMS, EstimateDraft, Item, Vote
from luytre.civic.ledger.models import (
    MOST_ITEM_WORDS,
    MOST_MINUTES,
    MOST_NAME,
    MOST_PHONE,
    MOST_WORDS,
    Estimate,
    Pledge,
    Standing,
)
from luytre.civic.ledger.pledges import MOST_WHY, Amended, PledgeDraft, stamp
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.order import hamlets_in_order
from luytre.web.days import DayField
from luytre.web.figure_fields import FigureField, in_words
from luytre.web.forms_incidents import MappedForm

_SALT = "luytre.ledger.document"
LIKE = gettext_lazy("Like 1.350.000, or 1,35 triệu.")
NO_NAMES = gettext_lazy("No names of people here: what is written here cannot be erased.")


class MoneyField(forms.CharField):
    """Whole dong in any writing that means one thing; None for nothing."""

    def __init__(self, *, help_text: Any = LIKE, **more: Any) -> None:
        super().__init__(max_length=40, help_text=help_text, **more)
        self.widget.attrs |= {"inputmode": "text"}

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return parse_dong(text) if text else None
        except UsageError as error:
            raise in_words(error) from error


def hamlet_places() -> list[tuple[str, str]]:
    """Hamlets by the key of their place."""
    return [(place_key(one), one.name) for one in hamlets_in_order(Hamlet.objects.all())]


class BookForm(MappedForm):
    """`once` comes from the page and goes back with it, so that two presses are one entry."""

    once = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("once", new_id())
        for name, words in (("place", _("the whole commune")), ("pledged", "")):
            if name in self.fields and isinstance(self.fields[name], forms.ChoiceField):
                self.offer(name, [("", words), *hamlet_places()])
        for name, field in self.fields.items():
            if isinstance(field, forms.BooleanField):
                self.fields[name].widget.attrs["class"] = "form-check-input"

    def offer(self, name: str, offered: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(offered)


class EntryForm(BookForm):
    """What all entries have; which of the fields one has is said by its class."""

    day = DayField(label=gettext_lazy("Day"), initial=timezone.localdate)
    amount = MoneyField(label=gettext_lazy("Amount in dong"))

    def draft(self, pledge: Pledge | None = None) -> Draft:
        data = self.cleaned_data
        party = PartyDraft(data.get("name", ""), data.get("phone", ""), bool(data.get("public")))
        return Draft(
            data["once"], data["day"], data["amount"] or 0, data.get("words", ""), data.get("place", ""), party, pledge
        )  # fmt: skip


def words_field(label: Any, *, required: bool) -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=MOST_WORDS, help_text=NO_NAMES)


def name_field(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=MOST_NAME,
        help_text=gettext_lazy("Lies locked; each look is written down. Empty: whoever gave wishes not to be written down."),
    )  # fmt: skip


def phone_field() -> forms.CharField:
    widget = forms.TextInput(attrs={"inputmode": "tel"})
    return forms.CharField(label=gettext_lazy("Telephone"), required=False, max_length=MOST_PHONE, widget=widget)


def public_field() -> forms.BooleanField:
    return forms.BooleanField(label=gettext_lazy("Agrees to be named publicly"), required=False)


def place_field() -> forms.ChoiceField:
    return forms.ChoiceField(label=gettext_lazy("Hamlet"), required=False)


def chosen_from(words: dict[Any, str], keys: Sequence[str]) -> list[tuple[str, str]]:
    """For a field: what can be chosen, in words."""
    said = {str(key): _(text) for key, text in words.items()}
    return [(str(key), said[str(key)][:1].upper() + said[str(key)][1:]) for key in keys]


class MoneyForm(EntryForm):
    source = forms.ChoiceField(label=gettext_lazy("Where it comes from"))
    account = forms.ChoiceField(label=gettext_lazy("Where it was put"))
    place = place_field()
    name = name_field(gettext_lazy("Who gave it"))
    phone = phone_field()
    public = public_field()
    words = words_field(gettext_lazy("What for"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("source", chosen_from(ACCOUNT_WORDS, INCOME))
        self.offer("account", chosen_from(ACCOUNT_WORDS, MONEY))


class GiftForm(EntryForm):
    sort = forms.ChoiceField(label=gettext_lazy("What was given"))
    words = words_field(gettext_lazy("What exactly, and how much of it"), required=True)
    amount = MoneyField(
        label=gettext_lazy("Estimated worth in dong"), required=False, help_text=gettext_lazy("Empty where nobody estimated it.")
    )
    place = place_field()
    name = name_field(gettext_lazy("Who gave it"))
    phone = phone_field()
    public = public_field()
    field_order = ("once", "day", "sort", "words", "amount")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("sort", chosen_from(SORT_WORDS, KIND_SORTS))


class DocumentForm(BookForm):
    """`kept`: the file that came with the form before, so that a mistake elsewhere loses it not."""

    document = forms.FileField(
        label=gettext_lazy("Invoice, or another document"), required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
        help_text=gettext_lazy("A photo or a PDF, at most 8 MB."),
    )  # fmt: skip
    kept = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)

    def kept_document(self) -> Filed | None:
        try:
            return named(str(signing.loads(self.data.get("kept", ""), salt=_SALT))) if self.is_bound else None
        except signing.BadSignature:
            return None


def kept_text(document: Filed) -> str:
    """What a form that comes back says of a file that was kept: signed, so that no other file is named by it."""
    return signing.dumps(document.name, salt=_SALT)


class SpendForm(DocumentForm, EntryForm):
    sort = forms.ChoiceField(label=gettext_lazy("What it was spent on"))
    words = words_field(gettext_lazy("What was paid for"), required=True)
    account = forms.ChoiceField(label=gettext_lazy("Paid from"))
    name = forms.CharField(label=gettext_lazy("Who was paid"), required=False, max_length=MOST_NAME)
    place = place_field()
    estimate = forms.ChoiceField(label=gettext_lazy("Under which estimate"), required=False)
    field_order = ("once", "day", "amount", "sort", "words", "account", "name", "place", "estimate", "document", "kept")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("sort", chosen_from(SORT_WORDS, tuple(SORT_WORDS)))
        self.offer("account", chosen_from(ACCOUNT_WORDS, MONEY))
        agreed = Estimate.objects.filter(state=Standing.AGREED)
        self.offer("estimate", [("", "—"), *((one.key, one.title) for one in agreed)])

    def chosen_estimate(self) -> Estimate | None:
        return Estimate.objects.filter(key=self.cleaned_data["estimate"]).first()


class MoveForm(EntryForm):
    source = forms.ChoiceField(label=gettext_lazy("From where to where"))
    words = words_field(gettext_lazy("Why"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("source", [("cash", _("From the cash box to the bank")), ("bank", _("From the bank to the cash box"))])


class ReverseForm(MappedForm):
    why = forms.CharField(
        label=gettext_lazy("Why it is taken back"), max_length=MOST_WORDS, help_text=NO_NAMES,
        error_messages={"required": N_("Say why it is taken back.")},
    )  # fmt: skip


class PledgeForm(BookForm):
    sort = forms.ChoiceField(label=gettext_lazy("What is promised"))
    amount = MoneyField(
        label=gettext_lazy("Amount or estimated worth in dong"), required=False,
        help_text=gettext_lazy("Of money always; of things where somebody estimated it."),
    )  # fmt: skip
    words = words_field(gettext_lazy("What exactly"), required=False)
    due = DayField(label=gettext_lazy("By when"), required=False)
    place = place_field()
    name = forms.CharField(label=gettext_lazy("Who promises it"), max_length=MOST_NAME)
    phone = phone_field()
    public = public_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("sort", [("money", _("Money")), *chosen_from(SORT_WORDS, KIND_SORTS)])

    def draft(self) -> PledgeDraft:
        data = self.cleaned_data
        party = PartyDraft(data["name"], data["phone"], data["public"])
        return PledgeDraft(data["once"], data["sort"], data["amount"] or 0, data["words"], data["place"], data["due"], party)


class LetGoForm(MappedForm):
    note = forms.CharField(label=gettext_lazy("Why"), max_length=400, help_text=NO_NAMES)


class AmendForm(MappedForm):
    amount = MoneyField(label=gettext_lazy("Promised, dong"), required=False)
    words = words_field(gettext_lazy("What exactly"), required=False)
    due = DayField(label=gettext_lazy("By when"), required=False)
    why = forms.CharField(label=gettext_lazy("Why"), max_length=MOST_WHY, help_text=NO_NAMES)
    seen = forms.CharField(max_length=12, widget=forms.HiddenInput)

    @classmethod
    def of(cls, pledge: Pledge) -> AmendForm:
        amount = dong(pledge.amount_vnd) if pledge.amount_vnd else ""
        return cls(initial={"amount": amount, "words": pledge.words, "due": pledge.due, "seen": stamp(pledge)})

    def amended(self) -> Amended:
        data = self.cleaned_data
        return Amended(data["amount"] or 0, data["words"], data["due"], data["why"], data["seen"])


ITEM = ("sort", "words", "quantity", "unit")
FEWEST_ROWS = 5


class EstimateForm(BookForm):
    """`rows`: how many items it has room for; a row in which nothing is written is none."""

    title = forms.CharField(label=gettext_lazy("What it is for, in one line"), max_length=MOST_NAME)
    place = place_field()
    rows = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST_ITEMS, required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        typed = str(data.get("rows", "")) if data else ""
        self.many = min(int(typed), MOST_ITEMS) if typed.isascii() and typed.isdecimal() and int(typed) else FEWEST_ROWS
        sorts = [("", "—"), *chosen_from(SORT_WORDS, tuple(SORT_WORDS))]
        for number in range(1, self.many + 1):
            made: dict[str, forms.Field] = {
                "sort": forms.ChoiceField(label=_("For what"), required=False, choices=sorts),
                "words": forms.CharField(label=_("What exactly"), required=False, max_length=MOST_ITEM_WORDS),
                "quantity": FigureField(label=_("How many"), whole=True),
                "unit": MoneyField(label=_("Price of one, dong"), required=False, help_text=""),
            }
            for name, field in made.items():
                kind = "form-select" if name == "sort" else "form-control"
                field.widget.attrs |= {"class": kind, "autocomplete": "off", "aria-describedby": f"err-{name}{number}"}
                self.fields[f"{name}{number}"] = field
        self.initial["rows"] = self.many

    def lines(self) -> list[tuple[int, list[Any]]]:
        """For the page: rows with their fields."""
        return [(number, [self[f"{name}{number}"] for name in ITEM]) for number in range(1, self.many + 1)]

    def draft(self) -> EstimateDraft:
        data, items = self.cleaned_data, []
        for number in range(1, self.many + 1):
            sort, words, quantity, unit = (data.get(f"{name}{number}") for name in ITEM)
            if sort or words or quantity is not None or unit is not None:
                items.append(Item(number, sort or "", words or "", 1 if quantity is None else int(quantity), unit or 0))
        return EstimateDraft(data["once"], data["title"], data["place"], tuple(items))


class VoteForm(DocumentForm):
    once = None  # type: ignore[assignment] # an estimate is voted on once anyhow
    met = DayField(label=gettext_lazy("Day of the meeting"))
    votes_for = FigureField(label=gettext_lazy("Votes for it"), whole=True)
    votes_against = FigureField(label=gettext_lazy("Votes against it"), whole=True)
    votes_abstained = FigureField(label=gettext_lazy("Abstained"), whole=True)
    agreed = forms.ChoiceField(label=gettext_lazy("What the meeting came to"))
    minutes = forms.CharField(
        label=gettext_lazy("Minutes in short"), required=False, max_length=MOST_MINUTES, strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    field_order = ("met", "votes_for", "votes_against", "votes_abstained", "agreed", "minutes", "document", "kept")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].label = _("File of the minutes")
        self.offer("agreed", [("", "—"), ("yes", _("agreed")), ("no", _("not agreed"))])

    def vote(self, document: Filed | None) -> Vote:
        data = self.cleaned_data
        cast = [int(data[name] or 0) for name in ("votes_for", "votes_against", "votes_abstained")]
        return Vote(data["met"], cast[0], cast[1], cast[2], data["agreed"] == "yes", data["minutes"], document)


def told(form: MappedForm, error: ValidationError) -> None:
    """An error of a file, at its field, also before the rest was looked at."""
    form.is_valid()
    form.tell(error)
