"""Settings from the environment (ref/settings.md), read once, as one value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from luytre.base.environment_sending import Sending, read_sending
from luytre.base.errors import UsageError
from luytre.base.i18n import N_

DEFAULT_WEB_ADDR = "127.0.0.1:8080"
_OWN_HOSTS = ("localhost", "127.0.0.1", "[::1]")
"""Always answered: the recorder asks the web over loopback."""
DEFAULT_MEDIA_ADDR = "127.0.0.1:8081"
_LOCAL_NAMES = frozenset({"local", "localhost", "lan", "home", "internal", "intranet", "localdomain", "arpa"})
"""Names that end so are known in one building alone."""
TOKEN_LIFETIME_S = range(10, 301)  # the recorder believes none that lives longer
AT_ONCE = range(33)
SECOND_STEP_DAYS = range(366)
APPEALS_KEPT_DAYS = range(1, 3651)
DATABASES = ("sqlite", "postgres", "postgresql")


@dataclass(frozen=True, slots=True)
class Listen:
    """Where a process listens."""

    host: str
    port: int

    @property
    def for_url(self) -> str:
        """Host and port as a URL on this machine has them; a wildcard is reached over loopback."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(self.host, self.host)
        return f"[{host}]:{self.port}" if ":" in host and not host.startswith("[") else f"{host}:{self.port}"

    @property
    def is_wildcard(self) -> bool:
        return self.host in {"0.0.0.0", "::", ""}


@dataclass(frozen=True, slots=True)
class Environment:
    data: Path
    web: Listen
    media: Listen
    media_url: str
    """How browsers reach the recorder; empty: the page's own host with the recorder's port."""
    database_url: str
    time_zone: str
    hosts: tuple[str, ...]
    """Names under which browsers may ask for pages."""
    https: bool

    @property
    def secrets(self) -> Path:
        return self.data / "secrets"

    archive: Path
    """Where footage goes; its own disk, if there is one."""
    web_origins: tuple[str, ...]
    """Pages that may use the recorder; empty: those of the web's own addresses."""
    token_lifetime_s: int
    """How long what a page may see is believed without asking again."""
    transcode_at_once: int
    """So many pictures are made H.264 at once for browsers that cannot show H.265."""
    masked_at_once: int = 6
    """So many streams and clips have masks burned in at once."""
    second_step_days: int | None = 7
    """So many days after they got their role people who may look back or administer must log in in two steps; None: never."""
    public_url: str = ""
    """Where anybody reaches the public pages, from their own telephone; empty: nobody has said."""
    basemap: Path | None = None
    """A PMTiles file that is drawn below the map's own layers; None: a plain ground."""
    ntp_server: str = ""
    """Which time server cameras are told to follow: an IPv4 address; empty: this machine, as each camera sees it."""
    find_from: tuple[str, ...] = ()
    """From which of its own IPv4 addresses this machine asks for cameras; empty: from all that are of a local network."""
    sending: Sending = field(default_factory=Sending)
    appeals_kept_days: int = 180
    """So many days after its incident was closed a file of an owner is kept."""
    tsa_url: str = ""
    """Where evidence packages get their time stamps (RFC 3161); empty: they have none."""
    c2pa: bool = False
    """Whether copies for watching carry content credentials (C2PA)."""

    @property
    def origins(self) -> tuple[str, ...]:
        scheme = "https" if self.https else "http"
        port = "" if self.https else f":{self.web.port}"  # a proxy that speaks TLS listens where browsers expect it
        return self.web_origins or tuple(f"{scheme}://{host}{port}" for host in self.hosts)


