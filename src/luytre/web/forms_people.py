"""Forms for people's accounts: inviting, changing, choosing a password by a link, the second step of logging in."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthCodeAgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm as AllauthAddWebAuthnForm
from allauth.mfa.webauthn.forms import EditWebAuthnForm as AllauthEditWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.civic.access.assignments import EVERYWHERE, NAMED_CAMERAS, Hours, Wanted, check
from luytre.civic.access.models import Role, User
from luytre.civic.access.people import Person
from luytre.civic.access.ways import LOCAL_ROLES
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.groups import group_place, groups_in_order
from luytre.civic.registry.models import Camera, Hamlet
from luytre.web.days import DayField

_NEW_PASSWORD = {"class": "form-control", "autocomplete": "new-password"}


def _time_input() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class AssignmentForm(forms.Form):
    """A role, where, in which hours and until when. Errors of the whole stand at the field they are about."""

    USUAL = ""
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices, initial=Role.SECURITY_TEAM)
    place = forms.ChoiceField(label=gettext_lazy("Where"), required=False)
    cameras = forms.MultipleChoiceField(required=False)
    ways = forms.ChoiceField(label=gettext_lazy("What may be looked at"), required=False)
    hours_from = forms.TimeField(label=gettext_lazy("From (hour)"), required=False, widget=_time_input())
    hours_to = forms.TimeField(label=gettext_lazy("To (hour)"), required=False, widget=_time_input())
    last_day = DayField(label=gettext_lazy("Last day"), required=False)

    def __init__(self, cameras: list[Camera], hamlets: list[Hamlet], *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        keys = self.fields["cameras"]
        place, ways = self.fields["place"], self.fields["ways"]
        assert isinstance(keys, forms.MultipleChoiceField)
        assert isinstance(place, forms.ChoiceField)
        assert isinstance(ways, forms.ChoiceField)
        keys.choices = [(camera.key, camera.name) for camera in cameras]
        keys.error_messages["invalid_choice"] = _("One of these cameras is no longer in use. Look at the list again.")
        place.choices = [
            (EVERYWHERE, _("The whole commune")),
            *((place_key(hamlet), hamlet.name) for hamlet in hamlets),
            *((group_place(group), _("Group “%(name)s”") % {"name": group.name}) for group in groups_in_order()),
            (NAMED_CAMERAS, _("Only the cameras ticked below")),
        ]
        ways.choices = [
            (self.USUAL, _("As usual: hamlets and owners live only, police everything")),
            ("live", _("Live only")),
            ("history,live", _("Live and recorded footage")),
        ]
        for name, field in self.fields.items():
            if name not in ("role", "cameras"):
                field.widget.attrs |= {
                    "class": "form-select" if isinstance(field, forms.ChoiceField) else "form-control",
                    "autocomplete": "off", "aria-describedby": f"err-{name}",
                }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("hours_from")) != bool(data.get("hours_to")) and not {"hours_from", "hours_to"} & set(self.errors):
            self.add_error("hours_to" if data.get("hours_from") else "hours_from", _("Give both hours, or none."))
        if data.get("place") == NAMED_CAMERAS and not data.get("cameras") and "cameras" not in self.errors:
            self.add_error("cameras", _("Tick at least one camera."))
        if not self.errors:
            try:
                check(self.user, self.wanted(), timezone.now())
            except ValidationError as error:
                self.tell(error)
        return data

    def tell(self, error: ValidationError) -> None:
        """What `access.assignments` found wrong, at its field."""
        for field, said in error.message_dict.items():
            self.add_error({"hours": "hours_to"}.get(field, field), [_(words) for words in said])

    def wanted(self) -> Wanted:
        data = self.cleaned_data
        role, given = data["role"], data["ways"]
        ways = given.split(",") if given else ["live"] if role in LOCAL_ROLES else []
        hours = Hours(data["hours_from"], data["hours_to"]) if data.get("hours_from") and data.get("hours_to") else None
        return Wanted(role, data["place"], frozenset(ways), hours, None, data["last_day"])

    def camera_keys(self) -> set[str]:
        return set(self.cleaned_data["cameras"])

    @property
    def role_chosen(self) -> str:
        return str(self["role"].value() or Role.SECURITY_TEAM)


class NameForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name or post"), max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs |= {
            "class": "form-control", "autocomplete": "off", "aria-describedby": "help-name err-name",
        }  # fmt: skip


class InvitationForm(AssignmentForm):
    """Somebody new, with a first assignment."""

    name = forms.CharField(label=gettext_lazy("Name or post"), max_length=120)
    username = forms.CharField(label=gettext_lazy("User name"), max_length=64, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "username"):
            self.fields[name].widget.attrs |= {"aria-describedby": f"help-{name} err-{name}"}
        self.fields["username"].widget.attrs |= {"spellcheck": "false", "autocapitalize": "none"}

    def clean_username(self) -> str:
        typed: str = self.cleaned_data["username"]
        if not typed:
            return ""
        candidate = User(username=User.normalize_username(typed))
        try:
            candidate.clean_fields(exclude=["password", "display_name"])
            candidate.validate_constraints()
        except ValidationError as error:
            raise ValidationError(error.messages) from error
        return candidate.username

    def person(self) -> Person:
        """Only after `is_valid`."""
        return Person(self.cleaned_data["name"], self.cleaned_data.get("username", ""))


class EntryForm(forms.Form):
    """A password of one's own, twice."""

    new = forms.CharField(
        label=gettext_lazy("New password"),
        strip=False,
        help_text=gettext_lazy(
            "At least 10 characters. Four words that do not belong together are easy to remember and hard to guess."
        ),
        widget=forms.PasswordInput(attrs=_NEW_PASSWORD | {"autofocus": True}),
    )
    again = forms.CharField(
        label=gettext_lazy("New password once more"), strip=False, widget=forms.PasswordInput(attrs=_NEW_PASSWORD)
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        new, again = cleaned.get("new"), cleaned.get("again")
        if new and again and new != again:
            self.add_error("again", _("The two new passwords are not the same."))
        if new:
            try:
                validate_password(new, self.user)
            except ValidationError as error:
                self.add_error("new", error)
        return cleaned


class _Code:
    """The field for a code, as all our fields look."""

    fields: dict[str, forms.Field]

    def dress(self) -> None:
        field = self.fields["code"]
        field.label = _("Code")
        field.widget.attrs |= {
            "class": "form-control form-control-lg", "placeholder": "", "inputmode": "numeric", "autofocus": True,
            "autocomplete": "one-time-code", "spellcheck": "false", "aria-describedby": "err-code",
        }  # fmt: skip


class CodeForm(_Code, AllauthAuthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dress()


class CodeAgainForm(_Code, AllauthCodeAgainForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dress()


class FirstCodeForm(_Code, AllauthActivateTOTPForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dress()


class PasswordAgainForm(AllauthReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["password"]
        field.label = _("Present password")
        field.widget.attrs |= {"class": "form-control form-control-lg", "placeholder": "", "autofocus": True}


class AddKeyForm(AllauthAddWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress_name(self.fields["name"])


class EditKeyForm(AllauthEditWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress_name(self.fields["name"])


def _dress_name(field: forms.Field) -> None:
    field.label = _("Name of the key")
    field.widget.attrs |= {"class": "form-control", "autocomplete": "off", "maxlength": "60"}
