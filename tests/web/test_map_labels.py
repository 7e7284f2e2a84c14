"""Names on a drawn map stand beside their sign, over nothing else where that can be, and on the sheet."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from luytre.web.map_labels import LETTER, Label, around, written

SHEET = (100.0, 80.0)


def positions(labels: list[Label], signs: list[tuple[float, float, float, float]]) -> list[tuple[float, float]]:
    made = written(labels, signs, SHEET, "Sans")
    return [tuple(map(float, re.findall(r'[xy]="([\d.-]+)"', text)[:2])) for text in made]  # type: ignore[misc]


def test_a_name_stands_below_its_sign_and_elsewhere_where_something_is_there() -> None:
    label = Label("Chợ", 50, 40, 2.5, "#000", 3)
    (free,) = positions([label], [])
    assert free[0] == 50
    assert free[1] > 42
    (moved,) = positions([label], [around(50, 43, 2)])
    assert moved[1] < 40


def test_two_names_of_one_place_do_not_cover_each_other() -> None:
    one, two = positions([Label("Chợ", 50, 40, 2.5, "#000", 3), Label("Cổng chợ", 50, 40, 2.5, "#000", 3)], [])
    assert abs(one[1] - two[1]) >= 2.5


def test_at_the_edge_a_name_goes_inward() -> None:
    (name,) = positions([Label("Đầu cầu phía đông", 98, 40, 2.5, "#000", 3)], [])
    assert name[0] + 2.5 * LETTER * 17 / 2 <= 98


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 80), st.text("abc", min_size=1, max_size=12)), max_size=30))
def test_no_name_is_left_out(given_: list[tuple[float, float, str]]) -> None:
    labels = [Label(text, x, y, 2.5, "#000", 3) for x, y, text in given_]
    made = written(labels, [around(x, y, 2) for x, y, _text in given_], SHEET, "Sans")
    assert [re.findall(r">(\w+)</text>", text) for text in made] == [[text, text] for _x, _y, text in given_]