def parse_listen(text: str, name: str) -> Listen:
    """`host:port`, `[v6]:port` or `:port`. Errors: UsageError."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise UsageError(
            N_("an address to listen on is a host and a port"), subject=f"{name}={text}", hint=N_("Write it like 127.0.0.1:8080.")
        )
    return Listen(host.strip("[]"), int(port))


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip().rstrip("/") for name in text.split(",") if name.strip())


def _database_url(text: str, data: Path) -> str:
    if not text:
        return f"sqlite:///{quote(str(data / 'luytre.sqlite3'))}"
    scheme, _colon, rest = text.partition("://")
    if scheme not in DATABASES or not rest.partition("/")[2]:
        raise UsageError(
            N_("this is no database that can be used"), subject=f"LUYTRE_DATABASE_URL={text}",
            hint=N_("Write it like postgres://user:password@host/name, or leave it out."),
        )  # fmt: skip
    return text


def _time_zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (KeyError, OSError, ValueError) as error:
        raise UsageError(
            N_("there is no such time zone"), subject=f"LUYTRE_TIME_ZONE={text}", hint=N_("Write it like Asia/Ho_Chi_Minh.")
        ) from error


def _origin(text: str, name: str) -> str:
    """`https://host[:port]` without a slash at its end."""
    origin = text.strip().rstrip("/")
    parts = urlsplit(origin)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise UsageError(
            N_("this is not an address that browsers can open"), subject=f"{name}={text}",
            hint=N_("Write it like https://camera.xa.example."),
        )  # fmt: skip
    return origin


def _public_url(text: str) -> str:
    """As `_origin`, for telephones in the street. Errors: UsageError also for what is reached in this building alone."""
    if not text.strip():
        return ""
    origin = _origin(text, "LUYTRE_PUBLIC_URL")
    parts = urlsplit(origin)
    if not _is_public(parts.hostname or "") or parts.path or parts.username:
        raise UsageError(
            N_("nobody outside this building can open this address"), subject=f"LUYTRE_PUBLIC_URL={text}",
            hint=N_("Give the name by which the internet reaches this machine, like https://camera.xa.example, or leave it out."),
        )  # fmt: skip
    return origin


def _is_public(host: str) -> bool:
    """A name with a dot, or a number of the internet (IPv4 alone: nobody types the other from a sign)."""
    try:
        return IPv4Address(host).is_global
    except ValueError:
        _before, dot, last = host.rstrip(".").rpartition(".")
        return bool(dot) and not last.isdigit() and last not in _LOCAL_NAMES


def _ntp_server(text: str) -> str:
    """An address in numbers: not every camera has a name server. Errors: UsageError."""
    if not text.strip():
        return ""
    try:
        return str(IPv4Address(text.strip()))
    except ValueError as error:
        raise UsageError(
            N_("a time server for cameras is an address in numbers"), subject=f"LUYTRE_NTP_SERVER={text}",
            hint=N_("Write it like 192.168.1.1, or leave it out: cameras then follow this machine."),
        ) from error  # fmt: skip


def _find_from(text: str) -> tuple[str, ...]:
    """Errors: UsageError also for an address of the internet: nobody there is asked for cameras."""
    try:
        found = tuple(IPv4Address(one) for one in _names(text))
    except ValueError:
        found = ()
    if (_names(text) and not found) or any(one.is_global or one.is_unspecified or one.is_multicast for one in found):
        raise UsageError(
            N_("cameras are asked for from addresses of a local network"), subject=f"LUYTRE_FIND_FROM={text}",
            hint=N_("Write this machine's own addresses like 192.168.1.10, 10.0.5.2, or leave it out: then all are asked from."),
        )  # fmt: skip
    return tuple(str(one) for one in found)


def _tsa_url(text: str) -> str:
    """As it is asked, with its path. Errors: UsageError."""
    parts = urlsplit(text.strip())
    if text.strip() and (parts.scheme not in ("http", "https") or not parts.hostname or parts.username):
        raise UsageError(
            N_("a time stamp's server has an address of the web"), subject=f"LUYTRE_TSA_URL={text}",
            hint=N_("Write it like https://tsa.example/tsr, or leave it out: packages then have no time stamp."),
        )  # fmt: skip
    return text.strip()


def _switch(text: str, name: str) -> bool:
    word = text.strip().lower()
    if word not in {"", "0", "no", "false", "off", "1", "yes", "true", "on"}:
        raise UsageError(N_("this is neither on nor off"), subject=f"{name}={text}", hint=N_("Write 1 or 0."))
    return word in {"1", "yes", "true", "on"}


def _token_lifetime_s(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) not in TOKEN_LIFETIME_S:
        raise UsageError(
            N_("the seconds must be a number from 10 to 300"), subject=f"LUYTRE_TOKEN_LIFETIME_S={text}",
            hint=N_("Leave it out for 300."),
        )  # fmt: skip
    return int(text)


def _at_once(environ: Mapping[str, str], name: str, default: str) -> int:
    text = environ.get(name) or default
    if not text.isascii() or not text.isdigit() or int(text) not in AT_ONCE:
        raise UsageError(
            N_("the pictures to convert at once must be a number from 0 to 32"), subject=f"{name}={text}",
            hint=N_("Leave it out: what the program takes then is good for most machines."),
        )  # fmt: skip
    return int(text)


def _second_step_days(text: str) -> int | None:
    if text == "off":
        return None
    if not text.isascii() or not text.isdigit() or int(text) not in SECOND_STEP_DAYS:
        raise UsageError(
            N_("the days until a second step is demanded must be a number from 0 to 365, or off"),
            subject=f"LUYTRE_SECOND_STEP_DAYS={text}", hint=N_("Leave it out for 7."),
        )  # fmt: skip
    return int(text)


def _appeals_kept_days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) not in APPEALS_KEPT_DAYS:
        raise UsageError(
            N_("the days that owners' files are kept must be a number from 1 to 3650"),
            subject=f"LUYTRE_APPEALS_KEPT_DAYS={text}", hint=N_("Leave it out for 180."),
        )  # fmt: skip
    return int(text)


def read_environment(environ: Mapping[str, str] = os.environ) -> Environment:
    """Errors: UsageError names the setting that is wrong."""
    data = Path(environ.get("LUYTRE_DATA") or "var").absolute()
    web = parse_listen(environ.get("LUYTRE_WEB_ADDR") or DEFAULT_WEB_ADDR, "LUYTRE_WEB_ADDR")
    media = parse_listen(environ.get("LUYTRE_MEDIA_ADDR") or DEFAULT_MEDIA_ADDR, "LUYTRE_MEDIA_ADDR")
    if web == media:
        raise UsageError(
            N_("pages and recorder cannot listen on the same address"), subject=f"LUYTRE_MEDIA_ADDR={media.for_url}",
            hint=N_("Give them two different ports."),
        )  # fmt: skip
    public_url = _public_url(environ.get("LUYTRE_PUBLIC_URL", ""))
    hosts = _names(f"{environ.get('LUYTRE_HOSTS', '')},{urlsplit(public_url).hostname or ''}")
    media_url = environ.get("LUYTRE_MEDIA_URL", "")
    return Environment(
        data=data,
        web=web,
        media=media,
        media_url=_origin(media_url, "LUYTRE_MEDIA_URL") if media_url else "",
        database_url=_database_url(environ.get("LUYTRE_DATABASE_URL", ""), data),
        time_zone=_time_zone(environ.get("LUYTRE_TIME_ZONE") or "Asia/Ho_Chi_Minh"),
        hosts=tuple(dict.fromkeys((*hosts, *_OWN_HOSTS, *(() if web.is_wildcard else (web.host,))))),
        https=_switch(environ.get("LUYTRE_HTTPS", ""), "LUYTRE_HTTPS"),
        archive=Path(environ.get("LUYTRE_ARCHIVE") or data / "archive").absolute(),
        web_origins=tuple(_origin(name, "LUYTRE_WEB_ORIGINS") for name in _names(environ.get("LUYTRE_WEB_ORIGINS", ""))),
        token_lifetime_s=_token_lifetime_s(environ.get("LUYTRE_TOKEN_LIFETIME_S") or str(TOKEN_LIFETIME_S[-1])),
        transcode_at_once=_at_once(environ, "LUYTRE_TRANSCODE_AT_ONCE", "2"),
        masked_at_once=_at_once(environ, "LUYTRE_MASKED_AT_ONCE", "6"),
        second_step_days=_second_step_days(environ.get("LUYTRE_SECOND_STEP_DAYS") or "7"),
        public_url=public_url,
        basemap=Path(environ["LUYTRE_BASEMAP"]).absolute() if environ.get("LUYTRE_BASEMAP") else None,
        ntp_server=_ntp_server(environ.get("LUYTRE_NTP_SERVER", "")),
        find_from=_find_from(environ.get("LUYTRE_FIND_FROM", "")),
        sending=read_sending(environ),
        appeals_kept_days=_appeals_kept_days(environ.get("LUYTRE_APPEALS_KEPT_DAYS") or "180"),
        tsa_url=_tsa_url(environ.get("LUYTRE_TSA_URL") or ""),
        c2pa=_switch(environ.get("LUYTRE_CONTENT_CREDENTIALS") or "", "LUYTRE_CONTENT_CREDENTIALS"),
    )
