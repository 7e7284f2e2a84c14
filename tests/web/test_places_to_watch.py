"""Pages of places: typed as positions or GeoJSON, kept, told, changed without loss, removed and put back."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import pytest
import shapely
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.errors import UsageError
from luytre.civic.access.models import Role, User
from luytre.civic.ground.models import Place
from luytre.civic.ground.places import PlaceDraft, place_draft, save_place
from luytre.civic.registry.models import Hamlet
from luytre.web.forms_places import read_shape, shape_as_typed
from luytre.web.three_ways import kept_apart
from tests.civic.ground.shapes import at, line, point, square
from tests.web.cast import person
from tests.web.test_eyes import typed

NOW = datetime.now(UTC)
LogIn = Callable[[User], Client]


@pytest.mark.django_db
def test_a_place_is_added_changed_removed_and_put_back(log_in: LogIn) -> None:
    Hamlet.objects.create(name="Thôn Đông")
    client = log_in(person(Role.HEAD))
    made = typed(
        client, "/places/add", kind="market", name="Chợ Cả", hamlet="Thôn Đông", shape="21.0285, 105.8542", residents="40"
    )
    assert client.post("/places/add", made).status_code == 302
    place = Place.objects.get()
    address = f"/places/{place.key}"
    client.post(f"{address}/edit", typed(client, f"{address}/edit", residents="50", note="hỏi chị Ba"))
    text = client.get(address).content.decode()
    assert "Số dân: 40 → 50" in text
    assert "Ghi chú: đã thay đổi" in text
    assert "21.028500, 105.854200" in text
    client.post(f"{address}/remove")
    assert client.get("/places").context["count"] == 0
    assert client.get(f"{address}/edit").status_code == 404
    client.post(f"{address}/restore")
    assert client.get("/places?q=cho ca&kind=market").context["count"] == 1


@pytest.mark.django_db
def test_the_list_is_filtered_and_says_its_sources(log_in: LogIn) -> None:
    for number, kind in enumerate(("route", "school", "school")):
        shape = line((0, 0), (90, 0)) if kind == "route" else point(number * 10)
        save_place(None, PlaceDraft(kind, f"Nơi {number}", shape, source="© OpenStreetMap contributors, ODbL 1.0"), NOW)
    client = log_in(person(Role.COMMITTEE))
    assert client.get("/places?kind=school").context["count"] == 2
    assert client.get("/places?hamlet=none&q=noi 0").context["count"] == 1
    assert "© OpenStreetMap" in client.get("/places").content.decode()
    assert client.get("/places/add").status_code == 403


@pytest.mark.django_db
def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(log_in: LogIn) -> None:
    client = log_in(person(Role.DUTY))
    for shape in (
        "chợ",
        "1, 2",
        "{",
        json.dumps({"type": "Point", "coordinates": [21.03, 105.85]}),
        "21.0285, 105.8542\n21.0286, 105.8543",
    ):
        response = client.post("/places/add", typed(client, "/places/add", kind="market", name="Chợ", shape=shape, note="giữ"))
        form = response.context["form"]
        assert (response.status_code, list(form.errors)) == (422, ["shape"]), shape
        assert (form["shape"].value(), form["note"].value()) == (shape, "giữ")
    assert not Place.objects.exists()


@pytest.mark.django_db
def test_what_somebody_else_changed_meanwhile_is_kept(log_in: LogIn) -> None:
    place = save_place(None, PlaceDraft("school", "Trường", point(), residents=10), NOW)
    client = log_in(person(Role.DUTY))
    mine = typed(client, f"/places/{place.key}/edit", name="Trường tiểu học")
    from dataclasses import replace

    save_place(None, replace(place_draft(place), residents=500, geometry=point(20)), NOW, place)
    response = client.post(f"/places/{place.key}/edit", mine)
    form = response.context["form"]
    assert (response.status_code, form["residents"].value(), form["name"].value()) == (422, "500", "Trường tiểu học")
    again = {name: form[name].value() or "" for name in form.fields}
    assert client.post(f"/places/{place.key}/edit", again).status_code == 302
    place.refresh_from_db()
    assert (place.residents, place.name) == (500, "Trường tiểu học")
    assert shapely.from_geojson(place.geometry).equals(shapely.from_geojson(point(20)))


def test_a_shape_as_the_form_shows_it_is_the_shape() -> None:
    for kind, text in (("market", point()), ("route", line((0, 0), (50, 9), (80, 3))), ("market", square(side_m=40))):
        shown = shape_as_typed(text)
        assert "{" not in shown
        assert shapely.from_geojson(read_shape(shown, kind)).equals(shapely.from_geojson(text))
    ring = json.loads(square())["coordinates"][0]
    hole = json.dumps({"type": "Polygon", "coordinates": [ring, [at(0, 0), at(9, 0), at(9, 9), at(0, 0)]]})
    assert read_shape(shape_as_typed(hole), "market") == hole


@given(st.text(max_size=80), st.sampled_from(["route", "market"]))
def test_any_text_is_a_shape_or_refused_in_words(text: str, kind: str) -> None:
    with suppress(UsageError):
        assert read_shape(text, kind)


NAMES = st.sampled_from(["a", "b", "c"])
VALUES = st.sampled_from(["", "1", "2", "3"])


@given(*(st.fixed_dictionaries({"a": VALUES, "b": VALUES, "c": VALUES}) for _ in range(3)))
def test_nothing_that_anybody_changed_alone_is_lost(base: dict[str, str], mine: dict[str, str], theirs: dict[str, str]) -> None:
    kept = kept_apart(mine | {"base": json.dumps(base)}, theirs)
    for name in base:
        if mine[name] == base[name]:
            assert kept.typed[name] == theirs[name]
        else:
            assert kept.typed[name] == mine[name]
        assert (name in kept.conflicts) == (mine[name] != base[name] and theirs[name] not in (base[name], mine[name]))
