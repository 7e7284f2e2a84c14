"""Địa bàn → Nghiệm thu: one eye step by step on a telephone, all eyes and how they stand, the minutes.

A camera's picture comes through the web one at a time, and its look is written down first; it is kept with masks burned in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from PIL import Image

from luytre.base.errors import LuytreError
from luytre.base.i18n import N_
from luytre.civic.acceptance.acceptances import (
    ANEW_WORDS,
    NEEDED,
    STANDING_WORDS,
    Acceptance,
    Standing,
    Stands,
    Taken,
    accept,
    accept_as_found,
    acceptance_of,
    acceptances_of,
    begin,
    hung_of,
    leave,
    stands,
    take,
)
from luytre.civic.acceptance.facts import DeviceFacts, Facts, HungFacts, OwnerFacts, WalkFacts
from luytre.civic.acceptance.minutes import NO_AGREEMENT, agreed_words, as_pdf, checks_words, walk_words
from luytre.civic.acceptance.models import AcceptanceStep, Finding, StepCode
from luytre.civic.acceptance.pictures import Kept, keep_camera_picture, keep_photo, read_picture, size_of
from luytre.civic.access.assignments import roles_of
from luytre.civic.access.looks import Reason, record_look
from luytre.civic.access.models import LookKind
from luytre.civic.access.permissions import may_use
from luytre.civic.planning.figures import figures
from luytre.civic.ports import RecorderDown
from luytre.civic.registry.eye_scope import eyes_of
from luytre.civic.registry.eyes import draft_of, save_eye
from luytre.civic.registry.lending import is_open
from luytre.civic.registry.masks import drawn_of, masks_of
from luytre.civic.registry.models import Camera, Eye
from luytre.civic.registry.order import name_key
from luytre.civic.survey.photos import MOST_BYTES, PhotoRefused
from luytre.web.acceptance_drawn import level_names, minutes_of, over_picture
from luytre.web.acceptance_forms import FitForm, MarksForm, OwnerForm, RemarkForm, SignForm, WalkForm
from luytre.web.acceptance_look import look_at_device
from luytre.web.figure_fields import in_words
from luytre.web.ports import ports
from luytre.web.views.pages import person

NO_STORE = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
NOT_COMPARED = N_("not compared with the plan yet")
NOT_MEASURED = N_("not measured yet")
NO_PICTURE = N_("The camera shows nothing at the moment, or the recorder does not answer. Look at its health first.")
_OF_A_CAMERA = frozenset({StepCode.PICTURE, StepCode.WALK})


def folder() -> Path:
    """Where pictures of acceptances are kept."""
    return Path(settings.ENVIRONMENT.data) / "acceptance"


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step as the page shows it. `state`: a Finding, or empty where it was not taken."""

    code: str
    name: str
    state: str
    found: str
    step: AcceptanceStep | None
    remark: RemarkForm


@dataclass(frozen=True, slots=True)
class EyeRow:
    eye: Eye
    stands: Stands
    words: str
    why: str


# --- all eyes ---------------------------------------------------------------------------------------------------------------


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    rows, now = _rows(request), timezone.now()
    wanted = request.GET.get("standing", "")
    shown = [row for row in rows if not wanted or row.stands.standing == wanted]
    counts = {kind: sum(row.stands.standing is kind for row in rows) for kind in Standing}
    context = {
        "rows": shown,
        "wanted": wanted,
        "kinds": [(kind.value, _(STANDING_WORDS[kind]), counts[kind]) for kind in Standing],
        "any": rows,
        "never": [row for row in rows if row.stands.standing is Standing.NEVER],
        "may_take_all": may_use("acceptance_as_found", roles_of(person(request), now)),
        "remark": RemarkForm(),
    }
    return render(request, "acceptances.html", context)


def _rows(request: HttpRequest) -> list[EyeRow]:
    """The person's eyes that are connected: one that is only listed has nothing to accept."""
    eyes = [eye for eye in eyes_of(person(request), timezone.now()) if eye.camera is not None]
    known = acceptances_of([eye.key for eye in eyes])
    found = [(eye, stands(eye, known.get(eye.key, ()))) for eye in eyes]
    rows = [EyeRow(eye, one, _(STANDING_WORDS[one.standing]), _why(one)) for eye, one in found]
    return sorted(rows, key=lambda row: (row.stands.standing is Standing.ACCEPTED, name_key(row.eye.name), row.eye.key))


def _why(one: Stands) -> str:
    return ", ".join(_(ANEW_WORDS[why]) for why in one.anew)


