"""One RTSP connection: a non-blocking socket, one receive buffer, text and interleaved frames told apart.

Before PLAY it is driven by `request` (awaits answers); after it by `poll` (called by the ticker, never waits).
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import struct
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from luytre.base.errors import CameraError, Problem
from luytre.media.source.rtp import Interleaved
from luytre.media.source.text import Message, TextError, build_answer, may_start_text, parse_message

BUFFER_BYTES = 256 << 10
BACKLOG_BYTES = 96 << 10
MAX_POLL_BYTES = 8 << 20
"""More than this in one poll waits for the next: one camera's burst must not hold up the others."""
MAX_CHANNEL = 8
"""No camera uses more interleaved channels: a `$` before a higher number is part of garbage."""
MAX_TEXTS = 64
"""Messages, or stretches of garbage, in one pass over the buffer. No camera says so much; the rest of the pass is thrown away."""
MAX_UNSENT_BYTES = 64 << 10
POLL_CPU_S = 0.05
REST_POLLS = 3
"""A camera whose bytes cost more than `POLL_CPU_S` in one poll is not read for so many: its flood is its own harm."""
STAMPED_POLLS = 4
"""Each so many polls it is asked when the bytes came: asking costs some millionths of a second."""
_MAX_FRAME_BYTES = 65_539
_SO_TIMESTAMPNS = 35
"""Linux (socket(7)): with each read comes when the kernel had its last byte. Python has no name for it."""
_STAMP = struct.Struct("qq")
_STAMP_ROOM = socket.CMSG_SPACE(_STAMP.size)
_OLDEST_STAMP_S = 10.0


class Wire:
    def __init__(self, sock: socket.socket, peer: str, *, cpu_s: Callable[[], float] = time.thread_time) -> None:
        self.sock, self.peer, self._cpu_s = sock, peer, cpu_s
        self._rest = self._polls = 0
        self.buffer = bytearray(BUFFER_BYTES)
        self._view = memoryview(self.buffer)
        self._start = self._end = 0
        self.frames: Interleaved | None = None
        self.on_message: Callable[[Message], None] = lambda message: None
        self.on_pass: Callable[[], None] = lambda: None
        self.received_bytes = 0
        self.garbage_bytes = 0
        self._unsent = b""

    # -- waiting (before PLAY) ---------------------------------------------------------------------------------------

    async def fill(self, timeout_s: float) -> None:
        """Waits for more bytes. Raises CameraError LOST at the connection's end, TIMEOUT after `timeout_s`."""
        self._make_room()
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout_s):
                count = await loop.sock_recv_into(self.sock, self._view[self._end :])
        except TimeoutError:
            raise CameraError(Problem.TIMEOUT, subject=self.peer) from None
        except OSError as error:
            raise CameraError(Problem.LOST, subject=self.peer, detail=str(error)) from error
        if not count:
            raise CameraError(Problem.LOST, subject=self.peer, detail="the camera closed the connection")
        self._took(count)

    def _took(self, count: int) -> None:
        self._end += count
        self.received_bytes += count
        self._consume()

    async def send(self, data: bytes) -> None:
        try:
            await asyncio.get_running_loop().sock_sendall(self.sock, data)
        except OSError as error:
            raise CameraError(Problem.LOST, subject=self.peer, detail=str(error)) from error

    # -- polling (after PLAY) ----------------------------------------------------------------------------------------

    def poll(self) -> bool:
        """Takes all that has arrived; true when the socket's buffer was getting full. Raises CameraError LOST."""
        if self._rest:
            self._rest -= 1
            return False
        total, began_s = 0, self._cpu_s()
        self._polls += 1
        while True:
            self._make_room()
            space = len(self.buffer) - self._end
            try:
                count, stamp = self._receive(self._polls % STAMPED_POLLS == 0)
            except (BlockingIOError, InterruptedError):
                break
            except OSError as error:
                raise CameraError(Problem.LOST, subject=self.peer, detail=str(error)) from error
            if not count:
                raise CameraError(Problem.LOST, subject=self.peer, detail="the camera closed the connection")
            total += count
            self._took(count)
            if stamp and self._start == self._end and self.frames is not None:
                self._tell_arrival(self.frames, stamp)
            if count < space or total >= MAX_POLL_BYTES:
                break
            if self._cpu_s() - began_s > POLL_CPU_S:
                self._rest = REST_POLLS
                break
        if self._unsent:
            self.send_now(b"")
        return total > BACKLOG_BYTES and not self._rest

    def _receive(self, is_stamped: bool) -> tuple[int, bytes]:
        """How many bytes came, and the kernel's time of the last one; empty where it was not asked or does not say."""
        if not is_stamped:
            return self.sock.recv_into(self._view[self._end :]), b""
        count, told, _, _ = self.sock.recvmsg_into((self._view[self._end :],), _STAMP_ROOM)
        return count, told[0][2] if told else b""

    def _tell_arrival(self, frames: Interleaved, stamp: bytes) -> None:
        """The kernel's time is that of the wall; what counts is how long ago it was, so that setting the clock moves nothing."""
        if len(stamp) == _STAMP.size:
            seconds, nanos = _STAMP.unpack(stamp)
            age_s = time.time() - seconds - nanos * 1e-9
            if 0 <= age_s < _OLDEST_STAMP_S:
                frames.arrived(asyncio.get_running_loop().time() - age_s)

    def send_now(self, data: bytes) -> None:
        """Sends a small message without waiting; what the socket does not take goes out at the next poll.

        Raises CameraError LOST, also for a camera that asks and asks and never reads our answers.
        """
        self._unsent += data
        try:
            sent = self.sock.send(self._unsent)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError as error:
            raise CameraError(Problem.LOST, subject=self.peer, detail=str(error)) from error
        self._unsent = self._unsent[sent:]
        if len(self._unsent) > MAX_UNSENT_BYTES:
            raise CameraError(Problem.LOST, subject=self.peer, detail="the camera does not read what we answer")

    def answer(self, request: Message) -> None:
        """Says yes to what the camera asks of us in mid-stream (OPTIONS, SET_PARAMETER, ANNOUNCE, …)."""
        self.send_now(build_answer(request.get("cseq"), session=request.get("session")))

    # -- the buffer --------------------------------------------------------------------------------------------------

    def _make_room(self) -> None:
        """Moves what is not consumed to the front; afterwards at least one whole frame fits."""
        if self._start:
            left = self._end - self._start
            self.buffer[:left] = self.buffer[self._start : self._end]
            self._start, self._end = 0, left

    def _consume(self) -> None:
        """Hands on whole frames and messages; keeps an incomplete one."""
        at, end, buffer, texts = self._start, self._end, self.buffer, 0
        if self.frames:
            self.frames.picture.now_s = asyncio.get_running_loop().time()
        while at < end:
            if buffer[at] == 0x24:
                before = at
                at = self.frames.parse(at, end) if self.frames else _skip_frames(buffer, at, end)
                if at == before or (at < end and buffer[at] == 0x24):
                    break
                continue
            if self.frames:
                self.frames.ends_in_picture = False
            step = self._text(at, end) if texts < MAX_TEXTS else self._throw_away(at, end)
            if step == 0:
                break
            at += step
            texts += 1
        self._start = at
        self.on_pass()
        if self.frames:
            self.frames.picture.settle()

    def _text(self, at: int, end: int) -> int:
        """Bytes consumed of a message or of garbage at `at`; 0 when more must come."""
        if self.buffer[at] in b"\r\n":  # line ends between messages
            return next((place for place in range(at, end) if self.buffer[place] not in b"\r\n"), end) - at
        head = bytes(self._view[at : min(end, at + 16)])
        if may_start_text(head):
            try:
                parsed = parse_message(bytes(self._view[at:end]))
            except TextError:
                parsed = None
            else:
                if parsed is None and end - at < len(self.buffer) - _MAX_FRAME_BYTES:
                    return 0
            if parsed is not None:
                self.on_message(parsed[0])
                return parsed[1]
        elif self.frames is None:
            raise CameraError(Problem.NOT_RTSP, subject=self.peer, detail=f"answer starts with {head!r}")
        step = self._resync(at, end)
        self.garbage_bytes += step
        return step

    def _throw_away(self, at: int, end: int) -> int:
        self.garbage_bytes += end - at
        return end - at

    def take_cut_short(self) -> None:
        """Nothing more comes: a message whose body is shorter than it announced is taken as it is."""
        try:
            parsed = parse_message(bytes(self._view[self._start : self._end]), cut_short=True)
        except TextError:
            return
        if parsed is not None:
            self._start += parsed[1]
            self.on_message(parsed[0])

    def _resync(self, at: int, end: int) -> int:
        """How many bytes of garbage lie before the next thing that looks like a frame or a message."""
        place = self.buffer.find(b"$", at + 1, end)
        while place >= 0 and place + 1 < end and self.buffer[place + 1] >= MAX_CHANNEL:
            place = self.buffer.find(b"$", place + 1, end)
        message = self.buffer.find(b"RTSP/", at + 1, end)
        return min((found for found in (place, message) if found >= 0), default=end) - at

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.sock.close()


