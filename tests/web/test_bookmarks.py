"""Bookmarks: whose are seen, of which cameras, removed and brought back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from luytre.civic.access.models import Role, User
from luytre.civic.moments.bookmarks import add_bookmark, bookmarks_of, restore_bookmark
from luytre.civic.moments.models import Bookmark
from luytre.civic.registry.cameras import archive_camera
from tests.web.cast import camera, person, viewer_of

pytestmark = pytest.mark.django_db
AT_S = 1_795_500_000.5
AT = datetime.fromtimestamp(AT_S, UTC)


def post(client: Client, body: object, path: str = "/bookmarks") -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(path, text, content_type="application/json", headers={"Accept": "application/json"})


def listed(client: Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/bookmarks").json()["bookmarks"]
    return found


def test_a_moment_is_kept_listed_removed_and_brought_back(log_in: Callable[[User], Client]) -> None:
    one, two = camera("Cổng chợ"), camera("Ngã ba")
    client = log_in(person(Role.DUTY, display_name="Trực ban 1"))
    made = post(client, {"cameras": [one.key, two.key], "at": AT_S, "words": "  xe máy   đỏ "}).json()
    assert made == {
        "key": made["key"], "at": AT_S, "cameras": [one.key, two.key], "words": "xe máy đỏ", "by": "Trực ban 1", "own": True,
    }  # fmt: skip
    assert listed(client) == [made]
    assert post(client, {}, f"/bookmarks/{made['key']}/delete").status_code == 200
    assert listed(client) == []
    assert post(client, {}, f"/bookmarks/{made['key']}/delete").status_code == 404
    assert post(client, {}, f"/bookmarks/{made['key']}/restore").status_code == 200
    assert listed(client) == [made]


def test_those_on_duty_see_everyones_and_remove_only_their_own(log_in: Callable[[User], Client]) -> None:
    one, two = camera("Cổng chợ"), camera("Ngã ba")
    viewer, operator = viewer_of(one, history=True), person(Role.DUTY)
    of_viewer = add_bookmark(viewer, [one.key], AT)
    of_operator = add_bookmark(operator, [one.key, two.key], AT + timedelta(seconds=1))
    assert of_viewer is not None
    assert of_operator is not None
    assert [item["own"] for item in listed(log_in(operator))] == [True, False]
    assert [item["key"] for item in listed(log_in(viewer))] == [of_viewer.key]
    assert post(log_in(operator), {}, f"/bookmarks/{of_viewer.key}/delete").status_code == 404
    assert post(log_in(viewer), {}, f"/bookmarks/{of_operator.key}/restore").status_code == 404


def test_nothing_is_told_of_cameras_outside_the_scope(log_in: Callable[[User], Client]) -> None:
    mine, other, live_only = camera("Cổng chợ"), camera("Ngã ba"), camera("Cầu")
    viewer = viewer_of(mine, history=True)
    for cameras in ([other.key], [mine.key, other.key], ["nothere"], []):
        assert post(log_in(viewer), {"cameras": cameras, "at": AT_S}).status_code == 403
    assert post(log_in(viewer), {"cameras": [live_only.key], "at": AT_S}).status_code == 403
    kept = add_bookmark(viewer, [mine.key], AT)
    assert kept is not None
    Bookmark.objects.filter(key=kept.key).update(cameras=[mine.key, other.key])
    assert listed(log_in(viewer))[0]["cameras"] == [mine.key]
    archive_camera(mine)
    assert listed(log_in(viewer)) == []


def test_a_removed_one_is_gone_after_a_day() -> None:
    user, one = person(Role.DUTY), camera()
    kept = add_bookmark(user, [one.key], AT)
    assert kept is not None
    Bookmark.objects.filter(key=kept.key).update(removed=timezone.now() - timedelta(days=1, seconds=1))
    assert not restore_bookmark(user, kept.key)
    add_bookmark(user, [one.key], AT)
    assert not Bookmark.objects.filter(key=kept.key).exists()
    assert len(bookmarks_of(user)) == 1


BAD = ["", "[]", "7", "{}", '{"cameras": ["a"]}', '{"cameras": "a", "at": 1}', '{"cameras": ["a"], "at": true}',
       '{"cameras": ["a"], "at": NaN}', '{"cameras": ["a"], "at": 1e300}', '{"cameras": [1], "at": 1}',
       '{"cameras": ["a"], "at": 1, "words": 7}', '{"cameras": ["a"], "at": 1, "words": "\\u0000"}',
       '{"cameras": ["a"], "at": 1, "words": "\\ud800"}']  # fmt: skip


@pytest.mark.parametrize("body", BAD)
def test_what_is_no_bookmark_is_refused_in_words(log_in: Callable[[User], Client], body: str) -> None:
    answer = post(log_in(person(Role.DUTY)), body)
    assert answer.status_code == 400
    assert "Không hiểu" in answer.json()["message"]


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["cameras", "at", "words"]), inner),
    max_leaves=6,
)


class AnythingSent(TestCase):
    @given(JSON)
    def test_never_breaks_the_page(self, body: object) -> None:
        client = Client()
        user = User.objects.filter(username=Role.DUTY).first() or person(Role.DUTY)
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert post(client, body).status_code in (400, 403)
