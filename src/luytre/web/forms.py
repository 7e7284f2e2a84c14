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
from luytre.civic.registry.models import Camera, SiteKind
from luytre.civic.registry.position import format_position, parse_position
from luytre.civic.registry.seal import unseal_fresh
from luytre.civic.registry.sites import Position, SiteDraft

GIVEN_AGE_S = 3600


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
    site = forms.CharField(label=gettext_lazy("Mounting place"), max_length=120, required=False)
    hamlet = forms.CharField(label=gettext_lazy("Hamlet"), max_length=120, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of place"), required=False)
    road = forms.CharField(label=gettext_lazy("Road"), max_length=120, required=False)
    position = forms.CharField(label=gettext_lazy("Coordinates"), max_length=80, required=False)
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
    given = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
    """A password typed a page earlier (find on the network), sealed, so that it need not be typed twice."""
    onvif = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    """Where the device answered when it was found; kept where it is the picture's host (`devices.reaching.keep_address`)."""

    def __init__(self, *args: Any, camera: Camera | None = None, default_days: int = 30, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.camera = camera
        kinds = [(kind.value, _(kind.label)) for kind in SiteKind]
        self.fields["kind"] = forms.ChoiceField(label=_("Kind of place"), required=False, choices=[("", "—"), *kinds])
        hints = {"main_url": "rtsp://192.168.1.10:554/stream1", "sub_url": "rtsp://192.168.1.10:554/stream2",
                 "retention_days": str(default_days), "position": "21.0285, 105.8542"}  # fmt: skip
        for name, field in self.fields.items():
            attrs = {
                "class": "form-select" if name == "kind" else "form-control",
                "aria-describedby": f"help-{name} err-{name}",
                "autocomplete": "off",
            }
            if name in hints:
                attrs["placeholder"] = hints[name]
            if name in ("main_url", "sub_url", "username"):
                attrs |= {"spellcheck": "false", "autocapitalize": "none"}
            field.widget.attrs |= attrs
        self.fields["password"].widget.attrs["autocomplete"] = "new-password"
        for name, options in (("hamlet", "hamlets"), ("site", "sites"), ("road", "roads")):
            self.fields[name].widget.attrs["list"] = options

    def clean_main_url(self) -> Address:
        address = self._address("main_url")
        assert address is not None  # the field is required
        return address

    def clean_sub_url(self) -> Address | None:
        return self._address("sub_url")

    def clean_position(self) -> Position | None:
        try:
            return parse_position(self.cleaned_data["position"]) if self.cleaned_data["position"] else None
        except UsageError as error:
            cause = error.sentence()
            raise ValidationError(f"{cause[:1].upper()}{cause[1:]}. {error.advice()}") from error

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
        password = data["password"] or unseal_fresh(data["given"], GIVEN_AGE_S) or None
        found = credentials_of(main, sub, data["username"], password)
        site = SiteDraft(data["site"], data["hamlet"], data["kind"], data["road"], data["position"])
        return CameraDraft(
            name=data["name"], main=main, sub=sub, site=site, username=found.username, password=found.password,
            retention_days=data["retention_days"],
        )  # fmt: skip


def initial_of(camera: Camera) -> dict[str, Any]:
    """What the form shows of a camera: nothing that is secret."""
    return {
        "name": camera.name,
        "site": camera.site.name,
        "hamlet": camera.site.hamlet.name if camera.site.hamlet else "",
        "kind": camera.site.kind,
        "road": camera.site.road,
        "position": format_position(camera.site.position),
        "main_url": camera.main_url_shown,
        "sub_url": camera.sub_url_shown,
        "username": camera.username,
        "retention_days": camera.retention_days,
    }
