"""The disk's page with its proposals, the morning's summary, and a connection's charts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from luytre.civic.access.models import Role, User
from luytre.civic.devices.models import Device
from luytre.civic.ports import ArchiveState
from luytre.civic.upkeep.models import CameraLoad, LinkHour, NightRate, Ticket
from luytre.civic.upkeep.morning import is_morning, since_of
from luytre.civic.upkeep.smart import Answer, Disk, Trouble, Verdict
from luytre.web.link_charts import charts
from luytre.web.views import disk
from tests.web.cast import FakeRecorder, camera, person
from tests.web.test_tickets import broken

pytestmark = pytest.mark.django_db
GB = 10**9
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
def head(log_in: Callable[[User], Client], recorder: FakeRecorder) -> Client:
    return log_in(person(Role.HEAD))


def test_the_days_kept_the_proposals_and_the_disks_own_word(
    head: Client, recorder: FakeRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "ask_disk", lambda _folder: Answer(trouble=Trouble.NO_RIGHT))
    one, _two = camera("Cổng chợ"), camera("Đình làng")
    assert recorder.now is not None
    recorder.now = replace(recorder.now, archive=ArchiveState("ok", bytes_used=400 * GB, bytes_free=405 * GB))
    assert "Đang đo từng camera" in head.get("/health/disk").content.decode()
    CameraLoad.objects.create(camera=one.key, at=timezone.now(), bytes_a_day=40 * GB, depth_days=10)
    page = head.get("/health/disk").content.decode()
    day = f"{timezone.localdate() + timedelta(days=9):%d/%m/%Y}"
    for words in ("19 ngày, trong khi cam kết 30 ngày", day, "Thêm 2,0 TB", ": đủ", "3,7 Mbit/s", "chưa có quyền hỏi ổ đĩa"):
        assert words in page, words
    recorder.now = replace(recorder.now, archive=ArchiveState("ok", bytes_used=400 * GB, bytes_free=4000 * GB))
    cache.clear()
    monkeypatch.setattr(disk, "ask_disk", lambda _folder: Answer(Disk("WD", Verdict.FAILING, 21_000, 41, 8)))
    page = head.get("/health/disk").content.decode()
    assert ("Đủ 30 ngày đã cam kết" in page, "Cách lưu được lâu hơn" in page, "báo sắp hỏng" in page) == (True, False, True)
    recorder.now = None
    assert "Máy ghi không trả lời" in head.get("/health/disk").content.decode()


def test_the_rate_by_night_is_switched_on_and_off_by_a_press(
    head: Client, log_in: Callable[[User], Client], recorder: FakeRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "ask_disk", lambda _folder: Answer(trouble=Trouble.NO_DISK))
    one = camera("Cổng chợ")
    assert recorder.now is not None
    recorder.now = replace(recorder.now, archive=ArchiveState("ok", bytes_used=400 * GB, bytes_free=405 * GB))
    CameraLoad.objects.create(camera=one.key, at=timezone.now(), bytes_a_day=40 * GB, depth_days=10)
    assert "từ 22 giờ đến 5 giờ" not in head.get("/health/disk").content.decode()  # nobody ever read the camera's device
    assert "Chưa có camera nào" in head.post("/health/disk/nights", {"on": "1"}, follow=True).content.decode()
    Device.objects.create(camera=one, read=timezone.now())
    page = head.get("/health/disk").content.decode()
    assert "Tối đa 1 Mbit/s từ 22 giờ đến 5 giờ, chương trình tự đặt vào camera (1 camera đặt được)" in page
    assert "Đặt từ đêm nay" in page
    assert log_in(person(Role.DUTY)).post("/health/disk/nights", {"on": "1"}).status_code == 403
    page = head.post("/health/disk/nights", {"on": "1"}, follow=True).content.decode()
    assert ("1 camera sẽ giảm tốc độ" in page, "đang ở mức ban ngày; từ 22 giờ còn 1000 kbit/s" in page) == (True, True)
    assert "Đặt từ đêm nay" not in page
    NightRate.objects.update(day_kbps=4096, took_kbps=1024)
    assert "đang giảm, từ 4096 xuống 1024 kbit/s" in head.get("/health/disk").content.decode()
    NightRate.objects.update(failed="lies")
    assert "sẽ đặt lại: camera báo xong, nhưng không làm" in head.get("/health/disk").content.decode()
    head.post("/health/disk/nights", {"on": "0"})
    assert NightRate.objects.get().ends


def test_the_morning_is_from_six_to_noon_and_tells_of_the_day_before() -> None:
    six = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    assert [is_morning(six + timedelta(hours=hours), ZONE) for hours in (-1, 0, 5, 6)] == [False, True, True, False]
    yesterday = six - timedelta(days=1)
    assert [since_of(six + timedelta(minutes=minutes), ZONE) for minutes in (0, 700)] == [yesterday, yesterday]
    assert since_of(six - timedelta(minutes=1), ZONE) == yesterday - timedelta(days=1)


def test_what_broke_what_is_still_open_and_what_is_over(head: Client) -> None:
    one, two, three = camera("Cổng chợ"), camera("Đình làng"), camera("Cầu bản")
    broken([one, two, three], [one, two, three])
    Ticket.objects.filter(camera=two.key).update(opened=timezone.now() - timedelta(days=5))
    Ticket.objects.filter(camera=three.key).update(state="closed", closed=timezone.now())
    page = head.get("/health/morning").content.decode()
    parts = [
        page.index(words) for words in ("Mới hỏng (1)", "Cổng chợ", "Còn phải làm (1)", "Đình làng", "Đã xong (1)", "Cầu bản")
    ]
    assert parts == sorted(parts)
    (message,) = re.findall(r"Tổ bảo vệ ANTT Thôn Đông</h3><p[^>]*>(.*?)</p>", page, re.DOTALL)
    assert re.fullmatch(r"1\. Cổng chợ: không ghi được hình từ .* \(đã \d+ phút\); cần xử lý\n2\. Đình làng: .*", message)
    Ticket.objects.all().delete()
    assert "Không có sự cố mới" in head.get("/health/morning").content.decode()


def test_a_connections_hours_are_drawn_and_told(head: Client, log_in: Callable[[User], Client]) -> None:
    now = timezone.now().replace(minute=30)
    one = camera()
    hour = now.replace(minute=0, second=0, microsecond=0)
    LinkHour.objects.create(camera=one.key, hour=hour, looks=30, well=20, reconnects=7, frames=27_000)
    LinkHour.objects.create(camera=one.key, hour=hour - timedelta(hours=167), looks=60, well=60, reconnects=1, frames=90_000)
    again, gaps, loss, jitter, minutes, fps = charts(list(LinkHour.objects.order_by("hour")), now)
    assert [(bar.x, bar.height) for bar in again.bars] == [(0, "4.6"), (167, "32.0")]
    assert (gaps.bars, gaps.told, minutes.told) == ((), "bảy ngày qua không có", "bảy ngày qua 10 phút")
    assert fps.told == "trung bình bảy ngày 21,7"
    assert (loss.told, jitter.told) == ("camera này truyền theo cách không đo được",) * 2
    LinkHour.objects.filter(hour=hour).update(
        packets=1_000_000, packets_lost=3_104, jitter_looks=10, jitter_sum_ms=31.0, jitter_most_ms=57.3
    )
    _, _, loss, jitter, *_rest = charts(list(LinkHour.objects.order_by("hour")), now)
    at = f"{timezone.localtime(hour):%H:00 %d/%m/%Y}"
    assert loss.told == f"bảy ngày qua mất 3.104 gói, nhiều nhất trong giờ từ {at}: 3,1 phần nghìn"
    assert jitter.told == f"trung bình bảy ngày 3,1 ms, cao nhất 57 ms trong giờ từ {at}"
    assert ([bar.height for bar in loss.bars], [bar.height for bar in jitter.bars]) == (["32.0"], ["9.9"])
    assert charts([], now) == []
    page = head.get(f"/cameras/{one.key}/health").content.decode()
    assert ("Đường truyền theo từng giờ" in page, page.count("link-chart")) == (True, 6)
