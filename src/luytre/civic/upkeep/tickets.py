"""Tickets: opened and closed by the program, taken, given, put off and closed by people. Each step is a chained row.

`Ticket` keeps where it stands, for lists; every change of it is written together with its step, in one transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import Unit, User
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.lending import lending
from luytre.civic.registry.models import Camera, Feed, Firm, Hamlet
from luytre.civic.registry.places import hamlet_unit
from luytre.civic.registry.wiring import hanging
from luytre.civic.upkeep.faults import Fault
from luytre.civic.upkeep.grouping import Action, Closed, Desk, Held, Joined, Opened, Reopened, Standing, decide
from luytre.civic.upkeep.models import Outage, StepCode, Ticket, TicketState, TicketStep, Waits

LONGEST_WORDS = 400


@dataclass(frozen=True, slots=True)
class Whom:
    """Who must act: a unit of the organisation, a firm, or nobody yet."""

    unit: Unit | None = None
    firm: Firm | None = None

    @property
    def key(self) -> str:
        """`unit:7`, `firm:k3…`; empty for nobody."""
        return f"unit:{self.unit.pk}" if self.unit else f"firm:{self.firm.key}" if self.firm else ""


NOBODY = Whom()


def read_desk(at: datetime) -> Desk:
    """What there is to decide on. Six queries."""
    tickets = list(Ticket.objects.select_related("feed").exclude(state=TicketState.CLOSED))
    by_hand = Ticket.objects.select_related("feed").filter(by_hand=True, outages__end=None, outages__isnull=False).distinct()
    held = [
        Held(one.pk, one.fault, one.camera, one.feed.key if one.feed else "", one.closed, one.stays)
        for one in (*tickets, *by_hand)
    ]
    found = Outage.objects.exclude(fault=Fault.OFF).filter(Q(end=None) | Q(ticket__in=tickets))
    outages = [Standing(one.pk, one.camera, one.fault, one.start, one.end, one.ticket_id) for one in found]
    first = min((one.start for one in outages if one.ticket is None), default=at)
    unseen = Outage.objects.filter(fault=Fault.UNKNOWN).filter(Q(end=None) | Q(end__gt=first))
    on = frozenset(Camera.objects.filter(archived=False, enabled=True).values_list("key", flat=True))
    on -= lending(at).not_recorded()
    feeds = {feed: cameras & on for feed, cameras in hanging().items()}
    return Desk(outages, held, feeds, [(one.start, one.end or at) for one in unseen])


@transaction.atomic
def keep_tickets(at: datetime) -> tuple[Action, ...]:
    """Opens, joins, closes and opens again what the rules want at this moment. Errors: django.db.Error."""
    actions = decide(read_desk(at), at)
    for action in actions:
        match action:
            case Opened(fault, camera, feed, outages):
                _open(fault, camera, feed, outages, at)
            case Joined(ticket, outages):
                _hold(Ticket.objects.get(pk=ticket), outages, at)
            case Closed(ticket):
                _close(Ticket.objects.select_for_update().get(pk=ticket), None, "", at)
            case Reopened(ticket):
                found = Ticket.objects.select_for_update().get(pk=ticket)
                found.state, found.closed, found.by_hand, found.taken_by = TicketState.OPEN, None, False, None
                _write(found, StepCode.REOPENED, None, at)
    return actions


def _open(fault: str, camera: str, feed: str, outages: Iterable[int], at: datetime) -> None:
    hung = Feed.objects.select_related("firm", "hamlet").filter(key=feed).first() if feed else None
    cameras = list(Outage.objects.filter(pk__in=outages).values_list("camera", flat=True))
    whom = _by_rule(hung, cameras)
    ticket = Ticket(fault=fault, camera=camera, feed=hung, opened=at, unit=whom.unit, firm=whom.firm)
    ticket.save()
    TicketStep.objects.create(at=at, ticket=ticket.key, code=StepCode.OPENED, whom=whom.key, camera=camera)
    moved = Outage.objects.select_related("ticket").filter(pk__in=outages, ticket__isnull=False)
    for one in moved:
        assert one.ticket is not None
        TicketStep.objects.create(at=at, ticket=one.ticket.key, code=StepCode.LEFT, camera=one.camera)
    Outage.objects.filter(pk__in=outages).update(ticket=ticket)


def _by_rule(feed: Feed | None, cameras: Iterable[str]) -> Whom:
    """A feed's firm, else its hamlet; a camera's hamlet; the machine's are nobody's until somebody takes them."""
    if feed is not None and feed.firm is not None:
        return Whom(firm=feed.firm)
    hamlet = feed.hamlet if feed is not None and feed.hamlet is not None else _most_of(cameras)
    return Whom(unit=hamlet_unit(hamlet)) if hamlet is not None else NOBODY


def _most_of(cameras: Iterable[str]) -> Hamlet | None:
    found = Camera.objects.filter(key__in=list(cameras)).select_related("site__hamlet")
    counts = Counter(one.site.hamlet for one in found if one.site.hamlet is not None)
    return max(counts, key=lambda hamlet: (counts[hamlet], -hamlet.pk), default=None)


def _hold(ticket: Ticket, outages: Iterable[int], at: datetime) -> None:
    for one in Outage.objects.filter(pk__in=outages):
        TicketStep.objects.create(at=at, ticket=ticket.key, code=StepCode.JOINED, camera=one.camera)
    Outage.objects.filter(pk__in=outages).update(ticket=ticket)


def lasted_s(ticket: Ticket, at: datetime) -> int:
    """Seconds from the first outage's start to the last one's end (`at`, where one goes on)."""
    spans = list(ticket.outages.values_list("start", "end"))
    if not spans:
        return 0
    return max(0, int((max(end or at for _start, end in spans) - min(start for start, _end in spans)).total_seconds()))


def _close(ticket: Ticket, by: User | None, words: str, at: datetime) -> None:
    ticket.state, ticket.closed, ticket.by_hand, ticket.waits = TicketState.CLOSED, at, by is not None, ""
    ticket.stays = False
    _write(ticket, StepCode.CLOSED, by, at, words=words, lasted_s=lasted_s(ticket, at))


def _write(ticket: Ticket, code: str, by: User | None, at: datetime, **more: str | int | None) -> None:
    ticket.save()
    TicketStep.objects.create(at=at, by=by, ticket=ticket.key, code=code, **more)


def _locked(ticket: Ticket) -> Ticket:
    """As it is in the database. Errors: ValidationError when it is done."""
    present = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
    if present.state == TicketState.CLOSED:
        raise ValidationError(N_("This is done already. Open it again first, with the reason."))
    return present


def _words(typed: str, field: str, *, needed: str = "") -> str:
    """In one line. Errors: ValidationError at the field, with `needed` where nothing was typed."""
    words = one_line(typed)
    if needed and not words:
        raise ValidationError({field: [needed]})
    if len(words) > LONGEST_WORDS:
        raise ValidationError({field: [N_("At most 400 letters.")]})
    return words


@transaction.atomic
def take(by: User, ticket: Ticket, at: datetime) -> Ticket:
    """Somebody sees to it himself. Errors: ValidationError."""
    present = _locked(ticket)
    present.state, present.waits, present.taken_by = TicketState.TAKEN, "", by
    _write(present, StepCode.TAKEN, by, at)
    return present


@transaction.atomic
def assign(by: User, ticket: Ticket, whom: Whom, at: datetime) -> Ticket:
    """Given to a unit, a firm, or nobody. Who had taken it has it no longer. Errors: ValidationError by field (whom)."""
    present = _locked(ticket)
    if (present.unit_id, present.firm_id) == (whom.unit and whom.unit.pk, whom.firm and whom.firm.pk):
        raise ValidationError({"whom": [N_("It is theirs already.")]})
    present.unit, present.firm, present.taken_by = whom.unit, whom.firm, None
    present.state = TicketState.OPEN if present.state == TicketState.TAKEN else present.state
    _write(present, StepCode.ASSIGNED, by, at, whom=whom.key)
    return present


@transaction.atomic
def put_off(by: User, ticket: Ticket, waits: str, typed: str, at: datetime) -> Ticket:
    """It waits for something. Errors: ValidationError by field (waits, words)."""
    present = _locked(ticket)
    if waits not in Waits.values:
        raise ValidationError({"waits": [N_("Choose one of the list.")]})
    words = _words(typed, "words")
    present.state, present.waits = TicketState.WAITING, waits
    _write(present, StepCode.WAITING, by, at, waits=waits, words=words)
    return present


@transaction.atomic
def note(by: User, ticket: Ticket, typed: str, at: datetime) -> None:
    """Errors: ValidationError by field (note). Also on what is done."""
    words = _words(typed, "note", needed=N_("Write something down."))
    TicketStep.objects.create(at=at, by=by, ticket=ticket.key, code=StepCode.NOTED, words=words)


@transaction.atomic
def close(by: User, ticket: Ticket, typed: str, at: datetime) -> Ticket:
    """By hand, with why. Errors: ValidationError by field (why)."""
    present = _locked(ticket)
    words = _words(typed, "why", needed=N_("Say why it is done although the fault may go on."))
    _close(present, by, words, at)
    return present


@transaction.atomic
def reopen(by: User, ticket: Ticket, typed: str, at: datetime) -> Ticket:
    """What is done is not: whose it was has it to do again until a person closes it. Errors: ValidationError (field: again)."""
    present = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
    if present.state != TicketState.CLOSED:
        raise ValidationError(N_("It is open already."))
    words = _words(typed, "again", needed=N_("Say why it is to be done again."))
    same = Ticket.objects.exclude(state=TicketState.CLOSED).filter(fault=present.fault, camera=present.camera, feed=present.feed)
    if same.exists():
        raise ValidationError({"again": [N_("This fault has another ticket by now, which is open: write a note there.")]})
    present.state, present.closed, present.by_hand, present.taken_by = TicketState.OPEN, None, False, None
    present.stays = True
    _write(present, StepCode.REOPENED, by, at, words=words)
    return present


def steps_of(ticket: Ticket) -> list[TicketStep]:
    """What happened to it, in order."""
    return list(TicketStep.objects.filter(ticket=ticket.key).select_related("by"))


def hand_over(old: Hamlet, new: Hamlet, **_signal: Any) -> None:
    """A hamlet goes into another: what its team had to see to is the other's, with a step. Within the merge's transaction."""
    unit, at = hamlet_unit(new), timezone.now()
    for ticket in Ticket.objects.select_for_update(of=("self",)).filter(unit__place=place_key(old)):
        if ticket.state != TicketState.CLOSED:
            ticket.unit = unit
            _write(ticket, StepCode.ASSIGNED, None, at, whom=Whom(unit=unit).key)
