"""Quản trị → Nhóm camera: cameras that are given together to whoever has the group as their place."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.civic.registry.groups import LONGEST_NAME, GroupDraft, given_with, groups_in_order, remove_group, save_group
from luytre.civic.registry.models import Camera, CameraGroup
from luytre.civic.registry.order import in_order
from luytre.web.camera_groups import camera_groups
from luytre.web.ports import ports
from luytre.web.views.pages import person


class GroupForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name of the group"), max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", "aria-describedby": "err-name"}),
    )  # fmt: skip
    cameras = forms.MultipleChoiceField(error_messages={"required": gettext_lazy("Tick at least one camera.")})

    def __init__(self, cameras: list[Camera], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = self.fields["cameras"]
        assert isinstance(keys, forms.MultipleChoiceField)
        keys.choices = [(camera.key, camera.name) for camera in cameras]
        keys.error_messages["invalid_choice"] = _("One of these cameras is no longer in use. Look at the list again.")

    def tell(self, error: ValidationError) -> None:
        for field, said in error.message_dict.items():
            self.add_error(field, [_(words) for words in said])

    def draft(self) -> GroupDraft:
        return GroupDraft(self.cleaned_data["name"], frozenset(self.cleaned_data["cameras"]))


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    groups = [
        (group, in_order(group.cameras.filter(archived=False)), sorted({str(one.user) for one in given_with(group, now)}))
        for group in groups_in_order()
    ]
    return render(request, "groups.html", {"groups": groups})


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    return _form(request, None)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, group: str) -> HttpResponse:
    return _form(request, _present(group))


def _form(request: HttpRequest, group: CameraGroup | None) -> HttpResponse:
    cameras = in_order(Camera.objects.filter(archived=False).select_related("site__hamlet"))
    initial = {"name": group.name, "cameras": list(group.cameras.values_list("key", flat=True))} if group else None
    form = GroupForm(cameras, request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_group(person(request), form.draft(), timezone.now(), group)
        except ValidationError as error:
            form.tell(error)
        else:
            ports().recorder.refresh()  # whoever lost a camera loses its picture
            messages.success(request, _("The group “%(name)s” was saved. It holds from now on.") % {"name": saved.name})
            return redirect("camera_groups")
    context = {
        "form": form, "group": group, "groups": camera_groups(cameras),
        "people": sorted({str(one.user) for one in given_with(group, timezone.now())}) if group else [],
    }  # fmt: skip
    return render(request, "group_form.html", context, status=422 if form.is_bound else 200)


@require_POST
def remove(request: HttpRequest, group: str) -> HttpResponse:
    found = _present(group)
    present = remove_group(found, timezone.now())
    if present:
        names = ", ".join(sorted({str(one.user) for one in present}))
        messages.error(request, _("These people still have the group: %(names)s. End their roles first.") % {"names": names})
    else:
        messages.success(request, _("The group “%(name)s” was removed.") % {"name": found.name})
    return redirect("camera_groups")


def _present(key: str) -> CameraGroup:
    return get_object_or_404(CameraGroup, key=key, ended=None)
