"""Bulletins, where somebody saw what is looked for, and the steps of what was done. No column is for anybody's name or number."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models

from luytre.base.i18n import N_
from luytre.base.ids import new_id
from luytre.civic.chain.models import ChainedModel
from luytre.civic.numbered import NumberedModel

MOST_TITLE = 120
MOST_WORDS = 1000
MOST_LOOK = 160
MOST_PLACE = 200
MOST_SEEN = 400


class Kind(models.TextChoices):
    """What is looked for. A missing person is described in words alone: no picture, and nobody is ever matched."""

    MOTORBIKE = "motorbike", N_("motorbike")
    CAR = "car", N_("car, lorry")
    BICYCLE = "bicycle", N_("bicycle, electric bicycle")
    BOAT = "boat", N_("boat")
    ANIMAL = "animal", N_("animal")
    THING = "thing", N_("thing")
    MISSING = "missing", N_("missing person, in words alone")
    OTHER = "other", N_("something else")


WITHOUT_PICTURE = frozenset[str]({Kind.MISSING})
"""Of these no picture is taken: it would be one of a face."""


class End(models.TextChoices):
    """Why it is not in force any more before its day."""

    FOUND = "found", N_("found")
    ENDED = "ended", N_("no longer looked for")
    WITHDRAWN = "withdrawn", N_("withdrawn by the head")


class Bulletin(NumberedModel):
    """One bulletin. Whether it is in force is read from `until`, `closed` and the moment; no job ends it."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    """Within its year, from 1, without a hole."""
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=MOST_TITLE)
    words = models.TextField(blank=True)
    plate = models.CharField(max_length=20, blank=True)
    """As it was written."""
    plate_plain = models.CharField(max_length=20, blank=True, db_index=True)
    """`plates.plain_plate` of it: what is searched."""
    look = models.CharField(max_length=MOST_LOOK, blank=True)
    """Colour and make."""
    since = models.DateTimeField(null=True)
    """When it was taken, lost, or last seen."""
    place = models.CharField(max_length=MOST_PLACE, blank=True)
    """Where that was."""
    incident = models.ForeignKey("incidents.Incident", null=True, on_delete=models.SET_NULL, related_name="+")
    everywhere = models.BooleanField(default=True)
    """For the whole commune; else for the hamlets of `BulletinHamlet`."""
    issued = models.DateTimeField(db_index=True)
    issued_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField(db_index=True)
    """In force before this moment: the end of its last day."""
    closed = models.DateTimeField(null=True)
    end = models.CharField(max_length=10, choices=End.choices, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    """Of its picture's file; empty: it has none."""
    width_px = models.PositiveIntegerField(default=0)
    height_px = models.PositiveIntegerField(default=0)
    erased = models.DateTimeField(null=True)
    """What describes it, its picture and the words of sightings are gone since then."""

    objects: ClassVar[models.Manager[Bulletin]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-issued", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["year", "number"], name="bulletin_numbered_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="bulletins_count_from_one"),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="bulletin_kind_known"),
            models.CheckConstraint(condition=models.Q(until__gt=models.F("issued")), name="bulletin_ends_later"),
            models.CheckConstraint(
                condition=models.Q(closed=None, end="") | models.Q(closed__isnull=False, end__in=End.values),
                name="bulletin_closed_with_an_end",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=sorted(WITHOUT_PICTURE)) | models.Q(sha256=""),
                name="bulletin_no_picture_of_a_person",
            ),
            models.CheckConstraint(
                condition=models.Q(erased=None)
                | models.Q(title="", words="", plate="", plate_plain="", look="", place="", sha256=""),
                name="bulletin_erased_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return self.sign

    @property
    def sign(self) -> str:
        """Its number as people say it."""
        return f"{self.number}/{self.year}"

    def in_force(self, at: datetime) -> bool:
        return self.closed is None and at < self.until


class BulletinHamlet(models.Model):
    """A hamlet whose people read a bulletin that is not for the whole commune."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.CASCADE, related_name="hamlets")
    hamlet = models.ForeignKey("registry.Hamlet", on_delete=models.CASCADE, related_name="+")

    objects: ClassVar[models.Manager[BulletinHamlet]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["bulletin", "hamlet"], name="bulletin_hamlet_once"),
        ]

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.hamlet_id}"


class Sighting(models.Model):
    """Somebody on duty or of a hamlet saw it, or thinks so."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    bulletin = models.ForeignKey(Bulletin, on_delete=models.CASCADE, related_name="sightings")
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    told = models.DateTimeField()
    seen = models.DateTimeField()
    """The whole minute in which it was seen."""
    hamlet = models.ForeignKey("registry.Hamlet", null=True, on_delete=models.SET_NULL, related_name="+")
    place = models.CharField(max_length=MOST_PLACE, blank=True)
    camera = models.CharField(max_length=63, blank=True)
    """The key of the camera on which it was seen."""
    words = models.CharField(max_length=MOST_SEEN, blank=True)
    read = models.DateTimeField(null=True)
    """When an officer opened the bulletin after it."""

    objects: ClassVar[models.Manager[Sighting]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-seen", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["bulletin", "by", "seen", "place", "camera"], name="bulletin_seen_once"),
        ]

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.seen:%Y-%m-%dT%H:%MZ}"


class StepCode(models.TextChoices):
    """What happened to a bulletin."""

    ISSUED = "issued", N_("issued")
    SEEN = "seen", N_("told that it was seen")
    READ = "read", N_("read where it was seen")
    PROLONGED = "prolonged", N_("prolonged")
    CLOSED = "closed", N_("closed")
    ERASED = "erased", N_("description, picture and words erased")


class BulletinStep(ChainedModel):
    """One step. What describes the thing is not here, so that it can be erased; `note` is an officer's reason."""

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    """Empty: the program."""
    bulletin = models.CharField(max_length=20, db_index=True)
    """The bulletin's key."""
    code = models.CharField(max_length=10, choices=StepCode.choices)
    until = models.DateTimeField(null=True)
    """Of issuing and prolonging: when it ends."""
    end = models.CharField(max_length=10, choices=End.choices, blank=True)
    sighting = models.CharField(max_length=20, blank=True)
    """The sighting's key."""
    sha256 = models.CharField(max_length=64, blank=True)
    """Of the picture that it was issued with."""
    note = models.CharField(max_length=400, blank=True)

    objects: ClassVar[models.Manager[BulletinStep]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(code__in=StepCode.values), name="bulletin_step_known"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%MZ} {self.bulletin} {self.code}"
