"""Which account, name in the book of contributions or agreement a claim is about, where its page has the mark of a restriction.

Who asks says it in words; an officer points it out. What is kept is its key: of a name in the book that of the giver or payee, so
each entry and pledge with that name is meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from luytre.civic.access.models import User
from luytre.civic.ledger.models import Posting
from luytre.civic.registry.models import Eye
from luytre.civic.rights.kinds import Subject

POINTED_OUT = frozenset[str]({Subject.ACCOUNT, Subject.LEDGER, Subject.AGREEMENT})
"""What no code and no scanned sign tells."""
_SIGN = re.compile(r"\s*([A-Za-z]{2})\s*0*([0-9]{1,9})\s*/\s*([0-9]{4})\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Thing:
    """`key`: what a claim keeps. `said`: how officers call it. `page`: the key in the address of its page."""

    key: str
    said: str
    page: str


def named(subject: str, typed: str) -> Thing | None:
    """By what an officer types: the user name of an account, the number of an entry of the book with a name (`PT 3/2026`), the
    key of the eye that is agreed on. None: there is none of it."""
    if subject == Subject.ACCOUNT:
        return _account(User.objects.filter(username__iexact=typed.strip()).first())
    if subject == Subject.LEDGER and (read := _SIGN.fullmatch(typed)) is not None:
        series, number, year = read.groups()
        return _entry(Posting.objects.filter(series=series.upper(), number=int(number), year=int(year)).first())
    if subject == Subject.AGREEMENT:
        return _agreement(typed)
    return None


def of(subject: str, key: str) -> Thing | None:
    """What a claim keeps the key of; None where it is no more, or was not pointed out."""
    if not key or subject not in POINTED_OUT:
        return None
    if subject == Subject.ACCOUNT:
        return _account(User.objects.filter(pk=int(key)).first())
    if subject == Subject.AGREEMENT:
        return _agreement(key)
    return _entry(Posting.objects.filter(party=key).first())


def _account(user: User | None) -> Thing | None:
    return None if user is None else Thing(str(user.pk), user.username, str(user.pk))


def _entry(posting: Posting | None) -> Thing | None:
    return Thing(posting.party, posting.sign, posting.key) if posting is not None and posting.party else None


def _agreement(key: str) -> Thing | None:
    eye = Eye.objects.filter(key=key).first()
    return None if eye is None else Thing(eye.key, eye.name, eye.key)
