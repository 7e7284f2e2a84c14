"""Tips, their pictures and words, and the steps of what was done. There is no column for who sent one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from luytre.base.i18n import N_
from luytre.base.ids import new_id
from luytre.civic.chain.models import ChainedModel
from luytre.civic.tips.kinds import Kind

MOST_WORDS = 2000
MOST_ANSWER = 1000


class State(models.TextChoices):
    NEW = "new", N_("not read yet")
    READ = "read", N_("being looked at")
    CLOSED = "closed", N_("answered and closed")


class End(models.TextChoices):
    """How a tip ended."""

    DONE = "done", N_("seen to")
    KNOWN = "known", N_("known already")
    ELSEWHERE = "elsewhere", N_("passed on to who is responsible")
    NOTHING = "nothing", N_("nothing was found")
    ABUSE = "abuse", N_("no tip: joke, insult, advertising")


class Tip(models.Model):
    """What somebody told. Moments are whole minutes. Where it stands is kept here for lists; its steps are the record."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    """By which officers know it; no use to anybody without an account."""
    code_digest = models.CharField(max_length=64, unique=True)
    """HMAC of the code (`code.digest_of`)."""
    received = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    happening = models.BooleanField(default=False)
    """It goes on while it is told."""
    happened = models.DateTimeField(null=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    hamlet = models.ForeignKey("registry.Hamlet", null=True, on_delete=models.SET_NULL, related_name="+")
    place = models.CharField(max_length=200, blank=True)
    """In the sender's words."""
    camera = models.CharField(max_length=63, blank=True)
    """The key of the camera whose code was scanned."""
    words = models.TextField(blank=True)
    sealed_phone = models.TextField(blank=True)
    """Empty: anonymous."""
    english = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    closed = models.DateTimeField(null=True, db_index=True)
    end = models.CharField(max_length=10, choices=End.choices, blank=True)
    given = models.ForeignKey("access.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    """Whose people besides commune police read it."""
    helped = models.BooleanField(null=True)
    """What the sender said of the answer."""
    erased = models.DateTimeField(null=True)
    """Words, pictures and number are gone since then."""

    objects: ClassVar[models.Manager[Tip]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-received", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="tip_kind_known"),
            models.CheckConstraint(
                condition=models.Q(state="closed", closed__isnull=False, end__in=End.values)
                | models.Q(state__in=["new", "read"], closed__isnull=True, end=""),
                name="tip_closed_with_an_end",
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="tip_position_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(erased__isnull=True) | models.Q(words="", place="", sealed_phone="", latitude__isnull=True),
                name="tip_erased_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.kind} {self.state}"


class TipPicture(models.Model):
    """A photo of a tip, made anew from its pixels, or a video, made anew from its packets; its file is called by its SHA-256."""

    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="pictures")
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()
    width_px = models.PositiveIntegerField()
    height_px = models.PositiveIntegerField()
    seconds = models.PositiveIntegerField(null=True)
    """Of a video; empty: a photo."""
    sought = models.DateTimeField(null=True)
    """When faces were looked for (`copies.seek`)."""
    found = models.PositiveSmallIntegerField(null=True)
    """How many the finder told; empty after `sought`: it failed."""
    boxes = models.TextField(blank=True)
    """What is blurred in the copy (`faces.boxes_text`)."""
    blurred = models.CharField(max_length=64, blank=True)
    """The SHA-256 of the copy with faces blurred, by which its file is called."""
    checked = models.DateTimeField(null=True)
    """An officer has looked at the copy: since then others may see it."""
    checked_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager[TipPicture]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["tip", "sha256"], name="tip_picture_once"),
            models.CheckConstraint(
                condition=models.Q(checked__isnull=True, checked_by__isnull=True)
                | (models.Q(checked__isnull=False, checked_by__isnull=False, seconds__isnull=True) & ~models.Q(blurred="")),
                name="tip_picture_checked_is_a_copy",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tip_id} {self.sha256[:8]}"


class TipMessage(models.Model):
    """Words that the sender added later, or that an officer wrote to the sender."""

    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="messages")
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    """Empty: the sender."""
    at = models.DateTimeField()
    words = models.TextField()

    objects: ClassVar[models.Manager[TipMessage]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return f"{self.tip_id} {self.at:%Y-%m-%dT%H:%MZ}"


class TipRelease(models.Model):
    """What the public reads of a tip. The row is there while it is released; it goes with its tip's words."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    tip = models.OneToOneField(Tip, on_delete=models.CASCADE, related_name="release")
    words = models.TextField()
    """An officer's, never the sender's."""
    pictures = models.BooleanField(default=False)
    """Whether copies of photos that were looked at are shown too."""
    at = models.DateTimeField()
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager[TipRelease]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.tip_id} {self.at:%Y-%m-%d}"


class StepCode(models.TextChoices):
    """What happened to a tip."""

    RECEIVED = "received", N_("came in")
    READ = "read", N_("read")
    GIVEN = "given", N_("given to")
    WROTE = "wrote", N_("wrote to the sender")
    ADDED = "added", N_("the sender added something")
    NUMBER = "number", N_("looked at the telephone number")
    CLOSED = "closed", N_("closed")
    REOPENED = "reopened", N_("opened again")
    RATED = "rated", N_("the sender said whether it helped")
    CHECKED = "checked", N_("photo looked at, faces blurred (photo · areas)")
    WITHHELD = "withheld", N_("photo shown to others no more")
    RELEASED = "released", N_("what came of it was published")
    RETRACTED = "retracted", N_("taken back from the public page")
    ERASED = "erased", N_("words, pictures and number erased")


class TipStep(ChainedModel):
    """One step. No word of the sender is here, so that a tip can be erased; `note` is an officer's."""

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    """Empty: the sender, or the program."""
    tip = models.CharField(max_length=20, db_index=True)
    """The tip's key."""
    code = models.CharField(max_length=10, choices=StepCode.choices)
    unit = models.CharField(max_length=40, blank=True)
    """The unit's place or number it was given to."""
    end = models.CharField(max_length=10, choices=End.choices, blank=True)
    note = models.CharField(max_length=400, blank=True)

    objects: ClassVar[models.Manager[TipStep]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(code__in=StepCode.values), name="tip_step_known"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%MZ} {self.tip} {self.code}"
