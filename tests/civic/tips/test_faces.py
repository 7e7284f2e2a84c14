"""Faces in residents' photos: areas read and drawn with care, found by a child, never shown before an officer has looked."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from luytre.civic.access.models import Role, User
from luytre.civic.survey.photos import path_of
from luytre.civic.tips import copies, faces
from luytre.civic.tips.erasing import STRAY_S, sweep
from luytre.civic.tips.faces import CELLS, Box, blurred, boxes_text, find, read_boxes
from luytre.civic.tips.models import TipPicture, TipStep
from luytre.civic.tips.taking import take
from tests.civic.tips.test_tips import DRAFT, KEY, NOW, jpeg
from tests.web.cast import person

LATER = datetime(2026, 11, 24, 9, 0, 41, tzinfo=UTC)


def pattern(width: int = 200, height: int = 100) -> bytes:
    """Black and white stripes of two pixels: wherever it is blurred they are gone."""
    picture = Image.new("L", (width, height), 255)
    for at in range(0, width, 4):
        picture.paste(0, (at, 0, at + 2, height))
    written = BytesIO()
    picture.convert("RGB").save(written, "JPEG", quality=95)
    return written.getvalue()


def contrast(picture: Image.Image, box: Box) -> int:
    low, high = picture.convert("L").crop((box.left, box.top, box.left + box.width, box.top + box.height)).getextrema()
    return int(high) - int(low)  # type: ignore[arg-type]


def test_what_lies_in_an_area_is_gone_and_all_else_stays() -> None:
    inside, outside = Box(100, 20, 60, 60), Box(8, 20, 60, 60)
    with Image.open(BytesIO(blurred(pattern(), [inside]))) as made:
        assert made.size == (200, 100)
        assert contrast(made, Box(104, 24, 52, 52)) < 40  # the JPEG's own ripples at its edge left out
        assert contrast(made, outside) > 200
        few = {made.getpixel((102 + step * 12, 50)) for step in range(CELLS)}
    assert len(few) <= CELLS


@given(
    st.lists(
        st.builds(Box, st.integers(0, 150), st.integers(0, 50), st.integers(4, 50), st.integers(4, 50)), max_size=20, unique=True
    )
)
def test_areas_are_read_as_they_are_written(boxes: list[Box]) -> None:
    assert read_boxes(boxes_text(boxes), 200, 100) == tuple(boxes)


@given(st.text(max_size=200))
def test_any_text_is_areas_within_the_picture_or_refused(text: str) -> None:
    found: tuple[Box, ...] = ()
    with suppress(ValidationError):
        found = read_boxes(text, 200, 100)
    assert all(one.left >= 0 and one.top >= 0 for one in found)
    assert all(one.left + one.width <= 200 and one.top + one.height <= 100 for one in found)


def test_what_reaches_out_of_the_picture_is_cut_and_what_is_none_is_named() -> None:
    assert read_boxes("-10, -10, 30, 30\n180; 90; 100; 100\n\n", 200, 100) == (Box(0, 0, 20, 20), Box(180, 90, 20, 10))
    for wrong in ("1, 2, 3", "a, b, c, d", "300, 0, 10, 10", "0, 0, 3, 50", "٣, 1, 20, 20", "1.5, 2, 20, 20"):
        with pytest.raises(ValidationError) as refused:
            read_boxes(f"0, 0, 20, 20\n{wrong}", 200, 100)
        assert "2" in str(refused.value.message_dict["boxes"])
    with pytest.raises(ValidationError):
        read_boxes("\n".join(f"{at}, 0, 10, 10" for at in range(faces.MOST_BOXES + 1)), 200, 100)


PHOTOGRAPH = Path("/usr/share/doc/opencv-doc/examples/data/messi5.jpg")


def test_the_child_finds_a_face_and_none_where_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One photograph of Debian's opencv-doc, where it is kept; how many are missed is `bench.faces`' to tell."""
    plain = tmp_path / "plain.jpg"
    plain.write_bytes(jpeg())
    assert find(plain) == ()
    if PHOTOGRAPH.exists():
        assert any(one.left < 243 < one.left + one.width and one.top < 112 < one.top + one.height for one in find(PHOTOGRAPH))
    (tmp_path / "no.jpg").write_bytes(b"no photo")
    with pytest.raises(faces.FinderFailed):
        find(tmp_path / "no.jpg")
    monkeypatch.setattr(faces, "CHILD_S", 0.01)
    with pytest.raises(faces.FinderFailed):
        find(plain)


