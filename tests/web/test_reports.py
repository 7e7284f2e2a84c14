"""Reports in the web: each number leads to the rows it is the sum of, by right; written, issued, put right by another."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from luytre.civic.access.models import Role, User
from luytre.civic.periods import Sort, of_day
from luytre.civic.reports.models import Draft, Report
from luytre.civic.reports.sections import SECTIONS
from luytre.civic.rights.kinds import Right, Subject
from luytre.civic.rights.taking import ClaimDraft
from luytre.civic.rights.taking import take as take_claim
from luytre.civic.workdays.days import built_in
from tests.civic.reports.quarter import AUGUST, KEY, busy_quarter, incident
from tests.web.cast import person

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
PAGE = "/reports/2026-Q3"


@pytest.fixture
def head(tmp_path: Path, settings: Any) -> User:
    settings.LUYTRE_SECRETS_DIR = tmp_path / "secrets"
    return busy_quarter(tmp_path)


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode()).replace("\xa0", " ")


def amounts(page: str) -> list[str]:
    cells = re.findall(r'data-label="Số lượng">([^<]*)<', page)
    return [cell.strip() for cell in cells]


def read(said: str) -> float:
    return float(re.sub(r"[^0-9,-]", "", said).replace(",", "."))


def test_each_number_is_the_sum_of_the_rows_that_its_link_shows(head: User, log_in: LogIn) -> None:
    """Also for who reads only what the rows come to."""
    draft = ClaimDraft(Right.DELETE, Subject.OTHER, "Xin xóa.", name="Nguyễn Thị Mận", phone="0912 345 678")
    claim = take_claim(draft, "1" * 32, KEY, built_in([2026]), AUGUST).claim
    officer, member = log_in(head), log_in(person(Role.COMMITTEE))
    page = text(officer.get(PAGE))
    links = re.findall(r'href="(/reports/2026-Q3/rows/[^"]+)">([^<]+)</a>', page)
    assert len(links) == sum(len(section.specs) for section in SECTIONS)
    for link, said in links:
        once = re.search(r"\.(opened|lost|back|came|asked|tips)$", link) is not None
        for reader in (officer, *([member] if once else [])) if said != "0" else ():
            shown = text(reader.get(link))
            found = [read(one) for one in amounts(shown)]
            assert sum(found) == pytest.approx(read(said), abs=0.1 * max(1, len(found))), (link, said)
    rows = text(officer.get(f"{PAGE}/rows/incidents.opened"))
    assert "1/2026" in rows
    assert "/incidents/" in rows
    assert f"/rights/{claim.key}" in text(officer.get(f"{PAGE}/rows/rights.right_delete"))
    assert claim.sign not in text(member.get(f"{PAGE}/rows/rights.right_delete"))
    summed = text(member.get(f"{PAGE}/rows/incidents.opened"))
    assert "1/2026" not in summed
    assert "chỉ người được mở" in summed.lower()


def test_what_is_no_period_or_no_figure_is_told(head: User, log_in: LogIn) -> None:
    client = log_in(head)
    year = timezone.localdate().year + 1
    for typed, words in (("2026-Q9", "không phải là một kỳ"), ("Quý 3", "không phải"), (str(year), "chưa đến")):
        answer = client.get("/reports", {"period": typed})
        assert (answer.status_code, words in text(answer)) == (404, True)
        assert typed in text(answer)
    assert client.get("/reports", {"period": "2026-q3"}).headers["Location"] == PAGE
    for address in ("/reports/2026-Q9", f"/reports/{year}", f"{PAGE}/rows/incidents.nowhere", f"{PAGE}/rows/x",
                    f"{PAGE}?version=1", f"{PAGE}/paper/odt"):  # fmt: skip
        assert client.get(address).status_code == 404, address


def test_a_period_that_runs_is_shown_so_far_and_not_written(head: User, log_in: LogIn) -> None:
    client, period = log_in(head), of_day(Sort.YEAR, timezone.localdate())
    assert "Số liệu tạm tính" in text(client.get(f"/reports/{period.key}"))
    answer = client.get(f"/reports/{period.key}/write", follow=True)
    assert "Kỳ này chưa kết thúc" in text(answer)
    assert not Draft.objects.exists()


def sent(client: Client, page: str) -> dict[str, str]:
    """What the form of a page would send."""
    form = client.get(page).context["form"]
    return {name: str(form[name].value() or "") for name in form.fields}


def test_two_who_write_at_once_lose_nothing(head: User, log_in: LogIn) -> None:
    one, other = log_in(head), log_in(person(Role.COMMITTEE))
    mine, theirs = sent(one, f"{PAGE}/write"), sent(other, f"{PAGE}/write")
    assert one.post(f"{PAGE}/write", mine | {"ahead": "của trưởng công an"}).status_code == 302
    late = other.post(f"{PAGE}/write", theirs | {"ahead": "của <b>ban chỉ đạo</b>"})
    assert late.status_code == 422
    for words in ("của trưởng công an", "của &lt;b&gt;ban chỉ đạo", "người khác đã lưu"):
        assert words in text(late)
    again = {name: str(late.context["form"][name].value()) for name in late.context["form"].fields}
    assert other.post(f"{PAGE}/write", again).status_code == 302
    assert Draft.objects.get().ahead == "của <b>ban chỉ đạo</b>"
    incident(head, AUGUST)
    assert "đã khác so với lúc soạn lời" in text(one.get(PAGE))


def document(client: Client, **changes: str) -> dict[str, str]:
    day = f"{timezone.localdate():%d/%m/%Y}"
    found = {"sign": "12/BC-CAX", "signer": "Trần Văn Tre", "signer_title": "TRƯỞNG CÔNG AN XÃ", "day": day}
    return sent(client, f"{PAGE}/issue") | found | changes


def test_a_quarter_is_closed_and_put_right_by_another_report(head: User, log_in: LogIn) -> None:
    client = log_in(head)
    bad = client.post(f"{PAGE}/issue", document(client, sign="", day="31/02/2026"))
    assert (bad.status_code, Report.objects.count(), "Trần Văn Tre" in text(bad)) == (422, 0, True)
    good = document(client)
    incident(head, AUGUST)
    moved = client.post(f"{PAGE}/issue", good)
    assert (moved.status_code, "Số liệu đã thay đổi" in text(moved)) == (422, True)
    good = document(client)
    assert client.post(f"{PAGE}/issue", good).status_code == 302
    twice = client.post(f"{PAGE}/issue", good, follow=True)
    assert (Report.objects.count(), "đã ban hành số 12/BC-CAX" in text(twice)) == (1, True)
    again = client.get(f"{PAGE}/write", follow=True)
    assert "giữ nguyên" in text(again)
    incident(head, AUGUST)
    assert re.search(r'rows/incidents\.opened\?version=1">8</a>', text(client.get(PAGE)))
    assert re.search(r'rows/incidents\.opened\?now=1">9</a>', text(client.get(PAGE, {"now": "1"})))
    assert len(amounts(text(client.get(f"{PAGE}/rows/incidents.opened?version=1")))) == 8
    assert client.post(f"{PAGE}/again", {"reason": " "}).status_code == 422
    assert client.post(f"{PAGE}/again", {"reason": "sót một vụ"}).status_code == 302
    assert client.post(f"{PAGE}/issue", document(client, sign="14/BC-CAX")).status_code == 302
    page = text(client.get(PAGE))
    assert "Thay thế báo cáo trước. Lý do: sót một vụ" in page
    assert "12/BC-CAX" in text(client.get(PAGE, {"version": "1"}))
    assert client.get(f"{PAGE}/paper/docx?version=1").content[:2] == b"PK"
    assert client.get(f"{PAGE}/paper/pdf").content[:5] == b"%PDF-"


def test_the_treasurer_reads_the_money_and_nothing_else(head: User, log_in: LogIn) -> None:
    client = log_in(person(Role.TREASURER))
    page = text(client.get(PAGE))
    assert set(re.findall(r"/rows/(\w+)\.", page)) == {"money"}
    assert client.get(f"{PAGE}/rows/incidents.opened").status_code == 404
    assert client.get(f"{PAGE}/rows/money.came").status_code == 200
    book = load_workbook(BytesIO(client.get(f"{PAGE}/sheet").content))
    assert len(book.sheetnames) == 2
    assert client.get(f"{PAGE}/paper/pdf").status_code == 403


def test_the_sheet_has_each_section_and_its_rows(head: User, log_in: LogIn) -> None:
    whole = load_workbook(BytesIO(log_in(head).get(f"{PAGE}/sheet").content))
    assert len(whole.sheetnames) == 2 * len(SECTIONS)
    figures = {row[0]: row[1] for row in whole["Vụ việc"].iter_rows(min_row=3, values_only=True)}
    rows = [row for row in whole["Dòng - Vụ việc"].iter_rows(min_row=3, values_only=True) if row[0] == "Vụ việc đã mở"]
    assert figures["Vụ việc đã mở"] == sum(row[5] for row in rows) == 7
    assert rows[0][2].date() == AUGUST.date()
    auditor = load_workbook(BytesIO(log_in(person(Role.AUDITOR)).get(f"{PAGE}/sheet").content))
    summed = [row for row in auditor["Dòng - Vụ việc"].iter_rows(min_row=3, values_only=True) if row[0] == "Vụ việc đã mở"]
    assert (sum(row[5] for row in summed), {row[1] for row in summed}) == (7, {None})
    assert timezone.localdate() - AUGUST.date() > timedelta(0)
