"""Tickets as pages tell them: what it is, whose, since when, how it went. Asked for many at once, in a few queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from luytre.civic.access.models import UnitKind, User
from luytre.civic.access.units import histories
from luytre.civic.registry.models import Camera, Firm
from luytre.civic.registry.order import name_key
from luytre.civic.registry.scope import devices_of
from luytre.civic.registry.wires import FeedKind
from luytre.civic.upkeep.faults import Fault
from luytre.civic.upkeep.loads import SOON
from luytre.civic.upkeep.models import Outage, StepCode, Ticket, TicketState, TicketStep, Waits
from luytre.civic.upkeep.scope import has_all
from luytre.web import words
from luytre.web.lengths import length_words


@dataclass(frozen=True, slots=True)
class Part:
    """One outage of a ticket. `name` empty: a camera outside the person's area."""

    camera: str
    name: str
    start: datetime
    end: datetime | None
    cause: str


@dataclass(frozen=True, slots=True)
class Line:
    """A ticket as lists have it. `since`: when its first outage began. `others`: how many of its cameras are not the person's."""

    ticket: Ticket
    title: str
    fault: str
    since: datetime
    lasted: str
    state: str
    whom: str
    phone: str
    parts: tuple[Part, ...]
    others: int

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(part.name for part in self.parts if part.name)

    @property
    def count(self) -> int:
        return len({part.camera for part in self.parts if part.camera})


def lines(tickets: Sequence[Ticket], names: Mapping[str, str], at: datetime) -> list[Line]:
    """`names`: of the cameras that the person may know, by key. `tickets` with feed, unit and firm. Three queries."""
    outages: dict[int, list[Outage]] = {}
    for one in Outage.objects.filter(ticket__in=tickets):
        assert one.ticket_id is not None
        outages.setdefault(one.ticket_id, []).append(one)
    called = unit_names({one.unit_id for one in tickets if one.unit_id is not None}, at)
    return [_line(one, outages.get(one.pk, []), names, called, at) for one in tickets]


def _line(ticket: Ticket, outages: Sequence[Outage], names: Mapping[str, str], units: Mapping[int, str], at: datetime) -> Line:
    since = min((one.start for one in outages), default=ticket.opened)
    ends = [one.end or at for one in outages]
    whom = units.get(ticket.unit_id or 0, "") or (ticket.firm.name if ticket.firm else "")
    parts = sorted(
        (Part(one.camera, names.get(one.camera, ""), one.start, one.end, cause_words(one.fault, one.cause)) for one in outages),
        key=lambda part: (not part.name, name_key(part.name), part.start),
    )
    return Line(
        ticket, title_of(ticket, names), _(str(Fault(ticket.fault).label)), since,
        length_words(max(0.0, (max(ends, default=at) - since).total_seconds())), state_words(ticket), whom,
        ticket.firm.phone if ticket.firm else "", tuple(parts),
        len({part.camera for part in parts if part.camera and not part.name}),
    )  # fmt: skip


def title_of(ticket: Ticket, names: Mapping[str, str]) -> str:
    if ticket.feed is not None:
        kind = _(str(FeedKind(ticket.feed.kind).label))
        return f"{kind[:1].upper()}{kind[1:]} {ticket.feed.name}"
    if ticket.camera:
        return names.get(ticket.camera) or _("Camera outside your area")
    return _("Recording disk") if ticket.fault in (Fault.DISK, Fault.DAYS_SHORT) else _("Recorder")


def state_words(ticket: Ticket) -> str:
    """`đang chờ linh kiện`; who took it; how it closed."""
    if ticket.state == TicketState.WAITING and ticket.waits:
        return _("waits for %(what)s") % {"what": _(str(Waits(ticket.waits).label))}
    if ticket.state == TicketState.TAKEN and ticket.taken_by is not None:
        return _("%(person)s sees to it") % {"person": ticket.taken_by}
    if ticket.state == TicketState.CLOSED:
        return _("closed by hand") if ticket.by_hand else _("over")
    return _(str(TicketState(ticket.state).label))


