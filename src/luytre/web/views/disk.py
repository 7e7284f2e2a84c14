"""Sức khoẻ → Ổ đĩa: for how many days the disk keeps footage, what would keep more, and what the disk says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from luytre.base.i18n import N_
from luytre.bridge.smartctl import ask_disk
from luytre.civic.access.assignments import roles_of
from luytre.civic.access.permissions import may_use
from luytre.civic.ports import Status
from luytre.civic.registry.models import Camera
from luytre.civic.registry.order import in_order
from luytre.civic.upkeep.forecast import DAY_S, NIGHT_BPS, WARN_DAYS, Kind, Load, Proposal, proposals
from luytre.civic.upkeep.loads import forecast_now
from luytre.civic.upkeep.models import NightRate
from luytre.civic.upkeep.nights import can_be_told, switch_off, switch_on
from luytre.civic.upkeep.smart import Answer, Trouble, Verdict
from luytre.web.templatetags.ui import as_bytes
from luytre.web.views.device import outcome_words
from luytre.web.views.health import ask_status
from luytre.web.views.health_tabs import tabs
from luytre.web.views.pages import person

SMART_KEPT_S = 600
TROUBLE_WORDS = {
    Trouble.NO_PROGRAM: N_("smartctl is not installed here: with smartmontools the disk says how it is."),
    Trouble.NO_RIGHT: N_("This program may not ask the disk. How it gets the right stands in the guide."),
    Trouble.NO_DISK: N_("The archive lies on no disk that can be asked: a network share or a virtual disk."),
    Trouble.BEHIND: N_("A RAID controller or a USB adapter stands before the disk: its own program says how the disks are."),
    Trouble.NO_ANSWER: N_("The disk gave no answer that could be read."),
}  # fmt: skip
VERDICT_WORDS = {
    Verdict.WELL: N_("The disk says that it is well."),
    Verdict.WORN: N_("The disk is worn: get another one ready."),
    Verdict.FAILING: N_("The disk says that it is failing: copy what matters and replace it now."),
    Verdict.UNKNOWN: N_("The disk does not say."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A camera and how it fills the disk. `load` None: it was not measured yet."""

    name: str
    load: Load | None

    @property
    def bitrate_bps(self) -> float:
        return self.load.bytes_a_day * 8 / DAY_S if self.load else 0.0


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    status, down = ask_status()
    context: dict[str, Any] = {"recorder_down": down, "health_tabs": tabs(request, "health_disk"), "smart": _smart()}
    context |= {"nights": _nights(), "may_set": may_use("disk_nights", roles_of(person(request), now))}
    if status is not None:
        context |= _forecast(request, status, now)
    return render(request, "disk.html", context)


def _forecast(request: HttpRequest, status: Status, now: datetime) -> dict[str, Any]:
    loads, found = forecast_now(status, now)
    by_key = {load.camera: load for load in loads}
    cameras = in_order(Camera.objects.filter(archived=False, enabled=True).select_related("site__hamlet"))
    lines = [Line(one.name, by_key.get(one.key)) for one in cameras]
    short = found.short_in_days
    return {
        "status": status,
        "found": found,
        "measured": len(loads),
        "unmeasured": len(lines) - len(loads),
        "short_day": timezone.localdate(now) + timedelta(days=int(short)) if short else None,
        "is_short": short is not None and short < 1,
        "is_near": short is not None and short <= WARN_DAYS,
        "proposals": [(told(one), one) for one in proposals(loads, found, can_be_told(by_key))],
        "lines": sorted(lines, key=lambda line: -line.bitrate_bps),
    }


@require_POST
def nights(request: HttpRequest) -> HttpResponse:
    """Switches the lower rate by night on for all cameras that send more and can be told, or off for all."""
    if request.POST.get("on") != "1":
        switch_off()
        messages.success(request, _("No camera is lowered by night any more. What is lowered now is put back in a minute."))
        return redirect("health_disk")
    status, _down = ask_status()
    now = timezone.now()
    loads = forecast_now(status, now)[0] if status is not None else []
    above = [one.camera for one in loads if one.bytes_a_day * 8 > NIGHT_BPS * DAY_S]
    count = switch_on(person(request), above, NIGHT_BPS // 1000, now)
    if not count:
        messages.warning(
            request, _("No camera sends more and can be told: open a camera's device page once, so that it is read.")
        )
        return redirect("health_disk")
    said = ngettext("%(count)s camera is lowered from 22:00 to 5:00.", "%(count)s cameras are lowered from 22:00 to 5:00.", count)
    messages.success(request, said % {"count": count})
    return redirect("health_disk")


@dataclass(frozen=True, slots=True)
class Night:
    """A camera that is lowered by night, and what it says now."""

    camera: Camera
    words: str
    is_trouble: bool


def _nights() -> list[Night]:
    rows = {row.camera: row for row in NightRate.objects.select_related("camera__site__hamlet")}
    return [Night(one, _night_words(rows[one]), bool(rows[one].failed)) for one in in_order(rows)]


def _night_words(row: NightRate) -> str:
    if row.failed:
        return _("it is told again: %(why)s") % {"why": outcome_words(row.failed)}
    if row.day_kbps is not None:
        return _("lowered now, from %(day)s to %(night)s kbit/s") % {"day": row.day_kbps, "night": row.took_kbps or row.kbps}
    return _("as by day now; from 22:00 on %(night)s kbit/s") % {"night": row.kbps}


def told(one: Proposal) -> str:
    """What is proposed, as a sentence."""
    if one.kind is Kind.GOP:
        return _("A key frame every 4 seconds and not every 2, in all cameras whose bit rate may vary")
    if one.kind is Kind.NIGHT:
        words = _("At most %(bound)s Mbit/s from 22:00 to 5:00, which this program sets in the cameras (%(count)s can be told)")
        return words % {"bound": number_format(one.amount / 1e6, 0), "count": one.cameras}
    if one.kind is Kind.BITRATE:
        bound = number_format(one.amount / 1e6, 0)
        return _("At most %(bound)s Mbit/s for each camera (%(count)s send more now)") % {"bound": bound, "count": one.cameras}
    return _("%(room)s more room: a larger disk, or another one for the archive") % {"room": as_bytes(one.amount)}


def _smart() -> dict[str, Any]:
    """Asked at most every ten minutes: the disk has better things to do."""
    answer: Answer | None = cache.get("upkeep.smart")
    if answer is None:
        answer = ask_disk(settings.ENVIRONMENT.archive)
        cache.set("upkeep.smart", answer, SMART_KEPT_S)
    disk = answer.disk
    words = VERDICT_WORDS[disk.verdict] if disk is not None else TROUBLE_WORDS[answer.trouble or Trouble.NO_ANSWER]
    return {"disk": disk, "words": _(words), "is_bad": disk is not None and disk.verdict in (Verdict.WORN, Verdict.FAILING)}
