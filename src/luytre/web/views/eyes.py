"""Địa bàn → Sổ mắt camera: which eyes there are, what is known of each, who changed what; adding, changing, connecting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.base.letters import folded_words
from luytre.civic.access.assignments import roles_of
from luytre.civic.access.permissions import may_use
from luytre.civic.planning.plans import goal
from luytre.civic.planning.today import COUNTED
from luytre.civic.registry.eye_scope import eyes_of, sees_owners
from luytre.civic.registry.eyes import Stale, connect_eye, draft_of, remove_eye, restore_eye, save_eye
from luytre.civic.registry.history import steps_of
from luytre.civic.registry.models import Camera, Eye, Site
from luytre.civic.registry.order import hamlets_in_order, name_key
from luytre.civic.registry.position import format_position
from luytre.civic.registry.refusals import said
from luytre.civic.registry.register import Condition, OwnerKind, Thing, Tier
from luytre.civic.registry.scope import cameras_of
from luytre.civic.survey.photos import photos_of
from luytre.civic.survey.scope import reach_of
from luytre.web.forms_eyes import SECTIONS, EyeForm
from luytre.web.register_words import choices, field_words, told, value_words
from luytre.web.views.cameras import UNDO
from luytre.web.views.pages import person

ON_A_PAGE = 100
OWNERS = frozenset({"owner_name", "owner_phone", "note"})
"""Shown to whoever sees owners (`registry.eye_scope`)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the list, as they stand in the address."""

    query: str = ""
    hamlet: str = ""
    owner: str = ""
    tier: str = ""
    condition: str = ""
    connected: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Wanted:
        return cls(*(request.GET.get(name, "").strip() for name in ("q", "hamlet", "owner", "tier", "condition", "connected")))

    @property
    def is_narrow(self) -> bool:
        return self != Wanted()

    def takes(self, eye: Eye, *, owners: bool) -> bool:
        """Every typed word begins a word of name, place, hamlet, road, address (or owner), with or without accents."""
        site = eye.site
        if self.hamlet and self.hamlet != (str(site.hamlet_id) if site.hamlet_id else "none"):
            return False
        if (self.owner or eye.owner_kind, self.tier or eye.tier, self.condition or eye.condition) != (
            eye.owner_kind, eye.tier, eye.condition,
        ):  # fmt: skip
            return False
        if self.connected and (self.connected == "yes") != (eye.camera_id is not None):
            return False
        if not self.query:
            return True
        words = f"{eye.name} {site.name} {site.hamlet or ''} {site.road} {eye.address} {eye.owner_name if owners else ''}"
        said_words = folded_words(words)
        return all(any(other.startswith(word) for other in said_words) for word in folded_words(self.query))


def wanted_eyes(request: HttpRequest) -> tuple[list[Eye], Wanted, int]:
    """The person's eyes that the filters leave, in order; the filters; how many there are without them."""
    user, now = person(request), timezone.now()
    wanted, owners = Wanted.of(request), sees_owners(user, now)
    there = list(eyes_of(user, now))
    found = [eye for eye in there if wanted.takes(eye, owners=owners)]
    return sorted(found, key=lambda eye: (name_key(eye.name), eye.key)), wanted, len(there)


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    found, wanted, there = wanted_eyes(request)
    user, now = person(request), timezone.now()
    query = request.GET.copy()
    query.pop("page", None)
    roles = roles_of(user, now)
    context = {
        "shown": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
        "count": len(found),
        "connected": sum(eye.camera_id is not None for eye in found),
        "any": there,
        "goal": goal() if may_use("plans", roles) else None,
        "counted": Eye.objects.filter(tier__in=COUNTED, archived=False).count(),
        "wanted": wanted,
        "hamlets": hamlets_in_order({eye.site.hamlet for eye in eyes_of(user, now) if eye.site.hamlet}),
        "filters": [
            ("owner", _("Whose it is"), _("All owners"), wanted.owner, choices(OwnerKind)),
            ("tier", _("What the owner agreed to"), _("All agreements"), wanted.tier, choices(Tier)),
            ("condition", _("Condition"), _("All conditions"), wanted.condition, choices(Condition)),
            (
                "connected",
                _("Connection"),
                _("Connected or not"),
                wanted.connected,
                [("yes", _("Connected")), ("no", _("Only listed"))],
            ),
        ],
        "query": query.urlencode(),
        "may_add": may_use("eye_add", roles),
        "may_see_changes": may_use("eye_changes", roles),
        "may_export": may_use("eye_export", roles),
        "may_import": may_use("eye_import", roles),
    }
    return render(request, "eyes.html", context)