@require_POST
def as_found(request: HttpRequest) -> HttpResponse:
    """Those that hung before, with one reason; what the recorder can, it compares their view with from now on."""
    user, now = person(request), timezone.now()
    ticked = set(request.POST.getlist("eye"))
    eyes = [row.eye for row in _rows(request) if row.eye.key in ticked and row.stands.standing is Standing.NEVER]
    note = request.POST.get("note", "")
    if not eyes or not note.strip():
        messages.error(request, _("Tick the eyes, and write why they are accepted without the steps."))
        return redirect("acceptances")
    hung, dark = {}, 0
    for eye in eyes:
        view = _accept_view(eye.camera, user, _("accepted as it hangs"))
        dark += not view
        hung[eye] = hung_of(eye, view)
    count = accept_as_found(user, hung, note, now)
    messages.success(request, ngettext("%(count)d eye accepted.", "%(count)d eyes accepted.", count) % {"count": count})
    if dark:
        words = ngettext(
            "Of %(count)d the view cannot be compared: it showed nothing. Accept it anew when it does.",
            "Of %(count)d the view cannot be compared: they showed nothing. Accept them anew when they do.",
            dark,
        )
        messages.warning(request, words % {"count": dark})
    return redirect("acceptances")


def _accept_view(camera: Camera | None, user: Any, why: str) -> str:
    """The recorder's mark of the view from now on; empty where it shows nothing or the recorder does not answer."""
    if camera is None:
        return ""
    record_look(user, LookKind.LIVE, [camera.key], reason=Reason(words=why))
    try:
        answer = ports().views.accept(camera.key, get_language() or "vi")
    except RecorderDown:
        return ""
    return answer.mark.id if answer.mark is not None else ""


# --- one eye ----------------------------------------------------------------------------------------------------------------


def _eye(request: HttpRequest, key: str) -> Eye:
    eye: Eye = get_object_or_404(eyes_of(person(request), timezone.now()), key=key)
    return eye


@require_GET
def page(request: HttpRequest, key: str) -> HttpResponse:
    return _page(request, _eye(request, key))


