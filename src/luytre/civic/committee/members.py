"""Members: who is in the committee on a day. Who left keeps the name on past things and is given nothing new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.timezone import localdate

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.access.models import User
from luytre.civic.committee import steps
from luytre.civic.committee.models import MOST_NAME, OPEN_STATES, Member, Office, StepCode
from luytre.civic.committee.scope import may_write
from luytre.civic.registry.order import name_key
from luytre.civic.registry.refusals import Refusals

FURTHEST = timedelta(days=366)
_RANK = {office: rank for rank, office in enumerate(Office.values)}
LEFT = N_("%(name)s left the committee on %(day)s: choose somebody who is in it.")


@dataclass(frozen=True, slots=True)
class MemberDraft:
    """`user` None: somebody without an account, by `name`. `once`: of the form."""

    once: str
    user: User | None
    name: str
    post: str
    office: str
    first_day: date


def members_on(day: date) -> list[Member]:
    """Who is in the committee on a day: by office, then by name."""
    found = Member.objects.filter(Q(last_day=None) | Q(last_day__gte=day), first_day__lte=day).select_related("user")
    return sorted(found, key=lambda one: (_RANK[one.office], name_key(one.name)))


def former(day: date) -> list[Member]:
    """Who left before a day, the last first."""
    return list(Member.objects.filter(last_day__lt=day).order_by("-last_day", "pk"))


def join(by: User, draft: MemberDraft, at: datetime) -> Member:
    """Pressed twice, it is one. Errors: ValidationError by field."""
    may_write(by, at)
    name = one_line(draft.name) or (str(draft.user) if draft.user else "")
    faults = Refusals()
    steps.check_once(faults, draft.once)
    steps.check_line(faults, "name", name, MOST_NAME, N_("Choose an account, or write the name."))
    steps.check_line(faults, "post", draft.post, MOST_NAME)
    if draft.office not in Office.values:
        faults.tell("office", N_("Choose the office in the committee."))
    if not date(2000, 1, 1) <= draft.first_day <= localdate(at) + FURTHEST:
        faults.tell("first_day", N_("Within a year from now at the latest."))
    faults.raise_any()
    try:
        with transaction.atomic():
            return _joined(by, draft, name, at)
    except IntegrityError:
        if before := Member.objects.filter(once=draft.once).first():
            return before
        raise _is_in(draft.user) from None


def _joined(by: User, draft: MemberDraft, name: str, at: datetime) -> Member:
    steps.one_after_the_other()
    if before := Member.objects.filter(once=draft.once).first():
        return before
    there = [one for one in members_on(draft.first_day) if _same(one, draft.user, name)]
    if there:
        raise _is_in(there[0])
    made = Member.objects.create(
        once=draft.once, user=draft.user, name=name, post=one_line(draft.post), office=draft.office, first_day=draft.first_day
    )
    steps.write(by, StepCode.JOINED, made.key, at, day=draft.first_day, note=name)
    return made


def _same(one: Member, user: User | None, name: str) -> bool:
    return one.user == user if user is not None else one.user is None and one.name.casefold() == name.casefold()


def _is_in(who: object) -> ValidationError:
    return ValidationError({"name": [ValidationError(N_("%(name)s is in the committee already."), params={"name": str(who)})]})


@transaction.atomic
def leave(by: User, member: Member, last_day: date, note: str, at: datetime) -> None:
    """The last day counts. Open tasks stay with the name until they are given to somebody else: pages tell how many.

    Errors: ValidationError by field (last_day)."""
    may_write(by, at)
    steps.one_after_the_other()
    there = Member.objects.select_for_update().get(pk=member.pk)
    if there.last_day is not None:
        raise ValidationError({"last_day": [ValidationError(LEFT, params=_said(there))]})
    if not there.first_day <= last_day <= localdate(at) + FURTHEST:
        raise ValidationError({"last_day": N_("Not before the day of joining, and within a year from now.")})
    there.last_day = last_day
    there.save(update_fields=["last_day"])
    steps.write(by, StepCode.LEFT, there.key, at, day=last_day, note=note)


def check_in(faults: Refusals, field: str, member: Member, day: date) -> None:
    """Nothing new is given to who left, or has not joined yet."""
    if member.last_day is not None and day > member.last_day:
        faults.tell(field, LEFT, **_said(member))
    elif day < member.first_day:
        faults.tell(field, N_("%(name)s joins later: choose somebody who is in it."), name=member.name)


def _said(member: Member) -> dict[str, str]:
    return {"name": member.name, "day": f"{member.last_day:%d/%m/%Y}" if member.last_day else ""}


def open_tasks(member: Member) -> int:
    return member.tasks.filter(state__in=OPEN_STATES).count()
