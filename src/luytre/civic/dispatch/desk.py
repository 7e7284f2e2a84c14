"""Writing a message, approving it by another person, stopping it. Each step is one transaction: the row, and its chained step.

Approval makes the deliveries: one a subscriber who wishes for it at that moment. `sending` sees to them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.assignments import EVERYWHERE, in_force
from luytre.civic.access.models import Role, User
from luytre.civic.access.ways import POLICE
from luytre.civic.dispatch.models import (
    MOST_TITLE,
    MOST_WHY,
    MOST_WORDS,
    Delivery,
    DeliveryState,
    DispatchStep,
    Message,
    State,
    StepCode,
    Subscriber,
    Topic,
)
from luytre.civic.dispatch.quiet import Quiet, quiet_until
from luytre.civic.dispatch.subscribing import wishing
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.refusals import Refusals

LONGEST = timedelta(days=30)
"""What matters longer is hung out, not sent."""
CHANGED_SINCE = N_("The message was changed since you read it: read it again below.")
NO_MORE = N_("Somebody decided on this message already.")


@dataclass(frozen=True, slots=True)
class Draft:
    title: str
    words: str
    topic: str
    until: datetime | None
    title_en: str = ""
    words_en: str = ""
    everywhere: bool = False
    hamlets: Sequence[Hamlet] = ()
    urgent: bool = False
    why_urgent: str = ""


def writes(user: User, at: datetime) -> bool:
    return any(one.place == EVERYWHERE and one.role in POLICE for one in in_force(user, at))


def approves(user: User, message: Message, at: datetime) -> bool:
    """The head, of what somebody else wrote."""
    head = any(one.place == EVERYWHERE and one.role == Role.HEAD for one in in_force(user, at))
    return head and message.written_by_id != user.pk


def write(by: User, draft: Draft, at: datetime) -> Message:
    """Errors: ValidationError by field."""
    fields = _checked(draft, at)
    with transaction.atomic():
        made = Message.objects.create(written=at, written_by=by, **fields)
        made.hamlets.set([] if draft.everywhere else draft.hamlets)
        _step(made, by, StepCode.WRITTEN, at, text=text_of(made))
    return made


def change(by: User, message: Message, draft: Draft, at: datetime) -> Message:
    """Another revision, by whoever writes it then: that person does not approve it either. Errors: ValidationError by field."""
    fields = _checked(draft, at)
    with transaction.atomic():
        found = _locked(message, State.WRITTEN)
        for name, value in (fields | {"written_by": by, "revision": found.revision + 1}).items():
            setattr(found, name, value)
        found.save()
        found.hamlets.set([] if draft.everywhere else draft.hamlets)
        _step(found, by, StepCode.CHANGED, at, text=text_of(found))
    return found


def _checked(draft: Draft, at: datetime) -> dict[str, Any]:
    """The row's fields. Errors: ValidationError by field, everything at once."""
    wrong = Refusals()
    title, title_en, why = one_line(draft.title), one_line(draft.title_en), one_line(draft.why_urgent)
    words, words_en = tidy(draft.words), tidy(draft.words_en)
    _check_text(wrong, title, words)
    if bool(title_en) != bool(words_en):
        wrong.tell("words_en" if title_en else "title_en", N_("In English, write both the title and the words, or neither."))
    if len(title_en) > MOST_TITLE or len(words_en) > MOST_WORDS:
        wrong.tell("words_en", N_("80 letters for the title and 600 for the words at most."))
    if draft.topic not in Topic.values:
        wrong.tell("topic", N_("Choose what the message is about."))
    if not draft.everywhere and not draft.hamlets:
        wrong.tell("hamlets", N_("Choose at least one hamlet, or the whole commune."))
    if draft.urgent and not why:
        wrong.tell("why_urgent", N_("Say why it must wake people: it stands in the log."))
    if len(why) > MOST_WHY:
        wrong.tell("why_urgent", N_("200 letters at most."))
    if draft.until is None or draft.until <= at:
        wrong.tell("until", N_("Choose until when it matters: a moment that is still to come."))
    elif draft.until > at + LONGEST:
        wrong.tell("until", N_("30 days at most."))
    wrong.raise_any()
    return {
        "title": title, "words": words, "title_en": title_en, "words_en": words_en, "topic": draft.topic, "urgent": draft.urgent,
        "everywhere": draft.everywhere, "why_urgent": why if draft.urgent else "", "until": draft.until,
    }  # fmt: skip


def _check_text(wrong: Refusals, title: str, words: str) -> None:
    if not title:
        wrong.tell("title", N_("Write a title: it is what a locked telephone shows."))
    if len(title) > MOST_TITLE:
        wrong.tell("title", N_("80 letters at most."))
    if not words:
        wrong.tell("words", N_("Write what residents shall know or do."))
    if len(words) > MOST_WORDS:
        wrong.tell("words", N_("600 letters at most."))


def tidy(text: str) -> str:
    """Lines without control characters and blanks at their ends; no more than one empty line at a time."""
    lines = [one_line(line) for line in text.splitlines()]
    kept = [line for number, line in enumerate(lines) if line or (number and lines[number - 1])]
    return "\n".join(kept).strip()