def _page(request: HttpRequest, eye: Eye, forms: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """`forms`: those that were sent and refused, by their step: nothing that was typed is lost."""
    user, now, forms = person(request), timezone.now(), forms or {}
    found = acceptances_of([eye.key]).get(eye.key, [])
    one = stands(eye, found)
    context: dict[str, Any] = {
        "eye": eye,
        "standing": one.standing.value,
        "standing_words": _(STANDING_WORDS[one.standing]),
        "why": [_(ANEW_WORDS[why]) for why in one.anew],
        "open": one.open,
        "earlier": [each for each in found if each is not one.open],
        "may_do": may_use("acceptance_step", roles_of(user, now)) and eye.camera is not None,
        "may_accept": may_use("acceptance_accept", roles_of(user, now)),
    }
    if one.open is not None:
        context |= _steps(request, eye, one.open, forms)
    return render(request, "acceptance.html", context, status=status)


def _steps(request: HttpRequest, eye: Eye, found: Acceptance, forms: dict[str, Any]) -> dict[str, Any]:
    levels = level_names()
    picture, walk = found.last(StepCode.PICTURE), found.last(StepCode.WALK)
    by_picture = [(code.value, found.last(code)) for code in (StepCode.PICTURE, StepCode.WALK)]
    fit = HungFacts.read(picture.facts) if picture is not None else hung_of(eye)
    walked = WalkFacts.read(walk.facts) if walk is not None else WalkFacts()
    device, owner = found.last(StepCode.DEVICE), found.last(StepCode.OWNER)
    first = next((code for code in NEEDED if code in found.missing), "")
    fit_form = forms.get("fit") or FitForm.of(request.GET if "bearing_deg" in request.GET else None, fit)
    shown = fit_form.hung(fit) if fit_form.is_bound and fit_form.is_valid() else fit
    return {
        "rows": [_row(found, code, forms) for code in NEEDED],
        "first": forms.get("at") or ("picture" if "bearing_deg" in request.GET else first),
        "device": DeviceFacts.read(device.facts) if device is not None else None,
        "checks": checks_words(DeviceFacts.read(device.facts)) if device is not None else [],
        "picture": picture if picture is not None and picture.picture else None,
        "sizes": {code: size_of(folder(), step.picture if step else "") for code, step in by_picture},
        "picture_svg": over_picture(eye, shown, shown, levels) if picture is not None and picture.picture else "",
        "fit": fit_form,
        "hung_known": None not in (shown.height_m, shown.bearing_deg, shown.tilt_deg),
        "walk": walk if walk is not None and walk.picture else None,
        "walk_svg": over_picture(eye, None, fit, levels, walked) if walk is not None and walk.picture else "",
        "walked": walk_words(walked, levels),
        "walk_form": forms.get("walk") or WalkForm(initial={"spot": walked.spot}),
        "marks": forms.get("marks") or MarksForm.of(None, walked),
        "sign": found.last(StepCode.SIGN),
        "sign_form": forms.get("sign") or SignForm(),
        "owner": forms.get("owner") or OwnerForm(initial=_owner(owner)),
        "agreed": agreed_words(found),
        "missing": [_(StepCode(code).label) for code in found.missing],
        "leave": forms.get("leave") or RemarkForm(prefix="leave"),
    }


def _owner(step: AcceptanceStep | None) -> dict[str, str]:
    facts = OwnerFacts.read(step.facts) if step is not None else OwnerFacts()
    return {"how": facts.how, "number": facts.number, "day": facts.day}


def _row(found: Acceptance, code: StepCode, forms: dict[str, Any]) -> StepRow:
    step = found.last(code)
    state = step.finding if step is not None else ""
    words = _(str(Finding(state).label)) if state else _("not done")
    return StepRow(code.value, _(code.label), state, words, step, forms.get(f"remark-{code}") or RemarkForm(prefix=code.value))


@require_POST
def start(request: HttpRequest, key: str) -> HttpResponse:
    eye = _eye(request, key)
    if eye.camera is None:
        messages.error(request, _("This eye is only listed: connect its camera first."))
    else:
        try:
            begin(person(request), eye, timezone.now())
        except ValidationError as error:
            messages.error(request, _(error.messages[0]))
    return redirect("acceptance", key=key)


def _open(eye: Eye) -> Acceptance:
    found = stands(eye, acceptances_of([eye.key]).get(eye.key, ())).open
    if found is None:
        raise Http404
    return found


@require_POST
def step(request: HttpRequest, key: str, code: str) -> HttpResponse:
    """One step is taken, or taken again."""
    eye = _eye(request, key)
    takes = {"device": _device, "picture": _picture, "fit": _fit, "walk": _walk, "marks": _marks, "sign": _sign, "owner": _owned}
    if eye.camera is None or code not in takes:
        raise Http404
    found = _open(eye)
    try:
        refused = takes[code](request, eye, found)
    except ValidationError as error:  # it ended meanwhile
        messages.error(request, _(error.messages[0]))
        refused = None
    return refused or redirect(f"{request.path.rsplit('/', 2)[0]}#{_AT.get(code, code)}")


_AT = {"fit": "picture", "marks": "walk"}


def _written(request: HttpRequest, eye: Eye, found: Acceptance, taken: Taken) -> None:
    take(person(request), found.key, eye, taken, timezone.now())


def _device(request: HttpRequest, eye: Eye, found: Acceptance) -> HttpResponse | None:
    """The device is asked; what is not in order is said by itself."""
    assert eye.camera is not None
    try:
        looked = look_at_device(eye.camera, ports(), get_language() or "vi", timezone.now())
    except LuytreError as error:
        messages.error(request, _(error.cause))
        return None
    wrong = [words for words, _found, code in checks_words(looked.facts) if code != "yes"]
    finding = Finding.GOOD if looked.facts.all_good else Finding.BAD
    note = "; ".join(([looked.trouble] if looked.trouble else []) + wrong)[:400]
    _written(request, eye, found, Taken(StepCode.DEVICE, finding, looked.facts, "" if finding == Finding.GOOD else note))
    return None


def _shot(request: HttpRequest, eye: Eye, why: str) -> Kept | None:
    """What the camera shows now, with its masks, kept; None where it shows nothing."""
    camera = eye.camera
    assert camera is not None
    if not is_open(camera, timezone.now()):
        return None
    record_look(person(request), LookKind.LIVE, [camera.key], reason=Reason(words=why))
    try:
        jpeg = ports().recorder.picture(camera.key)
        return keep_camera_picture(folder(), jpeg, drawn_of(masks_of(camera))) if jpeg else None
    except (RecorderDown, OSError):
        return None


def _picture(request: HttpRequest, eye: Eye, found: Acceptance) -> HttpResponse | None:
    kept = _shot(request, eye, _("one picture, for the acceptance"))
    if kept is None:
        messages.error(request, _(NO_PICTURE))
        return None
    before = found.last(StepCode.PICTURE)
    hung = HungFacts.read(before.facts) if before is not None else hung_of(eye)
    facts = replace(hung, width_px=float(kept.width_px), height_px=float(kept.height_px))
    _written(request, eye, found, Taken(StepCode.PICTURE, Finding.BAD, facts, _(NOT_COMPARED), kept.sha256))
    return None


def _fit(request: HttpRequest, eye: Eye, found: Acceptance) -> HttpResponse | None:
    """How the eye hangs, as it fits its picture; that it looks where the plan has it, or why not."""
    before = found.last(StepCode.PICTURE)
    if before is None or not before.picture:
        raise Http404
    facts = HungFacts.read(before.facts)
    form = FitForm(request.POST)
    if not form.is_valid():
        return _page(request, eye, {"fit": form, "at": "picture"}, 422)
    hung, finding = form.hung(facts), Finding(form.cleaned_data["finding"])
    if form.cleaned_data["keep"] and may_use("eye_edit", roles_of(person(request), timezone.now())):
        eye = _into_register(request, eye, hung)
    try:
        _written(request, eye, found, Taken(StepCode.PICTURE, finding, hung, form.cleaned_data["note"], before.picture))
    except ValidationError as error:
        form.tell(error)
        return _page(request, eye, {"fit": form, "at": "picture"}, 422)
    return None


def _into_register(request: HttpRequest, eye: Eye, hung: HungFacts) -> Eye:
    draft = replace(
        draft_of(eye), bearing_deg=hung.bearing_deg, tilt_deg=hung.tilt_deg, height_m=hung.height_m, hfov_deg=hung.hfov_deg
    )
    try:
        return save_eye(person(request), draft, timezone.now(), eye)
    except ValidationError as error:
        messages.warning(request, _(error.messages[0]))
        return eye


def _walk(request: HttpRequest, eye: Eye, found: Acceptance) -> HttpResponse | None:
    """A picture is taken while somebody stands at the spot."""
    form = WalkForm(request.POST)
    if not form.is_valid():
        return _page(request, eye, {"walk": form, "at": "walk"}, 422)
    kept = _shot(request, eye, _("one picture, for the walk test of the acceptance"))
    if kept is None:
        messages.error(request, _(NO_PICTURE))
        return None
    facts = WalkFacts(spot=form.cleaned_data["spot"])
    _written(request, eye, found, Taken(StepCode.WALK, Finding.BAD, facts, _(NOT_MEASURED), kept.sha256))
    return None


def _marks(request: HttpRequest, eye: Eye, found: Acceptance) -> HttpResponse | None:
    """Head and foot of whoever stands there: what level is reached."""
    before = found.last(StepCode.WALK)
    if before is None or not before.picture:
        raise Http404
    form = MarksForm(request.POST)
    if not form.is_valid():
        return _page(request, eye, {"marks": form, "at": "walk"}, 422)
    height_px = _height_px(before.picture)
    facts, is_enough = form.measured(WalkFacts.read(before.facts).spot, height_px, figures().levels)
    finding = Finding.GOOD if is_enough else Finding.BAD
    note = "" if is_enough else walk_words(facts, level_names())
    _written(request, eye, found, Taken(StepCode.WALK, finding, facts, note, before.picture))
    return None


def _height_px(sha256: str) -> int:
    data = read_picture(folder(), sha256)
    if not data:
        raise Http404
    with Image.open(BytesIO(data), formats=("JPEG",)) as found:
        return found.height


def _sign(request: HttpRequest, eye: Eye, found: Acceptance) -> HttpResponse | None:
    form = SignForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, eye, {"sign": form, "at": "sign"}, 422)
    try:
        kept = keep_photo(folder(), form.cleaned_data["photo"].read(MOST_BYTES + 1))
    except PhotoRefused as error:
        form.add_error("photo", in_words(error))
        return _page(request, eye, {"sign": form, "at": "sign"}, 422)
    _written(request, eye, found, Taken(StepCode.SIGN, Finding.GOOD, Facts(), "", kept.sha256))
    return None


