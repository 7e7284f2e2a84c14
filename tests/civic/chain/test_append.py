"""Rows are written once, each with its number and the digest of the one before; the database refuses all else."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from django.db import DatabaseError, connection, transaction

from luytre.civic.access.looks import Reason, Span, record_look
from luytre.civic.access.models import Look, LookKind, Role
from luytre.civic.chain.models import ChainBroken, ChainHead, chained_models
from luytre.civic.chain.text import FIRST
from luytre.civic.chain.triggers import missing
from tests.support.chains import unguarded
from tests.web.cast import person

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 24, 7, 5, 0, 123456, tzinfo=UTC)


def test_a_row_is_numbered_and_follows_the_one_before() -> None:
    user = person(Role.ADMINISTRATOR)
    one, two = record_look(user, LookKind.HISTORY, ["c1", "c2"], Span(START, START + timedelta(hours=1)), Reason(words="mất xe"))
    assert (one.seq, one.previous, two.seq, two.previous) == (1, FIRST, 2, one.digest)
    head = ChainHead.objects.get(pk="access_look")
    assert (head.seq, head.digest) == (2, two.digest)


def test_the_text_can_be_written_again_by_anybody() -> None:
    """As design/rules.md tells it, with nothing of ours."""
    user = person(Role.ADMINISTRATOR)
    row = Look.objects.create(
        user=user,
        kind=LookKind.HISTORY,
        camera="c1",
        at=START,
        span_start=START,
        span_end=START + timedelta(seconds=1),
        purpose='mất "xe"',
    )
    micros = 1_795_503_900_123_456
    columns = {"at": micros, "camera": "c1", "kind": "history", "purpose": "mất \"xe\"", "seq": 1, "span_end": micros + 1_000_000,
               "span_start": micros, "user_id": user.pk}  # fmt: skip
    text = json.dumps(["0" * 64, "access_look", columns], ensure_ascii=False, separators=(",", ":"))
    assert row.digest == sha256(text.encode()).hexdigest()


def test_a_clock_that_goes_back_does_not_trouble_the_chain() -> None:
    user = person(Role.ADMINISTRATOR)
    later = Look.objects.create(user=user, kind=LookKind.LIVE, camera="c", at=START)
    earlier = Look.objects.create(user=user, kind=LookKind.LIVE, camera="c", at=START - timedelta(days=3))
    assert (later.seq, earlier.seq, earlier.previous) == (1, 2, later.digest)


def test_a_row_that_was_refused_leaves_no_hole() -> None:
    user = person(Role.ADMINISTRATOR)
    with pytest.raises(DatabaseError), transaction.atomic():
        Look.objects.create(user=user, kind=LookKind.HISTORY, camera="without a span")
    assert Look.objects.create(user=user, kind=LookKind.LIVE, camera="c").seq == 1


@pytest.mark.parametrize("model", chained_models(), ids=lambda model: model._meta.db_table)
def test_every_chained_table_is_guarded(model: type[Look]) -> None:
    assert missing(connection, model._meta.db_table) == []
    with unguarded(connection):
        assert len(missing(connection, model._meta.db_table)) == 3
    assert missing(connection, model._meta.db_table) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE access_look SET camera = 'other'",
        "UPDATE access_look SET digest = ''",
        "DELETE FROM access_look",
        "DELETE FROM access_look WHERE seq = 1",
        "INSERT OR REPLACE INTO access_look (seq, at, user_id, kind, camera, purpose, purpose_key, reference, previous, digest)"
        " SELECT seq, at, user_id, kind, 'other', purpose, purpose_key, reference, previous, digest FROM access_look",
        "UPDATE OR REPLACE access_look SET seq = 7",
    ],
)
def test_sqlite_refuses_to_change_and_to_remove(statement: str) -> None:
    row = Look.objects.create(user=person(Role.ADMINISTRATOR), kind=LookKind.LIVE, camera="mine")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Look.objects.values_list("seq", "camera", "digest").get() == (1, "mine", row.digest)


def test_rows_are_not_changed_in_the_program_either() -> None:
    row = Look.objects.create(user=person(Role.ADMINISTRATOR), kind=LookKind.LIVE, camera="c")
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        row.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Look.objects.all().delete()


def test_a_log_without_its_head_takes_no_row() -> None:
    user = person(Role.ADMINISTRATOR)
    Look.objects.create(user=user, kind=LookKind.LIVE, camera="c")
    ChainHead.objects.filter(pk="access_look").delete()
    with pytest.raises(ChainBroken) as caught:
        Look.objects.create(user=user, kind=LookKind.LIVE, camera="c")
    assert "access_look" in caught.value.sentence()
    assert Look.objects.count() == 1
