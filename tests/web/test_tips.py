"""What residents tell, through the web: without an account or a script, taken once, answered by officers, private until given."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from PIL import Image

from luytre.civic.access.models import Role, User
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.places import hamlet_unit
from luytre.civic.tips import desk
from luytre.civic.tips.effort import zero_bits
from luytre.civic.tips.models import State, StepCode, Tip, TipStep
from luytre.civic.tips.pace import Pace
from luytre.web.byte_ranges import part_of
from luytre.web.views import tip_public
from tests.civic.tips.test_faces import pattern
from tests.civic.tips.test_tips import clip, jpeg, of_hamlet
from tests.web.cast import FakeRecorder, camera, person

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
STORY = {
    "kind": "theft",
    "when": "now",
    "place": "trước cổng chợ",
    "words": "Mất xe máy 🏍️ <script>alert(1)</script>'; DROP TABLE tips;--",
}


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Iterator[None]:
    """Nobody has sent anything in this hour, and keys and photos lie in the test's own folder."""
    monkeypatch.setattr(tip_public, "PACE", Pace(lambda: 0.0))
    settings.LUYTRE_SECRETS_DIR = tmp_path / "secrets"
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, data=tmp_path)
    tip_public.efforts.cache_clear()
    yield
    tip_public.efforts.cache_clear()


def test_a_poster_s_code_opens_telling_with_its_place(client: Client, log_in: LogIn) -> None:
    hamlet = Hamlet.objects.create(name="Thôn Đông")
    poster = log_in(person(Role.DUTY)).get("/tips/poster", {"hamlet": hamlet.pk, "place": '  Nhà văn hoá "Đông"\n'})
    assert "Nhà văn hoá &quot;Đông&quot; · Thôn Đông" in poster.content.decode()
    page = client.get(poster.context["address"].removeprefix("http://testserver")).content.decode()
    assert f'value="{hamlet.pk}" selected' in page
    assert 'value="Nhà văn hoá &quot;Đông&quot;"' in page
    for wrong in ("x", "99", "٣", "1" * 40):
        page = client.get("/bao-tin", {"hamlet": wrong, "place": "<script>"}).content.decode()
        assert (f'value="{hamlet.pk}" selected' in page, 'value="&lt;script&gt;"' in page) == (False, True)


@pytest.fixture
def duty(log_in: LogIn) -> Client:
    return log_in(person(Role.DUTY))


def send(client: Client, number: int = 1, **changes: object) -> HttpResponse:
    accept = {"Accept": "application/json"} if changes.pop("as_json", False) else {}
    sent: HttpResponse = client.post("/bao-tin", {**STORY, "sending": f"{number:032x}", **changes}, headers=accept)  # type: ignore[assignment]
    return sent


def code_in(response: HttpResponse) -> str:
    return re.search(r'id="code">([0-9A-Z-]{14})<', response.content.decode())[1]  # type: ignore[index]


def text(response: HttpResponse) -> str:
    return response.content.decode()


def test_the_page_leaves_nothing_behind_and_names_the_numbers_first(client: Client) -> None:
    one = camera()
    for path in ("/bao-tin", "/bao-tin?lang=en", "/theo-doi", "/bao-tin/ready", f"/bao-tin?camera={one.code}"):
        answer = client.get(path)
        assert not answer.cookies
        assert answer.headers["Cache-Control"] == "no-store"
    page = text(client.get(f"/bao-tin?camera={one.code}"))
    assert page.index("tel:113") < page.index("<form")
    assert f'name="camera" value="{one.code}"' in page
    assert "Tell the commune police" in text(client.get("/bao-tin?lang=en"))


