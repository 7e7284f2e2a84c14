"""A client that does not read costs the server a bounded amount of memory, and is told by the numbers what it lost."""

from __future__ import annotations

import asyncio

from luytre.simulate import sender
from luytre.simulate.quirks import Quirks
from luytre.simulate.server import SimulatedServer, Stream
from luytre.simulate.source import LoopedSource
from tests.simulate.client import connect
from tests.support.clips import ClipLibrary


async def test_whole_frames_are_left_out(clips: ClipLibrary) -> None:
    source = LoopedSource(clips("h264-large"), speed=200)
    server = SimulatedServer({"/cam1/main": Stream(source)}, quirks=Quirks(key_padding_bytes=1 << 20))
    await server.start()
    client = await connect(server.url("/cam1/main"))
    try:
        await client.play()
        deadline = asyncio.get_running_loop().time() + 20
        while all(entry.whole for entry in server.ledger.entries):
            assert asyncio.get_running_loop().time() < deadline
            await asyncio.sleep(0.01)
        queued = next(iter(server.connections))._writer.transport.get_write_buffer_size()
        assert queued < sender.QUEUE_BYTES + (2 << 20)
        lost = next(entry for entry in server.ledger.entries if not entry.whole)
        assert lost.packets_sent == 0
    finally:
        client.writer.close()
        await server.stop()
