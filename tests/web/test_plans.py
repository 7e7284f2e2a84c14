"""The pages of plans: from wishes to a computed version, compared and decided on."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from io import BytesIO
from math import dist
from types import SimpleNamespace

import pytest
from django.test import Client
from msgspec.structs import replace
from pypdf import PdfReader

from luytre.civic.acceptance.acceptances import accept_as_found, hung_of
from luytre.civic.access.models import Role, User
from luytre.civic.planning.ask import NewEye, ask_from, result_from
from luytre.civic.planning.figures import figures
from luytre.civic.planning.models import Candidate, Plan, PlanVersion, VersionState
from luytre.civic.ports import PictureState, Status, StreamState
from luytre.civic.registry.models import Eye, Hamlet
from luytre.civic.survey.models import Need
from luytre.web import jobs, tasks
from luytre.web.map_svg import frame_of
from luytre.web.plan_map import SIGN_MM, _spread
from luytre.web.views import plans
from luytre.web.views.plans import wished
from tests.civic.planning.commune import AT, need, small_commune
from tests.civic.planning.test_plans import ASK
from tests.web.cast import FakeRecorder, camera, chief, person

pytestmark = pytest.mark.django_db
EYE = NewEye(
    candidate="a", name="Cột", hamlet="", lat=21.03, lon=105.85, bearing_deg=0, order=1, phase=1, adds=1, alone=1, camera_vnd=1,
    pole_vnd=1, cable_vnd=1, power_vnd=1, upkeep_vnd=1,
)  # fmt: skip
COMPUTE = tasks.compute_plan.func
WISHES = {"name": "Từ 20 lên 35", "eyes": "2", "budget": "50 triệu", "level": "detect", "phases": "1, 1", "hot_spot_eyes": "1"}


def queue(monkeypatch: pytest.MonkeyPatch, does: Callable[[int], None]) -> None:
    for module in (tasks, plans):
        monkeypatch.setattr(module, "compute_plan", SimpleNamespace(enqueue=does))


@pytest.fixture
def head(log_in: Callable[[User], Client]) -> Client:
    return log_in(person(Role.HEAD))


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch, recorder: FakeRecorder) -> None:
    """What the jobs' process would do a moment later."""
    queue(monkeypatch, COMPUTE)


def a_plan(head: Client, **changes: str) -> Plan:
    answer = head.post("/plans/new", WISHES | changes)
    assert answer.status_code == 302, answer.content.decode()
    return Plan.objects.get(key=answer.url.rsplit("/", 1)[1])  # type: ignore[attr-defined]


