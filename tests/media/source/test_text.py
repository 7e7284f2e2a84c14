"""RTSP text, SDP and challenges: what is written is read back, and no bytes make the parsers raise anything unexpected."""

from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.media.source.auth import Authenticator, parse_challenges
from luytre.media.source.rtsp import control_candidates
from luytre.media.source.sdp import parameter_sets, parse_sdp
from luytre.media.source.text import (
    TextError,
    build_request,
    escape_url,
    may_start_text,
    parse_interleaved,
    parse_message,
    parse_session,
    resolve_control,
    same_host,
)

names = st.from_regex(r"[A-Za-z][A-Za-z-]{0,12}", fullmatch=True).filter(
    lambda n: n.lower() not in ("content-length", "content-type")
)
values = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=30)


@given(
    st.lists(st.tuples(names, values), max_size=8),
    st.binary(max_size=200),
    st.sampled_from(["\r\n", "\n"]),
    st.binary(max_size=20),
)
def test_a_response_is_read_back(headers: list[tuple[str, str]], body: bytes, line_end: str, after: bytes) -> None:
    lines = ["RTSP/1.0 200 OK", *(f"{name}:  {value} " for name, value in headers), f"CONTENT-LENGTH: {len(body)}"]
    data = (line_end.join(lines) + line_end * 2).encode() + body
    parsed = parse_message(data + after)
    assert parsed is not None
    message, used = parsed
    assert (message.status, message.body, used) == (200, body, len(data))
    for name, value in headers:
        assert value in message.all(name.lower())


@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_not_yet_or_an_error(data: bytes) -> None:
    for text in (data, b"RTSP/1.0 " + data, b"OPTIONS * RTSP/1.0\r\n" + data):
        try:
            parse_message(text)
        except TextError:
            continue


@given(st.integers(0, 200))
def test_a_message_is_waited_for_byte_by_byte(cut: int) -> None:
    data = b'RTSP/1.0 401 Unauthorized\r\nCSeq: 3\r\nWWW-Authenticate: Digest realm="a",\r\n nonce="b"\r\n'
    data += b"Content-Length: 4\r\n\r\nbody"
    parsed = parse_message(data[: cut % (len(data) + 1)])
    assert (parsed is not None) == (cut % (len(data) + 1) == len(data))
    whole = parse_message(data)
    assert whole is not None
    assert whole[0].get("www-authenticate") == 'Digest realm="a", nonce="b"'
    assert may_start_text(data[: max(1, cut % 16)])


def test_a_request_goes_out_as_the_rfc_has_it() -> None:
    assert (
        build_request("PLAY", "rtsp://h/s", 4, [("Session", "7")]) == b"PLAY rtsp://h/s RTSP/1.0\r\nCSeq: 4\r\nSession: 7\r\n\r\n"
    )


CONTROLS = [
    ("rtsp://h/s/", "trackID=1", "rtsp://h/s/trackID=1"),
    ("rtsp://h/s", "trackID=1", "rtsp://h/s/trackID=1"),
    ("rtsp://h/cam/realmonitor?channel=1&subtype=0/", "trackID=0", "rtsp://h/cam/realmonitor?channel=1&subtype=0/trackID=0"),
    ("rtsp://h/cam/realmonitor?channel=1", "trackID=0", "rtsp://h/cam/realmonitor?channel=1/trackID=0"),
    ("rtsp://h/s", "rtsp://h:554/s/trackID=1?transportmode=unicast", "rtsp://h:554/s/trackID=1?transportmode=unicast"),
    ("rtsp://h/s", "*", "rtsp://h/s"),
    ("rtsp://h/s", "", "rtsp://h/s"),
    ("rtsp://h/s/", "/track1", "rtsp://h/s/track1"),
]


@pytest.mark.parametrize(("base", "control", "wanted"), CONTROLS)
def test_control_addresses_of_real_makers(base: str, control: str, wanted: str) -> None:
    assert resolve_control(base, control) == wanted


