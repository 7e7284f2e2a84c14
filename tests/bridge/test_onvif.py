"""Cameras found by ONVIF: a virtual device as a process of its own, and devices that no maker would admit to."""

from __future__ import annotations

import ipaddress
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st
from onveef.wsdiscovery import parse_probe_matches

from luytre.bridge.onvif import OnvifFinder, host_if_private
from luytre.bridge.onvif.finder import scope_value
from luytre.bridge.onvif.interfaces import local_ones, own_addresses
from luytre.civic.ports import DeviceAnswer
from luytre.simulate.discovery import Announced, Probe, match
from luytre.simulate.onvif import DeviceState
from tests.support.ports import free_port

USER, PASSWORD = "admin", "Hidden-Of-The-Device"
QUICK = OnvifFinder(interfaces=["127.0.0.1"], find_s=0.6, read_s=3.0)


@pytest.fixture(scope="module")
def device() -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "tests.bridge.virtual_device", str(port), USER, PASSWORD]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield f"http://127.0.0.1:{port}/onvif/device_service"
        process.terminate()


def test_a_device_answers_the_network(device: str) -> None:
    limit = time.monotonic() + 30
    found = QUICK.find()
    while not any(item.address == device for item in found) and time.monotonic() < limit:
        found = QUICK.find()
    assert (device, "127.0.0.1", "Cổng chợ") in [(item.address, item.host, item.name) for item in found]


def test_a_device_tells_its_pictures_to_whom_it_knows(device: str) -> None:
    answer = QUICK.read(device, USER, PASSWORD, "vi")
    assert answer.ok, answer
    assert (answer.maker, answer.model) == ("Maker", "M1")
    assert (answer.main_url, answer.sub_url) == ("rtsp://127.0.0.1:8654/video_main", "rtsp://127.0.0.1:8654/video_sub")


@pytest.mark.parametrize(("username", "password", "problem"), [(USER, "wrong", "wrong_password"), ("", "", "password_needed")])
def test_a_wrong_password_is_told_in_words(device: str, username: str, password: str, problem: str) -> None:
    answer = QUICK.read(device, username, password, "vi")
    assert (answer.ok, answer.problem) == (False, problem)
    assert answer.sentence
    assert answer.hint
    assert PASSWORD not in repr(answer)


@contextmanager
def odd_device(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer(self)

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/onvif/device_service"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def says(body: bytes, status: int = 200, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "' + b"b" * 1000 + b'">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + number, b"&%c;" % (97 + number) * 20) for number in range(8)
) + b"]><x>&i;</x>"  # fmt: skip
FILE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
FAULT = (
    b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code>'
    b"<s:Reason><s:Text>no</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>"
)


@pytest.mark.parametrize(
    "answer",
    [
        says(b""), says(b"<html>a router</html>"), says(BOMB), says(FILE), says(FAULT), says(FAULT, 500), says(b"\x00\xff" * 500),
        says(b"x" * 3_000_000), says(b"", 302, Location="http://127.0.0.1:1/"), says(b"", 503), says(b"no", 418),
        says(b"", **{"Content-Encoding": "gzip"}),
    ],
)  # fmt: skip
def test_an_odd_answer_is_told_in_words(answer: Callable[[BaseHTTPRequestHandler], None]) -> None:
    with odd_device(answer) as address:
        told = QUICK.read(address, USER, PASSWORD, "vi")
    assert not told.ok
    assert told.sentence
    assert told.hint
    assert "root:" not in repr(told)


def test_one_that_drips_byte_after_byte_holds_nobody() -> None:
    ended = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        while not ended.wait(0.05):
            handler.wfile.write(b"x")
            handler.wfile.flush()

    with odd_device(drip) as address:
        began = time.monotonic()
        told = OnvifFinder(read_s=0.5).read(address, USER, PASSWORD, "vi")
        ended.set()
    assert told.problem == "timeout"
    assert time.monotonic() - began < 30


def test_nobody_at_home() -> None:
    told = QUICK.read(f"http://127.0.0.1:{free_port()}/onvif/device_service", USER, PASSWORD, "vi")
    assert (told.ok, told.problem) == (False, "unreachable")


@pytest.mark.parametrize(
    "address", ["http://8.8.8.8/onvif", "http://example.com/", "http://localhost/", "ftp://10.0.0.5/", "http://0.0.0.0/",
                "http://239.1.1.1/",
                "http://10.0.0.5:99999/", "", "http://[2001:4860::1]/", "http://10.0.0.5@8.8.8.8/"],
)  # fmt: skip
def test_only_the_local_network_is_asked(address: str) -> None:
    assert QUICK.read(address, USER, PASSWORD, "vi") == DeviceAnswer(
        False, "not_private", "chỉ hỏi được camera trong mạng nội bộ", "Hãy nhập địa chỉ như 192.168.1.64."
    )


@pytest.mark.parametrize(
    "address", ["http://192.168.1.64/x", "https://10.0.0.5:8443/", "http://[fd00::5]/", "http://169.254.3.4/"]
)
def test_addresses_of_a_local_network(address: str) -> None:
    assert host_if_private(address)


@given(st.text(max_size=80))
def test_any_text_is_an_address_or_none(text: str) -> None:
    assert isinstance(host_if_private(text), str)
    assert isinstance(host_if_private(f"http://{text}"), str)


NAME = (
    st.lists(st.text("Cổngchợ2-ấpA(1)", min_size=1), min_size=1, max_size=5)
    .map(" ".join)
    .filter(
        lambda name: len(name) <= 80  # longer ones are cut
    )
)


@given(name=NAME, hardware=NAME, raw=st.booleans())
def test_a_name_with_spaces_is_read_whole(name: str, hardware: str, *, raw: bool) -> None:
    """Percent-encoded, or with raw spaces where scopes are divided by them."""
    state = DeviceState(name=name, model=hardware, raw_scopes=raw)
    answer = match(Probe("urn:uuid:1"), Announced(state, "http://127.0.0.1/onvif/device_service"), "127.0.0.1")
    (device,) = parse_probe_matches((answer or b"").decode())
    assert [scope_value(device.scopes, kind) for kind in ("name", "hardware", "location")] == [name, hardware, ""]


@given(st.lists(st.text(max_size=30)))
def test_any_scopes_have_a_name_or_none(divided: list[str]) -> None:
    assert len(scope_value(divided, "name")) <= 80


@given(st.lists(st.ip_addresses().map(str)))
def test_the_internet_is_never_asked_for_cameras(addresses: list[str]) -> None:
    assert not any(ipaddress.ip_address(one).is_global for one in local_ones(addresses))


def test_each_network_of_this_machine_is_asked_once() -> None:
    told = ["127.0.0.1", "192.168.1.10", "", "10.8.0.1", "203.162.4.190", "192.168.1.10", "0.0.0.0"]
    assert local_ones(told) == ("192.168.1.10", "10.8.0.1")
    assert all(host_if_private(f"http://{one}/") for one in own_addresses())


def test_at_most_a_few_are_asked_at_once() -> None:
    go_on = threading.Event()

    def hang(handler: BaseHTTPRequestHandler) -> None:
        go_on.wait(20)

    with odd_device(hang) as address:
        asked = OnvifFinder(read_s=0.3)
        told = [asked.read(address, USER, PASSWORD, "vi").problem for _number in range(6)]
        go_on.set()
    assert told[0] == "timeout"
    assert "busy" in told
