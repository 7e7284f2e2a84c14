"""Which channels this machine has, and what a letter says in each; in one place, for pages and jobs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from django.conf import settings
from django.urls import reverse

from luytre.base.i18n import N_, translate
from luytre.bridge.senders.gateway import SmsChannel
from luytre.bridge.senders.mail import MailChannel
from luytre.bridge.senders.push import PushChannel, public_text, vapid_key
from luytre.bridge.senders.zalo import ZaloChannel
from luytre.civic.dispatch.addresses import dispatch_key
from luytre.civic.dispatch.channels import Channel, ChannelName, Letter
from luytre.civic.dispatch.models import Message, Subscriber
from luytre.civic.dispatch.quiet import Quiet
from luytre.civic.dispatch.sending import read_in
from luytre.civic.dispatch.subscribing import CONFIRM, END, link_of
from luytre.civic.registry.models import Commune

CONFIRM_TITLE = N_("Confirm that you wish for messages of the commune police")
CONFIRM_WORDS = N_(
    "Somebody, hopefully you, asked for messages of the commune police to come here. Press once to confirm: {link}"
)
KNOWN_TITLE = N_("Messages of the commune police come here already")
KNOWN_WORDS = N_(
    "Somebody asked for messages to come here; they do already, and nothing was changed. For others, end them first: {link}"
)
FOOT = N_("You wished for messages of the commune police. To end them: {link}")


@lru_cache(maxsize=1)
def key() -> bytes:
    return dispatch_key(settings.LUYTRE_SECRETS_DIR)


@lru_cache(maxsize=1)
def push_key() -> str:
    """What a browser must know of us to let us wake it."""
    return public_text(vapid_key(settings.LUYTRE_SECRETS_DIR))


def offered() -> tuple[ChannelName, ...]:
    """Channels that residents may choose. Without an address of the internet no link to confirm or to end leads anywhere."""
    environment = settings.ENVIRONMENT
    found = [ChannelName.PUSH]
    if environment.public_url:
        set_up = {
            ChannelName.MAIL: environment.sending.mail,
            ChannelName.SMS: environment.sending.sms,
            ChannelName.ZALO: environment.sending.zalo,
        }
        found += [name for name, one in set_up.items() if one is not None]
    return tuple(found)


@lru_cache(maxsize=1)
def channels() -> Mapping[ChannelName, Channel]:
    """Those that are set up, made at the first use."""
    sending, secrets = settings.ENVIRONMENT.sending, settings.LUYTRE_SECRETS_DIR
    found: dict[ChannelName, Channel] = {ChannelName.PUSH: PushChannel(vapid_key(secrets), _subject())}
    if sending.mail is not None:
        found[ChannelName.MAIL] = MailChannel(sending.mail, Commune.here().name or "Lũy Tre")
    if sending.sms is not None:
        found[ChannelName.SMS] = SmsChannel(sending.sms)
    if sending.zalo is not None:
        found[ChannelName.ZALO] = ZaloChannel(sending.zalo, secrets)
    return found


def _subject() -> str:
    """Whom a push service may ask about us (RFC 8292 §2.1)."""
    environment = settings.ENVIRONMENT
    if environment.public_url:
        return str(environment.public_url)
    return f"mailto:{environment.sending.mail.sender}" if environment.sending.mail else "https://localhost"


def quiet() -> Quiet:
    return Quiet(*settings.ENVIRONMENT.sending.quiet)


def address_of(route: str, *args: str) -> str:
    """A page's address as it stands in a letter; without an address of the internet it holds within the browser that got it."""
    return f"{settings.ENVIRONMENT.public_url}{reverse(route, args=args)}"


def end_link(one: Subscriber) -> str:
    return address_of("subscribe_end", link_of(key(), END, one))


def letter_for(message: Message, one: Subscriber) -> Letter:
    title, words = read_in(message, one.language)
    link, end = address_of("subscribe_message", message.key), end_link(one)
    if one.channel == ChannelName.MAIL:
        words = f"{words}\n\n{link}\n\n-- \n{translate(FOOT, one.language).format(link=end)}\n"
    elif one.channel == ChannelName.ZALO:
        end = ""
    return Letter(title, words, message.key, link, end, message.urgent, 86_400, one.language)


def letter_to_confirm(one: Subscriber) -> Letter:
    title, words = (KNOWN_TITLE, KNOWN_WORDS) if one.confirmed else (CONFIRM_TITLE, CONFIRM_WORDS)
    link = end_link(one) if one.confirmed else address_of("subscribe_confirm", link_of(key(), CONFIRM, one))
    return Letter(translate(title, one.language), translate(words, one.language).format(link=link), language=one.language)
