"""Công khai: `/bao-tin`, where anybody tells something without an account, and `/theo-doi`, where the code tells what came of it.

No session, no cookie and no form token: there is nothing here that a foreign page could borrow (design/incidents.md, "Tips"). The
sender's address is asked for how often it sent (`civic.tips.pace`) and goes no further. A code is never part of an address.
"""

from __future__ import annotations

import functools
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from luytre.base.i18n import use_language
from luytre.civic.ground.whose import hamlet_holding
from luytre.civic.registry.models import Camera, Commune
from luytre.civic.registry.notice import camera_by_code
from luytre.civic.survey.photos import MOST_BYTES
from luytre.civic.tips import following
from luytre.civic.tips.code import SENDING, BadCode, grouped, tips_key
from luytre.civic.tips.effort import MOST_BITS_BY_SUM, Efforts, NotDone, bits_for
from luytre.civic.tips.kinds import LIFE, NUMBERS, Kind
from luytre.civic.tips.models import End, State, Tip
from luytre.civic.tips.pace import Pace
from luytre.civic.tips.taking import MOST_READ, Left, Sent, Taken, TipDraft, keep_pictures, take, taken_before
from luytre.civic.tips.video import is_video
from luytre.web.forms_tips import AddForm, TipForm, latest_input
from luytre.web.views import petition_code, rights_code
from luytre.web.views.tip_map import is_offered
from luytre.web.views.tip_poster import place_said

TIP, CODE = "tip", "code"
MOST_AN_HOUR = 20
"""Of one address; those that are about life always pass."""
MOST_WRONG_CODES = 20
CROWD_AN_HOUR = 3000
"""From everybody together. Beyond it each sending wants `CROWD_BITS` of work."""
CROWD_BITS = 14
PACE = Pace(time.monotonic)
View = Callable[..., HttpResponse]


@functools.lru_cache(maxsize=1)
def efforts() -> Efforts:
    return Efforts(tips_key(settings.LUYTRE_SECRETS_DIR), time.time)


def tip_folder() -> Path:
    """Where photos of tips are kept."""
    return Path(settings.ENVIRONMENT.data) / "tips"


def in_its_language(view: View) -> View:
    """Vietnamese, or English by `?lang=en`; nothing is kept of the choice. The page is nobody's cache's."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, **named: str) -> HttpResponse:
        language = "en" if request.GET.get("lang") == "en" else "vi"
        use_language(language)
        # elsewhere what is too large for memory is left out; here a photo as the telephone took it must come through
        request.upload_handlers = [MemoryFileUploadHandler(request), TemporaryFileUploadHandler(request)]
        with translation.override(language):
            response = view(request, **named)
        response.headers["Content-Language"] = language
        response.headers["Cache-Control"] = "no-store"
        return response

    return wrapped


def address_of(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def wanted_bits(address: str) -> int:
    crowd = CROWD_BITS if PACE.all_of(TIP) >= CROWD_AN_HOUR else 0
    return max(bits_for(PACE.so_far(TIP, address)), crowd)


# --- telling ----------------------------------------------------------------------------------------------------------
@csrf_exempt
@require_http_methods(["GET", "POST"])
@in_its_language
def tell(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _take(request)
    camera = camera_by_code(request.GET.get("camera", ""))
    hamlet, place = place_said(request)  # of a poster's code
    return _form(request, TipForm(initial={"hamlet": hamlet, "place": place}), Asked(secrets.token_hex(16), camera))


@require_GET
@in_its_language
def ready(request: HttpRequest) -> HttpResponse:
    """A fresh task, asked for right before sending: what was written without a network may be hours old."""
    task = efforts().set(wanted_bits(address_of(request)))
    return JsonResponse({"task": task.text, "bits": task.bits})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form carries along besides its fields. `trouble`: why it was not taken."""

    sending: str
    camera: Camera | None = None
    trouble: str = ""
    status: int = 200


def _form(request: HttpRequest, form: TipForm, asked: Asked) -> HttpResponse:
    if wants_json(request):
        errors = {name: [str(one) for one in found] for name, found in form.errors.items()}
        return JsonResponse({"trouble": asked.trouble, "errors": errors}, status=asked.status)
    task = efforts().set(wanted_bits(address_of(request)))
    context = public_context(request) | {
        "form": form, "asked": asked, "task": task, "life": sorted(LIFE), "latest": latest_input(timezone.now()),
        "map": is_offered(),
    }  # fmt: skip
    return render(request, "public/tell.html", context, status=asked.status)


def public_context(request: HttpRequest) -> dict[str, Any]:
    english = request.GET.get("lang") == "en"
    return {"english": english, "path": request.path, "commune": Commune.here().name, "numbers": NUMBERS}


def _take(request: HttpRequest) -> HttpResponse:
    form = TipForm(request.POST)
    camera = camera_by_code(request.POST.get("camera", ""))
    sending = request.POST.get("sending", "")
    if not SENDING.fullmatch(sending):
        sending = secrets.token_hex(16)
    if (before := taken_before(sending, tips_key(settings.LUYTRE_SECRETS_DIR))) is not None:
        return _sent(request, before)
    if not form.is_valid():
        return _form(request, form, Asked(sending, camera, _("It was not sent yet: see below."), 422))
    refused = held_off(request, spared=form.cleaned_data["kind"] in LIFE)
    if refused:
        return _form(request, form, Asked(sending, camera, refused, 429))
    try:
        taken = take(_draft(request, form, camera), sending, tips_key(settings.LUYTRE_SECRETS_DIR), tip_folder(), timezone.now())
    except ValidationError as error:
        form.tell(error)
        return _form(request, form, Asked(sending, camera, _("It was not sent yet: see below."), 422))
    return _sent(request, taken)