def _skip_frames(buffer: bytearray, at: int, end: int) -> int:
    while end - at >= 4 and buffer[at] == 0x24:
        stop = at + 4 + (buffer[at + 2] << 8 | buffer[at + 3])
        if stop > end:
            break
        at = stop
    return at


def split_host(url: str) -> tuple[str, int]:
    """(host, port) of an RTSP URL; 554 where none is said. Raises CameraError BAD_URL."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise CameraError(Problem.BAD_URL) from None
    if parts.scheme.lower() != "rtsp" or not host:
        raise CameraError(Problem.BAD_URL)
    return host, port or 554


async def connect(url: str, timeout_s: float) -> Wire:
    """Opens the TCP connection. Raises CameraError: BAD_URL, UNKNOWN_HOST, PORT_CLOSED, UNREACHABLE."""
    host, port = split_host(url)
    peer = f"{host}:{port}"
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(timeout_s):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            family, kind, proto, _, address = found[0]
            sock = socket.socket(family, kind, proto)
            sock.setblocking(False)
            try:
                await loop.sock_connect(sock, address)
            except BaseException:
                sock.close()
                raise
    except (socket.gaierror, UnicodeError):
        raise CameraError(Problem.UNKNOWN_HOST, subject=peer) from None
    except TimeoutError:
        raise CameraError(Problem.UNREACHABLE, subject=peer) from None
    except OSError as error:
        closed = error.errno in (errno.ECONNREFUSED, errno.ECONNRESET)
        raise CameraError(Problem.PORT_CLOSED if closed else Problem.UNREACHABLE, subject=peer, detail=str(error)) from error
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
    return Wire(sock, peer)
