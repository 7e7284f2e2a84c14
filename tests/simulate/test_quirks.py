"""Each quirk does what its name says: seen by a plain client on the wire."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest

from luytre.simulate.auth import Auth
from luytre.simulate.quirks import NAMED, Drop, Jump, Quirks
from luytre.simulate.server import SimulatedServer, Stream
from luytre.simulate.source import Clip, LoopedSource
from luytre.simulate.units import AudioDescription
from tests.simulate.client import Client, connect
from tests.simulate.depacketise import h264_nals
from tests.support.clips import ClipLibrary

PATH = "/cam1/main"


class Servers:
    """Starts servers on the test's own loop and ends them with it."""

    def __init__(self, clip: Clip, tone: AudioDescription) -> None:
        self._clip, self._tone = clip, tone
        self._servers: list[SimulatedServer] = []
        self._clients: list[Client] = []

    async def start(
        self,
        quirks: Quirks | None = None,
        auth: Auth | None = None,
        path: str = PATH,
        clip: Clip | None = None,
        speed: float = 10,
    ) -> SimulatedServer:
        source = LoopedSource(clip or self._clip, speed=speed)
        server = SimulatedServer({path: Stream(source, audio=self._tone)}, quirks=quirks or Quirks(), auth=auth)
        await server.start()
        self._servers.append(server)
        return server

    async def open(self, quirks: Quirks | None = None, login: bool = True, **more: object) -> Client:
        server = await self.start(quirks, **more)  # type: ignore[arg-type]
        return await self.connect(server, login=login)

    async def connect(self, server: SimulatedServer, path: str = PATH, *, login: bool = True) -> Client:
        known = (server.auth.user, server.auth.password) if server.auth and login else None
        self._clients.append(await connect(server.url(path), known))
        return self._clients[-1]

    @property
    def server(self) -> SimulatedServer:
        return self._servers[-1]

    async def stop(self) -> None:
        for client in self._clients:
            client.writer.close()
        for server in self._servers:
            await server.stop()


@pytest.fixture
async def servers(clips: ClipLibrary, tone: AudioDescription) -> AsyncIterator[Servers]:
    own = Servers(clips("h264"), tone)
    yield own
    await own.stop()


async def test_a_camera_that_behaves(servers: Servers, clips: ClipLibrary) -> None:
    client = await servers.open()
    assert "DESCRIBE" in (await client.say("OPTIONS")).one("public")
    described = await client.say("DESCRIBE")
    assert described.one("content-base") == client.url + "/"
    assert b"a=control:trackID=1\r\n" in described.body
    await client.play()
    packets = [packet for packet in await client.until(40) if packet.channel == 0]
    sequences = [packet.sequence for packet in packets]
    assert sequences == [(sequences[0] + index) & 0xFFFF for index in range(len(sequences))]
    assert (await client.say("GET_PARAMETER")).status == 200
    assert (await client.say("TEARDOWN")).status == 200
    await client.to_end()
    units = clips("h264").units
    first_unit = [packet.data[12:] for packet in packets if packet.timestamp == packets[0].timestamp]
    assert h264_nals(first_unit) == [*units[0].parameter_sets, *units[0].nals]
    assert servers.server.ledger.entries[0].vcl_sha256 == units[0].vcl_sha256


@pytest.mark.parametrize(("base", "expected"), [("missing", None), ("nat", "192.168.1.10"), ("elsewhere", "/elsewhere/")])
async def test_content_base(base: str, expected: str | None, servers: Servers) -> None:
    client = await servers.open(Quirks(content_base=base))  # type: ignore[arg-type]
    described = await client.say("DESCRIBE")
    assert expected is None or expected in described.one("content-base")
    assert ("content-base" in described.headers) == (expected is not None)


@pytest.mark.parametrize(
    ("control", "track"),
    [
        ("absolute", "/trackID=1"),
        ("query", "/trackID=1?transportmode=unicast&profile=Profile_1"),
        ("star", ""),
        ("nat", "/trackID=1"),
        ("leading_slash", "/trackID=1"),
    ],
)
async def test_control_urls_are_served(control: str, track: str, servers: Servers) -> None:
    client = await servers.open(Quirks(control=control))  # type: ignore[arg-type]
    assert b"a=control:" in (await client.say("DESCRIBE")).body
    await client.play(track)
    assert await client.until(3)


