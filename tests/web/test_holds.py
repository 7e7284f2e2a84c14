"""The pages of footage on hold: setting, reading, renewing, lifting; what is told before it is too late."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from luytre.base.clock import FakeClock, from_datetime
from luytre.civic.access.models import Role, User
from luytre.civic.ports import ArchiveState, DayKept, Status
from luytre.civic.registry.cameras import archive_camera
from luytre.civic.registry.config import recorder_config
from luytre.civic.registry.holds import all_holds, hold_of, lift_hold
from luytre.civic.registry.models import Camera, HoldStep
from tests.web.cast import FakeRecorder, camera, hold, person, viewer_of

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


@pytest.fixture
def head(log_in: LogIn, recorder: FakeRecorder) -> Client:
    return log_in(person(Role.HEAD))


def typed(of: list[Camera], **changes: object) -> dict[str, object]:
    last_day = timezone.localdate() + timedelta(days=30)
    return {
        "cameras": [one.key for one in of], "start": "21h30 tối qua", "end": "22h15", "reference": "12/VV",
        "reason": "mất xe máy", "last_day": last_day.isoformat(),
    } | changes  # fmt: skip


def test_a_hold_is_set_read_and_told_to_the_recorder(head: Client, recorder: FakeRecorder) -> None:
    one, two = camera("Chợ"), camera("Cổng")
    answer = head.post("/holds/new", typed([one, two]))
    (made,) = all_holds()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/holds/{made.key}")
    assert recorder.refreshed == 1
    start, end = (timezone.localtime(moment) for moment in (made.spans[0].start, made.spans[0].end))
    assert (start.date(), f"{start:%H:%M}–{end:%H:%M}") == (timezone.localdate() - timedelta(days=1), "21:30–22:15")
    assert {span.camera for span in made.spans} == {one.key, two.key}
    recorder.kept[one.key] = (DayKept(start.date(), 2700.0, 0, 0.0, 1_500_000_000),)
    recorder.kept[two.key] = (DayKept(start.date(), 600.0, 0, 0.0, 300_000_000),)
    assert recorder.now is not None
    recorder.now = dataclasses.replace(recorder.now, archive=ArchiveState("ok", holds=frozenset({made.spans[0].key})))
    page = head.get(f"/holds/{made.key}").content.decode()
    for words in ("Hình giữ cho 12/VV", "mất xe máy", "còn đủ (1,5 GB)", "10 phút trong 45 phút (300 MB)"):
        assert words in page, words
    assert (page.count("máy ghi đang giữ"), page.count("máy ghi chưa nhận")) == (1, 1)
    recorder.kept.clear()
    gone = head.get(f"/holds/{made.key}").content.decode()
    assert (gone.count("không còn hình nào"), gone.count("máy ghi đang giữ")) == (2, 0)
    assert f"/playback?cameras={one.key}&amp;at={int(start.timestamp())}" in page
    listed = head.get("/holds").content.decode()
    assert "Chợ, Cổng" in listed
    assert made.key in listed


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(head: Client, recorder: FakeRecorder) -> None:
    one = camera("Chợ")
    answer = head.post(
        "/holds/new", typed([one], start="hôm nào đó", reason="lý do <b>dài</b>", reference=" ", last_day="2020-01-01")
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    for field, words in (("start", "Không hiểu giờ này"), ("reference", "Trường này bắt buộc|bắt buộc")):
        said = re.search(rf'id="err-{field}" role="alert">([^<]*)', page)
        assert said is not None
        assert re.search(words, said[1]), (field, said[1])
    assert "lý do &lt;b&gt;dài&lt;/b&gt;" in page
    assert 'value="hôm nào đó"' in page
    assert re.search(rf'value="{one.key}" checked', page)
    late = head.post("/holds/new", typed([], last_day=(timezone.localdate() + timedelta(days=91)).isoformat())).content.decode()
    assert "Nhiều nhất 90 ngày kể từ hôm nay; cần lâu hơn thì gia hạn sau." in late
    assert "Hãy chọn ít nhất một camera." in late
    assert not HoldStep.objects.exists()
    assert recorder.refreshed == 0


def test_the_form_comes_filled_from_playback(head: Client) -> None:
    one, other = camera("Chợ"), camera("Cổng")
    start = datetime(2026, 11, 24, 14, 30, 5, 400_000, tzinfo=UTC)
    query = f"cameras={one.key},khong-co&from={start.timestamp()}&to={start.timestamp() + 60}&reference=12/VV"
    page = head.get(f"/holds/new?{query}").content.decode()
    for value in ("24/11/2026 21:30:05", "24/11/2026 21:31:05", "12/VV"):
        assert f'value="{value}"' in page
    assert re.search(rf'value="{one.key}" checked', page)
    assert not re.search(rf'value="{other.key}" checked', page)
    for nonsense in ("from=nan&to=inf", "from=1e400&to=-5", "from=&to=x", "cameras=,,&reference=%00"):
        assert head.get(f"/holds/new?{nonsense}").status_code == 200, nonsense
    ahead = head.get("/holds/new?to=99999999999").content.decode()
    assert f"{timezone.localtime():%d/%m/%Y}" in ahead


def test_renewed_and_lifted_on_its_page(head: Client, recorder: FakeRecorder) -> None:
    made = hold([camera()], days=3, by=User.objects.get(username="head"))
    assert "Còn 3 ngày" in head.get(f"/holds/{made.key}").content.decode()
    earlier = {"last_day": timezone.localdate().isoformat(), "reason": "x"}
    refused = head.post(f"/holds/{made.key}/renew", earlier)
    assert refused.status_code == 422
    assert "hãy chọn ngày muộn hơn" in refused.content.decode()
    day = timezone.localdate() + timedelta(days=60)
    assert head.post(f"/holds/{made.key}/renew", {"last_day": day.isoformat(), "reason": "chờ xét xử"}).status_code == 302
    assert all_holds()[0].last_day == day
    empty = head.post(f"/holds/{made.key}/lift", {"why": " "})
    assert empty.status_code == 422
    assert head.post(f"/holds/{made.key}/lift", {"why": "đã xử xong"}).status_code == 302
    assert recorder.refreshed == 2
    page = head.get(f"/holds/{made.key}").content.decode()
    for words in ("Đã bỏ giữ", "đã xử xong", "chờ xét xử", "mất xe máy", "dòng 3"):
        assert words in page, words
    assert "hold_lift" not in page
    again = head.post(f"/holds/{made.key}/lift", {"why": "lần nữa"})
    assert again.status_code == 422
    assert "đã được bỏ" not in head.get("/holds").content.decode()
    assert HoldStep.objects.count() == 3


def test_a_recorder_that_is_down_is_told(head: Client, recorder: FakeRecorder) -> None:
    recorder.now = None
    answer = head.post("/holds/new", typed([camera()]), follow=True)
    page = answer.content.decode()
    assert "Máy ghi chưa trả lời" in page
    assert "chưa biết: máy ghi không trả lời" in page
    assert all_holds()[0].holds(timezone.now())


def test_who_may_what(log_in: LogIn, recorder: FakeRecorder) -> None:
    mine, other = camera("Chợ"), camera("Nhà kho")
    duty = log_in(viewer_of(mine, history=True, role=Role.DUTY))
    both, foreign = hold([mine, other]), hold([other], reference="99/VV")
    page = duty.get("/holds").content.decode()
    assert both.key in page
    assert foreign.key not in page
    assert "Nhà kho" not in page
    assert "1 camera ngoài phạm vi" in page
    assert duty.get(f"/holds/{foreign.key}").status_code == 404
    detail = duty.get(f"/holds/{both.key}").content.decode()
    assert "Nhà kho" not in detail
    assert "hãy báo Trưởng Công an xã" in detail
    assert duty.post(f"/holds/{both.key}/lift", {"why": "x"}).status_code == 422
    assert duty.post(f"/holds/{foreign.key}/lift", {"why": "x"}).status_code == 404
    assert duty.post("/holds/new", typed([other])).status_code == 422
    auditor = log_in(person(Role.AUDITOR))
    page = auditor.get("/holds?state=all").content.decode()
    assert "Nhà kho" in page
    assert "/holds/new" not in page
    detail = auditor.get(f"/holds/{foreign.key}").content.decode()
    assert "Nhà kho" in detail
    assert "/playback?" not in detail
    assert auditor.post(f"/holds/{foreign.key}/lift", {"why": "x"}).status_code == 403
    assert {one.state(timezone.now()) for one in all_holds()} == {"in_force"}
    assert "/holds?state=all" in auditor.get("/audit").content.decode()


def test_the_list_is_filtered_by_its_address(head: Client) -> None:
    one, two = camera("Chợ"), camera("Cổng")
    now = timezone.now()
    by = User.objects.get(username="head")
    kept, ending = hold([one], by=by, reference="1/VV"), hold([two], by=by, days=2, reference="2/VV", reason="Đánh nhau")
    old = hold([one], now - timedelta(days=40), by=by, reference="3/VV")
    gone = hold([one, two], by=by, reference="4/VV")
    lift_hold(by, gone, "nhầm", now)
    for query, found in (
        ("", {kept, ending}), ("state=ending", {ending}), ("state=lapsed", {old}), ("state=lifted", {gone}),
        ("state=all", {kept, ending, old, gone}), (f"state=all&camera={two.key}", {ending, gone}), ("q=danh+nhau", {ending}),
        ("state=all&q=nham", {gone}), ("state=khac&q=4/VV", set()), ("q=%00", set()),
    ):  # fmt: skip
        shown = {line.hold.key for line in head.get(f"/holds?{query}").context["lines"]}
        assert shown == {item.key for item in found}, query


def test_a_long_list_has_pages_that_keep_the_filter(head: Client) -> None:
    one, by = camera(), User.objects.get(username="head")
    for number in range(53):
        hold([one], by=by, reference=f"{number}/VV", reason="mất xe" if number else "đánh nhau")
    first = head.get("/holds?q=mat+xe")
    assert [len(first.context["lines"]), first.context["lines"][0].hold.first.reference] == [50, "52/VV"]
    assert 'rel="next" href="?q=mat+xe&amp;page=2"' in first.content.decode()
    rest = head.get("/holds?q=mat+xe&page=2").context["lines"]
    assert [line.hold.first.reference for line in rest] == ["2/VV", "1/VV"]
    for nonsense in ("page=0", "page=x", "page=999999999999999999999"):
        assert head.get(f"/holds?{nonsense}").status_code == 200


def test_the_sheet_has_every_step_and_span_that_the_person_may_know(log_in: LogIn, recorder: FakeRecorder) -> None:
    mine, other = camera("=Chợ"), camera("Nhà kho")
    made = hold([mine, other], reference="12/VV")
    hold([other], reference="99/VV")
    lift_hold(User.objects.get(username="holder"), made, "+xong", timezone.now())

    def rows(user: User, query: str) -> list[tuple[object, ...]]:
        answer = log_in(user).get(f"/holds/sheet?{query}")
        assert "hinh-duoc-giu-" in answer.headers["Content-Disposition"]
        return list(openpyxl.load_workbook(BytesIO(answer.content)).active.iter_rows(min_row=2, values_only=True))

    duty = viewer_of(mine, history=True, role=Role.DUTY)
    assert [row[:2] + row[3:4] + row[5:9] for row in rows(duty, "state=all")] == [
        ("12/VV", "đã bỏ giữ", 1, "bắt đầu giữ", "mất xe máy", "holder", None),
        ("12/VV", "đã bỏ giữ", 3, "bỏ giữ", "'+xong", "holder", None),
        ("12/VV", "đã bỏ giữ", 1, None, None, None, "'=Chợ"),
    ]
    assert rows(duty, "") == []
    assert {row[0] for row in rows(person(Role.AUDITOR), "")} == {"99/VV"}
    assert len(rows(User.objects.get(username="auditor"), "state=all")) == 6


def test_what_ends_soon_is_told_on_the_wall_and_on_health_to_who_may_renew(log_in: LogIn, recorder: FakeRecorder) -> None:
    one = camera()
    made = hold([one], days=3, reference="12/VV")
    hold([one], days=30, reference="13/VV")
    duty = log_in(person(Role.DUTY))
    said = duty.get("/holds/due").content.decode()
    assert "12/VV" in said
    assert "13/VV" not in said
    assert f"{made.last_day:%d/%m/%Y}" in said
    for path in ("/wall", "/health"):
        assert 'hx-get="/holds/due"' in duty.get(path).content.decode()
    assert "12/VV" in duty.get("/holds").content.decode()
    team = log_in(viewer_of(one))
    assert "/holds/due" not in team.get("/wall").content.decode()
    assert team.get("/holds/due").status_code == 403
    lift_hold(User.objects.get(username="holder"), made, "xong", timezone.now())
    assert duty.get("/holds/due").content.decode().strip() == ""


def test_a_disk_that_held_footage_fills_is_told_with_what_to_do(log_in: LogIn, recorder: FakeRecorder) -> None:
    camera()
    recorder.now = Status(at=timezone.now(), archive=ArchiveState("held"))
    head = log_in(person(Role.HEAD))
    for path in ("/health", "/holds"):
        page = head.get(path).content.decode()
        assert "Hình được giữ đã chiếm hết ổ đĩa" in page, path
        assert "bỏ giữ các lượt của vụ việc đã xong" in page
    assert 'text-decoration-underline" href="/holds"' in head.get("/health").content.decode()
    admin = log_in(person(Role.ADMINISTRATOR)).get("/health").content.decode()
    assert "Trưởng Công an xã hoặc trực ban làm được việc này." in admin
    recorder.now = Status(at=timezone.now(), archive=ArchiveState("full"))
    assert "Hình được giữ đã chiếm hết" not in head.get("/holds").content.decode()


def test_retention_passes_by_what_the_page_holds_until_it_ends(head: Client, recorder: FakeRecorder, tmp_path: Path) -> None:
    """Page → the recorder's list → the archive's own retention, all of them the real ones; only the clock is ours."""
    from luytre.media.recorder.cameras import parse_list
    from tests.media.archive.helpers import Camera as Recorded
    from tests.media.archive.helpers import open_archive, record

    one = camera()
    clock = FakeClock(from_datetime(timezone.now() - timedelta(hours=2)))
    archive = open_archive(tmp_path, clock, clock_trust_s=0.0)
    lane = Recorded(archive.writer(one.key), clock)
    lane.begin()
    record(archive, lane, 13)
    lane.end()
    archive.set_policy(one.key, "main", 1.0, None)
    start, end = (timezone.localtime() - timedelta(hours=hours) for hours in (3, 0.1))
    spoken = {"start": f"{start:%d/%m/%Y %H:%M:%S}", "end": f"{end:%d/%m/%Y %H:%M:%S}"}
    head.post("/holds/new", typed([one], last_day=(timezone.localdate() + timedelta(days=5)).isoformat(), **spoken))

    def pass_days(days: float) -> int:
        clock.advance(days * 86_400)
        at = datetime.fromtimestamp(clock.utc_90k() / 90_000, UTC)
        listed = parse_list(json.dumps(recorder_config(at)).encode())
        archive.sync_holds(listed_holds(listed.holds))
        for _ in range(10):
            clock.advance(11)
            archive.run_pending()
        return len(archive.erased())

    assert pass_days(4) == 0, "held"
    assert pass_days(3) == 1, "its last day is over"
    assert archive.erased()[0].camera == one.key
    archive.close()


def listed_holds(holds: object) -> list[object]:
    from luytre.media.archive import Hold

    return [Hold(one.id, one.camera, one.from_utc_90k, one.to_utc_90k, one.reason) for one in holds]  # type: ignore[attr-defined]


def test_a_camera_out_of_use_is_named_and_leads_to_no_playback(head: Client, recorder: FakeRecorder) -> None:
    one, gone = camera("Chợ"), camera("Bến đò cũ")
    made = hold([one, gone], by=User.objects.get(username="head"))
    archive_camera(gone)
    page = head.get(f"/holds/{made.key}").content.decode()
    assert "Bến đò cũ" in page
    assert (f"/playback?cameras={one.key}" in page, f"/playback?cameras={gone.key}" in page) == (True, False)
    assert "đã ngừng sử dụng" in head.get("/holds/new").content.decode()


def test_outside_the_hours_of_looking_back_the_list_does_not_say_that_nothing_is_held(
    log_in: LogIn, recorder: FakeRecorder
) -> None:
    hold([camera()])
    duty = person(Role.DUTY)
    duty.assignments.update(ways="live")
    page = log_in(duty).get("/holds").content.decode()
    assert "Lúc này không có camera nào trong phạm vi được giao" in page
    assert "Chưa có hình nào được giữ" not in page


def test_a_key_that_nobody_made_is_no_hold(head: Client) -> None:
    assert hold_of("khong-co") is None
    for path in ("/holds/khongco", "/holds/khong-co", "/holds/%00", "/holds/" + "x" * 300):
        assert head.get(path).status_code == 404
    assert head.post("/holds/khong-co/renew", {}).status_code == 404
