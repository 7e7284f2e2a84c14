"""Rules to and from JSON: one parser, which refuses what it does not know and names the place (`rights[2].hours[0]`).

The text that `write` gives is canonical (keys in order, no spaces): equal rules, equal digest.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.civic.regulations.rules import (
    MINUTES_A_DAY,
    Actor,
    Approvals,
    Group,
    Heading,
    Hours,
    Kept,
    Purpose,
    Right,
    Rules,
    Way,
)

FORMAT = 1
LINE, TEXT, MANY = 400, 4000, 60
"""The most characters of a line and of a text, and the most entries of a list."""
PURPOSE_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)[-–]([01]\d|2[0-3]):([0-5]\d)")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u2028\u2029\ufffe\uffff]|[\ud800-\udfff]")

Kind = TypeVar("Kind", bound=StrEnum)
Item = TypeVar("Item")


def write(rules: Rules) -> str:
    """The canonical text of rules."""
    told = asdict(rules)
    for right in told["rights"]:
        right["hours"] = [str(Hours(**hours)).replace("–", "-") for hours in right["hours"]]
    told["kept"] = {kept["group"]: kept["days"] for kept in told["kept"]}
    told["review"] = rules.review.isoformat() if rules.review else None
    return json.dumps({"format": FORMAT, **told}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """SHA-256 of the text's UTF-8, 64 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(text: str) -> Rules:
    """Errors: UsageError whose subject is the path of what is wrong."""
    try:
        told = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_no_double)
    except (ValueError, RecursionError) as error:
        raise _wrong("$", N_("this is no JSON")) from error
    whole = _Node("$", told)
    if whole.take("format").value != FORMAT or isinstance(whole.take("format").value, bool):
        raise _wrong("format", N_("this format of rules is not known here"))
    rules = Rules(
        purposes=whole.take("purposes").items(_purpose),
        rights=whole.take("rights").items(_right),
        kept=_kept(whole.take("kept")),
        export=_approvals(whole.take("export")),
        sound=whole.take("sound").switch(),
        masked_for=whole.take("masked_for").kinds(Actor),
        watermark=whole.take("watermark").switch(),
        prohibited=whole.take("prohibited").items(_Node.line),
        notice=whole.take("notice").text(),
        contact=whole.take("contact").text(),
        review=_day(whole.take("review")),
        heading=_heading(whole.take("heading")),
    )
    whole.done()
    seen = [(right.role, right.way) for right in rules.rights]
    if len(set(seen)) < len(seen):
        raise _wrong("rights", N_("one role has one way of looking twice"))
    return rules


def read_hours(text: str) -> Hours:
    """`18:00-06:00`. Errors: UsageError."""
    found = _HOURS.fullmatch(text)
    if found is None:
        raise UsageError(N_("hours are written like 18:00-06:00"), subject=text[:40])
    start, end = (int(found[number]) * 60 + int(found[number + 1]) for number in (1, 3))
    if start == end:
        raise UsageError(N_("hours are written like 18:00-06:00"), subject=text[:40])
    assert max(start, end) < MINUTES_A_DAY
    return Hours(start, end)


def _wrong(path: str, cause: str) -> UsageError:
    return UsageError(cause, operation=N_("reading the rules"), subject=path)


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _no_double(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


class _Node:
    """A value of the JSON with the path that leads to it; what nobody took is refused."""

    def __init__(self, path: str, value: Any) -> None:
        self.path, self.value = path, value
        self.taken: set[str] = set()

    def take(self, name: str) -> _Node:
        path = name if self.path == "$" else f"{self.path}.{name}"
        if not isinstance(self.value, dict):
            raise _wrong(self.path, N_("names and values are wanted here"))
        if name not in self.value:
            raise _wrong(path, N_("this is missing"))
        self.taken.add(name)
        return _Node(path, self.value[name])

    def done(self) -> None:
        for name in sorted(set(self.value) - self.taken):
            raise _wrong(str(name)[:60] if self.path == "$" else f"{self.path}.{str(name)[:60]}", N_("this is not known"))

    def items(self, read_one: Callable[[_Node], Item]) -> tuple[Item, ...]:
        if not isinstance(self.value, list) or len(self.value) > MANY:
            raise _wrong(self.path, N_("a list of at most 60 entries is wanted here"))
        return tuple(read_one(_Node(f"{self.path}[{number}]", value)) for number, value in enumerate(self.value))

    def kind(self, kinds: type[Kind]) -> Kind:
        if not isinstance(self.value, str) or self.value not in list(kinds):
            raise _wrong(self.path, N_("this word is not one of those that may stand here"))
        return kinds(self.value)

    def kinds(self, kinds: type[Kind]) -> tuple[Kind, ...]:
        found = self.items(lambda one: one.kind(kinds))
        if len(set(found)) < len(found):
            raise _wrong(self.path, N_("one word stands here twice"))
        return found

    def switch(self) -> bool:
        if not isinstance(self.value, bool):
            raise _wrong(self.path, N_("true or false is wanted here"))
        return self.value

    def number(self, least: int, most: int) -> int:
        if isinstance(self.value, bool) or not isinstance(self.value, int) or not least <= self.value <= most:
            raise _wrong(self.path, N_("this number cannot stand here"))
        return self.value

    def text(self, most: int = TEXT) -> str:
        if not isinstance(self.value, str) or len(self.value) > most or _CONTROL.search(self.value):
            raise _wrong(self.path, N_("this text is too long, or has characters that cannot be printed"))
        if self.value != self.value.strip():
            raise _wrong(self.path, N_("a text neither begins nor ends with a space"))
        return self.value

    def line(self) -> str:
        found = self.text(LINE)
        if not found or "\n" in found:
            raise _wrong(self.path, N_("one line of text is wanted here"))
        return found


def _purpose(node: _Node) -> Purpose:
    key = node.take("key")
    if not isinstance(key.value, str) or not PURPOSE_KEY.fullmatch(key.value):
        raise _wrong(key.path, N_("a key has small letters, digits and _"))
    found = Purpose(
        key=key.value,
        vi=node.take("vi").line(),
        en=node.take("en").line(),
        ways=node.take("ways").kinds(Way),
        reference=node.take("reference").switch(),
    )
    node.done()
    return found


def _right(node: _Node) -> Right:
    found = Right(node.take("role").kind(Actor), node.take("way").kind(Way), node.take("hours").items(_hours))
    node.done()
    return found


def _hours(node: _Node) -> Hours:
    try:
        return read_hours(node.text(LINE))
    except UsageError as error:
        raise _wrong(node.path, error.cause) from error


def _kept(node: _Node) -> tuple[Kept, ...]:
    found = tuple(Kept(group, node.take(group).number(1, 100_000)) for group in Group)
    node.done()
    return found


def _approvals(node: _Node) -> Approvals:
    found = Approvals(node.take("persons").number(0, 9), node.take("roles").kinds(Actor))
    node.done()
    return found


def _day(node: _Node) -> date | None:
    if node.value is None:
        return None
    text = node.text(LINE)
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise _wrong(node.path, N_("a day is written like 2026-11-24")) from error
    if day.isoformat() != text:
        raise _wrong(node.path, N_("a day is written like 2026-11-24"))
    return day


def _heading(node: _Node) -> Heading:
    single = {name: _one_line(node.take(name)) for name in ("superior", "issuer", "sign", "place", "signer_title", "signer")}
    found = Heading(**single, basis=node.take("basis").items(_Node.line), recipients=node.take("recipients").items(_Node.line))
    node.done()
    return found


def _one_line(node: _Node) -> str:
    return node.line() if node.value != "" else ""
