"""The book of contributions in the web: entered, reversed, printed, read by role; what was typed is never lost."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from luytre.base.ids import new_id
from luytre.civic.access.models import Role, User
from luytre.civic.ledger import desk
from luytre.civic.ledger.models import Estimate, LedgerStep, Party, Pledge, Posting
from luytre.civic.ledger.pledges import stamp
from luytre.civic.upkeep.models import Repair, Ticket
from luytre.civic.upkeep.repairs import RepairDraft, record_repair
from tests.web.cast import camera, person

pytestmark = pytest.mark.django_db
NAME = "Nguyễn Thị Mận"


@pytest.fixture
def treasurer(log_in: Callable[[User], Client]) -> Client:
    return log_in(person(Role.TREASURER))


def text(answer: Any) -> str:
    return str(answer.content.decode())


def money(client: Client, amount: str = "1.350.000", **changes: str) -> Any:
    sent = {"once": new_id(), "day": f"{timezone.localdate():%d/%m/%Y}", "amount": amount, "source": "given_people",
            "account": "cash", "place": "", "name": NAME, "phone": "0912 345 678", "words": "mua camera"}  # fmt: skip
    return client.post("/ledger/new/money", sent | changes)


def spending(**changes: Any) -> dict[str, Any]:
    return {"once": new_id(), "day": f"{timezone.localdate():%d/%m/%Y}", "amount": "1 triệu", "sort": "pole", "account": "cash",
            "words": "hai cột", "name": "Cửa hàng Ánh", "place": "", "estimate": "", "kept": ""} | changes  # fmt: skip


@pytest.mark.parametrize("amount", ["1.350.000", "1,350,000đ", "1,35 triệu", "1350000"])
def test_money_is_entered_in_any_writing_and_its_receipt_is_printed(treasurer: Client, amount: str) -> None:
    answer = money(treasurer, amount)
    one = Posting.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/ledger/entries/{one.key}")
    page = text(treasurer.get(f"/ledger/entries/{one.key}"))
    assert "1.350.000" in page
    assert NAME not in page
    assert NAME in text(treasurer.post(f"/ledger/entries/{one.key}/names"))
    paper = treasurer.post(f"/ledger/entries/{one.key}/paper")
    assert (paper.content[:5], LedgerStep.objects.filter(code="names").count()) == (b"%PDF-", 2)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"amount": "1.5"}, "amount"), ({"amount": "0"}, "amount"), ({"amount": ""}, "amount"), ({"day": "31/02/2026"}, "day"),
     ({"phone": "abc"}, "phone"), ({"source": "x"}, "source"), ({"day": "01/01/2999"}, "day")],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    treasurer: Client, changes: dict[str, str], field: str
) -> None:
    answer = money(treasurer, **{"amount": "1.350.000", "words": "mua “mắt” <b>"} | changes)
    page = text(answer)
    assert (answer.status_code, Posting.objects.count()) == (422, 0)
    assert f'id="err-{field}" role="alert"></div>' not in page
    assert f'id="err-{field}" role="alert">' in page
    assert NAME in page
    assert "mua “mắt” &lt;b&gt;" in page


def test_a_mistake_is_reversed_once_and_the_list_tells_it(treasurer: Client, log_in: Callable[[User], Client]) -> None:
    money(treasurer)
    one = Posting.objects.get()
    assert treasurer.post(f"/ledger/entries/{one.key}/reverse", {"why": ""}).status_code == 422
    assert treasurer.post(f"/ledger/entries/{one.key}/reverse", {"why": "thu nhầm"}).status_code == 302
    again = log_in(person(Role.HEAD)).post(f"/ledger/entries/{one.key}/reverse", {"why": "nhầm nữa"})
    back = Posting.objects.get(kind="reversal")
    assert (again.status_code, "đã được đảo bằng" in text(again)) == (422, True)
    of_it = treasurer.post(f"/ledger/entries/{back.key}/reverse", {"why": "đảo lại"})
    assert (of_it.status_code, "Không đảo một bút toán đảo" in text(of_it)) == (422, True)
    assert back.sign in text(treasurer.get("/ledger"))
    assert treasurer.post(f"/ledger/entries/{one.key}/paper").content[:5] == b"%PDF-"


def test_what_was_spent_of_money_that_is_reversed_is_told_with_what_to_do(treasurer: Client) -> None:
    money(treasurer)
    bill = SimpleUploadedFile("hd.pdf", b"%PDF-1.7 hoa don %%EOF")
    assert treasurer.post("/ledger/new/spent", spending(document=bill)).status_code == 302
    assert "đang âm" not in text(treasurer.get("/ledger"))
    received = Posting.objects.get(kind="money")
    assert treasurer.post(f"/ledger/entries/{received.key}/reverse", {"why": "nhầm thôn"}).status_code == 302
    assert "đang âm" in text(treasurer.get("/ledger"))
    money(treasurer)
    assert "đang âm" not in text(treasurer.get("/ledger"))


def test_spending_keeps_its_document_over_a_mistake(treasurer: Client, log_in: Callable[[User], Client]) -> None:
    money(treasurer)
    invoice = SimpleUploadedFile("hd.pdf", b"%PDF-1.7 hoa don %%EOF")
    answer = treasurer.post("/ledger/new/spent", spending(amount="1,5", document=invoice))
    assert answer.status_code == 422
    kept = answer.context["form"].data["kept"]
    assert kept
    assert treasurer.post("/ledger/new/spent", spending(kept=kept)).status_code == 302
    one = Posting.objects.get(kind="spent")
    auditor = log_in(person(Role.AUDITOR))
    assert auditor.get(f"/ledger/entries/{one.key}/document").content == b"%PDF-1.7 hoa don %%EOF"
    assert LedgerStep.objects.filter(code="document", by__username=Role.AUDITOR).count() == 1
    for wrong, words in ((b"MZ", "err-document"), (b"%PDF- cut", "cụt")):
        bad = treasurer.post("/ledger/new/spent", spending(document=SimpleUploadedFile("x.pdf", wrong)))
        assert (bad.status_code, words in text(bad)) == (422, True)
    too_much = treasurer.post("/ledger/new/spent", spending(amount="9 triệu"))
    assert "350.000" in text(too_much)


def test_who_reads_meets_names_of_those_alone_who_agreed(treasurer: Client, log_in: Callable[[User], Client]) -> None:
    money(treasurer)
    money(treasurer, name="Trần Văn Cam", public="on")
    one = Posting.objects.get(number=1)
    committee = log_in(person(Role.COMMITTEE))
    for page in ("/ledger", "/ledger/sheet/csv", f"/ledger/entries/{one.key}", "/ledger/balance"):
        said = text(committee.get(page))
        assert NAME not in said
        assert ("Trần Văn Cam" in said) == (page in ("/ledger", "/ledger/sheet/csv"))
        assert "Đảo bút toán" not in said
    treasurer.post(f"/ledger/entries/{one.key}/consent", {"public": "yes"})
    assert NAME in text(committee.get("/ledger"))
    treasurer.post(f"/ledger/entries/{one.key}/consent", {"public": "no"})
    assert NAME not in text(committee.get("/ledger"))
    assert committee.post("/ledger/pledges").status_code == 403


def test_the_list_is_filtered_and_taken_out(treasurer: Client) -> None:
    money(treasurer, words="=2+3")
    money(treasurer, amount="2000", words="Loa thôn", account="bank")
    assert "Loa thôn" not in text(treasurer.get("/ledger?account=cash"))
    assert "=2+3" not in text(treasurer.get("/ledger?q=loa+thon"))
    assert "Ngày không đúng" in text(treasurer.get("/ledger?from=99/99/2026"))
    rows = list(csv.reader(io.StringIO(treasurer.get("/ledger/sheet/csv").content.decode("utf-8-sig"))))
    assert len(rows) == 5
    assert "'=2+3" in rows[1]
    for path in ("/ledger/sheet/xlsx", "/ledger/balance/sheet"):
        assert treasurer.get(path).content[:2] == b"PK"
    assert treasurer.get("/ledger/balance/paper").content[:5] == b"%PDF-"
    assert "sổ cân" in text(treasurer.get("/ledger/balance"))
    assert treasurer.get("/ledger/balance?from=hm").status_code == 422


def test_a_pledge_is_written_paid_and_let_go(treasurer: Client) -> None:
    sent = {"once": "p1", "sort": "money", "amount": "500.000", "words": "", "due": "", "place": "", "name": NAME, "phone": ""}
    assert "err-name" in text(treasurer.post("/ledger/pledges/new", sent | {"name": ""}))
    for _press in range(2):
        assert treasurer.post("/ledger/pledges/new", sent).status_code == 302
    pledge = Pledge.objects.get()
    assert NAME not in text(treasurer.get("/ledger/pledges"))
    assert NAME in text(treasurer.post("/ledger/pledges"))
    assert NAME in text(treasurer.post(f"/ledger/pledges/{pledge.key}/names"))
    assert treasurer.get(f"/ledger/new/money?pledge={pledge.key}").status_code == 200
    pay = {
        "once": "x",
        "day": f"{timezone.localdate():%d/%m/%Y}",
        "amount": "200.000",
        "source": "given_people",
        "account": "cash",
    }
    assert treasurer.post(f"/ledger/new/money?pledge={pledge.key}", pay).status_code == 302
    assert (Posting.objects.get().party, Party.objects.count()) == (pledge.party.key, 1)
    assert "300.000" in text(treasurer.get(f"/ledger/pledges/{pledge.key}"))
    fixed = {"amount": "100.000", "words": "", "due": "", "why": "nghe nhầm", "seen": stamp(pledge)}
    refused = treasurer.post(f"/ledger/pledges/{pledge.key}/amend", fixed)
    assert (refused.status_code, "300.000 đồng" in text(refused), "nghe nhầm" in text(refused)) == (422, True, True)
    assert treasurer.post(f"/ledger/pledges/{pledge.key}/amend", fixed | {"amount": "400.000"}).status_code == 302
    assert "nghe nhầm" in text(treasurer.get(f"/ledger/pledges/{pledge.key}"))
    assert treasurer.post(f"/ledger/pledges/{pledge.key}/let-go", {"note": ""}).status_code == 422
    assert treasurer.post(f"/ledger/pledges/{pledge.key}/let-go", {"note": "khó khăn"}).status_code == 302
    assert "Không còn cam kết" in text(treasurer.get("/ledger/pledges"))


def test_an_estimate_is_written_and_voted_on(treasurer: Client, log_in: Callable[[User], Client]) -> None:
    sent = {"once": "e1", "title": "Camera cổng làng", "place": "", "rows": "5", "sort1": "camera", "words1": "loại ngoài trời",
            "quantity1": "3", "unit1": "500 nghìn", "sort4": "pole", "unit4": "x"}  # fmt: skip
    wrong = treasurer.post("/ledger/estimates/new", sent)
    assert (wrong.status_code, "500 nghìn" in text(wrong)) == (422, True)
    more = treasurer.post("/ledger/estimates/new", sent | {"more": "yes"})
    assert (more.status_code, "500 nghìn" in text(more), 'name="unit10"' in text(more)) == (200, True, True)
    assert treasurer.post("/ledger/estimates/new", sent | {"sort4": "", "unit4": ""}).status_code == 302
    made = Estimate.objects.get()
    assert treasurer.get(f"/ledger/estimates/{made.key}/paper").content.startswith(b"%PDF")
    vote = {"met": f"{timezone.localdate():%d/%m/%Y}", "votes_for": "41", "votes_against": "2", "votes_abstained": "",
            "agreed": "yes", "minutes": "Họp thôn", "kept": ""}  # fmt: skip
    assert treasurer.post(f"/ledger/estimates/{made.key}/decide", vote | {"minutes": ""}).status_code == 422
    assert treasurer.post(f"/ledger/estimates/{made.key}/decide", vote).status_code == 302
    late = log_in(person(Role.HEAD)).post(f"/ledger/estimates/{made.key}/decide", vote | {"minutes": "Bản khác"})
    assert (late.status_code, "nhanh hơn" in text(late), "Bản khác" in text(late)) == (422, True, True)
    page = text(log_in(person(Role.COMMITTEE)).get(f"/ledger/estimates/{made.key}"))
    assert "41 tán thành" in page
    assert "1.500.000" in page


def test_a_repair_is_booked_by_one_press_once_and_its_correction_after_a_reversal(treasurer: Client) -> None:
    now, by, one = timezone.now(), User.objects.get(), camera()
    money(treasurer)
    ticket = Ticket.objects.create(fault="down", camera=one.key, opened=now)
    row = record_repair(by, ticket, RepairDraft(timezone.localdate(), "Thợ Ánh", "thay nguồn", 350_000), now)
    assert "thay nguồn" in text(treasurer.get("/ledger/repairs"))
    for _press in range(2):
        treasurer.post(f"/ledger/repairs/{row.seq}", {"account": "cash"})
    booked = Posting.objects.get(repair=row.seq)
    assert "thay nguồn" not in text(treasurer.get("/ledger/repairs"))
    record_repair(by, ticket, RepairDraft(timezone.localdate(), "Thợ Ánh", "thay nguồn", 300_000, corrects=row.seq), now)
    right = Repair.objects.get(corrects=row.seq)
    assert "hãy đảo" in text(treasurer.post(f"/ledger/repairs/{right.seq}", {"account": "cash"}, follow=True))
    desk.reverse(by, booked, "giá sai", now)
    treasurer.post(f"/ledger/repairs/{right.seq}", {"account": "cash"})
    assert [line.amount_vnd for line in Posting.objects.get(repair=right.seq).lines.all()] == [300_000, -300_000]