@pytest.fixture
def head(db: None) -> User:
    return person(Role.HEAD)


def sent(folder: Path) -> TipPicture:
    return take(replace(DRAFT, pictures=(pattern(),)), "7" * 32, KEY, folder, NOW).tip.pictures.get()


def test_each_photo_is_looked_through_once_and_kept_to_the_minute(
    head: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture, asked = sent(tmp_path), list[Path]()

    def found(path: Path) -> tuple[Box, ...]:
        asked.append(path)
        return (Box(1, 2, 30, 40),)

    monkeypatch.setattr(faces, "find", found)
    assert (copies.seek(tmp_path, LATER), copies.seek(tmp_path, LATER)) == (1, 0)
    assert asked == [path_of(tmp_path, picture.sha256)]
    picture.refresh_from_db()
    assert (picture.boxes, picture.found, picture.sought) == ("1, 2, 30, 40", 1, LATER.replace(second=0))
    assert picture.checked is None
    assert not copies.shown(picture.tip).exists()


def test_where_the_finder_fails_and_where_an_officer_was_faster(
    head: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = sent(tmp_path)

    def fails(_path: Path) -> tuple[Box, ...]:
        raise faces.FinderFailed("ended")

    monkeypatch.setattr(faces, "find", fails)
    copies.blur(head, picture, [Box(0, 0, 20, 20)], tmp_path, NOW, checked=False)
    assert copies.seek(tmp_path, LATER) == 1
    picture.refresh_from_db()
    assert (picture.boxes, picture.found) == ("0, 0, 20, 20", None)
    assert picture.sought is not None


def test_only_a_copy_that_was_looked_at_is_shown_and_each_change_is_a_step(head: User, tmp_path: Path) -> None:
    picture = sent(tmp_path)
    copies.blur(head, picture, [Box(0, 0, 20, 20)], tmp_path, NOW, checked=False)
    assert not copies.shown(picture.tip).exists()
    copies.blur(head, picture, [Box(0, 0, 20, 20), Box(50, 50, 20, 20)], tmp_path, NOW, checked=True)
    assert copies.shown(picture.tip).get().checked_by == head
    copies.blur(head, picture, [Box(0, 0, 20, 20)], tmp_path, NOW, checked=False)  # drawn anew: to be looked at anew
    assert not copies.shown(picture.tip).exists()
    copies.withhold(head, picture, NOW)
    copies.blur(head, picture, [], tmp_path, NOW, checked=True)  # nobody is in it
    copies.withhold(head, picture, NOW)
    copies.withhold(head, picture, NOW)
    codes = [step.code for step in TipStep.objects.filter(tip=picture.tip.key)]
    assert codes == ["received", "checked", "withheld", "checked", "withheld"]
    with pytest.raises(IntegrityError), transaction.atomic():
        TipPicture.objects.filter(pk=picture.pk).update(blurred="", checked=NOW, checked_by=head)


def test_a_video_has_no_copy_and_copies_go_with_their_tip(head: User, tmp_path: Path) -> None:
    picture = sent(tmp_path)
    made = copies.blur(head, picture, [Box(0, 0, 20, 20)], tmp_path, NOW, checked=True)
    later_s = path_of(tmp_path, made.blurred).stat().st_mtime + STRAY_S
    assert sweep(tmp_path, later_s) == 0
    TipPicture.objects.all().delete()
    assert sweep(tmp_path, later_s) == 2
    with pytest.raises(ValidationError):
        copies.withhold(head, picture, NOW)
    picture.seconds = 3
    with pytest.raises(ValidationError):
        copies.blur(head, picture, [], tmp_path, NOW, checked=True)
