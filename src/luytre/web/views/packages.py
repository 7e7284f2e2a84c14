"""Quy chế → Chứng cứ → Gói chứng cứ: ordering one, its custody, handing over, taking back, destroying; the offline page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from csp.decorators import csp_exempt
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.base.errors import NotAllowed
from luytre.civic.access.assignments import roles_of
from luytre.civic.access.looks import Reason, Span
from luytre.civic.access.models import LookKind, User
from luytre.civic.access.permissions import may_use
from luytre.civic.blurring.desk import blurs_of
from luytre.civic.blurring.models import Blur
from luytre.civic.evidence import packages, paper
from luytre.civic.evidence.making import sweep
from luytre.civic.evidence.models import ClipRequest, Package, PackageCode, PackageState, PackageStep, StampState, What
from luytre.civic.evidence.offline import policy_of, verifier_page
from luytre.civic.evidence.package.verifying import verify
from luytre.civic.evidence.packages import Handing, Wanted, Ways
from luytre.civic.evidence.requests import State, approvals, ask, persons_for, standing
from luytre.civic.evidence.shelf import inside, shelf_here
from luytre.civic.evidence.station import standing as station
from luytre.civic.registry.lending import within_terms
from luytre.civic.registry.models import Camera
from luytre.civic.registry.order import in_order
from luytre.civic.registry.scope import cameras_of
from luytre.civic.regulations.enforce import purpose_of
from luytre.civic.regulations.force import in_force_now
from luytre.web import reasons
from luytre.web.byte_ranges import part_of, read_part
from luytre.web.carrying_out import carry_out
from luytre.web.forms_evidence import BlurChoiceForm, DestroyPackageForm, HandingForm, PackageForm
from luytre.web.forms_spans import asked_span
from luytre.web.views.pages import person

ON_A_PAGE = 30
TICKET_AGE_S = 4 * 3600
KEY_ENDS_SOON = timedelta(days=90)
_SALT = "luytre.package"
_NAMED = ("camera", "purpose", "reference", "kind")


@dataclass(frozen=True, slots=True)
class Line:
    """A package as lists have it. `out`: copies handed over that did not come back. `long`: it stands so long that it is asked
    about."""

    package: Package
    camera: str
    state: str
    out: int
    long: bool


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    found = Package.objects.select_related("by")
    shown = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    several = list(shown.object_list)
    names = dict(Camera.objects.filter(key__in={one.camera for one in several}).values_list("key", "name"))
    steps: dict[str, list[PackageStep]] = {}
    for step in PackageStep.objects.filter(package__in=[one.key for one in several]):
        steps.setdefault(step.package, []).append(step)
    context = {
        "lines": [_line(one, names, steps.get(one.key, []), now) for one in several],
        "shown": shown,
        "may_order": may_use("package_new", roles_of(person(request), now)),
        "station": station(),
        "soon": now + KEY_ENDS_SOON,
    }
    return render(request, "packages.html", context)


def _line(package: Package, names: dict[str, str], steps: list[PackageStep], now: datetime) -> Line:
    state = PackageState(package.state)
    long = state is PackageState.READY and package.made is not None and now - package.made > packages.KEPT_LONG
    return Line(package, names.get(package.camera, package.camera), _(state.label), packages.out(steps), long)


# --- ordering ---------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """GET: the form, filled with what the address names (`camera`, `in`, `out` in UTC seconds, `purpose`, `reference`). What
    needs an approval becomes a request; what needs none is ordered at once."""
    user, now = person(request), timezone.now()
    mine = in_order(cameras_of(user, LookKind.EXPORT))
    form = PackageForm(mine, now, request.POST if request.method == "POST" else None, initial=asked_span(request, now, _NAMED))
    blurs = None
    if request.method == "POST" and form.is_valid():
        blurs = _blurs_for(request, form, now)
        try:
            if blurs is None or (blurs.is_bound and blurs.is_valid()):
                return redirect(_begin(user, form, blurs.chosen() if blurs else ("", 0), now))
        except ValidationError as error:
            form.tell(error)
        except NotAllowed as error:
            form.add_error(None, _(error.cause))
    context = {"form": form, "cameras": mine, "blurs": blurs, "persons": persons_for(What.VIEWING, approvals(now))}
    return render(request, "package_new.html", context, status=422 if form.errors else 200)


def _blurs_for(request: HttpRequest, form: PackageForm, now: datetime) -> BlurChoiceForm | None:
    """What is ordered at once, and of which there are blurs: the choice among them, asked for after the span is known."""
    camera, span = form.chosen()
    if persons_for(form.cleaned_data["kind"], approvals(now)):
        return None
    offered = blurs_of(camera.key, span)
    return BlurChoiceForm(offered, request.POST if "blur" in request.POST else None) if offered else None


def _begin(user: User, form: PackageForm, blur: tuple[str, int], now: datetime) -> str:
    """Where it leads. Errors: ValidationError by field, NotAllowed."""
    camera, span = form.chosen()
    packages.check_span(span, now)
    span = _in_terms(camera.key, span, now)
    reason, kind = form.reason(), form.cleaned_data["kind"]
    if persons_for(kind, approvals(now)):
        return reverse("clip_request", args=[ask(user, [camera.key], span, reason, now, kind).key])
    made = packages.order(user, Wanted(camera.key, span, reason, kind, *blur), None, now, _ways())
    return reverse("package", args=[made.key])


def _in_terms(camera: str, span: Span, now: datetime) -> Span:
    found = within_terms([camera], span, now)
    if found is None:
        raise ValidationError({"start": _("The owner of this camera has not lent this footage.")})
    return found


def _ways() -> Ways:
    return Ways(stamped=bool(settings.ENVIRONMENT.tsa_url))


@require_POST
def from_request(request: HttpRequest, key: str) -> HttpResponse:
    """The one who asked orders the package of one camera of an approved request."""
    user, now = person(request), timezone.now()
    asked = get_object_or_404(ClipRequest, key=key, by=user)
    camera = request.POST.get("camera", "")
    if camera not in asked.camera_keys or not cameras_of(user, LookKind.EXPORT).filter(key=camera).exists():
        raise Http404
    span = Span(asked.span_start, asked.span_end)
    kind = What.FULL if asked.what == What.FULL and request.POST.get("kind") != What.VIEWING else What.VIEWING
    form = BlurChoiceForm(blurs_of(camera, span), request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the blurs that are there."))
        return redirect("clip_request", key=key)
    blur, revision = form.chosen()
    reason = Reason(asked.purpose_key, asked.reference, asked.words)
    wanted = Wanted(camera, span, reason, kind, blur, revision)
    try:
        made = packages.order(user, wanted, asked, now, _ways())
    except NotAllowed as error:
        messages.error(request, _(error.cause))
        return redirect("clip_request", key=key)
    return redirect("package", key=made.key)


# --- one package ------------------------------------------------------------------------------------------------------
@require_GET
def page(request: HttpRequest, key: str) -> HttpResponse:
    return _page(request, _of(key))


def _of(key: str) -> Package:
    return get_object_or_404(Package.objects.select_related("by", "request__by"), key=key)


def _page(request: HttpRequest, package: Package, form: HandingForm | DestroyPackageForm | None = None) -> HttpResponse:
    user, now = person(request), timezone.now()
    roles, steps = roles_of(user, now), packages.steps_of(package)
    camera = packages.camera_of(package)
    purpose = purpose_of(in_force_now(package.ordered).rules, package.purpose_key)
    state = PackageState(package.state)
    ready = state is PackageState.READY
    watched = request.GET.get("watch", "")
    context = {
        "package": package, "camera": camera, "state": _(state.label),
        "kind": _(What(package.kind).label),
        "purpose": reasons.shown((purpose,))[0]["words"] if purpose else package.purpose_key,
        "blur": Blur.objects.filter(key=package.blur).first() if package.blur else None,
        "standing": standing(package.request, now) if package.request else None,
        "steps": [(step, _(PackageCode(step.code).label)) for step in reversed(steps)],
        "why": _(package.why) if package.why else "",
        "stamp": _(StampState(package.stamp).label) if package.stamp else "",
        "moving": state in (PackageState.WAITING, PackageState.MAKING),
        "ready": ready, "failed": state is PackageState.FAILED, "out": packages.out(steps),
        "may_act": may_use("package_hand", roles) and _mine(user, package),
        "may_destroy": may_use("package_destroy", roles) and state in (PackageState.READY, PackageState.FAILED),
        "watch": watched if ready and _holds(user, package, watched, PackageCode.VIEWED) else "",
        "films": inside(shelf_here().kept(package.key), "viewing") if ready and watched else (),
        "handing": form if isinstance(form, HandingForm) else HandingForm(),
        "destroying": form if isinstance(form, DestroyPackageForm) else DestroyPackageForm(),
    }  # fmt: skip
    return render(request, "package.html", context, status=422 if form is not None and form.errors else 200)


def _mine(user: User, package: Package) -> bool:
    """Within the person's scope now."""
    return cameras_of(user, LookKind.EXPORT).filter(key=package.camera).exists()


