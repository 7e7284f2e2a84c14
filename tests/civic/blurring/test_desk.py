"""Blurs: what is saved stays, what is refused says why, and who makes a copy gets what covers the span."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from luytre.base.errors import NotFound
from luytre.civic.access.looks import Reason, Span
from luytre.civic.access.models import Role, User
from luytre.civic.blurring.desk import LONGEST, blurs_of, digest_of, newest_of, save, start, tracks_of
from luytre.civic.blurring.models import Blur, BlurRevision
from luytre.civic.ports import BlurKey, BlurTrack
from luytre.civic.registry.models import Camera
from luytre.civic.registry.refusals import said
from tests.web.cast import camera, person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SPAN = Span(NOW - timedelta(hours=1), NOW - timedelta(minutes=50))
AT_MS = round(SPAN.start.timestamp() * 1000)
WHY = Reason("crime", "VV 12/2026")


def drawn(*at_ms: int, x: float = 0.25) -> str:
    return json.dumps([[[at, x, 0.25, 0.5, 0.125] for at in at_ms]])


@pytest.fixture
def duty() -> User:
    return person(Role.DUTY)


@pytest.fixture
def gate() -> Camera:
    return camera("Cổng chợ")


@pytest.fixture
def blur(duty: User, gate: Camera) -> Blur:
    return start(duty, gate, SPAN, NOW, title=" Biển số  xe ", reason=WHY)


def refused(error: pytest.ExceptionInfo[ValidationError]) -> dict[str, str]:
    return said(error.value, "en")


def test_what_was_drawn_comes_back_as_it_was_with_its_digest(blur: Blur, duty: User, gate: Camera) -> None:
    assert (blur.title, blurs_of(gate.key, SPAN)) == ("Biển số xe", ()), "nothing is hidden yet"
    first = save(duty, blur, drawn(AT_MS, AT_MS + 1234), 0, NOW, "hai mốc")
    assert first is not None
    (choice,) = blurs_of(gate.key, SPAN)
    assert (choice.key, choice.revision, choice.title, choice.made, choice.by) == (blur.key, 1, "Biển số xe", NOW, str(duty))
    later = SPAN.start + timedelta(milliseconds=1234)
    assert tracks_of(blur.key, 1) == (
        BlurTrack((BlurKey(SPAN.start, 0.25, 0.25, 0.5, 0.125), BlurKey(later, 0.25, 0.25, 0.5, 0.125))),
    )
    assert digest_of(blur.key, 1) == hashlib.sha256(first.tracks.encode()).hexdigest()
    second = save(duty, blur, drawn(AT_MS), 1, NOW)
    assert second is not None
    assert (blurs_of(gate.key, SPAN)[0].revision, len(tracks_of(blur.key, 1)[0].keys)) == (2, 2), "the first is as it was"
    with pytest.raises(NotFound):
        tracks_of(blur.key, 3)
    with pytest.raises(TypeError, match="never changed"):
        second.save()


def test_a_copy_is_offered_only_what_covers_all_of_it_and_hides_something(blur: Blur, duty: User, gate: Camera) -> None:
    save(duty, blur, drawn(AT_MS), 0, NOW)
    inside = Span(SPAN.start + timedelta(seconds=1), SPAN.end)
    assert len(blurs_of(gate.key, inside)) == 1
    assert blurs_of(gate.key, Span(SPAN.start - timedelta(seconds=1), SPAN.end)) == ()
    assert blurs_of(camera("Khác").key, inside) == ()
    save(duty, blur, "[]", 1, NOW)
    assert blurs_of(gate.key, inside) == ()


def test_two_who_draw_at_once_do_not_undo_each_other(blur: Blur, duty: User) -> None:
    save(duty, blur, drawn(AT_MS), 0, NOW)
    assert save(duty, blur, drawn(AT_MS), 0, NOW) is None, "pressed twice"
    with pytest.raises(ValidationError) as error:
        save(duty, blur, drawn(AT_MS, x=0.5), 0, NOW)
    assert "Somebody else" in refused(error)["tracks"]
    newest = newest_of(blur)
    assert newest is not None
    assert (newest.number, BlurRevision.objects.count()) == (1, 1)


@pytest.mark.parametrize(("text", "words"), [
    ("x", "not understood"),
    ("[]", "at least one"),
    (drawn(AT_MS - 2001), "egion 1 is at a time outside"),
    (drawn(AT_MS + 602_001), "egion 1 is at a time outside"),
    (drawn(AT_MS, AT_MS), "egion 1 do not follow"),
    (drawn(AT_MS, x=0.7), "egion 1 lies outside"),
])  # fmt: skip
def test_what_cannot_be_drawn_is_told(blur: Blur, duty: User, text: str, words: str) -> None:
    with pytest.raises(ValidationError) as error:
        save(duty, blur, text, 0, NOW)
    assert words in refused(error)["tracks"]
    assert not BlurRevision.objects.exists()


def test_a_span_that_is_none_is_told_at_its_field(duty: User, gate: Camera) -> None:
    for span, field in [
        (Span(SPAN.end, SPAN.start), "end"), (Span(NOW - LONGEST - timedelta(seconds=1), NOW), "end"),
        (Span(SPAN.start, NOW + timedelta(seconds=1)), "end"),
    ]:  # fmt: skip
        with pytest.raises(ValidationError) as error:
            start(duty, gate, span, NOW, title="x", reason=WHY)
        assert list(refused(error)) == [field]
    with pytest.raises(ValidationError) as error:
        start(duty, gate, SPAN, NOW, title=" ", reason=WHY)
    assert list(refused(error)) == ["title"]
    again = [start(duty, gate, SPAN, NOW, title="x", reason=WHY).key for _ in range(2)]
    assert again[0] == again[1]
