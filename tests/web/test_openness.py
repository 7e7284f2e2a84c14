"""The public page in the web: the same for everybody, without cookie or script, in both languages, and as files."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from luytre.civic.access.models import Role, User
from luytre.civic.openness import page as pages
from tests.civic.reports.quarter import QUARTER, busy_quarter
from tests.web.cast import person

pytestmark = pytest.mark.django_db
PAGE = "/minh-bach?ky=2026-Q3"


@pytest.fixture
def head(tmp_path: Path, settings: Any) -> User:
    settings.LUYTRE_SECRETS_DIR = tmp_path / "secrets"
    return busy_quarter(tmp_path)


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_everybody_reads_the_same_without_cookie_or_script(head: User, client: Client, log_in: Callable[[User], Client]) -> None:
    answer = client.get(PAGE)
    said = text(answer)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=300")
    assert not answer.cookies
    assert "<script" not in said
    assert len(answer.content) < 60_000
    assert log_in(person(Role.DUTY, language="en")).get(PAGE).content == answer.content
    assert re.search(r"làm rõ, có xem lại hình camera</td><td[^>]*><strong>ít, không nêu số", said, re.IGNORECASE)
    assert '<span lang="vi">Thôn Đông</span>: 6' in said
    checked = pages.today(answer.context["today"].checked.at).checked
    assert checked is not None
    assert checked.digest in said
    english = client.get(f"{PAGE}&lang=en")
    assert (english.headers["Content-Language"], "How the cameras are used" in text(english)) == ("en", True)
    for secret in ("Năm", "Mận", "0912 345", "0912345"):  # not "0912": digests are hex
        assert secret not in said


def test_files_say_what_the_page_says(head: User, client: Client) -> None:
    figures = pages.compute(QUARTER)
    made = {form: client.get(f"/minh-bach/so-lieu/2026-Q3/{form}") for form in ("csv", "json", "pdf")}
    assert [one.status_code for one in made.values()] == [200] * 3
    rows = list(csv.reader(io.StringIO(made["csv"].content.decode("utf-8-sig"), newline="")))[1:]
    assert ["6" in row for row in rows if row[0].startswith("Lượt xem lại") and not row[2]] == [True]
    said = json.loads(made["json"].content)
    assert {(one["group"], one["key"]): one["count"] for one in said["counts"]} == {
        (line.group, line.key): line.told.value if line.told.exact else None for line in figures.lines
    }
    assert said["schema"]["counts"]
    assert client.get("/minh-bach/so-lieu/2026-Q3/pdf").content == made["pdf"].content  # set once: anybody may ask for it
    pdf = "".join(page.extract_text() for page in PdfReader(io.BytesIO(made["pdf"].content)).pages)
    assert "Thôn Đông: 6" in pdf
    for form in ("csv", "json"):
        assert client.get(f"/minh-bach/so-lieu/2026-Q3/{form}").content == made[form].content
    assert client.get("/minh-bach/so-lieu/2026-Q3/xml").status_code == 404
    assert client.get("/minh-bach/so-lieu/2026-W40/csv").status_code == 404


def test_what_is_not_published_is_told(head: User, client: Client) -> None:
    year = timezone.localdate().year
    for typed, words in (
        (str(year + 1), "chưa kết thúc"),
        ("2026-W40", "tháng, quý và năm"),
        ("2019", "chưa có số liệu"),
        ("x", "kỳ"),
    ):
        answer = client.get("/minh-bach", {"ky": typed})
        assert (answer.status_code, words in text(answer)) == (404, True), typed


def test_it_stands_there_before_anything_was_recorded(client: Client) -> None:
    answer = client.get("/minh-bach")
    assert (answer.status_code, "Chưa hết tháng đầu tiên" in text(answer)) == (200, True)
