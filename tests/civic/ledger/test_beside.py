"""Pledges, estimates, documents, and what the public may read."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from luytre.civic.access.models import Role, User
from luytre.civic.access.units import Decree
from luytre.civic.ledger import desk, documents, estimates, pledges, public
from luytre.civic.ledger.desk import Spending
from luytre.civic.ledger.erasing import sweep
from luytre.civic.ledger.estimates import EstimateDraft, Vote
from luytre.civic.ledger.models import LedgerStep, Party
from luytre.civic.ledger.pledges import PledgeDraft
from luytre.civic.ledger.public import LEAST_GIVERS, Given, public_list
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.places import complete, merge_hamlets
from luytre.civic.registry.refusals import said
from tests.civic.ledger.cast import NOW, TODAY, draft, money, somebody, spent
from tests.web.cast import person

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def treasurer(db: None) -> User:
    return person(Role.TREASURER)


def test_a_pledge_is_paid_in_parts_and_let_go(treasurer: User) -> None:
    wanted = PledgeDraft("p1", "money", 1_000_000, "", "hamlet:1", TODAY, somebody("Ông Ba"))
    pledge = pledges.promise(treasurer, wanted, NOW)
    assert pledges.promise(treasurer, wanted, NOW) == pledge
    assert pledges.came([pledge])[pledge.key] == pledges.Came(0, 0, 1_000_000, True)
    part = money(treasurer, 400_000, pledge=pledge)
    assert (part.party, part.place, pledges.given_for(pledge)) == (pledge.party.key, "hamlet:1", [part])
    assert pledges.came([pledge])[pledge.key] == pledges.Came(400_000, 1, 600_000, True)
    wrong = money(treasurer, 600_000, pledge=pledge)
    assert not pledges.came([pledge])[pledge.key].is_open
    desk.reverse(treasurer, wrong, "nhầm", NOW)
    assert pledges.came([pledge])[pledge.key].open_vnd == 600_000
    with pytest.raises(ValidationError):
        desk.receive_gift(treasurer, draft(pledge=pledge), "pole", NOW)
    pledges.let_go(treasurer, pledge, "gia đình gặp khó khăn", NOW)
    pledge.refresh_from_db()
    assert not pledges.came([pledge])[pledge.key].is_open
    with pytest.raises(ValidationError):
        pledges.let_go(treasurer, pledge, "lần nữa", NOW)
    assert [one.code for one in LedgerStep.objects.all()] == ["pledged", "forgiven"]


def test_a_pledge_in_kind_is_kept_once_it_came(treasurer: User) -> None:
    pledge = pledges.promise(treasurer, PledgeDraft("p", "pole", 0, "một cột", "", None, somebody("Bà Tư")), NOW)
    assert pledges.came([pledge])[pledge.key].is_open
    desk.receive_gift(treasurer, draft(0, pledge=pledge, words="một cột"), "pole", NOW)
    assert pledges.came([pledge])[pledge.key] == pledges.Came(0, 1, 0, False)
    for wrong in ({"sort": "money", "amount_vnd": 0}, {"sort": "x"}, {"words": ""}, {"party": desk.PartyDraft()}):
        base = PledgeDraft("q", "pole", 0, "một cột", "", None, somebody("Bà Tư"))
        with pytest.raises(ValidationError):
            pledges.promise(treasurer, replace(base, **wrong), NOW)


def test_an_estimate_is_voted_on_once_and_spent_against(treasurer: User) -> None:
    made = estimates.write(treasurer, EstimateDraft("e", "Camera cổng làng", "hamlet:1", {"pole": 900_000, "camera": 0}), NOW)
    money(treasurer, 2_000_000)
    with pytest.raises(ValidationError) as early:
        spent(treasurer, 1, on=Spending("pole", "cash", made))
    vote = Vote(TODAY, 41, 3, 2, agreed=True, minutes="Họp tại nhà văn hóa")
    estimates.decide(treasurer, made, vote, NOW)
    with pytest.raises(ValidationError) as late:
        estimates.decide(treasurer, made, replace(vote, agreed=False), NOW)  # another who signs at the same time
    made.refresh_from_db()
    assert ("estimate" in said(early.value), "nhanh hơn" in said(late.value, "vi")["__all__"], made.state) == (
        True,
        True,
        "agreed",
    )
    spent(treasurer, 400_000, on=Spending("pole", "cash", made))
    wrong = spent(treasurer, 700_000, on=Spending("camera", "cash", made))
    assert [(one.sort, one.left_vnd) for one in estimates.against(made)] == [("camera", -700_000), ("pole", 500_000)]
    desk.reverse(treasurer, wrong, "nhầm", NOW)
    assert [one.sort for one in estimates.against(made)] == ["pole"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"votes_for": 3}, "agreed"), ({"minutes": ""}, "minutes"), ({"met": TODAY + timedelta(days=1)}, "met"),
        ({"votes_against": -1}, "votes_against"), ({"minutes": "a" * 4001}, "minutes"),
    ],
)  # fmt: skip
def test_a_vote_that_cannot_be_is_refused(treasurer: User, changes: dict[str, object], field: str) -> None:
    made = estimates.write(treasurer, EstimateDraft("e", "Cột", "", {"pole": 1}), NOW)
    with pytest.raises(ValidationError) as error:
        estimates.decide(treasurer, made, replace(Vote(TODAY, 9, 3, 0, agreed=True, minutes="x"), **changes), NOW)  # type: ignore[arg-type]
    assert field in said(error.value)


def test_a_document_is_made_anew_or_refused(tmp_path: Path) -> None:
    photo = io.BytesIO()
    Image.new("RGB", (30, 20)).save(photo, "PNG", exif=Image.Exif())
    kept = documents.keep(tmp_path, photo.getvalue())
    assert (kept.kind, documents.read(tmp_path, kept)[:2], documents.named(kept.name)) == ("jpg", b"\xff\xd8", kept)
    pdf = b"%PDF-1.7 ... %%EOF\n"
    assert documents.read(tmp_path, documents.keep(tmp_path, pdf)) == pdf
    for wrong in (b"", b"%PDF-1.7 cut", b"MZ program", b"x" * (documents.MOST_BYTES + 1)):
        with pytest.raises(ValidationError) as error:
            documents.keep(tmp_path, wrong)
        assert "document" in said(error.value)


def test_files_that_the_book_does_not_name_go_after_a_day(treasurer: User, tmp_path: Path) -> None:
    money(treasurer)
    named, stray = (documents.keep(tmp_path, b"%PDF-" + word + b" %%EOF") for word in (b"a", b"b"))
    spent(treasurer, 5, on=Spending("pole", "cash", document=named))
    now_s = documents.place_of(tmp_path, stray).stat().st_mtime
    assert sweep(tmp_path, now_s + 3600) == 0
    assert sweep(tmp_path, now_s + 90_000) == 1
    assert documents.read(tmp_path, named)
    assert not documents.read(tmp_path, stray)
    assert sweep(tmp_path / "none", now_s) == 0


GIVENS = st.lists(
    st.builds(
        Given, hamlet=st.sampled_from(["", "Đông", "Đoài", "Trung"]), money_vnd=st.integers(0, 9), kind_vnd=st.integers(0, 9),
        out_vnd=st.integers(0, 9), is_gift=st.booleans(), name=st.sampled_from(["", *"ABCDEFGH"]), public=st.booleans(),
    ),
    max_size=60,
)  # fmt: skip


@given(GIVENS)
def test_the_public_list_adds_up_names_whom_it_may_and_finds_nobody_out(rows: list[Given]) -> None:
    found = public_list(rows)
    for sum_of in ("money_vnd", "kind_vnd", "out_vnd"):
        assert sum(getattr(line, sum_of) for line in found) == sum(getattr(row, sum_of) for row in rows)
    named = {name for line in found for name in line.names}
    assert named == {row.name for row in rows if row.public and row.is_gift and row.name}
    for line in found:
        givers = {row.name for row in rows if row.hamlet in line.hamlets and row.is_gift}
        assert not line.hamlets or len(givers) + len({""}) > LEAST_GIVERS - 1


def test_what_was_taken_back_is_not_public_and_a_merged_hamlet_keeps_its_name(treasurer: User) -> None:
    east, west = (Hamlet.objects.create(name=name) for name in ("Thôn Đông", "Thôn Đoài"))
    complete()
    for number in range(LEAST_GIVERS):
        money(treasurer, 100, place=place_key(east), party=somebody(f"Bà {number}", public=number == 0))
    gone = money(treasurer, 7_000, place=place_key(east), party=somebody("Ông Nhầm", public=True))
    desk.reverse(treasurer, gone, "nhầm", NOW)
    merge_hamlets(treasurer, east, west, Decree(treasurer, TODAY), NOW)
    (line,) = public.between(*YEAR)
    assert (line.hamlets, line.money_vnd, line.names) == (("Thôn Đông",), 500, ("Bà 0",))
    party = Party.objects.get(public=True, key=Party.objects.filter(public=True).order_by("pk").values("key")[:1])
    desk.say_consent(treasurer, party, public=False, at=NOW)
    assert public.between(*YEAR)[0].names == ()
    assert LedgerStep.objects.last().code == "no_consent"  # type: ignore[union-attr]
