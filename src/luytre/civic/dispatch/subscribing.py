"""Who wishes to be told what: asked for, confirmed, changed, ended. Links are made of the row's key: none is kept."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from luytre.base.i18n import N_
from luytre.civic.dispatch.addresses import BadAddress, digest_of, read_address
from luytre.civic.dispatch.channels import ChannelName
from luytre.civic.dispatch.models import Message, Subscriber, Topic
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.seal import seal

CONFIRM_WITHIN = timedelta(days=2)
CONFIRM, END = "confirm", "end"
_BAD = {
    ChannelName.PUSH: N_("This browser gave an address that cannot be used. Load the page anew and try again."),
    ChannelName.MAIL: N_("This is no e-mail address. Write it like ten@example.com."),
    ChannelName.SMS: N_("Write a Vietnamese mobile number, like 0912 345 678."),
    ChannelName.ZALO: N_("Write a Vietnamese mobile number, like 0912 345 678."),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """As the page sends it. `address`: as typed, of push the browser's JSON."""

    channel: ChannelName
    address: str
    topics: Sequence[str]
    everywhere: bool = False
    hamlets: Sequence[Hamlet] = ()
    language: str = "vi"


def subscribe(wish: Wish, key: bytes, at: datetime) -> Subscriber:
    """Makes it, or changes what the address wished for. Only a push address is confirmed by itself: the browser asked.

    Somebody else could type an address that has confirmed already; what it wishes for is then not changed until it is
    confirmed anew, so the row that comes back is the old one. Errors: ValidationError by field.
    """
    address = _checked(wish)
    digest = digest_of(key, f"address {wish.channel}", address)
    own = wish.channel is ChannelName.PUSH
    with transaction.atomic():
        found = Subscriber.objects.select_for_update().filter(channel=wish.channel, address_digest=digest).first()
        if found is not None and found.confirmed and not own:
            return found
        topics = f",{','.join(one for one in Topic.values if one in wish.topics)},"
        fields: dict[str, Any] = {
            "topics": topics, "everywhere": wish.everywhere, "language": wish.language, "asked": at, "confirmed": own,
        }  # fmt: skip
        one, _made = Subscriber.objects.update_or_create(
            channel=wish.channel,
            address_digest=digest,
            defaults=fields,
            create_defaults=fields | {"sealed_address": seal(address)},
        )
        one.hamlets.set([] if wish.everywhere else wish.hamlets)
    return one


def _checked(wish: Wish) -> str:
    """The address as it is kept. Errors: ValidationError by field, everything at once."""
    wrong: dict[str, str] = {}
    address = ""
    try:
        address = read_address(wish.channel, wish.address)
    except BadAddress:
        wrong["address"] = _BAD[wish.channel]
    if not set(wish.topics) & set(Topic.values):
        wrong["topics"] = N_("Choose at least one thing to be told about.")
    if not wish.everywhere and not wish.hamlets:
        wrong["hamlets"] = N_("Choose at least one hamlet, or the whole commune.")
    if wrong:
        raise ValidationError({field: [words] for field, words in wrong.items()})
    return address


def link_of(key: bytes, purpose: str, one: Subscriber) -> str:
    """What stands in a link to confirm or end: the row's key and its seal."""
    return f"{one.key}-{_seal(key, purpose, one.key)}"


def _seal(key: bytes, purpose: str, row: str) -> str:
    return digest_of(key, f"link {purpose}", row)[:32]


def by_link(key: bytes, purpose: str, link: str) -> Subscriber | None:
    """Whose link it is; None for one that ended, or that we did not make."""
    row, _, given = link.partition("-")
    if len(link) > 80 or not hmac.compare_digest(_seal(key, purpose, row).encode(), given.encode()):
        return None
    return Subscriber.objects.filter(key=row).first()


def confirm(one: Subscriber) -> None:
    Subscriber.objects.filter(pk=one.pk).update(confirmed=True)


def end(one: Subscriber) -> None:
    """Erased at once. What it got stays counted, without whose it was."""
    one.delete()


def end_push(key: bytes, address: str) -> bool:
    """Ends what this browser had wished for; False: it had nothing. Errors: BadAddress."""
    digest = digest_of(key, f"address {ChannelName.PUSH}", read_address(ChannelName.PUSH, address))
    return Subscriber.objects.filter(channel=ChannelName.PUSH, address_digest=digest).delete()[0] > 0


def forget_unconfirmed(at: datetime) -> int:
    """Erases those that nobody confirmed in time; returns how many."""
    return Subscriber.objects.filter(confirmed=False, asked__lt=at - CONFIRM_WITHIN).delete()[0]


def wishing(message: Message) -> QuerySet[Subscriber]:
    """Confirmed ones that want this topic in one of these hamlets."""
    found = Subscriber.objects.filter(confirmed=True, topics__contains=f",{message.topic},")
    if message.everywhere:
        return found
    return found.filter(Q(everywhere=True) | Q(hamlets__in=message.hamlets.all())).distinct()


def counts() -> dict[str, int]:
    """How many have confirmed, by channel."""
    from django.db.models import Count

    rows = Subscriber.objects.filter(confirmed=True).order_by().values("channel").annotate(many=Count("pk"))
    return {row["channel"]: row["many"] for row in rows}


def hand_over(old: Hamlet, new: Hamlet, **_signal: Any) -> None:
    """A hamlet goes into another: who wished for the one gets the other's. Within the merge's transaction."""
    for model in (Subscriber, Message):
        for one in model._default_manager.filter(hamlets=old):
            one.hamlets.add(new)
