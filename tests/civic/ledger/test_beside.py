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
from pypdf import PdfReader

from luytre.civic import filed
from luytre.civic.access.models import Role, User
from luytre.civic.access.units import Decree
from luytre.civic.ledger import desk, estimates, pledges, public
from luytre.civic.ledger.accounts import Account
from luytre.civic.ledger.booking import balance_of
from luytre.civic.ledger.desk import DOCUMENTS, Spending
from luytre.civic.ledger.erasing import erase_names, sweep
from luytre.civic.ledger.estimates import EstimateDraft, Item, Vote
from luytre.civic.ledger.models import LedgerStep, Party
from luytre.civic.ledger.paper import estimate_of
from luytre.civic.ledger.pledges import PledgeDraft
from luytre.civic.ledger.public import LEAST_GIVERS, Given, public_list
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.places import complete, merge_hamlets
from luytre.civic.registry.refusals import said
from tests.civic.ledger.cast import NOW, TODAY, draft, money, somebody, spent
from tests.web.cast import person

POLES = (Item(1, "pole", "cột thép 6 m", 2, 300_000), Item(3, "pole", "đổ móng", 1, 300_000))
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


def test_a_pledge_is_corrected_and_what_was_before_stays_in_the_log(treasurer: User) -> None:
    pledge = pledges.promise(treasurer, PledgeDraft("p", "money", 500_000, "", "", TODAY, somebody("Ông Ba")), NOW)
    shown = pledges.stamp(pledge)
    new = pledges.Amended(300_000, "góp một lần", None, "nghe nhầm", shown)
    money(treasurer, 200_000, pledge=pledge)
    for wrong in ({"amount_vnd": 100_000}, {"why": " "}, {"why": "x" * 61}, {"seen": "cũ"}):
        with pytest.raises(ValidationError):
            pledges.amend(treasurer, pledge, replace(new, **wrong), NOW)  # type: ignore[arg-type]
    pledges.amend(treasurer, pledge, new, NOW)
    with pytest.raises(ValidationError) as late:
        pledges.amend(treasurer, pledge, replace(new, amount_vnd=400_000), NOW)  # another, who was shown what was before
    pledge.refresh_from_db()
    assert "vừa sửa" in said(late.value, "vi")["__all__"]
    assert (pledge.amount_vnd, pledges.came([pledge])[pledge.key].open_vnd, pledge.due) == (300_000, 100_000, None)
    pledges.amend(treasurer, pledge, replace(new, seen=pledges.stamp(pledge)), NOW)  # nothing new: nothing is written
    (step,) = pledges.corrections(pledge)
    assert step.note == f"nghe nhầm (500000; {TODAY}; )"
    pledges.let_go(treasurer, pledge, "thôi", NOW)
    with pytest.raises(ValidationError):
        pledges.amend(treasurer, pledge, replace(new, seen=pledges.stamp(pledge)), NOW)


def test_names_go_when_their_term_is_over_and_the_sums_stay(treasurer: User) -> None:
    pledge = pledges.promise(treasurer, PledgeDraft("p", "money", 500_000, "", "", TODAY, somebody("Ông Ba")), NOW)
    gone = pledges.promise(treasurer, PledgeDraft("q", "pole", 0, "cột", "", TODAY, somebody("Bà Tư")), NOW)
    gave = money(treasurer, 500_000, party=somebody("Cô Năm"))
    pledges.let_go(treasurer, gone, "thôi", NOW)
    assert erase_names(NOW.replace(year=NOW.year + 1)) == 0
    assert erase_names(NOW.replace(year=NOW.year + 1) + timedelta(days=2)) == 1  # of what was let go
    assert erase_names(NOW.replace(year=NOW.year + 10)) == 0
    assert erase_names(NOW.replace(year=NOW.year + 11, month=1, day=1)) == 1
    left = {one.key: desk.name_of(one) for one in Party.objects.all()}
    assert left == {pledge.party.key: "Ông Ba", gone.party.key: "", gave.party: ""}  # who is still expected to give stays
    assert [one.by for one in LedgerStep.objects.filter(code="erased")] == [None, None]
    assert balance_of(Account.CASH) == 500_000


def test_an_estimate_has_items_and_each_fault_is_told_at_its_line(treasurer: User) -> None:
    wrong = (Item(2, "", "cột", 1, 1), Item(3, "pole", "x" * 121, 0, 10**16), Item(5, "camera", "", 100_001, 0))
    with pytest.raises(ValidationError) as error:
        estimates.write(treasurer, EstimateDraft("e", " ", "", wrong), NOW)
    fields = {"title", "sort2", "words3", "quantity3", "unit3", "quantity5", "unit5"}
    assert set(said(error.value)) == fields
    with pytest.raises(ValidationError):
        estimates.write(treasurer, EstimateDraft("e", "Cột", "", ()), NOW)
    made = estimates.write(treasurer, EstimateDraft("e", "Cột", "", POLES), NOW)
    assert [(one.words, one.amount_vnd) for one in made.lines.all()] == [("cột thép 6 m", 600_000), ("đổ móng", 300_000)]
    read = "".join(page.extract_text() for page in PdfReader(io.BytesIO(estimate_of(made, NOW))).pages)
    assert "900.000" in read
    assert "Chín trăm nghìn đồng" in read


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
    made = estimates.write(treasurer, EstimateDraft("e", "Camera cổng làng", "hamlet:1", POLES), NOW)
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
    made = estimates.write(treasurer, EstimateDraft("e", "Cột", "", (Item(1, "pole", "", 1, 1),)), NOW)
    with pytest.raises(ValidationError) as error:
        estimates.decide(treasurer, made, replace(Vote(TODAY, 9, 3, 0, agreed=True, minutes="x"), **changes), NOW)  # type: ignore[arg-type]
    assert field in said(error.value)


def test_a_document_is_made_anew_or_refused(tmp_path: Path) -> None:
    photo = io.BytesIO()
    Image.new("RGB", (30, 20)).save(photo, "PNG", exif=Image.Exif())
    kept = filed.keep(tmp_path, photo.getvalue(), DOCUMENTS)
    assert (kept.kind, filed.read(tmp_path, kept)[:2], filed.named(kept.name)) == ("jpg", b"\xff\xd8", kept)
    pdf = b"%PDF-1.7 ... %%EOF\n"
    assert filed.read(tmp_path, filed.keep(tmp_path, pdf, DOCUMENTS)) == pdf
    for wrong in (b"", b"%PDF-1.7 cut", b"MZ program", b"x" * (DOCUMENTS.most_bytes + 1)):
        with pytest.raises(ValidationError) as error:
            filed.keep(tmp_path, wrong, DOCUMENTS)
        assert "document" in said(error.value)


def test_files_that_the_book_does_not_name_go_after_a_day(treasurer: User, tmp_path: Path) -> None:
    money(treasurer)
    named, stray = (filed.keep(tmp_path, b"%PDF-" + word + b" %%EOF", DOCUMENTS) for word in (b"a", b"b"))
    spent(treasurer, 5, on=Spending("pole", "cash", document=named))
    now_s = filed.place_of(tmp_path, stray).stat().st_mtime
    assert sweep(tmp_path, now_s + 3600) == 0
    assert sweep(tmp_path, now_s + 90_000) == 1
    assert filed.read(tmp_path, named)
    assert not filed.read(tmp_path, stray)
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
