"""The page where hidden areas are drawn, and the tokens that say who sees without them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import DatabaseError
from django.test import Client

from luytre.base.polygons import write_polygons
from luytre.civic.access.models import Look, LookKind, Role, User
from luytre.civic.registry.masks import drawn_of, masks_of
from luytre.civic.registry.models import Camera, MaskVersion
from luytre.web.views import masks as views
from tests.web.cast import JPEG, FakeRecorder, camera, chief, person, viewer_of
from tests.web.test_media import FROM, TO, ask, claims

pytestmark = pytest.mark.django_db
HOME = ((1000, 2000), (4000, 2000), (4000, 6000))


def address(one: Camera, more: str = "") -> str:
    return f"/cameras/{one.key}/masks{more}"


def drawing(page: Any) -> Any:
    return page.context["drawing"]


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.HEAD])
def test_drawn_kept_told_and_in_force_at_once(log_in: Callable[[User], Client], recorder: FakeRecorder, role: str) -> None:
    one, user = camera(), person(role)
    client = log_in(user)
    page = client.get(address(one))
    assert (page.status_code, drawing(page)["polygons"], page.context["number"]) == (200, [], 0)
    answer = client.post(address(one), {"version": "0", "polygons": write_polygons([HOME])}, follow=True)
    assert "Từ bây giờ có hiệu lực" in answer.content.decode()
    newest = masks_of(one)
    assert newest is not None
    assert (drawn_of(newest), newest.by, recorder.refreshed) == ((HOME,), user, 1)
    assert drawing(answer)["polygons"] == [[[0.1, 0.2], [0.4, 0.2], [0.4, 0.6]]]
    assert "1 vùng" in answer.content.decode()
    client.post(address(one), {"version": "1", "polygons": "[]"})
    assert MaskVersion.objects.count() == 2
    assert "không che gì" in client.get(address(one)).content.decode()


@pytest.mark.parametrize(
    ("polygons", "words"),
    [
        ("[[[0.1,0.1],[0.4,0.4],[0.4,0.1],[0.1,0.4]]]", "Vùng 1: Đường viền tự cắt"),
        ("[[[0.1,0.1],[0.4,0.4]]]", "Vùng 1: Mỗi vùng cần ít nhất ba điểm"),
        ("[[[0.1,0.1],[0.4,0.4],[0.4,1.1]]]", "Vùng 1: Có điểm nằm ngoài hình"),
        (json.dumps([[[0.1, 0.1], [0.4, 0.1], [0.4, 0.4]]] * 17), "nhiều nhất 16 vùng"),
        ("nonsense", "Không hiểu được"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_drawn_is_lost(
    log_in: Callable[[User], Client], recorder: FakeRecorder, polygons: str, words: str
) -> None:
    one = camera()
    answer = log_in(chief()).post(address(one), {"version": "0", "polygons": polygons})
    assert (answer.status_code, drawing(answer)["polygons"], recorder.refreshed) == (422, polygons, 0)
    assert words in answer.content.decode()
    assert masks_of(one) is None


def test_what_another_drew_meanwhile_is_not_overwritten(log_in: Callable[[User], Client], recorder: FakeRecorder) -> None:
    one, client = camera(), log_in(chief())
    client.post(address(one), {"version": "0", "polygons": write_polygons([HOME])})
    for version in ("0", "", "x", "9" * 30, "-1"):
        answer = client.post(address(one), {"version": version, "polygons": "[]"})
        assert (answer.status_code, "người khác đã sửa" in answer.content.decode().lower()) == (422, True)
    assert MaskVersion.objects.count() == 1


def test_a_recorder_that_is_down_is_told(log_in: Callable[[User], Client], recorder: FakeRecorder) -> None:
    one, recorder.now = camera(), None
    client = log_in(chief())
    answer = client.post(address(one), {"version": "0", "polygons": write_polygons([HOME])}, follow=True)
    assert "Máy ghi không trả lời" in answer.content.decode()
    assert client.get(address(one, "/picture")).status_code == 503


def test_the_picture_comes_after_its_row(
    log_in: Callable[[User], Client], recorder: FakeRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, user = camera(), person(Role.ADMINISTRATOR)
    client = log_in(user)
    answer = client.get(address(one, "/picture"))
    assert (answer.status_code, answer.content, answer["Cache-Control"]) == (200, JPEG, "private, no-store")
    look = Look.objects.get()
    assert (look.user, look.kind, look.camera, look.purpose) == (user, LookKind.LIVE, one.key, "một ảnh, để vẽ vùng che")

    def broken(*_: object, **__: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(views, "record_look", broken)
    with pytest.raises(DatabaseError):
        client.get(address(one, "/picture"))
    assert recorder.pictured == [one.key], "no row, no picture"


def test_a_camera_out_of_use_or_of_others_is_not_there(log_in: Callable[[User], Client], recorder: FakeRecorder) -> None:
    one = camera()
    one.archived = True
    one.save()
    for more in ("", "/picture"):
        assert log_in(chief(f"c{len(more)}")).get(address(one, more)).status_code == 404
    assert recorder.pictured == []


def ask_token(client: Client, cameras: list[str], **more: Any) -> dict[str, Any]:
    return claims(ask(client, right="live", cameras=cameras, **more).json()["token"])


@pytest.mark.usefixtures("recorder")
def test_a_token_says_who_sees_without_masks(log_in: Callable[[User], Client]) -> None:
    one, two = camera("Một"), camera("Hai")
    both = [one.key, two.key]
    assert ask_token(log_in(person(Role.HEAD)), both)["unmasked"] == ["*"]
    assert "unmasked" not in ask_token(log_in(viewer_of(one, two)), both)
    duty = log_in(person(Role.DUTY))
    body = {"right": "history", "from": FROM, "to": TO}
    assert claims(ask(duty, cameras=both, **body).json()["token"])["unmasked"] == ["*"]
    url = ask(duty, "/export", cameras=[one.key], **{"from": FROM, "to": TO}).json()["url"]
    assert "unmasked" not in claims(parse_qs(urlsplit(url).query)["token"][0]), "what leaves is masked, whoever takes it"


@pytest.mark.usefixtures("recorder")
def test_a_token_names_the_cameras_where_not_all_are_seen_without(
    log_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = camera("Một"), camera("Hai")
    monkeypatch.setattr("luytre.web.views.media.unmasked_of", lambda user, kind: Camera.objects.filter(pk=two.pk))
    assert ask_token(log_in(person(Role.DUTY)), [one.key, two.key])["unmasked"] == [two.key]
    monkeypatch.setattr("luytre.web.views.media.unmasked_of", lambda user, kind: Camera.objects.none())
    client = log_in(person(Role.HEAD))
    url = ask(client, "/export", cameras=[one.key], **{"from": FROM, "to": TO}).json()["url"]
    assert "unmasked" not in claims(parse_qs(urlsplit(url).query)["token"][0])