def said(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_from_wishes_to_a_decided_version(head: Client) -> None:
    small_commune()
    plan = a_plan(head, funding="Ngân sách xã: 5 triệu\nXã hội hóa: 1.000.000")
    assert "Chưa tính" in said(head, f"/plans/{plan.key}")
    answer = head.post(f"/plans/{plan.key}/compute", {"note": "lần đầu"}, follow=True)
    page = answer.content.decode()
    version = PlanVersion.objects.get()
    assert version.state == VersionState.DONE, version.result
    assert "Đã chứng minh" in page
    assert "1. " in page
    assert "đợt 2" in page
    assert "Cổng chợ (điểm phức tạp" in page
    assert "6.000.000" in page  # funded together
    assert "hướng" in page
    assert "Từ 20 lên 35" in said(head, "/plans")

    head.post(f"/plans/{plan.key}/versions/1/decide", {"decision": "Nghị quyết 12, 27/11/2026"})
    plan.refresh_from_db()
    assert (plan.decided, plan.decision) == (1, "Nghị quyết 12, 27/11/2026")
    assert "Nghị quyết 12" in said(head, f"/plans/{plan.key}")
    made = result_from(version.result)
    assert f"trên {made.eyes_before + len(made.eyes)} mắt của kế hoạch" in said(head, "/eyes")


def test_pinned_and_left_out_from_the_result_and_compared(head: Client) -> None:
    small_commune()
    plan = a_plan(head)
    head.post(f"/plans/{plan.key}/compute")
    keys = dict(Candidate.objects.values_list("name", "key"))
    head.post(f"/plans/{plan.key}/wish", {"candidate": keys["Cột chợ"], "how": "forbid", "version": "1"})
    answer = head.post(f"/plans/{plan.key}/wish", {"candidate": keys["Giữa đường"], "how": "pin", "bearing": "90.0"})
    assert answer.url == f"/plans/{plan.key}"  # type: ignore[attr-defined]
    page = said(head, f"/plans/{plan.key}")
    assert "Giữa đường, hướng đông (90°)" in page
    head.post(f"/plans/{plan.key}/compute")
    compared = said(head, f"/plans/{plan.key}/compare?one=1&two=2")
    assert "Cột chợ" in compared
    assert "Giữa đường" in compared
    assert head.get(f"/plans/{plan.key}/compare?one=1&two=9").status_code == 404
    assert head.get(f"/plans/{plan.key}/compare?one=x&two=1").status_code == 404
    head.post(f"/plans/{plan.key}/wish", {"candidate": keys["Cột chợ"], "how": "free"})
    plan.refresh_from_db()
    assert ask_from(plan.ask).forbidden == ()
    assert head.post(f"/plans/{plan.key}/wish", {"candidate": "nobody", "how": "pin"}).status_code == 404
    assert head.post(f"/plans/{plan.key}/wish", {"candidate": keys["Cột chợ"], "how": "pin", "bearing": "x"}).status_code == 404


def test_wishes_that_cannot_be_are_told_at_their_fields_and_stay_typed(head: Client) -> None:
    small_commune()
    hamlet = Hamlet.objects.get(name="Thôn Đông")
    typed = WISHES | {
        "eyes": "ba", "budget": "nhiều tiền", "phases": "tám", "funding": "Ngân sách xã", f"least_{hamlet.pk}": "-1", "name": "",
    }  # fmt: skip
    page = head.post("/plans/new", typed).content.decode()
    for kept in ("nhiều tiền", "tám", "Ngân sách xã", "200.000.000, 200 triệu"):
        assert kept in page
    assert page.count('aria-describedby="err-') > 5
    assert not Plan.objects.exists()
    page = head.post("/plans/new", WISHES | {"phases": "2, 2"}).content.decode()
    assert "tổng các đợt không quá" in page
    page = head.post("/plans/new", WISHES | {"eyes": "", "budget": ""}).content.decode()
    assert "Hãy ghi số mắt mới" in page


def test_there_is_no_such_plan_and_the_page_says_why(head: Client) -> None:
    small_commune()
    far = need("Bãi hoang", 350, 190)
    plan = a_plan(head, required=far.key)
    page = head.post(f"/plans/{plan.key}/compute", follow=True).content.decode()
    assert "Bãi hoang" in page
    assert "chỉ có 0 cách đặt" in page
    head.post(f"/plans/{plan.key}/versions/1/decide", {"decision": "1"})
    plan.refresh_from_db()
    assert plan.decided is None


def test_somebody_else_saved_meanwhile(head: Client) -> None:
    plan = a_plan(head)
    for _time in range(2):
        answer = head.post(f"/plans/{plan.key}/edit", WISHES | {"revision": str(plan.revision), "name": "Của tôi"})
    page = answer.content.decode()
    assert "Có người khác" in page
    assert f'name="revision" value="{plan.revision + 1}"' in page
    assert "Của tôi" in page


def test_a_version_that_waits_goes_on_by_itself(head: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    small_commune()
    asked = list[int]()
    queue(monkeypatch, asked.append)
    plan = a_plan(head)
    first = head.post(f"/plans/{plan.key}/compute")
    assert head.post(f"/plans/{plan.key}/compute").url == first.url  # type: ignore[attr-defined]
    assert 'hx-trigger="load delay' in said(head, f"/plans/{plan.key}/versions/1")
    part = head.get(f"/plans/{plan.key}/versions/1", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    PlanVersion.objects.update(state=VersionState.COMPUTING)
    jobs.resume_plans()  # the jobs' process was killed, and starts again
    assert asked == [PlanVersion.objects.get().pk] * 2
    COMPUTE(asked[0])
    done = head.get(f"/plans/{plan.key}/versions/1", headers={"HX-Request": "true"})
    assert done.headers["HX-Refresh"] == "true"


def test_candidates_are_proposed_changed_found_and_removed(head: Client) -> None:
    small_commune()
    head.post("/plans/candidates/propose")
    assert Candidate.objects.filter(source="need").count() == Need.objects.count()
    page = said(head, "/plans/candidates?q=duong")
    assert "Đường tỉnh" in page
    assert "Ngã ba đình" not in page
    one = Candidate.objects.get(name="Cột chợ")
    form = said(head, f"/plans/candidates/{one.key}")
    assert "Để trống: 3.500.000" in form
    typed = {
        "name": "Cột chợ mới", "position": "21.0300, 105.8500", "hamlet": "Thôn Đông", "bearings": "0 180", "most_eyes": "2",
        "pole_vnd": "0", "camera_vnd": "4,5 triệu", "revision": str(one.revision),
    }  # fmt: skip
    assert head.post(f"/plans/candidates/{one.key}", typed).status_code == 302
    one.refresh_from_db()
    assert (one.camera_vnd, one.pole_vnd, one.cable_vnd, one.bearings, one.most_eyes) == (4_500_000, 0, None, "0 180", 2)
    assert "Có người khác" in head.post(f"/plans/candidates/{one.key}", typed).content.decode()
    wrong = head.post("/plans/candidates/add", typed | {"position": "", "pole_vnd": "rẻ"}).content.decode()
    assert "rẻ" in wrong
    assert "4,5 triệu" in wrong
    head.post(f"/plans/candidates/{one.key}/remove")
    said(head, "/plans/candidates")  # the message goes by
    assert "Cột chợ mới" not in said(head, "/plans/candidates")


def test_figures_are_changed_and_refused(head: Client) -> None:
    page = said(head, "/plans/figures")
    fields = dict(_inputs(page))
    assert head.post("/plans/figures", fields | {"camera_vnd": "5 triệu", "w_school": "9,5"}).status_code == 302
    assert (figures().camera_vnd, figures().weights.school) == (5_000_000, 9.5)
    wrong = head.post("/plans/figures", fields | {"observe": "20", "pole_vnd": ""}).content.decode()
    assert figures().pole_vnd == 4_000_000
    assert 'value="20"' in wrong
    assert "mỗi mức phải cần nhiều" in head.post("/plans/figures", fields | {"observe": "20"}).content.decode().lower()


def _inputs(page: str) -> list[tuple[str, str]]:
    import re

    return re.findall(r'<input type="text" name="([^"]+)" value="([^"]*)"', page)


def test_who_makes_plans(log_in: Callable[[User], Client]) -> None:
    small_commune()
    committee, duty = log_in(person(Role.COMMITTEE)), log_in(person(Role.DUTY))
    plan = a_plan(committee)
    committee.post(f"/plans/{plan.key}/compute")
    assert "Quyết định chọn" not in said(committee, f"/plans/{plan.key}/versions/1")
    assert committee.post(f"/plans/{plan.key}/versions/1/decide", {"decision": "1"}).status_code == 403
    assert duty.get("/plans").status_code == 403


def test_only_cameras_that_are_accepted_and_work_count(monkeypatch: pytest.MonkeyPatch, recorder: FakeRecorder) -> None:
    monkeypatch.setattr(tasks, "ports", lambda: SimpleNamespace(recorder=recorder))
    good, down, dark, fresh = (camera(name) for name in ("Tốt", "Hỏng", "Tối", "Mới"))
    eyes = [Eye.objects.get(camera=one) for one in (good, down, dark)]
    accept_as_found(chief(), {eye: hung_of(eye) for eye in eyes}, "treo từ trước", AT)
    main = [StreamState(one.key, "main", "recording") for one in (good, dark, fresh)]
    main[1] = dataclasses.replace(main[1], picture=PictureState("dark"))
    recorder.now = Status(AT, (*main, StreamState(down.key, "main", "failed"), StreamState(down.key, "sub", "recording")))
    assert tasks.counting_now() == tasks.Counting(frozenset({good.key}), frozenset({good.key, down.key, dark.key}), told=True)
    recorder.now = None
    assert tasks.counting_now().cameras == {good.key, down.key, dark.key}


def test_wishes_about_one_candidate() -> None:
    pinned = wished(ASK, "a", {"how": "pin", "bearing": ""})
    assert pinned.pinned == {"a": None}
    assert wished(pinned, "a", {"how": "forbid"}).pinned == {}


def test_a_version_is_printed_and_drawn(head: Client) -> None:
    small_commune()
    plan = a_plan(head, funding="Ngân sách xã: 5 triệu")
    head.post(f"/plans/{plan.key}/compute")
    page = said(head, f"/plans/{plan.key}/versions/1")
    base = f"/plans/{plan.key}/versions/1"
    for address in (f"{base}/map.svg", f"{base}/paper/pdf", f"{base}/paper/docx"):
        assert f'"{address}"' in page
    drawn = head.get(f"{base}/map.svg")
    assert drawn.headers["Content-Type"] == "image/svg+xml"
    picture = drawn.content.decode()
    assert [number for number in ("1", "2") if f">{number}</text>" in picture] == ["1", "2"]
    assert "Cổng chợ" in picture
    made = {form: head.get(f"{base}/paper/{form}") for form in ("pdf", "docx")}
    assert made["pdf"].content.startswith(b"%PDF")
    assert made["docx"].content.startswith(b"PK")
    assert made["docx"].headers["Content-Disposition"] == 'attachment; filename="ke-hoach-mat-camera-phuong-an-1.docx"'
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(made["pdf"].content)).pages)
    assert "ĐỀ XUẤT" in text
    head.post(f"{base}/decide", {"decision": "Nghị quyết 12, 27/11/2026"})
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(head.get(f"{base}/paper/pdf").content)).pages)
    assert "ĐỀ XUẤT" not in text
    assert "Nghị quyết 12, 27/11/2026" in text
    assert head.get(f"{base}/paper/odt").status_code == 404
    assert head.get(f"/plans/{plan.key}/versions/9/paper/pdf").status_code == 404
    assert head.get(f"/plans/{plan.key}/versions/9/map.svg").status_code == 404


def test_what_was_not_computed_is_not_printed(head: Client) -> None:
    small_commune()
    plan = a_plan(head, required=need("Bãi hoang", 350, 190).key)
    page = head.post(f"/plans/{plan.key}/compute", follow=True).content.decode()
    assert "/paper/" not in page
    assert head.get(f"/plans/{plan.key}/versions/1/paper/pdf").status_code == 404


def test_signs_of_eyes_that_hang_at_one_place_stand_apart() -> None:
    small_commune()
    eyes = [replace(EYE, order=number, bearing_deg=float(bearing)) for number, bearing in enumerate((0, 0, 5, 180), 1)]
    placed = _spread(eyes, frame_of((105.8499, 21.0299, 105.8501, 21.0301), 205, 165))
    signs = [(one.sign_x, one.sign_y) for one in placed]
    apart = [dist(one, two) for number, one in enumerate(signs) for two in signs[:number]]
    assert min(apart) > 2 * SIGN_MM