def test_a_camera_behind_nat_is_asked_where_it_was_reached() -> None:
    assert same_host("rtsp://192.168.1.10:554/a?b=1", "rtsp://me:9554/x") == "rtsp://me:9554/a?b=1"
    tries = control_candidates("rtsp://192.168.1.10/other/", "rtsp://me/s", "t1", "rtsp://me/s")
    assert tries == ["rtsp://me/other/t1", "rtsp://me/s/t1"]


def test_sessions_and_channels() -> None:
    assert parse_session("12345678;timeout=30") == ("12345678", 30.0)
    assert parse_session(" abc ; Timeout = 5 ") == ("abc", 5.0)
    assert parse_session("abc") == ("abc", None)
    assert parse_interleaved("RTP/AVP/TCP;unicast;interleaved=4-5;ssrc=1", (0, 1)) == (4, 5)
    assert parse_interleaved("RTP/AVP/TCP;interleaved=6", (0, 1)) == (6, 7)
    assert parse_interleaved("RTP/AVP/TCP", (2, 3)) == (2, 3)
    assert escape_url("rtsp://h/kênh 1") == "rtsp://h/k%C3%AAnh%201"


HIKVISION = """v=0\r
o=- 1 1 IN IP4 192.168.1.64\r
s=Media Presentation\r
a=control:rtsp://192.168.1.64:554/Streaming/Channels/101/\r
m=video 0 RTP/AVP 96\r
a=recvonly\r
a=control:rtsp://192.168.1.64:554/Streaming/Channels/101/trackID=1\r
a=rtpmap:96 H264/90000\r
a=fmtp:96 profile-level-id=420029; packetization-mode=1; sprop-parameter-sets=Z00AKZpmA8ARPyzUBAQFAAADA+gAAMNQBA==,aO48gA==\r
m=application 0 RTP/AVP 107\r
a=control:rtsp://192.168.1.64:554/Streaming/Channels/101/trackID=3\r
a=rtpmap:107 vnd.onvif.metadata/90000\r
"""


def test_a_real_description() -> None:
    described = parse_sdp(HIKVISION)
    assert [track.media for track in described.tracks] == ["video", "application"]
    picture = described.tracks[0]
    assert (picture.encoding, picture.clock_hz, picture.payload_type) == ("H264", 90_000, 96)
    assert [nal[0] & 31 for nal in parameter_sets(picture)] == [7, 8]


@given(st.text(max_size=300), st.integers(0, 400))
def test_no_description_makes_the_parser_raise(noise: str, at: int) -> None:
    text = HIKVISION[: at % len(HIKVISION)] + noise + HIKVISION[at % len(HIKVISION) :]
    for track in parse_sdp(text).tracks:
        parameter_sets(track)


def test_challenges_share_a_header_and_hide_in_realms() -> None:
    found = parse_challenges(
        ['Basic realm="Digest nonce=x, or not", Digest realm="a \\"b\\"", nonce="n", stale=TRUE, algorithm=SHA-256']
    )
    assert [(c.scheme, c.realm) for c in found] == [("Basic", "Digest nonce=x, or not"), ("Digest", 'a "b"')]
    assert (found[1].stale, found[1].algorithm) == (True, "SHA-256")


@given(st.text(max_size=120))
def test_no_challenge_makes_the_parser_raise(text: str) -> None:
    parse_challenges([text, "Digest " + text])


def test_digest_as_rfc_2069_example_works_out() -> None:
    auth = Authenticator("Mufasa", "CircleOfLife")
    auth.challenged(['Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'])
    header = auth.header("GET", "/dir/index.html")[0][1]

    def h(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    ha1, ha2 = h("Mufasa:testrealm@host.com:CircleOfLife"), h("GET:/dir/index.html")
    wanted = h(f"{ha1}:dcd98b7102dd2f0e8b11d0f600bfb0c093:{ha2}")
    match = re.search(r'response="([0-9a-f]{32})"', header)
    assert match is not None
    assert match[1] == wanted
    assert "CircleOfLife" not in repr(auth) + header
