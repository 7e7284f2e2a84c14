"""The tables of devices."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from luytre.base.i18n import N_
from luytre.base.ids import new_id
from luytre.civic.chain.models import ChainedModel

LONGEST_NAME = 60


class Device(models.Model):
    """What is known of a camera as a device. A row from the first time that somebody looks at it."""

    camera = models.OneToOneField("registry.Camera", on_delete=models.CASCADE, related_name="device")
    address = models.CharField(max_length=200, blank=True)
    """Its ONVIF service, as somebody typed it; empty: where most have it, on the picture's own host."""
    maker = models.CharField(max_length=80, blank=True)
    model = models.CharField(max_length=80, blank=True)
    serial = models.CharField(max_length=80, blank=True)
    firmware = models.CharField(max_length=80, blank=True)
    noted = models.DateTimeField(null=True)
    """When it was noted which device it is; firmware is noted each time."""
    ptz = models.BooleanField(null=True)
    """Whether it can be turned, when it was last read; None: it never was."""
    read = models.DateTimeField(null=True)
    counts_motion = models.BooleanField(default=False)
    """Somebody wants to know how often it tells of motion (`devices.listening`)."""
    motion_problem = models.CharField(max_length=20, blank=True)
    """Why it was not heard the last time."""
    sealed_next = models.TextField(blank=True)
    """A password that the device was told, or is about to be, until it let us in with it."""
    next_since = models.DateTimeField(null=True)
    next_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager[Device]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.camera_id} {self.maker} {self.model}"


class StepCode(models.TextChoices):
    """What was wished of a device."""

    ADDRESS = "address", N_("ONVIF address")
    CLOCK = "clock", N_("clock set")
    PASSWORD = "password", N_("password changed")
    STREAM = "stream", N_("picture settings")
    REBOOT = "reboot", N_("restarted")
    NOTED = "noted", N_("noted as the device of this camera")
    PTZ_TAKEN = "ptz_taken", N_("turning taken over")
    PRESET_KEPT = "preset_kept", N_("position kept")
    PRESET_REMOVED = "preset_removed", N_("position removed")
    PATROL_KEPT = "patrol_kept", N_("patrol kept")
    PATROL_REMOVED = "patrol_removed", N_("patrol removed")
    PATROL_STARTED = "patrol_started", N_("patrol started")
    PATROL_STOPPED = "patrol_stopped", N_("patrol stopped")
    MOTION_COUNTED = "motion_counted", N_("counting of motion switched on")
    MOTION_LEFT = "motion_left", N_("counting of motion switched off")


WISHED = "wished"
"""The outcome of the row that is written before the device is told."""


class DeviceStep(ChainedModel):
    """A wish, or what came of it. Written once; never with a password in it."""

    at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    """Empty: the program itself, which settled what had been left open."""
    camera = models.CharField(max_length=63, db_index=True)
    """The camera's key."""
    code = models.CharField(max_length=20, choices=StepCode.choices)
    before = models.CharField(max_length=200, blank=True)
    after = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    """`wished`; empty: done; else the problem's code."""
    reason = models.CharField(max_length=200, blank=True)

    objects: ClassVar[models.Manager[DeviceStep]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(code__in=StepCode.values), name="device_step_known"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%M:%SZ} {self.camera} {self.code} {self.outcome}"


class MotionHour(models.Model):
    """How often a camera told that something began to move, in one hour. Rows older than seven days go."""

    camera = models.CharField(max_length=63)
    """The camera's key."""
    hour = models.DateTimeField(db_index=True)
    begun = models.PositiveIntegerField(default=0)
    heard_s = models.PositiveIntegerField(default=0)
    """Seconds of the hour that it was listened to: nothing heard is not the same as nobody listening."""

    objects: ClassVar[models.Manager[MotionHour]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["camera", "hour"], name="one_motion_an_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.camera} {self.hour:%Y-%m-%dT%HZ} {self.begun}"


class PtzHold(models.Model):
    """Who turns a camera, until when. A row that is over is as none."""

    camera = models.OneToOneField("registry.Camera", on_delete=models.CASCADE, related_name="ptz_hold")
    user = models.ForeignKey("access.User", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(db_index=True)

    objects: ClassVar[models.Manager[PtzHold]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.camera_id} {self.user_id} until {self.until:%Y-%m-%dT%H:%M:%SZ}"


class Preset(models.Model):
    """A position that a camera finds again. The name is ours; the device knows it by `token`."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    camera = models.ForeignKey("registry.Camera", on_delete=models.CASCADE, related_name="presets")
    name = models.CharField(max_length=LONGEST_NAME)
    token = models.CharField(max_length=80)
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    made = models.DateTimeField()

    objects: ClassVar[models.Manager[Preset]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["camera", "name"], name="one_preset_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Patrol(models.Model):
    """Positions one after another, each for some seconds, round and round while it runs."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    camera = models.ForeignKey("registry.Camera", on_delete=models.CASCADE, related_name="patrols")
    name = models.CharField(max_length=LONGEST_NAME)
    stops = models.JSONField()
    """`[[preset key, seconds], …]`."""
    runs = models.BooleanField(default=False)
    place = models.PositiveIntegerField(default=0)
    """Which stop is next."""
    due = models.DateTimeField(null=True)
    """When it is gone to; empty: at once."""
    failed = models.CharField(max_length=20, blank=True)
    """The problem of the last try; empty: it went."""
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager[Patrol]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["camera"], condition=models.Q(runs=True), name="one_patrol_runs"),
            models.UniqueConstraint(fields=["camera", "name"], name="one_patrol_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
