"""Photos as iPhones take them: made anew from their pixels by a child that bounds itself; what is broken is refused."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from luytre.civic.survey.photos import MOST_BYTES, PhotoRefused
from luytre.civic.tips import heic, heic_child
from luytre.civic.tips.heic import as_jpeg, is_heic
from luytre.civic.tips.taking import file_of, keep_pictures
from luytre.civic.tips.video import is_video


def heic_photo(width: int = 320, height: int = 240, **written: object) -> bytes:
    """Left half red, right half blue, with marks where a telephone leaves them."""
    picture = Image.new("RGB", (width, height), "red")
    picture.paste("blue", (width // 2, 0, width, height))
    exif = Image.Exif()
    exif[0x010F], exif[0x0131] = "MARKMAKER", "marked-telephone"
    exif.get_ifd(0x8825).update({1: "N", 2: (20.0, 54.0, 44.64), 3: "E", 4: (105.0, 58.0, 18.48)})
    out = BytesIO()
    pillow_heif.from_pillow(picture).save(out, exif=exif.tobytes(), xmp=b"<x>MARKMAKER</x>", **written)
    return out.getvalue()


def test_an_iphone_s_photo_is_taken_and_nothing_of_its_file_goes_on(tmp_path: Path) -> None:
    sent = heic_photo(3200, 2400)
    assert b"MARKMAKER" in sent
    assert is_heic(sent[:12])
    assert not is_video(sent[:16])
    [row], left = keep_pictures(tmp_path, [sent], 0)
    assert left == ()
    kept = file_of(tmp_path, row).read_bytes()
    assert b"MARKMAKER" not in kept
    with Image.open(BytesIO(kept)) as found:
        assert (found.format, found.size, dict(found.getexif())) == ("JPEG", (1600, 1200), {})
        red, blue = found.getpixel((100, 600)), found.getpixel((1500, 600))
    assert red[0] > 200 > 60 > red[2]  # type: ignore[index]
    assert blue[2] > 200 > 60 > blue[0]  # type: ignore[index]


def test_what_is_broken_or_too_large_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = heic_photo()
    for wrong in (whole[: len(whole) // 2], whole[:24] + b"\0" * 400, b"\0" * (MOST_BYTES + 1)):
        with pytest.raises(PhotoRefused) as refused:
            as_jpeg(wrong)
        assert refused.value.hint
    monkeypatch.setattr(heic, "CHILD_S", 0.001)
    with pytest.raises(PhotoRefused):
        as_jpeg(whole)
    assert heic.AT_ONCE.acquire(blocking=False)  # who was refused holds no place
    heic.AT_ONCE.release()


def test_more_pixels_than_a_photo_has_are_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heic_child, "MOST_PIXELS", 320 * 240 - 1)
    with pytest.raises(ValueError, match="pixels"):
        heic_child.jpeg_of(heic_photo())


WHOLE = heic_photo(64, 64)


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, len(WHOLE) - 1), junk=st.binary(min_size=1, max_size=24))
def test_bytes_that_were_changed_make_a_picture_or_an_error_the_child_knows(at: int, junk: bytes) -> None:
    """In this process: what the child lets through would be its exit by a traceback, which is refused as well."""
    try:
        made = heic_child.jpeg_of(WHOLE[:at] + junk + WHOLE[at + len(junk) :])
    except (ValueError, RuntimeError, OSError, SyntaxError, EOFError, IndexError, KeyError, MemoryError):
        return
    assert made[:2] == b"\xff\xd8"
