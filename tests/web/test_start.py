"""The first run and the settings: what is typed is kept, what a shorter retention erases is told first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from luytre.civic.access.models import Role, User
from luytre.civic.ports import ArchiveState, DayKept, Status
from luytre.civic.registry.commune import add_hamlets, days_that_fit
from luytre.civic.registry.models import Commune, Hamlet
from luytre.civic.registry.order import hamlets_in_order
from luytre.civic.regulations.approval import approve, begin_draft
from tests.web.cast import FakeRecorder, camera, chief, person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def admin(log_in: Callable[[User], Client]) -> Client:
    return log_in(chief())


def hamlets() -> list[str]:
    return [hamlet.name for hamlet in hamlets_in_order(Hamlet.objects.all())]


def test_from_nothing_to_the_first_camera(admin: Client, recorder: FakeRecorder) -> None:
    room_bytes = 35 * 500_000 * 86_400 * 30
    recorder.now = Status(at=NOW, archive=ArchiveState("ok", bytes_used=1, bytes_free=room_bytes - 1 + 5 * 1024**3))
    assert admin.get("/").headers["Location"] == "/start"
    assert admin.get("/start").context["step"] == "commune"
    bad = admin.post("/start", {"step": "commune", "name": " ", "hamlets": "Thôn Đông"})
    assert (bad.status_code, Commune.objects.count()) == (422, 0)
    assert "Thôn Đông</textarea>" in bad.content.decode()
    asked = {"step": "commune", "name": "Xã Đông Phú", "hamlets": "1. Thôn Đoài\n\n- Thôn Bắc\n  thôn  đoài \n"}
    assert admin.post("/start", asked).headers["Location"] == "/start?step=disk"
    assert hamlets() == ["Thôn Đoài", "Thôn Bắc"]
    page = admin.get("/start").content.decode()
    assert "Với 35 camera 4 Mbit/s thì được 30 ngày" in page
    assert "10 camera: 105 ngày" in admin.get("/start?step=disk&count=10").content.decode()
    assert admin.post("/start", {"step": "disk", "days": "0"}).status_code == 422
    admin.post("/start", {"step": "disk", "days": "25"})
    assert Commune.here().retention_days == 25
    assert admin.get("/start").context["step"] == "cameras"
    saved = admin.post("/cameras/add", {"name": "Cổng chợ", "main_url": "rtsp://10.0.0.5/a"})
    assert saved.headers["Location"] == "/start"
    done = admin.get("/start")
    assert done.context["step"] == "done"
    assert [one["name"] for one in done.context["screen"]["cameras"]] == ["Cổng chợ"]
    assert admin.get("/").headers["Location"] == "/wall"
    assert admin.post("/cameras/add", {"name": "Hai", "main_url": "rtsp://10.0.0.5/b"}).headers["Location"] == "/cameras"


def test_it_may_be_left_and_taken_up_again(admin: Client, recorder: FakeRecorder) -> None:
    admin.post("/start", {"step": "commune", "name": "Xã Đông Phú"})
    assert admin.post("/start/leave").headers["Location"] == "/wall"
    assert admin.get("/").headers["Location"] == "/wall"
    assert admin.get("/start").context["step"] == "disk"


def test_nobody_else_is_led_to_it(log_in: Callable[[User], Client], recorder: FakeRecorder) -> None:
    operator = log_in(person(Role.DUTY))
    assert operator.get("/").headers["Location"] == "/wall"
    assert operator.get("/start").status_code == 403


def test_without_the_recorder_the_guide_goes_on(admin: Client, recorder: FakeRecorder) -> None:
    recorder.now = None
    assert "chưa biết đĩa chứa được bao nhiêu" in admin.get("/start?step=disk").content.decode()


def test_days_that_fit() -> None:
    assert days_that_fit(86_400 * 500_000, 1) == 1
    assert days_that_fit(-5, 3) == 0
    assert days_that_fit(1, 0) == float("inf")


def test_fewer_days_tell_what_goes_before_they_hold(admin: Client, recorder: FakeRecorder) -> None:
    one, own = camera("Cổng chợ"), camera("Riêng", retention_days=90)
    old = timezone.localdate() - timedelta(days=25)
    recorder.kept = {key: (DayKept(old, 86_400.0, 0, 0.0, 43_000_000_000),) for key in (one.key, own.key)}
    form = {"what": "commune", "name": "Xã Đông Phú", "days": "20"}
    asked = admin.post("/settings", form)
    assert Commune.here().retention_days == 30
    page = asked.content.decode()
    assert "Chỉ giữ 20 ngày?" in page
    assert "của 1 camera sẽ bị xóa" in page
    assert "43,0 GB" in page
    assert 'value="Xã Đông Phú"' in page
    assert admin.post("/settings", form | {"sure": "25"}).status_code == 422
    assert admin.post("/settings", form | {"sure": "20"}).headers["Location"] == "/settings"
    assert Commune.here().retention_days == 20
    assert admin.post("/settings", form | {"days": "40"}).status_code == 302
    recorder.now = None
    assert "chưa tính được" in admin.post("/settings", form).content.decode()


def test_days_are_the_regulations_once_one_is_in_force(admin: Client, recorder: FakeRecorder) -> None:
    one, head = camera("Cổng chợ", retention_days=90), User.objects.create_user("truong")
    begin_draft(head, timezone.now(), from_proposal=True)
    approve(head, 1, None, timezone.now())
    assert "Quy chế sử dụng đang có hiệu lực quy định" in admin.get("/settings").content.decode()
    assert admin.post("/settings", {"what": "commune", "name": "Xã Đông Phú", "days": "3"}).status_code == 302
    assert Commune.here().retention_days == 30
    form = admin.get(f"/cameras/{one.key}/edit").content.decode()
    assert "Để trống: 15 ngày, theo quy chế sử dụng" in form


def test_hamlets_are_renamed_ordered_and_removed_when_unused(admin: Client, recorder: FakeRecorder) -> None:
    add_hamlets("Thôn Đoài\nThôn Bắc\nThôn Nam")
    used, north, south = (Hamlet.objects.get(name=name) for name in ("Thôn Đoài", "Thôn Bắc", "Thôn Nam"))
    camera(hamlet="Thôn Đoài")
    form = {"what": "hamlets", "more": "Thôn Tây"}
    names = {f"name-{used.pk}": "Thôn Đoài", f"name-{north.pk}": "Thôn Đoài", f"name-{south.pk}": "Thôn Nam"}
    bad = admin.post("/settings", form | names | {f"remove-{used.pk}": "on", f"remove-{south.pk}": "on"})
    assert bad.status_code == 422
    assert hamlets() == ["Thôn Đoài", "Thôn Bắc", "Thôn Nam"]
    assert "không xóa được" in bad.content.decode()
    assert "Đã có thôn khác mang tên này" in bad.content.decode()
    good = names | {
        f"name-{north.pk}": "Thôn Thượng",
        f"order-{used.pk}": "9",
        f"order-{north.pk}": "1",
        f"remove-{south.pk}": "on",
    }
    assert admin.post("/settings", form | good).status_code == 302
    assert hamlets() == ["Thôn Thượng", "Thôn Đoài", "Thôn Tây"]
