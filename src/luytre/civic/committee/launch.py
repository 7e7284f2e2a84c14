"""The launch conference (hội nghị ra mắt): a checklist computed from what stands, and the press that freezes it as it was."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.utils.timezone import localdate

from luytre.base.i18n import N_
from luytre.base.letters import one_line
from luytre.civic.acceptance.acceptances import accepted_eyes
from luytre.civic.access.models import User
from luytre.civic.committee import steps
from luytre.civic.committee.members import members_on
from luytre.civic.committee.models import MOST_LINE, MOST_NOTE, MOST_TEXT, CommitteeStep, Document, Launch, Office, StepCode
from luytre.civic.committee.register import establishing
from luytre.civic.committee.scope import may_write
from luytre.civic.planning.models import Plan
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.refusals import Refusals
from luytre.civic.regulations.force import version_in_force
from luytre.civic.regulations.models import Regulation
from luytre.civic.survey.models import Campaign, Need, NeedState

LAUNCH = "launch"
MOST_EYES = 10_000


class Check(StrEnum):
    """What should stand before the conference, in the order in which it is come by."""

    SURVEY = "survey"
    NEEDS = "needs"
    PLAN = "plan"
    ESTABLISHED = "established"
    MEMBERS = "members"
    USAGE = "usage"
    COORDINATION = "coordination"
    PACTS = "pacts"
    EYES = "eyes"
    PROGRAMME = "programme"
    INVITED = "invited"


CHECK_WORDS = {
    Check.SURVEY: N_("The survey is closed"),
    Check.NEEDS: N_("Every need of the survey was decided on"),
    Check.PLAN: N_("A plan was decided on"),
    Check.ESTABLISHED: N_("The decision of establishment is in the register and in force"),
    Check.MEMBERS: N_("The committee has a head and a secretary"),
    Check.USAGE: N_("The usage regulation is in force"),
    Check.COORDINATION: N_("The coordination regulation is in force"),
    Check.PACTS: N_("Every hamlet has signed its pact"),
    Check.EYES: N_("The first eyes are accepted"),
    Check.PROGRAMME: N_("Day, place and programme are set"),
    Check.INVITED: N_("Who is invited is written down"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `done` of `wanted`, where it is counted; `missing`: names of what lacks (hamlets), for the page alone."""

    check: str
    ok: bool
    done: int
    wanted: int
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """The conference as it was frozen."""

    day: date
    at: datetime
    by: str
    place: str
    programme: tuple[str, ...]
    invited: tuple[str, ...]
    lines: tuple[Line, ...]
    why: str
    minutes: str


@dataclass(frozen=True, slots=True)
class LaunchDraft:
    """`revision`: the one that the writer read. `programme` and `invited`: one a line."""

    revision: int
    day: date | None
    place: str
    programme: str
    invited: str
    eyes_wanted: int


def here() -> Launch:
    return Launch.objects.select_related("minutes").get_or_create(pk=1)[0]


def checklist(launch: Launch, pacts_signed: Collection[str], at: datetime) -> list[Line]:
    """`pacts_signed`: keys of the hamlets (`registry.grants.place_key`) whose pact is signed by both. About ten queries."""
    today = localdate(at)
    campaigns = list(Campaign.objects.values_list("closed", flat=True))
    needs = list(Need.objects.values_list("state", flat=True))
    decided = sum(state != NeedState.OPEN for state in needs)
    offices = {one.office for one in members_on(today)}
    hamlets = list(Hamlet.objects.order_by("name"))
    unsigned = tuple(one.name for one in hamlets if place_key(one) not in pacts_signed)
    eyes = len(accepted_eyes())
    closed = sum(each is not None for each in campaigns)
    set_out = [launch.day is not None, bool(launch.place), bool(launch.programme)]
    found = [
        Line(Check.SURVEY, bool(campaigns) and closed == len(campaigns), closed, max(1, len(campaigns))),
        Line(Check.NEEDS, bool(campaigns) and decided == len(needs), decided, len(needs)),
        _yes(Check.PLAN, Plan.objects.filter(decided__isnull=False, archived=False).exists()),
        _yes(Check.ESTABLISHED, establishing(today) is not None),
        Line(Check.MEMBERS, {Office.HEAD, Office.SECRETARY} <= offices, len({Office.HEAD, Office.SECRETARY} & offices), 2),
        _yes(Check.USAGE, version_in_force(at, Regulation.USAGE) is not None),
        _yes(Check.COORDINATION, version_in_force(at, Regulation.COORDINATION) is not None),
        Line(Check.PACTS, bool(hamlets) and not unsigned, len(hamlets) - len(unsigned), max(1, len(hamlets)), unsigned),
        Line(Check.EYES, eyes >= launch.eyes_wanted, eyes, launch.eyes_wanted),
        Line(Check.PROGRAMME, all(set_out), sum(set_out), len(set_out)),
        _yes(Check.INVITED, bool(launch.invited)),
    ]  # fmt: skip
    return found


