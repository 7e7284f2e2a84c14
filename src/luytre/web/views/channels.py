"""A device with several pictures (a recorder of another maker, two lenses): its channels, ticked and added as cameras at once.

What the device said travels inside the page, sealed, since the login is in it: nothing of it is kept before somebody adds it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from luytre.civic.devices.passwords import weak_words
from luytre.civic.devices.reaching import keep_address
from luytre.civic.ports import DeviceAnswer, DeviceChannel
from luytre.civic.registry.cameras import save_camera
from luytre.civic.registry.keeping import keeping_now
from luytre.civic.registry.models import Camera, Hamlet
from luytre.civic.registry.order import hamlets_in_order
from luytre.civic.registry.seal import seal, unseal_fresh
from luytre.web.forms import CameraForm
from luytre.web.ports import ports
from luytre.web.views.pages import person

AGE_S = 1800


@dataclass(frozen=True, slots=True)
class Told:
    """What the device said, and the login that it said it to."""

    username: str
    password: str = field(repr=False)
    onvif: str
    known: str
    maker: str
    channels: tuple[DeviceChannel, ...]

    def sealed(self) -> str:
        channels = [[one.main_url, one.sub_url] for one in self.channels]
        return seal(json.dumps([self.username, self.password, self.onvif, self.known, self.maker, channels]))

    @classmethod
    def opened(cls, sealed: str) -> Told | None:
        text = unseal_fresh(sealed, AGE_S)
        if text is None:
            return None
        username, password, onvif, known, maker, channels = json.loads(text)
        return cls(username, password, onvif, known, maker, tuple(DeviceChannel(*one) for one in channels))


@dataclass(slots=True)
class Row:
    """A channel as the page has it. `number`: from 1. `camera`: it is one already."""

    number: int
    url: str
    name: str
    hamlet: str = ""
    ticked: bool = True
    camera: Camera | None = None
    errors: list[str] = field(default_factory=list)


def offer(request: HttpRequest, answer: DeviceAnswer, username: str, password: str, onvif: str, name: str) -> HttpResponse:
    """The page, right after the device was read."""
    known = name or " ".join(part for part in (answer.maker, answer.model) if part) or _("Camera")
    told = Told(username, password, onvif, known, answer.maker, answer.channels)
    if not answer.is_whole:
        messages.warning(request, _("Not all channels answered in time. Add these, then read the device once more."))
    return _page(request, told, _rows(told))


def _rows(told: Told) -> list[Row]:
    there = {one.main_url_shown: one for one in Camera.objects.filter(archived=False)}
    rows = []
    for number, one in enumerate(told.channels, 1):
        camera = there.get(one.main_url)
        name = _("%(recorder)s, channel %(number)s") % {"recorder": told.known, "number": number}
        rows.append(Row(number, one.main_url, name[:120], ticked=camera is None, camera=camera))
    return rows


def _page(request: HttpRequest, told: Told, rows: Sequence[Row], status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "told": told,
        "rows": rows,
        "sealed": told.sealed(),
        "weak": weak_words(told.password, told.maker, told.username),
        "hamlets": hamlets_in_order(Hamlet.objects.all()),
        "wrong": any(row.errors for row in rows),
    }
    return render(request, "camera_channels.html", context, status=status)


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """All that are ticked, or none where one is wrong."""
    told = Told.opened(request.POST.get("sealed", ""))
    if told is None:
        messages.error(request, _("Too much time has passed since the device was read. Read it once more."))
        return redirect("camera_find")
    rows, forms = _rows(told), []
    for row, channel in zip(rows, told.channels, strict=True):
        row.name, row.hamlet = (request.POST.get(f"{name}-{row.number}", "")[:200] for name in ("name", "hamlet"))
        row.ticked = row.camera is None and f"channel-{row.number}" in request.POST
        if row.ticked:
            form = _form(told, channel, row)
            row.errors = [str(words) for several in form.errors.values() for words in several]
            forms.append(form)
    if not forms or any(row.errors for row in rows):
        if not forms:
            messages.error(request, _("Tick the channels that are to be added."))
        return _page(request, told, rows, 422)
    with transaction.atomic():
        for form in forms:
            keep_address(save_camera(form.draft(), by=person(request)), told.onvif)
    ports().recorder.refresh()
    words = ngettext("%(count)d camera was added.", "%(count)d cameras were added.", len(forms)) % {"count": len(forms)}
    messages.success(request, words)
    return redirect("cameras")


def _form(told: Told, channel: DeviceChannel, row: Row) -> CameraForm:
    """The same form as for one camera, so that the same is refused."""
    typed = {"name": row.name, "hamlet": row.hamlet, "main_url": channel.main_url, "sub_url": channel.sub_url,
             "username": told.username, "password": told.password}  # fmt: skip
    return CameraForm(typed, default_days=keeping_now(timezone.now()).default_days())
