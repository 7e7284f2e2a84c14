"""Pacts in the web: weights told with their sum, two signers, scores by unit and board, a quarter closed; who reads what."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone, translation
from django.utils.timezone import make_aware
from hypothesis import given
from hypothesis import strategies as st

from luytre.civic.access.assignments import Wanted, assign
from luytre.civic.access.models import Role, User
from luytre.civic.pacts.models import Commendation, CriteriaSet, Pact, PactStep, Quarter
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.places import hamlet_unit
from luytre.civic.registry.sites import hamlet_named
from luytre.civic.rights.models import Breach
from luytre.web.forms_committee import MomentField
from luytre.web.forms_pacts import PointsField
from luytre.web.pact_words import points
from tests.civic.pacts.test_pacts import confirmed_file
from tests.web.cast import EARLY, person


@pytest.fixture
def committee(db: None, log_in: Callable[[User], Client]) -> Client:
    return log_in(person(Role.COMMITTEE))


def text(answer: Any) -> str:
    return str(answer.content.decode())


def hamlet(name: str) -> Hamlet:
    found = hamlet_named(name)
    assert found is not None
    return found


def weights(*pairs: tuple[str, str]) -> dict[str, str]:
    sent = {"once": "s1", "revision": "1", "title": "Bộ tiêu chí thôn"}
    for number, (words, weight) in enumerate(pairs, 1):
        sent |= {f"words-{number}": words, f"weight-{number}": weight}
    return sent | {f"measure-{number}": "board" for number in range(1, 16)}


def drawn(client: Client, of: Hamlet, once: str, quarter: int, year: int) -> Pact:
    (criteria,) = CriteriaSet.objects.all()
    sent = {"once": once, "unit": hamlet_unit(of).pk, "criteria": criteria.key, "year": year, "first_quarter": quarter,
            "last_quarter": quarter, "words": "", "conference": f"{timezone.localdate():%d/%m/%Y}", "unit_signer": "Ông Ba",
            "unit_post": "Trưởng thôn", "board_signer": "Bà Tư", "board_post": "Trưởng ban"}  # fmt: skip
    assert client.post("/pacts/new", sent).status_code == 302
    return Pact.objects.get(once=once)


def last_quarter() -> tuple[int, int]:
    today = timezone.localdate()
    year, back = divmod(today.year * 4 + (today.month - 1) // 3 - 1, 4)
    return year, back + 1


@given(st.integers(0, 1000), st.sampled_from([",", "."]))
def test_points_are_read_as_they_are_shown(tenths: int, comma: str) -> None:
    with translation.override("vi"):
        assert PointsField().clean(points(tenths).replace(",", comma)) == tenths


@given(st.text(alphabet="0123456789,.- ađ", max_size=9))
def test_what_is_no_number_of_points_is_refused(typed: str) -> None:
    try:
        found = PointsField().clean(typed)
    except ValidationError:
        return
    assert found is None if not typed.strip() else 0 <= found <= 1000


@given(st.text(max_size=30))
def test_what_is_no_moment_is_refused(typed: str) -> None:
    with suppress(ValidationError):
        found = MomentField(required=False).clean(typed)
        assert found is None or found.tzinfo is not None


@pytest.mark.django_db
def test_weights_are_told_with_their_sum_and_nothing_typed_is_lost(committee: Client) -> None:
    assert "Camera của thôn hoạt động" in text(committee.get("/pacts/criteria/new/hamlet"))
    wrong = committee.post("/pacts/criteria/new/hamlet", weights(("Vận động", "60"), ("Sáng kiến <b>", "35")))
    page = text(wrong)
    assert (wrong.status_code, "Tổng trọng số là 95" in page, "Sáng kiến &lt;b&gt;" in page) == (422, True, True)
    assert "không phải" in text(committee.post("/pacts/criteria/new/hamlet", weights(("A", "sáu mươi"), ("B", "40"))))
    for _press in range(2):
        assert committee.post("/pacts/criteria/new/hamlet", weights(("A", "60"), ("B", "40"))).status_code == 302
    (one,) = CriteriaSet.objects.all()
    address = f"/pacts/criteria/{one.key}"
    assert committee.post(address, weights(("A", "50"), ("B", "50"))).status_code == 302
    late = committee.post(address, weights(("Của tôi", "100")))
    assert (late.status_code, "Của tôi" in text(late), "bấm lần nữa" in text(late)) == (422, True, True)
    assert committee.post(address, weights(("Của tôi", "100")) | {"revision": "2"}).status_code == 302
    assert committee.get("/pacts/criteria/new/nobody").status_code == 404


@pytest.mark.django_db
def test_a_quarter_from_signatures_to_commendation(committee: Client, log_in: Callable[[User], Client]) -> None:
    year, number = last_quarter()
    east, west = hamlet("Thôn Đông"), hamlet("Thôn Đoài")
    users = [User.objects.create_user(name) for name in ("dong", "doai")]
    for user, of in zip(users, (east, west), strict=True):
        assign(None, user, Wanted(Role.HAMLET_HEAD, place_key(of), first_day=EARLY), timezone.now())
    committee.post("/pacts/criteria/new/hamlet", weights(("Vận động", "100")))
    pact, other = drawn(committee, east, "p1", number, year), drawn(committee, west, "p2", number, year)
    twice = committee.post("/pacts/new", {"once": "p3", "unit": hamlet_unit(east).pk, "criteria": "", "year": "x"})
    assert (twice.status_code, "err-criteria" in text(twice)) == (422, True)
    head_of = log_in(users[0])
    assert (head_of.get(f"/pacts/{pact.key}").status_code, head_of.get(f"/pacts/{other.key}").status_code) == (200, 404)
    assert head_of.post(f"/pacts/{pact.key}/sign", {"part": "unit"}).status_code == 302
    assert "đã ký rồi" in text(committee.post(f"/pacts/{pact.key}/sign", {"part": "unit", "paper": "yes"}, follow=True))
    committee.post(f"/pacts/{pact.key}/sign", {"part": "board"})
    for part in ("unit", "board"):
        committee.post(f"/pacts/{other.key}/sign", {"part": part, "paper": "yes"})
    assert head_of.get(f"/pacts/{pact.key}/paper").content[:5] == b"%PDF-"
    committee.post("/pacts/quarters", {"quarter": f"{year}-{number}"})
    assert committee.post("/pacts/quarters", {"quarter": "2026-9"}).status_code == 404
    quarter = f"/pacts/quarters/{year}/{number}"
    (criterion,) = pact.criteria.lines.all()
    score = f"{quarter}/scores/{pact.key}"
    wrong = head_of.post(score, {"part": "own", "revision": "1", f"own-{criterion.pk}": "tám mươi"})
    assert (wrong.status_code, "tám mươi" in text(wrong)) == (422, True)
    assert head_of.post(score, {"part": "own", "revision": "1", f"own-{criterion.pk}": "80,5"}).status_code == 302
    assert "chờ hội đồng" in text(head_of.get(score))
    assert "Chỉ Ban Chỉ đạo" in text(head_of.post(score, {"part": "board", "revision": "2", f"board-{criterion.pk}": "9"}))
    late = committee.post(score, {"part": "board", "revision": "1", f"board-{criterion.pk}": "70"})
    assert ("Có người khác vừa ghi điểm" in text(late), 'value="70"' in text(late)) == (True, True)
    assert "hãy ghi lý do" in text(committee.post(score, {"part": "board", "revision": "2", f"board-{criterion.pk}": "70"}))
    board = {"part": "board", "revision": "2", f"board-{criterion.pk}": "70", f"board-note-{criterion.pk}": "thiếu hồ sơ"}
    assert committee.post(score, board).status_code == 302
    assert "Thôn Đoài" in text(committee.post(f"{quarter}/close", follow=True))
    assert Quarter.objects.get().is_closed is False
    committee.post(f"{quarter}/scores/{other.key}", {"part": "board", "revision": "1", f"board-{criterion.pk}": "90"})
    committee.post(f"{quarter}/close")
    assert Quarter.objects.get().is_closed is True
    page = re.sub(r"\s+", " ", text(head_of.get(quarter)))
    assert ("Thôn Đoài" in page, "thiếu hồ sơ" in page, f"scores/{other.key}" in page) == (True, False, False)
    assert head_of.get(f"{quarter}/scores/{other.key}").status_code == 404
    assert head_of.get(f"{quarter}/paper").status_code == 403
    assert log_in(person(Role.AUDITOR)).get(f"{quarter}/paper").content[:5] == b"%PDF-"
    assert committee.post(f"{quarter}/reopen", {"why": "sai"}).status_code == 403
    head = log_in(person(Role.HEAD))
    assert head.post(f"{quarter}/reopen", {"why": ""}).status_code == 422
    assert head.post(f"{quarter}/reopen", {"why": "có đơn"}).status_code == 302
    breach = {"unit": hamlet_unit(east).pk, "day": f"{timezone.localdate() + timedelta(days=3):%d/%m/%Y}", "note": "lộ ảnh"}
    assert "lộ ảnh" in text(head.post(f"{quarter}/breach", breach))
    assert head.post(f"{quarter}/breach", breach | {"day": f"{timezone.localdate():%d/%m/%Y}"}).status_code == 302
    row = PactStep.objects.get(code="breach").seq
    assert head.post(f"{quarter}/breach/{row}", {"why": "nhầm"}).status_code == 302
    in_it = make_aware(datetime(year, 3 * number, 1))  # noqa: DTZ001 - the commune's
    one = confirmed_file(User.objects.get(username=Role.HEAD), east, "confirmed", in_it)
    file = f'href="/rights/breaches/{one.key}"'
    assert [(one.sign in page, file in page) for page in (text(head.get(quarter)), text(committee.get(quarter)))] == [
        (True, True), (True, False),
    ]  # fmt: skip
    Breach.objects.update(closed=timezone.now())
    after = "xác nhận sau lần chốt này"
    assert [after in text(head.get(f"{quarter}{version}")) for version in ("", "?version=1")] == [False, True]
    assert "Chốt lần 1" in text(committee.get(f"{quarter}?version=1"))
    commended = {"once": "c1", "quarter": f"{year}-{number}", "unit": "", "office": "", "words": "Dẫn đầu", "sign": "12/QĐ",
                 "day": f"{timezone.localdate():%d/%m/%Y}"}  # fmt: skip
    assert "err-office" in text(committee.post("/pacts/commendations", commended))
    assert committee.post("/pacts/commendations", commended | {"office": "Trưởng thôn Đoài"}).status_code == 302
    assert committee.get("/pacts/commendations/paper").content[:5] == b"%PDF-"
    one = Commendation.objects.get()
    assert committee.post(f"/pacts/commendations/{one.key}/strike", {"why": "nhầm số"}).status_code == 302
    assert "<s>Trưởng thôn Đoài</s>" in text(committee.get("/pacts/commendations"))
    assert head_of.get("/pacts/commendations").status_code == 403
