"""Hamlets that are renamed and merged while people have roles there: what they may see, and what old rows say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.timezone import localdate

from luytre.civic.access import units
from luytre.civic.access.assignments import Hours, Wanted, assign, end
from luytre.civic.access.endings import endings
from luytre.civic.access.models import Assignment, Change, Role, Unit, UnitStep, User
from luytre.civic.access.units import Decree
from luytre.civic.registry.address import parse_address
from luytre.civic.registry.cameras import CameraDraft, save_camera
from luytre.civic.registry.commune import HamletChange, add_hamlets, change_hamlets, set_commune
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.models import Camera, Commune, Hamlet
from luytre.civic.registry.places import (
    COMMUNE,
    complete,
    hamlet_unit,
    merge_effect,
    merge_hamlets,
    place_name,
    rename_commune,
    rename_hamlet,
)
from luytre.civic.registry.scope import cameras_of
from luytre.civic.registry.sites import SiteDraft
from luytre.web.people_words import in_words
from luytre.web.templatetags.people import as_change
from tests.web.cast import EARLY, camera, chief

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
TODAY = localdate(NOW)
HERE = timezone.localtime(NOW)
ALMOST_ALL_DAY = Hours((HERE - timedelta(hours=1)).time(), (HERE - timedelta(hours=2)).time())
LAW = Decree(None, date(2025, 7, 1), "Nghị quyết 12/NQ-HĐND")


def given(hamlet: Hamlet, name: str, **more: object) -> User:
    user = User.objects.create_user(name)
    wanted = Wanted(Role.SECURITY_TEAM, place_key(hamlet), **{"first_day": EARLY, **more})  # type: ignore[arg-type]
    assign(chief("admin-" + name), user, wanted, NOW - timedelta(days=30))
    return user


def names(user: User, way: str = "live") -> set[str]:
    return set(cameras_of(User.objects.get(pk=user.pk), way, NOW).values_list("name", flat=True))


def two_hamlets() -> tuple[Hamlet, Hamlet]:
    camera("Cổng Đông", hamlet="Thôn Đông")
    camera("Cổng Đoài", hamlet="Thôn Đoài")
    return Hamlet.objects.get(name="Thôn Đông"), Hamlet.objects.get(name="Thôn Đoài")


def test_a_merge_takes_sites_and_roles_along_and_says_so_before() -> None:
    east, west = two_hamlets()
    one, other, over = (
        given(east, "one", ways=frozenset({"live"}), hours=ALMOST_ALL_DAY),
        given(west, "other"),
        given(east, "over"),
    )
    end(chief("c"), over.assignments.get(), NOW - timedelta(days=1))
    effect = merge_effect(east, west, NOW)
    assert (effect.sites, effect.cameras) == (1, 1)
    assert ([each.user for each in effect.moved], [each.user for each in effect.wider]) == ([one], [other])
    before = Assignment.objects.get(user=one)
    assert (names(one), names(other)) == ({"Cổng Đông"}, {"Cổng Đoài"})

    merge_hamlets(chief("by"), east, west, LAW, NOW)
    assert names(one) == names(other) == {"Cổng Đông", "Cổng Đoài"}
    assert not names(over)
    moved = Assignment.objects.filter(user=one).order_by("-pk")[0]
    kept = ("role", "ways", "hours_from", "hours_to", "first_day", "last_day", "created")
    assert [getattr(moved, name) for name in kept] == [getattr(before, name) for name in kept]
    assert (moved.place, moved.ended) == (place_key(west), None)
    before.refresh_from_db()
    assert (before.place, before.ended) == (f"hamlet:{effect.moved[0].place.partition(':')[2]}", NOW)
    assert set(endings(NOW)) == {str(one.pk)}
    assert set(Hamlet.objects.values_list("name", flat=True)) == {"Thôn Đoài"}
    assert {each.site.hamlet for each in Camera.objects.all()} == {west}


def test_old_rows_still_read_with_the_names_of_their_day() -> None:
    east, west = two_hamlets()
    user = given(east, "one", ways=frozenset({"live"}))
    old_place = place_key(east)
    merge_hamlets(chief("by"), east, west, Decree(None, TODAY), NOW)
    rename_hamlet(west, "Thôn Đoài Đông", Decree(None, TODAY), TODAY)
    assert place_name(old_place) == "Thôn Đông"
    assert [line.words for line in in_words(user, NOW)] == [
        "Tổ bảo vệ an ninh, trật tự, Thôn Đoài Đông, chỉ trực tiếp", "Tổ bảo vệ an ninh, trật tự, Thôn Đông, chỉ trực tiếp",
    ]  # fmt: skip
    said = [as_change(change) for change in Change.objects.filter(subject=user).order_by("seq")]
    assert "Thôn Đông" in said[0]
    assert "Thôn Đông" in said[-1]
    assert not any("hamlet:" in words for words in said)


def test_a_name_of_long_ago_is_told_for_what_was_long_ago() -> None:
    east, _west = two_hamlets()
    rename_hamlet(east, "Thôn Đông Mới", Decree(None, TODAY - timedelta(days=10)), TODAY)
    place = place_key(east)
    assert [place_name(place, NOW - timedelta(days=days)) for days in (11, 10, 0)] == [
        "Thôn Đông",
        "Thôn Đông Mới",
        "Thôn Đông Mới",
    ]
    assert Hamlet.objects.get(pk=east.pk).name == "Thôn Đông Mới"
    rename_hamlet(east, "Thôn Đông Cũ", Decree(None, TODAY - timedelta(days=400)), TODAY)  # what it was called before that
    assert Hamlet.objects.get(pk=east.pk).name == "Thôn Đông Mới"


def test_the_settings_page_writes_history_too() -> None:
    add_hamlets("Thôn Đông\nThôn Đoài\nThôn Bắc")
    east, west, north = Hamlet.objects.order_by("order")
    by = chief()
    gone = place_key(north)
    kept = (HamletChange(east.pk, "Thôn Đông 1", 1), HamletChange(west.pk, "Thôn Đoài", 2))
    assert change_hamlets([*kept, HamletChange(north.pk, "", 3, remove=True)], by, TODAY) == {}
    assert place_name(place_key(east)) == "Thôn Đông 1"
    steps = UnitStep.objects.filter(unit__place=place_key(east)).values_list("name", "day", "by")
    assert list(steps) == [("Thôn Đông", "", None), ("Thôn Đông 1", TODAY.isoformat(), by.pk)]
    assert not UnitStep.objects.filter(unit__place=place_key(west)).exists()  # nothing happened to it
    history = units.history_of(gone)
    assert history is not None
    assert (history.end is not None, place_name(gone)) == (True, "Thôn Bắc")
    assert change_hamlets([HamletChange(east.pk, "Thôn Đoài", 1)], by, TODAY)
    assert place_name(place_key(east)) == "Thôn Đông 1"


def test_the_commune_is_renamed_with_its_history() -> None:
    set_commune(name="Xã An Bình")
    set_commune(name="Xã An Bình")
    assert not Unit.objects.exists()
    set_commune(name="Xã An Hòa", by=chief())
    rename_commune("Xã An Hoà Bình", LAW, TODAY)
    assert Commune.here().name == "Xã An Hòa"  # of a later day
    assert place_name(COMMUNE, datetime(2025, 8, 1, tzinfo=UTC)) == "Xã An Hoà Bình"
    assert place_name(COMMUNE, datetime(2025, 1, 1, tzinfo=UTC)) == "Xã An Bình"


def test_every_place_that_was_there_gets_its_unit_once() -> None:
    set_commune(name="Xã An Bình")
    two_hamlets()
    complete()
    complete()
    assert sorted(Unit.objects.values_list("kind", flat=True)) == ["commune", "hamlet", "hamlet"]


@pytest.mark.parametrize(("hamlet", "ends"), [("Thôn Đoài", True), ("", True), ("Thôn Đông", False)])
def test_a_camera_that_hangs_in_another_hamlet_now_is_lost_at_once(hamlet: str, ends: bool) -> None:
    east, west = two_hamlets()
    user, other = given(east, "one"), given(west, "other")
    one = Camera.objects.get(name="Cổng Đông")
    save_camera(CameraDraft("Cổng Đông", parse_address("rtsp://10.0.0.5/x"), site=SiteDraft("Cổng Đông", hamlet)), one)
    assert set(endings(datetime.now(UTC))) == ({str(user.pk)} if ends else set())
    assert names(user) == (set() if ends else {"Cổng Đông"})
    assert ("Cổng Đông" in names(other)) is (hamlet == "Thôn Đoài")


def test_what_cannot_be_merged_is_refused_and_nothing_moves() -> None:
    east, west = two_hamlets()
    user = given(east, "one")
    by = chief("by")
    for old, new, decree in (
        (east, east, LAW), (east, west, Decree(None, TODAY + timedelta(days=1))), (east, west, Decree()),
    ):  # fmt: skip
        with pytest.raises(ValidationError):
            merge_hamlets(by, Hamlet.objects.get(pk=old.pk), Hamlet.objects.get(pk=new.pk), decree, NOW)
    assert Hamlet.objects.count() == 2
    assert user.assignments.get().ended is None
    assert names(user) == {"Cổng Đông"}
    with pytest.raises(ValidationError):
        rename_hamlet(east, "thôn  ĐOÀI", LAW, TODAY)
    assert hamlet_unit(east).place == place_key(east)
