"""Behind a proxy that speaks TLS: the real web process believes the proxy on this machine about the scheme, and nobody else."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.support.judge import wait_for
from tests.support.ports import free_port

HOST = "camera.xa.example"


class Site:
    def __init__(self, port: int, password: str) -> None:
        self.port, self.password = port, password

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[http.client.HTTPResponse, str]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        shown = {name.replace("_", "-"): value for name, value in headers.items()}
        line.request(method, path, body=body or None, headers={"Host": HOST, **shown})
        answer = line.getresponse()
        text = answer.read().decode()
        line.close()
        return answer, text


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Site]:
    port, folder = free_port(), tmp_path_factory.mktemp("site")
    shutil.copy(migrated, folder / "luytre.sqlite3")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LUYTRE_", "DJANGO_"))} | {
        "LUYTRE_DATA": str(folder),
        "LUYTRE_WEB_ADDR": f"127.0.0.1:{port}",
        "LUYTRE_HTTPS": "1",
        "LUYTRE_HOSTS": HOST,
    }
    prepared = subprocess.run(
        [sys.executable, "-m", "luytre.web.prepare"], env=environment, capture_output=True, text=True, timeout=90, check=True
    )
    found = re.search(r"[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}", prepared.stdout)
    assert found is not None, prepared.stdout
    with subprocess.Popen([sys.executable, "-m", "luytre.web"], env=environment) as process:
        site = Site(port, found[0])
        wait_for(lambda: _answers(site), what="the web")
        yield site
        process.terminate()


def _answers(site: Site) -> bool:
    try:
        return site.ask("GET", "/alive")[0].status == 200
    except OSError:
        return False


def log_in(site: Site, **headers: str) -> http.client.HTTPResponse:
    answer, page = site.ask("GET", "/login", **headers)
    cookie = str(answer.getheader("Set-Cookie")).split(";")[0]
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    form = urlencode({"login": "admin", "password": site.password, "csrfmiddlewaretoken": token[1]})
    more = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{HOST}"}
    return site.ask("POST", "/login", form, Referer=f"https://{HOST}/login", **more, **headers)[0]


def test_logging_in_over_the_proxy(site: Site) -> None:
    answer = log_in(site, X_Forwarded_Proto="https", X_Forwarded_For="203.0.113.7")
    assert answer.status == 302
    assert "Secure" in str(answer.getheader("Set-Cookie"))


def test_a_page_that_did_not_come_over_tls_is_not_believed(site: Site) -> None:
    assert log_in(site).status == 403


def test_the_recorder_is_answered_over_loopback(site: Site) -> None:
    answer, _ = site.ask("GET", "/internal/recorder/config", Host=f"127.0.0.1:{site.port}")
    assert answer.status in (401, 403), "refused for want of a token, not for its host"
    assert site.ask("GET", "/login", Host="evil.example")[0].status == 400
