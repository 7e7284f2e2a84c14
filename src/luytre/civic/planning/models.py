"""The figures plans are made with, places an eye could go to, plans and their versions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from luytre.base.i18n import N_
from luytre.base.ids import new_id


class Figures(models.Model):
    """What this commune plans with (a single row): levels, the eye it would buy, what things cost. `values`: `figures.Values`."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    values = models.TextField()

    objects: ClassVar[models.Manager[Figures]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_row_of_figures"),
        ]

    def __str__(self) -> str:
        return self.values


class Source(models.TextChoices):
    """What made somebody think of this place."""

    NEED = "need", N_("a need of the survey")
    SITE = "site", N_("a mounting place that is there")
    ROUTE = "route", N_("along a route")
    HAND = "hand", N_("by hand")


class Candidate(models.Model):
    """A place an eye could go to. Empty costs and bearings (else `0 45 90 …`) are those of the figures."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    name = models.CharField(max_length=120)
    hamlet = models.ForeignKey("registry.Hamlet", null=True, blank=True, on_delete=models.SET_NULL, related_name="candidates")
    latitude = models.DecimalField(max_digits=8, decimal_places=6)
    longitude = models.DecimalField(max_digits=9, decimal_places=6)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.HAND)
    source_key = models.CharField(max_length=63, blank=True, db_index=True)
    """Of the need or site, so that they are proposed once."""
    bearings = models.CharField(max_length=200, blank=True)
    most_eyes = models.PositiveSmallIntegerField(default=1)
    camera_vnd = models.PositiveBigIntegerField(null=True, blank=True)
    pole_vnd = models.PositiveBigIntegerField(null=True, blank=True)
    """Once for the place; 0 where a wall or pole is there."""
    cable_vnd = models.PositiveBigIntegerField(null=True, blank=True)
    power_vnd = models.PositiveBigIntegerField(null=True, blank=True)
    upkeep_vnd = models.PositiveBigIntegerField(null=True, blank=True)
    """A year, for each eye."""
    note = models.CharField(max_length=400, blank=True)
    archived = models.BooleanField(default=False, db_index=True)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[models.Manager[Candidate]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "key"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(source__in=Source.values), name="candidate_source_known"),
            models.CheckConstraint(condition=models.Q(most_eyes__gte=1), name="candidate_holds_an_eye"),
        ]

    def __str__(self) -> str:
        return self.name


class Plan(models.Model):
    """A plan under work. `ask`: what is wished for (`ask.Ask`); `decided`: the number of the version that was decided on."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    name = models.CharField(max_length=120)
    ask = models.TextField()
    made_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    decided = models.PositiveIntegerField(null=True, blank=True)
    decision = models.CharField(max_length=200, blank=True)
    """Number and date of the document that decided."""
    archived = models.BooleanField(default=False, db_index=True)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[models.Manager[Plan]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-created", "key"]

    def __str__(self) -> str:
        return self.name


class VersionState(models.TextChoices):
    WAITING = "waiting", N_("waits to be computed")
    COMPUTING = "computing", N_("is being computed")
    DONE = "done", N_("computed")
    IMPOSSIBLE = "impossible", N_("there is no such plan")
    FAILED = "failed", N_("could not be computed")


class PlanVersion(models.Model):
    """One computation: what was asked, and what came of it. Written once when it is asked for, once when it is answered."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    ask = models.TextField()
    state = models.CharField(max_length=12, choices=VersionState.choices, default=VersionState.WAITING)
    answered = models.DateTimeField(null=True, blank=True)
    result = models.TextField(blank=True)
    """`result.Result`; of an impossible plan `result.Impossible`; of a failed one the sentence."""
    note = models.CharField(max_length=400, blank=True)

    objects: ClassVar[models.Manager[PlanVersion]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_versions_numbered_once"),
            models.CheckConstraint(condition=models.Q(state__in=VersionState.values), name="plan_version_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.number}"
