"""The access log: who looked at what and why, what is unusual, whether the log is whole; as a sheet; its checkpoints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from django_tasks_db.models import DBTaskResult

from luytre.civic.access import audit
from luytre.civic.access.models import Look, LookKind, User
from luytre.civic.appeals.custody import LISTED
from luytre.civic.appeals.models import Appeal
from luytre.civic.chain.checkpoints import folder, make_checkpoint, newest_checkpoint, secrets
from luytre.civic.chain.proof import heads, prove
from luytre.civic.chain.signing import private_key, public_key
from luytre.civic.chain.text import moment
from luytre.civic.chain.verify import Fault, FaultKind
from luytre.civic.chain.words import describe
from luytre.civic.log_words import LOG_WORDS
from luytre.civic.registry.models import Camera
from luytre.civic.registry.order import name_key
from luytre.web.days import read_day
from luytre.web.sheets import SHEET_TYPE, safe_cell
from luytre.web.tasks import prove_logs, told

ON_A_PAGE = 50
MOST_IN_A_SHEET = 100_000
INLINE_ROWS = 50_000
"""So many rows are proved while the person waits, some seconds at most; more in the jobs' process."""
PROVED = "audit:proved"
"""In the session: what the person's last proof found."""


@dataclass(frozen=True, slots=True)
class Line:
    """One look as the page and the sheet have it."""

    look: Look
    camera: str
    kind: str


def zone() -> ZoneInfo:
    return ZoneInfo(settings.ENVIRONMENT.time_zone)


