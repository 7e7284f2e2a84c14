"""One client of the simulated camera: its requests, its session, its life and death."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from luytre.base.redact import redact_url
from luytre.simulate.auth import Auth, Gate
from luytre.simulate.ledger import Request
from luytre.simulate.message import Message, path_of, read_message, write_answer, write_request
from luytre.simulate.quirks import NAT_HOST, Quirks
from luytre.simulate.rtp import TrackLine
from luytre.simulate.sdp import PAYLOAD_TYPES, RATES_HZ, Track, TrackKind, describe, tracks
from luytre.simulate.sender import Sender
from luytre.simulate.source import FrameSource, Subscription
from luytre.simulate.units import AudioDescription

if TYPE_CHECKING:
    from luytre.simulate.server import SimulatedServer

MOVED = "/moved"
METHODS = ("OPTIONS", "DESCRIBE", "SETUP", "PLAY", "PAUSE", "TEARDOWN", "GET_PARAMETER", "SET_PARAMETER")
_WEB_PAGE = b"<html><body><h1>400 Bad Request</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Stream:
    """What stands at one path of the server. `quirks` and `auth` None: the server's own."""

    source: FrameSource
    quirks: Quirks | None = None
    auth: Auth | None = None
    audio: AudioDescription | None = None


@dataclass(slots=True)
class Answer:
    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    then: Callable[[], None] | None = None
    """Done after the answer left."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a request's URL points to. `rest` is what follows the stream's path (the track)."""

    path: str
    stream: Stream
    rest: str
    moved: bool


