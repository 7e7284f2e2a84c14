"""RTSP through FFmpeg: our login is for the camera's own host, whatever it answers; TLS; what is passed on is whole."""

from __future__ import annotations

import asyncio
import datetime
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from luytre.base.errors import Problem
from luytre.media.source.guard import Guard
from luytre.simulate.auth import Auth
from luytre.simulate.quirks import NAMED, Quirks
from tests.media.source.test_hostile_cameras import Answer, Scripted, asks_for_a_password, say, sends_to
from tests.media.source.test_real_servers import through_ffmpeg
from tests.support.cameras import MAIN, CameraThread
from tests.support.clips import ClipLibrary
from tests.support.judge import contains_run

Start = Callable[..., CameraThread]


def has_login(server: Scripted) -> bool:
    return any(line.lower().startswith("authorization") for lines in server.requests for line in lines)


@pytest.mark.parametrize("udp", [False, True])
async def test_our_password_goes_to_no_other_host(udp: bool) -> None:
    """FFmpeg by itself offers it there at its first word."""
    async with Scripted(asks_for_a_password) as thief, Scripted(sends_to(f"rtsp://localhost:{thief.port}/x")) as camera:
        _, error = await through_ffmpeg(f"rtsp://admin:secret@127.0.0.1:{camera.port}/main", 1, udp=udp)
        assert error is not None
        assert error.problem is Problem.PASSWORD_NEEDED
        assert thief.requests
        assert not has_login(thief)


async def test_our_password_goes_to_another_port_of_the_camera() -> None:
    async with Scripted(asks_for_a_password) as second, Scripted(sends_to(f"rtsp://127.0.0.1:{second.port}/x")) as camera:
        _, error = await through_ffmpeg(f"rtsp://admin:secret@127.0.0.1:{camera.port}/main", 1)
        assert error is not None
        assert error.problem is Problem.WRONG_PASSWORD
        assert has_login(second)


@pytest.mark.parametrize("place", ["file:///etc/passwd", "rtsp://[::1/x", "http://127.0.0.1/"])
async def test_sent_to_what_is_no_camera(place: str) -> None:
    async with Scripted(sends_to(place)) as camera:
        _, error = await through_ffmpeg(f"rtsp://admin:secret@127.0.0.1:{camera.port}/main", 1)
        assert error is not None
        assert error.problem is Problem.BAD_URL


async def test_sent_round_in_a_circle() -> None:
    async with Scripted(asks_for_a_password) as camera:
        camera.answer = sends_to(f"rtsp://127.0.0.1:{camera.port}/again")
        _, error = await through_ffmpeg(f"rtsp://admin:secret@127.0.0.1:{camera.port}/main", 1)
        assert error is not None
        assert error.problem is Problem.REFUSED


def writes(first_line: str, thief_port: int) -> Answer:
    async def answer(writer: asyncio.StreamWriter, cseq: str, lines: list[str]) -> None:
        writer.write(f"{first_line}\r\nCSeq: {cseq}\r\nLocation: rtsp://localhost:{thief_port}/x\r\n\r\n".encode())

    return answer


@pytest.mark.parametrize(
    "line", ["RTSP/1.0 0302 Found", "RTSP/9 302 Found", "RTSP/1.0\t302\tFound", "\r\nRTSP/1.0 302 Found", "x"]
)
async def test_an_answer_that_may_be_read_in_two_ways_leads_nowhere(line: str) -> None:
    async with Scripted(asks_for_a_password) as thief, Scripted(writes(line, thief.port)) as camera:
        _, error = await through_ffmpeg(f"rtsp://admin:secret@127.0.0.1:{camera.port}/main", 1)
        assert error is not None
        assert not has_login(thief)


async def test_a_redirect_that_comes_in_pieces() -> None:
    async with Scripted(asks_for_a_password) as thief:

        async def slowly(writer: asyncio.StreamWriter, cseq: str, lines: list[str]) -> None:
            for byte in f"RTSP/1.0 302 Found\r\nCSeq: {cseq}\r\nLocation: rtsp://localhost:{thief.port}/x\r\n\r\n".encode():
                writer.write(bytes((byte,)))
                await writer.drain()

        async with Scripted(slowly) as camera:
            _, error = await through_ffmpeg(f"rtsp://admin:secret@127.0.0.1:{camera.port}/main", 1)
        assert error is not None
        assert not has_login(thief)


