"""A camera's own settings: read when somebody asks, set one at a time, each wish a row of its log.

The page itself asks no device: what the camera says comes as a part of it, so that a slow one holds up nobody's forms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from luytre.civic.access.assignments import roles_of
from luytre.civic.access.permissions import may_use
from luytre.civic.devices.known import Reading, against, clock_is_right, clock_was_reset, device_facts, note_replacement, read
from luytre.civic.devices.listening import count_motion, hours_of
from luytre.civic.devices.models import WISHED, Device, DeviceStep, StepCode
from luytre.civic.devices.motion import begun, listen
from luytre.civic.devices.passwords import change_password, is_pending, weak_words
from luytre.civic.devices.reaching import UPNP, access_of, address_of, device_of, exposure_of, sharing_address
from luytre.civic.devices.steps import came, done, steps_of, wished
from luytre.civic.devices.streams import Effect, effect_of, faults_of, words_of
from luytre.civic.ports import ClockWish, Contradiction, DeviceChange, DeviceFacts, DeviceStream, StreamState
from luytre.civic.registry.models import Camera, Commune
from luytre.civic.registry.scope import devices_of
from luytre.web import words
from luytre.web.forms_device import AddressForm, PasswordForm, RebootForm, StreamForm
from luytre.web.lengths import length_words
from luytre.web.motion_charts import motion_chart
from luytre.web.ports import ports
from luytre.web.views.health import ask_status
from luytre.web.views.pages import person

LISTENS_S = 10.0
RECORDED = frozenset({"recording"})
OUTCOMES = {"otherwise": "warning", "ntp_silent": "warning"}


@dataclass(frozen=True, slots=True)
class Row:
    """A step, for the table."""

    step: DeviceStep
    words: str
    outcome: str


@dataclass(frozen=True, slots=True)
class StreamPart:
    form: StreamForm
    effect: Effect
    told: tuple[Contradiction, ...]


@require_GET
def page(request: HttpRequest, key: str) -> HttpResponse:
    return _page(request, _camera(request, key))


def _camera(request: HttpRequest, key: str) -> Camera:
    return get_object_or_404(devices_of(person(request)), key=key)


def _page(request: HttpRequest, camera: Camera, **forms: Any) -> HttpResponse:
    device = device_of(camera)
    context = {
        "camera": camera,
        "device": device,
        "may_set": may_use("device_clock", roles_of(person(request), timezone.now())),
        "address": address_of(camera, Device(camera=camera)),
        "exposure": exposure_of(camera.main_url_shown),
        "upnp": _(UPNP),
        "sharing": sharing_address(camera),
        "pending": is_pending(camera),
        "weak": weak_words(camera.password, device.maker, camera.username),
        "address_form": forms.get("address") or AddressForm(initial={"address": device.address}),
        "password_form": forms.get("password") or PasswordForm(),
        "reboot_form": forms.get("reboot") or RebootForm(),
        "motion_chart": motion_chart(hours_of(camera, timezone.now()), timezone.now()),
        "motion_problem": words.problem_cause(device.motion_problem),
        "ntp_server": settings.ENVIRONMENT.ntp_server,
        "steps": [_row(step) for step in steps_of(camera)],
    }
    return render(request, "device.html", context, status=422 if forms else 200)


def _row(step: DeviceStep) -> Row:
    outcome = _("done") if not step.outcome else _("asked for") if step.outcome == WISHED else outcome_words(step.outcome)
    began = step.code == StepCode.PTZ_TAKEN and not step.before
    return Row(step, _("turned it") if began else _(StepCode(step.code).label), outcome)


def outcome_words(problem: str) -> str:
    known = {
        "lies": _("the camera said done, and did nothing"), "unsure": _("not known"), "otherwise": _("done, with other values"),
        "ntp_silent": _("done, without a time server"),
    }  # fmt: skip
    return known.get(problem) or words.problem_cause(problem) or _("not done")


# --- what the camera says


@require_GET
def now(request: HttpRequest, key: str) -> HttpResponse:
    """The part that asks the device: some seconds."""
    camera = _camera(request, key)
    found = read(ports().devices, camera, get_language() or "vi", timezone.now())
    if found.settled == "new":
        ports().recorder.refresh()
    return render(request, "parts/device_now.html", _state(request, camera, found))


def _state(request: HttpRequest, camera: Camera, found: Reading) -> dict[str, Any]:
    facts = found.facts
    return {
        "camera": camera,
        "facts": facts,
        "replaced": found.replaced,
        "settled": found.settled,
        "may_set": may_use("device_clock", roles_of(person(request), timezone.now())),
        "clock_right": clock_is_right(facts),
        "clock_words": clock_words(facts),
        "streams": _streams(camera, facts),
    }


def clock_words(facts: DeviceFacts) -> str:
    if facts.clock_offset_s is None:
        return _("The camera does not tell its time.")
    if clock_was_reset(facts):
        return _(
            "The camera's clock began anew (%(year)d): it lost power and has no battery. Set it, and let it follow a server."
        ) % {"year": facts.clock.year if facts.clock else 0}
    if clock_is_right(facts):
        return _("The camera's clock is right to two seconds.")
    length = length_words(abs(facts.clock_offset_s))
    if facts.clock_offset_s > 0:
        return _("The camera's clock is %(length)s ahead of this machine's.") % {"length": length}
    return _("The camera's clock is %(length)s behind this machine's.") % {"length": length}


def _streams(camera: Camera, facts: DeviceFacts) -> list[StreamPart]:
    room, all_bps, states = _disk()
    found = []
    for stream in facts.streams:
        state = _state_of(camera, stream, states)
        told = against(stream, state.codec, state.width_px, state.height_px, get_language() or "vi") if state else ()
        kbps = stream.bitrate_kbps
        found.append(StreamPart(StreamForm(facts, stream), effect_of(kbps, kbps, room, all_bps), told))
    return found


def _state_of(camera: Camera, stream: DeviceStream, states: tuple[StreamState, ...]) -> StreamState | None:
    """What the recorder sees of the same address; None where it records another, or does not say."""
    name = {camera.main_url_shown: "main", camera.sub_url_shown: "sub"}.get(stream.url) if stream.url else None
    return next((one for one in states if (one.camera, one.stream) == (camera.key, name) and one.codec), None)


def _disk() -> tuple[int, float, tuple[StreamState, ...]]:
    """What footage may fill, what all cameras write now (bits a second), the recorder's streams; nothing where it is silent."""
    status, _down = ask_status()
    if status is None:
        return 0, 0.0, ()
    archive = status.archive
    room = max(0, archive.bytes_used + archive.bytes_free - Commune.here().free_floor_bytes)
    return room, sum(one.bitrate_bps for one in status.streams if one.state in RECORDED), status.streams


