"""Incidents by place: filtered by days and round a point, the same on the list and on the map, within the reader's scope."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from luytre.civic.access.models import Role, User
from luytre.civic.incidents.models import Incident
from luytre.civic.registry.models import Hamlet
from luytre.civic.tips.near import metres
from luytre.web.incident_filters import FARTHEST_M, NAMES, NEAREST_M, IncidentFilter
from tests.civic.incidents.test_incidents import of_team, opened
from tests.web.cast import camera, person, viewer_of

LogIn = Callable[[User], Client]
NOW = datetime.now(UTC).replace(microsecond=0)
HERE = (Decimal("20.912400"), Decimal("105.971800"))
HUNDRED_M = Decimal("0.0009")
"""Of latitude: 100.2 m."""


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=130)))
def test_any_address_is_read_and_says_the_same_again(sent: dict[str, str]) -> None:
    found = IncidentFilter.read(sent)
    again = IncidentFilter.read(QueryDict(found.query()))
    assert (again.kinds, again.first, again.last, again.near, again.within_m) == (
        found.kinds, found.first, found.last, found.near, found.within_m,
    )  # fmt: skip
    assert NEAREST_M <= found.within_m <= FARTHEST_M
    assert found.wrong <= {name for name in NAMES if found.typed[name]}


@given(st.decimals(8, 23, places=6), st.decimals(102, 109, places=6), st.integers(NEAREST_M, FARTHEST_M))
def test_a_point_and_metres_are_read_as_links_write_them(lat: Decimal, lon: Decimal, within: int) -> None:
    found = IncidentFilter.read({"near": f"{lat},{lon}", "within": str(within)})
    assert (found.near, found.within_m, found.wrong) == ((lat, lon), within, frozenset())


@pytest.mark.django_db
def test_near_a_point_within_metres_and_no_further() -> None:
    head = person(Role.HEAD)
    steps = (0, 1, 2, 4)
    there = [opened(head, at=NOW, position=(HERE[0] + HUNDRED_M * step, HERE[1])) for step in steps]
    aside = opened(head, at=NOW, position=(HERE[0], HERE[1] + Decimal("0.0019")))  # 197.6 m to the east
    opened(head, at=NOW)  # without a position
    for within, count in ((10, 1), (101, 2), (300, 3), (5000, 4)):
        sent = {"near": f"{HERE[0]}, {HERE[1]}", "within": str(within), "state": "all"}
        wanted = IncidentFilter.read(sent)
        found = list(wanted.find(head, NOW))
        assert set(found) - {aside} == set(there[:count]), within
        assert (aside in found) is (within >= 198)
    assert round(wanted.away(there[1]) or 0) == round(metres(*HERE, HERE[0] + HUNDRED_M, HERE[1]) or 0) == 100


@pytest.mark.django_db
def test_days_are_those_of_the_commune_and_both_ends_count() -> None:
    head = person(Role.HEAD)
    midnight = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)  # 0:00 of the 24th
    two = timedelta(minutes=2)
    moments = (midnight, midnight + two, midnight + timedelta(days=2), midnight + timedelta(days=2) + two)
    before, first, last, after = (opened(head, at=at) for at in moments)
    assert before.happened < midnight  # two minutes before it was opened

    def found(**sent: str) -> set[Incident]:
        return set(IncidentFilter.read(sent | {"state": "all"}).find(head, NOW))

    assert found(**{"from": "24/11/2026", "to": "25/11/2026"}) == {first, last}
    assert found(**{"from": "24/11/2026"}) == {first, last, after}
    assert found(to="23/11/2026") == {before}
    wrong = IncidentFilter.read({"from": "24/11/2026", "to": "1/1/2026", "near": "x", "within": "9"})
    assert wrong.wrong == {"to", "near", "within"}


@pytest.mark.django_db
def test_list_and_layer_find_the_same_and_nothing_of_others(log_in: LogIn) -> None:
    head, east, west = person(Role.HEAD), Hamlet.objects.create(name="Thôn Đông"), Hamlet.objects.create(name="Thôn Đoài")
    mine, other = of_team(east), of_team(west)
    one = opened(head, at=NOW, hamlet=east, position=HERE, title='Mất <b>xe</b> "đỏ"', kind="disorder")
    opened(head, at=NOW, hamlet=east)
    query = f"?near={HERE[0]},{HERE[1]}&within=300"
    assert "0 m" in text(log_in(head).get(f"/incidents{query}"))
    for client, found in ((log_in(head), [one.key]), (log_in(mine), [one.key]), (log_in(other), [])):
        layer = json.loads(client.get(f"/incidents/layer{query}").content)
        assert [feature["id"] for feature in layer["features"]] == found
        assert (one.key in text(client.get(f"/incidents{query}"))) is bool(found)
        assert [feature["id"] for feature in json.loads(client.get("/map/layers/cases").content)["features"]] == found
    [feature] = json.loads(log_in(head).get("/incidents/layer").content)["features"]
    assert feature["geometry"]["coordinates"] == [105.9718, 20.9124]
    assert feature["properties"]["name"] == f'{one.sign} Mất <b>xe</b> "đỏ"'
    wrong = text(log_in(head).get("/incidents?near=chợ&within=1&from=x&to=y"))
    assert all(f'id="err-{name}" role="alert"></div>' not in wrong for name in ("near", "within", "from", "to"))
    assert 'value="chợ"' in wrong


@pytest.mark.django_db
@pytest.mark.usefixtures("recorder")
def test_the_map_opens_on_what_the_list_found_and_leads_back(log_in: LogIn) -> None:
    head = person(Role.HEAD)
    client = log_in(head)
    opened(head, at=NOW, position=HERE)
    opened(head, at=NOW)
    assert "/map?cases=kind%3Ddisorder" in text(client.get("/incidents?kind=disorder&page=1"))
    page = text(client.get("/map?cases=kind%3Ddisorder"))
    told = json.loads(page.split('<script id="map-page" type="application/json">')[1].split("</script>")[0])
    [layer] = [one for one in told["layers"] if one["name"] == "cases"]
    assert (layer["url"], layer["shown"], told["cases"]) == ("/incidents/layer?kind=disorder", True, "kind=disorder")
    west, south, east, north = told["bounds"]
    assert west < 105.9718 < east
    assert south < 20.9124 < north < 20.92
    assert 'href="/incidents?kind=disorder"' in page
    assert "1 vụ việc không có vị trí" in page
    plain = text(client.get("/map"))
    assert '"cases": null' in plain
    assert "/map?cases=" not in plain


@pytest.mark.django_db
@pytest.mark.usefixtures("recorder")
def test_a_camera_leads_to_what_happened_near_it(log_in: LogIn) -> None:
    gate = camera("Cổng chợ", position=(20.9124, 105.9718))
    link = "/incidents?state=all&amp;near=20.912400,105.971800&amp;within=300"
    assert link in text(log_in(person(Role.DUTY)).get(f"/cameras/{gate.key}"))
    bare = camera("Không rõ chỗ")
    assert "near=" not in text(log_in(User.objects.get(username=Role.DUTY)).get(f"/cameras/{bare.key}"))
    owner = log_in(viewer_of(gate, role=Role.OWNER))
    assert "/incidents" not in text(owner.get(f"/cameras/{gate.key}"))


def text(answer: Any) -> str:
    return str(answer.content.decode())
