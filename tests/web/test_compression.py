"""Pages go out compressed to who takes it; what holds tokens, and downloads, do not."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable

import pytest
from django.test import Client

from luytre.civic.access.models import Role, User
from tests.web.cast import camera, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("recorder")]
TAKES = {"Accept-Encoding": "gzip, deflate, br"}


def test_a_page_is_a_fraction_of_its_size_and_the_same_page(log_in: Callable[[User], Client]) -> None:
    for number in range(35):
        camera(f"Mắt {number:02}")
    client = log_in(person(Role.DUTY))
    plain, packed = client.get("/wall"), client.get("/wall", headers=TAKES)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.content) < len(plain.content) / 4
    assert "Tường camera" in gzip.decompress(packed.content).decode()
    assert "Content-Encoding" not in plain.headers


def test_tokens_and_downloads_are_left_alone(log_in: Callable[[User], Client]) -> None:
    one = camera()
    client = log_in(person(Role.DUTY))
    said = {"right": "live", "cameras": [one.key]}
    token = client.post("/media/token", json.dumps(said), content_type="application/json", headers=TAKES)
    sheet = client.get("/cameras/sheet/xlsx", headers=TAKES)
    assert (token.status_code, sheet.status_code) == (200, 200)
    assert not [answer for answer in (token, sheet) if "Content-Encoding" in answer.headers]
