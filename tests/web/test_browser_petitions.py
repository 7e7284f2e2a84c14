"""In Chromium: somebody's motorbike is gone; from the form on a telephone to the footage shown at the station.

No house of processes: Django's own server in a thread, on the test's connection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Lock, Thread
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connections
from django.test import Client
from django.test.testcases import QuietWSGIRequestHandler
from django.utils import timezone
from playwright.sync_api import Page, sync_playwright

from luytre.civic.access.models import Role, User
from luytre.civic.petitions.kinds import End
from luytre.civic.petitions.models import Petition, PetitionStep
from luytre.civic.registry.holds import hold_of
from luytre.civic.tips.pace import Pace
from luytre.web.forms_tips import local_input
from luytre.web.views import tip_public
from tests.web.cast import camera, person
from tests.web.house import CHROMIUM
from tests.web.test_browser_access import SIZES, serious

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def built_pages() -> None:
    """The real ones: what Vite built."""


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright's loop runs in this thread, and awaits nothing of ours
    monkeypatch.setattr(tip_public, "PACE", Pace(lambda: 0.0))
    settings.LUYTRE_SECRETS_DIR = tmp_path / "secrets"
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, data=tmp_path)
    tip_public.efforts.cache_clear()
    yield
    tip_public.efforts.cache_clear()


class OneAtATime:
    """The pages, one request after another: all of them use the test's own connection."""

    def __init__(self) -> None:
        self._pages, self._lock = WSGIHandler(), Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        with self._lock:
            return self._pages(environ, start_response)


@pytest.fixture
def web(db: None) -> Iterator[str]:
    """Django's own server in a thread, within the test's transaction."""
    ours = connections["default"]
    ours.inc_thread_sharing()
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler, connections_override={"default": ours})
    server.set_app(OneAtATime())
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    ours.dec_thread_sharing()


@pytest.fixture
def opened(web: str) -> Iterator[Callable[..., Page]]:
    """A page of this size, of somebody (None: without an account). The content policy is set aside for axe alone.

    Chromium is started here and ends here: Playwright's loop, while it runs, gives this thread other connections.
    """
    ours = connections["default"]
    with sync_playwright() as playwright:
        connections["default"] = ours
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

        def make(size: str, user: User | None = None) -> Page:
            context = started.new_context(viewport=SIZES[size], bypass_csp=True, service_workers="block", base_url=web)
            if user is not None:
                client = Client()
                client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
                session = client.cookies[settings.SESSION_COOKIE_NAME].value
                context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": web}])
            page = context.new_page()
            page.route("**/alerts/bar*", lambda route: route.abort())  # asked for by a clock; nothing here is about it
            return page

        yield make
        started.close()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_motorbike_is_gone_and_its_owner_sees_the_footage(opened: Callable[..., Page], tmp_path: Path) -> None:
    gate, now = camera("Cổng chợ"), timezone.now()
    victim = opened("phone")
    victim.goto(f"/xin-xem-hinh?camera={gate.code}")
    assert serious(victim) == []
    victim.click("button[type=submit]")  # at once, with nothing filled in
    assert victim.locator(".error:not(:empty)").count() >= 4
    assert serious(victim) == []
    victim.select_option("#id_about", "theft")
    victim.fill("#id_start", local_input(now - timedelta(hours=4)))
    victim.fill("#id_end", local_input(now - timedelta(hours=2)))
    victim.fill("#id_words", "Xe Wave đỏ, biển số 29-H1 123.45")
    victim.fill("#id_name", "Nguyễn Thị Mận")
    victim.fill("#id_phone", "0912 345 678")
    assert fits(victim)
    victim.click("button[type=submit]")
    code = victim.inner_text("#code")
    assert serious(victim) == []
    assert victim.context.cookies() == []

    key = Petition.objects.get().key
    duty = opened("desk", person(Role.DUTY))
    duty.goto("/petitions")
    assert serious(duty) == []
    duty.click("td a")
    assert "Mận" not in duty.content()
    duty.click("button[value=hold]")
    assert "đang giữ" in duty.inner_text("#cameras")
    hold = hold_of(Petition.objects.get().hold)
    assert hold is not None
    assert hold.cameras == (gate.key,)
    assert serious(duty) == []

    head = opened("desk", person(Role.HEAD))
    head.goto(f"/petitions/{key}")
    head.select_option("#id_decision", "shown")
    head.fill("#id_reason", "Xe của bà có trong hình lúc 10 giờ.")
    head.fill("#id_meet_at", local_input(now + timedelta(days=1)))
    head.fill("#id_meet_place", "Trụ sở Công an xã, phòng tiếp dân")
    head.click("form[action$='/decide'] button")
    assert "chờ thực hiện" in head.inner_text("main")

    victim.goto("/theo-doi")
    victim.fill("#code", code.lower().replace("-", " "))
    victim.click("button[type=submit]")
    said = victim.inner_text("main")
    for words in ("Xe của bà có trong hình lúc 10 giờ.", "phòng tiếp dân", "Cho xem tại trụ sở"):
        assert words in said, words
    assert serious(victim) == []
    assert fits(victim)

    duty.goto(f"/petitions/{key}")
    duty.fill("#id_seen", "Một người dắt xe ra khỏi cổng lúc 10:12.")
    duty.set_viewport_size(SIZES["phone"])
    assert fits(duty)
    assert serious(duty) == []
    duty.click("form[action$='/show'] button")
    assert Petition.objects.get().finish == End.SHOWN
    shown = PetitionStep.objects.get(code="shown")
    assert (shown.by is not None and shown.by.username, shown.cameras) == (Role.DUTY, gate.key)
    victim.goto("/theo-doi")
    victim.fill("#code", code)
    victim.click("button[type=submit]")
    assert "Đã giải quyết xong" in victim.inner_text("main")