def test_told_followed_answered_and_rated_without_a_script(client: Client, duty: Client) -> None:
    sent = send(client, photos=[], phone="0912 345 678")
    assert sent.status_code == 201
    code = code_in(sent)
    tip = Tip.objects.get()
    assert "Chưa đọc" in text(client.post("/theo-doi", {"code": code.lower().replace("-", " ")}))
    page = text(duty.get(f"/tips/{tip.key}"))
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "0912" not in page
    assert "0912 345 678" in text(duty.post(f"/tips/{tip.key}/number"))
    assert [step.code for step in TipStep.objects.all()] == [StepCode.RECEIVED, StepCode.READ, StepCode.NUMBER]
    refused = duty.post(f"/tips/{tip.key}/close", {"end": "done", "answer": " "})
    assert refused.status_code == 422
    duty.post(f"/tips/{tip.key}/write", {"words": "Xe biển số bao nhiêu?"})
    assert "Xe biển số bao nhiêu?" in text(client.post("/theo-doi", {"code": code}))
    client.post("/theo-doi", {"code": code, "do": "add", "words": "29-H1 123.45"})
    assert "29-H1 123.45" in text(duty.get(f"/tips/{tip.key}"))
    duty.post(f"/tips/{tip.key}/close", {"end": "done", "answer": "Đã tìm thấy xe."})
    answered = text(client.post("/theo-doi", {"code": code}))
    assert "Đã tìm thấy xe." in answered
    assert "0912" not in answered
    assert "Cảm ơn" in text(client.post("/theo-doi", {"code": code, "do": "yes"}))
    assert "người báo cho là có ích" in text(duty.get(f"/tips/{tip.key}"))
    assert duty.post(f"/tips/{tip.key}/reopen", {"why": "Xe lại mất"}).status_code == 302
    assert Tip.objects.get().state == State.READ


def test_sent_twice_is_one_tip_with_one_code(client: Client) -> None:
    codes = {code_in(send(client)) for _ in range(6)}  # more than are free of work: what was taken is only told again
    assert (len(codes), Tip.objects.count()) == (1, 1)


def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(client: Client) -> None:
    answer = send(client, kind="", phone="my number", happened="yesterday", when="earlier")
    assert answer.status_code == 422
    page = text(answer)
    for kept in ("trước cổng chợ", "Mất xe máy", 'value="my number"', 'value="yesterday"', f'value="{1:032x}"'):
        assert kept in page, kept
    found = send(client, kind="", phone="my number", happened="yesterday", when="earlier", as_json=True).json()  # type: ignore[attr-defined]
    assert set(found["errors"]) == {"kind", "phone", "happened"}
    assert not Tip.objects.exists()
    empty = send(client, words="", place="", as_json=True).json()  # type: ignore[attr-defined]
    assert set(empty["errors"]) == {"words", "place"}


def test_many_from_one_network_do_some_work_and_too_many_are_refused(client: Client) -> None:
    assert [send(client, number).status_code for number in (1, 2, 3)] == [201, 201, 429]
    page = text(send(client, 3))
    one, two = map(int, re.search(r"nhỏ: (\d+) cộng (\d+)", page).groups())  # type: ignore[union-attr]
    task = re.search(r'name="task" value="([^"]+)"', page)[1]  # type: ignore[index]
    assert send(client, 3, task=task, answer=str(one + two)).status_code == 201
    ready = client.get("/bao-tin/ready").json()
    assert ready["bits"] > 0
    found = next(n for n in range(1 << 20) if zero_bits(ready["task"], str(n)) >= ready["bits"])
    assert send(client, 4, task=ready["task"], answer=str(found)).status_code == 201
    for _ in range(tip_public.MOST_AN_HOUR):
        tip_public.PACE.add(tip_public.TIP, "127.0.0.1")
    assert "thử lại sau một giờ" in text(send(client, 5))
    assert send(client, 6, kind="fire").status_code == 201


def test_wrong_codes_are_held_off(client: Client) -> None:
    right = code_in(send(client))
    assert client.post("/theo-doi", {"code": "ABCD"}).status_code == 422
    other = [code_in(send(client, number, kind="fire")) for number in range(2, 2 + tip_public.MOST_WRONG_CODES)]
    Tip.objects.exclude(kind="theft").delete()
    assert {client.post("/theo-doi", {"code": code}).status_code for code in other} == {404}
    assert client.post("/theo-doi", {"code": right}).status_code == 429


