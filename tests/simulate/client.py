"""A plain RTSP client for tests of the server: says what it is told to, and keeps all that comes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from luytre.simulate.auth import digest_response, parse_pairs


@dataclass(slots=True)
class Reply:
    status: int
    headers: dict[str, list[str]]
    body: bytes
    raw: bytes

    def one(self, name: str) -> str:
        return self.headers[name][0]


@dataclass(slots=True)
class Packet:
    channel: int
    data: bytes

    @property
    def sequence(self) -> int:
        return int.from_bytes(self.data[2:4], "big")

    @property
    def timestamp(self) -> int:
        return int.from_bytes(self.data[4:8], "big")

    @property
    def marker(self) -> bool:
        return bool(self.data[1] & 0x80)

    @property
    def payload_type(self) -> int:
        return self.data[1] & 0x7F


@dataclass(slots=True)
class Client:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    url: str
    login: tuple[str, str] | None = None
    packets: list[Packet] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """Start lines of requests that came from the camera."""
    session: str = ""
    sequence: int = 0
    challenge: str = ""

    async def say(self, method: str, url: str = "", **headers: str) -> Reply:
        """One request, answered; a 401 is answered once with Digest when there is a login."""
        reply = await self._say(method, url or self.url, headers)
        if reply.status == 401 and self.login:
            self.challenge = next(value for value in reply.headers["www-authenticate"] if value.startswith("Digest"))
            reply = await self._say(method, url or self.url, headers)
        return reply

    async def _say(self, method: str, url: str, headers: dict[str, str]) -> Reply:
        self.sequence += 1
        lines = [f"{method} {url} RTSP/1.0", f"CSeq: {self.sequence}"]
        lines += [f"{name.title()}: {value}" for name, value in headers.items()]
        if self.session:
            lines.append(f"Session: {self.session}")
        if self.login and self.challenge:
            lines.append(f"Authorization: {self._proof(method, url)}")
        self.writer.write("\r\n".join([*lines, "", ""]).encode())
        return await self.reply()

    def _proof(self, method: str, url: str) -> str:
        assert self.login is not None
        pairs = parse_pairs(self.challenge.partition(" ")[2])
        scheme = "sha256" if pairs.get("algorithm") == "SHA-256" else "md5"
        user, password = self.login
        response = digest_response(scheme, user, pairs["realm"], password, method, url, pairs["nonce"])  # type: ignore[arg-type]
        head = f'Digest username="{user}", nonce="{pairs["nonce"]}", uri="{url}", response="{response}"'
        return head + (', algorithm="SHA-256"' if scheme == "sha256" else "")

    async def reply(self) -> Reply:
        """The next answer; packets on the way are kept, requests from the camera answered."""
        while True:
            message = await self.next()
            if isinstance(message, Reply):
                return message

    async def next(self) -> Reply | Packet | str:
        first = await self.reader.readexactly(1)
        if first == b"$":
            head = await self.reader.readexactly(3)
            packet = Packet(head[0], await self.reader.readexactly(int.from_bytes(head[1:], "big")))
            self.packets.append(packet)
            return packet
        head_bytes = first
        while not head_bytes.endswith((b"\r\n\r\n", b"\n\n")):
            head_bytes += await self.reader.readexactly(1)
        return await self._message(head_bytes)

    async def _message(self, head: bytes) -> Reply | str:
        lines = head.decode().replace("\r\n\t", " ").splitlines()
        headers: dict[str, list[str]] = {}
        for line in lines[1:]:
            name, colon, value = line.partition(":")
            if colon:
                headers.setdefault(name.lower(), []).append(value.strip())
        body = await self.reader.readexactly(int(headers.get("content-length", ["0"])[0]))
        if not lines[0].startswith(("RTSP/", "HTTP/")):
            self.asked.append(lines[0])
            self.writer.write(f"RTSP/1.0 200 OK\r\nCSeq: {headers['cseq'][0]}\r\n\r\n".encode())
            return lines[0]
        return Reply(int(lines[0].split()[1]), headers, body, head)

    async def play(self, track: str = "/trackID=1", channels: str = "0-1") -> None:
        """SETUP of one track and PLAY."""
        setup = await self.say("SETUP", self.url + track, transport=f"RTP/AVP/TCP;unicast;interleaved={channels}")
        assert setup.status == 200, setup.raw
        self.session = setup.one("session").partition(";")[0]
        assert (await self.say("PLAY")).status == 200

    async def until(self, packets: int) -> list[Packet]:
        """Reads on until so many packets have come."""
        while len(self.packets) < packets:
            await self.next()
        return self.packets

    async def to_end(self) -> None:
        """Reads until the camera closes or breaks the connection."""
        try:
            while True:
                await self.next()
        except (asyncio.IncompleteReadError, ConnectionError):
            return


async def connect(url: str, login: tuple[str, str] | None = None) -> Client:
    host, _, port = url.split("://", 1)[1].split("/", 1)[0].rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=8 << 20)
    return Client(reader, writer, url, login)
