"""Requests for clips, the decisions on them, packages and their custody: all but the package itself are chained tables, so that
what was asked, who agreed and what became of a package stays as it was."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from luytre.base.i18n import N_
from luytre.base.ids import new_id
from luytre.civic.chain.models import ChainedModel
from luytre.civic.numbered import NumberedModel


class What(models.TextChoices):
    """What leaves."""

    CLIP = "", N_("a clip alone")
    FULL = "full", N_("an evidence package with the original, for an authority")
    VIEWING = "viewing", N_("a package with the copy for watching alone, for those who must not have the raw picture")


class ClipRequest(ChainedModel):
    """Somebody wants one span of some cameras to leave the station."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="clip_requests")
    cameras = models.TextField()
    """Keys, with commas; sorted."""
    span_start = models.DateTimeField()
    span_end = models.DateTimeField()
    purpose_key = models.CharField(max_length=64)
    reference = models.CharField(max_length=120, blank=True)
    words = models.CharField(max_length=400, blank=True)
    persons = models.PositiveSmallIntegerField()
    """How many had to agree when it was made."""
    what = models.CharField(max_length=7, choices=What.choices, blank=True)
    made = models.DateTimeField(db_index=True)

    objects: ClassVar[models.Manager[ClipRequest]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(span_end__gt=models.F("span_start")), name="clip_request_has_a_span"),
            models.CheckConstraint(condition=models.Q(persons__gte=1, persons__lte=2), name="clip_request_needs_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.cameras} {self.span_start:%Y-%m-%dT%H:%MZ}"

    @property
    def camera_keys(self) -> tuple[str, ...]:
        return tuple(self.cameras.split(","))


class ClipDecision(ChainedModel):
    """One person's word on a request."""

    request = models.ForeignKey("evidence.ClipRequest", on_delete=models.PROTECT, related_name="decisions")
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    agreed = models.BooleanField()
    words = models.CharField(max_length=400, blank=True)
    made = models.DateTimeField()

    objects: ClassVar[models.Manager[ClipDecision]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "by"], name="one_decision_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {'yes' if self.agreed else 'no'}"


class PackageState(models.TextChoices):
    """Where a package stands with us."""

    WAITING = "waiting", N_("waits for its turn")
    MAKING = "making", N_("is being made")
    READY = "ready", N_("is ready")
    FAILED = "failed", N_("could not be made")
    DESTROYED = "destroyed", N_("destroyed")


class StampState(models.TextChoices):
    """Where the time stamp of a package stands (RFC 3161); empty: the station has no server set."""

    WAITING = "waiting", N_("waits for the time stamp's server")
    STAMPED = "stamped", N_("carries a time stamp")


class Package(NumberedModel):
    """One camera, one span, one file. Where it stands is kept here for lists; its steps are the record."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    kind = models.CharField(max_length=7, choices=What.choices[1:])
    camera = models.CharField(max_length=63, db_index=True)
    """Its key."""
    span_start = models.DateTimeField()
    span_end = models.DateTimeField()
    purpose_key = models.CharField(max_length=64)
    reference = models.CharField(max_length=120, blank=True)
    words = models.CharField(max_length=400, blank=True)
    request = models.ForeignKey(ClipRequest, null=True, on_delete=models.PROTECT, related_name="packages")
    """Under which it leaves; empty: the rules in force wanted nobody's approval."""
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    blur = models.CharField(max_length=20, blank=True)
    """The key of the blur that the copy for watching carries."""
    blur_revision = models.PositiveIntegerField(default=0)
    ordered = models.DateTimeField(db_index=True)
    extract = models.TextField(blank=True)
    """The rows of the logs that it carries with their proof, as JSON (`extracts`); written with the order."""
    state = models.CharField(max_length=9, choices=PackageState.choices, default=PackageState.WAITING)
    why = models.CharField(max_length=300, blank=True)
    """Why it could not be made, a message id."""
    made = models.DateTimeField(null=True)
    size_bytes = models.PositiveBigIntegerField(default=0)
    manifest_sha256 = models.CharField(max_length=64, blank=True)
    stamp = models.CharField(max_length=7, choices=StampState.choices, blank=True)
    stamp_after = models.DateTimeField(null=True)
    """When the server is asked next."""
    stamp_tries = models.PositiveIntegerField(default=0)

    objects: ClassVar[models.Manager[Package]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-ordered", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["year", "number"], name="package_number_once"),
            models.CheckConstraint(condition=models.Q(span_end__gt=models.F("span_start")), name="package_has_a_span"),
            models.CheckConstraint(condition=models.Q(kind__in=[What.FULL, What.VIEWING]), name="package_kind_known"),
            models.CheckConstraint(
                condition=models.Q(made=None, manifest_sha256="") | models.Q(made__isnull=False, size_bytes__gt=0),
                name="package_made_has_a_size",
            ),
        ]

    def __str__(self) -> str:
        return self.sign

    @property
    def sign(self) -> str:
        """Its number as it is written; stays as it is in every language."""
        return f"CC {self.number}/{self.year}"

    @property
    def file_name(self) -> str:
        return f"LT-{self.year}-{self.number:06d}.zip"


class PackageCode(models.TextChoices):
    """What became of a package."""

    ORDERED = "ordered", N_("ordered")
    MADE = "made", N_("made")
    FAILED = "failed", N_("could not be made")
    STAMPED = "stamped", N_("got its time stamp")
    VIEWED = "viewed", N_("looked at")
    TAKEN = "taken", N_("file taken")
    VERIFIED = "verified", N_("verified")
    HANDED = "handed", N_("a copy handed over")
    RETURNED = "returned", N_("returned")
    DESTROYED = "destroyed", N_("destroyed")


class PackageStep(ChainedModel):
    """One step of a package's custody: who, when, what, to whom."""

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    """Empty: the program."""
    package = models.CharField(max_length=20, db_index=True)
    """Its key."""
    sign = models.CharField(max_length=20)
    """Its number."""
    code = models.CharField(max_length=9, choices=PackageCode.choices)
    rows = models.TextField(blank=True)
    """`ordered`: the digests of the rows that the package carries, with commas; their proof hangs on this row."""
    sha256 = models.CharField(max_length=64, blank=True)
    """Of the manifest, which names every file by its hash."""
    size_bytes = models.PositiveBigIntegerField(default=0)
    whom = models.CharField(max_length=200, blank=True)
    """The office it was handed to or came back from, and who of it signed."""
    paper = models.CharField(max_length=60, blank=True)
    """The number of the minutes."""
    note = models.CharField(max_length=400, blank=True)

    objects: ClassVar[models.Manager[PackageStep]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(code__in=PackageCode.values), name="package_step_known"),
        ]

    def __str__(self) -> str:
        return f"{self.sign} {self.code}"


class KeyCode(models.TextChoices):
    """What is done with the key that signs packages."""

    USED = "used", N_("in use from here on")
    ROTATED = "rotated", N_("changed for a new one")
    BACKED_UP = "backed_up", N_("backed up")
    RESTORED = "restored", N_("put back from a backup")


class KeyStep(ChainedModel):
    """One thing done with the station's key."""

    at = models.DateTimeField()
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    """Empty: the program."""
    code = models.CharField(max_length=9, choices=KeyCode.choices)
    fingerprint = models.CharField(max_length=64, db_index=True)
    """Of the certificate: the new one of `rotated`."""
    replaced = models.CharField(max_length=64, blank=True)
    """Of the one that signed until then, where there was one that could be opened."""

    objects: ClassVar[models.Manager[KeyStep]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(code__in=KeyCode.values), name="key_step_known"),
        ]

    def __str__(self) -> str:
        return f"{self.fingerprint[:8]} {self.code}"
