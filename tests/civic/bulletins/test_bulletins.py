"""Bulletins: they end by the moment, are read by whom they are for, seen once a press, and leave nothing that describes."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from luytre.civic.access.assignments import Wanted, assign
from luytre.civic.access.models import Role, User
from luytre.civic.access.units import Decree
from luytre.civic.bulletins import desk, pictures
from luytre.civic.bulletins.desk import Seen, close, end_of, prolong, read_sightings, tell_seen
from luytre.civic.bulletins.erasing import KEPT_DAYS, erase_old
from luytre.civic.bulletins.models import Bulletin, BulletinStep, Sighting
from luytre.civic.bulletins.paper import sheet_of
from luytre.civic.bulletins.scope import bulletins_of, in_force_of, ringing_for
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.places import hamlet_unit, merge_hamlets
from luytre.civic.survey.photos import path_of
from tests.civic.bulletins.cast import NOW, issued
from tests.civic.incidents.test_incidents import of_team
from tests.web.cast import EARLY, PASSWORD, person

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def duty() -> User:
    return person(Role.DUTY)


def codes(one: Bulletin) -> list[str]:
    return [step.code for step in desk.steps_of(one)]


def photo(color: str = "red", exif: bytes = b"") -> bytes:
    made = BytesIO()
    Image.new("RGB", (60, 40), color).save(made, "JPEG", exif=exif)
    return made.getvalue()


def test_it_is_in_force_until_the_end_of_its_last_day_in_the_commune(duty: User) -> None:
    one = issued(duty, days=0)
    assert one.until == datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
    for at, there in ((NOW, True), (one.until - timedelta(microseconds=1), True), (one.until, False)):
        assert one.in_force(at) is there
        assert in_force_of(duty, at).exists() is there
    assert [issued(duty, at=at, days=1).sign for at in (NOW, datetime(2026, 12, 31, 17, 1, tzinfo=UTC))] == ["2/2026", "1/2027"]


def test_pressed_twice_it_is_issued_once(duty: User) -> None:
    one = issued(duty)
    seconds = timedelta(seconds=3)
    assert issued(duty, at=NOW + seconds, since=one.since) == one
    assert codes(one) == ["issued"]
    assert issued(duty, at=NOW + seconds, plate="15B1-234.57") != one
    assert issued(duty, at=NOW + seconds, since=one.since, hamlets=[Hamlet.objects.create(name="Thôn Đông")]) != one
    assert issued(person(Role.DUTY, "night"), at=NOW + seconds) != one
    assert issued(duty, at=NOW + timedelta(minutes=2)) != one


@given(st.dates(date(2020, 1, 1), date(2099, 12, 30)))
def test_a_last_day_counts_whole(day: date) -> None:
    assert localdate(end_of(day) - timedelta(microseconds=1)) == day
    assert localdate(end_of(day)) == day + timedelta(days=1)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "person"), ("title", " "), ("title", "x" * 121), ("words", "x" * 1001), ("plate", "---"),
        ("last_day", date(2026, 11, 23)), ("last_day", date(2026, 12, 25)), ("since", NOW + HOUR), ("place", "x" * 201),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_at_its_field(duty: User, field: str, value: object) -> None:
    with pytest.raises(ValidationError) as refused:
        issued(duty, **{field: value})  # type: ignore[arg-type]
    assert list(refused.value.message_dict) == [field]
    assert not Bulletin.objects.exists()


def test_thirty_days_are_the_most_and_a_person_has_no_picture(duty: User, tmp_path: Path) -> None:
    issued(duty, days=30)
    kept = pictures.keep(tmp_path, photo())
    with pytest.raises(ValidationError) as refused:
        issued(duty, kind="missing", plate="", picture=kept)
    assert "picture" in refused.value.message_dict
    one = issued(duty, kind="missing", title="Cụ bà 80 tuổi, áo nâu", plate="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Bulletin.objects.filter(pk=one.pk).update(sha256="a" * 64)


def test_police_issue_a_hamlet_reads_its_own_and_the_commune_s(duty: User) -> None:
    east, west = Hamlet.objects.create(name="Thôn Đông"), Hamlet.objects.create(name="Thôn Đoài")
    mine, other = of_team(east), of_team(west)
    everywhere, here = issued(duty), issued(duty, hamlets=[east, east])
    assert set(bulletins_of(mine, NOW)) == {everywhere, here}
    assert set(bulletins_of(other, NOW)) == {everywhere}
    assert not bulletins_of(person(Role.COMMITTEE), NOW).exists()
    for by in (mine, person(Role.AUDITOR)):
        with pytest.raises(ValidationError):
            issued(by)
    assert codes(here) == ["issued"]


def test_a_hamlet_that_is_merged_reads_on(duty: User) -> None:
    east, west = Hamlet.objects.create(name="Thôn Đông"), Hamlet.objects.create(name="Thôn Đoài")
    hamlet_unit(east), hamlet_unit(west)
    team, one = of_team(west), issued(duty, hamlets=[east])
    both = issued(duty, hamlets=[east, west])
    merge_hamlets(person(Role.HEAD), east, west, Decree(None, date(2026, 1, 1)), NOW)
    assert set(bulletins_of(team, NOW)) == {one, both}
    assert both.hamlets.count() == 1


def test_prolonged_with_a_reason_and_also_after_its_day(duty: User) -> None:
    one = issued(duty, days=2)
    later = one.until + HOUR
    for day, why in ((date(2026, 11, 26), "vẫn tìm"), (date(2026, 12, 1), " "), (date(2026, 12, 25), "vẫn tìm")):
        with pytest.raises(ValidationError):
            prolong(duty, one, day, why, NOW)
    prolong(duty, one, date(2026, 12, 1), "vẫn tìm", later)
    assert Bulletin.objects.get().in_force(later)
    with pytest.raises(ValidationError):
        prolong(of_team(Hamlet.objects.create(name="Thôn Đông")), one, date(2026, 12, 5), "x", later)
    assert [step.note for step in desk.steps_of(one)] == ["", "vẫn tìm"]


def test_closed_once_and_withdrawn_by_the_head_alone(duty: User) -> None:
    head, one, two = person(Role.HEAD), issued(duty), issued(duty, title="Xe Wave đen")
    for end, note in (("", "x"), ("found", " "), ("withdrawn", "nhầm"), ("zz", "x")):
        with pytest.raises(ValidationError):
            close(duty, one, end, note, NOW)
    close(duty, one, "found", "ở bãi xe chợ", NOW)
    close(head, two, "withdrawn", "ghi nhầm biển số", NOW)
    assert not in_force_of(duty, NOW).exists()
    with pytest.raises(ValidationError):
        close(duty, one, "found", "x", NOW)
    with pytest.raises(ValidationError):
        prolong(duty, one, date(2026, 12, 5), "x", NOW)
    with pytest.raises(ValidationError):
        tell_seen(duty, one, Seen(NOW, place="chợ"), NOW)


def test_seen_is_told_once_a_press_and_rings_whoever_issued(duty: User) -> None:
    night, team = person(Role.DUTY, "night"), of_team(Hamlet.objects.create(name="Thôn Đông"))
    one = issued(duty)
    for wrong in (
        Seen(NOW),
        Seen(NOW - timedelta(days=31), place="chợ"),
        Seen(NOW + HOUR, place="chợ"),
        Seen(NOW, place="x" * 201),
    ):
        with pytest.raises(ValidationError):
            tell_seen(team, one, wrong, NOW)
    seen = Seen(NOW - timedelta(minutes=3), place="ngã ba", words="đi về phía cầu")
    assert tell_seen(team, one, seen, NOW) == tell_seen(team, one, seen, NOW + timedelta(seconds=2))
    turned = Seen(seen.at + timedelta(minutes=1), place="ngã ba", words="đi về phía cầu")
    assert tell_seen(team, one, turned, NOW + timedelta(seconds=20)) == Sighting.objects.get()  # a minute turned between the two
    assert codes(one) == ["issued", "seen"]
    assert [len(ringing_for(who, NOW)) for who in (duty, night, team)] == [1, 0, 0]
    duty.assignments.update(last_day=date(2026, 11, 23))
    assert len(ringing_for(night, NOW)) == 1  # the issuer is not there: whoever is hears it
    read_sightings(night, one, NOW)
    read_sightings(night, one, NOW)
    assert not ringing_for(night, NOW)
    assert codes(one) == ["issued", "seen", "read"]
    tell_seen(night, one, Seen(NOW, camera="cam-1"), NOW)
    assert not ringing_for(night, NOW)  # one's own


def test_after_its_day_nobody_tells_of_it(duty: User) -> None:
    one = issued(duty, days=0)
    with pytest.raises(ValidationError):
        tell_seen(duty, one, Seen(one.until, place="chợ"), one.until)
    assert not Sighting.objects.exists()


def test_a_picture_is_made_anew_and_goes_with_the_rest(duty: User, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Maker-Of-Telephone"
    kept = pictures.keep(tmp_path, photo(exif=exif.tobytes()))
    assert b"Maker-Of-Telephone" not in pictures.read(tmp_path, kept.sha256)
    with pytest.raises(ValidationError) as refused:
        pictures.keep(tmp_path, b"GIF89a no photo")
    assert "picture" in refused.value.message_dict
    one = issued(duty, days=1, picture=kept)
    tell_seen(duty, one, Seen(NOW, place="chợ", words="đi nhanh"), NOW)
    assert erase_old(one.until + timedelta(days=KEPT_DAYS) - HOUR, tmp_path) == 0
    after = one.until + timedelta(days=KEPT_DAYS)
    os.utime(path_of(tmp_path, kept.sha256), (after.timestamp() - 90_000,) * 2)
    assert erase_old(after, tmp_path) == 1
    assert erase_old(after, tmp_path) == 0
    found = Bulletin.objects.get()
    assert (found.sign, found.kind, found.title, found.plate, found.words, found.sha256) == (
        "1/2026",
        "motorbike",
        "",
        "",
        "",
        "",
    )
    assert not Sighting.objects.exists()
    assert pictures.read(tmp_path, kept.sha256) == b""
    assert [(step.code, step.note) for step in BulletinStep.objects.all()] == [("issued", ""), ("seen", ""), ("erased", "")]
    with pytest.raises(ValidationError):
        prolong(duty, found, localdate(after) + timedelta(days=1), "x", after)


def test_one_that_was_prolonged_is_not_erased(duty: User, tmp_path: Path) -> None:
    one = issued(duty, days=1)
    late = one.until + timedelta(days=KEPT_DAYS - 1)
    prolong(duty, one, localdate(late) + timedelta(days=3), "có tin mới", late)
    assert erase_old(one.until + timedelta(days=KEPT_DAYS), tmp_path) == 0


def test_the_sheet_for_the_desk(duty: User, tmp_path: Path) -> None:
    kept = pictures.keep(tmp_path, photo())
    one = issued(duty, picture=kept, title='Xe "Wave" <đỏ> #1 $x$ \\ *', hamlets=[Hamlet.objects.create(name="Thôn Đông")])
    made = sheet_of(one, pictures.read(tmp_path, kept.sha256), NOW)
    assert made.startswith(b"%PDF-")
    assert len(made) > len(sheet_of(one, b"", NOW))


def test_police_of_a_hamlet_read_and_do_not_issue() -> None:
    duty, local = person(Role.DUTY), User.objects.create_user("local", PASSWORD)
    east = Hamlet.objects.create(name="Thôn Đông")
    assign(None, local, Wanted(Role.DUTY, place_key(east), first_day=EARLY), NOW)
    issued(duty)
    assert bulletins_of(local, NOW).count() == 1
    with pytest.raises(ValidationError):
        issued(local)
