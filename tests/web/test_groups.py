"""The pages of camera groups, and a group as the place of a role."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client

from luytre.civic.access.models import Role, User
from luytre.civic.registry.groups import group_place
from luytre.civic.registry.models import CameraGroup
from tests.web.cast import FakeRecorder, camera, chief

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(log_in: Callable[[User], Client]) -> Client:
    return log_in(chief())


def test_a_group_is_made_given_changed_and_removed(
    admin: Client, recorder: FakeRecorder, log_in: Callable[[User], Client]
) -> None:
    one, two = camera("Một"), camera("Hai")
    admin.post("/settings/groups/add", {"name": "Trường học", "cameras": [one.key, two.key]})
    group = CameraGroup.objects.get()
    assert recorder.refreshed == 1
    user = User.objects.create_user("truc")
    form = admin.get(f"/people/{user.pk}/assign").content.decode()
    assert f'<option value="{group_place(group)}">Nhóm “Trường học”</option>' in form
    admin.post(f"/people/{user.pk}/assign", {"role": Role.SECURITY_TEAM, "place": group_place(group)})
    assert "nhóm “Trường học”" in admin.get(f"/people/{user.pk}").content.decode()
    team = log_in(user)
    body = {"right": "live", "cameras": [two.key]}
    assert team.post("/media/token", json.dumps(body), content_type="application/json").status_code == 200

    assert "truc" in admin.get(f"/settings/groups/{group.key}").content.decode()
    admin.post(f"/settings/groups/{group.key}", {"name": "Trường học", "cameras": [one.key]})
    assert recorder.refreshed == 2
    assert team.post("/media/token", json.dumps(body), content_type="application/json").status_code == 403
    assert "nhóm “Trường học” có 2 camera → nhóm “Trường học” có 1 camera" in admin.get(f"/people/{user.pk}").content.decode()

    said = admin.post(f"/settings/groups/{group.key}/remove", follow=True).content.decode()
    assert "còn được giao nhóm: truc" in said
    admin.post(f"/people/{user.pk}/assignments/{user.assignments.get().pk}/end")
    assert "Đã bỏ nhóm" in admin.post(f"/settings/groups/{group.key}/remove", follow=True).content.decode()
    assert admin.get(f"/settings/groups/{group.key}").status_code == 404
    assert "Chưa có nhóm nào" in admin.get("/settings/groups").content.decode()


def test_what_was_typed_stays_when_it_cannot_be_saved(admin: Client, recorder: FakeRecorder) -> None:
    one = camera()
    answer = admin.post("/settings/groups/add", {"name": "Trường học"})
    assert answer.status_code == 422
    assert 'value="Trường học"' in answer.content.decode()
    assert "Đánh dấu ít nhất một camera" in answer.content.decode()
    again = admin.post("/settings/groups/add", {"name": "", "cameras": [one.key]})
    assert f'value="{one.key}" checked' in again.content.decode()
    assert recorder.refreshed == 0
    assert not CameraGroup.objects.exists()
