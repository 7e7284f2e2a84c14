"""The page of coverage: what the eyes that work today see of each place, by day and night, for whom, and as a sheet."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.test import Client
from openpyxl import load_workbook

from luytre.civic.acceptance.acceptances import accept_as_found, hung_of
from luytre.civic.access.models import Role, User
from luytre.civic.access.permissions import PERMISSIONS
from luytre.civic.geometry.optics import Level
from luytre.civic.ground.models import Place
from luytre.civic.planning.covered import kinds_of, losses, today
from luytre.civic.planning.figures import figures
from luytre.civic.planning.today import land
from luytre.civic.ports import Status, StreamState
from luytre.civic.registry.models import Eye, Hamlet
from tests.civic.ground.shapes import line, point
from tests.civic.planning.commune import AT, eye, hamlets, house, place, position, small_commune
from tests.web.cast import FakeRecorder, camera, chief, person
from tests.web.test_map import in_hamlet

pytestmark = pytest.mark.django_db
Enter = Callable[[User], Client]


def said(client: Client, query: str = "") -> str:
    answer = client.get(f"/coverage{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def of(level: Level = Level.OBSERVE, working: set[str] | None = None):  # type: ignore[no-untyped-def]
    eyes = list(Eye.objects.select_related("site__hamlet", "camera"))
    return today(eyes, Place.objects.order_by("name"), land(), figures(), working, level)


def test_by_day_and_by_night_and_kinds_together() -> None:
    hamlets()
    eye("Đầu đường", 0, 0, 90, ir_range_m=10.0)
    place("route", "Đường tỉnh", line((0, 0), (200, 0)))
    place("route", "Ngõ tối", line((0, 100), (100, 100)))
    place("hot_spot", "Cổng chợ", point(15, 0))
    found = of()
    by_name = {row.place.name: row for row in found.places}
    road = by_name["Đường tỉnh"]
    assert road.metres == pytest.approx(200, abs=0.5)
    assert road.day.shares[Level.OBSERVE] == pytest.approx(20.6 / 200, abs=0.01)
    assert road.night.shares[Level.OBSERVE] == pytest.approx(10 / 200, abs=0.005)
    assert (by_name["Cổng chợ"].day.shares[Level.OBSERVE], by_name["Cổng chợ"].night.shares[Level.OBSERVE]) == (1.0, 0.0)
    route, spot = kinds_of(found.places)
    assert (route.kind, route.count, spot.kind) == ("route", 2, "hot_spot")
    assert route.day[Level.OBSERVE] == pytest.approx(20.6 / 300, abs=0.01)  # by metres, not by roads


def test_what_two_see_is_not_lost_and_the_heaviest_loss_comes_first() -> None:
    hamlets()
    alone, one, two = eye("Một mình", 0, 0, 90), eye("Đôi 1", 100, 0, 90), eye("Đôi 2", 100, 3, 90)
    place("hot_spot", "Cổng chợ", point(15, 0))
    place("school", "Trường", point(115, 1))
    place("route", "Ngõ", line((5, -1), (9, -1)))
    found = losses(of().places)
    assert [loss.eye for loss in found] == [alone.key]
    assert [row.place.name for row, _part in found[0].places] == ["Cổng chợ", "Ngõ"]
    two.condition = "dead"
    Eye.objects.filter(pk=two.pk).update(condition="dead")
    assert {loss.eye for loss in losses(of().places)} == {alone.key, one.key}


def test_a_connected_eye_counts_once_it_is_accepted_and_as_long_as_its_pictures_come(
    log_in: Enter, recorder: FakeRecorder
) -> None:
    hamlets()
    one = camera("Cổng chợ", hamlet="Thôn Đông", position=position(0, 0))
    Eye.objects.filter(camera=one).update(bearing_deg=90.0, hfov_deg=90.0, width_px=2560, tier="live")
    place("hot_spot", "Sạp thịt", point(15, 0), hamlet="Thôn Đông")
    client = log_in(person(Role.HEAD))
    recorder.now = Status(at=AT, streams=(StreamState(camera=one.key, stream="main", state="recording"),))
    page = said(client)
    assert "0 mắt đang hoạt động" in page
    assert "1 mắt chưa nghiệm thu" in page
    eye = Eye.objects.get(camera=one)
    accept_as_found(chief(), {eye: hung_of(eye)}, "treo từ trước", AT)
    assert "1 mắt đang hoạt động" in said(client)
    assert "Sạp thịt <span" in said(client)  # when this one fails
    recorder.now = Status(at=AT, streams=(StreamState(camera=one.key, stream="main", state="failed", problem="unreachable"),))
    page = said(client)
    assert "0 mắt đang hoạt động" in page
    assert "1 mắt không hoạt động" in page
    assert "Không mất gì" in page
    recorder.now = None
    assert "Máy ghi không trả lời" in said(client)


def test_an_eye_of_which_nobody_told_where_it_looks_is_named_with_a_way_to_mend(log_in: Enter, recorder: FakeRecorder) -> None:
    small_commune()
    blind = eye("Chưa rõ hướng", 50, 0, None, hamlet="Thôn Đoài")
    eye("Chỉ ghi sổ", 60, 0, None, tier="listed", hamlet="Thôn Đoài")
    page = said(log_in(person(Role.HEAD)))
    assert f'href="/map?eye={blind.key}"' in page
    assert "Chỉ ghi sổ" not in page
    assert f'href="/map?eye={blind.key}"' not in said(log_in(person(Role.COMMITTEE)))


def test_an_eye_inside_of_a_building_is_named_since_it_sees_nothing(log_in: Enter, recorder: FakeRecorder) -> None:
    small_commune()
    walled = eye("Trong nhà", 200, 100, 0, hamlet="Thôn Đông")
    assert "nằm trong nhà" not in said(log_in(person(Role.HEAD)))
    house(200, 100, 40)
    page = said(log_in(person(Role.DUTY)))
    assert f'nằm trong nhà (cần dời ra mặt ngoài):</strong> <a href="/map?eye={walled.key}">' in page


def test_filters_stand_in_the_address(log_in: Enter, recorder: FakeRecorder) -> None:
    small_commune()
    client, doai = log_in(person(Role.DUTY)), Hamlet.objects.get(name="Thôn Đoài")
    assert "Trường tiểu học" in said(client)
    page = said(client, f"?hamlet={doai.pk}&kind=hot_spot&level=detect")
    assert ("Cổng chợ" in page, "Trường tiểu học" in page, "Đường tỉnh" in page) == (True, False, False)
    assert '<option value="detect" selected>' in page
    assert "Cổng chợ" in said(client, "?level=nonsense&page=nonsense")
    assert "Trường tiểu học" not in said(client, "?hamlet=none&kind=school")


def test_who_reads_it(log_in: Enter, recorder: FakeRecorder) -> None:
    small_commune()
    eye("Mắt của Đông", 300, 3, 90, hamlet="Thôn Đông")
    roles = {Role.ADMINISTRATOR, Role.HEAD, Role.DUTY, Role.COMMITTEE, Role.HAMLET_HEAD, Role.SECURITY_TEAM}
    assert PERMISSIONS["coverage"].roles == PERMISSIONS["coverage_sheet"].roles == roles
    for role in (Role.SURVEYOR, Role.AUDITOR):
        assert log_in(person(role)).get("/coverage").status_code == 403
    client = log_in(in_hamlet(Role.HAMLET_HEAD, Hamlet.objects.get(name="Thôn Đoài")))
    page = said(client)
    assert ("Cổng chợ" in page, "Trường tiểu học" in page, "Mắt của Đông" in page) == (True, False, False)
    sheets = load_workbook(io.BytesIO(client.get("/coverage/sheet").content))
    assert "Trường tiểu học" not in str([[cell.value for cell in row] for row in sheets.worksheets[0]])


def test_the_sheet_has_shares_as_percent_and_no_formula(log_in: Enter, recorder: FakeRecorder) -> None:
    small_commune()
    place("other", "=1+1", point(10, 3), hamlet="Thôn Đoài")
    answer = log_in(person(Role.COMMITTEE)).get("/coverage/sheet?level=detect")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="do-bao-quat-')
    first, second = load_workbook(io.BytesIO(answer.content)).worksheets
    heads = [cell.value for cell in first[2]]
    assert (heads[2:5], len(heads)) == (["Thôn", "Chiều dài, m", "Ngày, phát hiện"], 13)
    rows = {row[0].value: row for row in first.iter_rows(min_row=3)}
    assert "'=1+1" in rows
    assert rows["Đường tỉnh"][3].value == 400
    assert 0 < rows["Đường tỉnh"][4].value < 1
    assert rows["Đường tỉnh"][4].number_format == "0.0%"
    assert "Đầu làng" in rows["Đường tỉnh"][12].value
    assert {row[0].value for row in second.iter_rows(min_row=3)} == {"Đầu làng"}


def test_a_commune_without_places_says_what_to_do(log_in: Enter, recorder: FakeRecorder) -> None:
    assert "/places/add" in said(log_in(person(Role.HEAD)))
    assert "/places/add" not in said(log_in(person(Role.COMMITTEE)))
