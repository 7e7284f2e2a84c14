"""Byte streams: what is split is what was put together; bytes that are no units give nothing and break nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from luytre.media.unit.byte_stream import START_CODE, byte_stream_of, split_byte_stream


def units() -> st.SearchStrategy[list[bytes]]:
    """As real ones are: no start code inside (emulation prevention), no zero at the end."""
    sound = st.binary(min_size=1, max_size=40).map(lambda data: data.replace(b"\x00", b"\x01"))
    return st.lists(sound, max_size=8)


@given(units())
def test_samples_come_back_from_their_byte_stream(nals: list[bytes]) -> None:
    samples = b"".join(len(nal).to_bytes(4, "big") + nal for nal in nals)
    assert split_byte_stream(byte_stream_of(samples)) == nals


@given(units(), st.sampled_from([START_CODE, START_CODE[1:]]))
def test_short_and_long_start_codes_and_zeros_behind(nals: list[bytes], code: bytes) -> None:
    assert split_byte_stream(b"".join(code + nal + b"\x00\x00" for nal in nals)) == nals


@given(st.binary(max_size=200))
def test_any_bytes_are_read_to_their_end(data: bytes) -> None:
    assert len(byte_stream_of(data)) <= len(data) + 4
    assert all(split_byte_stream(data))
