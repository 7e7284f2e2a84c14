"""The survey's pages and its two doors for telephones: nothing private in the shell, nothing twice, nobody's but one's own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luytre.civic.access.models import Role, User
from luytre.civic.access.permissions import PERMISSIONS, Scope
from luytre.civic.registry.eyes import draft_of, save_eye
from luytre.civic.registry.models import Eye
from luytre.civic.survey.models import Campaign, Entry, Need, Photo
from luytre.civic.survey.scope import OVERSEERS
from luytre.web.views import survey as survey_views
from tests.civic.survey.cast import AT, an_eye, body, hamlet, picture, sent, surveyor
from tests.web.cast import FakeRecorder, person

pytestmark = pytest.mark.django_db
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(), inside, max_size=3),
    max_leaves=8,
)
LogIn = Callable[[User], Client]


def post(client: Client, content: dict[str, Any]) -> Any:
    return client.post("/survey/entries", body(content), content_type="application/json")


def put(client: Client, number: str, data: bytes, sha256: str = "") -> Any:
    sha256 = sha256 or hashlib.sha256(data).hexdigest()
    return client.put(f"/survey/photos/{sha256}?entry={number}", data, content_type="image/jpeg")


@pytest.fixture(autouse=True)
def photos_here(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey_views, "photo_folder", lambda: tmp_path / "photos")


def test_every_role_has_its_place_in_the_survey() -> None:
    """Written out once more, so that a slip of the pen in the table is seen."""
    routes = {name for name, item in PERMISSIONS.items() if name.startswith("survey") and item.scope is not Scope.PUBLIC}
    overseen = {"survey_campaign_add", "survey_campaign", "survey_campaign_close"}
    by_role = {role: {name for name in routes if role in PERMISSIONS[name].roles} for role in ["", *map(str, Role)]}
    for role in (Role.SURVEYOR, Role.HAMLET_HEAD, Role.SECURITY_TEAM, Role.DUTY):
        assert by_role[role] == routes - overseen
    for role in (Role.HEAD, Role.ADMINISTRATOR):
        assert by_role[role] == routes
    assert by_role[Role.COMMITTEE] == {"survey_needs", "survey_need", "survey_photo"}
    assert not by_role[""] | by_role[Role.OWNER] | by_role[Role.AUDITOR] | by_role[Role.RESIDENT]
    assert PERMISSIONS["survey_campaign"].roles == OVERSEERS


def test_the_shell_is_the_same_for_everybody_and_the_page_alone_says_who_is_here(client: Client, log_in: LogIn) -> None:
    an_eye()
    shell = client.get("/survey/shell").content
    inside = log_in(surveyor(hamlet(), "nguoi-khao-sat"))
    assert inside.get("/survey/shell").content == shell
    for private in (b"nguoi-khao-sat", "Thôn Đông".encode(), "Cổng nhà văn hoá".encode(), b"csrfmiddlewaretoken"):
        assert private not in shell
    page = inside.get("/survey").content.decode()
    assert "nguoi-khao-sat" in page
    assert "Cổng nhà văn hoá" not in page
    assert client.get("/survey").headers["Location"] == "/login?next=%2Fsurvey"


def test_a_surveyor_comes_in_at_the_survey_and_the_list_is_his_own(log_in: LogIn) -> None:
    an_eye()
    an_eye("Nơi khác", "Thôn Đoài")
    client = log_in(surveyor(hamlet()))
    assert client.get("/").headers["Location"] == "/survey"
    answer = client.get("/survey/today")
    assert answer.headers["Cache-Control"] == "private, no-store"
    content = answer.json()
    assert [(one["name"], one["kind"], one["revision"]) for one in content["things"]] == [("Cổng nhà văn hoá", "eye", 1)]
    assert "0912" not in answer.content.decode()
    assert client.get("/wall").status_code == 403


def test_an_entry_and_its_photos_come_once_and_are_answered_the_same(log_in: LogIn) -> None:
    client, data = log_in(surveyor(hamlet())), picture((300, 200))
    sha256 = hashlib.sha256(data).hexdigest()
    content = sent(hamlet=hamlet().pk, photos=[{"sha256": sha256, "kind": "view"}])
    first, again = post(client, content), post(client, content)
    assert (first.status_code, first.json()) == (200, again.json())
    assert first.json()["missing"] == [sha256]
    assert [put(client, content["id"], data).json()["missing"] for _ in range(2)] == [[], []]
    assert (Eye.objects.count(), Entry.objects.count(), Photo.objects.count()) == (1, 1, 1)
    kept = Photo.objects.get()
    shown = client.get(f"/survey/photo/{kept.key}")
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/jpeg")
    assert hashlib.sha256(b"".join(shown)).hexdigest() == kept.sha256
    assert f"/survey/photo/{kept.key}" in log_in(person(Role.HEAD)).get(f"/eyes/{first.json()['target']}").content.decode()
    assert log_in(surveyor(hamlet("Thôn Đoài"), "other")).get(f"/survey/photo/{kept.key}").status_code == 404
    assert log_in(person(Role.COMMITTEE)).get(f"/survey/photo/{kept.key}").status_code == 404  # of an eye, not of a need
    assert client.post(f"/survey/photo/{kept.key}/remove").status_code == 302
    assert not Photo.objects.exists()
    assert post(client, content).json()["missing"] == [sha256]  # the telephone still has it, and may send it again


def test_what_is_no_photo_is_refused_and_the_entry_stays(log_in: LogIn) -> None:
    client = log_in(surveyor(hamlet()))
    video = b"\0\0\0\x18ftypisom" + b"\0" * 40
    content = sent("need", hamlet=hamlet().pk, photos=[{"sha256": hashlib.sha256(video).hexdigest(), "kind": "view"}])
    post(client, content)
    answer = put(client, content["id"], video)
    assert (answer.status_code, answer.json()["message"]) == (422, "Đây là tệp video. Khảo sát chỉ lưu ảnh, không lưu video.")
    assert put(client, content["id"], b"x" * (8 * 1024 * 1024 + 1)).status_code == 413
    assert put(client, content["id"], b"x").status_code == 404  # never announced
    assert put(client, str(uuid4()), video).status_code == 404
    assert put(client, "no-number", video).status_code == 404
    assert post(client, content | {"photos": []}).json()["missing"] == []  # taken out on the telephone
    assert Need.objects.count() == 1


def test_faults_come_back_by_field_in_the_persons_language(log_in: LogIn) -> None:
    client, content = log_in(surveyor(hamlet())), sent(hamlet=hamlet().pk)
    answer = post(client, content | {"fields": content["fields"] | {"bearing_deg": "400", "owner_phone": "gọi sau"}})
    assert answer.status_code == 422
    assert list(answer.json()["faults"]) == ["bearing_deg"]
    answer = post(client, content | {"fields": content["fields"] | {"owner_phone": "gọi sau"}})
    assert list(answer.json()["faults"]) == ["owner_phone"]
    assert post(client, content).json()["state"] == "applied"


def test_a_number_with_something_else_in_it_says_what_was_taken(log_in: LogIn) -> None:
    client, content = log_in(surveyor(hamlet())), sent(hamlet=hamlet().pk)
    target = post(client, content).json()["target"]
    changed = content["fields"] | {"bearing_deg": "90"}
    answer = post(client, content | {"fields": changed})
    assert (answer.status_code, answer.json()["target"], answer.json()["fields"]["bearing_deg"]) == (409, target, 135.0)
    assert "owner_name" not in answer.json()["fields"]
    again = {"id": str(uuid4()), "target": target, "base": 0, "fields": {"bearing_deg": "90"}, "before": answer.json()["fields"]}
    assert post(client, content | again).json()["state"] == "applied"
    assert Eye.objects.get().bearing_deg == 90.0


def test_another_hamlet_another_role_and_no_login_are_told_apart(client: Client, log_in: LogIn) -> None:
    content = sent(hamlet=hamlet().pk)
    assert (
        client.post(
            "/survey/entries", body(content), content_type="application/json", headers={"Accept": "application/json"}
        ).status_code
        == 401
    )
    answer = post(log_in(surveyor(hamlet("Thôn Đoài"))), content)
    assert (answer.status_code, answer.json()["error"]) == (403, "scope")
    assert post(log_in(person(Role.AUDITOR)), content).status_code == 403
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(surveyor(hamlet(), "strict"), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert post(strict, content).status_code == 403
    token = strict.get("/survey/ready").json()["csrf"]
    answer = strict.post("/survey/entries", body(content), content_type="application/json", headers={"X-CSRFToken": token})
    assert answer.json()["state"] == "applied"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=100) | JSON.map(lambda value: json.dumps(value).encode()) | st.builds(
    lambda part, value: json.dumps(sent() | {part: value}).encode(),
    st.sampled_from(["id", "kind", "made", "fields", "before", "photos", "target", "base", "hamlet", "campaign", "place"]), JSON,
))  # fmt: skip
def test_whatever_is_sent_is_never_an_error_of_ours(log_in: LogIn, content: bytes) -> None:
    user = User.objects.filter(username="any").first() or surveyor(None, "any")
    answer = log_in(user).post("/survey/entries", content, content_type="application/json")
    assert answer.status_code in (200, 400, 403, 422)


def test_two_versions_stand_side_by_side_and_each_field_is_chosen(log_in: LogIn) -> None:
    by, eye = surveyor(hamlet()), an_eye()
    client = log_in(by)
    save_eye(None, replace(draft_of(eye), condition="faulty", owner_phone="0988 000 111", height_m=3.5), AT, eye)
    fields = {"condition": "dead", "owner_phone": "0900 000 000", "height_m": "4"}
    content = sent(target=eye.key, base=1, fields=fields, before={"condition": "unknown", "height_m": None})
    assert post(client, content).json()["state"] == "conflict"
    listed = client.get("/survey/entries").content.decode()
    assert "1 phiếu đang chờ quyết định" in listed
    page = client.get(f"/survey/entries/{content['id']}").content.decode()
    assert "Hoạt động kém" in page
    assert "3,5" in page
    assert "0988 000 111" not in page  # the telephone's owner is not one who sees owners
    assert "0900 000 000" in page
    assert "0988 000 111" in log_in(person(Role.HEAD)).get(f"/survey/entries/{content['id']}").content.decode()
    assert log_in(surveyor(hamlet(), "other")).get(f"/survey/entries/{content['id']}").status_code == 404
    client.post(
        f"/survey/entries/{content['id']}", {"take-condition": "mine", "take-owner_phone": "theirs", "take-height_m": "theirs"}
    )
    eye.refresh_from_db()
    assert (eye.condition, eye.owner_phone, eye.height_m) == ("dead", "0988 000 111", 3.5)
    assert Entry.objects.get().state == "applied"


def test_whose_right_has_gone_decides_nothing_any_longer(log_in: LogIn) -> None:
    by, eye = surveyor(hamlet()), an_eye()
    client = log_in(by)
    save_eye(None, replace(draft_of(eye), condition="faulty"), AT, eye)
    content = sent(target=eye.key, base=1, fields={"condition": "dead"}, before={"condition": "unknown"})
    post(client, content)
    by.assignments.update(place="hamlet:999999")
    assert client.post(f"/survey/entries/{content['id']}", {"take-condition": "mine"}).status_code == 403
    eye.refresh_from_db()
    assert eye.condition == "faulty"


def test_a_campaign_is_made_shown_changed_and_closed_by_those_who_oversee(log_in: LogIn, recorder: FakeRecorder) -> None:
    place, by = hamlet(), surveyor(hamlet(), "di-khao-sat")
    head = log_in(person(Role.HEAD))
    form = {
        "name": "Đợt 1",
        "first_day": "24/11/2026",
        "last_day": "20/11/2026",
        "hamlets": [place.pk],
        f"target-{place.pk}": "x",
    }
    wrong = head.post("/survey/campaigns/add", form)
    assert wrong.status_code == 422
    assert "số nguyên" in wrong.content.decode()
    wrong = head.post("/survey/campaigns/add", form | {f"target-{place.pk}": "10"})
    assert 'value="10"' in wrong.content.decode()
    head.post("/survey/campaigns/add", form | {f"target-{place.pk}": "10", "last_day": "31/12/2026", "surveyors": [by.pk]})
    one = Campaign.objects.get()
    assert [(entry.hamlet, entry.target) for entry in one.places.all()] == [(place, 10)]
    post(log_in(by), sent(hamlet=place.pk, campaign=one.key))
    page = head.get("/survey/campaigns").content.decode()
    assert "1/10 (10 %)" in page
    assert log_in(by).get(f"/survey/campaigns/{one.key}").status_code == 403
    head.post(f"/survey/campaigns/{one.key}", form | {f"target-{place.pk}": "12", "last_day": "31/12/2026"})
    one.refresh_from_db()
    assert (one.places.get().target, one.surveyors.count()) == (12, 0)
    head.post(f"/survey/campaigns/{one.key}/close")
    assert log_in(by).get("/survey/today").json()["campaigns"] == []
    head.post(f"/survey/campaigns/{one.key}/close")
    one.refresh_from_db()
    assert one.closed is None


def test_needs_are_found_by_filters_and_their_state_is_the_heads_to_change(log_in: LogIn) -> None:
    by = surveyor(hamlet())
    client, head = log_in(by), log_in(person(Role.HEAD))
    post(client, sent("need", hamlet=hamlet().pk))
    need = Need.objects.get()
    assert "Ngã ba đình" in client.get("/survey/needs?state=open&reason=dark&q=lối").content.decode()
    assert "Ngã ba đình" not in client.get("/survey/needs?state=met").content.decode()
    assert "Ngã ba đình" in log_in(person(Role.COMMITTEE)).get(f"/survey/needs/{need.key}").content.decode()
    assert log_in(surveyor(hamlet("Thôn Đoài"), "other")).get(f"/survey/needs/{need.key}").status_code == 404
    assert client.post(f"/survey/needs/{need.key}", {"state": "met", "revision": 1}).status_code == 403
    path = f"/survey/needs/{need.key}"
    refused = head.post(path, {"state": "declined", "state_words": "", "revision": 1})
    assert (refused.status_code, "lý do không chấp thuận" in refused.content.decode()) == (422, True)
    assert head.post(path, {"state": "planned", "state_words": "đợt 2", "revision": 9}).status_code == 422
    assert head.post(path, {"state": "planned", "state_words": "đợt 2", "revision": 1}).status_code == 302
    need.refresh_from_db()
    assert (need.state, need.state_words, need.revision) == ("planned", "đợt 2", 2)
    assert timezone.now() >= need.changed
