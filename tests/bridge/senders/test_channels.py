"""One suite for every channel that speaks HTTP: what a provider's answers mean, and what is told it."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qs

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from luytre.base.environment_sending import SmsGateway, Zalo, read_sending
from luytre.base.errors import UsageError
from luytre.bridge.senders.gateway import SmsChannel
from luytre.bridge.senders.push import PushChannel, base64url, encrypt, public_text, unbase64url, vapid_key
from luytre.bridge.senders.zalo import ZaloChannel
from luytre.civic.dispatch.channels import Channel, End, Letter, Outcome, Why
from tests.bridge.senders.server import Provider, post_to_here, provider
from tests.civic.dispatch.cast import FakeChannel

EXCHANGES = json.loads((Path(__file__).parent / "exchanges.json").read_text("utf-8"))
CASES = [(channel, name) for channel in ("push", "sms", "zalo") for name in EXCHANGES[channel]]
LETTER = Letter(
    "Nước lên <b>", "Không qua ngầm.\nĐi vòng.", "k1", "https://xa.example/tin", "https://xa.example/thoi", urgent=True
)
UA_PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
UA_PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
TOKEN = (200, {}, b'{"access_token": "fresh", "refresh_token": "next", "expires_in": "90000"}')


def channel_for(name: str, one: Provider, folder: Path) -> tuple[Channel, str]:
    post = post_to_here()
    if name == "push":
        address = {"endpoint": f"{one.url}/send/abc", "p256dh": UA_PUBLIC, "auth": AUTH}
        return PushChannel(vapid_key(folder), "mailto:a@example.vn", post, lambda: 1_700_000_000.0), json.dumps(address)
    if name == "sms":
        fields = (("Phone", "{to}"), ("Content", "{text}"), ("ApiKey", "s3cret"))
        gateway = SmsGateway(f"{one.url}/sms", fields, "json", "", '"CodeResult":"100"', 300, accents=False)
        return SmsChannel(gateway, post), "84912345678"
    account = Zalo("app1", "s3cret", "first", "tpl7")
    return ZaloChannel(account, folder, post, lambda: 1000.0, f"{one.url}/send", f"{one.url}/token"), "84912345678"


@pytest.mark.parametrize(("name", "case"), CASES)
def test_what_an_answer_means(name: str, case: str, tmp_path: Path) -> None:
    known = EXCHANGES[name][case]
    answer = (known["status"], known.get("headers", {}), known["answer"].encode())
    with provider(*([TOKEN] if name == "zalo" else []), answer) as one:
        channel, address = channel_for(name, one, tmp_path)
        end, why, again_s = known["is"]
        assert channel.send(address, LETTER) == Outcome(End(end), Why(why), again_s)
        assert len(one.asked) == (2 if name == "zalo" else 1)  # never asked twice for one letter, no redirect followed


@pytest.mark.parametrize("name", ["push", "sms", "zalo"])
def test_no_connection_is_later_and_no_answer_is_not_known(name: str, tmp_path: Path) -> None:
    with provider(*([TOKEN] if name == "zalo" else []), None) as one:
        channel, address = channel_for(name, one, tmp_path)
        assert channel.send(address, LETTER) == Outcome(End.UNKNOWN, Why.NO_ANSWER)
    fresh, address = channel_for(name, one, tmp_path)
    assert fresh.send(address, LETTER) == Outcome(End.LATER, Why.NO_ANSWER)


def test_the_fake_keeps_to_the_same_words() -> None:
    fake = FakeChannel()
    assert fake.send("x", LETTER) == Outcome(End.SENT)
    assert fake.sent == [("x", LETTER)]


# --- Web Push ---------------------------------------------------------------------------------------------------------
def private(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(unbase64url(text)), ec.SECP256R1())


def test_the_example_of_rfc_8291() -> None:
    own = private("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
    sealed = encrypt(
        b"When I grow up, I want to be a watermelon", unbase64url(UA_PUBLIC), unbase64url(AUTH), own,
        unbase64url("DGv6ra1nlYgDCS1FRnbzlw"),
    )  # fmt: skip
    assert base64url(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95b"
        "Qpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def opened(body: bytes) -> bytes:
    """As the browser opens it, by the other side's key."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from luytre.bridge.senders.push import _hkdf

    salt, theirs = body[:16], body[21:86]
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
    shared = private(UA_PRIVATE).exchange(ec.ECDH(), point)
    secret = _hkdf(unbase64url(AUTH), b"WebPush: info\0" + unbase64url(UA_PUBLIC) + theirs, 32, shared)
    key, nonce = _hkdf(salt, b"Content-Encoding: aes128gcm\0", 16, secret), _hkdf(salt, b"Content-Encoding: nonce\0", 12, secret)
    return AESGCM(key).decrypt(nonce, body[86:], None).rstrip(b"\x02")


def test_what_a_push_service_is_told(tmp_path: Path) -> None:
    with provider((201, {}, b"")) as one:
        channel, address = channel_for("push", one, tmp_path)
        for _ in range(2):
            channel.send(address, LETTER)
        first, second = one.asked
        assert one.connections == 1  # the second letter takes the first one's connection
    scheme, token, key = first.headers["authorization"].replace(",", "").split()
    assert (scheme, key) == ("vapid", f"k={public_text(vapid_key(tmp_path))}")
    claims = jwt.decode(token[2:], vapid_key(tmp_path).public_key(), ["ES256"], audience=one.url, options={"verify_exp": False})
    assert 0 < claims["exp"] - 1_700_000_000 <= 86_400
    assert (first.headers["content-encoding"], first.headers["urgency"], first.headers["ttl"]) == ("aes128gcm", "high", "86400")
    assert first.body != second.body
    told = json.loads(opened(first.body))
    assert (told["title"], told["body"], told["tag"]) == ("Nước lên <b>", "Không qua ngầm.\nĐi vòng.", "k1")


