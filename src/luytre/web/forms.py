"""Forms. Each field's widget carries its own help and error places, so that a reader of the screen finds them."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.base.errors import UsageError
from luytre.base.redact import redact_url, split_credentials
from luytre.civic.access.models import User
from luytre.civic.registry.address import Address, parse_address
from luytre.civic.registry.cameras import CameraDraft, credentials_of
from luytre.civic.registry.models import Camera
from luytre.civic.registry.sites import SiteDraft


class LoginForm(AllauthLoginForm):  # type: ignore[misc]
    """allauth's, with our labels and no help about addresses of e-mail that nobody here has."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label, password.label, password.help_text = _("User name"), _("Password"), ""
        for field in (login, password):
            field.widget.attrs = {**field.widget.attrs, "class": "form-control form-control-lg", "placeholder": ""}
        login.widget.attrs |= {"autofocus": True, "autocapitalize": "none", "spellcheck": "false"}


class PasswordForm(forms.Form):
    """The present password once, the new one twice."""

    present = forms.CharField(
        label=gettext_lazy("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "form-control", "autocomplete": "current-password", "autofocus": True}),
    )
    new = forms.CharField(
        label=gettext_lazy("New password"),
        strip=False,
        help_text=gettext_lazy(
            "At least 10 characters. Four words that do not belong together are easy to remember and hard to guess."
        ),
        widget=forms.PasswordInput(attrs={"class": "form-control", "autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("New password once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "form-control", "autocomplete": "new-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_present(self) -> str:
        present: str = self.cleaned_data["present"]
        if not self.user.check_password(present):
            raise ValidationError(_("This is not your present password."))
        return present

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        new, again = cleaned.get("new"), cleaned.get("again")
        if new and again and new != again:
            self.add_error("again", _("The two new passwords are not the same."))
        if new and new == cleaned.get("present"):
            self.add_error("new", _("The new password is the same as the present one."))
        elif new:
            try:
                validate_password(new, self.user)
            except ValidationError as error:
                self.add_error("new", error)
        return cleaned


class CameraForm(forms.Form):
    """A camera as people type it. The password is never sent back to the page: empty keeps the one that is there."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    hamlet = forms.CharField(label=gettext_lazy("Hamlet"), max_length=120, required=False)
    main_url = forms.CharField(
        label=gettext_lazy("Address of the picture (main stream)"),
        max_length=500,
        error_messages={"required": gettext_lazy("Enter the camera's address, like rtsp://192.168.1.10:554/stream1.")},
    )
    username = forms.CharField(label=gettext_lazy("User name on the camera"), max_length=120, required=False)
    password = forms.CharField(
        label=gettext_lazy("Password on the camera"), max_length=200, required=False, strip=False, widget=forms.PasswordInput
    )
    sub_url = forms.CharField(label=gettext_lazy("Address of the small picture (sub-stream)"), max_length=500, required=False)
    retention_days = forms.IntegerField(label=gettext_lazy("Days kept"), min_value=1, max_value=3650, required=False)

    def __init__(self, *args: Any, camera: Camera | None = None, default_days: int = 30, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.camera = camera
        hints = {"main_url": "rtsp://192.168.1.10:554/stream1", "sub_url": "rtsp://192.168.1.10:554/stream2",
                 "retention_days": str(default_days)}  # fmt: skip
        for name, field in self.fields.items():
            attrs = {"class": "form-control", "aria-describedby": f"help-{name} err-{name}", "autocomplete": "off"}
            if name in hints:
                attrs["placeholder"] = hints[name]
            if name in ("main_url", "sub_url", "username"):
                attrs |= {"spellcheck": "false", "autocapitalize": "none"}
            field.widget.attrs |= attrs
        self.fields["password"].widget.attrs["autocomplete"] = "new-password"
        self.fields["hamlet"].widget.attrs["list"] = "hamlets"

    def clean_main_url(self) -> Address:
        address = self._address("main_url")
        assert address is not None  # the field is required
        return address

    def clean_sub_url(self) -> Address | None:
        return self._address("sub_url")

    def _address(self, field: str) -> Address | None:
        typed: str = self.cleaned_data[field]
        if not typed:
            return None
        if self.camera is not None and typed == getattr(self.camera, f"{field}_shown"):
            return Address(getattr(self.camera, field), "", "")
        try:
            address = parse_address(typed)
        except UsageError as error:
            raise ValidationError(str(error)) from error
        if "***" in address.url:
            raise ValidationError(_("Type the whole address again: part of it is hidden here."))
        return address

    def hide_secrets(self) -> None:
        """Before a form with errors is drawn again as a whole page: what was typed comes back, but no secret in it."""
        shown = {name: self.data.get(name, "") for name in self.fields if name != "password"}
        for field in ("main_url", "sub_url"):
            url, username, _password = split_credentials(shown[field])
            shown[field] = redact_url(url)
            shown["username"] = shown["username"] or username
        self.data = shown

    def draft(self) -> CameraDraft:
        """Only after `is_valid`."""
        data = self.cleaned_data
        main, sub = data["main_url"], data["sub_url"]
        found = credentials_of(main, sub, data["username"], data["password"] or None)
        return CameraDraft(
            name=data["name"], main=main, sub=sub, site=SiteDraft(hamlet=data["hamlet"]), username=found.username, password=found.password,
            retention_days=data["retention_days"],
        )  # fmt: skip


def initial_of(camera: Camera) -> dict[str, Any]:
    """What the form shows of a camera: nothing that is secret."""
    return {
        "name": camera.name,
        "hamlet": camera.site.hamlet.name if camera.site.hamlet else "",
        "main_url": camera.main_url_shown,
        "sub_url": camera.sub_url_shown,
        "username": camera.username,
        "retention_days": camera.retention_days,
    }
