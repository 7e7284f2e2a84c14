"""A little work before something is sent: a hash below a bound (hashcash, Back 2002), or a sum for browsers without scripts.

A `Task` travels to the page and back signed, so nothing is kept of it; that it was used is remembered in memory until it is old.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

GOOD_FOR_S = 3600
MOST_BITS = 18
"""A quarter of a million tries: a second or two on an old telephone."""
MOST_BITS_BY_SUM = 14
"""From there on a sum is no answer any more: a program adds as well as a person."""


class NotDone(ValueError):
    """The work is missing, wrong, old or was used already."""


@dataclass(frozen=True, slots=True)
class Task:
    """`text` is sent back with the answer. `bits`: leading zero bits wanted of SHA-256 of `text:answer`. `sum`: two numbers."""

    text: str
    bits: int
    sum: tuple[int, int]


def bits_for(before: int) -> int:
    """Work by how many were sent before in this hour: none for the first two, then a little more each time."""
    return 0 if before < 2 else min(10 + 2 * (before - 2), MOST_BITS)


class Efforts:
    """Sets tasks and judges answers. `key` is the machine's; `now`: seconds since the epoch."""

    def __init__(self, key: bytes, now: Callable[[], float]) -> None:
        self._key, self._now = key, now
        self._lock = threading.Lock()
        self._used: dict[str, float] = {}

    def set(self, bits: int) -> Task:
        numbers = (secrets.randbelow(9) + 1, secrets.randbelow(9) + 1)
        body = f"{int(self._now())}.{bits}.{secrets.token_hex(8)}"
        return Task(f"{body}.{self._seal(body, sum(numbers))}", bits, numbers)

    def judge(self, text: str, answer: str, bits: int) -> None:
        """`answer`: what was found, or the sum. `bits`: what is wanted by now. Errors: NotDone."""
        body, _, seal = text.rpartition(".")
        fields = body.split(".")
        if (
            len(text) > 200
            or len(answer) > 40
            or len(fields) != 3
            or not all(part.isascii() and part.isalnum() for part in fields)
        ):
            raise NotDone
        if not (fields[0].isdigit() and fields[1].isdigit() and 0 <= self._now() - int(fields[0]) <= GOOD_FOR_S):
            raise NotDone
        if not self._solved(text, body, seal, answer, int(fields[1]), bits):
            raise NotDone
        self._use_once(text)

    def _solved(self, text: str, body: str, seal: str, answer: str, set_bits: int, bits: int) -> bool:
        genuine = [sum_ for sum_ in range(2, 19) if hmac.compare_digest(self._seal(body, sum_), seal)]
        if not genuine:
            return False
        by_sum = answer.isascii() and answer.isdigit() and len(answer) <= 2 and int(answer) == genuine[0]
        return (by_sum and bits <= MOST_BITS_BY_SUM) or (set_bits >= bits and zero_bits(text, answer) >= set_bits)

    def _seal(self, body: str, sum_: int) -> str:
        return hmac.digest(self._key, f"task {body} {sum_}".encode(), "sha256").hex()[:32]

    def _use_once(self, text: str) -> None:
        with self._lock:
            now = self._now()
            if len(self._used) > 1000:
                self._used = {one: until for one, until in self._used.items() if until > now}
            if text in self._used:
                raise NotDone
            self._used[text] = now + GOOD_FOR_S


def zero_bits(text: str, answer: str) -> int:
    """Leading zero bits of SHA-256 of `text:answer`."""
    value = int.from_bytes(sha256(f"{text}:{answer}".encode()).digest(), "big")
    return 256 - value.bit_length()
