"""Settings of what is sent to people's telephones and mailboxes (ref/settings.md), as one value that shows no secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from urllib.parse import parse_qsl, unquote, urlsplit

from luytre.base.errors import UsageError
from luytre.base.i18n import N_

PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
JSON, FORM = "json", "form"


@dataclass(frozen=True, slots=True)
class MailServer:
    """`tls`: from the first word on (`smtps`); `starttls`: after a greeting; neither: in the clear, within one machine alone."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: bool
    starttls: bool
    sender: str


@dataclass(frozen=True, slots=True)
class SmsGateway:
    """A POST to `url`. `fields`: names and what stands in them, `{to}` and `{text}` are put in. `taken`: what an answer holds
    that says that it was taken; empty: any 2xx. `vnd`: what one part costs, in dong."""

    url: str
    fields: tuple[tuple[str, str], ...] = field(repr=False)
    kind: str
    authorization: str = field(repr=False)
    taken: str
    vnd: int
    accents: bool


@dataclass(frozen=True, slots=True)
class Zalo:
    """The Official Account's application. `template`: the number of the approved ZNS template with `title` and `words`."""

    app: str
    secret: str = field(repr=False)
    refresh: str = field(repr=False)
    template: str


@dataclass(frozen=True, slots=True)
class Sending:
    """What is set up. Push needs nothing but `LUYTRE_PUBLIC_URL`."""

    mail: MailServer | None = None
    sms: SmsGateway | None = None
    zalo: Zalo | None = None
    quiet: tuple[time, time] = (time(21, 30), time(6))


def read_sending(environ: Mapping[str, str]) -> Sending:
    """Errors: UsageError names the setting that is wrong, without what is secret in it."""
    return Sending(
        mail=_mail(environ.get("LUYTRE_SMTP_URL", ""), environ.get("LUYTRE_MAIL_FROM", "")),
        sms=_sms(environ),
        zalo=_zalo(environ),
        quiet=_quiet(environ.get("LUYTRE_QUIET_HOURS") or "21:30-06:00"),
    )


def _mail(text: str, sender: str) -> MailServer | None:
    if not text:
        return None
    try:
        parts = urlsplit(text)
        port = parts.port or PORTS[parts.scheme]
        host = parts.hostname or ""
    except (ValueError, KeyError):
        host, port = "", 0
    if not host:
        raise UsageError(
            N_("this is no mail server"), subject="LUYTRE_SMTP_URL",
            hint=N_("Write it like smtp://user:password@mail.example.com:587, with smtps:// for port 465."),
        )  # fmt: skip
    if "@" not in sender or any(not letter.isprintable() for letter in sender):
        raise UsageError(
            N_("mail needs a sender's address"), subject=f"LUYTRE_MAIL_FROM={sender}",
            hint=N_("Write it like canhbao@xa.example.vn."),
        )  # fmt: skip
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(host, port, user, password, parts.scheme == "smtps", parts.scheme == "smtp", sender)


def _sms(environ: Mapping[str, str]) -> SmsGateway | None:
    url = environ.get("LUYTRE_SMS_URL", "")
    if not url:
        return None
    _https(url, "LUYTRE_SMS_URL")
    fields = tuple(parse_qsl(environ.get("LUYTRE_SMS_FIELDS", ""), keep_blank_values=True))
    values = " ".join(value for _name, value in fields)
    if "{to}" not in values or "{text}" not in values:
        raise UsageError(
            N_("the gateway must be told the number and the words"), subject="LUYTRE_SMS_FIELDS",
            hint=N_("Write it like phone={to}&message={text}&brandname=XA."),
        )  # fmt: skip
    kind = environ.get("LUYTRE_SMS_KIND") or FORM
    vnd = environ.get("LUYTRE_SMS_VND") or "0"
    if kind not in (JSON, FORM) or not vnd.isascii() or not vnd.isdigit() or len(vnd) > 6:
        raise UsageError(
            N_("this is neither form nor json, or no price in dong"), subject=f"LUYTRE_SMS_KIND={kind}, LUYTRE_SMS_VND={vnd}"
        )
    return SmsGateway(
        url, fields, kind, environ.get("LUYTRE_SMS_AUTHORIZATION", ""), environ.get("LUYTRE_SMS_TAKEN", ""), int(vnd),
        environ.get("LUYTRE_SMS_ACCENTS", "") == "1",
    )  # fmt: skip


def _https(url: str, name: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise UsageError(
            N_("a gateway is reached by https alone: what goes there is a telephone number and a password"), subject=name,
            hint=N_("Write it like https://sms.example.com/send."),
        )  # fmt: skip


def _zalo(environ: Mapping[str, str]) -> Zalo | None:
    app, template = environ.get("LUYTRE_ZALO_APP", ""), environ.get("LUYTRE_ZALO_TEMPLATE", "")
    secret, refresh = environ.get("LUYTRE_ZALO_SECRET", ""), environ.get("LUYTRE_ZALO_REFRESH", "")
    if not app:
        return None
    if not (secret and refresh and template):
        raise UsageError(
            N_("Zalo needs the application's secret, a refresh token and a template"), subject=f"LUYTRE_ZALO_APP={app}",
            hint=N_("Set LUYTRE_ZALO_SECRET, LUYTRE_ZALO_REFRESH and LUYTRE_ZALO_TEMPLATE too, or leave all of them out."),
        )  # fmt: skip
    return Zalo(app, secret, refresh, template)


def _quiet(text: str) -> tuple[time, time]:
    try:
        start, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
        if start.tzinfo or end.tzinfo:
            raise ValueError
    except ValueError as error:
        raise UsageError(
            N_("quiet hours are two times of the day"), subject=f"LUYTRE_QUIET_HOURS={text}",
            hint=N_("Write it like 21:30-06:00; the same time twice: never quiet."),
        ) from error  # fmt: skip
    return start, end
