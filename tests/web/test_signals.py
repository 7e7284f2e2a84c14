"""Alarms through the web: sounded by a hamlet's team, seen by the duty, answered, entered for others, ended; drills; rights."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from luytre.civic.access.models import Role, User
from luytre.civic.coordination.builtin import BUILT_IN
from luytre.civic.incidents.desk import IncidentDraft, open_incident
from luytre.civic.incidents.models import Incident
from luytre.civic.registry.models import Hamlet
from luytre.civic.signals.models import Called, Sounding, TreeLine
from luytre.web import ringing
from luytre.web.forms_signals import EndForm, signal_words
from luytre.web.signal_words import SignalFilter
from tests.civic.incidents.test_incidents import of_team
from tests.web.cast import person

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
NOW = datetime.now(UTC).replace(microsecond=0)
THIEVES = signal_words(BUILT_IN.signals[1])


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Path) -> None:
    settings.LUYTRE_SECRETS_DIR = tmp_path / "secrets"
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, data=tmp_path)


@pytest.fixture
def east() -> Hamlet:
    return Hamlet.objects.create(name="Thôn Đông")


def text(answer: Any) -> str:
    return str(answer.content.decode())


def form_of(hamlet: Hamlet, **changes: object) -> dict[str, object]:
    return {
        "signal": THIEVES,
        "drill": "real",
        "hamlet": hamlet.pk,
        "means": "gong",
        "place": "ngã ba chợ",
        "once": "k1",
    } | changes


def test_a_team_sounds_the_duty_sees_it_and_it_is_ended(log_in: LogIn, east: Hamlet) -> None:
    sounder, head = of_team(east), of_team(east, Role.HAMLET_HEAD)
    user = person(Role.DUTY)
    team, duty, chief = log_in(sounder), log_in(user), log_in(head)
    refused = team.post("/signals/new", form_of(east, signal="", sounded="hôm qua"))
    assert (refused.status_code, "ngã ba chợ" in text(refused), "24/11/2026 14:05" in text(refused)) == (422, True, True)
    made = team.post("/signals/new", form_of(east))
    one = Sounding.objects.get()
    assert made.headers["Location"] == f"/signals/{one.key}"
    assert team.post("/signals/new", form_of(east)).headers["Location"] == f"/signals/{one.key}"  # pressed twice
    for client in (duty, chief):
        assert f'data-alarm="{one.key}' in text(client.get("/alerts/bar"))
        assert "Kẻng ba tiếng" in text(client.get("/alerts"))
    [call] = ringing.calls_of(user, NOW)
    assert (call.letter.title, call.letter.urgent) == (f"BÁO ĐỘNG {one.number_sign}: Kẻng ba tiếng một, ba hồi", True)
    assert "ngã ba chợ" not in repr(call)  # somebody's own words stay off the locked screen
    assert "data-alarm" not in text(team.get("/alerts/bar"))

    duty.post(f"/signals/{one.key}/answer", {"state": "coming"})
    chief.post(f"/signals/{one.key}/answer", {"state": "here"})
    assert "data-alarm" not in text(duty.get("/alerts/bar")) + text(chief.get("/alerts/bar"))
    assert ringing.calls_of(user, NOW) == []
    page = text(duty.get(f"/signals/{one.key}"))
    assert "2 trên 3" in page
    assert str(head) in page
    refused = duty.post(f"/signals/{one.key}/end", {"end": "done", "came": "nhiều", "outcome": "Bắt được hai người"})
    assert (refused.status_code, "Bắt được hai người" in text(refused), "ví dụ 25" in text(refused)) == (422, True, True)
    assert duty.post(f"/signals/{one.key}/note", {"said_note": " "}).status_code == 422
    duty.post(f"/signals/{one.key}/incident", {"kind": "theft"})
    incident = Incident.objects.get()
    assert f"/signals/{one.key}" in text(duty.get(f"/incidents/{incident.key}"))
    team.post(f"/signals/{one.key}/end", {"end": "done", "came": "25", "outcome": "Bắt được hai người"})
    assert "25 người đến" in text(duty.get("/signals"))
    told = text(duty.get(f"/shifts/report?day={timezone.localdate():%d/%m/%Y}"))
    assert f"{one.number_sign} Kẻng ba tiếng một, ba hồi, Thôn Đông" in told
    assert "ngã ba chợ" not in told
    assert "Kẻng ba tiếng" not in text(duty.get("/alerts"))


def test_a_drill_is_named_everywhere_and_sounds_nowhere(log_in: LogIn, east: Hamlet) -> None:
    user = person(Role.DUTY)
    team, duty = log_in(of_team(east)), log_in(user)
    assert 'value="drill" id="id_drill_1" checked' in text(team.get("/signals/new?drill=1"))
    team.post("/signals/new", form_of(east, drill="drill"))
    one = Sounding.objects.get()
    bar = text(duty.get("/alerts/bar"))
    assert "Diễn tập: Kẻng" in bar
    assert "data-alarm" not in bar
    for path in ("/alerts", "/signals", f"/signals/{one.key}", "/signals/new"):
        assert "Diễn tập: Kẻng" in text(duty.get(path)), path
    [call] = ringing.calls_of(user, NOW)
    assert (call.letter.title[:8], call.letter.urgent) == ("DIỄN TẬP", False)
    assert f"/signals/{one.key}/incident" not in text(duty.get(f"/signals/{one.key}"))
    duty.post(f"/signals/{one.key}/incident", {"kind": "theft"})
    assert not Incident.objects.exists()
    assert one.key in text(duty.get("/signals?what=drill"))
    duty.post(f"/signals/{one.key}/end", {"end": "done", "outcome": "Tốt"})
    assert one.key not in text(duty.get("/signals?what=real"))


def test_the_telephone_tree_and_who_was_reached(log_in: LogIn, east: Hamlet) -> None:
    west = Hamlet.objects.create(name="Thôn Đoài")
    team, other, duty = log_in(of_team(east)), log_in(of_team(west)), log_in(person(Role.DUTY))
    refused = team.post("/signals/tree/add", {"hamlet": east.pk, "name": "<b>Mận</b>", "phone": "gọi hộ"})
    assert (refused.status_code, "&lt;b&gt;Mận" in text(refused), "0912 345 678" in text(refused)) == (422, True, True)
    team.post("/signals/tree/add", {"hamlet": east.pk, "name": "<b>Mận</b>", "phone": "0912 345 678"})
    line = TreeLine.objects.get()
    assert "tel:0912345678" in text(team.get("/signals/tree"))
    assert other.get(f"/signals/tree?hamlet={east.pk}").status_code == 404
    for path in ("change", "remove", "earlier"):
        assert other.post(f"/signals/tree/{line.key}/{path}").status_code == 404
    assert other.post("/signals/tree/add", {"hamlet": east.pk, "name": "x"}).status_code == 404
    changed = {f"{line.key}-name": "Bà Mận", f"{line.key}-phone": "0912 345 678"}
    assert duty.post(f"/signals/tree/{line.key}/change", {**changed, f"{line.key}-name": ""}).status_code == 422
    duty.post(f"/signals/tree/{line.key}/change", changed)
    duty.post("/signals/new", form_of(east))
    one, called = Sounding.objects.get(), Called.objects.get(name="Bà Mận")
    at = f"/signals/{one.key}/called/{called.key}"
    assert "tel:0912345678" in text(team.get(f"/signals/{one.key}"))
    team.post(f"{at}/reach", {"reached": "no"})
    assert "gọi không được" in text(team.get(f"/signals/{one.key}"))
    refused = team.post(f"{at}/answer", {"state": "coming", "said": "2001-01-01T00:00"})
    assert (refused.status_code, "2001-01-01T00:00" in text(refused)) == (422, True)
    team.post(f"{at}/answer", {"state": "coming"})
    role = Called.objects.get(actor="security_team")
    assert team.post(f"/signals/{one.key}/called/{role.key}/answer", {"state": "here"}).status_code == 404
    called.refresh_from_db()
    assert (called.state, called.reached) == ("coming", False)
    for path in ("", "/answer", "/note", "/end"):
        assert other.post(f"/signals/{one.key}{path}").status_code in (404, 405)
    assert other.get(f"/signals/{one.key}").status_code == 404
    assert one.key not in text(other.get("/signals"))
    assert other.post("/signals/new", form_of(east)).status_code == 422


def test_the_list_the_report_and_the_sheet_by_hamlet_and_day(log_in: LogIn, east: Hamlet) -> None:
    import openpyxl

    west = Hamlet.objects.create(name="Thôn Đoài")
    of_team(east)
    duty = log_in(person(Role.DUTY))
    duty.post("/signals/new", form_of(east, place="=1+1"))
    duty.post("/signals/new", form_of(west, once="k2", drill="drill"))
    one, two = Sounding.objects.order_by("number")
    Sounding.objects.filter(pk=two.pk).update(ended=NOW, end="done")
    Sounding.objects.filter(pk=one.pk).update(ended=NOW, end="done", sounded=NOW - timedelta(days=3))
    here = f"{NOW + timedelta(hours=7):%d/%m/%Y}"
    for query, known in (
        ("", {one, two}), ("?what=real", {one}), (f"?hamlet={west.pk}", {two}), (f"?from={here}", {two}),
        (f"?to={here}&what=real", {one}), ("?from=99/99/9999&hamlet=-1&what=x", {one, two}), (f"?from={here}&what=real", set()),
    ):  # fmt: skip
        page = text(duty.get(f"/signals{query}"))
        assert {each for each in (one, two) if each.key in page} == known, query
    assert "Tổ bảo vệ" in text(duty.get(f"/signals/report?hamlet={east.pk}"))
    sheet = openpyxl.load_workbook(io.BytesIO(duty.get("/signals/sheet.xlsx?what=real").content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[7] for row in rows[1:]] == ["Công an xã trực ban", "Tổ bảo vệ an ninh, trật tự Thôn Đông"]
    assert rows[1][1] == "thật"
    assert not any(str(cell).startswith("=") for row in rows for cell in row)
    assert text(duty.get("/coordination")).count("/signals/table.pdf") == 1
    assert duty.get("/signals/table.pdf").content[:5] == b"%PDF-"


@given(st.dictionaries(st.sampled_from(["what", "hamlet", "from", "to"]), st.text(max_size=24)))
def test_a_filter_takes_anything_and_means_what_it_shows(typed: dict[str, str]) -> None:
    wanted = SignalFilter.of(RequestFactory().get("/signals", typed))
    assert wanted.what in ("", "real", "drill")
    assert wanted.hamlet == "" or int(wanted.hamlet) >= 0
    shown = {"what": wanted.what, "hamlet": wanted.hamlet, "from": wanted.first_typed, "to": wanted.last_typed}
    assert SignalFilter.of(RequestFactory().get("/signals", shown)) == wanted
    str(wanted.narrow(Sounding.objects.all()).query)  # days beyond the calendar are none


@given(st.text(max_size=12))
def test_how_many_came_is_a_number_or_told_at_its_field(typed: str) -> None:
    form = EndForm({"end": "done", "outcome": "x", "came": typed})
    assert form.is_valid() or set(form.errors) == {"came"}
    if form.is_valid():
        assert form.ending().came == (int(typed) if typed.strip() else None)


def test_from_an_incident_its_place_is_filled_in(log_in: LogIn, east: Hamlet) -> None:
    user = person(Role.DUTY)
    duty = log_in(user)
    incident = open_incident(user, IncidentDraft("theft", "Mất trâu", NOW, hamlet=east, place="bãi đê"), NOW)
    assert f"/signals/new?incident={incident.key}" in text(duty.get(f"/incidents/{incident.key}"))
    page = text(duty.get(f"/signals/new?incident={incident.key}"))
    assert 'value="bãi đê"' in page
    assert duty.get("/signals/new?incident=none").status_code == 404
    refused = duty.post(f"/signals/new?incident={incident.key}", form_of(east, drill="drill"))
    assert "không gắn với vụ việc" in text(refused)
    duty.post(f"/signals/new?incident={incident.key}", form_of(east))
    assert Sounding.objects.get().incident == incident
