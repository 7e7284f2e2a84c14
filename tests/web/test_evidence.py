"""Clips that wait for their approval: asked for, decided on, taken out; and everything that must not open them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from luytre.base.errors import UsageError
from luytre.civic.access.assignments import end
from luytre.civic.access.looks import Reason, Span
from luytre.civic.access.models import Look, Role, User
from luytre.civic.evidence.models import ClipDecision, ClipRequest
from luytre.civic.evidence.requests import GOOD_FOR, WAITS, State, ask, decide, standing, waiting_for
from luytre.civic.regulations.approval import approve, begin_draft, draft, write_draft
from luytre.civic.regulations.proposal import PROPOSAL
from luytre.civic.regulations.rules import Actor, Approvals
from tests.web.cast import camera, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("recorder")]
LogIn = Callable[[User], Client]
FROM, TO = 1_795_500_000, 1_795_500_060
SPAN = Span(datetime.fromtimestamp(FROM, UTC), datetime.fromtimestamp(TO, UTC))
WHY = {"purpose_key": "crime", "reference": "VV 12/2026"}


def regulate(persons: int, roles: tuple[Actor, ...] = (Actor.HEAD, Actor.DUTY), at: datetime | None = None) -> User:
    """In force from now on; the head who approved it."""
    head = User.objects.filter(username="head").first() or person(Role.HEAD)
    now = at or datetime.now(UTC)
    begin_draft(head, now, from_proposal=True)
    found = draft()
    assert found is not None
    write_draft(head, replace(PROPOSAL, export=Approvals(persons, roles)), found.stamp, now)
    approve(head, found.stamp + 1, None, now)
    return head


def post(client: Client, path: str, **body: Any) -> Any:
    said = {"from": FROM, "to": TO} | WHY | body
    return client.post(path, json.dumps(said), content_type="application/json", headers={"Accept": "application/json"})


def asked_for(by: User, *keys: str, at: datetime | None = None) -> ClipRequest:
    return ask(by, keys, SPAN, Reason("crime", "VV 12/2026"), at or datetime.now(UTC))


def test_no_clip_leaves_before_somebody_else_agreed(log_in: LogIn) -> None:
    one, two = camera("Một"), camera("Hai")
    head, duty = regulate(1), person(Role.DUTY)
    mine, chief = log_in(duty), log_in(head)
    refused = post(mine, "/export", cameras=[one.key])
    assert (refused.status_code, refused.json()["error"], refused.json()["ask"]) == (409, "approval", "/evidence/ask")
    assert not Look.objects.exists(), "nothing left, so nobody looked"
    asked = post(mine, "/evidence/ask", cameras=[one.key, two.key]).json()
    key = asked["url"].rsplit("/", 1)[1]
    waiting = post(mine, "/export", cameras=[one.key], request=key)
    assert (waiting.status_code, "url" in waiting.json()) == (403, False)
    assert "chờ duyệt" in waiting.json()["message"]
    assert "1 yêu cầu đang chờ" in chief.get("/regulation").content.decode()
    assert chief.post(f"/evidence/{key}/decide", {"agreed": "1"}).status_code == 302
    assert "/v1/mp4/" in post(mine, "/export", cameras=[one.key], request=key).json()["url"]
    assert post(mine, "/export", cameras=[two.key], request=key).status_code == 200
    assert sorted(Look.objects.values_list("camera", "kind", "reference")) == sorted(
        [(one.key, "export", "VV 12/2026"), (two.key, "export", "VV 12/2026")]
    )


def test_an_approval_opens_nothing_but_what_was_asked_for(log_in: LogIn) -> None:
    one, other = camera("Một"), camera("Hai")
    head, duty = regulate(1), person(Role.DUTY)
    request = asked_for(duty, one.key)
    decide(head, request, True, "", datetime.now(UTC))
    mine = log_in(duty)
    assert post(mine, "/export", cameras=[other.key], request=request.key).status_code == 403
    assert post(mine, "/export", cameras=[one.key], request=request.key, to=TO + 1).status_code == 403
    assert post(mine, "/export", cameras=[one.key], request=request.key, **{"from": FROM - 1}).status_code == 403
    assert post(mine, "/export", cameras=[one.key], request="guessed").status_code == 403
    assert post(log_in(head), "/export", cameras=[one.key], request=request.key).status_code == 403, "another person's"
    assert post(mine, "/export", cameras=[one.key], request=request.key, purpose_key="").status_code == 428
    assert not Look.objects.exists()
    assert post(mine, "/export", cameras=[one.key], request=request.key).status_code == 200


def test_two_persons_are_two_persons(log_in: LogIn) -> None:
    one = camera()
    head, duty, second = regulate(2), person(Role.DUTY), person(Role.DUTY, "second")
    request, now = asked_for(duty, one.key), datetime.now(UTC)
    assert decide(head, request, True, "", now).state is State.WAITING
    with pytest.raises(UsageError):
        decide(head, request, True, "", now)
    with pytest.raises(UsageError):
        decide(duty, request, True, "", now)
    answer = log_in(duty).post(f"/evidence/{request.key}/decide", {"agreed": "1", "words": "tôi đồng ý"})
    assert answer.status_code == 422
    assert "Không ai tự duyệt cho mình" in answer.content.decode()
    assert decide(second, request, True, "", now).state is State.APPROVED


def test_a_refusal_has_a_reason_and_is_for_good(log_in: LogIn) -> None:
    one = camera()
    head, duty, second = regulate(2), person(Role.DUTY), person(Role.DUTY, "second")
    request = asked_for(duty, one.key)
    bare = log_in(head).post(f"/evidence/{request.key}/decide", {"agreed": "0", "words": " "})
    assert bare.status_code == 422
    assert "vì sao" in bare.content.decode()
    assert not ClipDecision.objects.exists()
    assert log_in(head).post(f"/evidence/{request.key}/decide", {"agreed": "0", "words": "quá rộng"}).status_code == 302
    assert standing(request, datetime.now(UTC)).state is State.REFUSED
    with pytest.raises(UsageError):
        decide(second, request, True, "", datetime.now(UTC))
    assert "quá rộng" in log_in(duty).get(f"/evidence/{request.key}").content.decode()
    assert post(log_in(duty), "/export", cameras=[one.key], request=request.key).status_code == 403


def test_only_whom_the_regulation_names_decides() -> None:
    one = camera()
    regulate(1, (Actor.HEAD,))
    duty, second = person(Role.DUTY), person(Role.DUTY, "second")
    request, now = asked_for(duty, one.key), datetime.now(UTC)
    assert (waiting_for(second, now), waiting_for(User.objects.get(username="head"), now), waiting_for(duty, now)) == (0, 1, 0)
    with pytest.raises(UsageError):
        decide(second, request, True, "", now)
    head = User.objects.get(username="head")
    for assignment in head.assignments.all():
        end(head, assignment, now)
    with pytest.raises(UsageError):
        decide(head, request, True, "", now + timedelta(seconds=1))


def test_a_request_runs_out_and_so_does_an_approval() -> None:
    one, now = camera(), datetime.now(UTC)
    head, duty = regulate(1), person(Role.DUTY)
    request = asked_for(duty, one.key, at=now)
    assert standing(request, now + WAITS - timedelta(seconds=1)).state is State.WAITING
    assert standing(request, now + WAITS).state is State.OVER
    with pytest.raises(UsageError):
        decide(head, request, True, "", now + WAITS)
    agreed = now + timedelta(days=1)
    decide(head, request, True, "", agreed)
    assert standing(request, agreed + GOOD_FOR - timedelta(seconds=1)).state is State.APPROVED
    assert standing(request, agreed + GOOD_FOR).state is State.OVER


def test_a_regulation_that_became_stricter_holds_at_once() -> None:
    one, now = camera(), datetime.now(UTC)
    head, duty = regulate(1, at=now), person(Role.DUTY)
    request = asked_for(duty, one.key)
    assert decide(head, request, True, "", datetime.now(UTC)).state is State.APPROVED
    regulate(2)
    assert standing(request, datetime.now(UTC)).state is State.WAITING


def test_where_no_approval_is_wanted_clips_leave_and_nothing_is_asked_for(log_in: LogIn) -> None:
    one = camera()
    regulate(0)
    mine = log_in(person(Role.DUTY))
    assert post(mine, "/export", cameras=[one.key]).status_code == 200
    assert post(mine, "/evidence/ask", cameras=[one.key]).status_code == 409
    assert not ClipRequest.objects.exists()


def test_a_request_is_within_the_scope_and_names_a_purpose(log_in: LogIn) -> None:
    one = camera()
    regulate(1)
    mine = log_in(person(Role.DUTY))
    assert post(mine, "/evidence/ask", cameras=["nobody"]).status_code == 403
    assert post(mine, "/evidence/ask", cameras=[one.key], purpose_key="").status_code == 428
    assert post(mine, "/evidence/ask", cameras=[one.key], to=FROM).status_code == 400
    assert not ClipRequest.objects.exists()


STATEMENTS = [
    "UPDATE evidence_clipdecision SET agreed = 1",
    "DELETE FROM evidence_clipdecision",
    "UPDATE evidence_cliprequest SET cameras = 'x'",
    "DELETE FROM evidence_cliprequest",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_what_was_asked_and_decided_stays(statement: str) -> None:
    head, duty = regulate(1), person(Role.DUTY)
    decide(head, asked_for(duty, camera().key), False, "không", datetime.now(UTC))
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_pages_tell_where_a_request_stands(log_in: LogIn) -> None:
    one = camera("Cổng chợ")
    head, duty = regulate(1), person(Role.DUTY)
    assert "Chưa ai xin" in log_in(duty).get("/evidence").content.decode()
    request = asked_for(duty, one.key)
    listed = log_in(head).get("/evidence").content.decode()
    assert "Cổng chợ" in listed
    assert "VV 12/2026" in listed
    assert f"/evidence/{request.key}" in listed
    before = log_in(duty).get(f"/evidence/{request.key}").content.decode()
    assert f"request={request.key}" not in before
    decide(head, request, True, "", datetime.now(UTC))
    after = log_in(duty).get(f"/evidence/{request.key}").content.decode()
    assert f"request={request.key}" in after
    playback = log_in(duty).get(f"/playback?cameras={one.key}&request={request.key}")
    assert playback.context["screen"]["approved"] == {"key": request.key, "cameras": [one.key], "from": FROM, "to": TO}
    assert "approved" not in log_in(head).get(f"/playback?cameras={one.key}&request={request.key}").context["screen"]
    assert log_in(person(Role.AUDITOR)).get(f"/evidence/{request.key}").status_code == 200
    assert log_in(duty).get("/evidence/nothing").status_code == 404


def test_a_long_list_asks_the_database_no_more_than_a_short_one(log_in: LogIn) -> None:
    several = [camera(f"Mắt {number}") for number in range(6)]
    head, duty = regulate(1), person(Role.DUTY)
    client = log_in(head)

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/evidence").status_code == 200
        return len(asked)

    asked_for(duty, several[0].key)
    few = questions()
    for number in range(20):
        decide(head, asked_for(duty, several[number % 6].key), True, "", datetime.now(UTC))
    assert questions() <= few
