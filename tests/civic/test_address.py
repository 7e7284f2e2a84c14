"""What people type as an address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.errors import UsageError
from luytre.civic.registry.address import kind_of, parse_address
from luytre.civic.registry.cameras import credentials_of


@pytest.mark.parametrize(
    ("typed", "url", "username", "password"),
    [
        ("rtsp://10.0.0.5:554/s1", "rtsp://10.0.0.5:554/s1", "", ""),
        ("  rtsp://10.0.0.5/s1\n", "rtsp://10.0.0.5/s1", "", ""),
        ("10.0.0.5/s1", "rtsp://10.0.0.5/s1", "", ""),
        ("RTSP://cam.lan/s1?ch=1&sub=0", "RTSP://cam.lan/s1?ch=1&sub=0", "", ""),
        ("rtsp://u:p@10.0.0.5/s1", "rtsp://10.0.0.5/s1", "u", "p"),
        ("rtsp://u:p%40x@10.0.0.5/s1", "rtsp://10.0.0.5/s1", "u", "p@x"),
        ("rtsp://u:p@x@10.0.0.5/s1", "rtsp://10.0.0.5/s1", "u", "p@x"),
        ("rtsp://[fe80::1]:554/s1", "rtsp://[fe80::1]:554/s1", "", ""),
        ("http://10.0.0.5/mjpeg", "http://10.0.0.5/mjpeg", "", ""),
    ],
)
def test_what_is_kept(typed: str, url: str, username: str, password: str) -> None:
    found = parse_address(typed)
    assert (found.url, found.username, found.password) == (url, username, password)


@pytest.mark.parametrize(
    "typed",
    ["", " ", "rtsp://", "rtsp:///x", "ftp://x/y", "file:///etc/passwd", "/etc/passwd", "javascript:alert(1)", "rtsp://x:port/", "rtsp://x:70000/",
     "rtsp://x/<b>", 'rtsp://x/"', "rtsp://[::1", "data:text/html,x", "rtsp://x/\x00"],
)  # fmt: skip
def test_what_is_refused_in_words(typed: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_address(typed)
    assert caught.value.advice()


def test_files_only_for_those_with_a_shell() -> None:
    assert parse_address("/srv/clip.mp4", files_allowed=True).url == "file:///srv/clip.mp4"
    assert kind_of("file:///srv/clip.mp4") == kind_of("http://x/") == kind_of("rtsps://x/") == "other"
    assert kind_of("RTSP://x/") == "rtsp"


@given(st.text(max_size=60), st.booleans())
def test_anything_typed_is_taken_or_refused_and_shows_no_password(typed: str, files: bool) -> None:
    try:
        found = parse_address(typed, files_allowed=files)
    except UsageError:
        return
    assert "://" in found.url
    assert found.has_hidden_part is (found.shown != found.url)


SAFE = st.text(alphabet="abcdefghijkXYZ0123456789!$-_.", min_size=1, max_size=20)


@given(SAFE, SAFE)
def test_no_password_stays_in_an_address(username: str, password: str) -> None:
    found = parse_address(f"rtsp://{username}:{password}@10.0.0.5:554/s")
    assert (found.url, found.username, found.password) == ("rtsp://10.0.0.5:554/s", username, password)


def test_credentials_typed_apart_count_before_those_in_an_address() -> None:
    plain, inside = parse_address("rtsp://h/x"), parse_address("rtsp://u:p@h/x")
    assert credentials_of(plain, None, "", None) == credentials_of(plain, plain, "", None)
    assert (credentials_of(inside, None, "", None).username, credentials_of(inside, None, "", None).password) == ("u", "p")
    assert (credentials_of(plain, inside, "", None).username, credentials_of(plain, inside, "", None).password) == ("u", "p")
    assert credentials_of(inside, None, "u", None).password == "p"
    assert (credentials_of(inside, None, "v", None).username, credentials_of(inside, None, "v", None).password) == ("v", None)
    assert credentials_of(inside, None, "u", "typed").password == "typed"
