"""What a package says of its case: who, why, which camera where, whose clock. In Vietnamese: a package is a paper for a court."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localtime

from luytre import __version__
from luytre.base.i18n import N_, translate
from luytre.civic.access.assignments import roles_of
from luytre.civic.access.models import Role, User
from luytre.civic.evidence.models import Package, What
from luytre.civic.evidence.package.values import CameraFacts, ClockFacts, Facts, PackageKind, PurposeFacts, Who
from luytre.civic.ports import RecorderDown, RecorderStatus
from luytre.civic.registry.models import Camera, Commune, Eye
from luytre.civic.regulations.enforce import purpose_of
from luytre.civic.regulations.force import in_force_now
from luytre.civic.upkeep.faults import Fault
from luytre.civic.upkeep.models import Outage

BY_REPORTS = N_("measured while the package was made, by the camera's RTCP sender reports")
NO_REPORTS = N_("not known: the camera sends no sender reports")
NO_RECORDER = N_("not known: the camera was not connected when the package was made")
OUR_CLOCK = N_("the footage's times are those of the station's clock")
BY_REGISTER = N_("by the commune's register of cameras")
NOBODY = N_("not known")
THEN_OFF = N_("during the footage the station saw this camera's clock wrong from {start} to {end}")
STILL = N_("now")
_MOMENT = "%H:%M:%S %d/%m/%Y"
_ROLES_ON_PAPER = (Role.HEAD, Role.DUTY, Role.ADMINISTRATOR)
AT_THE_MACHINE = N_("at the station's machine, by the command line")


def facts_of(package: Package, recorder: RecorderStatus, at: datetime) -> Facts:
    """Errors: Camera.DoesNotExist. A recorder that does not answer makes the clock unknown, nothing else."""
    camera = Camera.objects.select_related("site__hamlet").get(key=package.camera)
    purpose = purpose_of(in_force_now(package.ordered).rules, package.purpose_key)
    request = package.request
    deciders = [one for one in request.decisions.select_related("by") if one.agreed] if request else []
    return Facts(
        number=package.sign,
        kind=PackageKind.FULL if package.kind == What.FULL else PackageKind.VIEWING,
        commune=Commune.here().name,
        purpose=PurposeFacts(package.purpose_key, purpose.vi if purpose else "", package.reference, package.words),
        requester=who(request.by if request else package.by, request.made if request else package.ordered),
        approvers=tuple(who(one.by, one.made) for one in deciders),
        operator=who(package.by, package.ordered),
        camera=camera_facts(camera),
        clock=clock_facts(package, recorder, at),
        start=package.span_start,
        end=package.span_end,
        software=f"Lũy Tre {__version__}",
        made_at=at.replace(microsecond=0),
    )


def who(user: User, at: datetime) -> Who:
    """With the office that the person held then."""
    held = roles_of(user, at)
    role = next((one for one in _ROLES_ON_PAPER if one in held), None)
    words = str(Role(role).label) if role else AT_THE_MACHINE if not user.is_active and not user.entered else ""
    return Who(_vi(words) if words else "", str(user))


def camera_facts(camera: Camera) -> CameraFacts:
    site, eye = camera.site, Eye.objects.filter(camera=camera).first()
    place = site.position
    bearing = eye.bearing_deg if eye is not None else None
    return CameraFacts(
        camera.key, camera.name, site.hamlet.name if site.hamlet else "", ", ".join(filter(None, [site.name, site.road])),
        float(place[0]) if place else None, float(place[1]) if place else None,
        float(bearing) if bearing is not None else None, _vi(BY_REGISTER if bearing is not None else NOBODY),
    )  # fmt: skip


def clock_facts(package: Package, recorder: RecorderStatus, at: datetime) -> ClockFacts:
    """The camera's clock against ours now, and what was seen of it during the footage."""
    try:
        streams = recorder.status("vi").streams
    except RecorderDown:
        streams = ()
    stream = next((one for one in streams if one.camera == package.camera and one.stream == "main"), None)
    offset_s = stream.clock_offset_s if stream is not None else None
    how = BY_REPORTS if offset_s is not None else NO_REPORTS if stream is not None else NO_RECORDER
    measured = at.replace(microsecond=0) if offset_s is not None else None
    return ClockFacts(offset_s, "; ".join([_vi(how), _vi(OUR_CLOCK), *_seen_off(package)]), measured)


def _seen_off(package: Package) -> list[str]:
    seen = Outage.objects.filter(camera=package.camera, fault=Fault.CLOCK_OFF, start__lt=package.span_end)
    overlapping = [one for one in seen.order_by("start") if one.end is None or one.end > package.span_start]
    return [
        _vi(THEN_OFF).format(
            start=f"{localtime(one.start):{_MOMENT}}", end=f"{localtime(one.end):{_MOMENT}}" if one.end else _vi(STILL)
        )
        for one in overlapping
    ]


def _vi(words: str) -> str:
    return translate(words, "vi")
