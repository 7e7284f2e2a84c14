"""What is written is read as it was, anything else as far as it goes; pictures are whole, masked, called by their digest."""

from __future__ import annotations

import hashlib
import json
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from luytre.base.polygons import SCALE
from luytre.civic.acceptance.facts import Check, DeviceFacts, Facts, HungFacts, OwnerFacts, WalkFacts
from luytre.civic.acceptance.pictures import keep_camera_picture, keep_photo, read_picture, size_of
from luytre.civic.survey.photos import PhotoRefused
from tests.civic.acceptance.cast import jpeg

KINDS: tuple[type[Facts], ...] = (DeviceFacts, HungFacts, WalkFacts, OwnerFacts)
numbers = st.none() | st.floats(-1e6, 1e6)
device = st.builds(
    DeviceFacts, asked=st.booleans(), maker=st.text(), model=st.text(), clock_offset_s=numbers,
    checks=st.lists(st.tuples(st.sampled_from([*Check]).map(str), st.sampled_from(["yes", "no", "unknown"]))).map(tuple),
)  # fmt: skip
walk = st.builds(WalkFacts, spot=st.text(), distance_m=numbers, px_per_m=numbers, reached=st.text())


@given(device | walk)
def test_written_and_read_it_is_the_same(facts: Facts) -> None:
    assert type(facts).read(facts.written()) == facts


names = st.sampled_from(["checks", "asked", "maker", "top_x", "how"])


@given(st.text() | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner),
    max_leaves=8,
).map(json.dumps))  # fmt: skip
def test_anything_is_read_as_far_as_it_goes(text: str) -> None:
    for kind in KINDS:
        found = kind.read(text)
        assert kind.read(found.written()) == found


def test_all_good_is_said_of_nothing_unknown() -> None:
    assert not DeviceFacts().all_good
    assert DeviceFacts(checks=(("clock", "yes"),)).all_good
    assert not DeviceFacts(checks=(("clock", "yes"), ("ntp", "unknown"))).all_good


def test_masks_are_burned_into_what_is_kept(tmp_path: Path) -> None:
    half = ((0, 0), (SCALE // 2, 0), (SCALE // 2, SCALE), (0, SCALE))
    kept = keep_camera_picture(tmp_path, jpeg(), (half,))
    data = read_picture(tmp_path, kept.sha256)
    shown = Image.open(BytesIO(data)).convert("L").tobytes()
    assert shown[90 * 320 + 20] < 45
    assert shown[90 * 320 + 300] > 60
    assert (kept.width_px, kept.height_px) == size_of(tmp_path, kept.sha256) == (320, 180)
    assert hashlib.sha256(data).hexdigest() == kept.sha256


def test_a_file_that_was_changed_or_is_gone_is_no_picture(tmp_path: Path) -> None:
    kept = keep_camera_picture(tmp_path, jpeg())
    path = next(tmp_path.rglob("*.jpg"))
    path.write_bytes(path.read_bytes()[:-3])
    assert read_picture(tmp_path, kept.sha256) == b""
    path.unlink()
    assert read_picture(tmp_path, kept.sha256) == b""
    assert size_of(tmp_path, kept.sha256) is size_of(tmp_path, "") is None


def test_a_photo_is_made_anew_and_what_is_none_is_refused(tmp_path: Path) -> None:
    kept = keep_photo(tmp_path, jpeg(4000, 3000))
    assert max(kept.width_px, kept.height_px) == 1600
    with pytest.raises(PhotoRefused):
        keep_photo(tmp_path, b"no picture")
    with pytest.raises(OSError, match=r"identify|cannot"):
        keep_camera_picture(tmp_path, b"no picture")
