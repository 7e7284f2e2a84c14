"""Writing the draft, and making a version of it. Who may approve is the permission table's matter; what may be is ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.civic.access.models import User
from luytre.civic.regulations.bounds import beyond
from luytre.civic.regulations.force import forget_read, in_force_now
from luytre.civic.regulations.models import Draft, Regulation, Version
from luytre.civic.regulations.proposal import PROPOSAL
from luytre.civic.regulations.rules import Rules
from luytre.civic.regulations.text import digest, read, write

LONGEST_AHEAD_DAYS = 366


class NotApproved(UsageError):
    """`field` is that of the form: `begins`, or empty for the draft as a whole."""

    def __init__(self, cause: str, field: str = "", subject: str = "") -> None:
        super().__init__(cause, operation=N_("approving the regulation"), subject=subject)
        self.field = field


class DraftChanged(UsageError):
    """Somebody else wrote in the meantime."""


@dataclass(frozen=True, slots=True)
class Written:
    """The draft as it stands."""

    rules: Rules
    stamp: int
    proposal: bool
    by: User
    at: datetime


def draft(kind: Regulation = Regulation.USAGE) -> Written | None:
    found = Draft.objects.filter(kind=kind).select_related("written_by").first()
    return Written(read(found.text), found.stamp, found.proposal, found.written_by, found.written) if found else None


def begin_draft(by: User, now: datetime, from_proposal: bool, kind: Regulation = Regulation.USAGE) -> None:
    """A draft of the rules in force, or of the proposal. One that is there stays as it is."""
    rules = PROPOSAL if from_proposal else in_force_now(now, kind).rules
    fields = {"text": write(rules), "written_by": by, "written": now, "proposal": from_proposal}
    Draft.objects.get_or_create(kind=kind, defaults=fields)


@transaction.atomic
def write_draft(by: User, rules: Rules, stamp: int, now: datetime, kind: Regulation = Regulation.USAGE) -> None:
    """Errors: UsageError for rules that the parser would refuse; DraftChanged when `stamp` is not the draft's."""
    text = write(rules)
    read(text)
    done = Draft.objects.filter(kind=kind, stamp=stamp).update(text=text, stamp=stamp + 1, written_by=by, written=now)
    if not done:
        raise DraftChanged(N_("somebody else changed the draft, or took it away; what you typed is still here"))


def discard_draft(kind: Regulation = Regulation.USAGE) -> None:
    Draft.objects.filter(kind=kind).delete()


def approve(by: User, stamp: int, begins: datetime | None, now: datetime, kind: Regulation = Regulation.USAGE) -> Version:
    """The draft becomes a version, in force from `begins` (None: now). Errors: NotApproved, DraftChanged."""
    return publish(by, stamp, begins, now, kind, lambda text: _refuse_rules(read(text), begins, now))


@transaction.atomic
def publish(
    by: User, stamp: int, begins: datetime | None, now: datetime, kind: Regulation, check: Callable[[str], None]
) -> Version:
    """The draft of any regulation becomes its next version, once `check` has read its text.

    Errors: those of `check`, NotApproved, DraftChanged.
    """
    found = Draft.objects.select_for_update().filter(kind=kind).first()
    if found is None or found.stamp != stamp:
        raise DraftChanged(N_("somebody else changed the draft, or took it away; what you typed is still here"))
    _refuse_moment(begins, now, kind)
    check(found.text)
    last = Version.objects.filter(kind=kind).order_by("-number").first()
    version = Version(
        kind=kind, number=last.number + 1 if last else 1, text=found.text, text_digest=digest(found.text),
        written_by=found.written_by, approved_by=by, approved=now, in_force_from=begins or now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            version.save()
    except IntegrityError as error:
        raise NotApproved(N_("another version begins at this very moment; choose another one"), "begins") from error
    forget_read()
    found.delete()
    return version


def _refuse_rules(rules: Rules, begins: datetime | None, now: datetime) -> None:
    if faults := beyond(rules):
        raise NotApproved(faults[0].words)
    if rules.review is not None and rules.review <= localdate(begins or now):
        raise NotApproved(N_("the day by which it is to be looked at again must come after it begins"), "begins")


def _refuse_moment(begins: datetime | None, now: datetime, kind: Regulation) -> None:
    last = Version.objects.filter(kind=kind).order_by("-approved").first()
    if last is not None and now < last.approved:
        raise NotApproved(
            N_("this machine's clock is behind the last approval; set the clock right first"),
            subject=f"{last.approved:%Y-%m-%dT%H:%MZ}",
        )
    if begins is not None and begins < now:
        raise NotApproved(N_("this moment has passed; leave it empty to begin at once"), "begins")
    if begins is not None and (begins - now).days > LONGEST_AHEAD_DAYS:
        raise NotApproved(N_("this is more than a year ahead"), "begins")
    if Version.objects.filter(kind=kind, in_force_from=begins or now).exists():
        raise NotApproved(N_("another version begins at this very moment; choose another one"), "begins")
