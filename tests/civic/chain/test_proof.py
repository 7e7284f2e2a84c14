"""The proof over the database's own rows, to the byte; checkpoints; exports."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.errors import UsageError
from luytre.civic.access.looks import Reason, Span, record_look
from luytre.civic.access.models import ChangeCode, Look, LookKind, Role
from luytre.civic.access.people import record_change
from luytre.civic.chain.checkpoints import make_checkpoint, newest_checkpoint
from luytre.civic.chain.export import verify_export
from luytre.civic.chain.models import ChainHead, Checkpoint
from luytre.civic.chain.proof import Proof, exported, prove
from luytre.civic.chain.signing import KEY_FILE, Signed, parse_checkpoint, private_key, public_key, read_signed
from luytre.civic.chain.verify import FaultKind
from tests.support.chains import unguarded
from tests.web.cast import person

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
NOW = datetime(2026, 11, 26, 0, 0, tzinfo=UTC)


@pytest.fixture
def log() -> None:
    user = person(Role.ADMINISTRATOR)
    for number in range(8):
        start = START + timedelta(hours=number, microseconds=number)
        record_look(user, LookKind.HISTORY, [f"c{number}"], Span(start, start + timedelta(minutes=5)), Reason(words="mất xe"))
    record_change(user, ChangeCode.NAME, user, "cũ", "mới")


def sql(statement: str) -> None:
    with unguarded(connection), connection.cursor() as cursor:
        cursor.execute(statement)


def moved(seq: int, to: int) -> str:
    return f"UPDATE access_look SET seq = {to} WHERE seq = {seq}"


def copied(seq: int, to: int) -> str:
    columns = "at, kind, camera, span_start, span_end, purpose, user_id, previous, digest, purpose_key, reference"
    return f"INSERT INTO access_look (seq, {columns}) SELECT {to}, {columns} FROM access_look WHERE seq = {seq}"


def told(proof: Proof) -> list[tuple[str, str, int, int]]:
    return [(fault.table, fault.kind, fault.first, fault.last) for fault in proof.faults]


def test_a_log_that_was_left_alone_is_whole(log: None) -> None:
    found = prove()
    assert (found.whole, found.rows, [table.rows for table in found.tables if table.rows]) == (True, 9, [1, 8])


@contextmanager
def nothing_checked() -> Iterator[None]:
    """As whoever edits the file by other means; the connection is the next test's too, so it ends here."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        cursor.execute("PRAGMA defer_foreign_keys = ON")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


COLUMNS = [column.column for column in Look._meta.concrete_fields if column.column != "seq"]


@pytest.mark.parametrize("column", COLUMNS)
def test_one_byte_of_any_column_of_a_row_is_found(log: None, column: str) -> None:
    number = f"{column} + 1" if column == "user_id" else f"substr({column}, 1, length({column}) - 1) || '~'"
    with nothing_checked():
        sql(f"UPDATE access_look SET {column} = {number} WHERE seq = 4")
        assert told(prove()) == [("access_look", FaultKind.CHANGED, 4, 4)]
        sql("UPDATE access_look SET user_id = (SELECT id FROM access_user)")  # or the test's end finds a key to nobody


@pytest.mark.parametrize(
    "change",
    [
        "at = replace(at, ' ', 'T')",
        "span_start = span_start || '+00:00'",
        "camera = CAST(camera AS BLOB)",
        "purpose = purpose || char(0)",
    ],
)
def test_what_the_program_would_read_alike_is_found_too(log: None, change: str) -> None:
    sql(f"UPDATE access_look SET {change} WHERE seq = 2")
    assert told(prove()) == [("access_look", FaultKind.CHANGED, 2, 2)]


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (["DELETE FROM access_look WHERE seq = 3"], [(FaultKind.REMOVED, 3, 3)]),
        (["DELETE FROM access_look WHERE seq = 8"], [(FaultKind.REMOVED, 8, 8)]),
        (["DELETE FROM access_look WHERE seq = 1"], [(FaultKind.REMOVED, 1, 1)]),
        (["DELETE FROM access_look"], [(FaultKind.REMOVED, 1, 8)]),
        (["DELETE FROM access_look WHERE seq = 3", *[moved(n, n - 1) for n in range(4, 9)]], [(FaultKind.REMOVED, 3, 3)]),
        ([*[moved(n, n + 1) for n in range(8, 3, -1)], copied(2, 4)], [(FaultKind.ADDED, 4, 4)]),
        ([copied(8, 9)], [(FaultKind.ADDED, 9, 9)]),
        (["DELETE FROM chain_chainhead WHERE name = 'access_look'"], [(FaultKind.HEAD, 8, 8)]),
        (["UPDATE chain_chainhead SET digest = 'x' WHERE name = 'access_look'"], [(FaultKind.HEAD, 8, 8)]),
    ],
)  # fmt: skip
def test_removed_and_added_rows_are_named(log: None, statements: list[str], expected: list[tuple[str, int, int]]) -> None:
    for statement in statements:
        sql(statement)
    assert told(prove()) == [("access_look", *fault) for fault in expected]


