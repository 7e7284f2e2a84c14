"""Requests to owners, the files that came, and the steps of both."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from luytre.base.i18n import N_
from luytre.base.ids import new_id
from luytre.civic.chain.models import ChainedModel

MOST_WHY = 1000
MOST_WORDS = 400


class Answer(models.TextChoices):
    """What the owner said. None of them is worse than another."""

    AGREED = "agreed", N_("agrees and sends it")
    FETCH = "fetch", N_("agrees; please come and fetch it")
    GONE = "gone", N_("it is erased already")
    DECLINED = "declined", N_("would rather not")


class Appeal(models.Model):
    """One request about one listed camera. Where it stands is kept here for lists; its steps are the record."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    incident = models.ForeignKey("incidents.Incident", on_delete=models.PROTECT, related_name="appeals")
    eye = models.ForeignKey("registry.Eye", on_delete=models.PROTECT, related_name="+")
    asked = models.DateTimeField(db_index=True)
    asked_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    why = models.TextField()
    """For the owner; without names of people concerned."""
    answer_by = models.DateTimeField()
    link_digest = models.CharField(max_length=64, blank=True, db_index=True)
    """SHA-256 of the link's secret; empty: no link was made, or it is over for good."""
    link_until = models.DateTimeField(null=True)
    opened = models.DateTimeField(null=True)
    """When the owner pressed to read it."""
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    answered = models.DateTimeField(null=True)
    sealed_words = models.TextField(blank=True)
    """What the owner wrote with it, as when to come."""
    closed = models.DateTimeField(null=True, db_index=True)
    erased = models.DateTimeField(null=True)
    """The owner's words, file names and link are gone since then."""

    objects: ClassVar[models.Manager[Appeal]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-asked", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(answer="", answered=None) | models.Q(answer__in=Answer.values, answered__isnull=False),
                name="appeal_answer_known",
            ),
            models.CheckConstraint(
                condition=models.Q(link_digest="") | models.Q(link_until__isnull=False), name="appeal_link_ends"
            ),
            models.CheckConstraint(
                condition=models.Q(erased=None) | models.Q(sealed_words="", link_digest="", closed__isnull=False),
                name="appeal_erased_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.answer or 'asked'}"


class AppealSpan(models.Model):
    """Footage that is asked for."""

    appeal = models.ForeignKey(Appeal, on_delete=models.CASCADE, related_name="spans")
    start = models.DateTimeField()
    end = models.DateTimeField()

    objects: ClassVar[models.Manager[AppealSpan]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["start"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="appeal_span_has_a_length"),
        ]

    def __str__(self) -> str:
        return f"{self.appeal_id} {self.start:%Y-%m-%dT%H:%MZ}"


class CopyState(models.TextChoices):
    """Where a copy for watching stands."""

    WAITING = "waiting", N_("waits for its turn")
    MAKING = "making", N_("is being made")
    READY = "ready", N_("is ready")
    FAILED = "failed", N_("could not be made")


class AppealFile(models.Model):
    """A file on its way or arrived; on the disk it is called by its SHA-256 (`files`)."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    appeal = models.ForeignKey(Appeal, on_delete=models.CASCADE, related_name="files")
    sealed_name = models.TextField(blank=True)
    """As the owner's machine called it."""
    sha256 = models.CharField(max_length=64)
    """As announced, and from its arrival on as counted here."""
    announced = models.BooleanField(default=True)
    """That the owner's browser counted the hash before sending; without scripts nobody did."""
    size_bytes = models.PositiveBigIntegerField()
    piece_bytes = models.PositiveIntegerField()
    pieces = models.TextField(blank=True)
    """SHA-256 of each piece, one after another in hex; empty once it has arrived."""
    got = models.PositiveIntegerField(default=0)
    """So many pieces, from the first, are on the disk."""
    begun = models.DateTimeField()
    arrived = models.DateTimeField(null=True, db_index=True)
    container = models.CharField(max_length=40, blank=True)
    codec = models.CharField(max_length=20, blank=True)
    width_px = models.PositiveIntegerField(default=0)
    height_px = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0.0)
    """What the child could tell; empty: nothing."""
    plays = models.CharField(max_length=20, blank=True)
    """As which type a browser plays it; empty: it does not."""
    destroyed = models.DateTimeField(null=True)
    copy_state = models.CharField(max_length=8, choices=CopyState.choices, blank=True)
    """Of the copy for watching; empty: nobody asked for one."""
    copy_why = models.CharField(max_length=12, blank=True)
    """Why there is none, by `watching.WHY`."""
    copy_asked = models.DateTimeField(null=True)
    copy_seconds = models.FloatField(default=0.0)
    copy_cut = models.BooleanField(default=False)
    """That the copy ends before the film does."""

    objects: ClassVar[models.Manager[AppealFile]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["appeal", "sha256"], name="appeal_file_once"),
            models.CheckConstraint(
                condition=models.Q(destroyed=None) | models.Q(arrived__isnull=False, sealed_name=""),
                name="appeal_file_destroyed_has_no_name",
            ),
            models.CheckConstraint(
                condition=models.Q(destroyed=None) | models.Q(copy_state=""), name="appeal_file_destroyed_has_no_copy"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appeal_id} {self.sha256[:8]}"

    @property
    def count(self) -> int:
        """Pieces of the whole."""
        return -(-self.size_bytes // self.piece_bytes)

    @property
    def got_bytes(self) -> int:
        return min(self.got * self.piece_bytes, self.size_bytes)


class StepCode(models.TextChoices):
    """What happened to a request or a file of it."""

    ASKED = "asked", N_("the owner is asked")
    LINK = "link", N_("link made")
    OPENED = "opened", N_("opened by the owner")
    AGREED = "agreed", N_("the owner agrees and sends it")
    FETCH = "fetch", N_("the owner agrees; to be fetched")
    GONE = "gone", N_("the owner says that it is erased already")
    DECLINED = "declined", N_("the owner would rather not")
    BEGUN = "begun", N_("sending begun")
    ARRIVED = "arrived", N_("file arrived")
    VIEWED = "viewed", N_("looked at")
    TAKEN = "taken", N_("taken out")
    HANDED = "handed", N_("handed on as evidence")
    RETURNED = "returned", N_("a copy given back to the owner")
    CLOSED = "closed", N_("request ended")
    DESTROYED = "destroyed", N_("file destroyed")
    ERASED = "erased", N_("the owner's words erased")


class AppealStep(ChainedModel):
    """One step of custody. No word, name or telephone of the owner is here; `note` is an officer's."""

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    """Empty: the owner, or the program."""
    appeal = models.CharField(max_length=20, db_index=True)
    """The request's key."""
    code = models.CharField(max_length=10, choices=StepCode.choices)
    sha256 = models.CharField(max_length=64, blank=True)
    """Of the file it is about."""
    size_bytes = models.PositiveBigIntegerField(default=0)
    name_digest = models.CharField(max_length=64, blank=True)
    """Of a file that arrived: SHA-256 of the name it came with, so that a name can be proved after it was erased."""
    purpose = models.CharField(max_length=64, blank=True)
    """The key of the regulation's purpose."""
    reference = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=400, blank=True)

    objects: ClassVar[models.Manager[AppealStep]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(code__in=StepCode.values), name="appeal_step_known"),
            models.CheckConstraint(
                condition=~models.Q(code__in=["arrived", "viewed", "taken", "destroyed"]) | ~models.Q(sha256=""),
                name="appeal_step_names_its_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%MZ} {self.appeal} {self.code}"
