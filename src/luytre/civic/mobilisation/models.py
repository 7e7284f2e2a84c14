"""Campaigns, goals, visits, meetings, whom to come back to, commitments, and the steps of what was done with those."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from luytre.base.i18n import N_
from luytre.base.ids import new_id
from luytre.civic.chain.models import ChainedModel

MOST_NAME = 120
MOST_PHONE = 40
MOST_WORDS = 400
MOST_MINUTES = 4000
MOST_COUNT = 100_000


class Campaign(models.Model):
    """A span of days in which units go to people."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    name = models.CharField(max_length=MOST_NAME)
    first_day = models.DateField()
    last_day = models.DateField()
    carriers = models.TextField(blank=True)
    """Who carries it, one a line: Party cells, unions, units of the organisation."""
    words = models.CharField(max_length=MOST_WORDS, blank=True)
    made = models.DateTimeField()
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=1)
    """Grows by one with each change: who saves says on which one he stands."""

    objects: ClassVar[models.Manager[Campaign]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-first_day", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="mobilisation_campaign_has_a_length"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def units(self) -> list[str]:
        return self.carriers.splitlines()


class Goal(models.Model):
    """What a campaign wants to reach in one hamlet."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="goals")
    hamlet = models.ForeignKey("registry.Hamlet", on_delete=models.CASCADE, related_name="+")
    eyes = models.PositiveIntegerField(default=0)
    households = models.PositiveIntegerField(default=0)

    objects: ClassVar[models.Manager[Goal]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["campaign", "hamlet"], name="mobilisation_one_goal_a_hamlet"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.hamlet_id} {self.eyes}"


class Visit(models.Model):
    """Somebody went from door to door. Which doors, and what any of them said, is not here."""

    once = models.CharField(max_length=40, unique=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="visits")
    hamlet = models.ForeignKey("registry.Hamlet", null=True, on_delete=models.SET_NULL, related_name="+")
    day = models.DateField()
    carrier = models.CharField(max_length=MOST_NAME, blank=True)
    households = models.PositiveIntegerField()
    thinking = models.PositiveIntegerField(default=0)
    """How many want to think about it."""
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager[Visit]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-day", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(households__gte=1, thinking__lte=models.F("households")), name="mobilisation_visit_counts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.households}"


class FollowUp(models.Model):
    """Whoever asked to be visited again on a day. The row goes when somebody went, whatever came of it."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    once = models.CharField(max_length=40, unique=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="followups")
    hamlet = models.ForeignKey("registry.Hamlet", null=True, on_delete=models.SET_NULL, related_name="+")
    day = models.DateField()
    sealed_where = models.TextField()
    """Where to go and whom to ask for, in words."""
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager[FollowUp]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["day", "pk"]

    def __str__(self) -> str:
        return f"{self.day} {self.key}"


class Meeting(models.Model):
    once = models.CharField(max_length=40, unique=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="meetings")
    hamlet = models.ForeignKey("registry.Hamlet", null=True, on_delete=models.SET_NULL, related_name="+")
    day = models.DateField()
    place = models.CharField(max_length=MOST_NAME, blank=True)
    came = models.PositiveIntegerField()
    minutes = models.TextField(blank=True)
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager[Meeting]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-day", "-pk"]

    def __str__(self) -> str:
        return f"{self.day} {self.came}"


class Sort(models.TextChoices):
    """What somebody commits to."""

    CAMERA = "camera", N_("lends a camera")
    MONEY = "money", N_("gives money")
    POWER = "power", N_("gives power")
    NETWORK = "network", N_("gives network")
    POLE = "pole", N_("gives a pole or a wall")
    LABOUR = "labour", N_("gives work")


class Commitment(models.Model):
    """What somebody said they would give. It leads to an agreement (a camera) or to a pledge of the book (all else)."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    once = models.CharField(max_length=40, unique=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="commitments")
    hamlet = models.ForeignKey("registry.Hamlet", null=True, on_delete=models.SET_NULL, related_name="+")
    sort = models.CharField(max_length=10, choices=Sort.choices)
    amount_vnd = models.PositiveBigIntegerField(default=0)
    words = models.CharField(max_length=MOST_WORDS, blank=True)
    day = models.DateField()
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    sealed_name = models.TextField(blank=True)
    sealed_phone = models.TextField(blank=True)
    led = models.CharField(max_length=20, blank=True)
    """The key of the eye that joined or of the pledge; empty: nothing came of it yet."""
    over = models.DateTimeField(null=True)
    """Led somewhere, or finished with; the name went with that."""

    objects: ClassVar[models.Manager[Commitment]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-day", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(sort__in=Sort.values), name="mobilisation_sort_known"),
            models.CheckConstraint(
                condition=models.Q(over=None) | models.Q(sealed_name="", sealed_phone=""), name="mobilisation_over_has_no_name"
            ),
            models.CheckConstraint(condition=models.Q(led="") | models.Q(over__isnull=False), name="mobilisation_led_is_over"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.sort}"


class StepCode(models.TextChoices):
    PLANNED = "planned", N_("campaign made")
    CHANGED = "changed", N_("campaign changed")
    READ = "read", N_("name of who committed read")
    LED = "led", N_("commitment entered where it belongs")
    OVER = "over", N_("commitment finished with")


class MobilisationStep(ChainedModel):
    """One step. No name of a household is here."""

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=10, choices=StepCode.choices)
    thing = models.CharField(max_length=20, db_index=True)
    """The key of the campaign, the commitment or whom to come back to."""

    objects: ClassVar[models.Manager[MobilisationStep]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(code__in=StepCode.values), name="mobilisation_step_known"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%MZ} {self.code} {self.thing}"
