"""Addresses as strangers give them: one way of writing each, and nothing that leads into the building or into a header."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luytre.civic.dispatch.addresses import BadAddress, read_address, read_mail, read_mobile, read_push
from luytre.civic.dispatch.channels import ChannelName

P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"


def push(endpoint: object = "https://push.example.net/abc", p256dh: object = P256DH, auth: object = AUTH) -> str:
    return json.dumps({"endpoint": endpoint, "expirationTime": None, "keys": {"p256dh": p256dh, "auth": auth}})


def test_a_browsers_address_is_reduced_to_what_is_needed() -> None:
    kept = json.loads(read_push(push(p256dh=P256DH + "=")))
    assert kept == {"endpoint": "https://push.example.net/abc", "p256dh": P256DH, "auth": AUTH}


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example.net/abc", "https://127.0.0.1/x", "https://10.0.0.1/x", "https://[::1]/x", "https://127.1/x",
        "https://localhost/x", "https://u:p@push.example.net/x", "https://push.example.net:8081/x",
        "https://push.example.net/a b",
        "https://push.example.net/\r\nHost: x", "https://push.example.net/" + "x" * 4096, "https://", "", None, 7, ["https://a.b/"],
    ],
)  # fmt: skip
def test_endpoints_that_nobody_connects_to(endpoint: object) -> None:
    with pytest.raises(BadAddress):
        read_push(push(endpoint))


@pytest.mark.parametrize(
    "keys",
    [
        {"auth": AUTH[:-2]},
        {"auth": ""},
        {"p256dh": P256DH[:-4]},
        {"p256dh": "B" + "A" * 86},
        {"auth": None},
        {"p256dh": "é" * 87},
    ],
)
def test_keys_of_the_wrong_length_or_off_the_curve(keys: dict[str, object]) -> None:
    with pytest.raises(BadAddress):
        read_push(push(**keys))


@settings(max_examples=40)
@given(
    st.one_of(
        st.text(max_size=300), st.recursive(st.none() | st.text(), lambda each: st.lists(each), max_leaves=5).map(json.dumps)
    )
)
def test_any_other_text_is_no_push_address(text: str) -> None:
    with pytest.raises(BadAddress):
        read_push(text)


@pytest.mark.parametrize("typed", ["lan@Example.COM ", "a.b+c@mail.example.vn"])
def test_mail_is_read(typed: str) -> None:
    assert read_mail(typed) == typed.strip().replace("Example.COM", "example.com")


@pytest.mark.parametrize(
    "typed",
    ["", "lan", "lan@", "@x.vn", "lan@x", "a@b.vn\nBcc: c@d.vn", "a@b.vn, c@d.vn", "a\r\n@b.vn", "a" * 250 + "@b.vn", "ă@b.vn"],
)
def test_mail_that_is_none(typed: str) -> None:
    with pytest.raises(BadAddress):
        read_mail(typed)


@given(st.text(max_size=80))
def test_what_is_taken_as_mail_fits_into_a_header(text: str) -> None:
    try:
        found = read_mail(text)
    except BadAddress:
        return
    assert found.isascii()
    assert found.isprintable()
    assert found.count("@") == 1


@pytest.mark.parametrize("typed", ["0912 345 678", "+84 912.345.678", "84912345678", "0912-345-678"])
def test_mobile_numbers_are_written_one_way(typed: str) -> None:
    assert read_address(ChannelName.SMS, typed) == "84912345678"


@pytest.mark.parametrize("typed", ["113", "024 3825 1234", "+1 212 555 0100", "09123456789", "0912 345 67x", "0112345678"])
def test_numbers_that_no_sms_reaches(typed: str) -> None:
    with pytest.raises(BadAddress):
        read_mobile(typed)
