"""Outages, how far the time was watched; tickets with their steps, and repairs."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from luytre.base.i18n import N_
from luytre.base.ids import new_id
from luytre.civic.chain.models import ChainedModel
from luytre.civic.upkeep.faults import Fault


class Watching(models.Model):
    """How far the time was watched (a single row)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    begun = models.DateTimeField()
    """The first look of all: what was before nobody knows."""
    looked = models.DateTimeField()
    """The last one."""

    objects: ClassVar[models.Manager[Watching]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_watching"),
        ]

    def __str__(self) -> str:
        return f"{self.begun:%Y-%m-%dT%H:%MZ}–{self.looked:%Y-%m-%dT%H:%MZ}"


class Outage(models.Model):
    """A fault of a camera from `start` to `end` (empty: it goes on); of the machine where `camera` is empty."""

    camera = models.CharField(max_length=63, blank=True)
    """The camera's key."""
    fault = models.CharField(max_length=12, choices=Fault.choices)
    start = models.DateTimeField(db_index=True)
    end = models.DateTimeField(null=True, db_index=True)
    how = models.CharField(max_length=8, blank=True)
    """How it ended (`watch.How`)."""
    cause = models.CharField(max_length=40, blank=True)
    """The recorder's code: a problem, a state of its disk."""
    ticket = models.ForeignKey("upkeep.Ticket", null=True, on_delete=models.SET_NULL, related_name="outages")

    objects: ClassVar[models.Manager[Outage]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["start", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(fault__in=Fault.values), name="outage_fault_known"),
            models.CheckConstraint(
                condition=models.Q(end__isnull=True) | models.Q(end__gte=models.F("start")), name="outage_ends"
            ),
            models.UniqueConstraint(fields=["camera", "fault"], condition=models.Q(end__isnull=True), name="one_open_outage"),
        ]

    def __str__(self) -> str:
        return f"{self.camera or '*'} {self.fault} {self.start:%Y-%m-%dT%H:%MZ}"


class TicketState(models.TextChoices):
    OPEN = "open", N_("to be done")
    TAKEN = "taken", N_("being done")
    WAITING = "waiting", N_("waiting for something")
    CLOSED = "closed", N_("done")


class Waits(models.TextChoices):
    """For what a ticket waits."""

    PARTS = "parts", N_("spare parts")
    OWNER = "owner", N_("the camera's owner")
    POWER = "power", N_("the power company")
    NETWORK = "network", N_("the network company")
    MONEY = "money", N_("money")


