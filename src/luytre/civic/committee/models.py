"""Members, documents, meetings, resolutions, tasks, the launch; and the chained steps of all of them."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models

from luytre.base.i18n import N_
from luytre.base.ids import new_id
from luytre.civic.chain.models import ChainedModel

MOST_NAME = 120
MOST_LINE = 300
MOST_NOTE = 400
MOST_TEXT = 12_000


class Office(models.TextChoices):
    """What somebody is in the committee, the first first."""

    HEAD = "head", N_("head of the committee")
    DEPUTY = "deputy", N_("deputy head")
    STANDING = "standing", N_("standing member")
    SECRETARY = "secretary", N_("secretary")
    MEMBER = "member", N_("member")


class Member(models.Model):
    """Somebody in the committee, from a day to a day (both counted). `user` empty: somebody without an account."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    once = models.CharField(max_length=40, unique=True)
    user = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=MOST_NAME)
    """As it was written down: past things keep it."""
    post = models.CharField(max_length=MOST_NAME, blank=True)
    """What the person is elsewhere: chairman of the commune, head of a hamlet."""
    office = models.CharField(max_length=10, choices=Office.choices)
    first_day = models.DateField()
    last_day = models.DateField(null=True)

    objects: ClassVar[models.Manager[Member]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["first_day", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(office__in=Office.values), name="committee_office_known"),
            models.CheckConstraint(
                condition=models.Q(last_day=None) | models.Q(last_day__gte=models.F("first_day")),
                name="committee_member_leaves_after_joining",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(user__isnull=False, last_day=None), name="committee_member_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_in(self, day: date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


class DocumentKind(models.TextChoices):
    DECISION = "decision", N_("decision")
    PLAN = "plan", N_("plan (document)")
    REGULATION = "regulation", N_("regulation (document)")
    MINUTES = "minutes", N_("minutes")
    REPORT = "report", N_("report (document)")
    DISPATCH = "dispatch", N_("official letter")
    PACT = "pact", N_("emulation pact")
    OTHER = "other", N_("another document")


class EndedHow(models.TextChoices):
    REPLACED = "replaced", N_("replaced by")
    ABOLISHED = "abolished", N_("abolished by")


class Document(models.Model):
    """A line of the register. What was wrong is struck out with a reason and entered anew."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    once = models.CharField(max_length=40, unique=True)
    sign = models.CharField(max_length=60)
    """Number and sign, `05/QĐ-UBND`."""
    kind = models.CharField(max_length=12, choices=DocumentKind.choices)
    issued = models.DateField()
    issuer = models.CharField(max_length=MOST_NAME)
    subject = models.CharField(max_length=MOST_LINE)
    establishes = models.BooleanField(default=False)
    """The decision that the committee itself stands on."""
    file = models.CharField(max_length=70, blank=True)
    """`files.Kept.name`: its SHA-256 and what it is."""
    force_from = models.DateField(null=True)
    force_until = models.DateField(null=True)
    ended_by = models.ForeignKey("committee.Document", null=True, on_delete=models.PROTECT, related_name="ended")
    ended_how = models.CharField(max_length=10, choices=EndedHow.choices, blank=True)
    struck = models.DateTimeField(null=True)
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    entered = models.DateTimeField()

    objects: ClassVar[models.Manager[Document]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-issued", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(kind__in=DocumentKind.values), name="committee_document_kind_known"),
            models.CheckConstraint(
                condition=models.Q(ended_by=None, ended_how="") | models.Q(ended_by__isnull=False, ended_how__in=EndedHow.values),
                name="committee_document_ended_by_one",
            ),
            models.UniqueConstraint(
                fields=["sign", "issuer", "issued"], condition=models.Q(struck=None), name="committee_document_once"
            ),
        ]

    def __str__(self) -> str:
        return self.sign


class MeetingState(models.TextChoices):
    CALLED = "called", N_("called")
    HELD = "held", N_("held, minutes not signed yet")
    CLOSED = "closed", N_("minutes signed")
    CANCELLED = "cancelled", N_("cancelled")


class Meeting(models.Model):
    """A meeting. Its minutes are written here until both have signed; then step `closed` has them, and nothing here changes."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    once = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=MOST_LINE)
    at = models.DateTimeField()
    place = models.CharField(max_length=MOST_LINE)
    agenda = models.TextField(max_length=MOST_TEXT)
    """One point a line."""
    state = models.CharField(max_length=10, choices=MeetingState.choices, default=MeetingState.CALLED)
    chair = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    secretary = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    ended = models.DateTimeField(null=True)
    guests = models.CharField(max_length=MOST_LINE, blank=True)
    minutes = models.TextField(blank=True, max_length=MOST_TEXT)
    quorum = models.BooleanField(null=True)
    """As the meeting itself told; empty: not held yet."""
    chair_signed = models.DateTimeField(null=True)
    secretary_signed = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)
    """Grows with each writing: nobody overwrites another's words, nor signs what he has not read."""
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    made = models.DateTimeField()

    objects: ClassVar[models.Manager[Meeting]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(state__in=MeetingState.values), name="committee_meeting_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state="closed") | models.Q(chair_signed__isnull=False, secretary_signed__isnull=False),
                name="committee_minutes_closed_by_two",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """A member who came."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager[Attendance]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["meeting", "member"], name="committee_came_once"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.member_id}"


class Resolution(models.Model):
    """What a meeting resolved, numbered from 1."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="resolutions")
    number = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=MOST_NOTE)

    objects: ClassVar[models.Manager[Resolution]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["meeting", "number"], name="committee_resolution_numbered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.words}"


class TaskState(models.TextChoices):
    GIVEN = "given", N_("given (task)")
    TAKEN = "taken", N_("taken up")
    REPORTED = "reported", N_("reported as done")
    DONE = "done", N_("done and confirmed")
    DROPPED = "dropped", N_("dropped")


OPEN_STATES = (TaskState.GIVEN, TaskState.TAKEN, TaskState.REPORTED)


class Task(models.Model):
    """What somebody must do by a day: a member, or a unit of the organisation."""

    key = models.CharField(max_length=20, unique=True, editable=False, default=new_id)
    once = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=MOST_NOTE)
    words = models.TextField(blank=True, max_length=MOST_TEXT)
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="tasks")
    unit = models.ForeignKey("access.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    due = models.DateField()
    state = models.CharField(max_length=10, choices=TaskState.choices, default=TaskState.GIVEN, db_index=True)
    reported = models.DateTimeField(null=True)
    """When it was told to be done: on time or not is counted by this."""
    resolution = models.OneToOneField(Resolution, null=True, on_delete=models.PROTECT, related_name="task")
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    given = models.DateTimeField()

    objects: ClassVar[models.Manager[Task]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["due", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(state__in=TaskState.values), name="committee_task_state_known"),
            models.CheckConstraint(
                condition=models.Q(member=None, unit__isnull=False) | models.Q(member__isnull=False, unit=None),
                name="committee_task_has_one_who_does_it",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class Launch(models.Model):
    """The launch conference (a single row). When it was held, step `launched` has the checklist as it was."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    day = models.DateField(null=True)
    place = models.CharField(max_length=MOST_LINE, blank=True)
    programme = models.TextField(blank=True, max_length=MOST_TEXT)
    invited = models.TextField(blank=True, max_length=MOST_TEXT)
    """Who is invited, one a line."""
    eyes_wanted = models.PositiveIntegerField(default=20)
    minutes = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="+")
    held = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    objects: ClassVar[models.Manager[Launch]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(id=1), name="committee_one_launch"),
        ]

    def __str__(self) -> str:
        return f"launch {self.day}"


class StepCode(models.TextChoices):
    """What was done."""

    JOINED = "joined", N_("joined the committee")
    LEFT = "left", N_("left the committee")
    ENTERED = "entered", N_("entered in the register")
    ENDED = "ended", N_("written down as no longer in force")
    STRUCK = "struck", N_("struck out of the register")
    GIVEN = "given", N_("task given")
    TAKEN = "taken", N_("task taken up")
    REPORTED = "reported", N_("told to be done")
    RETURNED = "returned", N_("given back: not done yet")
    DONE = "done", N_("confirmed as done")
    PROLONGED = "prolonged", N_("prolonged")
    DROPPED = "dropped", N_("task dropped")
    CALLED = "called", N_("meeting called")
    CHANGED = "changed", N_("invitation changed")
    CANCELLED = "cancelled", N_("meeting cancelled")
    WRITTEN = "written", N_("minutes written")
    CHAIR = "chair", N_("signed by the chair")
    SECRETARY = "secretary", N_("signed by the secretary")
    CLOSED = "closed", N_("minutes closed")
    CORRECTED = "corrected", N_("correction added")
    PREPARED = "prepared", N_("launch conference prepared")
    LAUNCHED = "launched", N_("launch conference held")


class CommitteeStep(ChainedModel):
    """One step. Append-only. `text`: what was frozen with it, as JSON (minutes, the checklist of the launch)."""

    at = models.DateTimeField()
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=10, choices=StepCode.choices)
    thing = models.CharField(max_length=20, db_index=True)
    """The key of the member, document, task or meeting; `launch`."""
    iso = models.CharField(max_length=10, blank=True)
    """The day that it says: joined or left on, due by."""
    note = models.CharField(max_length=MOST_NOTE, blank=True)
    text = models.TextField(blank=True)

    objects: ClassVar[models.Manager[CommitteeStep]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(code__in=StepCode.values), name="committee_step_known"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%MZ} {self.code} {self.thing}"

    @property
    def day(self) -> date | None:
        return date.fromisoformat(self.iso) if self.iso else None