@require_GET
def effect(request: HttpRequest, key: str) -> HttpResponse:
    """What another data rate would do to the disk, beside the field while somebody types."""
    _camera(request, key)
    before = _whole(request.GET.get("now", ""))
    typed = next((request.GET.get(name, "") for name in request.GET if name.endswith("bitrate_kbps")), "")
    after = _whole(typed)
    room, all_bps, _states = _disk()
    return render(request, "parts/device_effect.html", {"effect": effect_of(before, after, room, all_bps) if after else None})


def _whole(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 0


@require_POST
def stream(request: HttpRequest, key: str) -> HttpResponse:
    """Sets one picture; the part comes back as it is then, or as it was typed with what is wrong."""
    camera, at, token = _camera(request, key), timezone.now(), request.POST.get("token", "")
    language = get_language() or "vi"
    facts = device_facts(ports().devices, camera, language)
    present = next((one for one in facts.streams if one.token == token), None)
    if present is None:
        return render(request, "parts/device_trouble.html", {"facts": facts}, status=422)
    form = StreamForm(facts, present, request.POST)
    if form.is_valid():
        wish = form.wish()
        for field, said in faults_of(wish, facts).items():
            form.add_error(field, _(said))
        if form.is_valid():
            row = wished(person(request), camera, StepCode.STREAM, at, words_of(present), words_of(wish))
            answer = ports().devices.set_stream(access_of(camera, language), wish)
            came(row, camera, answer, timezone.now())
            facts = device_facts(ports().devices, camera, language)
            present = next((one for one in facts.streams if one.token == token), present)
            return _stream_part(request, camera, StreamForm(facts, present), answer)
    return _stream_part(request, camera, form, None, status=422)


def _stream_part(
    request: HttpRequest, camera: Camera, form: StreamForm, answer: DeviceChange | None, status: int = 200
) -> HttpResponse:
    room, all_bps, states = _disk()
    kbps = form.stream.bitrate_kbps
    state = _state_of(camera, form.stream, states) if answer is None else None
    told = against(form.stream, state.codec, state.width_px, state.height_px, get_language() or "vi") if state else ()
    part = StreamPart(form, effect_of(kbps, kbps, room, all_bps), told)
    context = {"camera": camera, "part": part, "answer": answer, "may_set": True}
    return render(request, "parts/device_stream.html", context, status=status)


# --- wishes


@require_POST
def address(request: HttpRequest, key: str) -> HttpResponse:
    camera = _camera(request, key)
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _page(request, camera, address=form)
    device, _made = Device.objects.get_or_create(camera=camera)
    before, device.address = device.address, form.cleaned_data["address"]
    device.save(update_fields=["address"])
    done(person(request), camera, StepCode.ADDRESS, timezone.now(), before, device.address)
    messages.success(request, _("Kept. The camera is read from there now."))
    return redirect("device", camera.key)


@require_POST
def clock(request: HttpRequest, key: str) -> HttpResponse:
    camera = _camera(request, key)
    row = wished(person(request), camera, StepCode.CLOCK, timezone.now())
    wish = ClockWish(settings.ENVIRONMENT.ntp_server or "own", posix_zone())
    answer = ports().devices.set_clock_and_ntp(access_of(camera, get_language() or "vi"), wish)
    came(row, camera, answer, timezone.now())
    tell(request, answer, _("The camera's clock is set, and follows the time server."))
    return redirect("device", camera.key)


def posix_zone() -> str:
    """The commune's zone as devices take it: `ICT-7` for seven hours east of Greenwich. Vietnam has no summer time."""
    offset = timezone.localtime().utcoffset()
    minutes = round(offset.total_seconds() / 60) if offset is not None else 0
    hours, rest = divmod(abs(minutes), 60)
    name = "ICT" if minutes == 420 else "LCT"
    return f"{name}{'-' if minutes > 0 else ''}{hours}" + (f":{rest:02d}" if rest else "")


@sensitive_post_parameters()
@require_POST
def password(request: HttpRequest, key: str) -> HttpResponse:
    camera = _camera(request, key)
    form = PasswordForm(request.POST, maker=device_of(camera).maker, username=camera.username)
    if not form.is_valid():
        return _page(request, camera, password=form)
    answer = change_password(
        ports().devices, camera, person(request), form.cleaned_data["new"], get_language() or "vi", timezone.now()
    )
    if answer.ok:
        ports().recorder.refresh()
    tell(request, answer, _("The password is changed, on the camera and here. The recorder connects with the new one."))
    return redirect("device", camera.key)


@require_POST
def reboot(request: HttpRequest, key: str) -> HttpResponse:
    camera = _camera(request, key)
    form = RebootForm(request.POST)
    if not form.is_valid():
        return _page(request, camera, reboot=form)
    row = wished(person(request), camera, StepCode.REBOOT, timezone.now(), reason=form.cleaned_data["reason"])
    answer = ports().devices.reboot(access_of(camera, get_language() or "vi"))
    came(row, camera, answer, timezone.now())
    tell(request, answer, _("The camera starts anew. Its picture comes back within a minute or two; until then there is a gap."))
    return redirect("device", camera.key)


@require_POST
def noted(request: HttpRequest, key: str) -> HttpResponse:
    """A person says that the other device is the right one."""
    camera = _camera(request, key)
    facts = device_facts(ports().devices, camera, get_language() or "vi")
    if facts.ok:
        note_replacement(person(request), camera, facts, timezone.now())
        messages.success(request, _("Noted: this device is the camera's from now on. It needs a new acceptance."))
    else:
        messages.error(request, sentence(facts.sentence, facts.hint))
    return redirect("device", camera.key)


@require_POST
def motion(request: HttpRequest, key: str) -> HttpResponse:
    """Listens for ten seconds to what the camera tells of motion."""
    camera = _camera(request, key)
    heard, events = listen(ports().devices, camera, LISTENS_S, get_language() or "vi")
    context = {"heard": heard, "began": begun(events), "seconds": int(LISTENS_S)}
    return render(request, "parts/device_motion.html", context)


@require_POST
def motion_count(request: HttpRequest, key: str) -> HttpResponse:
    """Switches the counting of motion on or off."""
    camera, is_on = _camera(request, key), request.POST.get("on") == "1"
    try:
        count_motion(person(request), camera, on=is_on, at=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(_(text) for text in error.messages))
    else:
        messages.success(request, _("Its motion is counted from now on.") if is_on else _("Its motion is counted no more."))
    return redirect("device", camera.key)


def tell(request: HttpRequest, answer: DeviceChange, well: str) -> None:
    if answer.ok and not answer.problem:
        messages.success(request, well)
    elif answer.ok:
        messages.warning(request, sentence(answer.sentence, answer.hint))
    else:
        messages.error(request, sentence(answer.sentence, answer.hint))


def sentence(cause: str, hint: str) -> str:
    return f"{cause[:1].upper()}{cause[1:]}. {hint}".strip()
