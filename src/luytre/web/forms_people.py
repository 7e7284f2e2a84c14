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
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.civic.access.models import Role, User
from luytre.civic.access.people import Person
from luytre.civic.registry.models import Camera

_NEW_PASSWORD = {"class": "form-control", "autocomplete": "new-password"}


class PersonForm(forms.Form):
    """A person's name, role and (for a viewer) cameras. `user` None: somebody who is invited."""

    name = forms.CharField(label=gettext_lazy("Name or post"), max_length=120)
    username = forms.CharField(label=gettext_lazy("User name"), max_length=64, required=False)
    role = forms.ChoiceField(label=gettext_lazy("What this person may do"), choices=Role.choices, initial=Role.VIEWER)
    live = forms.MultipleChoiceField(required=False)
    history = forms.MultipleChoiceField(required=False)

    def __init__(self, cameras: list[Camera], *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        keys = [(camera.key, camera.name) for camera in cameras]
        for name in ("live", "history"):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = keys
            field.error_messages["invalid_choice"] = _("One of these cameras is no longer in use. Look at the list again.")
        for name in ("name", "username"):
            self.fields[name].widget.attrs |= {
                "class": "form-control", "autocomplete": "off", "aria-describedby": f"help-{name} err-{name}",
            }  # fmt: skip
        self.fields["username"].widget.attrs |= {"spellcheck": "false", "autocapitalize": "none"}
        if user is not None:
            del self.fields["username"]

    def clean_username(self) -> str:
        typed: str = self.cleaned_data["username"]
        if not typed:
            return ""
        candidate = User(username=User.normalize_username(typed), role=Role.VIEWER)
        try:
            candidate.clean_fields(exclude=["password", "display_name"])
            candidate.validate_constraints()
        except ValidationError as error:
            raise ValidationError(error.messages) from error
        return candidate.username

    @property
    def role_chosen(self) -> str:
        return str(self["role"].value() or Role.VIEWER)

    def chosen(self, field: str) -> set[str]:
        """The keys ticked, as typed or as they are."""
        return {str(key) for key in (self[field].value() or [])}

    def person(self) -> Person:
        """Only after `is_valid`, for somebody who is invited."""
        data = self.cleaned_data
        return Person(data["name"], data["role"], data.get("username", ""))

    def cameras(self) -> tuple[set[str], set[str]]:
        """Live and history; nothing for the roles that see all."""
        if self.cleaned_data["role"] != Role.VIEWER:
            return set(), set()
        return set(self.cleaned_data["live"]), set(self.cleaned_data["history"])


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