def test_a_photo_as_a_telephone_takes_it_comes_through_without_a_script(client: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile as File

    large = BytesIO()
    Image.effect_noise((2600, 2000), 90).save(large, "JPEG", quality=95)
    assert large.tell() > 2_621_440  # more than Django keeps in memory
    answer = send(client, photos=[File("a.jpg", large.getvalue())], as_json=True)
    assert answer.json()["left"] == []  # type: ignore[attr-defined]
    assert Tip.objects.get().pictures.get().width_px == 1600


def test_broken_photos_lose_nothing_else(client: Client, duty: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile as File

    heic = File("a.heic", b"\0\0\0\x18ftypavif" + b"\0" * 40)
    video = File("b.mp4", b"\0\0\0\x18ftypmp42" + b"\0" * 40)
    many = [File(f"{n}.jpg", jpeg(f"#{n * 9:02x}0000")) for n in range(28)]
    answer = send(client, photos=[heic, video, *many], as_json=True)
    assert answer.status_code == 201
    assert len(answer.json()["left"]) == 24  # type: ignore[attr-defined]
    tip = Tip.objects.get()
    assert tip.pictures.count() == 6
    picture = tip.pictures.all()[0]
    assert duty.get(f"/tips/{tip.key}/pictures/{picture.sha256}").status_code == 200
    assert duty.get(f"/tips/{tip.key}/pictures/{'0' * 64}").status_code == 404
    added = client.post("/theo-doi", {"code": answer.json()["code"], "do": "add", "photos": [File("x.jpg", jpeg("blue"))]})  # type: ignore[attr-defined]
    assert "sáu ảnh và video" in text(added)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("bytes=0-9", (0, 9)), ("bytes=90-", (90, 99)), ("bytes=-5", (95, 99)), ("bytes=-500", (0, 99)),
        ("bytes=50-999", (50, 99)),
        ("", None), ("bytes=-", None), ("bytes=100-", None), ("bytes=9-1", None), ("bytes=0-1,5-6", None), ("lines=1-2", None),
    ],
)  # fmt: skip
def test_parts_of_a_video(wanted: str, part: tuple[int, int] | None) -> None:
    assert part_of(wanted, 100) == part


def test_a_video_is_sent_and_looked_at_in_parts(client: Client, duty: Client, tmp_path: Path) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile as File

    sent = clip(tmp_path / "in.mov").read_bytes()
    padded = sent + b"\0\0\x40\0free" + b"\0" * (3 * 1024 * 1024)  # too large for memory: it comes as a file
    answer = send(client, photos=[File("a.mov", sent), File("b.mov", padded)], as_json=True)
    assert answer.json()["left"] == []  # type: ignore[attr-defined]
    tip = Tip.objects.get()
    video = tip.pictures.all()[0]
    page = text(duty.get(f"/tips/{tip.key}"))
    assert "<video" in page
    whole = duty.get(f"/tips/{tip.key}/pictures/{video.sha256}")
    some = duty.get(f"/tips/{tip.key}/pictures/{video.sha256}", headers={"Range": "bytes=4-7"})
    assert (whole.headers["Content-Type"], some.status_code, some.content) == ("video/mp4", 206, whole.content[4:8])


def test_a_hamlet_reads_what_it_was_given_and_never_the_number(client: Client, duty: Client, log_in: LogIn) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile as File

    camera()
    hamlet = Hamlet.objects.get(name="Thôn Đông")
    send(client, phone="0912 345 678", photos=[File("x.jpg", jpeg())])
    tip = Tip.objects.get()
    local = log_in(of_hamlet(hamlet))
    assert local.get(f"/tips/{tip.key}").status_code == 404
    assert "Mất xe" not in text(local.get("/tips"))  # type: ignore[arg-type]
    duty.post(f"/tips/{tip.key}/give", {"unit": hamlet_unit(hamlet).pk, "note": "xem giúp"})
    page = text(local.get(f"/tips/{tip.key}"))  # type: ignore[arg-type]
    assert "Mất xe máy" in page
    assert "/number" not in page
    assert local.get(f"/tips/{tip.key}/pictures/{tip.pictures.get().sha256}").status_code == 403
    for what in ("number", "close", "write", "give", "reopen"):
        assert local.post(f"/tips/{tip.key}/{what}").status_code == 403
    assert Tip.objects.get().state == State.READ  # by the officer who gave it, not by the hamlet that looked


