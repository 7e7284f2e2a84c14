"""Alarms, who is called by them, telephone trees, and the steps of what was done."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from luytre.base.ids import new_id
from luytre.civic.access.models import Role
from luytre.civic.chain.models import ChainedModel
from luytre.civic.numbered import NumberedModel
from luytre.civic.signals.kinds import Answer, End, Means, StepCode

MOST_LINE = 400
"""Of a sign and its meaning, as the regulation has them."""
MOST_NAME = 120
MOST_PLACE = 200
MOST_NOTE = 400
MOST_CAME = 100_000


class TreeLine(models.Model):
    """One line of a hamlet's telephone tree."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    hamlet = models.ForeignKey("registry.Hamlet", on_delete=models.CASCADE, related_name="+")
    rank = models.PositiveIntegerField()
    """In which order those are called whom the same one calls."""
    name = models.CharField(max_length=MOST_NAME)
    unit = models.ForeignKey("access.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    """The unit of the organisation that answers under this line."""
    sealed_phone = models.TextField(blank=True)
    caller = models.ForeignKey("signals.TreeLine", null=True, on_delete=models.SET_NULL, related_name="below")
    """Who calls; empty: whoever sounds the alarm."""

    objects: ClassVar[models.Manager[TreeLine]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["rank", "pk"]

    def __str__(self) -> str:
        return f"{self.hamlet_id} {self.rank}"


class Sounding(NumberedModel):
    """An alarm that was sounded. Where it stands is kept here for lists; its steps are the record."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    once = models.CharField(max_length=20, unique=True)
    """The number of the page that sent it: sent twice is one alarm."""
    """Within its year, from 1, without a hole."""
    sign = models.CharField(max_length=MOST_LINE)
    meaning = models.CharField(max_length=MOST_LINE)
    matrix = models.PositiveIntegerField(default=0)
    """The number of the version that had this signal; 0: the built-in one."""
    means = models.CharField(max_length=12, choices=Means.choices)
    drill = models.BooleanField()
    everywhere = models.BooleanField(default=False)
    """For the whole commune."""
    hamlet = models.ForeignKey("registry.Hamlet", null=True, on_delete=models.SET_NULL, related_name="+")
    hamlet_name = models.CharField(max_length=120, blank=True)
    """As it was called then."""
    place = models.CharField(max_length=MOST_PLACE, blank=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    sounded = models.DateTimeField(db_index=True)
    written = models.DateTimeField()
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    incident = models.ForeignKey("incidents.Incident", null=True, on_delete=models.PROTECT, related_name="+")
    ended = models.DateTimeField(null=True, db_index=True)
    end = models.CharField(max_length=10, choices=End.choices, blank=True)
    came = models.PositiveIntegerField(null=True)
    """How many people came; empty: nobody counted."""
    outcome = models.CharField(max_length=MOST_NOTE, blank=True)

    objects: ClassVar[models.Manager[Sounding]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-sounded", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["year", "number"], name="alarm_numbered_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="alarms_count_from_one"),
            models.CheckConstraint(condition=models.Q(means__in=Means.values), name="alarm_means_known"),
            models.CheckConstraint(condition=models.Q(drill=False) | models.Q(incident=None), name="a_drill_is_no_incident"),
            models.CheckConstraint(
                condition=models.Q(everywhere=True, hamlet=None, hamlet_name="")
                | (models.Q(everywhere=False) & ~models.Q(hamlet_name="")),
                name="alarm_is_somewhere",
            ),
            models.CheckConstraint(
                condition=models.Q(ended__isnull=True, end="") | models.Q(ended__isnull=False, end__in=End.values),
                name="alarm_ends_somehow",
            ),
        ]

    def __str__(self) -> str:
        return self.number_sign

    @property
    def number_sign(self) -> str:
        """Its number as people say it."""
        return f"{self.number}/{self.year}"


class Called(models.Model):
    """Who is called by an alarm: a party, or one of the staff who answered (`person`)."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    sounding = models.ForeignKey(Sounding, on_delete=models.CASCADE, related_name="called")
    rank = models.PositiveIntegerField()
    name = models.CharField(max_length=MOST_NAME, blank=True)
    """As it was then: of the hamlet for a role, of the unit, of the tree's line, of the person."""
    actor = models.CharField(max_length=20, choices=Role.choices, blank=True)
    """The role that is called; empty: a unit or a line of the tree."""
    hamlet = models.ForeignKey("registry.Hamlet", null=True, on_delete=models.SET_NULL, related_name="+")
    unit = models.ForeignKey("access.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(TreeLine, null=True, on_delete=models.SET_NULL, related_name="+")
    caller = models.CharField(max_length=MOST_NAME, blank=True)
    """Of a line: who calls, as it was then."""
    person = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    reached = models.BooleanField(null=True)
    """By telephone; empty: nobody said."""
    reached_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=Answer.choices, default=Answer.WAITING)
    answered = models.DateTimeField(null=True)
    """The first answer, as it was given."""
    here = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Called]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["rank", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["sounding", "person"], condition=models.Q(person__isnull=False), name="staff_answer_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state="waiting", answered=None)
                | models.Q(state__in=["coming", "here", "cannot"], answered__isnull=False),
                name="who_answered_has_a_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(reached__isnull=True, reached_at=None)
                | models.Q(reached__isnull=False, reached_at__isnull=False),
                name="who_was_reached_has_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sounding_id} {self.key} {self.state}"


class SignalStep(ChainedModel):
    """One step. `note` is an officer's or a team's; names of people concerned do not belong there, and forms say so."""

    at = models.DateTimeField(db_index=True)
    """When it was written down."""
    moment = models.DateTimeField()
    """When it happened, as it was told."""
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    sounding = models.CharField(max_length=20, db_index=True)
    """The alarm's key."""
    code = models.CharField(max_length=10, choices=StepCode.choices)
    whom = models.CharField(max_length=20, blank=True)
    """The role that answers or is reached; empty: a unit or a line of the tree."""
    place = models.CharField(max_length=40, blank=True)
    """The key of that hamlet; of the sounding, of where it is sounded. Empty: the commune."""
    thing = models.CharField(max_length=40, blank=True)
    """The key of who is called or of the incident; of the sounding its means, of the end how it ended."""
    figure = models.PositiveIntegerField(null=True)
    """Of the sounding the version of its matrix; of the end how many came."""
    note = models.CharField(max_length=MOST_NOTE, blank=True)

    objects: ClassVar[models.Manager[SignalStep]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(code__in=StepCode.values), name="signal_step_known"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%MZ} {self.sounding} {self.code}"
