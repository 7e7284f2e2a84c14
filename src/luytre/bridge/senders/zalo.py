"""Zalo's Official Account: a template (ZNS) to a telephone number, with a token that lasts a day and is renewed by one that is
good once. The newest pair lies in `secrets/zalo.json`; one process sends, so one process renews."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from luytre.base.environment_sending import Zalo
from luytre.bridge.senders.post import Answer, Forbidden, NoAnswer, NotReached, Post
from luytre.civic.dispatch.channels import End, Letter, Outcome, Why

SEND_URL = "https://business.openapi.zalo.me/message/template"
TOKEN_URL = "https://oauth.zaloapp.com/v4/oa/access_token"
TOKEN_FILE = "zalo.json"
MOST_TITLE, MOST_WORDS = 30, 400
"""A template's places hold no more."""
_MEANT = {
    -108: Outcome(End.GONE, Why.ADDRESS), -114: Outcome(End.REFUSED, Why.ADDRESS), -118: Outcome(End.GONE, Why.ADDRESS),
    -119: Outcome(End.REFUSED, Why.ADDRESS), -139: Outcome(End.GONE, Why.ADDRESS), -141: Outcome(End.GONE, Why.ADDRESS),
    -115: Outcome(End.LATER, Why.CREDIT), -124: Outcome(End.LATER, Why.LOGIN), -117: Outcome(End.LATER, Why.LOGIN),
    -133: Outcome(End.LATER, Why.BUSY, 3600), -144: Outcome(End.LATER, Why.BUSY, 3600), -147: Outcome(End.LATER, Why.BUSY, 3600),
    -32: Outcome(End.LATER, Why.BUSY, 60), -100: Outcome(End.UNKNOWN, Why.STRANGE),
}  # fmt: skip
"""Zalo's own codes: no such number, no Zalo, does not wish it; no money; token over; at night, too many a day, too fast."""
_TOKEN_OVER = -124


class NoToken(Exception):
    """Zalo renews nothing: `outcome` says why."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.why)
        self.outcome = outcome


@dataclass
class ZaloChannel:
    account: Zalo
    secrets_dir: Path
    post: Post = field(default_factory=Post)
    now: Callable[[], float] = time.time
    send_url: str = SEND_URL
    token_url: str = TOKEN_URL
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, address: str, letter: Letter) -> Outcome:
        try:
            token = self._token()
            outcome, code = self._ask(token, address, letter)
            if code == _TOKEN_OVER:  # before its time: one more try with a fresh one, nothing was sent
                outcome, _code = self._ask(self._token(over=token), address, letter)
        except NoToken as error:
            return error.outcome
        return outcome

    def _ask(self, token: str, address: str, letter: Letter) -> tuple[Outcome, int]:
        told = {"title": letter.title[:MOST_TITLE], "words": " ".join(letter.words.split())[:MOST_WORDS]}
        body = {"phone": address, "template_id": self.account.template, "template_data": told, "tracking_id": letter.tag}
        headers = {"Content-Type": "application/json", "access_token": token}
        try:
            answer = self.post(self.send_url, json.dumps(body, ensure_ascii=False).encode(), headers)
        except (NotReached, Forbidden):
            return Outcome(End.LATER, Why.NO_ANSWER), 0
        except NoAnswer:
            return Outcome(End.UNKNOWN, Why.NO_ANSWER), 0
        if answer.status == 429:
            return Outcome(End.LATER, Why.BUSY, answer.retry_after_s), 0
        code = _told(answer).get("error")
        if code == 0:
            return Outcome(End.SENT), 0
        if not isinstance(code, int):
            return Outcome(End.UNKNOWN, Why.STRANGE), 0
        return _MEANT.get(code, Outcome(End.REFUSED, Why.LETTER)), code

    def _token(self, over: str = "") -> str:
        """The one in force, renewed where it is over or (`over`) refused. Errors: NoToken."""
        with self._lock:
            kept = self._read()
            if kept.get("access") and kept["access"] != over and float(kept.get("until", 0)) > self.now() + 60:
                return str(kept["access"])
            first = self.account.refresh
            refresh = kept["refresh"] if kept.get("first") == first and kept.get("refresh") else first
            return self._renew(str(refresh))

    def _renew(self, refresh: str) -> str:
        form = {"app_id": self.account.app, "refresh_token": refresh, "grant_type": "refresh_token"}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "secret_key": self.account.secret}
        try:
            told = _told(self.post(self.token_url, urlencode(form).encode(), headers))
        except (NotReached, Forbidden, NoAnswer) as error:
            raise NoToken(Outcome(End.LATER, Why.NO_ANSWER)) from error
        access, fresh, lasts = told.get("access_token"), told.get("refresh_token"), str(told.get("expires_in", ""))
        if not (isinstance(access, str) and isinstance(fresh, str) and lasts.isascii() and lasts.isdigit()):
            raise NoToken(Outcome(End.LATER, Why.LOGIN))
        self._write({"access": access, "refresh": fresh, "until": self.now() + int(lasts), "first": self.account.refresh})
        return access

    def _read(self) -> dict[str, Any]:
        try:
            kept = json.loads((self.secrets_dir / TOKEN_FILE).read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}

    def _write(self, kept: dict[str, Any]) -> None:
        """Whole or not at all: what is lost here must be asked for by hand at Zalo."""
        self.secrets_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.secrets_dir / f".{TOKEN_FILE}.draft"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(kept, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.secrets_dir / TOKEN_FILE)


def _told(answer: Answer) -> dict[str, Any]:
    """Its JSON object; empty for anything else, like a page of HTML."""
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
