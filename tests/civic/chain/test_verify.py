"""Each row that was changed, removed or added is named, whichever way it was done. No database: the proof is a pure function."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.civic.chain.signing import Head
from luytre.civic.chain.text import FIRST, digest_of, row_text
from luytre.civic.chain.verify import MOST_FAULTS, MOST_SHIFT, ChainCheck, Fault, FaultKind, Mark, Row

TABLE, LENGTH = "access_look", 12


def made(seq: int, previous: str, **columns: int | str) -> Row:
    own = {"at": 1_000_000 * seq, "camera": f"c{seq}", "seq": seq, **columns}
    return Row(seq, previous, digest_of(row_text(previous, TABLE, own)), own)


def chain(length: int = LENGTH, **columns: int | str) -> list[Row]:
    rows: list[Row] = []
    for seq in range(1, length + 1):
        rows.append(made(seq, rows[-1].digest if rows else FIRST, **columns))
    return rows


def head_of(rows: list[Row]) -> Head:
    return Head(TABLE, len(rows), rows[-1].digest if rows else FIRST)


def renumbered(rows: list[Row]) -> list[Row]:
    return [row._replace(seq=seq, columns={**(row.columns or {}), "seq": seq}) for seq, row in enumerate(rows, start=1)]


def faults(rows: list[Row], head: Head | None, marks: dict[int, Mark] | None = None) -> list[tuple[FaultKind, int, int]]:
    check = ChainCheck(TABLE, head, marks or {})
    check.take(rows)
    return [(fault.kind, fault.first, fault.last) for fault in check.finish(head)]


@given(st.integers(0, 40))
def test_a_whole_chain_has_no_fault(length: int) -> None:
    rows = chain(length)
    assert faults(rows, head_of(rows), {seq: Mark(rows[seq - 1].digest, 5) for seq in range(1, length + 1, 7)}) == []


@given(st.integers(1, LENGTH), st.sampled_from(["camera", "at", "digest", "previous", "new column", "unreadable"]))
def test_a_changed_row_is_named_and_no_other(seq: int, what: str) -> None:
    rows = chain()
    old = rows[seq - 1]
    columns = dict(old.columns or {})
    changed = {
        "camera": old._replace(columns={**columns, "camera": f"c{seq}!"}),
        "at": old._replace(columns={**columns, "at": 1_000_000 * seq + 1}),
        "digest": old._replace(digest="f" + old.digest[1:] if old.digest[0] != "f" else "0" + old.digest[1:]),
        "previous": old._replace(previous="e" * 64),
        "new column": old._replace(columns={**columns, "reference": "x"}),
        "unreadable": old._replace(columns=None),
    }[what]
    assert faults([*rows[: seq - 1], changed, *rows[seq:]], head_of(rows)) == [(FaultKind.CHANGED, seq, seq)]


@given(st.integers(1, LENGTH - 1))
def test_a_row_rewritten_with_its_digest_is_named_itself(seq: int) -> None:
    rows = chain()
    rewritten = made(seq, rows[seq - 1].previous, camera="another")
    assert faults([*rows[: seq - 1], rewritten, *rows[seq:]], head_of(rows)) == [(FaultKind.CHANGED, seq, seq)]


def test_the_last_row_rewritten_with_its_digest_does_not_agree_with_the_head() -> None:
    rows = chain()
    forged = [*rows[:-1], made(LENGTH, rows[-1].previous, camera="another")]
    assert faults(forged, head_of(rows)) == [(FaultKind.HEAD, LENGTH, LENGTH)]


@given(st.integers(1, LENGTH - 1), st.integers(1, 3))
def test_removed_rows_are_named(first: int, count: int) -> None:
    rows = chain()
    last = min(first + count - 1, LENGTH - 1)
    assert faults([*rows[: first - 1], *rows[last:]], head_of(rows)) == [(FaultKind.REMOVED, first, last)]


@given(st.integers(1, LENGTH - 1), st.integers(1, 3), st.booleans())
def test_removed_rows_are_named_though_the_others_were_numbered_anew(first: int, count: int, head_too: bool) -> None:
    rows = chain()
    last = min(first + count - 1, LENGTH - 1)
    kept = renumbered([*rows[: first - 1], *rows[last:]])
    assert faults(kept, head_of(kept if head_too else rows)) == [(FaultKind.REMOVED, first, last)]


@given(st.integers(1, LENGTH))
def test_a_tail_that_was_cut_off_is_named(count: int) -> None:
    rows = chain()
    assert faults(rows[: LENGTH - count], head_of(rows)) == [(FaultKind.REMOVED, LENGTH - count + 1, LENGTH)]


@given(st.integers(1, LENGTH), st.booleans(), st.booleans())
def test_a_row_added_in_the_middle_is_named(place: int, with_digest: bool, head_too: bool) -> None:
    rows = chain()
    before = rows[place - 2].digest if place > 1 else FIRST
    added = made(place, before, camera="put in")
    added = added if with_digest else added._replace(digest="d" * 64)
    forged = renumbered([*rows[: place - 1], added, *rows[place - 1 :]])
    assert faults(forged, head_of(forged if head_too else rows)) == [(FaultKind.ADDED, place, place)]


@pytest.mark.parametrize("digest", [None, "d" * 64])
def test_rows_added_at_the_end_are_named(digest: str | None) -> None:
    rows = chain()
    one = made(LENGTH + 1, rows[-1].digest)
    one = one._replace(digest=digest) if digest else one
    assert faults([*rows, one], head_of(rows)) == [(FaultKind.ADDED, LENGTH + 1, LENGTH + 1)]
    two = made(LENGTH + 2, one.digest)
    assert faults([*rows, one, two], head_of(rows)) == [(FaultKind.ADDED, LENGTH + 1, LENGTH + 2)]


def test_a_row_before_the_first_is_named() -> None:
    rows = chain()
    assert faults([made(0, FIRST), *rows], head_of(rows)) == [(FaultKind.ADDED, 0, 0)]


def test_several_faults_are_all_named() -> None:
    rows = renumbered([row for row in chain(30) if row.seq not in (5, 20, 21)])
    rows[10] = rows[10]._replace(columns={**(rows[10].columns or {}), "camera": "x"})
    assert faults(rows[:-1], head_of(chain(30))) == [
        (FaultKind.REMOVED, 5, 5),
        (FaultKind.CHANGED, 11, 11),
        (FaultKind.REMOVED, 20, 21),
        (FaultKind.REMOVED, 30, 30),
    ]


def test_a_chain_written_anew_is_found_by_a_checkpoint() -> None:
    rows, other = chain(), chain(camera="another")
    marks = {4: Mark(rows[3].digest, 1), 9: Mark(rows[8].digest, 2)}
    anew = rows[:6]
    for seq in range(7, LENGTH + 1):
        anew.append(made(seq, anew[-1].digest, camera="another"))
    assert faults(anew, head_of(anew)) == []
    assert faults(anew, head_of(anew), marks) == [(FaultKind.REWRITTEN, 5, 9)]
    assert faults(other, head_of(other), marks) == [(FaultKind.REWRITTEN, 1, 4), (FaultKind.REWRITTEN, 5, 9)]


def test_a_tail_cut_off_together_with_the_head_is_found_by_a_checkpoint() -> None:
    rows = chain()
    assert faults(rows[:8], head_of(rows[:8]), {10: Mark(rows[9].digest, 1)}) == [(FaultKind.REMOVED, 9, 10)]


def test_a_log_without_a_head_is_not_whole() -> None:
    assert faults(chain(), None) == [(FaultKind.HEAD, LENGTH, LENGTH)]
    assert faults([], None) == []


def test_rows_that_are_written_meanwhile_are_no_fault() -> None:
    rows = chain()
    check = ChainCheck(TABLE, head_of(rows[:9]))
    check.take(rows[:11])
    assert check.finish(head_of(rows)) == []


def test_when_it_was_is_told() -> None:
    rows = chain()
    check = ChainCheck(TABLE, head_of(rows))
    check.take([*rows[:3], *rows[4:]])
    assert check.finish(head_of(rows)) == [Fault(TABLE, FaultKind.REMOVED, 4, 4, at_us=3_000_000)]


def test_a_table_that_is_broken_beyond_a_list_ends_the_reading() -> None:
    rows = [row._replace(columns=None) for row in chain(MOST_FAULTS + 50)]
    check = ChainCheck(TABLE, head_of(rows))
    check.take(rows)
    assert (check.cut, check.rows, len(check.finish(head_of(rows)))) == (True, MOST_FAULTS, MOST_FAULTS)


def test_more_rows_than_are_tried_leave_their_mark_all_the_same() -> None:
    rows = chain(LENGTH + MOST_SHIFT + 10)
    kept = renumbered([*rows[:4], *rows[4 + MOST_SHIFT + 1 :]])
    assert faults(kept, head_of(rows))[0] == (FaultKind.CHANGED, 5, 5)
