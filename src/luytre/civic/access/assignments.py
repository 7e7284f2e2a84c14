"""Assignments: which are in force at a moment, giving one, ending one, and what cannot be joined in one person."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from luytre.base.errors import UsageError
from luytre.base.i18n import N_
from luytre.civic.access.endings import cut_rights
from luytre.civic.access.models import Assignment, Change, ChangeCode, Role, User
from luytre.civic.access.ways import LOCAL_ROLES, ways_of

EVERYWHERE, NAMED_CAMERAS = "", "cameras"
AUDITS_HIMSELF = N_(
    "An auditor cannot be head, on duty, administrator or treasurer too: nobody audits himself. End the other role first."
)
NOT_WITH_AUDITOR = frozenset({Role.HEAD, Role.DUTY, Role.ADMINISTRATOR, Role.TREASURER})


@dataclass(frozen=True, slots=True)
class Hours:
    """From one minute of the day up to another, which may be the next day's."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Wanted:
    """An assignment to be made. `ways` empty: all that the role may have. `first_day` None: from today."""

    role: str
    place: str = EVERYWHERE
    ways: frozenset[str] = frozenset()
    hours: Hours | None = None
    first_day: date | None = None
    last_day: date | None = None


def is_in_force(one: Assignment, at: datetime) -> bool:
    """`at` aware. The last day counts whole, and so do the hours that began on it."""
    if one.ended is not None and at >= one.ended:
        return False
    here = at.astimezone(timezone.get_default_timezone())
    day, now = here.date(), here.time()
    if one.hours_from is not None and one.hours_to is not None:
        if one.hours_from < one.hours_to:
            if not one.hours_from <= now < one.hours_to:
                return False
        elif now < one.hours_to:
            day -= timedelta(days=1)
        elif now < one.hours_from:
            return False
    return one.first_day <= day and (one.last_day is None or day <= one.last_day)


def is_over(one: Assignment, at: datetime) -> bool:
    """That it will never be in force again."""
    today = timezone.localdate(at)
    over_midnight = one.hours_from is not None and one.hours_to is not None and one.hours_from > one.hours_to
    last = one.last_day + timedelta(days=over_midnight) if one.last_day else None
    return (one.ended is not None and at >= one.ended) or (last is not None and last < today)


def in_force(user: User, at: datetime) -> tuple[Assignment, ...]:
    """Nothing for an account that is off. One query."""
    return tuple(one for one in user.assignments.all() if is_in_force(one, at)) if user.is_active else ()


def roles_of(user: User, at: datetime) -> frozenset[str]:
    return frozenset(one.role for one in in_force(user, at))


def narrowed_ways(one: Assignment) -> frozenset[str]:
    """The ways that the role may have and this assignment leaves; what the rules say comes on top."""
    allowed = frozenset(map(str, ways_of(one.role)))
    return allowed & frozenset(one.ways.split(",")) if one.ways else allowed


def kept_roles(user: User, at: datetime) -> frozenset[str]:
    """The roles of assignments that are in force, will be, or come again with their hours."""
    return frozenset(one.role for one in user.assignments.all() if not is_over(one, at))


def clash(roles: Collection[str]) -> bool:
    """Nobody audits himself."""
    return Role.AUDITOR in roles and bool(NOT_WITH_AUDITOR & set(roles))


def check(user: User | None, wanted: Wanted, at: datetime) -> None:
    """Errors: ValidationError by field (role, place, ways, hours, last_day)."""
    wrong: dict[str, str] = {}
    if wanted.role not in Role.values:
        raise ValidationError({"role": N_("Choose a role.")})
    if clash({wanted.role} | (kept_roles(user, at) if user is not None and user.pk else frozenset())):
        wrong["role"] = AUDITS_HIMSELF
    if wanted.role in LOCAL_ROLES and wanted.place == EVERYWHERE:
        wrong["place"] = N_("This role is of one hamlet or of named cameras: choose which.")
    if wanted.ways - frozenset(map(str, ways_of(wanted.role))):
        wrong["ways"] = N_("This role may not look in this way.")
    if wanted.hours is not None and wanted.hours.start == wanted.hours.end:
        wrong["hours"] = N_("The hours must not begin and end at the same minute.")
    if wanted.last_day is not None and wanted.last_day < (wanted.first_day or timezone.localdate(at)):
        wrong["last_day"] = N_("The last day must not lie before the first.")
    if wrong:
        raise ValidationError({field: [words] for field, words in wrong.items()})


@transaction.atomic
def assign(by: User | None, user: User, wanted: Wanted, at: datetime) -> Assignment:
    """Gives it, and writes a row of the changes. Errors: ValidationError by field."""
    check(user, wanted, at)
    made = Assignment.objects.create(
        user=user, role=wanted.role, place=wanted.place, ways=",".join(sorted(wanted.ways)),
        hours_from=wanted.hours.start if wanted.hours else None, hours_to=wanted.hours.end if wanted.hours else None,
        first_day=wanted.first_day or timezone.localdate(at), last_day=wanted.last_day, made_by=by, created=at,
    )  # fmt: skip
    if by is not None:
        Change.objects.create(by=by, code=ChangeCode.ROLE, subject=user, after=in_short(made))
    return made


@transaction.atomic
def end(by: User, one: Assignment, at: datetime) -> None:
    """From now on, without a way back. Errors: UsageError when the last administrator would be one no longer."""
    if is_over(one, at):
        return
    if one.role == Role.ADMINISTRATOR:
        not_the_last(one.user, at, without=one)
    one.ended = at
    one.save(update_fields=["ended"])
    cut_rights(one.user, at)
    Change.objects.create(by=by, code=ChangeCode.ROLE, subject=one.user, before=in_short(one))


def in_short(one: Assignment) -> str:
    """For the changes' row: `security_team hamlet:3 18:00–06:00 31/12/2026`."""
    hours = f"{one.hours_from:%H:%M}–{one.hours_to:%H:%M}" if one.hours_from and one.hours_to else ""
    last_day = f"{one.last_day:%d/%m/%Y}" if one.last_day else ""
    return " ".join(part for part in (one.role, one.place, one.ways, hours, last_day) if part)


def lasting_administrators(at: datetime) -> frozenset[int]:
    """Accounts that can log in and administer, in force now and with no end. Locked until the transaction ends, so that two
    administrators do not take the right from each other at once."""
    able = User.objects.select_for_update().filter(is_active=True, entered=True, assignments__role=Role.ADMINISTRATOR)
    found = Assignment.objects.filter(user__in=list(able), role=Role.ADMINISTRATOR)
    return frozenset(one.user_id for one in _lasting(found, at))


def _lasting(found: Iterable[Assignment], at: datetime) -> list[Assignment]:
    return [one for one in found if one.last_day is None and one.hours_from is None and is_in_force(one, at)]


@transaction.atomic
def is_last_administrator(user: User, at: datetime) -> bool:
    return lasting_administrators(at) == {user.pk}


@transaction.atomic
def not_the_last(user: User, at: datetime, without: Assignment | None = None) -> None:
    """Errors: UsageError. `without`: the assignment that is about to end; another of the same person may stay."""
    others = [one for one in user.assignments.filter(role=Role.ADMINISTRATOR) if without is not None and one.pk != without.pk]
    if is_last_administrator(user, at) and not _lasting(others, at):
        raise UsageError(
            N_("this is the last administrator"), operation=N_("Changing an account"), subject=str(user),
            hint=N_("Make somebody else administrator first."),
        )  # fmt: skip