def test_others_see_a_photo_only_with_faces_blurred_and_looked_at(client: Client, duty: Client, log_in: LogIn) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile as File

    camera()
    hamlet = Hamlet.objects.get(name="Thôn Đông")
    send(client, photos=[File("x.jpg", pattern())])
    tip = Tip.objects.get()
    duty.post(f"/tips/{tip.key}/give", {"unit": hamlet_unit(hamlet).pk})
    local, place = log_in(of_hamlet(hamlet)), f"/tips/{tip.key}/pictures/{tip.pictures.get().sha256}"
    assert (local.get(place).status_code, local.get(f"{place}/faces").status_code) == (403, 403)
    assert "1 ảnh, video chỉ công an xã xem" in text(local.get(f"/tips/{tip.key}"))  # type: ignore[arg-type]
    assert "bỏ sót" in text(duty.get(f"{place}/faces"))  # type: ignore[arg-type]
    wrong = duty.post(f"{place}/faces", {"boxes": "10, 10, 20, 20\nmặt", "do": "checked"})
    assert wrong.status_code == 422
    assert "Dòng 2" in text(wrong)  # type: ignore[arg-type]
    assert "mặt</textarea>" in text(wrong)  # type: ignore[arg-type]
    assert duty.get(f"{place}/copy").status_code == 404
    duty.post(f"{place}/faces", {"boxes": "10, 10, 20, 20", "do": "preview"})
    assert (duty.get(f"{place}/copy").status_code, local.get(f"{place}/copy").status_code) == (200, 404)
    duty.post(f"{place}/faces", {"boxes": "10, 10, 20, 20", "do": "checked"})
    assert local.get(f"{place}/copy").content == duty.get(f"{place}/copy").content != duty.get(place).content
    assert f"{place}/copy" in text(local.get(f"/tips/{tip.key}"))  # type: ignore[arg-type]
    duty.post(f"{place}/faces", {"do": "withhold"})
    assert local.get(f"{place}/copy").status_code == 404


def test_everybody_reads_what_came_of_it_and_nothing_of_who_told(client: Client, duty: Client, log_in: LogIn) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile as File

    hamlet = Hamlet.objects.create(name="Thôn Đông")
    send(client, hamlet=hamlet.pk, phone="0912 345 678", photos=[File("x.jpg", pattern())])
    tip = Tip.objects.get()
    picture = tip.pictures.get()
    duty.post(f"/tips/{tip.key}/close", {"end": "done", "answer": "Đã tìm thấy xe ở bãi gửi."})
    assert "Chưa có tin nào được công bố" in text(client.get("/bao-tin/da-tra-loi"))  # type: ignore[arg-type]
    words = "Xe bị lấy trước chợ đã được tìm thấy và trả lại."
    refused = duty.post(f"/tips/{tip.key}/release", {"words": f"{words} Gọi 0912 345 678"})
    assert refused.status_code == 422
    assert f"{words} Gọi" in text(refused)  # type: ignore[arg-type]
    duty.post(f"/tips/{tip.key}/pictures/{picture.sha256}/faces", {"boxes": "0, 0, 60, 60", "do": "checked"})
    assert duty.post(f"/tips/{tip.key}/release", {"words": words, "pictures": "on"}).status_code == 302
    answer = client.get("/bao-tin/da-tra-loi")
    page = text(answer)  # type: ignore[arg-type]
    assert words in page
    assert timezone.localtime(tip.received).strftime("%d/%m/%Y") in page
    assert timezone.localtime(tip.received).strftime("%H:%M") not in page
    for hidden in ("Mất xe máy", "0912 345", "0912345", "bãi gửi", tip.key, picture.sha256, "trước cổng chợ"):
        assert hidden not in page
    assert not answer.cookies
    [address] = re.findall(r'src="(/bao-tin/da-tra-loi/[^"]+)"', page)
    assert client.get(address).content == duty.get(f"/tips/{tip.key}/pictures/{picture.sha256}/copy").content
    assert words in text(client.get(f"/bao-tin/da-tra-loi?lang=en&kind=theft&hamlet={hamlet.pk}"))  # type: ignore[arg-type]
    for query in ("kind=fire", f"hamlet={hamlet.pk + 1}"):
        assert words not in text(client.get(f"/bao-tin/da-tra-loi?{query}"))  # type: ignore[arg-type]
    assert log_in(of_hamlet(hamlet)).post(f"/tips/{tip.key}/retract").status_code == 403
    assert words in text(duty.get(f"/tips/{tip.key}"))  # type: ignore[arg-type]
    duty.post(f"/tips/{tip.key}/retract")
    assert client.get(address).status_code == 404
    assert words not in text(client.get("/bao-tin/da-tra-loi"))  # type: ignore[arg-type]


