from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client

from luytre.base.environment import Listen
from luytre.base.i18n import use_language
from luytre.bridge.recorder import RecorderClient
from luytre.bridge.tokens import TokenMint
from luytre.civic.access.models import User
from luytre.web import messages
from luytre.web import ports as ports_module
from luytre.web.mover import mover
from luytre.web.ports import Ports
from luytre.web.templatetags import ui
from tests.web.cast import FakeDevices, FakeFinder, FakeRecorder
from tests.web.house import migrated

__all__ = ["migrated"]

KEY = "a" * 64
OFFLINE = """<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'none'">"""
ENTRIES = (
    "account", "app", "sw", "wall", "camera", "playback", "masks", "map", "survey", "acceptance",
    "tell", "tell-sw", "news", "news-sw", "appeal", "faces", "sign", "blur",
)  # fmt: skip


@pytest.fixture(scope="session", autouse=True)
def catalogue() -> None:
    messages.compile_all()


@pytest.fixture(autouse=True)
def built_pages(tmp_path: Path, settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Vite would have built, as far as templates look at it: the tests need no Node."""
    manifest = {f"src/{name}.ts": {"file": f"assets/{name}.js", "css": [f"assets/{name}.css"]} for name in ENTRIES}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    (tmp_path / "kiem-tra.html").write_text(OFFLINE)
    (tmp_path / "assets").mkdir()
    for worker in ("sw", "tell-sw", "news-sw"):
        (tmp_path / "assets" / f"{worker}.js").write_text("self")
    settings.LUYTRE_BUILD_DIR = tmp_path  # type: ignore[attr-defined]
    monkeypatch.setattr(ui, "_icons", lambda _folder: AnyIcon())


class AnyIcon(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return f"<!-- {name} -->"


@pytest.fixture(autouse=True)
def clean_words_and_counters() -> Iterator[None]:
    cache.clear()
    yield
    use_language("vi")


@pytest.fixture
def finder() -> FakeFinder:
    return FakeFinder()


@pytest.fixture
def devices() -> FakeDevices:
    return FakeDevices()


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch, finder: FakeFinder, devices: FakeDevices) -> FakeRecorder:
    fake = FakeRecorder()
    mint = TokenMint(KEY)
    client = RecorderClient(Listen("127.0.0.1", 1), mint)
    made = Ports(fake, fake, client, mint, finder, fake, devices)
    for module in (
        "acceptance",
        "account",
        "camera_views",
        "cameras",
        "device",
        "erased",
        "finding",
        "groups",
        "health",
        "holds",
        "masks",
        "media",
        "people",
        "regulation",
        "sheets",
        "start",
        "turning",
        "units",
    ):
        monkeypatch.setattr(f"luytre.web.views.{module}.ports", lambda: made)
    monkeypatch.setattr("luytre.web.tasks.ports", lambda: made)  # coverage and plans ask which cameras work
    monkeypatch.setattr("luytre.web.mover.ports", lambda: made)
    mover.cache_clear()
    monkeypatch.setattr(ports_module, "ports", lambda: made)
    return fake


@pytest.fixture
def log_in(db: None) -> Callable[[User], Client]:
    def enter(user: User, language: str = "") -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        if language:
            client.cookies["luytre_language"] = language
        return client

    return enter
