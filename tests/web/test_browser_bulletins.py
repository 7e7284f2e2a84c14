"""In Chromium, at a telephone's width: a bulletin is issued, somebody of a hamlet sees the motorbike, the desk looks back.

No house of processes: the server of the petitions' journey, on the test's connection.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page

from luytre.civic.access.models import Role
from luytre.civic.bulletins.models import Bulletin
from luytre.civic.registry.models import Hamlet
from tests.civic.incidents.test_incidents import of_team
from tests.web.cast import FakeRecorder, camera, person
from tests.web.house import until
from tests.web.test_browser_access import serious
from tests.web.test_browser_petitions import built_pages, fits, fresh, opened, web

__all__ = ["built_pages", "fresh", "opened", "web"]
pytestmark = pytest.mark.django_db


def test_a_motorbike_is_looked_for_and_seen(opened: Callable[..., Page], tmp_path: Path, recorder: FakeRecorder) -> None:
    gate = camera("Cổng chợ", position=(20.9124, 105.9718))
    duty, team = person(Role.DUTY), of_team(Hamlet.objects.get(name="Thôn Đông"))
    photo = tmp_path / "xe.jpg"
    Image.new("RGB", (800, 600), "darkred").save(photo)

    desk = opened("phone", duty)
    desk.goto("/bulletins")
    assert serious(desk) == []
    desk.click(".page-header a.btn-primary, main a.btn-primary")
    desk.click("form[enctype] button.btn-primary")  # with nothing filled in
    assert desk.locator(".error:not(:empty)").count() >= 2
    desk.select_option("#id_kind", "motorbike")
    desk.fill("#id_title", "Xe Wave đỏ bị lấy ở cổng chợ")
    desk.fill("#id_plate", "15b1 23456")
    desk.set_input_files("#id_picture", photo)
    assert serious(desk) == []
    assert fits(desk)
    desk.click("form[enctype] button.btn-primary")
    one = Bulletin.objects.get()
    assert desk.inner_text(".bulletin-plate") == "15b1 23456"
    until(lambda: desk.evaluate("document.querySelector('.bulletin-picture').naturalWidth") == 800, "the picture")
    assert serious(desk) == []
    assert fits(desk)

    phone = opened("phone", team)
    phone.goto("/bulletins?q=15B1-234.56")
    assert fits(phone)
    phone.click("td.first a")
    phone.fill("#id_seen_place", "ngã ba gần cầu")
    phone.select_option("#id_seen_hamlet", label="Thôn Đông")
    phone.click("form[action$='/seen'] button")
    assert "ngã ba gần cầu" in phone.inner_text("#seen")
    assert serious(phone) == []
    assert fits(phone)

    desk.goto("/alerts")
    assert "chưa ai đọc" in desk.inner_text("main")
    assert fits(desk)
    desk.click(f"a[href='/bulletins/{one.key}#seen']")
    desk.select_option("#id_seen_camera", gate.key)
    desk.click("form[action$='/seen'] button")
    link = desk.locator("#seen a[href^='/playback']").get_attribute("href") or ""
    assert abs(int(link.partition("at=")[2]) - datetime.now(UTC).timestamp()) < 200
    assert desk.request.get(f"/bulletins/{one.key}/paper").headers["content-type"] == "application/pdf"
