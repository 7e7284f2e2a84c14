"""Incidents, their tips, and the steps of what was done."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from luytre.base.i18n import N_
from luytre.base.ids import new_id
from luytre.civic.chain.models import ChainedModel
from luytre.civic.numbered import NumberedModel
from luytre.civic.regulations.rules import ACTOR_WORDS, Actor
from luytre.civic.tips.kinds import Kind


class State(models.TextChoices):
    """In the order in which an incident goes through them."""

    CALLED = "called", N_("waits for somebody to go")
    ACCEPTED = "accepted", N_("somebody is on the way")
    ARRIVED = "arrived", N_("somebody is there")
    DONE = "done", N_("done there, to be closed")
    CLOSED = "closed", N_("closed")


class Result(models.TextChoices):
    SOLVED = "solved", N_("solved")
    SETTLED = "settled", N_("settled on the spot")
    PASSED_ON = "passed_on", N_("passed on to who is responsible")
    UNSOLVED = "unsolved", N_("not solved")
    NOTHING = "nothing", N_("nothing had happened")


ACTORS = [(actor.value, words) for actor, words in ACTOR_WORDS.items()]
_ACTORS = [actor.value for actor in Actor]


class Incident(NumberedModel):
    """What is being handled. Where it stands is kept here for lists and scope; its steps are the record."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    """Within its year, from 1, without a hole."""
    kind = models.CharField(max_length=12, choices=Kind.choices)
    title = models.CharField(max_length=160)
    words = models.TextField(blank=True)
    hamlet = models.ForeignKey("registry.Hamlet", null=True, on_delete=models.SET_NULL, related_name="+")
    place = models.CharField(max_length=200, blank=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    happened = models.DateTimeField()
    opened = models.DateTimeField(db_index=True)
    opened_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.CALLED)
    first = models.CharField(max_length=20, choices=ACTORS)
    """Who answers, as the matrix (or an officer) says; `unit` is whose."""
    unit = models.ForeignKey("access.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    """Empty: the commune police."""
    backup = models.CharField(max_length=20, choices=ACTORS)
    backup_unit = models.ForeignKey("access.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(default=0)
    """How often a clock ran out: 1, the backup is called too; 2, the head was told."""
    due = models.DateTimeField(null=True, db_index=True)
    """When the running clock runs out; empty: none runs."""
    accept_min = models.PositiveIntegerField()
    arrive_min = models.PositiveIntegerField()
    """The clocks of the matrix that was in force when it was opened."""
    matrix = models.PositiveIntegerField(default=0)
    """The number of that version; 0: the built-in one."""
    taken_by = models.ForeignKey("access.User", null=True, on_delete=models.SET_NULL, related_name="+")
    closed = models.DateTimeField(null=True, db_index=True)
    result = models.CharField(max_length=10, choices=Result.choices, blank=True)
    by_footage = models.BooleanField(null=True)
    """Whether cameras helped to solve it."""
    recovered_vnd = models.PositiveBigIntegerField(default=0)
    """What was brought back, in dong."""

    objects: ClassVar[models.Manager[Incident]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-opened", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["year", "number"], name="incident_numbered_once"),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="incident_kind_known"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="incidents_count_from_one"),
            models.CheckConstraint(
                condition=models.Q(first__in=_ACTORS) & models.Q(backup__in=_ACTORS), name="incident_has_answerers"
            ),
            models.CheckConstraint(
                condition=models.Q(state="closed", closed__isnull=False, due=None, result__in=Result.values)
                | (models.Q(closed__isnull=True, result="") & ~models.Q(state="closed") & models.Q(state__in=State.values)),
                name="incident_closed_with_a_result",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sign} {self.state}"

    @property
    def sign(self) -> str:
        """Its number as people say it and as holds and clips refer to it."""
        return f"{self.number}/{self.year}"


class IncidentTip(models.Model):
    """A tip that belongs to an incident; a tip belongs to one at most."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="tips")
    tip = models.OneToOneField("tips.Tip", on_delete=models.CASCADE, related_name="+")

    objects: ClassVar[models.Manager[IncidentTip]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.incident_id} {self.tip_id}"


class StepCode(models.TextChoices):
    """What happened to an incident."""

    OPENED = "opened", N_("opened")
    CALLED = "called", N_("given to")
    ESCALATED = "escalated", N_("its time ran out")
    ACCEPTED = "accepted", N_("goes there")
    DECLINED = "declined", N_("cannot go")
    ARRIVED = "arrived", N_("is there")
    DONE = "done", N_("done there")
    NOTED = "noted", N_("note")
    TIP = "tip", N_("a tip belongs to it")
    HELD = "held", N_("footage put on hold")
    LINKED = "linked", N_("belongs together with")
    CLOSED = "closed", N_("closed")
    REOPENED = "reopened", N_("opened again")
    TASKED = "tasked", N_("task given to")
    TASK_ACCEPTED = "t_accepted", N_("takes the task")
    TASK_DECLINED = "t_declined", N_("cannot do the task")
    TASK_ARRIVED = "t_arrived", N_("is at the task's place")
    TASK_DONE = "t_done", N_("task done")
    TASK_DROPPED = "t_dropped", N_("task taken back")
    TASK_LATE = "t_late", N_("the task's time ran out")
    PERSON = "person", N_("a person concerned written down")
    SHOWN = "shown", N_("looked at the people concerned")
    STRUCK = "struck", N_("a person concerned taken out")
    FORGOTTEN = "forgotten", N_("people concerned erased")


