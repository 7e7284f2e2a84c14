"""The pages of what cameras hang on: added, read as a tree, changed with its history, refused with nothing lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from luytre.civic.access.models import Role, User
from luytre.civic.registry.models import Feed, Firm
from tests.web.cast import camera, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(log_in: Callable[[User], Client]) -> Client:
    return log_in(person(Role.HEAD))


def test_a_firm_a_line_and_a_switch_with_its_cameras_and_their_history(head: Client) -> None:
    one, two = camera("Cổng chợ"), camera("Đình làng")
    assert head.post("/wiring/firms/add", {"name": "Điện lực", "phone": "0912 345 678"}).status_code == 302
    firm = Firm.objects.get()
    head.post("/wiring/add", {"kind": "line", "name": "Trục chính", "firm": firm.key})
    line = Feed.objects.get()
    sent = {"kind": "switch", "name": "Tủ 1", "hamlet": "Thôn Đông", "parent": line.key, "cameras": [one.key]}
    assert head.post("/wiring/add", sent).status_code == 302
    switch = Feed.objects.get(name="Tủ 1")
    page = head.get("/wiring").content.decode()
    for words in ("Trục chính", "mắc vào Trục chính", "Tuyến cáp", "0912 345 678", "1 camera chưa mắc vào đâu", "Đình làng"):
        assert words in page, words
    changed = sent | {"cameras": [one.key, two.key], "revision": switch.revision}
    assert head.post(f"/wiring/{switch.key}", changed).status_code == 302
    form = head.get(f"/wiring/{switch.key}").content.decode()
    assert "Camera: Cổng chợ → " in form
    assert "Đình làng" in form.partition("Lịch sử")[2]
    stale = head.post(f"/wiring/{switch.key}", changed | {"name": "Tủ 2"})
    assert (stale.status_code, stale.context["stale"], 'value="Tủ 2"' in stale.content.decode()) == (422, True, True)
    head.post(f"/wiring/{line.key}/remove")
    head.post(f"/wiring/firms/{firm.key}/remove")
    assert list(Feed.objects.filter(archived=False).values_list("name", "parent", "firm")) == [("Tủ 1", None, None)]


def test_what_is_refused_stands_at_its_field(head: Client) -> None:
    head.post("/wiring/add", {"kind": "line", "name": "A"})
    top = Feed.objects.get()
    head.post("/wiring/add", {"kind": "switch", "name": "B", "parent": top.key})
    below = Feed.objects.get(name="B")
    circle = head.post(f"/wiring/{top.key}", {"kind": "line", "name": "A", "parent": below.key, "revision": 1})
    assert (circle.status_code, set(circle.context["form"].errors)) == (422, {"parent"})
    wrong = head.post("/wiring/add", {"kind": "x", "name": "", "note": "giữ", "cameras": ["z"]})
    assert set(wrong.context["form"].errors) == {"kind", "name", "cameras"}
    assert "giữ" in wrong.content.decode()
    firm = head.post("/wiring/firms/add", {"name": "Hải", "phone": "gọi anh Ba"})
    assert set(firm.context["form"].errors) == {"phone"}
