"""The tables of the register: eyes, connected or only listed, and the steps of everything that was surveyed or drawn."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models

from luytre.base.i18n import N_
from luytre.base.ids import new_id
from luytre.civic.chain.models import ChainedModel


class OwnerKind(models.TextChoices):
    """Whose the device is."""

    HOUSEHOLD = "household", N_("household")
    SHOP = "shop", N_("shop or company")
    INSTITUTION = "institution", N_("institution")
    COMMUNE = "commune", N_("commune")


class Tier(models.TextChoices):
    """What the owner agreed to."""

    LISTED = "listed", N_("only listed")
    ON_REQUEST = "on_request", N_("on request")
    ON_ALARM = "on_alarm", N_("on alarm")
    LIVE = "live", N_("live")


class Condition(models.TextChoices):
    """What was seen when somebody last looked at it."""

    WORKS = "works", N_("works")
    FAULTY = "faulty", N_("works badly")
    DEAD = "dead", N_("does not work")
    UNKNOWN = "unknown", N_("not known")


class RecorderKind(models.TextChoices):
    UNKNOWN = "unknown", N_("not known")
    NONE = "none", N_("keeps nothing")
    CARD = "card", N_("memory card")
    NVR = "nvr", N_("recorder on the spot")
    CLOUD = "cloud", N_("at the maker's (cloud)")
    COMMUNE = "commune", N_("the commune's recorder")


class Power(models.TextChoices):
    UNKNOWN = "unknown", N_("not known")
    MAINS = "mains", N_("mains")
    UPS = "ups", N_("mains with battery")
    SOLAR = "solar", N_("solar")
    POE = "poe", N_("over the network cable")


class Network(models.TextChoices):
    UNKNOWN = "unknown", N_("not known")
    NONE = "none", N_("no network")
    FIBRE = "fibre", N_("fibre")
    CABLE = "cable", N_("network cable")
    WIFI = "wifi", N_("Wi-Fi")
    MOBILE = "mobile", N_("4G or 5G")


class Label(models.TextChoices):
    """Whether the device bears the mark of conformity with QCVN 135:2024/BTTTT."""

    UNKNOWN = "unknown", N_("not known")
    YES = "yes", N_("yes")
    NO = "no", N_("no")


class Eye(models.Model):
    """One device that looks from a site. `camera` is set where it is connected; a listed one has none.

    Where it looks: `bearing_deg` clockwise from true north, `tilt_deg` downward from the horizon, `height_m` above the ground.
    """

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    name = models.CharField(max_length=120)
    site = models.ForeignKey("registry.Site", on_delete=models.PROTECT, related_name="eyes")
    camera = models.OneToOneField("registry.Camera", null=True, blank=True, on_delete=models.PROTECT, related_name="eye")
    owner_kind = models.CharField(max_length=20, choices=OwnerKind.choices, default=OwnerKind.HOUSEHOLD)
    owner_name = models.CharField(max_length=120, blank=True)
    """Private, as `owner_phone` and `note`: never in the steps, shown only to whoever may see owners."""
    owner_phone = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=200, blank=True)
    tier = models.CharField(max_length=20, choices=Tier.choices, default=Tier.LISTED)
    latitude = models.DecimalField(max_digits=8, decimal_places=6, null=True, blank=True)
    """Its own position; empty: its site's."""
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    bearing_deg = models.FloatField(null=True, blank=True)
    tilt_deg = models.FloatField(null=True, blank=True)
    height_m = models.FloatField(null=True, blank=True)
    hfov_deg = models.FloatField(null=True, blank=True)
    """Told or measured; else it comes of `focal_mm` and `sensor`."""
    focal_mm = models.FloatField(null=True, blank=True)
    sensor = models.CharField(max_length=12, blank=True)
    """As makers write it: `1/2.8`."""
    width_px = models.PositiveIntegerField(null=True, blank=True)
    height_px = models.PositiveIntegerField(null=True, blank=True)
    ir_range_m = models.FloatField(null=True, blank=True)
    recorder = models.CharField(max_length=20, choices=RecorderKind.choices, default=RecorderKind.UNKNOWN)
    days_kept = models.PositiveIntegerField(null=True, blank=True)
    clock_error_s = models.FloatField(null=True, blank=True)
    """Its clock minus the true time."""
    power = models.CharField(max_length=20, choices=Power.choices, default=Power.UNKNOWN)
    network = models.CharField(max_length=20, choices=Network.choices, default=Network.UNKNOWN)
    label = models.CharField(max_length=10, choices=Label.choices, default=Label.UNKNOWN)
    maker = models.CharField(max_length=80, blank=True)
    model = models.CharField(max_length=80, blank=True)
    firmware = models.CharField(max_length=80, blank=True)
    warranty_until = models.DateField(null=True, blank=True)
    """The last day on which the maker or seller mends it for nothing."""
    condition = models.CharField(max_length=20, choices=Condition.choices, default=Condition.UNKNOWN)
    condition_day = models.DateField(null=True, blank=True)
    sees = models.CharField(max_length=400, blank=True)
    """What is in view, in words."""
    homes_in_view = models.CharField(max_length=400, blank=True)
    note = models.CharField(max_length=400, blank=True)
    archived = models.BooleanField(default=False, db_index=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    """Grows by one with each change: who wants to write says on which one he stands."""
    changed = models.DateTimeField(auto_now=True)

    objects: ClassVar[models.Manager[Eye]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "key"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(tier__in=Tier.values), name="eye_tier_known"),
            models.CheckConstraint(
                condition=models.Q(bearing_deg__isnull=True) | models.Q(bearing_deg__gte=0, bearing_deg__lt=360),
                name="eye_bearing_on_the_compass",
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="eye_is_on_the_earth_or_at_its_site",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def position(self) -> tuple[Decimal, Decimal] | None:
        """Latitude and longitude in degrees: its own, else its site's; None while nobody told either."""
        return self.site.position if self.latitude is None or self.longitude is None else (self.latitude, self.longitude)


class Thing(models.TextChoices):
    """What a step is about."""

    EYE = "eye", N_("eye")
    PLACE = "place", N_("place to watch")
    OBSTACLE = "obstacle", N_("building or wall")
    BOUNDARY = "boundary", N_("boundary of a hamlet")
    PAST_INCIDENT = "past_incident", N_("past incident")
    NEED = "need", N_("need")
    SITE = "site", N_("mounting place")
    BROUGHT_IN = "brought_in", N_("file that was brought in")
    FEED = "feed", N_("switch, line, power supply or pole")
    FIRM = "firm", N_("repair firm")


class RegisterCode(models.TextChoices):
    ADDED = "added", N_("added")
    CHANGED = "changed", N_("changed")
    REMOVED = "removed", N_("removed")
    RESTORED = "restored", N_("put back")


class RegisterStep(ChainedModel):
    """Something of the register was added, changed or removed: an eye, a place, a need. No private field's value is here."""

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    """Empty: the program itself, or a command on this machine."""
    thing = models.CharField(max_length=20, choices=Thing.choices)
    key = models.CharField(max_length=63, db_index=True)
    name = models.CharField(max_length=120)
    """Empty of a household's device and where it hangs: its name is mostly the owner's."""
    code = models.CharField(max_length=10, choices=RegisterCode.choices)
    changes = models.TextField(default="[]")
    """JSON: `[[field, before, after], …]`; of a private field `[field]` alone."""

    objects: ClassVar[models.Manager[RegisterStep]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(thing__in=Thing.values), name="register_step_of_a_thing"),
            models.CheckConstraint(condition=models.Q(code__in=RegisterCode.values), name="register_step_known"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%MZ} {self.thing} {self.key} {self.code}"
