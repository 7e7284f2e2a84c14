"""Alarms in words: what they are called, who is called by them, and the filter of their lists. A drill is named as one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luytre.civic.regulations.rules import ACTOR_WORDS, Actor
from luytre.civic.signals.models import Called, Sounding
from luytre.web.days import AS_WRITTEN, read_day

ALL, REAL, DRILL = "", "real", "drill"


def area(one: Sounding) -> str:
    """`Thôn Đông`, `toàn xã`."""
    return _("the whole commune") if one.everywhere else one.hamlet_name


def where(one: Sounding) -> str:
    """`Thôn Đông, cổng chợ`."""
    return ", ".join(filter(None, [area(one), one.place]))


def titled(one: Sounding) -> str:
    """`Diễn tập: Kẻng ba tiếng một, ba hồi`; of a real one its sign alone."""
    return _("Drill: %(sign)s") % {"sign": one.sign} if one.drill else one.sign


def party_words(actor: str, name: str) -> str:
    """`Tổ bảo vệ ANTT Thôn Đông`; of a unit or a telephone line its name, while it is kept."""
    said = f"{_(ACTOR_WORDS[Actor(actor)])} {name}".strip() if actor else name or _("somebody of the telephone tree")
    return said[:1].upper() + said[1:]


def called_words(one: Called) -> str:
    return one.name if one.person_id is not None else party_words(one.actor, one.name)


def minutes_words(count: int | None) -> str:
    """`3 phút`; below one minute that; nothing for None."""
    if count is None:
        return ""
    return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count} if count else _("less than a minute")


@dataclass(frozen=True, slots=True)
class SignalFilter:
    """As it stands in the address; what is no hamlet, kind or day is left out."""

    what: str = ALL
    hamlet: str = ""
    first: date | None = None
    last: date | None = None

    @classmethod
    def of(cls, request: HttpRequest) -> SignalFilter:
        what, hamlet = request.GET.get("what", ""), request.GET.get("hamlet", "")
        return cls(
            what if what in (REAL, DRILL) else ALL,
            hamlet if hamlet.isascii() and hamlet.isdecimal() and len(hamlet) < 10 else "",
            read_day(request.GET.get("from", "")[:20]), read_day(request.GET.get("to", "")[:20]),
        )  # fmt: skip

    def narrow(self, found: QuerySet[Sounding]) -> QuerySet[Sounding]:
        """Days are those on which it was sounded; the last counts whole."""
        if self.what:
            found = found.filter(drill=self.what == DRILL)
        if self.hamlet:
            found = found.filter(hamlet=int(self.hamlet))
        if self.first:
            found = found.filter(sounded__gte=_midnight(self.first))
        if self.last:
            found = found.filter(sounded__lt=_midnight(self.last + timedelta(days=1)))
        return found

    @property
    def first_typed(self) -> str:
        return f"{self.first:{AS_WRITTEN}}" if self.first else ""

    @property
    def last_typed(self) -> str:
        return f"{self.last:{AS_WRITTEN}}" if self.last else ""


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