def cause_words(fault: str, cause: str) -> str:
    """Why, as far as the recorder said; empty where it did not."""
    if fault == Fault.DOWN:
        return words.problem_cause(cause) or (_("the recorder does not have it in its list") if cause == "not_listed" else "")
    if fault == Fault.DISK:
        return words.archive_state(cause)
    if fault == Fault.CLOCK_OFF:
        return _("ahead of this machine's") if cause == "ahead" else _("behind this machine's")
    if fault == Fault.DAYS_SHORT and cause.count("/") == 1:
        kept, promised = cause.split("/")
        if kept == SOON:
            return _("in %(days)s days footage will be erased before its time") % {"days": promised}
        return _("%(kept)s days kept, %(promised)s promised") % {"kept": kept, "promised": promised}
    return ""


def unit_names(numbers: AbstractSet[int], at: datetime) -> dict[int, str]:
    """What units are called on the day, as whoever must act: a hamlet's is its security team."""
    if not numbers:
        return {}
    day = timezone.localdate(at)
    return {
        number: _("Security team of %(hamlet)s") % {"hamlet": one.name_on(day)}
        if one.kind == UnitKind.HAMLET
        else one.name_on(day)
        for number, one in histories(pk__in=numbers).items()
    }


def whom_names(keys: Iterable[str], at: datetime) -> dict[str, str]:
    """`unit:7`, `firm:k3…` by what they are called, those that are over too."""
    wanted = set(keys)
    units = {int(key.removeprefix("unit:")) for key in wanted if key.startswith("unit:")}
    firms = {key.removeprefix("firm:") for key in wanted if key.startswith("firm:")}
    found = {f"unit:{number}": name for number, name in unit_names(units, at).items()}
    return found | {f"firm:{key}": name for key, name in Firm.objects.filter(key__in=firms).values_list("key", "name")}


@dataclass(frozen=True, slots=True)
class ToldStep:
    number: int
    at: datetime
    by: str
    what: str
    words: str


def told_steps(steps: Sequence[TicketStep], names: Mapping[str, str], at: datetime) -> list[ToldStep]:
    """The newest first."""
    called = whom_names({step.whom for step in steps if step.whom}, at)
    return [_told(step, names, called) for step in reversed(steps)]


def _told(step: TicketStep, names: Mapping[str, str], called: Mapping[str, str]) -> ToldStep:
    what = _(str(StepCode(step.code).label))
    whom = called.get(step.whom, step.whom)
    if step.code == StepCode.ASSIGNED:
        what = _("given to %(whom)s") % {"whom": whom} if whom else _("given to nobody")
    elif step.code == StepCode.OPENED and whom:
        what = _("opened by the program, given to %(whom)s") % {"whom": whom}
    elif step.code in (StepCode.JOINED, StepCode.LEFT):
        what = f"{what}: {names.get(step.camera) or _('outside your area')}"
    elif step.code == StepCode.WAITING:
        what = _("waits for %(what)s") % {"what": _(str(Waits(step.waits).label))}
    elif step.code == StepCode.REOPENED and step.by:
        what = _("opened again")
    elif step.code == StepCode.CLOSED:
        what = _("closed by hand") if step.by else _("all is over: closed by the program")
        if step.lasted_s:
            what = _("%(what)s, after %(length)s") % {"what": what, "length": length_words(step.lasted_s)}
    return ToldStep(step.seq, step.at, str(step.by) if step.by else _("the program"), what, step.words)


def known_names(user: User, at: datetime) -> dict[str, str]:
    """Of cameras that the person meets as devices, by key; for whoever has the whole commune also of those out of use."""
    cameras = Camera.objects.all() if has_all(user, at) else devices_of(user, at)
    return dict(cameras.values_list("key", "name"))
