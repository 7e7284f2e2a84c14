"""What is true of all pages: the security headers, no secret anywhere, states in words."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from luytre.civic.access.assignments import NAMED_CAMERAS, Wanted
from luytre.civic.access.models import Role, User
from luytre.civic.access.permissions import PERMISSIONS
from luytre.civic.ports import Alarm, ArchiveState, Status, StreamState
from luytre.civic.registry.address import parse_address
from luytre.civic.registry.grants import assign_place
from luytre.civic.regulations.approval import approve, begin_draft, write_draft
from luytre.civic.regulations.proposal import PROPOSAL
from luytre.civic.regulations.rules import Actor, Hours, Right, Way
from tests.web.cast import CAMERA_PASSWORD, EARLY, PASSWORD, FakeRecorder, camera, chief, person, viewer_of
from tests.web.test_permissions import address

pytestmark = pytest.mark.django_db
SINCE = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)


def policy(response: object) -> dict[str, list[str]]:
    header = response.headers["Content-Security-Policy"]  # type: ignore[attr-defined]
    return {words[0]: words[1:] for part in header.split(";") if (words := part.split())}


@pytest.mark.parametrize("path", ["/login", "/wall", "/cameras/add", "/playback", "/no-such-page"])
def test_the_policy_lets_scripts_come_from_here_alone_and_pictures_from_the_recorder(
    log_in: Callable[[User], Client], recorder: FakeRecorder, path: str
) -> None:
    response = log_in(chief()).get(path)
    found = policy(response)
    assert found["script-src"] == ["'self'"]
    assert found["style-src"] == ["'self'"]
    assert found["default-src"] == found["object-src"] == found["frame-ancestors"] == found["base-uri"] == ["'none'"]
    assert "http://testserver:8081" in found["connect-src"]
    assert "ws://testserver:8081" in found["connect-src"]
    assert "http://testserver:8081" in found["media-src"]
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_no_page_has_an_inline_script_style_or_handler(log_in: Callable[[User], Client], recorder: FakeRecorder) -> None:
    one, client = camera(), log_in(chief())
    for route in PERMISSIONS:
        answer = client.get(address(route, one.key))
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue  # a paper, a sheet, JSON
        page = answer.content.decode()
        for script in re.findall(r"<script\b[^>]*>", page):
            assert "src=" in script or 'type="application/json"' in script, (route, script)
        assert not re.search(r"<[^>]+\s(?:style|on\w+)=", page), route
        assert "<style" not in page


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_secret_is_in_any_page_answer_or_log(
    log_in: Callable[..., Client], recorder: FakeRecorder, caplog: pytest.LogCaptureFixture, language: str
) -> None:
    caplog.set_level(logging.DEBUG)
    one = camera(main=parse_address("rtsp://10.0.0.5/x?password=Hidden77"))
    client = log_in(chief(), language)
    seen = caplog.text
    for route in PERMISSIONS:
        for method in (client.get, client.post):
            if route in ("account_logout", "camera_remove", "camera_switch"):
                continue
            response = method(address(route, one.key))
            seen += response.content.decode() + str(response.headers)
    form = {"name": "x", "main_url": f"rtsp://a:{CAMERA_PASSWORD}@10.0.0.9/x", "username": "", "password": CAMERA_PASSWORD}
    for path in ("/cameras/add", f"/cameras/{one.key}/edit", "/cameras/try"):
        for headers in ({}, {"HX-Request": "true"}):
            bad = client.post(path, form | {"retention_days": "many"}, headers=headers)
            seen += bad.content.decode() + client.post(path, form, headers=headers).content.decode()
    seen += "".join(client.get(path).content.decode() for path in ("/cameras", "/health", "/wall")) + caplog.text
    assert CAMERA_PASSWORD not in seen
    assert "Hidden77" not in seen


def test_health_tells_what_is_down_since_when_and_what_to_do(log_in: Callable[[User], Client], recorder: FakeRecorder) -> None:
    well, down, off = camera("Tốt"), camera("Hỏng"), camera("Nghỉ")
    off.enabled = False
    off.save()
    recorder.now = Status(
        at=SINCE,
        streams=(
            StreamState(well.key, "main", "recording", codec="avc1.640028", width_px=1920, height_px=1080, fps=25),
            StreamState(down.key, "main", "failed", problem="wrong_password", since=SINCE),
        ),
        archive=ArchiveState("ok", bytes_used=1_500_000_000_000, bytes_free=2 * 10**12, days_left=12.7, oldest=SINCE),
        alarms=(Alarm("disk", "ổ đĩa chậm", SINCE),),
    )
    page = log_in(person(Role.DUTY)).get("/health").content.decode()
    assert "1 trên 2 camera đang hỏng" in page
    assert page.index("Hỏng") < page.index("Tốt") < page.index("Nghỉ")
    assert "Camera không chấp nhận tên đăng nhập hoặc mật khẩu · từ 24/11/2026 14:05" in page
    assert "chỉ thử lại mỗi phút một lần" in page
    assert "1,5 TB hình đã ghi, còn trống 2,0 TB" in page
    assert "đầy sau 12 ngày" in page
    assert "H.264 1920×1080</span>" in page
    assert "25 hình mỗi giây" in page
    assert "Ổ đĩa chậm" in page


def test_health_of_a_viewer_is_of_the_viewers_cameras(log_in: Callable[[User], Client], recorder: FakeRecorder) -> None:
    camera("Của người khác")
    page = log_in(person(Role.SECURITY_TEAM)).get("/health").content.decode()
    assert "Của người khác" not in page


@pytest.mark.parametrize("state", ["full", "held", "read_only", "missing", "failed", "of a later version"])
def test_each_state_of_the_disk_has_words(log_in: Callable[[User], Client], recorder: FakeRecorder, state: str) -> None:
    recorder.now = Status(at=SINCE, archive=ArchiveState(state))
    page = log_in(person(Role.DUTY)).get("/health/now").content.decode()
    assert "không ghi được hình" in page or "Chưa có thông tin về ổ đĩa" in page


def test_pages_stand_while_the_recorder_is_down(log_in: Callable[[User], Client], recorder: FakeRecorder) -> None:
    recorder.now = None
    one = camera()
    client = log_in(chief())
    for path in ("/wall", "/cameras", "/health", "/health/now", "/playback", f"/cameras/{one.key}"):
        assert client.get(path).status_code == 200
    assert "Máy ghi không trả lời" in client.get("/health").content.decode()
    assert client.post(f"/cameras/{one.key}/switch").status_code == 302


def test_the_screens_get_their_words_and_addresses_as_json(log_in: Callable[[User], Client], recorder: FakeRecorder) -> None:
    one = camera()
    page = log_in(person(Role.DUTY)).get(f"/playback?camera={one.key}").content.decode()
    screen = json.loads(re.search(r'<script id="screen" type="application/json">(.*?)</script>', page, re.DOTALL)[1])  # type: ignore[index]
    assert screen["chosen"] == [one.key]
    assert screen["bookmarksUrl"] == reverse("bookmarks")
    assert screen["recorderUrl"] == "http://testserver:8081"
    assert screen["tokenUrl"] == reverse("media_token")
    assert screen["timeZone"] == "Asia/Ho_Chi_Minh"
    assert screen["words"]["gaps"]["disk_full"] == "ổ đĩa đầy"
    assert screen["words"]["problems"]["frozen"]["cause"].startswith("hình ngừng gửi")
    assert "token" not in screen


def test_playback_shows_the_cameras_asked_for_and_says_which_were_left_out(
    log_in: Callable[[User], Client], recorder: FakeRecorder
) -> None:
    keys = [camera(f"Camera {number}").key for number in range(11)]
    client = log_in(person(Role.DUTY))
    for asked, shown, told in (
        ("", keys[:1], False),
        (f"camera={keys[3]}", [keys[3]], False),
        (f"cameras={keys[4]},{keys[2]},{keys[4]}", [keys[4], keys[2]], False),
        (f"cameras={keys[4]},nothere,<b>", [keys[4]], True),
        (f"cameras={','.join(reversed(keys))}", keys[:1:-1], False),
    ):
        answer = client.get(f"/playback?{asked}")
        assert answer.context["screen"]["chosen"] == shown
        assert ("nên đã bỏ qua" in answer.content.decode()) is told
    assert "Không có camera này" in client.get("/playback?cameras=nothere,neither").content.decode()


def test_a_camera_that_is_not_there_is_told(log_in: Callable[[User], Client], recorder: FakeRecorder) -> None:
    camera()
    client = log_in(person(Role.DUTY))
    assert "Không có camera này" in client.get("/playback?camera=nothere").content.decode()
    assert client.get("/cameras/nothere").status_code == 404


@pytest.mark.parametrize(
    ("host", "origin"),
    [("localhost:8080", "http://localhost:8081"), ("[::1]:8080", "http://[::1]:8081"), ("127.0.0.1", "http://127.0.0.1:8081")],
)
def test_the_recorder_is_where_the_page_is(
    log_in: Callable[[User], Client], recorder: FakeRecorder, settings: object, host: str, origin: str
) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]  # type: ignore[attr-defined]
    camera()
    response = log_in(person(Role.DUTY)).get("/wall", headers={"Host": host})
    assert origin in policy(response)["connect-src"]
    assert json.dumps(origin)[1:-1] in response.content.decode()


def test_a_strange_host_is_refused_in_words(client: Client, settings: object) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]  # type: ignore[attr-defined]
    assert client.get("/login", headers={"Host": "evil.example"}).status_code == 400


def test_what_breaks_shows_a_page_of_its_own(
    log_in: Callable[[User], Client], recorder: FakeRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = log_in(person(Role.DUTY))
    client.raise_request_exception = False
    monkeypatch.setattr("luytre.web.views.health.ask_status", lambda: 1 / 0)
    response = client.get("/health")
    assert response.status_code == 500
    assert "Máy này gặp lỗi" in response.content.decode()


def test_static_files_are_ours(client: Client) -> None:
    mark = Path(__file__).parents[2] / "src/luytre/web/static/mark.svg"
    response = client.get("/static/mark.svg")
    assert b"".join(response) == mark.read_bytes()  # type: ignore[arg-type]


def test_who_may_not_watch_at_this_hour_is_told_so(log_in: Callable[[User], Client]) -> None:
    """Not that nobody has given a camera: the regulation gives the hours."""
    one, here = camera(), timezone.localtime()
    minute = here.hour * 60 + here.minute
    later = Hours((minute + 120) % 1440, (minute + 240) % 1440)
    by = chief("head")
    begin_draft(by, here, from_proposal=True)
    others = tuple(right for right in PROPOSAL.rights if right.role is not Actor.SECURITY_TEAM)
    team = Right(Actor.SECURITY_TEAM, Way.LIVE, (later,))
    write_draft(by, replace(PROPOSAL, rights=(*others, team)), 1, here)
    approve(by, 2, None, here)
    page = log_in(viewer_of(one)).get("/wall").content.decode()
    assert f"được xem trong giờ {later}" in page
    assert "chưa giao cho bạn camera nào" not in page
    nobody = User.objects.create_user("none", PASSWORD)
    assign_place(None, nobody, Wanted(Role.OWNER, NAMED_CAMERAS, first_day=EARLY), set(), here)
    assert "chưa giao cho bạn camera nào" in log_in(nobody).get("/wall").content.decode()