def _yes(check: Check, ok: bool) -> Line:
    return Line(check, ok, int(ok), 1)


@transaction.atomic
def prepare(by: User, draft: LaunchDraft, at: datetime) -> None:
    """Errors: ValidationError by field (day, place, programme, invited, eyes_wanted)."""
    may_write(by, at)
    steps.one_after_the_other()
    here()
    there = Launch.objects.select_for_update().get(pk=1)
    faults = Refusals()
    if there.held is not None:
        faults.tell("__all__", N_("The conference was held: what was frozen does not change."))
    if draft.revision != there.revision:
        faults.tell("__all__", N_("Somebody else changed this since you opened it. What you typed is still here: press again."))
    if draft.day is not None and abs(draft.day - localdate(at)) > timedelta(days=731):
        faults.tell("day", N_("Within two years."))
    if not 1 <= draft.eyes_wanted <= MOST_EYES:
        faults.tell("eyes_wanted", N_("From 1 to 10000."))
    steps.check_line(faults, "place", draft.place, MOST_LINE)
    steps.check_text(faults, "programme", draft.programme, MOST_TEXT)
    steps.check_text(faults, "invited", draft.invited, MOST_TEXT)
    faults.raise_any()
    there.day, there.place, there.eyes_wanted = draft.day, one_line(draft.place), draft.eyes_wanted
    there.programme = steps.as_text(steps.lines_of(draft.programme))
    there.invited = steps.as_text(steps.lines_of(draft.invited))
    there.revision += 1
    there.save()
    steps.write(by, StepCode.PREPARED, LAUNCH, at, day=draft.day)


@transaction.atomic
def hold(by: User, lines: Sequence[Line], why: str, minutes: Document | None, at: datetime) -> None:
    """Freezes the checklist as it was. `why`: needed where a line is open. Pressed twice, it is one.

    Errors: ValidationError by field (why, minutes)."""
    may_write(by, at)
    steps.one_after_the_other()
    here()
    there = Launch.objects.select_for_update().get(pk=1)
    if there.held is not None:
        return
    faults = Refusals()
    if there.day is None or there.day > localdate(at):
        faults.tell("__all__", N_("Set the day of the conference first; this is pressed on that day or after it."))
    if minutes is not None and minutes.struck:
        faults.tell("minutes", N_("This document was struck out of the register: choose another."))
    needed = "" if all(line.ok for line in lines) else N_("Lines are still open: say why it was held all the same.")
    steps.check_line(faults, "why", why, MOST_NOTE, needed)
    faults.raise_any()
    there.held, there.minutes = at, minutes
    there.save()
    told = {
        "lines": [asdict(line) for line in lines], "place": there.place, "programme": steps.lines_of(there.programme),
        "invited": steps.lines_of(there.invited), "minutes": minutes.sign if minutes else "",
    }  # fmt: skip
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    steps.write(by, StepCode.LAUNCHED, LAUNCH, at, day=there.day, note=why, text=text)


def held() -> Held | None:
    """By the chained step alone."""
    step = CommitteeStep.objects.filter(thing=LAUNCH, code=StepCode.LAUNCHED).select_related("by").first()
    if step is None:
        return None
    told = json.loads(step.text)
    lines = tuple(replace(Line(**one), missing=tuple(one["missing"])) for one in told["lines"])
    return Held(
        step.day or localdate(step.at), step.at, str(step.by), told["place"], tuple(told["programme"]), tuple(told["invited"]),
        lines, step.note, told["minutes"],
    )  # fmt: skip
