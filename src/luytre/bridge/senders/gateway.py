"""SMS through any gateway that takes a POST: what it is told and what its answer has when it took the words are settings."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from urllib.parse import urlencode

from luytre.base.environment_sending import JSON, SmsGateway
from luytre.bridge.senders.post import Answer, Forbidden, NoAnswer, NotReached, Post, anywhere
from luytre.civic.dispatch.channels import End, Letter, Outcome, Why
from luytre.civic.dispatch.sms import plain

_SIGNS = (
    (Why.CREDIT, ("balance", "credit", "số dư", "so du", "hết tiền")),
    (Why.LOGIN, ("token", "unauthor", "authoriz", "authentic", "apikey", "api key", "password", "secretkey")),
    (Why.ADDRESS, ("phone number", "invalid phone", "invalid number", "unknown number", "số điện thoại", "so dien thoai")),
    (Why.BUSY, ("rate", "limit", "too many", "quota", "thử lại")),
)
"""What gateways say, each in its own words. Found by these only after `taken` was not found."""


def as_sms(letter: Letter, accents: bool) -> str:
    """What goes out: title, words and where it ends, in one text."""
    text = ". ".join(part.rstrip(".") for part in (letter.title, " ".join(letter.words.split())) if part)
    text = f"{text}. {letter.end_link}" if letter.end_link else f"{text}."
    return text if accents else plain(text)


@dataclass
class SmsChannel:
    gateway: SmsGateway
    post: Post = field(default_factory=lambda: Post(anywhere))

    def send(self, address: str, letter: Letter) -> Outcome:
        text = as_sms(letter, self.gateway.accents)
        told = {name: value.replace("{to}", address).replace("{text}", text) for name, value in self.gateway.fields}
        as_json = self.gateway.kind == JSON
        body = json.dumps(told, ensure_ascii=False) if as_json else urlencode(told)
        headers = {"Content-Type": "application/json" if as_json else "application/x-www-form-urlencoded"}
        if self.gateway.authorization:
            headers["Authorization"] = self.gateway.authorization
        try:
            return self._judged(self.post(self.gateway.url, body.encode(), headers))
        except (NotReached, Forbidden):
            return Outcome(End.LATER, Why.NO_ANSWER)
        except NoAnswer:
            return Outcome(End.UNKNOWN, Why.NO_ANSWER)

    def _judged(self, answer: Answer) -> Outcome:
        text = answer.body.decode("utf-8", "replace")
        well = 200 <= answer.status < 300
        squeezed = "".join(text.split())
        if well and (not self.gateway.taken or "".join(self.gateway.taken.split()) in squeezed):
            return Outcome(End.SENT)
        if answer.status in (401, 403):
            return Outcome(End.LATER, Why.LOGIN)
        if answer.status in (429, 503):
            return Outcome(End.LATER, Why.BUSY, answer.retry_after_s)
        if answer.status >= 500:
            return Outcome(End.UNKNOWN, Why.NO_ANSWER)
        why = next((why for why, signs in _SIGNS if any(sign in text.lower() for sign in signs)), Why.STRANGE)
        if well and why is Why.STRANGE:
            return Outcome(End.UNKNOWN, Why.STRANGE)  # it may have taken it
        return Outcome({Why.ADDRESS: End.GONE, Why.STRANGE: End.REFUSED}.get(why, End.LATER), why)