def test_long_words_are_cut_to_what_push_services_take(tmp_path: Path) -> None:
    with provider((201, {}, b"")) as one:
        channel, address = channel_for("push", one, tmp_path)
        assert channel.send(address, Letter("T" * 80, "ệ🚨" * 2000)).end is End.SENT
        assert len(one.asked[0].body) < 4096
        assert json.loads(opened(one.asked[0].body))["body"].endswith("…")


@pytest.mark.parametrize("address", ["", "{}", "[]", '{"endpoint": "https://x.example/", "p256dh": "AA", "auth": ""}', "null"])
def test_what_is_no_address_is_gone(address: str, tmp_path: Path) -> None:
    assert PushChannel(vapid_key(tmp_path), "mailto:a@example.vn").send(address, LETTER).end is End.GONE


# --- SMS and Zalo -----------------------------------------------------------------------------------------------------
def test_what_a_gateway_is_told(tmp_path: Path) -> None:
    with provider((200, {}, b"OK")) as one:
        gateway = SmsGateway(one.url, (("to", "{to}"), ("m", "{text}")), "form", "Bearer abc", "", 0, accents=True)
        SmsChannel(gateway, post_to_here()).send("84912345678", LETTER)
        asked = one.asked[0]
    assert asked.headers["authorization"] == "Bearer abc"
    assert parse_qs(asked.body.decode()) == {
        "to": ["84912345678"],
        "m": ["Nước lên <b>. Không qua ngầm. Đi vòng. https://xa.example/thoi"],
    }


def test_a_token_that_is_over_is_renewed_once_and_kept(tmp_path: Path) -> None:
    over, well = (200, {}, b'{"error": -124}'), (200, {}, b'{"error": 0}')
    with provider(TOKEN, over, TOKEN, well) as one:
        channel, address = channel_for("zalo", one, tmp_path)
        assert channel.send(address, LETTER).end is End.SENT
        assert [each.path for each in one.asked] == ["/token", "/send", "/token", "/send"]
        assert parse_qs(one.asked[0].body.decode())["refresh_token"] == ["first"]
        assert parse_qs(one.asked[2].body.decode())["refresh_token"] == ["next"]
        told = json.loads(one.asked[3].body)
        assert (told["template_id"], told["template_data"]["title"]) == ("tpl7", "Nước lên <b>")
        again, address = channel_for("zalo", one, tmp_path)
        assert again.send(address, LETTER).end is End.SENT  # by what is kept, without asking for another
    assert (tmp_path / "zalo.json").stat().st_mode & 0o777 == 0o600


def test_zalo_that_renews_nothing_is_told_as_such(tmp_path: Path) -> None:
    with provider((200, {}, b'{"error": -14019, "error_description": "Refresh token expired"}')) as one:
        channel, address = channel_for("zalo", one, tmp_path)
        assert channel.send(address, LETTER) == Outcome(End.LATER, Why.LOGIN)


# --- settings ---------------------------------------------------------------------------------------------------------
def test_settings_are_read_and_show_no_secret() -> None:
    found = read_sending({
        "LUYTRE_SMTP_URL": "smtps://u:p%40ss@mail.example.vn", "LUYTRE_MAIL_FROM": "a@xa.vn", "LUYTRE_QUIET_HOURS": "22:00-05:30",
        "LUYTRE_SMS_URL": "https://sms.example/send", "LUYTRE_SMS_FIELDS": "k=s3cret&to={to}&m={text}",
        "LUYTRE_ZALO_APP": "1", "LUYTRE_ZALO_SECRET": "s3cret", "LUYTRE_ZALO_REFRESH": "s3cret", "LUYTRE_ZALO_TEMPLATE": "9",
    })  # fmt: skip
    assert found.mail is not None
    assert (found.mail.password, found.mail.port, found.mail.tls, found.mail.starttls) == ("p@ss", 465, True, False)
    assert f"{found.quiet[0]:%H:%M}" == "22:00"
    for secret in ("p@ss", "s3cret"):
        assert secret not in repr(found)


@pytest.mark.parametrize(
    "environ",
    [
        {"LUYTRE_SMTP_URL": "http://u:hidden@x"}, {"LUYTRE_SMTP_URL": "smtp://u:hidden@x:99999999"},
        {"LUYTRE_SMTP_URL": "smtp://u:hidden@x", "LUYTRE_MAIL_FROM": "a@x\nBcc: b@y"}, {"LUYTRE_SMTP_URL": "smtp://u:hidden@x"},
        {"LUYTRE_SMS_URL": "http://x.example", "LUYTRE_SMS_FIELDS": "a={to}&b={text}&c=hidden"},
        {"LUYTRE_SMS_URL": "https://x.example", "LUYTRE_SMS_FIELDS": "a={to}&c=hidden"},
        {"LUYTRE_SMS_URL": "https://x.example", "LUYTRE_SMS_FIELDS": "a={to}&b={text}", "LUYTRE_SMS_VND": "-1"},
        {"LUYTRE_ZALO_APP": "1", "LUYTRE_ZALO_SECRET": "hidden"}, {"LUYTRE_QUIET_HOURS": "21:30"}, {"LUYTRE_QUIET_HOURS": "a-b"},
    ],
)  # fmt: skip
def test_wrong_settings_are_named_without_their_secrets(environ: dict[str, str]) -> None:
    with pytest.raises(UsageError) as refused:
        read_sending(environ)
    assert "LUYTRE_" in str(refused.value)
    assert "hidden" not in str(refused.value)