def _reachable(request: HttpRequest, key: str) -> Package:
    package = _of(key)
    if not _mine(person(request), package):
        raise Http404
    return package


@require_POST
def try_again(request: HttpRequest, key: str) -> HttpResponse:
    package = _reachable(request, key)
    return carry_out(
        request, None, lambda: packages.again(person(request), package, timezone.now()), _("The package waits for its turn."),
        lambda: redirect("package", key=key), lambda: redirect("package", key=key),
    )  # fmt: skip


@require_POST
def look(request: HttpRequest, key: str) -> HttpResponse:
    """`do=take` takes the file, anything else plays the copy for watching. The rows come before any byte can be asked for."""
    package, user = _reachable(request, key), person(request)
    code = PackageCode.TAKEN if request.POST.get("do") == "take" else PackageCode.VIEWED
    try:
        packages.look_at(user, package, code, timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(_(words) for words in error.messages))
        return redirect("package", key=key)
    ticket = signing.dumps([user.pk, package.key, str(code)], salt=_SALT)
    if code is PackageCode.TAKEN:
        return redirect(f"{reverse('package_file', args=[key])}?ticket={ticket}")
    return redirect(f"{reverse('package', args=[key])}?watch={ticket}")


def _holds(user: User, package: Package, ticket: str, code: PackageCode) -> bool:
    try:
        return bool(signing.loads(ticket, salt=_SALT, max_age=TICKET_AGE_S) == [user.pk, package.key, str(code)])
    except signing.BadSignature:
        return False


