"""Campaigns with their hamlets, needs, what telephones sent, and photos."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from luytre.base.i18n import N_
from luytre.base.ids import new_id
from luytre.civic.registry.register import Thing


class Campaign(models.Model):
    """A round of the survey: these days, these hamlets, these people. Days are the commune's, both counted."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    name = models.CharField(max_length=120)
    first_day = models.DateField()
    last_day = models.DateField()
    surveyors = models.ManyToManyField("access.User", blank=True, related_name="campaigns")
    """Who is named in it fills in its hamlets, beside the place of his assignment."""
    closed = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager[Campaign]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-first_day", "name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(last_day__gte=models.F("first_day")), name="campaign_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return self.name


class CampaignHamlet(models.Model):
    """A hamlet of a campaign, and how many eyes and needs are to be filled in there."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="places")
    hamlet = models.ForeignKey("registry.Hamlet", on_delete=models.CASCADE, related_name="+")
    target = models.PositiveIntegerField(default=0)
    """0: no number was set."""

    objects: ClassVar[models.Manager[CampaignHamlet]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["campaign", "hamlet"], name="hamlet_once_in_a_campaign"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.hamlet_id}"


class Reason(models.TextChoices):
    """Why an eye is missing here."""

    THEFT = "theft", N_("theft")
    ACCIDENT = "accident", N_("traffic accidents")
    DISORDER = "disorder", N_("disorder")
    SCHOOL_GATE = "school_gate", N_("school gate")
    DARK = "dark", N_("dark, deserted stretch")
    OTHER = "other", N_("another reason")


class Urgency(models.IntegerChoices):
    LOW = 1, N_("can wait")
    MIDDLE = 2, N_("this year")
    HIGH = 3, N_("at once")


class NeedState(models.TextChoices):
    OPEN = "open", N_("not planned yet")
    PLANNED = "planned", N_("in a plan")
    MET = "met", N_("met")
    DECLINED = "declined", N_("declined")


class Need(models.Model):
    """A spot where somebody says that an eye is missing. No person's name or number belongs in it."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    name = models.CharField(max_length=120)
    hamlet = models.ForeignKey("registry.Hamlet", null=True, blank=True, on_delete=models.SET_NULL, related_name="needs")
    latitude = models.DecimalField(max_digits=8, decimal_places=6)
    longitude = models.DecimalField(max_digits=9, decimal_places=6)
    to_see = models.CharField(max_length=400, blank=True)
    """What should be in view."""
    reason = models.CharField(max_length=20, choices=Reason.choices)
    words = models.CharField(max_length=400, blank=True)
    urgency = models.PositiveSmallIntegerField(choices=Urgency.choices, default=Urgency.MIDDLE)
    state = models.CharField(max_length=10, choices=NeedState.choices, default=NeedState.OPEN, db_index=True)
    state_words = models.CharField(max_length=400, blank=True)
    """Why it is in this state; a declined need has some."""
    campaign = models.ForeignKey(Campaign, null=True, blank=True, on_delete=models.SET_NULL, related_name="needs")
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    """Grows by one with each change, as an eye's."""
    changed = models.DateTimeField(auto_now=True)

    objects: ClassVar[models.Manager[Need]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-urgency", "name", "key"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(reason__in=Reason.values), name="need_reason_known"),
            models.CheckConstraint(condition=models.Q(urgency__in=Urgency.values), name="need_urgency_known"),
            models.CheckConstraint(condition=models.Q(state__in=NeedState.values), name="need_state_known"),
            models.CheckConstraint(
                condition=models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)), name="need_is_on_the_earth"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EntryKind(models.TextChoices):
    EYE = "eye", N_("camera")
    NEED = "need", N_("spot that needs one")
    NOTHING_HERE = "nothing_here", N_("nothing here")


class EntryState(models.TextChoices):
    APPLIED = "applied", N_("taken over")
    CONFLICT = "conflict", N_("two versions")
    DISCARDED = "discarded", N_("set aside")
    REFUSED = "refused", N_("not taken over")


class Entry(models.Model):
    """What a telephone sent, once. `number` is the telephone's own, so that what is sent twice is one entry."""

    number = models.UUIDField(unique=True)
    kind = models.CharField(max_length=20, choices=EntryKind.choices)
    campaign = models.ForeignKey(Campaign, null=True, blank=True, on_delete=models.SET_NULL, related_name="entries")
    hamlet = models.ForeignKey("registry.Hamlet", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    """By the telephone's clock, which may be wrong."""
    received_at = models.DateTimeField(db_index=True)
    target = models.CharField(max_length=20, blank=True, db_index=True)
    """The key of the eye or need that it changed or made."""
    place = models.CharField(max_length=20, blank=True, db_index=True)
    """The key of the place to watch that was visited for it."""
    base = models.PositiveIntegerField(null=True, blank=True)
    """The revision that the telephone had before it; empty: something new."""
    name = models.CharField(max_length=120, blank=True)
    payload = models.JSONField(default=dict)
    """`fields`, and `before` as the telephone knew them. Private fields leave it as soon as they are decided."""
    digest = models.CharField(max_length=64, blank=True)
    """SHA-256 of what was filled in: the same number with something else in it is no repetition."""
    photos = models.JSONField(default=list)
    """`[[SHA-256, kind], …]` that were announced."""
    state = models.CharField(max_length=10, choices=EntryState.choices, db_index=True)
    fault = models.CharField(max_length=400, blank=True)
    decided_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Entry]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-received_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(kind__in=EntryKind.values), name="entry_is_of_a_kind"),
            models.CheckConstraint(condition=models.Q(state__in=EntryState.values), name="entry_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind} {self.state}"


class PhotoKind(models.TextChoices):
    VIEW = "view", N_("what it sees")
    DEVICE = "device", N_("the device")
    SURROUNDINGS = "surroundings", N_("the surroundings")
    LABEL = "label", N_("its label")


class Photo(models.Model):
    """A picture of what was surveyed, made anew from its pixels alone: nothing of the telephone's is in the file."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    entry = models.ForeignKey(Entry, null=True, on_delete=models.SET_NULL, related_name="kept_photos")
    thing = models.CharField(max_length=20, choices=Thing.choices)
    thing_key = models.CharField(max_length=63, db_index=True, blank=True)
    """Empty: of an entry that is not taken over yet, or that found nothing."""
    kind = models.CharField(max_length=20, choices=PhotoKind.choices, default=PhotoKind.VIEW)
    sent_sha256 = models.CharField(max_length=64)
    """Of what the telephone sent."""
    sha256 = models.CharField(max_length=64, db_index=True)
    """Of the file that is kept, which is called so."""
    size_bytes = models.PositiveIntegerField()
    width_px = models.PositiveIntegerField()
    height_px = models.PositiveIntegerField()
    taken_day = models.DateField(null=True)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects: ClassVar[models.Manager[Photo]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["entry", "sent_sha256"], name="photo_once_an_entry"),
            models.CheckConstraint(condition=models.Q(kind__in=PhotoKind.values), name="photo_kind_known"),
            models.CheckConstraint(condition=models.Q(thing__in=Thing.values), name="photo_of_a_thing"),
        ]

    def __str__(self) -> str:
        return f"{self.thing} {self.thing_key} {self.kind}"
