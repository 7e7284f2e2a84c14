"""Claims, words to who asked, breaches, and the chained steps of both."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from luytre.base.i18n import N_
from luytre.base.ids import new_id
from luytre.civic.chain.models import ChainedModel
from luytre.civic.numbered import NumberedModel
from luytre.civic.rights.kinds import Decision, End, Ground, Right, State, Subject, Told, Verdict

MOST_WORDS = 2000
MOST_REASON = 1000
MOST_NAME = 80


class Claim(NumberedModel):
    """What somebody asks about data on them. Where it stands is kept here for lists and clocks; its steps are the record."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    """By which officers know it; no use to anybody without an account."""
    code_digest = models.CharField(max_length=64, unique=True)
    right = models.CharField(max_length=10, choices=Right.choices)
    subject = models.CharField(max_length=10, choices=Subject.choices)
    thing = models.CharField(max_length=63, blank=True)
    """The key of the tip, the petition, the camera, or what was pointed out (`things`) that it is about."""
    received = models.DateTimeField(db_index=True)
    received_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    """Who entered it at the desk; empty: it was sent."""
    place = models.CharField(max_length=200, blank=True)
    start = models.DateTimeField(null=True)
    end = models.DateTimeField(null=True)
    words = models.TextField(blank=True)
    sealed_name = models.TextField(blank=True)
    sealed_phone = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    reply_due = models.DateTimeField()
    act_due = models.DateTimeField()
    replied = models.DateTimeField(null=True)
    due = models.DateTimeField(null=True, db_index=True)
    """The clock that runs; empty: it is over."""
    extended = models.DateTimeField(null=True)
    extension = models.TextField(blank=True)
    """Why it takes longer, for who asked."""
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True)
    ground = models.CharField(max_length=10, choices=Ground.choices, blank=True)
    reason = models.TextField(blank=True)
    """Why, for who asked."""
    meet_at = models.DateTimeField(null=True)
    meet_place = models.CharField(max_length=200, blank=True)
    decided = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    closed = models.DateTimeField(null=True, db_index=True)
    finish = models.CharField(max_length=10, choices=End.choices, blank=True)
    lifted = models.DateTimeField(null=True)
    """When a restriction that was carried out ended."""
    erased = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Claim]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-received", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["year", "number"], name="claim_number_once"),
            models.CheckConstraint(condition=models.Q(right__in=Right.values, subject__in=Subject.values), name="claim_known"),
            models.CheckConstraint(
                condition=~models.Q(right=Right.ACCESS, subject=Subject.CAMERA, decision=Decision.GRANTED),
                name="claim_footage_is_shown_not_handed",
            ),
            models.CheckConstraint(
                condition=models.Q(state="closed", closed__isnull=False, due=None, finish__in=End.values)
                | models.Q(state__in=["new", "read", "decided"], closed=None, due__isnull=False, finish=""),
                name="claim_closed_with_an_end",
            ),
            models.CheckConstraint(
                condition=models.Q(decision="", decided=None)
                | models.Q(decision__in=Decision.values, decided__isnull=False, decided_by__isnull=False),
                name="claim_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(decision=Decision.REFUSED) | models.Q(ground__in=Ground.values),
                name="claim_refused_on_a_ground",
            ),
            models.CheckConstraint(
                condition=models.Q(erased=None)
                | models.Q(words="", place="", sealed_name="", sealed_phone="", reason="", extension="", meet_place=""),
                name="claim_erased_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sign} {self.state}"

    @property
    def sign(self) -> str:
        """`Q 3/2026`."""
        return f"Q {self.number}/{self.year}"

    @property
    def restricts(self) -> bool:
        """A restriction by it is in force."""
        return self.right == Right.RESTRICT and self.finish == End.DONE and self.lifted is None


class ClaimMessage(models.Model):
    """Words that an officer wrote to who asked."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="messages")
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = models.TextField()

    objects: ClassVar[models.Manager[ClaimMessage]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.at:%Y-%m-%dT%H:%MZ}"


