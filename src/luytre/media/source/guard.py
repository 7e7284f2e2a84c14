"""Between FFmpeg's RTSP and a camera: our login reaches the camera's own host and no other.

FFmpeg follows a redirect with the login of the first address, to whatever host the camera names, and offers it there unasked.
So it is given an address of this machine: here each connection is passed on to the one host that was meant, and an answer
that says "elsewhere" (3xx) is taken away and told to who runs the guard. Up to PLAY answers are read one by one (what is not
understood ends the connection); after it FFmpeg follows no redirect, and bytes are passed on as they come.

`rtsps` ends here as well: the camera is spoken to over TLS, its certificate taken as it is, for cameras make their own.
"""

from __future__ import annotations

import asyncio
import errno
import re
import socket
import ssl
from types import TracebackType
from urllib.parse import urlsplit

from luytre.base.errors import CameraError, Problem
from luytre.media.source.text import TextError, parse_message

CHUNK_BYTES = 64 << 10
MAX_ANSWER_BYTES = 2 << 20
_PORTS = {"rtsp": 554, "rtsps": 322}
_ANSWER = re.compile(rb"RTSP/\d\.\d\s+\d{3}(?:\s|\Z)")


def is_guarded(url: str) -> bool:
    return url.lower().startswith(("rtsp://", "rtsps://"))


def _trusting() -> ssl.SSLContext:
    """For cameras: any certificate, also of an old kind. It keeps out who only listens."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context


class Guard:
    """`async with Guard(url, wait_s) as guard:` and give FFmpeg `guard.address` with the login in it.

    Afterwards `location` says where the camera sent us, `error` why it could not be reached; both None where all went well.
    """

    def __init__(self, url: str, wait_s: float) -> None:
        try:
            parts = urlsplit(url)
            self._host, port = parts.hostname or "", parts.port
        except ValueError:
            raise CameraError(Problem.BAD_URL) from None
        scheme = parts.scheme.lower()
        if scheme not in _PORTS or not self._host:
            raise CameraError(Problem.BAD_URL)
        self._port, self._is_tls, self._wait_s = port or _PORTS[scheme], scheme == "rtsps", wait_s
        self._rest = parts._replace(scheme="", netloc="").geturl()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.location: str | None = None
        self.error: CameraError | None = None

    async def __aenter__(self) -> Guard:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def address(self) -> str:
        """Without a login."""
        assert self._server is not None
        return f"rtsp://127.0.0.1:{self._server.sockets[0].getsockname()[1]}{self._rest}"

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._pass_on(reader, writer)
        except CameraError as error:
            self.error = error
        except (OSError, EOFError, TextError):
            return  # one side is gone, or speaks no RTSP: FFmpeg says what that means
        finally:
            writer.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        camera, to_camera = await self._connect()
        talk = _Talk(writer, to_camera)
        ways = [asyncio.ensure_future(talk.requests(reader)), asyncio.ensure_future(talk.answers(camera))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            to_camera.close()
            for way in ways:
                way.cancel()
            ended = await asyncio.gather(*ways, return_exceptions=True)
            self.location = talk.location or self.location
        for error in ended:
            if isinstance(error, Exception):
                raise error

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        peer = f"{self._host}:{self._port}"
        try:
            async with asyncio.timeout(self._wait_s):
                return await asyncio.open_connection(self._host, self._port, ssl=_trusting() if self._is_tls else None)
        except (socket.gaierror, UnicodeError):
            raise CameraError(Problem.UNKNOWN_HOST, subject=peer) from None
        except TimeoutError:
            raise CameraError(Problem.UNREACHABLE, subject=peer) from None
        except ssl.SSLError as error:
            raise CameraError(Problem.NOT_RTSP, subject=peer, detail=str(error)) from error
        except OSError as error:
            closed = error.errno in (errno.ECONNREFUSED, errno.ECONNRESET)
            raise CameraError(Problem.PORT_CLOSED if closed else Problem.UNREACHABLE, subject=peer, detail=str(error)) from error


class _Talk:
    """One connection of FFmpeg's, both ways."""

    def __init__(self, to_us: asyncio.StreamWriter, to_camera: asyncio.StreamWriter) -> None:
        self._to_us, self._to_camera = to_us, to_camera
        self._plays = False
        self.location: str | None = None

    async def requests(self, reader: asyncio.StreamReader) -> None:
        while data := await reader.read(CHUNK_BYTES):
            self._plays = self._plays or data.startswith(b"PLAY ")
            self._to_camera.write(data)
            await self._to_camera.drain()

    async def answers(self, reader: asyncio.StreamReader) -> None:
        waiting = b""
        while data := await reader.read(CHUNK_BYTES):
            waiting += data
            while not self._plays and (size := self._whole(waiting)):
                self._to_us.write(waiting[:size])
                waiting = waiting[size:]
            if self.location is not None:
                return
            if self._plays:
                self._to_us.write(waiting)
                waiting = b""
            await self._to_us.drain()

    def _whole(self, data: bytes) -> int:
        """Length of the answer (or interleaved packet) at the start; 0 while it is not all there, or must not go on.

        Raises TextError for anything else.
        """
        if len(data) > MAX_ANSWER_BYTES:
            raise TextError("an answer without an end")
        if data[:1] == b"$":
            size = 4 + int.from_bytes(data[2:4], "big")
            return size if len(data) >= max(4, size) else 0
        found = parse_message(data) if data else None
        if found is None:
            return 0
        message, size = found
        if message.status and not _ANSWER.match(data):
            raise TextError("an answer that may be read in two ways")
        if 300 <= message.status < 400:
            self.location = message.get("location")
            return 0
        return size
