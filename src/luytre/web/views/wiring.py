"""Sức khoẻ → Nguồn và đường truyền: what cameras hang on, and the firms that mend. By it a cut becomes one ticket."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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

from luytre.civic.access.assignments import roles_of
from luytre.civic.access.permissions import may_use
from luytre.civic.registry.eyes import Stale
from luytre.civic.registry.history import steps_of
from luytre.civic.registry.models import Camera, Feed, Firm, Hamlet
from luytre.civic.registry.order import hamlets_in_order, in_order, name_key
from luytre.civic.registry.refusals import said
from luytre.civic.registry.register import Thing
from luytre.civic.registry.wires import FeedKind
from luytre.civic.registry.wiring import (
    LIMITS,
    FeedDraft,
    FirmDraft,
    chain_up,
    feed_draft,
    hanging,
    remove_feed,
    remove_firm,
    save_feed,
    save_firm,
)
from luytre.web.camera_groups import camera_groups
from luytre.web.register_words import FIELDS, choices, told
from luytre.web.views.health_tabs import tabs
from luytre.web.views.pages import person

DEEPEST = 4
"""Steps that the list is moved to the right; what hangs deeper stands below the last."""


class _Form(forms.Form):
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name != "cameras" and not isinstance(field.widget, forms.HiddenInput):
                looks = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
                described = f"err-{name}" + (f" help-{name}" if field.help_text else "")
                field.widget.attrs |= {"class": looks, "autocomplete": "off", "aria-describedby": described}

    def tell(self, error: ValidationError) -> None:
        """What the register found wrong, at its field."""
        for name, words in said(error).items():
            self.add_error(name if name in self.fields else None, words)

    def begin_again(self, present: int) -> None:
        """Somebody else saved meanwhile: what was typed stays, on what it is now."""
        typed = {name: self.data.get(name, "") for name in self.fields if name != "cameras"}
        self.data = typed | {"cameras": self["cameras"].value() if "cameras" in self.fields else [], "revision": str(present)}


class FeedForm(_Form):
    kind = forms.ChoiceField(label=FIELDS["kind"])
    name = forms.CharField(label=FIELDS["name"], max_length=LIMITS["name"])
    hamlet = forms.ChoiceField(label=FIELDS["hamlet"], required=False)
    parent = forms.ChoiceField(
        label=FIELDS["hangs_on"], required=False, help_text=gettext_lazy("Such as the line that feeds this switch.")
    )
    firm = forms.ChoiceField(
        label=FIELDS["firm"], required=False, help_text=gettext_lazy("Gets the ticket when all that hangs here goes down.")
    )
    note = forms.CharField(
        label=FIELDS["note"], max_length=LIMITS["note"], required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    cameras = forms.MultipleChoiceField(required=False)

    def __init__(self, cameras: Sequence[Camera], feed: Feed | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [one for one in Feed.objects.filter(archived=False) if one != feed]
        feeds = sorted(others, key=lambda one: name_key(one.name))
        firms = sorted(Firm.objects.filter(archived=False), key=lambda one: name_key(one.name))
        offered = {
            "kind": choices(FeedKind),
            "hamlet": [("", "—"), *((one.name, one.name) for one in hamlets_in_order(Hamlet.objects.all()))],
            "parent": [("", "—"), *((one.key, f"{one.name} ({_(str(FeedKind(one.kind).label))})") for one in feeds)],
            "firm": [("", "—"), *((one.key, one.name) for one in firms)],
            "cameras": [(one.key, one.name) for one in cameras],
        }
        for name, several in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField | forms.MultipleChoiceField)
            field.choices = several
        self.fields["cameras"].error_messages["invalid_choice"] = _(
            "One of these cameras is no longer in use. Look at the list again."
        )

    def draft(self) -> FeedDraft:
        """Only after `is_valid`."""
        data = self.cleaned_data
        return FeedDraft(
            data["kind"], data["name"], data["hamlet"], data["parent"], data["firm"], data["note"], frozenset(data["cameras"])
        )


class FirmForm(_Form):
    name = forms.CharField(label=FIELDS["name"], max_length=LIMITS["name"])
    phone = forms.CharField(label=FIELDS["phone"], max_length=LIMITS["phone"], required=False)
    note = forms.CharField(
        label=FIELDS["note"], max_length=LIMITS["note"], required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def draft(self) -> FirmDraft:
        """Only after `is_valid`."""
        return FirmDraft(*(self.cleaned_data[name] for name in ("name", "phone", "note")))


@dataclass(frozen=True, slots=True)
class Line:
    """A feed as the list has it. `depth`: 0 for what hangs on nothing. `own`: cameras on it; `count`: with all below."""

    feed: Feed
    kind: str
    depth: int
    own: tuple[str, ...]
    count: int


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    roles = roles_of(person(request), timezone.now())
    feeds = list(Feed.objects.filter(archived=False).select_related("hamlet", "parent", "firm").prefetch_related("cameras"))
    hung = {key for cameras in hanging().values() for key in cameras}
    loose = in_order(one for one in Camera.objects.filter(archived=False).select_related("site__hamlet") if one.key not in hung)
    context = {
        "lines": _lines(feeds),
        "firms": sorted(Firm.objects.filter(archived=False), key=lambda one: name_key(one.name)),
        "loose": loose,
        "may_keep": may_use("feed_add", roles),
        "health_tabs": tabs(request, "wiring"),
    }
    return render(request, "wiring.html", context)


def _lines(feeds: Sequence[Feed]) -> list[Line]:
    """Each below what it hangs on, by name."""
    by_key = {feed.key: feed for feed in feeds}
    parents = {feed.key: feed.parent.key if feed.parent else None for feed in feeds}
    everything = hanging()

    def place(feed: Feed) -> list[Any]:
        return [name_key(by_key[key].name) for key in reversed(chain_up(feed.key, parents))]

    return [
        Line(
            feed, _(str(FeedKind(feed.kind).label)), min(DEEPEST, len(chain_up(feed.key, parents)) - 1),
            tuple(one.name for one in in_order(one for one in feed.cameras.all() if not one.archived)), len(everything[feed.key]),
        )
        for feed in sorted(feeds, key=place)
    ]  # fmt: skip


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    return _feed_form(request, None)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    found = Feed.objects.select_related("hamlet", "parent", "firm").filter(archived=False)
    return _feed_form(request, get_object_or_404(found, key=key))


def _feed_form(request: HttpRequest, feed: Feed | None) -> HttpResponse:
    cameras = in_order(Camera.objects.filter(archived=False).select_related("site__hamlet"))
    form = FeedForm(cameras, feed, request.POST if request.method == "POST" else None, initial=_begun(feed))
    saved, stale = _saved(
        form, lambda: save_feed(person(request), form.draft(), timezone.now(), feed, form.cleaned_data["revision"])
    )
    if saved:
        messages.success(request, _("“%(name)s” was saved.") % {"name": form.cleaned_data["name"]})
        return redirect("wiring")
    steps = [told(step) for step in steps_of(Thing.FEED, feed.key)] if feed else []
    context = {"form": form, "feed": feed, "stale": stale, "steps": steps, "groups": camera_groups(cameras)}
    return render(request, "feed_form.html", context, status=422 if form.is_bound else 200)


def _begun(feed: Feed | None) -> dict[str, Any] | None:
    if feed is None:
        return None
    draft = feed_draft(feed)
    names = ("kind", "name", "hamlet", "parent", "firm", "note")
    return {name: getattr(draft, name) for name in names} | {"cameras": sorted(draft.cameras), "revision": feed.revision}


def _saved(form: _Form, save: Callable[[], object]) -> tuple[bool, bool]:
    """Whether it was saved, and whether somebody else was faster; what is wrong stands at its field."""
    if not form.is_bound or not form.is_valid():
        return False, False
    try:
        save()
    except Stale as error:
        form.begin_again(error.present)
        return False, True
    except ValidationError as error:
        form.tell(error)
        return False, False
    return True, False


@require_POST
def remove(request: HttpRequest, key: str) -> HttpResponse:
    feed = remove_feed(person(request), get_object_or_404(Feed, key=key), timezone.now())
    messages.success(request, _("“%(name)s” was removed. Its history stays.") % {"name": feed.name})
    return redirect("wiring")


@require_http_methods(["GET", "POST"])
def firm_add(request: HttpRequest) -> HttpResponse:
    return _firm_form(request, None)


@require_http_methods(["GET", "POST"])
def firm_edit(request: HttpRequest, key: str) -> HttpResponse:
    return _firm_form(request, get_object_or_404(Firm, key=key, archived=False))


def _firm_form(request: HttpRequest, firm: Firm | None) -> HttpResponse:
    begun = {"name": firm.name, "phone": firm.phone, "note": firm.note, "revision": firm.revision} if firm else None
    form = FirmForm(request.POST if request.method == "POST" else None, initial=begun)
    saved, stale = _saved(
        form, lambda: save_firm(person(request), form.draft(), timezone.now(), firm, form.cleaned_data["revision"])
    )
    if saved:
        messages.success(request, _("“%(name)s” was saved.") % {"name": form.cleaned_data["name"]})
        return redirect("wiring")
    steps = [told(step) for step in steps_of(Thing.FIRM, firm.key)] if firm else []
    context = {"form": form, "firm": firm, "stale": stale, "steps": steps}
    return render(request, "firm_form.html", context, status=422 if form.is_bound else 200)


@require_POST
def firm_remove(request: HttpRequest, key: str) -> HttpResponse:
    firm = remove_firm(person(request), get_object_or_404(Firm, key=key), timezone.now())
    messages.success(request, _("“%(name)s” was removed. Its history stays.") % {"name": firm.name})
    return redirect("wiring")