def test_a_missing_trigger_is_told(log: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER luytre_append_only_access_look_delete")
    found = prove()
    assert told(found) == [("access_look", FaultKind.UNGUARDED, 0, 0)]
    assert found.faults[0].detail == "luytre_append_only_access_look_delete"


def test_a_checkpoint_is_a_file_that_anybody_can_prove(log: None, tmp_path: Path) -> None:
    path = make_checkpoint(NOW, tmp_path / "out", tmp_path / "secrets")
    signed = parse_checkpoint(path.read_text())
    assert signed.holds()
    assert signed == newest_checkpoint()
    assert {head.name: head.seq for head in signed.heads if head.seq} == {"access_look": 8, "access_change": 1}
    assert (tmp_path / "secrets" / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert signed.public_key == public_key(private_key(tmp_path / "secrets"))
    assert prove(tmp_path / "out").checkpoints == 1
    changed = signed.text.replace('"access_look",8', '"access_look",7')
    assert not read_signed(changed, signed.signature, signed.public_key).holds()


def test_a_tail_cut_off_with_its_head_is_found_by_the_file_alone(log: None, tmp_path: Path) -> None:
    make_checkpoint(NOW, tmp_path, tmp_path / "secrets")
    last = Look.objects.get(seq=6)
    sql("DELETE FROM access_look WHERE seq > 6")
    ChainHead.objects.filter(pk="access_look").update(seq=6, digest=last.digest)
    Checkpoint.objects.all().delete()
    assert prove().whole
    assert told(prove(tmp_path)) == [("access_look", FaultKind.REMOVED, 7, 8)]


def test_a_checkpoint_that_was_changed_is_told(log: None, tmp_path: Path) -> None:
    path = make_checkpoint(NOW, tmp_path, tmp_path / "secrets")
    path.write_text(path.read_text().replace("access_look", "access_book"))
    (tmp_path / "other.json").write_text("{}")
    Checkpoint.objects.update(signature="00" * 64)
    found = prove(tmp_path)
    assert [fault.kind for fault in found.faults] == [FaultKind.CHECKPOINT] * 3
    assert {path.name, "other.json"} < {fault.detail for fault in found.faults}


def held(tmp_path: Path) -> Signed:
    return parse_checkpoint(make_checkpoint(NOW, tmp_path, tmp_path / "secrets").read_text())


def test_an_export_is_proved_without_a_database(log: None, tmp_path: Path) -> None:
    lines = list(exported())
    assert verify_export(lines, held(tmp_path)) == (9, [])
    assert verify_export(lines, None) == (9, [])


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda lines: [*lines[:4], *lines[5:]], FaultKind.REMOVED),
        (lambda lines: lines[:-1], FaultKind.REMOVED),
        (lambda lines: [*lines, lines[-1]], FaultKind.ADDED),
        (lambda lines: [*lines[:5], lines[5].replace("mất xe", "mất bò"), *lines[6:]], FaultKind.CHANGED),
        (lambda lines: [*lines[:5], lines[5].replace("{", "{ "), *lines[6:]], FaultKind.CHANGED),
        (lambda lines: [*lines[:5], "rubbish\n", *lines[6:]], FaultKind.CHANGED),
        (lambda lines: [*lines[:5], lines[5].replace("mất", "\\ud800"), *lines[6:]], FaultKind.CHANGED),
        (lambda lines: [json.dumps({"format": "luytre-log-1", "heads": []}) + "\n"], FaultKind.REMOVED),
    ],
)
def test_an_export_that_was_changed_is_found(
    log: None, tmp_path: Path, spoil: Callable[[list[str]], list[str]], expected: FaultKind
) -> None:
    _rows, faults = verify_export(spoil(list(exported())), held(tmp_path))
    assert {fault.kind for fault in faults} == {expected}


@given(st.text())
def test_what_is_no_export_and_no_checkpoint_is_refused(text: str) -> None:
    for read in (parse_checkpoint, lambda words: verify_export([words], None)):
        with pytest.raises(UsageError):
            read(text)


@given(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_any_json_line_is_a_row_that_is_wrong(value: object) -> None:
    head = json.dumps({"format": "luytre-log-1", "heads": [["access_look", 1, "d" * 64]]})
    _rows, faults = verify_export([head, f"digest\t{json.dumps(value)}\n"], None)
    assert faults
