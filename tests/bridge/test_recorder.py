"""The client against a recorder that answers over real HTTP: rightly, wrongly, slowly, not at all."""

from __future__ import annotations

import base64
import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from luytre.base.environment import Listen
from luytre.bridge import recorder as module
from luytre.bridge.recorder import RecorderClient
from luytre.bridge.tokens import TokenMint
from luytre.civic.ports import CameraProbe, ClipExporter, ErasedQuery, RecorderDown, RecorderStatus, ViewKeeper

KEY = "d" * 64


@dataclass
class Recorder:
    """What it answers next, and what it was asked."""

    port: int = 0
    status: int = 200
    body: bytes = b"{}"
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    state = Recorder()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            state.asked.append((self.command, self.path, dict(self.headers), body))
            self.send_response(state.status)
            self.send_header("Content-Length", str(len(state.body)))
            self.end_headers()
            self.wfile.write(state.body)

        do_GET = do_POST = do_DELETE = answer

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


def client(port: int) -> RecorderClient:
    return RecorderClient(Listen("127.0.0.1", port), TokenMint(KEY))


def test_it_fills_its_ports() -> None:
    made = client(1)
    probe: CameraProbe = made
    status: RecorderStatus = made
    clips: ClipExporter = made
    views: ViewKeeper = made
    assert probe is status is clips is views


CAMERA = {
    "camera": "a", "stream": "main", "state": "failed", "problem": "lost", "sentence": "x", "hint": "y",
    "since": "2026-11-24T07:00:00Z", "frames": 12, "bytes": 5, "bitrate_bps": 4e6, "fps": 24.9, "gaps": 2,
    "reconnects": 3, "last_frame": None, "clock_offset_s": -1.5, "viewers": 1, "viewer_frames_lost": 0,
    "packets": 900, "packets_lost": 4, "jitter_ms": 2.25, "codec": "h264", "width": 1920, "height": 1080,
}  # fmt: skip
STATUS: dict[str, Any] = {
    "utc": "2026-11-24T07:05:00.000Z",
    "cameras": [CAMERA],
    "archive": {"identity": "z", "state": "ok", "bytes_used": 10, "bytes_free": 20, "days_left": 3.5, "oldest": None},
    "alarms": [{"code": "disk", "sentence": "s", "since": "2026-11-24T07:00:00Z"}],
}


def test_status_is_read_whole_and_asked_with_the_right_token_and_language(recorder: Recorder) -> None:
    recorder.body = json.dumps(STATUS).encode()
    status = client(recorder.port).status("en")
    assert status.at == datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
    stream = status.streams[0]
    assert (stream.camera, stream.state, stream.problem, stream.frames, stream.width_px) == ("a", "failed", "lost", 12, 1920)
    assert (stream.packets, stream.packets_lost, stream.jitter_ms) == (900, 4, 2.25)
    assert (stream.since, stream.last_frame) == (datetime(2026, 11, 24, 7, 0, tzinfo=UTC), None)
    assert (status.archive.state, status.archive.days_left) == ("ok", 3.5)
    assert status.alarms[0].code == "disk"
    method, path, headers, _body = recorder.asked[0]
    assert (method, path, headers["Accept-Language"]) == ("GET", "/v1/status", "en")
    token = headers["Authorization"].removeprefix("Bearer ")
    assert jwt.decode(token, KEY, algorithms=["HS256"], audience="luytre-recorder")["right"] == "status"


@pytest.mark.parametrize("value", ["null", "-1", "true", '"3"', "1e999", "NaN", "[1]"])
def test_counts_that_are_none_are_not_known(recorder: Recorder, value: str) -> None:
    recorder.body = json.dumps(STATUS).replace("900", value).replace("2.25", value).encode()
    stream = client(recorder.port).status("en").streams[0]
    assert (stream.packets, stream.packets_lost, stream.jitter_ms) == (None, 4, None)


@pytest.mark.parametrize(
    "body", [b"", b"nonsense", b"[]", b"{}", b'{"utc": "yesterday"}', b'{"utc": "2026-11-24T07:05:00"}', b"\xff"]
)
def test_an_answer_that_is_none_is_a_recorder_that_is_down(recorder: Recorder, body: bytes) -> None:
    recorder.body = body
    with pytest.raises(RecorderDown):
        client(recorder.port).status("vi")


