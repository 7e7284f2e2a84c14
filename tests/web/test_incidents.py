"""Incidents through the web: from a tip, on the telephone of whoever goes, passed on in time, closed with an answer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from luytre.base.clock import FakeClock, from_datetime
from luytre.civic.access.models import Role, User
from luytre.civic.incidents import desk
from luytre.civic.incidents.desk import IncidentDraft
from luytre.civic.incidents.models import Concerned, Incident, State, Task
from luytre.civic.registry.models import Hamlet, HeldSpan
from luytre.civic.tips.models import Tip
from luytre.civic.tips.pace import Pace
from luytre.web.jobs import keep_clocks
from luytre.web.views import tip_public
from tests.civic.incidents.test_incidents import of_team
from tests.web.cast import FakeRecorder, camera, person

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(tip_public, "PACE", Pace(lambda: 0.0))
    settings.LUYTRE_SECRETS_DIR = tmp_path / "secrets"
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, data=tmp_path)


@pytest.fixture
def duty(log_in: LogIn) -> Client:
    return log_in(person(Role.DUTY))


def opened(kind: str = "disorder", hamlet: Hamlet | None = None) -> Incident:
    head = User.objects.filter(username="head").first() or person(Role.HEAD)
    return desk.open_incident(head, IncidentDraft(kind, "Đánh nhau ở chợ", NOW, hamlet=hamlet), NOW)


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.usefixtures("recorder")
def test_from_a_tip_to_its_answer(client: Client, duty: Client, log_in: LogIn) -> None:
    near = camera(position=(20.9124, 105.9718))
    hamlet = Hamlet.objects.get(name="Thôn Đông")
    team = log_in(of_team(hamlet))
    told = {"kind": "fire", "when": "now", "words": "Cháy nhà\nkhói to", "hamlet": hamlet.pk, "position": "20.9125, 105.9718"}
    code = client.post("/bao-tin", {**told, "sending": "a" * 32}, headers={"Accept": "application/json"}).json()["code"]
    tip = Tip.objects.get()
    page = text(duty.get(f"/incidents/new?tip={tip.key}"))
    assert 'value="Cháy nhà"' in page
    sent = {"kind": "fire", "title": "Cháy nhà", "happened": f"{tip_public.timezone.localtime(tip.received):%Y-%m-%dT%H:%M}"}
    sent |= {"hamlet": str(hamlet.pk), "position": "20.9125, 105.9718", "words": "Cháy nhà"}
    assert duty.post(f"/incidents/new?tip={tip.key}", {**sent, "position": "nowhere"}).status_code == 422
    made = duty.post(f"/incidents/new?tip={tip.key}", sent)
    incident = Incident.objects.get()
    assert made.headers["Location"] == f"/incidents/{incident.key}"
    assert list(HeldSpan.objects.values_list("camera", flat=True)) == [near.key]  # as the matrix wants it of a fire
    assert duty.get(f"/incidents/new?tip={tip.key}").headers["Location"] == f"/incidents/{incident.key}"
    page = text(duty.get(f"/incidents/{incident.key}"))
    at = int(incident.happened.timestamp()) - 60
    assert f"/playback?cameras={near.key}&amp;at={at}" in page
    assert f"/tips/{tip.key}" in page

    assert "Cháy nhà" in text(team.get("/alerts/bar"))
    assert "Cháy nhà" in text(team.get("/alerts"))
    page = text(team.get(f"/incidents/{incident.key}"))
    assert f"/tips/{tip.key}" not in page  # the tip itself was not given to the hamlet
    assert "/close" not in page
    team.post(f"/incidents/{incident.key}/accept")
    assert "data-alarm" not in text(team.get("/alerts/bar"))
    team.post(f"/incidents/{incident.key}/arrive")
    assert team.post(f"/incidents/{incident.key}/done", {"done_note": ""}).status_code == 422
    team.post(f"/incidents/{incident.key}/done", {"done_note": "Đã dập tắt"})
    assert "Cháy nhà" in text(duty.get("/alerts"))
    refused = duty.post(f"/incidents/{incident.key}/close", {"result": "settled", "close_note": "Xong", "recovered": "1.5"})
    assert refused.status_code == 422
    closing = {"result": "settled", "close_note": "Xong", "recovered": "35 triệu", "by_footage": "on"}
    assert "Viết điều người báo tin sẽ đọc" in text(duty.post(f"/incidents/{incident.key}/close", closing))
    duty.post(f"/incidents/{incident.key}/close", {**closing, "answer": "Đã dập tắt, không ai bị thương."})
    assert "không ai bị thương" in text(client.post("/theo-doi", {"code": code}))
    page = text(duty.get(f"/incidents/{incident.key}"))
    assert "thu hồi 35.000.000 đồng" in page
    assert "nhờ hình camera" in page


def test_who_is_not_called_meets_nothing(log_in: LogIn) -> None:
    east, west = Hamlet.objects.create(name="Thôn Đông"), Hamlet.objects.create(name="Thôn Đoài")
    own = log_in(of_team(east))
    incident = opened(hamlet=east)
    other = log_in(of_team(west))
    assert other.get(f"/incidents/{incident.key}").status_code == 404
    assert other.post(f"/incidents/{incident.key}/accept").status_code == 404
    assert incident.key not in text(other.get("/incidents?state=all"))
    for what in ("give", "close", "reopen", "link", "hold"):
        assert own.post(f"/incidents/{incident.key}/{what}").status_code == 403


def test_declined_given_linked_and_opened_again(duty: Client, log_in: LogIn) -> None:
    east = Hamlet.objects.create(name="Thôn Đông")
    team = log_in(of_team(east))
    one, two = opened(hamlet=east), opened()
    of_team(east, Role.HAMLET_HEAD)
    assert team.post(f"/incidents/{one.key}/decline", {"decline_note": " "}).status_code == 422
    team.post(f"/incidents/{one.key}/decline", {"decline_note": "đang ở xa"})
    assert one.sign in text(duty.get("/alerts/bar"))
    duty.post(f"/incidents/{one.key}/give", {"actor": "hamlet_head", "give_hamlet": "", "give_note": ""})
    assert "Chọn thôn" in text(duty.post(f"/incidents/{one.key}/give", {"actor": "hamlet_head", "give_hamlet": ""}))
    duty.post(f"/incidents/{one.key}/give", {"actor": "hamlet_head", "give_hamlet": east.pk, "give_note": "gần nhà"})
    assert "gần nhà" in text(duty.get(f"/incidents/{one.key}"))
    for wrong in ("x", "99/2026", "1/26", one.sign):
        assert duty.post(f"/incidents/{one.key}/link", {"other": wrong}).status_code == 422
    duty.post(f"/incidents/{one.key}/link", {"other": two.sign})
    assert two.sign in text(duty.get(f"/incidents/{one.key}"))
    duty.post(f"/incidents/{two.key}/close", {"result": "nothing", "close_note": "Không có gì"})
    assert duty.post(f"/incidents/{two.key}/accept").status_code == 302
    assert Incident.objects.get(pk=two.pk).state == State.CLOSED
    duty.post(f"/incidents/{two.key}/reopen", {"reopen_note": "Có tin mới"})
    duty.post(f"/incidents/{two.key}/note", {"said": "Đã gọi <b>người</b> báo"})
    assert "&lt;b&gt;" in text(duty.get(f"/incidents/{two.key}"))
    assert Incident.objects.get(pk=two.pk).state == State.CALLED


@pytest.mark.usefixtures("recorder")
def test_all_cameras_near_it_are_played_in_step_by_one_press(duty: Client) -> None:
    near = [camera(name, position=(20.9124, longitude)) for name, longitude in (("Cổng chợ", 105.9718), ("Ngã ba", 105.9722))]
    incident = opened()
    incident.latitude, incident.longitude = Decimal("20.912400"), Decimal("105.971800")
    incident.save()
    at = int(incident.happened.timestamp()) - 60
    page = text(duty.get(f"/incidents/{incident.key}"))
    assert f"/playback?cameras={near[0].key}%2C{near[1].key}&amp;at={at}" in page
    near[1].archived = True
    near[1].save()
    assert "%2C" not in text(duty.get(f"/incidents/{incident.key}"))


def test_a_task_on_the_telephone_of_another_hamlet(duty: Client, log_in: LogIn) -> None:
    east, west = Hamlet.objects.create(name="Thôn Đông"), Hamlet.objects.create(name="Thôn Đoài")
    first, helper = log_in(of_team(east)), log_in(of_team(west))
    incident = opened(hamlet=east)
    given = {"what": "Chặn ngã ba", "task_actor": "security_team", "task_hamlet": ""}
    refused = duty.post(f"/incidents/{incident.key}/tasks", given)
    assert (refused.status_code, "Chọn thôn" in text(refused), "Chặn ngã ba" in text(refused)) == (422, True, True)
    assert helper.get(f"/incidents/{incident.key}").status_code == 404
    duty.post(f"/incidents/{incident.key}/tasks", {**given, "task_hamlet": west.pk})
    task = Task.objects.get()
    at = f"/incidents/{incident.key}/tasks/{task.key}"
    assert "Chặn ngã ba" in text(helper.get("/alerts/bar"))
    assert "Chặn ngã ba" in text(helper.get("/alerts"))
    page = text(helper.get(f"/incidents/{incident.key}"))
    assert f"/incidents/{incident.key}/accept" not in page  # whoever has a task in it answers the task, not the incident
    for press in ("accept", "arrive", "done", "decline"):
        assert helper.post(f"/incidents/{incident.key}/{press}", {"done_note": "x", "decline_note": "x"}).status_code == 404
    assert Incident.objects.get().state == State.CALLED
    assert first.post(f"{at}/accept").status_code == 404  # who answers the incident sees it, and does nothing with it
    assert helper.post(f"{at}/drop", {"task_note": "x"}).status_code == 403
    helper.post(f"{at}/accept")
    assert "data-alarm" not in text(helper.get("/alerts/bar"))
    refused = helper.post(f"{at}/done", {"task_note": " "})
    assert refused.status_code == 422
    helper.post(f"{at}/decline", {"task_note": "xe hỏng"})
    assert "Chặn ngã ba" in text(duty.get("/alerts/bar"))
    assert "chưa ai làm" in text(duty.get("/alerts/bar"))
    duty.post(f"{at}/drop", {"task_note": "giao thôn khác"})
    page = text(duty.get(f"/incidents/{incident.key}"))
    assert "xe hỏng" in page
    assert "Đã rút lại" in page


def test_people_concerned_are_shown_by_a_press_alone(duty: Client, log_in: LogIn) -> None:
    east = Hamlet.objects.create(name="Thôn Đông")
    team = log_in(of_team(east))
    incident = opened(hamlet=east)
    person_ = {"part": "victim", "name": "<b>Mận</b> 😀", "phone": "0912 345 678", "address": "", "remark": "' OR 1=1 --"}
    refused = duty.post(f"/incidents/{incident.key}/people/add", {**person_, "part": ""})
    assert (refused.status_code, "0912 345 678" in text(refused)) == (422, True)  # nothing typed is lost
    duty.post(f"/incidents/{incident.key}/people/add", person_)
    page = text(duty.get(f"/incidents/{incident.key}"))
    assert "Bị hại" in page
    assert "Mận" not in page
    assert "Bị hại" not in text(team.get(f"/incidents/{incident.key}")).split('id="people"')[0]
    assert team.post(f"/incidents/{incident.key}/people").status_code == 403
    assert duty.get(f"/incidents/{incident.key}/people").status_code == 405
    shown = duty.post(f"/incidents/{incident.key}/people")
    assert shown.headers["Cache-Control"] == "no-store"
    assert "&lt;b&gt;Mận&lt;/b&gt; 😀" in text(shown)
    one = Concerned.objects.get()
    refused = duty.post(f"/incidents/{incident.key}/people/{one.key}/strike", {"strike_note": ""})
    assert refused.status_code == 422
    duty.post(f"/incidents/{incident.key}/people/{one.key}/strike", {"strike_note": "ghi nhầm"})
    assert not Concerned.objects.exists()


def test_the_list_by_state_kind_hamlet_and_words(duty: Client) -> None:
    hamlet = Hamlet.objects.create(name="Thôn Đông")
    of_team(hamlet)
    one, two = opened(hamlet=hamlet), opened("theft")
    for query, found in (
        ("", {one, two}), ("?kind=theft", {two}), (f"?hamlet={hamlet.pk}", {one}), (f"?q={two.sign}", {two}),
        ("?q=danh+nhau", {one, two}),
        ("?state=closed", set()), ("?state=mine", {two}), ("?state=all&kind=zz&hamlet=-1", {one, two}),
    ):  # fmt: skip
        page = text(duty.get(f"/incidents{query}"))
        assert {each for each in (one, two) if each.key in page} == found, query


def test_footage_of_a_place_that_nobody_named_cannot_be_held(duty: Client, recorder: FakeRecorder) -> None:
    incident = opened()
    answer = duty.post(f"/incidents/{incident.key}/hold", follow=True)
    assert "chọn ít nhất một camera" in text(answer)
    assert not HeldSpan.objects.exists()


def test_the_jobs_process_passes_on_what_ran_out() -> None:
    incident = opened()
    assert incident.due is not None
    stop = threading.Event()
    stop.set()
    keep_clocks(stop, FakeClock(from_datetime(incident.due - timedelta(seconds=5))), 0.0)
    assert Incident.objects.get().level == 0
    keep_clocks(stop, FakeClock(from_datetime(incident.due + timedelta(seconds=5))), 0.0)
    assert Incident.objects.get().level == 1
