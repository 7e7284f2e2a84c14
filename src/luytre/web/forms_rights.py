"""Forms of claims to data and of the breach file. Names of fields differ: those of a claim stand on one page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.civic.registry.eye_checks import PHONE
from luytre.civic.registry.models import Camera, Hamlet
from luytre.civic.registry.order import hamlets_in_order
from luytre.civic.rights.breaches import Account
from luytre.civic.rights.desk import MOST_NOTE, Deciding
from luytre.civic.rights.kinds import Decision, End, Ground, Right, Subject, Told, Verdict, decisions_for, ends_for
from luytre.civic.rights.models import MOST_NAME, MOST_REASON, MOST_WORDS, Breach, Claim
from luytre.civic.rights.taking import ClaimDraft
from luytre.web.figure_fields import FigureField
from luytre.web.forms_committee import Form, OnceForm
from luytre.web.forms_petitions import MomentField
from luytre.web.forms_tips import MOST_PHONE, local_input
from luytre.web.register_words import choices


def _words(label: Any, most: int, rows: int = 4, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=most,
        strip=False,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )


class ClaimForm(Form):
    """What a person sends, or an officer enters."""

    right = forms.ChoiceField(label=gettext_lazy("What do you ask for?"), required=False)
    subject = forms.ChoiceField(label=gettext_lazy("What does it concern?"), required=False)
    words = _words(
        gettext_lazy("In your words"), MOST_WORDS,
        help_text=gettext_lazy("Like: which name is written wrong and how it is right; for an account its user name."),
    )  # fmt: skip
    code = forms.CharField(
        label=gettext_lazy("Its code"), required=False, max_length=40,
        help_text=gettext_lazy("The one that you got when you sent it."),
        widget=forms.TextInput(attrs={"spellcheck": "false", "placeholder": "XXXX-XXXX-XXXX"}),
    )  # fmt: skip
    place = forms.CharField(label=gettext_lazy("Where it was"), required=False, max_length=200)
    start = MomentField(label=gettext_lazy("From"))
    end = MomentField(label=gettext_lazy("To"))
    name = forms.CharField(label=gettext_lazy("Your full name"), required=False, max_length=MOST_NAME)
    phone = forms.CharField(
        label=gettext_lazy("Your telephone number"), required=False, max_length=MOST_PHONE,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text=gettext_lazy("Only commune police see name and number, and each look is written down."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("right", [("", "—"), *choices(Right)])
        self.offer("subject", [("", "—"), *choices(Subject)])

    def clean_phone(self) -> str:
        phone = " ".join(self.cleaned_data["phone"].split())
        if phone and PHONE.fullmatch(phone) is None:
            raise ValidationError(_("A telephone number has digits only, like 0912 345 678."))
        return phone

    def draft(self, camera: Camera | None = None) -> ClaimDraft:
        return ClaimDraft(**self.cleaned_data, camera=camera)


class WriteClaimForm(Form):
    PLACES = {"words": "said"}
    said = _words(gettext_lazy("To the person who asked, read under the code"), MOST_REASON, 3)


class NoteClaimForm(Form):
    note = forms.CharField(
        label=gettext_lazy("Note for the station, without names"), required=False, max_length=MOST_NOTE,
        help_text=gettext_lazy("It is kept for good, as all steps are."),
    )  # fmt: skip


class ExtendClaimForm(Form):
    PLACES = {"reason": "longer"}
    longer = _words(gettext_lazy("Why it takes longer, as who asked reads it"), MOST_REASON, 3)


class DecideClaimForm(Form):
    decision = forms.ChoiceField(label=gettext_lazy("Decision"), required=False)
    ground = forms.ChoiceField(
        label=gettext_lazy("If it is refused: why"), required=False,
        help_text=gettext_lazy("A proposal, to be confirmed against the law's own text."),
    )  # fmt: skip
    reason = _words(gettext_lazy("The reason, as the person who asked reads it"), MOST_REASON)
    meet_at = MomentField(label=gettext_lazy("When to come"))
    meet_place = forms.CharField(label=gettext_lazy("Where to come"), required=False, max_length=200)

    def __init__(self, claim: Claim, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = decisions_for(claim.right, claim.subject)
        self.offer("decision", [("", "—"), *(pair for pair in choices(Decision) if pair[0] in allowed)])
        self.offer("ground", [("", "—"), *choices(Ground)])
        if Decision.VIEW not in allowed:
            del self.fields["meet_at"], self.fields["meet_place"]

    def deciding(self) -> Deciding:
        return Deciding(**self.cleaned_data)


class PointClaimForm(Form):
    """What is typed depends on what the claim is about; an agreement is chosen from `offered`."""

    which = forms.CharField(required=False, max_length=80)

    def __init__(self, subject: str, offered: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if subject == Subject.AGREEMENT:
            self.fields["which"] = forms.ChoiceField(required=False, choices=[("", "—"), *offered])
        field = self.fields["which"]
        field.label = _("The camera that was agreed on") if subject == Subject.AGREEMENT else (
            _("Its user name") if subject == Subject.ACCOUNT else _("Number of the entry in the book")
        )  # fmt: skip
        field.help_text = _("Like PT 3/2026.") if subject == Subject.LEDGER else ""


class CarryClaimForm(Form):
    PLACES = {"which": "done"}
    finish = forms.ChoiceField(label=gettext_lazy("How it ended"), required=False)
    done = forms.CharField(label=gettext_lazy("What was done, without names"), required=False, max_length=MOST_NOTE)

    def __init__(self, claim: Claim, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("finish", [pair for pair in choices(End) if pair[0] in ends_for(claim.decision)])


class LiftClaimForm(Form):
    lifting = forms.CharField(label=gettext_lazy("Why the restriction ends, without names"), required=False, max_length=MOST_NOTE)


# --- breaches ---------------------------------------------------------------------------------------------------------
class AccountForm(OnceForm):
    """What is known of a breach so far. A form's own `data` is what was sent, so the field is `kinds`."""

    PLACES = {"data": "kinds"}

    noticed = MomentField(
        label=gettext_lazy("When it was noticed"), help_text=gettext_lazy("The 72 hours run from here, also on holidays.")
    )
    what = _words(gettext_lazy("What happened, without names"), MOST_WORDS)
    kinds = _words(gettext_lazy("Which data it concerns"), MOST_WORDS, 3)
    people = FigureField(whole=True, label=gettext_lazy("How many people"), help_text=gettext_lazy("Empty: not known yet."))
    measures = _words(gettext_lazy("What was done about it so far"), MOST_WORDS, 3)
    hamlet = forms.ChoiceField(label=gettext_lazy("Hamlet, where it belongs to one"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("hamlet", [("", "—"), *((str(one.pk), one.name) for one in hamlets_in_order(Hamlet.objects.all()))])

    @staticmethod
    def of(breach: Breach) -> dict[str, Any]:
        return {
            "noticed": local_input(breach.noticed), "what": breach.what, "kinds": breach.data, "measures": breach.measures,
            "people": "" if breach.people is None else str(breach.people), "hamlet": str(breach.hamlet_id or ""),
        }  # fmt: skip

    def account(self) -> Account:
        data = self.cleaned_data
        hamlet = Hamlet.objects.filter(pk=int(data["hamlet"])).first() if data["hamlet"] else None
        return Account(data["noticed"], data["what"], data["kinds"], data["people"], data["measures"], hamlet)


class NotifiedForm(Form):
    notified = MomentField(label=gettext_lazy("When the authority had its notice"))
    how = forms.CharField(label=gettext_lazy("Which authority, under which number"), required=False, max_length=400)


class TellingForm(Form):
    told = forms.ChoiceField(label=gettext_lazy("Are people concerned told?"), required=False)
    why = _words(gettext_lazy("Why, and how"), MOST_WORDS, 3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("told", [("", "—"), *choices(Told)])


class CloseBreachForm(Form):
    verdict = forms.ChoiceField(label=gettext_lazy("What it turned out to be"), required=False)
    lessons = _words(gettext_lazy("What is done so that it does not happen again"), MOST_WORDS, 3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("verdict", [("", "—"), *choices(Verdict)])
