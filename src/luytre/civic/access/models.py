"""Accounts, and the access log's rows."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy

from luytre.base.i18n import N_
from luytre.civic.chain.models import ChainedModel


class Role(models.TextChoices):
    """What an assignment makes of somebody. What each may is in `permissions` (pages), `ways` (pictures) and the regulation."""

    ADMINISTRATOR = "administrator", N_("administrator")
    HEAD = "head", N_("head of the commune police")
    DUTY = "duty", N_("police on duty")
    HAMLET_HEAD = "hamlet_head", N_("hamlet head")
    SECURITY_TEAM = "security_team", N_("hamlet security team")
    SURVEYOR = "surveyor", N_("surveyor")
    OWNER = "owner", N_("camera owner")
    COMMITTEE = "committee", N_("committee member")
    TREASURER = "treasurer", N_("treasurer")
    AUDITOR = "auditor", N_("auditor")
    RESIDENT = "resident", N_("resident")


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """A new account; without a password nobody can log in to it."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """One person, one account."""

    username = models.CharField(
        gettext_lazy("user name"),
        max_length=64,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": gettext_lazy("This user name is taken.")},
    )
    display_name = models.CharField(gettext_lazy("name shown"), max_length=120, blank=True)
    language = models.CharField(max_length=2, choices=[("vi", "Tiếng Việt"), ("en", "English")], default="vi")
    must_change_password = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created = models.DateTimeField(auto_now_add=True)
    entered = models.BooleanField(default=True)
    """False from the invitation until the person has chosen a password."""

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                Lower("username"), name="user_name_once", violation_error_message=gettext_lazy("This user name is taken.")
            ),  # nobody tells `Admin` from `admin`
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        return str(self)


class LookKind(models.TextChoices):
    LIVE = "live", N_("live picture")
    HISTORY = "history", N_("recorded footage")
    EXPORT = "export", N_("clip taken out")


class Look(ChainedModel):
    """One look of one person at one camera: a row of the access log. Written by `record_look` and never touched again."""

    at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)
    """As this machine's clock said. The clock may go back; the row's number (`seq`) never does."""
    user = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="looks")
    kind = models.CharField(max_length=10, choices=LookKind.choices)
    camera = models.CharField(max_length=63, db_index=True)
    span_start = models.DateTimeField(null=True)
    span_end = models.DateTimeField(null=True)
    purpose = models.CharField(max_length=400, blank=True)
    """Free words."""
    purpose_key = models.CharField(max_length=64, blank=True)
    """The purpose of the regulation that was named."""
    reference = models.CharField(max_length=120, blank=True)
    """The number of the incident, case or request that was named."""

    objects: ClassVar[models.Manager[Look]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(kind__in=LookKind.values), name="look_kind_known"),
            models.CheckConstraint(
                condition=models.Q(kind="live") | models.Q(span_start__isnull=False, span_end__gt=models.F("span_start")),
                name="look_back_has_a_span",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%M:%SZ} {self.user_id} {self.kind} {self.camera}"


class EntryKind(models.TextChoices):
    INVITATION = "invitation", N_("invitation")
    RESET = "reset", N_("new password")


class EntryLink(models.Model):
    """A link by which one person chooses a password, once. Only the digest of its secret is kept."""

    user = models.ForeignKey("access.User", on_delete=models.CASCADE, related_name="entry_links")
    kind = models.CharField(max_length=12, choices=EntryKind.choices)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField()
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[EntryLink]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(kind__in=EntryKind.values), name="entry_kind_known"),
            models.CheckConstraint(condition=models.Q(expires__gt=models.F("created")), name="entry_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.user_id} until {self.expires:%Y-%m-%dT%H:%MZ}"


class ChangeCode(models.TextChoices):
    """What was done to an account, as the page tells it."""

    INVITED = "invited", N_("invited")
    LINK_GIVEN = "link_given", N_("a link for a new password was made")
    ENTERED = "entered", N_("chose a password by the link")
    ROLE = "role", N_("role changed")
    NAME = "name", N_("name changed")
    CAMERAS = "cameras", N_("cameras changed")
    OFF = "off", N_("account switched off")
    ON = "on", N_("account switched on")
    SESSIONS_ENDED = "sessions_ended", N_("logged out everywhere")
    SECOND_STEP_REMOVED = "second_step_removed", N_("second step of logging in removed")


class Change(ChainedModel):
    """One change of an account by a person. Append-only: written by `record_change` and never touched again."""

    at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)
    by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=24, choices=ChangeCode.choices)
    subject = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="changes")
    before = models.CharField(max_length=200, blank=True)
    after = models.CharField(max_length=200, blank=True)

    objects: ClassVar[models.Manager[Change]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(code__in=ChangeCode.values), name="change_code_known"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%M:%SZ} {self.by_id} {self.code} {self.subject_id}"


class WallOrder(models.Model):
    """In which order a person wants a group's cameras on the wall: camera keys. Those not named come after, by name."""

    user = models.ForeignKey("access.User", on_delete=models.CASCADE, related_name="wall_orders")
    group = models.CharField(max_length=140, blank=True)
    """As the page names it: empty for all cameras, `hamlet:…`, `road:…`."""
    cameras = models.JSONField(default=list)

    objects: ClassVar[models.Manager[WallOrder]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "group"], name="one_order_a_group"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.group}"


