"""What the public reads of a tip: never the sender's words, taken back by a press, gone with the tip."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from luytre.civic.access.models import Role, User
from luytre.civic.tips import copies, desk, following
from luytre.civic.tips.erasing import KEPT_DAYS, erase_old
from luytre.civic.tips.faces import Box
from luytre.civic.tips.models import End, Tip, TipRelease, TipStep
from luytre.civic.tips.releasing import SAME_WORDS, picture_of, release, released, repeated, retract
from luytre.civic.tips.taking import take
from tests.civic.tips.test_faces import pattern
from tests.civic.tips.test_tips import DRAFT, KEY, NOW
from tests.web.cast import person

STORY = "Chiều qua ông hàng xóm nhà số chín đốt rác sau vườn, khói bay sang trường mầm non"
PUBLIC = "Đã nhắc nhở một hộ đốt rác gần trường; tổ môi trường xã thu gom từ nay mỗi thứ bảy."


@pytest.fixture
def head(db: None) -> User:
    return person(Role.HEAD)


def closed(head: User, folder: Path, end: str = End.DONE) -> Tip:
    tip = take(replace(DRAFT, words=STORY, pictures=(pattern(),)), "8" * 32, KEY, folder, NOW).tip
    following.add(tip, "Tôi còn thấy họ đốt cả túi ni lông màu đen", [], NOW)
    desk.close(head, tip, end, "Đã nhắc nhở, cảm ơn bà con.", NOW)
    return Tip.objects.get(pk=tip.pk)


def test_only_what_is_closed_is_published_once_and_never_in_the_sender_s_words(head: User, tmp_path: Path) -> None:
    tip = take(replace(DRAFT, words=STORY), "9" * 32, KEY, tmp_path, NOW).tip
    with pytest.raises(ValidationError):
        release(head, tip, PUBLIC, NOW, pictures=False)
    tip = closed(head, tmp_path)
    for wrong in (
        "",
        "x" * 1001,
        "Có người báo: ông HÀNG XÓM, nhà số chín - đốt rác!",
        "Họ đốt cả túi ni lông màu đen.",
        "Ai biết gọi 0912 345 678.",
        "Gọi +84 91-234-56-78",
    ):
        with pytest.raises(ValidationError) as refused:
            release(head, tip, wrong, NOW, pictures=False)
        assert set(refused.value.message_dict) == {"words"}
    release(head, tip, PUBLIC, NOW, pictures=False)
    with pytest.raises(ValidationError):
        release(head, tip, PUBLIC, NOW, pictures=False)
    assert (retract(head, tip, NOW), retract(head, tip, NOW)) == (True, False)
    codes = [step.code for step in TipStep.objects.filter(tip=tip.key)]
    assert codes == ["received", "added", "closed", "released", "retracted"]
    assert not any(word in str(TipStep.objects.values()) for word in ("môi trường", "hàng xóm"))


def test_a_joke_is_not_published_and_what_is_opened_again_is_taken_back(head: User, tmp_path: Path) -> None:
    tip = closed(head, tmp_path, End.ABUSE)
    with pytest.raises(ValidationError):
        release(head, tip, PUBLIC, NOW, pictures=False)
    desk.reopen(head, tip, "không phải tin đùa", NOW)
    desk.close(head, tip, End.DONE, "Đã nhắc nhở.", NOW)
    release(head, tip, PUBLIC, NOW, pictures=False)
    desk.reopen(head, tip, "lại đốt", NOW)
    assert not released().exists()


def test_photos_are_public_only_while_looked_at_and_released_and_all_ends_with_the_tip(head: User, tmp_path: Path) -> None:
    tip = closed(head, tmp_path)
    picture = tip.pictures.get()
    made = release(head, tip, PUBLIC, NOW, pictures=True)
    picture = copies.blur(head, picture, [Box(0, 0, 40, 40)], tmp_path, NOW, checked=False)
    assert picture_of(made.key, picture.blurred) is None
    picture = copies.blur(head, picture, [Box(0, 0, 40, 40)], tmp_path, NOW, checked=True)
    assert picture_of(made.key, picture.blurred) == picture
    assert picture_of(made.key, picture.sha256) is None  # the original has no address there
    assert picture_of("other", picture.blurred) is None
    copies.withhold(head, picture, NOW)
    assert picture_of(made.key, picture.blurred) is None
    assert erase_old(NOW + timedelta(days=KEPT_DAYS), tmp_path) == 1
    assert not TipRelease.objects.exists()


@given(st.lists(st.sampled_from(["xe", "máy", "đỏ", "mất", "chợ", "tối"]), max_size=12))
def test_so_many_words_in_a_row_are_found_whatever_stands_between(theirs: list[str]) -> None:
    said = "! ".join(theirs).upper()
    assert (repeated(f"Kết quả: {said}.", [" ".join(theirs)]) is not None) == (len(theirs) >= SAME_WORDS)
    assert repeated(" ".join(theirs[: SAME_WORDS - 1]), [" ".join(theirs)]) is None
