"""Inviting people, giving them links for a password, changing their name, switching their account off.

There is no mail server: whoever invites gets a link, shown once, and hands it over by hand (read out, as a QR code, by
a messenger). Only a digest of its secret is kept, it holds for one use and a stated time, and a newer link ends the older.
Invariant: one administrator at least can always log in; every step here leaves a row in `Change`.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from luytre.base.letters import folded_words
from luytre.civic.access.accounts import set_password
from luytre.civic.access.assignments import not_the_last
from luytre.civic.access.endings import cut_rights
from luytre.civic.access.models import Change, ChangeCode, EntryKind, EntryLink, User

LINK_LIFE = {EntryKind.INVITATION: timedelta(days=7), EntryKind.RESET: timedelta(hours=24)}
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Person:
    """What is asked of whom one invites. An empty user name is made from the name."""

    name: str
    username: str = ""


@dataclass(frozen=True, slots=True)
class GivenLink:
    """A link's secret, to be shown once, and when it ends (UTC)."""

    user: User
    kind: EntryKind
    secret: str
    expires: datetime


def record_change(by: User, code: ChangeCode, subject: User, before: str = "", after: str = "") -> Change:
    return Change.objects.create(by=by, code=code, subject=subject, before=before[:200], after=after[:200])


def plain_username(name: str) -> str:
    """`Trưởng thôn Đông` → `truong.thon.dong`: letters without marks, at most 50 characters."""
    return ".".join(folded_words(name))[:50].strip(".") or "nguoi.dung"


def free_username(name: str) -> str:
    """The plain user name, with a number behind it while others have it."""
    base = plain_username(name)
    number, wanted = 1, base
    while User.objects.filter(username__iexact=wanted).exists():
        number += 1
        wanted = f"{base}{number}"
    return wanted


@transaction.atomic
def invite(by: User, person: Person, now: datetime) -> GivenLink:
    """A new account that nobody can log in to until its link is used. Errors: django's ValidationError by field."""
    user = User(
        username=User.normalize_username(person.username.strip()) or free_username(person.name),
        display_name=" ".join(person.name.split()), entered=False,
    )  # fmt: skip
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    user.save()
    record_change(by, ChangeCode.INVITED, user)
    return _give(by, user, EntryKind.INVITATION, now)


@transaction.atomic
def give_link(by: User, user: User, now: datetime) -> GivenLink:
    """A fresh link: the invitation again for whoever never came in, else one for a new password."""
    kind = EntryKind.RESET if user.entered else EntryKind.INVITATION
    record_change(by, ChangeCode.LINK_GIVEN, user)
    return _give(by, user, kind, now)


def _give(by: User, user: User, kind: EntryKind, now: datetime) -> GivenLink:
    EntryLink.objects.filter(user=user, used__isnull=True).delete()
    secret, expires = secrets.token_urlsafe(_SECRET_BYTES), now + LINK_LIFE[kind]
    EntryLink.objects.create(user=user, kind=kind, digest=_digest(secret), made_by=by, created=now, expires=expires)
    return GivenLink(user, kind, secret, expires)


def open_link(secret: str, now: datetime) -> EntryLink | None:
    """The link that this secret opens; None when it is unknown, used, over, or its account switched off."""
    found = EntryLink.objects.select_related("user").filter(digest=_digest(secret)).first()
    if found is None or found.used is not None or found.expires <= now or not found.user.is_active:
        return None
    return found


@transaction.atomic
def use_link(link: EntryLink, password: str, now: datetime) -> User | None:
    """Sets the password; None if somebody was faster. Errors: ValidationError when it is too weak.

    The new password ends every session that the account had (Django's session hash).
    """
    if EntryLink.objects.filter(pk=link.pk, used__isnull=True).update(used=now) == 0:
        return None
    user = link.user
    set_password(user, password, must_change=False)
    cut_rights(user, now)
    record_change(user, ChangeCode.ENTERED, user)
    return user


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@transaction.atomic
def rename_person(by: User, user: User, name: str) -> None:
    name = " ".join(name.split())
    if name != user.display_name:
        record_change(by, ChangeCode.NAME, user, user.display_name, name)
    user.display_name = name
    user.save(update_fields=["display_name"])


@transaction.atomic
def switch(by: User, user: User, on: bool, now: datetime) -> None:
    """An account that is off cannot log in, and its sessions are over at once. Errors: UsageError (the last administrator)."""
    if user.is_active == on:
        return
    if not on:
        not_the_last(user, now)
        EntryLink.objects.filter(user=user, used__isnull=True).delete()
    user.is_active = on
    user.save(update_fields=["is_active"])
    cut_rights(user, now)
    record_change(by, ChangeCode.ON if on else ChangeCode.OFF, user)