async def test_an_answer_without_an_end_is_given_up() -> None:
    async def endless(writer: asyncio.StreamWriter, cseq: str, lines: list[str]) -> None:
        say(writer, cseq, "200 OK", "Content-Length: 1048576")
        while True:
            writer.write(b"x" * 65_536)
            await writer.drain()

    async with Scripted(endless) as camera:
        _, error = await through_ffmpeg(f"rtsp://admin:secret@127.0.0.1:{camera.port}/main", 1)
        assert error is not None


@pytest.mark.parametrize("quirk", ["redirect-302", "control-nat", "lines-lf", "nonce-each-request"])
async def test_cameras_with_habits_are_passed_on_whole(quirk: str, camera_server: Start, clips: ClipLibrary) -> None:
    camera = camera_server(clips("h264"), NAMED[quirk], Auth("admin", "p:a/s@s w", ("md5",)))
    kept, error = await through_ffmpeg(camera.url(), 60)
    assert (error, len(kept.units) >= 60) == (None, True)
    assert contains_run(camera.ledger.digests(MAIN), kept.runs[0])


@pytest.mark.parametrize(
    ("address", "problem"), [("rtsp://khong-co.invalid/x", Problem.UNKNOWN_HOST), ("rtsp://127.0.0.1:1/x", Problem.PORT_CLOSED)]
)
async def test_a_camera_that_is_not_there_is_told_as_such(address: str, problem: Problem) -> None:
    _, error = await through_ffmpeg(address.replace("//", "//admin:secret@"), 1)
    assert error is not None
    assert error.problem is problem
    assert "secret" not in f"{error} {error.detail} {error.subject}"


def own_certificate(folder: Path) -> ssl.SSLContext:
    """As a camera makes it: signed by itself, for a name that nobody uses, run out long ago."""
    key = rsa.generate_private_key(65_537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "IPC")])
    day = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    made = builder.not_valid_before(day).not_valid_after(day + datetime.timedelta(days=365)).sign(key, hashes.SHA256())
    path = folder / "camera.pem"
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


@asynccontextmanager
async def over_tls(port: int, context: ssl.SSLContext) -> AsyncIterator[int]:
    """A camera's TLS port before its plain one."""
    tasks: set[asyncio.Task[None]] = set()

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        camera, to_camera = await asyncio.open_connection("127.0.0.1", port)
        ways = [asyncio.ensure_future(pump(reader, to_camera)), asyncio.ensure_future(pump(camera, writer))]
        tasks.update(ways)
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        to_camera.close()
        writer.close()
        await asyncio.gather(*ways, return_exceptions=True)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_camera_over_tls_with_a_certificate_of_its_own(camera_server: Start, clips: ClipLibrary, tmp_path: Path) -> None:
    camera = camera_server(clips("h264"), Quirks(), Auth("admin", "mật khẩu"))
    async with over_tls(camera.port, own_certificate(tmp_path)) as port:
        kept, error = await through_ffmpeg(f"rtsps://admin:mật khẩu@127.0.0.1:{port}{MAIN}", 60)
        _, refused = await through_ffmpeg(f"rtsps://admin:sai@127.0.0.1:{port}{MAIN}", 1)
    assert (error, len(kept.units) >= 60) == (None, True)
    assert contains_run(camera.ledger.digests(MAIN), kept.runs[0])
    assert refused is not None
    assert refused.problem is Problem.WRONG_PASSWORD


async def test_a_plain_port_is_no_tls_camera(camera_server: Start, clips: ClipLibrary) -> None:
    camera = camera_server(clips("h264"))
    _, error = await through_ffmpeg(f"rtsps://a:b@127.0.0.1:{camera.port}{MAIN}", 1)
    assert error is not None
    assert error.problem in (Problem.NOT_RTSP, Problem.UNREACHABLE, Problem.PORT_CLOSED)


async def test_a_guard_has_no_login_in_its_address() -> None:
    async with Guard("rtsp://camera.xa:8554/a/b?x=1&y=2", 1.0) as guard:
        assert guard.address.startswith("rtsp://127.0.0.1:")
        assert guard.address.endswith("/a/b?x=1&y=2")
