"""The seam of channels: what is sent, what can come of it. No Django, no network: `bridge.senders` fills it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from luytre.base.i18n import N_


class ChannelName(StrEnum):
    PUSH = "push"
    MAIL = "mail"
    SMS = "sms"
    ZALO = "zalo"


CHANNEL_WORDS = {
    ChannelName.PUSH: N_("notification on a telephone or computer"),
    ChannelName.MAIL: N_("e-mail"),
    ChannelName.SMS: N_("SMS"),
    ChannelName.ZALO: N_("Zalo"),
}


class End(StrEnum):
    """What came of one sending."""

    SENT = "sent"
    GONE = "gone"
    """The address is no more, or wants nothing from us: the subscription ends."""
    REFUSED = "refused"
    """This letter will never be taken; the address may be well."""
    LATER = "later"
    """Surely not sent; another try may succeed."""
    UNKNOWN = "unknown"
    """It may have arrived: never tried again."""


class Why(StrEnum):
    """What is wrong with a channel, as far as somebody here can do something about it."""

    NONE = ""
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    LOGIN = "login"
    CREDIT = "credit"
    ADDRESS = "address"
    LETTER = "letter"
    STRANGE = "strange"


WHY_WORDS = {
    Why.NO_ANSWER: N_("the server does not answer"),
    Why.BUSY: N_("the server wants less at once"),
    Why.LOGIN: N_("the server does not take our password or token"),
    Why.CREDIT: N_("the account with the provider has no money left"),
    Why.ADDRESS: N_("there is no such address"),
    Why.LETTER: N_("the server does not take this message"),
    Why.STRANGE: N_("the server gave an answer that nobody understands"),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """`again_s`: seconds that the server wants to be left alone; 0: it said nothing of that."""

    end: End
    why: Why = Why.NONE
    again_s: int = 0


@dataclass(frozen=True, slots=True)
class Letter:
    """What one address gets, in its language. `tag`: what replaces an older one of the same on a screen. `link`, `end_link`:
    where a press leads and where it ends, absolute. `ttl_s`: seconds after which it is worth nothing."""

    title: str
    words: str
    tag: str = ""
    link: str = ""
    end_link: str = ""
    urgent: bool = False
    ttl_s: int = 86_400
    language: str = "vi"


class Channel(Protocol):
    """Sends to one address. Blocks for seconds at most; safe among threads; raises nothing for what a server does."""

    def send(self, address: str, letter: Letter) -> Outcome: ...