@require_GET
def one(request: HttpRequest, key: str) -> HttpResponse:
    """What is known of an eye; who may not see owners finds their fields missing, not empty."""
    user, now = person(request), timezone.now()
    eye = get_object_or_404(eyes_of(user, now, out_of_use=True), key=key)
    owners, roles = sees_owners(user, now), roles_of(user, now)
    may_edit = may_use("eye_edit", roles)
    watch = eye.camera is not None and cameras_of(user).filter(pk=eye.camera.pk).exists()
    context = {
        "eye": eye,
        "position": format_position(eye.position),
        "sections": _facts(eye, owners=owners),
        "owners": owners,
        "steps": [told(step) for step in steps_of(Thing.EYE, eye.key)],
        "photos": photos_of(Thing.EYE, eye.key) if owners or reach_of(user, now).covers(eye.site.hamlet_id) else [],
        "may_edit": may_edit and not eye.archived,
        "may_remove": may_use("eye_remove", roles),
        "may_watch": watch,
        "may_agree": may_use("owner", roles) and not eye.archived and eye.owner_kind != OwnerKind.COMMUNE,
        "may_change_camera": may_use("camera_edit", roles),
        "connectable": _connectable(eye) if may_use("eye_connect", roles) and not eye.archived and eye.camera is None else [],
    }
    return render(request, "eye.html", context)


def _facts(eye: Eye, *, owners: bool) -> list[tuple[str, list[tuple[str, str]]]]:
    """What is known, by section; what nobody told is left out."""
    draft = draft_of(eye)
    found = []
    for title, names in SECTIONS:
        shown = [name for name in names if owners or name not in OWNERS]
        values = [(name, "" if name == "position" else getattr(draft, name)) for name in shown if name != "name"]
        facts = [(field_words(name), value_words(Thing.EYE, name, _plain(value))) for name, value in values if _is_told(value)]
        if facts:
            found.append((str(title), facts))
    return found


def _is_told(value: object) -> bool:
    return value not in (None, "", "unknown")


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _connectable(eye: Eye) -> list[Camera]:
    """Cameras in use whose eye nobody has filled in yet: those of its site and hamlet first."""
    cameras = Camera.objects.filter(archived=False, eye__bearing_deg=None, eye__hfov_deg=None).select_related("site__hamlet")
    return sorted(
        cameras, key=lambda one: (one.site_id != eye.site_id, one.site.hamlet_id != eye.site.hamlet_id, name_key(one.name))
    )


@sensitive_post_parameters("owner_name", "owner_phone", "note")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    initial = {name: request.GET[name] for name in ("hamlet", "position", "bearing_deg") if name in request.GET}
    form = EyeForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            eye = save_eye(person(request), form.draft(), timezone.now())
        except ValidationError as error:
            form.tell(error)
        else:
            messages.success(request, _("“%(name)s” is in the register.") % {"name": eye.name})
            return redirect("eye", key=eye.key)
    return _form_page(request, form, None)


@sensitive_post_parameters("owner_name", "owner_phone", "note")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    eye = get_object_or_404(eyes_of(person(request), timezone.now()), key=key)
    form = EyeForm(request.POST if request.method == "POST" else None, eye=eye)
    if request.method == "POST" and form.is_valid():
        try:
            save_eye(person(request), form.draft(), timezone.now(), eye, form.cleaned_data["revision"])
        except Stale:
            form.begin_again(Eye.objects.select_related("site__hamlet", "camera").get(pk=eye.pk))
            return _form_page(request, form, eye, stale=True)
        except ValidationError as error:
            form.tell(error)
        else:
            messages.success(request, _("“%(name)s” was changed.") % {"name": eye.name})
            return redirect("eye", key=eye.key)
    return _form_page(request, form, eye)


def _form_page(request: HttpRequest, form: EyeForm, eye: Eye | None, *, stale: bool = False) -> HttpResponse:
    sites = list(Site.objects.values_list("name", "road"))
    context = {
        "form": form,
        "eye": eye,
        "stale": stale,
        "sites": sorted({name for name, _road in sites}, key=name_key),
        "roads": sorted({road for _name, road in sites if road}, key=name_key),
    }
    return render(request, "eye_form.html", context, status=422 if request.method == "POST" else 200)


@require_POST
def remove(request: HttpRequest, key: str) -> HttpResponse:
    """Out of the register; the message takes it back."""
    eye = get_object_or_404(eyes_of(person(request), timezone.now()), key=key)
    try:
        remove_eye(person(request), eye, timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(said(error).values()))
        return redirect("eye", key=eye.key)
    back = f"{UNDO}{reverse('eye_restore', args=[eye.key])}"
    messages.warning(
        request, _("“%(name)s” is no longer in the register. Its history stays.") % {"name": eye.name}, extra_tags=back
    )
    return redirect("eyes")


@require_POST
def restore(request: HttpRequest, key: str) -> HttpResponse:
    eye = get_object_or_404(eyes_of(person(request), timezone.now(), out_of_use=True), key=key)
    restore_eye(person(request), eye, timezone.now())
    messages.success(request, _("“%(name)s” is in the register again.") % {"name": eye.name})
    return redirect("eye", key=eye.key)


@require_POST
def connect(request: HttpRequest, key: str) -> HttpResponse:
    """A listed eye is one with a connected camera from now on."""
    eye = get_object_or_404(eyes_of(person(request), timezone.now()), key=key)
    camera = get_object_or_404(Camera, key=request.POST.get("camera", ""), archived=False)
    try:
        connect_eye(person(request), eye, camera, timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(said(error).values()))
    else:
        messages.success(request, _("“%(name)s” is this camera's eye now.") % {"name": camera.name})
    return redirect("eye", key=eye.key)
