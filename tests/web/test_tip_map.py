"""The map of the page of telling: what anybody may see of the land and nothing else, and the hamlet that a place lies in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from luytre.civic.ground.models import HamletArea, Place
from luytre.civic.ground.whose import hamlet_holding
from luytre.civic.registry.models import Hamlet
from luytre.civic.tips.models import Tip
from luytre.civic.tips.pace import Pace
from luytre.web.views import tip_public
from tests.web.test_map import SQUARE, eye, ground
from tests.web.test_tips import send

pytestmark = pytest.mark.django_db
ROAD = '{"type":"LineString","coordinates":[[105.961,20.901],[105.979,20.919]]}'


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setattr(tip_public, "PACE", Pace(lambda: 0.0))
    settings.LUYTRE_SECRETS_DIR = tmp_path / "secrets"
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, data=tmp_path)
    tip_public.efforts.cache_clear()
    yield
    tip_public.efforts.cache_clear()


def test_only_what_everybody_may_see_of_the_land_leaves_the_server(client: Client) -> None:
    ground()
    eye("Mắt cổng chợ")
    Place.objects.create(kind="route", name="Tuyến hay mất trộm", geometry=ROAD)
    Place.objects.create(kind="route", name="Đường tỉnh 379", geometry=ROAD, source_id="way/7", source="© OpenStreetMap")
    Place.objects.create(kind="route", name="Đường cũ", geometry=ROAD, source_id="way/8", archived=True)
    answer = client.get("/bao-tin/ban-do")
    told = json.loads(answer.content)
    assert set(told) == {"hamlets", "roads", "bounds", "sources", "basemap"}
    [hamlet] = told["hamlets"]
    assert set(hamlet["properties"]) == {"key", "name", "lon", "lat"}
    assert sorted(one["properties"]["name"] for one in told["roads"]) == ["", "Đường tỉnh 379"]
    assert all(set(one["properties"]) == {"name"} for one in told["roads"])
    assert told["bounds"] == [105.96, 20.9, 105.98, 20.92]
    assert "© OpenStreetMap" in told["sources"]
    for hidden in ("Mắt", "Nguyễn", "Chợ", "hay mất trộm", "Dốc đê", "6.5", "105.97,20.91"):
        assert hidden not in answer.content.decode()
    assert not answer.cookies
    assert client.get("/bao-tin/ban-do", headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_cameras_do_not_tell_where_the_commune_is(client: Client) -> None:
    eye("Mắt cổng chợ")  # an officer's map would be fitted to it
    told = client.get("/bao-tin/ban-do").json()
    assert told["bounds"] == [102.1, 8.4, 109.5, 23.4]
    assert 'id="map-open"' not in client.get("/bao-tin").content.decode()  # and there is nothing to choose a place on
    ground()
    assert 'id="map-open"' in client.get("/bao-tin").content.decode()


def test_a_place_is_of_the_hamlet_whose_boundary_holds_it(client: Client) -> None:
    hamlet, other = Hamlet.objects.create(name="Thôn Đông"), Hamlet.objects.create(name="Thôn Đoài")
    HamletArea.objects.create(hamlet=hamlet, geometry=SQUARE)
    assert hamlet_holding((Decimal("20.91"), Decimal("105.97"))) == hamlet
    assert hamlet_holding((Decimal("20.93"), Decimal("105.97"))) is None
    assert hamlet_holding((Decimal("105.97"), Decimal("20.91"))) is None  # latitude first
    for number, changes in enumerate(({}, {"hamlet": other.pk}, {"position": "20.95, 105.97", "kind": "fire"}), 1):
        assert send(client, number, **{"position": "20.910000, 105.970000", **changes}).status_code == 201
    assert [tip.hamlet for tip in Tip.objects.order_by("pk")] == [hamlet, other, None]  # who chose one meant it


def test_without_a_file_below_it_the_map_has_a_plain_ground(client: Client) -> None:
    assert client.get("/bao-tin/ban-do").json()["basemap"] is None
    assert client.get("/bao-tin/nen.pmtiles", headers={"Range": "bytes=0-9"}).status_code == 404
