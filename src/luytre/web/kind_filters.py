"""Filters of the lists of tips and incidents, as they stand in the address: state, kind, hamlet, words. Others are left out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from luytre.base.letters import fold
from luytre.civic.tips.kinds import Kind

OPEN, MINE, ALL = "open", "mine", "all"
CLOSED = "closed"
"""Both rooms call it so."""
Listed = TypeVar("Listed", bound=Model)


@dataclass(frozen=True, slots=True)
class KindFilter:
    state: str = OPEN
    kind: str = ""
    hamlet: str = ""
    words: str = ""

    @classmethod
    def of(cls, request: HttpRequest, states: Collection[str]) -> KindFilter:
        """`states`: those that may be asked for besides `OPEN`."""
        return cls.read(request.GET, states)

    @classmethod
    def read(cls, sent: Mapping[str, str], states: Collection[str]) -> KindFilter:
        state, kind, hamlet = (sent.get(name, "") for name in ("state", "kind", "hamlet"))
        return cls(
            state if state in states else OPEN,
            kind if kind in Kind.values else "",
            hamlet if hamlet.isascii() and hamlet.isdecimal() and len(hamlet) < 10 else "",
            sent.get("q", "").strip()[:120],
        )

    def narrow(self, found: QuerySet[Listed], said: Callable[[Any], str]) -> list[Listed] | QuerySet[Listed]:
        """`said`: the text in which all the words must stand, accents or none. `MINE` is the caller's to narrow before."""
        if self.state == OPEN:
            found = found.exclude(state=CLOSED)
        elif self.state not in (MINE, ALL):
            found = found.filter(state=self.state)
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.hamlet:
            found = found.filter(hamlet=int(self.hamlet))
        typed = fold(self.words).split()
        return [one for one in found if all(word in fold(said(one)) for word in typed)] if typed else found
