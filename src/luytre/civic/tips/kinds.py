"""What a tip can be about."""

from __future__ import annotations

from django.db import models

from luytre.base.i18n import N_


class Kind(models.TextChoices):
    """In the order in which the page offers them."""

    THEFT = "theft", N_("theft, robbery")
    DISORDER = "disorder", N_("fighting, disorder")
    ACCIDENT = "accident", N_("traffic accident")
    FIRE = "fire", N_("fire, explosion")
    SUSPICIOUS = "suspicious", N_("something suspicious")
    TRAFFIC = "traffic", N_("traffic: speeding, blocking the road")
    ENVIRONMENT = "environment", N_("environment: waste, noise, burning")
    CAMERA = "camera", N_("a camera: broken, turned, looks into a home")
    OTHER = "other", N_("something else")


LIFE = frozenset[str]({Kind.FIRE, Kind.ACCIDENT, Kind.DISORDER})
"""They sound on duty at once, and are never refused because of how many were sent."""
NUMBERS = (("113", N_("police")), ("114", N_("fire brigade")), ("115", N_("ambulance")))
"""Viet Nam's emergency telephones."""
