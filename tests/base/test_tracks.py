"""Regions over time: what is understood, and that nothing slips out between two keys."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.polygons import SCALE
from luytre.base.tracks import (
    MOST_KEYS,
    MOST_TRACKS,
    SMALLEST,
    Key,
    Track,
    TrackError,
    TrackFault,
    box_about,
    box_at,
    read_tracks,
    write_tracks,
)  # fmt: skip


@st.composite
def keys(draw: st.DrawFn, at_ms: int) -> Key:
    width, height = (draw(st.integers(SMALLEST, SCALE)) for _ in range(2))
    return Key(at_ms, draw(st.integers(0, SCALE - width)), draw(st.integers(0, SCALE - height)), width, height)


@st.composite
def tracks(draw: st.DrawFn) -> Track:
    times = sorted(draw(st.sets(st.integers(0, 10**6), min_size=1, max_size=5)))
    return tuple(draw(keys(at)) for at in times)


@given(st.lists(tracks(), max_size=3))
def test_what_is_written_is_read_and_written_the_same(some: list[Track]) -> None:
    text = write_tracks(some)
    assert read_tracks(text) == tuple(some)
    assert write_tracks(read_tracks(text)) == text


@given(tracks(), st.integers(-(10**5), 11 * 10**5))
def test_a_region_is_at_its_keys_and_between_them_on_the_line(track: Track, at_ms: int) -> None:
    for key in track:
        assert box_at(track, key.at_ms) == (key.x, key.y, key.x + key.width, key.y + key.height)
    box = box_at(track, at_ms)
    assert (box is not None) == (track[0].at_ms <= at_ms <= track[-1].at_ms)
    if box is None:
        return
    before = max((key for key in track if key.at_ms <= at_ms), key=lambda key: key.at_ms)
    after = min((key for key in track if key.at_ms >= at_ms), key=lambda key: key.at_ms)
    part = (at_ms - before.at_ms) / max(1, after.at_ms - before.at_ms)
    assert box[0] == pytest.approx(before.x + (after.x - before.x) * part)
    assert box[3] == pytest.approx((before.y + before.height) * (1 - part) + (after.y + after.height) * part)
    assert -1e-6 <= box[0] < box[2] <= SCALE + 1e-6


@given(tracks(), st.integers(-(10**5), 11 * 10**5), st.integers(0, 10**5), st.floats(0, 1))
def test_the_box_about_a_while_holds_every_moment_of_it(track: Track, start: int, length: int, part: float) -> None:
    around, inside = box_about(track, start, start + length), box_at(track, start + length * part)
    assert (around is None) == (start > track[-1].at_ms or start + length < track[0].at_ms)
    if around is not None and inside is not None:
        assert around[0] <= inside[0] + 1e-6
        assert around[1] <= inside[1] + 1e-6
        assert around[2] >= inside[2] - 1e-6
        assert around[3] >= inside[3] - 1e-6


GOOD = [5, 0.1, 0.1, 0.2, 0.2]


@pytest.mark.parametrize(("value", "fault", "number"), [
    ("", TrackFault.NOT_UNDERSTOOD, 0),
    ("[" * 100_000, TrackFault.NOT_UNDERSTOOD, 0),
    ("{}", TrackFault.NOT_UNDERSTOOD, 0),
    ([3], TrackFault.NOT_UNDERSTOOD, 1),
    ([[]], TrackFault.NO_KEYS, 1),
    ([[GOOD], [GOOD, GOOD]], TrackFault.ORDER, 2),
    ([[[6, *GOOD[1:]], GOOD]], TrackFault.ORDER, 1),
    ([[[1.5, *GOOD[1:]]]], TrackFault.NOT_UNDERSTOOD, 1),
    ([[[-1, *GOOD[1:]]]], TrackFault.NOT_UNDERSTOOD, 1),
    ([[[True, *GOOD[1:]]]], TrackFault.NOT_UNDERSTOOD, 1),
    ([[[5, "0", 0.1, 0.2, 0.2]]], TrackFault.NOT_UNDERSTOOD, 1),
    ("[[[5, NaN, 0.1, 0.2, 0.2]]]", TrackFault.NOT_UNDERSTOOD, 1),
    ([[[5, 0.1, 0.1, 0.2]]], TrackFault.NOT_UNDERSTOOD, 1),
    ([[[5, -0.1, 0.1, 0.2, 0.2]]], TrackFault.OUTSIDE, 1),
    ([[[5, 0.9, 0.1, 0.2, 0.2]]], TrackFault.OUTSIDE, 1),
    ([[[5, 0.1, 0.1, 0.001, 0.2]]], TrackFault.TOO_SMALL, 1),
    ([[GOOD]] * (MOST_TRACKS + 1), TrackFault.TOO_MANY, 0),
    ([[[at, *GOOD[1:]] for at in range(MOST_KEYS + 1)]], TrackFault.TOO_MANY_KEYS, 1),
])  # fmt: skip
def test_what_is_no_track_is_refused_with_its_number(value: object, fault: TrackFault, number: int) -> None:
    with pytest.raises(TrackError) as found:
        read_tracks(value if isinstance(value, str) else json.dumps(value))
    assert (found.value.fault, found.value.number) == (fault, number)
