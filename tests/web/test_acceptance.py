"""An eye is accepted on a telephone, step by step: what is asked, what is refused, what is kept, who may, and the minutes."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pypdf import PdfReader

from luytre.base.polygons import SCALE
from luytre.civic.acceptance.acceptances import acceptances_of, accepted_eyes
from luytre.civic.acceptance.facts import DeviceFacts, WalkFacts
from luytre.civic.acceptance.models import AcceptanceStep, Finding, StepCode
from luytre.civic.access.models import Look, Role
from luytre.civic.ports import DeviceFacts as Told
from luytre.civic.ports import Status, StreamState
from luytre.civic.registry.eyes import draft_of, save_eye
from luytre.civic.registry.masks import save_masks
from luytre.civic.registry.models import Eye
from tests.web.cast import GOOD_DEVICE, FakeDevices, FakeRecorder, camera, chief, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("recorder")]


def photo(width: int = 640, height: int = 360) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), (190, 170, 80)).save(made, "JPEG")
    return made.getvalue()


@pytest.fixture
def eye(recorder: FakeRecorder, monkeypatch: pytest.MonkeyPatch) -> Eye:
    """Connected, hanging as the register says; its camera shows something."""
    found = Eye.objects.get(camera=camera("Cổng chợ"))
    monkeypatch.setattr(recorder, "picture", lambda key: photo() if recorder.now else recorder._answers())
    return save_eye(
        None, replace(draft_of(found), bearing_deg=90.0, tilt_deg=10.0, height_m=4.0, hfov_deg=90.0), datetime.now(UTC), found
    )


def post(client: Client, eye: Eye, what: str, **data: Any) -> Any:
    return client.post(f"/eyes/{eye.key}/acceptance/{what}", data, follow=True)


def last(eye: Eye, code: StepCode) -> AcceptanceStep:
    found = acceptances_of([eye.key])[eye.key][0].last(code)
    assert found is not None
    return found


def test_from_the_first_step_to_signed_minutes(log_in: Any, eye: Eye, recorder: FakeRecorder, devices: FakeDevices) -> None:
    client = log_in(chief())
    assert "chưa nghiệm thu" in client.get("/acceptance").content.decode().lower()
    post(client, eye, "begin")
    assert eye.camera is not None
    eye.camera.set_password("Long-And-0wn-Words")
    eye.camera.save()
    stream = StreamState(eye.camera.key, "main", "recording", codec="avc1.64001f", width_px=1920, height_px=1080)
    recorder.now = Status(datetime.now(UTC), (stream,))
    devices.now = replace(GOOD_DEVICE, ntp=True)
    post(client, eye, "take/device")
    facts = DeviceFacts.read(last(eye, StepCode.DEVICE).facts)
    assert dict(facts.checks)["clock"] == "yes"
    post(client, eye, "take/picture")
    shown = post(
        client, eye, "take/fit", bearing_deg="92", tilt_deg="12,5", height_m="4", hfov_deg="90", finding="good", keep="on"
    )
    assert "Nhận biết" in shown.content.decode() or "polyline" in shown.content.decode()
    eye.refresh_from_db()
    assert (eye.bearing_deg, eye.tilt_deg) == (92.0, 12.5)
    post(client, eye, "take/walk", spot="gốc đa")
    marks = {
        "top_x": "50",
        "top_y": "20",
        "bottom_x": "50",
        "bottom_y": "85",
        "tall_m": "1,6",
        "distance_m": "9",
        "wanted": "recognise",
    }
    post(client, eye, "take/marks", **marks)
    walk = WalkFacts.read(last(eye, StepCode.WALK).facts)
    assert (walk.spot, walk.reached) == ("gốc đa", "recognise")
    assert walk.px_per_m == pytest.approx(0.65 * 360 / 1.6, abs=0.1)
    post(client, eye, "take/sign", photo=SimpleUploadedFile("bien.jpg", photo(), "image/jpeg"))
    post(client, eye, "take/owner", how="paper", number="12/TT", day="20/11/2026")
    if last(eye, StepCode.DEVICE).finding != Finding.GOOD:
        post(client, eye, "remark/device", **{"device-note": "đổi tuần sau"})
    shown = post(client, eye, "accept")
    assert "đã được nghiệm thu" in shown.content.decode()
    assert accepted_eyes() == {eye.key}
    assert recorder.marks[eye.camera.key][0].in_force
    key = acceptances_of([eye.key])[eye.key][0].key
    looks = Look.objects.count()
    pdf = client.get(f"/acceptance/{key}/minutes.pdf")
    said = " ".join(" ".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf.content)).pages).split())
    for words in ("BIÊN BẢN", "Cổng chợ", "gốc đa", "12/TT", "12,5", "Các bên có mặt thống nhất"):
        assert words in said, words
    assert Look.objects.count() == looks + 1


def test_what_is_wrong_with_the_device_is_named_and_mended(log_in: Any, eye: Eye, devices: FakeDevices) -> None:
    client = log_in(chief())
    assert eye.camera is not None
    eye.camera.set_password("12345")
    eye.camera.save()
    post(client, eye, "begin")
    devices.now = replace(GOOD_DEVICE, clock_offset_s=-3600.0, ntp=False)
    shown = post(client, eye, "take/device").content.decode()
    step = last(eye, StepCode.DEVICE)
    assert step.finding == Finding.BAD
    assert {check for check, found in DeviceFacts.read(step.facts).checks if found == "no"} == {"password", "clock", "ntp"}
    assert "12345" not in shown.replace("http", "")
    devices.now = Told(False, "timeout", "Thiết bị không trả lời.")
    post(client, eye, "take/device")
    assert last(eye, StepCode.DEVICE).note.startswith("Thiết bị không trả lời.")


MARKS = {"top_x": "1", "bottom_x": "1", "wanted": "detect"}


@pytest.mark.parametrize(("what", "data", "error"), [
    ("take/fit", {"tilt_deg": "120"}, "Từ -45 đến 90"),
    ("take/fit", {"height_m": "cao"}, "cao"),
    ("take/fit", {"finding": "lacking", "note": " "}, "Hãy ghi lý do."),
    ("take/walk", {"spot": ""}, "Ghi rõ đứng ở đâu"),
    ("take/marks", MARKS | {"top_y": "80", "bottom_y": "20", "tall_m": "1,6"}, "phải thấp hơn"),
    ("take/marks", MARKS | {"top_y": "10", "bottom_y": "20", "tall_m": "16"}, "cao bao nhiêu"),
    ("take/sign", {}, "Hãy chụp hoặc chọn"),
    ("take/owner", {"how": "paper"}, "Ghi số văn bản"),
    ("take/owner", {"how": "paper", "day": "32/13/2026"}, "24/11/2026"),
    ("remark/owner", {"owner-note": ""}, "Hãy ghi lý do."),
    ("leave", {"leave-note": ""}, "Hãy ghi lý do."),
])  # fmt: skip
def test_what_is_refused_stands_at_its_field_and_is_not_lost(
    log_in: Any, eye: Eye, what: str, data: dict[str, str], error: str
) -> None:
    client = log_in(chief())
    for one in ("begin", "take/picture"):
        post(client, eye, one)
    post(client, eye, "take/walk", spot="gốc đa")
    before = AcceptanceStep.objects.count()
    shown = client.post(f"/eyes/{eye.key}/acceptance/{what}", data)
    assert shown.status_code == 422
    assert error in shown.content.decode()
    assert AcceptanceStep.objects.count() == before
    for value in data.values():
        if value.strip() and value not in ("paper", "lacking", "detect"):
            assert f'value="{value}"' in shown.content.decode(), value


def test_a_photo_that_is_none_is_refused_at_its_field(log_in: Any, eye: Eye) -> None:
    client = log_in(chief())
    post(client, eye, "begin")
    shown = client.post(
        f"/eyes/{eye.key}/acceptance/take/sign", {"photo": SimpleUploadedFile("a.jpg", b"no photo", "image/jpeg")}
    )
    assert shown.status_code == 422
    assert "không phải ảnh" in shown.content.decode()


def test_nothing_is_accepted_while_a_step_is_missing(log_in: Any, eye: Eye) -> None:
    client = log_in(chief())
    post(client, eye, "begin")
    assert "Còn thiếu" in post(client, eye, "accept").content.decode()
    assert accepted_eyes() == frozenset()


def test_hidden_areas_are_hidden_in_what_is_kept_and_each_picture_is_a_look(log_in: Any, eye: Eye) -> None:
    user = chief()
    client = log_in(user)
    assert eye.camera is not None
    save_masks(user, eye.camera, [((0, 0), (SCALE // 2, 0), (SCALE // 2, SCALE), (0, SCALE))], 0, datetime.now(UTC))
    post(client, eye, "begin")
    post(client, eye, "take/picture")
    found = acceptances_of([eye.key])[eye.key][0]
    looks = Look.objects.count()
    assert looks == 1
    answer = client.get(f"/acceptance/{found.key}/pictures/{last(eye, StepCode.PICTURE).picture}")
    shown = Image.open(io.BytesIO(answer.content)).convert("L").tobytes()
    assert shown[180 * 640 + 40] < 45 < shown[180 * 640 + 600]
    assert "no-store" in answer["Cache-Control"]
    assert Look.objects.count() == looks + 1
    assert client.get(f"/acceptance/{found.key}/pictures/{'0' * 64}").status_code == 404


def test_a_recorder_that_is_down_loses_nothing(log_in: Any, eye: Eye, recorder: FakeRecorder) -> None:
    client = log_in(chief())
    post(client, eye, "begin")
    recorder.now = None
    assert "không có hình" in post(client, eye, "take/picture").content.decode()
    assert "không có hình" in post(client, eye, "take/walk", spot="gốc đa").content.decode()
    assert AcceptanceStep.objects.count() == 1


def test_those_that_hung_before_are_taken_together(log_in: Any, eye: Eye, recorder: FakeRecorder) -> None:
    other = Eye.objects.get(camera=camera("Ngã ba"))
    client = log_in(chief())
    shown = client.post("/acceptance/as-found", {"eye": [eye.key, other.key], "note": "chạy tốt từ 2024"}, follow=True)
    assert "2 mắt" in shown.content.decode()
    assert accepted_eyes() == {eye.key, other.key}
    assert len(recorder.marks) == 2
    assert "Hãy đánh dấu" in client.post("/acceptance/as-found", {"eye": [eye.key], "note": " "}, follow=True).content.decode()


def test_who_may_read_and_who_may_do(log_in: Any, eye: Eye) -> None:
    client = log_in(chief())
    post(client, eye, "begin")
    post(client, eye, "take/picture")
    found = acceptances_of([eye.key])[eye.key][0]
    committee = log_in(person(Role.COMMITTEE, "uy-vien"))
    shown = committee.get(f"/eyes/{eye.key}/acceptance")
    assert shown.status_code == 200
    assert '<form method="post" action="/eyes/' not in shown.content.decode()
    assert committee.get(f"/acceptance/{found.key}/minutes.pdf").status_code == 403
    assert committee.post(f"/eyes/{eye.key}/acceptance/take/picture").status_code == 403
    duty = log_in(person(Role.DUTY, "truc"))
    assert duty.post(f"/eyes/{eye.key}/acceptance/take/owner", {"how": "own"}).status_code == 302
    assert duty.post(f"/eyes/{eye.key}/acceptance/accept").status_code == 403


def test_only_an_open_acceptance_takes_steps(log_in: Any, eye: Eye) -> None:
    client = log_in(chief())
    assert client.post(f"/eyes/{eye.key}/acceptance/take/device").status_code == 404
    post(client, eye, "begin")
    post(client, eye, "leave", **{"leave-note": "mưa"})
    assert client.post(f"/eyes/{eye.key}/acceptance/take/device").status_code == 404
    assert client.post(f"/eyes/{eye.key}/acceptance/take/nothing").status_code == 404
    assert "mưa" in client.get(f"/eyes/{eye.key}/acceptance").content.decode()
