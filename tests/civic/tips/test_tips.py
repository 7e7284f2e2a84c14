"""Tips are taken once, handled by officers, followed by their code, and erased."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from luytre.civic.access.models import Role, User
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.places import hamlet_unit
from luytre.civic.survey.photos import PhotoRefused
from luytre.civic.tips import desk, following
from luytre.civic.tips.code import BadCode, grouped
from luytre.civic.tips.erasing import ABUSE_DAYS, KEPT_DAYS, erase_old, sweep
from luytre.civic.tips.kinds import Kind
from luytre.civic.tips.models import End, State, StepCode, Tip, TipStep
from luytre.civic.tips.scope import tips_of
from luytre.civic.tips.taking import MOST_PICTURES, Taken, TipDraft, file_of, keep_pictures, take
from luytre.civic.tips.video import AT_ONCE, is_video, remade
from tests.web.cast import EARLY, PASSWORD, person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 14, 5, 37, tzinfo=UTC)
KEY = b"k" * 32
HERE = (Decimal("20.912400"), Decimal("105.971800"))
DRAFT = TipDraft(Kind.THEFT, "Mất xe máy trước cổng chợ", position=HERE, phone="0912 345 678")


def jpeg(colour: str = "red") -> bytes:
    written = BytesIO()
    Image.new("RGB", (64, 48), colour).save(written, "JPEG")
    return written.getvalue()


def send(folder: Path, draft: TipDraft = DRAFT, sending: str = "1" * 32, at: datetime = NOW) -> Taken:
    return take(draft, sending, KEY, folder, at)


@pytest.fixture
def head() -> User:
    return person(Role.HEAD)


def test_a_tip_is_taken_once_however_often_it_is_sent(tmp_path: Path) -> None:
    first, again = send(tmp_path), send(tmp_path, replace(DRAFT, words="anders"))
    assert (first.again, again.again, again.code) == (False, True, first.code)
    assert Tip.objects.get().words == "Mất xe máy trước cổng chợ"
    assert TipStep.objects.filter(code=StepCode.RECEIVED).count() == 1


def test_moments_are_whole_minutes_and_the_number_is_sealed(tmp_path: Path) -> None:
    tip = send(tmp_path, replace(DRAFT, happened=NOW - timedelta(minutes=7))).tip
    assert (tip.received.second, tip.happened and tip.happened.second, TipStep.objects.get().at.second) == (0, 0, 0)
    assert "345" not in tip.sealed_phone
    assert tip.sealed_phone


def test_what_is_lacking_is_told_at_its_field(tmp_path: Path) -> None:
    with pytest.raises(ValidationError) as caught:
        send(tmp_path, TipDraft("dance", happened=NOW + timedelta(days=1)))
    assert set(caught.value.message_dict) == {"kind", "words", "place", "happened"}
    with pytest.raises(ValidationError) as caught:
        send(tmp_path, replace(DRAFT, words="x" * 2001))
    assert set(caught.value.message_dict) == {"words"}
    assert not Tip.objects.exists()
    assert not list(tmp_path.rglob("*.jpg"))


def test_pictures_that_cannot_be_taken_lose_nothing_else(tmp_path: Path) -> None:
    heic = b"\0\0\0\x18ftypavif" + b"\0" * 40
    taken = send(tmp_path, replace(DRAFT, pictures=(jpeg(), b"no picture", heic, jpeg())))
    assert [one.number for one in taken.left] == [2, 3]
    assert taken.tip.pictures.count() == 1  # the same photo twice is one
    kept = taken.tip.pictures.get()
    assert hashlib.sha256((tmp_path / kept.sha256[:2] / f"{kept.sha256}.jpg").read_bytes()).hexdigest() == kept.sha256
    many = send(tmp_path, replace(DRAFT, pictures=[jpeg(f"#{n:02x}0000") for n in range(0, 240, 8)]), "2" * 32)
    assert (many.tip.pictures.count(), len(many.left)) == (MOST_PICTURES, 24)


def clip(path: Path, seconds: float = 1.0) -> Path:
    """A telephone's video with marks in it: where and by what it was taken."""
    with av.open(str(path), "w", format="mov", options={"movflags": "use_metadata_tags"}) as made:
        made.metadata["com.apple.quicktime.location.ISO6709"] = "+20.9124+105.9718/"
        made.metadata["make"] = "MARKMAKER"
        track = made.add_stream("libx264", rate=10)
        track.width, track.height, track.pix_fmt = 160, 120, "yuv420p"
        for number in range(int(seconds * 10)):
            picture = np.full((120, 160, 3), number * 9 % 255, dtype=np.uint8)
            made.mux(track.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        made.mux(track.encode())
    return path


def test_a_video_is_made_anew_without_place_and_maker(tmp_path: Path) -> None:
    sent = clip(tmp_path / "in.mov")
    assert b"MARKMAKER" in sent.read_bytes()
    taken = send(
        tmp_path / "tips", replace(DRAFT, pictures=(sent.read_bytes(), sent, jpeg(), b"\0\0\0\x18ftypmp42" + b"\0" * 99))
    )
    assert [(one.number, one.why.cause) for one in taken.left] == [(4, "this video cannot be read")]
    (video,) = taken.tip.pictures.exclude(seconds=None)  # the same one twice is one
    kept = file_of(tmp_path / "tips", video)
    data = kept.read_bytes()
    assert (video.width_px, video.height_px, kept.suffix) == (160, 120, ".mp4")
    assert not any(mark in data for mark in (b"MARKMAKER", b"+20.9124"))
    with av.open(str(kept)) as found:
        assert sum(1 for _ in found.decode(video=0)) == 10
    assert sweep(tmp_path / "tips", 4e9) == 0
    assert not list((tmp_path / "tips").glob(".video-*"))


def test_what_is_no_video_of_a_telephone_is_refused(tmp_path: Path) -> None:
    hostile = tmp_path / "list.mov"
    hostile.write_bytes(b"\0\0\0\x10ftypqt  \0\0\0\0#EXTM3U\nfile:///etc/passwd\n")
    large = tmp_path / "large.mp4"
    with large.open("wb") as file:
        file.truncate(51 * 1024 * 1024)
    for wrong in (hostile, large):
        with pytest.raises(PhotoRefused):
            remade(wrong, tmp_path / "out.mp4")
        assert not (tmp_path / "out.mp4").exists()


def test_two_videos_are_read_at_a_time_and_the_next_is_told_to_come_later(tmp_path: Path) -> None:
    sent = clip(tmp_path / "in.mov")
    with AT_ONCE, AT_ONCE:
        taken = send(tmp_path / "tips", replace(DRAFT, pictures=(sent, jpeg())))
    assert [one.why.cause for one in taken.left] == ["other videos are being read at this moment"]
    assert taken.tip.pictures.count() == 1
    kept, left = keep_pictures(tmp_path / "tips", [sent], 1)
    assert (len(kept), left) == (1, ())


@given(st.binary(max_size=40))
def test_any_first_bytes_are_a_video_or_not(head: bytes) -> None:
    assert is_video(head[:16]) in (True, False)
    assert not is_video(b"\0\0\0\x18ftypheic" + head)


def test_the_code_follows_it(tmp_path: Path, head: User) -> None:
    taken = send(tmp_path)
    tip = following.find(grouped(taken.code), KEY)
    assert tip == taken.tip
    assert taken.code not in str(list(Tip.objects.values()))
    with pytest.raises(BadCode):
        following.find("ABCD-EFGH-JKMN", KEY)
    assert following.find(send(tmp_path, sending="3" * 32).code, b"o" * 32) is None
    following.add(taken.tip, "Xe màu đỏ", [], NOW)
    following.add(taken.tip, "Xe màu đỏ", [], NOW)
    assert [one.words for one in taken.tip.messages.all()] == ["Xe màu đỏ"]
    kept, _ = keep_pictures(tmp_path, [jpeg("blue")], 0)
    following.add(taken.tip, "", kept, NOW)
    assert taken.tip.pictures.count() == 1
    with pytest.raises(ValidationError):
        following.add(taken.tip, " \n ", [], NOW)
    with pytest.raises(ValidationError):
        following.rate(taken.tip, True, NOW)
    desk.close(head, taken.tip, End.DONE, "Đã tìm thấy xe.", NOW)
    following.rate(taken.tip, True, NOW)
    assert Tip.objects.get(pk=taken.tip.pk).helped is True


def test_officers_read_give_write_close_and_open_again(tmp_path: Path, head: User) -> None:
    tip = send(tmp_path).tip
    hamlet = Hamlet.objects.create(name="Thôn Đông")
    desk.read(head, tip, NOW)
    desk.read(head, tip, NOW)
    desk.give(head, tip, hamlet_unit(hamlet), "xem giúp", NOW)
    desk.write(head, tip, "Xe biển số bao nhiêu?", NOW)
    assert desk.look_at_number(head, tip, NOW) == "0912 345 678"
    with pytest.raises(ValidationError):
        desk.close(head, tip, End.DONE, "", NOW)
    with pytest.raises(ValidationError):
        desk.close(head, tip, "lost", "x", NOW)
    desk.close(head, tip, End.DONE, "Đã tìm thấy.", NOW)
    with pytest.raises(ValidationError):
        desk.write(head, tip, "còn nữa", NOW)
    with pytest.raises(ValidationError):
        desk.reopen(head, tip, "", NOW)
    desk.reopen(head, tip, "Xe lại mất", NOW)
    codes = [step.code for step in desk.steps_of(tip)]
    assert codes == ["received", "read", "given", "wrote", "number", "closed", "reopened"]
    assert Tip.objects.get().state == State.READ


def test_who_reads_what(tmp_path: Path, head: User) -> None:
    tip = send(tmp_path).tip
    east, west = Hamlet.objects.create(name="Thôn Đông"), Hamlet.objects.create(name="Thôn Đoài")
    own, other, committee = of_hamlet(east), of_hamlet(west), person(Role.COMMITTEE)
    everywhere = person(Role.ADMINISTRATOR)
    assert [bool(tips_of(one, NOW)) for one in (head, own, other, committee, everywhere)] == [True, False, False, False, False]
    desk.give(head, tip, hamlet_unit(east), "", NOW)
    assert [bool(tips_of(one, NOW)) for one in (head, own, other, committee, everywhere)] == [True, True, False, False, False]
    desk.give(head, tip, None, "", NOW)
    assert not tips_of(own, NOW)


def of_hamlet(hamlet: Hamlet) -> User:
    from luytre.civic.access.assignments import Wanted, assign
    from luytre.civic.registry.grants import place_key

    user = User.objects.create_user(f"head-{hamlet.pk}", PASSWORD)
    assign(None, user, Wanted(Role.HAMLET_HEAD, place_key(hamlet), first_day=EARLY), NOW)
    return user


def test_near_tips_of_one_kind_are_shown_together(tmp_path: Path) -> None:
    hamlet = Hamlet.objects.create(name="Thôn Đông")
    tip = send(tmp_path, replace(DRAFT, hamlet=hamlet)).tip
    close_by = send(tmp_path, replace(DRAFT, position=(HERE[0] + Decimal("0.001"), HERE[1])), "2" * 32).tip
    send(tmp_path, replace(DRAFT, position=(HERE[0] + Decimal("0.004"), HERE[1])), "3" * 32)
    send(tmp_path, replace(DRAFT, kind=Kind.FIRE), "4" * 32)
    send(tmp_path, DRAFT, "5" * 32, NOW + timedelta(hours=4))
    same_hamlet = send(tmp_path, replace(DRAFT, position=None, hamlet=hamlet), "6" * 32).tip
    found = desk.near(tip, Tip.objects.all())
    assert [one.tip for one in found] == [close_by, same_hamlet]
    assert found[0].metres == pytest.approx(111.3, abs=1)
    assert found[1].metres is None


def test_words_pictures_and_number_go_and_what_counts_stays(tmp_path: Path, head: User) -> None:
    tip = send(tmp_path, replace(DRAFT, pictures=(jpeg(),))).tip
    joke = send(tmp_path, sending="2" * 32).tip
    desk.close(head, tip, End.DONE, "Xong.", NOW)
    desk.close(head, joke, End.ABUSE, "", NOW)
    assert erase_old(NOW + timedelta(days=ABUSE_DAYS - 1), tmp_path) == 0
    assert erase_old(NOW + timedelta(days=ABUSE_DAYS), tmp_path) == 1
    assert erase_old(NOW + timedelta(days=KEPT_DAYS), tmp_path) == 1
    gone = Tip.objects.get(pk=tip.pk)
    assert (gone.words, gone.sealed_phone, gone.latitude, gone.pictures.count(), gone.messages.count()) == ("", "", None, 0, 0)
    assert (gone.kind, gone.end) == (Kind.THEFT, End.DONE)
    assert sweep(tmp_path, 4e9) == 1
    assert not list(tmp_path.rglob("*.jpg"))
    with pytest.raises(ValidationError):
        following.add(gone, "còn gì", [], NOW)


def test_files_of_tips_that_stand_are_not_swept(tmp_path: Path) -> None:
    send(tmp_path, replace(DRAFT, pictures=(jpeg(),)))
    (tmp_path / "ab").mkdir(exist_ok=True)
    (tmp_path / "ab" / ".torn.jpg.1").write_bytes(b"half")
    assert sweep(tmp_path, 4e9) == 1
    assert len(list(tmp_path.rglob("*.jpg"))) == 1