def _owned(request: HttpRequest, eye: Eye, found: Acceptance) -> HttpResponse | None:
    form = OwnerForm(request.POST)
    if not form.is_valid():
        return _page(request, eye, {"owner": form, "at": "owner"}, 422)
    facts = form.facts()
    finding = Finding.BAD if facts.how == "none" else Finding.GOOD
    note = _(NO_AGREEMENT) if facts.how == "none" else ""
    _written(request, eye, found, Taken(StepCode.OWNER, finding, facts, note))
    return None


@require_POST
def remark(request: HttpRequest, key: str, code: str) -> HttpResponse:
    """What cannot be done, or is not good, goes on with a reason."""
    eye = _eye(request, key)
    if code not in {one.value for one in NEEDED}:
        raise Http404
    found, form = _open(eye), RemarkForm(request.POST, prefix=code)
    if not form.is_valid():
        return _page(request, eye, {f"remark-{code}": form, "at": code}, 422)
    last = found.last(StepCode(code))
    kinds: dict[str, type[Facts]] = {"device": DeviceFacts, "picture": HungFacts, "walk": WalkFacts, "owner": OwnerFacts}
    facts = kinds.get(code, Facts).read(last.facts) if last is not None else hung_of(eye) if code == "picture" else Facts()
    taken = Taken(StepCode(code), Finding.LACKING, facts, form.cleaned_data["note"], last.picture if last is not None else "")
    try:
        _written(request, eye, found, taken)
    except ValidationError as error:
        messages.error(request, _(error.messages[0]))
    return redirect("acceptance", key=key)