def filter_of(request: HttpRequest) -> audit.LookFilter:
    """The filters as they stand in the address; what is no person, kind or day is left out."""
    said = {name: request.GET.get(name, "").strip() for name in ("person", "camera", "kind", "from", "to", "purpose")}
    person = said["person"]
    return audit.LookFilter(
        zone(),
        person=int(person) if person.isascii() and person.isdigit() and len(person) < 18 else None,
        camera=said["camera"][:63],
        kind=said["kind"] if said["kind"] in LookKind.values else "",
        first=read_day(said["from"]),
        last=read_day(said["to"]),
        purpose=said["purpose"].replace("\0", "")[:120],
        night=request.GET.get("night") == "1",
        bare=request.GET.get("bare") == "1",
    )


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    wanted = filter_of(request)
    names = camera_names()
    shown = Paginator(wanted.found(), ON_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    people = {user.pk: str(user) for user in User.objects.filter(looks__isnull=False).distinct()}
    context = {
        "wanted": wanted,
        "lines": list(lines(shown.object_list, names)),
        "shown": shown,
        "query": query.urlencode(),
        "people": sorted(people.items(), key=lambda pair: name_key(pair[1])),
        "cameras": sorted(names.items(), key=lambda pair: name_key(pair[1])),
        "kinds": [(kind.value, _(kind.label)) for kind in LookKind],
        "unusual": unusual(people, names),
        **_state(request),
    }
    return render(request, "audit.html", context)


def camera_names() -> dict[str, str]:
    """Every camera that there is or was, by its key; of those that are only listed no name, which is mostly the owner's."""
    asked = Appeal.objects.order_by().values_list("eye__key", flat=True).distinct()
    listed = {LISTED + key: _("listed camera %(key)s") % {"key": key} for key in asked}
    return dict(Camera.objects.values_list("key", "name")) | listed


def lines(looks: Iterable[Look], names: dict[str, str]) -> Iterator[Line]:
    for look in looks:
        yield Line(look, names.get(look.camera, look.camera), _(LookKind(look.kind).label))


def unusual(people: dict[int, str], names: dict[str, str]) -> dict[str, Any]:
    found = audit.unusual_looks(timezone.now(), zone())
    lists = [("night", found.night), ("same", found.same_camera), ("bare", found.bare)]
    return {
        "lists": [
            (kind, [(people.get(one.person, ""), names.get(one.camera, one.camera), one) for one in items])
            for kind, items in lists
        ],
        "first": found.first.isoformat(),
        "bounds": {
            "days": audit.UNUSUAL_DAYS, "night": audit.NIGHT_LOOKS, "same": audit.SAME_CAMERA_LOOKS,
            "from": audit.NIGHT_FROM_H, "to": audit.NIGHT_TO_H,
        },
    }  # fmt: skip


def _state(request: HttpRequest) -> dict[str, Any]:
    """The chain's: the newest checkpoint, the key, what the last proof found, whether one is under way."""
    signed = newest_checkpoint()
    jobs = DBTaskResult.objects.filter(task_path=prove_logs.module_path)
    last = jobs.successful().order_by("-finished_at").first()
    results: list[dict[str, Any]] = [one for one in (request.session.get(PROVED), last.return_value if last else None) if one]
    proof = max(results, key=lambda one: one["at_us"], default=None)
    faults = [Fault(table, FaultKind(kind), *rest) for table, kind, *rest in proof["faults"]] if proof else []
    return {
        "rows": sum(head.seq for head in heads().values()),
        "checkpoint_at": moment(signed.at_us) if signed else None,
        "public_key": public_key(private_key(secrets())),
        "proof": proof,
        "proof_at": moment(proof["at_us"]) if proof else None,
        "faults": [describe(fault, settings.ENVIRONMENT.time_zone, LOG_WORDS) for fault in faults],
        "proving": jobs.filter(finished_at=None).exists(),
    }


@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    if sum(head.seq for head in heads().values()) > INLINE_ROWS:
        prove_logs.enqueue()
        messages.info(request, _("The logs are being checked row by row. Open this page again in a minute."))
    else:
        request.session[PROVED] = told(prove(folder()))
    return redirect("audit")


@require_POST
def sign_now(request: HttpRequest) -> HttpResponse:
    make_checkpoint(timezone.now(), folder(), secrets())
    messages.success(request, _("A checkpoint was signed. Download it and give it to somebody outside."))
    return redirect("audit")


@require_GET
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest checkpoint as its file; the page again where there is none."""
    signed = newest_checkpoint()
    if signed is None:
        messages.info(request, _("No checkpoint was signed yet."))
        return redirect("audit")
    name = f"checkpoint-{moment(signed.at_us):%Y%m%dT%H%M%SZ}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(signed.to_file(), content_type="application/json", headers=headers)


@require_GET
def sheet(request: HttpRequest) -> HttpResponse:
    """The log as it is filtered, as .xlsx, the newest rows where it is longer than a sheet should be."""
    from tablib import Dataset

    words = (_("Row"), _("Time"), _("Person"), _("User name"), _("Kind"), _("Camera"), _("Code of the camera"),
             _("From"), _("To"), _("Purpose"), _("Reference"), _("Digest"))  # fmt: skip
    table = Dataset(headers=words, title="Log")
    found = filter_of(request).found()
    for line in lines(found[:MOST_IN_A_SHEET].iterator(2000), camera_names()):
        table.append(_cells(line))
    if left_out := found.count() - len(table):
        more = ngettext(
            "%(number)s older row is not in this sheet: narrow the filters.",
            "%(number)s older rows are not in this sheet: narrow the filters.",
            left_out,
        )
        table.append([more % {"number": left_out}, *[""] * (len(words) - 1)])
    name = f"nhat-ky-truy-cap-{timezone.localdate().isoformat()}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(table.export("xlsx"), content_type=SHEET_TYPE, headers=headers)


def _cells(line: Line) -> list[str | int]:
    look = line.look
    span = [date_format(timezone.localtime(end), "d/m/Y H:i:s") if end else "" for end in (look.span_start, look.span_end)]
    at = date_format(timezone.localtime(look.at), "d/m/Y H:i:s")
    purpose = " · ".join(part for part in (look.purpose_key, look.purpose) if part)
    texts = [
        at,
        str(look.user),
        look.user.username,
        line.kind,
        line.camera,
        look.camera,
        *span,
        purpose,
        look.reference,
        look.digest,
    ]
    return [look.seq, *map(safe_cell, texts)]
