"""A child that is spoken to through pipes: what it says, and every way in which it says no more."""

from __future__ import annotations

import asyncio
import struct
import sys

import pytest

from luytre.media.recorder.child import ChildEnded, ChildProcess

HEAD = struct.Struct(">BI")
LONGEST = 1 << 20


class Echo(ChildProcess):
    command = ("cat",)


class Silent(ChildProcess):
    command = (sys.executable, "-c", "import sys; sys.stdin.read()")
    within_s = 0.2


class Missing(ChildProcess):
    command = ("/nowhere/there-is-no-such-program",)


def unpack(head: bytes) -> tuple[int, int]:
    kind, size = HEAD.unpack(head)
    if kind != 7:
        raise ValueError("no head")
    return kind, size


async def heard(child: ChildProcess, said: bytes) -> bytes:
    try:
        await child.send(said)
        return (await child.receive(HEAD.size, unpack))[1]
    finally:
        await child.close()


def test_what_it_was_told_comes_back_whole() -> None:
    async def talk() -> bytes:
        return await heard(await Echo.start(), HEAD.pack(7, 5) + b"chao!")

    assert asyncio.run(talk()) == b"chao!"


@pytest.mark.parametrize(("kind", "said"), [(Echo, HEAD.pack(9, 0)), (Silent, HEAD.pack(7, 0)), (Silent, bytes(LONGEST))])
def test_nonsense_silence_and_a_child_that_hangs_are_an_end(kind: type[ChildProcess], said: bytes) -> None:
    """The last one: read, but never answered, with more than a pipe holds."""

    async def talk() -> None:
        await heard(await kind.start(), said)

    with pytest.raises(ChildEnded):
        asyncio.run(talk())


def test_one_that_is_killed_in_the_middle_of_a_message_ends() -> None:
    async def talk() -> None:
        child = await Echo.start()
        await child.send(HEAD.pack(7, 100) + b"half")
        waiting = asyncio.ensure_future(child.receive(HEAD.size, unpack))
        await asyncio.sleep(0)
        await child.close()
        await waiting

    with pytest.raises(ChildEnded):
        asyncio.run(talk())


def test_one_that_cannot_be_started_says_why() -> None:
    with pytest.raises(ChildEnded, match="no-such-program"):
        asyncio.run(Missing.start())
