"""The book balances whatever is written, its numbers have no hole, and nothing in it is changed."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from luytre.civic.access.models import Role, User
from luytre.civic.chain.proof import prove
from luytre.civic.ledger import booking, desk
from luytre.civic.ledger.accounts import Account
from luytre.civic.ledger.balance import trial
from luytre.civic.ledger.booking import Entry, book
from luytre.civic.ledger.desk import Spending
from luytre.civic.ledger.models import Kind, Line, Party, Posting
from luytre.civic.registry.refusals import said
from tests.civic.ledger.cast import NOW, TODAY, draft, money, somebody, spent
from tests.web.cast import person

ACTIONS = st.tuples(
    st.sampled_from(["money", "gift", "spend", "move", "reverse", "again"]), st.integers(0, 3_000_000), st.integers(0, 30)
)
"""What is done, an amount, and how many days ago (or which posting)."""


def carry_out(by: User, action: str, amount: int, which: int) -> None:
    made = list(Posting.objects.all())
    changes: dict[str, Any] = {"day": TODAY - timedelta(days=which), "party": somebody("Bà Tư")}
    if action == "money":
        desk.receive_money(by, draft(amount, **changes), "given_people", "bank" if which % 2 else "cash", NOW)
    elif action == "gift":
        desk.receive_gift(by, draft(amount, **changes), "pole", NOW)
    elif action == "spend":
        desk.spend(by, draft(amount, **changes), Spending("camera", "cash"), NOW + timedelta(days=60))
    elif action == "move":
        desk.move(by, draft(amount, **changes), "cash", NOW)
    elif made and action == "reverse":
        desk.reverse(by, made[which % len(made)], "ghi nhầm", NOW)
    elif made and action == "again":
        one = made[which % len(made)]
        book(by, Entry(Kind(one.kind), one.once, one.day, [(Account(x.account), x.amount_vnd) for x in one.lines.all()],
                       one.words, one.place, reverses=one.reverses), NOW)  # fmt: skip


class TheBook(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(actions=st.lists(ACTIONS, max_size=14), first=st.integers(0, 40), length=st.integers(0, 40))
    def test_balances_and_has_no_hole_whatever_is_entered(
        self, actions: list[tuple[str, int, int]], first: int, length: int
    ) -> None:
        by = person(Role.TREASURER)
        for action, amount, which in actions:
            with suppress(ValidationError):
                carry_out(by, action, amount, which)
        numbers = defaultdict(list)
        for one in Posting.objects.prefetch_related("lines"):
            numbers[one.series, one.year].append(one.number)
            assert len(one.lines.all()) >= 2
            assert sum(line.amount_vnd for line in one.lines.all()) == 0
        assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())
        taken_back = [row for row in Posting.objects.values_list("reverses", flat=True) if row]
        assert len(taken_back) == len(set(taken_back))
        assert not Posting.objects.filter(seq__in=taken_back, kind=Kind.REVERSAL).exists()
        span = TODAY - timedelta(days=first + length), TODAY - timedelta(days=first)
        found = trial(*span)
        assert found.whole
        assert {row.account: row.closing_vnd for row in found.rows} == by_hand(span[1])


def by_hand(last: date) -> dict[Account, int]:
    sums: dict[Account, int] = {}
    for line in Line.objects.select_related("posting"):
        if line.posting.day <= last:
            sums[Account(line.account)] = sums.get(Account(line.account), 0) + line.amount_vnd
    return sums


@pytest.fixture
def treasurer(db: None) -> User:
    return person(Role.TREASURER)


def refused(error: pytest.ExceptionInfo[ValidationError]) -> dict[str, str]:
    return said(error.value, "vi")


def test_a_press_twice_is_one_and_another_entry_in_the_same_form_is_refused(treasurer: User) -> None:
    sent = draft(party=somebody("Ông Ba"))
    first = desk.receive_money(treasurer, sent, "given_people", "cash", NOW)
    again = desk.receive_money(treasurer, sent, "given_people", "cash", NOW + timedelta(days=1))
    assert (first, Posting.objects.count(), Party.objects.count()) == (again, 1, 1)
    assert (first.sign, booking.balance_of(Account.CASH)) == ("PT 1/2026", 1_350_000)
    with pytest.raises(ValidationError) as other:
        desk.receive_money(treasurer, draft(2_000, once=sent.once), "given_people", "cash", NOW)
    assert "PT 1/2026" in refused(other)["__all__"]


def test_a_reversal_takes_back_once_and_is_not_reversed(treasurer: User) -> None:
    first = money(treasurer)
    back = desk.reverse(treasurer, first, "thu nhầm", NOW)
    assert (back.kind, back.sign, back.reverses, booking.balance_of(Account.CASH)) == ("reversal", "KT 1/2026", first.seq, 0)
    assert desk.reverse(treasurer, first, "thu nhầm", NOW) == back  # pressed twice
    with pytest.raises(ValidationError) as twice:
        desk.reverse(person(Role.HEAD), first, "thu nhầm", NOW)
    with pytest.raises(ValidationError) as of_a_reversal:
        desk.reverse(treasurer, back, "nhầm", NOW)
    with pytest.raises(ValidationError) as silent:
        desk.reverse(treasurer, money(treasurer), "  ", NOW)
    assert "KT 1/2026" in refused(twice)["why"]
    assert all("why" in refused(one) for one in (of_a_reversal, silent))
    assert Posting.objects.count() == 3


def test_numbers_begin_anew_with_the_year_and_each_series_counts_for_itself(treasurer: User) -> None:
    signs = [money(treasurer).sign, money(treasurer).sign, spent(treasurer, 5_000).sign]
    signs.append(money(treasurer, at=NOW + timedelta(days=60)).sign)
    assert signs == ["PT 1/2026", "PT 2/2026", "PC 1/2026", "PT 1/2027"]


def test_no_more_is_paid_than_is_there(treasurer: User) -> None:
    money(treasurer, 500_000)
    with pytest.raises(ValidationError) as error:
        spent(treasurer, 500_001)
    assert "500.000" in refused(error)["amount"]
    assert spent(treasurer, 500_000).sign == "PC 1/2026"  # what was refused took no number


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount_vnd": 0}, "amount"), ({"amount_vnd": 10**15 + 1}, "amount"), ({"day": TODAY + timedelta(days=1)}, "day"),
        ({"day": date(2024, 12, 31)}, "day"), ({"words": "a" * 301}, "words"), ({"party": somebody("a" * 121)}, "name"),
        ({"party": desk.PartyDraft("Bà Tư", "0912x")}, "phone"), ({"party": desk.PartyDraft("", "0912 345 678")}, "name"),
        ({"party": desk.PartyDraft("", "", public=True)}, "name"), ({"once": ""}, "__all__"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field(treasurer: User, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as error:
        desk.receive_money(treasurer, draft(**changes), "given_people", "cash", NOW)
    assert field in refused(error)
    assert not Posting.objects.exists()


def test_what_is_chosen_must_be_known(treasurer: User) -> None:
    with pytest.raises(ValidationError) as money_error:
        desk.receive_money(treasurer, draft(), "cost_pole", "given_people", NOW)
    with pytest.raises(ValidationError) as gift:
        desk.receive_gift(treasurer, draft(words=" "), "repair", NOW)
    with pytest.raises(ValidationError) as out:
        desk.spend(treasurer, draft(words=""), Spending("x", "x"), NOW)
    assert set(refused(money_error)) == {"source", "account"}
    assert set(refused(gift)) == {"sort", "words"}
    assert set(refused(out)) == {"sort", "account", "words"}


def test_a_gift_without_a_worth_is_in_the_book_and_balances(treasurer: User) -> None:
    made = desk.receive_gift(treasurer, draft(0, words="hai ngày công"), "labour", NOW)
    assert (made.sign, [line.amount_vnd for line in made.lines.all()]) == ("HV 1/2026", [0, 0])


@pytest.mark.django_db
def test_others_enter_nothing() -> None:
    for role in (Role.COMMITTEE, Role.AUDITOR, Role.DUTY, Role.ADMINISTRATOR):
        with pytest.raises(ValidationError):
            money(person(role))
    assert money(person(Role.HEAD)).sign == "PT 1/2026"


def test_names_lie_locked_and_the_book_is_proved_and_never_changed(treasurer: User) -> None:
    made = money(treasurer, party=somebody("Nguyễn Thị Mận", public=True))
    party = Party.objects.get(key=made.party)
    assert "Mận" not in party.sealed_name + party.sealed_phone
    assert (desk.name_of(party), desk.name_of(None)) == ("Nguyễn Thị Mận", "")
    assert prove().whole
    for change in ({"iso": "2026-01-01"}, {"words": "khác"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Posting.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Line.objects.filter(amount_vnd__gt=0).update(amount_vnd=1)
    with pytest.raises(ValueError, match="zero"):
        book(treasurer, Entry(Kind.MONEY, "x", TODAY, [(Account.CASH, 5), (Account.GIVEN_PEOPLE, -4)]), NOW)
