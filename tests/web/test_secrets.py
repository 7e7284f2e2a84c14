"""Secrets are nowhere: every page as every role, downloads, what is logged, what lies in the database and in its sessions."""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Callable, Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client

from luytre.base.secret_files import node_key
from luytre.civic.access.models import Role, User
from luytre.civic.access.permissions import PERMISSIONS, Scope
from luytre.civic.registry.address import parse_address
from luytre.civic.registry.models import Camera
from luytre.web.logs import RedactFilter
from tests.web.cast import CAMERA_PASSWORD, PASSWORD, FakeRecorder, camera, chief, person
from tests.web.test_permissions import address

pytestmark = pytest.mark.django_db
HIDDEN = "tok-9f31-hidden"
SECRETS = (CAMERA_PASSWORD, HIDDEN, PASSWORD)


def with_secrets() -> Camera:
    """Its address holds a token, and so does that of its sub-stream."""
    return camera(
        "Cổng chợ",
        main=parse_address(f"rtsp://10.0.0.5:554/main?user=viewer&pwd={HIDDEN}"),
        sub=parse_address(f"rtsp://10.0.0.5:554/sub?token={HIDDEN}"),
    )


def opened(content: bytes) -> bytes:
    """What a download holds, unpacked where it is a zip (xlsx, docx)."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def body_of(response: object) -> bytes:
    parts: Iterator[bytes] = iter(getattr(response, "streaming_content", None) or [getattr(response, "content", b"")])
    return b"".join(parts)


@pytest.mark.parametrize(("role", "language"), [*((role, "vi") for role in ["chief", *Role]), ("chief", "en"), ("head", "en")])
def test_no_page_and_no_download_shows_a_secret(
    log_in: Callable[[User], Client], recorder: FakeRecorder, caplog: pytest.LogCaptureFixture, role: str, language: str
) -> None:
    caplog.set_level(logging.DEBUG)
    one = with_secrets()
    client = log_in(chief() if role == "chief" else person(role), language)  # type: ignore[call-arg]
    seen, refused = 0, 0
    for route in sorted(PERMISSIONS):
        permission = PERMISSIONS[route]
        if permission.scope is Scope.MACHINE:
            continue
        if role != "chief" and permission.scope is not Scope.PUBLIC and role not in permission.roles:
            refused += 1
            if refused > 3:  # that each is refused is held elsewhere; what a refusal says is always the same
                continue
        response = client.get(address(route, one.key))
        content = opened(body_of(response))
        seen += response.status_code == 200
        for secret in SECRETS:
            assert secret.encode() not in content, f"{route} tells a secret"
            assert secret not in str(response.headers), route
    assert seen > 8
    assert not [secret for secret in SECRETS if secret in caplog.text]


def test_what_a_form_gives_back_and_what_a_failure_says_holds_no_password(
    log_in: Callable[[User], Client], recorder: FakeRecorder, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    one, client = with_secrets(), log_in(chief())
    typed = {"name": "", "main": f"rtsp://viewer:{CAMERA_PASSWORD}@10.0.0.5/x", "username": "v", "password": CAMERA_PASSWORD}
    pages = [
        client.post("/cameras/add", typed),
        client.post(address("camera_edit", one.key), typed),
        client.post("/login", {"login": "administrator", "password": PASSWORD + "x"}),
    ]
    for page in pages:
        assert CAMERA_PASSWORD.encode() not in page.content
        assert PASSWORD.encode() not in page.content
    assert not [secret for secret in SECRETS if secret in caplog.text]


def test_the_database_holds_no_secret_in_the_clear(log_in: Callable[[User], Client], recorder: FakeRecorder) -> None:
    """All rows of all tables, sessions, caches and jobs included, after a person has been everywhere."""
    one, client = with_secrets(), log_in(chief())
    for route in sorted(PERMISSIONS):
        if PERMISSIONS[route].scope is not Scope.MACHINE:
            client.get(address(route, one.key))
    client.post(f"/cameras/{one.key}/edit", {"name": "Mới", "password": CAMERA_PASSWORD + "2"})
    key = node_key(settings.LUYTRE_SECRETS_DIR)
    rows = 0
    for model in apps.get_models():
        for row in model._default_manager.values_list():
            rows += 1
            text = str(row)
            assert not [secret for secret in (*SECRETS, key) if secret in text], model
    assert rows > 5


@pytest.mark.parametrize("address_", ["/enter/", "/gop-hinh/", "/nhan-tin/xac-nhan/", "/nhan-tin/thoi/"])
def test_an_address_that_is_a_secret_is_in_no_log_line(address_: str) -> None:
    """As Django writes it: with and without arguments, whole or quoted, and with what follows it."""
    secret = "Zq3_hidden-link"
    for message, arguments in (
        (f"Not Found: {address_}{secret}", ()),
        ("%s: %s", ("Bad Request", f"{address_}{secret}/files/1")),
        ('"GET %s HTTP/1.1" 404', (f"{address_}{secret}",)),
    ):
        record = logging.LogRecord("django.request", logging.WARNING, "", 0, message, arguments, None)
        assert RedactFilter().filter(record)
        assert secret not in record.getMessage()
        assert address_ in record.getMessage()
