"""Installing the program: manifest, icons, service worker, the page for no network."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from luytre.civic.registry.models import Commune

pytestmark = pytest.mark.django_db
STATIC = Path(settings.STATIC_ROOT)


def test_the_manifest_names_the_commune_and_icons_of_the_size_it_says(client: Client) -> None:
    Commune.objects.create(name='Xã "Mẫu"')
    content = client.get("/manifest.webmanifest").json()
    assert content["name"] == 'Lũy Tre · Xã "Mẫu"'
    assert content["lang"] == "vi"
    for icon in content["icons"]:
        data = (STATIC / Path(icon["src"]).name).read_bytes()
        width, height = struct.unpack(">II", data[16:24])  # PNG, IHDR
        assert icon["sizes"] == f"{width}x{height}"
    for place in content["shortcuts"]:
        assert client.get(place["url"]).status_code == 302  # there, and asks for a login


def test_the_worker_stands_at_the_root_and_is_asked_for_anew(client: Client) -> None:
    answer = client.get("/sw.js")
    assert answer.headers["Content-Type"] == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.content == b"self"


def test_the_page_for_no_network_has_no_script_and_no_name_of_anybody(client: Client) -> None:
    page = client.get("/offline").content.decode()
    assert "<script" not in page
    assert "Không kết nối được với Lũy Tre" in page
