"""Tokens for the recorder: what is in them, who gets them, and the row of the access log that comes first."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.core import signing
from django.db import DatabaseError
from django.test import Client

from luytre.bridge.tokens import RECORDER, WEB
from luytre.civic.access.models import Look, LookKind, Role, User
from luytre.civic.regulations.approval import approve, begin_draft, write_draft
from luytre.civic.regulations.proposal import PROPOSAL
from luytre.civic.regulations.rules import Purpose, Way
from luytre.web.views import media
from tests.web.cast import camera, chief, person, viewer_of
from tests.web.conftest import KEY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("recorder")]
FROM, TO = 1_795_500_000, 1_795_503_600


def ask(client: Client, path: str = "/media/token", **body: Any) -> Any:
    body = {"purpose_key": "order"} | body
    return client.post(path, json.dumps(body), content_type="application/json", headers={"Accept": "application/json"})


def claims(token: str) -> dict[str, Any]:
    found: dict[str, Any] = jwt.decode(token, KEY, algorithms=["HS256"], audience=RECORDER)
    return found


def test_a_live_token_names_its_cameras_and_the_look_is_written_first(log_in: Callable[[User], Client]) -> None:
    one, two = camera("Một"), camera("Hai")
    user = person(Role.DUTY)
    answer = ask(log_in(user), right="live", cameras=[one.key, two.key]).json()
    found = claims(answer["token"])
    assert found["iss"] == WEB
    assert (found["sub"], found["right"], found["cams"]) == (str(user.pk), "live", [one.key, two.key])
    assert 299 < found["exp"] - found["iat"] <= 300
    assert "from" not in found
    assert sorted(Look.objects.values_list("camera", "kind", "user")) == sorted(
        [(one.key, "live", user.pk), (two.key, "live", user.pk)]
    )


def test_a_renewal_with_its_ticket_is_the_same_look(log_in: Callable[[User], Client]) -> None:
    one, client = camera(), log_in(person(Role.DUTY))
    first = ask(client, right="live", cameras=[one.key]).json()
    second = ask(client, right="live", cameras=[one.key], ticket=first["ticket"]).json()
    assert Look.objects.count() == 1
    assert claims(second["token"])["jti"] != claims(first["token"])["jti"]


def test_a_ticket_is_good_for_nobody_and_nothing_else(log_in: Callable[[User], Client]) -> None:
    one, two = camera("Một"), camera("Hai")
    client = log_in(person(Role.DUTY))
    ticket = ask(client, right="live", cameras=[one.key]).json()["ticket"]
    ask(client, right="live", cameras=[two.key], ticket=ticket)
    assert Look.objects.count() == 2
    ask(client, right="history", cameras=[one.key], ticket=ticket, **{"from": FROM, "to": TO})
    assert Look.objects.count() == 3
    ask(log_in(chief()), right="live", cameras=[one.key], ticket=ticket)
    assert Look.objects.count() == 4
    ask(client, right="live", cameras=[one.key], ticket="forged")
    assert Look.objects.count() == 5


def test_an_old_ticket_is_a_new_look(log_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch) -> None:
    one, client = camera(), log_in(person(Role.DUTY))
    ticket = ask(client, right="live", cameras=[one.key]).json()["ticket"]
    real = signing.time.time  # type: ignore[attr-defined]
    monkeypatch.setattr(signing.time, "time", lambda: real() + media.LOOK_AGE_S + 1)  # type: ignore[attr-defined]
    ask(client, right="live", cameras=[one.key], ticket=ticket)
    assert Look.objects.count() == 2


def test_a_history_token_carries_its_span(log_in: Callable[[User], Client]) -> None:
    one = camera()
    answer = ask(log_in(person(Role.DUTY)), right="history", cameras=[one.key], **{"from": FROM, "to": TO}).json()
    found = claims(answer["token"])
    assert (found["right"], found["from"], found["to"]) == ("history", FROM, TO)
    look = Look.objects.get()
    assert (look.span_start and look.span_start.timestamp(), look.span_end and look.span_end.timestamp()) == (FROM, TO)


def put_in_force() -> None:
    """A regulation whose purposes want a number for thefts, and none for accidents; clips only for thefts."""
    theft = Purpose("theft", "Mất trộm", "Theft", (Way.HISTORY, Way.EXPORT), reference=True)
    accident = Purpose("accident", "Tai nạn giao thông", "Accident", (Way.HISTORY,), reference=False)
    by, now = chief("head"), datetime.now(UTC)
    begin_draft(by, now, from_proposal=True)
    write_draft(by, replace(PROPOSAL, purposes=(theft, accident)), 1, now)
    approve(by, 2, None, now)


def test_who_looks_back_without_a_purpose_gets_no_token_and_leaves_no_row(log_in: Callable[[User], Client]) -> None:
    one, client = camera(), log_in(person(Role.DUTY))
    put_in_force()
    span: dict[str, Any] = {"right": "history", "cameras": [one.key], "from": FROM, "to": TO}
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"purpose_key": ""}, "purpose"),
        ({"purpose_key": "order"}, "purpose"),
        ({"purpose_key": ["accident"]}, "purpose"),
        ({"purpose_key": "theft"}, "reference"),
        ({"purpose_key": "theft", "reference": "  "}, "reference"),
    ]
    for said, lacks in wrong:
        answer = ask(client, **span, **said)
        assert (answer.status_code, answer.json()["error"]) == (428, lacks), said
        assert "token" not in answer.json()
        assert answer.json()["purposes"] == [
            {"key": "theft", "words": "Mất trộm", "reference": True},
            {"key": "accident", "words": "Tai nạn giao thông", "reference": False},
        ]
    assert not Look.objects.exists()
    assert ask(client, right="live", cameras=[one.key], purpose_key="").status_code == 200


def test_the_reason_stands_in_the_row_and_another_reason_is_another_look(log_in: Callable[[User], Client]) -> None:
    one, client = camera(), log_in(person(Role.DUTY))
    put_in_force()
    said: dict[str, Any] = {"purpose_key": "theft", "reference": " VV 12/2026 ", "purpose": "xe máy  đỏ"}
    span: dict[str, Any] = {"right": "history", "cameras": [one.key], "from": FROM, "to": TO}
    ticket = ask(client, **span, **said).json()["ticket"]
    assert ask(client, **span, **said, ticket=ticket).status_code == 200
    assert Look.objects.values_list("purpose_key", "reference", "purpose").get() == ("theft", "VV 12/2026", "xe máy đỏ")
    assert ask(client, **span, purpose_key="accident", ticket=ticket).status_code == 200
    assert ask(client, **span, **(said | {"reference": "VV 13/2026"}), ticket=ticket).status_code == 200
    assert Look.objects.count() == 3


def test_the_viewers_name_stands_in_the_pictures_where_the_regulation_wants_it(log_in: Callable[[User], Client]) -> None:
    camera()
    client = log_in(person(Role.DUTY, display_name="Trực ban ca 2"))
    pages = ("/wall", "/playback")
    assert ['"watermark": ""' in client.get(path).content.decode() for path in pages] == [True, True]
    put_in_force()
    said = json.dumps("Trực ban ca 2")
    assert [f'"watermark": {said}' in client.get(path).content.decode() for path in pages] == [True, True]


def test_a_clip_is_taken_out_for_a_purpose_that_clips_may_serve(log_in: Callable[[User], Client]) -> None:
    one, client = camera(), log_in(person(Role.DUTY))
    put_in_force()
    span: dict[str, Any] = {"cameras": [one.key], "from": FROM, "to": TO}
    assert ask(client, "/export", **span, purpose_key="accident").status_code == 428
    assert ask(client, "/export", **span, purpose_key="theft").status_code == 428
    assert ask(client, "/export", **span, purpose_key="theft", reference="VV 12/2026").status_code == 200
    assert Look.objects.values_list("kind", "purpose_key", "reference").get() == ("export", "theft", "VV 12/2026")


def test_a_purpose_that_the_regulation_drops_renews_nothing(log_in: Callable[[User], Client]) -> None:
    one, client = camera(), log_in(person(Role.DUTY))
    span: dict[str, Any] = {"right": "history", "cameras": [one.key], "from": FROM, "to": TO}
    ticket = ask(client, **span).json()["ticket"]
    put_in_force()
    assert ask(client, **span, ticket=ticket).status_code == 428


def test_a_viewer_gets_what_was_given_and_nothing_else(log_in: Callable[[User], Client]) -> None:
    mine, other = camera("Một"), camera("Hai")
    client = log_in(viewer_of(mine))
    assert ask(client, right="live", cameras=[mine.key]).status_code == 200
    assert ask(client, right="live", cameras=[other.key]).status_code == 403
    both = ask(client, right="live", cameras=[mine.key, other.key])
    assert (both.status_code, both.json()["refused"]) == (403, [other.key])
    assert ask(client, right="live", cameras=["*"]).status_code == 403
    assert ask(client, right="history", cameras=[mine.key], **{"from": FROM, "to": TO}).status_code == 403
    assert ask(client, "/export", cameras=[mine.key], **{"from": FROM, "to": TO}).status_code == 403
    assert Look.objects.count() == 1


def test_a_viewer_with_history_may_look_back_but_not_take_out(log_in: Callable[[User], Client]) -> None:
    mine = camera()
    client = log_in(viewer_of(mine, history=True))
    assert ask(client, right="history", cameras=[mine.key], **{"from": FROM, "to": TO}).status_code == 200
    assert ask(client, "/export", cameras=[mine.key], **{"from": FROM, "to": TO}).status_code == 403
    page = client.get("/playback").content.decode()
    assert mine.key in page
    assert 'id="export"' not in page


def test_an_archived_camera_is_nobodys(log_in: Callable[[User], Client]) -> None:
    one = camera()
    one.archived = True
    one.save()
    assert ask(log_in(chief()), right="live", cameras=[one.key]).status_code == 403


def test_an_export_is_written_down_and_its_address_carries_its_own_token(log_in: Callable[[User], Client]) -> None:
    one, user = camera(), person(Role.DUTY)
    answer = ask(log_in(user), "/export", cameras=[one.key], purpose="mất xe", **{"from": FROM + 0.25, "to": TO}).json()
    url = urlsplit(answer["url"])
    query = parse_qs(url.query)
    assert url.path == f"/v1/mp4/{one.key}/main"
    assert url.netloc == "testserver:8081"
    found = claims(query["token"][0])
    assert (found["right"], found["cams"], found["from"], found["to"]) == ("export", [one.key], FROM + 0.25, TO)
    assert float(query["from"][0]) >= found["from"]
    assert float(query["to"][0]) <= found["to"]
    look = Look.objects.get()
    assert (look.kind, look.purpose) == (LookKind.EXPORT, "mất xe")


def test_no_token_without_its_row(log_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise DatabaseError("disk is full")

    one, client = camera(), log_in(person(Role.DUTY))
    monkeypatch.setattr(media, "record_look", broken)
    client.raise_request_exception = False
    assert ask(client, right="live", cameras=[one.key]).status_code == 500


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"right": "live"},
        {"right": "live", "cameras": []},
        {"right": "live", "cameras": [1]},
        {"right": "live", "cameras": "x"},
        {"right": "live", "cameras": [["x"]]},
        {"right": "live", "cameras": None},
        {"right": "live", "cameras": [str(n) for n in range(500)]},
        {"right": "manage", "cameras": ["x"]},
        {"right": "export", "cameras": ["x"]},
        {"right": ["live"], "cameras": ["x"]},
        {"right": "history", "cameras": ["x"]},
        {"right": "history", "cameras": ["x"], "from": TO, "to": FROM},
        {"right": "history", "cameras": ["x"], "from": FROM, "to": FROM},
        {"right": "history", "cameras": ["x"], "from": True, "to": 5},
        {"right": "history", "cameras": ["x"], "from": "a", "to": "b"},
        {"right": "history", "cameras": ["x"], "from": 0, "to": 1e300},
        {"right": "history", "cameras": ["x"], "from": 0, "to": TO},
    ],
)
def test_what_cannot_be_asked_gets_a_sentence(log_in: Callable[[User], Client], body: dict[str, Any]) -> None:
    response = ask(log_in(person(Role.DUTY)), **body)
    assert response.status_code == 400
    assert response.json()["message"]
    assert not Look.objects.exists()


@pytest.mark.parametrize("raw", [b"", b"[]", b"null", b"{", b'"x"', b"\xff\xfe"])
def test_what_is_no_json_gets_a_sentence(log_in: Callable[[User], Client], raw: bytes) -> None:
    client = log_in(person(Role.DUTY))
    for path in ("/media/token", "/export"):
        assert client.post(path, raw, content_type="application/json").status_code == 400


def test_the_log_is_only_written_to(log_in: Callable[[User], Client]) -> None:
    one = camera()
    ask(log_in(person(Role.DUTY)), right="live", cameras=[one.key])
    look = Look.objects.get()
    look.purpose = "changed"
    with pytest.raises(TypeError):
        look.save()
    with pytest.raises(TypeError):
        look.delete()
