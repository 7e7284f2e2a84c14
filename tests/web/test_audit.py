"""The auditor's page: finding looks, what is unusual, the state of the chain, the sheet."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from openpyxl import load_workbook

from luytre.civic.access import audit as queries
from luytre.civic.access.models import Look, LookKind, Role, User
from luytre.civic.chain.models import chained_models
from luytre.civic.chain.signing import parse_checkpoint
from luytre.civic.log_words import LOG_WORDS
from luytre.web.tasks import prove_logs
from luytre.web.views import audit
from tests.support.chains import unguarded
from tests.web.cast import FakeRecorder, camera, person

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "folder", lambda: tmp_path / "checkpoints")
    monkeypatch.setattr(settings, "LUYTRE_SECRETS_DIR", tmp_path / "secrets")


def look(user: User, at: datetime, kind: LookKind = LookKind.LIVE, key: str = "c", **more: str) -> Look:
    span = {} if kind is LookKind.LIVE else {"span_start": at - timedelta(hours=1), "span_end": at}
    return Look.objects.create(user=user, kind=kind, camera=key, at=at, **span, **more)


@pytest.fixture
def auditor(log_in: Callable[[User], Client], recorder: FakeRecorder) -> Client:
    return log_in(person(Role.AUDITOR))


def rows(client: Client, query: str = "") -> list[int]:
    response = client.get(f"/audit?{query}")
    assert response.status_code == 200
    return [line.look.seq for line in response.context["lines"]]


def test_looks_are_found_by_person_camera_kind_days_and_purpose(auditor: Client) -> None:
    one, two = person(Role.DUTY, "mot"), person(Role.DUTY, "hai")
    market = camera("Cổng chợ")
    look(one, NOON, key=market.key)
    look(two, NOON + timedelta(days=1), LookKind.HISTORY, market.key, purpose="mất xe", reference="VV-12")
    look(one, NOON + timedelta(days=2), LookKind.EXPORT, "gone", purpose_key="theft")
    assert rows(auditor) == [3, 2, 1]
    assert rows(auditor, f"person={one.pk}") == [3, 1]
    assert rows(auditor, f"camera={market.key}") == [2, 1]
    assert rows(auditor, "kind=history") == [2]
    assert rows(auditor, "from=2026-11-25") == [3, 2]
    assert rows(auditor, "from=2026-11-25&to=2026-11-25") == [2]
    assert rows(auditor, "purpose=vv-12") == [2]
    assert rows(auditor, "purpose=theft") == [3]
    assert rows(auditor, "bare=1") == [3]
    assert "Cổng chợ" in auditor.get("/audit?kind=history").content.decode()


def test_days_and_nights_are_the_communes(auditor: Client) -> None:
    user = person(Role.DUTY, "mot")
    for hour in (21, 22, 23, 24, 24 + 4, 24 + 5):
        look(user, datetime(2026, 11, 24, tzinfo=ZONE) + timedelta(hours=hour))
    assert rows(auditor, "night=1") == [5, 4, 3, 2]
    assert rows(auditor, "to=2026-11-24") == [3, 2, 1]


@pytest.mark.parametrize(
    "query", ["person=x", "kind=x", "from=31/02", "to=9999-12-31", "page=x", "page=99", "purpose=%00", "person=" + "9" * 30]
)
def test_an_address_that_was_typed_wrongly_still_answers(auditor: Client, query: str) -> None:
    look(person(Role.DUTY, "mot"), NOON)
    assert rows(auditor, query) in ([1], [])


class TestAnyAddress(TestCase):
    @given(st.text(), st.text(), st.text(), st.text())
    def test_any_words_in_the_address_are_a_filter(self, person_said: str, first: str, last: str, purpose: str) -> None:
        from django.test import RequestFactory

        said = {"person": person_said, "from": first, "to": last, "purpose": purpose}
        request = RequestFactory().get("/audit", {name: text.encode("utf-8", "replace") for name, text in said.items()})
        assert list(audit.filter_of(request).found()) == []


def test_pages_keep_the_filters(auditor: Client) -> None:
    user = person(Role.DUTY, "mot")
    for _ in range(audit.ON_A_PAGE + 1):
        look(user, NOON)
    response = auditor.get(f"/audit?person={user.pk}")
    assert len(response.context["lines"]) == audit.ON_A_PAGE
    assert f"?person={user.pk}&amp;page=2" in response.content.decode()
    assert rows(auditor, f"person={user.pk}&page=2") == [1]


def test_what_is_unusual_is_counted_and_no_more() -> None:
    night_owl, fond, plain = person(Role.DUTY, "cu"), person(Role.DUTY, "men"), person(Role.DUTY, "thuong")
    now = NOON + timedelta(days=1)
    for number in range(queries.NIGHT_LOOKS):
        look(night_owl, datetime(2026, 11, 24, 23, 30, tzinfo=ZONE), key=f"c{number}")
        if number:
            look(plain, datetime(2026, 11, 24, 23, 30, tzinfo=ZONE), key=f"c{number}")
    for _ in range(queries.SAME_CAMERA_LOOKS):
        look(fond, NOON, key="hers")
    look(plain, NOON, LookKind.HISTORY)
    look(fond, NOON, LookKind.HISTORY, reference="VV-1")
    look(fond, NOON - timedelta(days=queries.UNUSUAL_DAYS), LookKind.HISTORY)
    found = queries.unusual_looks(now, ZONE)
    assert found.night == (queries.Unusual(night_owl.pk, queries.NIGHT_LOOKS),)
    assert found.same_camera == (queries.Unusual(fond.pk, queries.SAME_CAMERA_LOOKS, "hers"),)
    assert found.bare == (queries.Unusual(plain.pk, 1),)
    assert found.first == (now - timedelta(days=queries.UNUSUAL_DAYS - 1)).date()


def test_an_unusual_line_links_to_the_looks_it_counted(auditor: Client) -> None:
    user = person(Role.DUTY, "mot")
    look(user, timezone.now(), LookKind.EXPORT)
    text = auditor.get("/audit").content.decode()
    first = queries.unusual_looks(timezone.now(), ZONE).first.isoformat()
    assert f'href="?person={user.pk}&amp;from={first}&amp;bare=1"' in text
    assert rows(auditor, f"person={user.pk}&from={first}&bare=1") == [1]


def test_the_log_is_checked_from_the_page(auditor: Client) -> None:
    look(person(Role.DUTY, "mot"), NOON)
    assert "Chưa kiểm tra" in auditor.get("/audit").content.decode()
    assert "Nguyên vẹn." in auditor.post("/audit/verify", follow=True).content.decode()
    with unguarded(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE access_look SET camera = 'x'")
    told = auditor.post("/audit/verify", follow=True).content.decode()
    assert "Nhật ký truy cập (access_look), dòng 1: bị sửa sau khi ghi (24/11/2026 12:00:00)" in told


def test_a_long_log_is_checked_by_the_jobs(auditor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    look(person(Role.DUTY, "mot"), NOON)
    monkeypatch.setattr(audit, "INLINE_ROWS", 0)
    assert "đang được kiểm tra" in auditor.post("/audit/verify", follow=True).content.decode()
    job = DBTaskResult.objects.get(task_path=prove_logs.module_path)
    job.set_successful(prove_logs.func())
    assert "Nguyên vẹn." in auditor.get("/audit").content.decode()


def test_a_checkpoint_is_signed_and_taken_away(auditor: Client) -> None:
    look(person(Role.DUTY, "mot"), NOON)
    assert "Chưa ký mốc" in auditor.get("/audit/checkpoint", follow=True).content.decode()
    shown = auditor.post("/audit/sign", follow=True).content.decode()
    signed = parse_checkpoint(auditor.get("/audit/checkpoint").content.decode())
    assert signed.holds()
    assert signed.public_key in shown
    assert "access_look" in {head.name for head in signed.heads if head.seq == 1}


def test_the_sheet_holds_what_was_found_and_runs_nothing(auditor: Client) -> None:
    user = person(Role.DUTY, "mot", display_name="=1+1")
    look(user, NOON)
    look(user, NOON, LookKind.HISTORY, purpose="mất xe", reference="VV-1")
    response = auditor.get("/audit/sheet?kind=history")
    sheet = load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    head, *body = sheet.iter_rows(values_only=True)
    assert (head[0], head[2]) == ("Dòng", "Người xem")
    assert [row[:4] for row in body] == [(2, "24/11/2026 12:00:00", "'=1+1", "mot")]
    assert body[0][9:11] == ("mất xe", "VV-1")


def test_a_sheet_that_is_cut_says_so(auditor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "MOST_IN_A_SHEET", 2)
    user = person(Role.DUTY, "mot")
    for hour in range(5):
        look(user, NOON + timedelta(hours=hour))
    sheet = load_workbook(io.BytesIO(auditor.get("/audit/sheet").content)).active
    assert sheet is not None
    _head, *body = sheet.iter_rows(values_only=True)
    assert [row[0] for row in body] == [5, 4, "Còn 3 dòng cũ hơn không có trong bảng này: hãy lọc hẹp lại."]


def test_every_chained_log_has_words() -> None:
    assert {model._meta.db_table for model in chained_models()} == set(LOG_WORDS)


@pytest.mark.parametrize("role", [Role.DUTY, Role.COMMITTEE, Role.HAMLET_HEAD])
def test_who_is_no_auditor_sees_nothing_of_it(log_in: Callable[[User], Client], recorder: FakeRecorder, role: Role) -> None:
    client = log_in(person(role))
    assert client.get("/audit").status_code == 403
    assert client.get("/audit/sheet").status_code == 403
    assert client.post("/audit/verify").status_code == 403


def test_a_moment_is_shown_as_offices_write_it(auditor: Client) -> None:
    look(person(Role.DUTY, "mot"), datetime(2026, 11, 24, 7, 5, 9, tzinfo=UTC))
    assert "24/11/2026 14:05:09" in auditor.get("/audit").content.decode()


def test_the_auditor_begins_here(auditor: Client) -> None:
    assert auditor.get("/").headers["Location"] == "/audit"
