"""Adding, testing, changing and removing cameras, with everything people type wrongly."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from luytre.base.errors import PROBLEM_WORDS, Problem
from luytre.civic.access.models import Role, User
from luytre.civic.ports import ProbeAnswer
from luytre.civic.registry.models import Camera
from tests.web.cast import CAMERA_PASSWORD, FakeRecorder, camera, chief, person, viewer_of

pytestmark = pytest.mark.django_db
FORM = {
    "name": "Cổng chợ", "hamlet": "Thôn Đông", "main_url": "rtsp://10.0.0.5:554/main", "username": "viewer",
    "password": CAMERA_PASSWORD, "sub_url": "rtsp://10.0.0.5:554/sub", "retention_days": "20",
}  # fmt: skip
HTMX = {"HX-Request": "true"}


@pytest.fixture
def admin(log_in: Callable[[User], Client]) -> Client:
    return log_in(chief())


def test_the_first_page_leads_to_the_first_camera(admin: Client, recorder: FakeRecorder) -> None:
    assert admin.get("/").headers["Location"] == "/start"
    admin.post("/start/leave")
    assert admin.get("/").headers["Location"] == "/wall"
    page = admin.get("/wall").content.decode()
    assert "Chưa có camera nào" in page
    assert 'href="/cameras/add"' in page


def test_a_viewer_is_told_whom_to_ask(log_in: Callable[[User], Client], recorder: FakeRecorder) -> None:
    page = log_in(person(Role.SECURITY_TEAM)).get("/wall").content.decode()
    assert "chưa giao cho bạn camera nào" in page
    assert "/cameras/add" not in page


def test_a_camera_is_added_with_its_secrets_sealed(admin: Client, recorder: FakeRecorder) -> None:
    response = admin.post("/cameras/add", FORM)
    assert response.headers["Location"] == "/cameras"
    assert "Đã thêm camera “Cổng chợ”" in admin.get("/cameras").content.decode()
    saved = Camera.objects.get()
    assert (saved.name, str(saved.site.hamlet), saved.username, saved.password) == (
        "Cổng chợ",
        "Thôn Đông",
        "viewer",
        CAMERA_PASSWORD,
    )
    assert saved.retention_days == 20
    assert CAMERA_PASSWORD not in str(Camera.objects.values().get())
    assert recorder.refreshed == 1


def test_credentials_typed_in_the_address_leave_it(admin: Client, recorder: FakeRecorder) -> None:
    admin.post(
        "/cameras/add", FORM | {"main_url": "rtsp://u:p@ss/w@10.0.0.5/main", "username": "", "password": "", "sub_url": ""}
    )
    saved = Camera.objects.get()
    assert (saved.main_url, saved.username, saved.password) == ("rtsp://10.0.0.5/main", "u", "p@ss/w")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "", {"vi": "Trường này là bắt buộc.", "en": "This field is required."}),
        ("main_url", "", {"vi": "Hãy nhập địa chỉ của camera", "en": "Enter the camera&#x27;s address"}),
        ("main_url", "ftp://10.0.0.5/x", {"vi": "không phải địa chỉ của camera", "en": "not one a camera can have"}),
        ("main_url", "rtsp://", {"vi": "không phải địa chỉ của camera", "en": "not one a camera can have"}),
        ("main_url", "file:///etc/passwd", {"vi": "không phải địa chỉ của camera", "en": "not one a camera can have"}),
        ("main_url", "/etc/passwd", {"vi": "không phải địa chỉ của camera", "en": "not one a camera can have"}),
        ("main_url", "rtsp://10.0.0.5:99999/x", {"vi": "không phải địa chỉ của camera", "en": "not one a camera can have"}),
        ("sub_url", "javascript:alert(1)", {"vi": "không phải địa chỉ của camera", "en": "not one a camera can have"}),
        ("retention_days", "0", {"vi": "lớn hơn hoặc bằng", "en": "greater than or equal to 1"}),
        ("retention_days", "many", {"vi": "Hãy nhập số nguyên", "en": "Enter a whole number"}),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_saved(
    log_in: Callable[..., Client], recorder: FakeRecorder, language: str, field: str, typed: str, words: dict[str, str]
) -> None:
    client = log_in(chief(), language)
    for headers in ({}, HTMX):
        response = client.post("/cameras/add", FORM | {field: typed}, headers=headers)
        page = response.content.decode()
        assert response.status_code == 422
        assert words[language] in at_field(page, field)
        assert CAMERA_PASSWORD not in page
    assert not Camera.objects.exists()


def at_field(page: str, field: str) -> str:
    return page.split(f'id="err-{field}"')[1].split("</div>")[0]


def test_htmx_gets_the_errors_alone_so_that_what_was_typed_stays(admin: Client, recorder: FakeRecorder) -> None:
    page = admin.post("/cameras/add", FORM | {"main_url": "nonsense://"}, headers=HTMX).content.decode()
    assert "<input" not in page
    assert page.count("hx-swap-oob") == 13
    response = admin.post("/cameras/add", FORM, headers=HTMX)
    assert response.headers["HX-Redirect"] == "/cameras"


def test_a_try_shows_the_picture_of_both_streams(admin: Client, recorder: FakeRecorder) -> None:
    page = admin.post("/cameras/try", FORM, headers=HTMX).content.decode()
    assert page.count("data:image/jpeg;base64,") == 2
    assert "H.264, 1920×1080" in page
    assert [asked[:3] for asked in recorder.probed] == [
        ("rtsp://10.0.0.5:554/main", "viewer", CAMERA_PASSWORD),
        ("rtsp://10.0.0.5:554/sub", "viewer", CAMERA_PASSWORD),
    ]
    assert not Camera.objects.exists()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("problem", list(Problem))
def test_every_problem_is_told_in_words_at_the_field_that_puts_it_right(
    log_in: Callable[..., Client], recorder: FakeRecorder, language: str, problem: Problem
) -> None:
    client = log_in(chief(), language)
    recorder.answers = [ProbeAnswer(False, problem=str(problem), sentence="raw", hint="raw")]
    page = client.post("/cameras/try", FORM | {"sub_url": ""}, headers=HTMX).content.decode()
    field = {"wrong_password": "password", "password_needed": "username"}.get(problem, "main_url")
    told = at_field(page, field)
    assert told.strip(">")
    assert ("raw" in page) is False
    assert (PROBLEM_WORDS[problem].cause.replace("'", "&#x27;")[1:] in told) is (language == "en")


def test_a_wrong_password_is_tried_once_only(admin: Client, recorder: FakeRecorder) -> None:
    recorder.answers = [ProbeAnswer(False, problem="wrong_password")]
    admin.post("/cameras/try", FORM, headers=HTMX)
    assert len(recorder.probed) == 1


def test_a_try_while_the_recorder_is_down_says_so(admin: Client, recorder: FakeRecorder) -> None:
    recorder.answers = [ProbeAnswer(False, problem="recorder_down", sentence="máy ghi không trả lời", hint="x")]
    page = admin.post("/cameras/try", FORM, headers=HTMX).content.decode()
    assert "Máy ghi không trả lời" in page
    assert at_field(page, "main_url").endswith(">")


def test_a_try_needs_an_address_but_no_name(admin: Client, recorder: FakeRecorder) -> None:
    admin.post("/cameras/try", FORM | {"name": ""}, headers=HTMX)
    assert recorder.probed
    page = admin.post("/cameras/try", FORM | {"main_url": ""}, headers=HTMX).content.decode()
    assert "Hãy sửa các ô đánh dấu đỏ" in page


def test_changing_without_typing_the_password_keeps_it(admin: Client, recorder: FakeRecorder) -> None:
    one = camera()
    page = admin.get(f"/cameras/{one.key}/edit").content.decode()
    assert "Cổng chợ" in page
    assert CAMERA_PASSWORD not in page
    admin.post(f"/cameras/{one.key}/edit", FORM | {"name": "Ngã ba", "password": ""})
    one.refresh_from_db()
    assert (one.name, one.password) == ("Ngã ba", CAMERA_PASSWORD)
    admin.post("/cameras/try", FORM | {"password": "", "key": one.key}, headers=HTMX)
    assert recorder.probed[0][2] == CAMERA_PASSWORD
    admin.post(f"/cameras/{one.key}/edit", FORM | {"username": "", "password": ""})
    one.refresh_from_db()
    assert (one.username, one.password) == ("", "")


def test_a_password_in_the_query_is_hidden_and_kept(admin: Client, recorder: FakeRecorder) -> None:
    url = "rtsp://10.0.0.5/live?user=a&password=qwerty1"
    admin.post("/cameras/add", FORM | {"main_url": url, "sub_url": ""})
    one = Camera.objects.get()
    assert (one.main_url, "qwerty1" in one.main_url_shown) == (url, False)
    page = admin.get(f"/cameras/{one.key}/edit").content.decode()
    assert "qwerty1" not in page
    admin.post(f"/cameras/{one.key}/edit", FORM | {"main_url": one.main_url_shown, "sub_url": "", "password": ""})
    one.refresh_from_db()
    assert one.main_url == url
    response = admin.post(f"/cameras/{one.key}/edit", FORM | {"main_url": one.main_url_shown + "&x=1"})
    assert "Hãy nhập lại toàn bộ địa chỉ" in response.content.decode()


def test_switching_off_and_on_again(admin: Client, recorder: FakeRecorder) -> None:
    one = camera()
    admin.post(f"/cameras/{one.key}/switch")
    one.refresh_from_db()
    assert not one.enabled
    assert "Đã tắt" in admin.get("/cameras").content.decode()
    admin.post(f"/cameras/{one.key}/switch")
    one.refresh_from_db()
    assert one.enabled


def test_taking_out_of_use_asks_first_and_keeps_the_row(admin: Client, recorder: FakeRecorder) -> None:
    one = camera(retention_days=12)
    page = admin.get(f"/cameras/{one.key}/remove").content.decode()
    assert "12 ngày" in page
    assert admin.post(f"/cameras/{one.key}/remove").status_code == 422
    one.refresh_from_db()
    assert not one.archived
    admin.post(f"/cameras/{one.key}/remove", {"sure": "yes"})
    one.refresh_from_db()
    assert (one.archived, one.enabled, one.password) == (True, False, "")
    assert admin.get(f"/cameras/{one.key}").status_code == 404
    assert "Chưa có camera nào" in admin.get("/cameras").content.decode()


def test_a_viewer_sees_only_the_cameras_given(log_in: Callable[[User], Client], recorder: FakeRecorder) -> None:
    mine, other = camera("Của tôi"), camera("Của người khác")
    client = log_in(viewer_of(mine))
    page = client.get("/wall").content.decode()
    assert mine.key in page
    assert other.key not in page
    assert client.get(f"/cameras/{mine.key}").status_code == 200
    assert client.get(f"/cameras/{other.key}").status_code == 404
    assert client.get("/cameras").status_code == 403
    assert "/playback?camera=" not in client.get(f"/cameras/{mine.key}").content.decode()


NASTY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "Ngã ba “Đồng Xuân” & chợ",
    "'; DROP TABLE x; --",
    "</script><b>",
]


@pytest.mark.parametrize("name", NASTY)
def test_names_are_shown_as_they_are_and_run_nowhere(admin: Client, recorder: FakeRecorder, name: str) -> None:
    admin.post("/cameras/add", FORM | {"name": name, "hamlet": name})
    one = Camera.objects.get()
    assert one.name == name
    for path in (
        "/wall",
        "/cameras",
        f"/cameras?q={name}",
        "/health",
        "/playback",
        f"/cameras/{one.key}",
        f"/cameras/{one.key}/edit",
        f"/cameras/{one.key}/remove",
    ):
        page = admin.get(path).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "</script><b>" not in page


def test_the_search_finds_by_name_and_hamlet(admin: Client, recorder: FakeRecorder) -> None:
    camera("Cổng chợ"), camera("Nhà văn hóa", hamlet="Thôn Đoài")
    page = admin.get("/cameras?q=đoài").content.decode()
    assert "Nhà văn hóa" in page
    assert "Cổng chợ" not in page
    assert "Không có camera phù hợp" in admin.get("/cameras?q=zzz").content.decode()