@require_GET
def whole(request: HttpRequest, key: str) -> HttpResponseBase:
    """The zip, or a copy for watching in it (`film`), or a part of either (RFC 9110 §14), by the ticket of a look."""
    package, user, ticket = _reachable(request, key), person(request), request.GET.get("ticket", "")
    path, film = shelf_here().kept(package.key), request.GET.get("film", "")
    code = PackageCode.VIEWED if film else PackageCode.TAKEN
    if package.state != PackageState.READY or not path.is_file() or not _holds(user, package, ticket, code):
        raise Http404
    stretch = next((one for one in inside(path, "viewing") if one.name == film), None)
    if film and stretch is None:
        raise Http404
    offset, size_bytes = (stretch.offset_bytes, stretch.size_bytes) if stretch else (0, path.stat().st_size)
    part = part_of(request.headers.get("Range", ""), size_bytes)
    first, last = part or (0, size_bytes - 1)
    headers = {"Cache-Control": "private, no-store", "Accept-Ranges": "bytes", "Content-Length": str(last - first + 1)}
    if part is not None:
        headers["Content-Range"] = f"bytes {first}-{last}/{size_bytes}"
    if not film:
        headers["Content-Disposition"] = f'attachment; filename="{package.file_name}"'
    return StreamingHttpResponse(
        read_part(path, offset + first, offset + last), status=206 if part else 200, headers=headers,
        content_type="video/mp4" if film else "application/zip",
    )  # fmt: skip


