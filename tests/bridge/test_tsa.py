"""Time stamps from a real server; whatever else comes back is no stamp."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rfc3161_client import decode_timestamp_response

from luytre.bridge.tsa import StampServer
from luytre.civic.evidence.package.der_order import in_order
from luytre.civic.ports import StampRefused
from tests.support.tsa import Authority, make_authority, serving

SIGNATURE = bytes(range(64))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with serving(make_authority(tmp_path_factory.mktemp("tsa") / "own")) as one:
        yield one


def test_a_stamp_is_of_the_signature_and_of_now(authority: Authority) -> None:
    authority.says = None
    found = decode_timestamp_response(StampServer(authority.url).stamp(SIGNATURE)).tst_info
    assert found.message_imprint.message == hashlib.sha256(SIGNATURE).digest()
    assert abs(found.gen_time - datetime.now(UTC)) < timedelta(minutes=5)
    assert SIGNATURE not in authority.asked[-1], "the hash alone leaves"


def test_a_stamp_of_something_else_is_refused(authority: Authority) -> None:
    authority.says = None
    other = StampServer(authority.url).stamp(b"something else")
    authority.says = other
    with pytest.raises(StampRefused, match="something else"):
        StampServer(authority.url).stamp(SIGNATURE)
    with pytest.raises(StampRefused, match="something else"):  # of an earlier question: the nonce is another
        StampServer(authority.url).stamp(b"something else")


def test_certificates_out_of_order_are_put_in_order_and_nothing_else(authority: Authority) -> None:
    """OpenSSL's server sends the signer's first, whatever DER says of sets."""
    authority.says = None
    kept = StampServer(authority.url).stamp(SIGNATURE)
    sent = (authority.folder / "answer.tsr").read_bytes()
    assert kept != sent
    assert (in_order(sent), in_order(kept), sorted(sent)) == (kept, kept, sorted(kept))
    done = subprocess.run(
        ["openssl", "ts", "-verify", "-in", "/dev/stdin", "-queryfile", "query.tsq", "-CAfile", "ca.pem"],
        cwd=authority.folder, input=kept, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@given(st.binary(max_size=80))
def test_what_is_no_answer_stays_as_it_is(data: bytes) -> None:
    for text in (data, b"\x30\x80" + data, b"\x30\x84\xff\xff\xff\xff" + data):
        assert in_order(text) == text


@pytest.mark.parametrize("answer", [b"", b"<html>", b"\x30\x03\x02\x01\x02", b"\x30\x05\x30\x03\x02\x01\x02"])
def test_what_is_no_answer_is_refused(authority: Authority, answer: bytes) -> None:
    authority.says = answer
    with pytest.raises(StampRefused):
        StampServer(authority.url).stamp(SIGNATURE)


def test_a_server_that_is_away_is_said_to_be() -> None:
    with pytest.raises(StampRefused):
        StampServer("http://127.0.0.1:9/tsr", timeout_s=2).stamp(SIGNATURE)