@require_POST
def finish(request: HttpRequest, key: str) -> HttpResponse:
    """Accepted: from now on its view is compared with what it shows now."""
    eye = _eye(request, key)
    found = _open(eye)
    if found.missing:
        messages.error(
            request, _("Still missing: %(steps)s.") % {"steps": ", ".join(_(StepCode(one).label) for one in found.missing)}
        )
        return redirect("acceptance", key=key)
    picture = found.last(StepCode.PICTURE)
    view = _accept_view(eye.camera, person(request), _("one picture, for the acceptance"))
    hung = HungFacts.read(picture.facts) if picture is not None else hung_of(eye)
    now_hung = hung_of(eye, view)
    kept = replace(hung, latitude=now_hung.latitude, longitude=now_hung.longitude, bearing_deg=now_hung.bearing_deg, view=view)
    try:
        accept(person(request), found.key, eye, kept, timezone.now())
    except ValidationError as error:
        messages.error(request, _(error.messages[0]))
        return redirect("acceptance", key=key)
    messages.success(request, _("“%(name)s” is accepted. The minutes can be printed and signed.") % {"name": eye.name})
    if not view:
        messages.warning(request, _("The recorder has no picture to compare its view with: accept it anew when it shows one."))
    return redirect("acceptance", key=key)


@require_POST
def break_off(request: HttpRequest, key: str) -> HttpResponse:
    eye = _eye(request, key)
    found, form = _open(eye), RemarkForm(request.POST, prefix="leave")
    if not form.is_valid():
        return _page(request, eye, {"leave": form, "at": "leave"}, 422)
    leave(person(request), found.key, eye, form.cleaned_data["note"], timezone.now())
    messages.info(request, _("Broken off. What was done stays to be read."))
    return redirect("acceptance", key=key)


# --- what belongs to it -----------------------------------------------------------------------------------------------------


def _mine(request: HttpRequest, key: str) -> tuple[Acceptance, Eye]:
    found = acceptance_of(key)
    if found is None:
        raise Http404
    return found, get_object_or_404(eyes_of(person(request), timezone.now(), out_of_use=True), key=found.first.eye)


@require_GET
def picture(request: HttpRequest, key: str, sha256: str) -> HttpResponse:
    """A picture of one of its steps. One of the camera's is a look, and written down."""
    found, _eye_of = _mine(request, key)
    of = next((one for one in found.steps if one.picture and one.picture == sha256), None)
    data = read_picture(folder(), sha256) if of is not None else b""
    if of is None or not data:
        raise Http404
    if of.code in _OF_A_CAMERA and of.camera:
        record_look(person(request), LookKind.LIVE, [of.camera], reason=Reason(words=_("picture of an acceptance")))
    return HttpResponse(data, content_type="image/jpeg", headers=NO_STORE)


@require_GET
def paper(request: HttpRequest, key: str) -> HttpResponse:
    """The minutes as PDF. They hold the camera's pictures: a look, and written down."""
    found, eye = _mine(request, key)
    shown = [one for one in (found.last(code) for code in _OF_A_CAMERA) if one is not None and one.picture and one.camera]
    if shown:
        record_look(person(request), LookKind.LIVE, [shown[0].camera], reason=Reason(words=_("minutes of an acceptance")))
    pdf = as_pdf(minutes_of(found, eye, lambda sha256: read_picture(folder(), sha256), timezone.now()))
    name = f"bien-ban-nghiem-thu-{found.key}.pdf"
    return HttpResponse(
        pdf, content_type="application/pdf", headers=NO_STORE | {"Content-Disposition": f'inline; filename="{name}"'}
    )