async def test_a_path_with_query_and_spaces(servers: Servers) -> None:
    path = "/cam/real monitor?channel=1&subtype=0"
    server = await servers.start(path=path)
    client = await servers.connect(server, path)
    assert (await client.say("DESCRIBE")).status == 200
    await client.play("/trackID=1")
    assert await client.until(3)


async def test_aggregate_play_is_refused(servers: Servers) -> None:
    client = await servers.open(NAMED["aggregate-refused"])
    assert b"a=control:*" not in (await client.say("DESCRIBE")).body
    setup = await client.say("SETUP", client.url + "/trackID=1", transport="RTP/AVP/TCP;interleaved=0-1")
    client.session = setup.one("session").partition(";")[0]
    assert (await client.say("PLAY")).status == 459
    assert (await client.say("PLAY", client.url + "/trackID=1")).status == 200


async def test_the_timeout_is_told_and_kept(servers: Servers) -> None:
    client = await servers.open(Quirks(session_timeout_s=1, enforce_timeout=True))
    setup = await client.say("SETUP", client.url + "/trackID=1", transport="RTP/AVP/TCP;interleaved=0-1")
    assert setup.one("session").endswith(";timeout=1")
    await asyncio.wait_for(client.to_end(), 10)


async def test_get_parameter_may_be_unknown(servers: Servers) -> None:
    client = await servers.open(Quirks(get_parameter="405"))
    assert "GET_PARAMETER" not in (await client.say("OPTIONS")).one("public")
    assert (await client.say("GET_PARAMETER")).status == 405


@pytest.mark.parametrize("schemes", [("md5",), ("sha256",), ("sha256", "md5")])
async def test_digest(schemes: tuple[str, ...], servers: Servers) -> None:
    auth = Auth("admin", "pass", schemes, realm='Cổng "A", 1')  # type: ignore[arg-type]
    client = await servers.open(auth=auth)
    assert (await client.say("DESCRIBE")).status == 200
    stranger = await servers.connect(servers.server, login=False)
    assert (await stranger.say("DESCRIBE")).status == 401
    stranger.login = ("admin", "wrong")
    assert (await stranger.say("DESCRIBE")).status == 401


async def test_a_nonce_for_each_request(servers: Servers) -> None:
    client = await servers.open(NAMED["nonce-each-request"], auth=Auth("admin", "pass"))
    await client.say("DESCRIBE")
    await client.play()
    statuses = [request.status for request in servers.server.ledger.requests]
    assert statuses == [401, 200] * 3
    assert "stale" in client.challenge


async def test_redirect(servers: Servers) -> None:
    client = await servers.open(NAMED["redirect-302"])
    moved = await client.say("DESCRIBE")
    assert moved.status == 302
    assert (await client.say("DESCRIBE", moved.one("location"))).status == 200


async def test_redirect_in_mid_stream(servers: Servers) -> None:
    client = await servers.open(Quirks(redirect_request_at_unit=3))
    await client.play()
    while not client.asked:
        await client.next()
    assert client.asked[0].startswith("REDIRECT ")
    assert len(servers.server.ledger.entries) == 3


async def test_the_camera_asks_and_wants_an_answer(servers: Servers) -> None:
    quirks = Quirks(requests=("OPTIONS", "SET_PARAMETER"), requests_every_units=25, requests_must_be_answered=True)
    client = await servers.open(quirks, speed=0.5)  # two seconds to answer in, also on a machine that has much to do
    await client.play()
    while len(client.asked) < 3:
        await client.next()
    assert [line.split()[0] for line in client.asked] == ["OPTIONS", "SET_PARAMETER", "OPTIONS"]
    assert servers.server.ledger.answers[:2] == ["OPTIONS", "SET_PARAMETER"]