class Connection:
    """Runs until the client goes or a quirk ends it."""

    def __init__(self, server: SimulatedServer, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.server, self.number = server, number
        self._reader, self._writer = reader, writer
        self._session = secrets.token_hex(6)
        self._gates: dict[int, Gate] = {}
        self._lines: dict[TrackKind, TrackLine] = {}
        self._place: _Place | None = None
        self._sender: Sender | None = None
        self._subscription: Subscription | None = None
        self._timeout: asyncio.TimerHandle | None = None
        self._asked = self._answered = 0
        self._ends = False

    async def run(self) -> None:
        try:
            while not self._ends:
                message = await read_message(self._reader)
                if message is None:
                    continue
                if message.is_answer:
                    self._take_answer()
                else:
                    await self._take_request(message)
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            pass  # the client went, or speaks no RTSP: either way the connection is over
        finally:
            self._stop()
            with contextlib.suppress(ConnectionError):
                self._writer.close()
                await self._writer.wait_closed()

    def close(self) -> None:
        """Ends the connection from this side, what is queued still leaves."""
        self._stop()
        self._ends = True
        self._writer.close()

    def _stop(self) -> None:
        if self._subscription is not None:
            self._subscription.stop()
        if self._timeout is not None:
            self._timeout.cancel()
        self._subscription = self._timeout = None

    # --- requests

    async def _take_request(self, message: Message) -> None:
        place = self._find(message.uri)
        quirks = self._quirks(place)
        if quirks.http_instead:
            head = f"HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nContent-Length: {len(_WEB_PAGE)}\r\n\r\n"
            self._writer.write(head.encode() + _WEB_PAGE)
            self._ends = True
            return
        answer = self._answer(message, place, quirks)
        if answer.status < 400 or message.method not in ("GET_PARAMETER", "SET_PARAMETER"):
            self._heard(quirks)
        uri = redact_url(message.uri)
        self.server.ledger.requests.append(Request(self.number, message.method, uri, answer.status))
        headers = answer.headers
        if "cseq" in message.headers and not quirks.missing_cseq:
            headers = [("CSeq", message.headers["cseq"]), *headers]
        await self._write(write_answer(answer.status, headers, answer.body, quirks), quirks)
        if answer.then is not None:
            answer.then()

    async def _write(self, data: bytes, quirks: Quirks) -> None:
        if quirks.byte_pause_s is None:
            self._writer.write(data)
            return
        if self._sender is not None:
            self._sender.hold()
        for byte in data:
            if self._writer.transport.is_closing():
                return
            self._writer.write(bytes((byte,)))
            await asyncio.sleep(quirks.byte_pause_s)
        if self._sender is not None:
            self._sender.release()

    def _answer(self, message: Message, place: _Place | None, quirks: Quirks) -> Answer:
        method = message.method
        if method in quirks.status:
            return Answer(quirks.status[method])
        if method == "OPTIONS":
            hidden = {"GET_PARAMETER"} if quirks.get_parameter != "ok" else set()
            return Answer(200, [("Public", ", ".join(name for name in METHODS if name not in hidden))])
        if place is None:
            return Answer(404)
        gate = self._gate(place)
        if gate is not None and not gate.passes(method, message.headers.get("authorization", "")):
            gate.stale = gate.stale and quirks.stale_shown
            return Answer(401, [("WWW-Authenticate", line) for line in gate.challenges()])
        handler = {
            "DESCRIBE": self._describe,
            "SETUP": self._setup,
            "PLAY": self._play,
            "PAUSE": self._pause,
            "TEARDOWN": self._teardown,
            "GET_PARAMETER": self._get_parameter,
            "SET_PARAMETER": self._set_parameter,
        }.get(method)
        return handler(message, place, quirks) if handler is not None else Answer(501)

    def _describe(self, message: Message, place: _Place, quirks: Quirks) -> Answer:
        if quirks.redirect_status is not None and not place.moved:
            return Answer(quirks.redirect_status, [("Location", self._moved_url(place, quirks))])
        url = self._own_url(place)
        audio = place.stream.audio
        body = describe(quirks, url, place.stream.source.describe(), audio, self.number + 1, self.server.host)
        headers = [("Content-Type", "application/sdp")]
        path = (MOVED if place.moved else "") + place.path
        bases = {
            "right": f"{url}/",
            "nat": f"rtsp://{NAT_HOST}{path}/",
            "elsewhere": f"rtsp://{self.server.authority}/elsewhere/",
        }
        if quirks.content_base in bases:
            headers.append(("Content-Base", bases[quirks.content_base]))
        return Answer(200, headers, body.encode())

    def _setup(self, message: Message, place: _Place, quirks: Quirks) -> Answer:
        track = self._track(place, quirks)
        if track is None:
            return Answer(404)
        wanted = [part.strip() for part in message.headers.get("transport", "").split(";")]
        if "RTP/AVP/TCP" not in wanted:
            return Answer(461)
        asked = next((part[12:] for part in wanted if part.startswith("interleaved=")), f"{2 * len(self._lines)}")
        channel = int(asked.partition("-")[0]) + quirks.channel_offset
        rate_hz = RATES_HZ.get(track.kind) or (place.stream.audio.sample_rate_hz if place.stream.audio else 90_000)
        line = TrackLine(channel, PAYLOAD_TYPES[track.kind], rate_hz)
        if quirks.first_sequence is not None:
            line.sequence = quirks.first_sequence
        if quirks.first_timestamp is not None:
            line.timestamp_base = quirks.first_timestamp
        self._lines[track.kind], self._place = line, place
        transport = f"RTP/AVP/TCP;unicast;interleaved={channel}-{channel + 1};ssrc={line.ssrc:08X}"
        return Answer(200, [("Transport", transport), ("Session", self._session_value(quirks))])

    def _play(self, message: Message, place: _Place, quirks: Quirks) -> Answer:
        if not self._lines or self._place is None:
            return Answer(455)
        if not message.headers.get("session", "").startswith(self._session):
            return Answer(454)
        if not quirks.aggregate and not place.rest:
            return Answer(459)
        url = self._own_url(place)
        parts = [
            f"url={url}/{track.token};seq={self._lines[track.kind].sequence};rtptime={self._lines[track.kind].timestamp_base}"
            for track in tracks(quirks, url)
            if track.kind in self._lines
        ]
        headers = [("Session", self._session), ("Range", "npt=0.000-"), ("RTP-Info", ",".join(parts))]
        return Answer(200, headers, then=lambda: self._start(place, quirks))

    def _start(self, place: _Place, quirks: Quirks) -> None:
        if self._subscription is not None:
            return
        self._sender = Sender(
            self._writer.transport,
            quirks,
            self.server.ledger,
            self.server.clock,
            self.number,
            place.path,
            self._lines,
            place.stream.audio,
            self._before_unit,
        )
        self._sender.start()
        self._subscription = place.stream.source.subscribe(self._sender.take)

    def _pause(self, message: Message, place: _Place, quirks: Quirks) -> Answer:
        return Answer(200, [("Session", self._session)], then=self._stop)

    def _teardown(self, message: Message, place: _Place, quirks: Quirks) -> Answer:
        self._stop()
        self._ends = True
        return Answer(200, [("Session", self._session)])

    def _get_parameter(self, message: Message, place: _Place, quirks: Quirks) -> Answer:
        if quirks.get_parameter != "ok":
            return Answer(int(quirks.get_parameter))
        return Answer(200, [("Session", self._session)])

    def _set_parameter(self, message: Message, place: _Place, quirks: Quirks) -> Answer:
        return Answer(200, [("Session", self._session)])

    # --- addresses and access

    def _find(self, uri: str) -> _Place | None:
        """The stream whose path the URL's path is or begins with; the longest wins."""
        path = path_of(uri)
        moved = path.startswith(MOVED + "/")
        path = path.removeprefix(MOVED) if moved else path
        for own in sorted(self.server.streams, key=len, reverse=True):
            if path == own or path.startswith((own + "/", own + "?")):
                return _Place(own, self.server.streams[own], path[len(own) :].lstrip("/"), moved)
        return None

    def _track(self, place: _Place, quirks: Quirks) -> Track | None:
        token = place.rest.partition("?")[0]
        return next((track for track in tracks(quirks, self._own_url(place)) if track.token == token), None)

    def _own_url(self, place: _Place) -> str:
        return f"rtsp://{self.server.authority}{MOVED if place.moved else ''}{place.path}".replace(" ", "%20")

    def _moved_url(self, place: _Place, quirks: Quirks) -> str:
        return quirks.redirect_to or f"rtsp://{self.server.authority}{MOVED}{place.path}".replace(" ", "%20")

    def _quirks(self, place: _Place | None) -> Quirks:
        if place is None or place.stream.quirks is None:
            return self.server.quirks
        return place.stream.quirks

    def _gate(self, place: _Place) -> Gate | None:
        auth = place.stream.auth or self.server.auth
        if auth is None:
            return None
        if id(auth) not in self._gates:
            self._gates[id(auth)] = Gate(auth, self._quirks(place).nonce_uses)
        return self._gates[id(auth)]

    def _session_value(self, quirks: Quirks) -> str:
        if quirks.session_header == "plain":
            return self._session
        return f"{self._session};timeout={quirks.session_timeout_s}"

    # --- while it plays

    def _heard(self, quirks: Quirks) -> None:
        if not quirks.enforce_timeout:
            return
        if self._timeout is not None:
            self._timeout.cancel()
        self._timeout = asyncio.get_running_loop().call_later(quirks.session_timeout_s, self.close)

    def _take_answer(self) -> None:
        if self._answered < self._asked:
            self.server.ledger.answers.append(self.server.asked_methods.get((self.number, self._answered), ""))
            self._answered += 1

    def _before_unit(self, number: int, sender: Sender) -> bool:
        """The quirks of a connection's life; False: nothing more is to be sent."""
        quirks = sender.quirks
        if quirks.close_at_unit == number:
            self.server.go_away(quirks.away_s)
            self.close()
            return False
        if quirks.reset_mid_packet_at_unit == number:
            self._reset_mid_packet(sender)
            self.server.go_away(quirks.away_s)
            return False
        if quirks.freeze_at_unit is not None and number >= quirks.freeze_at_unit:
            return False
        if quirks.redirect_request_at_unit is not None and self._place is not None and not self._place.moved:
            if number == quirks.redirect_request_at_unit:
                self._ask("REDIRECT", [("Location", self._moved_url(self._place, quirks)), ("Range", "npt=now-")])
                sender.number += 1
            return number < quirks.redirect_request_at_unit
        if quirks.requests and number and number % quirks.requests_every_units == 0:
            return self._ask_next(quirks)
        return True

    def _ask_next(self, quirks: Quirks) -> bool:
        if quirks.requests_must_be_answered and self._answered < self._asked:
            self.close()
            return False
        method = quirks.requests[self._asked % len(quirks.requests)]
        body = b"" if method == "OPTIONS" else b"volume: 0\r\n"
        self._ask(method, [("Content-Type", "text/parameters")] if body else [], body)
        return True

    def _ask(self, method: str, headers: list[tuple[str, str]], body: bytes = b"") -> None:
        if self._place is None or self._sender is None:
            return
        self.server.asked_methods[self.number, self._asked] = method
        self._asked += 1
        headers = [("Session", self._session), *headers]
        self._sender.write(write_request(method, self._own_url(self._place), self._asked, headers, body))

    def _reset_mid_packet(self, sender: Sender) -> None:
        """Half a packet, then RST (SO_LINGER 0), as a camera that loses its power behind a router looks."""
        channel = sender.lines["video"].channel if "video" in sender.lines else 0
        sender.write(struct.pack(">BBH", 0x24, channel, 1400) + b"\x80\x60half")
        self._stop()
        self._ends = True
        held: socket.socket | None = self._writer.get_extra_info("socket")
        if held is not None:
            held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()
