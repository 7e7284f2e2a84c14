"""A commune with two hundred cameras, strange names, and how much a browser has to load."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from luytre.civic.access.models import Role, User
from luytre.civic.registry.models import Camera
from luytre.web.middleware import AssetMiddleware
from tests.web.cast import FakeRecorder, camera, chief, person

BUILD = Path(__file__).resolve().parents[2] / "src" / "luytre" / "web" / "static" / "build"
FIRST_VISIT_BYTES = 500_000
NAMES = ['Nhà ông "Ba"', "<script>alert(1)</script>", "O'Brien & con", "Đường Trần Hưng Đạo", "{{ 7 }} {% x %}", "x" * 120]


@pytest.mark.django_db
def test_two_hundred_cameras_are_listed_in_order_with_few_questions_to_the_database(
    log_in: Callable[[User], Client], recorder: FakeRecorder, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(200):
        camera(f"Camera {number}", hamlet=f"Thôn {number % 7}")
    client = log_in(chief())
    for path in ("/wall", "/cameras", "/health", "/playback"):
        # Of these the assignments, the second step, rules in force, running alarms, own tasks and requests that wait for an
        # approval are one question each.
        with django_assert_max_num_queries(20):  # type: ignore[attr-defined]
            page = client.get(path).content.decode()
        places = [page.index(f"Camera {number}{end}") for number, end in ((2, ""), (10, ""), (199, ""))]
        assert places == sorted(places), path
        assert len(page) < 400_000
    found = client.get("/cameras?q=camera 17").content.decode()
    assert found.count("<tr>") == 12  # the heading, 17, 170 to 179


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_kept_and_shown_as_text(log_in: Callable[[User], Client], recorder: FakeRecorder, name: str) -> None:
    client = log_in(chief())
    sent = client.post("/cameras/add", {"name": name, "hamlet": name, "main_url": "rtsp://10.0.0.5/s"})
    assert sent.status_code == 302
    one = Camera.objects.get()
    assert (one.name, one.site.hamlet and one.site.hamlet.name) == (name, name)
    for path in (
        "/wall",
        "/cameras",
        "/health",
        "/playback",
        f"/cameras/{one.key}",
        f"/cameras/{one.key}/edit",
        f"/cameras/{one.key}/remove",
    ):
        page = client.get(path).content.decode()
        assert "<script>alert" not in page
    assert client.get(f"/cameras/{one.key}/edit").context["form"].initial["name"] == name


BAD = {"name": "", "main_url": "not an address at all <", "sub_url": "http://", "retention_days": "-3"}


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("vi", "Trường này là bắt buộc"), ("en", "This field is required")])
def test_without_scripts_too_every_wrong_field_is_told_and_nothing_typed_is_lost(
    log_in: Callable[..., Client], recorder: FakeRecorder, language: str, words: str
) -> None:
    client = log_in(chief(), language)
    typed = {**BAD, "hamlet": "Thôn <b>", "username": "o'brien", "password": "S3cret"}
    for path in ("/cameras/add", f"/cameras/{camera().key}/edit"):
        answer = client.post(path, typed)
        assert answer.status_code == 422
        page, form = answer.content.decode(), answer.context["form"]
        assert set(form.errors) == set(BAD)
        assert words in page
        assert {name: form[name].value() for name in typed if name != "password"} == {
            n: t for n, t in typed.items() if n != "password"
        }
        assert "S3cret" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("vi", "không giống nhau"), ("en", "are not the same")])
def test_the_password_form_tells_in_both_languages(log_in: Callable[..., Client], language: str, words: str) -> None:
    client = log_in(person(Role.DUTY), language)
    answer = client.post("/password", {"present": "x", "new": "one-two-three-four", "again": "other"})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "one-two-three-four" not in answer.content.decode()
    assert set(client.post("/password", {}).context["form"].errors) == {"present", "new", "again"}


def test_the_first_visit_of_the_wall_is_light() -> None:
    manifest = json.loads((BUILD / "manifest.json").read_text("utf-8"))
    wanted, files = ["src/wall.ts"], set()
    while wanted:
        chunk = manifest[wanted.pop()]
        files |= {chunk["file"], *chunk.get("css", ())}
        wanted += chunk.get("imports", [])
    sizes = {name: (BUILD / name).stat().st_size for name in files}
    compressed = sum((BUILD / f"{name}.gz").stat().st_size for name in files)
    assert len(files) >= 4
    assert compressed < FIRST_VISIT_BYTES / 2, sizes
    assert sum(sizes.values()) < 2 * FIRST_VISIT_BYTES, sizes


@pytest.mark.django_db  # the answer's end closes old connections
def test_a_file_that_a_newer_build_took_away_is_not_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "old-12345678.js").write_text("1")
    monkeypatch.setattr(django_settings, "STATIC_ROOT", tmp_path)
    monkeypatch.setattr(django_settings, "WHITENOISE_AUTOREFRESH", False)  # as it is outside the tests

    def nothing(_request: HttpRequest) -> HttpResponse:
        raise AssertionError("the pages were asked for a file")

    assets = AssetMiddleware(nothing)
    asked = RequestFactory().get("/static/old-12345678.js")
    response = assets(asked)
    assert response.status_code == 200
    response.close()
    (tmp_path / "old-12345678.js").unlink()
    assert assets(asked).status_code == 404