def text_of(message: Message) -> str:
    """What is frozen: everything that decides what goes to whom."""
    hamlets = sorted(message.hamlets.values_list("name", flat=True))
    return json.dumps(
        {
            "title": message.title, "words": message.words, "title_en": message.title_en, "words_en": message.words_en,
            "topic": message.topic, "everywhere": message.everywhere, "hamlets": hamlets, "urgent": message.urgent,
            "why_urgent": message.why_urgent, "until": message.until.isoformat(), "revision": message.revision,
        },
        ensure_ascii=False, sort_keys=True,
    )  # fmt: skip


def approve(by: User, message: Message, revision: int, at: datetime, quiet: Quiet) -> Message:
    """It goes out: at once, or after the quiet hours. `revision`: the one that was read. Errors: ValidationError."""
    from django.utils import timezone

    with transaction.atomic():
        found = _locked(message, State.WRITTEN)
        if not approves(by, found, at):
            raise ValidationError(N_("Whoever wrote it does not approve it: the head does, and never the own words."))
        if found.revision != revision:
            raise ValidationError(CHANGED_SINCE)
        if found.until <= at:
            raise ValidationError(N_("The time until which it matters is over: change it first."))
        found.state, found.approved_by = State.SENDING, by
        found.save(update_fields=["state", "approved_by"])
        zone = timezone.get_default_timezone()
        waits = None if found.urgent else quiet_until(at, quiet, zone)
        _make_deliveries(found, waits or at)
        _step(found, by, StepCode.APPROVED, at, text=text_of(found))
    return found


def _make_deliveries(message: Message, due: datetime) -> None:
    mine = set(message.hamlets.values_list("pk", flat=True))
    rows = [
        Delivery(message=message, subscriber=one, hamlet_id=_hamlet_of(one, mine), channel=one.channel, due=due)
        for one in wishing(message).prefetch_related("hamlets")
    ]
    Delivery.objects.bulk_create(rows, batch_size=500)


def _hamlet_of(one: Subscriber, mine: set[int]) -> int | None:
    """Of the message's hamlets (of a message to all: any) one that was wished for."""
    wished = sorted(hamlet.pk for hamlet in one.hamlets.all())
    return next((each for each in wished if not mine or each in mine), None)


def refuse(by: User, message: Message, why: str, at: datetime) -> None:
    """Errors: ValidationError."""
    if not one_line(why):
        raise ValidationError({"why": N_("Say why: whoever wrote it reads it.")})
    with transaction.atomic():
        found = _locked(message, State.WRITTEN)
        if not approves(by, found, at):
            raise ValidationError(N_("Whoever wrote it does not approve it: the head does, and never the own words."))
        found.state = State.REFUSED
        found.save(update_fields=["state"])
        _step(found, by, StepCode.REFUSED, at, note=why)


def stop(by: User, message: Message, why: str, at: datetime) -> None:
    """What has not left is not sent. Errors: ValidationError."""
    if not one_line(why):
        raise ValidationError({"why": N_("Say why: it stands in the log.")})
    with transaction.atomic():
        found = _locked(message, State.WRITTEN, State.SENDING)
        approved = found.state == State.SENDING
        found.state = State.STOPPED if approved else State.REFUSED
        found.save(update_fields=["state"])
        found.deliveries.filter(state=DeliveryState.WAITING).update(state=DeliveryState.DROPPED)
        _step(found, by, StepCode.STOPPED, at, note=why, **ended(found))


def ended(message: Message) -> dict[str, int]:
    """How many arrived, and how many did not or nobody knows."""
    counted = {row["state"]: row["many"] for row in message.deliveries.order_by().values("state").annotate(many=Count("pk"))}
    sent = counted.pop(DeliveryState.SENT, 0)
    return {"sent": sent, "failed": sum(counted.values())}


def steps_of(message: Message) -> list[DispatchStep]:
    return list(DispatchStep.objects.filter(message=message.key).select_related("by"))


def _locked(message: Message, *states: str) -> Message:
    """The row as it is now, held until the transaction ends. Errors: ValidationError where it is past these states."""
    found = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if found.state not in states:
        raise ValidationError(NO_MORE)
    return found


def _step(message: Message, by: User | None, code: str, at: datetime, **fields: Any) -> None:
    note = one_line(fields.pop("note", ""))[:400]
    DispatchStep.objects.create(at=at, by=by, message=message.key, code=code, revision=message.revision, note=note, **fields)


def finish(message: Message, at: datetime) -> bool:
    """Ends it where nothing of it waits any more or its time is over; by the job that sends."""
    with transaction.atomic():
        found = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
        if found.state != State.SENDING:
            return False
        if found.until <= at:
            found.deliveries.filter(state=DeliveryState.WAITING).update(state=DeliveryState.DROPPED)
        if found.deliveries.filter(state__in=(DeliveryState.WAITING, DeliveryState.CLAIMED)).exists():
            return False
        found.state = State.SENT
        found.save(update_fields=["state"])
        _step(found, None, StepCode.SENT, at, **ended(found))
    return True
