"""The coordination regulation: one text a matrix, its bounds, what it prints, which version is in force."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from io import BytesIO

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.errors import UsageError
from luytre.civic.access.models import Role
from luytre.civic.coordination.approval import approve, begin_draft, draft, write_draft
from luytre.civic.coordination.articles import articles, minutes
from luytre.civic.coordination.builtin import BUILT_IN
from luytre.civic.coordination.force import in_force_now
from luytre.civic.coordination.paper import as_docx, as_pdf
from luytre.civic.coordination.rules import ANSWERERS, DAY_MIN, LONGEST_MIN, Line, Matrix, Night, check
from luytre.civic.coordination.text import read, write
from luytre.civic.regulations.approval import DraftChanged, NotApproved
from luytre.civic.regulations.force import in_force_now as usage_in_force
from luytre.civic.regulations.paper import Issue
from luytre.civic.regulations.rules import Actor
from luytre.civic.tips.kinds import Kind
from tests.web.cast import person

NOW = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
spans = st.integers(1, LONGEST_MIN)


@st.composite
def lines_of(draw: st.DrawFn, kind: str) -> Line:
    first, backup = draw(st.permutations(ANSWERERS))[:2]
    return Line(kind, first, draw(spans), draw(spans), backup, draw(st.booleans()))


@st.composite
def matrices(draw: st.DrawFn) -> Matrix:
    lines = tuple(draw(lines_of(kind)) for kind in Kind.values)
    otherwise = draw(st.sets(st.sampled_from(Kind.values), max_size=3))
    hours = draw(st.lists(st.integers(0, DAY_MIN - 1), min_size=2, max_size=2, unique=True))
    at_night = tuple(draw(lines_of(kind)) for kind in Kind.values if kind in otherwise)
    return replace(BUILT_IN, lines=lines, night=Night(*hours, at_night) if at_night else None)


@given(matrices())
def test_what_is_written_is_read_again_and_stands_on_the_paper(matrix: Matrix) -> None:
    assert read(write(matrix)) == matrix
    said = " ".join(clause for article in articles(matrix) for clause in article.clauses)
    for line in (*matrix.lines, *(matrix.night.lines if matrix.night else ())):
        assert f"nhận việc trong {minutes(line.accept_min)}, có mặt trong {minutes(line.arrive_min)}" in said


@given(matrices(), st.times(), st.sampled_from(Kind.values))
def test_the_nights_line_holds_within_its_hours_alone(matrix: Matrix, wall: time, kind: str) -> None:
    found, night = matrix.line_of(kind, wall), matrix.night
    by_day = next(line for line in matrix.lines if line.kind == kind)
    if night is None:
        assert found == by_day
        return
    minute = wall.hour * 60 + wall.minute
    within = (minute - night.start_min) % DAY_MIN < (night.end_min - night.start_min) % DAY_MIN
    assert found == next((line for line in night.lines if line.kind == kind and within), by_day)


def test_texts_from_before_there_were_nights_are_read_and_stay_as_they_are() -> None:
    text = write(BUILT_IN)
    assert "night" not in text
    assert write(read(text)) == text


@pytest.mark.parametrize(
    "night",
    [
        Night(0, 0, BUILT_IN.lines[:1]), Night(-1, 5, BUILT_IN.lines[:1]), Night(5, DAY_MIN, BUILT_IN.lines[:1]), Night(0, 5, ()),
        Night(0, 5, BUILT_IN.lines[1::-1]), Night(0, 5, BUILT_IN.lines[:1] * 2),
        Night(0, 5, (replace(BUILT_IN.lines[0], backup=BUILT_IN.lines[0].first),)),
    ],
)  # fmt: skip
def test_what_no_night_may_say(night: Night) -> None:
    with pytest.raises(UsageError):
        check(replace(BUILT_IN, night=night))


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=9), lambda inner: st.lists(inner, max_size=3)))
def test_any_value_anywhere_is_refused_in_words(value: object) -> None:
    told = json.loads(write(BUILT_IN))
    for name in ("lines", "signals", "duties", "heading", "format"):
        if value == told[name] or (value == [] and name in ("signals", "duties")):
            continue
        if name == "duties" and isinstance(value, list):
            continue  # lines of text may be anything
        with pytest.raises(UsageError):
            read(json.dumps({**told, name: value}))
    with pytest.raises(UsageError):
        read(json.dumps({**told, "night": value}))


@pytest.mark.parametrize(
    "change",
    [
        {"accept_min": 0}, {"arrive_min": LONGEST_MIN + 1}, {"first": Actor.RESIDENT}, {"backup": Actor.AUDITOR},
        {"backup": BUILT_IN.lines[0].first},
    ],
)  # fmt: skip
def test_what_no_matrix_may_say(change: dict[str, object]) -> None:
    wrong = replace(BUILT_IN, lines=(replace(BUILT_IN.lines[0], **change), *BUILT_IN.lines[1:]))  # type: ignore[arg-type]
    with pytest.raises(UsageError):
        check(wrong)


def test_a_kind_without_a_line_is_refused() -> None:
    with pytest.raises(UsageError):
        check(replace(BUILT_IN, lines=BUILT_IN.lines[1:]))
    told = json.loads(write(BUILT_IN))
    del told["lines"]["fire"]
    with pytest.raises(UsageError) as caught:
        read(json.dumps(told))
    assert caught.value.subject == "lines.fire"


@pytest.mark.parametrize(("count", "words"), [(1, "1 phút"), (60, "1 giờ"), (90, "1 giờ 30 phút"), (1440, "24 giờ")])
def test_minutes_in_words(count: int, words: str) -> None:
    assert minutes(count) == words


def test_papers_have_every_clause() -> None:
    issue = Issue("", 1, NOW, NOW, "ab" * 32)
    assert as_pdf(BUILT_IN, issue).startswith(b"%PDF")
    text = "\n".join(paragraph.text for paragraph in Document(BytesIO(as_docx(BUILT_IN, issue))).paragraphs)
    for article in articles(BUILT_IN):
        assert all(clause in text for clause in article.clauses)


@pytest.mark.django_db
def test_a_version_holds_from_its_moment_and_leaves_the_usage_regulation_alone() -> None:
    head = person(Role.HEAD)
    assert in_force_now(NOW).matrix == BUILT_IN
    begin_draft(head, NOW)
    found = draft()
    assert found is not None
    assert found.matrix == BUILT_IN
    quick = replace(BUILT_IN, lines=(replace(BUILT_IN.lines[0], accept_min=1), *BUILT_IN.lines[1:]))
    write_draft(head, quick, found.stamp, NOW)
    with pytest.raises(DraftChanged):
        write_draft(head, quick, found.stamp, NOW)
    with pytest.raises(DraftChanged):
        approve(head, found.stamp, None, NOW)
    with pytest.raises(NotApproved):
        approve(head, found.stamp + 1, NOW - timedelta(hours=1), NOW)
    midnight = NOW + timedelta(hours=10)
    approve(head, found.stamp + 1, midnight, NOW)
    assert in_force_now(NOW).version is None
    later = in_force_now(midnight)
    assert (later.matrix, later.version and later.version.number, draft()) == (quick, 1, None)
    assert usage_in_force(midnight).is_built_in
