"""Settings from the environment (ref/settings.md), read once, as one value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from luytre.base.errors import UsageError
from luytre.base.i18n import N_

DEFAULT_WEB_ADDR = "127.0.0.1:8080"
DEFAULT_MEDIA_ADDR = "127.0.0.1:8081"


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

    @property
    def origins(self) -> tuple[str, ...]:
        scheme = "https" if self.https else "http"
        return self.web_origins or tuple(f"{scheme}://{host}:{self.web.port}" for host in self.hosts)


def parse_listen(text: str, name: str) -> Listen:
    """`host:port`, `[v6]:port` or `:port`. Errors: UsageError."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit() or not 0 < int(port) < 65536:
        raise UsageError(
            N_("an address to listen on is a host and a port"), subject=f"{name}={text}", hint=N_("Write it like 127.0.0.1:8080.")
        )
    return Listen(host.strip("[]"), int(port))


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip().rstrip("/") for name in text.split(",") if name.strip())


def read_environment(environ: Mapping[str, str] = os.environ) -> Environment:
    """Errors: UsageError names the setting that is wrong."""
    data = Path(environ.get("LUYTRE_DATA") or "var").absolute()
    web = parse_listen(environ.get("LUYTRE_WEB_ADDR") or DEFAULT_WEB_ADDR, "LUYTRE_WEB_ADDR")
    hosts = _names(environ.get("LUYTRE_HOSTS", ""))
    return Environment(
        data=data,
        web=web,
        media=parse_listen(environ.get("LUYTRE_MEDIA_ADDR") or DEFAULT_MEDIA_ADDR, "LUYTRE_MEDIA_ADDR"),
        media_url=environ.get("LUYTRE_MEDIA_URL", "").rstrip("/"),
        database_url=environ.get("LUYTRE_DATABASE_URL") or f"sqlite:///{data / 'luytre.sqlite3'}",
        time_zone=environ.get("LUYTRE_TIME_ZONE") or "Asia/Ho_Chi_Minh",
        hosts=hosts or ("localhost", "127.0.0.1", "[::1]", *(() if web.is_wildcard else (web.host,))),
        https=environ.get("LUYTRE_HTTPS", "").lower() in {"1", "yes", "true"},
        archive=Path(environ.get("LUYTRE_ARCHIVE") or data / "archive").absolute(),
        web_origins=_names(environ.get("LUYTRE_WEB_ORIGINS", "")),
    )
