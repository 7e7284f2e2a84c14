"""Photos: nothing of the telephone's file goes on, and no file whatever harms."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from luytre.civic.survey.entries import OutOfReach, answer_of, take
from luytre.civic.survey.models import Entry, Photo
from luytre.civic.survey.payload import read_entry
from luytre.civic.survey.photos import MOST_BYTES, PhotoRefused, clean, path_of, photos_of, remove_photo, store_photo
from tests.civic.survey.cast import AT, body, hamlet, picture, sent, surveyor

GPS, MAKE, DESCRIPTION, ORIENTATION = 0x8825, 0x010F, 0x010E, 0x0112


def from_a_telephone() -> bytes:
    exif = Image.Exif()
    exif[MAKE], exif[DESCRIPTION], exif[ORIENTATION] = "SecretMaker", "of Mrs Owner", 6
    exif[GPS] = {1: "N", 2: (21.0, 1.0, 42.6), 3: "E", 4: (105.0, 51.0, 15.1)}
    return picture(exif=exif.tobytes(), comment=b"SecretComment")


def test_position_maker_owner_and_comment_are_gone_and_the_picture_stands_upright() -> None:
    data = from_a_telephone()
    assert b"SecretMaker" in data
    assert b"SecretComment" in data
    made = clean(data)
    assert (made.width_px, made.height_px) == (800, 1600)  # lay on its side; half as large
    for secret in (b"SecretMaker", b"Mrs Owner", b"SecretComment", b"Exif", b"http://ns.adobe.com"):
        assert secret not in made.data
    with Image.open(BytesIO(made.data)) as again:
        assert (again.format, dict(again.getexif()), "comment" in again.info) == ("JPEG", {}, False)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, "HEIC"),
        (b"\0\0\0\x18ftypisom" + b"\0" * 40, "video"),
        (b"\x1aE\xdf\xa3" + b"\0" * 40, "video"),
        (b"", "no photo"),
        (picture()[:500], "no photo"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no photo"),
        (b"\xff" * (MOST_BYTES + 1), "8 MB"),
    ],
)
def test_what_is_no_photo_is_refused_with_words(data: bytes, words: str) -> None:
    with pytest.raises(PhotoRefused) as caught:
        clean(data)
    assert words in caught.value.cause


def test_a_small_file_that_unpacks_to_too_much_is_refused() -> None:
    bomb = BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    assert len(bomb.getvalue()) < 100_000
    with pytest.raises(PhotoRefused):
        clean(bomb.getvalue())


@given(st.binary(max_size=300), st.sampled_from(["JPEG", "PNG", "WEBP"]), st.integers(0, 400), st.integers(0, 255))
def test_any_bytes_are_a_photo_or_refused(noise: bytes, form: str, at: int, value: int) -> None:
    whole = bytearray(picture((24, 16), form))
    whole[at % len(whole)] = value
    for data in (noise, bytes(whole), bytes(whole[: at % len(whole)])):
        try:
            made = clean(data)
        except PhotoRefused:
            continue
        assert made.data.startswith(b"\xff\xd8")


@pytest.mark.django_db
def test_a_photo_is_kept_once_of_who_announced_it_and_its_file_goes_with_the_last_row(tmp_path: Path) -> None:
    by, data = surveyor(hamlet()), picture((400, 300))
    sha256 = hashlib.sha256(data).hexdigest()
    content = sent(hamlet=hamlet().pk, photos=[{"sha256": sha256, "kind": "label"}])
    answer = take(by, read_entry(body(content)), AT)
    entry = Entry.objects.get()
    assert answer.missing == (sha256,)
    with pytest.raises(OutOfReach):
        store_photo(surveyor(hamlet(), "other"), entry, sha256, data, tmp_path, AT)
    with pytest.raises(OutOfReach):
        store_photo(by, entry, "0" * 64, data, tmp_path, AT)
    with pytest.raises(PhotoRefused):
        store_photo(by, entry, sha256, data[:-1], tmp_path, AT)
    assert not Photo.objects.exists()
    first, again = (store_photo(by, entry, sha256, data, tmp_path, AT) for _ in range(2))
    assert (first.pk, first.kind, str(first.taken_day)) == (again.pk, "label", "2026-11-27")
    assert photos_of("eye", answer.target) == [first]
    assert answer_of(entry).missing == ()
    path = path_of(tmp_path, first.sha256)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == first.sha256
    assert [found.name for found in tmp_path.rglob("*.jpg")] == [path.name]
    remove_photo(first, tmp_path)
    assert not path.exists()
