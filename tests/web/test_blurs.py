"""Pages of blurred spans: begun with a purpose, drawn, saved, refused with nothing lost; who meets them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape

import pytest
from django.test import Client

from luytre.civic.access.models import Role, User
from luytre.civic.blurring.models import Blur, BlurRevision
from luytre.civic.registry.cameras import archive_camera
from luytre.web import reasons
from tests.web.cast import camera, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("recorder")]
LogIn = Callable[[User], Client]
FROM = 1_732_428_000
TYPED = {
    "start": "24/11/2024 13:00:00", "end": "24/11/2024 13:01:00", "title": "biển số xe", "purpose": "order",
    "reference": "VV 12/2026",
}  # fmt: skip
DRAWN = json.dumps([[[FROM * 1000, 0.25, 0.25, 0.5, 0.125]]])


def test_a_span_is_begun_drawn_on_and_saved(log_in: LogIn) -> None:
    gate, client = camera("Cổng chợ"), log_in(person(Role.DUTY))
    form = client.get(f"/evidence/blurs/new?camera={gate.key}&in={FROM}&out={FROM + 60}&reference=VV+12/2026").content.decode()
    assert 'value="24/11/2024 13:00:00"' in form
    assert f'value="{gate.key}" selected' in form
    begun = [client.post("/evidence/blurs/new", {"camera": gate.key, **TYPED}).headers["Location"] for _ in range(2)]
    assert begun[0] == begun[1], "pressed twice"
    blur = Blur.objects.get()
    assert (blur.purpose_key, blur.reference, blur.span_start) == ("order", "VV 12/2026", datetime.fromtimestamp(FROM, UTC))
    page = client.get(begun[0]).content.decode()
    found = re.search(r'<script id="screen" type="application/json">(.*?)</script>', page)
    assert found is not None
    screen = json.loads(found[1])
    assert (screen["span"], screen["reason"]["reference"], screen["tracks"]) == (
        {"from": FROM, "to": FROM + 60},
        "VV 12/2026",
        [],
    )
    for _ in range(2):
        saved = client.post(f"{begun[0]}/save", {"tracks": DRAWN, "over": "0", "words": "lần đầu", "at": "1732428001000"})
        assert saved.headers["Location"] == f"{begun[0]}?at=1732428001000"
    assert BlurRevision.objects.count() == 1
    page = client.get(begun[0]).content.decode()
    assert "Đã lưu các vùng mờ." in page
    order = re.search(r'href="(/evidence/packages/new\?[^"]+)"', page)
    assert order is not None, "what was drawn leads to the copy that it is drawn for"
    asked = client.get(unescape(order[1])).content.decode()
    assert (
        f'value="{gate.key}" selected' in asked,
        'value="13:00:00 24/11/2024"' in asked or "24/11/2024 13:00:00" in asked,
    ) == (True, True)
    assert "VV 12/2026" in asked
    assert "đã lưu 1 lần" in client.get("/evidence/blurs").content.decode()


def test_what_is_refused_stands_at_its_field_and_loses_nothing(log_in: LogIn) -> None:
    gate, client = camera("Cổng chợ"), log_in(person(Role.DUTY))
    for wrong, words in [
        ({"end": "24/11/2024 12:00"}, "phải sau thời điểm bắt đầu"), ({"start": "bao giờ"}, "Không hiểu giờ này"),
        ({"camera": "elsewhere"}, ""), ({"title": " "}, ""),
        ({"end": "24/11/2024 15:00:01"}, "hai giờ"),
    ]:  # fmt: skip
        answer = client.post("/evidence/blurs/new", {"camera": gate.key, **TYPED, **wrong})
        page = answer.content.decode()
        assert (answer.status_code, words in page, 'value="24/11/2024' in page) == (422, True, True), wrong
    assert not Blur.objects.exists()
    key = client.post("/evidence/blurs/new", {"camera": gate.key, **TYPED}).headers["Location"]
    late = json.dumps([[[FROM * 1000, 0.25, 0.25, 0.5, 0.125]], [[FROM * 1000 - 9000, 0.5, 0.25, 0.25, 0.125]]])
    answer = client.post(f"{key}/save", {"tracks": late, "over": "0", "words": "thử"})
    assert answer.status_code == 422
    assert "Vùng 2 có mốc nằm ngoài đoạn hình" in answer.content.decode()
    assert str(FROM * 1000 - 9000) in answer.content.decode(), "what was drawn is lost"
    for bad in ("", "x", "[[]]"):
        assert client.post(f"{key}/save", {"tracks": bad, "over": "0"}).status_code == 422
    assert client.post(f"{key}/save", {"tracks": DRAWN, "over": "x"}).status_code == 422
    assert not BlurRevision.objects.exists()


def test_a_purpose_that_wants_a_number_gets_one(log_in: LogIn, monkeypatch: pytest.MonkeyPatch) -> None:
    asks = replace(reasons.offered("history", datetime.now(UTC))[0], reference=True)
    monkeypatch.setattr(reasons, "offered", lambda _way, _now: (asks,))
    gate, client = camera("Cổng chợ"), log_in(person(Role.DUTY))
    answer = client.post("/evidence/blurs/new", {"camera": gate.key, **TYPED, "reference": " "})
    assert answer.status_code == 422
    assert "cần số" in answer.content.decode()
    assert client.post("/evidence/blurs/new", {"camera": gate.key, **TYPED}).status_code == 302


def test_who_may_not_see_the_camera_reads_and_does_not_draw(log_in: LogIn) -> None:
    gate, mine = camera("Cổng chợ"), log_in(person(Role.DUTY))
    at = mine.post("/evidence/blurs/new", {"camera": gate.key, **TYPED}).headers["Location"]
    mine.post(f"{at}/save", {"tracks": DRAWN, "over": "0"})
    archive_camera(gate)
    for client in (log_in(person(Role.AUDITOR)), mine):  # he too, once the camera is out of use
        page = client.get(at).content.decode()
        assert "1 vùng" in page
        assert 'id="screen"' not in page
        assert client.post(f"{at}/save", {"tracks": "[]", "over": "1"}).status_code in (403, 404)
        assert client.get("/evidence/blurs").status_code == 200
    assert log_in(person(Role.HAMLET_HEAD)).get(at).status_code in (403, 404)
    assert BlurRevision.objects.count() == 1
