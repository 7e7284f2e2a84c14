"""Sets of criteria, pacts, quarters, scores, commendations; and the chained steps of all of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from luytre.base.i18n import N_
from luytre.base.ids import new_id
from luytre.civic.chain.models import ChainedModel

MOST_NAME = 120
MOST_LINE = 300
MOST_NOTE = 400
MOST_TEXT = 6000


class Audience(models.TextChoices):
    """For whom a set of criteria is; each is ranked for itself."""

    HAMLET = "hamlet", N_("hamlets")
    UNION = "union", N_("unions and units")


class Measure(models.TextChoices):
    """How a criterion is measured. What each counts is said in `measuring.SAID`."""

    UPTIME = "uptime", N_("cameras working")
    TOLD = "told", N_("faults seen to within 24 hours")
    REPAIRED = "repaired", N_("repaired within 7 days")
    ALARMS = "alarms", N_("alarms answered")
    TASKS = "tasks", N_("tasks and reports in time")
    BREACHES = "breaches", N_("no footage leaked")
    BOARD = "board", N_("by the board's judgement")


OF_UNIONS = (Measure.TASKS, Measure.BREACHES, Measure.BOARD)
"""What can be measured of a unit that has no cameras."""


class CriteriaSet(models.Model):
    """A version of the criteria. It can be written in until somebody signs a pact on it."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    once = models.CharField(max_length=40, unique=True)
    audience = models.CharField(max_length=10, choices=Audience.choices)
    number = models.PositiveIntegerField()
    """The version, from 1 for each audience."""
    title = models.CharField(max_length=MOST_NAME)
    revision = models.PositiveIntegerField(default=1)
    frozen = models.DateTimeField(null=True)
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    made = models.DateTimeField()

    objects: ClassVar[models.Manager[CriteriaSet]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["audience", "-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(audience__in=Audience.values), name="pact_audience_known"),
            models.UniqueConstraint(fields=["audience", "number"], name="pact_criteria_numbered_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Criterion(models.Model):
    criteria = models.ForeignKey(CriteriaSet, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=MOST_LINE)
    weight = models.PositiveSmallIntegerField()
    measure = models.CharField(max_length=10, choices=Measure.choices)

    objects: ClassVar[models.Manager[Criterion]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["criteria", "number"], name="pact_criterion_numbered_once"),
            models.CheckConstraint(condition=models.Q(weight__range=(1, 100)), name="pact_weight_counts"),
            models.CheckConstraint(condition=models.Q(measure__in=Measure.values), name="pact_measure_known"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.words}"


class Pact(models.Model):
    """What a unit promised for some quarters of a year. It counts once both have signed."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    once = models.CharField(max_length=40, unique=True)
    criteria = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="pacts")
    unit = models.ForeignKey("access.Unit", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    first_quarter = models.PositiveSmallIntegerField()
    last_quarter = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True, max_length=MOST_TEXT)
    """What else is promised, one a line."""
    conference = models.DateField()
    unit_signer = models.CharField(max_length=MOST_NAME)
    unit_post = models.CharField(max_length=MOST_NAME)
    board_signer = models.CharField(max_length=MOST_NAME)
    board_post = models.CharField(max_length=MOST_NAME)
    unit_signed = models.DateTimeField(null=True)
    board_signed = models.DateTimeField(null=True)
    document = models.ForeignKey("committee.Document", null=True, on_delete=models.PROTECT, related_name="+")
    """Its line in the register, which has the scan of what was signed by hand."""
    withdrawn = models.DateTimeField(null=True)
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    made = models.DateTimeField()

    objects: ClassVar[models.Manager[Pact]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-year", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(first_quarter__gte=1, last_quarter__lte=4, first_quarter__lte=models.F("last_quarter")),
                name="pact_quarters_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year}"

    @property
    def is_signed(self) -> bool:
        return self.unit_signed is not None and self.board_signed is not None and self.withdrawn is None


class Quarter(models.Model):
    """A quarter that is scored. `version`: how often it was closed."""

    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    is_closed = models.BooleanField(default=False)
    version = models.PositiveSmallIntegerField(default=0)
    opened = models.DateTimeField()

    objects: ClassVar[models.Manager[Quarter]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-year", "-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["year", "number"], name="pact_quarter_once"),
            models.CheckConstraint(condition=models.Q(number__range=(1, 4)), name="pact_quarter_of_four"),
            models.CheckConstraint(
                condition=models.Q(is_closed=False) | models.Q(version__gte=1), name="pact_closed_has_version"
            ),
        ]

    def __str__(self) -> str:
        return self.thing

    @property
    def thing(self) -> str:
        """How its steps name it."""
        return f"{self.year}-{self.number}"


class Sheet(models.Model):
    """A unit's scores of a quarter. `revision` grows with each writing: nobody overwrites another's."""

    quarter = models.ForeignKey(Quarter, on_delete=models.CASCADE, related_name="sheets")
    pact = models.ForeignKey(Pact, on_delete=models.PROTECT, related_name="sheets")
    revision = models.PositiveIntegerField(default=1)
    self_scored = models.DateTimeField(null=True)
    board_scored = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Sheet]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["quarter", "pact"], name="pact_sheet_once"),
        ]

    def __str__(self) -> str:
        return f"{self.quarter_id} {self.pact_id}"


class Score(models.Model):
    """Points from 0 to the criterion's weight, in tenths of a point."""

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    self_tenths = models.PositiveSmallIntegerField(null=True)
    self_note = models.CharField(max_length=MOST_NOTE, blank=True)
    board_tenths = models.PositiveSmallIntegerField(null=True)
    board_reason = models.CharField(max_length=MOST_NOTE, blank=True)

    objects: ClassVar[models.Manager[Score]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["sheet", "criterion"], name="pact_scored_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.criterion_id}"


class Commendation(models.Model):
    """Who was commended after a quarter: a unit, or a person by office."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    once = models.CharField(max_length=40, unique=True)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    unit = models.ForeignKey("access.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    office = models.CharField(max_length=MOST_NAME, blank=True)
    words = models.CharField(max_length=MOST_LINE)
    sign = models.CharField(max_length=60)
    day = models.DateField()
    struck = models.DateTimeField(null=True)
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager[Commendation]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-day", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(unit=None) & ~models.Q(office="") | models.Q(unit__isnull=False, office=""),
                name="pact_commended_one",
            ),
        ]

    def __str__(self) -> str:
        return self.sign


class StepCode(models.TextChoices):
    WRITTEN = "written", N_("criteria written")
    FROZEN = "frozen", N_("criteria frozen: a pact was signed on them")
    DRAWN = "drawn", N_("pact drawn up")
    UNIT = "unit", N_("signed for the unit")
    BOARD = "board", N_("signed for the committee")
    FILED = "filed", N_("its document in the register named")
    WITHDRAWN = "withdrawn", N_("pact withdrawn")
    OPENED = "opened", N_("quarter opened")
    SELF = "self", N_("self-score written")
    SCORED = "scored", N_("board's score written")
    CLOSED = "closed", N_("quarter closed")
    REOPENED = "reopened", N_("quarter opened again")
    BREACH = "breach", N_("confirmed breach written down")
    TAKEN_BACK = "taken_back", N_("breach taken back")
    COMMENDED = "commended", N_("commendation written down")
    STRUCK = "struck", N_("commendation struck out")


class PactStep(ChainedModel):
    """One step. Append-only. `text`: what was frozen with it, as JSON."""

    at = models.DateTimeField()
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=10, choices=StepCode.choices)
    thing = models.CharField(max_length=20, db_index=True)
    """The key of the set, pact or commendation; a quarter (`2026-4`); of breaches the unit (`u7`)."""
    iso = models.CharField(max_length=10, blank=True)
    """The day of a breach."""
    refers = models.BigIntegerField(null=True, unique=True)
    """The row of the breach that is taken back."""
    note = models.CharField(max_length=MOST_NOTE, blank=True)
    text = models.TextField(blank=True)

    objects: ClassVar[models.Manager[PactStep]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(code__in=StepCode.values), name="pact_step_known"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%MZ} {self.code} {self.thing}"
