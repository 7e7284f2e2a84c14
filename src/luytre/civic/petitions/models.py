"""Petitions, words to and fro, and the steps of what was done."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from luytre.base.i18n import N_
from luytre.base.ids import new_id
from luytre.civic.chain.models import ChainedModel
from luytre.civic.numbered import NumberedModel
from luytre.civic.petitions.kinds import About, Decision, End, Refusal, Source, State

MOST_WORDS = 2000
MOST_REASON = 1000
MOST_NAME = 80


class Petition(NumberedModel):
    """A wish to see footage. Where it stands is kept here for lists and clocks; its steps are the record."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    """By which officers know it; no use to anybody without an account."""
    code_digest = models.CharField(max_length=64, unique=True, null=True)
    """Of the code of who asked; empty: another authority has none."""
    source = models.CharField(max_length=10, choices=Source.choices)
    about = models.CharField(max_length=10, choices=About.choices)
    received = models.DateTimeField(db_index=True)
    received_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    """Who entered an authority's letter; empty: the resident sent it."""
    hamlet = models.ForeignKey("registry.Hamlet", null=True, on_delete=models.SET_NULL, related_name="+")
    place = models.CharField(max_length=200, blank=True)
    camera = models.CharField(max_length=63, blank=True)
    """The key of the camera whose code was scanned."""
    cameras = models.TextField(blank=True)
    """Keys with commas, sorted: those that officers found to be concerned."""
    start = models.DateTimeField(null=True)
    end = models.DateTimeField(null=True)
    words = models.TextField(blank=True)
    sealed_name = models.TextField(blank=True)
    sealed_phone = models.TextField(blank=True)
    case = models.CharField(max_length=40, blank=True)
    """The number under which police know of it, where the sender has one."""
    english = models.BooleanField(default=False)
    authority = models.CharField(max_length=160, blank=True)
    letter = models.CharField(max_length=160, blank=True)
    """What its letter is called."""
    letter_number = models.CharField(max_length=60, blank=True)
    letter_day = models.DateField(null=True)
    scan_sha256 = models.CharField(max_length=64, blank=True)
    scan_kind = models.CharField(max_length=4, blank=True)
    """`pdf`, `jpg`, `png` or `webp`."""
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    reply_due = models.DateTimeField()
    access_due = models.DateTimeField()
    replied = models.DateTimeField(null=True)
    due = models.DateTimeField(null=True, db_index=True)
    """The clock that runs; empty: it is over."""
    hold = models.CharField(max_length=20, blank=True)
    clip = models.CharField(max_length=20, blank=True)
    """The request for a clip (`civic.evidence`) that was made of it."""
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True)
    refusal = models.CharField(max_length=10, choices=Refusal.choices, blank=True)
    reason = models.TextField(blank=True)
    """Why, for who asked."""
    meet_at = models.DateTimeField(null=True)
    meet_place = models.CharField(max_length=200, blank=True)
    decided = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    seen = models.TextField(blank=True)
    """What could be seen, without names."""
    closed = models.DateTimeField(null=True, db_index=True)
    finish = models.CharField(max_length=10, choices=End.choices, blank=True)
    erased = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Petition]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-received", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["year", "number"], name="petition_number_once"),
            models.CheckConstraint(
                condition=models.Q(source="resident", code_digest__isnull=False, received_by=None)
                | models.Q(source="authority", code_digest=None, received_by__isnull=False),
                name="petition_has_a_sender",
            ),
            models.CheckConstraint(
                condition=~models.Q(source="resident", decision=Decision.RAW), name="petition_no_raw_copy_to_a_resident"
            ),
            models.CheckConstraint(
                condition=models.Q(state="closed", closed__isnull=False, due=None, finish__in=End.values)
                | models.Q(state__in=["new", "read", "decided"], closed=None, due__isnull=False, finish=""),
                name="petition_closed_with_an_end",
            ),
            models.CheckConstraint(
                condition=models.Q(decision="", decided=None)
                | models.Q(decision__in=Decision.values, decided__isnull=False, decided_by__isnull=False),
                name="petition_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(erased=None)
                | models.Q(words="", place="", sealed_name="", sealed_phone="", reason="", seen="", scan_sha256=""),
                name="petition_erased_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sign} {self.state}"

    @property
    def sign(self) -> str:
        """`Đ 12/2026`."""
        return f"Đ {self.number}/{self.year}"

    @property
    def camera_keys(self) -> list[str]:
        return self.cameras.split(",") if self.cameras else []


class PetitionMessage(models.Model):
    """Words that an officer wrote to who asked."""

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="messages")
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = models.TextField()

    objects: ClassVar[models.Manager[PetitionMessage]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.at:%Y-%m-%dT%H:%MZ}"


class StepCode(models.TextChoices):
    """What happened to a petition."""

    RECEIVED = "received", N_("request came in")
    READ = "read", N_("read")
    NUMBER = "number", N_("looked at name and telephone number")
    NOTED = "noted", N_("noted")
    CAMERAS = "cameras", N_("cameras named")
    HELD = "held", N_("footage put on hold")
    WROTE = "wrote", N_("wrote to the sender")
    CLIP = "clip", N_("asked for a clip")
    DECIDED = "decided", N_("decided")
    SHOWN = "shown", N_("shown")
    CLOSED = "closed", N_("closed")
    WITHDRAWN = "withdrawn", N_("withdrawn by the sender")
    PRINTED = "printed", N_("letter printed")
    ERASED = "erased", N_("words, name, number and scan erased")


class PetitionStep(ChainedModel):
    """One step. No word of who asked is here; `note` is an officer's, without names."""

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    """Empty: who asked, or the program."""
    petition = models.CharField(max_length=20, db_index=True)
    """The petition's key."""
    code = models.CharField(max_length=10, choices=StepCode.choices)
    thing = models.CharField(max_length=40, blank=True)
    """What was decided, how it ended, or the key of the hold or of the request for a clip."""
    refusal = models.CharField(max_length=10, choices=Refusal.choices, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    """Of the scan that came with it."""
    cameras = models.TextField(blank=True)
    start = models.DateTimeField(null=True)
    end = models.DateTimeField(null=True)
    note = models.CharField(max_length=400, blank=True)

    objects: ClassVar[models.Manager[PetitionStep]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(code__in=StepCode.values), name="petition_step_known"),
            models.CheckConstraint(
                condition=~models.Q(code="shown") | (~models.Q(cameras="") & models.Q(by__isnull=False, start__isnull=False)),
                name="petition_shown_says_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%MZ} {self.petition} {self.code}"
