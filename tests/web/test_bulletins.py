"""Bulletins through the web: issued from an incident, found by any writing of the plate, seen by a hamlet, printed, ended."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import localdate
from PIL import Image

from luytre.civic.access.models import Role, User
from luytre.civic.bulletins import pictures
from luytre.civic.bulletins.erasing import KEPT_DAYS
from luytre.civic.bulletins.models import Bulletin, Sighting
from luytre.civic.incidents import desk as incidents
from luytre.civic.incidents.desk import IncidentDraft
from luytre.civic.registry.models import Hamlet
from luytre.civic.survey.photos import path_of
from luytre.web import ringing
from luytre.web.tasks import DAILY, erase_bulletins
from luytre.web.views import bulletins
from tests.civic.bulletins.cast import issued
from tests.civic.incidents.test_incidents import of_team
from tests.web.cast import camera, person, viewer_of

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
NOW = datetime.now(UTC).replace(microsecond=0)
DAY = f"{localdate(NOW) + timedelta(days=7):%d/%m/%Y}"
SENT = {"kind": "motorbike", "title": "Xe Wave đỏ", "plate": "15B1-234.56", "look": "đỏ", "last_day": DAY}


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, data=tmp_path)


@pytest.fixture
def duty() -> User:
    return person(Role.DUTY)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def photo() -> SimpleUploadedFile:
    made = BytesIO()
    Image.new("RGB", (60, 40), "red").save(made, "PNG")
    return SimpleUploadedFile("xe.png", made.getvalue(), "image/png")


def test_from_an_incident_with_its_place_and_plate_and_nobody_s_name(log_in: LogIn, duty: User) -> None:
    client, east = log_in(duty), Hamlet.objects.create(name="Thôn Đông")
    draft = IncidentDraft("theft", "Mất xe 15B1-234.56", NOW, words="của bà Mận, 0912 345 678", hamlet=east, place="cổng chợ")
    incident = incidents.open_incident(duty, draft, NOW)
    assert f"/bulletins/new?incident={incident.key}" in text(client.get(f"/incidents/{incident.key}"))
    page = text(client.get(f"/bulletins/new?incident={incident.key}"))
    for there in ('value="Mất xe 15B1-234.56"', 'value="15B1-234.56"', "cổng chợ, Thôn Đông", f'value="{DAY}"'):
        assert there in page, there
    assert "Mận" not in page
    made = client.post(f"/bulletins/new?incident={incident.key}", SENT, follow=True)
    one = Bulletin.objects.get()
    assert made.redirect_chain[0][0] == f"/bulletins/{one.key}"
    assert one.incident == incident
    assert "không giống biển số" not in text(made)
    assert one.sign in text(client.get(f"/incidents/{incident.key}"))


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_or_chosen_is_lost(log_in: LogIn, duty: User) -> None:
    client, east = log_in(duty), Hamlet.objects.create(name="Thôn Đông")
    answer = client.post("/bulletins/new", {**SENT, "title": "", "plate": "abc", "hamlets": [east.pk], "picture": photo()})
    page = text(answer)
    assert (answer.status_code, 'value="abc"' in page, "Đã có ảnh" in page) == (422, True, True)
    assert "checked" in page
    kept = page.split('name="kept" value="')[1].split('"')[0]
    again = client.post("/bulletins/new", {**SENT, "plate": "abc", "hamlets": [east.pk], "kept": kept}, follow=True)
    one = Bulletin.objects.get()
    assert (one.width_px, one.everywhere) == (60, False)
    assert "không giống biển số" in text(again)
    shown = client.get(f"/bulletins/{one.key}/picture")
    assert (shown.headers["Content-Type"], shown.content[:2]) == ("image/jpeg", b"\xff\xd8")
    for wrong in (
        {"last_day": "31/02/2026"},
        {"last_day": "1/1/2099"},
        {"since": "x"},
        {"picture": SimpleUploadedFile("a", b"x")},
    ):
        assert client.post("/bulletins/new", {**SENT, **wrong}).status_code == 422, wrong
    assert client.post("/bulletins/new", {**SENT, "kept": kept + "x", "kind": "missing", "plate": ""}).status_code == 302
    assert client.post("/bulletins/new", {**SENT, "kept": kept, "kind": "missing"}).status_code == 422
    assert client.post("/bulletins/new", {**SENT, "kept": kept, "kind": "missing", "without": "on"}).status_code == 302


def test_found_by_words_and_by_the_plate_in_any_writing(log_in: LogIn, duty: User) -> None:
    client, bike = log_in(duty), issued(duty, at=NOW)
    boat = issued(duty, at=NOW, kind="boat", title="Ghe máy xanh", plate="HP-1234", look="", place="", words="")
    over = issued(duty, at=NOW - timedelta(days=20), days=3, title="Xe đạp điện", kind="bicycle", plate="", words="")
    for query, found in (
        ("", {bike, boat}), ("?q=15b123456", {bike}), ("?q=15-B1+23456", {bike}), ("?q=234.56", {bike}), ("?q=ghe+xanh", {boat}),
        ("?q=hp1234", {boat}), ("?state=ended", {over}), ("?state=all&q=xe", {bike, over}),
        ("?q=wave+23456", {bike}), ("?kind=boat", {boat}),
        ("?q=...", set()), ("?state=zz&kind=zz", {bike, boat}), (f"?q={boat.sign}", {boat}),
    ):  # fmt: skip
        page = text(client.get(f"/bulletins{query}"))
        assert {one for one in (bike, boat, over) if one.key in page} == found, query
    for page in ("/alerts", "/shifts", "/bulletins/line"):
        said = text(client.get(page))
        assert (bike.key in said, over.key in said) == (True, False), page


@pytest.mark.usefixtures("recorder")
def test_a_hamlet_tells_that_it_was_seen_and_the_issuer_looks_back(log_in: LogIn, duty: User) -> None:
    gate = camera("Cổng chợ")
    east = Hamlet.objects.get(name="Thôn Đông")
    team, office = log_in(of_team(east)), log_in(duty)
    one, other = issued(duty, at=NOW, hamlets=[east]), issued(duty, at=NOW, hamlets=[Hamlet.objects.create(name="Thôn Đoài")])
    for path in ("", "/picture", "/paper"):
        assert team.get(f"/bulletins/{other.key}{path}").status_code == 404
    assert team.post(f"/bulletins/{other.key}/seen", {"seen_place": "x"}).status_code == 404
    at = f"/bulletins/{one.key}"
    page = text(team.get(at))
    assert (gate.key in page, f"{at}/end" in page, "/bulletins/new" in page) == (True, False, False)
    refused = team.post(f"{at}/seen", {"seen_place": "", "seen_words": "đi về cầu"})
    assert (refused.status_code, "đi về cầu" in text(refused)) == (422, True)
    assert team.post(f"{at}/seen", {"seen_camera": "not-mine"}).status_code == 422
    seen = {"seen_place": "ngã ba", "seen_hamlet": east.pk, "seen_camera": gate.key, "seen_words": "đi về <b>cầu</b>"}
    for _press in range(2):
        team.post(f"{at}/seen", seen)
    sighting = Sighting.objects.get()
    bar = text(office.get("/alerts/bar"))
    assert (one.sign in bar, one.key in bar) == (True, True)
    [call] = ringing.calls_of(duty, NOW)
    assert (call.letter.words, call.letter.link) == ("Thôn Đông · có người báo đã thấy", f"{at}#seen")
    assert "15B1" not in repr(call)
    page = text(office.get(at))
    assert f"/playback?cameras={gate.key}&amp;at={int(sighting.seen.timestamp()) - 60}" in page
    assert "đi về &lt;b&gt;cầu" in page
    assert "/playback?" not in text(team.get(at))
    assert one.key not in text(office.get("/alerts/bar"))
    office.post(f"{at}/seen", {"seen_camera": camera("Ngã tư Đoài", hamlet="Thôn Đoài").key})
    assert "camera Ngã tư Đoài" in text(office.get(at))
    assert "Ngã tư Đoài" not in text(team.get(at))  # no camera of theirs
    assert ringing.calls_of(duty, NOW) == []


def test_prolonged_ended_printed_and_issued_anew(log_in: LogIn, duty: User) -> None:
    client, head, one = log_in(duty), log_in(person(Role.HEAD)), issued(duty, at=NOW)
    at, day = f"/bulletins/{one.key}", f"{localdate(NOW) + timedelta(days=20):%d/%m/%Y}"
    assert client.post(f"{at}/prolong", {"new_day": day, "prolong_note": ""}).status_code == 422
    assert client.post(f"{at}/prolong", {"new_day": "x", "prolong_note": "vẫn tìm"}).status_code == 422
    client.post(f"{at}/prolong", {"new_day": day, "prolong_note": "vẫn tìm"})
    assert day in text(client.get(at))
    paper = client.get(f"{at}/paper")
    assert (paper.headers["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    assert client.post(f"{at}/end", {"end": "withdrawn", "end_note": "x"}).status_code == 422  # the head's alone
    head.post(f"{at}/end", {"end": "withdrawn", "end_note": "ghi nhầm biển"})
    page = text(client.get(at))
    assert ("ghi nhầm biển" in page, f"{at}/seen" in page, f"{at}/prolong" in page) == (True, False, False)
    assert client.post(f"{at}/seen", {"seen_place": "chợ"}).status_code == 422
    again = text(client.get(f"/bulletins/new?from={one.key}"))
    assert 'value="15B1-234.56"' in again


def test_the_daily_work_erases_what_the_pages_kept(duty: User) -> None:
    kept = pictures.keep(bulletins.folder(), photo().read())
    issued(duty, at=NOW - timedelta(days=KEPT_DAYS + 9), days=3, picture=kept)
    path = path_of(bulletins.folder(), kept.sha256)
    os.utime(path, (NOW.timestamp() - 90_000,) * 2)
    assert erase_bulletins in DAILY
    erase_bulletins.func()
    assert (Bulletin.objects.get().title, path.exists()) == ("", False)


def test_the_wall_has_one_line_and_an_owner_none(log_in: LogIn, duty: User) -> None:
    for number in range(bulletins.IN_A_LINE + 1):
        issued(duty, at=NOW, title=f"Xe {number}")
    page = text(log_in(duty).get("/bulletins/line"))
    assert ("Xe 2" in page, "Xe 0" in page, "và 1" in page) == (True, False, True)
    assert log_in(viewer_of(role=Role.OWNER)).get("/bulletins/line").status_code == 403
