"""Word out through the web: residents wish, one writes, another approves, it leaves once, and everybody can end it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from luytre.base.environment_sending import MailServer
from luytre.civic.access.models import Role, User
from luytre.civic.dispatch.channels import ChannelName, End, Outcome, Why
from luytre.civic.dispatch.models import Device, Message, State, Subscriber
from luytre.civic.dispatch.sending import MOST_TRIES, Sender
from luytre.web import senders
from luytre.web.forms_tips import local_input
from luytre.web.tasks import ask_to_confirm
from luytre.web.views import subscribe_public, tip_public
from tests.civic.dispatch.cast import FakeChannel, hamlet, subscriber
from tests.civic.dispatch.test_addresses import push
from tests.web.cast import person

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
MAIL = FakeChannel()
PUSH = FakeChannel()


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Iterator[None]:
    """Nobody has asked in this hour; keys lie in the test's own folder; mail is set up, and nothing leaves."""
    from luytre.civic.tips.pace import Pace

    monkeypatch.setattr(subscribe_public, "PACE", Pace(lambda: 0.0))
    mail = MailServer("mail.example.vn", 587, "", "", tls=False, starttls=True, sender="a@xa.vn")
    sending = replace(settings.ENVIRONMENT.sending, mail=mail)
    settings.LUYTRE_SECRETS_DIR = tmp_path / "secrets"
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, public_url="https://xa.example", sending=sending)
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    MAIL.sent.clear()
    PUSH.sent.clear()
    monkeypatch.setattr(senders, "channels", lambda: {ChannelName.PUSH: PUSH, ChannelName.MAIL: MAIL})
    caches = (senders.key, senders.push_key, tip_public.efforts)
    for each in caches:
        each.cache_clear()
    yield
    for each in caches:
        each.cache_clear()


def text(response: Any) -> str:
    return str(response.content.decode())


def wish(client: Client, **changes: object) -> HttpResponse:
    fields = {"channel": "mail", "address": "lan@example.vn", "topics": ["disaster"], "everywhere": "on"}
    accept = {"Accept": "application/json"} if changes.pop("as_json", False) else {}
    sent: HttpResponse = client.post("/nhan-tin", {**fields, **changes}, headers=accept)  # type: ignore[assignment]
    return sent


def link_in(words: str) -> str:
    return re.search(r"https://xa\.example(/nhan-tin/\S+)", words)[1]  # type: ignore[index]


def message(**changes: object) -> dict[str, object]:
    until = local_input(timezone.now() + timedelta(hours=5))
    fields = {"topic": "disaster", "title": "Nước lên", "words": "Không qua ngầm.", "everywhere": "on", "until": until}
    return {**fields, **changes}


