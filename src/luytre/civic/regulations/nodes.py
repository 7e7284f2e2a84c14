"""JSON of rules, read with care: each value with the path that leads to it, what nobody took refused. For all regulations."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.civic.regulations.rules import Heading

FORMAT = 1
LINE, TEXT, MANY = 400, 4000, 60
"""The most characters of a line and of a text, and the most entries of a list."""
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u2028\u2029\ufffe\uffff]|[\ud800-\udfff]")

Kind = TypeVar("Kind", bound=StrEnum)
Item = TypeVar("Item")


def read_json(text: str) -> Node:
    """The whole, its format checked. Errors: UsageError whose subject is the path of what is wrong."""
    try:
        told = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_no_double)
    except (ValueError, RecursionError) as error:
        raise wrong("$", N_("this is no JSON")) from error
    whole = Node("$", told)
    if whole.take("format").value != FORMAT or isinstance(whole.take("format").value, bool):
        raise wrong("format", N_("this format of rules is not known here"))
    return whole


def canonical(told: dict[str, Any]) -> str:
    """Keys in order, no spaces: equal values, equal text."""
    return json.dumps({"format": FORMAT, **told}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def wrong(path: str, cause: str) -> UsageError:
    return UsageError(cause, operation=N_("reading the rules"), subject=path)


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _no_double(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


class Node:
    """A value of the JSON with the path that leads to it; what nobody took is refused."""

    def __init__(self, path: str, value: Any) -> None:
        self.path, self.value = path, value
        self.taken: set[str] = set()

    def take(self, name: str) -> Node:
        path = name if self.path == "$" else f"{self.path}.{name}"
        if not isinstance(self.value, dict):
            raise wrong(self.path, N_("names and values are wanted here"))
        if name not in self.value:
            raise wrong(path, N_("this is missing"))
        self.taken.add(name)
        return Node(path, self.value[name])

    def has(self, name: str) -> bool:
        """Whether this may be taken, for what came later than the first texts."""
        if not isinstance(self.value, dict):
            raise wrong(self.path, N_("names and values are wanted here"))
        return name in self.value

    def done(self) -> None:
        for name in sorted(set(self.value) - self.taken):
            raise wrong(str(name)[:60] if self.path == "$" else f"{self.path}.{str(name)[:60]}", N_("this is not known"))

    def items(self, read_one: Callable[[Node], Item]) -> tuple[Item, ...]:
        if not isinstance(self.value, list) or len(self.value) > MANY:
            raise wrong(self.path, N_("a list of at most 60 entries is wanted here"))
        return tuple(read_one(Node(f"{self.path}[{number}]", value)) for number, value in enumerate(self.value))

    def kind(self, kinds: type[Kind]) -> Kind:
        if not isinstance(self.value, str) or self.value not in list(kinds):
            raise wrong(self.path, N_("this word is not one of those that may stand here"))
        return kinds(self.value)

    def kinds(self, kinds: type[Kind]) -> tuple[Kind, ...]:
        found = self.items(lambda one: one.kind(kinds))
        if len(set(found)) < len(found):
            raise wrong(self.path, N_("one word stands here twice"))
        return found

    def switch(self) -> bool:
        if not isinstance(self.value, bool):
            raise wrong(self.path, N_("true or false is wanted here"))
        return self.value

    def number(self, least: int, most: int) -> int:
        if isinstance(self.value, bool) or not isinstance(self.value, int) or not least <= self.value <= most:
            raise wrong(self.path, N_("this number cannot stand here"))
        return self.value

    def text(self, most: int = TEXT) -> str:
        if not isinstance(self.value, str) or len(self.value) > most or _CONTROL.search(self.value):
            raise wrong(self.path, N_("this text is too long, or has characters that cannot be printed"))
        if self.value != self.value.strip():
            raise wrong(self.path, N_("a text neither begins nor ends with a space"))
        return self.value

    def line(self) -> str:
        found = self.text(LINE)
        if not found or "\n" in found:
            raise wrong(self.path, N_("one line of text is wanted here"))
        return found


def day(node: Node) -> date | None:
    if node.value is None:
        return None
    text = node.text(LINE)
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise wrong(node.path, N_("a day is written like 2026-11-24")) from error
    if found.isoformat() != text:
        raise wrong(node.path, N_("a day is written like 2026-11-24"))
    return found


def heading(node: Node) -> Heading:
    single = {name: _one_line(node.take(name)) for name in ("superior", "issuer", "sign", "place", "signer_title", "signer")}
    found = Heading(**single, basis=node.take("basis").items(Node.line), recipients=node.take("recipients").items(Node.line))
    node.done()
    return found


def _one_line(node: Node) -> str:
    return node.line() if node.value != "" else ""
