"""The view then and now: masked, each picture a look, for whom; accepted anew, erased, and a recorder that is down."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import Image

from luytre.base.polygons import SCALE
from luytre.civic.access.models import Look, Role
from luytre.civic.ports import PictureState, Status, StreamState
from luytre.civic.registry.masks import save_masks
from luytre.civic.registry.models import Camera
from tests.web.cast import JPEG, FakeRecorder, camera, chief, person
from tests.web.test_acceptance import photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("recorder")]
AT = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)


@pytest.fixture
def one(recorder: FakeRecorder) -> Camera:
    found = camera("Cổng chợ")
    recorder.now = Status(
        AT, (StreamState(found.key, "main", "recording", picture=PictureState("turned", since=AT, light="day")),)
    )
    return found


def test_both_pictures_stand_side_by_side_and_each_is_a_look(log_in: Any, one: Camera, recorder: FakeRecorder) -> None:
    recorder.accept(one.key, "vi")
    recorder.accept(one.key, "vi")
    client = log_in(chief())
    page = client.get(f"/cameras/{one.key}/views").content.decode()
    assert "Camera bị xoay lệch so với lúc nghiệm thu" in page
    assert f'src="/cameras/{one.key}/views/2-a"' in page
    assert "của lần nghiệm thu trước" in page
    assert f'src="/cameras/{one.key}/views/1-a"' in client.get(f"/cameras/{one.key}/views?view=1-a").content.decode()
    assert not Look.objects.exists(), "the page itself shows none"
    assert client.get(f"/cameras/{one.key}/views/2-a").content == JPEG
    assert recorder.views_shown == [(one.key, "2-a", False)], "masked"
    assert client.get(f"/cameras/{one.key}/views/9-z").status_code == 404
    assert [look.kind for look in Look.objects.all()] == ["live", "live"]


def test_what_it_shows_now_is_masked(log_in: Any, one: Camera, recorder: FakeRecorder, monkeypatch: pytest.MonkeyPatch) -> None:
    user = chief()
    save_masks(user, one, [((0, 0), (SCALE // 2, 0), (SCALE // 2, SCALE), (0, SCALE))], 0, AT)
    monkeypatch.setattr(recorder, "picture", lambda key: photo())
    client = log_in(user)
    shown = Image.open(io.BytesIO(client.get(f"/cameras/{one.key}/views/now").content)).convert("L").tobytes()
    assert shown[180 * 640 + 40] < 45 < shown[180 * 640 + 600]
    assert Look.objects.count() == 1
    for nothing in (b"", b"no picture"):
        monkeypatch.setattr(recorder, "picture", lambda key, told=nothing: told)
        assert client.get(f"/cameras/{one.key}/views/now").status_code == 404


def test_accepted_anew_and_erased(log_in: Any, one: Camera, recorder: FakeRecorder) -> None:
    client = log_in(chief())
    client.post(f"/cameras/{one.key}/views/accept")
    assert [mark.in_force for mark in recorder.marks[one.key]] == [True]
    recorder.refuses_view = "the picture is black"
    assert "The picture is black" in client.post(f"/cameras/{one.key}/views/accept", follow=True).content.decode()
    client.post(f"/cameras/{one.key}/views/1-a/forget")
    assert recorder.marks[one.key] == []
    assert client.post(f"/cameras/{one.key}/views/1-a/forget").status_code == 404


def test_a_recorder_that_is_down_is_told(log_in: Any, one: Camera, recorder: FakeRecorder) -> None:
    client = log_in(chief())
    recorder.now = None
    page = client.get(f"/cameras/{one.key}/views")
    assert (page.status_code, "Máy ghi không trả lời" in page.content.decode()) == (503, True)
    assert client.get(f"/cameras/{one.key}/views/now").status_code == 503
    assert client.get(f"/cameras/{one.key}/views/1-a").status_code == 503
    for what in ("accept", "1-a/forget"):
        assert "Máy ghi không trả lời" in client.post(f"/cameras/{one.key}/views/{what}", follow=True).content.decode()


def test_the_duty_compares_and_the_head_decides(log_in: Any, one: Camera) -> None:
    duty = log_in(person(Role.DUTY))
    page = duty.get(f"/cameras/{one.key}/views")
    assert page.status_code == 200
    assert "So với góc nhìn lúc này" not in page.content.decode()
    assert duty.post(f"/cameras/{one.key}/views/accept").status_code == 403
    assert log_in(person(Role.AUDITOR)).get(f"/cameras/{one.key}/views").status_code == 403
