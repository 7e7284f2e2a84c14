"""The commune's land. Every `geometry` is a GeoJSON geometry (RFC 7946: longitude first) that `geometry.geojson` accepted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from luytre.base.i18n import N_
from luytre.base.ids import new_id


class HamletArea(models.Model):
    """The boundary of a hamlet: a Polygon or MultiPolygon."""

    hamlet = models.OneToOneField("registry.Hamlet", on_delete=models.CASCADE, related_name="area")
    geometry = models.TextField()
    source = models.CharField(max_length=200, blank=True)
    """Where it comes from, with the attribution its licence asks for."""

    objects: ClassVar[models.Manager[HamletArea]] = models.Manager()

    def __str__(self) -> str:
        return str(self.hamlet)


class PlaceKind(models.TextChoices):
    """What should be seen."""

    ROUTE = "route", N_("route")
    RESIDENTIAL = "residential", N_("residential point")
    HOT_SPOT = "hot_spot", N_("hot spot")
    SCHOOL = "school", N_("school")
    MARKET = "market", N_("market")
    TEMPLE = "temple", N_("temple, pagoda or church")
    CULTURAL_HOUSE = "cultural_house", N_("cultural house")
    OFFICE = "office", N_("office, health station")
    OTHER = "other", N_("other institution")


class Place(models.Model):
    """A route is a LineString or MultiLineString, all else a Point or Polygon."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    kind = models.CharField(max_length=20, choices=PlaceKind.choices)
    name = models.CharField(max_length=120)
    hamlet = models.ForeignKey("registry.Hamlet", null=True, blank=True, on_delete=models.SET_NULL, related_name="places")
    geometry = models.TextField()
    residents = models.PositiveIntegerField(null=True, blank=True)
    vehicles_a_day = models.PositiveIntegerField(null=True, blank=True)
    weight = models.FloatField(null=True, blank=True)
    """What a plan counts it for; empty: what its kind, residents and traffic come to (`planning.weights`)."""
    note = models.CharField(max_length=400, blank=True)
    source = models.CharField(max_length=200, blank=True)
    """With the attribution its licence asks for."""
    source_id = models.CharField(max_length=40, blank=True, db_index=True)
    """Such as `way/123` of OpenStreetMap: brought in again, it is the same place."""
    archived = models.BooleanField(default=False, db_index=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    changed = models.DateTimeField(auto_now=True)

    objects: ClassVar[models.Manager[Place]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "key"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(kind__in=PlaceKind.values), name="place_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name


class ObstacleKind(models.TextChoices):
    BUILDING = "building", N_("building")
    WALL = "wall", N_("wall")
    TREES = "trees", N_("trees")
    PRIVATE = "private", N_("area that must not be filmed")


class Obstacle(models.Model):
    """What hides: a Polygon (building, trees) or a LineString (wall). `home`: nobody is to be filmed inside or in the yard.

    A private area (Polygon) hides nothing: no new eye may show it.
    """

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    kind = models.CharField(max_length=20, choices=ObstacleKind.choices, default=ObstacleKind.BUILDING)
    name = models.CharField(max_length=120, blank=True)
    geometry = models.TextField()
    height_m = models.FloatField(null=True, blank=True)
    home = models.BooleanField(default=False)
    source = models.CharField(max_length=200, blank=True)
    source_id = models.CharField(max_length=40, blank=True, db_index=True)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[models.Manager[Obstacle]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(kind__in=ObstacleKind.values), name="obstacle_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name or self.key


class PastKind(models.TextChoices):
    """Kinds of incidents in the commune's statistics."""

    THEFT = "theft", N_("theft")
    DISORDER = "disorder", N_("disorder")
    ACCIDENT = "accident", N_("traffic accident")
    FIRE = "fire", N_("fire")
    DRUGS = "drugs", N_("drugs, gambling")
    ENVIRONMENT = "environment", N_("litter, environment")
    OTHER = "other", N_("other")


class PastIncident(models.Model):
    """A point of the statistics that a survey begins with: what kind, where, which day. Never who."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    kind = models.CharField(max_length=20, choices=PastKind.choices)
    day = models.DateField()
    latitude = models.DecimalField(max_digits=8, decimal_places=6)
    longitude = models.DecimalField(max_digits=9, decimal_places=6)
    source = models.CharField(max_length=200, blank=True)

    objects: ClassVar[models.Manager[PastIncident]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-day", "key"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(kind__in=PastKind.values), name="past_incident_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"