def test_danger_sounds_on_duty_until_somebody_has_read_it(client: Client, duty: Client) -> None:
    send(client)
    assert "data-alarm" not in text(duty.get("/alerts/bar"))  # type: ignore[arg-type]
    send(client, 2, kind="fire")
    assert "cháy, nổ" in text(duty.get("/alerts/bar"))  # type: ignore[arg-type]
    assert 'hx-get="/alerts/bar"' in text(duty.get("/tips"))  # type: ignore[arg-type]
    duty.get(f"/tips/{Tip.objects.get(kind='fire').key}")
    assert "data-alarm" not in text(duty.get("/alerts/bar"))  # type: ignore[arg-type]


@pytest.mark.usefixtures("recorder")
def test_the_nearest_cameras_at_that_minute_are_one_click_away(client: Client, duty: Client) -> None:
    near = camera("Cổng chợ", position=(20.9124, 105.9718))
    camera("Bến đò", position=(20.9300, 105.9718), place="Bến")
    happened = datetime.now(UTC) - timedelta(hours=1)
    local = happened.astimezone(tip_public.timezone.get_default_timezone())
    send(client, position="20.912500, 105.971800", when="earlier", happened=f"{local:%Y-%m-%dT%H:%M}")
    tip = Tip.objects.get()
    page = text(duty.get(f"/tips/{tip.key}"))  # type: ignore[arg-type]
    at = int(happened.replace(second=0, microsecond=0).timestamp()) - 300
    assert f"/playback?cameras={near.key}&amp;at={at}" in page
    assert "cách 11 m" in page
    assert "Bến đò" not in page
    assert 'href="geo:20.912500,105.971800">20.912500, 105.971800<' in page  # as maps read it, with no commas for points


def test_the_list_is_filtered_and_found_without_accents(client: Client, duty: Client) -> None:
    send(client)
    send(client, 2, kind="fire", words="Cháy ở bãi rác")
    assert "bãi rác" in text(duty.get("/tips?q=bai+rac"))  # type: ignore[arg-type]
    assert "Mất xe" not in text(duty.get("/tips?q=bai+rac"))  # type: ignore[arg-type]
    assert "Mất xe" not in text(duty.get("/tips?kind=fire"))  # type: ignore[arg-type]
    desk.close(User.objects.get(username="duty"), Tip.objects.get(kind="fire"), "done", "Đã dập.", datetime.now(UTC))
    assert "bãi rác" not in text(duty.get("/tips"))  # type: ignore[arg-type]
    assert "bãi rác" in text(duty.get("/tips?state=all&hamlet=zz&kind=zz"))  # type: ignore[arg-type]


def test_an_officer_who_tells_something_is_not_seen_there(duty: Client) -> None:
    UserSession.objects.all().delete()
    for path in ("/bao-tin", "/theo-doi", "/bao-tin/ready"):
        duty.get(path)
    assert not UserSession.objects.exists()


def test_the_form_needs_no_token_of_a_session(recorder: FakeRecorder) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert send(strict).status_code == 201