class Ticket(models.Model):
    """What somebody must do about one or many outages. Where it stands is kept here for lists; its steps are the record."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    fault = models.CharField(max_length=12, choices=Fault.choices)
    camera = models.CharField(max_length=63, blank=True, db_index=True)
    """The camera's key; empty: of a feed, or of the machine."""
    feed = models.ForeignKey("registry.Feed", null=True, on_delete=models.PROTECT, related_name="+")
    opened = models.DateTimeField(db_index=True)
    closed = models.DateTimeField(null=True, db_index=True)
    by_hand = models.BooleanField(default=False)
    """Somebody closed it; else it closed by itself."""
    stays = models.BooleanField(default=False)
    """Somebody opened it again: a person alone closes it."""
    state = models.CharField(max_length=8, choices=TicketState.choices, default=TicketState.OPEN)
    waits = models.CharField(max_length=8, choices=Waits.choices, blank=True)
    unit = models.ForeignKey("access.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    firm = models.ForeignKey("registry.Firm", null=True, on_delete=models.PROTECT, related_name="+")
    taken_by = models.ForeignKey("access.User", null=True, on_delete=models.SET_NULL, related_name="+")

    objects: ClassVar[models.Manager[Ticket]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-opened", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(state__in=TicketState.values), name="ticket_state_known"),
            models.CheckConstraint(
                condition=models.Q(state="closed", closed__isnull=False)
                | (~models.Q(state="closed") & models.Q(closed__isnull=True)),
                name="ticket_closed_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(unit__isnull=True) | models.Q(firm__isnull=True), name="ticket_one_assignee"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.fault} {self.state}"


class StepCode(models.TextChoices):
    """What happened to a ticket."""

    OPENED = "opened", N_("opened by the program")
    JOINED = "joined", N_("another camera belongs to it")
    LEFT = "left", N_("a camera became a ticket of its own")
    ASSIGNED = "assigned", N_("given to")
    TAKEN = "taken", N_("taken")
    WAITING = "waiting", N_("waits for")
    NOTED = "noted", N_("note")
    CLOSED = "closed", N_("closed")
    REOPENED = "reopened", N_("opened again: the fault goes on")


class TicketStep(ChainedModel):
    """One thing that happened to a ticket. Append-only."""

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    """Empty: the program itself."""
    ticket = models.CharField(max_length=20, db_index=True)
    """The ticket's key."""
    code = models.CharField(max_length=10, choices=StepCode.choices)
    camera = models.CharField(max_length=63, blank=True)
    whom = models.CharField(max_length=40, blank=True)
    """To whom it was given: `unit:7`, `firm:k3…`; empty: to nobody."""
    waits = models.CharField(max_length=8, blank=True)
    words = models.CharField(max_length=400, blank=True)
    lasted_s = models.BigIntegerField(null=True)
    """With the closing: from the first outage's start to the last one's end, in seconds."""

    objects: ClassVar[models.Manager[TicketStep]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(code__in=StepCode.values), name="ticket_step_known"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%MZ} {self.ticket} {self.code}"


class Repair(ChainedModel):
    """What was mended and what it cost. Never changed: `corrects` names the row that this one stands in place of."""

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    ticket = models.CharField(max_length=20, db_index=True)
    camera = models.CharField(max_length=63, blank=True, db_index=True)
    day = models.CharField(max_length=10)
    """When it was mended, `2026-11-24`."""
    who = models.CharField(max_length=120)
    """Who mended it."""
    what = models.CharField(max_length=400)
    part = models.CharField(max_length=120, blank=True)
    cost_vnd = models.BigIntegerField()
    warranty_until = models.CharField(max_length=10, blank=True)
    """Of the part, `2027-11-24`."""
    corrects = models.BigIntegerField(null=True)
    """The number of the row that this one replaces."""

    objects: ClassVar[models.Manager[Repair]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(cost_vnd__gte=0), name="repair_costs_nothing_or_more"),
            models.UniqueConstraint(
                fields=["corrects"], condition=models.Q(corrects__isnull=False), name="repair_corrected_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.ticket} {self.cost_vnd}"


class CameraLoad(models.Model):
    """How much of the disk a camera fills, as it was measured last (about once an hour)."""

    camera = models.CharField(max_length=63, unique=True)
    at = models.DateTimeField(db_index=True)
    bytes_a_day = models.BigIntegerField()
    """While it records: its mean of the last whole days."""
    depth_days = models.FloatField()
    """How far back its footage goes."""

    objects: ClassVar[models.Manager[CameraLoad]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.camera} {self.bytes_a_day}"


class LinkHour(models.Model):
    """What a camera's connection did in one hour. Rows older than seven days go (`upkeep.links`)."""

    camera = models.CharField(max_length=63)
    hour = models.DateTimeField(db_index=True)
    looks = models.PositiveIntegerField(default=0)
    """Minutes in which the recorder was asked."""
    well = models.PositiveIntegerField(default=0)
    """Those of them in which pictures came."""
    reconnects = models.PositiveIntegerField(default=0)
    gaps = models.PositiveIntegerField(default=0)
    frames = models.BigIntegerField(default=0)
    packets = models.BigIntegerField(default=0)
    """That came; 0 with pictures: nobody counts them on this camera's way."""
    packets_lost = models.BigIntegerField(default=0)
    jitter_looks = models.PositiveIntegerField(default=0)
    """Minutes in which the jitter was known; the next two are of them."""
    jitter_sum_ms = models.FloatField(default=0.0)
    jitter_most_ms = models.FloatField(default=0.0)
    seen_reconnects = models.BigIntegerField(default=0)
    """The recorder's own counters at the last look: what comes next is counted from there."""
    seen_gaps = models.BigIntegerField(default=0)
    seen_frames = models.BigIntegerField(default=0)
    seen_packets = models.BigIntegerField(default=0)
    seen_lost = models.BigIntegerField(default=0)

    objects: ClassVar[models.Manager[LinkHour]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["camera", "hour"], name="one_link_an_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.camera} {self.hour:%Y-%m-%dT%HZ}"


class NightRate(models.Model):
    """A camera whose data rate is lowered by night (`upkeep.nights`), while somebody wants it."""

    camera = models.OneToOneField("registry.Camera", on_delete=models.CASCADE, related_name="night_rate")
    kbps = models.PositiveIntegerField()
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    ends = models.BooleanField(default=False)
    """Somebody switched it off: the row goes once the day's rate is back."""
    day_kbps = models.PositiveIntegerField(null=True)
    """What the camera had by day, while it is lowered; None: it is not."""
    took_kbps = models.PositiveIntegerField(null=True)
    """What it was lowered to, read back; None: not known."""
    due = models.DateTimeField(null=True)
    """After a failure: not before."""
    failed = models.CharField(max_length=20, blank=True)

    objects: ClassVar[models.Manager[NightRate]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.camera_id} {self.kbps} kbit/s"
