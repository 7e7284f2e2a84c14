"""Mobilisation in the web: planned, gone to, counted, led on; each hamlet for itself; what was typed is never lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from luytre.base.ids import new_id
from luytre.civic.access.models import Role, User
from luytre.civic.ledger.models import Pledge
from luytre.civic.mobilisation.models import Campaign, Commitment, FollowUp, Visit
from luytre.civic.mobilisation.paper import PAGE
from luytre.civic.registry.commune import set_commune
from luytre.civic.registry.models import Eye, Hamlet
from tests.civic.test_keeping import RULES, put_in_force
from tests.web.cast import FakeRecorder, person
from tests.web.test_owners import JOIN, of_hamlet, text

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def fresh(settings: Any, tmp_path: Path, recorder: FakeRecorder) -> None:
    settings.LUYTRE_SECRETS_DIR = tmp_path / "secrets"
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, data=tmp_path)


def day(shift: int = 0) -> str:
    return f"{timezone.localdate() + timedelta(days=shift):%d/%m/%Y}"


def plan(client: Client, **changes: str) -> Any:
    east = Hamlet.objects.get_or_create(name="Thôn Đông")[0]
    Hamlet.objects.get_or_create(name="Thôn Tây")
    sent = {"name": "Góp mắt <b>", "first_day": day(-5), "last_day": day(30), "carriers": "Chi bộ\nHội Phụ nữ", "words": ""}
    return client.post("/mobilisation/new", sent | {f"eyes_{east.pk}": "4", f"households_{east.pk}": "30"} | changes)


def going(campaign: Campaign, what: str) -> str:
    return f"/mobilisation/{campaign.key}/go/{what}"


def test_the_committee_plans_and_a_hamlet_goes_and_reads_its_own(log_in: LogIn) -> None:
    committee = log_in(person(Role.COMMITTEE))
    wrong = plan(committee, last_day="31/02/2026")
    assert wrong.status_code == 422
    assert "Góp mắt &lt;b&gt;" in text(wrong)
    assert 'value="31/02/2026"' in text(wrong)
    assert plan(committee).status_code == 302
    campaign = Campaign.objects.get()
    address = f"/mobilisation/{campaign.key}"
    assert committee.post(going(campaign, "visit"), {}).status_code == 403
    local = log_in(of_hamlet("Thôn Đông", Role.SECURITY_TEAM))
    east, west = (Hamlet.objects.get(name=name).pk for name in ("Thôn Đông", "Thôn Tây"))
    visit = {"once": new_id(), "hamlet": str(east), "day": day(), "carrier": "Chi bộ", "households": "12", "thinking": "2"}
    bad = local.post(going(campaign, "visit"), visit | {"households": "1"})
    assert bad.status_code == 422
    assert 'id="err-thinking" role="alert">Không nhiều hơn' in text(bad)
    assert local.post(going(campaign, "visit"), visit | {"hamlet": str(west)}).status_code == 422
    for _twice in range(2):
        assert local.post(going(campaign, "visit"), visit).status_code == 302
    assert Visit.objects.count() == 1
    page = text(local.get(address))
    assert "Thôn Đông" in page
    assert "Thôn Tây" not in page
    assert "trên 30" in page
    assert "Thôn Tây" in text(committee.get(address))
    book = openpyxl.load_workbook(BytesIO(committee.get(f"{address}/sheet").content))
    assert [cell.value for cell in book.active[2]] == ["Thôn Đông", 4, 0, 30, 12, 2, 0, 0, 0]  # type: ignore[index]
    assert local.get(f"{address}/edit").status_code == 403
    assert local.get(going(campaign, "nothing")).status_code == 404
    stale = committee.post(f"{address}/edit", {"name": "Khác", "first_day": day(), "last_day": day(), "revision": "7"})
    assert "Người khác vừa sửa" in text(stale)


def test_commitments_and_appointments_lead_on_and_leave_nothing(log_in: LogIn) -> None:
    head = log_in(person(Role.HEAD))
    plan(head)
    campaign, east = Campaign.objects.get(), Hamlet.objects.get(name="Thôn Đông")
    common = {"hamlet": str(east.pk), "day": day()}
    head.post(going(campaign, "come-back"), common | {"once": new_id(), "whither": "nhà anh Ba ngõ 3"})
    page = text(head.get(f"/mobilisation/{campaign.key}"))
    assert "anh Ba" not in page
    back = FollowUp.objects.get()
    assert "nhà anh Ba ngõ 3" in text(head.post(f"/mobilisation/come-back/{back.key}", {"do": "read"}))
    other = log_in(of_hamlet("Thôn Tây"))
    assert other.post(f"/mobilisation/come-back/{back.key}", {"do": "read"}).status_code == 404
    head.post(f"/mobilisation/come-back/{back.key}", {"do": "went"})
    assert not FollowUp.objects.exists()
    bad = head.post(
        going(campaign, "commitment"), common | {"once": new_id(), "sort": "money", "amount": "1.5", "name": "Bà Mận"}
    )
    assert bad.status_code == 422
    assert 'value="Bà Mận"' in text(bad)
    for sort, more in (("money", {"amount": "500.000"}), ("camera", {"words": "cổng"})):
        sent = common | {"once": new_id(), "sort": sort, "name": "Bà Mận", "phone": "0912 345 678"} | more
        assert head.post(going(campaign, "commitment"), sent).status_code == 302
    money, eye = (Commitment.objects.get(sort=sort) for sort in ("money", "camera"))
    assert "Bà Mận" not in text(head.get(f"/mobilisation/{campaign.key}"))
    assert "Bà Mận" in text(head.post(f"/mobilisation/commitments/{money.key}", {"do": "read"}))
    assert other.post(f"/mobilisation/commitments/{money.key}", {"do": "read"}).status_code == 404
    for _twice in range(2):
        head.post(f"/mobilisation/commitments/{money.key}", {"do": "pledge"})
    assert Pledge.objects.get().amount_vnd == 500_000
    assert head.post(f"/owners/new?commitment={eye.key}", JOIN).status_code == 302
    eye.refresh_from_db()
    assert eye.led == Eye.objects.get().key


def test_leaflet_and_poster_are_printed_under_a_regulation_and_lead_to_the_form(log_in: LogIn, settings: Any) -> None:
    assert reverse("offer_eye") == PAGE
    client = log_in(person(Role.COMMITTEE))
    assert client.get("/mobilisation/paper/a5").status_code == 302
    assert "Chưa in được" in text(client.get("/mobilisation"))
    set_commune(name="Xã An Bình")
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, public_url="https://xa.example")
    put_in_force(RULES, datetime.now(UTC) - timedelta(days=1))
    assert re.match(rb"%PDF-", client.get("/mobilisation/paper/a5").content)
    assert client.get("/mobilisation/paper/b5").status_code == 404
