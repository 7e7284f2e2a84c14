"""A stranger's address leads nowhere inside: what is not public is not connected to, however it is written."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from luytre.bridge.senders.post import MOST_ANSWER, Forbidden, NotReached, Post, _seconds, is_public
from tests.bridge.senders.server import post_to_here, provider

INSIDE = [
    "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.5", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255",
    "::1", "::", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "ff02::1", "2001:0:1:2::3",
]  # fmt: skip


@pytest.mark.parametrize("number", INSIDE)
def test_what_lies_inside_is_not_public(number: str) -> None:
    assert not is_public(ip_address(number))


@pytest.mark.parametrize("number", ["8.8.8.8", "2404:6800:4005::1", "203.113.131.1"])
def test_what_is_public(number: str) -> None:
    assert is_public(ip_address(number))


@pytest.mark.parametrize("numbers", [["10.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::1"], []])
def test_a_name_that_leads_inside_is_refused_before_anything_is_sent(numbers: list[str]) -> None:
    post = Post(look_up=lambda _host, _port: numbers)
    with pytest.raises(Forbidden):
        post("https://push.example.net/x", b"", {})


@pytest.mark.parametrize(
    "url", ["http://push.example.net/", "https://127.0.0.1/", "https://[::1]/", "file:///etc/passwd", "https://u@x.vn/"]
)
def test_addresses_that_nobody_connects_to(url: str) -> None:
    with pytest.raises(Forbidden):
        Post()(url, b"", {})


def test_the_number_that_was_looked_at_is_the_one_that_is_connected_to() -> None:
    asked: list[str] = []

    def look_up(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with provider((200, {}, b"x" * 10 * MOST_ANSWER), (200, {}, b"y")) as one:
        post = post_to_here(look_up=look_up)
        url = one.url.replace("127.0.0.1", "push.example.net")
        answer = post(url, b"a", {})
        assert len(answer.body) == MOST_ANSWER
        assert post(url, b"b", {}).body == b"y"
        assert one.asked[0].headers["host"].startswith("push.example.net:")
    assert asked == ["push.example.net"] * 2  # a rest that nobody reads ends the connection


def test_a_connection_that_was_closed_meanwhile_is_not_used_again() -> None:
    with provider((200, {"Connection": "close"}, b"")) as one:
        post = post_to_here()
        assert [post(one.url, b"", {}).status for _ in range(3)] == [200, 200, 200]
        assert one.connections == 3
    with pytest.raises(NotReached):
        post(one.url, b"", {})


@pytest.mark.parametrize(
    ("text", "seconds"), [("5", 5), ("-5", 0), ("x", 0), ("9" * 30, 86_400), ("Mon, 01 Jan 2001 00:00:00 GMT", 0)]
)
def test_how_long_a_server_wants_to_be_left_alone(text: str, seconds: int) -> None:
    assert _seconds(text) == seconds
