"""Mail through a real SMTP server on this machine."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from luytre.base.environment_sending import MailServer
from luytre.bridge.senders.mail import MailChannel
from luytre.civic.dispatch.channels import End, Letter, Outcome, Why

LETTER = Letter("Nước lên ở bến đò", "Không qua ngầm.\n.\nĐi vòng.", end_link="https://xa.example/thoi", urgent=True)


class Box:
    """Answers by the address; keeps what it took."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if not address.startswith("well"):
            return {"gone": "550 5.1.1 no such user", "spam": "550 5.7.1 blocked", "full": "452 4.2.2 full"}[
                address.split("@")[0]
            ]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        if "vanish" in envelope.rcpt_tos[0]:
            server.transport.abort()
            return "250 never told"
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "554 5.6.0 not taken" if "refuse" in envelope.rcpt_tos[0] else "250 OK"


@pytest.fixture(scope="module")
def box() -> Iterator[tuple[Box, MailServer]]:
    handler = Box()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, "127.0.0.1", port, auth_require_tls=False, authenticator=authenticate)
    controller.start()
    yield handler, MailServer("127.0.0.1", port, "u", "p", tls=False, starttls=False, sender="canhbao@xa.example.vn")
    controller.stop()


def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: Any, data: Any) -> AuthResult:
    return AuthResult(success=data.password == b"p", handled=False)


def test_a_letter_is_taken_with_its_words_and_its_way_out(box: tuple[Box, MailServer]) -> None:
    handler, server = box
    assert MailChannel(server, "Xã Đông\n").send("well@example.vn", LETTER) == Outcome(End.SENT)
    one = handler.taken[-1]
    assert (one["Subject"], one["To"]) == ("Nước lên ở bến đò", "well@example.vn")
    assert one["From"] == "Xã Đông <canhbao@xa.example.vn>"
    assert one["List-Unsubscribe"] == "<https://xa.example/thoi>"
    assert one.get_content().splitlines() == LETTER.words.splitlines()


@pytest.mark.parametrize(
    ("address", "outcome"),
    [
        ("gone@example.vn", Outcome(End.GONE, Why.ADDRESS)), ("spam@example.vn", Outcome(End.REFUSED, Why.ADDRESS)),
        ("full@example.vn", Outcome(End.LATER, Why.BUSY)), ("well+refuse@example.vn", Outcome(End.REFUSED, Why.LETTER)),
        ("well+vanish@example.vn", Outcome(End.UNKNOWN, Why.NO_ANSWER)),
    ],
)  # fmt: skip
def test_what_a_server_says(box: tuple[Box, MailServer], address: str, outcome: Outcome) -> None:
    assert MailChannel(box[1]).send(address, LETTER) == outcome


def test_a_title_with_a_header_in_it_sends_nothing(box: tuple[Box, MailServer]) -> None:
    before = len(box[0].taken)
    assert MailChannel(box[1]).send("well@example.vn", Letter("a\nBcc: x@y.vn", "b")) == Outcome(End.REFUSED, Why.LETTER)
    assert len(box[0].taken) == before


def test_no_server_and_a_wrong_password_are_later(box: tuple[Box, MailServer]) -> None:
    from dataclasses import replace

    assert MailChannel(replace(box[1], password="x")).send("well@example.vn", LETTER) == Outcome(End.LATER, Why.LOGIN)
    assert MailChannel(replace(box[1], port=1)).send("well@example.vn", LETTER) == Outcome(End.LATER, Why.NO_ANSWER)
