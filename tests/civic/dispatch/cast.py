"""Channels and letters that the tests of this room play with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from luytre.civic.dispatch.channels import ChannelName, End, Letter, Outcome
from luytre.civic.dispatch.desk import Draft
from luytre.civic.dispatch.models import Message, Subscriber
from luytre.civic.dispatch.sending import read_in
from luytre.civic.dispatch.subscribing import Wish, confirm, subscribe
from luytre.civic.registry.models import Hamlet

KEY = b"k" * 32
NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
"""12:00 in the commune."""
NIGHT = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)


@dataclass
class FakeChannel:
    """Remembers what it was given; answers as `answer` says."""

    answer: Callable[[str], Outcome] = lambda _address: Outcome(End.SENT)
    sent: list[tuple[str, Letter]] = field(default_factory=list)

    def send(self, address: str, letter: Letter) -> Outcome:
        self.sent.append((address, letter))
        return self.answer(address)


def hamlet(name: str) -> Hamlet:
    return Hamlet.objects.get_or_create(name=name)[0]


def draft(**changes: Any) -> Draft:
    fields: dict[str, Any] = {
        "title": "Nước lên ở bến đò", "words": "Không qua ngầm từ 14:00.", "topic": "disaster", "everywhere": True,
        "until": NOON + timedelta(days=1),
    }  # fmt: skip
    return Draft(**{**fields, **changes})


def subscriber(number: int, *hamlets: Hamlet, **changes: Any) -> Subscriber:
    fields: dict[str, Any] = {
        "channel": ChannelName.MAIL, "address": f"nguoi{number}@example.vn", "topics": ("disaster",),
        "everywhere": not hamlets, "hamlets": hamlets,
    }  # fmt: skip
    one = subscribe(Wish(**{**fields, **changes}), KEY, NOON)
    confirm(one)
    return one


def letter(message: Message, one: Subscriber) -> Letter:
    title, words = read_in(message, one.language)
    return Letter(title, words, tag=message.key)
