"""E-mail through Django's backend: one connection a letter, plain text, ended by one press of the mail program (RFC 8058)."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import make_msgid

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from luytre.base.environment_sending import MailServer
from luytre.base.letters import one_line
from luytre.civic.dispatch.channels import End, Letter, Outcome, Why

TIMEOUT_S = 15
_GONE = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1")
"""Enhanced codes (RFC 3463) that say that there is no such mailbox. A bare 550 may be a filter that likes none of our mail: it
ends nobody's subscription."""


@dataclass
class MailChannel:
    server: MailServer
    name: str = "Lũy Tre"
    """Who it is from, beside the address: the commune."""

    def send(self, address: str, letter: Letter) -> Outcome:
        connection = get_connection(
            "django.core.mail.backends.smtp.EmailBackend", host=self.server.host, port=self.server.port,
            username=self.server.user, password=self.server.password, use_tls=self.server.starttls, use_ssl=self.server.tls,
            timeout=TIMEOUT_S,
        )  # fmt: skip
        try:
            return self._opened(connection) or self._sent(connection, self._message(address, letter))
        finally:
            connection.close()

    def _opened(self, connection: BaseEmailBackend) -> Outcome | None:
        """None: it is open."""
        try:
            connection.open()
        except smtplib.SMTPAuthenticationError:
            return Outcome(End.LATER, Why.LOGIN)
        except (smtplib.SMTPException, OSError):
            return Outcome(End.LATER, Why.NO_ANSWER)
        return None

    def _sent(self, connection: BaseEmailBackend, message: EmailMessage) -> Outcome:
        try:
            connection.send_messages([message])
        except smtplib.SMTPRecipientsRefused as error:
            return _refused(*next(iter(error.recipients.values())))
        except smtplib.SMTPResponseException as error:
            return _answered(error)
        except (smtplib.SMTPException, OSError):
            return Outcome(End.UNKNOWN, Why.NO_ANSWER)
        except ValueError:  # BadHeaderError too
            return Outcome(End.REFUSED, Why.LETTER)
        return Outcome(End.SENT)

    def _message(self, address: str, letter: Letter) -> EmailMessage:
        host = self.server.sender.rpartition("@")[2]
        headers = {"Message-ID": make_msgid(domain=host), "Content-Language": letter.language, "Auto-Submitted": "auto-generated"}
        if letter.end_link:
            headers |= {"List-Unsubscribe": f"<{letter.end_link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        if letter.urgent:
            headers["Importance"] = "high"
        sender = str(Address(one_line(self.name), addr_spec=self.server.sender))
        return EmailMessage(letter.title, letter.words, sender, [address], headers=headers)


def _refused(code: int, words: bytes) -> Outcome:
    if code < 500:
        return Outcome(End.LATER, Why.BUSY)
    gone = words.decode("ascii", "replace").strip().partition(" ")[0] in _GONE
    return Outcome(End.GONE if gone else End.REFUSED, Why.ADDRESS)


def _answered(error: smtplib.SMTPResponseException) -> Outcome:
    """A reply to the sender or the words: 4yz wants another try, 5yz none (RFC 5321 §4.2.1)."""
    if 400 <= error.smtp_code < 500:
        return Outcome(End.LATER, Why.BUSY)
    return Outcome(End.REFUSED, Why.LETTER if error.smtp_code >= 500 else Why.STRANGE)
