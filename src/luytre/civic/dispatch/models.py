"""Subscribers, messages, deliveries, the steps of a message, and staff's devices."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from luytre.base.i18n import LANGUAGES, N_
from luytre.base.ids import new_id
from luytre.civic.chain.models import ChainedModel
from luytre.civic.dispatch.channels import CHANNEL_WORDS, ChannelName, Why

MOST_TITLE = 80
MOST_WORDS = 600
MOST_WHY = 200
CHANNELS = [(name.value, words) for name, words in CHANNEL_WORDS.items()]
_CHANNELS = [name.value for name in ChannelName]


class Topic(models.TextChoices):
    """What a message can be about, in the order in which pages offer it."""

    CRIME = "crime", N_("crime: tricks, thefts, what to look out for")
    TRAFFIC = "traffic", N_("traffic: closed roads, accidents")
    DISASTER = "disaster", N_("fire, storm, flood")
    WANTED = "wanted", N_("people or things looked for")
    MEETING = "meeting", N_("meetings, papers, notices")


class Subscriber(models.Model):
    """Somebody who wishes to be told. The address is sealed; erased at once when it ends."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    channel = models.CharField(max_length=6, choices=CHANNELS)
    sealed_address = models.TextField()
    address_digest = models.CharField(max_length=64)
    """HMAC of channel and address: for "once only"."""
    topics = models.CharField(max_length=80)
    """`Topic` values with commas between and around, so that one is found by `,crime,`."""
    everywhere = models.BooleanField(default=False)
    hamlets = models.ManyToManyField("registry.Hamlet", related_name="+")
    language = models.CharField(max_length=2, default="vi")
    asked = models.DateTimeField()
    confirmed = models.BooleanField(default=False)

    objects: ClassVar[models.Manager[Subscriber]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["channel", "address_digest"], name="subscriber_once"),
            models.CheckConstraint(condition=models.Q(channel__in=_CHANNELS), name="subscriber_channel_known"),
            models.CheckConstraint(condition=models.Q(language__in=LANGUAGES), name="subscriber_language_known"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.channel}"


class State(models.TextChoices):
    """In the order in which a message goes through them."""

    WRITTEN = "written", N_("waits for approval")
    SENDING = "sending", N_("is being sent")
    SENT = "sent", N_("sent")
    REFUSED = "refused", N_("not approved")
    STOPPED = "stopped", N_("stopped")


OVER = (State.SENT, State.REFUSED, State.STOPPED)


class Message(models.Model):
    """Words to residents. Where it stands is kept here for lists; its steps are the record."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    title = models.CharField(max_length=MOST_TITLE)
    words = models.TextField()
    title_en = models.CharField(max_length=MOST_TITLE, blank=True)
    words_en = models.TextField(blank=True)
    topic = models.CharField(max_length=10, choices=Topic.choices)
    everywhere = models.BooleanField(default=False)
    hamlets = models.ManyToManyField("registry.Hamlet", related_name="+")
    urgent = models.BooleanField(default=False)
    why_urgent = models.CharField(max_length=MOST_WHY, blank=True)
    until = models.DateTimeField()
    """Not sent after it."""
    revision = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WRITTEN)
    written = models.DateTimeField(db_index=True)
    written_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager[Message]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-written", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(topic__in=Topic.values), name="message_topic_known"),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="message_state_known"),
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("written_by")), name="message_by_two"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["written", "refused"]) | models.Q(approved_by__isnull=False),
                name="message_sent_was_approved",
            ),
            models.CheckConstraint(condition=models.Q(urgent=False) | ~models.Q(why_urgent=""), name="message_urgent_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.state}"


class StepCode(models.TextChoices):
    """What happened to a message."""

    WRITTEN = "written", N_("written")
    CHANGED = "changed", N_("changed")
    APPROVED = "approved", N_("approved")
    REFUSED = "refused", N_("not approved")
    SENT = "sent", N_("went out")
    STOPPED = "stopped", N_("stopped")


class DispatchStep(ChainedModel):
    """One step. `text` is the message at that moment (`desk.text_of`); no address and nobody who got it is here."""

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    """Empty: the program."""
    message = models.CharField(max_length=20, db_index=True)
    """The message's key."""
    code = models.CharField(max_length=8, choices=StepCode.choices)
    revision = models.PositiveIntegerField(default=0)
    text = models.TextField(blank=True)
    note = models.CharField(max_length=400, blank=True)
    sent = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    """How many of it arrived, and how many did not or nobody knows; of `went out` and `stopped`."""

    objects: ClassVar[models.Manager[DispatchStep]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(code__in=StepCode.values), name="dispatch_step_known"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%MZ} {self.message} {self.code}"


class DeliveryState(models.TextChoices):
    WAITING = "waiting", N_("waits")
    CLAIMED = "claimed", N_("is being sent")
    SENT = "sent", N_("sent")
    GONE = "gone", N_("address gone")
    FAILED = "failed", N_("failed")
    UNKNOWN = "unknown", N_("not known whether it arrived")
    DROPPED = "dropped", N_("not sent: stopped or too late")


class Delivery(models.Model):
    """A message for one subscriber. Whose it was is forgotten with the subscriber; hamlet and channel stay for the counts."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    subscriber = models.ForeignKey(Subscriber, null=True, on_delete=models.SET_NULL, related_name="+")
    hamlet = models.ForeignKey("registry.Hamlet", null=True, on_delete=models.SET_NULL, related_name="+")
    """Of the message's hamlets one that was wished for; empty: the whole commune."""
    channel = models.CharField(max_length=6, choices=CHANNELS)
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    due = models.DateTimeField(db_index=True)
    """When it is tried next, while it waits."""
    why = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Why], blank=True)

    objects: ClassVar[models.Manager[Delivery]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["message", "subscriber"], name="delivery_once"),
            models.CheckConstraint(condition=models.Q(state__in=DeliveryState.values), name="delivery_state_known"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "channel", "due"], name="delivery_next")]

    def __str__(self) -> str:
        return f"{self.message_id} {self.channel} {self.state}"


class Device(models.Model):
    """A browser of somebody on the staff that rings. The endpoint with its keys is sealed."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    user = models.ForeignKey("access.User", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    sealed_address = models.TextField()
    address_digest = models.CharField(max_length=64, unique=True)
    session_digest = models.CharField(max_length=64, db_index=True)
    """HMAC of the session that added it: logged out, it is removed."""
    added = models.DateTimeField()
    morning = models.BooleanField(default=False)
    """The morning's summary comes here too."""
    morning_day = models.DateField(null=True)
    """The day whose summary was sent last."""

    objects: ClassVar[models.Manager[Device]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.name}"


class Ring(models.Model):
    """How often a device rang for something that still calls."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="rings")
    what = models.CharField(max_length=40)
    times = models.PositiveSmallIntegerField(default=0)
    last = models.DateTimeField()

    objects: ClassVar[models.Manager[Ring]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["device", "what"], name="ring_once"),
        ]

    def __str__(self) -> str:
        return f"{self.device_id} {self.what} {self.times}"
