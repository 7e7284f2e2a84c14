"""The recorder's list of cameras, as design/recorder-http.md has it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from django.conf import settings
from django.test import Client

from luytre.base.secret_files import node_key
from tests.web.cast import CAMERA_PASSWORD, camera, hold

pytestmark = pytest.mark.django_db
PATH = "/internal/recorder/config"


def token(**changes: Any) -> str:
    claims = {"iss": "luytre-recorder", "aud": "luytre-web", "sub": "system", "iat": 0, "exp": 4_000_000_000, "right": "manage"}
    return jwt.encode(claims | changes, node_key(settings.LUYTRE_SECRETS_DIR), algorithm="HS256")


def get(client: Client, bearer: str, **headers: str) -> Any:
    return client.get(PATH, headers={"Authorization": f"Bearer {bearer}", **headers})


def test_the_whole_list(client: Client) -> None:
    one, off = camera(), camera("Nghỉ", sub=None, retention_days=7)
    off.enabled = False
    off.save()
    gone = camera("Đã bỏ")
    gone.archived = True
    gone.save()
    end = datetime.now(UTC).replace(microsecond=0)
    start = end - timedelta(minutes=55)
    held = hold([one], start=start, end=end, reference="12/VV", reason="mất xe")
    answer = get(client, token()).json()
    cameras = {item["key"]: item for item in answer["cameras"]}
    assert set(cameras) == {one.key, off.key}
    assert cameras[one.key] == {
        "key": one.key, "name": "Cổng chợ", "enabled": True, "kind": "rtsp", "main_url": "rtsp://10.0.0.5:554/main",
        "sub_url": "rtsp://10.0.0.5:554/sub", "username": "viewer", "password": CAMERA_PASSWORD, "sound": False,
        "retention_days": 30, "retention_bytes": None, "masks": None,
    }  # fmt: skip
    assert (cameras[off.key]["enabled"], cameras[off.key]["sub_url"], cameras[off.key]["retention_days"]) == (False, None, 7)
    assert answer["holds"] == [
        {
            "id": held.spans[0].key,
            "camera": one.key,
            "from": f"{start:%Y-%m-%dT%H:%M:%S}.000Z",
            "to": f"{end:%Y-%m-%dT%H:%M:%S}.000Z",
            "reason": "12/VV: mất xe",
        }
    ]
    assert answer["settings"] == {"retention_days": 30, "free_floor_bytes": 5 * 1024**3}


def test_the_etag_changes_with_the_list_and_only_then(client: Client) -> None:
    one = camera()
    first = get(client, token())
    etag = first.headers["ETag"]
    again = get(client, token(), **{"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    one.set_password("another")
    one.save()
    changed = get(client, token(), **{"If-None-Match": f'"zzz", {etag}'})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != etag
    assert "no-store" in changed.headers["Cache-Control"]


@pytest.mark.parametrize(
    "bearer",
    [
        "", "nonsense", token(aud="luytre-recorder"), token(exp=1), token(right="status"), token(right=None),
        jwt.encode({"aud": "luytre-web", "iat": 0, "exp": 4_000_000_000, "right": "manage"}, "b" * 64, algorithm="HS256"),
        jwt.encode({"aud": "luytre-web", "iat": 0, "exp": 4_000_000_000, "right": "manage"}, "", algorithm="none"),
        jwt.encode({"aud": "luytre-web", "right": "manage"}, node_key(settings.LUYTRE_SECRETS_DIR), algorithm="HS256"),
    ],
)  # fmt: skip
def test_no_list_without_the_nodes_own_token(client: Client, bearer: str) -> None:
    camera()
    response = get(client, bearer)
    assert response.status_code == 401
    assert CAMERA_PASSWORD not in response.content.decode()
    assert response.json()["message"]


def test_alive(client: Client) -> None:
    assert client.get("/alive").json() == {"ok": True}