def held_off(request: HttpRequest, *, spared: bool = False, by_sum: bool = False) -> str:
    """Why it is not taken now: too many, or the work was not done. Empty: it is. `spared`: about life, never kept out.

    `by_sum`: of a page without a script, where nobody can do more than the sum; there the bound of the hour alone holds off.
    """
    address = address_of(request)
    bits = min(wanted_bits(address), MOST_BITS_BY_SUM) if by_sum else wanted_bits(address)
    before = PACE.add(TIP, address)
    PACE.add(TIP, "")
    if spared:
        return ""
    too_many = _("Very many came from this network within the hour. Telephone the commune police, or try again in an hour.")
    if before >= MOST_AN_HOUR:
        return too_many
    if bits:
        try:
            efforts().judge(request.POST.get("task", ""), request.POST.get("answer", "").strip(), bits)
        except NotDone:
            if bits > MOST_BITS_BY_SUM and not wants_json(request):
                return too_many  # without a script no answer would do
            return _("Answer the small question at the end first: it keeps away programs that send by the thousand.")
    return ""


def _draft(request: HttpRequest, form: TipForm, camera: Camera | None) -> TipDraft:
    data = form.cleaned_data
    return TipDraft(
        kind=data["kind"], words=data["words"], happening=data["when"] == "now", happened=data.get("happened"),
        position=data["position"], hamlet=form.hamlet_chosen() or hamlet_holding(data["position"]), place=data["place"],
        camera=camera, phone=data["phone"], english=request.GET.get("lang") == "en", pictures=photos_in(request),
    )  # fmt: skip


def photos_in(request: HttpRequest) -> list[Sent]:
    """Photos by their bytes, no further than what is refused as too large; a video too large for memory by its file."""
    found = [one for one in request.FILES.getlist("photos") if isinstance(one, UploadedFile)]
    return [_one_in(one) for one in found[:MOST_READ]] + [b""] * len(found[MOST_READ:])


def _one_in(one: UploadedFile[bytes]) -> Sent:
    head = one.read(16)
    one.seek(0)
    if is_video(head) and isinstance(one, TemporaryUploadedFile):
        return Path(one.temporary_file_path())
    data: bytes = one.read(MOST_BYTES + 1)
    return data


def _sent(request: HttpRequest, taken: Taken) -> HttpResponse:
    left = [_left(one) for one in taken.left]
    if wants_json(request):
        return JsonResponse({"code": grouped(taken.code), "left": left, "again": taken.again}, status=201)
    context = public_context(request) | {"code": grouped(taken.code), "left": left, "life": taken.tip.kind in LIFE}
    return render(request, "public/told.html", context, status=201)


def _left(one: Left) -> str:
    return _("Photo or video %(number)s was not taken: %(why)s. %(hint)s") % {
        "number": one.number, "why": _(one.why.cause), "hint": one.why.advice(),
    }  # fmt: skip


# --- following --------------------------------------------------------------------------------------------------------
@csrf_exempt
@require_http_methods(["GET", "POST"])
@in_its_language
def follow(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _ask_code(request)
    address = address_of(request)
    typed = request.POST.get("code", "")
    if PACE.so_far(CODE, address) >= MOST_WRONG_CODES:
        return _ask_code(request, typed, _("Too many wrong codes from this network. Try again in an hour."), 429)
    try:
        tip = following.find(typed, tips_key(settings.LUYTRE_SECRETS_DIR))
    except BadCode:
        words = _("This is no code: it has twelve letters and digits. Look at it again, letter by letter.")
        return _ask_code(request, typed, words, 422)
    if tip is None and (petition := petition_code.of(typed)) is not None:
        return petition_code.followed(request, petition, typed, public_context(request))
    if tip is None and (claim := rights_code.of(typed)) is not None:
        return rights_code.followed(request, claim, typed, public_context(request))
    if tip is None:
        PACE.add(CODE, address)
        return _ask_code(request, typed, _("Nothing that was sent has this code."), 404)
    return _do(request, tip, typed)


def _ask_code(request: HttpRequest, typed: str = "", trouble: str = "", status: int = 200) -> HttpResponse:
    context = public_context(request) | {"typed": typed[:40], "trouble": trouble}
    return render(request, "public/follow.html", context, status=status)


def _do(request: HttpRequest, tip: Tip, code: str) -> HttpResponse:
    """Reads it; before that, what the sender added or says of the answer."""
    now, action, form, notes = timezone.now(), request.POST.get("do", ""), AddForm(), list[str]()
    try:
        if action == "add":
            form = AddForm(request.POST)
            notes = _add(request, tip, form) or notes
        elif action in ("yes", "no"):
            following.rate(tip, action == "yes", now)
            notes.append(_("Thank you for saying so."))
    except ValidationError as error:
        form.is_valid()
        form.tell(error)
    tip = Tip.objects.select_related("hamlet").get(pk=tip.pk)
    context = public_context(request) | {
        "tip": tip, "code": code, "form": form, "notes": notes, "messages_": tip.messages.all(), "photos": tip.pictures.count(),
        "kind": _(str(Kind(tip.kind).label)), "state": _(str(State(tip.state).label)),
        "end": _(str(End(tip.end).label)) if tip.end else "",
    }  # fmt: skip
    return render(request, "public/followed.html", context)


def _add(request: HttpRequest, tip: Tip, form: AddForm) -> list[str]:
    """What is told of it. Errors: ValidationError."""
    if not form.is_valid():
        return []
    kept, left = keep_pictures(tip_folder(), photos_in(request), tip.pictures.count())
    if not kept and left and not form.cleaned_data["words"].strip():
        return [_left(one) for one in left]
    following.add(tip, form.cleaned_data["words"], kept, timezone.now())
    return [_("Added."), *(_left(one) for one in left)]