async def test_channels(servers: Servers) -> None:
    client = await servers.open(Quirks(channel_offset=10, unknown_channel_every_units=2))
    await client.play()
    await client.until(30)
    assert {packet.channel for packet in client.packets} == {10, 11, 200}


async def test_metadata_first(servers: Servers) -> None:
    client = await servers.open(NAMED["metadata-first"])
    body = (await client.say("DESCRIBE")).body
    assert body.index(b"m=application") < body.index(b"m=video")
    await client.play("/trackID=2")


@pytest.mark.parametrize(("marker", "name", "expected"), [("never", "h264", 0), ("every_slice", "h264-slices", 4)])
async def test_markers(marker: str, name: str, expected: int, servers: Servers, clips: ClipLibrary) -> None:
    client = await servers.open(Quirks(marker=marker, payload_bytes=60), clip=clips(name))  # type: ignore[arg-type]
    await client.play()
    while len(servers.server.ledger.entries) < 3:
        await client.next()
    stamps = sorted({packet.timestamp for packet in client.packets if packet.channel == 0})
    markers = [packet.marker for packet in client.packets if packet.channel == 0 and packet.timestamp == stamps[0]]
    assert sum(markers) == expected


async def test_parameter_sets_only_in_sdp(servers: Servers, clips: ClipLibrary) -> None:
    client = await servers.open(NAMED["sets-only-sdp"])
    assert b"sprop-parameter-sets" in (await client.say("DESCRIBE")).body
    await client.play()
    await client.until(40)
    first = [packet for packet in client.packets if packet.timestamp == client.packets[0].timestamp and packet.channel == 0]
    assert h264_nals([packet.data[12:] for packet in first]) == list(clips("h264").units[0].nals)


async def test_parameter_sets_only_in_band(servers: Servers) -> None:
    client = await servers.open(NAMED["sets-only-band"])
    assert b"sprop" not in (await client.say("DESCRIBE")).body


async def test_parameter_sets_before_each_slice(servers: Servers, clips: ClipLibrary) -> None:
    client = await servers.open(NAMED["sets-each-slice"], clip=clips("h264-slices"))
    await client.play()
    while not any(packet.marker for packet in client.packets if packet.channel == 0):
        await client.next()
    kinds = [nal[0] & 0x1F for nal in h264_nals([packet.data[12:] for packet in client.packets if packet.channel == 0])]
    assert kinds == [6, 7, 8, 5, 7, 8, 5, 7, 8, 5, 7, 8, 5]


async def test_dropped_packets_leave_a_hole_in_the_numbers(servers: Servers) -> None:
    client = await servers.open(Quirks(drops=(Drop(at_unit=2, packets=1),), payload_bytes=100))
    await client.play()
    while len(servers.server.ledger.entries) < 6:
        await client.next()
    await client.until(len(client.packets) + 5)
    numbers = [packet.sequence for packet in client.packets if packet.channel == 0]
    steps = [(second - first) & 0xFFFF for first, second in pairwise(numbers)]
    assert steps.count(2) == 1
    assert [entry.whole for entry in servers.server.ledger.entries[:4]] == [True, True, False, True]


@pytest.mark.parametrize("name", ["duplicate", "reorder"])
async def test_packets_twice_or_out_of_order(name: str, servers: Servers) -> None:
    client = await servers.open(NAMED[name])
    await client.play()
    await client.until(80)
    numbers = [packet.sequence for packet in client.packets if packet.channel == 0]
    if name == "duplicate":
        assert len(set(numbers)) < len(numbers)
    else:
        assert any(second < first for first, second in pairwise(numbers))
        assert len(set(numbers)) == len(numbers)


async def test_timestamps_wrap_and_jump(servers: Servers) -> None:
    quirks = Quirks(first_timestamp=(1 << 32) - 7200, first_sequence=65_530, jumps=(Jump(5, 900_000),))
    client = await servers.open(quirks)
    await client.play()
    while len(servers.server.ledger.entries) < 8:
        await client.next()
    await client.until(len(client.packets) + 8)
    stamps = list(dict.fromkeys(packet.timestamp for packet in client.packets if packet.channel == 0))
    assert stamps[:7] == [(1 << 32) - 7200, (1 << 32) - 3600, 0, 3600, 7200, 910_800, 914_400]
    assert [entry.pts_90k for entry in servers.server.ledger.entries[:7]] == [0, 3600, 7200, 10800, 14400, 918_000, 921_600]


