"""Addresses as people and browsers give them: read, checked and written one way, so that the same one is known again. Pure.

A push address is the JSON that a browser's `PushSubscription.toJSON()` makes, reduced to endpoint and keys. Whether its host is
a public one is asked when it is connected to (`bridge.senders.post`); here is refused what can be seen from the text alone.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import re
from ipaddress import ip_address
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from luytre.base.secret_files import read_or_make
from luytre.civic.dispatch.channels import ChannelName

KEY_FILE = "dispatch.key"
MOST_ENDPOINT = 1024
MOST_MAIL = 254
_MAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)
"""The browsers' own rule (HTML, §4.10.5.1.5) with a dot in the host; none of what headers are made of."""
_MOBILE = re.compile(r"(?:\+84|84|0)([35789]\d{8})")
_BETWEEN = re.compile(r"[\s.()-]+")


class BadAddress(ValueError):
    """No such address can be: mistyped, or made up."""


def dispatch_key(secrets_dir: Path) -> bytes:
    """The key of digests and links, made at first use. Errors: OSError."""
    return bytes.fromhex(read_or_make(secrets_dir / KEY_FILE, lambda: token_hex(32)))


def digest_of(key: bytes, what: str, text: str) -> str:
    return hmac.digest(key, f"{what} {text}".encode(), "sha256").hex()


def read_address(channel: ChannelName, typed: str) -> str:
    """As it is kept. Errors: BadAddress."""
    if channel is ChannelName.PUSH:
        return read_push(typed)
    return read_mail(typed) if channel is ChannelName.MAIL else read_mobile(typed)


def read_mail(typed: str) -> str:
    """The host in small letters. Errors: BadAddress."""
    name, at, host = typed.strip().rpartition("@")
    address = f"{name}{at}{host.lower()}"
    if len(address) > MOST_MAIL or _MAIL.fullmatch(address) is None:
        raise BadAddress
    return address


def read_mobile(typed: str) -> str:
    """`84912345678`: a Vietnamese mobile number as gateways want it. Errors: BadAddress."""
    match = _MOBILE.fullmatch(_BETWEEN.sub("", typed[:40]))
    if match is None:
        raise BadAddress
    return f"84{match[1]}"


def read_push(typed: str) -> str:
    """Errors: BadAddress."""
    try:
        if len(typed) > 4096:
            raise BadAddress
        given = json.loads(typed)
        endpoint, p256dh, auth = found = given["endpoint"], given["keys"]["p256dh"], given["keys"]["auth"]
        if not all(isinstance(one, str) for one in found):
            raise BadAddress
        _check_endpoint(endpoint)
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), unbase64(p256dh, 65))
        unbase64(auth, 16)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadAddress from error
    return json.dumps({"endpoint": endpoint, "p256dh": p256dh.rstrip("="), "auth": auth.rstrip("=")}, sort_keys=True)


def _check_endpoint(endpoint: str) -> None:
    """Errors: ValueError."""
    if len(endpoint) > MOST_ENDPOINT or not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
        raise BadAddress
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    if parts.scheme != "https" or parts.username or parts.password or parts.port not in (None, 443) or "." not in host:
        raise BadAddress
    if _is_number(host):
        raise BadAddress  # push services have names


def _is_number(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return host.rpartition(".")[2].isdigit()  # other ways of writing numbers, like 127.1
    return True


def unbase64(text: str, size: int) -> bytes:
    """URL-safe base64 without padding, of this many bytes. Errors: ValueError."""
    text = text.rstrip("=")
    if len(text) > 4 * size or re.fullmatch(r"[A-Za-z0-9_-]+", text) is None:
        raise BadAddress
    try:
        found = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise BadAddress from error
    if len(found) != size:
        raise BadAddress
    return found
