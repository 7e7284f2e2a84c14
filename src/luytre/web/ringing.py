"""Who is called for what, as telephones tell it: alarms, incidents that wait for the person's "I go", tips about life that nobody
read.

It lies on a locked screen: number, kind, hamlet and minutes left; no name, and no word of a person (design/dispatch.md, 8).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from math import ceil
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from luytre.base.i18n import N_, translate
from luytre.civic.access.models import User
from luytre.civic.bulletins.models import Kind as Sought
from luytre.civic.bulletins.models import Sighting
from luytre.civic.bulletins.scope import ringing_for
from luytre.civic.committee.tasks import waiting_for
from luytre.civic.dispatch.channels import ChannelName, Letter
from luytre.civic.dispatch.models import Device
from luytre.civic.dispatch.rings import RINGS_S, Call, ring, send_mornings
from luytre.civic.incidents import tasks
from luytre.civic.incidents.models import Incident, Task
from luytre.civic.incidents.scope import calling
from luytre.civic.signals import scope as signals
from luytre.civic.signals.models import Sounding
from luytre.civic.tips.kinds import LIFE, Kind
from luytre.civic.tips.models import State as TipState
from luytre.civic.tips.models import Tip
from luytre.civic.tips.scope import handles
from luytre.civic.upkeep.morning import is_morning, morning_of
from luytre.web import senders

INCIDENT = N_("Incident {sign}: {kind}")
TOLD = N_("Told just now: {kind}")
LEFT = N_("{minutes} min left to say “I go”")
TASK = N_("Task in incident {sign}: {kind}")
LEFT_TASK = N_("{minutes} min left to say “I do it”")
SEEN = N_("Bulletin {sign}: {kind}")
SEEN_WORDS = N_("somebody has seen it")
OVER = N_("time is over")
ALARM = N_("ALARM {number}: {sign}")
DRILL = N_("DRILL {number}: {sign}")
EVERYWHERE = N_("the whole commune")
UNREAD = N_("nobody has read it yet")
MORNING = N_("This morning: {broke} new, {still} still to be done, {over} done")
MORNING_TASKS = N_("Tasks of the committee late or due soon: {due}")
MORNING_TITLE = N_("Cameras and lines")


def calls_of(user: User, at: datetime) -> list[Call]:
    """Nothing for whoever is outside of the hours of the role."""
    found = [_signal(one, user.language) for one in signals.calling(user, at)]
    found += [_call(one, user.language, at) for one in calling(user, at).select_related("hamlet")]
    found += [_task(one, user.language, at) for one in tasks.calling(user, at).select_related("incident", "incident__hamlet")]
    if handles(user, at):
        found += [
            _tip(one, user.language) for one in Tip.objects.filter(state=TipState.NEW, kind__in=LIFE).select_related("hamlet")
        ]
    return found + [_sighting(one, user.language) for one in ringing_for(user, at)]


def ring_once(at: datetime) -> None:
    """One round of the jobs' process: calls, and the summary once it is morning. Errors: django.db.Error, OSError."""
    if not Device.objects.exists():
        return
    channel, zone = senders.channels()[ChannelName.PUSH], ZoneInfo(settings.TIME_ZONE)
    ring(lambda user: calls_of(user, at), channel, at)
    if is_morning(at, zone):
        send_mornings(lambda user: morning_letter(user, at, zone), channel, at.astimezone(zone).date(), at)


def _signal(one: Sounding, language: str) -> Call:
    """A drill says so first, and is not urgent. What is said is of the regulation; an officer's own words stay off the screen."""
    title = translate(DRILL if one.drill else ALARM, language).format(number=one.number_sign, sign=one.sign)
    area = translate(EVERYWHERE, language) if one.everywhere else one.hamlet_name
    letter = _letter(title, f"{area} · {one.meaning}", one.key, reverse("signal", args=[one.key]), language)
    return Call(one.key, replace(letter, urgent=not one.drill))


def _call(one: Incident, language: str, at: datetime) -> Call:
    title = translate(INCIDENT, language).format(sign=one.sign, kind=_kind(one.kind, language))
    left = ceil((one.due - at).total_seconds() / 60) if one.due else 0
    words = translate(LEFT, language).format(minutes=left) if left > 0 else translate(OVER, language)
    where = f"{one.hamlet.name} · " if one.hamlet else ""
    return Call(one.key, _letter(title, where + words, one.key, reverse("incident", args=[one.key]), language))


def _task(one: Task, language: str, at: datetime) -> Call:
    """The task's own words stay off the screen: an officer wrote them freely."""
    title = translate(TASK, language).format(sign=one.incident.sign, kind=_kind(one.incident.kind, language))
    left = ceil((one.due - at).total_seconds() / 60) if one.due else 0
    words = translate(LEFT_TASK, language).format(minutes=left) if left > 0 else translate(OVER, language)
    where = f"{one.incident.hamlet.name} · " if one.incident.hamlet else ""
    link = f"{reverse('incident', args=[one.incident.key])}#tasks"
    return Call(one.key, _letter(title, where + words, one.key, link, language))


def _tip(one: Tip, language: str) -> Call:
    title = translate(TOLD, language).format(kind=_kind(one.kind, language))
    where = f"{one.hamlet.name} · " if one.hamlet else ""
    return Call(one.key, _letter(title, where + translate(UNREAD, language), one.key, reverse("tip", args=[one.key]), language))


def _sighting(one: Sighting, language: str) -> Call:
    """No plate, and no word of whoever saw it."""
    kind = translate(str(Sought(one.bulletin.kind).label), language)
    title = translate(SEEN, language).format(sign=one.bulletin.sign, kind=kind)
    where = f"{one.hamlet.name} · " if one.hamlet else ""
    link = f"{reverse('bulletin', args=[one.bulletin.key])}#seen"
    return Call(one.key, _letter(title, where + translate(SEEN_WORDS, language), one.key, link, language))


def _kind(kind: str, language: str) -> str:
    return translate(str(Kind(kind).label), language)


def _letter(title: str, words: str, tag: str, link: str, language: str) -> Letter:
    return Letter(title, words, tag, link, "", True, RINGS_S, language)


def morning_letter(user: User, at: datetime, zone: ZoneInfo) -> Letter:
    """Counts and a link, no camera by name."""
    found = morning_of(user, at, zone)
    words = translate(MORNING, user.language).format(broke=len(found.broke), still=len(found.still), over=len(found.over))
    if due := len(waiting_for(user, at)):
        words = f"{words}. {translate(MORNING_TASKS, user.language).format(due=due)}"
    title, link = translate(MORNING_TITLE, user.language), reverse("health_morning")
    return Letter(title, words, f"morning-{at:%Y%m%d}", link, "", False, 6 * 3600, user.language)