class IncidentStep(ChainedModel):
    """One step. `note` is an officer's or a team's; names of people concerned do not belong there, and forms say so."""

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    """Empty: the program, when a clock ran out."""
    incident = models.CharField(max_length=20, db_index=True)
    """The incident's key."""
    code = models.CharField(max_length=10, choices=StepCode.choices)
    whom = models.CharField(max_length=20, blank=True)
    """The role that is called (`Actor`)."""
    unit = models.CharField(max_length=40, blank=True)
    """The place of the unit that is called; empty: the commune police."""
    thing = models.CharField(max_length=40, blank=True)
    """The key of the tip, hold or other incident; of a closing, its result."""
    note = models.CharField(max_length=400, blank=True)

    objects: ClassVar[models.Manager[IncidentStep]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(code__in=StepCode.values), name="incident_step_known"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%MZ} {self.incident} {self.code}"


class TaskState(models.TextChoices):
    """In the order in which a task goes through them."""

    CALLED = "called", N_("waits for somebody to take it")
    ACCEPTED = "accepted", N_("somebody takes it")
    ARRIVED = "arrived", N_("somebody is there")
    DONE = "done", N_("done")
    DECLINED = "declined", N_("cannot be done by them")
    DROPPED = "dropped", N_("taken back")


TASK_OPEN = (TaskState.CALLED, TaskState.ACCEPTED, TaskState.ARRIVED)


class Task(models.Model):
    """What one unit does for an incident beside who answers it: close a road, ask the households, wait for the ambulance."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="tasks")
    what = models.CharField(max_length=200)
    actor = models.CharField(max_length=20, choices=ACTORS)
    unit = models.ForeignKey("access.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    """Empty: the commune police."""
    asked = models.DateTimeField()
    asked_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=TaskState.choices, default=TaskState.CALLED)
    due = models.DateTimeField(null=True, db_index=True)
    """When its running clock runs out; empty: none runs."""
    late = models.BooleanField(default=False)
    """A clock of it ran out: officers are told."""
    taken_by = models.ForeignKey("access.User", null=True, on_delete=models.SET_NULL, related_name="+")

    objects: ClassVar[models.Manager[Task]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["asked", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(actor__in=_ACTORS), name="incident_task_has_an_answerer"),
            models.CheckConstraint(
                condition=models.Q(state__in=TASK_OPEN) | models.Q(state__in=["done", "declined", "dropped"], due=None),
                name="incident_task_ended_has_no_clock",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.state}"


class Part(models.TextChoices):
    """What a person has to do with an incident."""

    VICTIM = "victim", N_("suffered it")
    WITNESS = "witness", N_("saw it")
    SUSPECT = "suspect", N_("may have done it")
    OWNER = "owner", N_("owns what it is about")
    OTHER = "other", N_("otherwise concerned")


class Concerned(models.Model):
    """A person concerned. Who it is lies sealed (`people`), is shown by a press that is written down, and is erased."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="people")
    part = models.CharField(max_length=8, choices=Part.choices)
    sealed = models.TextField()
    added = models.DateTimeField()
    added_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager[Concerned]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(part__in=Part.values), name="incident_part_known"),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.part}"


class ShiftCode(models.TextChoices):
    """What happened in the book of shifts."""

    HANDED = "handed", N_("handed over")
    TAKEN = "taken", N_("took over")
    NOTED = "noted", N_("note")


class ShiftStep(ChainedModel):
    """A line of the book of shifts: who is on duty is what the newest `taken` says."""

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=10, choices=ShiftCode.choices)
    whom = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    """To whom it is handed."""
    note = models.CharField(max_length=1000, blank=True)
    called = models.PositiveIntegerField(default=0)
    """Incidents that nobody goes to, at that moment."""
    going = models.PositiveIntegerField(default=0)
    """Incidents that somebody sees to, or that are to be closed."""
    tips = models.PositiveIntegerField(default=0)
    """Tips that are not closed."""

    objects: ClassVar[models.Manager[ShiftStep]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(code__in=ShiftCode.values), name="shift_step_known"),
            models.CheckConstraint(
                condition=~models.Q(code="handed") | models.Q(whom__isnull=False), name="shift_handed_to_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%MZ} {self.code}"
