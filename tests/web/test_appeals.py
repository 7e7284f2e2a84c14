"""Requests to owners through the web: asked from an incident, opened by link, answered, sent in pieces, looked at."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from luytre.civic.access.models import Look, Role, User
from luytre.civic.appeals.models import Appeal, AppealFile, AppealStep
from luytre.civic.appeals.shelf import shelf_here
from luytre.civic.registry.models import Hamlet
from luytre.civic.tips.pace import Pace
from luytre.web.forms_appeals import AskForm
from luytre.web.forms_tips import local_input
from luytre.web.jobs import make_films
from luytre.web.tasks import end_appeals
from luytre.web.views import appeal_public
from tests.civic.appeals.test_appeals import eye, incident
from tests.civic.appeals.test_files import film
from tests.civic.incidents.test_incidents import of_team
from tests.web.cast import person

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
MIB = 1024**2


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(appeal_public, "PACE", Pace(lambda: 0.0))
    settings.LUYTRE_SECRETS_DIR = tmp_path / "secrets"
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, data=tmp_path)


@pytest.fixture
def head(log_in: LogIn) -> Client:
    return log_in(person(Role.HEAD))


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def appeal(head: Client) -> Appeal:
    """Asked by the head, about one camera."""
    found, one = incident(User.objects.get(username="head")), eye()
    until = local_input(datetime.now(UTC) + timedelta(days=1))
    fields = AskForm.usual(found, found.happened) | {"eyes": one.key, "why": "Xe máy bị lấy ở chợ", "answer_by": until}
    assert head.post(f"/appeals/new?incident={found.key}", fields).status_code == 302
    return Appeal.objects.get()


def link_of(head: Client, appeal: Appeal) -> str:
    """The path of a new link."""
    found = re.search(r"/gop-hinh/[0-9a-f]{32}", text(head.post(f"/appeals/{appeal.key}/link")))
    assert found is not None
    return found[0]


@pytest.fixture
def link(head: Client, appeal: Appeal, client: Client) -> str:
    """Opened and agreed to."""
    path = link_of(head, appeal)
    client.post(path, {"do": "open"})
    client.post(path, {"do": "answer", "answer": "agreed"})
    return path


def manifest(data: bytes, name: str = "ch01.dav") -> str:
    pieces = [hashlib.sha256(data[at : at + MIB]).hexdigest() for at in range(0, len(data), MIB)]
    return json.dumps(
        {"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest(), "piece": MIB, "pieces": pieces}
    )


def begin(client: Client, link: str, data: bytes, name: str = "ch01.dav") -> Any:
    return client.post(f"{link}/tep", manifest(data, name), content_type="application/json")


def patch(client: Client, url: str, offset: object, data: bytes) -> Any:
    return client.patch(url, data, content_type="application/offset+octet-stream", headers={"Upload-Offset": str(offset)})


def send(client: Client, link: str, data: bytes) -> AppealFile:
    begun = begin(client, link, data).json()
    for at in range(begun["offset"], len(data), MIB):
        assert patch(client, begun["url"], at, data[at : at + MIB]).status_code == 204
    return AppealFile.objects.get(sha256=hashlib.sha256(data).hexdigest())


# --- asking -----------------------------------------------------------------------------------------------------------
def test_the_form_keeps_what_was_typed_and_tells_faults_at_their_fields(head: Client) -> None:
    found, one = incident(User.objects.get(username="head")), eye()
    assert one.name in text(head.get(f"/appeals/new?incident={found.key}"))
    bad = {"eyes": [one.key], "why": "<b>vì</b>", "start1": "2026-11-24T08:00", "end1": "2026-11-24T15:00", "start2": "x"}
    said = text(head.post(f"/appeals/new?incident={found.key}", bad))
    assert "&lt;b&gt;vì&lt;/b&gt;" in said
    assert f'value="{one.key}" checked' in said
    assert re.search(r'id="err-start2" role="alert">\S', said)
    assert re.search(r'id="err-answer_by" role="alert">\S', said)
    assert not Appeal.objects.exists()


def test_a_link_shows_nothing_until_it_is_pressed_and_is_over_when_made_anew(
    head: Client, appeal: Appeal, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    path = link_of(head, appeal)
    first = client.get(path)
    assert (first.status_code, first.headers["Referrer-Policy"]) == (200, "no-referrer")
    assert appeal.why not in text(first)  # messengers look at links by themselves
    assert appeal.why in text(client.post(path, {"do": "open"}))
    assert appeal.why in text(client.get(path))
    assert client.cookies == {}
    link_of(head, appeal)
    wrong = [client.get(one) for one in (path, path[:-1], f"/gop-hinh/{'0' * 32}", "/gop-hinh/<script>")]
    assert [one.status_code for one in wrong] == [404] * 4
    assert len({text(one).replace(one.request["PATH_INFO"], "") for one in wrong[:3]}) == 1
    assert begin(client, path, b"x").status_code == 404
    assert "gop-hinh" not in caplog.text  # Django would write the address of what is refused, and with it the secret


def test_guesses_are_counted(client: Client) -> None:
    codes = [client.get(f"/gop-hinh/{number:032x}").status_code for number in range(21)]
    assert codes == [404] * 20 + [429]


def test_an_answer_is_told_to_the_police_alone_and_a_lack_at_its_field(
    head: Client, appeal: Appeal, client: Client, log_in: LogIn
) -> None:  # fmt: skip
    path = link_of(head, appeal)
    assert client.post(path, {"do": "answer", "answer": "fetch"}).status_code == 422
    client.post(path, {"do": "answer", "answer": "declined", "words": "gọi 0912 345 678"})
    assert "0912 345 678" in text(head.get(f"/appeals/{appeal.key}"))
    team = log_in(of_team(Hamlet.objects.get()))
    seen = text(team.get(f"/appeals/{appeal.key}"))
    assert appeal.why in seen
    assert "0912 345 678" not in seen
    assert team.post(f"/appeals/{appeal.key}/close", {}).status_code == 403
    assert link_of(team, appeal)
    assert "không cung cấp" not in text(head.get("/appeals"))  # lists say how many answered, not what


# --- files ------------------------------------------------------------------------------------------------------------
DATA = b"\0\1\2\3" * (MIB // 4) + b"the end"


def test_pieces_over_a_broken_line_with_other_bytes_and_out_of_order(client: Client, link: str) -> None:
    url = begin(client, link, DATA, "../<b>ch01.dav").json()["url"]
    assert patch(client, url, 0, DATA[:MIB]).headers["Upload-Offset"] == str(MIB)
    again = begin(client, link, DATA).json()
    assert (again["url"], again["offset"]) == (url, MIB)
    assert client.head(url).headers["Upload-Offset"] == str(MIB)
    early = patch(client, url, 0, DATA[:MIB])
    assert (early.status_code, early.headers["Upload-Offset"]) == (409, str(MIB))
    assert patch(client, url, MIB, b"other.!").status_code == 460
    assert [patch(client, url, one, b"").status_code for one in ("", "-1", "٣", "9" * 20)] == [400] * 4
    assert patch(client, url, MIB, b"x" * (4 * MIB + 1)).status_code == 413
    assert patch(client, url, MIB, DATA[MIB:]).status_code == 204
    page = text(client.get(f"{link}/bien-nhan"))
    assert page.count(hashlib.sha256(DATA).hexdigest()) == 2
    assert "&lt;b&gt;ch01" in page
    assert patch(client, f"{link}/tep/0000000000", 0, b"x").status_code == 404


def test_clear_answers_to_what_is_not_taken(
    head: Client, appeal: Appeal, client: Client, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    assert begin(client, link, b"").status_code == 422
    assert client.post(f"{link}/tep", "{", content_type="application/json").status_code == 422
    assert client.post(f"{link}/tep", "x" * 400_001, content_type="application/json").status_code == 413
    tight = replace(shelf_here(), free=lambda _folder: 0)
    with monkeypatch.context() as full:
        full.setattr(appeal_public, "shelf_here", lambda: tight)
        answer = begin(client, link, DATA)
        assert (answer.status_code, "chỗ" in answer.json()["message"]) == (507, True)
    url = begin(client, link, DATA).json()["url"]
    head.post(f"/appeals/{appeal.key}/close", {"close_note": "xong"})
    assert patch(client, url, 0, DATA[:MIB]).status_code == 410
    assert begin(client, link, b"more").status_code == 410
    assert "đã kết thúc" in text(client.get(link))


def test_without_scripts_a_form_sends_files_whole(client: Client, link: str) -> None:
    assert client.post(link, {"do": "files"}).status_code == 422
    sent = [SimpleUploadedFile("a.mp4", b"one"), SimpleUploadedFile("b.mp4", b"")]
    said = text(client.post(link, {"do": "files", "files": sent}))
    assert "rỗng" in said
    assert hashlib.sha256(b"one").hexdigest() in said
    assert text(client.get(f"{link}/bien-nhan")).count(hashlib.sha256(b"one").hexdigest()) == 1  # nobody counted before it came


# --- looking ----------------------------------------------------------------------------------------------------------
def test_a_look_is_written_down_before_any_byte_and_is_one_person_s(
    head: Client, appeal: Appeal, client: Client, link: str, log_in: LogIn, tmp_path: Path
) -> None:  # fmt: skip
    data = film(tmp_path / "a.mp4").read_bytes()
    file = send(client, link, data)
    base = f"/appeals/{appeal.key}/files/{file.key}"
    assert (head.get(base).status_code, Look.objects.count()) == (404, 0)
    assert head.post(f"{base}/look", {"purpose": "nothing", "do": "view"}).status_code == 422
    form = head.get(f"/appeals/{appeal.key}").context["looking"]
    reason = {"purpose": form.fields["purpose"].choices[0][0], "reference": appeal.incident.sign}
    page = text(head.get(head.post(f"{base}/look", {**reason, "do": "view"}).headers["Location"]))
    assert (Look.objects.get().kind, AppealStep.objects.last().code) == ("history", "viewed")  # type: ignore[union-attr]
    url = re.search(r'<video[^>]* src="([^"]+)"', page)[1]  # type: ignore[index]
    part = head.get(url, headers={"Range": "bytes=4-7"})
    assert (part.status_code, b"".join(part.streaming_content), part.headers["Content-Type"]) == (206, data[4:8], "video/mp4")  # type: ignore[attr-defined]
    assert log_in(person(Role.DUTY)).get(url).status_code == 404
    taken = head.get(head.post(f"{base}/look", {**reason, "do": "take"}).headers["Location"])
    assert b"".join(taken.streaming_content) == data  # type: ignore[attr-defined]
    assert taken.headers["Content-Disposition"].endswith('.dav"')
    head.post(f"{base}/hand", {"how": "handed", "to": "Cơ quan điều tra, 12/QĐ"})
    log = text(head.get("/audit"))
    assert f"camera ghi danh {appeal.eye.key}" in log
    assert appeal.eye.name not in log
    assert list(AppealStep.objects.values_list("code", flat=True))[-4:] == ["arrived", "viewed", "taken", "handed"]


def test_what_no_browser_plays_is_watched_by_a_copy(
    head: Client, appeal: Appeal, client: Client, link: str, tmp_path: Path
) -> None:  # fmt: skip
    """Made on a press; the look is a row before its first byte, and the film that came is taken out as it was."""
    data = film(tmp_path / "a.avi", "mpeg4").read_bytes()
    file = send(client, link, data)
    base, shelf = f"/appeals/{appeal.key}/files/{file.key}", shelf_here()
    assert "Tạo bản sao để xem" in text(head.get(f"/appeals/{appeal.key}"))
    for _press in range(2):
        assert head.post(f"{base}/copy").status_code == 302
    assert "đang chờ đến lượt" in text(head.get(f"/appeals/{appeal.key}"))
    stop = threading.Event()
    stop.set()
    make_films(stop)
    page = text(head.get(f"/appeals/{appeal.key}"))
    assert "đã sẵn sàng" in page
    form = head.get(f"/appeals/{appeal.key}").context["looking"]
    reason = {"purpose": form.fields["purpose"].choices[0][0], "reference": appeal.incident.sign}
    assert Look.objects.count() == 0
    shown = text(head.get(head.post(f"{base}/look", {**reason, "do": "view"}).headers["Location"]))
    assert (Look.objects.count(), AppealStep.objects.last().code) == (1, "viewed")  # type: ignore[union-attr]
    assert "Tệp gốc với mã SHA-256 mới là chứng cứ" in shown
    url = re.search(r'<video[^>]* src="([^"]+)"', shown)[1]  # type: ignore[index]
    got = head.get(url, headers={"Range": "bytes=0-"})
    made = shelf.watching(file.sha256).read_bytes()
    assert (b"".join(got.streaming_content), got.headers["Content-Type"]) == (made, "video/mp4")  # type: ignore[attr-defined]
    assert f"VIEWING COPY {file.sha256[:12]}".encode() in made
    taken = head.get(head.post(f"{base}/look", {**reason, "do": "take"}).headers["Location"])
    assert b"".join(taken.streaming_content) == data  # type: ignore[attr-defined]
    assert shelf.kept(file.sha256).read_bytes() == data


def test_the_head_destroys_by_a_second_press_while_the_incident_is_open(
    head: Client, appeal: Appeal, client: Client, link: str, log_in: LogIn
) -> None:  # fmt: skip
    file = send(client, link, b"DHAV of a maker")
    url, duty = f"/appeals/{appeal.key}/files/{file.key}/destroy", log_in(person(Role.DUTY))
    assert duty.post(url, {"destroy_why": "x", "sure": "1"}).status_code in (403, 404)
    assert url not in text(duty.get(f"/appeals/{appeal.key}"))
    first = head.post(url, {"destroy_why": "chủ nhà rút lại <b>"})
    assert (first.status_code, 'name="sure" value="1"' in text(first)) == (422, True)
    assert "chủ nhà rút lại &lt;b&gt;" in text(first)
    assert shelf_here().kept(file.sha256).exists()
    assert head.post(url, {"destroy_why": "chủ nhà rút lại <b>", "sure": "1"}).status_code == 302
    page = text(head.get(f"/appeals/{appeal.key}"))
    assert "chủ nhà rút lại &lt;b&gt;" in page
    assert not shelf_here().kept(file.sha256).exists()


def test_what_no_browser_plays_is_only_taken_out(head: Client, appeal: Appeal, client: Client, link: str) -> None:
    file = send(client, link, b"DHAV of a maker")
    assert 'value="view"' not in text(head.get(f"/appeals/{appeal.key}"))
    form = head.get(f"/appeals/{appeal.key}").context["looking"]
    reason = {"purpose": form.fields["purpose"].choices[0][0], "reference": "1/2026", "do": "view"}
    assert head.post(f"/appeals/{appeal.key}/files/{file.key}/look", reason).status_code == 404
    end_appeals.func()
    assert shelf_here().kept(file.sha256).exists()