@require_POST
def verify_kept(request: HttpRequest, key: str) -> HttpResponse:
    """Reads the kept file from its first byte to its last, as `luytre evidence verify` does; what was found is a step."""
    package, user, now = _reachable(request, key), person(request), timezone.now()
    path = shelf_here().kept(package.key)
    if package.state != PackageState.READY or not path.is_file():
        messages.error(request, _(packages.NOT_HERE))
        return redirect("package", key=key)
    report = verify(path)
    if report.is_genuine:
        said = _("The package is whole and genuine.")
        messages.success(request, said)
    else:
        said = "; ".join(f"{one.file or package.file_name}: {one.words}" for one in report.faults)
        messages.error(request, _("The package is not whole: %(faults)s") % {"faults": said})
    packages.verified(user, package, said, now)
    return redirect("package", key=key)


@require_POST
def hand(request: HttpRequest, key: str) -> HttpResponse:
    """`do=back`: a copy came back; anything else: one is handed over."""
    package, form = _reachable(request, key), HandingForm(request.POST)
    back = request.POST.get("do") == "back"

    def do() -> None:
        data = form.cleaned_data
        handing = Handing(data["whom"], data["paper"], data["note"])
        (packages.take_back if back else packages.hand_over)(person(request), package, handing, timezone.now())

    return carry_out(
        request, form, do, _("Written down. Print the minutes below and let both sides sign."),
        lambda: redirect("package", key=key), lambda: _page(request, package, form),
    )  # fmt: skip


@require_POST
def destroy(request: HttpRequest, key: str) -> HttpResponse:
    package, form = _reachable(request, key), DestroyPackageForm(request.POST)

    def do() -> None:
        packages.destroy(person(request), package, form.cleaned_data["destroy_why"], timezone.now())
        sweep(shelf_here())

    return carry_out(
        request, form, do, _("The package is destroyed. What became of it stays in its steps."),
        lambda: redirect("package", key=key), lambda: _page(request, package, form),
    )  # fmt: skip


@require_GET
def minutes(request: HttpRequest, key: str, seq: int) -> HttpResponse:
    """The minutes of one handing over or taking back, as PDF."""
    package = _reachable(request, key)
    handed = PackageStep.objects.filter(code__in=[PackageCode.HANDED, PackageCode.RETURNED])
    step = get_object_or_404(handed, seq=seq, package=package.key)
    camera = packages.camera_of(package)
    made = paper.record_of(package, step, str(camera) if camera else package.camera)
    headers = {"Content-Disposition": f'inline; filename="bien-ban-{package.year}-{package.number}-{seq}.pdf"'}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


def waiting_packages(asked: ClipRequest, user: User, at: datetime) -> list[tuple[Camera, BlurChoiceForm]]:
    """Of an approved request of this person: each camera of which a package can be ordered, with the blurs that cover it."""
    if asked.by_id != user.pk or not asked.what or standing(asked, at).state is not State.APPROVED:
        return []
    span = Span(asked.span_start, asked.span_end)
    mine = cameras_of(user, LookKind.EXPORT).filter(key__in=asked.camera_keys)
    return [(one, BlurChoiceForm(blurs_of(one.key, span))) for one in mine]


@require_GET
@csp_exempt()
def offline_page(request: HttpRequest) -> HttpResponse:
    """The page that verifies packages, for anybody: used here, or saved and opened without a network. Its policy is its own,
    which is narrower than ours: its own script, and nothing that asks anybody for anything."""
    page = verifier_page()
    headers = {"Content-Security-Policy": policy_of(page), "Content-Disposition": 'inline; filename="kiem-tra.html"'}
    return HttpResponse(page, content_type="text/html; charset=utf-8", headers=headers)
