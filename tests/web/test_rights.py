"""The civic half of the recorder's rights: which right a role can get at all, by whichever way the web mints tokens."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.test import Client

from luytre.bridge.tokens import RECORDER
from luytre.civic.access.models import LookKind, Role, User
from luytre.civic.access.ways import BOUNDS, LOCAL_ROLES, Way
from tests.web.cast import camera, person, viewer_of
from tests.web.conftest import KEY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("recorder")]
FROM, TO = 1_795_500_000, 1_795_503_600
ALL_RIGHTS = ("live", "history", "export", "status", "manage", "metrics")
WORKING = {"live", "history", "export"}
LOCAL = {"live", "history"}
RIGHTS_OF: dict[str, set[str]] = {
    Role.ADMINISTRATOR: set(), Role.HEAD: WORKING, Role.DUTY: WORKING, Role.HAMLET_HEAD: LOCAL, Role.SECURITY_TEAM: LOCAL,
    Role.OWNER: LOCAL, Role.COMMITTEE: set(), Role.AUDITOR: set(), Role.RESIDENT: set(), Role.SURVEYOR: set(),
    Role.TREASURER: set(),
}  # fmt: skip
"""What a role can get at most; a regulation gives an owner nothing by itself (`civic.regulations.builtin`)."""


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json", headers={"Accept": "application/json"}).json()


def token_rights(client: Client, key: str) -> set[str]:
    """The rights of all tokens that this person is given, whatever is asked for; each names this camera alone."""
    answers = [
        post(client, "/media/token", right=right, cameras=[key], purpose_key="order", **{"from": FROM, "to": TO})
        for right in ALL_RIGHTS
    ]
    exported = post(client, "/export", cameras=[key], purpose_key="order", purpose="an incident", **{"from": FROM, "to": TO})
    tokens = [answer["token"] for answer in answers if "token" in answer]
    tokens += parse_qs(urlsplit(exported.get("url", "")).query).get("token", [])
    found = [jwt.decode(token, KEY, algorithms=["HS256"], audience=RECORDER) for token in tokens]
    assert all(claims["cams"] == [key] for claims in found)
    return {claims["right"] for claims in found}


def test_the_table_and_this_list_have_the_same_roles() -> None:
    assert set(RIGHTS_OF) == {str(role) for role in Role}
    assert {role: {str(kind) for kind in LookKind if role in BOUNDS[Way(kind)]} for role in RIGHTS_OF} == RIGHTS_OF


@pytest.mark.parametrize("role", sorted(RIGHTS_OF))
def test_the_rights_that_a_role_can_get(log_in: Callable[[User], Client], role: str) -> None:
    one = camera()
    user = viewer_of(one, history=True, role=role) if role in LOCAL_ROLES else person(role)
    expected = set() if role == Role.OWNER else RIGHTS_OF[role]  # without a regulation owners see nothing
    assert token_rights(log_in(user), one.key) == expected


def test_a_viewer_without_history_and_one_of_another_camera(log_in: Callable[[User], Client]) -> None:
    one, other = camera("Một"), camera("Hai")
    client = log_in(viewer_of(one))
    assert token_rights(client, one.key) == {"live"}
    assert token_rights(client, other.key) == set()


def test_nobody_without_an_account_gets_any(client: Client) -> None:
    one = camera()
    for path in ("/media/token", "/export"):
        answer = client.post(path, "{}", content_type="application/json", headers={"Accept": "application/json"})
        assert answer.status_code in (302, 401), path
        assert one.key not in answer.content.decode()
