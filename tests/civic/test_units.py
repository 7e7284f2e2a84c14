"""The organisation with its history: what a unit was called and belonged to on a day, and what cannot be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from luytre.civic.access import units
from luytre.civic.access.models import Unit, UnitKind, UnitStep, UnitStepCode
from luytre.civic.access.units import Decree, History, Step

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
REFORM = date(2025, 7, 1)


def on(day: date, reference: str = "") -> Decree:
    return Decree(None, day, reference)


def commune() -> Unit:
    province = units.found(UnitKind.PROVINCE, "Tỉnh Bắc Ninh")
    return units.found(UnitKind.COMMUNE, "Xã An Bình", place="commune", above=province)


def hamlet(name: str, place: str) -> Unit:
    return units.found(UnitKind.HAMLET, name, place=place, above=Unit.objects.get(place="commune"))


def test_a_name_holds_from_its_day_on_and_a_slip_is_put_right_by_another_step() -> None:
    unit = commune()
    units.rename(unit, "Xã  An Hòa ", on(REFORM, "Nghị quyết 12/NQ-HĐND"), TODAY)
    history = units.history_of("commune")
    assert history is not None
    assert [history.name_on(day) for day in (date(2000, 1, 1), REFORM - timedelta(1), REFORM, TODAY)] == [
        "Xã An Bình", "Xã An Bình", "Xã An Hòa", "Xã An Hòa",
    ]  # fmt: skip
    units.rename(unit, "Xã An Hoà Mới", on(REFORM), TODAY)
    again = units.history_of("commune")
    assert again is not None
    assert again.name_on(TODAY) == "Xã An Hoà Mới"
    assert [step.reference for step in again.steps if step.code == UnitStepCode.NAMED] == ["", "Nghị quyết 12/NQ-HĐND", ""]


def test_what_stood_below_goes_along_in_a_merge() -> None:
    commune()
    east, west = hamlet("Thôn Đông", "hamlet:1"), hamlet("Thôn Đoài", "hamlet:2")
    team = units.found(UnitKind.UNIT, "Tổ bảo vệ ANTT", above=east)
    units.merge(east, west, on(REFORM), TODAY)
    known = units.histories()
    assert (known[team.pk].above_on(REFORM - timedelta(1)), known[team.pk].above_on(REFORM)) == (east.pk, west.pk)
    gone = known[east.pk].end
    assert gone is not None
    assert (gone.other, gone.day, known[east.pk].name_on(TODAY)) == (west.pk, REFORM, "Thôn Đông")
    for step in (
        lambda: units.rename(east, "x", on(TODAY), TODAY),
        lambda: units.merge(west, east, on(TODAY), TODAY),
        lambda: units.end_unit(east, on(TODAY), TODAY),
        lambda: units.found(UnitKind.UNIT, "x", above=east),
    ):
        with pytest.raises(ValidationError):
            step()


@pytest.mark.parametrize("day", [None, TODAY + timedelta(1), date(2030, 1, 1)])
def test_a_day_that_is_to_come_or_not_told_is_refused(day: date | None) -> None:
    unit = commune()
    with pytest.raises(ValidationError) as error:
        units.rename(unit, "Xã Mới", Decree(None, day), TODAY)
    assert set(error.value.message_dict) == {"day"}
    assert UnitStep.objects.count() == 3


def test_nothing_stands_below_itself_nor_where_its_kind_does_not_belong() -> None:
    unit = commune()
    province = Unit.objects.get(kind=UnitKind.PROVINCE)
    police = units.found(UnitKind.UNIT, "Công an xã", above=unit)
    shift = units.found(UnitKind.UNIT, "Tổ trực", above=police)
    for below, above in ((police, shift), (police, police), (province, unit), (unit, police)):
        with pytest.raises(ValidationError):
            units.place_below(below, above, on(TODAY), TODAY)
    units.place_below(shift, unit, on(TODAY), TODAY)
    assert units.histories()[shift.pk].above_on(TODAY) == unit.pk


def test_a_unit_ends_when_nothing_stands_below_it() -> None:
    unit = commune()
    police = units.found(UnitKind.UNIT, "Công an xã", above=unit)
    with pytest.raises(ValidationError):
        units.end_unit(unit, on(TODAY), TODAY)
    units.end_unit(police, on(TODAY), TODAY)
    units.end_unit(unit, on(TODAY), TODAY)
    assert all(units.histories()[one.pk].end for one in (unit, police))


def test_a_place_has_one_unit() -> None:
    one = commune()
    assert units.found(UnitKind.COMMUNE, "Tên khác", place="commune") == one


@pytest.mark.parametrize("statement", ["UPDATE access_unitstep SET name = 'x'", "DELETE FROM access_unitstep"])
def test_history_is_never_rewritten(statement: str) -> None:
    from django.db import connection

    commune()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


DAYS = st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2030, 1, 1)))


@given(st.lists(st.tuples(DAYS, st.sampled_from("ABC")), min_size=1, max_size=8), st.dates(date(1980, 1, 1), date(2040, 1, 1)))
def test_the_name_on_a_day_is_that_of_the_latest_step_that_had_begun(told: list[tuple[date | None, str]], day: date) -> None:
    steps = [Step(seq, UnitStepCode.NAMED, begins, name, None, "", "") for seq, (begins, name) in enumerate(told)]
    history = History(1, UnitKind.HAMLET, None, tuple(sorted(steps, key=lambda step: step.order)))
    begun = [step for step in steps if (step.day or date.min) <= day]
    if begun:
        latest = max(step.day or date.min for step in begun)
        assert history.name_on(day) == [step for step in begun if (step.day or date.min) == latest][-1].name
    else:
        assert history.name_on(day) == min(steps, key=lambda step: step.order).name


def test_moments_are_not_asked() -> None:
    """A step is of a day of the commune; when it was written stands beside it."""
    before = datetime.now(UTC)
    commune()
    assert all(before <= step.at <= datetime.now(UTC) for step in UnitStep.objects.all())
