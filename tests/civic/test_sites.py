"""Mounting places: how a camera comes by one, how they are read, and which are nearest."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.errors import UsageError
from luytre.civic.access.models import Role
from luytre.civic.registry.cameras import CameraDraft, save_camera
from luytre.civic.registry.models import Camera, Site, SiteKind
from luytre.civic.registry.nearby import distance_m, near, near_keys
from luytre.civic.registry.position import LATITUDES, LONGITUDES, STEP, format_position, parse_position
from luytre.civic.registry.scope import cameras_of
from luytre.civic.registry.sites import Position, SiteDraft
from tests.web.cast import camera, person, viewer_of

MARKET = (Decimal("21.028500"), Decimal("105.854200"))


@pytest.mark.parametrize(
    "typed",
    [
        "21.0285, 105.8542", "21.0285,105.8542", " 21,0285 ; 105,8542 ", "21,0285, 105,8542", "21,0285 105,8542",
        "105.8542 21.0285",
        "21.0285°N 105.8542°E", "21,0285 B, 105,8542 Đ", "105.8542E 21.0285N", "21°01'42.6\"N 105°51'15.12\"E",
        "21° 1,71' B; 105° 51,252' Đ", "21°1′42,6″ 105°51′15,12″", "105°51'15.12\"E 21°1'42.6''N",
    ],
)  # fmt: skip
def test_positions_as_people_write_them(typed: str) -> None:
    assert parse_position(typed) == MARKET


@pytest.mark.parametrize(
    "typed", ["", "chợ", "21.0285", "21.0285, 105.8542, 7", "21,5", "1, 2", "-21.0285, 105.8542", "21°61'N 105°1'E",
              "48.85, 2.35", "21.0285°S 105.8542°E", "21°N 105°60'E", "nan, nan", "1e1, 105"],
)  # fmt: skip
def test_what_is_no_position_here_is_told(typed: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_position(typed)
    assert caught.value.hint


def degrees(limits: tuple[Decimal, Decimal]) -> st.SearchStrategy[Decimal]:
    return st.decimals(*limits, places=6)


@given(degrees(LATITUDES), degrees(LONGITUDES), st.sampled_from([", ", " ", ";", ","]), st.booleans(), st.booleans())
def test_every_position_is_read_again(latitude: Decimal, longitude: Decimal, between: str, comma: bool, turned: bool) -> None:
    halves = [f"{half:f}".replace(".", "," if comma else ".") for half in (latitude, longitude)]
    typed = between.join(reversed(halves) if turned else halves)
    assert parse_position(typed) == (latitude, longitude)
    assert parse_position(format_position((latitude, longitude))) == (latitude, longitude)


@given(degrees(LATITUDES), degrees(LONGITUDES))
def test_degrees_and_minutes_say_the_same(latitude: Decimal, longitude: Decimal) -> None:
    typed = " ".join(f"{int(half)}°{(half % 1) * 60:.6f}'{letter}" for half, letter in ((latitude, "B"), (longitude, "Đ")))
    if "60.000000'" not in typed:
        assert all(abs(a - b) <= STEP for a, b in zip(parse_position(typed), (latitude, longitude), strict=True))


@given(st.text(max_size=60))
def test_any_text_is_a_position_or_told(typed: str) -> None:
    try:
        latitude, longitude = parse_position(typed)
    except UsageError:
        return
    assert LATITUDES[0] <= latitude <= LATITUDES[1]
    assert LONGITUDES[0] <= longitude <= LONGITUDES[1]


def test_distances_are_those_of_the_map() -> None:
    assert distance_m(MARKET, MARKET) == 0
    north = (MARKET[0] + Decimal("0.001"), MARKET[1])
    assert distance_m(MARKET, north) == pytest.approx(111.2, abs=0.1)
    east = (MARKET[0], MARKET[1] + Decimal("0.001"))
    assert distance_m(MARKET, east) == pytest.approx(111.2 * math.cos(math.radians(21.0285)), abs=0.1)


def at(north_m: int) -> Position:
    return MARKET[0] + Decimal(north_m) / 111_195, MARKET[1]


@pytest.mark.django_db
def test_the_nearest_come_first_and_only_from_the_scope() -> None:
    here, far, close = camera("Chợ", position=at(0)), camera("Cầu", position=at(900)), camera("Ngã ba", position=at(120))
    camera("Không rõ ở đâu")
    everybody = list(cameras_of(person(Role.DUTY)))
    assert [(one.key, round(metres)) for one, metres in near(here, everybody)] == [(close.key, 120), (far.key, 900)]
    assert near_keys([here, far], everybody) == {here.key: [close.key, far.key], far.key: [close.key, here.key]}
    viewer = viewer_of(here, far)
    assert near_keys([here], list(cameras_of(viewer))) == {here.key: [far.key]}
    assert near(Camera.objects.get(name="Không rõ ở đâu"), everybody) == []


@pytest.mark.django_db
def test_at_most_eight_are_near() -> None:
    made = [camera(f"Camera {number}", position=at(number * 10)) for number in range(12)]
    assert near_keys([made[0]], list(cameras_of(person(Role.DUTY))))[made[0].key] == [one.key for one in made[1:9]]


@pytest.mark.django_db
def test_a_camera_has_a_site_of_its_own_or_shares_one() -> None:
    first = camera("Cổng chợ 1", place="Cổng chợ", road="Đường tỉnh 5", kind=SiteKind.HOT_SPOT, position=MARKET)
    second = camera("Cổng chợ 2", place=" cổng  chợ ")
    assert second.site == first.site
    second.site.refresh_from_db()
    assert (second.site.road, second.site.kind, second.site.position) == ("Đường tỉnh 5", SiteKind.HOT_SPOT, MARKET)
    elsewhere = camera("Cổng chợ 3", place="Cổng chợ", hamlet="Thôn Đoài")
    assert elsewhere.site != first.site
    assert camera("Ngã ba").site.name == "Ngã ba"


def redraft(one: Camera, **place: object) -> Camera:
    from luytre.civic.registry.address import parse_address

    return save_camera(CameraDraft(name=one.name, main=parse_address("rtsp://10.0.0.5/a"), site=SiteDraft(**place)), one)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_site_is_renamed_with_its_only_camera_and_left_behind_by_one_of_two() -> None:
    one = camera("Cổng chợ", road="Đường làng", position=MARKET)
    before = one.site.pk
    redraft(one, name="Cổng sau", hamlet="Thôn Trung")
    one.refresh_from_db()
    assert (one.site.pk, one.site.name, str(one.site.hamlet)) == (before, "Cổng sau", "Thôn Trung")
    assert (one.site.road, one.site.position) == ("", None)
    other = camera("Cổng sau 2", place="Cổng sau", hamlet="Thôn Trung")
    assert other.site.pk == before
    redraft(other, name="Đầu cầu", hamlet="Thôn Trung")
    assert Site.objects.get(pk=before).cameras.get() == one
    assert other.site.name == "Đầu cầu"


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"latitude": 21}, {"longitude": 105}, {"latitude": 91, "longitude": 0}, {"kind": "sea"}])
def test_a_site_that_cannot_be_is_refused_by_the_database(wrong: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Site.objects.create(name="x", **wrong)
