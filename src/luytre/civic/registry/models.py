"""The commune's places and cameras."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models

from luytre.base.i18n import N_
from luytre.base.ids import CAMERA_KEY, new_code, new_id
from luytre.civic.chain.models import ChainedModel
from luytre.civic.registry.address import Address, kind_of
from luytre.civic.registry.register import Eye, RegisterStep
from luytre.civic.registry.seal import seal, unseal
from luytre.civic.registry.terms import LendingOpening, LendingVersion
from luytre.civic.registry.wires import Feed, Firm

__all__ = [
    "Camera", "CameraGrant", "CameraGroup", "Commune", "Eye", "Feed", "Firm", "Hamlet", "HeldSpan", "HoldStep", "LendingOpening",
    "LendingVersion", "MaskVersion",
    "RegisterStep", "Site", "SiteKind", "StepCode",
]  # fmt: skip

DEFAULT_RETENTION_DAYS = 30
DEFAULT_FREE_FLOOR_BYTES = 5 * 1024**3


class Commune(models.Model):
    """The one commune this machine serves (a single row), with the settings that hold for all its cameras."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(max_length=120, blank=True)
    retention_days = models.PositiveIntegerField(default=DEFAULT_RETENTION_DAYS, validators=[MinValueValidator(1)])
    free_floor_bytes = models.PositiveBigIntegerField(default=DEFAULT_FREE_FLOOR_BYTES)

    objects: ClassVar[models.Manager[Commune]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_commune"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def here(cls) -> Commune:
        """The commune, or its defaults while nobody has named it (not written)."""
        return cls.objects.first() or cls()


class Hamlet(models.Model):
    """`order` is the place the commune wants it at in lists; hamlets of one order stand by the alphabet (`registry.order`)."""

    name = models.CharField(max_length=120, unique=True)
    order = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[models.Manager[Hamlet]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class SiteKind(models.TextChoices):
    """What a mounting place looks over, as the 20/35 plan counts it."""

    ROUTE = "route", N_("route")
    HOT_SPOT = "hot_spot", N_("hot spot")
    RESIDENTIAL = "residential", N_("residential point")


_NOWHERE = models.Q(latitude__isnull=True, longitude__isnull=True)
_ON_THE_EARTH = models.Q(latitude__isnull=False, latitude__range=(-90, 90), longitude__isnull=False, longitude__range=(-180, 180))


class Site(models.Model):
    """A mounting place: one pole or wall with one or more cameras. Latitude and longitude are WGS 84, in degrees."""

    key = models.CharField(max_length=63, unique=True, editable=False, default=new_id)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=SiteKind.choices, default=SiteKind.RESIDENTIAL)
    hamlet = models.ForeignKey("registry.Hamlet", null=True, blank=True, on_delete=models.PROTECT, related_name="sites")
    road = models.CharField(max_length=120, blank=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)

    objects: ClassVar[models.Manager[Site]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "key"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(kind__in=SiteKind.values), name="site_kind_known"),
            models.CheckConstraint(condition=_NOWHERE | _ON_THE_EARTH, name="site_is_on_the_earth_or_nowhere"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def position(self) -> tuple[Decimal, Decimal] | None:
        """Latitude and longitude in degrees; None while nobody has told them."""
        return None if self.latitude is None or self.longitude is None else (self.latitude, self.longitude)


class Camera(models.Model):
    """A device at a site. Secrets are in the `sealed_*` columns; `*_shown` may stand in any page."""

    key = models.CharField(max_length=63, unique=True, editable=False, default=new_id, validators=[RegexValidator(CAMERA_KEY)])
    code = models.CharField(max_length=16, unique=True, editable=False, default=new_code)
    """Stands on the sign, and leads to the public page. Not the key, which is for those who may see."""
    name = models.CharField(max_length=120)
    site = models.ForeignKey("registry.Site", on_delete=models.PROTECT, related_name="cameras")
    main_url_shown = models.CharField(max_length=500)
    sub_url_shown = models.CharField(max_length=500, blank=True)
    sealed_main_url = models.TextField(blank=True)
    sealed_sub_url = models.TextField(blank=True)
    username = models.CharField(max_length=120, blank=True)
    sealed_password = models.TextField(blank=True)
    sound = models.BooleanField(default=False)
    enabled = models.BooleanField(default=True)
    archived = models.BooleanField(default=False, db_index=True)
    retention_days = models.PositiveIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    retention_bytes = models.PositiveBigIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    objects: ClassVar[models.Manager[Camera]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "key"]

    def __str__(self) -> str:
        return self.name

    @property
    def main_url(self) -> str:
        """The address to open, without user and password. A secret where it has a hidden part: never show it."""
        return unseal(self.sealed_main_url) or self.main_url_shown

    @property
    def sub_url(self) -> str:
        return unseal(self.sealed_sub_url) or self.sub_url_shown

    @property
    def password(self) -> str:
        return unseal(self.sealed_password)

    @property
    def has_password(self) -> bool:
        return bool(self.sealed_password)

    @property
    def kind(self) -> str:
        return kind_of(self.main_url_shown)

    def set_password(self, password: str) -> None:
        self.sealed_password = seal(password)

    def set_main(self, address: Address) -> None:
        self.main_url_shown = address.shown
        self.sealed_main_url = seal(address.url) if address.has_hidden_part else ""

    def set_sub(self, address: Address | None) -> None:
        self.sub_url_shown = address.shown if address else ""
        self.sealed_sub_url = seal(address.url) if address and address.has_hidden_part else ""


class CameraGroup(models.Model):
    """Cameras that are given together: the place `group:<key>` of an assignment (`registry.groups`).

    One that was removed stays as a row, so that what was written about it can be read.
    """

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    name = models.CharField(max_length=80)
    ended = models.DateTimeField(null=True, editable=False)
    cameras: models.ManyToManyField[Camera, models.Model] = models.ManyToManyField("registry.Camera", related_name="groups")

    objects: ClassVar[models.Manager[CameraGroup]] = models.Manager()

    def __str__(self) -> str:
        return self.name


class CameraGrant(models.Model):
    """One of the cameras of an assignment whose place is named cameras."""

    assignment = models.ForeignKey("access.Assignment", on_delete=models.CASCADE, related_name="+")
    camera = models.ForeignKey("registry.Camera", on_delete=models.CASCADE, related_name="grants")

    objects: ClassVar[models.Manager[CameraGrant]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["assignment", "camera"], name="one_grant_a_camera"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} → {self.camera_id}"


class HeldSpan(ChainedModel):
    """Footage of one camera that a hold keeps. Written once, with the hold's first step (`registry.holds`)."""

    hold = models.CharField(max_length=20, db_index=True)
    """The hold's key."""
    key = models.CharField(max_length=20, unique=True, default=new_id)
    """By which the recorder knows the span."""
    camera = models.CharField(max_length=63, db_index=True)
    """The camera's key."""
    start = models.DateTimeField()
    end = models.DateTimeField()

    objects: ClassVar[models.Manager[HeldSpan]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="held_span_has_a_length"),
        ]

    def __str__(self) -> str:
        return f"{self.hold} {self.camera} {self.start:%Y-%m-%dT%H:%MZ}"


class StepCode(models.TextChoices):
    """What was done to a hold."""

    SET = "set", N_("hold set")
    RENEWED = "renewed", N_("hold renewed")
    LIFTED = "lifted", N_("hold lifted")


class HoldStep(ChainedModel):
    """A hold was set, renewed or lifted. What a hold is, is read from its steps alone: there is no other record of it."""

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    """Empty: an upgrade of the program took over what was held before."""
    hold = models.CharField(max_length=20, db_index=True)
    code = models.CharField(max_length=10, choices=StepCode.choices)
    until = models.DateTimeField(null=True)
    """The moment from which the footage is held no longer; empty where the step lifts."""
    reference = models.CharField(max_length=120, blank=True)
    """The number of the incident, case or request; with the first step."""
    reason = models.CharField(max_length=400)

    objects: ClassVar[models.Manager[HoldStep]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(code__in=StepCode.values), name="hold_step_known"),
            models.CheckConstraint(
                condition=models.Q(code="lifted", until__isnull=True)
                | models.Q(code__in=["set", "renewed"], until__gt=models.F("at")),
                name="hold_ends",
            ),
            models.UniqueConstraint(fields=["hold"], condition=models.Q(code="set"), name="hold_set_once"),
            models.UniqueConstraint(fields=["hold"], condition=models.Q(code="lifted"), name="hold_lifted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%MZ} {self.hold} {self.code}"


class MaskVersion(ChainedModel):
    """What is hidden in a camera's picture from `at` on, until the next version of it. Written once (`registry.masks`)."""

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    camera = models.CharField(max_length=63, db_index=True)
    """The camera's key."""
    number = models.PositiveIntegerField()
    """1, 2, 3 … of the camera."""
    polygons = models.TextField()
    """As `base.polygons` writes them; `[]`: nothing is hidden any longer."""

    objects: ClassVar[models.Manager[MaskVersion]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["camera", "number"], name="masks_numbered_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="masks_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.camera} {self.number}"
