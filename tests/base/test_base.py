"""Clock, redaction, credentials in URLs, errors in two languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.clock import FakeClock, SystemClock, from_datetime, from_iso, to_datetime, to_iso
from luytre.base.errors import GAP_WORDS, PROBLEM_WORDS, CameraError, GapReason, Problem
from luytre.base.i18n import use_language
from luytre.base.ids import CAMERA_KEY, new_id
from luytre.base.redact import redact, split_credentials

moments = st.integers(31_536_000, 4_102_444_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
secrets = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=4, max_size=20)


@given(moments)
def test_ticks_keep_a_moment_to_the_tick(moment: datetime) -> None:
    assert abs(to_datetime(from_datetime(moment)) - moment) <= timedelta(microseconds=12)


@given(st.integers(0, 2**48))
def test_iso_keeps_the_millisecond(ticks: int) -> None:
    assert 0 <= ticks - from_iso(to_iso(ticks)) < 91


def test_zones() -> None:
    here = datetime(2026, 11, 24, 14, 5, tzinfo=timezone(timedelta(hours=7)))
    assert from_datetime(here) == from_iso("2026-11-24T07:05:00Z")
    with pytest.raises(ValueError, match="zone"):
        from_datetime(datetime(2026, 11, 24))  # noqa: DTZ001 - that is what is refused


def test_clocks() -> None:
    clock = FakeClock()
    clock.advance(2)
    clock.step_utc(-10)
    assert (clock.mono_s(), clock.utc_90k()) == (1002.0, 1_795_500_000 * 90_000 - 720_000)
    assert abs(SystemClock().utc_90k() / 90_000 - datetime.now(UTC).timestamp()) < 5


@given(st.text(st.sampled_from("abcX09"), min_size=1, max_size=8), secrets)
def test_a_password_in_a_url_is_hidden_however_it_is_written(user: str, password: str) -> None:
    url = f"rtsp://{user}:{quote(password, safe='')}@10.0.0.1/s"
    shown = redact(f"cannot open {url}")
    assert shown == f"cannot open rtsp://{user}:***@10.0.0.1/s"
    assert redact(shown) == shown
    assert split_credentials(url) == ("rtsp://10.0.0.1/s", user, password)


HIDDEN = [
    ("GET /v1/live?token=abc.def-9&x=1", "GET /v1/live?token=***&x=1"),
    ("Authorization: Basic YWRtaW46c2VjcmV0", "Authorization: ***"),
    ("password=bí-mật&user=a", "password=***&user=a"),
    ("sent Bearer abcdefgh.ijk", "sent Bearer ***"),
    ("nothing to hide in rtsp://10.0.0.1/s", "nothing to hide in rtsp://10.0.0.1/s"),
]


@pytest.mark.parametrize(("text", "shown"), HIDDEN)
def test_what_is_hidden(text: str, shown: str) -> None:
    assert redact(text) == shown


TYPED = [
    ("rtsp://admin:p@ss/w@10.0.0.1:554/s", "rtsp://10.0.0.1:554/s", "admin", "p@ss/w"),
    ("rtsp://10.0.0.1/a@b", "rtsp://10.0.0.1/a@b", "", ""),
    ("rtsp://admin@10.0.0.1/s", "rtsp://10.0.0.1/s", "admin", ""),
    ("no url", "no url", "", ""),
]


@pytest.mark.parametrize(("typed", "url", "user", "password"), TYPED)
def test_passwords_typed_raw(typed: str, url: str, user: str, password: str) -> None:
    assert split_credentials(typed) == (url, user, password)


@pytest.mark.parametrize("problem", list(Problem))
def test_every_problem_has_words_in_both_languages(problem: Problem) -> None:
    error = CameraError(problem, operation="Testing", subject="rtsp://a:geheim@h/s", detail="rtsp://a:geheim@h/s")
    said = {}
    for language in ("vi", "en"):
        use_language(language)
        said[language] = str(error)
    use_language("vi")
    assert said["vi"] != said["en"]
    assert "geheim" not in said["vi"] + said["en"] + error.detail
    assert PROBLEM_WORDS[problem].hint


def test_every_gap_has_words() -> None:
    assert set(GAP_WORDS) == set(GapReason)


def test_ids_are_camera_keys_and_differ() -> None:
    made = {new_id() for _ in range(1000)}
    assert len(made) == 1000
    assert all(CAMERA_KEY.fullmatch(each) for each in made)