async def test_a_clock_that_counts_another_rate(servers: Servers) -> None:
    client = await servers.open(Quirks(first_timestamp=0, timestamp_rate=1.25))
    await client.play()
    while len(servers.server.ledger.entries) < 8:
        await client.next()
    await client.until(len(client.packets) + 8)
    stamps = list(dict.fromkeys(packet.timestamp for packet in client.packets if packet.channel == 0))
    assert stamps[:4] == [0, 4500, 9000, 13_500]


async def test_key_frames_of_four_megabytes(servers: Servers) -> None:
    client = await servers.open(NAMED["key-4-megabytes"])
    await client.play()
    while not any(packet.marker for packet in client.packets if packet.channel == 0):
        await client.next()
    assert sum(len(packet.data) for packet in client.packets) > 4 << 20


async def test_frozen(servers: Servers) -> None:
    client = await servers.open(Quirks(freeze_at_unit=3, sender_reports=False))
    await client.play()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.until(10_000), 1.0)
    assert len(servers.server.ledger.entries) == 3


async def test_closed_and_back(servers: Servers) -> None:
    server = await servers.start(Quirks(close_at_unit=3, away_s=0.3))
    client = await servers.connect(server)
    await client.play()
    await client.to_end()
    with pytest.raises(ConnectionRefusedError):
        await servers.connect(server)
    deadline = asyncio.get_running_loop().time() + 10
    while asyncio.get_running_loop().time() < deadline:
        try:
            again = await servers.connect(server)
            break
        except ConnectionRefusedError:
            await asyncio.sleep(0.05)
    await again.play()
    assert await again.until(3)
    assert server.ledger.connections(PATH) == [0, 1]


async def test_reset_in_the_middle_of_a_packet(servers: Servers) -> None:
    client = await servers.open(Quirks(reset_mid_packet_at_unit=3))
    await client.play()
    with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
        await client.until(10_000)


@pytest.mark.parametrize("style", ["lower", "folded", "lf"])
async def test_header_styles(style: str, servers: Servers) -> None:
    client = await servers.open(Quirks(header_style=style, missing_cseq=True, byte_pause_s=0))  # type: ignore[arg-type]
    described = await client.say("DESCRIBE")
    assert described.status == 200
    assert "cseq" not in described.headers
    assert (b"\r" in described.raw) == (style != "lf")


async def test_a_web_server_on_the_port(servers: Servers) -> None:
    client = await servers.open(NAMED["web-server"])
    reply = await client.say("DESCRIBE")
    assert reply.raw.startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(("name", "method", "status"), [("not-found", "DESCRIBE", 404), ("unavailable", "PLAY", 503)])
async def test_refusals(name: str, method: str, status: int, servers: Servers) -> None:
    client = await servers.open(NAMED[name])
    assert (await client.say(method)).status == status


async def test_sound_without_picture(servers: Servers) -> None:
    client = await servers.open(NAMED["no-video"])
    body = (await client.say("DESCRIBE")).body
    assert b"m=video" not in body
    assert b"mpeg4-generic/16000/1" in body
    await client.play()
    await client.until(5)
    assert {packet.payload_type for packet in client.packets if packet.channel == 0} == {97}


async def test_udp_is_refused(servers: Servers) -> None:
    client = await servers.open()
    assert (await client.say("SETUP", client.url + "/trackID=1", transport="RTP/AVP;client_port=5000-5001")).status == 461


def test_quirks_add_up() -> None:
    both = NAMED["content-base-missing"] | NAMED["marker-never"]
    assert (both.content_base, both.marker, both.control) == ("missing", "never", "relative")


def test_names_differ_from_good_behaviour() -> None:
    assert all(quirks != Quirks() for quirks in NAMED.values())
