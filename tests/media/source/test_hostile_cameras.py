"""Cameras that mean harm: to our password, to our memory, to the other cameras of the process. All of them fail alone."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable

import pytest

from luytre.base.errors import CameraError, Problem
from luytre.media.source import wire as wire_module
from luytre.media.source.auth import parse_challenges
from luytre.media.source.depacket import MAX_AGGREGATED, MAX_SETS, MAX_UNIT_BYTES
from luytre.media.source.h264 import H264Depacketizer
from luytre.media.source.rtsp import MAX_WAIT_BYTES, Limits, control_candidates
from luytre.media.source.sdp import parse_sdp
from luytre.media.source.text import TextError, parse_message
from luytre.media.source.wire import MAX_TEXTS, MAX_UNSENT_BYTES, REST_POLLS, Wire
from luytre.media.unit import Break
from tests.media.source.collect import collect

Answer = Callable[[asyncio.StreamWriter, str, list[str]], Awaitable[None]]
LIMITS = Limits(connect_s=3, answer_s=3, first_frame_s=3, frozen_s=3)


class Scripted:
    """A server on two names of this machine that keeps each request and answers by a script."""

    def __init__(self, answer: Answer) -> None:
        self.answer, self.requests, self.port = answer, list[list[str]](), 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Scripted:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode().split("\r\n")
                self.requests.append(lines)
                cseq = next(line.partition(":")[2].strip() for line in lines if line.startswith("CSeq"))
                await self.answer(writer, cseq, lines)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            self._tasks.discard(task)
            writer.close()


def say(writer: asyncio.StreamWriter, cseq: str, first: str, *headers: str) -> None:
    writer.write("\r\n".join([f"RTSP/1.0 {first}", f"CSeq: {cseq}", *headers, "", ""]).encode())


async def asks_for_a_password(writer: asyncio.StreamWriter, cseq: str, lines: list[str]) -> None:
    say(writer, cseq, "401 Unauthorized", 'WWW-Authenticate: Basic realm="x"')


def sends_to(url: str) -> Answer:
    """Takes the password, then says that the camera is elsewhere."""

    async def answer(writer: asyncio.StreamWriter, cseq: str, lines: list[str]) -> None:
        if not any(line.startswith("Authorization") for line in lines):
            await asks_for_a_password(writer, cseq, lines)
        elif lines[0].startswith("OPTIONS"):
            say(writer, cseq, "200 OK", "Public: DESCRIBE")
        else:
            say(writer, cseq, "302 Found", f"Location: {url}")

    return answer


async def test_our_password_goes_to_no_other_host() -> None:
    async with Scripted(asks_for_a_password) as thief, Scripted(sends_to(f"rtsp://localhost:{thief.port}/x")) as camera:
        _, error = await collect(f"rtsp://admin:secret@127.0.0.1:{camera.port}/main", limits=LIMITS)
        assert error is not None
        assert error.problem is Problem.PASSWORD_NEEDED
        assert len(thief.requests) == 1
        assert not any(line.lower().startswith("authorization") for lines in thief.requests for line in lines)


async def test_our_password_goes_to_another_port_of_the_camera() -> None:
    async with Scripted(asks_for_a_password) as second, Scripted(sends_to(f"rtsp://127.0.0.1:{second.port}/x")) as camera:
        _, error = await collect(f"rtsp://admin:secret@127.0.0.1:{camera.port}/main", limits=LIMITS)
        assert error is not None
        assert error.problem is Problem.WRONG_PASSWORD
        assert any(line.startswith("Authorization: Basic") for lines in second.requests for line in lines)


@pytest.mark.parametrize("place", ["file:///etc/passwd", "rtsp://[::1/x", "http://127.0.0.1/"])
async def test_sent_to_what_is_no_camera(place: str) -> None:
    async with Scripted(sends_to(place)) as camera:
        _, error = await collect(f"rtsp://admin:secret@127.0.0.1:{camera.port}/main", limits=LIMITS)
        assert error is not None
        assert error.problem is Problem.BAD_URL


async def test_a_flood_in_place_of_an_answer_holds_up_nobody() -> None:
    async def flood(writer: asyncio.StreamWriter, cseq: str, lines: list[str]) -> None:
        while True:
            writer.write((b"\x24\x00\x04\x00" + bytes(1024)) * 200)
            await writer.drain()

    turns = 0

    async def other_camera() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    async with Scripted(flood) as camera:
        other = asyncio.create_task(other_camera())
        _, error = await collect(f"rtsp://127.0.0.1:{camera.port}/main", limits=Limits(connect_s=3, answer_s=60))
        other.cancel()
    assert error is not None
    assert error.problem is Problem.LOST
    assert turns > MAX_WAIT_BYTES // wire_module.BUFFER_BYTES


# -- after PLAY: the wire over a socket pair ------------------------------------------------------------------------------


class Pair:
    def __init__(self, wire: Wire, far: socket.socket) -> None:
        self.wire, self.far = wire, far

    def send(self, data: bytes) -> None:
        """As much as the kernel takes."""
        view = memoryview(data)
        while view:
            try:
                view = view[self.far.send(view) :]
            except BlockingIOError:
                return


@pytest.fixture
def pair() -> object:
    near, far = socket.socketpair()
    for each in (near, far):
        each.setblocking(False)
    near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    far.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    yield Pair(Wire(near, "camera"), far)
    near.close()
    far.close()


@pytest.mark.parametrize("junk", [b"RTSP/\n", b"RTSP/1.0 x\n", b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n", b"\xff$\xff"])
async def test_a_flood_of_text_or_garbage_costs_a_bounded_number_of_looks(junk: bytes, pair: Pair) -> None:
    looks = 0
    text = pair.wire._text

    def counted(at: int, end: int) -> int:
        nonlocal looks
        looks += 1
        return text(at, end)

    pair.wire._text = counted  # type: ignore[method-assign]
    passes = 0

    def passed() -> None:
        nonlocal passes
        passes += 1

    pair.wire.on_pass = passed
    pair.wire.frames = _no_frames(pair.wire)
    pair.send(junk * 50_000)
    pair.wire.poll()
    assert 0 < looks <= passes * MAX_TEXTS
    assert pair.wire.garbage_bytes > 0


def _no_frames(wire: Wire) -> wire_module.Interleaved:
    return wire_module.Interleaved(H264Depacketizer(wire.buffer), (0, 1))


async def test_a_camera_that_asks_and_never_reads_our_answers_is_left(pair: Pair) -> None:
    pair.wire.on_message = pair.wire.answer
    pair.wire.frames = _no_frames(pair.wire)
    question = b"OPTIONS * RTSP/1.0\r\nCSeq: " + b"7" * 4000 + b"\r\n\r\n"

    def keeps_asking() -> None:
        for _ in range(100):
            pair.send(question * 32)
            pair.wire.poll()
            assert len(pair.wire._unsent) <= MAX_UNSENT_BYTES + MAX_TEXTS * len(question)

    with pytest.raises(CameraError) as failed:
        keeps_asking()
    assert failed.value.problem is Problem.LOST


async def test_a_camera_that_costs_too_much_is_read_less_often(pair: Pair) -> None:
    used = iter(range(10_000))
    pair.wire._cpu_s = lambda: float(next(used))
    pair.wire.frames = _no_frames(pair.wire)
    frame = b"\x24\x07\x04\x00" + bytes(1024)
    pair.send(frame * 800)
    pair.wire.poll()
    before = pair.wire.received_bytes
    assert before <= wire_module.BUFFER_BYTES
    for _ in range(REST_POLLS):
        assert not pair.wire.poll()
    assert pair.wire.received_bytes == before
    pair.wire.poll()
    assert pair.wire.received_bytes > before


# -- pictures --------------------------------------------------------------------------------------------------------------


def held_bytes(made: H264Depacketizer) -> int:
    return sum(len(chunk) for chunk in made._chunks)


def test_a_picture_that_never_ends_is_given_up() -> None:
    buffer = bytearray(1400)
    made = H264Depacketizer(buffer)
    buffer[:2] = bytes((0x7C, 0x85))
    made.packet(0, 1400, 0, 9, 0)
    buffer[1] = 0x05
    for number in range(1, 2 * MAX_UNIT_BYTES // 1400):
        made.packet(0, 1400, number & 0xFFFF, 9, 0)
        made.settle()
        assert held_bytes(made) <= MAX_UNIT_BYTES + 2800
    assert made.damaged == 1


def test_pieces_of_a_large_picture_are_copied_once() -> None:
    buffer = bytearray(1400)
    made = H264Depacketizer(buffer)
    buffer[:2] = bytes((0x7C, 0x85))
    made.packet(0, 1400, 0, 9, 0)
    made.settle()
    first = made._chunks[2]
    buffer[1] = 0x05
    for number in range(1, 50):
        made.packet(0, 1400, number, 9, 0)
        made.settle()
    assert made._chunks[2] is first
    assert held_bytes(made) == 50 * 1398


def test_an_aggregate_of_thousands_of_tiny_units_is_damage() -> None:
    tiny = b"\x00\x01\x06"
    payload = b"\x18" + tiny * (MAX_AGGREGATED + 5)
    buffer = bytearray(payload)
    made = H264Depacketizer(buffer)
    made.packet(0, len(payload), 0, 9, 0)
    assert made.damaged == 1
    assert not made._chunks


def test_parameter_sets_are_kept_in_bounds() -> None:
    made = H264Depacketizer(bytearray(4), parameter_sets=[bytes((0x67, 66, 0, n)) + bytes(20) for n in range(200)])
    made._keep_set(7, b"\x67" * 100_000)
    assert len(made._new_sets[7]) == MAX_SETS
    assert all(len(nal) < 100 for nal in made._new_sets[7])


def test_a_lost_packet_is_told_once_however_many_follow() -> None:
    buffer = bytearray(1400)
    made = H264Depacketizer(buffer)
    made._skipping = False
    buffer[:2] = bytes((0x7C, 0x85))
    for number in range(0, 60_000, 3):
        made.packet(0, 1400, number, number, 0)
    assert [type(item) for item in made.out] == [Break]


# -- words -----------------------------------------------------------------------------------------------------------------


def test_digits_that_are_no_numbers() -> None:
    assert parse_sdp("m=video 0 RTP/AVP ²\r\na=rtpmap:² H264/²\r\na=fmtp:² x=1\r\n").tracks[0].payload_type == -1
    for name in ("CSeq", "Content-Length"):
        for value in ("²", "९" * 5000, "9" * 5000):
            found = parse_message(f"RTSP/1.0 200 OK\r\n{name}: {value}\r\n\r\n".encode())
            assert found is not None
            assert found[0].cseq == -1


@pytest.mark.parametrize("rate", ["1e-320", "nan", "inf", "-1", "1e400"])
def test_frame_rates_that_are_none(rate: str) -> None:
    assert parse_sdp(f"m=video 0 RTP/AVP 96\r\na=framerate:{rate}\r\n").tracks[0].framerate == 0


def test_addresses_of_tracks_that_are_none() -> None:
    url = "rtsp://127.0.0.1:554/main"
    for control in ("rtsp://[::1/track", "rtsp://[x]:99999999/y", "//[", "trackID=1"):
        assert control_candidates("rtsp://[oh", url, control, url)


def test_long_words_take_no_longer_than_their_length() -> None:
    """Each of these would take hours with a pattern that goes back over what it has read."""
    assert len(parse_challenges(["Digest " + "a" * 4_000_000])) == 1
    assert len(parse_challenges(['Digest realm="' + "\\a" * 2_000_000])) <= 1
    with pytest.raises(TextError):
        parse_message(b"OPTIONS a" + b" " * 4_000_000 + b"x\r\n\r\n")
    folded = b"RTSP/1.0 200 OK\r\nA: b\r\n" + b" c\n" * 1_000_000 + b"\r\n\r\n"
    assert parse_message(folded) is not None
