"""Fields that are kept are the same as fields that are found anew, whatever changed between."""

from __future__ import annotations

from dataclasses import replace

import shapely
from hypothesis import given
from hypothesis import strategies as st

from luytre.civic.geometry import kept
from luytre.civic.geometry.coverage import EyeView, fields_of
from luytre.civic.geometry.kept import KeptFields
from luytre.civic.geometry.optics import Level
from luytre.civic.geometry.sight import Obstacles, View

REACHES = {Level.DETECT: 60.0, Level.OBSERVE: 40.0, Level.RECOGNISE: 20.0, Level.IDENTIFY: 10.0}
EYE = EyeView("a", View(0.0, 0.0, 90.0, 80.0, 60.0, height_m=5.0), REACHES)
houses = st.lists(
    st.builds(lambda e, n, side: shapely.box(e, n, e + side, n + side), *(st.integers(-70, 70),) * 2, st.integers(2, 20)),
    max_size=6,
)
heights = st.lists(st.none() | st.floats(1, 12), min_size=6, max_size=6)


@given(houses, houses, heights, heights, st.integers(0, 359))
def test_what_is_kept_is_what_would_be_found(first: list, then: list, high: list, higher: list, bearing: int) -> None:  # type: ignore[type-arg]
    memory = KeptFields(most=3)
    turned = replace(EYE, key="b", view=replace(EYE.view, bearing_deg=float(bearing)))
    for shapes, told in ((first, high), (then, high), (then, higher), (first, high)):
        land = Obstacles(shapes, told[: len(shapes)])
        for found, wanted in zip(memory.of([EYE, turned], land), fields_of([EYE, turned], land), strict=True):
            assert found.key == wanted.key
            assert all(found.shapes[level].equals(wanted.shapes[level]) for level in Level)


def test_only_what_is_near_is_found_again() -> None:
    memory, far = KeptFields(), replace(EYE, key="far", view=replace(EYE.view, east=500.0))
    before = Obstacles([shapely.box(20, -3, 26, 3)])
    old = memory.of([EYE, far], before)
    new = memory.of([EYE, far], Obstacles([shapely.box(20, -3, 26, 3), shapely.box(520, -3, 526, 3)]))
    assert new[0] is old[0]
    assert new[1] is not old[1]
    assert new[1].shapes[Level.OBSERVE].area < old[1].shapes[Level.OBSERVE].area


def test_no_more_is_kept_than_may_be() -> None:
    memory = KeptFields(most=2)
    eyes = [replace(EYE, key=str(number)) for number in range(5)]
    memory.of(eyes, Obstacles([]))
    assert len(memory._kept) == 2
    assert kept.MOST_KEPT > 1000  # a commune's eyes by day and by night