@pytest.mark.parametrize("status", [401, 403, 500, 503])
def test_a_refusal_is_a_recorder_that_is_down(recorder: Recorder, status: int) -> None:
    recorder.status, recorder.body = status, json.dumps(STATUS).encode()
    with pytest.raises(RecorderDown):
        client(recorder.port).status("vi")
    assert client(recorder.port).refresh() is False


def test_nobody_there() -> None:
    with pytest.raises(RecorderDown):
        client(1).status("vi")
    assert client(1).refresh() is False
    answer = client(1).probe("rtsp://x", "", "", "en")
    assert (answer.ok, answer.problem, answer.sentence) == (False, "recorder_down", "the recorder does not answer")


def test_a_recorder_that_hangs_is_given_up(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STATUS_TIMEOUT_S", 0.05)
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(RecorderDown):
        client(silent.getsockname()[1]).status("vi")


PICTURE = {
    "verdict": "turned", "sentence": "x", "hint": "y", "since": "2026-11-24T07:00:00Z", "seen": "2026-11-24T07:04:00Z",
    "light": "day", "score": 0.21,
}  # fmt: skip


def test_what_a_picture_tells_is_read_and_nonsense_is_nothing(recorder: Recorder) -> None:
    told = [CAMERA | {"picture": picture} for picture in (PICTURE, None, "well", {}, {"verdict": 5}, PICTURE | {"score": "1"})]
    recorder.body = json.dumps(STATUS | {"cameras": told}).encode()
    first, *nothing, last = (stream.picture for stream in client(recorder.port).status("en").streams)
    assert first is not None
    assert (first.verdict, first.light, first.score) == ("turned", "day", 0.21)
    assert first.seen == datetime(2026, 11, 24, 7, 4, tzinfo=UTC)
    assert nothing == [None] * 4
    assert last is not None
    assert last.score == 0


VIEW = {"id": "2-day-x", "at": "2026-11-24T07:05:00Z", "light": "day", "why": "accepted", "acceptance": 2, "in_force": True}


def test_a_view_is_accepted_listed_shown_and_forgotten(recorder: Recorder) -> None:
    asking = client(recorder.port)
    recorder.body = json.dumps(VIEW).encode()
    mark = asking.accept("a", "en").mark
    assert mark is not None
    assert (mark.id, mark.camera, mark.acceptance, mark.in_force) == ("2-day-x", "a", 2, True)
    recorder.body = json.dumps({"views": [VIEW, 7, VIEW | {"at": 3}, VIEW | {"id": "1", "in_force": 1}]}).encode()
    assert [(view.id, view.in_force) for view in asking.views("a")] == [("2-day-x", True), ("1", False)]
    recorder.body = b"\xff\xd8 a picture"
    assert asking.view_picture("a", "2/x", unmasked=True) == b"\xff\xd8 a picture"
    assert asking.forget_view("a", "1") is True
    assert [(method, path) for method, path, _headers, _body in recorder.asked] == [
        ("POST", "/v1/views/a"), ("GET", "/v1/views/a"), ("GET", "/v1/views/a/2%2Fx.jpg"), ("DELETE", "/v1/views/a/1.jpg"),
    ]  # fmt: skip
    tokens = [headers["Authorization"].removeprefix("Bearer ") for _method, _path, headers, _body in recorder.asked]
    claims = [jwt.decode(token, KEY, algorithms=["HS256"], audience="luytre-recorder") for token in tokens]
    assert {claim["right"] for claim in claims} == {"manage"}
    assert [claim.get("unmasked", []) for claim in claims] == [[], [], ["*"], []]


def test_a_view_that_cannot_be_accepted_says_why_and_one_that_is_gone_is_empty(recorder: Recorder) -> None:
    asking = client(recorder.port)
    recorder.status, recorder.body = 409, json.dumps({"message": "too dark", "hint": "by day"}).encode()
    answer = asking.accept("a", "en")
    assert (answer.mark, answer.sentence, answer.hint) == (None, "too dark", "by day")
    recorder.status = 404
    assert asking.view_picture("a", "1") == b""
    assert asking.forget_view("a", "1") is False
    recorder.status = 500
    for ask in (lambda: asking.accept("a", "en"), lambda: asking.view_picture("a", "1"), lambda: asking.forget_view("a", "1")):
        with pytest.raises(RecorderDown):
            ask()


ERASED = {
    "id": 7, "at": "2026-11-24T07:05:00.000Z", "camera": "a", "stream": "main", "from": "2026-10-24T00:00:00.000Z",
    "to": "2026-10-24T23:59:59.000Z", "bytes": 12, "rule": "days",
}  # fmt: skip


def test_the_erase_log_is_asked_for_in_parts_and_read_with_care(recorder: Recorder) -> None:
    recorder.body = json.dumps({"erased": [ERASED, ERASED | {"at": "hôm qua"}, 5, ERASED | {"id": 6}], "more": True}).encode()
    start = datetime(2026, 11, 24, tzinfo=UTC)
    found = client(recorder.port).erased(ErasedQuery(("a", "b"), start, None, before=9, limit=50))
    assert recorder.asked[0][:2] == ("GET", "/v1/erased?limit=50&cams=a%2Cb&before=9&from=1795478400.000")
    assert ([line.number for line in found.lines], found.more) == ([7, 6], True)
    line = found.lines[0]
    assert (line.at, line.camera, line.size_bytes, line.rule) == (datetime(2026, 11, 24, 7, 5, tzinfo=UTC), "a", 12, "days")
    client(recorder.port).erased(ErasedQuery())
    assert recorder.asked[1][1] == "/v1/erased?limit=100"
    recorder.status = 503
    with pytest.raises(RecorderDown):
        client(recorder.port).erased(ErasedQuery())


@pytest.mark.parametrize(
    ("said", "holds"),
    [({"holds": ["b", "a", 3]}, frozenset("ab")), ({}, None), ({"holds": None}, None), ({"holds": []}, frozenset())],
)
def test_the_holds_that_the_recorder_keeps_are_told(
    recorder: Recorder, said: dict[str, Any], holds: frozenset[str] | None
) -> None:
    recorder.body = json.dumps(STATUS | {"archive": said}).encode()
    assert client(recorder.port).status("vi").archive.holds == holds


def test_probe_sends_what_was_typed_and_reads_the_picture(recorder: Recorder) -> None:
    picture = b"\xff\xd8 picture"
    recorder.body = json.dumps(
        {
            "ok": True,
            "codec": "h265",
            "width": 640,
            "height": 360,
            "fps": 12.5,
            "audio": True,
            "picture_jpeg_base64": base64.b64encode(picture).decode(),
        }
    ).encode()
    answer = client(recorder.port).probe("rtsp://10.0.0.5/x", "u", 'p"ä', "vi")
    assert (answer.ok, answer.codec, answer.width_px, answer.fps, answer.audio, answer.picture_jpeg) == (
        True,
        "h265",
        640,
        12.5,
        True,
        picture,
    )
    assert json.loads(recorder.asked[0][3]) == {"url": "rtsp://10.0.0.5/x", "username": "u", "password": 'p"ä'}


def test_refresh_tells_whether_it_was_heard(recorder: Recorder) -> None:
    assert client(recorder.port).refresh() is True
    assert recorder.asked[0][:2] == ("POST", "/v1/refresh")


NAMES = st.sampled_from([*STATUS, *CAMERA, *ERASED, "oldest", "code", "ok", "picture_jpeg_base64"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner),
    max_leaves=20,
)


@given(st.dictionaries(NAMES, JSON), st.booleans())
@example({"width": float("inf"), "height": float("nan"), "fps": -float("inf"), "id": 10**400}, True)
@example({"archive": {"bytes_used": float("inf"), "days_left": 10**400}, "cameras": [{"frames": float("nan")}]}, True)
@example(ERASED | {"id": float("inf"), "bytes": 10**400}, True)
def test_any_answer_is_read_or_refused(answer: dict[str, Any], with_time: bool) -> None:
    whole = {**answer, "utc": STATUS["utc"]} if with_time else answer
    with contextlib.suppress(RecorderDown):
        module._status(whole)
    module._probe_answer(whole)
    module._erased(whole)