def test_wished_by_mail_confirmed_sent_read_and_ended_without_a_script(client: Client, log_in: LogIn) -> None:
    assert wish(client).status_code == 201
    confirm = link_in(MAIL.sent[0][1].words)
    assert client.get(confirm).status_code == 200
    assert not Subscriber.objects.get().confirmed  # looked at by a mail scanner
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(confirm).status_code == 200
    duty, head = log_in(person(Role.DUTY)), log_in(person(Role.HEAD))
    made = duty.post("/dispatch/new", message(urgent="on", why_urgent="vỡ đê"))
    address = made.headers["Location"]
    one = Message.objects.get()
    assert "1 nơi sẽ nhận" in text(head.get(address))
    assert duty.post(f"{address}/approve", {"revision": "1"}).status_code == 403
    for revision in ("2", "x", ""):
        head.post(f"{address}/approve", {"revision": revision})
        one.refresh_from_db()
        assert one.state == State.WRITTEN
    head.post(f"{address}/approve", {"revision": "1"})
    sending = Sender({ChannelName.MAIL: MAIL}, senders.letter_for, lambda: 0.0, senders.quiet(), ZoneInfo("Asia/Ho_Chi_Minh"))
    assert sending.tick(timezone.now()) == 1
    to, letter = MAIL.sent[-1]
    assert (to, letter.title) == ("lan@example.vn", "Nước lên")
    assert "Thôi nhận: https://xa.example/nhan-tin/thoi/" in letter.words
    assert "Không qua ngầm." in text(client.get(f"/nhan-tin/tin/{one.key}"))
    page = text(head.get(address))
    assert "lan@" not in page
    end = letter.end_link.removeprefix("https://xa.example")
    client.get(end)
    assert Subscriber.objects.count() == 1
    assert strict.post(end, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscriber.objects.exists()
    assert "Đã thôi nhận" in text(client.get(end))


def test_a_browser_wishes_and_ends_by_its_own_address(client: Client) -> None:
    assert wish(client, channel="push", address=push(), as_json=True).status_code == 201
    assert Subscriber.objects.get().confirmed
    assert client.post("/nhan-tin", {"do": "end", "address": push()}).json() == {"ended": True}
    assert not Subscriber.objects.exists()
    assert client.post("/nhan-tin", {"do": "end", "address": "{"}).status_code == 422


def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(client: Client) -> None:
    answer = wish(client, address="a@b.vn\nBcc: x@y.vn", topics=[], everywhere="", hamlets=[])
    assert answer.status_code == 422
    assert "a@b.vn" in text(answer)
    found = wish(client, channel="push", address=push("https://10.0.0.1/x"), topics=[], everywhere="", as_json=True).json()  # type: ignore[attr-defined]
    assert set(found["errors"]) == {"address", "topics", "hamlets"}
    sms = wish(client, channel="sms", address="0912345678", topics="zz", as_json=True)  # not set up here
    assert {"channel", "topics"} <= set(sms.json()["errors"])  # type: ignore[attr-defined]
    assert not Subscriber.objects.exists()


def test_the_answer_tells_nothing_of_others_and_no_box_is_filled(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscribe_public, "_refused", lambda _request: "")
    answers = [text(wish(client)) for _ in range(5)]
    Subscriber.objects.update(confirmed=True)
    subscribe_public.PACE._counts.clear()
    answers.append(text(wish(client)))
    assert len(set(answers)) == 1
    assert len(MAIL.sent) == subscribe_public.MOST_LETTERS + 1
    assert MAIL.sent[-1][1].title == "Nơi này đang nhận tin của công an xã rồi"
    assert Subscriber.objects.count() == 1


def test_many_from_one_network_do_some_work_and_too_many_are_refused(client: Client) -> None:
    answers = [wish(client, address=f"a{number}@b.vn", as_json=True) for number in range(3)]
    assert [one.status_code for one in answers] == [201, 201, 429]
    for _ in range(subscribe_public.MOST_AN_HOUR):
        subscribe_public.PACE.add(subscribe_public.ASKED, "127.0.0.1")
    assert "sau một giờ" in text(wish(client))


def test_a_link_to_confirm_of_somebody_who_left_is_not_sent() -> None:
    ask_to_confirm.call(7)
    assert MAIL.sent == []


def test_a_link_that_did_not_go_out_is_sent_later(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from django_tasks_db.models import DBTaskResult

    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    one = subscriber(1)
    down = FakeChannel(lambda _to: Outcome(End.LATER, Why.NO_ANSWER))
    monkeypatch.setattr(senders, "channels", lambda: {ChannelName.MAIL: down})
    ask_to_confirm.call(one.pk)
    [again] = DBTaskResult.objects.all()
    assert again.args_kwargs["args"] == [one.pk, 2]
    assert again.run_after > timezone.now()
    ask_to_confirm.call(one.pk, MOST_TRIES)
    assert DBTaskResult.objects.count() == 1
    down.answer = lambda _to: Outcome(End.GONE, Why.ADDRESS)
    ask_to_confirm.call(one.pk)
    assert not Subscriber.objects.exists()


def test_the_public_pages_leave_nothing_behind(client: Client) -> None:
    for path in ("/nhan-tin", "/nhan-tin?lang=en", "/nhan-tin/xac-nhan/x-y", "/nhan-tin/thoi/x-y", "/nhan-tin/sw.js"):
        assert not client.get(path).cookies
    assert "Messages of the commune police" in text(client.get("/nhan-tin?lang=en"))
    assert client.get("/nhan-tin/tin/none").status_code == 404


def test_written_seen_changed_refused_stopped(log_in: LogIn) -> None:
    east = hamlet("Thôn Đông")
    duty, head = log_in(person(Role.DUTY)), log_in(person(Role.HEAD))
    seen = text(
        duty.post("/dispatch/new", message(do="preview", title="<script>x</script>", words_en="Do not cross", title_en="Flood"))
    )
    assert "&lt;script&gt;x" in seen
    assert "SMS không dấu" in seen
    assert "Do not cross" in seen
    assert not Message.objects.exists()
    bad = duty.post("/dispatch/new", message(title="", until="yesterday", everywhere="", words="giữ lại"))
    assert bad.status_code == 422
    assert "giữ lại" in text(bad)
    past = duty.post("/dispatch/new", message(until="2020-01-01T00:00", everywhere=""))
    assert "chưa qua" in text(past)
    assert "Hãy chọn ít nhất một thôn" in text(past)
    address = duty.post("/dispatch/new", message(everywhere="", hamlets=[east.pk])).headers["Location"]
    assert "Thôn Đông" in text(duty.get("/dispatch"))
    assert 'value="Nước lên"' in text(duty.get(f"{address}/edit"))
    duty.post(f"{address}/edit", message(title="Nước rút", everywhere="", hamlets=[east.pk]))
    assert "đã được sửa" in text(head.post(f"{address}/approve", {"revision": "1"}, follow=True))
    assert head.post(f"{address}/refuse", {"why": ""}).status_code == 422
    assert "sai thôn" in text(head.post(f"{address}/refuse", {"why": "sai thôn"}, follow=True))
    assert duty.get(f"{address}/edit").status_code == 302
    other = duty.post("/dispatch/new", message()).headers["Location"]
    assert "thôi" in text(duty.post(f"{other}/stop", {"why": "thôi"}, follow=True))


@pytest.mark.usefixtures("recorder")
def test_a_device_rings_is_named_and_goes_with_its_session(log_in: LogIn) -> None:
    user = person(Role.DUTY)
    one, other = log_in(user), log_in(user)
    agent = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36"}
    assert one.post("/account/devices/add", {"address": push()}, headers=agent).status_code == 201
    assert other.post("/account/devices/add", {"address": push("https://push.example.net/two")}).status_code == 201
    assert one.post("/account/devices/add", {"address": push("http://127.0.0.1/")}).status_code == 422
    device = Device.objects.first()
    assert device is not None
    assert "Android" in text(one.get("/account"))
    one.post(f"/account/devices/{device.key}/morning")
    assert "có bản tin buổi sáng" in text(one.get("/account"))
    stranger = log_in(person(Role.HEAD))
    assert stranger.post(f"/account/devices/{device.key}/remove").status_code == 404
    other.post("/account/sessions/end")  # the first one's among them
    assert one.get("/account").status_code == 302
    assert Device.objects.get().pk != device.pk
    other.post(f"/account/devices/{Device.objects.get().key}/remove")
    assert not Device.objects.exists()
    other.post("/account/devices/add", {"address": push()})
    other.post("/logout")
    assert not Device.objects.exists()
