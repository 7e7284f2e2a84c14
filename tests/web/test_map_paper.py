"""The map on paper: what is on it, for whom, and how long it is on the ground."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pypdfium2
import pytest
import shapely
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from luytre.civic.access.models import Role
from luytre.civic.ground.models import Obstacle
from luytre.civic.registry.models import Commune
from luytre.web.map_layers import Item, Layer
from luytre.web.map_svg import HEIGHT_MM, WIDTH_MM, drawing, frame_of, scale_bar
from luytre.web.views.map_paper import read_box
from tests.web.cast import FakeRecorder, camera, person
from tests.web.test_map import eye, ground

Enter = Callable[..., Client]


def text_of(pdf: bytes) -> tuple[str, tuple[float, float], int]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        return page.get_textpage().get_text_bounded(), page.get_size(), len(document)
    finally:
        document.close()


@pytest.mark.django_db
def test_the_sheet_is_one_a3_page_with_all_that_was_chosen(log_in: Enter, recorder: FakeRecorder) -> None:
    Commune.objects.update_or_create(id=1, defaults={"name": "Xã Đông Phú"})
    ground()
    eye("Mắt 7")
    client = log_in(person(Role.HEAD))
    response = client.get("/map/paper?pdf=1&title=Bản+đồ+quý+IV&layer=eyes&layer=hamlets&layer=obstacles")
    assert response.headers["Content-Type"] == "application/pdf"
    text, size, pages = text_of(response.content)
    assert (round(size[0] / 72 * 25.4), round(size[1] / 72 * 25.4), pages) == (420, 297, 1)
    for said in ("Bản đồ quý IV", "XÃ ĐÔNG PHÚ", "Thôn Đông", "Mắt 7", "OpenStreetMap", "B (bắc)", "1:", "Số liệu lúc"):
        assert said in text
    for other in ("Chợ", "Dốc đê", "Riêng", "0912"):
        assert other not in text


@pytest.mark.django_db
def test_what_must_not_be_filmed_is_on_the_sheet_and_in_its_legend(log_in: Enter, recorder: FakeRecorder) -> None:
    ground()
    client = log_in(person(Role.HEAD))
    assert "không được quay" not in text_of(client.get("/map/paper?pdf=1&layer=obstacles").content)[0]
    Obstacle.objects.update(kind="private")
    told = text_of(client.get("/map/paper?pdf=1&layer=obstacles").content)[0]
    assert "khu vực không được quay" in told
    assert "nhà" not in told.split("khu vực không được quay")[1][:20]


@pytest.mark.django_db
def test_the_form_offers_the_layers_of_the_role_and_the_part_that_was_seen(log_in: Enter, recorder: FakeRecorder) -> None:
    ground()
    page = log_in(person(Role.HEAD)).get("/map/paper?layers=places&box=105.96,20.90,105.98,20.92").content.decode()
    assert 'value="incidents"' in page
    assert 'value="places" checked' in page
    assert 'value="seen"' in page
    hamlet = log_in(person(Role.HAMLET_HEAD)).get("/map/paper?box=1,2,3").content.decode()
    assert 'value="incidents"' not in hamlet
    assert 'value="seen"' not in hamlet


@pytest.mark.django_db
def test_paper_holds_no_more_than_the_screen(log_in: Enter, recorder: FakeRecorder) -> None:
    ground()
    eye("Mắt lạ", "Thôn Đoài")
    every = "&".join(f"layer={name}" for name in ("eyes", "places", "incidents", "needs", "hamlets"))
    response = log_in(person(Role.OWNER)).get(f"/map/paper?pdf=1&{every}")
    text, _size, _pages = text_of(response.content)
    for hidden in ("Mắt lạ", "Chợ", "Dốc đê", "Vụ việc"):
        assert hidden not in text
    assert "Thôn Đông" in text


@pytest.mark.django_db
def test_a_commune_without_anything_and_a_point_alone_have_a_sheet_too(log_in: Enter, recorder: FakeRecorder) -> None:
    client = log_in(person(Role.HEAD))
    assert text_of(client.get("/map/paper?pdf=1").content)[2] == 1
    camera("Cổng chợ", position=(Decimal("20.91"), Decimal("105.97")))
    assert "Cổng chợ" in text_of(client.get("/map/paper?pdf=1").content)[0]
    seen = client.get("/map/paper?pdf=1&part=seen&box=106.1,20.90,106.2,20.92&layer=eyes")
    assert "Cổng chợ" not in text_of(seen.content)[0]


@pytest.mark.parametrize("text", ["", "1,2,3", "a,b,c,d", "106,20,105,21", "105,20,106,nan", "0,0,200,1", "1,2,3,4,5"])
def test_what_is_no_box_is_none(text: str) -> None:
    assert read_box(text) is None


@given(st.floats(102, 109), st.floats(8.5, 23), st.floats(0.0001, 0.2), st.floats(0.0001, 0.2))
def test_the_whole_box_is_on_the_sheet_and_the_bar_is_as_long_as_it_says(
    west: float, south: float, wide: float, high: float
) -> None:
    box = (west, south, west + wide, south + high)
    frame = frame_of(box)
    left, top, right, bottom = frame.on_sheet(shapely.box(*box)).bounds
    assert min(left, top) >= 0
    assert right <= WIDTH_MM
    assert bottom <= HEIGHT_MM
    bar_mm, bar_m = scale_bar(frame)
    assert 20 <= bar_mm <= 60
    assert bar_mm * frame.metres_a_mm == pytest.approx(bar_m)


def test_names_cannot_break_the_picture() -> None:
    geometry = '{"type":"Point","coordinates":[105.97,20.91]}'
    layer = Layer((Item("k", geometry, {"name": '<script>&"', "kind": "market"}),))
    made = drawing({"places": layer}, {}, frame_of((105.96, 20.90, 105.98, 20.92)))
    assert "<script>" not in made
    assert "&lt;script&gt;&amp;" in made
