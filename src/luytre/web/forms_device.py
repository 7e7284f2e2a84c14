"""Forms of a camera's own settings: its ONVIF address, password, pictures, restart; positions and patrols."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.base.errors import UsageError
from luytre.civic.devices.known import codec_words
from luytre.civic.devices.models import LONGEST_NAME, Preset
from luytre.civic.devices.passwords import LONGEST, SHORTEST, weak_words
from luytre.civic.devices.patrols import MOST_STOPS
from luytre.civic.devices.reaching import parse_address
from luytre.civic.devices.streams import CODECS
from luytre.civic.ports import DeviceFacts, DeviceStream, StreamWish
from luytre.civic.registry.refusals import said

_PRINTABLE = {chr(code) for code in range(33, 127)}


class DeviceForm(forms.Form):
    """Each field's widget carries its own help and error places; `prefix` keeps two forms of a page apart."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            full = self.add_prefix(name)
            field.widget.attrs |= {
                "class": "form-select" if isinstance(field, forms.ChoiceField) else "form-control", "autocomplete": "off",
                "aria-describedby": f"help-{full} err-{full}",
            }  # fmt: skip

    def tell(self, error: ValidationError) -> None:
        """What the room found wrong, translated, at its field."""
        for field, words in said(error).items():
            self.add_error(field if field in self.fields else None, words)


class AddressForm(DeviceForm):
    address = forms.CharField(label=gettext_lazy("Address of its ONVIF"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].widget.attrs |= {"spellcheck": "false", "autocapitalize": "none", "placeholder": "192.168.1.64:80"}

    def clean_address(self) -> str:
        try:
            return parse_address(self.cleaned_data["address"])
        except UsageError as error:
            cause = error.sentence()
            raise ValidationError(f"{cause[:1].upper()}{cause[1:]}. {error.advice()}") from error


class PasswordForm(DeviceForm):
    """The new password of the camera's user, twice. Judged as any other, and sent only where it is good."""

    new = forms.CharField(label=gettext_lazy("New password"), strip=False, max_length=LONGEST, widget=forms.PasswordInput)
    again = forms.CharField(
        label=gettext_lazy("New password, once more"), strip=False, max_length=LONGEST, widget=forms.PasswordInput
    )

    def __init__(self, *args: Any, maker: str = "", username: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.maker, self.username = maker, username
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "new-password"

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        if set(new) - _PRINTABLE:
            raise ValidationError(_("Only letters without accents, digits and signs, and no spaces: cameras take nothing else."))
        if len(new) < SHORTEST:
            raise ValidationError(_("The password is shorter than 8 characters."))
        if weak := weak_words(new, self.maker, self.username):
            raise ValidationError(_(weak))
        return new

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", _("The two are not the same."))
        return data


class RebootForm(DeviceForm):
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=200)


def short_id(token: str) -> str:
    """For the names of a page: a device's token may hold anything."""
    return f"s{sha256(token.encode()).hexdigest()[:8]}"


class StreamForm(DeviceForm):
    """One picture: what the device offers is offered, and what it has is chosen."""

    codec = forms.ChoiceField(label=gettext_lazy("Format"))
    size = forms.ChoiceField(label=gettext_lazy("Picture size"))
    fps = forms.IntegerField(label=gettext_lazy("Pictures a second"))
    gop = forms.IntegerField(label=gettext_lazy("A key frame every … pictures"))
    bitrate_kbps = forms.IntegerField(label=gettext_lazy("Data rate (kbit/s)"))

    def __init__(self, facts: DeviceFacts, stream: DeviceStream, *args: Any, **kwargs: Any) -> None:
        initial = {"codec": stream.codec, "size": f"{stream.width_px}x{stream.height_px}", "fps": stream.fps or None,
                   "gop": stream.gop or None, "bitrate_kbps": stream.bitrate_kbps or None}  # fmt: skip
        super().__init__(*args, initial=initial, prefix=short_id(stream.token), **kwargs)
        self.stream, self.id = stream, short_id(stream.token)
        offered = [one for one in facts.choices if one.token == stream.token and one.codec in CODECS]
        codecs = dict.fromkeys([stream.codec, *(one.codec for one in offered)])
        sizes = dict.fromkeys([(stream.width_px, stream.height_px), *(size for one in offered for size in one.sizes)])
        self._choose("codec", [(codec, codec_words(codec)) for codec in codecs if codec])
        self._choose("size", [(f"{width}x{height}", f"{width}×{height}") for width, height in sizes if width and height])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def wish(self) -> StreamWish:
        """Only after `is_valid`."""
        data = self.cleaned_data
        width, _x, height = data["size"].partition("x")
        return StreamWish(
            self.stream.token, data["codec"], int(width), int(height), data["fps"], data["gop"], data["bitrate_kbps"]
        )


class PresetForm(DeviceForm):
    name = forms.CharField(label=gettext_lazy("Name of the position"), max_length=LONGEST_NAME)


class PatrolForm(DeviceForm):
    """Up to `MOST_STOPS` rows of position and seconds; rows without a position are none."""

    name = forms.CharField(label=gettext_lazy("Name of the patrol"), max_length=LONGEST_NAME)

    def __init__(self, presets: list[Preset], *args: Any, rows: int = 6, **kwargs: Any) -> None:
        super().__init__(*args, prefix="patrol", **kwargs)
        self.presets, self.rows = presets, min(rows, MOST_STOPS)

    def stops(self) -> list[tuple[str, int]]:
        """As they were typed; seconds that are no number are 0, which no patrol takes."""
        found = []
        for number in range(self.rows):
            key, seconds = self.data.get(f"stop-{number}", ""), self.data.get(f"seconds-{number}", "")
            if key:
                found.append((key, int(seconds) if seconds.isascii() and seconds.isdigit() and len(seconds) < 6 else 0))
        return found

    def typed(self) -> list[tuple[int, str, str]]:
        """For the page: number, position, seconds."""
        typed = self.data if self.is_bound else {}
        return [(number, typed.get(f"stop-{number}", ""), typed.get(f"seconds-{number}", "20")) for number in range(self.rows)]