class Assignment(models.Model):
    """A role given to a person: where, in which hours, from which day, until which. Rows stay when they are over.

    `place`: empty for the whole commune, `cameras` for cameras that are named one by one (the registry keeps which), else
    the registry's key of a hamlet (`hamlet:7`) or of a group of cameras (`group:k3…`). Days and hours are the commune's
    (TIME_ZONE). Hours that go over midnight belong to the day they begin on. `ways` narrows what the role may: names with
    commas between; empty: nothing is narrowed.
    """

    user = models.ForeignKey("access.User", on_delete=models.CASCADE, related_name="assignments")
    role = models.CharField(max_length=20, choices=Role.choices)
    place = models.CharField(max_length=80, blank=True)
    ways = models.CharField(max_length=80, blank=True)
    hours_from = models.TimeField(null=True, blank=True)
    hours_to = models.TimeField(null=True, blank=True)
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)
    ended = models.DateTimeField(null=True, blank=True)
    """Taken away before its last day, at this moment."""
    made_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[models.Manager[Assignment]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="assignment_role_known"),
            models.CheckConstraint(
                condition=models.Q(last_day__isnull=True) | models.Q(last_day__gte=models.F("first_day")),
                name="assignment_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(hours_from__isnull=True, hours_to__isnull=True)
                | (models.Q(hours_from__isnull=False, hours_to__isnull=False) & ~models.Q(hours_from=models.F("hours_to"))),
                name="assignment_hours_both_or_none",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.place}"


class RightsCut(models.Model):
    """From when on a token must have been made: one row a person, and one without a person for everybody."""

    user = models.OneToOneField("access.User", null=True, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(db_index=True)

    objects: ClassVar[models.Manager[RightsCut]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.user_id or '*'} {self.at:%Y-%m-%dT%H:%M:%SZ}"


class UnitKind(models.TextChoices):
    """What a unit of the organisation is. Since 1 July 2025 nothing stands between province and commune."""

    PROVINCE = "province", N_("province")
    COMMUNE = "commune", N_("commune")
    HAMLET = "hamlet", N_("hamlet")
    UNIT = "unit", N_("unit")


class Unit(models.Model):
    """A unit of the organisation. What it is called, below what it stands and when it ended are its steps (`access.units`)."""

    kind = models.CharField(max_length=12, choices=UnitKind.choices)
    place = models.CharField(max_length=80, null=True, unique=True)
    """The registry's key of the place that it is (`commune`, `hamlet:7`), also when that place is no more; None: it is none."""

    objects: ClassVar[models.Manager[Unit]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(kind__in=UnitKind.values), name="unit_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class UnitStepCode(models.TextChoices):
    """What happened to a unit."""

    NAMED = "named", N_("named")
    PLACED = "placed", N_("placed below")
    MERGED = "merged", N_("merged into")
    ENDED = "ended", N_("ended")


class UnitStep(ChainedModel):
    """One thing that happened to a unit, from a day on. Append-only: a slip is put right by another step."""

    at = models.DateTimeField(default=timezone.now, editable=False)
    """When it was written down."""
    by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("access.Unit", on_delete=models.PROTECT, related_name="steps")
    code = models.CharField(max_length=12, choices=UnitStepCode.choices)
    day = models.CharField(max_length=10, blank=True)
    """From which day on, as `2026-07-01`; empty: nobody knows since when."""
    name = models.CharField(max_length=120, blank=True)
    other = models.ForeignKey("access.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    """Below which it stands, or into which it went."""
    reference = models.CharField(max_length=120, blank=True)
    """The resolution or decision by which it happened."""

    objects: ClassVar[models.Manager[UnitStep]] = models.Manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(code__in=UnitStepCode.values), name="unit_step_known"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.code} {self.day} {self.name}"