class ClaimCode(models.TextChoices):
    """What happened to a claim."""

    RECEIVED = "received", N_("claim came in")
    READ = "read", N_("read")
    NUMBER = "number", N_("looked at name and telephone number")
    NOTED = "noted", N_("noted")
    WROTE = "wrote", N_("wrote to the person who asked")
    EXTENDED = "extended", N_("term extended")
    DECIDED = "decided", N_("decided")
    CARRIED = "carried", N_("carried out, and over")
    WITHDRAWN = "withdrawn", N_("withdrawn by the person who asked")
    LIFTED = "lifted", N_("restriction lifted")
    PRINTED = "printed", N_("letter printed")
    ERASED = "erased", N_("words, name and number erased")


class ClaimStep(ChainedModel):
    """One step. No word of who asked is here; `note` is an officer's, without names."""

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    """Empty: who asked, or the program."""
    claim = models.CharField(max_length=20, db_index=True)
    """The claim's key."""
    code = models.CharField(max_length=10, choices=ClaimCode.choices)
    thing = models.CharField(max_length=40, blank=True)
    """The right that was asked for, what was decided, how it ended, which paper was printed, or `desk.POINTED_OUT`."""
    ground = models.CharField(max_length=10, choices=Ground.choices, blank=True)
    until = models.DateTimeField(null=True)
    """Of an extension: its new last minute."""
    note = models.CharField(max_length=400, blank=True)

    objects: ClassVar[models.Manager[ClaimStep]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(code__in=ClaimCode.values), name="claim_step_known"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%MZ} {self.claim} {self.code}"


class Breach(NumberedModel):
    """A loss, a leak or a use without right of data on people, from the first suspicion. Its words name nobody."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    once = models.CharField(max_length=40, unique=True)
    """Of the form: sent twice is one."""
    hamlet = models.ForeignKey("registry.Hamlet", null=True, on_delete=models.SET_NULL, related_name="+")
    """Where it belongs to one hamlet; empty: the commune's."""
    at = models.DateTimeField()
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    noticed = models.DateTimeField(db_index=True)
    notice_due = models.DateTimeField()
    what = models.TextField()
    data = models.TextField()
    people = models.PositiveIntegerField(null=True)
    """How many it concerns; empty: not known yet."""
    measures = models.TextField(blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    notified = models.DateTimeField(null=True)
    """When the authority had its notice."""
    told = models.CharField(max_length=4, choices=Told.choices, blank=True)
    told_why = models.TextField(blank=True)
    closed = models.DateTimeField(null=True)
    lessons = models.TextField(blank=True)

    objects: ClassVar[models.Manager[Breach]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-noticed", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["year", "number"], name="breach_number_once"),
            models.CheckConstraint(
                condition=models.Q(closed=None) | (models.Q(verdict__in=Verdict.values) & ~models.Q(lessons="")),
                name="breach_closed_with_lessons",
            ),
        ]

    def __str__(self) -> str:
        return self.sign

    @property
    def sign(self) -> str:
        """`VP 1/2026`."""
        return f"VP {self.number}/{self.year}"


class BreachCode(models.TextChoices):
    OPENED = "opened", N_("file opened")
    CHANGED = "changed", N_("account changed")
    NOTIFIED = "notified", N_("notice given to the authority")
    TOLD = "told", N_("decided whether people are told")
    PRINTED = "printed", N_("draft notice printed")
    CLOSED = "closed", N_("closed")


class BreachStep(ChainedModel):
    """One step, with the whole account as it was from then on: what was written earlier stays readable."""

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    breach = models.CharField(max_length=20, db_index=True)
    code = models.CharField(max_length=10, choices=BreachCode.choices)
    thing = models.CharField(max_length=10, blank=True)
    """The verdict, or whether people are told."""
    moment = models.DateTimeField(null=True)
    """When it was noticed, or when the authority had its notice."""
    people = models.PositiveIntegerField(null=True)
    note = models.TextField(blank=True)

    objects: ClassVar[models.Manager[BreachStep]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(code__in=BreachCode.values), name="breach_step_known"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%MZ} {self.breach} {self.code}"
